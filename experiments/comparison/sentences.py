"""What a comparison shows, in plain words made from the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.comparison.groups import Comparison, Contrast, Group
from experiments.comparison.measures import MEASURES, SEVERE, Difference, Measure, difference
from experiments.statistics import Interval, wilson
from experiments.words import duration, listed, number, percent, several, words
from sim.outcome import OUTCOMES

FEW = 50
"""Runs in a group below which its figures are too uncertain to rest on."""
WIDE = 0.1
"""Half-width of the interval of a share above which the same holds."""

MOST_NAMED = 3
"""Groups that a warning names one by one."""
FELT = 0.02
"""Narrowing of an interval below which pairing is not said to have helped."""
NEARLY_ALL = 0.99
ENDS = (0, -1)
MINUS = "\N{MINUS SIGN}"

_BY_NAME = {measure.name: measure for measure in MEASURES}


def share_of(group: Group, measure: Measure) -> Interval:
    """Return the share of a group's runs for which a yes-or-no measure holds."""
    return wilson(int(measure.read(group.frame).sum()), group.runs)


def about_outcomes(comparison: Comparison) -> str:
    """Return how off-ramps and wars differ between the groups of the headlines."""
    parts = [
        _share_sentence(headline, _BY_NAME[name])
        for headline in comparison.headlines
        for name in ("off_ramp", "war")
    ]
    if not parts:
        parts = [_alone(comparison.groups[0])]
    parts += [_between(comparison), _never(comparison)]
    return " ".join(part for part in parts if part)


def about_latency(comparison: Comparison) -> str:
    """Return how fast the first response comes."""
    return _mean_sentences(comparison, _BY_NAME["latency"])


def about_deaths(comparison: Comparison) -> str:
    """Return how many die."""
    return _mean_sentences(comparison, _BY_NAME["deaths"])


def about_peaks(comparison: Comparison) -> str:
    """Return how often runs peak at rung 8 or above."""
    if not comparison.headlines:
        found = share_of(comparison.groups[0], SEVERE)
        return f"{_capital(_share(found))} of runs {SEVERE.phrase}."
    return " ".join(_share_sentence(headline, SEVERE) for headline in comparison.headlines)


def about_pairs(comparison: Comparison, measure: Measure) -> str:
    """Return what the pairs of runs that share their luck say of one measure."""
    told = [_pair_sentence(headline, measure) for headline in comparison.headlines]
    return " ".join(told)


def warnings(comparison: Comparison) -> list[str]:
    """Return plain warnings where runs are too few, at most one of each kind."""
    few = [group for group in comparison.groups if group.runs < FEW]
    wide = [
        group
        for group in comparison.groups
        if group not in few
        and max(wilson(int((group.frame["outcome"] == o).sum()), group.runs).half_width
                for o in OUTCOMES) > WIDE
    ]  # fmt: skip
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


def _runs(groups: Sequence[Group]) -> str:
    if len(groups) > MOST_NAMED:
        fewest = min(group.runs for group in groups)
        return f"{several(len(groups), 'level')}, the smallest with {several(fewest, 'run')}"
    return listed([f"{several(group.runs, 'run')} {_with(group)}" for group in groups])


def _alone(group: Group) -> str:
    off_ramp, war = (share_of(group, _BY_NAME[name]) for name in ("off_ramp", "war"))
    return f"{_capital(_share(off_ramp))} of runs ended on the off-ramp, {_share(war)} in war."


def _share(found: Interval) -> str:
    return f"{percent(found.value)} ({100 * found.low:.0f} to {100 * found.high:.0f} %)"


def _with(group: Group) -> str:
    return f"in {group.name}" if group.level is None else f"with {group.name}"


def _share_sentence(headline: Contrast, measure: Measure) -> str:
    base, other = (share_of(group, measure) for group in (headline.base, headline.other))
    return (
        f"{_capital(_with(headline.base))}, {_share(base)} of runs {measure.phrase}; "
        f"{_with(headline.other)}, {_share(other)}. {_judged(headline, measure)}"
    )


def _judged(headline: Contrast, measure: Measure) -> str:
    """Return whether a difference is more than chance explains."""
    found = difference(headline, measure).interval
    if not math.isfinite(found.low):
        return "There are too few values to compare."
    if found.value == found.half_width == 0.0:
        return "That is no difference."
    span = f"95 % interval {_amount(measure, found.low)} to {_amount(measure, found.high)}"
    size = _size(measure, abs(found.value))
    way = "rise" if found.value > 0.0 else "fall"
    if not found.excludes_zero:
        told = "no difference" if found.value == 0.0 else f"a {way} of {size}"
        return f"That is {told}; chance alone can give as much ({span})."
    return f"That is a {way} of {size}, more than chance explains ({span})."


def _size(measure: Measure, value: float) -> str:
    if measure.share:
        points = f"{100 * value:.1f}".removesuffix(".0")
        return f"{points} point{'' if points == '1' else 's'}"
    if measure.name == "latency":
        return duration(value)
    return f"{number(value)} {measure.unit}"


def _amount(measure: Measure, value: float) -> str:
    sign = "+" if value >= 0.0 else MINUS
    if measure.share:
        return f"{sign}{100 * abs(value):.1f}"
    if measure.name == "latency":
        return sign + duration(abs(value))
    return f"{sign}{abs(value):,.1f}"


def _between(comparison: Comparison) -> str:
    """Return where between the ends the off-ramp share clearly peaks or dips, "" if nowhere."""
    groups, measure = comparison.groups, _BY_NAME["off_ramp"]
    if len(comparison.series) > 1 or len(groups) <= len(ENDS):
        return ""
    found = [share_of(group, measure) for group in groups]
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


def _mean_sentences(comparison: Comparison, measure: Measure) -> str:
    if not comparison.headlines:
        return f"{_capital(_middle(comparison.groups[0], measure))}."
    return " ".join(
        f"{_capital(_with(headline.base))}, {_middle(headline.base, measure)}; "
        f"{_with(headline.other)}, {_middle(headline.other, measure)}. "
        f"{_mean_judged(headline, measure)}"
        for headline in comparison.headlines
    )


def _middle(group: Group, measure: Measure) -> str:
    values = measure.read(group.frame).dropna()
    if values.empty:
        return "no run has a first response" if measure.name == "latency" else "nothing is known"
    form = duration if measure.name == "latency" else number
    what = "first response" if measure.name == "latency" else "toll"
    return (
        f"the median {what} is {form(float(values.median()))}, "
        f"the mean {form(float(values.mean()))}"
    )


def _mean_judged(headline: Contrast, measure: Measure) -> str:
    text = _judged(headline, measure)
    return text.replace("That is", "Of the means, that is", 1)


def _pair_sentence(headline: Contrast, measure: Measure) -> str:
    found: Difference = difference(headline, measure)
    pair = found.paired
    if pair is None or pair.pairs == 0:
        return f"No runs of {headline.base.name} and {headline.other.name} pair on this."
    sides = f"From {headline.base.name} to {headline.other.name}"
    pairs = several(pair.pairs, "pair")
    if pair.changed == 0.0:
        return (
            f"{sides}, this differs in none of {pairs}. "
            "As far as these runs can tell, it makes no difference here."
        )
    changed = f"{sides}, this differs in {percent(pair.changed)} of {pairs}."
    return f"{changed} {_judged(headline, measure)} {_narrowed(pair.narrowing)}"


def _narrowed(narrowing: float) -> str:
    if narrowing < FELT:
        return "Pairing did not narrow the interval."
    told = "over 99 %" if narrowing > NEARLY_ALL else percent(narrowing)
    return (
        f"Pairing made the interval {told} narrower than the same runs "
        "with unrelated luck would have given."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
