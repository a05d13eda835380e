"""The unit of work that executors hand out: a few runs that share most of their preparation."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import sim
from agents.event import Event
from experiments.designs.design import Design, RunSpec, Settings
from experiments.identity import content_hash, point_digest, run_key
from sim.crisis import Crisis
from sim.keys import split_overrides, with_overrides
from sim.outcome import Outcome

COLLECTED_AT = 50_000
"""New objects at which cycles are looked for while runs are made: those of about ten runs."""


class WorkersLostError(Exception):
    """Whoever made the runs is lost; those that had ended are kept."""


class Finished(NamedTuple):
    """One run that ended: its outcome, or None and the error; its events if they were asked for."""

    spec: RunSpec
    run_key: str
    outcome: Outcome | None
    events: tuple[Event, ...] = ()
    error: str = ""
    trace: str = ""


class Frame(NamedTuple):
    """What all runs of a design share."""

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
type Stop = Callable[[], bool]


class Executor(Protocol):
    """Makes runs somewhere, and yields them in the order in which they were asked for.

    A run that fails is yielded with its error; the others go on. Once ``stop()`` is true no more
    runs begin, and those finished so far are yielded. ``work`` makes the runs of a chunk; where it
    is done in another process it must be a function of a module.
    """

    @property
    def name(self) -> str:
        """What the user calls it."""
        ...

    @property
    def workers(self) -> int:
        """How many runs are made at a time."""
        ...

    def __call__(
        self, frame: Frame, specs: Iterable[RunSpec], stop: Stop, work: Work
    ) -> Iterator[Finished]:
        """Yield the runs of these specs."""
        ...

    def close(self) -> None:
        """End what was started; the executor can be used again all the same."""
        ...


def frame_of(design: Design, *, keep_events: bool = False) -> Frame:
    """Return what all runs of a design share."""
    crisis_hash = content_hash(design.crisis)
    return Frame(design.crisis, crisis_hash, design.start, design.seed, keep_events)


def run_chunk(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Yield the runs of a chunk; neighbours at the same parameter point share its preparation."""
    settings: Settings | None = None
    point: Point | None = None
    with rare_collection():
        for spec in chunk:
            try:
                if point is None or spec.settings != settings:
                    point = None  # it is not that of this run, should the next one fail
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
