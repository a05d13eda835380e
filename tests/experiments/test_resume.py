"""Runs that are never lost: kills, a full disk, a second process, changed files, failed runs."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from experiments.designs.axis import parse_axis
from experiments.designs.design import Design, Until, make_design
from experiments.executors.chunk import Chunk, Finished, Frame, run_chunk
from experiments.retry import retry_failed
from experiments.storage import parquet
from experiments.storage import store as storage
from experiments.storage.journal import Commit, append_bytes, append_commit, last_commit
from experiments.storage.reading import read_results
from experiments.storage.schema import failures_path, journal_path, manifest_path
from experiments.sweep import INTERRUPTED, SweepReport, run_sweep
from sim.crisis_file import load_crisis
from sim.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
VARY = "choice_precision=0,3"


def designed(replicates: int = 30, until: Until | None = None) -> Design:
    """Return a design of two points."""
    axes = (parse_axis(VARY),)
    return make_design(load_crisis("two-states"), replicates=replicates, axes=axes, until=until)


def failing(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Run a chunk whose every tenth replicate fails."""
    for run in run_chunk(frame, chunk):
        broken = run.spec.replicate % 10 == 3
        yield run._replace(outcome=None, error="ValueError: no", trace="a") if broken else run


def content(path: Path) -> dict[str, bytes]:
    """Return the bytes of results, each of their files by name."""
    if path.is_dir():
        return {file.name: file.read_bytes() for file in sorted(path.iterdir())}
    return {"rows": path.read_bytes()}


def stopped_at(runs: int, design: Design, path: Path) -> SweepReport:
    """Run a sweep that is interrupted after so many runs."""

    def stop(done: int, _size: int) -> None:
        if done == runs:
            signal.raise_signal(signal.SIGINT)

    return run_sweep(design, path, progress=stop)


SUFFIXES = pytest.mark.parametrize("suffix", [".csv", ".parquet"])


@SUFFIXES
@pytest.mark.parametrize("until", [None, Until("off_ramp", 0.11, 90)])
def test_a_stopped_sweep_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, until: Until | None
) -> None:
    """Wherever it was stopped, the same call ends in the files of a sweep that was not."""
    monkeypatch.setattr(storage, "PART_ROWS", 25)
    design = designed(until=until)
    whole = tmp_path / f"whole{suffix}"
    report = run_sweep(design, whole)
    assert report.complete
    for at in (1, 24, 25, 26, 49, report.size - 1):
        path = tmp_path / f"at{at}{suffix}"
        first = stopped_at(at, design, path)
        assert (first.stopped, first.rows) == (INTERRUPTED, at)
        assert journal_path(path).exists()
        second = run_sweep(design, path)
        assert (second.complete, second.kept, second.rows) == (True, at, report.rows)
        assert content(path) == content(whole)
        assert not journal_path(path).exists()


def test_what_stands_of_an_unfinished_sweep_can_be_read(tmp_path: Path) -> None:
    """Readers see the rows that were committed, and nothing that was torn after them."""
    path = tmp_path / "x.csv"
    stopped_at(7, designed(), path)
    with path.open("a") as file:
        file.write("torn,row")
    assert len(read_results(path)) == 7
    assert run_sweep(designed(), path).rows == 60


def test_a_finished_sweep_is_not_run_again(tmp_path: Path) -> None:
    """Asked for the same, nothing is made or changed, and the report says what stands."""
    path = tmp_path / "x.csv"
    run_sweep(designed(), path)
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    report = run_sweep(designed(), path, work=failing)
    assert (report.complete, report.rows, report.kept) == (True, 60, 60)
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before


def test_another_sweep_is_refused(tmp_path: Path) -> None:
    """Results of another design are left alone, and the refusal says what differs."""
    path = tmp_path / "x.csv"
    stopped_at(7, designed(), path)
    before = content(path)
    with pytest.raises(InputError, match="another sweep, which differs in replicates"):
        run_sweep(designed(31), path)
    other = make_design(load_crisis("two-states"), replicates=30, axes=(parse_axis("honour=0,1"),))
    with pytest.raises(InputError, match=r"vary\.choice_precision"):
        run_sweep(other, path)
    assert content(path) == before


def test_changed_rows_are_not_gone_on_with(tmp_path: Path) -> None:
    """Rows edited or cut since they were written are refused, not added to."""
    path = tmp_path / "x.csv"
    stopped_at(20, designed(), path)
    text = path.read_text()
    path.write_text(text.replace("two-states", "two-statez", 1))
    with pytest.raises(InputError, match="was changed after it was written"):
        run_sweep(designed(), path)
    path.write_text(text[:-400])
    with pytest.raises(InputError, match="shorter than was committed"):
        run_sweep(designed(), path)


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    """While one process writes results, another is turned away and changes nothing."""
    path = tmp_path / "x.csv"

    def meddle(done: int, _size: int) -> None:
        if done == 5:
            again = [sys.executable, "-m", "experiments.cli", "sweep", "two-states"]
            line = [*again, "--vary", VARY, "-n", "30", "--out", str(path)]
            second = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
            assert second.returncode == 2
            assert "is being written by another process" in second.stderr

    assert run_sweep(designed(), path, progress=meddle).complete
    assert not path.with_suffix(".lock").exists()


def _line(path: Path, replicates: int, *more: str) -> list[str]:
    line = [sys.executable, "-m", "experiments.cli", "sweep", "two-states", "--vary", VARY]
    return [*line, "-n", str(replicates), "--out", str(path), *more]


def test_a_full_disk_stops_and_goes_on(tmp_path: Path) -> None:
    """A disk without room ends the sweep with a message and its rows; with room it goes on."""
    path, whole = tmp_path / "x.csv", tmp_path / "whole.csv"
    full = subprocess.run(
        _line(path, 200),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)),
    )
    assert full.returncode == 1, full.stderr
    assert "the disk is full" in full.stderr and "goes on from there" in full.stderr
    assert "Traceback" not in full.stderr
    assert path.stat().st_size <= 30_000
    report = run_sweep(designed(200), path)
    assert report.complete
    run_sweep(designed(200), whole)
    assert content(path) == content(whole)


def size_of(path: Path) -> int:
    """Return the bytes that stand of results."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.iterdir())
    return path.stat().st_size if path.exists() else 0


def kill_until_done(line: list[str], path: Path, luck: random.Random, step: float) -> int:
    """Start a command again and again and kill it a random bit further on; return how often."""
    kills = 0
    while True:
        process = subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
        limit = size_of(path) + luck.uniform(1.0, step)
        while process.poll() is None and size_of(path) < limit:
            time.sleep(0.001)
        time.sleep(luck.uniform(0.0, 0.02))
        killed = process.poll() is None
        if killed:
            os.killpg(process.pid, signal.SIGKILL)
        _, errors = process.communicate()
        kills += killed
        if not killed:
            assert process.returncode == 0, errors
            return kills


def kill_again_and_again(folder: Path, kills: int, replicates: int, *more: str) -> None:
    """Kill sweeps at random moments until there were so many kills; all end in the same bytes."""
    suffix = ".parquet" if "parquet" in more else ".csv"
    options = [word for word in more if word != "parquet"]
    whole = folder / f"whole{suffix}"
    subprocess.run(_line(whole, replicates, *options), cwd=ROOT, check=True, capture_output=True)
    luck, done, sweeps = random.Random(3), 0, 0
    while done < kills:
        path = folder / f"killed{sweeps}{suffix}"
        line = _line(path, replicates, *options)
        done += kill_until_done(line, path, luck, size_of(whole) / 2.0)
        sweeps += 1
        assert content(path) == content(whole)
        assert json.loads(manifest_path(path).read_text())["complete"] is True


def test_a_killed_sweep_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    """`kill -9` at random moments and the same command again end in the same file."""
    kill_again_and_again(tmp_path, 2, 400)


@pytest.mark.soak
@pytest.mark.parametrize(
    "more",
    [(), ("--workers", "2"), ("--until-ci", "0.03"), ("parquet", "--workers", "2")],
    ids=["serial", "processes", "until", "parquet"],
)
def test_twenty_kills_end_in_the_same_bytes(tmp_path: Path, more: tuple[str, ...]) -> None:
    """Twenty kills at random moments, whatever runs and stores the sweep, lose and add nothing."""
    kill_again_and_again(tmp_path, 20, 1500, *more)


def test_a_sweep_that_dies_at_its_last_part_ends_in_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep that was cut off after its last part, before its manifest, adds no other part."""
    path, whole = tmp_path / "x.parquet", tmp_path / "whole.parquet"
    run_sweep(designed(), whole)
    with monkeypatch.context() as cut, pytest.raises(ZeroDivisionError):
        cut.setattr("experiments.storage.parquet.checksums", lambda _path: 1 / 0)
        run_sweep(designed(), path)
    assert run_sweep(designed(), path).complete
    assert content(path) == content(whole)


@pytest.mark.parametrize("runs_left", [True, False])
def test_a_kill_before_a_full_part_is_made_loses_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs_left: bool
) -> None:
    """A sweep cut off between the last row of a part and the part itself ends in the same bytes."""
    monkeypatch.setattr(storage, "PART_ROWS", 20 if runs_left else 30)
    path, whole = tmp_path / "x.parquet", tmp_path / "whole.parquet"
    run_sweep(designed(), whole)
    write, made = parquet.write_part, []

    def cut(*arguments: Any) -> None:
        made.append(arguments)
        if len(made) == 2:
            raise ZeroDivisionError
        write(*arguments)

    with monkeypatch.context() as patched, pytest.raises(ZeroDivisionError):
        patched.setattr("experiments.storage.parquet.write_part", cut)
        run_sweep(designed(), path)
    assert run_sweep(designed(), path).complete
    assert content(path) == content(whole)
    assert len(read_results(path)) == 60


def test_a_part_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of which a part was taken away are refused, and do not verify."""
    monkeypatch.setattr(storage, "PART_ROWS", 25)
    path = tmp_path / "x.parquet"
    run_sweep(designed(), path)
    (path / "part-000001.parquet").unlink()
    with pytest.raises(InputError, match="has 35 rows, expected 60"):
        read_results(path)


def test_a_commit_that_failed_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails in the middle of a commit costs what was not committed, nothing more."""
    path, whole = tmp_path / "x.csv", tmp_path / "whole.csv"
    run_sweep(designed(), whole)
    append, calls = append_bytes, []

    def torn(file: Path, data: bytes) -> None:
        calls.append(file)
        if len(calls) == 2:
            append(file, data[: len(data) // 2])
            raise OSError(5, "Input/output error")
        append(file, data)

    with monkeypatch.context() as patched, pytest.raises(OSError, match="Input/output"):
        patched.setattr(storage, "append_bytes", torn)
        run_sweep(designed(), path)
    assert run_sweep(designed(), path).complete
    assert content(path) == content(whole)


def test_finished_results_that_are_gone_are_told(tmp_path: Path) -> None:
    """A manifest without its results is no sweep that was made before."""
    path = tmp_path / "x.csv"
    run_sweep(designed(), path)
    path.unlink()
    with pytest.raises(InputError, match="tells of a finished sweep, but"):
        run_sweep(designed(), path)


@SUFFIXES
@pytest.mark.parametrize("step", range(1, 8))
def test_a_retry_can_be_cut_off_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, step: int
) -> None:
    """Cut off at any change of names, a retry leaves the old results or ends in the new ones."""
    path, whole = tmp_path / f"x{suffix}", tmp_path / f"whole{suffix}"
    run_sweep(designed(), whole)
    run_sweep(designed(), path, work=failing)
    (tmp_path / "x.retried.csv").write_text("somebody's own")
    moves = []

    def counted(move: Any) -> Any:
        def moved(self: Path, *arguments: Any) -> Any:
            moves.append(self)
            if len(moves) == step:
                raise ZeroDivisionError
            return move(self, *arguments)

        return moved

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", counted(Path.rename))
        patched.setattr(Path, "replace", counted(Path.replace))
        with suppress(ZeroDivisionError):
            retry_failed(designed(), path)
    with suppress(InputError):  # nothing is left to make again
        retry_failed(designed(), path)
    assert content(path) == content(whole)
    assert run_sweep(designed(), path).complete
    left = {file.name for file in tmp_path.iterdir() if file.name.startswith(".x")}
    assert left == set() and (tmp_path / "x.retried.csv").read_text() == "somebody's own"


# The journal


def test_a_torn_journal_tells_the_last_whole_commit(tmp_path: Path) -> None:
    """However the journal's end was torn, the last line that was written whole counts."""
    path = tmp_path / "x.journal"
    assert last_commit(path) == Commit()
    first, second = Commit(1, 1, 0, 10, 0, "a"), Commit(2, 2, 0, 20, 0, "b", 1)
    append_commit(path, first)
    whole = path.read_bytes()
    append_commit(path, second)
    both = path.read_bytes()
    assert last_commit(path) == second
    for cut in range(len(whole), len(both) - 1):
        path.write_bytes(both[:cut])
        assert last_commit(path) == first
    path.write_bytes(both.replace(b"20", b"99"))
    assert last_commit(path) == first


# Failed runs


@SUFFIXES
def test_failed_runs_are_made_again_in_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Once what made them fail is mended, the results are those of a sweep that never failed."""
    monkeypatch.setattr(storage, "PART_ROWS", 25)
    path, whole = tmp_path / f"x{suffix}", tmp_path / f"whole{suffix}"
    run_sweep(designed(), whole)
    report = run_sweep(designed(), path, work=failing)
    assert (report.rows, report.failures, report.stopped) == (54, 6, "")
    again = retry_failed(designed(), path, work=failing)
    assert (again.rows, again.failures) == (54, 6)
    mended = retry_failed(designed(), path)
    assert (mended.rows, mended.failures, mended.complete) == (60, 0, True)
    assert content(path) == content(whole)
    names = {file.name for file in tmp_path.iterdir()}
    assert not {name for name in names if "retried" in name or "failures" in name}
    manifests = [json.loads(manifest_path(file).read_text()) for file in (path, whole)]
    assert manifests[0]["sha256"] == manifests[1]["sha256"]
    assert manifests[0]["complete"] is True
    assert run_sweep(designed(), path).complete


def test_failures_survive_an_interruption(tmp_path: Path) -> None:
    """Failed runs that were recorded before a stop are neither lost nor made twice."""
    path = tmp_path / "x.csv"

    def stop(done: int, _size: int) -> None:
        if done == 17:
            signal.raise_signal(signal.SIGINT)

    first = run_sweep(designed(), path, work=failing, progress=stop)
    assert (first.rows, first.failures) == (15, 2)
    second = run_sweep(designed(), path, work=failing)
    assert (second.rows, second.failures, second.kept) == (54, 6, 17)
    with failures_path(path).open(newline="") as file:
        assert [row["replicate"] for row in csv.DictReader(file)] == ["3", "13", "23"] * 2


def test_there_must_be_something_to_make_again(tmp_path: Path) -> None:
    """Retrying is refused where nothing was made, nothing failed, or the sweep is not finished."""
    path = tmp_path / "x.csv"
    with pytest.raises(InputError, match="there is no sweep"):
        retry_failed(designed(), path)
    stopped_at(5, designed(), path)
    with pytest.raises(InputError, match="is not finished"):
        retry_failed(designed(), path)
    run_sweep(designed(), path)
    with pytest.raises(InputError, match=r"no run of .* failed"):
        retry_failed(designed(), path)
