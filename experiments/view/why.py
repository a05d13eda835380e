"""The panel that explains one decision: its options term by term, its beliefs, one sentence."""

from __future__ import annotations

import solara

from experiments.story.weighing import TERMS, decisions, draw_beliefs, draw_weighing, why
from experiments.view.plot import show_plot
from experiments.view.session import Session
from experiments.view.watch import heading, use_shown


@solara.component
def Why(session: Session) -> None:
    """Pick a decision and see why it fell as it did."""
    shown = use_shown(session)
    run = shown.run
    found = [event for event in decisions(run) if event.time <= shown.moment]
    if not found:
        solara.Info("No decision has been made yet. Press ▶ or “Run to the end”, then come back.")
        return
    titles = {f"{run.narrator.date(e.time)}: {run.narrator.sentence(e)}": e for e in found}
    by_id = {event.id: title for title, event in titles.items()}
    picked = session.picked.value
    title = by_id.get(picked if picked is not None else -1, by_id[found[-1].id])
    event = titles[title]
    solara.Select(
        "Decision", values=list(titles), value=title,
        on_value=lambda chosen: session.picked.set(titles[chosen].id),
    )  # fmt: skip
    solara.Text(why(run, event), classes=["sentence-of-why"])
    with solara.Div(classes=["panels"]):
        with solara.Div(classes=["panel", "wide"]):
            heading(
                "What was weighed",
                "Options with their chances, likeliest first; ► was chosen. Right of zero speaks "
                "for an option, left against it; the diamond is the sum.",
            )
            show_plot(draw_weighing(event, shown.look), "Options and terms of the decision")
        with solara.Div(classes=["panel"]):
            heading("Beliefs about the rival", "Open: at its last decision on this rival.")
            show_plot(draw_beliefs(run, event, shown.look), "Beliefs before and after")
        with solara.Div(classes=["panel"]):
            heading("The terms", "What each part of a bar stands for.")
            with solara.Column(gap="2px"):
                for name, _, meaning in TERMS.values():
                    solara.Text(f"{name}: {meaning}", classes=["reading"])
