"""The crisis desk of a state: deliberate, decide, prepare, launch or settle for less.

Two races are run here. New information restarts a deliberation, and re-opens a choice as long as
its order has not launched; after that nothing recalls it.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from math import inf

import simpy

from agents.actor import Proxy, State
from agents.appraisal import Appraisal, appraise
from agents.attack import Mode
from agents.dyad import Dyad
from agents.event import Event, Kind
from agents.measures import take
from agents.menu import WARNING_AHEAD_H, attack_of, bases_restricted
from agents.messages import carry
from agents.rules import beliefs, conduct, ladder
from agents.strike import Notice, fly

ATTENTION = 0.8
"""Standing grievance in rungs that it takes for harm to be put on the desk."""
DELIBERATION_SPREAD = 0.55
PREPARATION_SPREAD = 0.4
MIRROR_SLACK_H = 0.7
"""How closely the hour of night is mirrored: Baghdad airport 00:47, al-Asad 01:34 local."""
RESTART_SHARE = 0.25
"""Part of a fresh deliberation that news costs at least."""


@dataclass(slots=True)
class Plan:
    """A decision in hand: what was chosen, against whom, when it launches, by which event."""

    rival: str
    appraisal: Appraisal
    decision: Event
    launch_at: float

    @property
    def rung(self) -> int:
        """Rung of the option in hand."""
        return self.appraisal.option.rung


class Desk:
    """The behaviour of answering: one question at a time, the most pressing rival first.

    Rule: deliberate, choose by quantal response, prepare; news costs time in deliberation, and
    re-opens the choice until launch.
    """

    def __init__(self, actor: State) -> None:
        self.actor = actor
        self.world = actor.world
        self.process: simpy.Process | None = None
        self.last_launch = -inf

    # What comes in

    def ring(self, rival: str, event: Event, *, harm: bool) -> None:
        """Put news on the desk: it re-opens what is under way; news of harm opens a question."""
        if self.world.pinned or self.actor.at_war:
            return
        process = self.process
        if process is not None and process.is_alive:
            if process is not self.world.env.active_process:
                process.interrupt(event)
        elif harm and self.actor.dyad(rival).standing(self.world.env.now) >= ATTENTION:
            self.process = self.world.env.process(self._respond(rival, event))

    def _most_pressing(self) -> str:
        now = self.world.env.now
        return max(self.actor.dyads.values(), key=lambda dyad: dyad.standing(now)).rival

    # From deliberation to act

    def _respond(self, rival: str, cause: Event) -> Generator[simpy.Event, None, None]:
        with self.world.under_way():
            rival, cause = yield from self._deliberate(rival, cause)
            if self.actor.at_war:
                return
            plan = self._decide(rival, cause)
            while plan.rung >= ladder.FORCE:
                news = yield from self._prepare(plan)
                if self.actor.enemies:  # at war meanwhile
                    return
                if news is None:
                    self._launch(plan)
                    return
                plan = self._reconsider(plan, news)
        self._settle_for(plan)

    def _deliberate(
        self, rival: str, cause: Event
    ) -> Generator[simpy.Event, None, tuple[str, Event]]:
        """Take time to weigh; every piece of news costs more of it."""
        env, actor = self.world.env, self.actor
        started = self.world.record(Kind.DELIBERATION, actor.id, rival, cause=cause)
        ends = self._announced(env.now + self._draw_deliberation(rival), rival)
        latest = started
        while env.now < ends:
            try:
                yield env.timeout(ends - env.now)
            except simpy.Interrupt as interrupt:
                news = _news(interrupt)
                latest = self.world.record(Kind.NEWS, actor.id, news.actor, cause=news)
                ends = max(ends, env.now + RESTART_SHARE * self._draw_deliberation(rival))
                rival = self._most_pressing()
        return rival, latest

    def _draw_deliberation(self, rival: str) -> float:
        actor, parameters = self.actor, self.world.parameters
        standing = actor.dyad(rival).standing(self.world.env.now)
        median = (
            actor.traits.deliberation
            * parameters.deliberation_time
            * conduct.deliberation_factor(standing, actor.shock())
        )
        return self.world.chance.lognormal(actor.id, "deliberate", median, DELIBERATION_SPREAD)

    def _announced(self, ends: float, rival: str) -> float:
        """Return when the decision falls due: at the hour announced for it, if one was."""
        chance = self.world.parameters.announced_statement
        if not self.world.chance.happens(self.actor.id, "announce", chance):
            return ends
        hour = self.actor.traits.statement_hour
        return ends + conduct.hours_to_same_hour(ends + self.world.start_hour, hour)

    def _decide(self, rival: str, cause: Event) -> Plan:
        dyad = self.actor.dyad(rival)
        appraisal = appraise(self.actor, rival)
        option = appraisal.option
        decision = self.world.record(
            Kind.DECISION,
            self.actor.id,
            rival,
            place=option.site.id if option.site is not None else "",
            rung=option.rung,
            values={**appraisal.values(), "offered": float(dyad.offer is not None)},
            label=option.name,
            cause=cause,
        )
        return Plan(rival, appraisal, decision, inf)

    def _prepare(self, plan: Plan) -> Generator[simpy.Event, None, Event | None]:
        """Carry out an order up to launch; returns the news that re-opens it, or None."""
        env, option = self.world.env, plan.appraisal.option
        if plan.launch_at == inf:
            plan.launch_at = self._launch_time(plan)
            self.world.record(
                Kind.PREPARATION,
                self.actor.id,
                plan.rival,
                rung=option.rung,
                values={"launch_at_h": plan.launch_at},
                cause=plan.decision,
            )
        while env.now < plan.launch_at:
            try:
                yield env.timeout(plan.launch_at - env.now)
            except simpy.Interrupt as interrupt:
                return _news(interrupt)
        return None

    def _launch_time(self, plan: Plan) -> float:
        option, actor = plan.appraisal.option, self.actor
        now = self.world.env.now
        if option.mode == Mode.PROXY or option.rung == ladder.WAR:
            return now
        median = (
            actor.traits.preparation
            * self.world.parameters.preparation_time
            * conduct.preparation_factor(option.rung, bases_restricted(actor))
        )
        ready = now + self.world.chance.lognormal(actor.id, "prepare", median, PREPARATION_SPREAD)
        dyad = actor.dyad(plan.rival)
        if option.rung == ladder.CALIBRATED and dyad.provocation is not None:
            ready += conduct.hours_to_same_hour(ready, dyad.last_struck)
            ready += self.world.chance.lognormal(actor.id, "hour", MIRROR_SLACK_H, 0.5)
        return ready

    def _reconsider(self, plan: Plan, news: Event) -> Plan:
        """Choose again on news; an order that stands keeps its time of launch."""
        reopened = self.world.record(Kind.NEWS, self.actor.id, news.actor, cause=news)
        second = self._decide(plan.rival, reopened)
        if second.rung == plan.rung:
            second.launch_at = plan.launch_at
        else:
            self.world.record(
                Kind.RECALL, self.actor.id, plan.rival, rung=plan.rung, cause=second.decision
            )
        return second

    # What goes out

    def _settle_for(self, plan: Plan) -> None:
        """Answer below force; with a rival's offer on the table, that accepts it."""
        option, dyad = plan.appraisal.option, self.actor.dyad(plan.rival)
        self._keep_or_drop(dyad, option.rung, plan.decision)
        if option.rung > ladder.STAND_DOWN:
            take(self.world, self.actor.id, plan.rival, option.rung, plan.decision)
        if dyad.offer is not None:
            self.world.record(Kind.OFFER_ACCEPTED, self.actor.id, plan.rival, cause=dyad.offer)
            dyad.offer = None

    def _keep_or_drop(self, dyad: Dyad, rung: int, decision: Event) -> None:
        """Let a threat or vow that has fallen due be kept or dropped, for all to see."""
        due = dyad.commitment
        if due == 0:
            return
        kept = rung >= due - 1
        self.world.record(
            Kind.THREAT_KEPT if kept else Kind.THREAT_DROPPED,
            self.actor.id,
            dyad.rival,
            rung=due,
            cause=decision,
        )
        other = self.world.actors[dyad.rival].dyad(self.actor.id)
        if kept:
            other.kept += 1.0
        else:
            other.dropped += 1.0
            other.resolved = beliefs.updated(other.resolved, beliefs.resolve_ratio(0))
        dyad.vow = dyad.threat = other.threatened = 0

    def _launch(self, plan: Plan) -> None:
        """Send what was prepared: past recall."""
        option, dyad = plan.appraisal.option, self.actor.dyad(plan.rival)
        self.last_launch = self.world.env.now
        self._keep_or_drop(dyad, option.rung, plan.decision)
        dyad.said_concluded = False
        if option.rung == ladder.WAR:
            self.world.begin_war(self.actor.id, plan.rival, plan.decision)
            return
        attack = attack_of(self.actor, option, plan.decision)
        if option.mode == Mode.PROXY:
            proxy = self.world.actors[option.executor]
            assert isinstance(proxy, Proxy)
            proxy.behaviours["ProxyClock"].receive_order(attack, plan.decision)
            return
        notice = Notice()
        ahead = 0.0
        if option.warned:
            self._warn(attack.site.country, attack.victim, notice, plan.decision)
            ahead = WARNING_AHEAD_H * self.world.parameters.warning
        flight = self.world.chance.lognormal(self.actor.id, "flight", self.actor.traits.flight, 0.2)
        self.world.env.process(fly(self.world, attack, ahead + flight, plan.decision, notice))

    def _warn(self, country: str, victim: str, notice: Notice, cause: Event) -> None:
        """Send a warning to those on whose soil the strike will land, to be passed on."""
        receiver = country if country in self.world.actors else victim
        host = None if receiver == victim else self.world.actors[receiver].behaviours.get("Hosting")

        def arrived(sent: Event, _fidelity: float) -> None:
            event = self.world.record(
                Kind.DELIVERY,
                self.actor.id,
                receiver,
                values={} if host is not None else notice.arrive(self.world.env.now),
                label=Kind.WARNING,
                cause=sent,
            )
            if host is not None:
                host.relay(victim, notice, event)

        self.world.env.process(
            carry(self.world, Kind.WARNING, self.actor.id, receiver, cause, arrived)
        )


def _news(interrupt: simpy.Interrupt) -> Event:
    """Return the event that interrupted a process."""
    cause = interrupt.cause
    assert isinstance(cause, Event)
    return cause
