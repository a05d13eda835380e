"""What is compared between groups of runs: shares of runs and means over runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from agents.rules.ladder import OVERMATCH
from experiments.comparison.groups import Contrast
from experiments.statistics import (
    Interval,
    PairedDifference,
    mean_difference,
    share_difference,
    unpaired_mean_difference,
    unpaired_share_difference,
)


@dataclass(frozen=True)
class Measure:
    """One quantity of a run; ``share`` if it is yes or no.

    ``title`` heads its plot, ``phrase`` stands in a sentence, ``unit`` on an axis.
    """

    name: str
    title: str
    phrase: str
    unit: str
    share: bool
    read: Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Difference:
    """How a measure differs between two groups; ``paired`` is None if their runs do not pair."""

    interval: Interval
    paired: PairedDifference | None


def _among(*outcomes: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame["outcome"].isin(outcomes).astype(float)


MEASURES = (
    Measure("off_ramp", "Off-ramps", "ended on the off-ramp", "points", True, _among("off_ramp")),
    Measure(
        "war",
        "Wars, regional ones included",
        "ended in war",
        "points",
        True,
        _among("war", "regional_war"),
    ),
    Measure("deaths", "Deaths", "deaths", "deaths a run", False, lambda frame: frame["deaths"]),
    Measure(
        "latency",
        "Time to the first response",
        "time to the first response",
        "hours",
        False,
        lambda frame: frame["first_response_latency_h"],
    ),
)
SEVERE = Measure(
    "severe",
    "Peaks at rung 8 or above",
    "peaked at rung 8 or above",
    "points",
    True,
    lambda frame: (frame["peak_rung"] >= OVERMATCH).astype(float),
)


def difference(contrast: Contrast, measure: Measure) -> Difference:
    """Return the difference of a measure, other minus base, over pairs where there are any."""
    if contrast.paired:
        base, other = _sides(contrast, measure)
        known = base.notna() & other.notna()
        first, second = list(base[known]), list(other[known])
        found = (share_difference if measure.share else mean_difference)(first, second)
        return Difference(found.paired, found)
    first = list(measure.read(contrast.base.frame).dropna())
    second = list(measure.read(contrast.other.frame).dropna())
    return Difference(_unpaired(measure, first, second), None)


def _sides(contrast: Contrast, measure: Measure) -> tuple[pd.Series, pd.Series]:
    """Return the measure in both runs of every pair."""
    sides = []
    for suffix in ("_base", "_other"):
        names = {c: c.removesuffix(suffix) for c in contrast.pairs.columns if c.endswith(suffix)}
        sides.append(measure.read(contrast.pairs[list(names)].rename(columns=names)))
    return sides[0], sides[1]


def _unpaired(measure: Measure, base: Sequence[float], other: Sequence[float]) -> Interval:
    if measure.share:
        return unpaired_share_difference([bool(x) for x in base], [bool(x) for x in other])
    return unpaired_mean_difference(base, other)
