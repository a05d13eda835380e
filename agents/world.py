"""What agents need of the world: a clock, chance, the alliance graph, and a ledger to tell it to.

Agents import nothing that implements these; they are handed a `World` when they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

import simpy

from agents.event import NO_VALUES, Event, Kind
from agents.parameters import Parameters

if TYPE_CHECKING:
    from agents.actor import Actor


class TargetClass(IntEnum):
    """What a place is; the numbers are those of `rules.harm.class_likeness`."""

    MILITARY = 0
    LEADERSHIP = 1
    INFRASTRUCTURE = 2
    CIVILIAN = 3


@dataclass(frozen=True, slots=True)
class Site:
    """A place that can be struck: whose forces, on whose soil, within whose reach."""

    id: str
    country: str
    forces: str
    target_class: TargetClass
    vulnerability: float
    reached_by: frozenset[str]


class Leg(NamedTuple):
    """One leg of a route: from, to, median hours (handling at its end included), and quality."""

    sender: str
    receiver: str
    latency_h: float
    fidelity: float
    willingness: float


class Chance(Protocol):
    """Keyed random draws: the n-th draw for (actor, purpose) is the same whatever else happens."""

    def uniform(self, actor: str, purpose: str) -> float:
        """Return the next uniform in (0, 1)."""
        ...

    def happens(self, actor: str, purpose: str, probability: float) -> bool:
        """Return whether something of this probability happens."""
        ...

    def lognormal(self, actor: str, purpose: str, median: float, spread: float) -> float:
        """Return a lognormal draw; ``spread`` is the standard deviation of the logarithm."""
        ...

    def exponential(self, actor: str, purpose: str, rate: float) -> float:
        """Return a waiting time for a hazard rate > 0."""
        ...

    def count(self, actor: str, purpose: str, mean: float) -> int:
        """Return a number of people with this mean."""
        ...


class Graph(Protocol):
    """The alliance graph: typed edges between actors, which change during a run."""

    def alliance(self, first: str, second: str) -> float:
        """Return the strength of an alliance in [0, 1], 0 if there is none."""
        ...

    def allies(self, actor: str) -> list[tuple[str, float]]:
        """Return (ally, strength) pairs."""
        ...

    def rivals(self, actor: str) -> list[str]:
        """Return an actor's rivals."""
        ...

    def patron(self, proxy: str) -> str | None:
        """Return an actor's patron, None if it has none."""
        ...

    def proxies(self, patron: str) -> list[str]:
        """Return the proxies of a patron."""
        ...

    def obedience(self, proxy: str) -> float:
        """Return how far a proxy obeys its patron, in [0, 1]."""
        ...

    def order_latency(self, proxy: str) -> float:
        """Return the median hours for an order to reach a proxy."""
        ...

    def hosts(self, guest: str) -> list[str]:
        """Return the states that base a guest's forces."""
        ...

    def guests(self, host: str) -> list[str]:
        """Return the states whose forces a host bases."""
        ...

    def consent(self, host: str, guest: str) -> str:
        """Return what a host allows a guest: full, restricted or withdrawn."""
        ...

    def set_consent(self, host: str, guest: str, consent: str) -> None:
        """Change what a host allows a guest."""
        ...

    def route(self, sender: str, receiver: str) -> tuple[Leg, ...]:
        """Return the open path with the best expected arrival, empty if there is none."""
        ...

    def passable(self, leg: Leg) -> bool:
        """Return whether a leg's channel is open now."""
        ...

    def stop_relaying(self, actor: str) -> None:
        """Let an actor carry no more messages between others."""
        ...


class World(Protocol):
    """Everything outside an agent that it may read, and the one way to tell what happened."""

    @property
    def env(self) -> simpy.Environment:
        """The one owner of time; hours."""
        ...

    @property
    def chance(self) -> Chance:
        """The one source of chance."""
        ...

    @property
    def graph(self) -> Graph:
        """The alliance graph as it stands."""
        ...

    @property
    def parameters(self) -> Parameters:
        """The global parameters of the run."""
        ...

    @property
    def actors(self) -> Mapping[str, Actor]:
        """Every actor by its id."""
        ...

    @property
    def sites(self) -> Mapping[str, Site]:
        """Every place by its id."""
        ...

    @property
    def forces(self) -> Mapping[str, tuple[Site, ...]]:
        """The places where an actor's own forces are, by its id."""
        ...

    @property
    def pinned(self) -> bool:
        """Whether history is being replayed: actors take note of it and decide nothing."""
        ...

    @property
    def start_hour(self) -> float:
        """Hour of day (UTC) at time 0."""
        ...

    @property
    def script_age_h(self) -> float:
        """Hours from the first event of the script to time 0."""
        ...

    def hear(self, kind: Kind, handler: Callable[[Event], None]) -> None:
        """Call ``handler`` at every later event of this kind, in the order of registration."""
        ...

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
        ...

    def under_way(self) -> AbstractContextManager[None]:
        """Mark that a plan, message or assessment is under way for as long as the context lasts."""
        ...

    def report_pending(self) -> AbstractContextManager[None]:
        """Mark that news is still to surface, though the crisis may be quiet meanwhile."""
        ...

    def begin_war(self, first: str, second: str, cause: Event) -> None:
        """Put two states at war with each other."""
        ...
