"""The plots of a comparison that run over time: to war, to quiet, and up and down the ladder."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from experiments.comparison import courses
from experiments.comparison.groups import Comparison, Group
from experiments.pages.figures import SERIES, SHADES, band, day_marks, style

CURVES = 6
"""Groups of which a plot shows curves at most."""
CONTRASTED = 3
"""Curves up to which colours differ as much as they can; more go from dark to light."""
CALM = "#efefea"


def shown_over_time(comparison: Comparison, most: int = CURVES) -> list[Group]:
    """Return the groups of which curves are shown: all if they are few, else some and the ends."""
    groups = list(comparison.groups)
    if len(groups) <= most:
        return groups
    return [groups[round(i * (len(groups) - 1) / (most - 1))] for i in range(most)]


def survival_plot(comparison: Comparison, event: str) -> go.Figure:
    """Return the share of runs that have not come to war, or to quiet, over time."""
    figure = go.Figure()
    groups = shown_over_time(comparison)
    hours = courses.moments(groups, event)
    shades = SHADES[:-2][:: -max(1, 8 // len(groups))] if len(groups) > CONTRASTED else SERIES
    for k, group in enumerate(groups):
        found = courses.surviving(group, event, hours)
        figure.add_traces(
            band(list(hours), found, shade=shades[k], name=group.name, mark="circle", step=True)
        )
    style(figure, 420)
    figure.update_xaxes(
        title="Time from the start", range=[0, float(hours[-1])], **day_marks(float(hours[-1]))
    )
    what = "Share without war" if event == "war" else "Share not yet quiet"
    figure.update_yaxes(title=what, tickformat=".0%", rangemode="tozero")
    if event == "war":
        lows = [min(i.low for i in courses.surviving(g, event, hours[-1:])) for g in groups]
        figure.update_yaxes(range=[max(0.0, min(lows) - 0.02), 1.005])
    return figure


def occupancy_plot(comparison: Comparison) -> go.Figure:
    """Return on which rung runs stand over time, in the first group and in the last."""
    groups = shown_over_time(comparison, 2)
    hours = courses.moments(groups)
    figure = make_subplots(
        1, len(groups), shared_yaxes=True, subplot_titles=[group.name for group in groups]
    )
    told = set()
    for k, group in enumerate(groups):
        for name, share in courses.occupancy(group, hours).items():
            shade = CALM if name == courses.QUIET else SHADES[10 - int(name.split()[0])]
            figure.add_trace(
                go.Scatter(
                    x=list(hours), y=list(share), name=name, legendgroup=name,
                    showlegend=name not in told, stackgroup=group.name, mode="lines",
                    line={"width": 0, "color": shade}, fillcolor=shade,
                    hovertemplate=f"{name}: %{{y:.1%}}<extra></extra>",
                    legendrank=1000 + (0 if name == courses.QUIET else 1 + int(name.split()[0])),
                ),
                row=1,
                col=k + 1,
            )  # fmt: skip
            told.add(name)
    style(figure, 460)
    figure.update_layout(margin_t=110, legend_y=1.12)
    figure.update_xaxes(title="Time from the start", **day_marks(float(hours[-1])))
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return figure
