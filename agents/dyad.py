"""What one actor holds and believes against one rival."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.attack import Attack
from agents.event import Event
from agents.rules import beliefs, grievance


@dataclass(slots=True)
class Dyad:
    """One actor's account with one rival.

    Beliefs are log odds; grievance is in rungs as of ``as_of`` (hours) and decays from then.
    ``threatened`` is the rung the rival has threatened, ``threat`` and ``vow`` the rungs this actor
    has, ``breach`` how far the rival has crossed its red line since the last answer.
    """

    rival: str
    half_life_h: float
    kept: float
    dropped: float
    resolved: float
    concluded: float = -1.1
    level: float = 0.0
    as_of: float = 0.0
    unassessed: dict[int, float] = field(default_factory=dict)
    threatened: int = 0
    threat: int = 0
    vow: int = 0
    breach: float = 0.0
    exchanges: int = 0
    provocation: Attack | None = None
    offer: Event | None = None
    said_concluded: bool = False
    last_struck: float = float("-inf")

    def grievance(self, now: float) -> float:
        """Return assessed, unanswered grievance in rungs."""
        return grievance.decayed(self.level, now - self.as_of, self.half_life_h)

    def pending(self) -> float:
        """Return the expected harm that is still unassessed, in rungs."""
        return sum(self.unassessed.values()) if self.unassessed else 0.0

    def standing(self, now: float) -> float:
        """Return grievance with unassessed harm at its expectation."""
        return self.grievance(now) + self.pending()

    def accrue(self, now: float, harm: float, share: float, perception_gain: float) -> None:
        """Add assessed harm blamed on the rival by ``share``."""
        self.level = grievance.accrued(self.grievance(now), harm, share, perception_gain)
        self.as_of = now

    def settle(self, now: float, display: float, reaction_gain: float) -> None:
        """Credit an answer of this display."""
        self.level = grievance.settled(self.grievance(now), display, reaction_gain)
        self.as_of = now

    def credibility(self) -> float:
        """Return the belief in [0, 1] that the rival keeps its threats."""
        return beliefs.credibility(self.kept, self.dropped)

    def belief_concluded(self, now: float) -> float:
        """Return the belief in [0, 1] that the rival has concluded; grows with quiet."""
        odds = self.concluded
        if self.last_struck > float("-inf"):
            odds = beliefs.quiet_odds(odds, max(0.0, now - self.last_struck))
        return beliefs.probability(odds)

    @property
    def commitment(self) -> int:
        """The rung this actor is bound to: a threat once its line is crossed, or a vow."""
        return max(self.threat if self.breach > 0.0 else 0, self.vow)
