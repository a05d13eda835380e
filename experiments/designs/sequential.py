"""Enough runs? Rounds of replicates, more of them only where an interval is still too wide.

The rounds follow from the design and the runs so far alone, so that a sweep that was stopped goes
on as it would have without.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from experiments.designs.design import Design, RunSpec, Settings
from experiments.metrics import METRICS
from experiments.statistics import Interval, mean_interval, wilson

GROWTH = 1.5
"""Factor on the replicates of a point from round to round."""
FEWEST = 20
"""Replicates from which an interval is trusted to stop; fewer can agree by luck."""


@dataclass
class Count:
    """The values of a metric at one point: how many, their mean, and squares about it (Welford)."""

    runs: int = 0
    known: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self.known += 1
        gap = value - self.mean
        self.mean += gap / self.known
        self.squares += gap * (value - self.mean)


class Short(NamedTuple):
    """A point whose interval stayed wider than was asked for."""

    settings: Settings
    runs: int
    interval: Interval


class Rounds:
    """Which runs to make, round by round; give it every run that has ended, in order.

    Without ``until`` in the design there is one round, its own runs.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        self.until = design.until
        self.made = 0
        self._counts: dict[Settings, Count] = {}
        if self.until is not None:
            points = range(len(design.points))
            self._counts = {design.settings(point): Count() for point in points}

    @property
    def size(self) -> int:
        """How many runs there will be, as far as that is known."""
        if self.until is None:
            return self.design.size
        return sum(max(count.runs, self.design.replicates) for count in self._counts.values())

    def __iter__(self) -> Iterator[Iterator[RunSpec]]:
        """Yield the rounds; ask for the next when all runs of the last have been taken."""
        yield self.design.runs()
        while self.until is not None:
            more = [(settings, count.runs) for settings, count in self._open()]
            if not more:
                return
            most = self.until.most
            yield itertools.chain.from_iterable(
                _further(settings, runs, min(most, math.ceil(GROWTH * runs)))
                for settings, runs in more
            )

    def take(self, spec: RunSpec, row: Mapping[str, Any] | None) -> None:
        """Count a run that has ended; ``row`` is its row of results, None if it failed."""
        self.made += 1
        if self.until is None:
            return
        count = self._counts[spec.settings]
        count.runs += 1
        value = METRICS[self.until.metric].of(row) if row is not None else None
        if value is not None:
            count.add(value)

    def short(self) -> list[Short]:
        """Return the points that were given up with an interval that is still too wide."""
        if self.until is None:
            return []
        return [
            Short(settings, count.runs, self._interval(count))
            for settings, count in self._counts.items()
            if not self._narrow(count)
        ]

    def _open(self) -> list[tuple[Settings, Count]]:
        assert self.until is not None
        most = self.until.most
        return [
            (settings, count)
            for settings, count in self._counts.items()
            if count.runs < most and not self._narrow(count)
        ]

    def _narrow(self, count: Count) -> bool:
        assert self.until is not None
        return count.runs >= FEWEST and self._interval(count).half_width <= self.until.ci

    def _interval(self, count: Count) -> Interval:
        assert self.until is not None
        if METRICS[self.until.metric].share:
            return wilson(round(count.mean * count.known), count.known)
        return mean_interval(count.known, count.mean, count.squares)


def _further(settings: Settings, first: int, last: int) -> Iterator[RunSpec]:
    return (RunSpec(settings, replicate) for replicate in range(first, last))
