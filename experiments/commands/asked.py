"""Makes a design of what a user asked: an experiment file, options beside it, or options alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.designs.axis import parse_axis
from experiments.designs.design import Design, Until, make_design, parse_settings
from experiments.designs.experiment_file import (
    Experiment,
    is_experiment,
    load_experiment,
    plain_settings,
    shipped_experiments,
)
from experiments.designs.points import read_table
from sim.crisis_file import crisis_text, load_crisis
from sim.errors import InputError

MOST = 10_000
"""Replicates at a point at which --until-ci gives up, unless the user names another number."""


@dataclass(frozen=True)
class Asked:
    """The options of a command that makes runs; None or empty where the user gave none."""

    vary: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    start: str | None = None
    replicates: int | None = None
    seed: int | None = None
    kind: str | None = None
    samples: int | None = None
    table: Path | None = None
    until_ci: float | None = None
    metric: str | None = None
    most: int | None = None


def experiment_of(name: str) -> Experiment:
    """Return the experiment of a name or in a file, or one that asks nothing but a crisis.

    Raises:
        InputError: if the file is neither an experiment nor a crisis.
    """
    path = shipped_experiments().get(name, Path(name))
    if path.suffix == ".toml" and path.is_file() and is_experiment(path):
        return load_experiment(path)
    return Experiment(crisis=name)


def design_of(name: str, asked: Asked) -> Design:
    """Return the design of an experiment file or a crisis; options go before what the file says.

    Raises:
        InputError: if anything asked does not fit.
    """
    file = experiment_of(name)
    crisis = _beside(name, file.crisis)
    table = asked.table or (Path(_beside(name, file.table)) if file.table is not None else None)
    axes = tuple(parse_axis(text) for text in asked.vary) or file.axes()
    overridden = parse_settings(list(asked.settings))
    names = {key for key, _ in overridden}
    kept = tuple((key, value) for key, value in plain_settings(file.set) if key not in names)
    return make_design(
        load_crisis(crisis),
        start=asked.start if asked.start is not None else file.start,
        seed=asked.seed if asked.seed is not None else file.seed,
        replicates=asked.replicates if asked.replicates is not None else file.replicates,
        kind=asked.kind or file.design,
        samples=asked.samples if asked.samples is not None else file.samples,
        axes=axes,
        fixed=(*kept, *overridden),
        table=read_table(table) if table is not None else None,
        until=_until(file, asked),
        crisis_text=crisis_text(crisis),
        metrics=file.metrics,
    )


def _beside(name: str, other: str) -> str:
    """Return a path that a file names, seen from that file; names and other paths as they are."""
    here = Path(name).parent / other
    return str(here) if other != name and Path(other).suffix and here.exists() else other


def _until(file: Experiment, asked: Asked) -> Until | None:
    if asked.until_ci is None and file.until is None:
        for option, value in (("--metric", asked.metric), ("--most", asked.most)):
            if value is not None:
                raise InputError(f"{option} {value} says nothing without --until-ci")
        return None
    given = file.until
    ci = asked.until_ci if asked.until_ci is not None else given.ci if given is not None else 0.0
    metric = asked.metric or (given.metric if given is not None else file.metrics[0])
    return Until(metric, ci, asked.most or (given.most if given is not None else MOST))
