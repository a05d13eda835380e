"""What a comparison shows, in plain words made from the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.comparison import courses
from experiments.comparison.differences import Difference, difference, share_of
from experiments.comparison.groups import Comparison, Contrast, Group
from experiments.metrics import METRICS, Metric, outcome_metric
from experiments.statistics import Interval
from experiments.words import (
    duration,
    listed,
    number,
    percent,
    percent_interval,
    several,
    signed,
    words,
)
from sim.outcome import OUTCOMES

FEW = 50
"""Runs in a group below which its figures are too uncertain to rest on."""
WIDE = 0.1
"""Half-width of the interval of a share above which the same holds."""
MOST_NAMED = 3
"""Groups that a warning names one by one."""
FELT = 0.05
"""Share of the variance from which pairing is said to have saved some, or to have added."""
ENDS = (0, -1)
HIGH = 6
"""Rung from which a crisis is said to stand high on the ladder: overt strikes."""


def about_outcomes(comparison: Comparison) -> str:
    """Return how off-ramps and wars differ between the groups of the headlines."""
    parts = [
        _share_sentence(headline, METRICS[name])
        for headline in comparison.headlines
        for name in ("off_ramp", "war")
    ]
    if not parts:
        parts = [_alone(group) for group in comparison.groups]
    parts += [_between(comparison), _never(comparison)]
    return " ".join(part for part in parts if part)


def about_metric(comparison: Comparison, metric: Metric) -> str:
    """Return how a share or a number differs between the groups of the headlines."""
    if metric.share:
        if not comparison.headlines:
            return " ".join(_one_share(group, metric) for group in comparison.groups)
        return " ".join(_share_sentence(headline, metric) for headline in comparison.headlines)
    if not comparison.headlines:
        return " ".join(f"{_middle(group, metric)}." for group in comparison.groups)
    return " ".join(
        f"{_middle(headline.base, metric)}; {_lower(_middle(headline.other, metric))}. "
        f"{_judged(headline, metric).replace('That is', 'Of the means, that is', 1)}"
        for headline in comparison.headlines
    )


def about_wars(comparison: Comparison) -> str:
    """Return how many runs come to war, and when half of those that do have come to it."""
    parts = []
    for group in _ends(comparison):
        found = share_of(group, METRICS["war"])
        hours = [hour for hour in courses.hours_to(group.frame, "war") if not math.isnan(hour)]
        if not hours:
            parts.append(f"{_capital(_with(group))}, no run came to war{_at_most(found)}.")
            continue
        middle = duration(sorted(hours)[(len(hours) - 1) // 2])
        parts.append(
            f"{_capital(_with(group))}, {_share(found)} of runs came to war, "
            f"half of them within {middle}."
        )
    return " ".join([*parts, *_judgements(comparison, METRICS["war"])])


def about_quiet(comparison: Comparison) -> str:
    """Return when half of the runs are quiet for good."""
    parts = []
    for group in _ends(comparison):
        middle = courses.median_hours(group, courses.QUIET)
        never = percent(float(group.frame["time_to_quiet_h"].isna().mean()))
        told = (
            "fewer than half of the runs became quiet"
            if middle is None
            else f"half of the runs were quiet within {duration(middle)}"
        )
        parts.append(f"{_capital(_with(group))}, {told}; {never} never were.")
    return " ".join(parts)


def about_occupancy(comparison: Comparison) -> str:
    """Return for how much of the time runs stand on a rung of overt strikes or above."""
    groups = _ends(comparison)
    hours = courses.moments(groups)
    parts = []
    for group in groups:
        shares = courses.occupancy(group, hours)
        high = sum(
            float(share.mean())
            for name, share in shares.items()
            if name != courses.QUIET and int(name.split()[0]) >= HIGH
        )
        parts.append(
            f"{_capital(_with(group))}, a run stood at rung {HIGH} or above for {percent(high)} "
            f"of the first {duration(float(hours[-1]))}."
        )
    return " ".join(parts)


def about_pairs(comparison: Comparison, metric: Metric) -> str:
    """Return what the pairs of runs that share their luck say of one metric."""
    return " ".join(_pair_sentence(headline, metric) for headline in comparison.headlines)


def warnings(comparison: Comparison) -> list[str]:
    """Return plain warnings where runs are too few, at most one of each kind."""
    few = [group for group in comparison.groups if group.runs < FEW]
    wide = [group for group in comparison.groups if group not in few and _widest(group) > WIDE]
    found = []
    if few:
        found.append(
            f"Too few runs: {_runs(few)}. Below {FEW} runs a level, shares are rough guesses; "
            "run more replicates before resting anything on them."
        )
    if wide:
        found.append(
            f"Wide intervals: {_runs(wide)}. A share there is known to no better than "
            f"{100 * WIDE:.0f} points either way."
        )
    return found


def _widest(group: Group) -> float:
    """Return the half-width of the widest interval of an outcome's share."""
    widths = (share_of(group, outcome_metric(outcome)).half_width for outcome in OUTCOMES)
    return max(width for width in widths)


def _runs(groups: Sequence[Group]) -> str:
    if len(groups) > MOST_NAMED:
        fewest = min(group.runs for group in groups)
        return f"{several(len(groups), 'level')}, the smallest with {several(fewest, 'run')}"
    return listed([f"{several(group.runs, 'run')} {_with(group)}" for group in groups])


def _ends(comparison: Comparison) -> list[Group]:
    """Return the groups that sentences are about: those of the headlines, or all."""
    if not comparison.headlines:
        return list(comparison.groups)
    first = comparison.headlines[0].base
    return [first, *(headline.other for headline in comparison.headlines)]


def _alone(group: Group) -> str:
    off_ramp, war = (share_of(group, METRICS[name]) for name in ("off_ramp", "war"))
    return (
        f"{_capital(_with(group))}, {_share(off_ramp)} of runs ended on the off-ramp, "
        f"{_share(war)} in war."
    )


def _one_share(group: Group, metric: Metric) -> str:
    return f"{_capital(_with(group))}, {_share(share_of(group, metric))} of runs {metric.phrase}."


def _share(found: Interval) -> str:
    return f"{percent(found.value)} ({percent_interval(found)})"


def _at_most(found: Interval) -> str:
    return f" (95 % interval up to {percent(found.high, 1)})"


def _with(group: Group) -> str:
    return f"in {group.name}" if group.level is None else f"with {group.name}"


def _share_sentence(headline: Contrast, metric: Metric) -> str:
    base, other = (share_of(group, metric) for group in (headline.base, headline.other))
    return (
        f"{_capital(_with(headline.base))}, {_share(base)} of runs {metric.phrase}; "
        f"{_with(headline.other)}, {_share(other)}. {_judged(headline, metric)}"
    )


def _judgements(comparison: Comparison, metric: Metric) -> list[str]:
    return [_judged(headline, metric) for headline in comparison.headlines]


def _judged(headline: Contrast, metric: Metric) -> str:
    """Return whether a difference is more than chance explains."""
    found = difference(headline, metric)
    interval = found.interval
    if not math.isfinite(interval.low):
        return "There are too few values to compare."
    if interval.value == interval.half_width == 0.0:
        return "That is no difference."
    span = f"95 % interval {amount(metric, interval.low)} to {amount(metric, interval.high)}"
    if interval.value == 0.0:
        return f"No difference was found ({span})."
    way = "rise" if interval.value > 0.0 else "fall"
    size = f"a {way} of {_size(metric, abs(interval.value))}"
    if not interval.excludes_zero:
        return f"That is {size}; chance alone can give as much ({span})."
    return f"That is {size}, more than chance explains ({span}). {_effect(found, metric)}"


def _effect(found: Difference, metric: Metric) -> str:
    sign = "h" if metric.share else "d"
    amount_of = signed(found.effect, f"{abs(found.effect):.2f}")
    return f"The effect is {found.effect_word} (Cohen's {sign} = {amount_of})."


def _size(metric: Metric, value: float) -> str:
    if metric.share:
        points = f"{100 * value:.1f}".removesuffix(".0")
        return f"{points} point{'' if points == '1' else 's'}"
    return duration(value) if metric.hours else number(value)


def amount(metric: Metric, value: float) -> str:
    """Return a difference with its sign: percentage points of a share, a time in its unit."""
    if not math.isfinite(value):
        return "unknown"
    if metric.share:
        return signed(value, f"{100 * abs(value):.1f}")
    return signed(value, duration(abs(value)) if metric.hours else number(abs(value)))


def _between(comparison: Comparison) -> str:
    """Return where between the ends the off-ramp share clearly peaks or dips, "" if nowhere."""
    groups, metric = comparison.groups, METRICS["off_ramp"]
    if len(comparison.series) > 1 or len(groups) <= len(ENDS):
        return ""
    found = [share_of(group, metric) for group in groups]
    ends = [found[i] for i in ENDS]
    top = max(range(1, len(groups) - 1), key=lambda i: found[i].value)
    if found[top].low > max(end.high for end in ends):
        return f"In between it is highest with {groups[top].name}: {_share(found[top])}."
    low = min(range(1, len(groups) - 1), key=lambda i: found[i].value)
    if found[low].high < min(end.low for end in ends):
        return f"In between it is lowest with {groups[low].name}: {_share(found[low])}."
    return ""


def _never(comparison: Comparison) -> str:
    seen = {outcome for group in comparison.groups for outcome in group.frame["outcome"].unique()}
    missing = [words(outcome) for outcome in OUTCOMES if outcome not in seen]
    return f"No run ended as {listed(missing).replace(' and ', ' or ')}." if missing else ""


def _middle(group: Group, metric: Metric) -> str:
    values = metric.values(group.frame).dropna()
    where = _capital(_with(group))
    if values.empty:
        return f"{where}, no run has a {metric.title}"
    form = duration if metric.hours else number
    unknown = group.runs - len(values)
    beside = f" ({several(unknown, 'run')} had none)" if unknown else ""
    return (
        f"{where}, the median of {metric.title} is {form(float(values.median()))}, "
        f"the mean {form(float(values.mean()))}{beside}"
    )


def _pair_sentence(headline: Contrast, metric: Metric) -> str:
    found = difference(headline, metric)
    sides = f"From {headline.base.name} to {headline.other.name}"
    if not found.paired:
        return f"{sides}, no runs pair on this."
    pairs = several(found.pairs, "pair")
    if found.changed == 0.0:
        return f"{sides}, this differs in none of {pairs}: no difference was found."
    changed = f"{sides}, this differs in {percent(found.changed)} of {pairs}."
    return f"{changed} {_judged(headline, metric)} {saving(found)}"


def saving(found: Difference) -> str:
    """Return what pairing did to the variance of a difference."""
    if found.saved > FELT:
        times = 1.0 / max(1.0 - found.saved, 1e-9)
        return (
            f"Pairing saved {percent(found.saved)} of the variance: with unrelated luck the same "
            f"interval would have taken {number(round(times, 1))} times the runs."
        )
    if found.saved < -FELT:
        return f"Pairing added {percent(-found.saved)} to the variance: shared luck hurt here."
    return "Pairing neither saved variance nor added any."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
