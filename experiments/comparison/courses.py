"""How crises go over time: when wars begin and quiet sets in, and on which rung they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.rules.ladder import RUNG_NAMES, WAR
from experiments.comparison.groups import Group
from experiments.statistics import Interval, clustered_share

type Floats = NDArray[np.float64]

MOMENTS = 121
"""Moments at which a course is read."""
QUIET = "quiet"
WAR_BEGINS = "war"
NEARLY = 0.95
"""Share of what runs come to by which a plot of it ends, but for wars, which are few."""


def hours_to(frame: pd.DataFrame, event: str) -> Floats:
    """Return the hours from the start to war or to quiet, NaN for runs that never come to it."""
    if event == QUIET:
        return frame["time_to_quiet_h"].to_numpy(dtype=float)
    return np.array([_first_war(acts) for acts in frame["acts"]], dtype=float)


def _first_war(acts: str) -> float:
    return next((hour for hour, rung in read_acts(acts) if rung == WAR), np.nan)


def read_acts(acts: str) -> list[tuple[float, int]]:
    """Return (hour, rung) of the acts of a run, the starting strike first."""
    pairs = (act.split(":") for act in acts.split())
    return [(float(hour), int(rung)) for hour, rung in pairs]


def moments(groups: Sequence[Group], event: str = "") -> Floats:
    """Return hours, evenly spaced, that span the event in all groups, or all their acts."""
    found = [hours_to(group.frame, event) if event else last_acts(group.frame) for group in groups]
    known = np.concatenate(found)
    known = known[~np.isnan(known)]
    end = float(np.quantile(known, 1.0 if event == WAR_BEGINS else NEARLY)) if known.size else 0.0
    days = max(1.0, np.ceil(end / 24.0))
    return np.linspace(0.0, 24.0 * days, MOMENTS)


def last_acts(frame: pd.DataFrame) -> Floats:
    """Return the hour of each run's last act."""
    return np.array([read_acts(acts)[-1][0] for acts in frame["acts"]], dtype=float)


def surviving(group: Group, event: str, hours: Floats) -> list[Interval]:
    """Return the shares of runs that have not come to an event at these hours.

    The survival function of Kaplan & Meier (1958). A run that ends in quiet never comes to war, and
    one that ends in war never to quiet: such a run counts to the last as one that has not, and so
    nothing is censored before the end. Intervals are Wilson's at each moment.
    """
    from scipy import stats  # noqa: PLC0415 (slow to import)

    times, luck = hours_to(group.frame, event), group.luck.to_numpy()
    never = np.isnan(times)
    end = max(float(hours[-1]), float(group.frame["ended_h"].max())) + 1.0
    sample = stats.CensoredData.right_censored(np.where(never, end, times), never)
    values = stats.ecdf(sample).sf.evaluate(hours)
    found = []
    for hour, value in zip(hours, values, strict=True):
        bounds = clustered_share((never | (times > hour)).astype(float), luck)
        found.append(Interval(float(value), bounds.low, bounds.high))
    return found


def median_hours(group: Group, event: str) -> float | None:
    """Return the hour by which half of the runs have come to an event, None if they never do."""
    times = np.sort(np.nan_to_num(hours_to(group.frame, event), nan=np.inf))
    middle = float(times[(len(times) - 1) // 2]) if len(times) else np.inf
    return middle if np.isfinite(middle) else None


def occupancy(group: Group, hours: Floats) -> dict[str, Floats]:
    """Return the share of runs that stand on each rung at these hours, and of those in quiet.

    A run stands on the rung of its latest act until it is quiet for good.
    """
    standing = np.full((group.runs, hours.size), -1)
    quiet = group.frame["time_to_quiet_h"].to_numpy(dtype=float)
    for row, acts in enumerate(group.frame["acts"]):
        taken = read_acts(acts)
        latest = np.searchsorted([hour for hour, _ in taken], hours, side="right") - 1
        standing[row] = np.array([rung for _, rung in taken])[latest]
    standing[hours[None, :] >= np.nan_to_num(quiet, nan=np.inf)[:, None]] = -1
    shares = {QUIET: (standing == -1).mean(axis=0)}
    for rung, name in enumerate(RUNG_NAMES):
        shares[f"{rung} {name.replace('_', ' ')}"] = (standing == rung).mean(axis=0)
    return {name: share for name, share in shares.items() if share.any()}
