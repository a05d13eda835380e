"""Makes runs in this process, one after another."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from experiments.designs.design import RunSpec
from experiments.executors.chunk import Finished, Frame, Stop, Work

CHUNK = 100
"""Runs prepared at a time."""


class Serial:
    """Runs in this process: nothing to start, and what tests and small sweeps use."""

    name = "serial"
    workers = 1

    def __call__(
        self, frame: Frame, specs: Iterable[RunSpec], stop: Stop, work: Work
    ) -> Iterator[Finished]:
        """Yield the runs of these specs, each as soon as it has ended."""
        for chunk in itertools.batched(specs, CHUNK):
            for run in work(frame, chunk):
                yield run
                if stop():
                    return

    def close(self) -> None:
        """Do nothing: nothing was started."""
