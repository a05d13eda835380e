"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CrisisName = Annotated[
    str, typer.Argument(metavar="NAME|FILE", help="A shipped crisis by name, or a file by path.")
]
Start = Annotated[
    str | None,
    typer.Option("--from", metavar="LABEL", help="Event from which the run is free."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="S", help="Seed of all luck.")]
Replicates = Annotated[
    int, typer.Option("--replicates", "-n", min=1, metavar="N", help="Runs at each point.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set one number; may be repeated."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, metavar="N", help="Processes; by default one, or all for many runs."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="KEY=LOW:HIGH:STEPS",
        help="Vary one key over a range, or over a list KEY=A,B,C; may be repeated.",
    ),
]
ExecutorName = Annotated[
    str | None,
    typer.Option(
        "--executor", metavar="NAME", help="Where runs are made: serial, processes, dask."
    ),
]
Address = Annotated[
    str | None,
    typer.Option("--address", metavar="tcp://HOST:PORT", help="The scheduler of a Dask cluster."),
]
PageOut = Annotated[
    Path, typer.Option("--out", metavar="PAGE.html", help="Where to write the page.")
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FILE.csv", help="Write every plotted number to a CSV, too."),
]
Images = Annotated[
    Path | None,
    typer.Option("--images", metavar="FOLDER", help="Write every plot as SVG and PNG, too."),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what exists.")]
Metrics = Annotated[
    list[str] | None,
    typer.Option("--metric", metavar="NAME", help="Metric to look at; may be repeated."),
]
