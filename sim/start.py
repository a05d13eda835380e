"""From which moment of its script a crisis runs free."""

from __future__ import annotations

from sim.crisis import Crisis, Strike
from sim.errors import InputError, nearest


def starting_label(crisis: Crisis, start: str | None) -> str:
    """Return the label a run starts from, the crisis' own by default.

    Raises `InputError` if it is not the label of a strike in the script.
    """
    if start is None:
        return crisis.default_start
    strikes = [entry.label for entry in crisis.script if isinstance(entry, Strike)]
    if start not in strikes:
        raise InputError(
            f"crisis '{crisis.name}': start '{start}' is not a strike of its script, "
            f"expected one of {', '.join(strikes)}{nearest(start, strikes)}"
        )
    return start
