"""What the ledger of a run tells of any moment: what was under way, and how relations stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from agents.event import Event, Kind


class Clock(StrEnum):
    """What takes time in a crisis; these race each other."""

    DELIBERATION = "deliberation"
    PREPARATION = "preparation"
    FLIGHT = "strike in flight"
    ASSESSMENT = "assessment"
    MESSAGE = "message"


@dataclass(frozen=True)
class Span:
    """Something that takes time: whose, toward whom, from when to when in hours.

    ``ends`` is None while the ledger does not tell the end yet. ``closed_by`` is the event that
    ended it; ``recallable_until`` the hour from which a preparation cannot be called back.
    """

    clock: Clock
    actor: str
    target: str
    begins: float
    ends: float | None
    opened_by: Event
    closed_by: Event | None = None
    recallable_until: float | None = None

    def is_under_way(self, time: float) -> bool:
        """Return whether this was going on at an hour of the run."""
        return self.begins <= time and (self.ends is None or time < self.ends)


_ENDS_DELIBERATION = (Kind.DECISION,)
_ENDS_PREPARATION = (Kind.LAUNCH, Kind.RECALL, Kind.ORDER)
_ARRIVALS = (Kind.DELIVERY, Kind.MESSAGE_LOST)


def spans(ledger: Sequence[Event]) -> list[Span]:
    """Return all that took time in a run, in the order in which it began."""
    effects: dict[int, list[Event]] = {}
    for event in ledger:
        if event.cause is not None:
            effects.setdefault(event.cause, []).append(event)
    return [span for event in ledger for span in _opened(event, ledger, effects)]


def _opened(
    event: Event, ledger: Sequence[Event], effects: dict[int, list[Event]]
) -> Iterator[Span]:
    after = effects.get(event.id, [])
    match event.kind:
        case Kind.DELIBERATION:
            end = _next_of(event, ledger, _ENDS_DELIBERATION)
            yield _span(Clock.DELIBERATION, event, end)
        case Kind.PREPARATION:
            end = _next_of(event, ledger, _ENDS_PREPARATION)
            launch = event.values.get("launch_at_h")
            if end is None or end.time > event.time:
                yield _span(Clock.PREPARATION, event, end, launch)
        case Kind.LAUNCH:
            waves = [effect for effect in after if effect.kind == Kind.IMPACT]
            yield _span(Clock.FLIGHT, event, waves[-1] if waves else None)
        case Kind.IMPACT if event.values.get("wave", 0.0) == 0.0:
            found = [effect for effect in after if effect.kind == Kind.ASSESSMENT]
            span = _span(Clock.ASSESSMENT, event, found[0] if found else None)
            if found or event.time >= 0.0:
                yield _turned(span)
        case Kind.MESSAGE | Kind.WARNING:
            ends = [effect for effect in after if effect.kind in _ARRIVALS]
            yield _span(Clock.MESSAGE, event, ends[0] if ends else None)


def _next_of(event: Event, ledger: Sequence[Event], kinds: Iterable[Kind]) -> Event | None:
    """Return the next event of these kinds by the same actor, or the war that overtook it."""
    wanted = tuple(kinds)
    for later in ledger[event.id + 1 :]:
        if later.actor == event.actor and later.kind in wanted:
            return later
        if later.kind in (Kind.WAR, Kind.JOIN) and event.actor in (later.actor, later.target):
            return later
    return None


def _span(clock: Clock, event: Event, end: Event | None, launch: float | None = None) -> Span:
    ends = None if end is None else end.time
    return Span(clock, event.actor, event.target, event.time, ends, event, end, launch)


def _turned(span: Span) -> Span:
    """Return an assessment as that of the victim."""
    return Span(
        span.clock, span.target, span.actor, span.begins, span.ends, span.opened_by, span.closed_by
    )


@dataclass
class Standing:
    """How relations stood at a moment, where they were not as at the start of the script.

    ``channels`` maps two actors, in the order of their names, to open, closed or chilled;
    ``consents`` maps (host, guest) to what the host allowed; ``silent`` carry no messages.
    """

    wars: set[tuple[str, str]] = field(default_factory=set)
    channels: dict[tuple[str, str], str] = field(default_factory=dict)
    consents: dict[tuple[str, str], str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    @property
    def at_war(self) -> set[str]:
        """Everyone at war with anyone."""
        return {actor for pair in self.wars for actor in pair}


def standing(ledger: Sequence[Event], time: float) -> Standing:
    """Return how relations stood at an hour of the run, its events included."""
    found = Standing()
    for event in ledger:
        if event.time > time:
            break
        first, second = sorted((event.actor, event.target))
        match event.kind:
            case Kind.WAR | Kind.JOIN:
                found.wars.add((first, second))
            case Kind.CHANNEL:
                found.channels[first, second] = event.label
            case Kind.CONSENT:
                found.consents[event.actor, event.target] = event.label
            case Kind.WITHDRAWAL:
                found.silent.add(event.actor)
    return found


def chain(ledger: Sequence[Event], event: Event) -> list[Event]:
    """Return what led to an event, the first cause first, and the event itself last."""
    links = [event]
    while links[-1].cause is not None:
        links.append(ledger[links[-1].cause])
    return links[::-1]


def notable_end(ledger: Sequence[Event]) -> float:
    """Return the hour of the last event that is more than a late count or the end itself."""
    late = (Kind.INJURIES, Kind.QUIET, Kind.END)
    return max((event.time for event in ledger if event.kind not in late), default=0.0)
