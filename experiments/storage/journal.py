"""What of an unfinished sweep is safely on disk: one line a commit, checksummed.

A line is written only after the bytes it speaks of have reached the disk. After a kill at any
moment the last whole line tells up to where the files can be trusted.
"""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import NamedTuple


class Commit(NamedTuple):
    """Up to where a sweep has come; bytes are those of the files' beginnings.

    ``runs`` counts runs of the plan, failed ones included; ``sha256`` is that of the rows' bytes;
    ``parts`` counts finished files of a partitioned result, which the rows' file goes on from.
    """

    runs: int = 0
    rows: int = 0
    failures: int = 0
    row_bytes: int = 0
    failure_bytes: int = 0
    sha256: str = ""
    parts: int = 0


def append_commit(path: Path, commit: Commit) -> None:
    """Append a commit and wait until it is on disk."""
    line = json.dumps(commit)
    append_bytes(path, f"{zlib.crc32(line.encode()):08x} {line}\n".encode())


def last_commit(path: Path) -> Commit:
    """Return the last commit that was written whole, an empty one if there is none."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return Commit()
    for line in reversed(lines):
        check, _, content = line.partition(b" ")
        if check == f"{zlib.crc32(content):08x}".encode():
            return Commit(*json.loads(content))
    return Commit()


def append_bytes(path: Path, data: bytes) -> None:
    """Append to a file, made if need be, and wait until all is on disk."""
    with path.open("ab", buffering=0) as file:
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())


def replace_bytes(path: Path, data: bytes) -> None:
    """Put a whole file in place in one step: a reader finds the old one or the new one."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    append_bytes(beside, data)
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until names that were made or changed in a folder are on disk."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
