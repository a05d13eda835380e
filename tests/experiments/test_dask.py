"""A Dask cluster of real processes: the same bytes, whoever dies, and clear words without one."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from experiments.designs.axis import parse_axis
from experiments.designs.design import Design, make_design
from experiments.executors import dask as dask_executor
from experiments.executors.chunk import Chunk, Finished, Frame, WorkersLostError, run_chunk
from experiments.executors.dask import DaskCluster
from experiments.executors.dispatch import executor_named
from experiments.sweep import INTERRUPTED, run_sweep
from sim.crisis_file import load_crisis
from sim.errors import InputError

Command = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[2]
SOON_S = 30.0
DEATHS = "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"
"""What tells a scheduler how many deaths of workers a task may survive."""
SLOW_S = 0.002
"""What a run waits here, so that a sweep lasts long enough for someone to be killed."""


def designed(replicates: int = 400) -> Design:
    """Return a design of two points."""
    axes = (parse_axis("choice_precision=0,3"),)
    return make_design(load_crisis("two-states"), replicates=replicates, axes=axes)


def slowly(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Run a chunk, a little later."""
    for run in run_chunk(frame, chunk):
        time.sleep(SLOW_S)
        yield run


def deadly(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Kill the worker that takes the first chunk of all."""
    for run in run_chunk(frame, chunk):
        if run.spec.replicate == 0 and dict(run.spec.settings)["choice_precision"] == 0.0:
            os._exit(1)
        yield run


def endless(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Never end, as far as a test can tell."""
    time.sleep(8.0)
    yield from run_chunk(frame, chunk)


class Cluster:
    """A local cluster as a user starts it: a process, its address, and its workers."""

    def __init__(self, workers: int = 2, **environment: str) -> None:
        command = [sys.executable, "-m", "experiments.cli", "cluster", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, env={**os.environ, **environment},
        )  # fmt: skip
        assert self.process.stdout is not None
        found = re.search(r"tcp://127\.0\.0\.1:\d+", self.process.stdout.readline())
        assert found, self.process.stderr and self.process.stderr.read()
        self.address = found.group()

    def workers(self) -> list[int]:
        """Return the process numbers of the workers."""
        from distributed import Client  # noqa: PLC0415

        with Client(self.address, set_as_default=False) as client:
            return list(client.run(os.getpid).values())

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C, as a terminal does for the whole group; return exit code and errors."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        _, err = self.process.communicate(timeout=SOON_S)
        return self.process.returncode, err

    def kill(self) -> None:
        """Kill everything at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=SOON_S)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Return a cluster that lives as long as the tests of this module."""
    made = Cluster()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of the sweep that all others must give."""
    path = tmp_path_factory.mktemp("serial") / "rows.csv"
    run_sweep(designed(), path)
    return path.read_bytes()


def killer(pid: int, at: int) -> Callable[[int, int], None]:
    """Return what kills a process as soon as so many runs are done."""

    def moved(done: int, _size: int) -> None:
        if done == at:
            os.kill(pid, signal.SIGKILL)

    return moved


def test_a_cluster_gives_the_same_bytes(tmp_path: Path, cluster: Cluster, serial: bytes) -> None:
    """Two worker processes and this one give the same file."""
    path = tmp_path / "rows.csv"
    report = run_sweep(designed(), path, executor=DaskCluster(cluster.address))
    assert (report.rows, report.complete) == (800, True)
    assert path.read_bytes() == serial


def test_a_killed_worker_loses_nothing(tmp_path: Path, cluster: Cluster, serial: bytes) -> None:
    """A worker killed in the middle: what it had in hand is made by others, to the same bytes."""
    path = tmp_path / "rows.csv"
    victim = cluster.workers()[0]
    report = run_sweep(
        designed(),
        path,
        executor=DaskCluster(cluster.address),
        progress=killer(victim, 150),
        work=slowly,
    )
    assert (report.rows, report.failures) == (800, 0)
    assert path.read_bytes() == serial


def test_a_chunk_that_kills_its_workers_fails_alone(tmp_path: Path) -> None:
    """Its runs are recorded as failed; all others have their rows, though workers died."""
    path = tmp_path / "rows.csv"
    own = Cluster(4, **{DEATHS: "0"})
    try:
        report = run_sweep(designed(), path, executor=DaskCluster(own.address), work=deadly)
    finally:
        own.kill()
    assert (report.rows, report.failures) == (700, 100)
    failures = path.with_suffix(".failures.csv").read_text()
    assert failures.count("KilledWorker") >= 100


def test_a_lost_scheduler_stops_and_the_sweep_goes_on(tmp_path: Path, serial: bytes) -> None:
    """If the scheduler dies, what had ended is kept, and any executor goes on to the same bytes."""
    path = tmp_path / "rows.csv"
    own = Cluster(1)

    def moved(done: int, _size: int) -> None:
        if done == 120:
            own.kill()

    try:
        with pytest.raises(WorkersLostError, match="the Dask scheduler is lost"):
            executor = DaskCluster(own.address)
            run_sweep(designed(), path, executor=executor, progress=moved, work=slowly)
    finally:
        own.kill()
    assert path.read_bytes() != serial
    report = run_sweep(designed(), path)
    assert report.kept >= 100
    assert path.read_bytes() == serial


def test_ctrl_c_ends_the_cluster_and_its_workers() -> None:
    """Ctrl-C leaves no process and no traceback behind, exit 0."""
    own = Cluster()
    workers = own.workers()
    code, err = own.end()
    assert code == 0
    assert "Traceback" not in err
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_taken_port_is_told(cluster: Cluster) -> None:
    """A port in use: one line that names it, exit 2."""
    port = cluster.address.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "experiments.cli", "cluster", "--workers", "1"]
    ended = subprocess.run(
        [*command, "--port", port],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SOON_S,
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert f"127.0.0.1:{port}" in ended.stderr


def test_no_scheduler_is_told(
    tmp_path: Path, offramp: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing answers, the message names the address and what starts a cluster."""
    monkeypatch.setattr(dask_executor, "PATIENCE_S", 1)
    sweep = ("sweep", "two-states", "--executor", "dask", "--address", "tcp://127.0.0.1:1")
    code, _, err = offramp(*sweep, "--out", tmp_path / "rows.csv")
    assert (code, err.count("\n")) == (2, 1)
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in err
    assert "offramp cluster" in err
    assert not list(tmp_path.iterdir())


def test_an_address_that_is_none_is_told() -> None:
    """What does not look like an address is refused before anyone is asked."""
    for address in ("foo", "127.0.0.1:8786", "tcp://host", "http://host:1"):
        with pytest.raises(InputError, match="expected tcp://HOST:PORT"):
            DaskCluster(address)


def test_ctrl_c_stops_a_sweep_that_waits_for_workers(tmp_path: Path, cluster: Cluster) -> None:
    """A task that does not end is not waited for once Ctrl-C was pressed; the sweep goes on."""
    path = tmp_path / "rows.csv"
    alarm = threading.Timer(3.0, lambda: os.kill(os.getpid(), signal.SIGINT))
    alarm.start()
    report = run_sweep(designed(20), path, executor=DaskCluster(cluster.address), work=endless)
    assert (report.stopped, report.rows) == (INTERRUPTED, 0)
    assert run_sweep(designed(20), path).rows == 40


def test_without_dask_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask is an extra; who has not installed it is told how."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="pip install 'offramp\\[cluster\\]'"):
        DaskCluster("tcp://127.0.0.1:1")


def test_other_versions_are_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker with another version of the model would give other numbers, and is refused."""
    here = dict(dask_executor.expected())
    other = tuple({**here, "model": "0"}.items())
    monkeypatch.setattr(dask_executor, "expected", lambda: other)
    with pytest.raises(InputError, match=r"a worker has model 1, expected 0 as here"):
        DaskCluster(cluster.address)


def test_dask_and_its_address_go_together() -> None:
    """Dask needs an address, others take none, and an address alone means Dask."""
    with pytest.raises(InputError, match="executor dask needs --address"):
        executor_named("dask", 10)
    with pytest.raises(InputError, match="executor serial takes no --address"):
        executor_named("serial", 10, address="tcp://127.0.0.1:1")
