"""Harm held unanswered against a rival (model section 4)."""


def decayed(grievance: float, elapsed_h: float, half_life_h: float) -> float:
    """Return grievance after ``elapsed_h`` hours without an answer."""
    return float(grievance * 0.5 ** (elapsed_h / half_life_h))


def accrued(grievance: float, harm: float, share: float, perception_gain: float) -> float:
    """Return grievance after harm that is blamed on the rival by ``share``."""
    return grievance + harm * share * perception_gain


def settled(grievance: float, display: float, reaction_gain: float) -> float:
    """Return grievance after an answer of this display.

    An actor with a reaction gain above 1 wants more display per rung of grievance, so each rung of
    display settles less.
    """
    if reaction_gain <= 0.0:
        return 0.0
    return max(0.0, grievance - display / reaction_gain)


def spiral_gain(
    reaction_a: float, perception_a: float, reaction_b: float, perception_b: float
) -> float:
    """Return the factor by which a full round of answers grows; above 1 the spiral diverges.

    Richardson's arms race in grievances: each side answers ``reaction`` per unit of harm felt, and
    feels ``perception`` per unit of harm done (Richardson 1960; Jervis 1976).
    """
    return reaction_a * perception_a * reaction_b * perception_b
