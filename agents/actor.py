"""The Mesa agents: states, proxies and organizations, with the behaviours their edges give."""

from __future__ import annotations

from typing import Any

import mesa

from agents.attack import Attack
from agents.dyad import Dyad
from agents.event import Event
from agents.rules import audience, beliefs
from agents.traits import HostTraits, MediatorTraits, ProxyTraits, StateTraits
from agents.world import World


class Actor(mesa.Agent[Any]):
    """Somebody with a name, accounts with rivals, and a set of behaviours.

    ``behaviours`` maps a behaviour's class name to its instance; an actor hears and decides only
    through them.
    """

    is_state = False
    perception_gain = 1.0
    reaction_gain = 1.0
    tolerance = 3.0
    audience_cost = 0.0
    resolve = 0.5
    capability = 0.0
    identification = 0.5

    def __init__(self, model: Any, world: World, id: str, name: str) -> None:
        super().__init__(model)
        self.world = world
        self.id = id
        self.name = name
        self.dyads: dict[str, Dyad] = {}
        self.behaviours: dict[str, Any] = {}
        self.enemies: set[str] = set()

    @property
    def at_war(self) -> bool:
        """Whether the actor is at full-scale war with anyone."""
        return bool(self.enemies)

    @property
    def grievance(self) -> float:
        """The largest grievance the actor holds now, unassessed harm included, in rungs."""
        now = self.world.env.now
        return max((dyad.standing(now) for dyad in self.dyads.values()), default=0.0)

    def dyad(self, rival: str) -> Dyad:
        """Return the account with a rival, opening it if there is none yet."""
        found = self.dyads.get(rival)
        if found is None:
            found = self.dyads[rival] = self._open(rival)
        return found

    def _open(self, rival: str) -> Dyad:
        parameters = self.world.parameters
        kept, dropped = beliefs.credibility_counts(parameters.threat_credibility)
        return Dyad(
            rival,
            parameters.grievance_half_life,
            kept,
            dropped,
            beliefs.log_odds(self.world.actors[rival].resolve),
        )

    def struck(self, attack: Attack, event: Event, deaths: tuple[int, int, int]) -> None:
        """Take note of a wave on own forces; ``deaths`` are (military, civilian, injured)."""
        assessor = self.behaviours.get("DamageAssessment")
        if assessor is not None:
            assessor.wave(attack, event, deaths)

    def displayed(self, attack: Attack, event: Event) -> None:
        """Credit an own answer that has landed."""
        dyad = self.dyad(attack.victim)
        dyad.settle(self.world.env.now, attack.display, self.reaction_gain)
        dyad.breach = 0.0
        dyad.exchanges += 1
        dyad.said_concluded = False
        if attack.rung >= dyad.vow - 1:
            dyad.vow = 0
        if attack.sponsor != attack.executor:
            self.behaviours["Spokesman"].speak_for(attack, event)


class State(Actor):
    """A state: it deliberates, strikes, assesses, speaks; edges may make it host or mediator.

    ``prospects`` keeps the (harm, deaths) that it expects of a strike, by (rung, place, executor).
    """

    is_state = True

    def __init__(
        self,
        model: Any,
        world: World,
        id: str,
        name: str,
        *,
        traits: StateTraits,
        host: HostTraits,
        mediator: MediatorTraits,
    ) -> None:
        super().__init__(model, world, id, name)
        self.traits = traits
        self.host = host
        self.mediator = mediator
        self.perception_gain = traits.perception_gain
        self.reaction_gain = traits.reaction_gain
        self.tolerance = traits.tolerance
        self.audience_cost = traits.audience_cost
        self.resolve = traits.resolve
        self.capability = traits.capability
        self.identification = traits.identification
        self.blunders = 0
        self.prospects: dict[tuple[int, str, str], tuple[float, float]] = {}
        self._fresh_deaths = 0.0
        self._fresh_as_of = 0.0

    def mourn(self, deaths: float) -> None:
        """Let the public learn of own deaths."""
        now = self.world.env.now
        left = self._fresh_deaths * 0.5 ** ((now - self._fresh_as_of) / audience.STRESS_HALF_LIFE_H)
        self._fresh_deaths, self._fresh_as_of = left + deaths, now

    def shock(self) -> float:
        """Return the stress of fresh own deaths, about 1 for thirty of them."""
        return audience.stress(
            self._fresh_deaths,
            self.world.env.now - self._fresh_as_of,
            self.world.parameters.stress,
        )


class Proxy(Actor):
    """An armed group with a patron and a will of its own."""

    def __init__(
        self, model: Any, world: World, id: str, name: str, *, traits: ProxyTraits
    ) -> None:
        super().__init__(model, world, id, name)
        self.traits = traits
        self.tolerance = traits.tolerance
        self.perception_gain = traits.perception_gain


class Organization(Actor):
    """An actor without forces: it can only carry messages."""

    def __init__(
        self, model: Any, world: World, id: str, name: str, *, mediator: MediatorTraits
    ) -> None:
        super().__init__(model, world, id, name)
        self.mediator = mediator
