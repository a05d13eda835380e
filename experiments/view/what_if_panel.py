"""The panel that runs the same luck again with one thing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import solara
import solara.lab

from experiments.explanation.explain import ToldRun, run_once
from experiments.story.side_by_side import draw_side_by_side, tell_difference
from experiments.view.plot import show_plot
from experiments.view.session import Session
from experiments.view.sliders import all_names, dial
from experiments.view.watch import heading
from experiments.words import shown_value
from sim.alliance_graph import AllianceGraph
from sim.crisis import Crisis, Strike
from sim.errors import InputError
from sim.keys import Value, find_key


@dataclass(frozen=True)
class Idea:
    """One thing that might have been otherwise, in words, with its key and value."""

    title: str
    key: str
    value: Value


def ideas(crisis: Crisis, start: str) -> list[Idea]:
    """Return what people ask first of a crisis: deaths, warning, channels, threats."""
    strike = crisis.event(start)
    assert isinstance(strike, Strike)
    route = AllianceGraph(crisis).route(strike.actor, strike.victim)
    closed = [
        Idea(
            f"No word passes between {crisis.actors[leg.sender].name} and "
            f"{crisis.actors[leg.receiver].name}",
            find_key(crisis, f"channel.{leg.sender}.{leg.receiver}.open").name,
            "false",
        )
        for leg in route[:1]
    ]
    found = [
        Idea("The first strike kills nobody", f"{start}.deaths", 0.0),
        Idea("The first strike kills 30", f"{start}.deaths", 30.0),
        Idea("The first strike comes without warning", f"{start}.warning_lead_h", 0.0),
        Idea("The first strike is warned of 6 h ahead", f"{start}.warning_lead_h", 6.0),
        *closed,
        Idea("All channels are ten times slower", "channel_latency", 10.0),
        Idea("No message is carried", "channel_willingness", 0.0),
        Idea("Nobody believes threats", "threat_credibility", 0.05),
        Idea("Everybody believes threats", "threat_credibility", 0.95),
        Idea("Nobody makes threats", "threats", 0.0),
        Idea("Armed groups ignore their patrons", "proxy_obedience", 0.0),
    ]
    return [idea for idea in found if find_key(crisis, idea.key).default != idea.value]


@solara.component
def WhatIf(session: Session) -> None:
    """Choose one thing to change; both runs are made in a thread."""
    crisis, start = session.crisis.value, session.start.value
    idea = solara.use_reactive(ideas(crisis, start)[0])
    asked = solara.use_reactive(0)
    session.generation.value  # noqa: B018 (draw again for another run)
    look = session.look.value

    def compare() -> tuple[Idea, ToldRun, ToldRun] | None:
        if asked.value == 0:
            return None
        design, replicate, chosen = session.design(), session.replicate.peek(), idea.peek()
        other = run_once(design, replicate, ((chosen.key, chosen.value),))
        return chosen, run_once(design, replicate), other

    task = solara.lab.use_task(
        compare, dependencies=[asked.value, session.generation.value], raise_error=False
    )
    heading(
        "What if?",
        "The same luck with one thing changed: whatever differs comes of that one thing.",
    )
    Chooser(session, idea, lambda: asked.set(asked.value + 1))
    if task.error:
        _show_error(task.exception)
    elif task.pending and asked.value:
        solara.ProgressLinear(True)
    elif task.value is None:
        solara.Info("Choose what to change, then press “Compare”.")
    else:
        tried, base, other = task.value
        with solara.Column(gap="2px", classes=["told"]):
            solara.Text(f"{tried.title or 'What if'} ({_own(tried)}):", classes=["tried"])
            for sentence in tell_difference(base, other):
                solara.Text(sentence)
        show_plot(draw_side_by_side(base, other, look), "Both runs on the ladder, one time axis")


def _show_error(error: BaseException | None) -> None:
    told = str(error) if isinstance(error, InputError) else f"The run failed: {error}"
    solara.Error(told)


@solara.component
def Chooser(session: Session, idea: solara.Reactive[Idea], ask: Callable[[], None]) -> None:
    """Ideas to choose from, and any other key by name with a value."""
    crisis, start = session.crisis.value, session.start.value
    offered = ideas(crisis, start)
    titles = {one.title: one for one in offered}
    own = _own(idea.value)
    values = [*titles, *([own] if idea.value.title not in titles else [])]

    def change_key(name: str | None) -> None:
        if name:
            key = find_key(crisis, name)
            idea.set(Idea("", name, key.default))

    with solara.Row(gap="12px", style={"align-items": "center", "flex-wrap": "wrap"}):
        with solara.Div(style={"min-width": "300px"}):
            solara.Select(
                "What if", values=values, dense=True,
                value=idea.value.title if idea.value.title in titles else own,
                on_value=lambda title: idea.set(titles.get(title, idea.value)),
            )  # fmt: skip
        with solara.Div(style={"min-width": "260px"}):
            solara.v.Autocomplete(
                label="or any other number", items=all_names(crisis, start), dense=True,
                v_model=idea.value.key, on_v_model=change_key,
            )  # fmt: skip
        Amount(session, idea)
        solara.Button("Compare", on_click=ask, color="primary")


def _own(idea: Idea) -> str:
    return f"{idea.key} = {shown_value(idea.value)}"


@solara.component
def Amount(session: Session, idea: solara.Reactive[Idea]) -> None:
    """The value that is tried."""
    one = dial(session.crisis.value, idea.value.key)

    def change(value: Value | None) -> None:
        if value is not None and value != idea.value.value:
            idea.set(Idea("", idea.value.key, value))

    with solara.Tooltip(one.meaning), solara.Div(style={"width": "130px"}):
        if one.key.levels:
            solara.Select(
                "Value", values=list(one.key.levels), value=str(idea.value.value),
                on_value=change, dense=True,
            )  # fmt: skip
        else:
            solara.InputFloat("Value", value=float(idea.value.value), on_value=change, dense=True)
