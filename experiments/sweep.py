"""Runs a design into a file: row by row, in order, keeping what is finished if it is stopped."""

from __future__ import annotations

import csv
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from experiments.designs.design import Design
from experiments.executors.chunk import CHUNK, Finished, Work, run_design
from experiments.interrupt import interrupts
from experiments.storage.manifest import Course, write_manifest
from experiments.storage.schema import (
    failures_path,
    header,
    identity,
    manifest_path,
    row,
    sha256,
)
from sim.errors import InputError


@dataclass
class SweepReport:
    """What a sweep wrote; ``stopped`` says why it ended early, "" if it did not."""

    path: Path
    rows: int = 0
    failures: int = 0
    wall_seconds: float = 0.0
    stopped: str = ""

    @property
    def complete(self) -> bool:
        """True if every run of the design has its row."""
        return not self.stopped and not self.failures


@dataclass
class _Sink:
    """The open file of rows, and that of failures, which is made at the first failure."""

    design: Design
    path: Path
    rows: TextIO
    report: SweepReport
    writer: Any = field(init=False)
    failures: TextIO | None = None

    def __post_init__(self) -> None:
        self.writer = csv.writer(self.rows, lineterminator="\n")
        self.writer.writerow(header(self.design))

    def take(self, run: Finished) -> None:
        if run.outcome is None:
            self._take_failure(run)
            return
        self.writer.writerow(row(self.design, run))
        self.report.rows += 1
        if self.report.rows % CHUNK == 0:
            self.rows.flush()

    def close(self) -> None:
        self.rows.close()
        if self.failures is not None:
            self.failures.close()

    def _take_failure(self, run: Finished) -> None:
        first = self.failures is None
        if self.failures is None:
            self.failures = failures_path(self.path).open("x", encoding="utf-8", newline="")
        writer = csv.writer(self.failures, lineterminator="\n")
        if first:
            names = header(self.design)[: 5 + len(self.design.keys)]
            writer.writerow((*names, "error", "traceback"))
        writer.writerow((*identity(self.design, run), run.error, run.trace))
        self.failures.flush()
        self.report.failures += 1


def default_path(design: Design) -> Path:
    """Return where a sweep is written when the user names no file: `results/`, by its content."""
    keys = "+".join(axis.key for axis in design.axes) or "runs"
    safe = re.sub(r"[^A-Za-z0-9_.+-]", "_", keys)[:80]
    return Path("results") / f"{design.crisis.name}-{safe}-{design.digest()}.csv"


def check_output(path: Path) -> None:
    """Raise InputError unless a sweep can be written at ``path`` without touching another file."""
    if path.suffix != ".csv":
        raise InputError(f"{path} is no name for results; expected a name that ends in .csv")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is not a folder; make it first, or name another file")
    for taken in (path, manifest_path(path), failures_path(path)):
        if taken.exists():
            raise InputError(f"{taken} exists; results are never overwritten, name another file")
    if part_path(path).exists():
        raise InputError(
            f"{part_path(path)} exists: another sweep writes it, or one was killed; "
            "move it away or name another file"
        )
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"{path.parent} cannot be written to; name another file")


def part_path(path: Path) -> Path:
    """Return where rows stand while the sweep goes on."""
    return path.with_name(path.name + ".part")


def run_sweep(
    design: Design,
    path: Path,
    *,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    work: Work | None = None,
) -> SweepReport:
    """Run a design into ``path``, with a manifest beside it, and return what was written.

    An interrupt ends the sweep and keeps the finished rows; so does any other error, which is
    raised again once they are safe. ``progress`` is called with the number of runs done.

    Raises:
        InputError: if the file cannot be written, or something of that name exists.
    """
    check_output(path)
    report = SweepReport(path)
    begun, started = time.perf_counter(), datetime.now(UTC)
    sink = _open_sink(design, path, report)
    try:
        with interrupts() as interrupted:
            runs = run_design(design, workers=workers, stop=interrupted, work=work)
            for done, run in enumerate(runs, start=1):
                sink.take(run)
                if progress is not None:
                    progress(done)
        if report.rows + report.failures < design.size:
            report.stopped = "interrupted"
    except BaseException as error:
        report.stopped = f"{type(error).__name__}: {error}"
        raise
    finally:
        sink.close()
        report.wall_seconds = time.perf_counter() - begun
        _settle(design, report, started, workers)
    return report


def _open_sink(design: Design, path: Path, report: SweepReport) -> _Sink:
    try:
        rows = part_path(path).open("x", encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
    return _Sink(design, path, rows, report)


def _settle(design: Design, report: SweepReport, started: datetime, workers: int) -> None:
    """Move the rows to their final place and write the manifest."""
    part_path(report.path).rename(report.path)
    course = Course(
        started=started,
        wall_seconds=report.wall_seconds,
        workers=workers,
        rows=report.rows,
        failures=report.failures,
        stopped=report.stopped,
        sha256=sha256(report.path),
    )
    write_manifest(design, manifest_path(report.path), course)
