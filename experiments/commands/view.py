"""`offramp view`: the browser page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.terminal import note
from experiments.view.served import Served
from experiments.view.server import LOOPBACK, address, check_port, open_browser, serve
from sim.crisis_file import load_crisis
from sim.errors import InputError


def view(
    crisis: Annotated[
        str, typer.Argument(metavar="[NAME|FILE]", help="The crisis that is shown first.")
    ] = "january-2020",
    results: Annotated[
        Path, typer.Option("--results", metavar="FOLDER", help="Results that can be opened.")
    ] = Path("results"),
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Who is served; this machine alone.")
    ] = LOOPBACK[0],
    port: Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N")] = 8765,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Watch a crisis in the browser: play it, see why each choice fell so, ask what if."""
    load_crisis(crisis)
    if results.exists() and not results.is_dir():
        raise InputError(f"{results} is a file; expected a folder of results")
    check_port(host, port)
    if host not in LOOPBACK:
        note(
            f"Warning: the page is served at {host}, to everyone who reaches this machine, without "
            "a password; they can run crises on it and read the results. Without --host only this "
            "machine is served."
        )

    def ready() -> None:
        print(f"Offramp is at {address(host, port)} (stop it with Ctrl-C)", flush=True)
        if browser:
            open_browser(host, port)

    serve(Served(crisis, results), host, port, ready)
