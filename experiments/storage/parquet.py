"""Results too many for one CSV: a folder of Parquet files of equal numbers of rows.

Rows are written as CSV first, and a full file of them becomes a part; so what is durable, and how
text becomes numbers, is decided in one place.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, get_args, get_type_hints

from experiments.designs.design import Design
from experiments.storage.journal import sync_folder
from experiments.storage.schema import IDENTITY, MEASURES, sha256
from sim.outcome import Outcome

_HINTS = get_type_hints(Outcome)
_WHOLE = ("seed", "replicate")


def is_partitioned(path: Path) -> bool:
    """Return whether results of this name are a folder of Parquet files."""
    return path.suffix == ".parquet"


def tail_path(path: Path) -> Path:
    """Return where the rows of an unfinished sweep stand that no part holds yet."""
    return path / "tail.csv"


def part_path(path: Path, part: int) -> Path:
    """Return where a part of the results stands."""
    return path / f"part-{part:06d}.parquet"


def parts(path: Path) -> list[Path]:
    """Return the finished parts, in order."""
    return sorted(path.glob("part-*.parquet"))


def drop_parts(path: Path, first: int) -> None:
    """Remove parts from this number on."""
    for part in parts(path)[first:]:
        part.unlink()


def write_part(path: Path, part: int, design: Design) -> None:
    """Turn the rows that no part holds yet into one, in a single step."""
    from pyarrow import csv, parquet  # noqa: PLC0415 (slow to import)

    convert = csv.ConvertOptions(
        column_types=_types(design), null_values=[""], strings_can_be_null=False
    )
    table = csv.read_csv(tail_path(path), convert_options=convert)
    target = part_path(path, part)
    beside = target.with_suffix(".new")
    parquet.write_table(table, beside, compression="zstd")
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(target)
    sync_folder(path)


def _types(design: Design) -> dict[str, Any]:
    """Return the Arrow type of every column."""
    import pyarrow as pa  # noqa: PLC0415

    labelled = {key for key, value in design.settings(0) if isinstance(value, str)}
    types = {key: pa.string() if key in labelled else pa.float64() for key in design.keys}
    types |= {name: pa.int64() if name in _WHOLE else pa.string() for name in IDENTITY}
    for name in MEASURES:
        kinds = (_HINTS[name], *get_args(_HINTS[name]))
        types[name] = (
            pa.string() if str in kinds else pa.float64() if float in kinds else pa.int64()
        )
    return types


def checksums(path: Path) -> dict[str, str]:
    """Return the SHA-256 of every part by name."""
    return {part.name: sha256(part) for part in parts(path)}
