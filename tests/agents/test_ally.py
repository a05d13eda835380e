"""Allies: they urge restraint when they are named, and join a partner's war or stay out of it."""

from __future__ import annotations

import pytest

from agents.ally import URGING_HALF_LIFE_H, AllianceDuty
from agents.appraisal import weigh
from agents.event import Event, Kind
from agents.menu import options
from agents.rules import ladder
from agents.situation import survey
from sim import CrisisModel
from sim.crisis import Crisis
from tests.conftest import MakeCrisis
from tests.support import FRIEND, STILL, of, state

LOYAL = 10.0
"""Entrapment at which every ally joins."""


@pytest.fixture
def crisis(make_crisis: MakeCrisis) -> Crisis:
    """Return two states with an ally of North within South's reach."""
    return make_crisis(FRIEND)


def duty(model: CrisisModel, name: str) -> AllianceDuty:
    """Return a state's duty to its allies."""
    behaviour = model.world.actors[name].behaviours["AllianceDuty"]
    assert isinstance(behaviour, AllianceDuty)
    return behaviour


def calm(crisis: Crisis, replicate: int = 0, **arguments: float) -> CrisisModel:
    """Return a model in which nobody decides or threatens by itself."""
    return CrisisModel(
        crisis=crisis, replicate=replicate, threats=0.0, overrides=STILL, **arguments
    )


def threaten(model: CrisisModel, whom: str) -> Event:
    """Let South name somebody as a target for North's sake."""
    return model.world.record(
        Kind.THREAT, "south", whom, rung=8, label="helper", cause=model.ledger[0]
    )


# Restraint


def test_a_named_ally_urges_restraint(crisis: Crisis) -> None:
    """An ally that a rival has named makes itself heard some hours later, for that reason."""
    model = calm(crisis)
    threat = threaten(model, "friend")
    assert duty(model, "north").restraint_urged(model.time) == 0.0
    model.run_for(200.0)
    plea = of(model, Kind.ALLY_PRESSURE)
    assert [(e.actor, e.target, e.cause) for e in plea] == [("friend", "north", threat.id)]
    assert plea[0].time > threat.time
    assert duty(model, "north").restraint_urged(plea[0].time) == plea[0].values["restraint"] > 0.0


def test_who_is_no_ally_urges_nobody(crisis: Crisis) -> None:
    """A named state without an alliance to the threatened urges nobody."""
    model = calm(crisis)
    threaten(model, "island")
    model.run_for(200.0)
    assert not of(model, Kind.ALLY_PRESSURE)


def test_a_plea_fades(crisis: Crisis) -> None:
    """A partner's plea weighs half as much after its half-life."""
    model = calm(crisis)
    duty(model, "north").hear_urging(0.8)
    assert duty(model, "north").restraint_urged(0.0) == 0.8
    assert duty(model, "north").restraint_urged(URGING_HALF_LIFE_H) == pytest.approx(0.4)


def test_a_plea_reaches_the_desk(crisis: Crisis) -> None:
    """A plea is news to a partner that is weighing its answer."""
    model = calm(crisis)
    threaten(model, "friend")
    model.run_for(200.0)
    plea = of(model, Kind.ALLY_PRESSURE)[0]
    assert plea.id in [event.cause for event in of(model, Kind.NEWS, actor="north")]


def test_allies_at_risk_and_pleas_weigh_against_overt_force(crisis: Crisis) -> None:
    """Each plea and each ally within a threat makes overt force dearer, the more the higher."""
    model = calm(crisis)
    north = state(model, "north")

    def coalition() -> dict[int, float]:
        situation = survey(north, "south")
        return {
            option.rung: weigh(north, "south", situation, option).coalition
            for option in options(north, north.dyad("south"))
        }

    before = coalition()
    threaten(model, "friend")
    assert duty(model, "north").allies_threatened_by("south") == pytest.approx(0.8)
    threatened = coalition()
    duty(model, "north").hear_urging(0.5)
    urged = coalition()
    for rung in before:
        if rung > ladder.PROXY:
            assert urged[rung] < threatened[rung] < before[rung]
        else:
            assert urged[rung] == threatened[rung] == before[rung]
    higher, lower = ladder.PROPORTIONAL, ladder.CALIBRATED
    assert before[higher] - urged[higher] > before[lower] - urged[lower]


# War


def at_war(crisis: Crisis, entrapment: float, replicate: int = 0) -> CrisisModel:
    """Return a finished run in which North and South were at war from hour 1 on."""
    model = calm(crisis, replicate, ally_entrapment=entrapment)
    model.run_for(1.0)
    model.world.begin_war("north", "south", model.ledger[-1])
    model.run_to_end()
    return model


def test_a_loyal_ally_joins(crisis: Crisis) -> None:
    """An ally that would join any war joins its partner's, hours or days after it began."""
    model = at_war(crisis, LOYAL)
    war, joined = of(model, Kind.WAR)[0], of(model, Kind.JOIN)
    assert [(e.actor, e.target, e.label, e.cause) for e in joined] == [
        ("friend", "south", "north", war.id)
    ]
    assert joined[0].time > war.time
    assert "south" in state(model, "friend").enemies
    assert "friend" in state(model, "south").enemies
    assert model.outcome().outcome == "regional_war"
    assert model.outcome().allies_joined == 1


def test_without_entrapment_nobody_joins(crisis: Crisis) -> None:
    """If nothing can draw an ally in, wars stay between two."""
    for replicate in range(5):
        model = at_war(crisis, 0.0, replicate)
        assert not of(model, Kind.JOIN)
        assert model.outcome().outcome == "war"


def test_only_allies_join(crisis: Crisis) -> None:
    """The island, allied to nobody, stays out of every war."""
    for replicate in range(5):
        assert {e.actor for e in of(at_war(crisis, LOYAL, replicate), Kind.JOIN)} == {"friend"}


def test_own_losses_pull_in_and_a_named_threat_holds_back(crisis: Crisis) -> None:
    """Of many allies more join that were struck themselves, and fewer that were threatened."""
    joined = {"struck": 0, "plain": 0, "threatened": 0}
    for replicate in range(60):
        for case in joined:
            model = calm(crisis, replicate, horizon=300.0)
            if case == "struck":
                values = {"wave": 0.0, "deaths": 0.0, "civilian_deaths": 0.0, "injuries": 0.0}
                model.world.record(
                    Kind.IMPACT, "south", "friend", place="friend-port", rung=8, values=values,
                    cause=model.ledger[0],
                )  # fmt: skip
            elif case == "threatened":
                duty(model, "friend").threats["south"] = 8
            model.world.begin_war("north", "south", model.ledger[0])
            model.run_to_end()
            joined[case] += bool(of(model, Kind.JOIN))
    assert joined["threatened"] < joined["plain"] < joined["struck"]


def test_an_ally_joins_once(crisis: Crisis) -> None:
    """However often its partner's war is told, an ally joins it once."""
    for replicate in range(5):
        model = at_war(crisis, LOYAL, replicate)
        model.world.begin_war("north", "south", model.ledger[0])
        assert len(of(model, Kind.JOIN)) == len(of(model, Kind.WAR)) == 1
