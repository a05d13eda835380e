"""Where in the space of its keys a design makes runs: one function a kind of design."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np

from experiments.designs.axis import Axis
from sim.errors import InputError
from sim.keys import Value, parse_setting

type Point = tuple[Value, ...]
"""One value for each key, in the order of the axes."""

MORRIS_LEVELS = 4
"""Levels of the grid on which Morris' trajectories move (Morris 1991)."""


class Space(NamedTuple):
    """What is varied: the axes, which of them take whole numbers, and the crisis' own values."""

    axes: tuple[Axis, ...]
    whole: tuple[bool, ...]
    base: Point

    def place(self, shares: Iterable[Iterable[float]]) -> tuple[Point, ...]:
        """Return the points at these rows of shares in [0, 1] of the way along each axis."""
        return tuple(
            tuple(
                axis.at(float(share), whole=whole)
                for axis, whole, share in zip(self.axes, self.whole, row, strict=True)
            )
            for row in shares
        )


class Grid(Sequence[Point]):
    """Every combination of levels, the last axis changing fastest; made when asked for."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self._levels = tuple(axis.levels for axis in axes)

    def __len__(self) -> int:
        return math.prod(len(levels) for levels in self._levels)

    @overload
    def __getitem__(self, at: int) -> Point: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Point, ...]: ...
    def __getitem__(self, at: int | slice) -> Point | tuple[Point, ...]:
        if isinstance(at, slice):
            return tuple(self[i] for i in range(*at.indices(len(self))))
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        at %= len(self)
        point: list[Value] = []
        for levels in reversed(self._levels):
            at, level = divmod(at, len(levels))
            point.append(levels[level])
        return tuple(reversed(point))


def grid(space: Space, _samples: int, _seed: int) -> Sequence[Point]:
    """Every combination of levels."""
    _need_levels(space, "grid")
    return Grid(space.axes)


def one_at_a_time(space: Space, _samples: int, _seed: int) -> Sequence[Point]:
    """The crisis as it is, then each key over its levels with all others as they are."""
    _need_levels(space, "one-at-a-time")
    points = [space.base]
    for at, axis in enumerate(space.axes):
        points += [(*space.base[:at], level, *space.base[at + 1 :]) for level in axis.levels]
    return tuple(dict.fromkeys(points))


def latin_hypercube(space: Space, samples: int, seed: int) -> Sequence[Point]:
    """Random points that fill each axis evenly (McKay, Beckman & Conover 1979)."""
    from scipy.stats import qmc  # noqa: PLC0415 (slow to import)

    return space.place(qmc.LatinHypercube(len(space.axes), rng=seed).random(samples))


def sobol(space: Space, samples: int, seed: int) -> Sequence[Point]:
    """A scrambled Sobol sequence, which fills the space evenly at every power of two."""
    from scipy.stats import qmc  # noqa: PLC0415

    _need_power_of_two("sobol", samples)
    return space.place(qmc.Sobol(len(space.axes), rng=seed).random(samples))


def saltelli(space: Space, samples: int, seed: int) -> Sequence[Point]:
    """Saltelli's scheme for Sobol indices: samples x (keys + 2) points in an order that counts."""
    from SALib.sample import sobol as scheme  # noqa: PLC0415

    _need_power_of_two("saltelli", samples)
    problem = unit_problem(space.axes)
    return space.place(scheme.sample(problem, samples, calc_second_order=False, seed=seed))


def morris(space: Space, samples: int, seed: int) -> Sequence[Point]:
    """Morris' trajectories: samples x (keys + 1) points, of which each changes one key."""
    from SALib.sample import morris as scheme  # noqa: PLC0415

    return space.place(morris_shares(scheme, space.axes, samples, seed))


def morris_shares(scheme: Any, axes: Sequence[Axis], samples: int, seed: int) -> np.ndarray:
    """Return Morris' design in shares of each axis."""
    problem = unit_problem(axes)
    return np.asarray(scheme.sample(problem, samples, num_levels=MORRIS_LEVELS, seed=seed))


def unit_problem(axes: Sequence[Axis]) -> dict[str, Any]:
    """Return a design's keys as SALib wants them, each from 0 to 1 of its way."""
    return {
        "num_vars": len(axes),
        "names": [axis.key for axis in axes],
        "bounds": [[0.0, 1.0]] * len(axes),
    }


type Kind = Callable[[Space, int, int], Sequence[Point]]
KINDS: dict[str, Kind] = {
    "grid": grid,
    "one-at-a-time": one_at_a_time,
    "latin-hypercube": latin_hypercube,
    "sobol": sobol,
    "saltelli": saltelli,
    "morris": morris,
}
"""Kinds of design that are made from axes, by name; "table" is read from a file."""
SAMPLED = ("latin-hypercube", "sobol", "saltelli", "morris")
"""Kinds that want a number of samples."""
TABLE = "table"


def read_table(path: Path) -> tuple[tuple[str, ...], tuple[Point, ...]]:
    """Return (keys, points) of a CSV whose header names keys and whose rows are points.

    Raises:
        InputError: naming file, line, column and value, if it is none.
    """
    try:
        rows = list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"))))
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as CSV: {error}") from None
    if len(rows) <= 1 or not rows[0]:
        raise InputError(f"{path} has no points, expected a header of keys and a row a point")
    keys = tuple(name.strip() for name in rows[0])
    points = []
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(keys):
            raise InputError(f"{path}, line {line}, has {len(row)} values, expected {len(keys)}")
        try:
            named = zip(keys, row, strict=True)
            points.append(tuple(parse_setting(f"{key}={cell}")[1] for key, cell in named))
        except InputError as error:
            raise InputError(f"{path}, line {line}: {error}") from None
    return keys, tuple(points)


def _need_levels(space: Space, kind: str) -> None:
    for axis in space.axes:
        if not axis.levels:
            raise InputError(
                f"'{axis.key}' is a range without steps, which a {kind} design cannot take in "
                f"turn; expected {axis.key}={axis.low:g}:{axis.high:g}:STEPS"
            )


def _need_power_of_two(kind: str, samples: int) -> None:
    if samples & (samples - 1):
        low = 2 ** int(math.log2(samples))
        raise InputError(
            f"samples is {samples}, expected a power of two for a {kind} design, "
            f"for example {low} or {2 * low}"
        )
