"""Arguments and options that several commands share."""

from __future__ import annotations

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
