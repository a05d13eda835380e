"""What moves a belief about a rival, and by how much."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from agents.rules import beliefs, harm, ladder

modest = settings(deadline=None, max_examples=40)
odds = st.floats(-beliefs.LIMIT, beliefs.LIMIT)
small_odds = st.floats(-1.0, 1.0)
ratios = st.floats(0.05, 20.0)
weights = st.floats(0.0, 10.0)
shares = st.floats(0.0, 1.0)
vulnerabilities = st.floats(0.05, 3.0)


def means(vulnerability: float) -> tuple[float, float]:
    """Return expected deaths of a strike warned of an hour ahead and of one meant to kill."""
    meant = harm.expected_deaths(ladder.CALIBRATED, vulnerability, 1.0, 1.0)
    return meant, harm.expected_deaths(ladder.PROPORTIONAL, vulnerability, 1.0, 0.0)


def tell(deaths: int, vulnerability: float, weight: float = 1.0) -> float:
    """Return the likelihood ratio of a death toll for "restraint was meant"."""
    return beliefs.casualties_ratio(deaths, *means(vulnerability), harm.DISPERSION, weight)


# Odds


@modest
@given(st.floats(0.01, 0.99))
def test_odds_and_probability_are_one_thing(p: float) -> None:
    """A belief survives the way to log odds and back."""
    assert beliefs.probability(beliefs.log_odds(p)) == pytest.approx(p, rel=1e-3)
    assert beliefs.log_odds(0.5) == 0.0
    assert beliefs.log_odds(0.75) == pytest.approx(math.log(3.0))


@modest
@given(shares, odds, st.floats(1e-300, 1e300))
def test_no_belief_becomes_certain(p: float, belief: float, ratio: float) -> None:
    """Whatever the evidence, a belief stays between 1 and 99 %."""
    for moved in (beliefs.log_odds(p), beliefs.updated(belief, ratio)):
        assert 0.00994 < beliefs.probability(moved) < 0.99006


@modest
@given(small_odds, st.floats(0.5, 2.0), st.floats(0.5, 2.0))
def test_evidence_multiplies_the_odds(belief: float, first: float, second: float) -> None:
    """Two pieces of evidence count as their product, in whichever order they come."""
    once = beliefs.updated(belief, first * second)
    assert math.exp(once) == pytest.approx(math.exp(belief) * first * second)
    assert beliefs.updated(beliefs.updated(belief, first), second) == pytest.approx(once)
    assert beliefs.updated(beliefs.updated(belief, second), first) == pytest.approx(once)


@modest
@given(small_odds, ratios)
def test_evidence_moves_belief_its_own_way(belief: float, ratio: float) -> None:
    """A ratio above 1 raises a belief, one below lowers it."""
    assume(abs(ratio - 1.0) > 1e-6)
    assert (beliefs.updated(belief, ratio) > belief) == (ratio > 1.0)


# Words


@modest
@given(odds, weights)
def test_talk_without_an_audience_moves_no_belief(belief: float, weight: float) -> None:
    """A statement that no audience would punish breaking has ratio exactly 1 and moves nothing."""
    ratio = beliefs.statement_ratio(0.0, weight)
    assert ratio == 1.0
    assert beliefs.updated(belief, ratio) == belief


@modest
@given(small_odds, st.floats(0.0, 3.0), st.floats(0.01, 3.0))
def test_a_statement_binds_as_far_as_its_audience(belief: float, cost: float, more: float) -> None:
    """The more a speaker's audience would punish breaking a statement, the more it moves."""
    ratio, stronger = beliefs.statement_ratio(cost, 1.0), beliefs.statement_ratio(cost + more, 1.0)
    assert stronger - ratio == pytest.approx(beliefs.STATEMENT_SCALE * more)
    assert beliefs.updated(belief, stronger) > beliefs.updated(belief, ratio) >= belief


@modest
@given(shares, shares, weights)
def test_a_message_is_worth_what_the_channel_keeps(
    fidelity: float, trust: float, weight: float
) -> None:
    """A private word counts by fidelity and trust, and not at all without either."""
    ratio = beliefs.message_ratio(fidelity, trust, weight)
    assert 1.0 <= ratio <= 1.0 + beliefs.MESSAGE_SCALE * weight
    assert beliefs.message_ratio(0.0, trust, weight) == 1.0
    assert beliefs.message_ratio(fidelity, 0.0, weight) == 1.0
    assert ratio <= beliefs.message_ratio(1.0, trust, weight)


# Deaths


@modest
@given(st.floats(0.3, 3.0))
def test_no_deaths_speak_for_restraint_and_many_against(vulnerability: float) -> None:
    """A strike that kills nobody where it could shows restraint; one that kills many does not."""
    assert tell(0, vulnerability) > 1.2
    assert tell(100, vulnerability) < 0.1


@modest
@given(vulnerabilities, st.integers(0, 300))
def test_each_death_speaks_against_restraint(vulnerability: float, deaths: int) -> None:
    """Every further death lowers the belief in restraint, or leaves it at the limit of doubt."""
    here, further = tell(deaths, vulnerability), tell(deaths + 1, vulnerability)
    assert further <= here
    if here > math.exp(-3.0) * 1.000001:
        assert further < here


@modest
@given(st.integers(0, 60), vulnerabilities)
def test_deaths_are_judged_by_the_casualty_model_itself(deaths: int, vulnerability: float) -> None:
    """The ratio is that of the two negative binomial probabilities, kept within e^±3."""
    logs = [
        stats.nbinom.logpmf(deaths, harm.DISPERSION, harm.DISPERSION / (harm.DISPERSION + mean))
        for mean in means(vulnerability)
    ]
    expected = max(-3.0, min(3.0, float(logs[0] - logs[1])))
    assert tell(deaths, vulnerability) == pytest.approx(math.exp(expected), rel=1e-6)


@modest
@given(st.integers(0, 500), vulnerabilities, st.floats(0.0, 1.0))
def test_an_observer_doubts_the_model(deaths: int, vulnerability: float, weight: float) -> None:
    """No death toll counts for more than e^3; at weight 0 it counts for nothing."""
    assert math.exp(-3.0) <= tell(deaths, vulnerability, weight) <= math.exp(3.0)
    assert tell(deaths, vulnerability, 0.0) == 1.0
    assert tell(deaths, vulnerability, 0.5) == pytest.approx(math.sqrt(tell(deaths, vulnerability)))


@modest
@given(st.integers(0, 500), st.floats(0.1, 50.0))
def test_deaths_tell_nothing_where_both_expect_the_same(deaths: int, mean: float) -> None:
    """Where restraint would kill as many as its absence, or nobody dies, deaths are mute."""
    assert beliefs.casualties_ratio(deaths, mean, mean, 0.8, 1.0) == 1.0
    assert beliefs.casualties_ratio(deaths, 0.0, mean, 0.8, 1.0) == 1.0
    assert beliefs.casualties_ratio(deaths, mean, 0.0, 0.8, 1.0) == 1.0


# Deeds and time


@modest
@given(small_odds, st.floats(0.0, 100.0))
def test_quiet_persuades(belief: float, hours: float) -> None:
    """The odds that a rival has concluded double in 69 hours of quiet, and quiet adds up."""
    assert beliefs.quiet_odds(belief, 0.0) == belief
    doubled = beliefs.quiet_odds(belief, math.log(2.0) / beliefs.QUIET_RATE)
    assert math.exp(doubled - belief) == pytest.approx(2.0)
    twice = beliefs.quiet_odds(beliefs.quiet_odds(belief, hours), hours)
    assert twice == pytest.approx(beliefs.quiet_odds(belief, 2 * hours))


def test_a_fortnight_of_quiet_persuades_nearly_all() -> None:
    """Fourteen quiet days turn an even belief that a rival has concluded into over 95 %."""
    assert beliefs.probability(beliefs.quiet_odds(0.0, 336.0)) > 0.95


def test_a_further_wave_speaks_against_a_conclusion() -> None:
    """A further wave turns even odds of a conclusion into two in seven."""
    after = beliefs.probability(beliefs.updated(0.0, beliefs.WAVE_RATIO))
    assert after == pytest.approx(2.0 / 7.0)


def test_deeds_show_resolve() -> None:
    """The higher an act's rung the more resolve it shows; standing down shows the lack of it."""
    shown = [beliefs.resolve_ratio(rung) for rung in range(11)]
    assert shown == sorted(shown)
    assert shown[0] < 1.0 < shown[1]
    assert shown[10] == pytest.approx(2.2)


@modest
@given(st.floats(0.01, 0.99))
def test_credibility_moves_by_threats_kept_and_dropped(mean: float) -> None:
    """A first belief in threats is worth four of them; the next, kept or dropped, moves it."""
    kept, dropped = beliefs.credibility_counts(mean)
    assert kept + dropped == pytest.approx(4.0)
    assert beliefs.credibility(kept, dropped) == pytest.approx(mean)
    assert beliefs.credibility(kept + 1.0, dropped) == pytest.approx((4.0 * mean + 1.0) / 5.0)
    assert beliefs.credibility(kept, dropped + 1.0) == pytest.approx(4.0 * mean / 5.0)


@modest
@given(shares)
def test_credibility_is_never_certain(mean: float) -> None:
    """Even a rival held to keep every threat, or none, starts within 1 and 99 %."""
    assert 0.0099 < beliefs.credibility(*beliefs.credibility_counts(mean)) < 0.9901
