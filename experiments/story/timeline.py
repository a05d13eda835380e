"""The timeline of a run: a lane per actor, every event, arrows of causes, clock strips."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from agents.event import Event, Kind
from experiments.explanation.explain import ToldRun, hours
from experiments.story.look import (
    CLOCKS,
    GROUPS,
    LIGHT,
    Drawing,
    Look,
    axis,
    group_of,
    layout,
    short_name,
    time_axis,
    when,
    wrapped,
)
from experiments.story.moment import chain, notable_end, spans

LANE = 30
"""Height of a lane in pixels."""
STRIPS = dict(zip(CLOCKS, (0.16, 0.34, 0.34, 0.25, 0.43), strict=True))
"""How far below its lane's middle each clock's strips lie, in lanes; never at once share one."""
FADED = 0.22
"""Opacity of what is still to come at the moment shown."""
LEAST_SHOWN_H = 72.0
AIR_H = 6.0
CRISIS = "crisis"
"""The lane of what concerns no single actor."""


def draw_timeline(
    run: ToldRun,
    *,
    moment: float | None = None,
    picked: int | None = None,
    look: Look = LIGHT,
) -> Drawing:
    """Return the timeline of a run.

    What comes after ``moment`` is faded; the chain of causes of the event ``picked`` stands out.
    Points carry the ids of their events.
    """
    lanes = lanes_of(run)
    drawer = _Drawer(run, {lane: at for at, lane in enumerate(lanes)}, look)
    shown = [event for event in run.ledger if moment is None or event.time <= moment]
    later = run.ledger[len(shown) :]
    traces = [*drawer.strips(moment), drawer.arrows(shown)]
    if picked is not None and picked < len(run.ledger):
        traces.append(drawer.trail(run.ledger[picked]))
    for events, opacity in ((shown, 1.0), (later, FADED)):
        traces += drawer.marks(events, opacity, legend=opacity == 1.0)
    height = LANE * len(lanes) + 84
    return {"data": traces, "layout": drawer.layout(lanes, height, moment)}


def lanes_of(run: ToldRun) -> list[str]:
    """Return the lanes from the top: the crisis, then actors who did something, as in the file."""
    acting = {event.actor for event in run.ledger}
    return [CRISIS, *(actor for actor in run.crisis.actors if actor in acting)]


class _Drawer:
    """Places events of one run in its lanes."""

    def __init__(self, run: ToldRun, places: dict[str, int], look: Look) -> None:
        self.run = run
        self.narrator = run.narrator
        self.places = places
        self.look = look

    def x(self, time: float) -> str:
        return when(self.narrator, time)

    def y(self, event: Event) -> float:
        if event.kind in (Kind.SCRIPT, Kind.START):
            return float(self.places[CRISIS])
        return float(self.places.get(event.actor, self.places[CRISIS]))

    def marks(self, events: Sequence[Event], opacity: float, *, legend: bool) -> list[Any]:
        """Return a trace for each group of events."""
        groups = [*GROUPS, None]
        return [
            self._mark([e for e in events if group_of(e) is group], group, opacity, legend)
            for group in groups
        ]

    def _mark(self, events: Sequence[Event], group: Any, opacity: float, legend: bool) -> Any:
        name = group.name if group is not None else "script and course"
        return {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "legendgroup": name,
            "showlegend": legend,
            "x": [self.x(event.time) for event in events],
            "y": [self.y(event) for event in events],
            "text": [self.told(event) for event in events],
            "customdata": [event.id for event in events],
            "hovertemplate": "%{text}<extra></extra>",
            "opacity": opacity,
            "marker": {
                "color": group.colour if group is not None else self.look.ink,
                "symbol": group.symbol if group is not None else "line-ns-open",
                "size": [12 if event.kind in _LARGE else 8 for event in events],
                "line": {"width": 1 if group is not None else 2, "color": self.look.raised}
                if group is not None
                else {"width": 2},
            },
        }

    def told(self, event: Event) -> str:
        """Return what appears on hovering over an event."""
        moment = f"{self.narrator.date(event.time)} UTC, {hours(event.time)}"
        return f"<b>{moment}</b><br>{wrapped(self.narrator.sentence(event))}"

    def strips(self, moment: float | None) -> list[Any]:
        """Return a trace for each clock: bars below the lane's middle for as long as it ran."""
        last = moment if moment is not None else max(e.time for e in self.run.ledger)
        traces = []
        found = spans(self.run.ledger)
        for clock, colour in CLOCKS.items():
            x: list[str | None] = []
            y: list[float | None] = []
            for span in found:
                if span.clock != clock or span.actor not in self.places:
                    continue
                ends = span.ends if span.ends is not None else last
                x += [self.x(span.begins), self.x(max(span.begins, ends)), None]
                y += [self.places[span.actor] + STRIPS[clock]] * 2 + [None]
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": clock.value,
                    "x": x,
                    "y": y,
                    "line": {"color": colour, "width": 3},
                    "opacity": 0.8,
                    "hoverinfo": "skip",
                    "showlegend": False,
                }
            )
        return traces

    def arrows(self, events: Sequence[Event]) -> Any:
        """Return faint arrows from each cause to its effects."""
        links = [
            (self.run.ledger[event.cause], event)
            for event in events
            if event.cause is not None and event.kind not in _BARE
        ]
        return self._linked(links, self.look.soft, 1.0, 0.35)

    def trail(self, event: Event) -> Any:
        """Return strong arrows along what led to an event."""
        steps = chain(self.run.ledger, event)
        return self._linked(list(pairwise(steps)), self.look.ink, 2.5, 0.9)

    def _linked(
        self, links: Sequence[tuple[Event, Event]], colour: str, width: float, opacity: float
    ) -> Any:
        x: list[str | None] = []
        y: list[float | None] = []
        for cause, effect in links:
            x += [self.x(cause.time), self.x(effect.time), None]
            y += [self.y(cause), self.y(effect), None]
        return {
            "type": "scatter",
            "mode": "lines+markers",
            "x": x,
            "y": y,
            "line": {"color": colour, "width": width},
            "marker": {
                "symbol": "arrow",
                "angleref": "previous",
                "color": colour,
                "size": [0, 5 + 2 * width, 0] * len(links),
                "standoff": 5,
            },
            "opacity": opacity,
            "hoverinfo": "skip",
            "showlegend": False,
        }

    def layout(self, lanes: Sequence[str], height: int, moment: float | None) -> dict[str, Any]:
        names = ["The crisis", *(short_name(self.narrator, lane) for lane in lanes[1:])]
        last = max(LEAST_SHOWN_H, notable_end(self.run.ledger), moment or 0.0)
        first = min(0.0, moment or 0.0)
        shapes = [] if moment is None else [self._now(moment)]
        return layout(
            self.look,
            height,
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 0,
                "y": 1.0,
                "yanchor": "bottom",
                "font": {"size": 12},
                "itemclick": "toggle",
            },
            xaxis=time_axis(
                self.look,
                self.x(first - AIR_H),
                self.x(last + AIR_H),
                title={"text": "date, UTC", "font": {"size": 12}, "standoff": 4},
            ),
            yaxis=axis(
                self.look,
                tickvals=list(range(len(lanes))),
                ticktext=[f"{name} " for name in names],
                range=[len(lanes) - 0.45, -0.6],
                fixedrange=True,
            ),
            shapes=shapes,
            dragmode="pan",
        )

    def _now(self, moment: float) -> dict[str, Any]:
        at = self.x(moment)
        return {
            "type": "line",
            "x0": at,
            "x1": at,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"color": self.look.ink, "width": 1.5, "dash": "dot"},
        }


_LARGE = (Kind.DECISION, Kind.IMPACT, Kind.WAR, Kind.JOIN, Kind.CONCLUSION, Kind.START)
_BARE = (Kind.INJURIES, Kind.END)
"""Kinds to which no arrow is drawn: late counts would cross everything."""
