"""Two runs with the same luck and one thing changed, on one time axis."""

from __future__ import annotations

from experiments.explanation.explain import ToldRun, hours
from experiments.explanation.what_if import first_difference, first_other_choice
from experiments.story.ladder import draw_ladder
from experiments.story.look import LIGHT, Drawing, Look, when
from experiments.story.stacked import stack
from experiments.words import OUTCOME_MEANINGS, several, words

AS_IT_WAS = "As it was"
WHAT_IF = "What if"


def parts_at(base: ToldRun, other: ToldRun) -> float | None:
    """Return the hour at which two runs part, None if the same happens in both."""
    parting = first_difference(base, other)
    if parting is None:
        return None
    events = [event for event in (parting.before, parting.after) if event is not None]
    return min(event.time for event in events)


def draw_side_by_side(base: ToldRun, other: ToldRun, look: Look = LIGHT) -> Drawing:
    """Return both ladders below each other, with a line where the runs part."""
    figure = stack(
        [(AS_IT_WAS, draw_ladder(base, look=look)), (WHAT_IF, draw_ladder(other, look=look))],
        look,
        one_time_axis=True,
    )
    layout = figure["layout"]
    ranges = [layout["xaxis"]["range"], layout["xaxis2"]["range"]]
    widest = [min(one[0] for one in ranges), max(one[1] for one in ranges)]
    layout["xaxis"]["range"] = layout["xaxis2"]["range"] = widest
    time = parts_at(base, other)
    if time is not None:
        at = when(base.narrator, time)
        for end in ("", "2"):
            layout["shapes"].append(
                {"type": "line", "xref": f"x{end}", "yref": f"y{end} domain", "x0": at, "x1": at,
                 "y0": 0, "y1": 1, "line": {"color": "#D55E00", "width": 2}}
            )  # fmt: skip
        layout["annotations"].append(
            {"text": " the runs part here", "xref": "x", "yref": "y domain", "x": at, "y": 1.0,
             "xanchor": "left", "yanchor": "top", "showarrow": False,
             "font": {"color": "#D55E00", "size": 12}}
        )  # fmt: skip
    return figure


def tell_difference(base: ToldRun, other: ToldRun) -> list[str]:
    """Return sentences: where the runs part, which choice fell otherwise, how each ended."""
    parting = first_difference(base, other)
    if parting is None:
        return ["Nothing happens otherwise: the same events at the same times."]
    told = []
    for name, run, event in (
        (AS_IT_WAS, base, parting.before),
        (WHAT_IF, other, parting.after),
    ):
        what = "the run has ended" if event is None else run.narrator.sentence(event)
        at = "" if event is None else f", {run.narrator.date(event.time)} ({hours(event.time)})"
        told.append(f"Where they part — {name.lower()}{at}: {what}.")
    choice = first_other_choice(base, other)
    if choice is not None:
        before, after = (
            run.narrator.sentence(event) for run, event in zip((base, other), choice, strict=True)
        )
        told.append(f"The first choice that falls otherwise: {before}; what if: {after}.")
    for name, run in ((AS_IT_WAS, base), (WHAT_IF, other)):
        found = run.outcome
        told.append(
            f"{name} it ends so: {words(found.outcome)} ({OUTCOME_MEANINGS[found.outcome]}), "
            f"{several(found.deaths, 'death')}, answers up to rung {found.peak_rung}."
        )
    return told
