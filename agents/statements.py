"""Words after deeds: claims, denials, vows, threats, and the statement that an answer is complete.

Each public word costs its speaker something later; that is what makes it move anyone.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from agents.actor import State
from agents.attack import Attack, Mode
from agents.event import Event, Kind
from agents.messages import carry
from agents.rules import audience, beliefs, conduct, ladder
from agents.rules.mathematics import sigmoid
from agents.situation import expected_reply

SPREAD = 0.5
"""Log standard deviation of the time to a statement."""
TRUST = 0.6
"""Trust in a rival's private word, in [0, 1]."""


class Spokesman:
    """The behaviour of speaking after a strike, one's own or the rival's.

    Rule: a conclusion is declared when the reply it averts is worth more than swallowing what is
    left; a threat is made when the deterrence it buys exceeds the expected cost of the bluff.
    """

    def __init__(self, actor: State) -> None:
        self.actor = actor
        self.world = actor.world
        self.world.hear(Kind.IMPACT, self._on_impact)
        self.world.hear(Kind.CONCLUSION, self._on_conclusion)
        self.world.hear(Kind.THREAT, self._on_threat)

    # Speaking

    def _on_impact(self, event: Event) -> None:
        if self.world.pinned or event.values["wave"] > 0 or self.actor.at_war:
            return
        if event.actor == self.actor.id:
            self.world.env.process(self._after_own_strike(event))
        elif event.target == self.actor.id:
            self.world.env.process(self._after_being_struck(event))

    def speak_for(self, attack: Attack, impact: Event) -> None:
        """Speak about an attack a proxy made on this actor's order."""
        if not self.world.pinned and not self.actor.at_war:
            self.world.env.process(self._after_own_strike(impact, attack.mode))

    def _pause(self) -> simpy.Timeout:
        delay = self.world.parameters.statement_delay
        return self.world.env.timeout(
            self.world.chance.lognormal(self.actor.id, "statement", delay, SPREAD)
        )

    def _chooses(self, purpose: str, worth: float, scale: float = 1.0) -> bool:
        """Return whether something of this worth (utility) is said: quantal response of two."""
        precision = self.world.parameters.choice_precision
        return self.world.chance.happens(self.actor.id, purpose, scale * sigmoid(precision * worth))

    def _after_own_strike(
        self, impact: Event, mode: str | None = None
    ) -> Generator[simpy.Event, None, None]:
        with self.world.under_way():
            yield self._pause()
        actor, rival = self.actor, impact.target
        if actor.at_war:
            return
        openly = (mode or impact.label) == Mode.OVERT
        claim = Kind.CLAIM if openly else Kind.DENIAL
        said = self.world.record(claim, actor.id, rival, place=impact.place, cause=impact)
        self._maybe_threaten(rival, min(ladder.CITIES, (impact.rung or 0) + 1), said)
        if openly:
            self._maybe_conclude(rival, said)

    def _after_being_struck(self, impact: Event) -> Generator[simpy.Event, None, None]:
        """Vow an answer if the harm seems beyond what can be left unanswered."""
        with self.world.under_way():
            yield self._pause()
        actor, now = self.actor, self.world.env.now
        blamed = [d for d in actor.dyads.values() if d.last_struck >= impact.time]
        if actor.at_war or not blamed:
            return
        dyad = max(blamed, key=lambda d: d.standing(now))
        anger = sigmoid(1.5 * (dyad.standing(now) - actor.tolerance - 1.0))
        hawks = audience.hawk_share(actor.traits.hawk_share, actor.shock())
        scale = min(1.0, self.world.parameters.threats)
        if self.world.chance.happens(actor.id, "vow", scale * min(1.0, 2.0 * hawks) * anger):
            dyad.vow = min(ladder.PROPORTIONAL, max(ladder.PROXY, round(dyad.standing(now))))
            self.world.record(Kind.VOW, actor.id, dyad.rival, rung=dyad.vow, cause=impact)

    def _maybe_conclude(self, rival: str, cause: Event) -> None:
        """Declare one's answer complete, in public and in private, if that is worth it."""
        actor, world = self.actor, self.world
        traits, parameters = actor.traits, world.parameters
        dyad, view = actor.dyad(rival), world.actors[rival].dyad(actor.id)
        now = world.env.now
        cost = traits.audience_cost * parameters.audience_cost
        left = dyad.grievance(now)
        before = view.belief_concluded(now)
        ratio = beliefs.statement_ratio(cost, parameters.statement_weight)
        after = beliefs.probability(beliefs.updated(view.concluded, ratio))
        aversion = traits.reply_aversion * parameters.reply_aversion
        saved = self._averted(rival, before, max(before, after)) * aversion
        hawks = audience.hawk_share(traits.hawk_share, actor.shock())
        if self._chooses("conclude", conduct.conclusion_worth(saved, left, cost, hawks)):
            dyad.said_concluded = True
            said = world.record(Kind.CONCLUSION, actor.id, rival, cause=cause)
            self._stand_proxies_down(said)
            self.send_restraint(rival, said)
        elif self._chooses("reassure", saved - 0.1):
            self.send_restraint(rival, cause)

    def _averted(self, rival: str, before: float, after: float) -> float:
        """Return by how many rungs the expected reply shrinks if the rival's belief moves."""
        chance_before, size = expected_reply(self.actor, rival, before)
        chance_after, _ = expected_reply(self.actor, rival, after)
        return (chance_before - chance_after) * max(size, 1.0) + 0.5 * (after - before)

    def _maybe_threaten(self, rival: str, rung: int, cause: Event) -> None:
        """Threaten the next rung if the rival answers, and name those who help it."""
        actor, world = self.actor, self.world
        other = world.actors[rival]
        if not other.is_state:
            return
        view = other.dyad(actor.id)
        chance, _ = expected_reply(actor, rival, view.belief_concluded(world.env.now))
        worth = conduct.threat_worth(
            view.credibility(),
            rung,
            chance,
            actor.traits.audience_cost * world.parameters.audience_cost,
            audience.hawk_share(actor.traits.hawk_share, actor.shock()),
        )
        if not self._chooses("threaten", worth, min(1.0, world.parameters.threats)):
            return
        dyad = actor.dyad(rival)
        dyad.threat = view.threatened = rung
        said = world.record(Kind.THREAT, actor.id, rival, rung=rung, cause=cause)
        for helper in self._helpers(rival):
            if self._chooses("name", -0.2):
                world.record(Kind.THREAT, actor.id, helper, rung=rung, label="helper", cause=said)

    def _helpers(self, rival: str) -> list[str]:
        """Return hosts and allies of a rival that this actor can strike, in the graph's order."""
        graph, sites = self.world.graph, self.world.sites.values()
        candidates = dict.fromkeys(
            [*graph.hosts(rival), *(ally for ally, _ in graph.allies(rival))]
        )
        return [
            name
            for name in candidates
            if name != self.actor.id
            and any(self.actor.id in s.reached_by and s.country == name for s in sites)
        ]

    def _stand_proxies_down(self, said: Event) -> None:
        for proxy in self.world.graph.proxies(self.actor.id):
            self.world.actors[proxy].behaviours["ProxyClock"].receive_stand_down(said)

    def send_restraint(self, rival: str, cause: Event) -> None:
        """Send word of restraint to a state along the channels that are open."""
        if not self.world.actors[rival].is_state:
            return
        sent_at = self.world.env.now

        def arrived(sent: Event, fidelity: float) -> None:
            other = self.world.actors[rival]
            desk = other.behaviours.get("Desk")
            late = desk is not None and desk.last_launch > sent_at
            view = other.dyad(self.actor.id)
            ratio = beliefs.message_ratio(fidelity, TRUST, self.world.parameters.message_weight)
            view.concluded = beliefs.updated(view.concluded, ratio)
            event = self.world.record(
                Kind.DELIVERY,
                self.actor.id,
                rival,
                values={"fidelity": fidelity, "late": float(late)},
                label=Kind.MESSAGE,
                cause=sent,
            )
            if desk is not None:
                desk.ring(self.actor.id, event, harm=False)

        self.world.env.process(
            carry(self.world, Kind.MESSAGE, self.actor.id, rival, cause, arrived)
        )

    # Listening

    def _on_conclusion(self, event: Event) -> None:
        if event.target != self.actor.id:
            return
        dyad = self.actor.dyad(event.actor)
        speaker = self.world.actors[event.actor]
        parameters = self.world.parameters
        ratio = beliefs.statement_ratio(
            speaker.audience_cost * parameters.audience_cost, parameters.statement_weight
        )
        dyad.concluded = beliefs.updated(dyad.concluded, ratio)
        dyad.offer = event
        self._ring(event)

    def _on_threat(self, event: Event) -> None:
        if event.target == self.actor.id and event.label != "helper":
            self.actor.dyad(event.actor).threatened = event.rung or 0
            self._ring(event)

    def _ring(self, event: Event) -> None:
        desk = self.actor.behaviours.get("Desk")
        if desk is not None:
            desk.ring(event.actor, event, harm=False)
