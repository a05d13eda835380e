"""The alliance graph: actors joined by typed edges that change during a run (model section 2).

A networkx ``MultiDiGraph``; the key of an edge is its type. Undirected relations (alliance,
rivalry, channel) are stored in both directions.
"""

from __future__ import annotations

from copy import copy
from itertools import pairwise
from typing import Any

import networkx as nx

from agents.world import Leg
from sim.crisis import Crisis

REFUSAL_H = 24.0
"""What a certain refusal of a leg would cost, in hours, when routes are compared."""
CHILLED_LATENCY = 3.0
CHILLED_WILLINGNESS = 0.5


class AllianceGraph:
    """Typed edges between actors, with the questions that agents ask of them.

    A branch shares its edges with the graph it was taken from until it changes one, and the routes
    found until it changes what they are found along.
    """

    def __init__(self, crisis: Crisis) -> None:
        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self._routes: dict[tuple[str, str], tuple[Leg, ...]] = {}
        self._out: dict[tuple[str, str], list[str]] = {}
        self._in: dict[tuple[str, str], list[str]] = {}
        self._silent: frozenset[str] = frozenset()
        self._shared = False
        add = self._add
        for id, actor in crisis.actors.items():
            mediator = getattr(actor, "mediator", None)
            self.graph.add_node(id, handling=mediator.handling if mediator is not None else 0.0)
        for alliance in crisis.alliances:
            first, second = alliance.between
            add(first, second, "alliance", strength=alliance.strength)
            add(second, first, "alliance", strength=alliance.strength)
        for rivalry in crisis.rivalries:
            first, second = rivalry.between
            add(first, second, "rivalry", intensity=rivalry.intensity)
            add(second, first, "rivalry", intensity=rivalry.intensity)
        for tie in crisis.patronages:
            add(
                tie.patron,
                tie.proxy,
                "patronage",
                obedience=tie.obedience,
                order_latency=tie.order_latency,
            )
        for basing in crisis.basings:
            add(basing.host, basing.guest, "basing", troops=basing.troops, consent=basing.consent)
        for channel in crisis.channels:
            for sender, receiver in (channel.between, channel.between[::-1]):
                add(
                    sender,
                    receiver,
                    "channel",
                    latency=channel.latency,
                    fidelity=channel.fidelity,
                    willingness=channel.willingness,
                    open=channel.open,
                )

    def branch(self) -> AllianceGraph:
        """Return this graph for a run of its own: changes to either do not reach the other."""
        twin = copy(self)
        self._shared = twin._shared = True
        return twin

    def _make_own(self) -> None:
        """Take copies of what is shared, before the first change."""
        if self._shared:
            self.graph = self.graph.copy()
            self._out = {key: list(ends) for key, ends in self._out.items()}
            self._in = {key: list(ends) for key, ends in self._in.items()}
            self._shared = False

    def _add(self, first: str, second: str, kind: str, **attributes: Any) -> None:
        """Add an edge, and its ends to the index of neighbours by type."""
        self.graph.add_edge(first, second, kind, **attributes)
        self._out.setdefault((kind, first), []).append(second)
        self._in.setdefault((kind, second), []).append(first)

    def _edge(self, first: str, second: str, kind: str) -> dict[str, Any] | None:
        edge: dict[str, Any] | None = self.graph.get_edge_data(first, second, kind)
        return edge

    def _successors(self, actor: str, kind: str) -> list[str]:
        return self._out.get((kind, actor), [])

    def _predecessors(self, actor: str, kind: str) -> list[str]:
        return self._in.get((kind, actor), [])

    # Alliances and rivalries

    def alliance(self, first: str, second: str) -> float:
        """Return the strength of an alliance, 0 if there is none."""
        edge = self._edge(first, second, "alliance")
        return float(edge["strength"]) if edge is not None else 0.0

    def allies(self, actor: str) -> list[tuple[str, float]]:
        """Return (ally, strength) pairs in the order of the crisis file."""
        return [(ally, self.alliance(actor, ally)) for ally in self._successors(actor, "alliance")]

    def rivals(self, actor: str) -> list[str]:
        """Return an actor's rivals."""
        return self._successors(actor, "rivalry")

    # Patrons and proxies

    def patron(self, proxy: str) -> str | None:
        """Return an actor's patron, None if it has none."""
        patrons = self._predecessors(proxy, "patronage")
        return patrons[0] if patrons else None

    def proxies(self, patron: str) -> list[str]:
        """Return the proxies of a patron."""
        return self._successors(patron, "patronage")

    def obedience(self, proxy: str) -> float:
        """Return how far a proxy obeys its patron, in [0, 1]; 1 without a patron."""
        return self._hold(proxy, "obedience", 1.0)

    def order_latency(self, proxy: str) -> float:
        """Return the median time in hours for an order to reach a proxy."""
        return self._hold(proxy, "order_latency", 0.0)

    def _hold(self, proxy: str, attribute: str, without: float) -> float:
        patron = self.patron(proxy)
        edge = self._edge(patron, proxy, "patronage") if patron is not None else None
        return without if edge is None else float(edge[attribute])

    # Hosts and guests

    def hosts(self, guest: str) -> list[str]:
        """Return the states that base a guest's forces."""
        return self._predecessors(guest, "basing")

    def guests(self, host: str) -> list[str]:
        """Return the states whose forces a host bases."""
        return self._successors(host, "basing")

    def consent(self, host: str, guest: str) -> str:
        """Return what a host allows a guest: full, restricted or withdrawn."""
        edge = self._edge(host, guest, "basing")
        return "withdrawn" if edge is None else str(edge["consent"])

    def set_consent(self, host: str, guest: str, consent: str) -> None:
        """Change what a host allows a guest."""
        self._make_own()
        self.graph[host][guest]["basing"]["consent"] = consent

    # Channels

    def channels(self, actor: str) -> list[str]:
        """Return those with whom an actor has a channel that is open."""
        found = []
        for other in self._successors(actor, "channel"):
            edge = self._edge(actor, other, "channel")
            if edge is not None and edge["open"]:
                found.append(other)
        return found

    def set_channel(self, first: str, second: str, status: str) -> None:
        """Open, close or chill the channel between two actors, making it if there is none."""
        self._make_own()
        self._routes = {}
        for sender, receiver in ((first, second), (second, first)):
            edge = self._edge(sender, receiver, "channel")
            if edge is None:
                self._add(
                    sender,
                    receiver,
                    "channel",
                    latency=6.0,
                    fidelity=0.9,
                    willingness=0.9,
                    open=True,
                )
                edge = self.graph[sender][receiver]["channel"]
            edge["open"] = status != "closed"
            if status == "chilled":
                edge["latency"] *= CHILLED_LATENCY
                edge["willingness"] *= CHILLED_WILLINGNESS

    def passable(self, leg: Leg) -> bool:
        """Return whether a leg's channel is open now."""
        edge = self._edge(leg.sender, leg.receiver, "channel")
        return edge is not None and bool(edge["open"])

    def route(self, sender: str, receiver: str) -> tuple[Leg, ...]:
        """Return the open path with the best expected arrival, empty if there is none."""
        key = (sender, receiver)
        if key not in self._routes:
            self._routes[key] = self._find_route(sender, receiver)
        return self._routes[key]

    def stop_relaying(self, actor: str) -> None:
        """Let an actor carry no more messages between others."""
        self._silent |= {actor}
        self._routes = {}

    def _find_route(self, sender: str, receiver: str) -> tuple[Leg, ...]:
        nodes = self.graph.nodes

        def expected_delay(
            first: str, second: str, edges: dict[str, dict[str, float]]
        ) -> float | None:
            """Return a leg's expected delay in hours, None where no channel is open."""
            channel = edges.get("channel")
            if channel is None or not channel["open"] or channel["willingness"] <= 0.0:
                return None
            if first in self._silent and first != sender:
                return None
            handling: float = nodes[second]["handling"] if second != receiver else 0.0
            refusal = 1.0 - channel["willingness"] * channel["fidelity"]
            return channel["latency"] + handling + REFUSAL_H * refusal

        try:
            path = nx.dijkstra_path(self.graph, sender, receiver, weight=expected_delay)
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            return ()
        return tuple(self._leg(first, second, receiver) for first, second in pairwise(path))

    def _leg(self, first: str, second: str, receiver: str) -> Leg:
        edge = self.graph[first][second]["channel"]
        handling = self.graph.nodes[second]["handling"] if second != receiver else 0.0
        latency = edge["latency"] + handling
        return Leg(first, second, latency, edge["fidelity"], edge["willingness"])
