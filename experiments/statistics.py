"""Intervals and summaries of ensembles: shares, means, quantiles, differences.

All intervals are two-sided and hold with 95 % confidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal."""
ROUNDING = 1e-6
"""Difference within a pair that is the rounding of sums, and counts as none."""
FEWEST = 2
"""Values from which a spread can be estimated."""
RESAMPLES = 1_000
"""Resamples of a bootstrap interval."""
FEW = 20
"""Values below which a bootstrap's intervals are too narrow."""
MANY = 2_000
"""Values from which a mean's bootstrap interval is its normal one to within a hair."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Interval(NamedTuple):
    """An estimate with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance between the bounds."""
        return (self.high - self.low) / 2.0

    @property
    def excludes_zero(self) -> bool:
        """True if zero lies outside the interval."""
        return self.low > 0.0 or self.high < 0.0


def wilson(successes: int, trials: int) -> Interval:
    """Return a share with its Wilson score interval (Wilson 1927, JASA 22: 209-212).

    Without trials nothing is known: the share is NaN and the interval is [0, 1].

    Raises:
        ValueError: if not 0 <= successes <= trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials: expected 0 to {trials}")
    if trials == 0:
        return Interval(math.nan, 0.0, 1.0)
    return _score(successes / trials, trials)


def _score(share: float, trials: float) -> Interval:
    """Return a share of so many trials, not necessarily whole, with its score interval."""
    spread = Z95 * Z95 / trials
    centre = (share + spread / 2.0) / (1.0 + spread)
    reach = math.sqrt(share * (1.0 - share) * spread + spread * spread / 4.0) / (1.0 + spread)
    low = 0.0 if share == 0.0 else centre - reach
    high = 1.0 if share == 1.0 else centre + reach
    return Interval(share, low, high)


def clustered_share(values: NDArray[np.float64], clusters: NDArray[np.int64]) -> Interval:
    """Return the share of yes (1) among values of which those of a cluster go together.

    Wilson's interval with the number of independent runs that would know the share as well: the
    number of values over the design effect (Kish 1965), but no more than there are values, and as
    many as there are clusters where all values are the same.
    """
    n, yes = values.size, float(values.sum())
    sizes = np.bincount(clusters)
    sizes = sizes[sizes > 0]
    if n in (0, sizes.size):
        return wilson(round(yes), n)
    share, many = yes / n, sizes.size
    if many == 1:  # whether its luck is rare cannot be told
        return _score(share, 1.0)
    apart = share * (1.0 - share) / n
    sums = np.bincount(clusters, weights=values - share)
    together = float((sums**2).sum()) * many / max(1, many - 1) / (n * n)
    effective = min(float(n), n * apart / together) if min(apart, together) > 0.0 else float(many)
    return _score(share, effective)


def bootstrap_mean(values: NDArray[np.float64]) -> Interval:
    """Return a mean with the bootstrap's interval, corrected for bias and skew (Efron 1987).

    From `MANY` values on, where the two agree, the normal interval; of fewer than `FEW`, of which a
    bootstrap knows too little of the spread, that of Student's t. NaN without two values.
    """
    n = values.size
    if n < FEWEST:
        return Interval(math.nan, -math.inf, math.inf)
    mean = float(values.mean())
    if float(np.ptp(values)) < ROUNDING:
        return Interval(mean, mean, mean)
    if n >= MANY:
        return _around(mean, Z95 * float(values.std(ddof=1)) / math.sqrt(n))
    if n < FEW:
        return mean_interval(n, mean, float(((values - mean) ** 2).sum()))
    from scipy.stats import bootstrap  # noqa: PLC0415 (slow to import)

    found = bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, batch=100, rng=np.random.default_rng(0)
    ).confidence_interval
    return Interval(mean, float(found.low), float(found.high))


def shares(values: Iterable[str], names: Sequence[str]) -> dict[str, Interval]:
    """Return the share of each name among the values, in the order of ``names``."""
    listed = list(values)
    return {name: wilson(listed.count(name), len(listed)) for name in names}


def summary(values: Iterable[float]) -> dict[str, float | None]:
    """Return ``mean, q05, q25, q50, q75, q95`` of the values; None where no value is given."""
    return {"mean": _mean(listed := _array(values)), **quantiles(listed)}


def quantiles(values: Iterable[float]) -> dict[str, float | None]:
    """Return the quantiles ``q05, q25, q50, q75, q95``; None where no value is given."""
    listed = _array(values)
    if listed.size == 0:
        return dict.fromkeys(_QUANTILE_NAMES)
    found = np.quantile(listed, QUANTILES)
    return {name: float(value) for name, value in zip(_QUANTILE_NAMES, found, strict=True)}


_QUANTILE_NAMES = tuple(f"q{round(100 * q):02d}" for q in QUANTILES)


def _array(values: Iterable[float]) -> NDArray[np.float64]:
    return np.fromiter(values, dtype=np.float64)


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(values.mean()) if values.size else None


def mean_interval(n: int, mean: float, squares: float) -> Interval:
    """Return a mean with Student's interval, from ``squares``, the sum of squares about it.

    With fewer than two values the interval is the whole line.
    """
    if n < FEWEST:
        return Interval(mean if n else math.nan, -math.inf, math.inf)
    from scipy.stats import t  # noqa: PLC0415 (slow to import)

    reach = float(t.ppf(0.975, n - 1)) * math.sqrt(squares / (n - 1) / n)
    return _around(mean, reach)


def unpaired_mean_difference(base: Iterable[float], other: Iterable[float]) -> Interval:
    """Return the difference of two means with its normal interval; NaN without two values each."""
    first, second = _array(base), _array(other)
    if min(first.size, second.size) < FEWEST:
        return Interval(math.nan, -math.inf, math.inf)
    variance = float(first.var(ddof=1)) / first.size + float(second.var(ddof=1)) / second.size
    return _around(float(second.mean() - first.mean()), Z95 * math.sqrt(variance))


def paired_share_difference(
    base: Iterable[bool | float], other: Iterable[bool | float]
) -> Interval:
    """Return the share in ``other`` minus that in ``base`` over pairs of yes-or-no values.

    The interval is Wald's with half a pair added to each of the four cells (Agresti & Min 2005,
    Statistics in Medicine 24: 729-740); it keeps a width when no pair changes.

    Raises:
        ValueError: if the two differ in length.
    """
    first, second = _array(base), _array(other)
    n = first.size
    if n != second.size:
        raise ValueError(f"{n} and {second.size} values cannot be paired one to one")
    if n == 0:
        return Interval(math.nan, -1.0, 1.0)
    gained = int(((second == 1.0) & (first == 0.0)).sum())
    lost = int(((second == 0.0) & (first == 1.0)).sum())
    return _agresti_min(gained, lost, n)


def unpaired_share_difference(
    base: Iterable[bool | float], other: Iterable[bool | float]
) -> Interval:
    """Return the difference of two shares of runs that do not pair.

    The interval adds a success and a failure to each sample (Agresti & Caffo 2000, The American
    Statistician 54: 280-288).
    """
    first, second = _array(base), _array(other)
    if min(first.size, second.size) == 0:
        return Interval(math.nan, -1.0, 1.0)
    a, b = ((group.sum() + 1.0) / (group.size + 2.0) for group in (first, second))
    reach = Z95 * math.sqrt(
        a * (1.0 - a) / (first.size + 2.0) + b * (1.0 - b) / (second.size + 2.0)
    )
    return _bounded(float(second.mean() - first.mean()), float(b - a), reach)


def _agresti_min(gained: int, lost: int, n: int) -> Interval:
    up, down, total = (gained + 0.5), (lost + 0.5), n + 2.0
    centre = (up - down) / total
    reach = Z95 * math.sqrt(max(0.0, (up + down) - (up - down) ** 2 / total)) / total
    return _bounded((gained - lost) / n, centre, reach)


def _bounded(value: float, centre: float, reach: float) -> Interval:
    """Return an interval about ``centre`` within [-1, 1] that holds the observed value."""
    low = min(value, max(-1.0, centre - reach))
    return Interval(value, low, max(value, min(1.0, centre + reach)))


def _around(value: float, reach: float) -> Interval:
    return Interval(value, value - reach, value + reach)
