"""Writes what commands that make a page write: the page, its numbers, its images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.commands.terminal import note, shown
from experiments.words import several

if TYPE_CHECKING:
    from experiments.pages.layout import Page


def deliver(page: Page, out: Path | None, data: Path | None, images: Path | None) -> None:
    """Write a page, its numbers and its images where they were asked for, and say where.

    Raises:
        InputError: if one cannot be written.
    """
    from experiments.pages.export import write_images, write_numbers, write_page

    for warning in page.warnings:
        note(f"Note: {warning}")
    if out is not None:
        write_page(page, out)
        print(f"{shown(out)}: open it in a browser")
    if data is not None:
        write_numbers(page, data)
        print(f"{shown(data)}: every number that is plotted")
    if images is not None:
        files = write_images(page, images)
        print(f"{shown(images)}: {several(len(files), 'image')}")
