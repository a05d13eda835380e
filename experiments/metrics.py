"""What is asked of a run: one number, or yes or no, by name.

Shares: every outcome by its name, where ``war`` includes regional ones, and ``severe`` (a peak at
rung 8 or above). Numbers: every numeric column of results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from agents.rules.ladder import OVERMATCH
from sim.outcome import OUTCOMES, Outcome


@dataclass(frozen=True)
class Metric:
    """One quantity of a run; ``share`` if it is yes (1) or no (0).

    ``of`` reads it from a row of results, by column; None where the run has no such number.
    """

    name: str
    share: bool
    of: Callable[[Mapping[str, Any]], float | None]


def _outcome(*names: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda row: float(row["outcome"] in names)


def _column(name: str) -> Callable[[Mapping[str, Any]], float | None]:
    def read(row: Mapping[str, Any]) -> float | None:
        value = row[name]
        return None if value is None or value == "" else float(value)

    return read


def _numeric() -> list[str]:
    hints = get_type_hints(Outcome)
    return [name for name, kind in hints.items() if kind is not str and str not in get_args(kind)]


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *(Metric(name, True, _outcome(name)) for name in OUTCOMES),
        Metric("war", True, _outcome("war", "regional_war")),
        Metric("severe", True, lambda row: float(float(row["peak_rung"]) >= OVERMATCH)),
        *(Metric(name, False, _column(name)) for name in _numeric()),
    )
}
"""Every metric by name."""
