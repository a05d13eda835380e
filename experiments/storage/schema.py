"""What a file of results holds: its columns, the row of a run, and the files beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from experiments.designs.design import Design
from experiments.executors.chunk import Finished
from sim.outcome import Outcome

RESULT_SCHEMA = 1
"""Version of the columns; raised when they change."""
IDENTITY = ("run_key", "crisis", "start", "seed", "replicate")
"""Columns with which every row begins; the varied and set keys follow."""
MEASURES = Outcome._fields
"""Columns with which every row ends."""


def header(design: Design) -> tuple[str, ...]:
    """Return the columns of a design's results."""
    return (*IDENTITY, *design.keys, *MEASURES)


def row(design: Design, run: Finished) -> tuple[Any, ...]:
    """Return the row of a finished run, in the order of `header`."""
    if run.outcome is None:
        raise ValueError(f"replicate {run.spec.replicate} failed and has no row")
    return (*identity(design, run), *run.outcome)


def identity(design: Design, run: Finished) -> tuple[Any, ...]:
    """Return the cells of a row that say which run it is."""
    luck = (design.crisis.name, design.start, design.seed, run.spec.replicate)
    return (run.run_key, *luck, *(value for _, value in run.spec.settings))


def manifest_path(path: Path) -> Path:
    """Return where the manifest of a file of results stands."""
    return path.with_suffix(".manifest.json")


def failures_path(path: Path) -> Path:
    """Return where the runs of a sweep that failed are recorded."""
    return path.with_suffix(".failures.csv")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
