"""`offramp run`: one ensemble, its outcomes with intervals, and one run as an example."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.commands import run_page
from experiments.commands.options import (
    AsJson,
    CrisisName,
    Replicates,
    Seed,
    Set,
    Start,
    Workers,
)
from experiments.commands.terminal import note, progress_bar, screen, shown
from experiments.designs.design import Design, make_design, parse_settings
from experiments.executors.chunk import Executor, Finished
from experiments.executors.dispatch import executor_named, run_design
from experiments.explanation.event_file import EventFile
from experiments.interrupt import interrupts
from experiments.run_summary import summarize_runs, summary_record
from experiments.words import several
from sim.crisis import Crisis
from sim.crisis_file import load_crisis
from sim.keys import list_keys
from sim.outcome import Outcome


@dataclass
class Ensemble:
    """The runs of one point that have ended, and what went wrong with the others."""

    design: Design
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    failures: list[Finished] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def done(self) -> int:
        """Runs that have ended, failed ones included."""
        return len(self.outcomes) + len(self.failures)

    @property
    def runs_per_s(self) -> float:
        """Runs per second of wall time, the start of worker processes included."""
        return self.done / self.seconds if self.seconds else 0.0


def run(
    crisis: CrisisName,
    start: Start = None,
    replicates: Replicates = 200,
    seed: Seed = 0,
    settings: Set = None,
    events: Annotated[
        Path | None,
        typer.Option("--events", metavar="FILE.csv", help="Write all events of all runs."),
    ] = None,
    workers: Workers = None,
    keys: Annotated[
        bool, typer.Option("--list-keys", help="List what --set and --vary can change.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a crisis many times and show how often it ends in which way."""
    loaded = load_crisis(crisis)
    if keys:
        _list_keys(loaded, as_json)
        return
    design = make_design(
        loaded,
        start=start,
        seed=seed,
        replicates=replicates,
        fixed=parse_settings(settings or []),
    )
    executor = executor_named(None, design.size, workers=workers)
    ensemble = run_all(design, executor, events)
    if as_json:
        print(json.dumps(_record(ensemble), indent=1))
    elif ensemble.outcomes:
        run_page.show(screen(), crisis, settings or [], ensemble)
    if events is not None:
        note(f"Events are in {shown(events)}")
    _finish(ensemble)


def run_all(design: Design, executor: Executor, events: Path | None = None) -> Ensemble:
    """Run a design into memory, its events into a file if one is named.

    Raises:
        InputError: if the file exists or cannot be written.
    """
    ensemble = Ensemble(design)
    begun = time.perf_counter()
    with ExitStack() as stack:
        file = None if events is None else stack.enter_context(EventFile(events))
        interrupted = stack.enter_context(interrupts())
        moved = stack.enter_context(progress_bar(design.crisis.name, design.size))
        keep = file is not None
        stack.enter_context(closing(executor))
        runs = run_design(design, executor=executor, keep_events=keep, stop=interrupted)
        for finished in _counted(runs, moved):
            if finished.outcome is None:
                ensemble.failures.append(finished)
                continue
            ensemble.outcomes[finished.spec.replicate] = finished.outcome
            if file is not None:
                file.write(finished.spec.replicate, finished.events)
    ensemble.seconds = time.perf_counter() - begun
    return ensemble


def _counted(runs: Iterator[Finished], moved: Any) -> Iterator[Finished]:
    for done, finished in enumerate(runs, start=1):
        moved(done, None)
        yield finished


def _record(ensemble: Ensemble) -> dict[str, Any]:
    design = ensemble.design
    return {
        "crisis": design.crisis.name,
        "start": design.start,
        "seed": design.seed,
        "replicates": len(ensemble.outcomes),
        **summary_record(summarize_runs(list(ensemble.outcomes.values()))),
        "runs_per_s": round(ensemble.runs_per_s, 1),
    }


def _finish(ensemble: Ensemble) -> None:
    """Tell of failures and interrupts, and leave with their exit code."""
    if ensemble.failures:
        first = ensemble.failures[0]
        note(
            f"{several(len(ensemble.failures), 'run')} failed; the first was replicate "
            f"{first.spec.replicate}: {first.error}\n{first.trace}"
        )
        raise typer.Exit(1)
    if ensemble.done < ensemble.design.size:
        note(f"Interrupted after {ensemble.done} of {several(ensemble.design.size, 'run')}")
        raise typer.Exit(130)


def _list_keys(crisis: Crisis, as_json: bool) -> None:
    keys = list_keys(crisis)
    if as_json:
        print(json.dumps([run_page.key_record(key) for key in keys], indent=1, ensure_ascii=False))
    else:
        run_page.show_keys(screen(), keys)
