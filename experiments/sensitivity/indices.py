"""Indices of influence, computed by SALib, with bootstrap intervals and at growing samples.

Sobol' indices (Saltelli et al. 2010): the share of the variance between points that a key explains
alone (first order), and with all its interactions (total). Morris' effects (Campolongo, Cariboni &
Saltelli 2007): the mean change of the metric, signed and absolute, over the whole of a key's range,
and its spread, which tells of interactions and bends.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.designs.points import MORRIS_LEVELS, morris_shares, unit_problem
from experiments.sensitivity.sampled import FEWEST, Floats, Sampled
from experiments.statistics import Z95, Interval

RESAMPLES = 1_000
SEED = 1
"""Seed of the bootstrap: the same results give the same intervals. SALib takes 0 for none."""
PARTS = (8, 4, 2, 1)
"""Parts of the sample at which convergence is looked at: an eighth, a quarter, a half, all."""


@dataclass(frozen=True)
class Influence:
    """How one key bears on a metric.

    ``total`` is the total index, or Morris' mean absolute effect; ``first`` the first-order index;
    ``mean`` and ``spread`` Morris' signed mean effect and its standard deviation. None where the
    scheme has no such number.
    """

    key: str
    total: Interval
    first: Interval | None = None
    mean: float | None = None
    spread: float | None = None

    @property
    def told_from_nothing(self) -> bool:
        """True if the interval of the total lies above 0."""
        return self.total.low > 0.0


@dataclass(frozen=True)
class Analysis:
    """The influence of every key, the greatest first, and how it came to be as samples grew.

    ``growth`` has a row for each part of the sample: its number of base samples or trajectories,
    and the totals in the order of the design's keys. ``alone`` is the sum of first-order indices,
    None for a scheme without.
    """

    sampled: Sampled
    influences: tuple[Influence, ...]
    growth: tuple[tuple[int, tuple[Interval, ...]], ...]
    alone: Interval | None = None

    @property
    def settled(self) -> bool:
        """True if the order of the keys that can be told from nothing is that of half the sample.

        And if there was a half to look at.
        """
        felt = [i for i in self.influences if i.told_from_nothing]
        if len(self.growth) < 2 or len(felt) < 2:  # noqa: PLR2004 (a half and a whole, an order)
            return False
        half = dict(zip(self.sampled.keys, self.growth[-2][1], strict=True))
        values = [half[influence.key].value for influence in felt]
        return values == sorted(values, reverse=True)


def analyse(sampled: Sampled) -> Analysis:
    """Return the influence of every key on a metric; none where it does not vary enough to say."""
    samples = sampled.design.samples
    if _flat(sampled, samples):
        return Analysis(sampled, (), ())
    find = _sobol if sampled.design.kind == "saltelli" else _morris
    sizes = [samples // part for part in PARTS if samples // part >= FEWEST]
    found = [(n, *find(sampled, n)) for n in sizes if not _flat(sampled, n)]
    growth = tuple((n, tuple(one.total for one in influences)) for n, influences, _ in found)
    _, last, alone = found[-1]
    influences = sorted(last, key=lambda one: -one.total.value)
    return Analysis(sampled, tuple(influences), growth, alone)


def _rows(sampled: Sampled, samples: int) -> int:
    """Return how many points so many base samples or trajectories have."""
    return samples * (len(sampled.means) // sampled.design.samples)


def _flat(sampled: Sampled, samples: int) -> bool:
    """Return whether the points that the variance is taken from are all the same.

    Of Saltelli's scheme these are the base points, the first and the last of each block.
    """
    values = sampled.means[: _rows(sampled, samples)]
    if sampled.design.kind == "saltelli":
        blocks = values.reshape(samples, -1)
        values = blocks[:, [0, -1]]
    return float(np.ptp(values)) == 0.0


def _sobol(sampled: Sampled, samples: int) -> tuple[list[Influence], Interval | None]:
    from SALib.analyze import sobol  # noqa: PLC0415 (slow to import)

    found = _quietly(
        sobol.analyze,
        unit_problem(sampled.design.axes),
        sampled.means[: _rows(sampled, samples)],
        calc_second_order=False,
        num_resamples=RESAMPLES,
        keep_resamples=True,
        seed=SEED,
    )
    firsts, totals = (_intervals(found[name], found[f"{name}_conf"]) for name in ("S1", "ST"))
    influences = [
        Influence(key, total, first)
        for key, first, total in zip(sampled.keys, firsts, totals, strict=True)
    ]
    reach = Z95 * float(found["S1_conf_all"].sum(axis=1).std(ddof=1))
    alone = sum(one.value for one in firsts)
    return influences, Interval(alone, alone - reach, alone + reach)


def _morris(sampled: Sampled, samples: int) -> tuple[list[Influence], Interval | None]:
    from SALib.analyze import morris  # noqa: PLC0415
    from SALib.sample import morris as scheme  # noqa: PLC0415

    design, rows = sampled.design, _rows(sampled, samples)
    shares = morris_shares(scheme, design.axes, design.samples, design.seed)[:rows]
    found = _quietly(
        morris.analyze,
        unit_problem(design.axes),
        shares,
        sampled.means[:rows],
        num_resamples=RESAMPLES,
        num_levels=MORRIS_LEVELS,
        seed=SEED,
    )
    totals = _intervals(found["mu_star"], found["mu_star_conf"])
    influences = [
        Influence(key, total, mean=float(mean), spread=float(spread))
        for key, total, mean, spread in zip(
            sampled.keys, totals, found["mu"], found["sigma"], strict=True
        )
    ]
    return influences, None


def _intervals(values: Sequence[float], reaches: Floats) -> list[Interval]:
    pairs = zip(values, np.nan_to_num(reaches), strict=True)
    return [Interval(float(v), float(v - reach), float(v + reach)) for v, reach in pairs]


def _quietly(analyse_by: Any, *given: Any, **options: Any) -> Any:
    """Call a function of SALib without what it says on the terminal."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return analyse_by(*given, **options)
