"""Deaths, injuries and harm of an attack (model section 3)."""

import math

DISPERSION = 0.8
"""Dispersion of the negative binomial of deaths: most attacks kill few, some kill many."""
INJURIES_PER_ATTACK = (0.0, 0.0, 0.0, 0.0, 0.5, 4.0, 30.0, 40.0, 30.0, 400.0, 1000.0)
"""Expected injuries by rung at vulnerability 1; al-Asad 2020 (rung 6) had 110, most far fewer."""
LETHALITY = (0.0, 0.0, 0.0, 0.0, 0.1, 0.8, 6.0, 12.0, 10.0, 150.0, 300.0)
"""Expected deaths by rung at vulnerability 1, without a warning (judgement)."""
BASE_HARM = (0.0, 0.3, 0.8, 0.7, 1.0, 1.2, 1.8, 2.6, 4.0, 6.0, 10.0)
"""Harm by rung of an act that kills nobody, in rungs."""
WARNING_SHARE = 0.9
"""Share of deaths that a warning with unlimited lead avoids."""
WARNING_TIME_H = 1.0
"""Time constant of taking cover: al-Asad's garrison had dispersed within hours."""


def warning_protection(lead_h: float) -> float:
    """Return the share of expected deaths avoided by a warning ``lead_h`` hours before impact."""
    if lead_h <= 0.0:
        return 0.0
    return WARNING_SHARE * (1.0 - math.exp(-lead_h / WARNING_TIME_H))


def expected_deaths(rung: int, vulnerability: float, scale: float, lead_h: float) -> float:
    """Return expected deaths of an attack; ``scale`` multiplies the ladder's lethality."""
    return LETHALITY[rung] * vulnerability * scale * (1.0 - warning_protection(lead_h))


def expected_injuries(rung: int, vulnerability: float, scale: float) -> float:
    """Return expected injuries; cover saves lives from blast but little from concussion."""
    return INJURIES_PER_ATTACK[rung] * vulnerability * scale


def premium(leadership: bool, infrastructure: bool, civilian: bool, homeland: bool) -> float:
    """Return harm in rungs added by what is struck: 0 for military targets abroad.

    A strike on the victim's own territory weighs more than one on its forces abroad (a judgement;
    Israel and Iran struck each other's forces in third countries for decades before 2024).
    """
    return 2.5 * leadership + 0.8 * infrastructure + 1.5 * civilian + 1.5 * homeland


def civilian_share(leadership: bool, infrastructure: bool, civilian: bool) -> float:
    """Return the share of those killed who are civilians, by the class of the target."""
    return 0.1 + 0.1 * leadership + 0.4 * infrastructure + 0.9 * civilian


def harm(rung: int, premium: float, per_tenfold: float, military: float, civilian: float) -> float:
    """Return harm in rungs: a base by rung, then a slope in the logarithm of deaths.

    ``per_tenfold`` is what each tenfold of (1 + deaths) adds, for soldiers and civilians each on a
    slope of their own. Numbers of deaths may be expectations.
    """
    deaths = math.log10(1.0 + military) + math.log10(1.0 + civilian)
    return BASE_HARM[rung] + premium + per_tenfold * deaths


def threatened_harm(rung: int, per_tenfold: float, scale: float) -> float:
    """Return the harm in rungs that a threat of this rung promises: a strike on the homeland."""
    if rung <= 0:
        return 0.0
    deaths = LETHALITY[rung] * scale
    return harm(rung, premium(False, False, False, True), per_tenfold, deaths, 0.0)


def injury_harm(per_tenfold: float, injuries: float) -> float:
    """Return harm in rungs of injuries that surface late: a quarter of that of deaths."""
    return 0.25 * per_tenfold * math.log10(1.0 + injuries)


def class_likeness(first: int, second: int) -> float:
    """Return how alike two target classes are, in [0, 1].

    Classes: 0 military, 1 leadership, 2 infrastructure, 3 civilian. A commander is a military
    target in the eyes of the avenger, so military and leadership are close.
    """
    if first == second:
        return 1.0
    if first + second == 1:
        return 0.75
    return 0.3 if first + second == 5 else 0.0


def accident_probability(rung: int, scale: float) -> float:
    """Return the probability that an overt strike, or a night of alert, kills bystanders."""
    return min(1.0, 0.02 * scale * (1.0 + 0.5 * max(0, rung - 6)))
