"""What a sweep asks: points in the space of its keys, times replicates, in one fixed order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any, NamedTuple

from experiments.designs.axis import Axis
from experiments.designs.points import KINDS, SAMPLED, TABLE, Grid, Point, Space
from experiments.identity import MODEL_VERSION, content_hash
from experiments.metrics import metrics_named
from sim.crisis import Crisis
from sim.errors import InputError, nearest
from sim.keys import (
    Key,
    Value,
    find_key,
    labelled,
    parse_setting,
    refuse_unplayed,
    split_overrides,
    with_overrides,
)
from sim.start import starting_label

type Settings = tuple[tuple[str, Value], ...]
"""Keys with their values, in the order in which the user gave them."""

MOST_POINTS = 10_000_000
"""Points of one design; more is a slip of the pen."""


class Until(NamedTuple):
    """Stop at a point once the 95 % interval of ``metric`` is at most ± ``ci``, or at ``most``."""

    metric: str
    ci: float
    most: int = 10_000


class RunSpec(NamedTuple):
    """One run of a design: its settings, the fixed ones included, and its replicate."""

    settings: Settings
    replicate: int


@dataclass(frozen=True)
class Design:
    """Points of the varied keys, each run ``replicates`` times.

    Runs are numbered from 0, replicates changing fastest. Replicate k has the same luck at every
    point. With ``until``, points get more replicates than these until an interval is narrow.
    ``crisis_text`` is the file that the crisis was read from, "" if it was made in memory;
    ``metrics`` are what the experiment was made for, which changes no run.
    """

    crisis: Crisis
    start: str
    seed: int
    replicates: int
    kind: str = "grid"
    samples: int = 0
    axes: tuple[Axis, ...] = ()
    fixed: Settings = ()
    points: Sequence[Point] = field(default=((),), repr=False)
    until: Until | None = None
    crisis_text: str = field(default="", repr=False, compare=False)
    metrics: tuple[str, ...] = field(default=(), compare=False)

    @property
    def varied(self) -> tuple[str, ...]:
        """The keys that differ between points."""
        return tuple(axis.key for axis in self.axes)

    @property
    def keys(self) -> tuple[str, ...]:
        """The varied keys, then the fixed ones."""
        return (*self.varied, *(key for key, _ in self.fixed))

    @property
    def size(self) -> int:
        """How many runs the design has."""
        return len(self.points) * self.replicates

    def settings(self, point: int) -> Settings:
        """Return the settings at a point, the fixed ones included."""
        return (*zip(self.varied, self.points[point], strict=True), *self.fixed)

    def runs(self, first: int = 0) -> Iterator[RunSpec]:
        """Yield every run in order, from the one numbered ``first``."""
        point, replicate = divmod(first, self.replicates)
        while point < len(self.points):
            settings = self.settings(point)
            for k in range(replicate, self.replicates):
                yield RunSpec(settings, k)
            point, replicate = point + 1, 0

    def digest(self) -> str:
        """Return eight hexadecimal digits that tell this design from any other."""
        return hashlib.blake2b(json.dumps(self.content()).encode(), digest_size=4).hexdigest()

    def content(self) -> dict[str, Any]:
        """Return all that makes the runs what they are, as plain values, the crisis as a hash."""
        return {
            "crisis": self.crisis.name,
            "crisis_sha256": content_hash(self.crisis),
            "model": MODEL_VERSION,
            "start": self.start,
            "seed": self.seed,
            "replicates": self.replicates,
            "design": self.kind,
            "samples": self.samples,
            "vary": {axis.key: _record(axis) for axis in self.axes},
            "set": dict(self.fixed),
            "until": self.until._asdict() if self.until is not None else None,
            "points_sha256": self._points_hash(),
        }

    def _points_hash(self) -> str:
        """Return a hash of sampled points, which another version of a library might place anew."""
        if isinstance(self.points, Grid):
            return ""
        return hashlib.sha256(json.dumps(list(self.points)).encode()).hexdigest()


def _record(axis: Axis) -> dict[str, Any]:
    ends = {"low": axis.low, "high": axis.high} if axis.ranges else {}
    return {**ends, "levels": list(axis.levels)} if axis.levels else ends


def make_design(  # noqa: PLR0913 (a design is what it is made of)
    crisis: Crisis,
    *,
    start: str | None = None,
    seed: int = 0,
    replicates: int = 200,
    kind: str = "grid",
    samples: int = 0,
    axes: tuple[Axis, ...] = (),
    fixed: Settings = (),
    table: tuple[tuple[str, ...], Sequence[Point]] | None = None,
    until: Until | None = None,
    crisis_text: str = "",
    metrics: tuple[str, ...] = (),
) -> Design:
    """Return a design after checking every key, value, the start and the numbers.

    ``samples`` is the number of points, base points or trajectories of sampled kinds. A ``table``
    of (keys, points) is a design of its own and takes no axes.

    Raises:
        InputError: if anything in it does not fit the crisis.
    """
    _check_numbers(kind, replicates, seed, samples)
    fixed = tuple(_named(find_key(crisis, key), value) for key, value in fixed)
    if table is not None:
        if axes:
            raise InputError(f"a table holds all points; '{axes[0].key}' cannot be varied besides")
        kind, table = TABLE, (table[0], _relabelled(crisis, *table))
        axes = tuple(_seen(key, at, table[1]) for at, key in enumerate(table[0]))
    axes = tuple(_renamed(axis, find_key(crisis, axis.key)) for axis in axes)
    _refuse_repeats([*(axis.key for axis in axes), *(key for key, _ in fixed)])
    for axis in axes:
        for value in axis.ends:
            check_settings(crisis, {axis.key: value})
    points = table[1] if table is not None else _points(crisis, kind, axes, samples, seed)
    if not 1 <= len(points) <= MOST_POINTS:
        raise InputError(f"the design has {len(points):,} points, expected 1 to {MOST_POINTS:,}")
    start = starting_label(crisis, start)
    refuse_unplayed(crisis, start, [*(axis.key for axis in axes), *(key for key, _ in fixed)])
    design = Design(
        crisis,
        start,
        seed,
        replicates,
        kind,
        samples,
        axes,
        fixed,
        points,
        until,
        crisis_text,
        metrics,
    )
    check_settings(crisis, dict(design.settings(0)))
    if until is not None:
        _check_until(until, replicates)
    return design


def _check_until(until: Until, replicates: int) -> None:
    metrics_named([until.metric])
    if not until.ci > 0.0:
        raise InputError(f"the interval asked for is ± {until.ci:g}, expected more than 0")
    if until.most < replicates:
        raise InputError(
            f"at most {until.most} runs a point, expected {replicates} or more: so many are made "
            "before anything is decided"
        )


def _check_numbers(kind: str, replicates: int, seed: int, samples: int) -> None:
    if kind not in KINDS and kind != TABLE:
        known = [*KINDS, TABLE]
        raise InputError(
            f"there is no design '{kind}', expected one of {', '.join(known)}{nearest(kind, known)}"
        )
    asked: tuple[tuple[str, Any, int], ...] = (("replicates", replicates, 1), ("seed", seed, 0))
    for name, value, low in asked:
        if not isinstance(value, Integral) or value < low:
            raise InputError(f"{name} is {value!r}, expected a whole number, {low} or more")
    if (kind in SAMPLED) != (samples > 0):
        wanted = "1 or more" if kind in SAMPLED else f"none, since a {kind} design takes none"
        raise InputError(f"samples is {samples} for a {kind} design, expected {wanted}")


def _points(
    crisis: Crisis, kind: str, axes: tuple[Axis, ...], samples: int, seed: int
) -> Sequence[Point]:
    keys = [find_key(crisis, axis.key) for axis in axes]
    if kind != "grid" and not axes:
        raise InputError(f"a {kind} design varies nothing, expected one key or more")
    whole, base = tuple(key.whole for key in keys), tuple(key.default for key in keys)
    return KINDS[kind](Space(axes, whole, base), samples, seed)


def _named(key: Key, value: Value) -> tuple[str, Value]:
    return key.name, labelled(key, value)


def _renamed(axis: Axis, key: Key) -> Axis:
    """Return an axis with its key and labels as results name them."""
    if axis.ranges and key.levels:
        raise InputError(f"'{key.name}' takes labels, not a range; expected {key.name}=A,B")
    levels = tuple(labelled(key, value) for value in axis.levels)
    return Axis(key.name, levels, axis.low, axis.high)


def _relabelled(crisis: Crisis, names: tuple[str, ...], points: Sequence[Point]) -> list[Point]:
    keys = [find_key(crisis, name) for name in names]
    return [
        tuple(labelled(key, value) for key, value in zip(keys, point, strict=True))
        for point in points
    ]


def _seen(key: str, at: int, points: Sequence[Point]) -> Axis:
    """Return the axis of a column of a table: the values that occur, in their order."""
    return Axis(key, tuple(dict.fromkeys(point[at] for point in points)))


def check_settings(crisis: Crisis, settings: Mapping[str, Value]) -> None:
    """Raise InputError unless the crisis has these keys and they allow these values."""
    _, overrides = split_overrides(crisis, settings)
    with_overrides(crisis, overrides)


def _refuse_repeats(keys: list[str]) -> None:
    repeated = next((key for key in keys if keys.count(key) > 1), None)
    if repeated is not None:
        raise InputError(f"'{repeated}' is given more than once; vary it or set it, once")


def parse_settings(texts: list[str]) -> Settings:
    """Read ``KEY=VALUE`` texts.

    Raises:
        InputError: if one has no key or no value.
    """
    return tuple(parse_setting(text) for text in texts)
