"""The runs of a sweep as cases for discovery: their settings, and whether the thing happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.comparison.sources import Source, read_sources
from experiments.metrics import Metric
from experiments.words import listed, number, several
from sim.errors import InputError

type Flags = NDArray[np.bool_]

RARE = 0.9
"""Quantile of a number from which on it counts as much, unless the user names a threshold."""
FEW_POINTS = 20
"""Points below which no half of them can judge the other."""


@dataclass(frozen=True)
class Cases:
    """Runs with the keys that vary, and whether each is a case; ``happened`` puts it in words.

    ``fitted`` marks the runs that boxes and trees are made from: those of half of the points. The
    others judge them.
    """

    sources: tuple[Source, ...]
    frame: pd.DataFrame
    keys: tuple[str, ...]
    metric: Metric
    happened: str
    case: Flags
    fitted: Flags
    points: int

    @property
    def settings(self) -> pd.DataFrame:
        """The settings of every run: numbers, or labels as categories."""
        columns = self.frame[list(self.keys)]
        labels = [key for key in self.keys if not pd.api.types.is_numeric_dtype(columns[key])]
        kinds = {key: "category" if key in labels else "float64" for key in self.keys}
        return columns.astype(kinds)

    @property
    def luck(self) -> NDArray[np.int64]:
        """A number for each run, which runs that share their seed and replicate have in common."""
        groups = self.frame.groupby(["seed", "replicate"], sort=False).ngroup()
        return groups.to_numpy().astype(np.int64)

    @property
    def notes(self) -> list[str]:
        """What a reader must know before resting anything on these runs."""
        notes = [note for source in self.sources for note in source.notes()]
        if self.points < FEW_POINTS:
            notes.append(
                f"There are {several(self.points, 'point')} only: too few to find a region in half "
                "of them and judge it by the other half."
            )
        return notes


def read_cases(
    paths: Sequence[str | Path], metric: Metric, threshold: float | None = None
) -> Cases:
    """Return the runs of sweeps of one crisis as cases.

    A share's cases are the runs for which it holds; a number's those at ``threshold`` or above, by
    default its 90 % quantile.

    Raises:
        InputError: if a file cannot be used, crises or keys differ, or nothing varies.
    """
    sources = read_sources(paths)
    keys = _keys(sources)
    frame = pd.concat([source.frame for source in sources], ignore_index=True)
    values = metric.values(frame)
    if metric.share:
        if threshold is not None:
            raise InputError(f"{metric.name} is yes or no and takes no --threshold {threshold:g}")
        case, happened = values == 1.0, metric.phrase
    else:
        bound = float(values.quantile(RARE)) if threshold is None else threshold
        case, happened = values >= bound, f"had {metric.title} of {number(bound)} or more"
    point = frame.groupby(list(keys), sort=False, observed=True).ngroup().to_numpy()
    half = np.random.default_rng(0).permutation(point.max() + 1) % 2 == 0
    return Cases(
        sources,
        frame,
        keys,
        metric,
        happened,
        case.to_numpy(),
        half[point],
        int(point.max()) + 1,
    )


def _keys(sources: Sequence[Source]) -> tuple[str, ...]:
    first = sources[0]
    for source in sources[1:]:
        if source.beginnings != first.beginnings:
            raise InputError(
                f"{source.path} is of another crisis or start than {first.path}; "
                "expected sweeps of one"
            )
        if sorted(source.varied) != sorted(first.varied):
            raise InputError(
                f"{source.path} varies {listed(source.varied) or 'nothing'}, "
                f"{first.path} {listed(first.varied) or 'nothing'}; expected the same keys"
            )
    if not first.varied:
        raise InputError(f"nothing varies in {first.path}, so that there is no space to look in")
    return tuple(first.varied)
