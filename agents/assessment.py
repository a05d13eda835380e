"""Battle damage assessment: from impact to a known count, to a public report, to late injuries."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import simpy

from agents.actor import Actor, State
from agents.attack import Attack, Mode, civilian_share
from agents.attribution import BLAMED, attribute, first_blame, provoke
from agents.event import Event, Kind
from agents.rules import audience, beliefs, harm, ladder

SPREAD = 0.5
"""Log standard deviation of assessment times."""
WAVE_EXTENSION = 1.25
"""Factor on the time left when a further wave lands."""
REPORT_H = 3.0
"""Median time from assessment to the public report."""
INJURY_DAYS = (8.0, 16.0, 20.0, 22.0, 33.0)
INJURY_SHARES = (0.10, 0.31, 0.46, 0.59, 1.0)
"""When injuries surface, and how many by then: al-Asad, 11, 34, 50, 64 and 109 of 109."""
NOTEWORTHY = 0.25
"""Harm in rungs from which a batch of late injuries is put on the desk."""
EXPECTED_LEAD_H = 1.0
"""Lead of the warning that an observer would expect of an attacker who means restraint."""


@dataclass(slots=True)
class Case:
    """One attack under assessment: what it has done so far and whom it is blamed on."""

    attack: Attack
    event: Event
    blame: dict[str, float]
    military: int = 0
    civilian: int = 0
    injured: int = 0
    assessed: bool = False
    process: simpy.Process | None = None

    def harm(self, per_tenfold: float, sensitivity: float) -> float:
        """Return harm in rungs: counted once assessed, expected before."""
        attack = self.attack
        if self.assessed:
            military, civilian = sensitivity * self.military, sensitivity * self.civilian
            return attack.harm(military, civilian, per_tenfold)
        deaths = harm.expected_deaths(
            attack.rung, attack.site.vulnerability, attack.scale, EXPECTED_LEAD_H * attack.warned
        )
        civilians = deaths * civilian_share(attack.target_class)
        return attack.harm(deaths - civilians, civilians, per_tenfold)


class DamageAssessment:
    """The behaviour of finding out what an attack did to one's own.

    Rule: harm enters decisions at its expectation until assessed; the count then moves grievance,
    the red line, and the belief about what the attacker meant.
    """

    def __init__(self, actor: Actor, median_h: float, sensitivity: float = 1.0) -> None:
        self.actor = actor
        self.world = actor.world
        self.median_h = median_h
        self.sensitivity = sensitivity
        self.cases: dict[int, Case] = {}
        self._salience: float | None = None

    def wave(self, attack: Attack, event: Event, deaths: tuple[int, int, int]) -> None:
        """Take up a wave that landed: open a case, or extend the one that is open."""
        case = self.cases.get(attack.id)
        if case is None:
            case = self.cases[attack.id] = Case(attack, event, first_blame(self.actor, attack))
            self._open(case)
            case.process = self.world.env.process(self._assess(case))
        elif case.process is not None and case.process.is_alive:
            case.process.interrupt(event)
            for rival in case.blame:
                dyad = self.actor.dyad(rival)
                dyad.concluded = beliefs.updated(dyad.concluded, beliefs.WAVE_RATIO)
        case.military += deaths[0]
        case.civilian += deaths[1]
        case.injured += deaths[2]
        self._ring(case, event)

    def _open(self, case: Case) -> None:
        """Blame those who can be blamed at once, at the expected harm."""
        now, attack = self.world.env.now, case.attack
        expected = case.harm(self.world.parameters.casualty_harm, self.sensitivity)
        for rival, share in case.blame.items():
            dyad = self.actor.dyad(rival)
            dyad.unassessed[attack.id] = expected * share * self.actor.perception_gain
            if share >= BLAMED:
                provoke(dyad, attack, now)
        if attack.mode != Mode.OVERT and isinstance(self.actor, State):
            self.world.env.process(attribute(self.actor, case))

    def _assess(self, case: Case) -> Generator[simpy.Event, None, None]:
        env = self.world.env
        median = self.median_h * self.world.parameters.assessment_latency
        with self.world.under_way():
            left = self.world.chance.lognormal(self.actor.id, "assess", median, SPREAD)
            while True:
                began = env.now
                try:
                    yield env.timeout(left)
                    break
                except simpy.Interrupt:
                    left = max(0.0, left - (env.now - began)) * WAVE_EXTENSION
        self._conclude(case)

    def _conclude(self, case: Case) -> None:
        """Replace expectation by count in the account with everyone blamed."""
        now, attack = self.world.env.now, case.attack
        case.assessed = True
        deaths = case.military + case.civilian
        event = self.world.record(
            Kind.ASSESSMENT,
            self.actor.id,
            attack.executor,
            place=attack.site.id,
            rung=attack.rung,
            values={"deaths": case.military, "civilian_deaths": case.civilian},
            cause=case.event,
        )
        felt = case.harm(self.world.parameters.casualty_harm, self.sensitivity)
        ratio = self._evidence(attack, deaths)
        for rival, share in case.blame.items():
            dyad = self.actor.dyad(rival)
            dyad.unassessed.pop(attack.id, None)
            dyad.accrue(now, felt * self._stakes(attack), share, self.actor.perception_gain)
            dyad.concluded = beliefs.updated(dyad.concluded, ratio)
            if share >= BLAMED:
                dyad.breach = max(dyad.breach, audience.breach(deaths, self.sensitivity))
        self._ring(case, event)
        if isinstance(self.actor, State):
            self.world.env.process(self._report(case, deaths, event))
        if case.injured > 0:
            self.world.env.process(self._injuries(case, event))

    def _stakes(self, attack: Attack) -> float:
        """Return the salience of an attack: stakes exceed the act; drawn once an actor."""
        if attack.rung < ladder.CALIBRATED or self.world.pinned:
            return 1.0
        if self._salience is None:
            parameters = self.world.parameters
            self._salience = self.world.chance.lognormal(
                self.actor.id, "salience", parameters.salience, parameters.salience_spread
            )
        return self._salience

    def _evidence(self, attack: Attack, deaths: int) -> float:
        """Return the likelihood ratio of the death toll for "restraint was meant"."""
        site, scale = attack.site, attack.scale
        meant = harm.expected_deaths(ladder.CALIBRATED, site.vulnerability, scale, EXPECTED_LEAD_H)
        unmeant = harm.expected_deaths(ladder.PROPORTIONAL, site.vulnerability, scale, 0.0)
        weight = self.world.parameters.harm_inference
        return beliefs.casualties_ratio(deaths, meant, unmeant, harm.DISPERSION, weight)

    def _report(self, case: Case, deaths: int, cause: Event) -> Generator[simpy.Event, None, None]:
        """Tell the public, as candidly as the government is."""
        assert isinstance(self.actor, State)
        delay = self.world.chance.lognormal(self.actor.id, "report", REPORT_H, SPREAD)
        with self.world.under_way():
            yield self.world.env.timeout(delay)
        told = self.actor.traits.candour * deaths
        self.actor.mourn(told)
        self.world.record(
            Kind.REPORT,
            self.actor.id,
            case.attack.executor,
            place=case.attack.site.id,
            values={"deaths_told": told},
            cause=cause,
        )

    def _injuries(self, case: Case, cause: Event) -> Generator[simpy.Event, None, None]:
        """Let injuries surface over weeks; each batch adds a little harm."""
        per_tenfold = self.world.parameters.casualty_harm
        known, impact_at = 0, self.world.env.now
        with self.world.report_pending():
            for days, share in zip(INJURY_DAYS, INJURY_SHARES, strict=True):
                total = int(case.injured * share + 0.5)
                if total == known:
                    continue
                yield self.world.env.timeout(impact_at + days * 24.0 - self.world.env.now)
                added = harm.injury_harm(per_tenfold, total) - harm.injury_harm(per_tenfold, known)
                event = self.world.record(
                    Kind.INJURIES,
                    self.actor.id,
                    case.attack.executor,
                    place=case.attack.site.id,
                    values={"injuries": total - known, "injuries_so_far": total},
                    cause=cause,
                )
                known = total
                for rival, blamed in case.blame.items():
                    dyad = self.actor.dyad(rival)
                    dyad.accrue(self.world.env.now, added, blamed, self.actor.perception_gain)
                if added * self.actor.perception_gain >= NOTEWORTHY:
                    self._ring(case, event)

    def _ring(self, case: Case, event: Event) -> None:
        desk = self.actor.behaviours.get("Desk")
        if desk is not None and case.blame:
            desk.ring(max(case.blame, key=lambda rival: case.blame[rival]), event, harm=True)
