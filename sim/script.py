"""Replay the script of a crisis up to the start of the run, then let the start strike land."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from agents.actor import State
from agents.attack import Attack, Mode
from agents.event import Event, Kind
from agents.measures import take
from agents.menu import shown
from agents.strike import land
from agents.world import TargetClass
from sim import crisis as schema
from sim.world import CrisisWorld


def replay(
    world: CrisisWorld, crisis: schema.Crisis, start: str
) -> Generator[simpy.Event, None, None]:
    """Let every scripted event up to ``start`` happen at its hour; the start itself is at 0."""
    told: dict[str, Event] = {}
    for entry in crisis.script:
        at = crisis.hours(entry.time, start)
        if at > world.env.now:
            yield world.env.timeout(at - world.env.now)
        cause = told.get(entry.after) if entry.after is not None else None
        starts = entry.label == start
        event = told[entry.label] = world.record(
            Kind.START if starts else Kind.SCRIPT,
            entry.actor,
            getattr(entry, "target", getattr(entry, "victim", "")),
            label=entry.label,
            cause=cause,
        )
        if starts:
            world.pinned = False
        _enact(world, entry, event)
        if starts:
            return


def _enact(world: CrisisWorld, entry: schema.ScriptEvent, event: Event) -> None:
    """Let one scripted event have its effects."""
    if isinstance(entry, schema.Strike):
        land(world, _attack(world, entry, event), 0, entry.warning_lead_h, event)
    elif isinstance(entry, schema.Measure):
        take(world, entry.actor, entry.target, entry.rung, event)
    elif isinstance(entry, schema.Statement):
        _say(world, entry, event)
    elif isinstance(entry, schema.ChannelChange):
        world.graph.set_channel(entry.actor, entry.target, entry.status)
        world.record(Kind.CHANNEL, entry.actor, entry.target, label=entry.status, cause=event)
    elif isinstance(entry, schema.ConsentChange):
        world.graph.set_consent(entry.actor, entry.target, entry.consent)
        world.record(Kind.CONSENT, entry.actor, entry.target, label=entry.consent, cause=event)
    else:
        actor = world.actors[entry.actor]
        spokesman = actor.behaviours.get("Spokesman")
        if spokesman is not None:
            spokesman.send_restraint(entry.target, event)


def _attack(world: CrisisWorld, entry: schema.Strike, event: Event) -> Attack:
    """Return the attack that a scripted strike was, with what its sponsor's audience saw in it."""
    site = world.sites[entry.place]
    mode = Mode(entry.mode)
    sponsor = entry.sponsor if entry.sponsor is not None else entry.actor
    warned = entry.warning_lead_h > 0.0
    dyad = world.actors[sponsor].dyad(entry.victim)
    _, display = shown(world, dyad.provocation, site, entry.rung, mode, warned=warned)
    return Attack(
        id=event.id,
        executor=entry.actor,
        sponsor=sponsor,
        victim=entry.victim,
        site=site,
        rung=entry.rung,
        mode=mode,
        target_class=TargetClass[entry.target_class.upper()],
        display=display,
        waves=entry.waves,
        warned=warned,
        pinned_deaths=(entry.deaths, entry.civilian_deaths, entry.injuries),
    )


def _say(world: CrisisWorld, entry: schema.Statement, event: Event) -> None:
    """Let scripted words bind the speaker and reach the listener."""
    own = world.actors[entry.actor].dyad(entry.target)
    if entry.kind == "vow":
        own.vow = entry.rung
    elif entry.kind == "threat" and isinstance(world.actors[entry.target], State):
        own.threat = entry.rung
    elif entry.kind == "conclusion":
        own.said_concluded = True
    helper = entry.kind == "threat" and entry.target not in world.graph.rivals(entry.actor)
    world.record(
        Kind(entry.kind),
        entry.actor,
        entry.target,
        rung=entry.rung or None,
        label="helper" if helper else "",
        cause=event,
    )
