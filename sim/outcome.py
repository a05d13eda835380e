"""How a run ended: a flat record, read off the ledger (model section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agents.event import Event, Kind
from agents.rules import ladder
from sim.crisis import Crisis
from sim.tally import Tally, commander, take_stock

TWO_SIDES = 2
TIME_DIGITS = 2
"""Decimals of hours in ``acts`` and ``ended_h``."""
OUTCOMES = ("absorbed", "off_ramp", "tit_for_tat", "escalation", "war", "regional_war")


class Outcome(NamedTuple):
    """One run's result; times in hours from the start of the run, None where it never happened.

    Sides: the *initiator* struck first in the crisis' trigger, the *target* was struck. Deaths and
    injuries count from the start of the run, the starting strike included. ``acts`` are the acts
    with their hour and rung, "0:8 122.3:6", the starting strike first; the run ended
    at ``ended_h``.
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
    ended_h: float
    acts: str


def summarize(ledger: Sequence[Event], crisis: Crisis, start: str) -> Outcome:
    """Return the record of a run; ``start`` is the label it was free from."""
    tally = take_stock(ledger, crisis, start)
    response, latency = _first_response(ledger, tally, crisis.event(start).victim)
    counts = tally.counts
    return Outcome(
        outcome=_classify(tally),
        first_response=response,
        first_responder=crisis.event(start).victim,
        first_response_latency_h=latency,
        exchanges=counts["exchanges"],
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
        offers_believed=counts["offers_believed"],
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
        proxy_attacks=counts["proxy_attacks"],
        hosts_lost=counts["hosts_lost"],
        allies_joined=counts[Kind.JOIN],
        accidents=counts[Kind.ACCIDENT],
        reopened=counts[Kind.REOPENED],
        rivera_severity=tally.severity,
        kahn_thresholds=ladder.kahn_thresholds(tally.peak),
        events=len(ledger),
        ended_h=round(ledger[-1].time, TIME_DIGITS),
        acts=_acts(tally, crisis.event(start).rung),
    )


def _acts(tally: Tally, first: int) -> str:
    """Return hours and rungs of the starting strike and of every act that followed."""
    followed = (f" {round(act.time, TIME_DIGITS):g}:{act.rung or 0}" for act in tally.acts)
    return f"0:{first}{''.join(followed)}"


def _first_response(ledger: Sequence[Event], tally: Tally, victim: str) -> tuple[str, float | None]:
    """Return (option, hours) of the first act of whoever was struck at the start."""
    for event in tally.acts:
        if commander(event, ledger) == victim:
            return ladder.RUNG_NAMES[event.rung or 0], event.time
    return ladder.RUNG_NAMES[ladder.STAND_DOWN], None


def _classify(tally: Tally) -> str:
    """Return the outcome: war before escalation, escalation before what was limited."""
    if tally.at_war:
        return "regional_war" if len(tally.at_war) > TWO_SIDES else "war"
    if tally.severe:
        return "escalation"
    if tally.limited_answers == 0:
        return "absorbed"
    return "off_ramp" if tally.quiet_since is not None else "tit_for_tat"
