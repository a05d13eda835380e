"""`offramp sweep`: a designed experiment, one row a run, to a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.options import CrisisName, Replicates, Seed, Set, Start, Workers
from experiments.commands.terminal import note, progress_bar, shown
from experiments.designs.design import Design, make_design, parse_axis, parse_settings
from experiments.executors.chunk import default_workers
from experiments.storage.schema import failures_path
from experiments.sweep import SweepReport, default_path, run_sweep
from experiments.words import duration, several
from sim.crisis_file import load_crisis
from sim.errors import InputError

LONG_S = 600.0
"""Seconds from which a sweep's time is told in hours or days."""

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="KEY=LOW:HIGH:STEPS",
        help="Vary one number over a range, or over a list KEY=A,B,C; may be repeated.",
    ),
]


def sweep(
    crisis: CrisisName,
    vary: Vary = None,
    replicates: Replicates = 100,
    start: Start = None,
    seed: Seed = 0,
    settings: Set = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.csv", help="Where to write; by default results/..."),
    ] = None,
) -> None:
    """Run a crisis over a grid of settings and write one row a run.

    Replicate k has the same luck at every point of the grid, so runs pair across points.
    """
    design = make_design(
        load_crisis(crisis),
        start=start,
        seed=seed,
        replicates=replicates,
        axes=tuple(parse_axis(text) for text in vary or []),
        fixed=parse_settings(settings or []),
    )
    path = out or _default_out(design)
    with progress_bar(design.crisis.name, design.size) as moved:
        report = run_sweep(
            design, path, workers=workers or default_workers(design.size), progress=moved
        )
    _tell(design, report)


def _default_out(design: Design) -> Path:
    path = default_path(design)
    if path.exists():
        raise InputError(
            f"{path} exists: this very sweep was run before; use it, or name another --out"
        )
    path.parent.mkdir(exist_ok=True)
    return path


def _tell(design: Design, report: SweepReport) -> None:
    path = shown(report.path)
    took = (
        f"in {report.wall_seconds:.1f} s"
        if report.wall_seconds < LONG_S
        else (f"in {duration(report.wall_seconds / 3600.0)}")
    )
    if report.stopped:
        note(
            f"Interrupted: {several(report.rows, 'row')} of {design.size:,} kept in {path}; "
            "its manifest says complete: false"
        )
    else:
        points = several(design.points, "point")
        print(f"{several(report.rows, 'row')} ({points} x {design.replicates}) {took}: {path}")
        print(f"Look at it with: offramp compare {path} --out page.html")
    if report.failures:
        note(f"{several(report.failures, 'run')} failed; see {shown(failures_path(report.path))}")
        raise typer.Exit(1)
    if report.stopped:
        raise typer.Exit(130)
