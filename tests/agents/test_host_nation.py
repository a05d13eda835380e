"""Host nations: what they resent, when they cut a guest's rights, and what that takes from it."""

from __future__ import annotations

from typing import Any

import pytest

from agents.actor import State
from agents.event import Event, Kind
from agents.host_nation import CONSENT, WARNED_DISCOUNT, Hosting
from agents.menu import bases_refused, bases_restricted, options
from agents.rules import ladder
from sim import CrisisModel
from sim.crisis import Crisis
from tests.conftest import MakeCrisis
from tests.support import HAVEN, PROUD, STILL, finished, of, state, strike

TOUCHY = {"haven.host.resentment_tolerance": 0.0, "haven.host.exposure": 1.0}


@pytest.fixture
def crisis(make_crisis: MakeCrisis) -> Crisis:
    """Return two states with a host of North's forces."""
    return make_crisis(HAVEN)


def hosting(model: CrisisModel) -> Hosting:
    """Return the host's behaviour."""
    behaviour = model.world.actors["haven"].behaviours["Hosting"]
    assert isinstance(behaviour, Hosting)
    return behaviour


def land(model: CrisisModel, attacker: str, place: str, rung: int, wave: int = 0) -> Event:
    """Tell of a strike that killed nobody."""
    attack = strike(model, attacker, place, rung)
    values = {"wave": wave, "deaths": 0, "civilian_deaths": 0, "injuries": 0}
    return model.world.record(
        Kind.IMPACT, attacker, attack.victim, place=place, rung=rung, values=values,
        label="overt", cause=model.ledger[0],
    )  # fmt: skip


def test_only_strikes_on_own_soil_are_resented(crisis: Crisis) -> None:
    """A guest struck on the host's soil is resented for it; struck at home it is not."""
    model = CrisisModel(crisis=crisis)
    land(model, "south", "north-fort", 7)
    assert hosting(model).resentment == {}
    land(model, "south", "north-camp", 7, wave=1)
    assert hosting(model).resentment == {}
    land(model, "south", "north-camp", 7)
    assert hosting(model).resentment["north"] > 0.0


def test_harder_strikes_are_resented_more(crisis: Crisis) -> None:
    """Resentment grows with the rung, adds up over strikes, and scales with sensitivity."""
    felt = []
    for rung, sensitivity in ((6, 1.0), (7, 1.0), (7, 2.0)):
        model = CrisisModel(crisis=crisis, host_sensitivity=sensitivity)
        land(model, "south", "north-camp", rung)
        felt.append(hosting(model).resentment["north"])
    assert felt[1] == pytest.approx(felt[0] * 7 / 6)
    assert felt[2] == pytest.approx(felt[1] * 2)
    land(model, "south", "north-camp", 7)
    assert hosting(model).resentment["north"] == pytest.approx(2 * felt[2])


def test_a_host_that_was_told_resents_less(crisis: Crisis) -> None:
    """Consultation: who passed on a warning of the attacker resents its strike less."""
    told, untold = CrisisModel(crisis=crisis), CrisisModel(crisis=crisis)
    warning = told.world.record(Kind.DELIVERY, "south", "haven", cause=told.ledger[0])
    hosting(told)._warned.add(warning.actor)
    for model in (told, untold):
        land(model, "south", "north-camp", 6)
    felt = [hosting(model).resentment["north"] for model in (told, untold)]
    assert felt[0] == pytest.approx(WARNED_DISCOUNT * felt[1])


def test_a_guest_that_strikes_on_its_hosts_soil_is_resented_most(crisis: Crisis) -> None:
    """Making the host's soil a battlefield is resented more than being struck there."""
    striker, victim = CrisisModel(crisis=crisis), CrisisModel(crisis=crisis)
    land(striker, "north", "north-camp", 7)
    land(victim, "south", "north-camp", 7)
    felt = [hosting(model).resentment["north"] for model in (striker, victim)]
    assert felt[0] > felt[1] > 0.0


def test_a_threatened_host_blames_its_guest(crisis: Crisis) -> None:
    """Being named as a target for a guest's sake is resented; a threat at the guest is not."""
    model = CrisisModel(crisis=crisis)
    model.world.record(Kind.THREAT, "south", "north", rung=8, cause=model.ledger[0])
    assert hosting(model).resentment == {}
    said = model.ledger[-1]
    model.world.record(Kind.THREAT, "south", "haven", rung=8, label="helper", cause=said)
    assert hosting(model).resentment["north"] > 0.0


def test_rights_are_cut_one_step_at_a_time(crisis: Crisis) -> None:
    """An outraged host restricts first and withdraws next, each after politics, and stops there."""
    alone = {"threats": 0.0, "quiet_period": 2000.0, "host_sensitivity": 10.0}
    model = CrisisModel(crisis=crisis, overrides={**TOUCHY, **STILL}, **alone)
    for expected in (["restricted"], ["restricted", "withdrawn"], ["restricted", "withdrawn"]):
        struck = land(model, "south", "north-camp", 9)
        model.run_for(600.0)
        told = of(model, Kind.CONSENT)
        assert [event.label for event in told] == expected
        assert model.world.graph.consent("haven", "north") == expected[-1]
        assert all((e.actor, e.target) == ("haven", "north") for e in told)
        if told[-1].cause == struck.id:
            assert told[-1].time > struck.time
    assert set(CONSENT[1:]) == {"restricted", "withdrawn"}


def test_politics_take_about_as_long_as_they_take(crisis: Crisis) -> None:
    """The decision falls a lognormal time after the blow, with the host's own median."""
    delays = []
    for replicate in range(60):
        model = CrisisModel(
            crisis=crisis, replicate=replicate, horizon=400.0,
            host_sensitivity=10.0, overrides={**TOUCHY, **STILL},
        )  # fmt: skip
        land(model, "south", "north-camp", 9)
        model.run_to_end()
        delays += [event.time for event in of(model, Kind.CONSENT)[:1]]
    assert len(delays) > 50
    assert 30.0 < sorted(delays)[len(delays) // 2] < 75.0


def test_a_patient_host_forgives(crisis: Crisis) -> None:
    """A host whose tolerance is far above its resentment cuts nothing."""
    for replicate in range(10):
        model = CrisisModel(
            crisis=crisis, replicate=replicate, host_sensitivity=0.1,
            overrides={"haven.host.resentment_tolerance": 20.0},
        )  # fmt: skip
        land(model, "south", "north-camp", 6)
        model.run_for(300.0)
        assert not of(model, Kind.CONSENT)


# What it takes from the guest


def menu(actor: State) -> set[int]:
    """Return the rungs that North can choose against South."""
    return {option.rung for option in options(actor, actor.dyad("south"))}


def test_withdrawn_consent_takes_limited_strikes_off_the_menu(crisis: Crisis) -> None:
    """A guest whose only host refuses can make no calibrated and no proportional strike."""
    model = CrisisModel(crisis=crisis)
    north, graph = state(model, "north"), model.world.graph
    limited = {ladder.CALIBRATED, ladder.PROPORTIONAL}
    whole = menu(north)
    assert limited <= whole and not bases_restricted(north)
    graph.set_consent("haven", "north", "restricted")
    assert menu(north) == whole
    assert bases_restricted(north) and not bases_refused(north)
    graph.set_consent("haven", "north", "withdrawn")
    assert bases_refused(north)
    assert whole - menu(north) == limited


def test_without_consent_no_limited_strike_is_chosen(crisis: Crisis) -> None:
    """In a run from withdrawn consent on, the guest never launches on rung 6 or 7."""
    refused = crisis.model_copy(
        update={"basings": (crisis.basings[0].model_copy(update={"consent": "withdrawn"}),)}
    )
    struck = 0
    for replicate in range(15):
        for case in (crisis, refused):
            model = finished(case, replicate=replicate, overrides=PROUD, host_sensitivity=0.0)
            limited = [
                e
                for e in of(model, Kind.LAUNCH, actor="north")
                if e.rung in (ladder.CALIBRATED, ladder.PROPORTIONAL)
            ]
            struck += len(limited)
            assert not (case is refused and limited)
    assert struck > 0


def test_a_restricted_host_slows_preparation(crisis: Crisis) -> None:
    """With the same luck and choice, restricted bases make an order take longer."""
    restricted = crisis.model_copy(
        update={"basings": (crisis.basings[0].model_copy(update={"consent": "restricted"}),)}
    )
    compared = 0
    keys: dict[str, Any] = {"host_sensitivity": 0.0, "choice_precision": 0.3, "overrides": PROUD}
    for replicate in range(25):
        orders = [
            of(finished(case, replicate=replicate, **keys), Kind.PREPARATION, actor="north")
            for case in (crisis, restricted)
        ]
        if not all(orders):
            continue
        open_, slow = (events[0] for events in orders)
        if open_.rung == slow.rung and open_.rung not in (ladder.CALIBRATED, ladder.WAR):
            times = [event.values["launch_at_h"] - event.time for event in (open_, slow)]
            assert times[1] > times[0]
            compared += 1
    assert compared > 0
