"""Whose work was it? Blame for deniable attacks grows with time and may miss (model section 7)."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from agents.attack import Attack, Mode
from agents.dyad import Dyad
from agents.event import Kind
from agents.rules import audience, beliefs, conduct

if TYPE_CHECKING:
    from agents.actor import Actor, State
    from agents.assessment import Case

MEDIAN_H = 36.0
"""Median time to trace a deniable attack; such attacks are answered at a median of 139 h, avowed
ones at 32 h (episodes)."""
SPREAD = 0.9
BLAMED = 0.5
"""Share of blame from which an attack provokes an answer."""
HUSHED_SHARE = 0.3
"""Part of the harm that still counts when a traced attack is kept quiet (Carson 2018)."""


def first_blame(victim: Actor, attack: Attack) -> dict[str, float]:
    """Return the share of blame by actor at the moment of impact.

    An overt attack is its sponsor's. A proxy's is the proxy's, and its patron's by suspicion.
    Nobody is blamed for a covert one yet.
    """
    if attack.mode == Mode.OVERT:
        return {attack.sponsor: 1.0}
    if attack.mode == Mode.COVERT:
        return {}
    blame = {attack.executor: 1.0}
    patron = victim.world.graph.patron(attack.executor)
    if patron is not None and patron != victim.id:
        blame[patron] = conduct.attribution_share(False, victim.identification)
    return blame


def attribute(victim: State, case: Case) -> Generator[simpy.Event, None, None]:
    """Trace a deniable attack: to its sponsor, to somebody else, or to nobody."""
    world, attack = victim.world, case.attack
    median = MEDIAN_H * world.parameters.attribution_latency
    with world.under_way():
        yield world.env.timeout(world.chance.lognormal(victim.id, "attribute", median, SPREAD))
    capability = world.parameters.attribution_capability
    if not world.chance.happens(victim.id, "trace", conduct.traced_probability(capability)):
        return
    correct = world.chance.happens(victim.id, "identify", victim.traits.identification)
    suspect = _suspect(victim, attack, correct)
    if suspect is None:
        return
    share = conduct.attribution_share(True, victim.traits.identification)
    hushed = attack.mode == Mode.COVERT and world.chance.happens(
        victim.id, "collude", victim.traits.collusion
    )
    kind = Kind.SILENCE if hushed else Kind.ATTRIBUTION
    event = world.record(
        kind,
        victim.id,
        suspect,
        place=attack.site.id,
        rung=attack.rung,
        values={"share": share, "correct": float(correct)},
        cause=case.event,
    )
    _blame(victim, case, suspect, share * (HUSHED_SHARE if hushed else 1.0))
    desk = victim.behaviours.get("Desk")
    if desk is not None and not hushed:
        desk.ring(suspect, event, harm=True)


def _suspect(victim: State, attack: Attack, correct: bool) -> str | None:
    """Return who is blamed: the sponsor, or the rival most resented of the others."""
    if correct:
        return attack.sponsor
    now = victim.world.env.now
    others = [r for r in victim.world.graph.rivals(victim.id) if r != attack.sponsor]
    return max(others, key=lambda rival: victim.dyad(rival).standing(now), default=None)


def _blame(victim: State, case: Case, suspect: str, share: float) -> None:
    """Add what the suspect was not yet blamed for."""
    world = victim.world
    added = max(0.0, share - case.blame.get(suspect, 0.0))
    dyad = victim.dyad(suspect)
    felt = case.harm(world.parameters.casualty_harm, victim.traits.casualty_sensitivity)
    if case.assessed:
        dyad.accrue(world.env.now, felt, added, victim.perception_gain)
    else:
        dyad.unassessed[case.attack.id] = felt * share * victim.perception_gain
    case.blame[suspect] = max(share, case.blame.get(suspect, 0.0))
    if share >= BLAMED:
        provoke(dyad, case.attack, world.env.now)


def provoke(dyad: Dyad, attack: Attack, now: float) -> None:
    """Let an attack that is blamed on a rival change what is held and believed of it."""
    dyad.provocation = attack
    dyad.last_struck = now
    dyad.offer = None
    dyad.breach = max(dyad.breach, audience.BREACH_FLOOR)
    dyad.resolved = beliefs.updated(dyad.resolved, beliefs.resolve_ratio(attack.rung))
    dyad.concluded = beliefs.updated(dyad.concluded, beliefs.WAVE_RATIO)
