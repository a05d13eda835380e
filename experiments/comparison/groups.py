"""Results side by side: which runs form a group, which groups contrast, and which runs pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.storage.manifest import read_manifest
from experiments.storage.reading import (
    changed_since_written,
    read_results,
    setting_columns,
)
from experiments.storage.schema import IDENTITY
from experiments.words import listed
from sim.errors import InputError

LUCK = [name for name in IDENTITY if name != "run_key"]
"""Columns in which two runs agree if they pair: crisis, start, seed and replicate."""


@dataclass(frozen=True)
class Source:
    """One file of results: a short label, its runs, and its manifest if one stands beside it."""

    label: str
    path: Path
    frame: pd.DataFrame
    manifest: dict[str, Any] | None

    @property
    def varied(self) -> list[str]:
        """The keys that take more than one value in the file."""
        return [c for c in setting_columns(self.frame) if self.frame[c].nunique() > 1]


@dataclass(frozen=True)
class Group:
    """The runs of one file at one level of the swept key; ``level`` is None if none is swept.

    ``name`` stands for the group in a sentence, ``row`` beside its row in a plot.
    """

    series: str
    level: float | None
    frame: pd.DataFrame
    name: str
    row: str

    @property
    def runs(self) -> int:
        """How many runs the group has."""
        return len(self.frame)


@dataclass(frozen=True)
class Contrast:
    """Two groups to compare, and their runs matched one to one where they share their luck."""

    base: Group
    other: Group
    pairs: pd.DataFrame

    @property
    def paired(self) -> bool:
        """True if there are pairs."""
        return len(self.pairs) > 0


@dataclass(frozen=True)
class Comparison:
    """All that is compared: groups to show, contrasts to plot, and headlines to put in words."""

    by: str | None
    unit: str
    meaning: str
    sources: tuple[Source, ...]
    groups: tuple[Group, ...]
    contrasts: tuple[Contrast, ...]
    headlines: tuple[Contrast, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def series(self) -> list[str]:
        """The labels of the files, in order, if they stand side by side."""
        return list(dict.fromkeys(group.series for group in self.groups))

    @property
    def levels(self) -> list[float]:
        """The levels of the swept key, rising; empty if none is swept."""
        return sorted({group.level for group in self.groups if group.level is not None})


def compare_files(paths: Sequence[Path], by: str | None = None) -> Comparison:
    """Return the comparison of files of results by one swept key, or file by file.

    Raises:
        InputError: if a file cannot be used, ``by`` is in none of them, or it must be chosen.
    """
    sources = _read(paths)
    column = _choose(sources, by)
    groups = _groups(sources, column)
    key = by or column
    described = _described(sources, key)
    return Comparison(
        by=key,
        unit=described.get("unit", ""),
        meaning=described.get("description", ""),
        sources=sources,
        groups=groups,
        contrasts=_contrasts(sources, groups, column),
        headlines=_headlines(sources, groups, column),
        notes=tuple(_notes(sources, column)),
    )


def _read(paths: Sequence[Path]) -> tuple[Source, ...]:
    repeated = next((p for p in paths if [q.resolve() for q in paths].count(p.resolve()) > 1), None)
    if repeated is not None:
        raise InputError(f"{repeated} is given twice; a file is compared with others")
    stems = [path.stem for path in paths]
    labels = [
        path.stem if stems.count(path.stem) == 1 else f"{path.resolve().parent.name}/{path.stem}"
        for path in paths
    ]
    return tuple(
        Source(label, path, read_results(path), read_manifest(path))
        for label, path in zip(labels, paths, strict=True)
    )


def _choose(sources: Sequence[Source], by: str | None) -> str | None:
    """Return the column of the key to compare by, None to compare file by file."""
    varied = list(dict.fromkeys(key for source in sources for key in source.varied))
    if by is None:
        if len(varied) > 1:
            raise InputError(
                f"several keys vary: {', '.join(varied)}; choose one with --by {varied[0]}"
            )
        column = varied[0] if varied else None
    else:
        column = by
    for source in sources:
        if column is not None and column not in setting_columns(source.frame):
            known = ", ".join(setting_columns(source.frame)) or "none"
            raise InputError(
                f"{source.path} has no key '{column}' among its settings, which are: {known}"
            )
    if len(sources) == 1 and column is not None and column not in varied:
        raise InputError(f"'{column}' has one value only in {sources[0].path}; nothing to compare")
    return column


def _described(sources: Sequence[Source], key: str | None) -> dict[str, str]:
    for source in sources:
        found = (source.manifest or {}).get("keys", {}).get(key)
        if isinstance(found, dict):
            return {name: str(text) for name, text in found.items()}
    return {}


def _groups(sources: Sequence[Source], column: str | None) -> tuple[Group, ...]:
    """Return the groups by rising level, and within a level in the order of the files."""
    if column is None:
        return tuple(_whole(source) for source in sources)
    alone = len(sources) == 1
    found = []
    for source in sources:
        for value, frame in source.frame.groupby(column, sort=True):
            level = float(str(value))
            name = f"{column} = {level:g}"
            row = f"{level:g}" if alone else f"{level:g}, {source.label}"
            found.append(
                Group(source.label, level, frame, name if alone else f"{source.label}, {name}", row)
            )
    return tuple(sorted(found, key=lambda group: group.level or 0.0))


def _whole(source: Source) -> Group:
    return Group(source.label, None, source.frame, f"{source.label}.csv", source.label)


def _contrasts(
    sources: Sequence[Source], groups: Sequence[Group], column: str | None
) -> tuple[Contrast, ...]:
    """Return each level against the lowest, or each file against the first at every level."""
    if len(sources) == 1:
        return tuple(_contrast(groups[0], group, column) for group in groups[1:])
    first = {group.level: group for group in groups if group.series == sources[0].label}
    return tuple(
        _contrast(first[group.level], group, column)
        for group in groups
        if group.series != sources[0].label and group.level in first
    )


def _headlines(
    sources: Sequence[Source], groups: Sequence[Group], column: str | None
) -> tuple[Contrast, ...]:
    """Return the lowest level against the highest, or whole files against the first."""
    if len(sources) == 1:
        return (_contrast(groups[0], groups[-1], column),) if len(groups) > 1 else ()
    whole = [_whole(source) for source in sources]
    return tuple(_contrast(whole[0], other, None) for other in whole[1:])


def _contrast(base: Group, other: Group, column: str | None) -> Contrast:
    return Contrast(base, other, _pairs(base.frame, other.frame, column))


def _pairs(base: pd.DataFrame, other: pd.DataFrame, column: str | None) -> pd.DataFrame:
    """Return runs of two groups that share their luck, side by side; none if they do not pair.

    They agree in crisis, start, seed and replicate, and in every other key that varies in either.
    """
    varied = [
        name
        for name in dict.fromkeys([*setting_columns(base), *setting_columns(other)])
        if name != column and any(name in f and f[name].nunique() > 1 for f in (base, other))
    ]
    if any(name not in frame for frame in (base, other) for name in varied):
        return pd.DataFrame()
    on = [*LUCK, *varied]
    if base.duplicated(on).any() or other.duplicated(on).any():
        return pd.DataFrame()
    return base.merge(other, on=on, suffixes=("_base", "_other"), validate="one_to_one")


def _notes(sources: Sequence[Source], column: str | None) -> list[str]:
    notes = []
    others = {key for source in sources for key in source.varied if key != column}
    if others:
        notes.append(f"Runs at all values of {listed(sorted(others))} are taken together.")
    for source in sources:
        if source.manifest is None:
            notes.append(f"{source.path.name} has no manifest beside it: its origin is unknown.")
        elif not source.manifest.get("complete", False):
            notes.append(f"{source.path.name} is not complete: it was stopped, or runs failed.")
        if source.manifest is not None and changed_since_written(source.path):
            notes.append(f"{source.path.name} was changed after it was written.")
    if len({(row.crisis, row.start) for s in sources for row in _beginnings(s)}) > 1:
        notes.append("The files are of different crises or starts; their runs do not pair.")
    return notes


def _beginnings(source: Source) -> list[Any]:
    return list(source.frame[["crisis", "start"]].drop_duplicates().itertuples(index=False))
