"""Watching a run: the graph, the ladder, the timeline, the clocks, and the story so far."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import solara
from mesa.visualization.utils import update_counter

from agents.event import Event, Kind
from experiments.explanation.explain import HIGHLIGHTS, ToldRun, hours
from experiments.story.alliances import draw_alliances
from experiments.story.clocks import draw_clocks
from experiments.story.ladder import draw_ladder
from experiments.story.look import Look
from experiments.story.moment import chain
from experiments.story.timeline import draw_timeline
from experiments.view.plot import show_plot
from experiments.view.session import Session
from experiments.view.watched import WatchedModel
from experiments.words import OUTCOME_MEANINGS, several, words
from sim.outcome import summarize

HOUR = 1.0
"""Step of the slider that rewinds."""
TOLD = 7
"""Sentences of the story so far that are shown."""


@dataclass(frozen=True)
class Shown:
    """The run as it is shown: so far, at which hour, in which look."""

    model: WatchedModel
    run: ToldRun
    moment: float
    look: Look

    @property
    def mark(self) -> float | None:
        """The hour to mark in a drawing; None once all is over and nothing is left to come."""
        over = not self.model.running and self.moment >= self.model.now
        return None if over else self.moment


def use_shown(session: Session) -> Shown:
    """Return the run as this visitor sees it now, and draw again when it moves on."""
    update_counter.get()
    model = session.model.value
    now = model.now
    run = solara.use_memo(model.told, [id(model), len(model.ledger), model.running])
    chosen = session.moment.value
    return Shown(model, run, now if chosen is None else min(chosen, now), session.look.value)


@solara.component
def Headline(session: Session) -> None:
    """Where the run stands: date, hour, what has come of it; and the way back in time."""
    shown = use_shown(session)
    run = shown.run
    then = [event for event in run.ledger if event.time <= shown.moment]
    found = summarize(then, run.crisis, session.start.value)
    over = shown.mark is None
    state = words(found.outcome) if over else "under way"
    meaning = OUTCOME_MEANINGS[found.outcome] if over else "not over at this moment"
    with solara.Row(gap="18px", classes=["headline"], style={"align-items": "center"}):
        solara.Text(f"{run.narrator.date(shown.moment)} UTC", classes=["moment"])
        with solara.Tooltip("Hours since the strike from which the run is free"):
            solara.Text(hours(shown.moment))
        with solara.Tooltip(meaning):
            solara.Text(state, classes=["state"])
        with solara.Tooltip("How far up the escalation ladder: 0 stands down, 10 is war"):
            solara.Text(f"answers up to rung {found.peak_rung}")
        with solara.Tooltip("Dead on all sides, those of the first strike included"):
            solara.Text(several(found.deaths, "death"))
    if shown.model.failure:
        solara.Error(f"The run failed at {hours(shown.model.now)}. {shown.model.failure}")
    Rewind(session, shown)


@solara.component
def Rewind(session: Session, shown: Shown) -> None:
    """A slider to any hour that has passed, and buttons from event to event."""
    run, now = shown.run, shown.model.now
    first = run.ledger[0].time if run.ledger else 0.0
    times = sorted({event.time for event in run.ledger})

    def to(time: float | None) -> None:
        session.moment.value = None if time is None or time >= now else time

    def dragged(time: float) -> None:
        # The slider reports the whole hour next to an event's, too, though nobody moved it.
        if abs(time - shown.moment) > 0.5 * HOUR:
            to(max(time, first))

    def before() -> None:
        to(max((time for time in times if time < shown.moment - 1e-9), default=first))

    def after() -> None:
        to(min((time for time in times if time > shown.moment + 1e-9), default=None))

    with solara.Row(gap="4px", classes=["rewind"], style={"align-items": "center"}):
        _icon("mdi-skip-previous", "The event before", before)
        _icon("mdi-skip-next", "The next event", after)
        solara.v.Slider(
            min=math.floor(first),
            max=math.ceil(max(now, first + HOUR)),
            step=HOUR,
            v_model=shown.moment,
            on_v_model=lambda new: dragged(float(new)),
            dense=True,
            hide_details=True,
            attributes={"aria-label": "Moment of the run"},
        )
        solara.Button(
            "Latest", on_click=lambda: to(None), text=True, small=True,
            disabled=session.moment.value is None,
        )  # fmt: skip


def _icon(name: str, meaning: str, act: Callable[[], None]) -> None:
    with solara.Tooltip(meaning):
        solara.Button(
            icon_name=name, icon=True, small=True, on_click=act, attributes={"aria-label": meaning}
        )


@solara.component
def Watch(session: Session) -> None:
    """All that shows the run itself."""
    shown = use_shown(session)
    with solara.Div(classes=["panels"]):
        with solara.Div(classes=["panel", "wide"]):
            heading("Timeline", "Every event in its actor's lane; click one to follow its causes.")
            Timeline(session, shown)
        with solara.Div(classes=["panel"]):
            heading("Alliance graph", "Larger: more grievance. Hover for numbers.")
            Graph(shown)
        with solara.Div(classes=["panel"]):
            heading("Escalation ladder", "Each act at its rung; dashed: Kahn's thresholds.")
            Ladder(session, shown)
        with solara.Div(classes=["panel"]):
            heading("Clocks", "What is under way, and what has just ended; pale: over.")
            Clocks(shown)
        with solara.Div(classes=["panel"]):
            Story(session, shown)


def heading(title: str, reading: str) -> None:
    """Add a panel's title, and how to read it."""
    with solara.Div(classes=["heading"]):
        solara.v.Html(tag="h2", children=[title])
        solara.Text(reading, classes=["reading"])


@solara.component
def Timeline(session: Session, shown: Shown) -> None:
    """The timeline, with the chain of causes of what was clicked."""
    drawing = draw_timeline(
        shown.run, moment=shown.mark, picked=session.picked.value, look=shown.look
    )
    drawing["layout"]["uirevision"] = session.generation.value
    show_plot(drawing, "Timeline of the run, a lane per actor", on_click=session.picked.set)


@solara.component
def Graph(shown: Shown) -> None:
    """The alliance graph at the moment shown."""
    grievances = shown.model.grievances_at(shown.moment)
    show_plot(
        draw_alliances(shown.run, shown.moment, grievances, shown.look),
        "Alliance graph: who stands where, and what is under way",
    )


@solara.component
def Ladder(session: Session, shown: Shown) -> None:
    """The ladder up to the moment shown."""
    drawing = draw_ladder(shown.run, moment=shown.mark, look=shown.look)
    drawing["layout"]["uirevision"] = session.generation.value
    show_plot(drawing, "Acts on the escalation ladder", on_click=session.picked.set)


@solara.component
def Clocks(shown: Shown) -> None:
    """The clocks around the moment shown."""
    show_plot(draw_clocks(shown.run, shown.moment, shown.look), "Clocks that are running")


@solara.component
def Story(session: Session, shown: Shown) -> None:
    """The event that was clicked and what led to it, or what last happened, in words."""
    run = shown.run
    picked = session.picked.value
    if picked is not None and picked < len(run.ledger):
        heading("What led to it", "The chain of causes of the event that was clicked.")
        _sentences(session, run, chain(run.ledger, run.ledger[picked]))
        solara.Button(
            "Back to the story", text=True, small=True, on_click=lambda: session.picked.set(None)
        )
        return
    heading("The story so far", "Its latest turns, the last one first; click one to follow it.")
    kinds = (*HIGHLIGHTS, Kind.SCRIPT, Kind.START, Kind.END)
    told = [e for e in run.ledger if e.kind in kinds and e.time <= shown.moment]
    _sentences(session, run, told[::-1][:TOLD])


def _sentences(session: Session, run: ToldRun, events: list[Event]) -> None:
    with solara.Column(gap="0px", classes=["story"]):
        for event in events:
            _sentence(session, run, event)


def _sentence(session: Session, run: ToldRun, event: Event) -> None:
    narrator = run.narrator
    sentence = narrator.sentence(event)
    solara.Button(
        children=[
            solara.Text(f"{narrator.date(event.time)} ", classes=["date"]),
            solara.Text(sentence[:1].upper() + sentence[1:]),
        ],
        on_click=lambda: session.picked.set(event.id),
        text=True,
        classes=["sentence"],
    )
