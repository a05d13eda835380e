"""`offramp compare`: results side by side, in one page that needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.terminal import shown
from sim.errors import InputError


def compare(
    files: Annotated[
        list[Path], typer.Argument(metavar="A.csv [B.csv ...]", help="Results of sweeps.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="PAGE.html", help="Where to write the page.")
    ],
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="KEY", help="Key to compare by; needed if several vary."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a page that exists.")] = False,
) -> None:
    """Compare files of results: shares, distributions and paired differences, with sentences."""
    from experiments.comparison.groups import compare_files
    from experiments.comparison.page import render

    _check(out, force)
    page = render(compare_files(files, by))
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}") from None
    print(f"{shown(out)}: open it in a browser")


def _check(out: Path, force: bool) -> None:
    if out.is_dir():
        raise InputError(f"{out} is a folder; name a file that ends in .html")
    if out.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{out} is no name for a page; expected a name that ends in .html")
    if not out.parent.is_dir():
        raise InputError(f"{out.parent} is not a folder; make it first, or name another file")
    if out.exists() and not force:
        raise InputError(f"{out} exists; give --force to overwrite it, or name another file")
