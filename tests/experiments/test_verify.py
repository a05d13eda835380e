"""Verification: rows made again agree with what was written, and what was changed is found."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from experiments.designs.axis import listing, parse_axis
from experiments.designs.design import make_design
from experiments.executors.serial import Serial
from experiments.storage.manifest import read_manifest
from experiments.storage.reading import stored_rows
from experiments.storage.remade import design_of_manifest
from experiments.storage.schema import manifest_path
from experiments.sweep import run_sweep
from experiments.verify import verify
from sim.crisis_file import load_crisis
from sim.errors import InputError

Command = Callable[..., tuple[int, str, str]]
VARY = "choice_precision=0,3"
AXES = (parse_axis("honour=0:2"), parse_axis("threats=0:1"))
LABELS = listing("place.north-fort.target_class", ("military", "civilian"))
KINDS: dict[str, dict[str, Any]] = {
    "grid": {"axes": (parse_axis(VARY), LABELS), "fixed": (("honour", 0.5),)},
    "one-at-a-time": {"axes": (parse_axis(VARY), parse_axis("honour=0:1:3"))},
    "latin-hypercube": {"axes": AXES, "samples": 5},
    "sobol": {"axes": (*AXES, LABELS), "samples": 4},
    "saltelli": {"axes": AXES, "samples": 2},
    "morris": {"axes": AXES, "samples": 2},
    "table": {"table": (("honour", "threats"), ((0.5, 1.0), (1.5, 0.0)))},
}


def made(path: Path) -> Path:
    """Return the results of a small sweep."""
    design = make_design(load_crisis("two-states"), replicates=8, axes=(parse_axis(VARY),))
    run_sweep(design, path)
    return path


def changed(path: Path, line: int, column: str, value: str) -> None:
    """Change one cell of results."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[line][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_results_as_written_hold(tmp_path: Path, suffix: str) -> None:
    """Every row made again is the same, cell by cell, in either format."""
    path = made(tmp_path / f"rows{suffix}")
    verdict = verify(path, 16, 0, executor=Serial())
    assert (verdict.rows, verdict.checked, verdict.holds) == (16, 16, True)
    assert verdict.versions == {}


def test_a_changed_cell_is_found(tmp_path: Path, offramp: Command) -> None:
    """One cell changed by hand: the row, the column and both values are named, exit 1."""
    path = made(tmp_path / "rows.csv")
    before = list(stored_rows(path))[4]["deaths"]
    changed(path, 5, "deaths", "999")
    verdict = verify(path, 16, 0, executor=Serial())
    assert verdict.changed
    assert [tuple(m) for m in verdict.mismatches] == [(5, "deaths", "999", before)]
    code, out, err = offramp("verify", path, "--runs", "16")
    assert code == 1
    assert "15 of 16 rows" in out
    assert f"Row 5, deaths: '999' is written, '{before}' was found" in err
    assert "changed after it was made" in err


def test_other_versions_are_told(tmp_path: Path, offramp: Command) -> None:
    """A result made with another version of a library says so, and holds if its rows do."""
    path = made(tmp_path / "rows.csv")
    manifest = json.loads(manifest_path(path).read_text())
    manifest["versions"]["numpy"] = "1.0"
    manifest_path(path).write_text(json.dumps(manifest))
    code, _, err = offramp("verify", path)
    assert code == 0
    assert "made with numpy 1.0; this is" in err


def test_results_of_another_model_are_refused(tmp_path: Path, offramp: Command) -> None:
    """Where the model has changed, the design cannot be made anew, and that is said."""
    path = made(tmp_path / "rows.csv")
    manifest = json.loads(manifest_path(path).read_text())
    manifest["model"] = "0"
    manifest_path(path).write_text(json.dumps(manifest))
    code, _, err = offramp("verify", path)
    assert code == 2
    assert "cannot be made anew: it differs in model" in err


def test_results_without_a_manifest_are_refused(tmp_path: Path, offramp: Command) -> None:
    """Without a manifest nobody knows how the rows were made."""
    path = made(tmp_path / "rows.csv")
    manifest_path(path).unlink()
    code, _, err = offramp("verify", path)
    assert (code, err.count("\n")) == (2, 1)
    assert "has no manifest beside it" in err


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_design_is_made_anew(tmp_path: Path, kind: str) -> None:
    """A manifest and the rows tell the whole design, of whatever kind."""
    named = {} if kind == "table" else {"kind": kind}
    design = make_design(load_crisis("two-states"), replicates=2, **named, **KINDS[kind])
    path = tmp_path / "rows.csv"
    run_sweep(design, path)
    manifest = read_manifest(path)
    assert manifest is not None
    again = design_of_manifest(manifest, stored_rows(path))
    assert again.content() == design.content()
    assert list(again.points) == list(design.points)


def test_a_manifest_that_says_too_little_is_refused() -> None:
    """What is missing is named."""
    with pytest.raises(InputError, match="does not tell the design of its sweep"):
        design_of_manifest({"design": "grid"})


def test_the_choice_of_rows_is_by_seed(tmp_path: Path) -> None:
    """The same seed makes the same rows again; results smaller than asked are made whole."""
    path = made(tmp_path / "rows.csv")
    assert verify(path, 400, 1, executor=Serial()).checked == 16
    changed(path, 3, "events", "0")
    found = {seed: len(verify(path, 4, seed, executor=Serial()).mismatches) for seed in range(8)}
    again = {seed: len(verify(path, 4, seed, executor=Serial()).mismatches) for seed in range(8)}
    assert found == again
    assert set(found.values()) == {0, 1}
