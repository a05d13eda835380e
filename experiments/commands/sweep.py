"""`offramp sweep`: a designed experiment, one row a run, to a file that survives interruptions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.commands.asked import Asked, design_of
from experiments.commands.options import Address, ExecutorName, Set, Start, Vary, Workers
from experiments.commands.terminal import note, progress_bar, shown
from experiments.designs.design import Design
from experiments.executors.dispatch import executor_named
from experiments.retry import retry_failed
from experiments.storage.schema import failures_path
from experiments.sweep import INTERRUPTED, SweepReport, default_path, run_sweep
from experiments.words import duration, listed, number, several

LONG_S = 600.0
"""Seconds from which a sweep's time is told in hours or days."""
SHOWN = 3
"""Points whose intervals stayed too wide that are named one by one."""


def sweep(
    crisis: Annotated[
        str,
        typer.Argument(
            metavar="EXPERIMENT|CRISIS", help="An experiment or a crisis, by name or file."
        ),
    ],
    vary: Vary = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            "--replicates", "-n", min=1, metavar="N", help="Runs at each point; 100 by default."
        ),
    ] = None,
    start: Start = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, metavar="S", help="Seed of all luck; default 0.")
    ] = None,
    settings: Set = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--design",
            metavar="KIND",
            help="grid, one-at-a-time, latin-hypercube, sobol, saltelli or morris.",
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option("--samples", min=1, metavar="N", help="Points of a sampled design."),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--table", metavar="FILE.csv", help="A CSV of points: a column a key."),
    ] = None,
    until_ci: Annotated[
        float | None,
        typer.Option(
            "--until-ci",
            metavar="W",
            help="Add runs at each point until the 95 % interval of the metric is ± W at most.",
        ),
    ] = None,
    metric: Annotated[
        str | None,
        typer.Option("--metric", metavar="NAME", help="Metric of --until-ci, such as off_ramp."),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option("--most", min=1, metavar="N", help="Runs a point at which it gives up."),
    ] = None,
    executor: ExecutorName = None,
    workers: Workers = None,
    address: Address = None,
    retry: Annotated[
        bool, typer.Option("--retry-failed", help="Make the runs again that failed before.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="A .csv file or .parquet folder; default results/..."
        ),
    ] = None,
) -> None:
    """Run a crisis over a design and write one row a run; the same command goes on if stopped.

    Replicate k has the same luck at every point of the design, so runs pair across points.
    """
    asked = Asked(
        tuple(vary or ()),
        tuple(settings or ()),
        start,
        replicates,
        seed,
        kind,
        samples,
        table,
        until_ci,
        metric,
        most,
    )
    design = design_of(crisis, asked)
    path = out if out is not None else default_path(design)
    if out is None:
        path.parent.mkdir(exist_ok=True)
    chosen = executor_named(executor, design.size, workers=workers, address=address)
    act = retry_failed if retry else run_sweep
    with progress_bar(design.crisis.name, design.size) as moved:
        report = act(design, path, executor=chosen, progress=moved)
    _tell(design, report)


def _tell(design: Design, report: SweepReport) -> None:
    path = shown(report.path)
    made = report.rows + report.failures - report.kept
    if report.stopped:
        told = "Interrupted" if report.stopped == INTERRUPTED else f"Stopped: {report.stopped}"
        note(
            f"{told}: {several(report.rows, 'row')} of {report.size:,} kept in {path}; "
            "the same command goes on from there"
        )
    elif made == 0:
        print(f"{several(report.rows, 'row')} stand in {path}: this sweep was made before")
    else:
        points = several(len(design.points), "point")
        each = f" x {design.replicates}" if design.until is None else ""
        before = f", {report.kept:,} of them made before" if report.kept else ""
        took = _took(report.wall_seconds)
        print(f"{several(report.rows, 'row')} ({points}{each}) {took}{before}: {path}")
    if not report.stopped:
        _tell_narrow(design, report)
        print(f"Look at it with: {_next(design, path)}")
    if report.failures:
        note(
            f"{several(report.failures, 'run')} failed; see {shown(failures_path(report.path))}, "
            "and repeat the command with --retry-failed to make them again"
        )
    if report.stopped == INTERRUPTED:
        raise typer.Exit(130)
    if report.failures or report.stopped:
        raise typer.Exit(1)


def _next(design: Design, path: str) -> str:
    """Return the command that answers what a design of this kind asks."""
    if design.kind in ("saltelli", "morris"):
        return f"offramp sensitivity {path} --out page.html"
    if design.kind in ("latin-hypercube", "sobol"):
        return f"offramp discover {path} --out page.html"
    by = f" --by {design.varied[0]}" if len(design.varied) > 1 else ""
    return f"offramp compare {path}{by} --out page.html"


def _took(seconds: float) -> str:
    return f"in {seconds:.1f} s" if seconds < LONG_S else f"in {duration(seconds / 3600.0)}"


def _tell_narrow(design: Design, report: SweepReport) -> None:
    """Say what was done to narrow intervals, and where it was not enough."""
    until = design.until
    if until is None:
        return
    asked = f"{until.metric} ± {until.ci:g}"
    if not report.short:
        print(f"Every point reached {asked}")
        return
    wide = [_wide(entry) for entry in report.short[:SHOWN]]
    more = len(report.short) - len(wide)
    rest = [several(more, "more point")] if more else []
    note(f"{several(len(report.short), 'point')} did not reach {asked}: {listed([*wide, *rest])}")


def _wide(entry: dict[str, Any]) -> str:
    where = ", ".join(f"{key}={value}" for key, value in entry["at"].items()) or "the crisis"
    _, low, high = entry["interval"]
    width = "unknown" if low is None else f"± {number((high - low) / 2.0)}"
    return f"{where} ({width} after {several(entry['runs'], 'run')})"
