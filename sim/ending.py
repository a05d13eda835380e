"""When a crisis is quiet, when it re-opens, and when the run is over."""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

import simpy

from agents.event import Event, Kind
from sim.world import CrisisWorld


class Running(Protocol):
    """Something that runs until told that it is over."""

    running: bool


def watch(model: Running, world: CrisisWorld) -> Generator[simpy.Event, None, None]:
    """End the run: at the horizon, or when the crisis has been quiet and no news is outstanding.

    Quiet: no plan, message or assessment under way and nothing has struck for the quiet period. News
    that surfaces later may re-open the crisis, so the run lasts until it has surfaced.
    """
    env, period = world.env, world.parameters.quiet_period
    quiet: Event | None = None

    def struck(event: Event) -> None:
        nonlocal quiet
        if quiet is not None:
            world.record(Kind.REOPENED, event.actor, event.target, cause=event)
            quiet = None

    world.hear(Kind.LAUNCH, struck)
    horizon = env.timeout(world.parameters.horizon - env.now)
    while not horizon.processed:
        due = world.last_activity + period
        calm = world.busy == 0 and env.now >= due
        if calm and quiet is None and world.states_at_war == 0:
            quiet = world.record(Kind.QUIET, "", values={"since_h": world.last_activity})
        if calm and world.reports == 0:
            break
        yield horizon | _next_look(world, due)
    world.record(Kind.END, "", values={"quiet": float(quiet is not None)}, cause=quiet)
    model.running = False


def _next_look(world: CrisisWorld, due: float) -> simpy.Event:
    """Return the event at which the watch looks again: the quiet period over, or things changed."""
    if world.busy == 0 and world.env.now < due:
        return world.env.timeout(due - world.env.now)
    world.calm = world.env.event()
    return world.calm
