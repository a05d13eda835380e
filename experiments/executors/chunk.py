"""Runs many: in this process or in several, always yielding in the order of the design."""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

import sim
from agents.event import Event
from experiments.designs.design import Design, RunSpec, Settings
from experiments.identity import content_hash, point_digest, run_key
from sim.crisis import Crisis
from sim.errors import InputError
from sim.keys import split_overrides, with_overrides
from sim.outcome import Outcome

CHUNK = 25
"""Runs handed to a worker at a time."""
OUTSTANDING = 4
"""Chunks under way per worker at most; it bounds memory, whatever the size of the design."""
COLLECTED_AT = 50_000
"""New objects at which cycles are looked for while runs are made: those of about ten runs."""
WORTH_WORKERS = 1500
"""Runs from which starting worker processes pays for itself."""


class Finished(NamedTuple):
    """One run that ended: its outcome, or None and the error; its events if they were asked for."""

    spec: RunSpec
    run_key: str
    outcome: Outcome | None
    events: tuple[Event, ...] = ()
    error: str = ""
    trace: str = ""


class Frame(NamedTuple):
    """What all runs of a design share; sent to workers with every chunk."""

    crisis: Crisis
    crisis_hash: str
    start: str
    seed: int
    keep_events: bool


class Point(NamedTuple):
    """A parameter point made ready to run."""

    theatre: sim.Theatre
    parameters: Mapping[str, float]
    digest: bytes


type Chunk = tuple[RunSpec, ...]
type Work = Callable[[Frame, Chunk], Iterable[Finished]]


def default_workers(runs: int) -> int:
    """Return how many processes to use when the user names no number."""
    if runs < WORTH_WORKERS:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_design(
    design: Design,
    *,
    workers: int = 1,
    keep_events: bool = False,
    stop: Callable[[], bool] = lambda: False,
    work: Work | None = None,
) -> Iterator[Finished]:
    """Yield every run of the design, in its order whatever the number of workers.

    A run that fails is yielded with its error; the others go on. Once ``stop()`` is true no more
    runs begin, and those finished so far are yielded. ``work`` stands in for the simulation in
    tests; with more than one worker it must be a function of a module.

    Raises:
        InputError: if workers < 1.
    """
    if workers < 1:
        raise InputError(f"workers is {workers}, expected 1 or more")
    crisis_hash = content_hash(design.crisis)
    frame = Frame(design.crisis, crisis_hash, design.start, design.seed, keep_events)
    chunks = itertools.batched(design.runs(), CHUNK)
    if min(workers, -(-design.size // CHUNK)) == 1:
        return _run_here(frame, chunks, stop, work or run_chunk)
    return _run_in_processes(frame, chunks, workers, stop, work or run_chunk)


def _run_here(
    frame: Frame, chunks: Iterator[Chunk], stop: Callable[[], bool], work: Work
) -> Iterator[Finished]:
    for chunk in chunks:
        for run in work(frame, chunk):
            yield run
            if stop():
                return


def _run_in_processes(
    frame: Frame, chunks: Iterator[Chunk], workers: int, stop: Callable[[], bool], work: Work
) -> Iterator[Finished]:
    """Yield results in the order of the chunks, with a bounded number of them under way."""
    waiting: deque[Future[list[Finished]]] = deque()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_leave_interrupts) as pool:
        try:
            for chunk in itertools.takewhile(lambda _: not stop(), chunks):
                with _deaf_children():
                    waiting.append(pool.submit(_work_in_process, work, frame, chunk))
                if len(waiting) >= OUTSTANDING * workers:
                    yield from waiting.popleft().result()
            while waiting:
                first = waiting.popleft()
                if stop() and first.cancel():  # it had not begun; the rows end before it
                    return
                yield from first.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


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


def _leave_interrupts() -> None:
    """Leave Ctrl-C to the parent process, which ends its workers in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work_in_process(work: Work, frame: Frame, chunk: Chunk) -> list[Finished]:
    return list(work(frame, chunk))


def run_chunk(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Yield the runs of a chunk; neighbours at the same parameter point share its preparation."""
    settings: Settings | None = None
    point: Point | None = None
    with rare_collection():
        for spec in chunk:
            try:
                if point is None or spec.settings != settings:
                    point, settings = prepare_point(frame, spec.settings), spec.settings
                yield _run_one(frame, point, spec)
            except Exception as error:
                trace = " | ".join("".join(traceback.format_exception(error)).splitlines())
                key = run_key(point.digest, frame.seed, spec.replicate) if point else ""
                yield Finished(spec, key, None, (), f"{type(error).__name__}: {error}", trace)


@contextmanager
def rare_collection() -> Iterator[None]:
    """Let Python look for cycles of garbage less often, as long as the context lasts.

    A model is one cycle, found as well a dozen runs later; looking as often as Python does by
    itself takes an eighth of the time of a run.
    """
    before = gc.get_threshold()
    gc.set_threshold(COLLECTED_AT, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def prepare_point(frame: Frame, settings: Settings) -> Point:
    """Return the crisis and the parameters of one parameter point."""
    parameters, overrides = split_overrides(frame.crisis, dict(settings))
    crisis = with_overrides(frame.crisis, overrides) if overrides else frame.crisis
    digest = point_digest(frame.crisis_hash, frame.start, parameters, overrides)
    return Point(sim.Theatre(crisis), parameters, digest)


def _run_one(frame: Frame, point: Point, spec: RunSpec) -> Finished:
    model = build_model(point.theatre, frame.start, frame.seed, spec.replicate, point.parameters)
    outcome = model.run_to_end()
    events = tuple(model.ledger) if frame.keep_events else ()
    return Finished(spec, run_key(point.digest, frame.seed, spec.replicate), outcome, events)


def build_model(
    crisis: Crisis | sim.Theatre,
    start: str,
    seed: int,
    replicate: int,
    parameters: Mapping[str, float],
) -> sim.CrisisModel:
    """Return a model that is ready to run."""
    settings: dict[str, Any] = dict(parameters)
    return sim.CrisisModel(crisis=crisis, start=start, replicate=replicate, rng=seed, **settings)


def outcomes(finished: Sequence[Finished]) -> list[Outcome]:
    """Return the outcomes of the runs that did not fail."""
    return [run.outcome for run in finished if run.outcome is not None]
