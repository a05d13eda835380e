"""Host nations: consent, exposure, restriction, the vote to expel, and the relay of warnings."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from agents.actor import State
from agents.event import Event, Kind
from agents.rules import conduct, ladder
from agents.strike import Notice

CONSENT = ("full", "restricted", "withdrawn")
"""What a host allows a guest, from most to least."""
SPREAD = 0.5
STRUCK_BY_GUEST = 2.2
"""Resentment when a guest makes a proportional strike on the host's soil, in rungs."""
STRUCK_FOR_GUEST = 1.2
"""Resentment when the guest's forces suffer one there, at full exposure."""
THREATENED = 1.0
"""Resentment when the host is threatened for its guest's sake, per full exposure."""
WARNED_DISCOUNT = 0.5
"""Factor on resentment when the host was told beforehand: consultation."""


class Hosting:
    """The behaviour of a host: harm on its soil and threats build resentment, and politics decide.

    Rule: after about two days of politics the host cuts a guest's rights by one step with a
    probability that rises with resentment over tolerance and falls with the alliance.
    """

    def __init__(self, actor: State) -> None:
        self.actor = actor
        self.world = actor.world
        self.resentment: dict[str, float] = {}
        self._warned: set[str] = set()
        self._sitting: set[str] = set()
        self.world.hear(Kind.IMPACT, self._on_impact)
        self.world.hear(Kind.THREAT, self._on_threat)

    def relay(self, guest: str, notice: Notice, cause: Event) -> None:
        """Pass a warning received from an attacker on to the guest it is about."""
        self._warned.add(cause.actor)
        self.world.env.process(self._pass_on(guest, notice, cause))

    def _pass_on(
        self, guest: str, notice: Notice, cause: Event
    ) -> Generator[simpy.Event, None, None]:
        delay = self.actor.host.relay * self.world.parameters.channel_latency
        with self.world.under_way():
            yield self.world.env.timeout(
                self.world.chance.lognormal(self.actor.id, "warn", delay, SPREAD)
            )
        self.world.record(
            Kind.DELIVERY,
            self.actor.id,
            guest,
            values=notice.arrive(self.world.env.now),
            label=Kind.WARNING,
            cause=cause,
        )

    def _on_impact(self, event: Event) -> None:
        if self.world.pinned or event.values["wave"] > 0:
            return
        if self.world.sites[event.place].country != self.actor.id:
            return
        guests = self.world.graph.guests(self.actor.id)
        size = (event.rung or 0) / ladder.PROPORTIONAL
        if event.actor in guests:
            self._resent(event.actor, STRUCK_BY_GUEST * size, event)
        elif event.target in guests:
            told = WARNED_DISCOUNT if event.actor in self._warned else 1.0
            harm = STRUCK_FOR_GUEST * size * self.actor.host.exposure * told
            self._resent(event.target, harm, event)

    def _on_threat(self, event: Event) -> None:
        if event.target != self.actor.id or event.label != "helper" or self.world.pinned:
            return
        for guest in self.world.graph.guests(self.actor.id):
            if event.actor in self.world.graph.rivals(guest):
                self._resent(guest, THREATENED * self.actor.host.exposure, event)

    def _resent(self, guest: str, harm: float, cause: Event) -> None:
        scale = self.world.parameters.host_sensitivity
        self.resentment[guest] = self.resentment.get(guest, 0.0) + scale * harm
        if guest not in self._sitting:
            self._sitting.add(guest)
            self.world.env.process(self._politics(guest, cause))

    def _politics(self, guest: str, cause: Event) -> Generator[simpy.Event, None, None]:
        host, graph = self.actor, self.world.graph
        with self.world.under_way():
            yield self.world.env.timeout(
                self.world.chance.lognormal(host.id, "politics", host.host.politics, SPREAD)
            )
        self._sitting.discard(guest)
        step = CONSENT.index(graph.consent(host.id, guest))
        risk = conduct.host_restricts(
            self.resentment[guest],
            host.host.resentment_tolerance,
            graph.alliance(host.id, guest),
        )
        cut = self.world.chance.happens(host.id, "restrict", risk)
        self.resentment[guest] *= 0.5
        if cut and step < len(CONSENT) - 1:
            graph.set_consent(host.id, guest, CONSENT[step + 1])
            self.world.record(Kind.CONSENT, host.id, guest, label=CONSENT[step + 1], cause=cause)
