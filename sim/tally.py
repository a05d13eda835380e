"""Read a ledger once and count what an outcome is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agents.event import Event, Kind
from agents.rules import ladder
from sim.crisis import Crisis

BELIEVED = 0.5
"""Belief that a rival has concluded from which its offer counts as believed."""


def ordered(launch: Event, ledger: Sequence[Event]) -> bool:
    """Return whether a proxy's launch carried out an order."""
    return launch.cause is not None and ledger[launch.cause].kind == Kind.OBEDIENCE


def unasked(launch: Event, ledger: Sequence[Event]) -> bool:
    """Return whether a launch was a proxy's own, without an order."""
    return launch.rung == ladder.PROXY and not ordered(launch, ledger)


def commander(act: Event, ledger: Sequence[Event]) -> str:
    """Return who decided on an act: the patron of an ordered proxy, else who acted."""
    if act.kind == Kind.LAUNCH and act.cause is not None and ordered(act, ledger):
        return ledger[act.cause].target
    return act.actor


@dataclass(slots=True)
class Tally:
    """What is counted; ``acts`` are launches, measures and declarations of war, in order."""

    ledger: Sequence[Event]
    sides: dict[str | None, str]
    counts: Counter[str] = field(default_factory=Counter)
    acts: list[Event] = field(default_factory=list)
    at_war: set[str] = field(default_factory=set)
    limited_answers: int = 0
    severe: bool = False
    severity: float = 0.0
    quiet_since: float | None = None
    peak: int = 0

    def history(self, impact: Event) -> None:
        """Count a scripted strike that answered the trigger before the run was free."""
        rung = impact.rung or 0
        self.limited_answers += rung > ladder.PROXY
        self.severe = self.severe or rung >= ladder.OVERMATCH

    def count(self, event: Event) -> None:
        """Count one event from the start on."""
        self.counts[event.kind] += 1
        reader = _READERS.get(event.kind)
        if reader is not None:
            reader(self, event)

    def _act(self, event: Event, rung: int) -> None:
        self.acts.append(event)
        self.peak = max(self.peak, rung)
        self.severity += ladder.rivera_severity(rung)

    def _launch(self, event: Event) -> None:
        rung = event.rung or 0
        self._act(event, rung)
        answer = not unasked(event, self.ledger)
        self.counts["exchanges"] += answer
        self.counts["proxy_attacks"] += rung == ladder.PROXY
        self.limited_answers += answer
        self.severe = self.severe or rung >= ladder.OVERMATCH

    def _measure(self, event: Event) -> None:
        self._act(event, event.rung or 0)

    def _war(self, event: Event) -> None:
        self._act(event, ladder.WAR)
        self.at_war.update((event.actor, event.target))

    def _losses(self, event: Event) -> None:
        military = int(event.values.get("deaths", 0))
        civilian = int(event.values.get("civilian_deaths", 0))
        bystanders = int(event.values.get("bystanders", 0))
        side = self.sides.get(event.target)
        self.counts["deaths"] += military + civilian + bystanders
        self.counts["other_deaths"] += bystanders
        if side is None:
            self.counts["other_deaths"] += military + civilian
            return
        self.counts[f"{side}_military"] += military
        self.counts[f"{side}_civilian"] += civilian
        self.counts[f"{side}_injuries"] += int(event.values.get("injuries", 0))

    def _accepted(self, _event: Event) -> None:
        self.severity += ladder.rivera_severity(ladder.STAND_DOWN)

    def _decision(self, event: Event) -> None:
        if event.values.get("offered"):
            self.counts["offers_believed"] += event.values["belief_concluded"] >= BELIEVED

    def _delivery(self, event: Event) -> None:
        if event.label == Kind.MESSAGE or "final" in event.values:
            word = "late" if event.values.get("late") else "in_time"
            self.counts[f"{event.label}s_{word}"] += 1

    def _consent(self, event: Event) -> None:
        self.counts["hosts_lost"] += event.label == "withdrawn"

    def _quiet(self, event: Event) -> None:
        self.quiet_since = event.values["since_h"]

    def _reopened(self, _event: Event) -> None:
        self.quiet_since = None


_READERS: dict[str, Callable[[Tally, Event], None]] = {
    Kind.IMPACT: Tally._losses,
    Kind.ACCIDENT: Tally._losses,
    Kind.LAUNCH: Tally._launch,
    Kind.MEASURE: Tally._measure,
    Kind.WAR: Tally._war,
    Kind.JOIN: Tally._war,
    Kind.OFFER_ACCEPTED: Tally._accepted,
    Kind.DECISION: Tally._decision,
    Kind.DELIVERY: Tally._delivery,
    Kind.CONSENT: Tally._consent,
    Kind.QUIET: Tally._quiet,
    Kind.REOPENED: Tally._reopened,
}


def take_stock(ledger: Sequence[Event], crisis: Crisis, start: str) -> Tally:
    """Return the counts of a run; what precedes the start counts where it answers the trigger.

    The trigger is the crisis' own, or the start strike if that came before it.
    """
    trigger = crisis.event(crisis.trigger)
    if trigger.time > crisis.event(start).time:
        trigger = crisis.event(start)
    sides = {trigger.actor: "initiator", trigger.sponsor: "initiator", trigger.victim: "target"}
    tally = Tally(ledger, sides)
    triggered = started = False
    for event in ledger:
        started = started or event.kind == Kind.START
        if event.kind == Kind.IMPACT and triggered and event.cause is not None:
            cause = ledger[event.cause]
            if cause.kind in (Kind.SCRIPT, Kind.START) and cause.label != trigger.label:
                tally.history(event)
        if event.kind in (Kind.START, Kind.SCRIPT) and event.label == trigger.label:
            triggered = True
        if started:
            tally.count(event)
    return tally
