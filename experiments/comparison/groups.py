"""Results side by side: which runs form a group, which groups contrast, and which runs pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from experiments.comparison.sources import Series, Source, described, read_sources, series_of
from experiments.metrics import USUAL, Metric, metrics_named
from experiments.storage.reading import setting_columns
from experiments.storage.schema import IDENTITY
from experiments.words import listed, shown_value
from sim.errors import InputError
from sim.keys import Value

LUCK = [name for name in IDENTITY if name != "run_key"]
"""Columns in which two runs agree if they pair: crisis, start, seed and replicate."""


@dataclass(frozen=True)
class Group:
    """The runs of one series at one level of the swept key; ``level`` is None if none is swept.

    ``name`` stands for the group in a sentence, ``row`` beside its row in a plot.
    """

    series: str
    level: Value | None
    frame: pd.DataFrame
    name: str
    row: str

    @property
    def runs(self) -> int:
        """How many runs the group has."""
        return len(self.frame)

    @property
    def luck(self) -> pd.Series:
        """A number for each run, which runs that share their seed and replicate have in common."""
        return self.frame.groupby(["seed", "replicate"], sort=False).ngroup()


@dataclass(frozen=True)
class Contrast:
    """Two groups to compare, and their runs matched one to one where they share their luck.

    ``pairs`` has a row a pair: its position ``at_base`` and ``at_other``, and its ``luck``, which
    pairs at other settings of the same replicate have in common.
    """

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
    metrics: tuple[Metric, ...]
    sources: tuple[Source, ...]
    groups: tuple[Group, ...]
    contrasts: tuple[Contrast, ...]
    headlines: tuple[Contrast, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def series(self) -> list[str]:
        """The labels of the series, in order."""
        return list(dict.fromkeys(group.series for group in self.groups))

    @property
    def levels(self) -> list[Value]:
        """The levels of the swept key, in order; empty if none is swept."""
        found = (group.level for group in self.groups)
        return list(dict.fromkeys(level for level in found if level is not None))

    @property
    def numeric(self) -> bool:
        """Whether a key is swept over numbers, so that its levels can stand on an axis."""
        return bool(self.levels) and not any(isinstance(level, str) for level in self.levels)

    @property
    def first(self) -> str:
        """What the others are compared with, in words."""
        return self.series[0] if len(self.series) > 1 else self.groups[0].name


def compare_files(
    paths: Sequence[str | Path], by: str | None = None, metrics: Sequence[str] = ()
) -> Comparison:
    """Return the comparison of results by one swept key, or file by file.

    ``metrics`` are those to look at; by default those that the sweeps were made for.

    Raises:
        InputError: if a file cannot be used, ``by`` is in none of them, or it must be chosen.
    """
    sources = read_sources(paths)
    column = _choose(sources, by)
    series = series_of(sources, column)
    groups = _groups(series, column)
    known = described(sources, column)
    contrasts = _contrasts(series, groups, column)
    return Comparison(
        by=column,
        unit=known.get("unit", ""),
        meaning=known.get("description", ""),
        metrics=_metrics(sources, metrics),
        sources=sources,
        groups=groups,
        contrasts=contrasts,
        headlines=_headlines(series, groups, column),
        notes=tuple(_notes(sources, series, column)),
    )


def _metrics(sources: Sequence[Source], named: Sequence[str]) -> tuple[Metric, ...]:
    asked = named or [
        name for source in sources for name in (source.manifest or {}).get("metrics", [])
    ]
    return metrics_named(asked or USUAL)


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


def _groups(series: Sequence[Series], column: str | None) -> tuple[Group, ...]:
    """Return the groups level by level, and within a level in the order of the series."""
    if column is None:
        return tuple(_whole(one) for one in series)
    alone = len(series) == 1
    place = {level: at for at, level in enumerate(ordered(series, column))}
    found: list[Group] = []
    for one in series:
        for level in dict.fromkeys(one.frame[column]):
            frame = one.frame[one.frame[column] == level]
            shown = shown_value(level)
            name = f"{column} = {shown}"
            found.append(
                Group(
                    one.label,
                    level,
                    frame.reset_index(drop=True),
                    name if alone else f"{one.label}, {name}",
                    shown if alone else f"{shown}, {one.label}",
                )
            )
    return tuple(sorted(found, key=lambda group: place[group.level or 0.0]))


def ordered(series: Sequence[Series], column: str) -> list[Value]:
    """Return the levels of a key: numbers rising, labels in the order in which they were asked."""
    seen = list(dict.fromkeys(level for one in series for level in one.frame[column]))
    if any(isinstance(level, str) for level in seen):
        return seen
    return sorted(seen)


def _whole(series: Series, frame: pd.DataFrame | None = None) -> Group:
    taken = series.frame if frame is None else frame.reset_index(drop=True)
    return Group(series.label, None, taken, series.label, series.label)


def _contrasts(
    series: Sequence[Series], groups: Sequence[Group], column: str | None
) -> tuple[Contrast, ...]:
    """Return each level against the first, or each series against the first at every level."""
    if len(series) == 1:
        return tuple(_contrast(groups[0], group, column) for group in groups[1:])
    first = {group.level: group for group in groups if group.series == series[0].label}
    return tuple(
        _contrast(first[group.level], group, column)
        for group in groups
        if group.series != series[0].label and group.level in first
    )


def _headlines(
    series: Sequence[Series], groups: Sequence[Group], column: str | None
) -> tuple[Contrast, ...]:
    """Return the first level against the last, or series against the first at shared levels."""
    if len(series) == 1:
        return (_contrast(groups[0], groups[-1], column),) if len(groups) > 1 else ()
    found = []
    for other in series[1:]:
        if column is None:
            found.append(_contrast(_whole(series[0]), _whole(other), None))
        elif shared := _shared_levels(series[0], other, column):
            base, level = (
                _whole(one, one.frame[one.frame[column].isin(shared)]) for one in (series[0], other)
            )
            found.append(_contrast(base, level, None))
    return tuple(found)


def _shared_levels(one: Series, other: Series, column: str) -> set[Value]:
    return set(one.frame[column]) & set(other.frame[column])


def _contrast(base: Group, other: Group, column: str | None) -> Contrast:
    return Contrast(base, other, _pairs(base.frame, other.frame, column))


def _pairs(base: pd.DataFrame, other: pd.DataFrame, column: str | None) -> pd.DataFrame:
    """Return runs of two groups that share their luck, side by side; none if they do not pair.

    They agree in crisis, start, seed and replicate, and in every other key that varies in either.
    """
    nothing = pd.DataFrame({"at_base": [], "at_other": [], "luck": []}, dtype=int)
    varied = [
        name
        for name in dict.fromkeys([*setting_columns(base), *setting_columns(other)])
        if name != column and any(name in f and f[name].nunique() > 1 for f in (base, other))
    ]
    if any(name not in frame for frame in (base, other) for name in varied):
        return nothing
    on = [*LUCK, *varied]
    if base.duplicated(on).any() or other.duplicated(on).any():
        return nothing
    sides = [
        frame[on].assign(**{at: range(len(frame))})
        for frame, at in ((base, "at_base"), (other, "at_other"))
    ]
    pairs = sides[0].merge(sides[1], on=on, validate="one_to_one")
    pairs["luck"] = pairs.groupby(["seed", "replicate"], sort=False).ngroup()
    return pairs[["at_base", "at_other", "luck"]]


def _notes(sources: Sequence[Source], series: Sequence[Series], column: str | None) -> list[str]:
    notes = [note for source in sources for note in source.notes()]
    others = {key for source in sources for key in source.varied if key != column}
    if others:
        notes.append(
            f"Runs at all values of {listed(sorted(others))} are taken together; intervals treat "
            "those that share their luck as one."
        )
    if len({beginning for source in sources for beginning in source.beginnings}) > 1:
        notes.append("The files are of different crises or starts; their runs do not pair.")
    if column is not None:
        notes += [
            f"{series[0].label} and {one.label} share no value of {column}: "
            "they are shown beside each other, and no difference is taken."
            for one in series[1:]
            if not _shared_levels(series[0], one, column)
        ]
    return notes
