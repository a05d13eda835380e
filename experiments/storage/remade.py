"""Makes the design of a sweep anew from its manifest, and its runs from their rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from experiments.designs.axis import Axis
from experiments.designs.design import Design, RunSpec, Until, make_design
from experiments.designs.points import TABLE, Point
from experiments.storage.store import differing
from experiments.words import listed
from sim.crisis import Crisis
from sim.errors import InputError
from sim.keys import Value, parse_setting


def design_of_manifest(
    manifest: Mapping[str, Any], rows: Iterable[Mapping[str, str]] = ()
) -> Design:
    """Return the design that a manifest tells of; ``rows`` hold the points of a table of points.

    Raises:
        InputError: if it says too little, or makes another design than it did when it was written.
    """
    try:
        design = _made(manifest, rows)
    except (KeyError, TypeError, ValidationError) as error:
        told = str(error).splitlines()[0]
        raise InputError(f"the manifest does not tell the design of its sweep ({told})") from None
    other = differing(manifest, design.content())
    if other:
        raise InputError(
            "the manifest's design cannot be made anew: it differs in "
            f"{listed(other[:5])}; it was written by another version of offramp or of a library"
        )
    return design


def _made(manifest: Mapping[str, Any], rows: Iterable[Mapping[str, str]]) -> Design:
    kind, vary, until = manifest["design"], manifest["vary"], manifest["until"]
    table = (tuple(vary), _points(tuple(vary), rows)) if kind == TABLE else None
    return make_design(
        Crisis.model_validate(manifest["crisis_content"]),
        start=manifest["start"],
        seed=manifest["seed"],
        replicates=manifest["replicates"],
        kind="grid" if table else kind,
        samples=manifest["samples"],
        axes=() if table else tuple(_axis(key, told) for key, told in vary.items()),
        fixed=tuple(manifest["set"].items()),
        table=table,
        until=Until(**until) if until is not None else None,
        crisis_text=manifest.get("crisis_text", ""),
        metrics=tuple(manifest.get("metrics", ())),
    )


def _axis(key: str, told: Mapping[str, Any]) -> Axis:
    low, high = told.get("low", math.nan), told.get("high", math.nan)
    return Axis(key, tuple(told.get("levels", ())), low, high)


def _points(keys: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> tuple[Point, ...]:
    return tuple(dict.fromkeys(tuple(_value(key, row) for key in keys) for row in rows))


def _value(key: str, row: Mapping[str, str]) -> Value:
    return parse_setting(f"{key}={row[key]}")[1]


def spec_of(design: Design, row: Mapping[str, str]) -> RunSpec:
    """Return the run of which this is the row."""
    settings = tuple((key, _value(key, row)) for key in design.keys)
    return RunSpec(settings, int(row["replicate"]))
