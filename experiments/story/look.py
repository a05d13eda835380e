"""How drawings of a run look: light and dark, groups of events with colours and symbols."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from agents.event import Event, Kind
from agents.rules.ladder import RUNG_NAMES
from experiments.explanation.narrative import Narrator
from experiments.story.moment import Clock

type Drawing = dict[str, Any]
"""A Plotly figure as plain values: ``data`` and ``layout``."""


@dataclass(frozen=True)
class Look:
    """The colours that differ between a light page and a dark one."""

    name: str
    ink: str
    soft: str
    grid: str
    node: str
    raised: str


LIGHT = Look("light", "#222222", "#5c5c58", "#e4e4e0", "#b9c4cc", "#ffffff")
DARK = Look("dark", "#ececec", "#a9a9a4", "#3d3d3d", "#5b6770", "#2b2b2b")


@dataclass(frozen=True)
class Group:
    """Events that are shown alike: what they are, their colour (Okabe & Ito), their symbol."""

    name: str
    colour: str
    symbol: str
    kinds: frozenset[Kind]


GROUPS = (
    Group(
        "choice",
        "#2387CC",
        "diamond",
        frozenset({Kind.DELIBERATION, Kind.NEWS, Kind.DECISION, Kind.PREPARATION, Kind.RECALL}),
    ),
    Group(
        "force and measures",
        "#D55E00",
        "star",
        frozenset({Kind.LAUNCH, Kind.IMPACT, Kind.ACCIDENT, Kind.MEASURE, Kind.WAR, Kind.JOIN}),
    ),
    Group(
        "harm becoming known",
        "#E69F00",
        "square",
        frozenset({Kind.ASSESSMENT, Kind.REPORT, Kind.INJURIES, Kind.ATTRIBUTION, Kind.SILENCE}),
    ),
    Group(
        "public words",
        "#009E73",
        "triangle-up",
        frozenset(
            {
                Kind.VOW,
                Kind.THREAT,
                Kind.THREAT_KEPT,
                Kind.THREAT_DROPPED,
                Kind.CLAIM,
                Kind.DENIAL,
                Kind.CONCLUSION,
            }
        ),
    ),
    Group(
        "private messages",
        "#CC79A7",
        "circle",
        frozenset(
            {
                Kind.MESSAGE,
                Kind.WARNING,
                Kind.DELIVERY,
                Kind.MESSAGE_LOST,
                Kind.OFFER_ACCEPTED,
            }
        ),
    ),
    Group(
        "allies, hosts, armed groups",
        "#56B4E9",
        "hexagon",
        frozenset(
            {
                Kind.CHANNEL,
                Kind.WITHDRAWAL,
                Kind.CONSENT,
                Kind.ALLY_PRESSURE,
                Kind.ORDER,
                Kind.OBEDIENCE,
            }
        ),
    ),
)
"""Groups of events; what is in none of them is the crisis itself or its script."""

CLOCKS = {
    Clock.DELIBERATION: "#2387CC",
    Clock.PREPARATION: "#D55E00",
    Clock.FLIGHT: "#882255",
    Clock.ASSESSMENT: "#E69F00",
    Clock.MESSAGE: "#CC79A7",
}
FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif"


def group_of(event: Event) -> Group | None:
    """Return the group of an event, None for the script and the crisis itself."""
    return next((group for group in GROUPS if event.kind in group.kinds), None)


def layout(look: Look, height: int, **more: Any) -> dict[str, Any]:
    """Return the layout that all drawings share; ``more`` adds to it."""
    return {
        "height": height,
        "font": {"family": FONT, "size": 13, "color": look.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 16, "t": 12, "b": 8},
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": look.raised,
            "font": {"color": look.ink, "family": FONT},
            "align": "left",
        },
        "showlegend": False,
        **more,
    }


def axis(look: Look, **more: Any) -> dict[str, Any]:
    """Return an axis in this look."""
    return {
        "gridcolor": look.grid,
        "linecolor": look.grid,
        "zeroline": False,
        "automargin": True,
        **more,
    }


def time_axis(look: Look, first: str, last: str, **more: Any) -> dict[str, Any]:
    """Return an axis of dates from one to another, marked by hours or by days."""
    return axis(
        look,
        type="date",
        range=[first, last],
        tickformatstops=_DATES,
        tickangle=0,
        nticks=7,
        **more,
    )


_DATES = [
    {"dtickrange": [None, 86_400_000 - 1], "value": "%H:%M\n%-d %b"},
    {"dtickrange": [86_400_000, None], "value": "%-d %b\n%Y"},
]


def plain(text: str) -> str:
    """Return a text as Plotly shows it letter by letter, whatever markup it seems to hold."""
    return escape(text, quote=False)


def wrapped(text: str, width: int = 60) -> str:
    """Return a plain text in lines of about so many letters, for what appears on hovering."""
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(plain(line) for line in lines)


def when(narrator: Narrator, time: float) -> str:
    """Return an hour of the run as a date that Plotly reads."""
    return narrator.moment(time).strftime("%Y-%m-%d %H:%M:%S")


def short_name(narrator: Narrator, actor: str) -> str:
    """Return an actor's name without what stands in brackets, as a label."""
    known = narrator.crisis.actors.get(actor)
    name = known.name if known is not None else actor
    return plain(name.split(" (")[0])


def rung_title(rung: int) -> str:
    """Return a rung with its name: "6 calibrated"."""
    return f"{rung} {RUNG_NAMES[rung].replace('_', ' ')}"
