"""Files of results as a comparison takes them: each with its manifest, and those that are parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.storage.manifest import read_manifest
from experiments.storage.reading import changed_since_written, read_results, setting_columns
from experiments.words import listed, several, shown_value
from sim.errors import InputError


@dataclass(frozen=True)
class Source:
    """One file of results: a short label, its runs, and its manifest if one stands beside it."""

    label: str
    path: Path
    frame: pd.DataFrame
    manifest: dict[str, Any] | None

    @cached_property
    def varied(self) -> list[str]:
        """The keys that take more than one value in the file."""
        return [c for c in setting_columns(self.frame) if self.frame[c].nunique() > 1]

    @property
    def told(self) -> dict[str, Any]:
        """What its manifest tells; nothing without one."""
        return self.manifest or {}

    @property
    def beginnings(self) -> list[tuple[str, str]]:
        """The crises and starts of its runs."""
        pairs = self.frame[["crisis", "start"]].drop_duplicates()
        return [(str(crisis), str(start)) for crisis, start in pairs.itertuples(index=False)]

    def notes(self) -> Iterator[str]:
        """Yield what a reader must know of the file before resting anything on it."""
        if self.manifest is None:
            yield f"{self.path.name} has no manifest beside it: its origin is unknown."
            return
        if not self.manifest.get("complete", False):
            failed = self.manifest.get("failures", 0)
            why = f"{several(failed, 'run')} failed" if failed else "the sweep was stopped"
            yield (
                f"{self.path.name} is not complete, since {why}: shares are of the runs that it "
                "has, differences of those that pair."
            )
        if changed_since_written(self.path):
            yield f"{self.path.name} was changed after it was written."
        for short in self.manifest.get("short", [])[:1]:
            until = self.manifest["until"]
            more = len(self.manifest["short"]) - 1
            where = listed([f"{key} = {shown_value(value)}" for key, value in short["at"].items()])
            others = f" and {several(more, 'more point')}" if more else ""
            yield (
                f"{self.path.name} was to know {until['metric']} to ± {until['ci']:g}; "
                f"{where or 'it'}{others} did not get there in {several(short['runs'], 'run')}."
            )


@dataclass(frozen=True)
class Series:
    """Runs that stand together in a comparison: those of a file, or of files that are parts."""

    label: str
    frame: pd.DataFrame


def read_sources(paths: Sequence[str | Path]) -> tuple[Source, ...]:
    """Read files of results, and label them so that no two have the same label.

    Raises:
        InputError: if a file cannot be used, or is given twice.
    """
    files = [Path(path) for path in paths]
    places = [path.resolve() for path in files]
    repeated = next((p for p, place in zip(files, places, strict=True) if places.count(place) > 1),
                    None)  # fmt: skip
    if repeated is not None:
        raise InputError(f"{repeated} is given twice; a file is compared with others")
    stems = [path.stem for path in files]
    labels = [
        path.stem if stems.count(path.stem) == 1 else f"{place.parent.name}/{path.stem}"
        for path, place in zip(files, places, strict=True)
    ]
    if len(set(labels)) < len(labels):
        labels = [str(path) for path in files]
    return tuple(
        Source(label, path, read_results(path), read_manifest(path))
        for label, path in zip(labels, files, strict=True)
    )


def series_of(sources: Sequence[Source], column: str | None) -> tuple[Series, ...]:
    """Return what is compared: files, those being one that go on where another one ends.

    Files of the same crisis, start, seed and settings without a value of the key in common are
    parts of one curve.
    """
    parts: list[list[Source]] = []
    for source in sources:
        whole = next((p for p in parts if column and _goes_on(p, source, column)), None)
        if whole is None:
            parts.append([source])
        else:
            whole.append(source)
    return tuple(
        Series(
            " + ".join(source.label for source in part),
            pd.concat([source.frame for source in part], ignore_index=True),
        )
        for part in parts
    )


def _goes_on(part: Sequence[Source], source: Source, column: str) -> bool:
    seen = {level for one in part for level in one.frame[column]}
    apart = seen.isdisjoint(source.frame[column])
    return apart and _settings(part[0], column) == _settings(source, column) is not None


def _settings(source: Source, column: str) -> str | None:
    """Return all that must agree between parts of one curve; None where no manifest tells it."""
    if source.manifest is None:
        return None
    told = {name: source.manifest.get(name) for name in ("crisis_sha256", "model", "start", "seed")}
    settings = [name for name in setting_columns(source.frame) if name != column]
    values = {name: sorted(map(str, source.frame[name].unique())) for name in sorted(settings)}
    return json.dumps([told, values])


def described(sources: Sequence[Source], key: str | None) -> dict[str, str]:
    """Return unit and description of a key, as the first manifest that knows it tells them."""
    for source in sources:
        found = source.told.get("keys", {}).get(key)
        if isinstance(found, dict):
            return {name: str(text) for name, text in found.items()}
    return {}


def manifest_differences(sources: Sequence[Source]) -> list[tuple[str, ...]]:
    """Return (entry, value in each file) of all in which the manifests differ."""
    told = [_flat(source.told) for source in sources]
    names = list(dict.fromkeys(name for entries in told for name in entries))
    rows = [(name, *(entries.get(name, "") for entries in told)) for name in names]
    return [row for row in rows if len(set(row[1:])) > 1]


_UNTOLD = ("crisis_text", "crisis_content", "sha256", "courses", "points_sha256", "keys", "command")
"""Entries of a manifest that differ in every file or are told by a hash besides."""


def _flat(manifest: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return the entries of a manifest by name, those of tables as ``table.entry``."""
    flat: dict[str, str] = {}
    for name, value in manifest.items():
        if not prefix and name in _UNTOLD:
            continue
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value if isinstance(value, str) else json.dumps(value)
    if not prefix:
        flat |= _work(manifest.get("courses", []))
    return flat


def _work(courses: list[dict[str, Any]]) -> dict[str, str]:
    """Return with what executors a sweep was made and how long it took in all."""
    if not courses:
        return {}
    made = (f"{c['executor']}, {several(c['workers'], 'worker')}" for c in courses)
    seconds = sum(c["wall_seconds"] for c in courses)
    return {"made by": listed(list(dict.fromkeys(made))), "wall time": f"{seconds:.1f} s"}
