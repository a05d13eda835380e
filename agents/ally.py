"""Allies: at risk for a partner's sake, urging restraint, and joining or abandoning its war."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from agents.actor import State
from agents.event import Event, Kind
from agents.rules import conduct, grievance

SPREAD = 0.6
URGING_H = 24.0
"""Median time until an ally makes itself heard."""
JOINING_H = 36.0
"""Median time until an ally decides on a partner's war."""
URGING_HALF_LIFE_H = 240.0


class AllianceDuty:
    """The behaviour of an ally: pressure on partners, and the choice to join their wars.

    Rule: an ally exposed to the enemy's reach or named in a threat urges restraint; in a partner's
    war it joins with a probability that rises with the alliance and own losses and falls with fear.
    """

    def __init__(self, actor: State) -> None:
        self.actor = actor
        self.world = actor.world
        self.threats: dict[str, int] = {}
        self._urged: list[tuple[float, float]] = []
        self._struck_by: set[str] = set()
        self.world.hear(Kind.THREAT, self._on_threat)
        self.world.hear(Kind.IMPACT, self._on_impact)
        self.world.hear(Kind.WAR, self._on_war)
        self.world.hear(Kind.JOIN, self._on_war)

    # Asked by a partner's decision

    def restraint_urged(self, now: float) -> float:
        """Return the pressure of partners for restraint, in alliance strengths, fading."""
        return sum(
            grievance.decayed(weight, now - at, URGING_HALF_LIFE_H) for weight, at in self._urged
        )

    def allies_threatened_by(self, rival: str) -> float:
        """Return the strength of alliances with those whom a rival has named as targets."""
        total = 0.0
        for ally, strength in self.world.graph.allies(self.actor.id):
            duty = self.world.actors[ally].behaviours.get("AllianceDuty")
            if duty is not None and rival in duty.threats:
                total += strength
        return total

    # What comes in

    def _on_threat(self, event: Event) -> None:
        if event.target == self.actor.id and event.label == "helper":
            self.threats[event.actor] = event.rung or 0
            self._urge_partners(event.actor, event)

    def _on_impact(self, event: Event) -> None:
        if event.target == self.actor.id and event.values["wave"] == 0:
            self._struck_by.add(event.actor)

    def _urge_partners(self, enemy: str, cause: Event) -> None:
        if self.world.pinned:
            return
        for partner, strength in self.world.graph.allies(self.actor.id):
            other = self.world.actors[partner]
            if enemy in other.dyads and "AllianceDuty" in other.behaviours:
                self.world.env.process(self._urge(partner, strength, cause))

    def _urge(
        self, partner: str, strength: float, cause: Event
    ) -> Generator[simpy.Event, None, None]:
        delay = self.world.chance.lognormal(self.actor.id, "urge", URGING_H, SPREAD)
        with self.world.under_way():
            yield self.world.env.timeout(delay)
        weight = strength * self.actor.host.exposure
        self.world.actors[partner].behaviours["AllianceDuty"].hear_urging(weight)
        event = self.world.record(
            Kind.ALLY_PRESSURE,
            self.actor.id,
            partner,
            values={"restraint": weight},
            cause=cause,
        )
        desk = self.world.actors[partner].behaviours.get("Desk")
        if desk is not None:
            desk.ring(cause.actor, event, harm=False)

    def hear_urging(self, weight: float) -> None:
        """Take a partner's plea for restraint to heart."""
        self._urged.append((weight, self.world.env.now))

    # War

    def _on_war(self, event: Event) -> None:
        for partner, enemy in ((event.actor, event.target), (event.target, event.actor)):
            strength = self.world.graph.alliance(self.actor.id, partner)
            if strength > 0.0 and self.actor.id != enemy and enemy not in self.actor.enemies:
                self.world.env.process(self._weigh_joining(partner, enemy, strength, event))

    def _weigh_joining(
        self, partner: str, enemy: str, strength: float, cause: Event
    ) -> Generator[simpy.Event, None, None]:
        delay = self.world.chance.lognormal(self.actor.id, "join-time", JOINING_H, SPREAD)
        with self.world.under_way():
            yield self.world.env.timeout(delay)
        if enemy in self.actor.enemies:
            return
        reached = any(
            enemy in site.reached_by and site.country == self.actor.id
            for site in self.world.sites.values()
        )
        fear = (2.0 if reached else 0.5) + 1.0 * (enemy in self.threats)
        chance = conduct.ally_joins(
            strength,
            enemy in self._struck_by,
            self.actor.host.exposure,
            fear,
            self.world.parameters.ally_entrapment,
        )
        if self.world.chance.happens(self.actor.id, "join", chance):
            self.actor.enemies.add(enemy)
            self.world.actors[enemy].enemies.add(self.actor.id)
            self.world.record(Kind.JOIN, self.actor.id, enemy, label=partner, cause=cause)
