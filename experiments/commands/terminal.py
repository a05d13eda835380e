"""Where commands write to: results on standard output, all else on standard error."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

PLAIN_WIDTH = 120
"""Columns to fill where there is no terminal to ask."""


def screen() -> Console:
    """Return the console for results."""
    return Console(width=_width(sys.stdout.isatty()), highlight=False, soft_wrap=False)


def notes() -> Console:
    """Return the console for messages beside the results."""
    return Console(width=_width(sys.stderr.isatty()), stderr=True, highlight=False)


def _width(terminal: bool) -> int | None:
    return None if terminal or "COLUMNS" in os.environ else PLAIN_WIDTH


def note(text: str) -> None:
    """Print a message on standard error, as it is."""
    print(text, file=sys.stderr)


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar with the time left on a terminal, nothing elsewhere.

    Yields what moves it: a function of the runs done and, if that has changed, of their number.
    """
    console = notes()
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs, time left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def shown(path: Path) -> str:
    """Return a path as the user would type it: relative where it lies below the working folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def print_hanging(console: Console, margin: str, text: str, style: str = "") -> None:
    """Print a text beside a margin, its further lines below its first; the margin is dimmed."""
    width = max(40, console.width - len(margin) - 2)
    for i, part in enumerate(wrapped(text, width)):
        line = Text(margin if i == 0 else " " * len(margin), style="dim")
        line.append(part if i == 0 else f"  {part}", style=style or "not dim")
        console.print(line, soft_wrap=True)


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines that leave per cent signs with their numbers."""
    lines = textwrap.wrap(text.replace(" %", "\N{NO-BREAK SPACE}%"), width)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines] or [""]
