"""From launch to impact: nothing recalls a strike that flies (model section 7)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from math import inf

import simpy

from agents.actor import State
from agents.attack import Attack, Mode, civilian_share
from agents.event import Event, Kind
from agents.rules import choice, harm
from agents.world import World

WAVE_SPACING_H = 1.0
"""Time between two waves of one attack."""
BYSTANDERS = 80.0
"""Median deaths when an alert force shoots at the wrong aircraft (PS752: 176, IR655: 290)."""
STRAY = 4.0
"""Median unintended deaths of a strike that strays."""


@dataclass(slots=True)
class Notice:
    """When the warning of an attack reached those it was meant for, in hours; inf if it did not."""

    arrived_at: float = inf
    landed: bool = False

    def arrive(self, now: float) -> dict[str, float]:
        """Take note that the warning has arrived; return the values of that event."""
        self.arrived_at = now
        return {"final": 1.0, "late": float(self.landed)}

    def lead_h(self, impact_at: float) -> float:
        """Return hours from the warning's arrival to impact, 0 if it came too late."""
        return max(0.0, impact_at - self.arrived_at) if self.arrived_at < inf else 0.0


def fly(
    world: World, attack: Attack, flight_h: float, cause: Event, notice: Notice
) -> Generator[simpy.Event, None, None]:
    """Launch an attack, land its waves, and let what follows from each follow."""
    launch = world.record(
        Kind.LAUNCH,
        attack.executor,
        attack.victim,
        place=attack.site.id,
        rung=attack.rung,
        label=attack.mode,
        cause=cause,
    )
    with world.under_way():
        yield world.env.timeout(flight_h)
        notice.landed = True
        lead_h = notice.lead_h(world.env.now)
        for wave in range(attack.waves):
            if wave > 0:
                yield world.env.timeout(WAVE_SPACING_H)
            land(world, attack, wave, lead_h, launch)


def land(world: World, attack: Attack, wave: int, lead_h: float, cause: Event | None) -> Event:
    """Let one wave land: draw its dead, tell the victim, and run the risks that come with it."""
    military, civilian, injured = _toll(world, attack, wave, lead_h)
    impact = world.record(
        Kind.IMPACT,
        attack.executor,
        attack.victim,
        place=attack.site.id,
        rung=attack.rung,
        values={
            "wave": wave,
            "deaths": military,
            "civilian_deaths": civilian,
            "injuries": injured,
            "warning_lead_h": lead_h,
        },
        label=attack.mode,
        cause=cause,
    )
    if wave == 0:
        world.actors[attack.sponsor].displayed(attack, impact)
    world.actors[attack.victim].struck(attack, impact, (military, civilian, injured))
    if wave == 0 and attack.pinned_deaths is None and attack.mode == Mode.OVERT:
        _run_risks(world, attack, impact)
    return impact


def _toll(world: World, attack: Attack, wave: int, lead_h: float) -> tuple[int, int, int]:
    """Return (military deaths, civilian deaths, injured) of one wave."""
    if attack.pinned_deaths is not None:
        return attack.pinned_deaths if wave == 0 else (0, 0, 0)
    vulnerability = attack.site.vulnerability / attack.waves
    mean = harm.expected_deaths(attack.rung, vulnerability, attack.scale, lead_h)
    deaths = world.chance.count(attack.executor, "deaths", mean)
    injuries = harm.expected_injuries(
        attack.rung, vulnerability, attack.scale * world.parameters.injury_rate
    )
    injured = world.chance.count(attack.executor, "injuries", injuries)
    civilian = int(deaths * civilian_share(attack.target_class) + 0.5)
    return deaths - civilian, civilian, injured


def _run_risks(world: World, attack: Attack, impact: Event) -> None:
    """Draw accidents and the slide into war that an overt strike risks."""
    scale = world.parameters.accident_risk
    risk = harm.accident_probability(attack.rung, scale)
    if world.chance.happens(attack.executor, "stray", risk):
        _stray(world, attack, impact)
    sponsor, victim = world.actors[attack.sponsor], world.actors[attack.victim]
    if not isinstance(victim, State) or not isinstance(sponsor, State):
        return
    if world.chance.happens(attack.executor, "alert", harm.accident_probability(6, scale)):
        _blunder(world, sponsor, impact)
    exchanges = sponsor.dyad(attack.victim).exchanges + victim.dyad(attack.sponsor).exchanges - 1
    slide = choice.inadvertent_war_probability(
        attack.rung, max(0, exchanges), exchanges > 0, world.parameters.inadvertent_war
    )
    if world.chance.happens(attack.executor, "slide", slide):
        world.begin_war(attack.sponsor, attack.victim, impact)


def _blunder(world: World, sponsor: State, impact: Event) -> None:
    """Let forces on alert for a reply shoot down the wrong aircraft; their own public minds."""
    dead = int(world.chance.lognormal(sponsor.id, "bystanders", BYSTANDERS, 0.8)) + 1
    sponsor.blunders += 1
    world.record(
        Kind.ACCIDENT, sponsor.id, values={"bystanders": dead}, label="alert", cause=impact
    )


def _stray(world: World, attack: Attack, impact: Event) -> None:
    """Kill civilians at the target that the attacker did not mean to kill."""
    dead = int(world.chance.lognormal(attack.executor, "strayed", STRAY, 0.8)) + 1
    event = world.record(
        Kind.ACCIDENT,
        attack.executor,
        attack.victim,
        place=attack.site.id,
        values={"civilian_deaths": dead},
        label="stray",
        cause=impact,
    )
    world.actors[attack.victim].struck(attack, event, (0, dead, 0))
