"""Keyed random numbers are as good as random, and quantile functions are those of the textbooks."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from agents.rules import chance
from agents.rules.harm import DISPERSION

modest = settings(deadline=None, max_examples=40)
keys = st.integers(0, chance.MASK)
uniforms = st.floats(1e-12, 1.0 - 1e-12)
means = st.floats(0.01, 300.0)
dispersions = st.floats(0.1, 50.0)

SPLITMIX_1234567 = (
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
)
"""The first outputs of SplitMix64 seeded with 1234567, as its other implementations give them."""


def draws(streams: Iterable[int], numbers: Iterable[int]) -> NDArray[np.float64]:
    """Return uniforms, one row a stream."""
    numbers = list(numbers)
    return np.array([[chance.uniform(stream, n) for n in numbers] for stream in streams])


def replicates(runs: int, purpose: int = 0) -> list[int]:
    """Return the streams of one purpose in the replicates 0, 1, 2 ... of one seed."""
    seed = chance.combine(0, 7)
    return [chance.combine(chance.combine(seed, run), purpose) for run in range(runs)]


def uniformity(sample: NDArray[np.float64], bins: int) -> float:
    """Return the p-value of the chi-square test that a sample is uniform."""
    counts, _ = np.histogram(sample, bins=bins, range=(0.0, 1.0))
    return float(stats.chisquare(counts).pvalue)


def unmixed(y: int) -> int:
    """Return the 64-bit integer whose hash is y: the mixing function is one to one."""
    for shift, factor in ((31, 0x94D049BB133111EB), (27, 0xBF58476D1CE4E5B9), (30, 1)):
        x = y
        for _ in range(64 // shift + 1):
            x = y ^ (x >> shift)
        y = (x * pow(factor, -1, 1 << 64)) & chance.MASK
    return y


def stream_that_hashes_to(bits: int) -> int:
    """Return the stream whose number 0 is made of these 64 bits."""
    return (unmixed(bits) - chance.GOLDEN_GAMMA) & chance.MASK


# The generator


def test_the_generator_is_splitmix64() -> None:
    """The numbers of a stream are those of SplitMix64 seeded with its key."""
    for n, expected in enumerate(SPLITMIX_1234567):
        assert chance.mix((1234567 + chance.GOLDEN_GAMMA * (n + 1)) & chance.MASK) == expected
        assert chance.uniform(1234567, n) == ((expected >> 12) + 0.5) / 2.0**52


@modest
@given(keys)
def test_mixing_is_one_to_one(x: int) -> None:
    """Two keys never get the same hash, since the hash can be undone."""
    assert unmixed(chance.mix(x)) == x


@modest
@given(keys, st.integers(0, 10**6))
def test_uniforms_lie_strictly_between_0_and_1(stream: int, n: int) -> None:
    """A uniform is never 0 or 1, so that every quantile of it is finite."""
    assert 0.0 < chance.uniform(stream, n) < 1.0


def test_the_largest_uniform_lies_below_1() -> None:
    """Even the key that hashes to all ones gives a uniform below 1."""
    assert chance.uniform(stream_that_hashes_to(chance.MASK), 0) == 1.0 - 2.0**-53


def test_the_smallest_uniform_lies_above_0() -> None:
    """Even the key that hashes to zero gives a uniform above 0."""
    assert chance.uniform(stream_that_hashes_to(0), 0) == 2.0**-53


def test_uniforms_are_uniform_along_a_stream() -> None:
    """The numbers of a stream spread evenly over a hundred bins."""
    sample = draws(replicates(10), range(2000))
    assert 0.001 < uniformity(sample, 100) < 0.999
    assert min(uniformity(row, 50) for row in sample) > 0.0005


def test_first_uniforms_are_uniform_across_replicates() -> None:
    """The first number of one purpose spreads evenly over replicates, as an ensemble uses it."""
    sample = draws(replicates(20_000), [0])
    assert 0.001 < uniformity(sample, 100) < 0.999
    assert sample.mean() == pytest.approx(0.5, abs=4 * np.sqrt(1 / 12 / 20_000))
    assert sample.var() == pytest.approx(1 / 12, abs=4 * np.sqrt(1 / 180 / 20_000))


def test_pairs_of_numbers_fill_the_square() -> None:
    """A number and the next of its stream spread evenly over the unit square."""
    first, second = draws(replicates(20_000), [0, 1]).T
    counts, _, _ = np.histogram2d(first, second, bins=16, range=((0, 1), (0, 1)))
    assert 0.001 < float(stats.chisquare(counts.ravel()).pvalue) < 0.999


@pytest.mark.parametrize("apart", [1, 2, 64])
def test_neighbouring_streams_are_independent(apart: int) -> None:
    """Replicates that are close in number are not close in luck: no correlation beyond noise."""
    sample = draws(replicates(40 + apart), range(500))
    left, right = sample[:-apart].ravel(), sample[apart:].ravel()
    assert abs(np.corrcoef(left, right)[0, 1]) < 4 / np.sqrt(left.size)


@pytest.mark.parametrize("lag", [1, 2, 7])
def test_numbers_of_a_stream_are_independent(lag: int) -> None:
    """A number tells nothing about those that follow it."""
    sample = draws(replicates(40), range(500))
    left, right = sample[:, :-lag].ravel(), sample[:, lag:].ravel()
    assert abs(np.corrcoef(left, right)[0, 1]) < 4 / np.sqrt(left.size)


def test_purposes_of_one_run_are_independent() -> None:
    """What a run draws for one purpose tells nothing about what it draws for the next."""
    first = draws(replicates(10_000, purpose=1), [0]).ravel()
    second = draws(replicates(10_000, purpose=2), [0]).ravel()
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(first.size)


def test_a_hundred_thousand_keys_do_not_collide() -> None:
    """Seeds, replicates and purposes by the hundred get keys of their own."""
    grid = itertools.product(range(10), range(200), range(50))
    found = {chance.combine(chance.combine(chance.combine(0, s), r), p) for s, r, p in grid}
    assert len(found) == 100_000


def test_no_two_parts_of_a_key_share_a_stream() -> None:
    """Within one key, parts whose hashes differ in a single bit get keys of their own."""
    for bit in range(64):
        other = unmixed(chance.mix(1) ^ (1 << bit))
        assert chance.combine(7, other) != chance.combine(7, 1)


@modest
@given(keys, keys)
def test_the_order_of_parts_matters(first: int, second: int) -> None:
    """Replicate 3 of seed 7 is not replicate 7 of seed 3."""
    if first != second:
        ahead = chance.combine(chance.combine(0, first), second)
        assert ahead != chance.combine(chance.combine(0, second), first)


@pytest.mark.parametrize("changed", ["mix", "key", "part"])
def test_avalanche(changed: str) -> None:
    """Whichever bit of a key is flipped, each bit of the hash flips in half of the cases."""
    cases = 400
    flips = np.zeros((64, 64))
    functions = {
        "mix": chance.mix,
        "key": lambda x: chance.combine(x, 5),
        "part": lambda x: chance.combine(5, x),
    }
    hashed = functions[changed]
    for case in range(cases):
        x = chance.mix(case + 1)
        before = hashed(x)
        for bit in range(64):
            change = before ^ hashed(x ^ (1 << bit))
            flips[bit] += np.unpackbits(np.array([change], dtype=np.uint64).view(np.uint8))
    share = flips / cases
    assert share.mean() == pytest.approx(0.5, abs=0.003)
    assert np.abs(share.mean(axis=1) - 0.5).max() < 0.02
    assert np.abs(share - 0.5).max() < 5 * 0.5 / np.sqrt(cases)


# Normal, lognormal and exponential


@modest
@given(st.floats(1e-300, 1.0 - 1e-15))
def test_normal_quantile(u: float) -> None:
    """The normal quantile is scipy's to twelve digits, far into the tails."""
    assert chance.normal_quantile(u) == pytest.approx(
        float(stats.norm.ppf(u)), rel=1e-12, abs=1e-15
    )


def test_normal_quantile_is_wichuras() -> None:
    """The three ranges of algorithm AS 241 agree with the standard library, which has it too."""
    for u in (0.5, 0.51, 0.0749, 0.0751, 0.9249, 0.9251, 1e-5, 1.3e-11, 1.5e-11, 1e-300):
        assert chance.normal_quantile(u) == pytest.approx(NormalDist().inv_cdf(u), rel=1e-14)
    assert chance.normal_quantile(0.975) == pytest.approx(1.959963984540054, rel=1e-15)


@modest
@given(uniforms, uniforms)
def test_normal_quantile_rises(u: float, v: float) -> None:
    """A larger uniform never gives a smaller normal number."""
    low, high = sorted((u, v))
    assert chance.normal_quantile(low) <= chance.normal_quantile(high)


@modest
@given(uniforms, st.floats(0.01, 1000.0), st.floats(0.05, 2.0))
def test_lognormal_quantile(u: float, median: float, spread: float) -> None:
    """The lognormal quantile is scipy's with the median as its scale."""
    expected = float(stats.lognorm.ppf(u, s=spread, scale=median))
    assert chance.lognormal_quantile(u, median, spread) == pytest.approx(expected, rel=1e-10)
    assert chance.lognormal_quantile(0.5, median, spread) == median


@modest
@given(uniforms, st.floats(0.01, 1000.0), st.floats(0.05, 2.0), st.floats(1.1, 10.0))
def test_a_longer_median_keeps_the_luck(
    u: float, median: float, spread: float, factor: float
) -> None:
    """With common random numbers, a duration scales with its median and nothing else."""
    before = chance.lognormal_quantile(u, median, spread)
    after = chance.lognormal_quantile(u, factor * median, spread)
    assert after == pytest.approx(factor * before, rel=1e-12)


@modest
@given(uniforms, uniforms, st.floats(0.001, 100.0))
def test_exponential_quantile(u: float, v: float, rate: float) -> None:
    """The exponential quantile is scipy's, rises with u, and falls with the hazard."""
    expected = float(stats.expon.ppf(u, scale=1.0 / rate))
    # 1 - u has lost digits where u is tiny.
    assert chance.exponential_quantile(u, rate) == pytest.approx(expected, rel=1e-9, abs=1e-13)
    low, high = sorted((u, v))
    assert chance.exponential_quantile(low, rate) <= chance.exponential_quantile(high, rate)
    assert chance.exponential_quantile(u, 2.0 * rate) <= chance.exponential_quantile(u, rate)


# Negative binomial


def textbook(mean: float, dispersion: float) -> tuple[float, float]:
    """Return scipy's two parameters of a negative binomial."""
    return dispersion, dispersion / (dispersion + mean)


@modest
@given(means, dispersions)
def test_negative_binomial_starts_at_its_probability_of_none(
    mean: float, dispersion: float
) -> None:
    """The probability of no deaths is scipy's."""
    expected = float(stats.nbinom.pmf(0, *textbook(mean, dispersion)))
    assert chance.negative_binomial_start(mean, dispersion) == pytest.approx(expected, rel=1e-9)


@modest
@given(st.floats(1e-9, 1.0 - 1e-9), means, dispersions)
def test_negative_binomial_quantile(u: float, mean: float, dispersion: float) -> None:
    """The count is the smallest whose cumulated probability reaches u."""
    k = chance.negative_binomial_quantile(u, mean, dispersion)
    law = textbook(mean, dispersion)
    assert stats.nbinom.cdf(k, *law) >= u - 1e-9
    assert stats.nbinom.cdf(k - 1, *law) <= u + 1e-9


@pytest.mark.parametrize("mean", [0.3, 2.6, 6.0, 12.0, 150.0])
def test_negative_binomial_quantile_is_that_of_scipy(mean: float) -> None:
    """At the dispersion of deaths, a thousand quantiles are scipy's own."""
    grid = (np.arange(1000) + 0.5) / 1000
    mine = [chance.negative_binomial_quantile(u, mean, DISPERSION) for u in grid]
    assert mine == stats.nbinom.ppf(grid, *textbook(mean, DISPERSION)).astype(int).tolist()


@modest
@given(st.floats(1e-9, 1.0 - 1e-9), means, st.floats(1.0, 10.0), dispersions)
def test_more_lethal_never_kills_fewer(
    u: float, mean: float, factor: float, dispersion: float
) -> None:
    """With common random numbers, a higher mean never gives a lower count."""
    fewer = chance.negative_binomial_quantile(u, mean, dispersion)
    assert chance.negative_binomial_quantile(u, factor * mean, dispersion) >= fewer


@modest
@given(uniforms, uniforms, means, dispersions)
def test_negative_binomial_rises(u: float, v: float, mean: float, dispersion: float) -> None:
    """A larger uniform never gives a lower count."""
    low, high = sorted((u, v))
    at_low = chance.negative_binomial_quantile(low, mean, dispersion)
    assert at_low <= chance.negative_binomial_quantile(high, mean, dispersion)


@modest
@given(uniforms)
def test_an_attack_that_cannot_kill_kills_nobody(u: float) -> None:
    """At mean 0 the count is 0 whatever the luck."""
    assert chance.negative_binomial_quantile(u, 0.0, DISPERSION) == 0


def test_counts_end() -> None:
    """A count never exceeds a hundred times its mean plus a thousand, even at u = 1."""
    assert chance.negative_binomial_quantile(1.0, 6.0, DISPERSION) == 1600


@modest
@given(st.integers(0, 2000), means, dispersions)
def test_negative_binomial_log_probability(k: int, mean: float, dispersion: float) -> None:
    """The logarithm of a count's probability is scipy's."""
    expected = float(stats.nbinom.logpmf(k, *textbook(mean, dispersion)))
    mine = chance.negative_binomial_log_probability(k, mean, dispersion)
    assert mine == pytest.approx(expected, rel=1e-8, abs=1e-8)


def test_the_casualty_model_has_its_mean_and_variance() -> None:
    """Deaths drawn by key have mean m and variance m + m² / dispersion, within sampling error."""
    mean, runs = 6.0, 20_000
    sample = np.array(
        [
            chance.negative_binomial_quantile(chance.uniform(stream, 0), mean, DISPERSION)
            for stream in replicates(runs)
        ]
    )
    variance = mean + mean**2 / DISPERSION
    assert sample.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / runs))
    assert sample.var() == pytest.approx(variance, rel=0.1)
    # Most attacks kill few, some kill many.
    assert np.median(sample) == stats.nbinom.median(*textbook(mean, DISPERSION)) == 4.0
    assert sample.max() > 40
