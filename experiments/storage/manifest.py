"""The manifest beside a file of results: what was run, with what, where, and how it went."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from experiments.designs.design import Design
from experiments.identity import MODEL_VERSION, content_hash
from experiments.storage.schema import RESULT_SCHEMA
from sim.keys import find_key

PACKAGES = ("offramp", "mesa", "simpy", "networkx", "numpy", "pandas", "pydantic")


class Course(NamedTuple):
    """How a sweep went; ``stopped`` says why it ended early, ``sha256`` is that of the rows."""

    started: datetime
    wall_seconds: float
    workers: int
    rows: int
    failures: int
    stopped: str
    sha256: str


def write_manifest(design: Design, path: Path, course: Course) -> None:
    """Write the manifest of a sweep as JSON."""
    manifest = {
        "schema_version": RESULT_SCHEMA,
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        **design_record(design),
        "versions": versions(),
        "git": git_state(Path(__file__).resolve().parent),
        "platform": platform.platform(),
        **course._asdict(),
        "started": course.started.isoformat(timespec="seconds"),
        "wall_seconds": round(course.wall_seconds, 3),
        "complete": not course.stopped and course.rows == design.size,
    }
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def design_record(design: Design) -> dict[str, Any]:
    """Return all that is needed to run the design again, the whole crisis included."""
    return {
        "crisis": design.crisis.name,
        "crisis_sha256": content_hash(design.crisis),
        "crisis_content": design.crisis.model_dump(mode="json", exclude_defaults=True),
        "start": design.start,
        "seed": design.seed,
        "replicates": design.replicates,
        "vary": {axis.key: list(axis.values) for axis in design.axes},
        "set": dict(design.fixed),
        "keys": {key: _meaning(design, key) for key in design.keys},
    }


def _meaning(design: Design, key: str) -> dict[str, str]:
    found = find_key(design.crisis, key)
    return {"unit": found.unit, "description": found.description}


def versions() -> dict[str, str | None]:
    """Return the versions of Python, of the model and of the packages that a run depends on."""
    found: dict[str, str | None] = {"python": platform.python_version(), "model": MODEL_VERSION}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    return found


def git_state(folder: Path) -> dict[str, Any] | None:
    """Return the commit that the code is checked out at and whether it was changed since.

    None outside a git checkout, or without git.
    """
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return None
    status = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit, "dirty": bool(status)}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
