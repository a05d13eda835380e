"""What an analysis of sensitivity says, in plain words made from its numbers."""

from __future__ import annotations

from experiments.sensitivity.indices import Analysis, Influence
from experiments.statistics import Interval
from experiments.words import listed, number, percent, several, signed

WIDE = 0.1
"""Half-width of an index above which more samples are wanted."""
NEARLY_ALL = 0.99
LUCKY = 0.2
"""Share of the variance that luck may have left above which more replicates are wanted."""


def about(analysis: Analysis) -> list[str]:
    """Return all that is to be said of an analysis, a sentence or two each."""
    if not analysis.influences:
        return [nothing(analysis)]
    told = [leading(analysis), unfelt(analysis), together(analysis), luck(analysis)]
    return [text for text in (*told, convergence(analysis)) if text]


def nothing(analysis: Analysis) -> str:
    """Return that the metric is the same everywhere, or nearly."""
    sampled = analysis.sampled
    if not sampled.nil:
        return (
            f"{_capital(sampled.metric.title)}: the same at all base points, and hardly different "
            "at others. That is too little for indices; more samples or wider ranges are wanted."
        )
    value = float(sampled.means[0])
    shown = percent(value) + " of runs" if sampled.metric.share else number(value) + " a run"
    return (
        f"{_capital(sampled.metric.title)}: {shown} at every one of "
        f"{several(len(sampled.means), 'point')}. No key makes a difference here, and there are "
        "no indices of that."
    )


def leading(analysis: Analysis) -> str:
    """Return which key matters most, and how much."""
    first = analysis.influences[0]
    if not first.told_from_nothing:
        return "No key can be told from one that does nothing: every interval holds 0."
    return f"{first.key} matters most: {_weight(analysis, first)}."


def _weight(analysis: Analysis, one: Influence) -> str:
    if one.first is not None:
        return (
            f"it explains {_percent(one.first)} of the variance between points alone, and "
            f"{_percent(one.total)} with its interactions"
        )
    metric = analysis.sampled.metric
    scale, unit = (100.0, " points") if metric.share else (1.0, "")
    low, high = (number(scale * end) for end in one.total[1:])
    mean = one.mean or 0.0
    return (
        f"over its range it moves {metric.title} by {number(scale * one.total.value)}{unit} on "
        f"average ({low} to {high}), {signed(mean, number(scale * abs(mean)))}{unit} with its sign"
    )


def _percent(found: Interval) -> str:
    low, high = (f"{100.0 * end:.0f}" for end in (max(0.0, found.low), max(0.0, found.high)))
    return f"{max(0.0, 100.0 * found.value):.0f} % ({low} to {high} %)"


def unfelt(analysis: Analysis) -> str:
    """Return which keys cannot be told from ones that do nothing, "" if all can or none."""
    names = [one.key for one in analysis.influences if not one.told_from_nothing]
    if not names or len(names) == len(analysis.influences):
        return ""
    return f"{listed(names)} cannot be told from a key that does nothing: the interval holds 0."


def together(analysis: Analysis) -> str:
    """Return how much the keys explain one by one, "" for a scheme that does not say."""
    found = analysis.alone
    if found is None:
        return ""
    text = f"The keys one by one explain {_percent(found)} of the variance"
    if found.high >= 1.0:
        return f"{text}: no interaction between them can be told."
    return f"{text}; the rest is what they do together, or luck."


def luck(analysis: Analysis) -> str:
    """Return how much of the variance may be luck that replicates have not averaged out."""
    sampled = analysis.sampled
    runs = f"{several(sampled.design.replicates, 'run')} a point"
    if sampled.luck > NEARLY_ALL:
        return (
            f"The points differ no more than luck over {runs} would have it, which raises all "
            "totals: make more."
        )
    wanted = ", which raises all totals: make more" if sampled.luck > LUCKY else ""
    return (
        f"About {percent(sampled.luck)} of the variance between points is luck over {runs}{wanted}."
    )


def convergence(analysis: Analysis) -> str:
    """Return whether the order of the keys held as samples grew, and how wide intervals are."""
    what = "base samples" if analysis.sampled.design.kind == "saltelli" else "trajectories"
    samples = analysis.sampled.design.samples
    if len(analysis.growth) < 2:  # noqa: PLR2004 (a half and a whole)
        return f"{samples:,} {what} are too few to see whether the indices have settled."
    held = "held" if analysis.settled else "changed"
    text = f"From {analysis.growth[-2][0]:,} to {samples:,} {what} the order of the keys {held}"
    widest = max(one.total.half_width for one in analysis.influences)
    if analysis.sampled.design.kind != "saltelli":
        scale, unit = (100.0, " points") if analysis.sampled.metric.share else (1.0, "")
        return f"{text}; the widest interval is ± {number(scale * widest)}{unit}."
    wanted = f", above {WIDE:g}: more samples are wanted" if widest > WIDE else ""
    return f"{text}; the widest interval is ± {widest:.2f}{wanted}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
