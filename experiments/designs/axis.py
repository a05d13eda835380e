"""One key of a design and the values it may take: a range, or levels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.errors import InputError
from sim.keys import Value, parse_setting

FEWEST_STEPS = 2
MOST_VALUES = 100_000
"""Values that one key may take in one sweep; more is a slip of the pen."""


@dataclass(frozen=True)
class Axis:
    """One key, with the levels that it takes in turn, or a range from ``low`` to ``high``.

    A range with steps has both. Levels without a range are a list: of numbers, or of labels.
    """

    key: str
    levels: tuple[Value, ...] = ()
    low: float = math.nan
    high: float = math.nan

    @property
    def ranges(self) -> bool:
        """Whether any value from ``low`` to ``high`` may be taken."""
        return not math.isnan(self.low)

    @property
    def ends(self) -> tuple[Value, ...]:
        """Values that stand for all: if the crisis allows these, it allows the others."""
        return (self.low, self.high, *self.levels) if self.ranges else self.levels

    def at(self, share: float, *, whole: bool = False) -> Value:
        """Return the value at a share in [0, 1] of the way; each whole number has an equal part."""
        if not self.ranges:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        if whole:
            return min(math.floor(self.low + share * (self.high - self.low + 1.0)), self.high)
        return min(max(self.low, _rounded(self.low + share * (self.high - self.low))), self.high)


def stepped(key: str, low: float, high: float, steps: int) -> Axis:
    """Return a range taken in steps, evenly spaced, both ends included.

    Raises:
        InputError: if there are too few or too many steps, or the ends are the wrong way round.
    """
    if not FEWEST_STEPS <= steps <= MOST_VALUES:
        raise InputError(f"'{key}' has {steps} steps, expected {FEWEST_STEPS} to {MOST_VALUES:,}")
    inner = (_rounded(low + (high - low) * (i / (steps - 1))) for i in range(1, steps - 1))
    values = (low, *inner, high)
    if len(set(values)) < steps:
        raise InputError(f"'{key}' runs from {low:g} to {high:g}, expected two ends that differ")
    return Axis(key, values, min(low, high), max(low, high))


def spanning(key: str, low: float, high: float) -> Axis:
    """Return a range for designs that sample it.

    Raises:
        InputError: unless ``low`` is below ``high``.
    """
    if not low < high:
        raise InputError(f"'{key}' runs from {low:g} to {high:g}, expected the lower end first")
    return Axis(key, (), low, high)


def listing(key: str, values: tuple[Value, ...]) -> Axis:
    """Return a list of values, taken in turn.

    Raises:
        InputError: if there is none, or one comes twice.
    """
    if not values:
        raise InputError(f"'{key}' has no values, expected one or more")
    if len(values) > MOST_VALUES:
        raise InputError(f"'{key}' has {len(values):,} values, expected {MOST_VALUES:,} at most")
    if len(set(values)) < len(values):
        raise InputError(f"'{key}' names a value twice; each value is run once")
    return Axis(key, values)


def parse_axis(text: str) -> Axis:
    """Read ``KEY=LOW:HIGH:STEPS``, ``KEY=LOW:HIGH`` or ``KEY=A,B,C``.

    Raises:
        InputError: if the text has none of these forms, a number is not finite or comes twice.
    """
    key, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not key or not values:
        raise InputError(f"'{text}' is not KEY=LOW:HIGH:STEPS, KEY=LOW:HIGH or KEY=A,B,C")
    if ":" not in values:
        return listing(key, tuple(parse_setting(f"{key}={part}")[1] for part in values.split(",")))
    low, high, *count = values.split(":")
    if len(count) > 1:
        raise InputError(f"'{text}' is not KEY=LOW:HIGH:STEPS, for example {key}=0:1:11")
    ends = _number(key, low), _number(key, high)
    if not count:
        return spanning(key, *ends)
    try:
        steps = int(count[0])
    except ValueError:
        raise InputError(f"'{text}' has {count[0]!r} steps, expected a whole number") from None
    return stepped(key, *ends, steps)


def _number(key: str, text: str) -> float:
    value = parse_setting(f"{key}={text}")[1]
    if isinstance(value, str):
        raise InputError(f"'{key}' runs from or to {value!r}, expected a number")
    return value


def _rounded(value: float) -> float:
    """Return a number to twelve digits, which hides the binary remainder: 0.1, not 0.0999..."""
    return float(f"{value:.12g}")
