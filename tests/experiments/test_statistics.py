"""Intervals and summaries against numbers known from elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.statistics import (
    MANY,
    bootstrap_mean,
    clustered_share,
    paired_share_difference,
    quantiles,
    shares,
    summary,
    unpaired_share_difference,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), Statistics in Medicine 17: 857, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    successes: int, trials: int, low: float, high: float
) -> None:
    """Wilson's interval is the one that Newcombe tabulates."""
    found = wilson(successes, trials)
    assert found.value == successes / trials
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_mirrors(case: tuple[int, int]) -> None:
    """The interval lies in [0, 1], holds the share, and mirrors when success and failure swap."""
    successes, trials = case
    found, mirrored = wilson(successes, trials), wilson(trials - successes, trials)
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    assert found.low == pytest.approx(1.0 - mirrored.high, abs=1e-12)


def test_no_trials_tell_nothing() -> None:
    """Without trials the share is unknown and anything is possible."""
    found = wilson(0, 0)
    assert math.isnan(found.value)
    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(successes: int, trials: int) -> None:
    """More successes than trials, or fewer than none, are no share."""
    with pytest.raises(ValueError, match="expected 0 to 3"):
        wilson(successes, trials)


def test_shares_name_what_never_happened() -> None:
    """A name without any value has the share 0, with an interval that says how sure that is."""
    found = shares(["war", "war", "off_ramp", "off_ramp"], ("off_ramp", "war", "absorbed"))
    assert [share.value for share in found.values()] == [0.5, 0.5, 0.0]
    assert found["absorbed"].high > 0.3


def test_quantiles_are_those_of_numpy_and_none_for_nothing() -> None:
    """Quantiles interpolate linearly; an empty sample has none, nor a mean."""
    assert quantiles(range(101))["q05"] == 5.0
    assert summary([1.0, 2.0, 6.0])["mean"] == 3.0
    assert set(summary([]).values()) == {None}


def test_identical_levels_show_no_difference_and_no_false_certainty() -> None:
    """If no pair changes, the difference is 0, and a share's interval still has a width."""
    same = [True, False] * 30
    found = paired_share_difference(same, same)
    assert found.value == 0.0
    assert found.low < 0.0 < found.high


def test_share_difference_matches_agresti_and_min() -> None:
    """Half a pair is added to each cell: 16 gained, 4 lost of 100 pairs, by hand."""
    base = [True] * 4 + [False] * 16 + [True] * 40 + [False] * 40
    other = [False] * 4 + [True] * 16 + [True] * 40 + [False] * 40
    found = paired_share_difference(base, other)
    centre = 12 / 102
    reach = 1.959964 * math.sqrt(21 - 12 * 12 / 102) / 102
    assert found.value == pytest.approx(0.12)
    assert found.low == pytest.approx(centre - reach, abs=1e-6)
    assert found.high == pytest.approx(centre + reach, abs=1e-6)


def test_unpaired_share_difference_covers_the_truth() -> None:
    """The interval of two samples holds the true difference in about 95 % of experiments."""
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(400):
        found = unpaired_share_difference(rng.random(60) < 0.3, rng.random(60) < 0.5)
        held += found.low <= 0.2 <= found.high
    assert 0.92 <= held / 400 <= 0.99


def test_pairs_must_come_in_equal_numbers() -> None:
    """Samples of different lengths do not pair one to one."""
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_share_difference([1.0], [1.0, 0.0])


def test_runs_that_go_together_count_as_one() -> None:
    """Ten copies of each run know no more than the runs: the interval is that of the runs alone."""
    runs = np.array([1.0] * 30 + [0.0] * 70)
    copied = clustered_share(np.repeat(runs, 10), np.repeat(np.arange(100), 10))
    alone = wilson(30, 100)
    assert copied.value == pytest.approx(alone.value)
    assert copied.low == pytest.approx(alone.low, abs=1e-3)
    assert copied.high == pytest.approx(alone.high, abs=1e-3)


def test_clusters_without_likeness_leave_the_interval_as_it_is() -> None:
    """If the values of a cluster have nothing in common, all of them count."""
    values = (np.random.default_rng(3).random(4000) < 0.3).astype(float)
    found = clustered_share(values, np.repeat(np.arange(1000), 4))
    assert found.half_width == pytest.approx(wilson(int(values.sum()), 4000).half_width, rel=0.08)


def test_one_run_a_cluster_is_wilsons_interval() -> None:
    """Where no runs go together, nothing is changed."""
    values = np.array([1.0, 0.0, 0.0, 1.0, 1.0])
    assert clustered_share(values, np.arange(5)) == wilson(3, 5)


def test_clusters_that_all_agree_are_as_sure_as_their_number() -> None:
    """A share of nil over 20 clusters of 5 is known as well as over 20 runs, not 100."""
    found = clustered_share(np.zeros(100), np.repeat(np.arange(20), 5))
    assert found == wilson(0, 20)


def test_the_bootstrap_interval_covers_the_mean_of_a_skewed_sample() -> None:
    """It holds the true mean of lognormal samples in about 95 % of experiments."""
    rng = np.random.default_rng(4)
    truth = math.exp(0.5 * 0.8**2)
    found = [bootstrap_mean(rng.lognormal(0.0, 0.8, 80)) for _ in range(200)]
    assert 0.90 <= sum(i.low <= truth <= i.high for i in found) / 200 <= 0.99


def test_the_bootstrap_gives_the_same_interval_twice() -> None:
    """Its own luck is fixed: the same values give the same page."""
    values = np.random.default_rng(5).normal(size=50)
    assert bootstrap_mean(values) == bootstrap_mean(values)


def test_many_values_take_the_normal_interval_that_the_bootstrap_tends_to() -> None:
    """On either side of the bound the intervals are alike."""
    values = np.random.default_rng(6).exponential(size=MANY)
    one, other = bootstrap_mean(values), bootstrap_mean(values[:-1])
    assert one.half_width == pytest.approx(other.half_width, rel=0.08)


def test_equal_values_have_a_mean_without_spread_and_one_value_none() -> None:
    """Constant values are known exactly; a single one says nothing of the mean."""
    assert bootstrap_mean(np.full(9, 2.0)) == (2.0, 2.0, 2.0)
    assert not math.isfinite(bootstrap_mean(np.array([1.0])).low)
