"""Proxies: their own clock, their patron's orders, and how far they obey them."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from agents.actor import Proxy
from agents.attack import Attack, Mode
from agents.event import Event, Kind
from agents.rules import conduct, ladder
from agents.strike import Notice, fly
from agents.world import Site, TargetClass

REVIEW_H = 168.0
"""Longest time between two looks at one's own grievance."""
SPENT = 1e-12
"""Luck left that counts as none, for rounding."""
SPREAD = 0.5
STAND_DOWN_H = 336.0
"""How long a stand-down order holds."""


class ProxyClock:
    """The behaviour of an armed group: it strikes on order, or when its own clock runs out.

    Rule: own attacks come with a hazard that grows with its grievance and, for a proxy off the
    leash, its patron's; a stand-down order cuts the hazard by its obedience. News sets the clock
    anew without changing the luck already spent.
    """

    def __init__(self, actor: Proxy) -> None:
        self.actor = actor
        self.world = actor.world
        self._quiet_until = float("-inf")
        self._quiet_share = 0.0
        self._process: simpy.Process | None = None
        self.world.hear(Kind.START, self._on_start)
        self.world.hear(Kind.ASSESSMENT, self._on_news)

    # The own clock

    def _on_start(self, _event: Event) -> None:
        self._process = self.world.env.process(self._run())

    def _on_news(self, event: Event) -> None:
        concerned = event.actor in (self.actor.id, self.world.graph.patron(self.actor.id))
        process = self._process
        if concerned and process is not None and process.is_alive:
            process.interrupt(event)

    def _run(self) -> Generator[simpy.Event, None, None]:
        """Spend an exponential amount of luck at the present hazard, again and again."""
        env = self.world.env
        luck = self.world.chance.exponential(self.actor.id, "hazard", 1.0)
        cause: Event | None = None
        while True:
            hazard = self.hazard()
            began = env.now
            wait = min(REVIEW_H, luck / hazard) if hazard > 0.0 else REVIEW_H
            try:
                yield env.timeout(wait)
            except simpy.Interrupt as interrupt:
                cause = interrupt.cause
            luck -= hazard * (env.now - began)
            if luck <= SPENT:
                self._strike_unasked(cause)
                luck = self.world.chance.exponential(self.actor.id, "hazard", 1.0)

    def hazard(self) -> float:
        """Return own attacks per hour at this moment."""
        graph, now = self.world.graph, self.world.env.now
        patron = graph.patron(self.actor.id)
        patron_grievance = self.world.actors[patron].grievance if patron is not None else 0.0
        obedience = graph.obedience(self.actor.id) * self.world.parameters.proxy_obedience
        hazard = conduct.proxy_hazard(
            self.actor.traits.attack_rate * self.world.parameters.proxy_activity,
            self.actor.grievance,
            self.actor.traits.tolerance,
            patron_grievance,
            1.0 - obedience,
        )
        if now < self._quiet_until:
            hazard *= 1.0 - self._quiet_share
        return hazard

    def _target(self) -> Site | None:
        """Return a site of the rival it resents most, or of its patron's; None if out of reach."""
        now = self.world.env.now
        patron = self.world.graph.patron(self.actor.id)
        weights: dict[str, float] = {}
        for owner in (self.actor.id, patron):
            if owner is not None:
                for dyad in self.world.actors[owner].dyads.values():
                    weights[dyad.rival] = weights.get(dyad.rival, 0.0) + dyad.standing(now)
        sites = [
            site
            for site in self.world.sites.values()
            if self.actor.id in site.reached_by
            and site.target_class == TargetClass.MILITARY
            and weights.get(site.forces, 0.0) > 0.0
        ]
        if not sites:
            return None
        most = max(weights[site.forces] for site in sites)
        sites = [site for site in sites if weights[site.forces] == most]
        return sites[int(self.world.chance.uniform(self.actor.id, "target") * len(sites))]

    def _strike_unasked(self, cause: Event | None) -> None:
        site = self._target()
        if site is None:
            return
        dyad = self.actor.dyad(site.forces)
        event = self.world.record(
            Kind.DECISION,
            self.actor.id,
            site.forces,
            place=site.id,
            rung=ladder.PROXY,
            values={"grievance": dyad.standing(self.world.env.now), "hazard": self.hazard()},
            label="unasked",
            cause=cause,
        )
        attack = Attack(
            id=event.id,
            executor=self.actor.id,
            sponsor=self.actor.id,
            victim=site.forces,
            site=site,
            rung=ladder.PROXY,
            mode=Mode.PROXY,
            target_class=site.target_class,
            display=ladder.PROXY * ladder.PROXY_VISIBILITY,
            scale=self.actor.traits.lethality * self.world.parameters.lethality,
        )
        self.world.env.process(fly(self.world, attack, self._flight(), event, Notice()))

    # Orders

    def receive_order(self, attack: Attack, cause: Event) -> None:
        """Take an order to strike from the patron; obedience decides whether it is carried out."""
        self.world.env.process(self._carry_out(attack, cause))

    def receive_stand_down(self, cause: Event) -> None:
        """Take an order to hold fire."""
        self.world.env.process(self._stand_down(cause))

    def _order(self, label: str, cause: Event) -> Generator[simpy.Event, None, Event | None]:
        """Let an order travel; return the event of obedience, or None if it is disobeyed."""
        graph, chance = self.world.graph, self.world.chance
        patron = cause.actor
        order = self.world.record(Kind.ORDER, patron, self.actor.id, label=label, cause=cause)
        latency = graph.order_latency(self.actor.id)
        yield self.world.env.timeout(chance.lognormal(self.actor.id, "order", latency, SPREAD))
        obedience = graph.obedience(self.actor.id) * self.world.parameters.proxy_obedience
        obeys = chance.happens(self.actor.id, "obey", obedience)
        event = self.world.record(
            Kind.OBEDIENCE,
            self.actor.id,
            patron,
            values={"obeys": float(obeys)},
            label=label,
            cause=order,
        )
        return event if obeys else None

    def _carry_out(self, attack: Attack, cause: Event) -> Generator[simpy.Event, None, None]:
        with self.world.under_way():
            obeyed = yield from self._order("strike", cause)
            if obeyed is None:
                return
            reaction = self.actor.traits.reaction * self.world.parameters.preparation_time
            yield self.world.env.timeout(
                self.world.chance.lognormal(self.actor.id, "reaction", reaction, SPREAD)
            )
            if self.world.env.now < self._quiet_until:
                self.world.record(Kind.RECALL, self.actor.id, attack.victim, rung=attack.rung,
                                  cause=obeyed)  # fmt: skip
                return
        yield from fly(self.world, attack, self._flight(), obeyed, Notice())

    def _stand_down(self, cause: Event) -> Generator[simpy.Event, None, None]:
        with self.world.under_way():
            obeyed = yield from self._order("stand_down", cause)
        graph = self.world.graph
        if obeyed is not None:
            self._quiet_until = self.world.env.now + STAND_DOWN_H
            self._quiet_share = (
                graph.obedience(self.actor.id) * self.world.parameters.proxy_obedience
            )
            self._on_news(obeyed)

    def _flight(self) -> float:
        return self.world.chance.lognormal(self.actor.id, "flight", self.actor.traits.flight, 0.3)
