"""Make the agents of a crisis, each with its behaviours."""

from __future__ import annotations

from typing import Any

from agents.actor import Actor, Organization, Proxy, State
from sim import crisis as schema
from sim.theatre import Theatre
from sim.world import CrisisWorld


def enlist(model: Any, world: CrisisWorld, theatre: Theatre) -> None:
    """Make every actor of a crisis, in the order of its file, and fill ``world.actors``."""
    crisis = theatre.crisis
    for id, entry in crisis.actors.items():
        world.actors[id] = _make(model, world, id, entry)
    for rivalry in crisis.rivalries:
        first, second = rivalry.between
        world.actors[first].dyad(second)
        world.actors[second].dyad(first)
    for id, actor in world.actors.items():
        for role in theatre.roles[id]:
            behaviour = role(actor)
            actor.behaviours[type(behaviour).__name__] = behaviour


def _make(
    model: Any,
    world: CrisisWorld,
    id: str,
    entry: schema.State | schema.Proxy | schema.Organization,
) -> Actor:
    if isinstance(entry, schema.State):
        return State(
            model,
            world,
            id,
            entry.name,
            traits=entry.traits,
            host=entry.host,
            mediator=entry.mediator,
        )
    if isinstance(entry, schema.Proxy):
        return Proxy(model, world, id, entry.name, traits=entry.traits)
    return Organization(model, world, id, entry.name, mediator=entry.mediator)
