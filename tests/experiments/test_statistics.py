"""Intervals and summaries against numbers known from elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.statistics import (
    mean_difference,
    quantiles,
    share_difference,
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


def test_pairing_narrows_what_luck_has_in_common() -> None:
    """If a run's luck moves both levels alike, pairs show the effect that single runs hide."""
    luck = np.random.default_rng(1).normal(0.0, 10.0, 200)
    found = mean_difference(luck, luck + 1.0 + 0.1 * np.sin(luck))
    assert found.paired.excludes_zero
    assert not found.unpaired.excludes_zero
    assert found.narrowing > 0.9


def test_identical_levels_show_no_difference_and_no_false_certainty() -> None:
    """If no pair changes, the difference is 0, and a share's interval still has a width."""
    same = [True, False] * 30
    found = share_difference(same, same)
    assert (found.changed, found.paired.value) == (0.0, 0.0)
    assert found.paired.low < 0.0 < found.paired.high


def test_share_difference_matches_agresti_and_min() -> None:
    """Half a pair is added to each cell: 16 gained, 4 lost of 100 pairs, by hand."""
    base = [True] * 4 + [False] * 16 + [True] * 40 + [False] * 40
    other = [False] * 4 + [True] * 16 + [True] * 40 + [False] * 40
    found = share_difference(base, other).paired
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
        mean_difference([1.0], [1.0, 2.0])
