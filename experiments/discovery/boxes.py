"""Boxes in which cases gather: found by PRIM in half of the points, judged by the other half.

The patient rule induction method (Friedman & Fisher 1999) in the EMA Workbench (Kwakkel 2017), as
scenario discovery uses it (Bryant & Lempert 2010). Of the boxes on its way, that is kept which
holds most of the cases beyond its share of the runs; a key whose restriction does not raise the
density more than chance would (their quasi-p value) is dropped.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.discovery.cases import Cases, Flags
from experiments.statistics import Interval, bootstrap_mean, clustered_share
from experiments.words import listed, number
from sim.keys import Value

MOST_ROWS = 20_000
"""Runs from which boxes are found at most; more are thinned evenly."""
SMALLEST = 0.05
"""Share of the runs that a box holds at least."""
CHANCE = 0.05
"""Quasi-p value above which a restriction is dropped."""


@dataclass(frozen=True)
class Limit:
    """What a box asks of one key: an end or two, or some of its labels."""

    key: str
    low: float | None = None
    high: float | None = None
    labels: tuple[str, ...] = ()

    def holds(self, column: pd.Series) -> Flags:
        """Return for which runs it holds."""
        if self.labels:
            return column.isin(self.labels).to_numpy()
        above = column >= self.low if self.low is not None else np.ones(len(column), bool)
        below = column <= self.high if self.high is not None else np.ones(len(column), bool)
        return np.asarray(above & below, dtype=np.bool_)

    def __str__(self) -> str:
        """Return it in words."""
        if self.labels:
            return f"{self.key} is {listed(list(self.labels)).replace(' and ', ' or ')}"
        if self.low is None:
            return f"{self.key} is {number(self.high or 0.0)} or less"
        if self.high is None:
            return f"{self.key} is {number(self.low)} or more"
        if self.low == self.high:
            return f"{self.key} is {number(self.low)}"
        return f"{self.key} is between {number(self.low)} and {number(self.high)}"


@dataclass(frozen=True)
class Judged:
    """A part of the space on runs that it was not made from.

    ``density`` is the share of its runs that are cases, ``coverage`` the share of all cases that
    it holds, ``mass`` its share of all runs.
    """

    runs: int
    density: Interval
    coverage: float
    mass: float


@dataclass(frozen=True)
class Box:
    """A region where cases gather, and the way on which it was found: (coverage, density)."""

    limits: tuple[Limit, ...]
    judged: Judged
    trajectory: tuple[tuple[float, float], ...]
    chosen: int


def judge(cases: Cases, inside: Flags) -> Judged:
    """Return how a part of the space fares on the runs that were held out."""
    held = ~cases.fitted
    part = held & inside
    density = clustered_share(cases.case[part].astype(float), cases.luck[part])
    among = int(cases.case[held].sum())
    coverage = float(cases.case[part].sum()) / among if among else 0.0
    return Judged(int(part.sum()), density, coverage, float(part.sum()) / max(1, int(held.sum())))


def gain(cases: Cases, one: Flags, other: Flags) -> Interval:
    """Return how much denser one part is than another, on the runs that were held out.

    Taken replicate by replicate, since all points of a replicate share its luck.
    """
    held = ~cases.fitted
    densities = []
    for part in (one, other):
        flags = pd.Series(cases.case[held & part].astype(float))
        densities.append(flags.groupby(cases.luck[held & part]).mean())
    gaps = (densities[0] - densities[1]).dropna().to_numpy().astype(np.float64)
    return bootstrap_mean(gaps)


def overall(cases: Cases) -> Judged:
    """Return how the whole space fares on the runs that were held out."""
    return judge(cases, np.ones(len(cases.case), dtype=np.bool_))


def inside(limits: tuple[Limit, ...], settings: pd.DataFrame) -> Flags:
    """Return which runs lie in a box."""
    found = np.ones(len(settings), dtype=np.bool_)
    for limit in limits:
        found &= limit.holds(settings[limit.key])
    return found


def find_box(cases: Cases) -> Box | None:
    """Return the box in which cases gather most, None if none holds up on the held-out half."""
    settings, case = _sample(cases)
    if case.all() or not case.any():
        return None
    trajectory, limits = _peeled(settings, case)
    gains = [_gain(settings, case, one) for one in limits]
    chosen = int(np.argmax(gains))
    kept = _needed(settings, case, limits[chosen])
    if not kept:
        return None
    found = inside(kept, cases.settings)
    if not gain(cases, found, np.ones_like(found)).low > 0.0:
        return None
    return Box(kept, judge(cases, found), trajectory, chosen)


def _sample(cases: Cases) -> tuple[pd.DataFrame, Flags]:
    rows = np.flatnonzero(cases.fitted)
    if len(rows) > MOST_ROWS:  # at random: in regular steps they might all be of a few replicates
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_ROWS, replace=False))
    return cases.settings.iloc[rows].reset_index(drop=True), cases.case[rows]


def _peeled(
    settings: pd.DataFrame, case: Flags
) -> tuple[tuple[tuple[float, float], ...], list[tuple[Limit, ...]]]:
    """Return (coverage, density) and the limits of every box on PRIM's way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import prim  # noqa: PLC0415 (slow to import)

        logging.getLogger("EMA").setLevel(logging.ERROR)
        box = prim.Prim(settings, case, mass_min=SMALLEST).find_box()
    way = box.peeling_trajectory
    trajectory = tuple(
        zip(way["coverage"].astype(float), way["density"].astype(float), strict=True)
    )
    return trajectory, [_limits(lims, settings) for lims in box.box_lims]


def _limits(lims: Any, settings: pd.DataFrame) -> tuple[Limit, ...]:
    """Return a box of PRIM as limits, of the keys alone that it restricts."""
    found = []
    for key in settings.columns:
        column, ends = settings[key], lims[key].tolist()
        if isinstance(ends[0], set):
            if len(ends[0]) < column.nunique():
                found.append(Limit(key, labels=tuple(sorted(map(str, ends[0])))))
            continue
        low = float(ends[0]) if ends[0] > column.min() else None
        high = float(ends[1]) if ends[1] < column.max() else None
        if low is not None or high is not None:
            found.append(Limit(key, low, high))
    return tuple(found)


def _gain(settings: pd.DataFrame, case: Flags, limits: tuple[Limit, ...]) -> float:
    """Return the share of the cases in a box less its share of the runs."""
    found = inside(limits, settings)
    return float(case[found].sum() / case.sum() - found.mean())


def _needed(settings: pd.DataFrame, case: Flags, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """Return the limits that raise the density by more than chance, the weakest dropped first."""
    from scipy.stats import binomtest  # noqa: PLC0415 (slow to import)

    while limits:
        within = inside(limits, settings)
        found = []
        for limit in limits:
            without = inside(tuple(one for one in limits if one != limit), settings)
            share = float(case[without].mean())
            test = binomtest(int(case[within].sum()), int(within.sum()), share, "greater")
            found.append((float(test.pvalue), limit))
        worst, weakest = max(found, key=lambda pair: pair[0])
        if worst <= CHANCE:
            break
        limits = tuple(limit for limit in limits if limit != weakest)
    return limits


def level_of(value: Value) -> str:
    """Return a setting exactly, as a command takes it."""
    return value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
