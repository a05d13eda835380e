"""Makes runs in processes of this machine."""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import BaseContext

from experiments.designs.design import RunSpec
from experiments.executors.chunk import (
    Chunk,
    Finished,
    Frame,
    Stop,
    Work,
    WorkersLostError,
    run_chunk,
)
from sim.errors import InputError

CHUNK = 25
"""Runs handed to a worker at a time."""
MODEL = "sim.model"
"""What takes long to import and no run can do without."""
DIED = "a worker process died, perhaps for want of memory"
OUTSTANDING = 4
"""Chunks under way per worker at most; it bounds memory, whatever the size of the design."""


class Processes:
    """Runs in several processes, which are started afresh and know nothing of this one's state."""

    name = "processes"

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise InputError(f"workers is {workers}, expected 1 or more")
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __call__(
        self, frame: Frame, specs: Iterable[RunSpec], stop: Stop, work: Work
    ) -> Iterator[Finished]:
        """Yield the runs in the order of the specs, with a bounded number of them under way.

        Raises:
            WorkersLostError: if a process dies.
        """
        waiting: deque[Future[list[Finished]]] = deque()
        pool = self._started()
        for chunk in itertools.takewhile(lambda _: not stop(), itertools.batched(specs, CHUNK)):
            with _deaf_children():
                waiting.append(_submitted(pool, work, frame, chunk))
            if len(waiting) >= OUTSTANDING * self.workers:
                yield from _result(waiting.popleft())
        while waiting:
            first = waiting.popleft()
            if stop() and first.cancel():  # it had not begun; the rows end before it
                return
            yield from _result(first)

    def _started(self) -> ProcessPoolExecutor:
        """Return the pool, made when it is first needed and kept until the end."""
        if self._pool is None:
            self._pool = make_pool(self.workers)
        return self._pool

    def close(self) -> None:
        """End the processes; what they were still asked for is not made."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def make_pool(workers: int) -> ProcessPoolExecutor:
    """Return processes that know the model and nothing of this process; they end with it."""
    return ProcessPoolExecutor(workers, _context(), _settle_in)


def make_runs(work: Work, frame: Frame, chunk: Chunk) -> list[Finished]:
    """Make the runs of a chunk; this is what a process is asked to do."""
    return list(work(frame, chunk))


def _submitted(
    pool: ProcessPoolExecutor, work: Work, frame: Frame, chunk: Chunk
) -> Future[list[Finished]]:
    try:
        return pool.submit(make_runs, work, frame, chunk)
    except BrokenProcessPool:
        raise WorkersLostError(DIED) from None


def _result(future: Future[list[Finished]]) -> list[Finished]:
    try:
        return future.result()
    except BrokenProcessPool:
        raise WorkersLostError(DIED) from None


def _context() -> BaseContext:
    """Return how processes start: from a server that has imported the model, where there is one.

    They share its memory and start in a few milliseconds; it has no threads and none of this
    process' state. Elsewhere each process imports everything for itself.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([run_chunk.__module__, MODEL])
    return context


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Keep Ctrl-C from processes that start meanwhile; they inherit what is blocked here.

    For this process it only waits until the end of the block.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle_in() -> None:
    """Leave Ctrl-C to the parent process, which ends its workers in order; end if it was killed.

    What was imported is kept from the search for garbage, which would touch it and so unshare it.
    """
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
