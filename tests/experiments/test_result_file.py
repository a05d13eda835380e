"""Files of results: read back as written, refused if they are anything else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from experiments.storage.reading import changed_since_written, read_results, setting_columns
from experiments.storage.schema import IDENTITY, MEASURES, manifest_path
from sim.crisis_file import load_crisis, shipped_crises
from sim.errors import InputError
from sim.keys import list_keys
from sim.outcome import OUTCOMES


def test_results_read_back_with_types(swept: Path) -> None:
    """Numbers are numbers, names are text, and an empty cell is NaN or an empty text."""
    frame = read_results(swept)
    assert setting_columns(frame) == ["choice_precision"]
    assert frame["first_response_latency_h"].dtype == np.float64
    assert frame["deaths"].dtype == np.int64
    assert set(frame["outcome"]) <= set(OUTCOMES)
    assert not frame[["first_response", "run_key"]].isna().any().any()


def test_no_key_has_the_name_of_a_measure() -> None:
    """A column holds either what was set or what came out."""
    keys = {key.name for name in shipped_crises() for key in list_keys(load_crisis(name))}
    assert keys.isdisjoint((*IDENTITY, *MEASURES))


def cut(text: str) -> str:
    """Return a text without its last ten characters."""
    return text[:-10]


def _edit(line: int, column: str, value: str) -> Callable[[str], str]:
    def edited(text: str) -> str:
        lines = text.splitlines()
        at = lines[0].split(",").index(column)
        cells = lines[line].split(",")
        cells[at] = value
        lines[line] = ",".join(cells)
        return "\n".join(lines) + "\n"

    return edited


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: "", "is empty"),
        (lambda _: "\n\n", "is empty"),
        (lambda _: "name,age\nAnn,3\n", "no column 'run_key'"),
        (cut, "cut short"),
        (lambda text: text[: text.rindex(",")] + "\n", "has 42 values, expected 43"),
        (lambda text: text.splitlines()[0] + "\n", "no runs"),
        (lambda text: text.replace("peak_rung", "top_rung", 1), "no column 'peak_rung'"),
        (_edit(0, "choice_precision", "seed"), "'seed' more than once"),
        (_edit(3, "outcome", "peace"), "line 4, column 'outcome' is 'peace'"),
        (_edit(3, "deaths", "many"), "line 4, column 'deaths' is 'many'"),
        (_edit(3, "deaths", ""), "line 4, column 'deaths' is ''"),
        (_edit(5, "choice_precision", "x"), "line 6, column 'choice_precision' is 'x'"),
    ],
)
def test_other_files_are_refused(
    swept: Path, tmp_path: Path, change: Callable[[str], str], message: str
) -> None:
    """The refusal names the file, and where it applies line, column, value and expectation."""
    path = tmp_path / "mine.csv"
    path.write_text(change(swept.read_text()))
    with pytest.raises(InputError, match=message) as refusal:
        read_results(path)
    assert "mine.csv" in str(refusal.value)


def test_binary_and_missing_files_are_refused(tmp_path: Path) -> None:
    """A file that is no text, or is not there, is refused by its name."""
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InputError, match="cannot be read as text"):
        read_results(tmp_path / "b.csv")
    with pytest.raises(InputError, match="there is no file"):
        read_results(tmp_path / "c.csv")


def test_another_version_is_refused(swept: Path, tmp_path: Path) -> None:
    """Results whose manifest states another schema version are refused."""
    path = tmp_path / "two.csv"
    shutil.copy(swept, path)
    manifest = json.loads(manifest_path(swept).read_text())
    manifest_path(path).write_text(json.dumps({**manifest, "schema_version": 99}))
    with pytest.raises(InputError, match="schema_version 99, expected 2"):
        read_results(path)


def test_a_changed_file_is_noticed(swept: Path, tmp_path: Path) -> None:
    """Rows that no longer match the checksum of their manifest are noticed."""
    path = tmp_path / "two.csv"
    shutil.copy(swept, path)
    shutil.copy(manifest_path(swept), manifest_path(path))
    assert not changed_since_written(path)
    path.write_text("".join(swept.read_text().splitlines(keepends=True)[:-1]))
    assert changed_since_written(path)
