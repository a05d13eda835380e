"""Elementary functions that the other rules share."""

import math


def sigmoid(x: float) -> float:
    """Return the logistic function of x; safe for any finite x."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-min(x, 700.0)))
    growth = math.exp(max(x, -700.0))
    return growth / (1.0 + growth)


def clip(x: float, low: float, high: float) -> float:
    """Return x limited to [low, high]."""
    return min(max(x, low), high)
