"""Makes runs on a Dask cluster: the same runs, in the same order, on any number of machines."""

from __future__ import annotations

import functools
import itertools
import logging
import pickle
import re
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from experiments.designs.design import RunSpec
from experiments.executors.chunk import Chunk, Finished, Frame, Stop, Work, WorkersLostError
from experiments.identity import versions
from sim.errors import InputError

CHUNK = 100
"""Runs of one task at least: about half a second, against a millisecond of the scheduler's."""
RUNS_A_THREAD = 2
"""Runs of a task for each thread of a large cluster, so that the scheduler keeps up with it."""
OUTSTANDING = 3
"""Tasks under way per thread of the cluster; it bounds memory and keeps all workers busy."""
RECOUNT_S = 5.0
"""Time after which the threads are counted again, since workers come and go."""
PATIENCE_S = 10
"""How long the scheduler may take to answer."""
POLL_S = 0.5
"""How often a wait for a result looks whether it is to stop."""
ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d+")
COMPARED = ("python", "model", "offramp", "numpy", "mesa", "simpy", "networkx", "pydantic")
"""Versions that must be the same here and on every worker, for runs to be the same."""
MISSING = "a Dask cluster needs dask and distributed: pip install 'offramp[cluster]'"


class OtherVersionsError(RuntimeError):
    """A worker has other versions of what a run depends on than the process that asks."""


class DaskCluster:
    """Runs on the workers of a scheduler. What a lost worker had in hand is made again by others.

    Raises:
        InputError: if no scheduler answers at the address, it has no worker, or a worker has other
            versions of what a run depends on.
    """

    name = "dask"

    def __init__(self, address: str) -> None:
        if not ADDRESS.fullmatch(address):
            raise InputError(f"'{address}' is no address of a scheduler, expected tcp://HOST:PORT")
        client = _library().Client
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client: Any = client(address, timeout=PATIENCE_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            told = (str(error) or type(error).__name__).splitlines()[0]
            raise InputError(
                f"no Dask scheduler answers at {address} ({told}); start one with: offramp cluster"
            ) from None
        try:
            self.workers = self._threads()
            if self.workers == 0:
                raise InputError(f"the Dask scheduler at {address} has no workers; add some")
            self._check_versions()
        except InputError:
            self.close()
            raise

    def _threads(self) -> int:
        try:
            return int(sum(self._client.nthreads().values()))
        except (OSError, RuntimeError) as error:
            raise WorkersLostError(f"the Dask scheduler is lost: {error}") from None

    def _check_versions(self) -> None:
        try:
            self._client.run(_check, expected())
        except (OtherVersionsError, ModuleNotFoundError, AttributeError) as error:
            raise InputError(f"the Dask workers cannot make these runs: {error}") from None

    def __call__(
        self, frame: Frame, specs: Iterable[RunSpec], stop: Stop, work: Work
    ) -> Iterator[Finished]:
        """Yield the runs in the order of the specs, with a bounded number of them under way.

        Raises:
            WorkersLostError: if the scheduler is lost, or all workers are for long.
            InputError: if a worker that came later has other versions.
        """
        shared = pickle.dumps((work, frame, expected()))
        waiting: deque[tuple[Chunk, Any]] = deque()
        counted = time.monotonic()
        chunks = itertools.batched(specs, max(CHUNK, RUNS_A_THREAD * self.workers))
        for chunk in itertools.takewhile(lambda _: not stop(), chunks):
            waiting.append((chunk, self._submit(shared, pickle.dumps(chunk))))
            if time.monotonic() - counted > RECOUNT_S:
                self.workers, counted = max(1, self._threads()), time.monotonic()
            if len(waiting) >= OUTSTANDING * self.workers:
                yield from self._taken(waiting, shared, stop)
        while waiting and not stop():
            yield from self._taken(waiting, shared, stop)
        self._client.cancel([task for _, task in waiting])

    def _submit(self, shared: bytes, chunk: bytes) -> Any:
        try:
            return self._client.submit(_make_runs, shared, chunk, pure=False)
        except (OSError, RuntimeError) as error:
            raise WorkersLostError(f"the Dask scheduler is lost: {error}") from None

    def _taken(
        self, waiting: deque[tuple[Chunk, Any]], shared: bytes, stop: Stop
    ) -> list[Finished]:
        """Return the runs of the first chunk that waits, none if asked to stop before it ends.

        A chunk whose workers died is tried once more, alone, since a worker that dies takes with it
        what waited there; if it kills again, its runs have failed.
        """
        chunk, task = waiting.popleft()
        killed = _library().KilledWorker
        try:
            return _result(task, stop)
        except killed:
            while not stop() and not all(other.done() for _, other in waiting):
                time.sleep(POLL_S)
        try:
            return _result(self._submit(shared, pickle.dumps(chunk)), stop)
        except killed as error:
            told = f"KilledWorker: {str(error).splitlines()[0]}"
            return [Finished(spec, "", None, (), told, told) for spec in chunk]

    def close(self) -> None:
        """Leave the cluster; what it was still asked for is not made."""
        self._client.close()


def _library() -> Any:
    try:
        import distributed  # noqa: PLC0415 (slow to import, and only clusters need it)
    except ModuleNotFoundError:
        raise InputError(MISSING) from None
    return distributed


@functools.cache
def expected() -> tuple[tuple[str, str | None], ...]:
    """Return the versions, by name, of what runs depend on, as they are in this process."""
    found = versions()
    return tuple((name, found[name]) for name in COMPARED)


def _check(wanted: tuple[tuple[str, str | None], ...]) -> None:
    """Raise OtherVersionsError unless this process has the versions that are wanted."""
    for (name, version), (_, here) in zip(wanted, expected(), strict=True):
        if version != here:
            raise OtherVersionsError(f"a worker has {name} {here}, expected {version} as here")


def _make_runs(shared: bytes, chunk: bytes) -> bytes:
    """Make the runs of a task; all goes as bytes, since Dask looks into lists one by one."""
    work, frame = _opened(shared)
    return pickle.dumps(list(work(frame, pickle.loads(chunk))))


@functools.lru_cache(maxsize=2)
def _opened(shared: bytes) -> tuple[Work, Frame]:
    """Return what all tasks of a sweep share, after a look at the versions of this worker."""
    work, frame, wanted = pickle.loads(shared)
    _check(wanted)
    return work, frame


def _result(task: Any, stop: Stop) -> list[Finished]:
    """Return the runs of a task, none if asked to stop before it has ended."""
    library = _library()
    lost = (library.client.FutureCancelledError, library.comm.CommClosedError, OSError)
    while True:
        try:
            runs: list[Finished] = pickle.loads(task.result(timeout=POLL_S))
        except TimeoutError:
            if stop():
                return []
        except OtherVersionsError as error:
            raise InputError(f"the Dask workers cannot make these runs: {error}") from None
        except lost as error:
            told = (str(error) or type(error).__name__).splitlines()[0]
            raise WorkersLostError(f"the Dask scheduler is lost: {told}") from None
        else:
            return runs
