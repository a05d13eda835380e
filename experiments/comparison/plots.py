"""The plots of a comparison, as Plotly figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from agents.rules.ladder import RUNG_NAMES
from experiments.comparison.differences import Difference, difference, share_of
from experiments.comparison.groups import Comparison, Group
from experiments.metrics import METRICS, Metric, outcome_metric
from experiments.pages.figures import (
    INK,
    OUTCOME_COLOURS,
    PALE,
    SERIES,
    SHADES,
    UNDRAWN,
    band,
    colour,
    day_marks,
    error_bars,
    faint,
    row_axis,
    rows_height,
    span,
    style,
    symbol,
)
from experiments.statistics import Interval, quantiles
from experiments.words import words
from sim.outcome import OUTCOMES

LEGIBLE = 0.05
"""Share from which a stacked bar has room for its number."""
DEATHS = ((0, 0, "none"), (1, 9, "1 to 9"), (10, 99, "10 to 99"), (100, 999, "100 to 999"))
DEATHS_METRIC = METRICS["deaths"]
SEVERE = METRICS["severe"]
LINE = 3
"""Levels from which a swept key is an axis rather than rows."""


def outcome_plot(comparison: Comparison) -> go.Figure:
    """Return outcome shares against the swept key, or by file, with intervals."""
    if comparison.numeric and len(comparison.series) == 1:
        return _outcome_lines(comparison)
    if comparison.numeric:
        return _outcome_panels(comparison)
    return _outcome_bars(comparison)


def _seen(comparison: Comparison) -> list[str]:
    return [o for o in OUTCOMES if any((g.frame["outcome"] == o).any() for g in comparison.groups)]


def _shares(groups: Sequence[Group], outcome: str) -> list[Interval]:
    return [share_of(group, outcome_metric(outcome)) for group in groups]


def _levels(groups: Sequence[Group]) -> list[float]:
    return [float(group.level) for group in groups if group.level is not None]


def _outcome_lines(comparison: Comparison) -> go.Figure:
    figure = go.Figure()
    for i, outcome in enumerate(_seen(comparison)):
        found = _shares(comparison.groups, outcome)
        figure.add_traces(
            band(
                _levels(comparison.groups),
                found,
                shade=OUTCOME_COLOURS[outcome],
                name=words(outcome),
                mark=symbol(i),
            )
        )
    style(figure, 460)
    figure.update_xaxes(title=axis_title(comparison))
    figure.update_yaxes(title="Share of runs", tickformat=".0%", range=[-0.01, 1.01])
    return figure


def _outcome_panels(comparison: Comparison) -> go.Figure:
    """Return one small panel for each outcome, with a line for each series."""
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
            found = _shares(groups, outcome)
            area, line = band(_levels(groups), found, shade=colour(k), name=label, mark=symbol(k))
            line.showlegend = i == 0
            for trace in (area, line):
                figure.add_trace(trace, row=i // 2 + 1, col=i % 2 + 1)
    style(figure, 110 + 240 * rows)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_xaxes(title=axis_title(comparison), row=rows)
    return figure


def _outcome_bars(comparison: Comparison) -> go.Figure:
    figure = go.Figure()
    seen = _seen(comparison)
    for k, group in enumerate(comparison.groups):
        found = [_shares([group], outcome)[0] for outcome in seen]
        figure.add_trace(
            go.Bar(
                x=[words(outcome) for outcome in seen],
                y=[i.value for i in found],
                error_y=error_bars(found),
                name=group.name,
                marker_color=colour(k),
                hovertemplate=f"{group.name}: %{{y:.1%}}<extra></extra>",
            )
        )
    style(figure, 420)
    figure.update_layout(barmode="group")
    figure.update_xaxes(title="How the run ended", showgrid=False)
    figure.update_yaxes(title="Share of runs", tickformat=".0%", rangemode="tozero")
    return figure


def quantile_plot(comparison: Comparison, metric: Metric) -> go.Figure:
    """Return the spread of a number: 5 to 95 %, 25 to 75 %, and the median."""
    known = [group for group in comparison.groups if metric.values(group.frame).notna().any()]
    if comparison.numeric and len(comparison.series) == 1 and len(known) >= LINE:
        return _quantile_bands(comparison, known, metric)
    return _quantile_rows(comparison, known, metric)


def _quantiles(group: Group, metric: Metric) -> dict[str, float]:
    found = quantiles(metric.values(group.frame).dropna())
    return {name: value for name, value in found.items() if value is not None}


def _quantile_bands(comparison: Comparison, groups: Sequence[Group], metric: Metric) -> go.Figure:
    """Return nested bands about the median against the swept key."""
    figure = go.Figure()
    x, found = _levels(groups), [_quantiles(group, metric) for group in groups]
    for low, high, share in (("q05", "q95", 0.14), ("q25", "q75", 0.3)):
        y = [[one[end] for one in found] for end in (low, high)]
        names = [f"{int(end[1:])} %" for end in (low, high)]
        for values, name, fill in ((y[0], names[0], None), (y[1], names[1], "tonexty")):
            figure.add_trace(
                go.Scatter(
                    x=x, y=values, name=name, mode="lines", line={"width": 0}, fill=fill,
                    fillcolor=faint(SERIES[0], share), showlegend=False,
                    hovertemplate=f"{name} of runs below %{{y:,.4g}}<extra></extra>",
                )
            )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=x,
            y=[one["q50"] for one in found],
            name="median",
            mode="lines+markers",
            line={"color": SERIES[0], "width": 2.5},
            marker={"size": 8},
            hovertemplate="median %{y:,.4g}<extra></extra>",
        )
    )
    figure.add_trace(_means(x, [_mean(group, metric) for group in groups], "lines+markers"))
    style(figure, 400, legend=False)
    figure.update_xaxes(title=axis_title(comparison))
    ends = [value for one in found for value in one.values()]
    figure.update_yaxes(title=_metric_axis(metric), range=span(ends), **_marks(metric, ends))
    return figure


def _quantile_rows(comparison: Comparison, groups: Sequence[Group], metric: Metric) -> go.Figure:
    """Return a row a group: a thin line, a thick one, and a circle."""
    figure = go.Figure()
    ends = []
    for group in groups:
        spread = _quantiles(group, metric)
        ends += list(spread.values())
        for width, low, high in ((2, "q05", "q95"), (9, "q25", "q75")):
            figure.add_trace(
                go.Scatter(
                    x=[spread[low], spread[high]],
                    y=[group.row, group.row],
                    name=f"{int(low[1:])} to {int(high[1:])} %",
                    mode="lines",
                    line={"color": SERIES[0], "width": width},
                    hovertemplate="%{x:,.4g}<extra></extra>",
                )
            )
        figure.add_trace(
            go.Scatter(
                x=[spread["q50"]],
                y=[group.row],
                name="median",
                mode="markers",
                marker={"color": "white", "size": 9, "line": {"color": SERIES[0], "width": 2.5}},
                hovertemplate="median %{x:,.4g}<extra></extra>",
            )
        )
    means = [_mean(group, metric) for group in groups]
    figure.add_trace(_means(means, [group.row for group in groups], "markers"))
    style(figure, rows_height(len(groups)), legend=False)
    figure.update_xaxes(title=_metric_axis(metric), range=span(ends), **_marks(metric, ends))
    row_axis(figure, [group.row for group in groups])
    return figure


def _mean(group: Group, metric: Metric) -> float:
    return float(metric.values(group.frame).mean())


def _means(x: Sequence[float], y: Sequence[float] | Sequence[str], mode: str) -> go.Scatter:
    """Return the means, as diamonds."""
    return go.Scatter(
        x=list(x),
        y=list(y),
        name="mean",
        mode=mode,
        line={"color": SERIES[1], "width": 1.5, "dash": "dot"},
        marker={"symbol": "diamond", "size": 8, "color": SERIES[1]},
        hovertemplate=f"mean %{{{'x' if mode == 'markers' else 'y'}:,.4g}}<extra></extra>",
    )


def _marks(metric: Metric, ends: Sequence[float]) -> dict[str, object]:
    return day_marks(max(ends, default=0.0)) if metric.hours else {}


def _metric_axis(metric: Metric) -> str:
    return metric.title.capitalize()


def deaths_plot(comparison: Comparison) -> go.Figure:
    """Return the shares of runs by the number of deaths, one stacked row a level."""
    figure = go.Figure()
    bands = [*DEATHS, (1000, math.inf, "1,000 and more")]
    for (low, high, title), shade in zip(bands, reversed(SHADES[1::2]), strict=True):
        shares = [float(g.frame["deaths"].between(low, high).mean()) for g in comparison.groups]
        if any(shares):
            figure.add_trace(_stacked(comparison.groups, shares, title, shade))
    return _stack(figure, comparison, "Share of runs, by deaths")


def peak_plot(comparison: Comparison) -> go.Figure:
    """Return the shares of runs by their highest rung, one stacked row a level."""
    figure = go.Figure()
    for rung, name in enumerate(RUNG_NAMES):
        shares = [float((g.frame["peak_rung"] == rung).mean()) for g in comparison.groups]
        if any(shares):
            title = f"{rung} {words(name)}"
            figure.add_trace(_stacked(comparison.groups, shares, title, SHADES[10 - rung]))
    return _stack(figure, comparison, "Share of runs, by highest rung")


def _stacked(groups: Sequence[Group], shares: Sequence[float], name: str, shade: str) -> go.Bar:
    return go.Bar(
        x=list(shares),
        y=[group.row for group in groups],
        orientation="h",
        name=name,
        marker={"color": shade, "line": {"color": "white", "width": 1}},
        text=[f"{100 * share:.0f}" if share >= LEGIBLE else "" for share in shares],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        hovertemplate=f"{name}: %{{x:.1%}}<extra>%{{y}}</extra>",
    )


def _stack(figure: go.Figure, comparison: Comparison, title: str) -> go.Figure:
    style(figure, rows_height(len(comparison.groups)) + 40)
    figure.update_layout(barmode="stack", legend_traceorder="normal", bargap=0.25)
    figure.update_xaxes(title=title, tickformat=".0%", range=[0, 1.005], dtick=0.2)
    row_axis(figure, [group.row for group in comparison.groups])
    return figure


def difference_plot(comparison: Comparison, metric: Metric) -> go.Figure:
    """Return paired differences with their intervals, beside those of unrelated luck."""
    figure = go.Figure()
    scale = 100.0 if metric.share else 1.0
    names = [contrast.other.row for contrast in comparison.contrasts]
    found = [difference(contrast, metric) for contrast in comparison.contrasts]
    for label, line, intervals in (
        ("95 % interval, were luck unrelated", _thick(PALE, 9), [d.unpaired for d in found]),
        ("95 % interval, same luck", _thick(SERIES[0], 3), [_paired(d) for d in found]),
    ):
        shown = [(n, i) for n, i in zip(names, intervals, strict=True) if i is not None]
        figure.add_trace(_lines(shown, scale, label, line))
    drawn = [d.interval for d in found]
    figure.add_trace(
        go.Scatter(
            x=[i.value * scale for i in drawn],
            y=names,
            mode="markers",
            name="difference",
            showlegend=False,
            marker={"color": SERIES[0], "size": 9},
            customdata=[(i.low * scale, i.high * scale) for i in drawn],
            hovertemplate="%{x:+.3g} (%{customdata[0]:+.3g} to %{customdata[1]:+.3g})"
            "<extra>%{y}</extra>",
        )
    )
    figure.add_vline(x=0, line={"color": INK, "width": 1})
    style(figure, rows_height(len(names)) + 40)
    ends = [end * scale for d in found for i in (d.unpaired, d.interval) for end in i[1:]]
    figure.update_xaxes(title=_difference_title(comparison, metric), range=span(ends))
    row_axis(figure, names)
    return figure


def _paired(found: Difference) -> Interval | None:
    return found.interval if found.paired else None


def _thick(shade: str, width: int) -> dict[str, object]:
    return {"color": shade, "width": width}


def _lines(
    shown: Sequence[tuple[str, Interval]], scale: float, label: str, line: dict[str, object]
) -> go.Scatter:
    x: list[float | None] = []
    y: list[str | None] = []
    for name, interval in shown:
        if math.isfinite(interval.low):
            x += [interval.low * scale, interval.high * scale, None]
            y += [name, name, None]
    meta = UNDRAWN if line["color"] == SERIES[0] else None
    return go.Scatter(x=x, y=y, mode="lines", line=line, name=label, hoverinfo="x", meta=meta)


def _difference_title(comparison: Comparison, metric: Metric) -> str:
    unit = "percentage points" if metric.share else metric.title
    if metric.hours:
        unit = f"{metric.title}, hours"
    return f"Difference from {comparison.first}<br>({unit})"


def axis_title(comparison: Comparison) -> str:
    """Return the swept key with its unit."""
    return f"{comparison.by} ({comparison.unit})" if comparison.unit else str(comparison.by)
