"""What is asked of a run: one number, or yes or no, by name.

Shares: every outcome by its name, where ``war`` includes regional ones, and ``severe`` (a peak at
rung 8 or above). Numbers: every numeric column of results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from agents.rules.ladder import OVERMATCH
from sim.errors import InputError, nearest
from sim.outcome import OUTCOMES, Outcome

if TYPE_CHECKING:
    import pandas as pd

OUTCOME_PHRASES = {
    "absorbed": "were absorbed without an answer",
    "off_ramp": "ended on the off-ramp",
    "tit_for_tat": "ended in tit for tat",
    "escalation": "ended in escalation",
    "war": "ended in war",
    "regional_war": "ended in regional war",
}
TITLES = {
    "first_response_latency_h": "time to the first response",
    "time_to_quiet_h": "time to quiet",
    "ended_h": "time to the end of the run",
    "peak_rung": "highest rung",
    "rivera_severity": "severity on Rivera's scale",
    "kahn_thresholds": "Kahn's thresholds crossed",
}
"""What columns are called in a sentence where their name with blanks does not say it."""


@dataclass(frozen=True)
class Metric:
    """One quantity of a run; ``share`` if it is yes (1) or no (0).

    A share holds for runs with one of the ``outcomes``, or with ``column`` at ``at_least`` or
    above; a number stands in its ``column``. ``title`` names it, and ``phrase`` says of runs that
    a share holds.
    """

    name: str
    share: bool
    title: str
    phrase: str
    outcomes: tuple[str, ...] = ()
    column: str = ""
    at_least: float = 0.0

    @property
    def hours(self) -> bool:
        """Whether it is a time in hours."""
        return self.name.endswith("_h")

    def of(self, row: Mapping[str, Any]) -> float | None:
        """Read it from a row of results, by column; None where the run has no such number."""
        if self.outcomes:
            return float(row["outcome"] in self.outcomes)
        value = row[self.column]
        if value is None or value == "":
            return None
        return float(float(value) >= self.at_least) if self.share else float(value)

    def values(self, frame: pd.DataFrame) -> pd.Series:
        """Read it from results, one float a run; NaN where the run has no such number."""
        if self.outcomes:
            return frame["outcome"].isin(self.outcomes).astype(float)
        column = frame[self.column].astype(float)
        return (column >= self.at_least).astype(float) if self.share else column


def _numeric() -> list[str]:
    hints = get_type_hints(Outcome)
    return [name for name, kind in hints.items() if kind is not str and str not in get_args(kind)]


def _share(name: str, title: str, outcomes: tuple[str, ...]) -> Metric:
    return Metric(name, True, title, OUTCOME_PHRASES[name], outcomes)


def outcome_metric(outcome: str) -> Metric:
    """Return the share of one outcome alone: wars without regional ones, unlike `METRICS`."""
    return _share(outcome, outcome.replace("_", " "), (outcome,))


def _number(name: str) -> Metric:
    title = TITLES.get(name, name.replace("_", " "))
    return Metric(name, False, title, title, column=name)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *(outcome_metric(outcome) for outcome in OUTCOMES),
        _share("off_ramp", "off-ramps", ("off_ramp",)),
        _share("war", "wars, regional ones included", ("war", "regional_war")),
        Metric(
            "severe",
            True,
            "peaks at rung 8 or above",
            "peaked at rung 8 or above",
            column="peak_rung",
            at_least=OVERMATCH,
        ),
        *(_number(name) for name in _numeric()),
    )
}
"""Every metric by name."""
USUAL = ("off_ramp", "war", "deaths", "first_response_latency_h")
"""Metrics that are shown where nobody names others."""


def metrics_named(names: Sequence[str]) -> tuple[Metric, ...]:
    """Return metrics by name, each once.

    Raises:
        InputError: for an unknown name.
    """
    for name in names:
        if name not in METRICS:
            raise InputError(
                f"'{name}' is no metric, expected one of {', '.join(METRICS)}"
                f"{nearest(name, list(METRICS))}"
            )
    return tuple(METRICS[name] for name in dict.fromkeys(names))
