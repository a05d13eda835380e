"""Makes runs on a Dask cluster: the same runs, in the same order, on any number of machines."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from experiments.designs.design import RunSpec
from experiments.executors.chunk import Chunk, Finished, Frame, Stop, Work
from experiments.identity import versions
from sim.errors import InputError

CHUNK = 100
"""Runs of one task: about half a second, against a millisecond that a task costs the scheduler."""
OUTSTANDING = 3
"""Tasks under way per thread of the cluster; it bounds memory and keeps all workers busy."""
PATIENCE_S = 10
"""How long the scheduler may take to answer."""
RETRIES = 2
"""How often a task is tried again on another worker when the one that had it is lost."""
COMPARED = ("python", "model", "offramp", "numpy", "mesa", "simpy", "networkx", "pydantic")
"""Versions that must be the same here and on every worker, for runs to be the same."""


class DaskCluster:
    """Runs on the workers of a scheduler. A lost worker's tasks are made again by others.

    Raises:
        InputError: if no scheduler answers at the address, it has no worker, or a worker has other
            versions of what a run depends on.
    """

    name = "dask"

    def __init__(self, address: str) -> None:
        from distributed import Client  # noqa: PLC0415 (slow to import)

        try:
            self._client: Any = Client(address, timeout=PATIENCE_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(
                f"no Dask scheduler answers at {address} ({str(error) or type(error).__name__}); "
                "start one with offramp cluster"
            ) from None
        try:
            self.workers = self._count(address)
            self._check_versions()
        except InputError:
            self.close()
            raise

    def _count(self, address: str) -> int:
        threads = int(sum(self._client.nthreads().values()))
        if threads == 0:
            raise InputError(f"the Dask scheduler at {address} has no workers; add some")
        return threads

    def _check_versions(self) -> None:
        here = versions()
        for worker, found in self._client.run(versions).items():
            for name in COMPARED:
                if found[name] != here[name]:
                    raise InputError(
                        f"Dask worker {worker} has {name} {found[name]}, expected {here[name]} "
                        "as here; runs would differ"
                    )

    def __call__(
        self, frame: Frame, specs: Iterable[RunSpec], stop: Stop, work: Work
    ) -> Iterator[Finished]:
        """Yield the runs in the order of the specs, with a bounded number of them under way."""
        shared = self._client.scatter((work, frame), broadcast=True, hash=False)
        waiting: deque[Any] = deque()
        for chunk in itertools.takewhile(lambda _: not stop(), itertools.batched(specs, CHUNK)):
            waiting.append(
                (chunk, self._client.submit(_make_runs, shared, chunk, retries=RETRIES, pure=False))
            )
            if len(waiting) >= OUTSTANDING * self.workers:
                yield from _result(*waiting.popleft())
        while waiting and not stop():
            chunk, task = waiting.popleft()
            yield from _result(chunk, task)
        self._client.cancel([task for _, task in waiting])

    def close(self) -> None:
        """Leave the cluster; what it was still asked for is not made."""
        self._client.close()


def _make_runs(shared: tuple[Work, Frame], chunk: Chunk) -> list[Finished]:
    work, frame = shared
    return list(work(frame, chunk))


def _result(chunk: Chunk, task: Any) -> list[Finished]:
    """Return the runs of a task; if the workers that tried it died, its runs have failed."""
    from distributed import KilledWorker  # noqa: PLC0415

    try:
        runs: list[Finished] = task.result()
    except KilledWorker as error:
        return [Finished(spec, "", None, (), f"KilledWorker: {error}") for spec in chunk]
    return runs
