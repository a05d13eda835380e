"""What an ensemble at one parameter point adds up to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.statistics import Interval, quantiles, shares, summary
from sim.outcome import OUTCOMES, Outcome

NO_RESPONSE = "none"
"""How a run without any response is named."""

type Quantiles = dict[str, float | None]


@dataclass(frozen=True)
class RunSummary:
    """Shares with 95 % intervals, and quantiles; times in hours, deaths in people."""

    runs: int
    outcomes: dict[str, Interval]
    first_response: dict[str, Interval]
    latency_h: Quantiles
    peak_rung: Quantiles
    deaths: Quantiles
    time_to_quiet_h: Quantiles
    quiet_runs: int


def summarize_runs(runs: Sequence[Outcome]) -> RunSummary:
    """Return the summary of finished runs; first responses come most frequent first."""
    responses = [run.first_response or NO_RESPONSE for run in runs]
    ranked = [name for name, _ in sorted(Counter(responses).items(), key=lambda x: (-x[1], x[0]))]
    quiet = [run.time_to_quiet_h for run in runs if run.time_to_quiet_h is not None]
    return RunSummary(
        runs=len(runs),
        outcomes=shares([run.outcome for run in runs], OUTCOMES),
        first_response=shares(responses, ranked),
        latency_h=quantiles(
            run.first_response_latency_h for run in runs if run.first_response_latency_h is not None
        ),
        peak_rung=summary(run.peak_rung for run in runs),
        deaths=summary(run.deaths for run in runs),
        time_to_quiet_h=summary(quiet),
        quiet_runs=len(quiet),
    )


def summary_record(found: RunSummary) -> dict[str, Any]:
    """Return a summary as plain values for JSON."""
    return {
        "outcomes": {name: _record(share) for name, share in found.outcomes.items()},
        "first_response": {name: _record(share) for name, share in found.first_response.items()},
        "first_response_latency_h": found.latency_h,
        "peak_rung": found.peak_rung,
        "deaths": found.deaths,
        "time_to_quiet_h": found.time_to_quiet_h,
    }


def _record(share: Interval) -> dict[str, float | None]:
    known = None if math.isnan(share.value) else share.value
    return {"share": known, "low": share.low, "high": share.high}
