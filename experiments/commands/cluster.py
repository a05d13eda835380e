"""`offramp cluster`: a Dask cluster on this machine, to try what runs on a larger one."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Annotated

import typer

from experiments.commands.terminal import note
from experiments.executors.dispatch import processors

HOST = "127.0.0.1"


def cluster(
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, metavar="N", help="Processes; one a processor if unsaid."),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="P", help="0 takes any free one.")
    ] = 8786,
) -> None:
    """Start a scheduler and workers on this machine alone, and keep them until Ctrl-C."""
    from experiments.executors.local_cluster import local_cluster

    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    with local_cluster(workers or processors(), HOST, port) as address:
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, end)
        print(f"A scheduler at {address}; use it from another terminal with:")
        print(f"  offramp sweep ... --executor dask --address {address}", flush=True)
        note("Ctrl-C ends it")
        ended.wait()
