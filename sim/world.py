"""The world that agents are handed: clock, chance, graph, ledger, and what is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import simpy

from agents.actor import Actor
from agents.event import NO_VALUES, Event, Kind
from agents.parameters import Parameters
from sim.chance import KeyedChance
from sim.theatre import Theatre


class CrisisWorld:
    """Implements `agents.world.World` for one run of one crisis."""

    def __init__(
        self, theatre: Theatre, start: str, parameters: Parameters, seed: int, replicate: int
    ) -> None:
        crisis = theatre.crisis
        first = crisis.hours(crisis.script[0].time, start)
        self.env = simpy.Environment(initial_time=min(first, 0.0))
        self.start_time: datetime = crisis.event(start).time.astimezone(UTC)
        self.script_age_h = -first
        self.start_hour = self.start_time.hour + self.start_time.minute / 60.0
        self.chance = KeyedChance(seed, replicate)
        self.graph = theatre.graph.branch()
        self.parameters = parameters
        self.ledger: list[Event] = []
        self.actors: dict[str, Actor] = {}
        self.sites, self.forces = theatre.sites, theatre.forces
        self.pinned = True
        self.busy = 0
        self.reports = 0
        self.last_strike = 0.0
        self.calm: simpy.Event | None = None
        self._handlers: dict[Kind, list[Callable[[Event], None]]] = {}

    def hear(self, kind: Kind, handler: Callable[[Event], None]) -> None:
        """Call ``handler`` at every later event of this kind, in the order of registration."""
        self._handlers.setdefault(kind, []).append(handler)

    def record(
        self,
        kind: Kind,
        actor: str,
        target: str = "",
        *,
        place: str = "",
        rung: int | None = None,
        values: Mapping[str, float] = NO_VALUES,
        label: str = "",
        cause: Event | None = None,
    ) -> Event:
        """Append an event at the present moment and let everyone concerned hear of it."""
        event = Event(
            len(self.ledger),
            self.env.now,
            kind,
            actor,
            target,
            place,
            rung,
            values,
            str(label),
            cause.id if cause is not None else None,
        )
        self.ledger.append(event)
        if kind is Kind.IMPACT:
            self.last_strike = event.time
        for handler in self._handlers.get(kind, ()):
            handler(event)
        return event

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Mark that a plan, message or assessment is under way for as long as the context lasts."""
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1
            self._settle()

    @contextmanager
    def report_pending(self) -> Iterator[None]:
        """Mark that news is still to surface, though the crisis may be quiet meanwhile."""
        self.reports += 1
        try:
            yield
        finally:
            self.reports -= 1
            self._settle()

    def _settle(self) -> None:
        """Wake whoever waits for nothing to be under way."""
        calm = self.calm
        if self.busy == 0 and calm is not None and not calm.triggered:
            calm.succeed()

    def begin_war(self, first: str, second: str, cause: Event) -> None:
        """Put two states at war with each other."""
        if second in self.actors[first].enemies:
            return
        self.actors[first].enemies.add(second)
        self.actors[second].enemies.add(first)
        self.last_strike = self.env.now
        self.record(Kind.WAR, first, second, rung=10, cause=cause)

    @property
    def states_at_war(self) -> int:
        """Number of states at full-scale war."""
        return sum(actor.at_war for actor in self.actors.values() if actor.is_state)
