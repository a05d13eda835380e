"""Intermediaries: protecting powers and mediators, who withdraw when angered or threatened."""

from __future__ import annotations

from agents.actor import Organization, State
from agents.event import Event, Kind
from agents.rules import conduct

THREAT_HARM = 2.5
"""What being threatened weighs, in rungs."""
STRIKE_HARM = 3.0
"""What a strike on own soil weighs, in rungs."""
FLOUTED_HARM = 0.3
"""What each strike weighs after an intermediary has carried words of restraint."""


class Mediation:
    """The behaviour of an intermediary: it carries messages as long as it has the patience.

    Rule: harm, threats and flouted messages add up against patience; each addition may make it
    withdraw: it then relays nothing, though it may still be spoken to.
    """

    def __init__(self, actor: State | Organization) -> None:
        self.actor = actor
        self.world = actor.world
        self.strain = 0.0
        self.withdrawn = False
        self._carried = False
        self.world.hear(Kind.THREAT, self._on_threat)
        self.world.hear(Kind.IMPACT, self._on_impact)
        self.world.hear(Kind.MESSAGE, self._on_message)

    def _on_message(self, event: Event) -> None:
        route = self.world.graph.route(event.actor, event.target)
        self._carried = self._carried or any(leg.receiver == self.actor.id for leg in route[:-1])

    def _on_threat(self, event: Event) -> None:
        if event.target == self.actor.id:
            self._bear(THREAT_HARM, event)

    def _on_impact(self, event: Event) -> None:
        if event.values["wave"] > 0:
            return
        if self.world.sites[event.place].country == self.actor.id:
            self._bear(STRIKE_HARM, event)
        elif self._carried:
            self._bear(FLOUTED_HARM, event)

    def _bear(self, harm: float, cause: Event) -> None:
        if self.world.pinned or self.withdrawn:
            return
        self.strain += harm
        risk = conduct.mediator_withdraws(self.strain, self.actor.mediator.patience)
        if not self.world.chance.happens(self.actor.id, "withdraw", risk):
            return
        self.withdrawn = True
        self.world.graph.stop_relaying(self.actor.id)
        self.world.record(Kind.WITHDRAWAL, self.actor.id, cause=cause)
