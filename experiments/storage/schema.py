"""What results hold: their columns, the row of a run, and the files beside them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from experiments.designs.design import Design
from experiments.executors.chunk import Finished
from sim.outcome import Outcome

RESULT_SCHEMA = 2
"""Version of the columns; raised when they change."""
IDENTITY = ("run_key", "crisis", "start", "seed", "replicate")
"""Columns with which every row begins; the varied and set keys follow."""
MEASURES = Outcome._fields
"""Columns with which every row ends."""
FAILURE = ("error", "traceback")
"""Columns with which the row of a failed run ends."""


def header(design: Design) -> tuple[str, ...]:
    """Return the columns of a design's results."""
    return (*IDENTITY, *design.keys, *MEASURES)


def failure_header(design: Design) -> tuple[str, ...]:
    """Return the columns of a design's failed runs."""
    return (*IDENTITY, *design.keys, *FAILURE)


def row(design: Design, run: Finished) -> tuple[Any, ...]:
    """Return the row of a run, in the order of `header`, or if it failed of `failure_header`."""
    told = (run.error, run.trace) if run.outcome is None else run.outcome
    return (*identity(design, run), *told)


def identity(design: Design, run: Finished) -> tuple[Any, ...]:
    """Return the cells of a row that say which run it is."""
    luck = (design.crisis.name, design.start, design.seed, run.spec.replicate)
    return (run.run_key, *luck, *(value for _, value in run.spec.settings))


def manifest_path(path: Path) -> Path:
    """Return where the manifest of results stands."""
    return path.with_suffix(".manifest.json")


def failures_path(path: Path) -> Path:
    """Return where the runs of a sweep that failed are recorded."""
    return path.with_suffix(".failures.csv")


def journal_path(path: Path) -> Path:
    """Return where an unfinished sweep keeps account of what is safely written."""
    return path.with_suffix(".journal")


def lock_path(path: Path) -> Path:
    """Return the file by which a sweep keeps others off its results."""
    return path.with_suffix(".lock")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
