"""The record of one thing that happened, and the vocabulary of kinds.

Every event names the event that caused it, so that a run can be told along its chain of causes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

NO_VALUES: Mapping[str, float] = MappingProxyType({})


class Kind(StrEnum):
    """What an event is about; the comment tells who acts and whom it concerns."""

    SCRIPT = "script"  # something of the crisis file's script, told by its label
    START = "start"  # the run begins: everything before is pinned history
    # Choice
    DELIBERATION = "deliberation"  # actor begins to weigh an answer to target
    NEWS = "news"  # new information restarts a deliberation or reopens a choice
    DECISION = "decision"  # actor chose a rung against target; values hold every term
    PREPARATION = "preparation"  # an order is being carried out, still recallable
    RECALL = "recall"  # an order was called back before launch
    # Force
    LAUNCH = "launch"  # past recall
    IMPACT = "impact"  # one wave lands
    ACCIDENT = "accident"  # something unintended dies
    MEASURE = "measure"  # a rung below force: protest, sanctions, show of force
    # Knowledge of harm
    ASSESSMENT = "assessment"  # the victim knows its deaths
    REPORT = "report"  # the public is told
    INJURIES = "injuries"  # injuries that surface late
    ATTRIBUTION = "attribution"  # a covert or proxy attack is traced to a sponsor
    SILENCE = "silence"  # a traced attack is kept quiet
    # Words
    VOW = "vow"  # actor binds itself to answer target
    THREAT = "threat"  # conditional: a rung if target strikes again
    THREAT_KEPT = "threat_kept"
    THREAT_DROPPED = "threat_dropped"
    CLAIM = "claim"
    DENIAL = "denial"
    CONCLUSION = "conclusion"  # actor says in public that its answer is complete
    # Messages
    MESSAGE = "message"  # a private message sets out
    WARNING = "warning"  # a warning of a strike sets out
    DELIVERY = "delivery"  # a message or warning arrives
    MESSAGE_LOST = "message_lost"
    OFFER_ACCEPTED = "offer_accepted"
    # The alliance graph
    CHANNEL = "channel"  # a channel opens, closes or is chilled
    WITHDRAWAL = "withdrawal"  # an intermediary withdraws
    CONSENT = "consent"  # a host changes what it allows a guest
    ALLY_PRESSURE = "ally_pressure"  # an ally urges restraint or force
    # Proxies
    ORDER = "order"  # patron to proxy: strike or stand down
    OBEDIENCE = "obedience"  # proxy obeys or disobeys
    # War
    WAR = "war"
    JOIN = "join"
    # The crisis as a whole
    QUIET = "quiet"
    REOPENED = "reopened"
    END = "end"


class Event(NamedTuple):
    """One thing that happened: flat, immutable, numbered in the order of the ledger.

    ``time`` is in hours from the start of the run (negative for pinned history), ``rung`` is None
    where no rung is involved, ``cause`` is the id of the event that led to this one.
    """

    id: int
    time: float
    kind: str
    actor: str
    target: str = ""
    place: str = ""
    rung: int | None = None
    values: Mapping[str, float] = NO_VALUES
    label: str = ""
    cause: int | None = None
