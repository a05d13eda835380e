"""The manifest beside a file of results: what was run, with what, where, and how it went."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from experiments.designs.design import Design
from experiments.identity import versions
from experiments.storage.journal import replace_bytes
from experiments.storage.schema import RESULT_SCHEMA, manifest_path
from sim.errors import InputError
from sim.keys import find_key


class Course(NamedTuple):
    """How one stretch of a sweep went, from its start or resumption to its end or interruption."""

    started: datetime
    wall_seconds: float
    executor: str
    workers: int
    runs: int


def begun(design: Design) -> dict[str, Any]:
    """Return the manifest of a sweep that is about to begin."""
    return {
        "schema_version": RESULT_SCHEMA,
        "complete": False,
        "rows": 0,
        "failures": 0,
        "stopped": "not finished",
        **design.content(),
        "metrics": list(design.metrics),
        "keys": {key: _meaning(design, key) for key in design.keys},
        "crisis_content": design.crisis.model_dump(mode="json", exclude_defaults=True),
        "crisis_text": design.crisis_text,
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        "versions": versions(),
        "git": git_state(Path(__file__).resolve().parent),
        "platform": platform.platform(),
        "courses": [],
    }


def with_course(manifest: dict[str, Any], course: Course) -> dict[str, Any]:
    """Return a manifest with one more stretch of the sweep told."""
    told = {
        **course._asdict(),
        "started": course.started.isoformat(timespec="seconds"),
        "wall_seconds": round(course.wall_seconds, 3),
        "versions": versions(),
    }
    return {**manifest, "courses": [*manifest["courses"], told]}


def write_manifest(path: Path, manifest: dict[str, Any]) -> None:
    """Put a manifest in place in one step."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    replace_bytes(path, text.encode())


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return the manifest beside results, or None if there is none.

    Raises:
        InputError: if it is not a JSON object.
    """
    beside = manifest_path(path)
    if not beside.exists():
        return None
    try:
        manifest = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{beside} cannot be read as JSON: {error}") from None
    if not isinstance(manifest, dict):
        raise InputError(f"{beside} holds no JSON object; expected the manifest of {path.name}")
    return manifest


def needed_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest beside results; for what cannot do without it.

    Raises:
        InputError: if there are no such results, no manifest, or one of another version.
    """
    if not path.exists():
        raise InputError(f"there is no file {path}")
    manifest = read_manifest(path)
    if manifest is None:
        raise InputError(f"{path} has no manifest beside it, which alone tells how it was made")
    check_version(path, manifest)
    return manifest


def check_version(path: Path, manifest: dict[str, Any]) -> None:
    """Refuse results whose manifest states another version of the columns."""
    if manifest.get("schema_version") != RESULT_SCHEMA:
        raise InputError(
            f"{manifest_path(path)} says schema_version {manifest.get('schema_version')!r}, "
            f"expected {RESULT_SCHEMA}; the results were written by another version of offramp"
        )


def _meaning(design: Design, key: str) -> dict[str, str]:
    found = find_key(design.crisis, key)
    return {"unit": found.unit, "description": found.description}


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
