"""Private messages and warnings: leg by leg, refused, lost, late, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.event import Event, Kind
from agents.messages import NOTICE_OF_LOSS_H, carry
from agents.rules import beliefs, harm, ladder
from agents.statements import TRUST
from agents.strike import Notice, fly
from sim import CrisisModel
from tests.conftest import MakeCrisis
from tests.support import ALONE, HAVEN, LINE, PROUD, STILL, SURE, chain, of, runs, state, strike


def sent(model: CrisisModel) -> tuple[Event, list[float]]:
    """Send a message from South to North; return it and a list that its fidelity will be put on."""
    arrived: list[float] = []
    process = carry(
        model.world, Kind.MESSAGE, "south", "north", model.ledger[0],
        lambda _event, fidelity: arrived.append(fidelity),
    )  # fmt: skip
    model.world.env.process(process)
    model.run_for(1e-6)
    return of(model, Kind.MESSAGE)[-1], arrived


def messenger(**arguments: float) -> CrisisModel:
    """Return two states in which nobody decides or speaks, and the island carries everything."""
    given_: dict[str, Any] = {**ALONE, **arguments}
    return CrisisModel(crisis="two-states", overrides={**STILL, **SURE}, **given_)


def test_a_message_keeps_what_each_leg_leaves_of_it() -> None:
    """Fidelities of the legs multiply, and the way takes time."""
    model = messenger()
    _, arrived = sent(model)
    assert arrived == []
    model.run_for(100.0)
    assert arrived == [pytest.approx(0.9 * 0.9)]
    assert not of(model, Kind.MESSAGE_LOST)


def test_a_message_under_way_keeps_the_crisis_busy() -> None:
    """From sending to arrival a message counts as something under way."""
    model = messenger()
    before = model.world.busy
    _, arrived = sent(model)
    assert model.world.busy == before + 1
    while not arrived:
        model.run_for(1.0)
    model.run_for(0.01)
    assert model.world.busy <= before


def test_slower_channels_take_longer_by_as_much() -> None:
    """With the same luck, channels three times as slow take three times as long."""
    times = []
    for latency in (1.0, 3.0):
        model = messenger(channel_latency=latency)
        _, arrived = sent(model)
        while not arrived:
            model.run_for(1.0 / 64)
        times.append(model.time)
    assert times[1] == pytest.approx(3.0 * times[0], rel=0.05)


@pytest.mark.parametrize("ends", [("south", "island"), ("island", "north")])
def test_a_closed_channel_loses_a_message(ends: tuple[str, str]) -> None:
    """Without an open path a message is lost, and its sender learns that late."""
    model = messenger()
    model.world.graph.set_channel(*ends, "closed")
    message, arrived = sent(model)
    model.run_for(200.0)
    lost = of(model, Kind.MESSAGE_LOST)
    assert arrived == []
    assert [(e.actor, e.target, e.cause) for e in lost] == [("south", "north", message.id)]
    assert lost[0].time >= message.time + NOTICE_OF_LOSS_H


def test_a_channel_that_closes_loses_what_is_on_it() -> None:
    """A channel that closes while a message is on its way loses it, though it was open at first."""
    for closing in (("south", "island"), ("island", "north")):
        model = messenger()
        _, arrived = sent(model)
        model.world.graph.set_channel(*closing, "closed")
        model.run_for(200.0)
        lost = of(model, Kind.MESSAGE_LOST)[0]
        assert arrived == []
        assert lost.time > NOTICE_OF_LOSS_H


def test_a_message_goes_round_a_closed_channel(make_crisis: MakeCrisis) -> None:
    """Where another path is open, a message sent after the closing takes that."""
    model = CrisisModel(crisis=make_crisis(LINE), overrides={**STILL, **SURE}, **ALONE)
    model.world.graph.set_channel("north", "south", "closed")
    _, arrived = sent(model)
    model.run_for(100.0)
    assert arrived == [pytest.approx(0.81)]


def test_without_willingness_nothing_arrives() -> None:
    """Intermediaries without any willingness carry no message and no warning."""
    losses = 0
    for model in runs(replicates=10, channel_willingness=0.0, overrides=PROUD):
        assert not of(model, Kind.DELIVERY)
        words = of(model, Kind.MESSAGE, Kind.WARNING)
        losses += len(of(model, Kind.MESSAGE_LOST))
        assert model.outcome().messages_lost == len(words)
    assert losses > 0


def test_an_unwilling_leg_refuses_as_often_as_it_should() -> None:
    """A leg carries a message with the probability of its willingness."""
    arrivals = 0
    half = {**SURE, "channel.island.south.willingness": 0.5}
    for replicate in range(80):
        model = CrisisModel(
            crisis="two-states", replicate=replicate, horizon=60.0, threats=0.0, overrides=half
        )
        _, arrived = sent(model)
        model.run_to_end()
        arrivals += len(arrived)
    assert 25 <= arrivals <= 55


# Restraint


def test_a_message_of_restraint_moves_its_receiver() -> None:
    """A private message moves the odds that its sender has concluded by what arrives of it."""
    model = messenger()
    view = state(model, "north").dyad("south")
    before = view.concluded
    state(model, "south").behaviours["Spokesman"].send_restraint("north", model.ledger[0])
    model.run_for(100.0)
    delivered = of(model, Kind.DELIVERY)[0]
    fidelity = delivered.values["fidelity"]
    assert fidelity == pytest.approx(0.81)
    weight = model.parameters.message_weight
    ratio = beliefs.message_ratio(fidelity, TRUST, weight)
    own = beliefs.updated(before, ratio) - before
    assert own > 0.0
    assert any(event.kind == Kind.NEWS and event.cause == delivered.id for event in model.ledger)


@pytest.mark.parametrize("late", [True, False])
def test_a_message_is_late_once_its_receiver_has_launched(late: bool) -> None:
    """A message that arrives after its receiver has launched, though sent before, is late."""
    model = messenger()
    state(model, "south").behaviours["Spokesman"].send_restraint("north", model.ledger[0])
    model.run_for(0.01)
    state(model, "north").behaviours["Desk"].last_launch = model.time if late else -1.0
    model.run_for(100.0)
    assert of(model, Kind.DELIVERY)[0].values["late"] == float(late)
    outcome = model.outcome()
    assert (outcome.messages_late, outcome.messages_in_time) == (int(late), int(not late))


# Warnings


def toll(replicate: int, arrived_at: float, rung: int = ladder.CALIBRATED) -> tuple[int, float]:
    """Return (dead, hours of warning) of a strike on the harbour two hours after the start."""
    model = CrisisModel(crisis="two-states", replicate=replicate, accident_risk=0.0)
    attack = strike(model, "north", "south-harbour", rung)
    notice = Notice()
    if arrived_at >= 0.0:
        notice.arrive(arrived_at)
    model.world.env.process(fly(model.world, attack, 2.0, model.ledger[0], notice))
    model.run_until(2.0)
    impact = of(model, Kind.IMPACT)[-1]
    values = impact.values
    return int(values["deaths"] + values["civilian_deaths"]), values["warning_lead_h"]


def test_a_warning_protects_if_it_comes_before_impact() -> None:
    """The same strike with the same luck never kills more when warned of, and often fewer."""
    unwarned = [toll(replicate, -1.0)[0] for replicate in range(40)]
    warned = [toll(replicate, 0.0) for replicate in range(40)]
    assert all(lead == 2.0 for _, lead in warned)
    pairs = list(zip([dead for dead, _ in warned], unwarned, strict=True))
    assert all(one <= other for one, other in pairs)
    assert sum(one < other for one, other in pairs) > 10


def test_a_warning_after_impact_protects_nobody() -> None:
    """A warning that arrives when the strike has landed changes no death."""
    for replicate in range(10):
        assert toll(replicate, 2.5) == (toll(replicate, -1.0)[0], 0.0)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0), st.integers(0, 30))
def test_an_earlier_warning_never_costs_lives(first: float, second: float, replicate: int) -> None:
    """The earlier a warning arrives, the fewer die or as many."""
    early, late = sorted((first, second))
    assert toll(replicate, early)[0] <= toll(replicate, late)[0]


def strikes(latency: float) -> Iterator[tuple[CrisisModel, Event, Event | None]]:
    """Yield (model, impact, delivery of its warning to the victim) of calibrated strikes."""
    overrides = {**PROUD, **SURE}
    for model in runs(replicates=20, channel_latency=latency, overrides=overrides):
        for impact in of(model, Kind.IMPACT):
            if impact.rung != ladder.CALIBRATED:
                continue
            decision = chain(model, impact)[2]
            final = [
                e
                for e in of(model, Kind.DELIVERY)
                if e.values.get("final") and chain(model, e)[2].id == decision.id
            ]
            yield model, impact, final[0] if final else None


@pytest.mark.parametrize("latency", [0.05, 1.0, 50.0])
def test_the_lead_is_the_time_between_arrival_and_impact(latency: float) -> None:
    """A strike's hours of warning are those from the warning's arrival to impact, or none."""
    leads = []
    for model, impact, delivery in strikes(latency):
        lead = impact.values["warning_lead_h"]
        leads.append(lead)
        if delivery is None or delivery.time >= impact.time:
            assert lead == 0.0
        else:
            assert lead == pytest.approx(impact.time - delivery.time)
        if delivery is not None:
            assert delivery.values["late"] == float(delivery.time > impact.time)
        assert model.outcome().warnings_late <= len(of(model, Kind.WARNING))
    assert leads
    assert (max(leads) > 0.0) if latency < 1.0 else True
    assert (max(leads) == 0.0) if latency > 10.0 else True


def test_a_host_passes_a_warning_on(make_crisis: MakeCrisis) -> None:
    """A strike on a host's soil is told to the host, which tells its guest: two legs, both told."""
    crisis = make_crisis(HAVEN)
    proud = {name.replace("north", "south"): value for name, value in PROUD.items()}
    fields = {"north-fort": 0.0, "north-camp": 1.0}
    vulnerable = {f"place.{name}.vulnerability": value for name, value in fields.items()}
    relayed = 0
    for replicate in range(20):
        model = CrisisModel(crisis=crisis, replicate=replicate, overrides={**proud, **vulnerable})
        desk = state(model, "south").behaviours["Desk"]
        cause = model.world.record(Kind.DECISION, "south", "north", cause=model.ledger[0])
        notice = Notice()
        desk._warn("haven", "north", notice, cause)
        model.run_for(48.0)
        told = [e for e in of(model, Kind.DELIVERY) if e.label == Kind.WARNING]
        told = [e for e in told if cause.id in [link.id for link in chain(model, e)]]
        if len(told) == 2:
            first, second = told
            assert (first.actor, first.target, "final" in first.values) == ("south", "haven", False)
            assert (second.actor, second.target, second.cause) == ("haven", "north", first.id)
            assert second.time > first.time
            assert notice.arrived_at == second.time
            relayed += 1
    assert relayed > 10
    assert harm.warning_protection(0.0) == 0.0
