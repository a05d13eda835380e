"""Enough runs: rounds follow from the runs so far, and stop when intervals are narrow."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.designs.axis import listing
from experiments.designs.design import Design, Until, make_design
from experiments.designs.sequential import Count, Rounds
from experiments.statistics import mean_interval, wilson
from sim.crisis_file import load_crisis
from sim.errors import InputError

TWO_STATES = load_crisis("two-states")


def designed(until: Until | None, replicates: int = 20) -> Design:
    """Return a design of two points."""
    axes = (listing("honour", (0.0, 2.0)),)
    return make_design(TWO_STATES, replicates=replicates, axes=axes, until=until)


def played(rounds: Rounds, share: dict[float, int]) -> dict[float, int]:
    """Return runs by level, where every ``share``-th run at a level ends on the off-ramp."""
    made = dict.fromkeys(share, 0)
    for specs in rounds:
        for spec in specs:
            level = float(dict(spec.settings)["honour"])
            assert spec.replicate == made[level]
            made[level] += 1
            outcome = "off_ramp" if spec.replicate % share[level] == 0 else "war"
            rounds.take(spec, {"outcome": outcome})
    return made


def test_without_a_rule_there_is_one_round() -> None:
    """A design without a stopping rule makes its own runs and no more."""
    assert played(Rounds(designed(None)), {0.0: 2, 2.0: 2}) == {0.0: 20, 2.0: 20}


def test_points_get_runs_until_their_interval_is_narrow() -> None:
    """A point that is all one way stops early, one that is half and half needs more."""
    rounds = Rounds(designed(Until("off_ramp", 0.05)))
    made = played(rounds, {0.0: 1, 2.0: 2})
    assert made[0.0] < 80 and 380 < made[2.0] < 600
    assert rounds.short() == []
    assert rounds.size == rounds.made == sum(made.values())
    assert wilson(made[2.0] // 2, made[2.0]).half_width <= 0.05


def test_a_point_is_given_up_at_the_most_and_told() -> None:
    """A point that stays too wide gets the most runs allowed and is named with its interval."""
    rounds = Rounds(designed(Until("off_ramp", 0.01, most=100)))
    assert played(rounds, {0.0: 2, 2.0: 3}) == {0.0: 100, 2.0: 100}
    first, second = rounds.short()
    assert first.settings == (("honour", 0.0),)
    assert first.runs == second.runs == 100
    assert first.interval == wilson(50, 100)


def test_failed_runs_count_as_made_and_say_nothing() -> None:
    """A point whose every run fails ends at the most, its interval unknown."""
    rounds = Rounds(designed(Until("deaths", 1.0, most=30)))
    for specs in rounds:
        for spec in specs:
            rounds.take(spec, None)
    assert [short.runs for short in rounds.short()] == [30, 30]
    assert all(short.interval.half_width == float("inf") for short in rounds.short())


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30))
def test_means_are_counted_as_they_come(values: list[float]) -> None:
    """Values counted one by one give the mean and variance of all."""
    count = Count()
    for value in values:
        count.add(value)
    mean = sum(values) / len(values)
    assert count.mean == pytest.approx(mean, abs=1e-9)
    squares = sum((value - mean) ** 2 for value in values)
    assert count.squares == pytest.approx(squares, rel=1e-6, abs=1e-6)
    interval = mean_interval(count.known, count.mean, count.squares)
    assert interval.low <= interval.value <= interval.high


@pytest.mark.parametrize(
    ("until", "message"),
    [
        (Until("wars", 0.1), "'wars' is no metric"),
        (Until("war", 0.0), "more than 0"),
        (Until("war", 0.1, 5), "at most 5 runs a point, expected 20 or more"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(until: Any, message: str) -> None:
    """An unknown metric, an empty interval and too small a most are refused."""
    with pytest.raises(InputError, match=message):
        designed(until)
