"""Make the agents of a crisis and give each the behaviours that its edges call for."""

from __future__ import annotations

from typing import Any

from agents.actor import Actor, Organization, Proxy, State
from agents.ally import AllianceDuty
from agents.assessment import DamageAssessment
from agents.desk import Desk
from agents.host_nation import Hosting
from agents.intermediary import Mediation
from agents.proxy_clock import ProxyClock
from agents.statements import Spokesman
from sim import crisis as schema
from sim.world import CrisisWorld

PROXY_ASSESSMENT_H = 4.0
"""Median time in which an armed group knows its losses."""


def enlist(model: Any, world: CrisisWorld, crisis: schema.Crisis) -> None:
    """Make every actor of a crisis, in the order of its file, and fill ``world.actors``."""
    for id, entry in crisis.actors.items():
        world.actors[id] = _make(model, world, id, entry)
    for rivalry in crisis.rivalries:
        first, second = rivalry.between
        world.actors[first].dyad(second)
        world.actors[second].dyad(first)
    for actor in world.actors.values():
        for behaviour in _behaviours(actor, world):
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


def _behaviours(actor: Actor, world: CrisisWorld) -> list[Any]:
    """Return an actor's behaviours: by what it is, then by its edges."""
    graph = world.graph
    found: list[Any] = []
    if isinstance(actor, State):
        traits = actor.traits
        found.append(DamageAssessment(actor, traits.assessment, traits.casualty_sensitivity))
        found += [Desk(actor), Spokesman(actor), AllianceDuty(actor)]
        if graph.guests(actor.id):
            found.append(Hosting(actor))
    elif isinstance(actor, Proxy):
        found += [DamageAssessment(actor, PROXY_ASSESSMENT_H), ProxyClock(actor)]
    neutral = not graph.rivals(actor.id)
    if isinstance(actor, State | Organization) and neutral and len(graph.channels(actor.id)) > 1:
        found.append(Mediation(actor))
    return found
