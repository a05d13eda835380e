"""`offramp discover`: where in the space of its keys a crisis turns to war."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands.options import AsJson, Data, Force, Images
from experiments.commands.terminal import note, screen, wrapped
from experiments.words import number, words

if TYPE_CHECKING:
    from experiments.discovery.boxes import Box, Judged, Limit
    from experiments.discovery.cases import Cases
    from experiments.discovery.tree import Leaf
    from experiments.discovery.worst import Worst

WIDTH = 100


def discover(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULT [RESULT ...]", help="Sweeps of one crisis.")
    ],
    metric: Annotated[
        str, typer.Option("--metric", metavar="NAME", help="What to look for, such as off_ramp.")
    ] = "war",
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", metavar="X", help="From which number on a run is a case."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PAGE.html", help="Write a page, too.")
    ] = None,
    data: Data = None,
    images: Images = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Find where wars gather: a region in words, a shallow tree, and the most escalatory runs."""
    from experiments.commands.pages import deliver
    from experiments.discovery.boxes import find_box
    from experiments.discovery.cases import read_cases
    from experiments.discovery.page import page_of
    from experiments.discovery.tree import grow
    from experiments.discovery.worst import worst_runs
    from experiments.metrics import metrics_named
    from experiments.pages.export import check_outputs

    check_outputs(out, data, images, force=force)
    cases = read_cases(results, metrics_named([metric])[0], threshold)
    box, leaves, worst = find_box(cases), grow(cases), worst_runs(cases)
    if as_json:
        print(json.dumps(_record(cases, box, leaves, worst), indent=1))
    else:
        _show(cases, box, leaves, worst)
    if out is not None or data is not None or images is not None:
        deliver(page_of(cases, box, leaves, worst), out, data, images)
    elif not as_json:
        for text in cases.notes:
            note(f"Note: {text}")


def _show(cases: Cases, box: Box | None, leaves: list[Leaf], worst: list[Worst]) -> None:
    from experiments.discovery import sentences

    _heading(f"Where runs {cases.happened}")
    _print(sentences.about_box(cases, box))
    _heading("The space as a tree")
    if len(leaves) > 1:
        for leaf in leaves:
            _print(sentences.about_leaf(leaf))
    else:
        _print(sentences.about_tree(cases, leaves))
    _heading("The most escalatory runs")
    for run in worst:
        row = run.row
        told = f"{words(str(row['outcome']))}, {number(float(row['deaths']))} deaths"
        print(f"{told}, peak rung {int(row['peak_rung'])}:\n  {run.command}")
    if told := sentences.about_commands(worst):
        _print(told)


def _heading(text: str) -> None:
    screen().print(f"\n[bold]{text}[/bold]")


def _print(text: str) -> None:
    for line in wrapped(text, min(WIDTH, screen().width)):
        print(line)


def _record(
    cases: Cases, box: Box | None, leaves: list[Leaf], worst: list[Worst]
) -> dict[str, Any]:
    from experiments.discovery import sentences
    from experiments.discovery.boxes import overall

    return {
        "metric": cases.metric.name,
        "case": cases.happened,
        "runs": len(cases.case),
        "points": cases.points,
        "overall": _judged(overall(cases)),
        "box": None if box is None else {"limits": _limits(box.limits), **_judged(box.judged)},
        "tree": [{"limits": _limits(leaf.limits), **_judged(leaf.judged)} for leaf in leaves],
        "worst": [{"run_key": run.row["run_key"], "command": run.command} for run in worst],
        "sentences": [sentences.about_box(cases, box), sentences.about_tree(cases, leaves)],
        "notes": cases.notes,
    }


def _limits(limits: tuple[Limit, ...]) -> dict[str, Any]:
    return {
        limit.key: list(limit.labels) if limit.labels else {"low": limit.low, "high": limit.high}
        for limit in limits
    }


def _judged(judged: Judged) -> dict[str, Any]:
    known = judged.runs > 0
    return {
        "runs": judged.runs,
        "density": judged.density._asdict() if known else None,
        "coverage": judged.coverage,
        "mass": judged.mass,
    }
