"""Chooses an executor by name and runs a design with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from experiments.designs.design import Design, RunSpec
from experiments.executors.chunk import Executor, Finished, Work, frame_of, run_chunk
from experiments.executors.processes import Processes
from experiments.executors.serial import Serial
from sim.errors import InputError, nearest

EXECUTORS = ("serial", "processes", "dask")
WORTH_WORKERS = 1500
"""Runs from which starting worker processes pays for itself."""


def executor_named(
    name: str | None, runs: int, *, workers: int | None = None, address: str | None = None
) -> Executor:
    """Return the executor of this name; without one, what suits the number of runs.

    ``workers`` is for processes, by default one for each processor; ``address`` is that of a Dask
    scheduler.

    Raises:
        InputError: for an unknown name, options that do not go together, or no scheduler there.
    """
    if name is None:
        name = "dask" if address else _fitting(runs, workers)
    if name not in EXECUTORS:
        raise InputError(
            f"there is no executor '{name}', expected one of {', '.join(EXECUTORS)}"
            f"{nearest(name, list(EXECUTORS))}"
        )
    if (name == "dask") != (address is not None):
        wanted = "needs" if name == "dask" else "takes no"
        raise InputError(f"executor {name} {wanted} --address tcp://HOST:PORT")
    if name == "dask":
        from experiments.executors.dask import DaskCluster  # noqa: PLC0415 (slow to import)

        assert address is not None
        return DaskCluster(address)
    if name == "processes":
        return Processes(processors() if workers is None else workers)
    if workers not in (None, 1):
        raise InputError(f"executor serial has one worker, not {workers}; try processes")
    return Serial()


def _fitting(runs: int, workers: int | None) -> str:
    if workers is None:
        return "serial" if runs < WORTH_WORKERS or processors() == 1 else "processes"
    return "serial" if workers == 1 else "processes"


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_design(
    design: Design,
    *,
    executor: Executor | None = None,
    specs: Iterable[RunSpec] | None = None,
    keep_events: bool = False,
    stop: Callable[[], bool] = lambda: False,
    work: Work | None = None,
) -> Iterator[Finished]:
    """Yield every run of the design, or those of ``specs``, in order whatever the executor.

    ``work`` stands in for the simulation in tests.
    """
    frame = frame_of(design, keep_events=keep_events)
    chosen = executor if executor is not None else Serial()
    return chosen(frame, design.runs() if specs is None else specs, stop, work or run_chunk)
