"""A Dask scheduler with worker processes on this machine."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from experiments.executors.dask import MISSING
from sim.errors import InputError


def dask_setup(_worker: object) -> None:
    """Leave Ctrl-C to whoever started the cluster; every worker calls this as it starts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def local_cluster(workers: int, host: str, port: int) -> Iterator[str]:
    """Keep a scheduler and so many workers of one thread each; yields the scheduler's address.

    Workers do not hear Ctrl-C, and end with the context.

    Raises:
        InputError: if the port is taken, or dask is not installed.
    """
    try:
        from distributed import LocalCluster  # noqa: PLC0415 (slow to import)
    except ModuleNotFoundError:
        raise InputError(MISSING) from None
    try:
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host=host,
            scheduler_port=port,
            dashboard_address=f"{host}:0",
            worker_dashboard_address=f"{host}:0",
            silence_logs=logging.CRITICAL,
            preload=[__name__],
        )
    except (OSError, RuntimeError) as error:
        told = str(error.__cause__ or error).splitlines()[0]
        raise InputError(f"no scheduler can listen at {host}:{port}: {told}") from None
    with cluster:
        yield str(cluster.scheduler_address)
