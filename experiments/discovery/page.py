"""The page of a discovery: the region, how it was found, the tree, and the worst runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from experiments.discovery import sentences
from experiments.discovery.boxes import Box, Limit, overall
from experiments.discovery.cases import Cases
from experiments.discovery.tree import Leaf
from experiments.discovery.worst import Worst
from experiments.pages.figures import (
    INK,
    PALE,
    SERIES,
    error_bars,
    row_axis,
    rows_height,
    style,
)
from experiments.pages.layout import Card, Page, Section, Table
from experiments.words import number, several, words

METHOD = (
    "Regions are found by PRIM (Friedman & Fisher 1999) in the EMA Workbench and the tree is grown "
    "by scikit-learn, both on the runs of half of the points; all shares, with 95 % intervals, are "
    "of the other half. Coverage is the share of all cases that a region holds, density the share "
    "of its runs that are cases. A key is dropped from a region where it raises the density by no "
    "more than chance (Bryant & Lempert 2010); a region is dropped unless it is denser than the "
    "whole, replicate by replicate, on the held-out points."
)
MOST_DRAWN = 3_000
"""Runs of a scatter at most; more are thinned evenly."""


def page_of(cases: Cases, box: Box | None, leaves: Sequence[Leaf], worst: Sequence[Worst]) -> Page:
    """Return the page of a discovery."""
    lead = (
        f"{several(len(cases.case), 'run')} at {several(cases.points, 'point')}; "
        f"{sentences.how_many(cases)}."
    )
    found = Section(
        "Where they gather",
        warnings=cases.notes,
        text=[] if box else [sentences.about_box(cases, box)],
        cards=list(_box_cards(cases, box)) if box else [],
    )
    return Page(
        f"{_title(cases)}: where runs {cases.happened}",
        lead,
        [found, *_tree(cases, leaves), _worst(worst)],
        METHOD,
    )


def _title(cases: Cases) -> str:
    source = cases.sources[0]
    content = source.told.get("crisis_content", {})
    return str(content.get("title") or source.frame["crisis"].iloc[0])


def _box_cards(cases: Cases, box: Box) -> Iterator[Card]:
    yield Card(
        "region",
        "The region",
        "Each dot is a run, coloured where it is a case; the frame is the region.",
        _scatter(cases, box),
        sentences.about_box(cases, box),
    )
    yield Card(
        "peeling",
        "How it was found",
        "Each dot is a box on PRIM's way, from all runs to few; on the half it was found from.",
        _trajectory(cases, box),
        f"Of {several(len(box.trajectory), 'box', 'boxes')} that one was kept which holds most of "
        "the cases beyond its share of the runs.",
    )


def _scatter(cases: Cases, box: Box) -> go.Figure:
    """Return the runs over the two keys that the box restricts most, or over one of them twice."""
    settings = cases.settings
    limits = [*box.limits[:2]]
    free = [key for key in cases.keys if key not in {limit.key for limit in limits}]
    keys = [limit.key for limit in limits] + free
    across, up = keys[0], keys[1] if len(keys) > 1 else keys[0]
    step = -(-len(settings) // MOST_DRAWN)
    figure = go.Figure()
    for flag, name, shade in ((False, "others", PALE), (True, f"runs that {cases.happened}", "")):
        rows = np.flatnonzero(cases.case == flag)[::step]
        figure.add_trace(
            go.Scatter(
                x=settings[across].iloc[rows].tolist(),
                y=settings[up].iloc[rows].tolist(),
                name=name,
                mode="markers",
                marker={"size": 6, "color": shade or SERIES[1], "opacity": 0.7 if flag else 0.4},
                hovertemplate="%{x}, %{y}<extra></extra>",
            )
        )
    style(figure, 480)
    _frame(figure, settings, across, up, box.limits)
    figure.update_xaxes(title=across)
    figure.update_yaxes(title=up)
    return figure


def _frame(
    figure: go.Figure, settings: pd.DataFrame, across: str, up: str, limits: Sequence[Limit]
) -> None:
    """Draw the box, where both of its keys are numbers."""
    by_key = {limit.key: limit for limit in limits}
    if not all(pd.api.types.is_numeric_dtype(settings[key]) for key in (across, up)):
        return
    (x0, x1), (y0, y1) = (_ends(by_key.get(key), settings[key]) for key in (across, up))
    figure.add_shape(
        type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line={"color": INK, "width": 2}, layer="above"
    )


def _ends(limit: Limit | None, column: pd.Series) -> tuple[float, float]:
    low = limit.low if limit is not None and limit.low is not None else column.min()
    high = limit.high if limit is not None and limit.high is not None else column.max()
    return float(low), float(high)


def _trajectory(cases: Cases, box: Box) -> go.Figure:
    figure = go.Figure()
    coverage, density = zip(*box.trajectory, strict=True)
    figure.add_trace(
        go.Scatter(
            x=list(coverage), y=list(density), name="boxes on the way", mode="lines+markers",
            line={"color": PALE}, marker={"size": 6, "color": PALE},
            hovertemplate="coverage %{x:.1%}, density %{y:.1%}<extra></extra>",
        )
    )  # fmt: skip
    for name, x, y, shade, mark in (
        ("kept", coverage[box.chosen], density[box.chosen], SERIES[0], "circle"),
        (
            "kept, on the held-out points",
            box.judged.coverage,
            box.judged.density.value,
            SERIES[1],
            "diamond",
        ),
    ):
        figure.add_trace(
            go.Scatter(
                x=[x], y=[y], name=name, mode="markers",
                marker={"size": 13, "color": shade, "symbol": mark},
                hovertemplate=f"{name}: coverage %{{x:.1%}}, density %{{y:.1%}}<extra></extra>",
            )
        )  # fmt: skip
    figure.add_hline(y=overall(cases).density.value, line={"color": INK, "width": 1, "dash": "dot"})
    style(figure, 440)
    figure.update_xaxes(title="Coverage", tickformat=".0%", range=[0, 1.03])
    figure.update_yaxes(title="Density", tickformat=".0%", rangemode="tozero")
    return figure


def _tree(cases: Cases, leaves: Sequence[Leaf]) -> Iterator[Section]:
    shown = [leaf for leaf in leaves if leaf.judged.runs]
    if len(shown) <= 1:
        yield Section("The space as a tree", text=[sentences.about_tree(cases, list(leaves))])
        return
    figure = go.Figure()
    names = [sentences.where(leaf.limits).replace(" and ", "<br>and ") for leaf in shown]
    densities = [leaf.judged.density for leaf in shown]
    figure.add_trace(
        go.Bar(
            x=[interval.value for interval in densities],
            y=names,
            orientation="h",
            name="share of runs",
            error_x=error_bars(densities),
            marker_color=SERIES[0],
            hovertemplate="%{x:.1%}<extra></extra>",
        )
    )
    style(figure, rows_height(2 * len(shown)), legend=False)
    figure.update_xaxes(title=f"Share of runs that {cases.happened}", tickformat=".0%")
    row_axis(figure, names)
    card = Card(
        "tree",
        "Leaves of a shallow tree",
        "Each row is a part of the space; together they are all of it. Shares are held out.",
        figure,
        sentences.about_tree(cases, list(leaves)),
    )
    yield Section("The space as a tree", cards=[card])


def _worst(worst: Sequence[Worst]) -> Section:
    heads = ("Ended in", "Severity", "Deaths", "Peak rung", "The command that tells it")
    rows = [
        (
            words(str(run.row["outcome"])),
            number(float(run.row["rivera_severity"])),
            number(float(run.row["deaths"])),
            number(float(run.row["peak_rung"])),
            f"$ {run.command}",
        )
        for run in worst
    ]
    note = sentences.about_commands(list(worst))
    return Section(
        "The most escalatory runs", text=[note] if note else [], table=Table(heads, rows)
    )
