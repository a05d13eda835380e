"""Paired ensembles: two settings of one crisis on the same luck, and the difference they make."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from statistics import mean, stdev
from typing import Any, NamedTuple

from agents.event import Event, Kind
from sim import CrisisModel, Outcome, load_crisis
from sim.keys import split_overrides, with_overrides

SEED = 7
FORCE = {"covert", "proxy", "calibrated", "proportional", "overmatch", "cities", "war"}


class Run(NamedTuple):
    """What is kept of one run."""

    outcome: Outcome
    ledger: tuple[Event, ...]


class Effect(NamedTuple):
    """Mean paired difference (changed minus base) with its 95 % interval, and both means."""

    base: float
    changed: float
    low: float
    high: float


Metric = Callable[[Run], float]
Settings = Mapping[str, float]


@cache
def _kept(_crisis: str, _start: str | None, _settings: tuple[tuple[str, float], ...]) -> list[Run]:
    """Return the runs so far of one ensemble, to which later tests may add."""
    return []


def ensemble(
    start: str | None = None,
    settings: Settings | None = None,
    runs: int = 80,
    crisis: str = "january-2020",
) -> tuple[Run, ...]:
    """Return ``runs`` runs of a crisis under some settings, remembered for the session."""
    settings = settings or {}
    kept = _kept(crisis, start, tuple(sorted(settings.items())))
    loaded = load_crisis(crisis)
    whole, own = split_overrides(loaded, settings)
    parameters: dict[str, Any] = dict(whole)
    loaded = with_overrides(loaded, own)
    for replicate in range(len(kept), runs):
        model = CrisisModel(crisis=loaded, start=start, replicate=replicate, rng=SEED, **parameters)
        kept.append(Run(model.run_to_end(), tuple(model.ledger)))
    return tuple(kept[:runs])


def share(metric: Metric, runs: tuple[Run, ...]) -> float:
    """Return the mean of a metric over runs."""
    return mean(metric(run) for run in runs)


def paired(
    start: str | None,
    base: Settings,
    changed: Settings,
    metric: Metric,
    runs: int = 80,
    crisis: str = "january-2020",
) -> Effect:
    """Return the effect of changing ``base`` to ``base | changed`` on a metric."""
    before = [metric(run) for run in ensemble(start, base, runs, crisis)]
    after = [metric(run) for run in ensemble(start, {**base, **changed}, runs, crisis)]
    differences = [b - a for a, b in zip(before, after, strict=True)]
    middle, margin = mean(differences), 1.96 * stdev(differences) / math.sqrt(runs)
    return Effect(mean(before), mean(after), middle - margin, middle + margin)


# Metrics


def by_force(run: Run) -> float:
    """Return 1 if whoever was struck at the start answered by force."""
    return float(run.outcome.first_response in FORCE)


def responds(*names: str) -> Metric:
    """Return a metric: 1 if the first response is one of these."""
    return lambda run: float(run.outcome.first_response in names)


def ends(*names: str) -> Metric:
    """Return a metric: 1 if the run ends in one of these outcomes."""
    return lambda run: float(run.outcome.outcome in names)


def column(name: str) -> Metric:
    """Return a metric: the value of an outcome's column, 0 where it never happened."""
    return lambda run: float(getattr(run.outcome, name) or 0.0)


def first_decision(run: Run, actor: str, target: str) -> Event | None:
    """Return an actor's first free decision about a rival."""
    for event in run.ledger:
        if (event.kind, event.actor, event.target) == (Kind.DECISION, actor, target):
            return event
    return None


def at_decision(actor: str, target: str, value: str) -> Metric:
    """Return a metric: a value of an actor's first decision about a rival, 0 without one."""

    def metric(run: Run) -> float:
        event = first_decision(run, actor, target)
        return 0.0 if event is None else float(event.values[value])

    return metric


def unassessed(run: Run) -> float:
    """Return 1 if the US first decided about Iran while harm was still unassessed."""
    event = first_decision(run, "usa", "iran")
    return float(event is not None and event.values["unassessed"] > 0.0)


def struck_outside_iraq(run: Run) -> float:
    """Return 1 if Iran's first own strike hit a base outside Iraq."""
    gulf = {"al-dhafra", "al-udeid", "arifjan"}
    places = [e.place for e in run.ledger if e.kind == Kind.LAUNCH and e.actor == "iran"]
    return float(bool(places) and places[0] in gulf)
