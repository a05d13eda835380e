"""Reads a sweep that was sampled for sensitivity analysis, and guards the order of its points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.designs.design import Design, RunSpec
from experiments.metrics import METRICS, Metric
from experiments.storage.manifest import needed_manifest
from experiments.storage.reading import finished, is_row_of, stored_rows
from experiments.storage.remade import design_of_manifest
from experiments.words import listed, several, shown_value
from sim.errors import InputError

FEWEST = 4
"""Base samples or trajectories from which intervals can be resampled."""
KNOWN = ("off_ramp", "war", "deaths", "exchanges")
"""Metrics that every run has, to name to those who asked for another."""

type Floats = NDArray[np.float64]

SCHEMES = ("saltelli", "morris")
"""Designs whose points can be analysed."""


@dataclass(frozen=True)
class Sampled:
    """A metric at the points of a design: means over replicates, float64 of shape (points,).

    ``luck`` is the share of the variance between these means, at most 1, that is left of what each
    replicate did to each point alone; what it did to all points alike is no difference.
    """

    design: Design
    metric: Metric
    means: Floats
    luck: float

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys whose influence is asked for."""
        return self.design.varied

    @property
    def nil(self) -> bool:
        """True if the metric is the same at all points, so that nothing can influence it."""
        return float(np.ptp(self.means)) == 0.0


def read_sampled(path: Path, metrics: Iterable[Metric]) -> list[Sampled]:
    """Return each metric at the points of a sweep.

    Raises:
        InputError: unless the sweep is finished, of a scheme that can be analysed, without failed
            runs, with its rows in the order of the design, and every run has every metric.
    """
    manifest = needed_manifest(path)
    _check_sweep(path, manifest)
    design = design_of_manifest(manifest)
    return [_sampled(path, design, metric) for metric in metrics]


def _check_sweep(path: Path, manifest: Mapping[str, Any]) -> None:
    kind = manifest.get("design")
    if kind not in SCHEMES:
        raise InputError(
            f"{path} is of a {kind} design, from which no indices can be made; expected a sweep "
            "with --design saltelli --samples 256, or --design morris --samples 50"
        )
    if manifest.get("failures"):
        raise InputError(
            f"{several(manifest['failures'], 'run')} of {path} failed; make them again with "
            "--retry-failed, since an index over what is left would be another one"
        )
    if not finished(path) or not manifest.get("complete"):
        raise InputError(f"{path} is not finished; the command that began it goes on with it")
    if manifest["samples"] < FEWEST:
        raise InputError(
            f"{path} has {several(manifest['samples'], 'sample')}, from which no interval can be "
            f"made; expected {FEWEST} or more"
        )
    if manifest.get("until") is not None:
        raise InputError(
            f"{path} has unlike numbers of runs at its points; make it without --until-ci"
        )


def _sampled(path: Path, design: Design, metric: Metric) -> Sampled:
    values = np.full((len(design.points), design.replicates), np.nan)
    for at, (spec, row) in enumerate(zip_longest(design.runs(), stored_rows(path))):
        if spec is None or row is None or not is_row_of(row, spec):
            raise InputError(_misplaced(path, design, at, spec, row))
        value = metric.of(row)
        values.flat[at] = np.nan if value is None else value
    if unknown := int(np.isnan(values).sum()):
        raise InputError(
            f"{several(unknown, 'run')} of {path} have no {metric.name}, and an index over the "
            f"others would be another one; metrics that every run has are {listed(list(KNOWN))}"
        )
    means = values.mean(axis=1)
    return Sampled(design, metric, means, _luck(values, means))


def _misplaced(
    path: Path, design: Design, at: int, spec: RunSpec | None, row: Mapping[str, str] | None
) -> str:
    where = f"{path}, line {at + 2}"
    if spec is None:
        return f"{where}: a row too many, expected {several(design.size, 'row')}"
    settings = ", ".join(f"{key} = {shown_value(value)}" for key, value in spec.settings)
    wanted = f"expected the run at {settings}, replicate {spec.replicate}"
    if row is None:
        return f"{where}: the rows end early, {wanted}"
    return f"{where}: rows are out of the design's order, on which indices rest; {wanted}"


def _luck(values: Floats, means: Floats) -> float:
    """Return the share of the variance of means that a two-way analysis leaves to chance."""
    points, replicates = values.shape
    between = float(means.var(ddof=1)) if points > 1 else 0.0
    if between == 0.0 or replicates == 1:
        return float(between > 0.0)
    rest = values - means[:, None] - values.mean(axis=0)[None, :] + values.mean()
    chance = float((rest**2).sum()) / ((points - 1) * (replicates - 1)) / replicates
    share: float = chance / between
    return min(1.0, share)


def default_metrics(manifest: Mapping[str, Any] | None) -> list[str]:
    """Return the metrics that a sweep was made for and that every run has."""
    asked = (manifest or {}).get("metrics") or KNOWN[:3]
    return [name for name in asked if not METRICS[name].hours or name == "ended_h"]
