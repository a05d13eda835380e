"""The most escalatory runs of a sweep, each with the command that tells it."""

from __future__ import annotations

import shlex
from typing import Any, NamedTuple

import pandas as pd

from experiments.comparison.sources import Source
from experiments.discovery.boxes import level_of
from experiments.discovery.cases import Cases
from experiments.identity import content_hash
from experiments.storage.reading import setting_columns
from sim.crisis_file import load_crisis, shipped_crises

MOST = 5
RANKED = ["peak_rung", "rivera_severity", "deaths"]
"""Columns by which runs are ranked, the greatest first."""
UNSHIPPED = "CRISIS.toml"
"""What stands in a command for a crisis that is not shipped; its text is in the manifest."""


class Worst(NamedTuple):
    """A run, its numbers, and the command that tells it."""

    row: dict[str, Any]
    command: str


def worst_runs(cases: Cases) -> list[Worst]:
    """Return the most escalatory runs, each of another replicate where there are enough."""
    found = [source.frame.assign(source=source.label) for source in cases.sources]
    frame = pd.concat(found, ignore_index=True).sort_values(
        [*RANKED, "run_key"], ascending=[False, False, False, True]
    )
    others = frame.drop_duplicates(["seed", "replicate"])
    chosen = others if len(others) >= MOST else frame
    sources = {source.label: source for source in cases.sources}
    rows = [
        {str(name): value for name, value in row.items()}
        for row in chosen.head(MOST).to_dict("records")
    ]
    return [Worst(row, command(sources[row["source"]], row)) for row in rows]


def command(source: Source, row: dict[str, Any]) -> str:
    """Return the command that tells the run of a row."""
    words = ["offramp", "explain", _crisis(source, str(row["crisis"]))]
    words += ["--from", str(row["start"]), "--seed", str(row["seed"])]
    words += ["--replicate", str(row["replicate"])]
    for key in setting_columns(source.frame):
        words += ["--set", f"{key}={level_of(row[key])}"]
    return shlex.join(words)


def _crisis(source: Source, name: str) -> str:
    """Return how a command names the crisis: by name if it is shipped as the sweep had it."""
    if name not in shipped_crises():
        return UNSHIPPED
    then = source.told.get("crisis_sha256")
    return name if then in (None, content_hash(load_crisis(name))) else UNSHIPPED
