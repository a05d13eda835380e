"""The escalation ladder in numbers, and the display of an act (model section 3).

Display is what the actor's own audience credits; harm (see `harm`) is what the other's resents.
"""

STAND_DOWN = 0
PROTEST = 1
SANCTIONS = 2
SHOW_OF_FORCE = 3
COVERT = 4
PROXY = 5
CALIBRATED = 6
PROPORTIONAL = 7
OVERMATCH = 8
CITIES = 9
WAR = 10

RUNG_NAMES = (
    "stand_down",
    "protest",
    "sanctions",
    "show_of_force",
    "covert",
    "proxy",
    "calibrated",
    "proportional",
    "overmatch",
    "cities",
    "war",
)
"""Names of the rungs 0 to 10, in order."""

FORCE = COVERT
"""The lowest rung at which force is used."""

SOFT_VISIBILITY = 0.6
"""Visibility of measures below force: words and moves are credited less than deeds (judgement)."""
OVERT_VISIBILITY = 1.0
PROXY_VISIBILITY = 0.4
COVERT_VISIBILITY = 0.25


def commensurability(
    class_likeness: float, same_place: float, own_forces: float, mirrored: float
) -> float:
    """Return m in [0, 1]: how far an answer matches the provocation.

    Each argument in [0, 1]: likeness of target class, same country, own forces used where own
    forces were struck, and mirrored timing and symbols.
    """
    return 0.4 * class_likeness + 0.3 * same_place + 0.2 * own_forces + 0.1 * mirrored


def display(rung: float, visibility: float, weight: float, match: float, discount: float) -> float:
    """Return the display of an act, in rungs.

    ``visibility`` is 1 for overt acts and less for deniable ones, ``weight`` scales
    commensurability ``match``, ``discount`` is below 1 for a strike that was warned of.
    """
    return rung * visibility * (1.0 + weight * match) * discount


def kahn_thresholds(rung: int) -> int:
    """Return how many thresholds between Kahn's groups of rungs lie at or below ``rung``.

    Subcrisis to traditional crisis at 1, to intense crisis ("nuclear war is thinkable" left out) at
    3, to bizarre or limited force at 6, to exemplary central attacks at 8, to general war at 10;
    Kahn (1965), On Escalation. The mapping is explained in docs/odd.md.
    """
    return (rung >= 1) + (rung >= 3) + (rung >= 6) + (rung >= 8) + (rung >= 10)


def rivera_severity(rung: int) -> float:
    """Return the escalation score of one act after Rivera et al. (2024), Table 1.

    De-escalation -2, posturing 4, non-violent escalation 12, violent escalation 28; the top score
    60 is theirs for nuclear use and stands here for full-scale war.
    """
    if rung >= WAR:
        return 60.0
    if rung >= PROXY:
        return 28.0
    if rung in (SANCTIONS, COVERT):
        return 12.0
    return 4.0 if rung >= PROTEST else -2.0
