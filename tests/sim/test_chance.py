"""Every draw is a function of seed, replicate, actor, purpose and how often it was asked."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules import harm
from sim.chance import KeyedChance

DRAWS = 4000
STORED = [0.7214372939291523, 0.14144621235671806]
"""The first two draws of seed 0, replicate 0, for the choice of "usa"."""
names = st.text(max_size=8)
numbers = st.integers(0, 2**63 - 1)


def uniforms(chance: KeyedChance, actor: str, purpose: str, count: int = DRAWS) -> list[float]:
    """Return the next draws of an actor and purpose."""
    return [chance.uniform(actor, purpose) for _ in range(count)]


@given(numbers, numbers, names, names)
def test_a_draw_is_a_function_of_its_key(seed: int, replicate: int, actor: str, what: str) -> None:
    """Two sources with the same seed and replicate draw the same, strictly between 0 and 1."""
    one, other = KeyedChance(seed, replicate), KeyedChance(seed, replicate)
    draws = uniforms(one, actor, what, 5)
    assert draws == uniforms(other, actor, what, 5)
    assert all(0.0 < draw < 1.0 for draw in draws)
    assert len(set(draws)) == 5


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=30))
def test_draws_do_not_depend_on_each_others_order(asked: list[tuple[str, str]]) -> None:
    """What others drew before does not matter: the n-th draw for a key is always the same."""
    mixed, alone = KeyedChance(1, 2), KeyedChance(1, 2)
    drawn = [(key, mixed.uniform(*key)) for key in asked]
    for wanted in sorted(set(asked)):
        assert [u for key, u in drawn if key == wanted] == [
            alone.uniform(*wanted) for key in asked if key == wanted
        ]


def test_the_bits_are_as_they_were() -> None:
    """These draws never change: whoever changes the generator changes every published run."""
    chance = KeyedChance(0, 0)
    drawn = [chance.uniform("usa", "choice"), chance.uniform("usa", "choice")]
    assert drawn == STORED
    assert KeyedChance(1, 0).uniform("usa", "choice") != drawn[0]


def test_actor_and_purpose_are_kept_apart() -> None:
    """No two splits of the same letters share a stream: ("ab", "c") is not ("a", "bc")."""
    chance = KeyedChance(0, 0)
    assert chance.uniform("ab", "c") != chance.uniform("a", "bc")
    assert chance.uniform("a", "b") != chance.uniform("b", "a")


def test_draws_are_uniform_and_unrelated() -> None:
    """Draws of one stream are uniform, and do not go along with the next draw or another stream."""
    chance = KeyedChance(0, 0)
    one, other = uniforms(chance, "usa", "choice"), uniforms(chance, "iran", "choice")
    worst = max(abs(u - (at + 0.5) / DRAWS) for at, u in enumerate(sorted(one)))
    assert worst < 1.63 / math.sqrt(DRAWS)  # Kolmogorov-Smirnov at 1 %
    for pairs in (zip(one, other, strict=True), pairwise(one)):
        products = [12.0 * (u - 0.5) * (v - 0.5) for u, v in pairs]
        assert abs(fmean(products)) < 3.0 / math.sqrt(DRAWS)


def test_first_draws_differ_across_replicates() -> None:
    """The first draws of replicates 0, 1, 2, ... are themselves uniform."""
    firsts = sorted(KeyedChance(5, k).uniform("usa", "choice") for k in range(DRAWS))
    worst = max(abs(u - (at + 0.5) / DRAWS) for at, u in enumerate(firsts))
    assert worst < 1.63 / math.sqrt(DRAWS)


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.5, 1.0])
def test_something_happens_as_often_as_it_should(probability: float) -> None:
    """An event of probability p happens in a share p of cases: never for 0, always for 1."""
    chance = KeyedChance(0, 0)
    share = fmean(chance.happens("usa", "trace", probability) for _ in range(DRAWS))
    spread = math.sqrt(probability * (1.0 - probability) / DRAWS)
    assert abs(share - probability) <= 3.0 * spread


def test_happening_always_takes_one_draw() -> None:
    """The impossible and the certain take a draw as well, so that nothing behind them moves."""
    impossible, certain = KeyedChance(0, 0), KeyedChance(0, 0)
    impossible.happens("usa", "x", 0.0)
    certain.happens("usa", "x", 1.0)
    assert impossible.uniform("usa", "x") == certain.uniform("usa", "x")


def test_times_and_counts_have_their_median_and_mean() -> None:
    """Lognormal times have their median, waiting times 1 / rate, counts of people their mean."""
    chance = KeyedChance(0, 0)
    times = [chance.lognormal("usa", "deliberate", 36.0, 0.55) for _ in range(DRAWS)]
    assert median(times) == pytest.approx(36.0, rel=0.05)
    assert fmean(math.log(t / 36.0) ** 2 for t in times) == pytest.approx(0.55**2, rel=0.08)
    waits = [chance.exponential("usa", "hazard", 0.25) for _ in range(DRAWS)]
    assert fmean(waits) == pytest.approx(4.0, rel=0.06)
    people = [chance.count("usa", "deaths", 6.0) for _ in range(DRAWS)]
    assert fmean(people) == pytest.approx(6.0, rel=0.07)
    variance = fmean((k - 6.0) ** 2 for k in people)
    assert variance == pytest.approx(6.0 + 36.0 / harm.DISPERSION, rel=0.2)


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0), numbers)
def test_a_larger_mean_never_means_fewer(first: float, second: float, replicate: int) -> None:
    """With the same luck, a larger mean or median gives no smaller number."""
    low, high = sorted((first, second))
    one, other = KeyedChance(0, replicate), KeyedChance(0, replicate)
    assert one.count("usa", "deaths", low) <= other.count("usa", "deaths", high)
    assert one.lognormal("usa", "t", low, 0.5) <= other.lognormal("usa", "t", high, 0.5)
