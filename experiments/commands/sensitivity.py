"""`offramp sensitivity`: which keys matter, from a sweep of a saltelli or morris design."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from experiments.commands.options import AsJson, Data, Force, Images, Metrics
from experiments.commands.terminal import screen, wrapped
from experiments.words import number, percent_interval

if TYPE_CHECKING:
    from experiments.sensitivity.indices import Analysis, Influence
    from experiments.statistics import Interval


def sensitivity(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="A sweep with --design saltelli or morris.")
    ],
    metrics: Metrics = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PAGE.html", help="Write a page, too.")
    ] = None,
    data: Data = None,
    images: Images = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Tell which keys matter and how much: Sobol' indices or Morris' effects, with intervals."""
    from experiments.commands.pages import deliver
    from experiments.metrics import metrics_named
    from experiments.pages.export import check_outputs
    from experiments.sensitivity.indices import analyse
    from experiments.sensitivity.page import page_of
    from experiments.sensitivity.sampled import default_metrics, read_sampled
    from experiments.storage.manifest import read_manifest

    check_outputs(out, data, images, force=force)
    names = metrics or default_metrics(read_manifest(result))
    analyses = [analyse(one) for one in read_sampled(result, metrics_named(names))]
    if as_json:
        print(json.dumps([_record(analysis) for analysis in analyses], indent=1))
    else:
        for analysis in analyses:
            _show(analysis)
    if out is not None or data is not None or images is not None:
        deliver(page_of(analyses), out, data, images)


def _show(analysis: Analysis) -> None:
    from experiments.sensitivity import sentences

    console = screen()
    title = analysis.sampled.metric.title
    console.print(f"\n[bold]{title[:1].upper() + title[1:]}[/bold]")
    if analysis.influences:
        console.print(_table(analysis))
    for text in sentences.about(analysis):
        for line in wrapped(text, min(100, console.width)):
            console.print(line, soft_wrap=True)


def _table(analysis: Analysis) -> Table:
    if analysis.influences[0].first is not None:
        heads = ("Key", "alone", "95 % interval", "in total", "95 % interval")
    else:
        heads = ("Key", "mean absolute effect", "95 % interval", "mean effect", "spread")
    table = Table(*heads, box=None, header_style="bold", pad_edge=False)
    for one in analysis.influences:
        table.add_row(one.key, *_cells(one))
    return table


def _cells(one: Influence) -> list[str]:
    if one.first is not None:
        return [cell for part in (one.first, one.total) for cell in _share(part)]
    assert one.mean is not None
    assert one.spread is not None
    low, high = (number(end) for end in one.total[1:])
    return [number(one.total.value), f"{low} to {high}", number(one.mean), number(one.spread)]


def _share(found: Interval) -> tuple[str, str]:
    return f"{round(100.0 * found.value):d} %", percent_interval(found)


def _record(analysis: Analysis) -> dict[str, Any]:
    from experiments.sensitivity import sentences

    sampled = analysis.sampled
    return {
        "metric": sampled.metric.name,
        "design": sampled.design.kind,
        "samples": sampled.design.samples,
        "replicates": sampled.design.replicates,
        "luck": sampled.luck,
        "keys": {one.key: _influence(one) for one in analysis.influences},
        "growth": [
            {"samples": n, **dict(zip(sampled.keys, (t.value for t in totals), strict=True))}
            for n, totals in analysis.growth
        ],
        "sentences": sentences.about(analysis),
    }


def _influence(one: Influence) -> dict[str, Any]:
    told: dict[str, Any] = {"total": one.total._asdict()}
    if one.first is not None:
        return {"first": one.first._asdict(), **told}
    return {"mean_absolute_effect": told["total"], "mean_effect": one.mean, "spread": one.spread}
