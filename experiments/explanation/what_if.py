"""Two runs that share their luck and differ in a setting: where they part, and how each ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from agents.event import Event, Kind
from experiments.explanation.explain import ToldRun


@dataclass(frozen=True)
class Parting:
    """The first event in which two runs differ, None where one of them has ended."""

    index: int
    before: Event | None
    after: Event | None


def first_difference(base: ToldRun, other: ToldRun) -> Parting | None:
    """Return where two runs part in what happens, or None if the same happens in both.

    Decisions count as the same if the same was chosen, whatever the weights behind it.
    """
    for index, (before, after) in enumerate(zip_longest(base.ledger, other.ledger)):
        if before is None or after is None or _content(before) != _content(after):
            return Parting(index, before, after)
    return None


def first_other_choice(base: ToldRun, other: ToldRun) -> tuple[Event, Event] | None:
    """Return the first decisions of one actor that differ in what was chosen, or None."""
    mine, theirs = _decisions(base), _decisions(other)
    for actor in mine:
        for before, after in zip(mine[actor], theirs.get(actor, []), strict=False):
            if (before.target, before.rung) != (after.target, after.rung):
                return before, after
    return None


def _content(event: Event) -> tuple[object, ...]:
    told = () if event.kind == Kind.DECISION else tuple(sorted(event.values.items()))
    return (*event._replace(values={}, id=0), told)[1:]


def _decisions(run: ToldRun) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in run.ledger[run.begins :]:
        if event.kind == Kind.DECISION:
            found.setdefault(event.actor, []).append(event)
    return found
