"""Reads files of results, and refuses what is not one."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pandas as pd

from experiments.storage.schema import IDENTITY, MEASURES, RESULT_SCHEMA, manifest_path, sha256
from sim.errors import InputError
from sim.outcome import OUTCOMES, Outcome


def setting_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns of results that hold varied or set keys."""
    return list(frame.columns[len(IDENTITY) : len(frame.columns) - len(MEASURES)])


def read_results(path: str | Path) -> pd.DataFrame:
    """Return a file of results as a frame, one row a run, after checking that it is one.

    Empty cells become NaN, except in columns of text, where they become "".

    Raises:
        InputError: naming the file, column, value and what was expected, if it is not a whole file
            of results of this version.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}") from None
    _check_whole(path, text)
    _check_manifest(path)
    rows = csv.reader(StringIO(text))
    columns = next(rows)
    _check_header(path, columns)
    _check_rows(path, columns, rows)
    frame = pd.read_csv(
        StringIO(text), dtype=dict.fromkeys(_TEXT, str), keep_default_na=False, na_values=_NA
    )
    _check_types(path, frame)
    return frame


_HINTS = get_type_hints(Outcome)
_TEXT = ("run_key", "crisis", "start", *(name for name in MEASURES if _HINTS[name] is str))
_NA = {name: [""] for name in MEASURES if name not in _TEXT}


def _may_be_empty(column: str) -> bool:
    return column in _TEXT or type(None) in get_args(_HINTS.get(column, int))


def _check_whole(path: Path, text: str) -> None:
    if not text.strip():
        raise InputError(f"{path} is empty, expected a header and a row for each run")
    if not text.endswith("\n"):
        raise InputError(f"{path} ends within its last line; the file was cut short while written")


def _check_manifest(path: Path) -> None:
    """Refuse results whose manifest states another version of the columns."""
    manifest = read_manifest(path)
    if manifest is not None and manifest.get("schema_version") != RESULT_SCHEMA:
        raise InputError(
            f"{manifest_path(path)} says schema_version {manifest.get('schema_version')!r}, "
            f"expected {RESULT_SCHEMA}; the results were written by another version of offramp"
        )


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return the manifest beside a file of results, or None if there is none.

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


def changed_since_written(path: Path) -> bool:
    """Return True if a manifest stands beside the results and its checksum differs."""
    manifest = read_manifest(path)
    return manifest is not None and manifest.get("sha256") != sha256(path)


def _check_header(path: Path, columns: Sequence[str]) -> None:
    missing = [name for name in (*IDENTITY, *MEASURES) if name not in columns]
    if missing:
        raise InputError(
            f"{path} has no column '{missing[0]}', expected the columns of results of offramp "
            f"(version {RESULT_SCHEMA}); it lacks {len(missing)} of them"
        )
    if tuple(columns[:5]) != IDENTITY or tuple(columns[-len(MEASURES) :]) != MEASURES:
        raise InputError(
            f"{path} has its columns in another order, expected {', '.join(IDENTITY)} first and "
            f"{MEASURES[0]} to {MEASURES[-1]} last"
        )
    repeated = next((name for name in columns if list(columns).count(name) > 1), None)
    if repeated is not None:
        raise InputError(f"{path} has the column '{repeated}' more than once, expected it once")


def _check_rows(path: Path, columns: list[str], rows: Iterator[list[str]]) -> None:
    at, line = columns.index("outcome"), 1
    for line, cells in enumerate(rows, start=2):
        if len(cells) != len(columns):
            raise InputError(
                f"{path}, line {line}, has {len(cells)} values, expected {len(columns)}; "
                "the file was cut short or edited"
            )
        if cells[at] not in OUTCOMES:
            raise InputError(
                f"{path}, line {line}, column 'outcome' is {cells[at]!r}, "
                f"expected one of {', '.join(OUTCOMES)}"
            )
    if line == 1:
        raise InputError(f"{path} has a header and no runs; expected a row for each run")


def _check_types(path: Path, frame: pd.DataFrame) -> None:
    for column in frame.columns:
        if column in _TEXT:
            continue
        numbers = pd.to_numeric(frame[column], errors="coerce")
        wrong = numbers.isna() & (~frame[column].isna() | (not _may_be_empty(column)))
        if wrong.any():
            at = int(wrong.to_numpy().argmax())
            value = "" if pd.isna(frame[column].iloc[at]) else frame[column].iloc[at]
            raise InputError(
                f"{path}, line {at + 2}, column '{column}' is {str(value)!r}, expected a number"
            )
        frame[column] = numbers
