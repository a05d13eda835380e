"""The page of a sensitivity analysis: influence of each key, how it settled, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import plotly.graph_objects as go

from experiments.pages.figures import (
    INK,
    SERIES,
    band,
    colour,
    error_bars,
    row_axis,
    rows_height,
    style,
    symbol,
)
from experiments.pages.layout import Card, Page, Section
from experiments.sensitivity import sentences
from experiments.sensitivity.indices import Analysis, Influence
from experiments.statistics import Interval

METHOD = (
    "Indices and intervals are computed by SALib (Herman & Usher 2017): Sobol' indices by Saltelli "
    "et al. (2010), Morris' effects by Campolongo et al. (2007), with 95 % bootstrap intervals of "
    "1,000 resamples. The value of a point is the mean over its replicates, which have the same "
    "luck at every point."
)


def page_of(analyses: Sequence[Analysis]) -> Page:
    """Return the page of the analyses of one sweep, a section a metric."""
    design = analyses[0].sampled.design
    lead = (
        f"{len(design.points):,} points of a {design.kind} design, {design.replicates:,} runs at "
        f"each, from {design.start} of {design.crisis.title}."
    )
    title = f"{design.crisis.title}: what matters"
    return Page(title, lead, [_section(analysis) for analysis in analyses], METHOD)


def _section(analysis: Analysis) -> Section:
    title = analysis.sampled.metric.title
    heading = title[:1].upper() + title[1:]
    if not analysis.influences:
        return Section(heading, text=[sentences.nothing(analysis)])
    return Section(heading, cards=list(_cards(analysis)))


def _cards(analysis: Analysis) -> Iterator[Card]:
    name = analysis.sampled.metric.name
    sobol = analysis.influences[0].first is not None
    yield Card(
        f"influence-{name}",
        "Influence of each key",
        "Share of the variance between points: alone, and with all interactions."
        if sobol
        else "Mean change, signs aside, when the key goes over its range.",
        _bars(analysis),
        " ".join(filter(None, [sentences.leading(analysis), sentences.unfelt(analysis)])),
    )
    if not sobol:
        yield Card(
            f"spread-{name}",
            "Straight or bent, alone or together",
            "High up: the effect of the key depends on its level or on other keys.",
            _scatter(analysis),
            sentences.leading(analysis),
        )
    yield Card(
        f"convergence-{name}",
        "Enough samples?",
        "The same, from an eighth, a quarter, half and all of the sample, with 95 % intervals.",
        _growth(analysis),
        " ".join(
            filter(
                None,
                [
                    sentences.convergence(analysis),
                    sentences.together(analysis),
                    sentences.luck(analysis),
                ],
            )
        ),
    )


def _bars(analysis: Analysis) -> go.Figure:
    figure = go.Figure()
    names = [one.key for one in analysis.influences]
    _add_bars(figure, names, [one.total for one in analysis.influences], _total(analysis), 0)
    firsts = [one.first for one in analysis.influences if one.first is not None]
    if firsts:
        _add_bars(figure, names, firsts, "alone (first order)", 2)
    style(figure, rows_height(2 * len(names)) + 40)
    figure.update_layout(barmode="group", bargap=0.3, legend_traceorder="reversed")
    figure.update_xaxes(title=_axis(analysis), zeroline=True, zerolinecolor=INK)
    row_axis(figure, names)
    return figure


def _add_bars(
    figure: go.Figure, names: Sequence[str], found: Sequence[Interval], name: str, shade: int
) -> None:
    figure.add_trace(
        go.Bar(
            x=[interval.value for interval in found],
            y=list(names),
            orientation="h",
            name=name,
            error_x=error_bars(found),
            marker_color=SERIES[shade],
            hovertemplate=f"{name}: %{{x:.3g}}<extra>%{{y}}</extra>",
        )
    )


def _total(analysis: Analysis) -> str:
    sobol = analysis.influences[0].first is not None
    return "with interactions (total)" if sobol else "mean absolute effect"


def _axis(analysis: Analysis) -> str:
    if analysis.influences[0].first is not None:
        return "Share of the variance between points"
    metric = analysis.sampled.metric
    return f"Change of {metric.title}" + (" (share of runs)" if metric.share else "")


def _scatter(analysis: Analysis) -> go.Figure:
    figure = go.Figure()
    for k, one in enumerate(analysis.influences):
        figure.add_trace(
            go.Scatter(
                x=[one.total.value],
                y=[one.spread],
                name=one.key,
                mode="markers",
                marker={"size": 12, "color": colour(k), "symbol": symbol(k)},
                error_x=error_bars([one.total]),
                hovertemplate=f"{one.key}: %{{x:.3g}}, spread %{{y:.3g}}<extra></extra>",
            )
        )
    style(figure, 440)
    figure.update_xaxes(title="Mean absolute effect", rangemode="tozero")
    figure.update_yaxes(title="Spread of the effect", rangemode="tozero")
    return figure


def _growth(analysis: Analysis) -> go.Figure:
    figure = go.Figure()
    sizes = [float(n) for n, _ in analysis.growth]
    order = {key: at for at, key in enumerate(analysis.sampled.keys)}
    for k, one in enumerate(analysis.influences):
        found = [totals[order[one.key]] for _, totals in analysis.growth]
        figure.add_traces(
            band(sizes, found, shade=colour(k), name=one.key, mark=symbol(k), form=".3g")
        )
    style(figure, 440)
    what = "base samples" if one_is_sobol(analysis.influences) else "trajectories"
    figure.update_xaxes(title=f"Number of {what}", type="log", tickvals=sizes)
    figure.update_yaxes(title=_total(analysis).capitalize())
    return figure


def one_is_sobol(influences: Sequence[Influence]) -> bool:
    """Return whether these are Sobol' indices rather than Morris' effects."""
    return influences[0].first is not None
