"""Puts results that were made anew in the place of old ones; a kill at any moment loses none.

The new files stand beside the old ones under hidden names. Once their manifest stands too, they are
what counts: whoever next has the lock carries on with putting them in place.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from experiments.storage.manifest import read_manifest
from experiments.storage.schema import failures_path, journal_path, manifest_path


def replacement_path(path: Path) -> Path:
    """Return where results stand that are to take the place of those at ``path``."""
    return path.with_name(f".{path.stem}.retried{path.suffix}")


def drop_replacement(path: Path) -> None:
    """Remove new results that were never completed."""
    beside = replacement_path(path)
    if beside.is_dir():
        shutil.rmtree(beside)
    for file in (beside, failures_path(beside), journal_path(beside), manifest_path(beside)):
        file.unlink(missing_ok=True)


def finish_replacing(path: Path) -> None:
    """Put completed new results in place, or what is left of them to put; hold the lock."""
    beside = replacement_path(path)
    manifest = read_manifest(beside)
    if manifest is None:
        return
    old = path.with_name(f".{path.name}.old")
    if beside.is_dir():
        if path.exists():
            path.rename(old)
        beside.rename(path)
    elif beside.exists():
        beside.replace(path)
    if old.exists():
        shutil.rmtree(old)
    if failures_path(beside).exists():
        failures_path(beside).replace(failures_path(path))
    elif manifest["failures"] == 0:
        failures_path(path).unlink(missing_ok=True)
    manifest_path(beside).replace(manifest_path(path))
