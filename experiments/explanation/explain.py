"""Tells one run along its chain of causes: chapters by strike, effects indented under causes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.event import Event, Kind
from experiments.designs.design import Design, Settings, check_settings
from experiments.executors.chunk import build_model
from experiments.explanation.decision import explain_decision
from experiments.explanation.narrative import Narrator
from experiments.words import several
from sim.crisis import Crisis
from sim.keys import refuse_unplayed, split_overrides, with_overrides
from sim.outcome import Outcome

DEEPEST = 7
"""Steps of indentation at most; a longer chain goes on at this depth."""
HIGHLIGHTS = (
    Kind.IMPACT,
    Kind.DECISION,
    Kind.CONCLUSION,
    Kind.OFFER_ACCEPTED,
    Kind.RECALL,
    Kind.WAR,
    Kind.JOIN,
    Kind.QUIET,
    Kind.REOPENED,
)
"""Kinds that a short story tells."""
SHORT = 10
"""Lines of a short story."""


@dataclass(frozen=True)
class ToldRun:
    """One run that has ended: its crisis as it was run, its events and its outcome."""

    crisis: Crisis
    start_time: datetime
    ledger: tuple[Event, ...]
    outcome: Outcome

    @property
    def narrator(self) -> Narrator:
        """Who tells it."""
        return Narrator(self.crisis, self.start_time)

    @property
    def begins(self) -> int:
        """The id of the event from which the run was free."""
        return next((e.id for e in self.ledger if e.kind == Kind.START), 0)


@dataclass(frozen=True)
class Line:
    """One line of a story: when, how deep below its cause, what, and further lines below it."""

    time: float
    depth: int
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """What came of one strike, or of something that went on by itself."""

    title: str
    time: float | None
    lines: tuple[Line, ...]


def run_once(design: Design, replicate: int, settings: Settings = ()) -> ToldRun:
    """Run one replicate of a design's only point, with further settings on top, and keep it all.

    Raises:
        InputError: if a setting does not fit the crisis.
    """
    chosen = {**dict(next(design.runs()).settings), **dict(settings)}
    check_settings(design.crisis, chosen)
    refuse_unplayed(design.crisis, design.start, chosen)
    parameters, overrides = split_overrides(design.crisis, chosen)
    crisis = with_overrides(design.crisis, overrides)
    model = build_model(crisis, design.start, design.seed, replicate, parameters)
    outcome = model.run_to_end()
    return ToldRun(crisis, model.start_time, tuple(model.ledger), outcome)


def tell_history(run: ToldRun) -> list[Line]:
    """Return what the script says had happened before the run was free."""
    narrator = run.narrator
    before = run.ledger[: run.begins]
    return [Line(e.time, 0, narrator.sentence(e)) for e in before if e.kind == Kind.SCRIPT]


def tell(run: ToldRun) -> list[Chapter]:
    """Return the story of a run from its start, in chapters: one for each strike that landed."""
    return list(_Teller(run).chapters())


class _Teller:
    """Walks the tree of causes of one run."""

    def __init__(self, run: ToldRun) -> None:
        self.run = run
        self.narrator = run.narrator
        self.effects: dict[int | None, list[Event]] = defaultdict(list)
        for event in run.ledger[run.begins :]:
            if event.kind != Kind.END:  # told last, whatever it was that ended the run
                self.effects[event.cause].append(event)
        heads = [event for event in run.ledger[run.begins :] if self._is_head(event)]
        self.number = {event.id: i for i, event in enumerate(heads, start=1)}

    def _is_head(self, event: Event) -> bool:
        return event.kind == Kind.IMPACT and event.values.get("wave", 0.0) == 0.0

    def chapters(self) -> Iterator[Chapter]:
        for id, number in self.number.items():
            head = self.run.ledger[id]
            title = f"{number}. {self.narrator.sentence(head)}"
            news = self._news_of(head)
            yield Chapter(f"{title}{news}", head.time, tuple(self._below(head, 0)))
        ends = [e for e in self.run.ledger[self.run.begins :] if e.kind == Kind.END]
        loose = [*self._loose(), *self._told(ends, 0)]
        if loose:
            yield Chapter("What went on besides", None, tuple(loose))

    def _loose(self) -> Iterator[Line]:
        """Yield what no strike of this run led to: late news of earlier ones."""
        free = [
            event
            for cause, events in self.effects.items()
            if cause is None or cause < self.run.begins
            for event in events
            if event.kind != Kind.START and event.id not in self.number
        ]
        free += [e for e in self.effects[self.run.begins] if e.id not in self.number]
        yield from self._told(sorted(free, key=lambda event: event.id), 0)

    def _below(self, event: Event, depth: int) -> Iterator[Line]:
        effects = []
        for effect in self.effects[event.id]:
            # News is told with what it is news of; what it led to moves up in its place.
            effects += self.effects[effect.id] if effect.kind == Kind.NEWS else [effect]
        yield from self._told(sorted(effects, key=lambda effect: effect.id), depth)

    def _told(self, events: Sequence[Event], depth: int) -> Iterator[Line]:
        batches = self._batches(events)
        for event in events:
            if event.id in self.number:
                number = self.number[event.id]
                yield Line(event.time, depth, f"→ {number}. {self.narrator.sentence(event)}")
                continue
            batch = batches.get(event.id)
            if batch is not None:
                if batch[0] is event:
                    yield self._batch_line(batch, depth)
                continue
            text = f"{self.narrator.sentence(event)}{self._news_of(event)}"
            details = explain_decision(event, self.narrator) if event.kind == Kind.DECISION else ()
            yield Line(event.time, depth, text, tuple(details))
            yield from self._below(event, min(depth + 1, DEEPEST))

    def _news_of(self, event: Event) -> str:
        """Return whose deliberation an event broke into."""
        news = [effect for effect in self.effects[event.id] if effect.kind == Kind.NEWS]
        return "".join(f"; {self.narrator.sentence(effect)}" for effect in news)

    def _batches(self, events: Sequence[Event]) -> dict[int, list[Event]]:
        """Return the batches of injuries with one cause and no consequence, by event."""
        by_cause: dict[int | None, list[Event]] = defaultdict(list)
        for event in events:
            if event.kind == Kind.INJURIES and not self.effects[event.id]:
                by_cause[event.cause].append(event)
        return {event.id: batch for batch in by_cause.values() if len(batch) > 1 for event in batch}

    def _batch_line(self, batch: Sequence[Event], depth: int) -> Line:
        total = int(sum(event.values.get("injuries", 0.0) for event in batch))
        place, until = self.narrator.place(batch[0].place), self.narrator.date(batch[-1].time)
        text = f"{several(total, 'injured', 'injured')} came to light at {place} until {until}"
        return Line(batch[0].time, depth, text)


def short_story(design: Design, replicate: int) -> list[tuple[str, str]]:
    """Return the main events of one run, the first and last ones if it has many.

    Each is a pair: date and hour in columns, and a sentence.
    """
    run = run_once(design, replicate)
    lines = highlights(run, run.begins)
    if len(lines) <= SHORT:
        return lines
    half = SHORT // 2
    gap = several(len(lines) - SHORT + 1, "more event")
    return [*lines[:half], ("", f"... {gap} ..."), *lines[half - SHORT + 1 :]]


def highlights(run: ToldRun, since: int) -> list[tuple[str, str]]:
    """Return the main events of a run from an event on: date and hour, and a sentence."""
    narrator = run.narrator
    return [
        (stamp(narrator, event.time), narrator.sentence(event))
        for event in run.ledger[since:]
        if event.kind in HIGHLIGHTS
    ]


def stamp(narrator: Narrator, time_h: float) -> str:
    """Return date and hour of the run, in columns."""
    return f"{narrator.date(time_h):>12}  {hours(time_h):>8}"


def hours(time_h: float) -> str:
    """Return an hour of the run: "T+12.5"."""
    return f"T{time_h:+.1f}"


def event_records(run: ToldRun) -> list[dict[str, Any]]:
    """Return the events of a run as plain values for JSON, each with its date and sentence."""
    narrator = run.narrator
    return [
        {
            **event._asdict(),
            "values": dict(event.values),
            "date": narrator.moment(event.time).isoformat(timespec="minutes"),
            "text": narrator.sentence(event),
        }
        for event in run.ledger
    ]
