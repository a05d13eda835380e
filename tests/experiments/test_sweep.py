"""Sweeps: fixed bytes, kept rows, recorded failures, nothing overwritten."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from experiments.designs.axis import parse_axis
from experiments.designs.design import Design, make_design
from experiments.executors.chunk import Chunk, Finished, Frame, run_chunk
from experiments.executors.dispatch import run_design
from experiments.storage.reading import read_results
from experiments.storage.schema import failures_path, manifest_path, sha256
from experiments.sweep import run_sweep
from sim.crisis_file import load_crisis
from sim.errors import InputError

ROOT = Path(__file__).resolve().parents[2]


def small(replicates: int = 30) -> Design:
    """Return a design of two points."""
    axes = (parse_axis("choice_precision=0,3"),)
    return make_design(load_crisis("two-states"), replicates=replicates, axes=axes)


def failing(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Run a chunk whose every tenth replicate fails."""
    for run in run_chunk(frame, chunk):
        if run.spec.replicate % 10 == 3:
            yield run._replace(outcome=None, error="ValueError: on purpose", trace="a | b")
        else:
            yield run


def command(*arguments: object) -> list[str]:
    """Return a command line of a fresh process."""
    return [sys.executable, "-m", "experiments.cli", *map(str, arguments)]


def test_rows_are_the_same_bytes_whatever_runs_them(tmp_path: Path) -> None:
    """This process alone, or two fresh ones with another hash seed, write the same bytes."""
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    run_sweep(small(), here)
    vary = ("--vary", "choice_precision=0,3", "--replicates", 30, "--workers", 2)
    line = command("sweep", "two-states", *vary, "--out", there)
    hash_seed = "1" if os.environ.get("PYTHONHASHSEED") == "2" else "2"
    other = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(line, cwd=ROOT, env=other, check=True, capture_output=True)
    assert here.read_bytes() == there.read_bytes()
    assert here.read_bytes().count(b"\n") == 61


def test_the_manifest_tells_what_was_run(swept: Path) -> None:
    """The manifest holds crisis, design, versions, and the checksum of the rows."""
    manifest = json.loads(manifest_path(swept).read_text())
    assert manifest["schema_version"] == 2
    assert manifest["crisis"] == manifest["crisis_content"]["name"] == "two-states"
    assert manifest["vary"] == {"choice_precision": {"levels": [0.0, 3.0]}}
    assert (manifest["rows"], manifest["complete"]) == (120, True)
    assert manifest["sha256"] == {"rows": sha256(swept)}
    assert manifest["versions"]["simpy"]


def test_columns_come_in_their_order(swept: Path) -> None:
    """A row begins with its identity, goes on with the keys, and ends with the outcome."""
    columns = swept.read_text().splitlines()[0].split(",")
    assert columns[:7] == [
        "run_key", "crisis", "start", "seed", "replicate", "choice_precision", "outcome",
    ]  # fmt: skip
    assert columns[-1] == "acts"


def test_run_keys_name_one_run_each(swept: Path) -> None:
    """No two rows share a run key, and a key is the same in another sweep of the same run."""
    frame = read_results(swept)
    assert frame["run_key"].is_unique
    single = make_design(
        load_crisis("two-states"), replicates=1, fixed=(("choice_precision", 3.0),)
    )
    alone = next(iter(run_design(single)))
    same = frame[(frame["choice_precision"] == 3.0) & (frame["replicate"] == 0)]
    assert list(same["run_key"]) == [alone.run_key]


def test_replicates_share_their_luck_across_points(tmp_path: Path) -> None:
    """A setting that changes nothing leaves every run as it was: luck pairs across points."""
    design = make_design(
        load_crisis("two-states"), replicates=10, axes=(parse_axis("proxy_activity=0,1"),)
    )
    runs = list(run_design(design))
    assert [run.outcome for run in runs[:10]] == [run.outcome for run in runs[10:]]


def test_a_failing_run_is_recorded_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Failures stand in a file of their own with their identity; every other run has its row."""
    path = tmp_path / "some.csv"
    report = run_sweep(small(), path, work=failing)
    assert (report.rows, report.failures, report.complete) == (54, 6, False)
    assert len(read_results(path)) == 54
    with failures_path(path).open(newline="") as file:
        failures = list(csv.DictReader(file))
    assert [row["replicate"] for row in failures] == ["3", "13", "23"] * 2
    assert {row["error"] for row in failures} == {"ValueError: on purpose"}
    assert json.loads(manifest_path(path).read_text())["complete"] is False


def test_an_error_within_a_run_becomes_its_record() -> None:
    """What a model raises ends that run only, with type, message and a trace on one line."""
    design = small(2)
    broken = replace(design, fixed=(("choice_precision", -5.0),), axes=(), points=((),))
    run = next(iter(run_design(broken)))
    assert run.outcome is None
    assert "choice_precision" in run.error
    assert "\n" not in run.trace


def test_stopping_keeps_a_whole_prefix() -> None:
    """Once asked to stop, what has ended is yielded, in order, and nothing else begins."""
    done: list[Finished] = []
    done.extend(run_design(small(), stop=lambda: len(done) >= 7))
    assert [run.spec.replicate for run in done] == list(range(7))


def test_an_interrupt_ends_the_sweep_at_a_whole_row(tmp_path: Path) -> None:
    """Ctrl-C while rows are written keeps those that are finished, and says so."""
    path = tmp_path / "x.csv"
    report = run_sweep(
        small(),
        path,
        progress=lambda done, _: signal.raise_signal(signal.SIGINT) if done == 7 else None,
    )
    assert report.stopped == "interrupted"
    assert report.rows == len(read_results(path)) == 7


def test_an_interrupt_of_many_processes_keeps_their_rows(tmp_path: Path) -> None:
    """Ctrl-C at a terminal moves the rows to their place, says how many, and exits with 130."""
    path = tmp_path / "long.csv"
    line = command("sweep", "two-states", "--replicates", 1_000_000, "--workers", 2, "--out", path)
    process = subprocess.Popen(
        line, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not (path.exists() and path.stat().st_size > 10_000):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to the workers too
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    rows = len(read_results(path))
    assert f"{rows:,} rows of 1,000,000 kept" in errors
    assert "Traceback" not in errors
    manifest = json.loads(manifest_path(path).read_text())
    assert (manifest["rows"], manifest["complete"]) == (rows, False)


@pytest.mark.parametrize("taken", ["x.csv", "x.failures.csv", "x.journal"])
def test_nothing_is_overwritten(tmp_path: Path, taken: str) -> None:
    """A sweep refuses to start if any file that it could write exists, and leaves it alone."""
    (tmp_path / taken).write_text("mine")
    with pytest.raises(InputError, match="exists"):
        run_sweep(small(1), tmp_path / "x.csv")
    assert [file.name for file in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text() == "mine"


def test_a_sweep_that_breaks_keeps_its_rows(tmp_path: Path) -> None:
    """An error outside the runs is raised, after the rows so far are safe."""
    path = tmp_path / "x.csv"

    def broken(done: int, _: int) -> None:
        if done == 5:
            raise OSError("no screen")

    with pytest.raises(OSError, match="no screen"):
        run_sweep(small(), path, progress=broken)
    assert len(read_results(path)) == 5
    assert "no screen" in json.loads(manifest_path(path).read_text())["stopped"]
