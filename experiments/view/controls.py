"""The page's side: which crisis from where, what luck, play and reset, and the numbers."""

from __future__ import annotations

from collections.abc import Callable

import solara
from mesa.visualization.solara_viz import ModelController

from experiments.view.session import Session, starts
from experiments.view.sliders import Dial, all_names, dial, usual_dials
from sim.crisis_file import load_crisis, shipped_crises
from sim.errors import InputError
from sim.keys import Value

PAUSE_MS = 60
"""Pause between two pictures of a run that plays."""
HOURS_A_PICTURE = 1


@solara.component
def Controls(session: Session) -> None:
    """Everything by which a visitor changes what is run."""
    with solara.Column(gap="2px", classes=["controls"]):
        Choice(session)
        Player(session)
        if session.error.value:
            solara.Error(session.error.value, dense=True)
        Numbers(session)


@solara.component
def Choice(session: Session) -> None:
    """Crisis, start, seed and run."""
    crisis = session.crisis.value
    names = list(dict.fromkeys([session.own.name, *shipped_crises(), crisis.name]))

    def choose(name: str) -> None:
        if name != crisis.name:
            own = name == session.own.name
            session.choose_crisis(session.own if own else load_crisis(name))

    solara.Select("Crisis", values=names, value=crisis.name, on_value=choose, dense=True)
    solara.Select(
        "Free from", values=starts(crisis), value=session.start.value,
        on_value=session.choose_start, dense=True,
    )  # fmt: skip
    with solara.Row(gap="8px"):
        with solara.Tooltip("All luck comes from the seed: the same seed, the same luck."):
            solara.InputInt(
                "Seed", value=session.seed.value, dense=True,
                on_value=lambda seed: _draw(session, seed, session.replicate.value),
            )  # fmt: skip
        with solara.Tooltip("Which run of this seed: 0, 1, 2 and so on."):
            solara.InputInt(
                "Run", value=session.replicate.value, dense=True,
                on_value=lambda run: _draw(session, session.seed.value, run),
            )  # fmt: skip
        with solara.Tooltip("Another run of the same seed: other luck, the same numbers"):
            solara.Button(
                icon_name="mdi-dice-multiple", icon=True, attributes={"aria-label": "Other luck"},
                on_click=lambda: session.choose_luck(
                    session.seed.value, session.replicate.value + 1
                ),
            )  # fmt: skip


def _draw(session: Session, seed: int | None, replicate: int | None) -> None:
    if seed is None or replicate is None or seed < 0 or replicate < 0:
        session.error.value = "Seed and run are whole numbers, 0 or more."
    elif (seed, replicate) != (session.seed.value, session.replicate.value):
        session.choose_luck(seed, replicate)


@solara.component
def Player(session: Session) -> None:
    """Mesa's own controller, how fast it plays, and the way to the end."""
    pause = solara.use_reactive(PAUSE_MS)
    rate = solara.use_reactive(HOURS_A_PICTURE)
    threads = solara.use_reactive(False)
    with solara.Column(gap="0px", classes=["player"]):
        ModelController(
            session.model,
            model_parameters=session.arguments,
            play_interval=pause,
            render_interval=rate,
            use_threads=threads,
        ).key(f"run-{session.generation.value}")
        ToTheEnd(session)
        with solara.Tooltip("Hours of the crisis that pass between two pictures while it plays"):
            solara.SliderInt("Hours a step", value=rate, min=1, max=24)


@solara.component
def ToTheEnd(session: Session) -> None:
    """Run on to the end, in a thread; another press stops it."""
    running = solara.use_reactive(False)

    def run() -> None:
        if not running.value:
            return
        stopped = session.stopper()
        session.model.peek().step_to_end(lambda: stopped() or not running.peek())
        running.value = False
        session.refresh()

    solara.lab.use_task(run, dependencies=[running.value], raise_error=False)
    solara.Button(
        "Stop" if running.value else "Run to the end",
        on_click=lambda: running.set(not running.value),
        outlined=True, small=True, block=True,
    )  # fmt: skip


@solara.component
def Numbers(session: Session) -> None:
    """A slider or a choice for each key on offer; any other key can be added by name."""
    more: solara.Reactive[list[str]] = solara.use_reactive([])
    crisis, start = session.crisis.value, session.start.value
    usual = solara.use_memo(lambda: usual_dials(crisis, start), [crisis, start])
    names = solara.use_memo(lambda: all_names(crisis, start), [crisis, start])
    shown = [one.key.name for one in usual]
    added = [name for name in [*more.value, *session.settings.value] if name in names]
    for name in dict.fromkeys(added):
        if name not in shown:
            usual = [*usual, dial(crisis, name)]
    with solara.Row(justify="space-between", style={"align-items": "center"}):
        solara.Text("Numbers", style={"font-weight": "600"})
        solara.Button(
            "As in the file", text=True, x_small=True, on_click=session.clear,
            disabled=not session.settings.value,
        )  # fmt: skip
    for one in usual:
        Number(session, one).key(f"{crisis.name}-{one.key.name}")
    solara.v.Autocomplete(
        label="Add another number",
        items=[name for name in names if name not in shown],
        v_model=None,
        on_v_model=lambda name: more.set([*more.value, name]) if name else None,
        dense=True,
        clearable=True,
    )


@solara.component
def Number(session: Session, one: Dial) -> None:
    """One key: its slider or its labels, what it means on hovering."""
    name = one.key.name
    value: Value = session.settings.value.get(name, one.key.default)
    changed = name in session.settings.value

    def change(new: Value) -> None:
        if new != value:
            try:
                session.change(name, new)
            except InputError as error:
                session.error.value = str(error)

    with solara.Tooltip(one.meaning), solara.Div(classes=["number", "changed" if changed else ""]):
        if one.key.levels:
            solara.Select(
                one.title, values=list(one.key.levels), value=str(value), on_value=change,
                dense=True,
            )  # fmt: skip
        else:
            number = float(value)
            solara.Text(f"{one.title}: {number:g}", classes=["name"])
            Slider(one, number, change)


@solara.component
def Slider(one: Dial, value: float, change: Callable[[float], None]) -> None:
    """A slider; a value between two of its steps stays as it is until the slider is moved."""

    def moved(new: float) -> None:
        if abs(new - value) > 0.51 * one.step:
            change(_exact(one, float(new)))

    solara.v.Slider(
        min=one.low,
        max=one.high,
        step=one.step,
        v_model=value,
        on_v_model=moved,
        dense=True,
        hide_details=True,
        attributes={"aria-label": one.title},
    )


def _exact(one: Dial, value: float) -> float:
    """Return what a slider reports as a number without its binary remainder."""
    rounded = float(f"{value:.9g}")
    return float(round(rounded)) if one.key.whole else rounded
