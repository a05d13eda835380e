"""How a metric differs between two groups of runs: the difference, its interval, its size."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.comparison.groups import Contrast, Group
from experiments.metrics import Metric
from experiments.statistics import (
    Interval,
    bootstrap_mean,
    clustered_share,
    paired_share_difference,
    unpaired_mean_difference,
    unpaired_share_difference,
)

type Floats = NDArray[np.float64]

FEW_CHANGED = 10
"""Pairs that differ in a share below which resampling them says little."""
EFFECTS = ((0.2, "negligible"), (0.5, "small"), (0.8, "medium"), (math.inf, "large"))
"""Below which size an effect is called what (Cohen 1988)."""


@dataclass(frozen=True)
class Difference:
    """A difference in means or shares, other minus base.

    ``pairs`` counts pairs of runs, 0 if they do not pair, and ``changed`` is the share of them
    whose two values differ. ``unpaired`` is the interval of the same runs with unrelated luck.
    ``saved`` is the share of the variance that pairing took away, below 0 where it added to it.
    ``effect`` is Cohen's h for shares and d for numbers.
    """

    interval: Interval
    unpaired: Interval
    effect: float
    pairs: int = 0
    changed: float = 0.0
    saved: float = 0.0

    @property
    def paired(self) -> bool:
        """True if it was taken over pairs."""
        return self.pairs > 0

    @property
    def effect_word(self) -> str:
        """The size of the effect in Cohen's words."""
        return next(word for below, word in EFFECTS if not abs(self.effect) >= below)


def difference(contrast: Contrast, metric: Metric) -> Difference:
    """Return how a metric differs between two groups, over pairs of runs where there are any.

    Runs at several settings that share their luck count as one, with their mean.
    """
    base = metric.values(contrast.base.frame).to_numpy()
    other = metric.values(contrast.other.frame).to_numpy()
    if not contrast.paired:
        return _unpaired(metric, _by_luck(base, contrast.base), _by_luck(other, contrast.other))
    base, other = base[contrast.pairs["at_base"]], other[contrast.pairs["at_other"]]
    known = ~(np.isnan(base) | np.isnan(other))
    luck = contrast.pairs["luck"].to_numpy()[known]
    return _paired(metric, base[known], other[known], luck)


def _by_luck(values: Floats, group: Group) -> Floats:
    return _means(values, group.luck.to_numpy())


def _means(values: Floats, luck: NDArray[np.int64]) -> Floats:
    """Return the mean of the known values that share their luck."""
    means = pd.Series(values).groupby(luck, sort=False).mean().dropna()
    return means.to_numpy().astype(np.float64)


def _unpaired(metric: Metric, base: Floats, other: Floats) -> Difference:
    interval = _apart(metric, base, other)
    return Difference(interval, interval, _effect(metric, base, other))


def _apart(metric: Metric, base: Floats, other: Floats) -> Interval:
    """Return the interval of a difference between runs with unrelated luck."""
    if metric.share and _binary(base) and _binary(other):
        return unpaired_share_difference(list(base), list(other))
    return unpaired_mean_difference(base, other)


def _binary(values: Floats) -> bool:
    return bool(np.isin(values, (0.0, 1.0)).all())


def _paired(metric: Metric, base: Floats, other: Floats, luck: NDArray[np.int64]) -> Difference:
    changed = other != base
    first, second = _means(base, luck), _means(other, luck)
    gaps = second - first
    few = int(changed.sum()) < FEW_CHANGED
    if metric.share and few and len(gaps) == len(base):
        interval = paired_share_difference(list(base), list(other))
    else:
        interval = bootstrap_mean(gaps)
    apart = _apart(metric, first, second)
    effect, saved = _effect(metric, base, other), _saved(first, second)
    share = float(changed.mean()) if len(base) else 0.0
    return Difference(interval, apart, effect, len(base), share, saved)


def _saved(base: Floats, other: Floats) -> float:
    """Return the share of the variance of a difference that pairing takes away."""
    apart = float(base.var() + other.var())
    return 1.0 - float((other - base).var()) / apart if apart > 0.0 else 0.0


def _effect(metric: Metric, base: Floats, other: Floats) -> float:
    """Return Cohen's h of two shares, or d of two means over the spread within the groups."""
    if min(base.size, other.size) == 0:
        return math.nan
    low, high = float(base.mean()), float(other.mean())
    if metric.share:
        return 2.0 * (math.asin(math.sqrt(high)) - math.asin(math.sqrt(low)))
    spread = math.sqrt((float(base.var()) + float(other.var())) / 2.0)
    return (high - low) / spread if spread > 0.0 else 0.0


def share_of(group: Group, metric: Metric) -> Interval:
    """Return the share of a group's runs for which a metric holds.

    Wilson's interval, widened where runs at several settings share their luck.
    """
    return clustered_share(metric.values(group.frame).to_numpy(), group.luck.to_numpy())
