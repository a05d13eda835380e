"""Measures below force: protest, sanctions, a show of force."""

from __future__ import annotations

from agents.event import Event, Kind
from agents.rules import harm, ladder
from agents.world import World


def take(world: World, actor: str, target: str, rung: int, cause: Event) -> Event:
    """Take a measure: it settles a little of the actor's grievance and adds to the target's."""
    event = world.record(
        Kind.MEASURE, actor, target, rung=rung, label=ladder.RUNG_NAMES[rung], cause=cause
    )
    now, own, other = world.env.now, world.actors[actor], world.actors[target]
    own.dyad(target).settle(now, ladder.SOFT_VISIBILITY * rung, own.reaction_gain)
    other.dyad(actor).accrue(now, harm.BASE_HARM[rung], 1.0, other.perception_gain)
    return event
