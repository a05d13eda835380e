"""What each actor of a crisis does: its behaviours, by what it is and by its edges."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from agents.ally import AllianceDuty
from agents.assessment import DamageAssessment
from agents.desk import Desk
from agents.host_nation import Hosting
from agents.intermediary import Mediation
from agents.proxy_clock import ProxyClock
from agents.statements import Spokesman
from sim.alliance_graph import AllianceGraph
from sim.crisis import Actor, Crisis, Proxy, State

PROXY_ASSESSMENT_H = 4.0
"""Median time in which an armed group knows its losses."""

type Role = Callable[[Any], Any]
"""Makes a behaviour for an actor."""


def roles(crisis: Crisis, graph: AllianceGraph) -> dict[str, tuple[Role, ...]]:
    """Return what each actor does: by what it is, then by its edges."""
    return {id: tuple(_roles(id, entry, graph)) for id, entry in crisis.actors.items()}


def _roles(id: str, entry: Actor, graph: AllianceGraph) -> list[Role]:
    found: list[Role] = []
    if isinstance(entry, State):
        traits = entry.traits
        found.append(
            partial(
                DamageAssessment,
                median_h=traits.assessment,
                sensitivity=traits.casualty_sensitivity,
            )
        )
        found += [Desk, Spokesman, AllianceDuty]
        if graph.guests(id):
            found.append(Hosting)
    elif isinstance(entry, Proxy):
        found += [partial(DamageAssessment, median_h=PROXY_ASSESSMENT_H), ProxyClock]
    neutral = not graph.rivals(id)
    if not isinstance(entry, Proxy) and neutral and len(graph.channels(id)) > 1:
        found.append(Mediation)
    return found
