"""Damage assessment: expectation, count, report, and the injuries that surface late."""

from __future__ import annotations

import pytest

from agents.assessment import INJURY_DAYS, INJURY_SHARES, WAVE_EXTENSION
from agents.event import Event, Kind
from agents.rules import audience, harm
from agents.strike import land
from sim import CrisisModel
from tests.conftest import MakeCrisis
from tests.support import ALONE, BAND, BY_BAND, STILL, finished, of, runs, state, strike


def shelled(replicate: int = 0, **overrides: float) -> CrisisModel:
    """Return two states in which the shelling stays alone: nobody decides, nothing goes astray."""
    return CrisisModel(
        crisis="two-states", replicate=replicate, overrides={**STILL, **overrides}, **ALONE
    )


def assessed(model: CrisisModel) -> Event:
    """Run on until the shelling is assessed."""
    while not of(model, Kind.ASSESSMENT):
        model.run_for(0.5)
    return of(model, Kind.ASSESSMENT)[0]


def test_harm_is_expected_until_it_is_counted() -> None:
    """At impact harm stands at its expectation; assessment puts the count in its place."""
    model = shelled()
    dyad = state(model, "north").dyad("south")
    assert dyad.grievance(0.0) == 0.0 < dyad.pending()
    event = assessed(model)
    assert dyad.pending() == 0.0 < dyad.grievance(model.time)
    assert event.values == {"deaths": 3, "civilian_deaths": 0}


def test_the_count_is_the_sum_of_what_landed() -> None:
    """An assessment tells all the dead of its attack, over all waves and what went astray."""
    counted = 0
    for model in runs(replicates=10, accident_risk=5.0):
        for event in of(model, Kind.ASSESSMENT):
            first = model.ledger[event.cause or 0]
            of_it = [
                e
                for e in of(model, Kind.IMPACT, Kind.ACCIDENT)
                if e.target == event.actor
                and e.time <= event.time
                and (e.id == first.id or e.cause in (first.cause, first.id))
            ]
            for name in ("deaths", "civilian_deaths"):
                assert event.values[name] == sum(e.values.get(name, 0) for e in of_it)
            counted += 1
    assert counted > 10


@pytest.mark.parametrize("name", ["deaths", "civilian_deaths"])
def test_more_dead_are_resented_more(name: str) -> None:
    """With the same luck, grievance and breach of the red line rise with the dead."""
    held, breached = [], []
    for dead in (0.0, 1.0, 10.0, 100.0):
        model = shelled(**{f"shelling.{name}": dead})
        assessed(model)
        dyad = state(model, "north").dyad("south")
        held.append(dyad.grievance(model.time))
        breached.append(dyad.breach)
    assert held == sorted(set(held))
    assert breached == sorted(breached) and breached[0] < breached[-1] <= 1.0
    assert breached[0] >= audience.BREACH_FLOOR


def test_few_dead_speak_for_restraint_and_many_against_it() -> None:
    """The count moves the belief that the attacker is done: up if few died, down if many."""
    moved = []
    for dead in (0.0, 100.0):
        model = shelled(**{"shelling.deaths": dead})
        before = state(model, "north").dyad("south").concluded
        assessed(model)
        moved.append(state(model, "north").dyad("south").concluded - before)
    assert moved[0] > 0.0 > moved[1]


def test_without_inference_the_count_says_nothing_of_intent() -> None:
    """If no weight is given to deaths as evidence, beliefs about intent do not move."""
    model = CrisisModel(crisis="two-states", harm_inference=0.0, overrides=STILL, **ALONE)
    before = state(model, "north").dyad("south").concluded
    assessed(model)
    assert state(model, "north").dyad("south").concluded == before


def test_a_further_wave_extends_the_assessment() -> None:
    """What is left of an assessment grows by a quarter or so with each further wave."""
    model = shelled()
    due = assessed(shelled()).time
    attack = next(iter(state(model, "north").behaviours["DamageAssessment"].cases.values())).attack
    model.run_until(0.5 * due)
    land(model.world, attack, 1, 0.0, model.ledger[0])
    late = assessed(model)
    assert late.time == pytest.approx(0.5 * due + WAVE_EXTENSION * 0.5 * due)


def test_the_public_is_told_as_candidly_as_its_government_is() -> None:
    """A report follows the assessment and tells the share of deaths that candour allows."""
    for candour in (0.0, 0.5, 1.0):
        model = shelled(**{"north.candour": candour, "shelling.deaths": 40.0})
        event = assessed(model)
        assert state(model, "north").shock() == 0.0
        model.run_for(48.0)
        report = of(model, Kind.REPORT)[0]
        assert report.cause == event.id and report.time > event.time
        assert report.values["deaths_told"] == pytest.approx(40.0 * candour)
        assert (state(model, "north").shock() > 0.0) == (candour > 0.0)


def test_faster_assessment_is_faster() -> None:
    """With the same luck, halving the latency halves the time to the count."""
    for replicate in range(4):
        slow = assessed(shelled(replicate)).time
        quick = CrisisModel(
            crisis="two-states",
            replicate=replicate,
            assessment_latency=0.5,
            overrides=STILL,
            **ALONE,
        )
        assert assessed(quick).time == pytest.approx(0.5 * slow)


# Injuries


def surfaced(model: CrisisModel) -> list[Event]:
    """Return the batches of injuries from the shelling."""
    first = of(model, Kind.ASSESSMENT)[0]
    return [e for e in of(model, Kind.INJURIES) if e.cause == first.id]


@pytest.mark.parametrize("injuries", [0.0, 1.0, 9.0, 109.0])
def test_injuries_surface_over_weeks(injuries: float) -> None:
    """Between day 8 and day 33 the injured come to light in growing shares, all in the end."""
    model = shelled(**{"shelling.injuries": injuries})
    model.run_to_end()
    batches = surfaced(model)
    assert sum(event.values["injuries"] for event in batches) == injuries
    since = of(model, Kind.ASSESSMENT)[0].time
    days = [(event.time - since) / 24.0 for event in batches]
    assert all(any(day == pytest.approx(d) for d in INJURY_DAYS) for day in days)
    assert days == sorted(set(days))
    so_far = [event.values["injuries_so_far"] for event in batches]
    expected = [int(injuries * share + 0.5) for share in INJURY_SHARES]
    assert so_far == sorted(set(expected) - {0})
    assert all(8.0 - 1e-9 <= day <= 33.0 + 1e-9 for day in days)


def test_each_batch_is_resented_a_little() -> None:
    """Injuries add their harm when they surface, a quarter of what as many dead would add."""
    with_, without = shelled(**{"shelling.injuries": 50.0}), shelled(**{"shelling.injuries": 0.0})
    for model in (with_, without):
        model.run_until(24.0 * 45.0)
    assert surfaced(with_)
    held = [state(m, "north").dyad("south").grievance(m.time) for m in (with_, without)]
    most = harm.injury_harm(with_.parameters.casualty_harm, 50)
    assert 0.0 < held[0] - held[1] < most


def test_an_armed_group_knows_and_does_not_report(make_crisis: MakeCrisis) -> None:
    """A group knows its losses within hours and tells no public."""
    camp = """
[places.band-camp]
name = "The band's camp"
country = "south"
forces = "band"
target_class = "military"
vulnerability = { value = 1, unit = "factor", source = "story" }
reached_by = ["north"]

[[rivalries]]
between = ["north", "band"]
intensity = { value = 0.5, unit = "share", source = "story" }
"""
    model = CrisisModel(crisis=make_crisis(BAND, camp, changes=BY_BAND), overrides=STILL, **ALONE)
    land(model.world, strike(model, "north", "band-camp", 7), 0, 0.0, model.ledger[0])
    assert model.world.actors["band"].grievance > 0.0
    model.run_for(72.0)
    count = of(model, Kind.ASSESSMENT, actor="band")
    assert len(count) == 1
    assert not of(model, Kind.REPORT, actor="band")


def test_no_injury_rate_no_injuries() -> None:
    """With the scale of injuries at nought only those of the script surface."""
    for model in runs(replicates=5, injury_rate=0.0, overrides={"shelling.injuries": 0.0}):
        assert not of(model, Kind.INJURIES)
    assert of(finished(overrides={"shelling.injuries": 9.0}), Kind.INJURIES)
