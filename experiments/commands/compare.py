"""`offramp compare`: results side by side, in one page that needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.options import Data, Force, Images, Metrics, PageOut
from experiments.commands.pages import deliver


def compare(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="RESULT [RESULT ...]", help="Results of sweeps, .csv or .parquet."),
    ],
    out: PageOut,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="KEY", help="Key to compare by; needed if several vary."),
    ] = None,
    metrics: Metrics = None,
    data: Data = None,
    images: Images = None,
    force: Force = False,
) -> None:
    """Compare results: shares, courses, paired differences, each plot with a sentence below it."""
    from experiments.comparison.groups import compare_files
    from experiments.comparison.page import page_of
    from experiments.pages.export import check_outputs

    check_outputs(out, data, images, force=force)
    deliver(page_of(compare_files(files, by, metrics or ())), out, data, images)
