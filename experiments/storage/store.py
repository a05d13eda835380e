"""Writes results so that none is lost: rows, failed runs, a journal, and a manifest.

A sweep's files from its first moment are the manifest (``complete: false``), the rows, the journal
of commits, and once a run fails the failures. A commit appends what has ended since the last one
and waits for the disk; the journal then says so. Going on after a kill cuts each file back to the
last commit and makes the missing runs, so that the files end as if nothing had happened.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from experiments.designs.design import Design
from experiments.executors.chunk import Finished
from experiments.storage import parquet
from experiments.storage.journal import (
    Commit,
    append_bytes,
    append_commit,
    last_commit,
    replace_bytes,
    sync_folder,
)
from experiments.storage.schema import (
    failure_header,
    failures_path,
    header,
    journal_path,
    lock_path,
    row,
)
from sim.errors import InputError

COMMIT_EVERY_S = 0.5
"""Time between commits: what a kill may cost."""
PART_ROWS = 5_000
"""Rows of one file of a partitioned result; it bounds the memory of writing one."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StorageFullError(Exception):
    """The disk is full; what was committed is safe, and the same command goes on from there."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes off these results as long as the context lasts.

    The system lets go of the lock of a process that dies.

    Raises:
        InputError: if another process holds it, or results cannot have this name.
    """
    check_name(path)
    lock = FileLock(lock_path(path), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"{path} is being written by another process; wait for it, or name another --out"
        ) from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
    try:
        yield
    finally:
        lock_path(path).unlink(missing_ok=True)
        lock.release()


class ResultStore:
    """The open files of one sweep; hold the lock while you have one.

    ``done`` is the last commit: runs up to it need not be made again.
    """

    def __init__(self, design: Design, path: Path, done: Commit) -> None:
        self.design = design
        self.path = path
        self.done = done
        self.partitioned = parquet.is_partitioned(path)
        self.rows_path = parquet.tail_path(path) if self.partitioned else path
        self._rows, self._failures = io.StringIO(), io.StringIO()
        self._row_writer = csv.writer(self._rows, lineterminator="\n")
        self._failure_writer = csv.writer(self._failures, lineterminator="\n")
        self._hash = hashlib.sha256()
        self._taken = done
        self._last = -COMMIT_EVERY_S
        self._torn = False

    # Beginning and going on

    @classmethod
    def create(cls, design: Design, path: Path) -> ResultStore:
        """Begin the files of a sweep; its manifest must stand already."""
        store = cls(design, path, Commit())
        if store.partitioned:
            path.mkdir(exist_ok=True)
        store.rows_path.write_bytes(b"")
        store._row_writer.writerow(header(design))
        store.commit()
        return store

    @classmethod
    def resume(cls, design: Design, path: Path) -> ResultStore:
        """Go on with the files of a sweep from its last commit.

        Raises:
            InputError: if the rows are not those that were committed.
        """
        done = last_commit(journal_path(path))
        if done == Commit():
            return cls.create(design, path)
        store = cls(design, path, done)
        store._cut_back()
        if store.partitioned and done.rows == (done.parts + 1) * PART_ROWS:
            store._roll_over()  # it died between the last row of a part and the part
        return store

    def _cut_back(self) -> None:
        """Drop what was written after the last commit, having checked what came before it."""
        done = self.done
        for file, size in ((self.rows_path, done.row_bytes), (self._failed, done.failure_bytes)):
            if not file.exists() and size == 0:
                continue
            if not file.exists() or file.stat().st_size < size:
                raise InputError(f"{file} is shorter than was committed; it was changed meanwhile")
            os.truncate(file, size)
        if self.partitioned:
            parquet.drop_parts(self.path, done.parts)
        with self.rows_path.open("rb") as file_of_rows:
            while block := file_of_rows.read(1 << 20):
                self._hash.update(block)
        if self._hash.hexdigest() != done.sha256:
            raise InputError(
                f"{self.rows_path} was changed after it was written; name another file"
            )
        journal = journal_path(self.path)
        replace_bytes(journal, b"")
        append_commit(journal, done)

    @property
    def _failed(self) -> Path:
        return failures_path(self.path)

    # Writing

    @property
    def taken(self) -> Commit:
        """What has been taken so far, committed or not; its counts are right, its bytes not yet."""
        return self._taken

    def take(self, run: Finished) -> None:
        """Take a run that has ended, and commit if it is time.

        Raises:
            StorageFullError: if a commit finds the disk full.
        """
        self.take_cells(row(self.design, run), failed=run.outcome is None)

    def take_cells(self, cells: Sequence[Any], *, failed: bool) -> None:
        """Take the row of a run as it stands, or that of a failed one; see `take`."""
        taken = self._taken
        if failed:
            if taken.failures == 0:
                self._failure_writer.writerow(failure_header(self.design))
            self._failure_writer.writerow(cells)
            taken = taken._replace(failures=taken.failures + 1)
        else:
            self._row_writer.writerow(cells)
            taken = taken._replace(rows=taken.rows + 1)
        self._taken = taken._replace(runs=taken.runs + 1)
        if self.partitioned and not failed and self._taken.rows % PART_ROWS == 0:
            self.commit()
            self._roll_over()
        elif time.monotonic() - self._last >= COMMIT_EVERY_S:
            self.commit()

    def commit(self) -> None:
        """Put on disk what has been taken, and say so in the journal.

        Once that went wrong the files' ends are unknown: further commits do nothing, and what was
        taken since the last good one is made again by whoever goes on.

        Raises:
            StorageFullError: if the disk is full.
        """
        if self._torn:
            return
        self._torn = True
        rows, failures = _drained(self._rows), _drained(self._failures)
        self._hash.update(rows)
        done = self._taken._replace(
            row_bytes=self.done.row_bytes + len(rows),
            failure_bytes=self.done.failure_bytes + len(failures),
            sha256=self._hash.hexdigest(),
        )
        with _telling_full():
            append_bytes(self.rows_path, rows)
            if failures:
                append_bytes(self._failed, failures)
            append_commit(journal_path(self.path), done)
        self.done = self._taken = done
        self._last = time.monotonic()
        self._torn = False

    def _roll_over(self) -> None:
        """Turn the rows so far into a finished part, and go on with an empty file of rows."""
        with _telling_full():
            parquet.write_part(self.path, self.done.parts, self.design)
            head = io.StringIO()
            csv.writer(head, lineterminator="\n").writerow(header(self.design))
            first = head.getvalue().encode()
            self._hash = hashlib.sha256(first)
            self.done = self._taken = self.done._replace(
                parts=self.done.parts + 1, row_bytes=len(first), sha256=self._hash.hexdigest()
            )
            append_commit(journal_path(self.path), self.done)
            os.truncate(self.rows_path, len(first))

    # Ending

    def finish(self) -> dict[str, str]:
        """Commit and close a sweep of which nothing is left; return the checksum of each file."""
        self.commit()
        if not self.partitioned:
            return {"rows": self.done.sha256}
        # A process that dies below leaves a last part that is not full, and no rows beyond it.
        if self.done.parts == 0 or self.done.rows > self.done.parts * PART_ROWS:
            self._roll_over()
        return parquet.checksums(self.path)

    def sweep_up(self) -> None:
        """Remove what only an unfinished sweep needs; its manifest must say that it is complete."""
        sweep_up(self.path)


def sweep_up(path: Path) -> None:
    """Remove what only an unfinished sweep needs, if any of it still stands."""
    if parquet.is_partitioned(path):
        parquet.tail_path(path).unlink(missing_ok=True)
    journal_path(path).unlink(missing_ok=True)
    sync_folder(path.parent)


def _drained(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data


@contextmanager
def _telling_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFullError(error.strerror) from None
        raise


def check_name(path: Path) -> None:
    """Raise InputError unless results could be written under this name."""
    if path.suffix not in (".csv", ".parquet"):
        raise InputError(
            f"{path} is no name for results; expected one that ends in .csv or .parquet"
        )
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is not a folder; make it first, or name another file")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"{path.parent} cannot be written to; name another file")


def check_new(path: Path) -> None:
    """Raise InputError if a new sweep at ``path`` would touch anything that stands there."""
    for taken in (path, failures_path(path), journal_path(path)):
        if taken.exists():
            raise InputError(f"{taken} exists; results are never overwritten, name another file")


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return in which entries two records of a design differ, the keys of tables by name."""
    names: list[str] = []
    for name in new:
        before, after = old.get(name), new[name]
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            names += [
                f"{name}.{key}" for key in {**before, **after} if before.get(key) != after.get(key)
            ]
        else:
            names.append(name)
    return names
