"""The escalation ladder over time: every act at its rung, beside Kahn's thresholds."""

from __future__ import annotations

from typing import Any

from agents.event import Event, Kind
from agents.rules.ladder import RUNG_NAMES, WAR, kahn_thresholds
from experiments.explanation.explain import ToldRun
from experiments.pages.figures import SERIES, SYMBOLS
from experiments.story.look import (
    LIGHT,
    Drawing,
    Look,
    axis,
    layout,
    plain,
    rung_title,
    short_name,
    time_axis,
    when,
    wrapped,
)
from experiments.story.moment import notable_end

THRESHOLDS = (
    "crisis begins",
    "intense crisis",
    "limited force",
    "central attacks",
    "general war",
)
"""What begins at each threshold between Kahn's groups of rungs; see `kahn_thresholds`."""
ACTS = (Kind.IMPACT, Kind.MEASURE, Kind.WAR, Kind.JOIN)
LEAST_SHOWN_H = 72.0
AIR_H = 6.0


def acts(run: ToldRun) -> list[Event]:
    """Return what was done on the ladder: strikes that landed, measures, and war."""
    return [
        event for event in run.ledger if event.kind in ACTS and event.values.get("wave", 0.0) == 0.0
    ]


def rung_of(act: Event) -> int:
    """Return the rung of an act."""
    return WAR if act.kind in (Kind.WAR, Kind.JOIN) or act.rung is None else act.rung


def draw_ladder(run: ToldRun, *, moment: float | None = None, look: Look = LIGHT) -> Drawing:
    """Return the acts of each actor on the ladder, up to ``moment``; points carry event ids."""
    narrator = run.narrator
    shown = [act for act in acts(run) if moment is None or act.time <= moment]
    actors = list(dict.fromkeys(act.actor for act in acts(run)))
    traces: list[Any] = []
    for at, actor in enumerate(actors):
        own = [act for act in shown if act.actor == actor]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": short_name(narrator, actor),
                "x": [when(narrator, act.time) for act in own],
                "y": [rung_of(act) for act in own],
                "text": [wrapped(narrator.sentence(act)) for act in own],
                "customdata": [act.id for act in own],
                "hovertemplate": "%{text}<br>rung %{y}<extra></extra>",
                "marker": {
                    "color": _colour(at, look),
                    "symbol": SYMBOLS[at % len(SYMBOLS)],
                    "size": 11,
                    "line": {"width": 1, "color": look.raised},
                },
            }
        )
    last = max(LEAST_SHOWN_H, notable_end(run.ledger), moment or 0.0)
    return {"data": traces, "layout": _layout(run, last, moment, look)}


def _colour(at: int, look: Look) -> str:
    colour = SERIES[at % len(SERIES)]
    return {"#000000": look.ink, "#0072B2": "#2387CC"}.get(colour, colour)


def thresholds() -> list[tuple[int, str]]:
    """Return the rungs at which one of Kahn's thresholds is crossed, and what begins there."""
    rungs = range(1, len(RUNG_NAMES))
    crossed = [rung for rung in rungs if kahn_thresholds(rung) > kahn_thresholds(rung - 1)]
    return list(zip(crossed, THRESHOLDS, strict=True))


def _layout(run: ToldRun, last: float, moment: float | None, look: Look) -> dict[str, Any]:
    narrator = run.narrator
    lines: list[dict[str, Any]] = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": rung - 0.5,
            "y1": rung - 0.5,
            "line": {"color": look.soft, "width": 1, "dash": "dash"},
        }
        for rung, _ in thresholds()
    ]
    if moment is not None:
        at = when(narrator, moment)
        edge = {"color": look.ink, "width": 1.5, "dash": "dot"}
        lines.append(
            {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": edge}
        )
    notes = [
        {
            "text": plain(name),
            "xref": "paper",
            "x": 1,
            "xanchor": "right",
            "y": rung - 0.5,
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": 11, "color": look.soft},
        }
        for rung, name in thresholds()
    ]
    first = min(0.0, moment or 0.0)
    return layout(
        look,
        340,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 12}},
        xaxis=time_axis(look, when(narrator, first - AIR_H), when(narrator, last + AIR_H)),
        yaxis=axis(
            look,
            tickvals=list(range(len(RUNG_NAMES))),
            ticktext=[f"{rung_title(rung)} " for rung in range(len(RUNG_NAMES))],
            range=[-0.5, 10.6],
            fixedrange=True,
            showgrid=False,
        ),
        shapes=lines,
        annotations=notes,
        dragmode="pan",
    )
