"""The alliance graph at a moment: who stands where, what is under way between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import networkx as nx

from experiments.explanation.explain import ToldRun
from experiments.story.look import CLOCKS, LIGHT, Drawing, Look, layout, plain, short_name
from experiments.story.moment import Clock, Span, Standing, spans, standing
from experiments.words import listed, number
from sim.crisis import Crisis

HEIGHT = 420
RIVALS_APART = 2.2
"""How far rivals are drawn apart; friends stand at 1 and a little more."""
LEAST, MOST = 15.0, 42.0
"""Sizes of nodes in pixels, without grievance and with `FULL` of it."""
FULL = 10.0
"""Grievance in rungs at which a node is largest."""
UPPER = 0.2
"""From which height on a node's name stands above it."""
LINE = 12
"""Letters of a name that stand in one line."""
AT_WAR = "#D55E00"
SYMBOLS = {"state": "circle", "proxy": "triangle-up", "organization": "square"}
POSTURES = {
    "at war": AT_WAR,
    "strike in flight": "#882255",
    "preparing": "#E69F00",
    "deliberating": "#56B4E9",
    "calm": "",
}
"""What an actor may be doing, the gravest first, and its colour; calm has that of the look."""


@dataclass(frozen=True)
class Tie:
    """How edges of one type are drawn: name, colour, width, dash."""

    name: str
    colour: str
    width: float
    dash: str = "solid"


TIES = {
    "alliance": Tie("alliance", "#2387CC", 2.0),
    "rivalry": Tie("rivalry", "#D55E00", 2.0),
    "patronage": Tie("patronage", "#CC79A7", 2.0),
    "basing": Tie("bases", "#009E73", 2.0),
    "channel": Tie("channel", "#8a8a85", 1.2),
    "chilled": Tie("channel, chilled", "#8a8a85", 1.2, "dash"),
    "closed": Tie("channel, closed", "#8a8a85", 1.2, "dot"),
}
_BOWS = {"alliance": 0.0, "rivalry": 0.07, "patronage": -0.07, "basing": 0.12}


def places_of(crisis: Crisis) -> Mapping[str, tuple[float, float]]:
    """Return where each actor stands, in [-1, 1] either way; the same for every run of a crisis."""
    lengths: dict[tuple[str, str], float] = {}
    apart: list[tuple[tuple[str, str], float]] = [
        *(((tie.patron, tie.proxy), 1.0) for tie in crisis.patronages),
        *((alliance.between, 1.2) for alliance in crisis.alliances),
        *(((basing.host, basing.guest), 1.3) for basing in crisis.basings),
        *((channel.between, 1.7) for channel in crisis.channels),
    ]
    for (first, second), length in apart:
        pair = min(first, second), max(first, second)
        lengths[pair] = min(length, lengths.get(pair, length))
    for rivalry in crisis.rivalries:
        first, second = rivalry.between
        lengths[min(first, second), max(first, second)] = RIVALS_APART
    return _places(tuple(crisis.actors), tuple(lengths.items()))


@lru_cache(maxsize=32)
def _places(
    actors: tuple[str, ...], lengths: tuple[tuple[tuple[str, str], float], ...]
) -> Mapping[str, tuple[float, float]]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(actors)
    for (first, second), length in lengths:
        graph.add_edge(first, second, length=length)
    round_table = nx.circular_layout(graph)
    found = nx.kamada_kawai_layout(graph, pos=round_table, weight="length")
    width = max((abs(x) for x, _ in found.values()), default=1.0) or 1.0
    height = max((abs(y) for _, y in found.values()), default=1.0) or 1.0
    return {actor: (float(x) / width, float(y) / height) for actor, (x, y) in found.items()}


def draw_alliances(
    run: ToldRun, moment: float, grievances: Mapping[str, float], look: Look = LIGHT
) -> Drawing:
    """Return the alliance graph at an hour of the run.

    ``grievances`` holds the largest grievance of each actor then, in rungs.
    """
    drawer = _Drawer(run, moment, grievances, look)
    data = [*drawer.edges(), *drawer.flights(), drawer.nodes(), *drawer.key()]
    hidden = {"visible": False, "fixedrange": True}
    return {
        "data": data,
        "layout": layout(
            look,
            HEIGHT,
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 0,
                "y": 0,
                "yanchor": "top",
                "font": {"size": 11},
                "entrywidth": 96,
            },
            xaxis={**hidden, "range": [-1.22, 1.22]},
            yaxis={**hidden, "range": [-1.3, 1.5]},
            margin={"l": 4, "r": 4, "t": 4, "b": 4},
        ),
    }


class _Drawer:
    """Draws the graph of one run at one moment."""

    def __init__(
        self, run: ToldRun, moment: float, grievances: Mapping[str, float], look: Look
    ) -> None:
        self.crisis = run.crisis
        self.narrator = run.narrator
        self.look = look
        self.grievances = grievances
        self.places = places_of(run.crisis)
        self.standing: Standing = standing(run.ledger, moment)
        self.under_way = [span for span in spans(run.ledger) if span.is_under_way(moment)]

    def edges(self) -> Iterator[Any]:
        """Yield a line and points to hover over for each type of edge."""
        found: dict[str, list[tuple[str, str, str]]] = {kind: [] for kind in TIES}
        for alliance in self.crisis.alliances:
            first, second = alliance.between
            found["alliance"].append((first, second, f"strength {alliance.strength:g}"))
        for rivalry in self.crisis.rivalries:
            first, second = rivalry.between
            found["rivalry"].append((first, second, f"intensity {rivalry.intensity:g}"))
        for tie in self.crisis.patronages:
            told = f"obeys {tie.obedience:.0%} of the time, orders take {tie.order_latency:g} h"
            found["patronage"].append((tie.patron, tie.proxy, told))
        for basing in self.crisis.basings:
            pair = basing.host, basing.guest
            consent = self.standing.consents.get(pair, basing.consent)
            told = f"{number(basing.troops)} troops, consent {consent}"
            found["basing"].append((*pair, told))
        for channel in self.crisis.channels:
            first, second = sorted(channel.between)
            begun = "open" if channel.open else "closed"
            state = self.standing.channels.get((first, second), begun)
            told = f"{state}, {channel.latency:g} h, carries {channel.willingness:.0%}"
            found["channel" if state == "open" else state].append((first, second, told))
        for kind, links in found.items():
            if links:
                yield from self._tie(kind, links)

    def _tie(self, kind: str, links: list[tuple[str, str, str]]) -> Iterator[Any]:
        tie, x, y = TIES[kind], [], []
        middles: list[tuple[float, float]] = []
        for first, second, _ in links:
            bent = self._bent(first, second, _BOWS.get(kind, -0.12))
            x += [*(point[0] for point in bent), None]
            y += [*(point[1] for point in bent), None]
            middles.append(bent[len(bent) // 2])
        yield {
            "type": "scatter",
            "mode": "lines",
            "name": tie.name,
            "x": x,
            "y": y,
            "line": {"color": tie.colour, "width": tie.width, "dash": tie.dash, "shape": "spline"},
            "opacity": 0.55,
            "hoverinfo": "skip",
            "legendgroup": tie.name,
        }
        yield {
            "type": "scatter",
            "mode": "markers",
            "x": [point[0] for point in middles],
            "y": [point[1] for point in middles],
            "text": [
                f"<b>{short_name(self.narrator, first)} – {short_name(self.narrator, second)}</b>"
                f"<br>{tie.name}: {plain(told)}"
                for first, second, told in links
            ],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": 10, "color": tie.colour, "opacity": 0.001},
            "showlegend": False,
        }

    def _bent(self, first: str, second: str, bow: float) -> list[tuple[float, float]]:
        """Return three points from one actor to the other, the middle one off the straight line."""
        (x0, y0), (x1, y1) = self.places[first], self.places[second]
        middle = ((x0 + x1) / 2 - bow * (y1 - y0), (y0 + y1) / 2 + bow * (x1 - x0))
        return [(x0, y0), middle, (x1, y1)]

    def flights(self) -> Iterator[Any]:
        """Yield arrows for the messages and strikes that are on their way."""
        for clock in (Clock.MESSAGE, Clock.FLIGHT):
            links = [
                (self.places[span.actor], self.places[span.target])
                for span in self.under_way
                if span.clock == clock and {span.actor, span.target} <= self.places.keys()
            ]
            yield {
                "type": "scatter",
                "mode": "lines+markers",
                "name": f"{clock.value} under way" if clock == Clock.MESSAGE else clock.value,
                "x": [value for start, end in links for value in (start[0], end[0], None)],
                "y": [value for start, end in links for value in (start[1], end[1], None)],
                "line": {"color": CLOCKS[clock], "width": 4},
                "marker": {
                    "symbol": "arrow",
                    "angleref": "previous",
                    "size": [0, 20, 0] * len(links),
                    "standoff": 16,
                    "color": CLOCKS[clock],
                },
                "hoverinfo": "skip",
                "showlegend": bool(links),
            }

    def posture(self, actor: str) -> str:
        """Return the gravest thing that an actor is at."""
        if actor in self.standing.at_war:
            return "at war"
        own = {span.clock for span in self.under_way if span.actor == actor}
        for clock, posture in _POSTURE_OF:
            if clock in own:
                return posture
        return "calm"

    def nodes(self) -> Any:
        """Return the actors: size by grievance, colour by posture, a ring at war."""
        actors = list(self.crisis.actors)
        held = [self.grievances.get(actor, 0.0) for actor in actors]
        postures = [self.posture(actor) for actor in actors]
        return {
            "type": "scatter",
            "mode": "markers+text",
            "x": [self.places[actor][0] for actor in actors],
            "y": [self.places[actor][1] for actor in actors],
            "text": [_in_lines(short_name(self.narrator, actor)) for actor in actors],
            "textposition": [
                "top center" if self.places[actor][1] > UPPER else "bottom center"
                for actor in actors
            ],
            "textfont": {"size": 12, "color": self.look.ink},
            "customdata": actors,
            "hovertext": [
                self._told(actor, grievance, posture)
                for actor, grievance, posture in zip(actors, held, postures, strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "marker": {
                "symbol": [SYMBOLS[self.crisis.actors[actor].kind] for actor in actors],
                "size": [LEAST + (MOST - LEAST) * min(1.0, g / FULL) for g in held],
                "color": [POSTURES[posture] or self.look.node for posture in postures],
                "opacity": 1.0,
                "line": {
                    "width": [4 if posture == "at war" else 1.5 for posture in postures],
                    "color": [
                        self.look.ink if posture == "at war" else self.look.raised
                        for posture in postures
                    ],
                },
            },
            "showlegend": False,
        }

    def _told(self, actor: str, grievance: float, posture: str) -> str:
        kind = {"proxy": "armed group"}.get(self.crisis.actors[actor].kind)
        own = [_doing(span, self.narrator.actor(span.target)) for span in self.under_way
               if span.actor == actor]  # fmt: skip
        if actor in self.standing.silent:
            own.append("carries no more messages")
        return (
            f"<b>{plain(self.crisis.actors[actor].name)}</b>"
            f"<br>{kind or self.crisis.actors[actor].kind}, {posture}"
            f"<br>grievance {grievance:.1f} rungs" + (f"<br>{plain(listed(own))}" if own else "")
        )

    def key(self) -> Iterator[Any]:
        """Yield what the legend says of postures and roles."""
        for name, colour in POSTURES.items():
            yield self._entry(name, "circle", colour or self.look.node)
        yield self._entry("armed group", "triangle-up", self.look.node)
        yield self._entry("organization", "square", self.look.node)

    def _entry(self, name: str, symbol: str, colour: str) -> Any:
        marker = {"symbol": symbol, "color": colour, "size": 11}
        return {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [None],
            "y": [None],
            "marker": marker,
        }


def _in_lines(name: str) -> str:
    """Return a long name in two lines, cut where they are most alike."""
    if len(name) <= LINE:
        return name
    cuts = [at for at, letter in enumerate(name) if letter == " "]
    cut = min(cuts, key=lambda at: abs(2 * at - len(name)), default=0)
    return f"{name[:cut]}<br>{name[cut + 1 :]}" if cut else name


_POSTURE_OF = (
    (Clock.FLIGHT, "strike in flight"),
    (Clock.PREPARATION, "preparing"),
    (Clock.DELIBERATION, "deliberating"),
)


def _doing(span: Span, target: str) -> str:
    told = {
        Clock.DELIBERATION: "weighs an answer to {}",
        Clock.PREPARATION: "prepares to strike {}",
        Clock.FLIGHT: "has a strike in flight at {}",
        Clock.ASSESSMENT: "counts its losses from {}",
        Clock.MESSAGE: "has a message on its way to {}",
    }
    return told[span.clock].format(target)
