"""How a run ended: a flat record, read off the ledger (model section 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.event import Event, Kind
from agents.rules import ladder
from sim.crisis import Crisis

OUTCOMES = ("absorbed", "off_ramp", "tit_for_tat", "escalation", "war", "regional_war")


class Outcome(NamedTuple):
    """One run's result; times in hours from the start of the run, None where it never happened.

    Sides: the *initiator* struck first in the crisis' trigger, the *target* was struck. Deaths and
    injuries count from the start of the run, the starting strike included.
    """

    outcome: str
    first_response: str
    first_responder: str
    first_response_latency_h: float | None
    exchanges: int
    peak_rung: int
    time_to_quiet_h: float | None
    deaths: int
    initiator_military_deaths: int
    initiator_civilian_deaths: int
    target_military_deaths: int
    target_civilian_deaths: int
    other_deaths: int
    initiator_injuries: int
    target_injuries: int
    offers_made: int
    offers_believed: int
    offers_accepted: int
    messages_in_time: int
    messages_late: int
    messages_lost: int
    warnings_in_time: int
    warnings_late: int
    recalls: int
    threats_made: int
    threats_kept: int
    threats_dropped: int
    proxy_attacks: int
    hosts_lost: int
    allies_joined: int
    accidents: int
    reopened: int
    rivera_severity: float
    kahn_thresholds: int
    events: int


@dataclass(slots=True)
class _Tally:
    """What is counted while the ledger is read once."""

    counts: Counter[str] = field(default_factory=Counter)
    launches: list[Event] = field(default_factory=list)
    measures: list[Event] = field(default_factory=list)
    limited_answers: int = 0
    severe: bool = False
    wars: list[Event] = field(default_factory=list)
    severity: float = 0.0
    quiet_since: float | None = None
    start: Event | None = None
    peak: int = 0


def summarize(ledger: Sequence[Event], crisis: Crisis, start: str) -> Outcome:
    """Return the record of a run; ``start`` is the label it was free from."""
    tally = _read(ledger, crisis, start)
    response = _first_response(ledger, tally, crisis.event(start).victim)
    counts = tally.counts
    return Outcome(
        outcome=_classify(tally),
        first_response=response[0],
        first_responder=response[1],
        first_response_latency_h=response[2],
        exchanges=sum(event.rung != ladder.PROXY for event in tally.launches)
        + counts["ordered_proxy"],
        peak_rung=tally.peak,
        time_to_quiet_h=tally.quiet_since,
        deaths=counts["deaths"],
        initiator_military_deaths=counts["initiator_military"],
        initiator_civilian_deaths=counts["initiator_civilian"],
        target_military_deaths=counts["target_military"],
        target_civilian_deaths=counts["target_civilian"],
        other_deaths=counts["other_deaths"],
        initiator_injuries=counts["initiator_injuries"],
        target_injuries=counts["target_injuries"],
        offers_made=counts[Kind.CONCLUSION],
        offers_believed=counts["believed"],
        offers_accepted=counts[Kind.OFFER_ACCEPTED],
        messages_in_time=counts["messages_in_time"],
        messages_late=counts["messages_late"],
        messages_lost=counts[Kind.MESSAGE_LOST],
        warnings_in_time=counts["warnings_in_time"],
        warnings_late=counts["warnings_late"],
        recalls=counts[Kind.RECALL],
        threats_made=counts[Kind.THREAT],
        threats_kept=counts[Kind.THREAT_KEPT],
        threats_dropped=counts[Kind.THREAT_DROPPED],
        proxy_attacks=sum(event.rung == ladder.PROXY for event in tally.launches),
        hosts_lost=counts["hosts_lost"],
        allies_joined=counts[Kind.JOIN],
        accidents=counts[Kind.ACCIDENT],
        reopened=counts[Kind.REOPENED],
        rivera_severity=tally.severity,
        kahn_thresholds=ladder.kahn_thresholds(tally.peak),
        events=len(ledger),
    )


def _read(ledger: Sequence[Event], crisis: Crisis, start: str) -> _Tally:
    """Read the ledger once; what precedes the start counts only where it answers the trigger."""
    tally = _Tally()
    trigger = crisis.event(crisis.trigger)
    if trigger.time > crisis.event(start).time:
        trigger = crisis.event(start)
    triggered = False
    sides = {trigger.actor: "initiator", trigger.sponsor: "initiator", trigger.victim: "target"}
    for event in ledger:
        if event.kind == Kind.START:
            tally.start = event
        if event.kind in (Kind.START, Kind.SCRIPT) and event.label == trigger.label:
            triggered = True
        elif tally.start is None or (event.kind == Kind.IMPACT and event.time == 0.0):
            _count_history(tally, event, ledger, triggered, trigger.label)
        if tally.start is not None:
            _count(tally, event, sides, ledger)
    return tally


def _count_history(
    tally: _Tally, event: Event, ledger: Sequence[Event], triggered: bool, trigger: str
) -> None:
    """Count a scripted strike that answered the trigger before the run was free."""
    if event.kind != Kind.IMPACT or not triggered or event.cause is None:
        return
    if ledger[event.cause].label != trigger:
        tally.limited_answers += (event.rung or 0) > ladder.PROXY
        tally.severe = tally.severe or (event.rung or 0) >= ladder.OVERMATCH


def _count(
    tally: _Tally, event: Event, sides: dict[str, str], ledger: Sequence[Event]
) -> None:
    """Count one event after the start."""
    counts, kind, rung = tally.counts, event.kind, event.rung or 0
    counts[kind] += 1
    if kind in (Kind.IMPACT, Kind.ACCIDENT):
        _count_losses(counts, event, sides)
    elif kind == Kind.LAUNCH:
        tally.launches.append(event)
        tally.peak = max(tally.peak, rung)
        tally.severity += ladder.rivera_severity(rung)
        ordered = rung == ladder.PROXY and _ordered(event, ledger)
        counts["ordered_proxy"] += ordered
        tally.limited_answers += rung != ladder.PROXY or ordered
        tally.severe = tally.severe or rung >= ladder.OVERMATCH
        if rung == ladder.CALIBRATED:
            counts["warned"] += 1
    elif kind == Kind.MEASURE:
        tally.measures.append(event)
        tally.peak = max(tally.peak, rung)
        tally.severity += ladder.rivera_severity(rung)
    elif kind in (Kind.WAR, Kind.JOIN):
        tally.wars.append(event)
        tally.peak = ladder.WAR
        tally.severity += ladder.rivera_severity(ladder.WAR)
    elif kind == Kind.OFFER_ACCEPTED:
        tally.severity += ladder.rivera_severity(ladder.STAND_DOWN)
    elif kind == Kind.DECISION and event.values.get("offered"):
        counts["believed"] += event.values["belief_concluded"] >= 0.5
    elif kind == Kind.DELIVERY:
        word = "late" if event.values.get("late") else "in_time"
        if event.label == Kind.MESSAGE or "final" in event.values:
            counts[f"{event.label}s_{word}"] += 1
    elif kind == Kind.CONSENT:
        counts["hosts_lost"] += event.label == "withdrawn"
    elif kind == Kind.QUIET:
        tally.quiet_since = event.values["since_h"]
    elif kind == Kind.REOPENED:
        tally.quiet_since = None


def _count_losses(counts: Counter[str], event: Event, sides: dict[str, str]) -> None:
    military = int(event.values.get("deaths", 0))
    civilian = int(event.values.get("civilian_deaths", 0))
    bystanders = int(event.values.get("bystanders", 0))
    side = sides.get(event.target)
    counts["deaths"] += military + civilian + bystanders
    counts["other_deaths"] += bystanders
    if side is None:
        counts["other_deaths"] += military + civilian
        return
    counts[f"{side}_military"] += military
    counts[f"{side}_civilian"] += civilian
    counts[f"{side}_injuries"] += int(event.values.get("injuries", 0))


def _ordered(launch: Event, ledger: Sequence[Event]) -> bool:
    """Return whether a proxy's launch carried out an order."""
    return launch.cause is not None and ledger[launch.cause].kind == Kind.OBEDIENCE


def unasked(launch: Event, ledger: Sequence[Event]) -> bool:
    """Return whether a launch was a proxy's own, without an order."""
    return launch.rung == ladder.PROXY and not _ordered(launch, ledger)


def _commander(launch: Event, ledger: Sequence[Event]) -> str:
    """Return who decided on a launch: the patron of an ordered proxy, else who fired."""
    if _ordered(launch, ledger) and launch.cause is not None:
        return ledger[launch.cause].target
    return launch.actor


def _first_response(
    ledger: Sequence[Event], tally: _Tally, victim: str
) -> tuple[str, str, float | None]:
    """Return (option, actor, hours) of the first act of whoever was struck at the start."""
    acts = [
        *((e, e.actor) for e in tally.measures),
        *((e, e.actor) for e in tally.wars if e.kind == Kind.WAR),
        *((e, _commander(e, ledger)) for e in tally.launches),
    ]
    own = [event for event, actor in acts if actor == victim and event.time >= 0.0]
    if not own:
        return ladder.RUNG_NAMES[ladder.STAND_DOWN], victim, None
    first = min(own, key=lambda event: event.id)
    return ladder.RUNG_NAMES[first.rung or 0], victim, first.time


def _classify(tally: _Tally) -> str:
    """Return the outcome by model section 8."""
    if tally.wars:
        states = {name for event in tally.wars for name in (event.actor, event.target)}
        return "regional_war" if len(states) >= 3 else "war"
    if tally.severe:
        return "escalation"
    if tally.limited_answers == 0:
        return "absorbed"
    return "off_ramp" if tally.quiet_since is not None else "tit_for_tat"
