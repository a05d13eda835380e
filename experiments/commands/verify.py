"""`offramp verify`: are these results what this version of the model gives?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.options import Workers
from experiments.commands.terminal import note, progress_bar, shown
from experiments.executors.dispatch import executor_named
from experiments.verify import Verdict, verify
from experiments.words import several

MOST = 5
"""Cells that came out otherwise that are named one by one."""


def verify_results(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="Results of a sweep, .csv or .parquet.")
    ],
    runs: Annotated[
        int, typer.Option("--runs", "-k", min=1, metavar="K", help="Rows to make again.")
    ] = 20,
    seed: Annotated[
        int, typer.Option("--seed", min=0, metavar="S", help="Seed of the choice of rows.")
    ] = 0,
    workers: Workers = None,
) -> None:
    """Make rows of a result again, chosen at random, and compare them cell by cell."""
    executor = executor_named(None, runs, workers=workers)
    with progress_bar(shown(result), runs) as moved:
        verdict = verify(result, runs, seed, executor=executor, progress=moved)
    _tell(result, verdict)


def _tell(result: Path, verdict: Verdict) -> None:
    lines = {mismatch.line for mismatch in verdict.mismatches}
    held = verdict.checked - len(lines)
    print(
        f"{held} of {several(verdict.checked, 'row')} made again are as written in {shown(result)}"
    )
    for name, (then, now) in verdict.versions.items():
        note(f"Note: made with {name} {then}; this is {now}")
    for mismatch in verdict.mismatches[:MOST]:
        note(
            f"Row {mismatch.line}, {mismatch.column}: {mismatch.written!r} is written, "
            f"{mismatch.found!r} was found"
        )
    more = len(verdict.mismatches) - MOST
    if more > 0:
        note(f"and {several(more, 'more cell')} in {several(len(lines), 'row')}")
    if verdict.changed:
        note("The checksum is not that of the manifest: the file was changed after it was made")
    if not verdict.holds:
        raise typer.Exit(1)
