"""Proxies: the hazard of their own attacks, the orders they get, and how far they obey."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.actor import Proxy
from agents.attack import Mode
from agents.event import Event, Kind
from agents.proxy_clock import STAND_DOWN_H, ProxyClock
from agents.rules import ladder
from sim import CrisisModel
from sim.chance import KeyedChance
from sim.crisis import Crisis
from tests.conftest import MakeCrisis
from tests.support import ALONE, BAND, BY_BAND, STILL, chain, of, runs, strike


@pytest.fixture
def crisis(make_crisis: MakeCrisis) -> Crisis:
    """Return two states with an armed group of South within reach of North's fort."""
    return make_crisis(BAND, changes=BY_BAND)


def band(model: CrisisModel) -> Proxy:
    """Return the armed group."""
    actor = model.world.actors["band"]
    assert isinstance(actor, Proxy)
    return actor


def clock(model: CrisisModel) -> ProxyClock:
    """Return the armed group's clock."""
    behaviour = band(model).behaviours["ProxyClock"]
    assert isinstance(behaviour, ProxyClock)
    return behaviour


def aggrieve(model: CrisisModel, who: str, level: float) -> None:
    """Set what an actor holds against North now."""
    dyad = model.world.actors[who].dyad("north")
    dyad.level, dyad.as_of = level, model.world.env.now


def launched(model: CrisisModel) -> list[Event]:
    """Return the band's launches."""
    return of(model, Kind.LAUNCH, actor="band")


# The own clock


def test_without_a_grievance_there_is_no_attack(crisis: Crisis) -> None:
    """A group with nothing to avenge, whose patron has nothing to avenge, does not strike."""
    calm = {**STILL, "band.tolerance": 20.0, "patronage.south.band.obedience": 1.0}
    for model in runs(crisis, 5, overrides=calm):
        assert clock(model).hazard() == 0.0
        assert not launched(model)


def test_hazard_grows_with_grievance_over_tolerance(crisis: Crisis) -> None:
    """Below tolerance nothing; above it in proportion to the excess, the rate and the activity."""
    hazards = {}
    for activity in (1.0, 3.0):
        model = CrisisModel(crisis=crisis, proxy_activity=activity)
        tolerance = band(model).tolerance
        for excess in (-0.1, 1.0, 2.0):
            aggrieve(model, "band", tolerance + excess)
            hazards[activity, excess] = clock(model).hazard()
    assert hazards[1.0, -0.1] == 0.0
    assert hazards[1.0, 1.0] == pytest.approx(0.2 / 24.0)
    assert hazards[1.0, 2.0] == pytest.approx(2 * hazards[1.0, 1.0])
    assert hazards[3.0, 1.0] == pytest.approx(3 * hazards[1.0, 1.0])


def test_a_patrons_grievance_counts_for_a_proxy_off_the_leash(crisis: Crisis) -> None:
    """A group that obeys fully leaves its patron's scores to it; the less it obeys, the more."""
    hazards = []
    for obedience in (1.0, 0.5, 0.0):
        key = {"patronage.south.band.obedience": obedience}
        model = CrisisModel(crisis=crisis, overrides=key)
        aggrieve(model, "south", 10.0)
        hazards.append(clock(model).hazard())
    assert hazards[0] == 0.0 < hazards[1]
    assert hazards[2] == pytest.approx(2 * hazards[1])


def test_the_first_attack_comes_when_its_luck_is_spent(crisis: Crisis) -> None:
    """At a steady hazard the first attack is decided when hazard times hours reach the draw."""
    checked = 0
    steady = {**ALONE, "grievance_half_life": 8760.0, "proxy_obedience": 0.0}
    for replicate in range(12):
        model = CrisisModel(crisis=crisis, replicate=replicate, overrides=STILL, **steady)
        aggrieve(model, "band", 4.5)
        clock(model)._on_news(model.ledger[0]._replace(actor="band"))
        luck = KeyedChance(0, replicate).exponential("band", "hazard", 1.0)
        expected = luck / clock(model).hazard()
        if expected < 200.0:
            model.run_for(2 * expected + 1.0)
            decided = of(model, Kind.DECISION, actor="band")[0]
            assert decided.time == pytest.approx(expected, rel=0.03)
            assert decided.label == "unasked"
            checked += 1
    assert checked > 3


def test_news_sets_the_clock_anew_without_other_luck(crisis: Crisis) -> None:
    """Looking at its clock again and again does not change when a group strikes."""
    steady = {**ALONE, "grievance_half_life": 8760.0, "proxy_obedience": 0.0}
    for replicate in range(4):
        times = []
        for interruptions in (0, 50):
            model = CrisisModel(crisis=crisis, replicate=replicate, overrides=STILL, **steady)
            aggrieve(model, "band", 8.5)
            news = model.ledger[0]._replace(actor="band")
            clock(model)._on_news(news)
            for _ in range(interruptions):
                model.run_for(0.5)
                clock(model)._on_news(news)
            model.run_until(400.0)
            times.append(of(model, Kind.DECISION, actor="band")[0].time)
        assert times[1] == pytest.approx(times[0], rel=0.01)


def test_an_attack_of_its_own_is_decided_launched_and_lands(crisis: Crisis) -> None:
    """An unasked attack has a decision of the group, is a proxy attack, and hits within reach."""
    seen = 0
    for model in runs(crisis, 6, proxy_activity=2.0):
        for launch in launched(model):
            decision = chain(model, launch)[1]
            if decision.label != "unasked":
                continue
            seen += 1
            assert (decision.kind, decision.actor, launch.rung) == (
                Kind.DECISION,
                "band",
                ladder.PROXY,
            )
            assert "band" in model.world.sites[launch.place].reached_by
    assert seen > 0


def test_no_activity_no_attack_of_its_own(crisis: Crisis) -> None:
    """With proxies' activity at nought no group strikes unasked."""
    for model in runs(crisis, 8, proxy_activity=0.0):
        assert all(chain(model, e)[1].kind == Kind.OBEDIENCE for e in launched(model))


# Orders


def stand_down(model: CrisisModel) -> Event:
    """Let South order its band to hold fire."""
    said = model.world.record(Kind.CONCLUSION, "south", "north", cause=model.ledger[0])
    clock(model).receive_stand_down(said)
    return said


def hear_of_obedience(model: CrisisModel, hazards: list[float]) -> None:
    """Note the hazard at the moment the order is obeyed or not."""
    model.world.hear(Kind.OBEDIENCE, lambda _: hazards.append(clock(model).hazard()))


def test_a_stand_down_lowers_the_hazard_by_obedience(crisis: Crisis) -> None:
    """Once obeyed, the order leaves the share of the hazard that obedience does not reach."""
    for replicate in range(20):
        model = CrisisModel(crisis=crisis, replicate=replicate, overrides=STILL, **ALONE)
        before: list[float] = []
        hear_of_obedience(model, before)
        aggrieve(model, "band", 6.0)
        stand_down(model)
        while not before:
            model.run_for(0.25)
        obeyed = of(model, Kind.OBEDIENCE)[0]
        if obeyed.values["obeys"] == 1.0:
            break
    obedience = model.world.graph.obedience("band")
    assert before[0] > 0.0
    assert clock(model).hazard() == pytest.approx((1.0 - obedience) * before[0], rel=0.01)
    aggrieve(model, "band", 6.0)
    model.run_until(obeyed.time + STAND_DOWN_H - 1.0)
    aggrieve(model, "band", 6.0)
    held = clock(model).hazard()
    model.run_until(obeyed.time + STAND_DOWN_H + 1.0)
    aggrieve(model, "band", 6.0)
    assert clock(model).hazard() == pytest.approx(held / (1.0 - obedience), rel=0.05)


def test_an_order_is_told_when_given_and_when_heard(crisis: Crisis) -> None:
    """An order leaves the patron at once and reaches the group after its latency."""
    times = []
    for replicate in range(40):
        model = CrisisModel(crisis=crisis, replicate=replicate, overrides=STILL)
        said = stand_down(model)
        model.run_for(60.0)
        order = next(e for e in of(model, Kind.ORDER) if e.cause == said.id)
        heard = next(e for e in of(model, Kind.OBEDIENCE) if e.cause == order.id)
        assert (order.actor, order.target, order.time) == ("south", "band", said.time)
        assert (heard.actor, heard.target) == ("band", "south")
        assert order.label == heard.label == "stand_down"
        times.append(heard.time)
    assert 2.5 < sorted(times)[20] < 6.5


@pytest.mark.parametrize(("scale", "low", "high"), [(0.0, 0, 0), (1.0, 35, 55)])
def test_orders_are_obeyed_as_often_as_obedience(
    crisis: Crisis, scale: float, low: int, high: int
) -> None:
    """Of many orders a share equal to obedience is obeyed; without any obedience none is."""
    obeyed = 0
    for replicate in range(60):
        model = CrisisModel(
            crisis=crisis, replicate=replicate, proxy_obedience=scale, overrides=STILL, **ALONE
        )
        stand_down(model)
        model.run_for(60.0)
        obeyed += of(model, Kind.OBEDIENCE)[0].values["obeys"] == 1.0
    assert low <= obeyed <= high


def ordered(crisis: Crisis, obedience: float) -> Iterator[CrisisModel]:
    """Yield models in which South has ordered a strike by its band, run for 200 hours."""
    for replicate in range(8):
        model = CrisisModel(
            crisis=crisis, replicate=replicate, proxy_obedience=obedience,
            proxy_activity=0.0, overrides={**STILL, "patronage.south.band.obedience": 1.0}, **ALONE,
        )  # fmt: skip
        attack = strike(model, "band", "north-fort", ladder.PROXY, sponsor="south", mode=Mode.PROXY)
        decision = model.world.record(
            Kind.DECISION, "south", "north", rung=ladder.PROXY, cause=model.ledger[0]
        )
        clock(model).receive_order(attack, decision)
        yield model


def test_an_order_to_strike_is_carried_out(crisis: Crisis) -> None:
    """An obeyed order becomes a launch: order, obedience, launch, impact, each from the last."""
    carried_out = 0
    for model in ordered(crisis, 1.0):
        model.run_for(300.0)
        if of(model, Kind.RECALL):
            continue
        carried_out += 1
        landed = of(model, Kind.IMPACT, actor="band")
        kinds = [event.kind for event in chain(model, landed[0])[1:5]]
        assert kinds == [Kind.LAUNCH, Kind.OBEDIENCE, Kind.ORDER, Kind.DECISION]
        assert landed[0].label == "proxy"
    assert carried_out > 0


def test_a_disobeyed_order_ends_there(crisis: Crisis) -> None:
    """A group that does not obey launches nothing."""
    for model in ordered(crisis, 0.0):
        model.run_for(300.0)
        assert of(model, Kind.OBEDIENCE)[0].values["obeys"] == 0.0
        assert not launched(model)


def test_a_stand_down_calls_a_strike_back(crisis: Crisis) -> None:
    """A stand-down that is obeyed before the group has launched recalls the strike ordered."""
    recalled = 0
    for model in ordered(crisis, 1.0):
        model.run_for(0.5)
        stand_down(model)
        model.run_for(300.0)
        held = next(e for e in of(model, Kind.OBEDIENCE) if e.label == "stand_down")
        if launched(model):
            assert launched(model)[0].time < held.time
            continue
        recall = of(model, Kind.RECALL)[0]
        assert (recall.actor, recall.rung) == ("band", ladder.PROXY)
        assert recall.time > held.time
        recalled += 1
    assert recalled > 0
