"""The clocks that race at a moment: deliberation, preparation, flight, assessment, messages."""

from __future__ import annotations

from typing import Any

from experiments.explanation.explain import ToldRun
from experiments.story.look import (
    CLOCKS,
    LIGHT,
    Drawing,
    Look,
    axis,
    layout,
    plain,
    short_name,
    time_axis,
    when,
)
from experiments.story.moment import Clock, Span, spans

ROW = 30
BEFORE_H = 36.0
AFTER_H = 24.0
MOST_ROWS = 8
VERBS = {
    Clock.DELIBERATION: "deliberates",
    Clock.PREPARATION: "prepares",
    Clock.FLIGHT: "strike in flight",
    Clock.ASSESSMENT: "counts losses",
    Clock.MESSAGE: "message",
}


def racing(run: ToldRun, moment: float) -> list[Span]:
    """Return what is under way at a moment, and then what ended last before it."""
    begun = [span for span in spans(run.ledger) if span.begins <= moment]
    now = [span for span in begun if span.is_under_way(moment)]
    over = [
        span for span in begun if span.ends is not None and moment - BEFORE_H < span.ends <= moment
    ]
    over.sort(key=lambda span: -(span.ends or 0.0))
    return [*now, *over][:MOST_ROWS]


def draw_clocks(run: ToldRun, moment: float, look: Look = LIGHT) -> Drawing:
    """Return a strip for each clock around a moment; a preparation shows where recall ends."""
    narrator, found = run.narrator, racing(run, moment)
    names = [_name(span, run) for span in found]
    traces: list[Any] = []
    for at, span in enumerate(found):
        running = span.is_under_way(moment)
        ends = span.ends if span.ends is not None and not running else moment
        target = plain(narrator.actor(span.target)) if span.target else ""
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [when(narrator, span.begins), when(narrator, max(ends, span.begins))],
                "y": [at, at],
                "line": {"color": CLOCKS[span.clock], "width": 12},
                "opacity": 1.0 if running else 0.3,
                "hovertemplate": (
                    f"{names[at]}{f' ({target})' if target else ''}<br>"
                    f"since {narrator.date(span.begins)}, {moment - span.begins:.1f} h ago"
                    f"{'' if running else f', until {narrator.date(ends)}'}<extra></extra>"
                ),
            }
        )
        if running and span.recallable_until is not None:
            traces.append(_point_of_no_recall(narrator, at, span.recallable_until, look))
    return {"data": traces, "layout": _layout(run, names, moment, look)}


def _name(span: Span, run: ToldRun) -> str:
    return f"{short_name(run.narrator, span.actor)} {VERBS[span.clock]}"


def _point_of_no_recall(narrator: Any, at: int, time: float, look: Look) -> Any:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [when(narrator, time)],
        "y": [at],
        "text": [" past recall"],
        "textposition": "middle right",
        "textfont": {"size": 11, "color": look.soft},
        "marker": {
            "symbol": "line-ns-open",
            "size": 18,
            "color": look.ink,
            "line": {"width": 3, "color": look.ink},
        },
        "hovertemplate": f"launch, past recall: {narrator.date(time)}<extra></extra>",
    }


def _layout(run: ToldRun, names: list[str], moment: float, look: Look) -> dict[str, Any]:
    narrator = run.narrator
    now = when(narrator, moment)
    nothing = {
        "text": "Nothing is under way.",
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "showarrow": False,
        "font": {"color": look.soft},
    }
    return layout(
        look,
        ROW * MOST_ROWS + 52,
        xaxis=time_axis(
            look,
            when(narrator, moment - BEFORE_H),
            when(narrator, moment + AFTER_H),
            fixedrange=True,
        ),
        yaxis=axis(
            look,
            tickvals=list(range(len(names))),
            ticktext=[f"{name} " for name in names],
            range=[MOST_ROWS - 0.5, -0.6],
            fixedrange=True,
            showgrid=False,
        ),
        shapes=[
            {
                "type": "line",
                "x0": now,
                "x1": now,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": look.ink, "width": 1.5, "dash": "dot"},
            }
        ],
        annotations=[] if names else [nothing],
    )
