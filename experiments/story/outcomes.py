"""What many runs come to: the share of each outcome with its interval."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.pages.figures import OUTCOME_COLOURS
from experiments.statistics import Interval
from experiments.story.look import LIGHT, Drawing, Look, axis, layout
from experiments.words import OUTCOME_MEANINGS, percent, percent_interval, words

ROW = 40


def draw_outcomes(shares: Mapping[str, Interval], look: Look = LIGHT) -> Drawing:
    """Return a bar for each outcome, with its 95 % interval."""
    names = list(shares)
    rows = [f"{words(name)} " for name in names]
    found = [shares[name] for name in names]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": rows,
                "x": [share.value for share in found],
                "text": [f" {percent(s.value)} ({percent_interval(s)})" for s in found],
                "textposition": "none",
                "hovertext": [OUTCOME_MEANINGS[name] for name in names],
                "hovertemplate": "<b>%{y}</b>%{text}<br>%{hovertext}<extra></extra>",
                "marker": {
                    "color": [
                        look.ink if OUTCOME_COLOURS[name] == "#000000" else OUTCOME_COLOURS[name]
                        for name in names
                    ]
                },
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": [s.high - s.value for s in found],
                    "arrayminus": [s.value - s.low for s in found],
                    "color": look.soft,
                    "thickness": 1.5,
                },
            }
        ],
        "layout": layout(
            look,
            ROW * len(rows) + 60,
            bargap=0.35,
            xaxis=axis(look, range=[0, 1.28], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1],
                       fixedrange=True),
            yaxis=axis(look, type="category", categoryorder="array", categoryarray=rows,
                       autorange="reversed", showgrid=False, fixedrange=True),
            annotations=[
                {"x": min(1.0, share.high), "y": row, "text": f" {percent(share.value)}"
                 f" ({percent_interval(share)})", "xanchor": "left", "showarrow": False}
                for row, share in zip(rows, found, strict=True)
            ],
        ),
    }  # fmt: skip


def tell_outcomes(shares: Mapping[str, Interval], runs: int) -> str:
    """Return one sentence on the most frequent outcome and on war."""
    likeliest = max(shares, key=lambda name: shares[name].value)
    first = shares[likeliest]
    told = (
        f"Of {runs:,} runs, {percent(first.value)} ended in {words(likeliest)} "
        f"(95 % interval {percent_interval(first)})"
    )
    wars = [name for name in ("war", "regional_war") if name in shares and name != likeliest]
    rest = [
        f"{percent(shares[n].value)} in {words(n)} ({percent_interval(shares[n])})" for n in wars
    ]
    return f"{told}, {' and '.join(rest)}." if rest else f"{told}."
