"""The plots of a comparison, as Plotly figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from agents.rules.ladder import RUNG_NAMES
from experiments.comparison.groups import Comparison, Group
from experiments.comparison.measures import Measure, difference
from experiments.statistics import Interval, quantiles, wilson
from experiments.words import duration, words
from sim.outcome import OUTCOMES

INK = "#222222"
GRID = "#e4e4e0"
COLOURS = {
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
SOONEST = 0.1
"""Hours at which latencies begin on their logarithmic axis."""
LEGIBLE = 0.05
"""Share from which a stacked bar has room for its number."""
ROW = 34
"""Height in pixels of one level in a plot of rows."""
DEATHS = ((0, 0, "none"), (1, 9, "1 to 9"), (10, 99, "10 to 99"), (100, 999, "100 to 999"))
LATENCY_TICKS = (1, 2, 4, 8, 24, 48, 72, 96, 120, 168, 240, 336, 504, 720, 1440, 2160)
SHADES = (
    "#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c",
    "#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725",
)  # fmt: skip
"""Viridis in eleven steps, for the rungs from 10 down to 0."""


def outcome_plot(comparison: Comparison) -> go.Figure:
    """Return outcome shares against the swept key, or by file, with Wilson intervals."""
    if comparison.levels and len(comparison.series) == 1:
        return _outcome_lines(comparison)
    if comparison.levels:
        return _outcome_panels(comparison)
    return _outcome_bars(comparison)


def _seen(comparison: Comparison) -> list[str]:
    return [o for o in OUTCOMES if any((g.frame["outcome"] == o).any() for g in comparison.groups)]


def _shares(groups: Sequence[Group], outcome: str) -> list[Interval]:
    return [wilson(int((g.frame["outcome"] == outcome).sum()), g.runs) for g in groups]


def _outcome_lines(comparison: Comparison) -> go.Figure:
    figure = go.Figure()
    levels = [group.level for group in comparison.groups]
    for i, outcome in enumerate(_seen(comparison)):
        found = _shares(comparison.groups, outcome)
        for trace in _band(levels, found, COLOURS[outcome], words(outcome), SYMBOLS[i % 6]):
            figure.add_trace(trace)
    _style(figure, 460)
    figure.update_xaxes(title=axis_title(comparison))
    figure.update_yaxes(title="Share of runs", tickformat=".0%", range=[-0.01, 1.01])
    return figure


def _band(
    levels: Sequence[float | None], found: Sequence[Interval], colour: str, name: str, symbol: str
) -> tuple[go.Scatter, go.Scatter]:
    """Return a shaded interval and the line within it."""
    low, high = [i.low for i in found], [i.high for i in found]
    shade = go.Scatter(
        x=[*levels, *reversed(levels)],
        y=[*high, *reversed(low)],
        mode="lines",
        fill="toself",
        fillcolor=_faint(colour),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
        legendgroup=name,
    )
    line = go.Scatter(
        x=list(levels),
        y=[i.value for i in found],
        name=name,
        legendgroup=name,
        mode="lines+markers",
        line={"color": colour, "width": 2.5},
        marker={"symbol": symbol, "size": 8},
        customdata=list(zip(low, high, strict=True)),
        hovertemplate=f"{name}: %{{y:.1%}} (%{{customdata[0]:.1%}} to %{{customdata[1]:.1%}})",
    )
    return shade, line


def _outcome_panels(comparison: Comparison) -> go.Figure:
    """Return one small panel for each outcome, with a line for each file."""
    seen = _seen(comparison)
    rows = math.ceil(len(seen) / 2)
    figure = make_subplots(
        rows,
        min(2, len(seen)),
        subplot_titles=[words(outcome).capitalize() for outcome in seen],
        vertical_spacing=0.3 / rows,
        horizontal_spacing=0.09,
    )
    for i, outcome in enumerate(seen):
        for k, label in enumerate(comparison.series):
            groups = [group for group in comparison.groups if group.series == label]
            levels = [group.level for group in groups]
            traces = _band(levels, _shares(groups, outcome), SERIES[k % 7], label, SYMBOLS[k % 6])
            for trace in traces:
                trace.showlegend = bool(trace.showlegend is None and i == 0)
                figure.add_trace(trace, row=i // 2 + 1, col=i % 2 + 1)
    _style(figure, 110 + 240 * rows)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_xaxes(title=axis_title(comparison), row=rows)
    return figure


def _outcome_bars(comparison: Comparison) -> go.Figure:
    figure = go.Figure()
    seen = _seen(comparison)
    for k, group in enumerate(comparison.groups):
        found = [wilson(int((group.frame["outcome"] == o).sum()), group.runs) for o in seen]
        figure.add_trace(
            go.Bar(
                x=[words(outcome) for outcome in seen],
                y=[i.value for i in found],
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": [i.high - i.value for i in found],
                    "arrayminus": [i.value - i.low for i in found],
                    "color": INK,
                    "thickness": 1.3,
                },
                name=group.name,
                marker_color=SERIES[k % 7],
                hovertemplate=f"{group.name}: %{{y:.1%}}<extra></extra>",
            )
        )
    _style(figure, 420)
    figure.update_layout(barmode="group")
    figure.update_xaxes(title="How the run ended", showgrid=False)
    figure.update_yaxes(title="Share of runs", tickformat=".0%", rangemode="tozero")
    return figure


def latency_plot(comparison: Comparison) -> go.Figure:
    """Return the spread of the first response's latency: 5 to 95 %, 25 to 75 %, median."""
    figure = go.Figure()
    names: list[str] = []
    ends = [24.0]
    for group in comparison.groups:
        values = group.frame["first_response_latency_h"].dropna()
        spread = quantiles(np.maximum(values, SOONEST))
        middle = spread["q50"]
        if middle is None:
            continue
        names.append(group.row)
        ends += [spread["q05"] or SOONEST, spread["q95"] or SOONEST]
        for width, low, high in ((2, "q05", "q95"), (9, "q25", "q75")):
            figure.add_trace(_bar_between(group.row, spread[low], spread[high], width))
        figure.add_trace(_median_mark(group.row, middle))
    _style(figure, _rows_height(len(names)), legend=False)
    shown = [math.log10(end) for end in ends[1:] or ends]
    figure.update_xaxes(
        title="Time from the start to the first response",
        type="log",
        tickvals=list(LATENCY_TICKS),
        ticktext=[duration(tick) for tick in LATENCY_TICKS],
        range=[min(shown) - 0.05, max(shown) + 0.05],
    )
    _level_axis(figure, names)
    return figure


def _median_mark(row: str, hours: float) -> go.Scatter:
    return go.Scatter(
        x=[hours],
        y=[row],
        mode="markers",
        marker={"color": "white", "size": 9, "line": {"color": SERIES[0], "width": 2.5}},
        hovertemplate=f"median {duration(hours)}<extra></extra>",
    )


def _bar_between(name: str, low: float | None, high: float | None, width: int) -> go.Scatter:
    return go.Scatter(
        x=[low, high],
        y=[name, name],
        mode="lines",
        line={"color": SERIES[0], "width": width},
        hovertemplate="%{x:.1f} h<extra></extra>",
    )


def deaths_plot(comparison: Comparison) -> go.Figure:
    """Return the shares of runs by the number of deaths, one stacked row a level."""
    figure = go.Figure()
    bands = [*DEATHS, (1000, math.inf, "1,000 and more")]
    for (low, high, title), colour in zip(bands, reversed(SHADES[1::2]), strict=True):
        shares = [float(g.frame["deaths"].between(low, high).mean()) for g in comparison.groups]
        if any(shares):
            figure.add_trace(_stacked(comparison.groups, shares, title, colour))
    return _stack(figure, comparison, "Share of runs, by deaths")


def peak_plot(comparison: Comparison) -> go.Figure:
    """Return the shares of runs by their highest rung, one stacked row a level."""
    figure = go.Figure()
    for rung in range(11):
        shares = [float((g.frame["peak_rung"] == rung).mean()) for g in comparison.groups]
        if any(shares):
            figure.add_trace(
                _stacked(
                    comparison.groups,
                    shares,
                    f"{rung} {words(RUNG_NAMES[rung])}",
                    SHADES[10 - rung],
                )
            )
    return _stack(figure, comparison, "Share of runs, by highest rung")


def _stacked(groups: Sequence[Group], shares: Sequence[float], name: str, colour: str) -> go.Bar:
    return go.Bar(
        x=list(shares),
        y=[group.row for group in groups],
        orientation="h",
        name=name,
        marker={"color": colour, "line": {"color": "white", "width": 1}},
        text=[f"{100 * share:.0f}" if share >= LEGIBLE else "" for share in shares],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        hovertemplate=f"{name}: %{{x:.1%}}<extra>%{{y}}</extra>",
    )


def _stack(figure: go.Figure, comparison: Comparison, title: str) -> go.Figure:
    _style(figure, _rows_height(len(comparison.groups)) + 40)
    figure.update_layout(barmode="stack", legend_traceorder="normal", bargap=0.25)
    figure.update_xaxes(title=title, tickformat=".0%", range=[0, 1.005], dtick=0.2)
    _level_axis(figure, [group.row for group in comparison.groups])
    return figure


def difference_plot(comparison: Comparison, measure: Measure) -> go.Figure:
    """Return paired differences with their intervals, beside those of unrelated luck."""
    figure = go.Figure()
    scale = 100.0 if measure.share else 1.0
    names = [contrast.other.row for contrast in comparison.contrasts]
    found = [difference(contrast, measure) for contrast in comparison.contrasts]
    unpaired = [(d.paired.unpaired if d.paired else d.interval) for d in found]
    grey = {"color": "#b5b5ae", "width": 9}
    black = {"color": SERIES[0], "width": 3}
    for label, line, intervals in (
        ("95 % interval, were luck unrelated", grey, unpaired),
        ("95 % interval, same luck", black, [d.paired.paired if d.paired else None for d in found]),
    ):
        shown = [(n, i) for n, i in zip(names, intervals, strict=True) if i is not None]
        shown = [(n, i) for n, i in shown if math.isfinite(i.low)]
        figure.add_trace(_intervals(shown, scale, label, line))
    values = [d.interval.value * scale for d in found]
    figure.add_trace(
        go.Scatter(
            x=values,
            y=names,
            mode="markers",
            name="difference",
            showlegend=False,
            marker={"color": SERIES[0], "size": 9},
            hovertemplate="%{x:+.2f}<extra>%{y}</extra>",
        )
    )
    figure.add_vline(x=0, line={"color": INK, "width": 1})
    _style(figure, _rows_height(len(names)) + 40)
    ends = [end * scale for i in (*unpaired, *(d.interval for d in found)) for end in i[1:]]
    figure.update_xaxes(title=_difference_title(comparison, measure), range=_span(ends))
    _level_axis(figure, names)
    return figure


def _intervals(
    shown: Sequence[tuple[str, Interval]], scale: float, label: str, line: dict[str, object]
) -> go.Scatter:
    x: list[float | None] = []
    y: list[str | None] = []
    for name, interval in shown:
        x += [interval.low * scale, interval.high * scale, None]
        y += [name, name, None]
    return go.Scatter(x=x, y=y, mode="lines", line=line, name=label, hoverinfo="x")


def _span(ends: Sequence[float]) -> list[float] | None:
    """Return an axis range that holds zero and all ends, with some air around them."""
    known = [0.0, *(end for end in ends if math.isfinite(end))]
    air = 0.06 * (max(known) - min(known))
    return [min(known) - air, max(known) + air] if air else None


def _difference_title(comparison: Comparison, measure: Measure) -> str:
    unit = "percentage points" if measure.share else measure.unit
    base = comparison.groups[0].name
    if len(comparison.series) > 1:
        base = comparison.series[0]
    return f"Difference from {base}<br>({unit})"


def axis_title(comparison: Comparison) -> str:
    """Return the swept key with its unit."""
    return f"{comparison.by} ({comparison.unit})" if comparison.unit else str(comparison.by)


def _rows_height(rows: int) -> int:
    return 120 + ROW * max(2, rows)


def _level_axis(figure: go.Figure, names: Sequence[str]) -> None:
    """Let rows stand in their order from the top, at even distances."""
    figure.update_yaxes(
        ticksuffix="  ",
        type="category",
        categoryorder="array",
        categoryarray=list(names),
        autorange="reversed",
        showgrid=False,
    )


def _style(figure: go.Figure, height: int, legend: bool = True) -> None:
    figure.update_layout(
        template="plotly_white",
        height=height,
        font={"family": "system-ui, sans-serif", "size": 14, "color": INK},
        margin={"l": 8, "r": 16, "t": 56 if legend else 24, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "xanchor": "left"},
        showlegend=legend,
        hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(automargin=True, gridcolor=GRID, zeroline=False)
    figure.update_yaxes(automargin=True, gridcolor=GRID, zeroline=False)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"
