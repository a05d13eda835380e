"""Measures: python -m experiments.bench [speed|runners|memory|pairing|page] [--json]."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from experiments.bench import page, pairing, runners, speed

app = typer.Typer(add_completion=False, invoke_without_command=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


class Part(StrEnum):
    """What can be measured."""

    SPEED = "speed"
    RUNNERS = "runners"
    MEMORY = "memory"
    PAIRING = "pairing"
    PAGE = "page"


@app.command()
def measure(
    parts: Annotated[list[Part] | None, typer.Argument(help="What to measure; all parts.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="Single runs to time.")] = 200,
    batch: Annotated[int, typer.Option(min=5, help="Runs that each runner makes.")] = 2000,
    rounds: Annotated[int, typer.Option(min=1, help="Times that each runner is timed.")] = 1,
    pairs: Annotated[int, typer.Option(min=2, help="Pairs of runs.")] = 1000,
    rows: Annotated[int, typer.Option(min=1, help="Rows of the largest sweep.")] = 100_000,
    as_json: AsJson = False,
) -> None:
    """Measure speed, runners side by side, memory, what pairing saves, and the browser page."""
    chosen = parts or list(Part)
    found: dict[str, Any] = {}
    for part in chosen:
        if part == Part.SPEED:
            found[part] = speed.measure(runs)
        elif part == Part.RUNNERS:
            found[part] = runners.measure(batch, rounds)
        elif part == Part.MEMORY:
            found[part] = runners.memory((rows // 50, rows // 10, rows))
        elif part == Part.PAGE:
            found[part] = page.measure()
        else:
            found[part] = pairing.measure(pairs)
        if not as_json:
            Console(highlight=False).print(_table(part, found[part]), "")
    if as_json:
        print(json.dumps(found, indent=1))


def _table(part: Part, found: dict[str, Any]) -> Table:
    if part == Part.SPEED:
        return speed.table(found)
    if part == Part.RUNNERS:
        return runners.table(found)
    if part == Part.PAGE:
        return page.table(found)
    if part == Part.PAIRING:
        return pairing.table(found)
    shown = Table("Rows of a sweep", "MB at most", box=None, header_style="bold", pad_edge=False)
    for rows, megabytes in found.items():
        shown.add_row(f"{int(rows):,}", f"{megabytes:.0f}")
    return shown


@app.command(hidden=True)
def drive(name: str, runs: int, path: Path) -> None:
    """Make runs with one runner, to be watched from outside."""
    runners.RUNNERS[name](runs, path)


if __name__ == "__main__":
    app()
