"""Grievance: it decays, rises with harm, is settled by display, and may spiral."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agents.rules import grievance

modest = settings(deadline=None, max_examples=40)
levels = st.floats(0.0, 50.0)
gains = st.floats(0.25, 2.5)
hours = st.floats(0.0, 5000.0)
half_lives = st.floats(1.0, 8760.0)


@modest
@given(levels, hours, hours, half_lives)
def test_grievance_decays_by_its_half_life(
    level: float, first: float, second: float, half_life: float
) -> None:
    """Grievance halves in its half-life, and waiting twice is waiting once as long."""
    assert grievance.decayed(level, half_life, half_life) == pytest.approx(level / 2)
    twice = grievance.decayed(grievance.decayed(level, first, half_life), second, half_life)
    assert twice == pytest.approx(grievance.decayed(level, first + second, half_life), abs=1e-12)
    assert 0.0 <= twice <= level


@modest
@given(levels, levels, st.floats(0.0, 1.0), st.floats(0.0, 1.0), gains)
def test_harm_counts_as_far_as_the_rival_is_blamed(
    level: float, harm: float, share: float, other: float, gain: float
) -> None:
    """Harm adds to grievance in proportion to blame: a certain author is resented more."""
    low, high = sorted((share, other))
    assert grievance.accrued(level, harm, 0.0, gain) == level
    assert grievance.accrued(level, harm, 1.0, gain) == pytest.approx(level + gain * harm)
    assert grievance.accrued(level, harm, low, gain) <= grievance.accrued(level, harm, high, gain)


@modest
@given(levels, levels, st.floats(0.0, 2.5))
def test_an_answer_settles_and_never_leaves_less_than_nothing(
    level: float, display: float, gain: float
) -> None:
    """Display settles grievance down to zero and no further, more of it never less."""
    left = grievance.settled(level, display, gain)
    assert 0.0 <= left <= level
    assert grievance.settled(level, display + 1.0, gain) <= left


@modest
@given(levels, gains)
def test_a_reaction_gain_asks_for_that_much_display(level: float, gain: float) -> None:
    """Settling a grievance takes its reaction gain in display; half of that settles half of it."""
    assert grievance.settled(level, gain * level, gain) == pytest.approx(0.0, abs=1e-12)
    assert grievance.settled(level, gain * level / 2, gain) == pytest.approx(level / 2)


def test_who_wants_no_answer_is_settled_by_none() -> None:
    """At a reaction gain of zero nothing has to be answered."""
    assert grievance.settled(8.0, 0.0, 0.0) == 0.0


# Spirals


def exchange(harm: float, gains_of: tuple[float, float, float, float], rounds: int) -> list[float]:
    """Return the harm done to the first side at the start of each round of answers.

    Each side feels the harm done to it and answers with the display that settles its grievance;
    what it displays is the harm that the other side suffers. Gains: reaction and perception of the
    first side, then of the second.
    """
    reaction_a, perception_a, reaction_b, perception_b = gains_of
    suffered = [harm]
    for _ in range(rounds):
        answer = settling(grievance.accrued(0.0, suffered[-1], 1.0, perception_a), reaction_a)
        suffered.append(settling(grievance.accrued(0.0, answer, 1.0, perception_b), reaction_b))
    return suffered


def settling(level: float, reaction: float) -> float:
    """Return the display that settles a grievance, checked to be enough and no more than that."""
    display = reaction * level
    assert grievance.settled(level, display, reaction) == pytest.approx(0.0, abs=1e-9 * level)
    assert grievance.settled(level, 0.99 * display, reaction) == pytest.approx(0.01 * level)
    return display


@modest
@given(st.floats(0.5, 5.0), gains, gains, gains, gains)
def test_spiral_diverges_above_a_gain_of_one_and_converges_below(
    harm: float, reaction_a: float, perception_a: float, reaction_b: float, perception_b: float
) -> None:
    """Answers grow without limit if the product of both sides' gains exceeds 1, else die out."""
    gains_of = (reaction_a, perception_a, reaction_b, perception_b)
    gain = grievance.spiral_gain(*gains_of)
    assume(abs(gain - 1.0) > 0.05)
    suffered = exchange(harm, gains_of, 120)
    assert suffered[1] / suffered[0] == pytest.approx(gain)
    if gain > 1.0:
        assert suffered == sorted(suffered)
        assert suffered[-1] > 300 * harm
    else:
        assert suffered == sorted(suffered, reverse=True)
        assert suffered[-1] < harm / 300


@modest
@given(gains, gains, gains)
def test_one_calm_side_stops_a_spiral(
    reaction_a: float, perception_a: float, perception_b: float
) -> None:
    """However hot one side is, a reaction of the other below the inverse of the rest stops it."""
    calm = 0.9 / (reaction_a * perception_a * perception_b)
    gains_of = (reaction_a, perception_a, calm, perception_b)
    assert grievance.spiral_gain(*gains_of) == pytest.approx(0.9)
    assert exchange(5.0, gains_of, 100)[-1] < 0.001
