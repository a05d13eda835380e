"""Shows a drawing in the page, with the copy of Plotly that the server itself hands out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from experiments.story.look import Drawing


@solara.component_vue("plot.vue")
def _Plot(
    figure: Drawing,
    height: int = 300,
    label: str = "",
    picture: dict[str, Any] | None = None,
    event_clicked: Callable[[Any], None] | None = None,
) -> None:
    """Draw ``figure``; the template tells what the others are."""


def show_plot(
    drawing: Drawing,
    label: str,
    *,
    on_click: Callable[[Any], None] | None = None,
    picture: dict[str, Any] | None = None,
) -> None:
    """Add a drawing to the page; ``label`` says what it is to those who do not see it.

    ``on_click`` is given the custom data of a point that was clicked. A ``picture`` with a new
    number (``{name, number, figure}``) is saved by the browser as PNG.
    """
    _Plot(
        figure=drawing,
        height=drawing["layout"]["height"],
        label=label,
        picture=picture,
        event_clicked=on_click,
    )
