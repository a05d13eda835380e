"""Makes the failed runs of a sweep again and puts their rows where they belong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from experiments.designs.design import Design, RunSpec
from experiments.designs.sequential import Rounds
from experiments.executors.chunk import Executor, Finished, Work
from experiments.executors.dispatch import run_design
from experiments.executors.serial import Serial
from experiments.interrupt import interrupts
from experiments.storage.manifest import write_manifest
from experiments.storage.reading import is_row_of, stored_rows
from experiments.storage.replacement import (
    drop_replacement,
    finish_replacing,
    replacement_path,
)
from experiments.storage.schema import journal_path, manifest_path
from experiments.storage.store import ResultStore, StorageFullError, locked, sweep_up
from experiments.sweep import FULL, INTERRUPTED, SweepReport, check_there, manifest_for
from sim.errors import InputError


def retry_failed(
    design: Design,
    path: Path,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    work: Work | None = None,
) -> SweepReport:
    """Make the failed runs of a finished sweep again; rows and failures are replaced in one step.

    Raises:
        InputError: if there is no such sweep, it is not finished, or no run of it failed.
    """
    executor = executor if executor is not None else Serial()
    with locked(path), closing(executor):
        finish_replacing(path)
        manifest = _finished_manifest(design, path)
        failed = [spec for spec, row in placed(design, path) if row is None]
        made: dict[RunSpec, Finished] = {}
        with interrupts() as interrupted:
            runs = run_design(
                design, executor=executor, specs=iter(failed), stop=interrupted, work=work
            )
            for run in runs:
                made[run.spec] = run
                if progress is not None:
                    progress(len(made), len(failed))
        if len(made) < len(failed):
            return _report(path, manifest, stopped=INTERRUPTED)
        try:
            return _report(path, _rewritten(design, path, manifest, made))
        except StorageFullError as error:
            drop_replacement(path)
            return _report(path, manifest, stopped=f"{FULL} ({error})")


def _finished_manifest(design: Design, path: Path) -> dict[str, Any]:
    if not manifest_path(path).exists():
        raise InputError(f"there is no sweep at {path} of which runs could be made again")
    manifest = manifest_for(design, path)
    if manifest["stopped"] == "":
        check_there(path)
        sweep_up(path)
    if journal_path(path).exists():
        raise InputError(f"{path} is not finished; repeat the command without --retry-failed first")
    if manifest["failures"] == 0:
        raise InputError(f"no run of {path} failed; there is nothing to make again")
    return manifest


def placed(design: Design, path: Path) -> Iterator[tuple[RunSpec, dict[str, str] | None]]:
    """Yield every run of a finished sweep in its order with its row, None where it failed."""
    rounds, rows = Rounds(design), stored_rows(path)
    ahead = next(rows, None)
    for specs in rounds:
        for spec in specs:
            found = ahead if ahead is not None and is_row_of(ahead, spec) else None
            rounds.take(spec, found)
            yield spec, found
            if found is not None:
                ahead = next(rows, None)


def _rewritten(
    design: Design, path: Path, manifest: dict[str, Any], made: Mapping[RunSpec, Finished]
) -> dict[str, Any]:
    """Write results anew with the runs made again, put them in place, and return the manifest."""
    beside = replacement_path(path)
    drop_replacement(path)
    store = ResultStore.create(design, beside)
    for spec, found in placed(design, path):
        if found is not None:
            store.take_cells(tuple(found.values()), failed=False)
        else:
            store.take(made[spec])
    checksums = store.finish()
    store.sweep_up()
    done = store.done
    told = {"complete": done.failures == 0, "rows": done.rows, "failures": done.failures}
    manifest = {**manifest, **told, "sha256": checksums}
    write_manifest(manifest_path(beside), manifest)
    finish_replacing(path)
    return manifest


def _report(path: Path, manifest: dict[str, Any], *, stopped: str = "") -> SweepReport:
    rows, failures = manifest["rows"], manifest["failures"]
    return SweepReport(path, rows + failures, rows, failures, stopped=stopped)
