"""What one actor believes of another, in odds form (model section 5).

A belief is kept as log odds. Evidence multiplies the odds by a likelihood ratio.
"""

import math

from agents.rules.chance import negative_binomial_log_probability
from agents.rules.mathematics import clip, sigmoid

LIMIT = 4.6
"""Largest log odds, probability 0.99: no belief becomes certain."""
QUIET_RATE = 0.01
"""Growth of the odds that a rival has concluded, per hour of quiet."""
WAVE_RATIO = 0.4
"""Likelihood ratio of a further wave or attributed proxy attack for "it has concluded"."""
STATEMENT_SCALE = 4.0
"""Evidence of a public conclusion, per unit of the speaker's audience cost."""
MESSAGE_SCALE = 2.0
"""Evidence of a private message of restraint, at full fidelity and trust."""


def log_odds(probability: float) -> float:
    """Return log odds of a probability, limited to ±`LIMIT`."""
    p = clip(probability, 1e-9, 1.0 - 1e-9)
    return clip(math.log(p / (1.0 - p)), -LIMIT, LIMIT)


def probability(odds: float) -> float:
    """Return the probability of log odds."""
    return sigmoid(odds)


def updated(odds: float, ratio: float) -> float:
    """Return log odds after evidence with this likelihood ratio (> 0)."""
    return clip(odds + math.log(ratio), -LIMIT, LIMIT)


def statement_ratio(audience_cost: float, weight: float) -> float:
    """Return the likelihood ratio of a public conclusion.

    A statement binds only as far as the speaker's own audience would punish breaking it: with no
    audience cost talk is cheap and the ratio is exactly 1 (Fearon 1994; Crawford & Sobel 1982).
    """
    return 1.0 + STATEMENT_SCALE * weight * audience_cost


def message_ratio(fidelity: float, trust: float, weight: float) -> float:
    """Return the likelihood ratio of a private message, by what the channel keeps of it."""
    return 1.0 + MESSAGE_SCALE * weight * fidelity * trust


def casualties_ratio(
    deaths: int, mean_if_restrained: float, mean_if_not: float, dispersion: float, weight: float
) -> float:
    """Return P(deaths | restraint meant) / P(deaths | not meant), to the power ``weight``.

    Both probabilities are those of the casualty model itself; the ratio is kept within e^±3, since
    an observer doubts the model too.
    """
    if mean_if_restrained <= 0.0 or mean_if_not <= 0.0:
        return 1.0
    restrained = negative_binomial_log_probability(deaths, mean_if_restrained, dispersion)
    unrestrained = negative_binomial_log_probability(deaths, mean_if_not, dispersion)
    return math.exp(weight * clip(restrained - unrestrained, -3.0, 3.0))


def quiet_odds(odds: float, hours: float) -> float:
    """Return log odds of "it has concluded" after hours in which nothing happened."""
    return clip(odds + QUIET_RATE * hours, -LIMIT, LIMIT)


def resolve_ratio(rung: int) -> float:
    """Return the likelihood ratio of "resolved" from an act; a stand-down lowers it."""
    return 0.7 if rung == 0 else 1.0 + 0.12 * rung


def credibility(kept: float, dropped: float) -> float:
    """Return the mean of the Beta belief that a threat will be kept."""
    return kept / (kept + dropped)


def credibility_counts(mean: float) -> tuple[float, float]:
    """Return Beta pseudo-counts (kept, dropped) of a mean, worth four observed threats."""
    p = clip(mean, 0.01, 0.99)
    return 4.0 * p, 4.0 * (1.0 - p)
