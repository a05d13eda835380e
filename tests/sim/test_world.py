"""The world of a run: its ledger, who hears what, what is under way, and war."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.event import Event, Kind
from agents.rules import ladder
from sim import CrisisModel, load_crisis
from sim.world import CrisisWorld


@pytest.fixture
def model() -> CrisisModel:
    """Return two states at hour 0."""
    return CrisisModel(crisis="two-states")


@pytest.fixture
def world(model: CrisisModel) -> CrisisWorld:
    """Return the world of two states at hour 0."""
    return model.world


def test_an_event_is_told_once_and_numbered(world: CrisisWorld) -> None:
    """A recorded event is the last of the ledger, with the next id, the time, its cause's id."""
    before = len(world.ledger)
    cause = world.record(Kind.CLAIM, "north", "south")
    event = world.record(Kind.DENIAL, "south", "north", rung=3, values={"share": 0.5}, cause=cause)
    assert world.ledger[before:] == [cause, event]
    assert event == Event(
        before + 1, world.env.now, Kind.DENIAL, "south", "north", rung=3,
        values={"share": 0.5}, cause=before,
    )  # fmt: skip
    assert cause.cause is None


def test_an_event_cannot_be_changed(world: CrisisWorld) -> None:
    """Events are frozen: nobody rewrites what happened."""
    event = world.record(Kind.CLAIM, "north", "south")
    with pytest.raises(AttributeError):
        event.rung = 5  # type: ignore[misc]


def test_listeners_hear_their_kind_in_order(world: CrisisWorld) -> None:
    """Who listens to a kind hears every later event of it, the first registered first."""
    heard: list[tuple[str, int]] = []
    world.record(Kind.CLAIM, "north", "south")
    world.hear(Kind.CLAIM, lambda event: heard.append(("first", event.id)))
    world.hear(Kind.CLAIM, lambda event: heard.append(("second", event.id)))
    world.hear(Kind.DENIAL, lambda event: heard.append(("third", event.id)))
    event = world.record(Kind.CLAIM, "south", "north")
    assert heard == [("first", event.id), ("second", event.id)]


def test_an_impact_is_the_last_strike(world: CrisisWorld) -> None:
    """Every impact, and nothing else, restarts the quiet period."""
    world.last_strike = -1.0
    world.record(Kind.LAUNCH, "north", "south", rung=6)
    assert world.last_strike == -1.0
    values = {"wave": 1.0, "deaths": 0.0, "civilian_deaths": 0.0, "injuries": 0.0}
    world.record(Kind.IMPACT, "north", "south", place="south-harbour", rung=6, values=values)
    assert world.last_strike == world.env.now


def test_what_is_under_way_is_counted(world: CrisisWorld) -> None:
    """Plans under way are counted up and down, also when they end in an error."""
    busy = world.busy
    with world.under_way(), world.under_way():
        assert world.busy == busy + 2
    assert world.busy == busy
    with pytest.raises(RuntimeError), world.under_way():
        raise RuntimeError
    assert world.busy == busy
    with world.report_pending():
        assert (world.busy, world.reports) == (busy, 1)
    assert world.reports == 0


def test_war_is_between_two_and_told_once(world: CrisisWorld) -> None:
    """War makes both each other's enemies; beginning it again, from either side, is nothing new."""
    cause = world.record(Kind.CLAIM, "north", "south")
    assert world.states_at_war == 0
    world.begin_war("north", "south", cause)
    world.begin_war("south", "north", cause)
    wars = [event for event in world.ledger if event.kind == Kind.WAR]
    assert [(e.actor, e.target, e.rung, e.cause) for e in wars] == [
        ("north", "south", ladder.WAR, cause.id)
    ]
    assert world.states_at_war == 2
    assert world.actors["north"].at_war and not world.actors["island"].at_war


def test_time_zero_is_the_start_strike() -> None:
    """The world knows the moment of hour 0, its hour of day, and how far back the script goes."""
    case = load_crisis("january-2020")
    world = CrisisModel(crisis=case, start="al-asad").world
    assert world.start_time == datetime(2020, 1, 7, 22, 34, tzinfo=UTC)
    assert world.start_hour == pytest.approx((22 + 34 / 60) % 24)
    assert world.script_age_h == pytest.approx(-case.hours(case.script[0].time, "al-asad"))


def test_the_hour_of_day_is_utc() -> None:
    """Scripts may be written in local time; the hour of day at hour 0 is that of UTC."""
    world = CrisisModel(crisis="january-2020").world
    assert world.start_hour == pytest.approx(21 + 47 / 60)


def test_places_belong_to_those_whose_forces_are_there(world: CrisisWorld) -> None:
    """Every place is a site of the actor whose forces are there, and everyone has a list."""
    for name, place in load_crisis("two-states").places.items():
        assert world.sites[name] in world.forces[place.forces]
        assert world.sites[name].reached_by == set(place.reached_by)
    assert world.forces["island"] == ()
