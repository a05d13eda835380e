"""Domestic audiences: red lines, hawks and doves, stress (model section 6)."""

import math

BREACH_FLOOR = 0.08
"""Breach of a red line by an attack that killed nobody."""
BREACH_FULL_DEATHS = 100.0
"""Deaths at which a red line is wholly breached."""
STRESS_HALF_LIFE_H = 72.0
"""Time in which the shock of fresh own deaths halves."""


def breach(deaths: float, sensitivity: float) -> float:
    """Return how far an attack crossed a red line, in [floor, 1]: a slope in log deaths."""
    span = math.log10(1.0 + sensitivity * deaths) / math.log10(1.0 + BREACH_FULL_DEATHS)
    return min(1.0, BREACH_FLOOR + (1.0 - BREACH_FLOOR) * span)


def stress(deaths: float, elapsed_h: float, scale: float) -> float:
    """Return the shock of own deaths after ``elapsed_h`` hours, about 1 for thirty fresh deaths."""
    return float(scale * math.log10(1.0 + deaths) / 1.5 * 0.5 ** (elapsed_h / STRESS_HALF_LIFE_H))


def hawk_share(base: float, shock: float) -> float:
    """Return the share that punishes backing down, raised by fresh deaths."""
    return min(1.0, base * (1.0 + 0.5 * shock))


def dove_share(base: float, own_blunders: float) -> float:
    """Return the share that punishes belligerence; each own accident raises it by a quarter."""
    return min(1.0, base * (1.0 + 0.25 * own_blunders))


def precision(base: float, shock: float) -> float:
    """Return the precision of choice under shock."""
    return base / (1.0 + 0.5 * shock)


def election_pressure(days_left: float, scale: float) -> float:
    """Return the factor on audience costs from an election ``days_left`` ahead; 1 without one.

    Rises from 1 a year ahead to 1.5 on the day (Gaubatz 1991 finds fewer wars begun late in a term;
    the form is a judgement). A negative number means that there is none.
    """
    if days_left < 0.0 or days_left > 365.0:
        return 1.0
    return 1.0 + scale * 0.5 * (1.0 - days_left / 365.0)
