"""The alliance graph: its edges, the routes that messages take, and how it changes in a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.event import Kind
from sim import load_crisis
from sim.alliance_graph import REFUSAL_H, AllianceGraph
from sim.crisis import Channel, Crisis, Organization
from tests.conftest import MakeCrisis
from tests.support import BAND, BEFORE, BY_BAND, FRIEND, HAVEN, LINE, of, runs

CASE = load_crisis("january-2020")


def edges(graph: AllianceGraph) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return a copy of all edges with their attributes."""
    return {(a, b, k): dict(d) for a, b, k, d in graph.graph.edges(keys=True, data=True)}


def test_every_edge_of_the_crisis_is_there() -> None:
    """Undirected edges stand both ways, those of patrons and hosts one way, with their numbers."""
    graph = AllianceGraph(CASE)
    found = edges(graph)
    for alliance in CASE.alliances:
        first, second = alliance.between
        assert graph.alliance(first, second) == graph.alliance(second, first) == alliance.strength
    for rivalry in CASE.rivalries:
        first, second = rivalry.between
        assert second in graph.rivals(first) and first in graph.rivals(second)
    for tie in CASE.patronages:
        assert graph.patron(tie.proxy) == tie.patron and tie.proxy in graph.proxies(tie.patron)
        assert graph.obedience(tie.proxy) == tie.obedience
        assert graph.order_latency(tie.proxy) == tie.order_latency
    for basing in CASE.basings:
        assert basing.guest in graph.guests(basing.host) and basing.host in graph.hosts(
            basing.guest
        )
        assert graph.consent(basing.host, basing.guest) == basing.consent
    both = len(CASE.alliances) + len(CASE.rivalries) + len(CASE.channels)
    assert len(found) == 2 * both + len(CASE.patronages) + len(CASE.basings)


def test_who_has_no_edge_has_nothing() -> None:
    """Without an edge there is no alliance, no patron, no consent and no channel."""
    graph = AllianceGraph(load_crisis("two-states"))
    assert graph.alliance("north", "south") == 0.0
    assert graph.patron("north") is None
    assert graph.consent("island", "north") == "withdrawn"
    assert not graph.allies("north") and not graph.hosts("north") and not graph.proxies("north")
    assert graph.obedience("north") == 1.0


# Routes

LEG = st.tuples(st.floats(0.1, 20.0), st.floats(0.05, 1.0), st.floats(0.05, 1.0), st.booleans())


def network(legs: dict[tuple[int, int], tuple[float, float, float, bool]]) -> Crisis:
    """Return a crisis of organizations with these channels and handling times of 0, 1, 2, ... h."""
    base = load_crisis("two-states")
    actors = {
        f"o{n}": Organization.model_validate(
            {
                "kind": "organization",
                "name": "O",
                "mediator": {"handling": {"value": n, "unit": "h", "source": "story"}},
            }
        )
        for n in range(5)
    }
    channels = tuple(
        Channel(
            between=(f"o{a}", f"o{b}"),
            latency=latency,
            fidelity=fidelity,
            willingness=willingness,
            open=is_open,
            sources={},
        )
        for (a, b), (latency, fidelity, willingness, is_open) in legs.items()
    )
    none: dict[str, Any] = dict.fromkeys(("alliances", "rivalries", "patronages", "basings"), ())
    return base.model_copy(update={"actors": actors, "channels": channels, **none})


PAIRS = [(a, b) for a in range(5) for b in range(a)]


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(PAIRS), LEG, max_size=10))
def test_the_route_is_the_best_of_all_open_ones(
    legs: dict[tuple[int, int], tuple[float, float, float, bool]],
) -> None:
    """No other open path arrives sooner in expectation; without an open path there is no route."""
    graph = AllianceGraph(network(legs))
    plain = nx.Graph([pair for pair, leg in legs.items() if leg[3]])
    plain.add_nodes_from(range(5))

    def expected(path: list[int]) -> float:
        total = 0.0
        for a, b in pairwise(path):
            latency, fidelity, willingness, _ = legs[max(a, b), min(a, b)]
            handling = b if b != path[-1] else 0.0
            total += latency + handling + REFUSAL_H * (1.0 - fidelity * willingness)
        return total

    paths = list(nx.all_simple_paths(plain, 0, 4))
    route = graph.route("o0", "o4")
    if not paths:
        assert route == ()
        return
    taken = [0, *(int(leg.receiver[1:]) for leg in route)]
    assert expected(taken) == pytest.approx(min(map(expected, paths)))
    handled = sum(leg.latency_h for leg in route)
    plain_h = sum(legs[max(a, b), min(a, b)][0] for a, b in pairwise(taken))
    assert handled == pytest.approx(plain_h + sum(taken[1:-1]))


def test_a_closed_channel_is_gone_around_and_a_chilled_one_is_worse() -> None:
    """Closing a leg moves the route elsewhere, opening it brings it back, a chill worsens it."""
    graph = AllianceGraph(CASE)
    usual = graph.route("usa", "iran")
    assert [leg.receiver for leg in usual] == ["switzerland", "iran"]
    graph.set_channel("usa", "switzerland", "closed")
    around = graph.route("usa", "iran")
    assert around and "switzerland" not in [leg.receiver for leg in around]
    assert not graph.passable(usual[0]) and "switzerland" not in graph.channels("usa")
    graph.set_channel("usa", "switzerland", "open")
    assert graph.route("usa", "iran") == usual
    graph.set_channel("switzerland", "usa", "chilled")
    chilled = {leg.receiver: leg for leg in graph.route("usa", "switzerland")}
    assert chilled["switzerland"].latency_h > usual[0].latency_h
    assert chilled["switzerland"].willingness < usual[0].willingness


def test_who_stops_relaying_can_still_be_spoken_to() -> None:
    """A withdrawn intermediary is on no route between others, and at the end of its own."""
    graph = AllianceGraph(CASE)
    graph.stop_relaying("switzerland")
    assert "switzerland" not in [leg.receiver for leg in graph.route("usa", "iran")]
    assert [leg.receiver for leg in graph.route("usa", "switzerland")][-1] == "switzerland"
    assert graph.route("switzerland", "iran") != ()


def test_a_channel_can_be_opened_where_there_was_none() -> None:
    """Opening a channel between two actors without one makes it, both ways."""
    graph = AllianceGraph(load_crisis("two-states"))
    assert "south" not in graph.channels("north")
    graph.set_channel("north", "south", "open")
    assert "south" in graph.channels("north") and "north" in graph.channels("south")
    assert [leg.receiver for leg in graph.route("south", "north")] == ["north"]


# Change in a run


def test_branches_do_not_reach_each_other() -> None:
    """What changes in a branch is seen in it alone, whichever of the two asked for routes first."""
    graph = AllianceGraph(CASE)
    usual = graph.route("usa", "iran")
    before = edges(graph)
    first, second = graph.branch(), graph.branch()
    first.set_channel("usa", "switzerland", "closed")
    first.set_channel("israel", "iran", "open")
    first.set_consent("iraq", "usa", "withdrawn")
    second.stop_relaying("switzerland")
    assert edges(graph) == before == edges(graph.branch())
    assert graph.route("usa", "iran") == usual
    assert first.consent("iraq", "usa") == "withdrawn" != second.consent("iraq", "usa")
    assert "iran" in first.channels("israel") and "iran" not in second.channels("israel")
    assert usual not in (first.route("usa", "iran"), second.route("usa", "iran"))
    assert first.branch().route("usa", "switzerland") == first.route("usa", "switzerland")
    graph.set_channel("usa", "switzerland", "closed")
    assert "switzerland" in second.channels("usa")


def test_every_change_of_an_edge_is_an_event() -> None:
    """What differs in the graph at the end was told: each edge by an event that names its ends."""
    changes = 0
    for model in runs("january-2020", 12, start="al-asad", host_sensitivity=5.0):
        before, after = edges(AllianceGraph(model.crisis)), edges(model.world.graph)
        told = {(e.actor, e.target) for e in of(model, Kind.CONSENT, Kind.CHANNEL)}
        changed = [key for key in after if before.get(key) != after[key]]
        changes += len(changed)
        assert all((a, b) in told or (b, a) in told for a, b, _ in changed)
        for event in of(model, Kind.CONSENT):
            assert event.label in ("restricted", "withdrawn")
        last = {(e.actor, e.target): e.label for e in of(model, Kind.CONSENT)}
        for (host, guest), consent in last.items():
            assert model.world.graph.consent(host, guest) == consent
    assert changes > 12


def test_every_withdrawal_is_an_event() -> None:
    """Intermediaries that relay no more are those whose withdrawal was told."""
    silent = 0
    hasty = {"oman.mediator.patience": 0.0, "switzerland.mediator.patience": 0.0}
    for model in runs("january-2020", 12, overrides=hasty):
        told = {event.actor for event in of(model, Kind.WITHDRAWAL)}
        through = {
            leg.receiver
            for sender in model.crisis.actors
            for receiver in model.crisis.actors
            for leg in model.world.graph.route(sender, receiver)[:-1]
        }
        assert not told & through
        silent += len(told)
    assert silent > 0


def test_the_script_changes_edges(make_crisis: MakeCrisis) -> None:
    """A scripted channel and consent change the graph at their hour, and each is an event."""
    closes = BEFORE.format(
        label="break", kind="channel", day=10, actor="north",
        fields='target = "island"\nstatus = "closed"',
    )  # fmt: skip
    cuts = BEFORE.format(
        label="vote", kind="consent", day=11, actor="haven",
        fields='target = "north"\nconsent = "restricted"',
    )  # fmt: skip
    crisis = make_crisis(HAVEN, history=closes + cuts)
    model = next(runs(crisis, 1, horizon=1.0))
    assert "island" not in model.world.graph.channels("north")
    assert model.world.graph.consent("haven", "north") == "restricted"
    hours = (datetime(2030, 3, 1, tzinfo=UTC) - datetime(2030, 2, 10, tzinfo=UTC)).days * 24.0
    told = of(model, Kind.CHANNEL, Kind.CONSENT)
    assert [(e.kind, e.label, e.time) for e in told] == [
        (Kind.CHANNEL, "closed", -hours),
        (Kind.CONSENT, "restricted", -hours + 24.0),
    ]


MAKERS: list[Callable[[MakeCrisis], Crisis]] = [
    lambda make: make(LINE),
    lambda make: make(BAND, HAVEN, FRIEND, changes=BY_BAND),
]


@pytest.mark.parametrize("maker", MAKERS)
def test_a_run_leaves_the_crisis_alone(
    maker: Callable[[MakeCrisis], Crisis], make_crisis: MakeCrisis
) -> None:
    """Edges change in the run's own graph, never in the crisis that other runs share."""
    crisis = maker(make_crisis)
    before = crisis.model_dump()
    list(runs(crisis, 5, host_sensitivity=10.0))
    assert crisis.model_dump() == before
