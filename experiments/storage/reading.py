"""Reads files of results, and refuses what is not one."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pandas as pd

from experiments.designs.design import RunSpec
from experiments.storage.journal import last_commit
from experiments.storage.manifest import check_version, read_manifest
from experiments.storage.parquet import checksums, is_partitioned, tail_path
from experiments.storage.parquet import parts as finished_parts
from experiments.storage.schema import IDENTITY, MEASURES, RESULT_SCHEMA, journal_path, sha256
from sim.errors import InputError
from sim.outcome import OUTCOMES, Outcome


def setting_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns of results that hold varied or set keys."""
    return list(frame.columns[len(IDENTITY) : len(frame.columns) - len(MEASURES)])


def read_results(path: str | Path) -> pd.DataFrame:
    """Return results as a frame, one row a run, after checking that they are some.

    Of a sweep that is not finished, the rows that are safely written. Empty cells become NaN,
    except in columns of text, where they become "". Labels of settings are text.

    Raises:
        InputError: naming the file, column, value and what was expected, if they are no whole
            results of this version.
    """
    path = Path(path)
    if (manifest := read_manifest(path)) is not None:
        check_version(path, manifest)
    if is_partitioned(path):
        frame = _read_parts(path)
        _check_number(path, manifest, len(frame))
        return frame
    text = _text(path)
    _check_whole(path, text)
    rows = csv.reader(StringIO(text))
    columns = next(rows)
    _check_header(path, columns)
    _check_rows(path, columns, rows)
    settings = columns[len(IDENTITY) : -len(MEASURES)]
    frame = pd.read_csv(
        StringIO(text),
        dtype=dict.fromkeys((*_TEXT, *settings), str),
        keep_default_na=False,
        na_values=_NA,
    )
    _check_types(path, frame)
    _check_number(path, manifest, len(frame))
    return frame


def _check_number(path: Path, manifest: dict[str, Any] | None, rows: int) -> None:
    """Refuse finished results of which rows are missing or added."""
    if manifest is not None and finished(path) and manifest.get("rows") != rows:
        raise InputError(
            f"{path} has {rows:,} rows, expected {manifest.get('rows'):,} as its manifest says; "
            "rows were cut off or added"
        )


def _text(path: Path) -> str:
    """Return a file of rows as text, up to the last commit if its sweep is not finished."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    done = last_commit(journal_path(path))
    try:
        return content[: done.row_bytes or None].decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} cannot be read as text: {error}") from None


def _read_parts(path: Path) -> pd.DataFrame:
    """Return the rows of the finished parts of partitioned results."""
    from pyarrow import ArrowInvalid, concat_tables, parquet  # noqa: PLC0415 (slow to import)

    if not path.is_dir():
        raise InputError(f"there is no folder {path} of Parquet files")
    files = finished_parts(path)
    if not files:
        raise InputError(f"{path} has no finished part yet, expected part-000000.parquet")
    try:
        tables = [parquet.read_table(file) for file in files]
        frame: pd.DataFrame = concat_tables(tables).to_pandas()
    except (ArrowInvalid, OSError) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}") from None
    _check_header(path, list(frame.columns))
    return frame


def stored_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of an unfinished sweep one at a time, as text by column."""
    files = finished_parts(path) if is_partitioned(path) else []
    for file in files:
        yield from _part_rows(file)
    rest = tail_path(path) if is_partitioned(path) else path
    if rest.exists():
        with rest.open(encoding="utf-8", newline="") as text:
            yield from csv.DictReader(text)


def _part_rows(file: Path) -> Iterator[dict[str, str]]:
    from pyarrow import parquet  # noqa: PLC0415 (slow to import)

    for row in parquet.read_table(file).to_pylist():
        yield {name: "" if value is None else str(value) for name, value in row.items()}


def is_row_of(row: dict[str, str], spec: RunSpec) -> bool:
    """Return whether a stored row is that of this run of its design."""
    return row["replicate"] == str(spec.replicate) and all(
        row[key] == value if isinstance(value, str) else float(row[key]) == value
        for key, value in spec.settings
    )


def finished(path: Path) -> bool:
    """Return whether nothing of the sweep that wrote these results is left to do."""
    return not journal_path(path).exists()


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


def changed_since_written(path: Path) -> bool:
    """Return True if a manifest of finished results stands beside them and a checksum differs."""
    manifest = read_manifest(path)
    if manifest is None or not finished(path):
        return False
    found = checksums(path) if is_partitioned(path) else {"rows": sha256(path)}
    return bool(manifest.get("sha256") != found)


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
    settings = setting_columns(frame)
    for column in frame.columns:
        if column in _TEXT or (column in settings and _all_labels(frame[column])):
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


def _all_labels(column: pd.Series) -> bool:
    """Return whether a column holds labels only: words, and no number among them."""
    return bool(pd.to_numeric(column, errors="coerce").isna().all() and (column != "").all())
