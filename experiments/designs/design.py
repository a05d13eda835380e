"""What a sweep asks: a grid of settings, times replicates, in one fixed order."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from experiments.identity import MODEL_VERSION, content_hash
from sim.crisis import Crisis
from sim.errors import InputError
from sim.keys import find_key, parse_setting, split_overrides, with_overrides
from sim.start import starting_label

type Settings = tuple[tuple[str, float], ...]
"""Keys with their values, in the order in which the user gave them."""

FEWEST_STEPS = 2
MOST_VALUES = 100_000
"""Values that one key may take in one sweep; more is a slip of the pen."""


@dataclass(frozen=True)
class Axis:
    """One key and the values that it takes in turn."""

    key: str
    values: tuple[float, ...]


class RunSpec(NamedTuple):
    """One run of a design: its settings, the fixed ones included, and its replicate."""

    settings: Settings
    replicate: int


@dataclass(frozen=True)
class Design:
    """Every combination of the axes' values, each run ``replicates`` times.

    Runs are numbered from 0: the last axis changes fastest among the points, and replicates change
    fastest of all. Replicate k has the same luck at every point.
    """

    crisis: Crisis
    start: str
    seed: int
    replicates: int
    axes: tuple[Axis, ...] = ()
    fixed: Settings = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The varied keys, then the fixed ones."""
        return (*(axis.key for axis in self.axes), *(key for key, _ in self.fixed))

    @property
    def points(self) -> int:
        """How many settings the design visits."""
        return math.prod(len(axis.values) for axis in self.axes)

    @property
    def size(self) -> int:
        """How many runs the design has."""
        return self.points * self.replicates

    def runs(self) -> Iterator[RunSpec]:
        """Yield every run in order, one at a time."""
        choices = [[(axis.key, value) for value in axis.values] for axis in self.axes]
        for point in itertools.product(*choices):
            for replicate in range(self.replicates):
                yield RunSpec((*point, *self.fixed), replicate)

    def digest(self) -> str:
        """Return eight hexadecimal digits that tell this design from any other."""
        content = [
            content_hash(self.crisis),
            MODEL_VERSION,
            self.start,
            self.seed,
            self.replicates,
            [[axis.key, axis.values] for axis in self.axes],
            self.fixed,
        ]
        return hashlib.blake2b(json.dumps(content).encode(), digest_size=4).hexdigest()


def make_design(
    crisis: Crisis,
    *,
    start: str | None = None,
    seed: int = 0,
    replicates: int = 200,
    axes: tuple[Axis, ...] = (),
    fixed: Settings = (),
) -> Design:
    """Return a design after checking every key, value, the start and the numbers.

    Raises:
        InputError: if anything in it does not fit the crisis.
    """
    if replicates < 1:
        raise InputError(f"replicates is {replicates}, expected 1 or more")
    if seed < 0:
        raise InputError(f"seed is {seed}, expected 0 or more")
    axes = tuple(Axis(find_key(crisis, axis.key).name, axis.values) for axis in axes)
    fixed = tuple((find_key(crisis, key).name, value) for key, value in fixed)
    _refuse_repeats([*(axis.key for axis in axes), *(key for key, _ in fixed)])
    for axis in axes:
        for value in axis.values:
            check_settings(crisis, {axis.key: value})
    design = Design(crisis, starting_label(crisis, start), seed, replicates, axes, fixed)
    check_settings(crisis, dict(next(design.runs()).settings))
    return design


def check_settings(crisis: Crisis, settings: Mapping[str, float]) -> None:
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
        InputError: if one has no key or no number.
    """
    return tuple(parse_setting(text) for text in texts)


def parse_axis(text: str) -> Axis:
    """Read ``KEY=LOW:HIGH:STEPS`` (evenly spaced, both ends included) or ``KEY=A,B,C``.

    Raises:
        InputError: if the text has neither form, a number is not finite or a value comes twice.
    """
    key, equals, values = text.partition("=")
    key = key.strip()
    if not equals or not key or not values.strip():
        raise InputError(f"'{text}' is not KEY=LOW:HIGH:STEPS or KEY=A,B,C")
    listed = _range(text, values) if ":" in values else _list(text, values)
    if len(set(listed)) < len(listed):
        raise InputError(f"'{text}' names a value twice; each value is run once")
    return Axis(key, listed)


def _range(text: str, values: str) -> tuple[float, ...]:
    try:
        first, last, count = values.split(":")
    except ValueError:
        key = text.partition("=")[0]
        raise InputError(f"'{text}' is not KEY=LOW:HIGH:STEPS, for example {key}=0:1:11") from None
    low, high = _number(text, first), _number(text, last)
    try:
        steps = int(count)
    except ValueError:
        raise InputError(f"'{text}' has {count!r} steps, expected a whole number") from None
    if not FEWEST_STEPS <= steps <= MOST_VALUES:
        raise InputError(f"'{text}' has {steps} steps, expected {FEWEST_STEPS} to {MOST_VALUES}")
    # Twelve digits hide the binary remainder: 0:0.3:4 gives 0.1, not 0.09999999999999999.
    return tuple(float(f"{low + (high - low) * (i / (steps - 1)):.12g}") for i in range(steps))


def _list(text: str, values: str) -> tuple[float, ...]:
    key = text.partition("=")[0]
    return tuple(parse_setting(f"{key}={part}")[1] for part in values.split(","))


def _number(text: str, part: str) -> float:
    return parse_setting(f"{text.partition('=')[0]}={part}")[1]
