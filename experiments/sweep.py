"""Runs a design into durable results: begins them, goes on with them, and ends them."""

from __future__ import annotations

import itertools
import math
import re
import time
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.designs.design import Design
from experiments.designs.sequential import Rounds, Short
from experiments.executors.chunk import Executor, Finished, Work
from experiments.executors.dispatch import run_design
from experiments.executors.serial import Serial
from experiments.interrupt import interrupts
from experiments.storage.manifest import (
    Course,
    begun,
    check_version,
    read_manifest,
    with_course,
    write_manifest,
)
from experiments.storage.reading import is_row_of, stored_rows
from experiments.storage.replacement import finish_replacing
from experiments.storage.schema import manifest_path
from experiments.storage.store import (
    ResultStore,
    StorageFullError,
    check_new,
    differing,
    locked,
    sweep_up,
)
from experiments.words import listed
from sim.errors import InputError

FULL = "the disk is full"
INTERRUPTED = "interrupted"


@dataclass
class SweepReport:
    """What a sweep wrote; ``stopped`` says why it ended early, "" if it did not.

    ``kept`` are the runs that an earlier part of the same sweep had made. ``size`` is the number of
    runs asked for, or made in the end where the sweep decided that itself.
    """

    path: Path
    size: int
    rows: int = 0
    failures: int = 0
    kept: int = 0
    wall_seconds: float = 0.0
    stopped: str = ""
    short: list[dict[str, Any]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """True if every run of the design has its row."""
        return not self.stopped and not self.failures


def default_path(design: Design, suffix: str = ".csv") -> Path:
    """Return where a sweep is written when the user names no file: `results/`, by its content."""
    keys = "+".join(design.varied) or "runs"
    safe = re.sub(r"[^A-Za-z0-9_.+-]", "_", keys)[:80]
    return Path("results") / f"{design.crisis.name}-{safe}-{design.digest()}{suffix}"


def run_sweep(
    design: Design,
    path: Path,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    work: Work | None = None,
) -> SweepReport:
    """Run a design into ``path``, or go on with it where it was stopped; return what stands there.

    An interrupt, a full disk, or any other error ends the sweep and keeps the finished rows; the
    same call goes on from there to the same bytes. ``progress`` is called with the runs done and
    the runs there will be.

    Raises:
        InputError: if the file cannot be written, or holds anything but this sweep.
    """
    executor = executor if executor is not None else Serial()
    with locked(path):
        finish_replacing(path)
        manifest = manifest_for(design, path)
        if manifest["stopped"] == "":
            check_there(path)
            sweep_up(path)
            return _report(path, manifest)
        stored = manifest_path(path).exists()
        if not stored:
            write_manifest(manifest_path(path), manifest)
        store = (ResultStore.resume if stored else ResultStore.create)(design, path)
        return _Sweep(store, manifest, executor, progress, work).run()


def manifest_for(design: Design, path: Path) -> dict[str, Any]:
    """Return the manifest that stands, or that of a new sweep; InputError if neither will do."""
    manifest = read_manifest(path)
    if manifest is None:
        check_new(path)
        return begun(design)
    check_version(path, manifest)
    other = differing(manifest, design.content())
    if other:
        raise InputError(
            f"{path} holds another sweep, which differs in {listed(other[:5])}; name another --out"
        )
    return manifest


def check_there(path: Path) -> None:
    """Raise InputError if results of which a manifest tells that they are finished are gone."""
    if not path.exists():
        raise InputError(
            f"{manifest_path(path)} tells of a finished sweep, but {path} is not there; name "
            "another --out, or remove the manifest to make the sweep again"
        )


def _report(path: Path, manifest: dict[str, Any]) -> SweepReport:
    """Return the report of a sweep of which nothing is left to do."""
    rows, failures = manifest["rows"], manifest["failures"]
    size = rows + failures
    return SweepReport(path, size, rows, failures, kept=size, short=manifest["short"])


class _Sweep:
    """One stretch of a sweep: from its store's last commit as far as it gets."""

    def __init__(
        self,
        store: ResultStore,
        manifest: dict[str, Any],
        executor: Executor,
        progress: Callable[[int, int], None] | None,
        work: Work | None,
    ) -> None:
        self.store = store
        self.manifest = manifest
        self.executor = executor
        self.progress = progress
        self.work = work
        self.rounds = Rounds(store.design)
        self.report = SweepReport(store.path, store.design.size, kept=store.done.runs)

    def run(self) -> SweepReport:
        """Make the runs that are left; whatever happens, what has ended is kept."""
        begun_at, started = time.perf_counter(), datetime.now(UTC)
        report, checksums = self.report, {}
        try:
            with interrupts() as interrupted, closing(self.executor):
                finished = self._make_runs(interrupted)
            report.stopped = "" if finished else INTERRUPTED
            self.store.commit()
            checksums = self.store.finish() if finished else {}
        except StorageFullError as error:
            report.stopped = f"{FULL} ({error})"
        except BaseException as error:
            report.stopped = f"{type(error).__name__}: {error}"
            with suppress(StorageFullError):
                self.store.commit()
            raise
        finally:
            report.wall_seconds = time.perf_counter() - begun_at
            self._settle(started, checksums)
        return report

    def _make_runs(self, interrupted: Callable[[], bool]) -> bool:
        """Make runs, round by round; return whether all there is to make has been made."""
        design, rounds = self.store.design, self.rounds
        kept = stored_rows(self.store.path) if design.until is not None else iter(())
        ahead = next(kept, None)
        for specs in rounds:
            for spec in itertools.islice(specs, max(0, self.report.kept - rounds.made)):
                found = ahead is not None and is_row_of(ahead, spec)
                rounds.take(spec, ahead if found else None)
                ahead = next(kept, None) if found else ahead
            runs = run_design(
                design, executor=self.executor, specs=specs, stop=interrupted, work=self.work
            )
            for run in runs:
                self._take(run)
            if interrupted() and (design.until is not None or rounds.made < design.size):
                return False
        return True

    def _take(self, run: Finished) -> None:
        self.store.take(run)
        self.rounds.take(run.spec, run.outcome._asdict() if run.outcome is not None else None)
        if self.progress is not None:
            self.progress(self.rounds.made, self.rounds.size)

    def _settle(self, started: datetime, checksums: dict[str, str]) -> None:
        """Write how it went into the manifest, and remove what only an unfinished sweep needs."""
        done, report = self.store.done, self.report
        report.rows, report.failures = done.rows, done.failures
        report.size = self.rounds.size
        report.short = [short_record(short) for short in self.rounds.short()]
        course = Course(
            started,
            report.wall_seconds,
            self.executor.name,
            self.executor.workers,
            done.runs - report.kept,
        )
        told = {
            "complete": report.complete,
            "rows": report.rows,
            "failures": report.failures,
            "stopped": report.stopped,
            "short": report.short,
            "sha256": checksums,
        }
        with suppress(OSError) if report.stopped else nullcontext():
            path = manifest_path(report.path)
            write_manifest(path, with_course({**self.manifest, **told}, course))
        if checksums:
            self.store.sweep_up()


def short_record(short: Short) -> dict[str, Any]:
    """Return a point whose interval stayed too wide, as plain values."""
    value, low, high = short.interval
    bounds = [bound if math.isfinite(bound) else None for bound in (value, low, high)]
    return {"at": dict(short.settings), "runs": short.runs, "interval": bounds}
