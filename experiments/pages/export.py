"""Writes pages, the numbers that they plot as CSV, and their plots as images."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from experiments.pages.figures import UNDRAWN
from experiments.pages.layout import Page, render
from experiments.storage.journal import replace_bytes
from sim.errors import InputError

IMAGES = ("svg", "png")
COLUMNS = ("plot", "series", "x", "y", "low", "high")
WIDTH = 1040
"""Width of images in pixels; PNG files have twice as many."""
SCALE = 2
NO_BROWSER = (
    "images need Chrome or Chromium, and none was found; install one (Debian: apt install chromium)"
    ", or use the camera that each plot of the page shows"
)


def check_outputs(
    page: Path | None, data: Path | None, images: Path | None, *, force: bool
) -> None:
    """Raise InputError unless a page, a CSV and a folder of images can be written here."""
    if page is not None:
        _check_file(page, (".html", ".htm"), "a page", force)
    if data is not None:
        _check_file(data, (".csv",), "numbers", force)
    if images is not None:
        if images.exists() and not images.is_dir():
            raise InputError(f"{images} is a file; name a folder for the images")
        if not images.resolve().parent.is_dir():
            raise InputError(f"{images.parent} is not a folder; make it first, or name another")
        if images.is_dir() and any(images.iterdir()) and not force:
            raise InputError(f"{images} is not empty; give --force to add to it, or name another")


def _check_file(path: Path, endings: tuple[str, ...], what: str, force: bool) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file that ends in {endings[0]}")
    if path.suffix.lower() not in endings:
        raise InputError(f"{path} is no name for {what}; expected a name that ends in {endings[0]}")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is not a folder; make it first, or name another file")
    if path.exists() and not force:
        raise InputError(f"{path} exists; give --force to overwrite it, or name another file")


def write_page(page: Page, path: Path) -> None:
    """Write a page in one step.

    Raises:
        InputError: if it cannot be written.
    """
    _write(path, render(page))


def write_numbers(page: Page, path: Path) -> None:
    """Write every number that the page plots: a row a point, with the bounds of its interval.

    Raises:
        InputError: if it cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for card in page.cards:
        for row in plotted(card.figure):
            writer.writerow((card.id, *row))
    _write(path, text.getvalue())


def _write(path: Path, text: str) -> None:
    try:
        replace_bytes(path, text.encode())
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def plotted(figure: go.Figure) -> Iterator[tuple[str, Any, Any, Any, Any]]:
    """Yield (series, x, y, low, high) of every point of a figure; bounds are None without one."""
    for trace in figure.data:
        if trace.meta == UNDRAWN or trace.x is None:
            continue
        lows, highs = _bounds(trace)
        for x, y, low, high in zip(trace.x, trace.y, lows, highs, strict=True):
            if x is not None and y is not None:
                yield trace.name or "", x, y, low, high


def _bounds(trace: Any) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return the bounds that a trace has as its data or draws as error bars."""
    if trace.customdata is not None:
        return [pair[0] for pair in trace.customdata], [pair[1] for pair in trace.customdata]
    for values, bars in ((trace.y, trace.error_y), (trace.x, trace.error_x)):
        if bars.array is not None:
            below, above = zip(values, bars.arrayminus), zip(values, bars.array)  # noqa: B905
            return [v - b for v, b in below], [v + a for v, a in above]
    nothing = [None] * len(trace.x)
    return nothing, nothing


def write_images(page: Page, folder: Path) -> list[Path]:
    """Write every plot of a page as SVG and PNG, and return the files.

    Raises:
        InputError: if there is no browser to draw them, or they cannot be written.
    """
    import kaleido  # noqa: PLC0415 (slow to import)
    from choreographer.errors import ChromeNotFoundError  # noqa: PLC0415

    files = [(card, folder / f"{card.id}.{kind}") for card in page.cards for kind in IMAGES]
    try:
        folder.mkdir(exist_ok=True)
        kaleido.write_fig_from_object_sync(
            [
                {
                    "fig": _titled(card.figure, card.title),
                    "path": str(path),
                    "opts": {
                        "format": path.suffix[1:],
                        "width": WIDTH,
                        "scale": SCALE if path.suffix == ".png" else 1,
                    },
                }
                for card, path in files
            ]
        )
    except ChromeNotFoundError:
        raise InputError(NO_BROWSER) from None
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from None
    return [path for _, path in files]


def _titled(figure: go.Figure, title: str) -> go.Figure:
    """Return a figure for itself: with its title, on white, at its height."""
    alone = go.Figure(figure)
    top = (alone.layout.margin.t or 0) + 48
    alone.update_layout(
        title={"text": title, "x": 0, "xref": "paper", "y": 0.98, "yanchor": "top"},
        margin_t=top,
        height=(alone.layout.height or 400) + 48,
        paper_bgcolor="white",
        plot_bgcolor="white",
    )
    return alone
