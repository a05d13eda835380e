"""When a crisis is quiet, when it re-opens, and when the run is over."""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

import simpy

from agents.event import Event, Kind
from sim.tally import unasked
from sim.world import CrisisWorld


class Running(Protocol):
    """Something that runs until told that it is over."""

    running: bool


def watch(model: Running, world: CrisisWorld) -> Generator[simpy.Event, None, None]:
    """End the run: at the horizon, or when the crisis has been quiet and no news is outstanding.

    Quiet: nothing has struck for the quiet period, and no plan, message or assessment is under way.
    News that surfaces later may re-open the crisis, so the run lasts until it has surfaced. A war
    is given the same period for allies to join it.
    """
    env, period = world.env, world.parameters.quiet_period
    quiet: Event | None = None

    def reopen(event: Event) -> None:
        """Re-open a quiet crisis; an armed group's own attack is not the crisis coming back."""
        nonlocal quiet
        if quiet is not None and not unasked(event, world.ledger):
            world.record(Kind.REOPENED, event.actor, event.target, cause=event)
            quiet = None

    world.hear(Kind.LAUNCH, reopen)
    world.hear(Kind.WAR, reopen)
    horizon = env.timeout(world.parameters.horizon - env.now)
    while not horizon.processed:
        calm = world.busy == 0 and env.now >= world.last_strike + period
        if calm and quiet is None and world.states_at_war == 0:
            quiet = world.record(Kind.QUIET, "", values={"since_h": env.now - period})
        if world.busy == 0 and world.reports == 0 and (calm or quiet is not None):
            break
        yield horizon | _next_look(world, period)
    world.record(Kind.END, "", values={"quiet": float(quiet is not None)}, cause=quiet)
    model.running = False


def _next_look(world: CrisisWorld, period: float) -> simpy.Event:
    """Return the event at which the watch looks again: the quiet period over, or things changed."""
    due = world.last_strike + period
    if world.busy == 0 and world.env.now < due:
        return world.env.timeout(due - world.env.now)
    world.calm = world.env.event()
    return world.calm
