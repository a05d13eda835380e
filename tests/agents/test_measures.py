"""Measures below force: they are told, settle a little at home and add a little abroad."""

from __future__ import annotations

import pytest

from agents import measures
from agents.event import Kind
from agents.rules import harm, ladder
from sim import CrisisModel

MEASURES = (ladder.PROTEST, ladder.SANCTIONS, ladder.SHOW_OF_FORCE)


@pytest.mark.parametrize("rung", MEASURES)
@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_a_measure_settles_at_home_and_adds_abroad(rung: int, gain: float) -> None:
    """It settles six tenths of its rung, less for the exacting, and the target feels its harm."""
    model = CrisisModel(crisis="two-states")
    world, north, south = model.world, model.world.actors["north"], model.world.actors["south"]
    now = world.env.now
    north.reaction_gain, south.perception_gain = gain, gain
    north.dyad("south").accrue(now, 9.0, 1.0, 1.0)
    held, felt = north.dyad("south").grievance(now), south.dyad("north").grievance(now)
    event = measures.take(world, "north", "south", rung, model.ledger[0])
    assert (event.kind, event.actor, event.target, event.rung) == (
        Kind.MEASURE,
        "north",
        "south",
        rung,
    )
    assert event.label == ladder.RUNG_NAMES[rung]
    assert event.cause == model.ledger[0].id
    left = held - ladder.SOFT_VISIBILITY * rung / gain
    assert north.dyad("south").grievance(now) == pytest.approx(left)
    added = south.dyad("north").grievance(now) - felt
    assert added == pytest.approx(gain * harm.BASE_HARM[rung])


def test_a_measure_settles_no_more_than_there_is() -> None:
    """A show of force over a trifle leaves no grievance, and no credit for the next."""
    model = CrisisModel(crisis="two-states")
    north = model.world.actors["north"].dyad("south")
    north.settle(model.world.env.now, 100.0, 1.0)
    measures.take(model.world, "north", "south", ladder.SHOW_OF_FORCE, model.ledger[0])
    assert north.grievance(model.world.env.now) == 0.0
