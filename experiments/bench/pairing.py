"""What pairing saves: how many runs unrelated luck would need for the interval that pairs give."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.table import Table

from experiments.comparison.differences import difference
from experiments.comparison.groups import compare_files
from experiments.designs.axis import listing
from experiments.designs.design import make_design
from experiments.executors.dispatch import executor_named
from experiments.metrics import USUAL
from experiments.sweep import run_sweep
from sim.crisis_file import load_crisis

CASE = "january-2020"
KEY = "threat_credibility"
LEVELS = (0.25, 0.5, 0.75)


def measure(runs: int) -> dict[str, dict[str, float]]:
    """Return by metric and contrast the runs that unpaired luck needs for each paired one."""
    axes = (listing(KEY, LEVELS),)
    design = make_design(load_crisis(CASE), replicates=runs, axes=axes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        run_sweep(design, path, executor=executor_named(None, design.size))
        comparison = compare_files([path], metrics=USUAL)
        return {
            metric.name: {
                f"{LEVELS[0]:g} to {contrast.other.level:g}": 1.0
                / max(1.0 - difference(contrast, metric).saved, 1e-6)
                for contrast in comparison.contrasts
            }
            for metric in comparison.metrics
        }


def table(found: dict[str, dict[str, float]]) -> Table:
    """Return the figures as a table: a row a metric, a column a contrast."""
    contrasts = list(next(iter(found.values())))
    heads = ("Runs unpaired per run paired", *(f"{KEY} {name}" for name in contrasts))
    shown = Table(*heads, box=None, header_style="bold", pad_edge=False)
    for metric, factors in found.items():
        shown.add_row(metric, *(f"{factors[name]:.1f}" for name in contrasts))
    return shown
