"""The command line: `offramp`.

Exit codes: 0 all went well, 1 a run failed, 2 the input cannot be used, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from experiments.commands.cluster import cluster
from experiments.commands.compare import compare
from experiments.commands.crises import check, crises
from experiments.commands.discover import discover
from experiments.commands.experiments import experiments
from experiments.commands.explain import explain
from experiments.commands.run import run
from experiments.commands.sensitivity import sensitivity
from experiments.commands.sweep import sweep
from experiments.commands.terminal import note
from experiments.commands.verify import verify_results
from experiments.commands.view import view
from experiments.executors.chunk import WorkersLostError
from sim.errors import InputError


def _tell_version(asked: bool) -> None:
    if asked:
        print(f"offramp {importlib.metadata.version('offramp')}")
        raise typer.Exit


app = typer.Typer(
    name="offramp",
    help="Simulate interstate crises: after a strike, does a limited answer end it or start a war?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Take what stands before a command."""


for command in (
    crises,
    check,
    experiments,
    run,
    sweep,
    compare,
    sensitivity,
    discover,
    explain,
    cluster,
    view,
):
    app.command()(command)
app.command("verify")(verify_results)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments name; by default those of this process."""
    try:
        app(args=None if arguments is None else list(arguments), prog_name="offramp")
    except InputError as error:
        note(f"Error: {error}")
        sys.exit(2)
    except WorkersLostError as error:
        note(f"Error: {error}; what had ended is kept, and the same command goes on from there")
        sys.exit(1)
    except BrokenPipeError:
        # The reader has gone, as with `| head`; nothing is left to tell it.
        sys.stderr.close()
        sys.exit(1)


if __name__ == "__main__":
    main()
