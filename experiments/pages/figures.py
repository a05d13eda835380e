"""How plots look: colours, symbols, axes, and the marks that several pages use."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from experiments.statistics import Interval

INK = "#222222"
GRID = "#e4e4e0"
PALE = "#b5b5ae"
OUTCOME_COLOURS = {
    "absorbed": "#56B4E9",
    "off_ramp": "#009E73",
    "tit_for_tat": "#E69F00",
    "escalation": "#CC79A7",
    "war": "#D55E00",
    "regional_war": "#000000",
}
"""Outcomes in the palette of Okabe & Ito (2008), which colour-blind readers tell apart."""
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
SHADES = (
    "#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c",
    "#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725",
)  # fmt: skip
"""Viridis in eleven steps, for the rungs from 10 down to 0."""
ROW = 34
"""Height in pixels of one row in a plot of rows."""
DAYS = (1, 2, 5, 10, 20, 30, 60, 120)
"""Days between the marks of an axis of time."""
MARKS = 8
UNDRAWN = {"drawn": False}
"""The ``meta`` of traces that only shade what another trace has in numbers."""


def colour(index: int) -> str:
    """Return the colour of a series by its number."""
    return SERIES[index % len(SERIES)]


def symbol(index: int) -> str:
    """Return the symbol of a series by its number."""
    return SYMBOLS[index % len(SYMBOLS)]


def style(figure: go.Figure, height: int, legend: bool = True) -> None:
    """Give a figure the look of all plots."""
    figure.update_layout(
        template="plotly_white",
        height=height,
        font={"family": "system-ui, sans-serif", "size": 14, "color": INK},
        margin={"l": 8, "r": 44, "t": 72 if legend else 36, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "xanchor": "left"},
        showlegend=legend,
        modebar={"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": PALE},
        hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(automargin=True, gridcolor=GRID, zeroline=False)
    figure.update_yaxes(automargin=True, gridcolor=GRID, zeroline=False)


def band(
    x: Sequence[float],
    found: Sequence[Interval],
    *,
    shade: str,
    name: str,
    mark: str = "circle",
    form: str = ".1%",
    step: bool = False,
) -> tuple[go.Scatter, go.Scatter]:
    """Return a shaded interval and the line within it, which carries the bounds as its data.

    ``form`` is d3's for the values. With ``step`` values hold until the next x, and are not marked.
    """
    low, high = [i.low for i in found], [i.high for i in found]
    shape = "hv" if step else "linear"
    area = go.Scatter(
        x=[*x, *reversed(x)],
        y=[*high, *reversed(low)],
        mode="lines",
        fill="toself",
        fillcolor=faint(shade),
        line={"width": 0, "shape": "hv" if step else "linear"},
        hoverinfo="skip",
        showlegend=False,
        legendgroup=name,
        meta=UNDRAWN,
    )
    line = go.Scatter(
        x=list(x),
        y=[i.value for i in found],
        name=name,
        legendgroup=name,
        mode="lines" if step else "lines+markers",
        line={"color": shade, "width": 2.5, "shape": shape},
        marker={"symbol": mark, "size": 8},
        customdata=list(zip(low, high, strict=True)),
        hovertemplate=(
            f"{name}: %{{y:{form}}} (%{{customdata[0]:{form}}} to %{{customdata[1]:{form}}})"
            "<extra></extra>"
        ),
    )
    return area, line


def error_bars(found: Sequence[Interval]) -> dict[str, object]:
    """Return the intervals as Plotly's error bars about their values."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [i.high - i.value for i in found],
        "arrayminus": [i.value - i.low for i in found],
        "color": INK,
        "thickness": 1.3,
    }


def rows_height(rows: int) -> int:
    """Return the height of a plot of so many rows."""
    return 120 + ROW * max(2, rows)


def row_axis(figure: go.Figure, names: Sequence[str], title: str = "") -> None:
    """Let rows stand in their order from the top, at even distances, below what they are."""
    figure.update_yaxes(
        ticksuffix="  ",
        type="category",
        categoryorder="array",
        categoryarray=list(names),
        autorange="reversed",
        showgrid=False,
    )
    if title:
        figure.add_annotation(
            text=title, xref="paper", yref="paper", x=0, y=0, xanchor="right", yanchor="top",
            xshift=-8, yshift=-8, showarrow=False, font={"size": 12, "color": "#555555"},
        )  # fmt: skip


def day_marks(hours: float) -> dict[str, object]:
    """Return the marks, in days, of an axis that runs over so many hours."""
    days = math.ceil(hours / 24.0)
    step = next((s for s in DAYS if days / s <= MARKS), DAYS[-1])
    marks = range(0, days + step, step)
    return {"tickvals": [24.0 * day for day in marks], "ticktext": [f"{day} d" for day in marks]}


def span(ends: Sequence[float]) -> list[float] | None:
    """Return an axis range that holds zero and all ends, with some air around them."""
    known = [0.0, *(end for end in ends if math.isfinite(end))]
    air = 0.06 * (max(known) - min(known))
    return [min(known) - air, max(known) + air] if air else None


def faint(shade: str, share: float = 0.16) -> str:
    """Return a colour as a transparent one."""
    red, green, blue = (int(shade[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
