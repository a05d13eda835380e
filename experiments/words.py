"""Names and numbers as people read them."""

from __future__ import annotations

import math

from experiments.statistics import Interval

OUTCOME_WORDS = {
    "absorbed": "absorbed",
    "off_ramp": "off-ramp",
    "tit_for_tat": "tit for tat",
    "escalation": "escalation",
    "war": "war",
    "regional_war": "regional war",
}
OUTCOME_MEANINGS = {
    "absorbed": "never answered by force",
    "off_ramp": "limited answer, then quiet",
    "tit_for_tat": "still exchanging at the end",
    "escalation": "heavy strikes, no war",
    "war": "full war between two",
    "regional_war": "three or more states at war",
}


MINUS = "\N{MINUS SIGN}"
FINE = 2.0
"""Per cent from either end below which whole numbers would read as certainty."""


def words(name: str) -> str:
    """Return an identifier as words: ``show_of_force`` is "show of force"."""
    return OUTCOME_WORDS.get(name, name.replace("_", " "))


def percent(share: float, digits: int = 0) -> str:
    """Return a share as per cent, "under 1 %" where rounding would hide that it is not nil."""
    if math.isnan(share):
        return "unknown"
    text = f"{100.0 * share:.{digits}f} %"
    if share > 0.0 and float(text.removesuffix(" %")) == 0.0:
        return f"under {10.0**-digits:g} %"
    return text


def percent_interval(interval: Interval) -> str:
    """Return the bounds of a share as per cent: "45 to 59 %", with decimals near nil and all."""
    low, high = 100.0 * interval.low, 100.0 * interval.high
    digits = int(high < FINE or low > 100.0 - FINE)
    ends = (f"{end:.{digits}f}".removesuffix(".0") for end in (low, high))
    return f"{' to '.join(ends)} %"


def duration(hours: float) -> str:
    """Return hours in the unit that people would use: 40 min, 5 h, 4.5 d."""
    for below, divisor, digits, unit in _UNITS:
        if abs(hours) < below:
            return f"{hours / divisor:.{digits}f}".removesuffix(".0") + f" {unit}"
    return "unknown"


_UNITS = (
    (1.0 / 6.0, 1.0 / 60.0, 1, "min"),
    (1.0, 1.0 / 60.0, 0, "min"),
    (10.0, 1.0, 1, "h"),
    (48.0, 1.0, 0, "h"),
    (math.inf, 24.0, 1, "d"),
)
"""Below how many hours which unit is used: its length in hours, its digits, its name."""
GROUPED = 1000.0
"""From here on numbers are whole and grouped by thousands."""


def number(value: float) -> str:
    """Return a number with as many digits as a reader needs, thousands apart."""
    if math.isnan(value):
        return "unknown"
    if abs(value) >= GROUPED or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def signed(value: float, amount: str) -> str:
    """Return an amount with the sign of its value: +3, −3, and 0 as 0."""
    if value == 0.0:
        return amount
    return f"{'+' if value > 0.0 else MINUS}{amount}"


def shown_value(value: float | str) -> str:
    """Return a setting's value as the user would write it."""
    return value if isinstance(value, str) else f"{value:g}"


def several(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 run", "200 runs"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: list[str]) -> str:
    """Return names as a list in words: "a, b and c"."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last
