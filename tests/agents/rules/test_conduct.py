"""Rules of single behaviours: clocks, statements, proxies, attribution, hosts and allies."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agents.rules import conduct

modest = settings(deadline=None, max_examples=40)
shares = st.floats(0.0, 1.0)
levels = st.floats(0.0, 20.0)
signed = st.floats(-20.0, 20.0)
costs = st.floats(0.0, 5.0)
rungs = st.integers(1, 10)


# Clocks


@modest
@given(levels, levels, st.floats(0.0, 5.0))
def test_pressure_shortens_deliberation(grievance: float, more: float, shock: float) -> None:
    """Grievance and shock shorten deliberation, to a quarter at most."""
    assert conduct.deliberation_factor(0.0, 0.0) == 1.0
    pressed = conduct.deliberation_factor(grievance, shock)
    assert 0.25 <= conduct.deliberation_factor(grievance + more, shock) <= pressed <= 1.0
    assert conduct.deliberation_factor(grievance, shock + 1.0) <= pressed
    assert conduct.deliberation_factor(100.0, 5.0) == 0.25


def test_preparation_takes_longer_for_more() -> None:
    """Above rung 6 each rung adds half the time of preparation; restricted hosts make it 1.6."""
    free = [conduct.preparation_factor(rung, False) for rung in range(11)]
    assert free == [1.0] * 7 + [1.5, 2.0, 2.5, 3.0]
    for rung in range(11):
        assert conduct.preparation_factor(rung, True) == pytest.approx(1.6 * free[rung])


@modest
@given(st.floats(0.0, 3000.0), st.floats(0.0, 3000.0))
def test_the_same_hour_comes_round_within_a_day(now: float, mirrored: float) -> None:
    """Waiting for an hour of the day takes less than a day and ends at that hour."""
    wait = conduct.hours_to_same_hour(now, mirrored)
    assert 0.0 <= wait < 24.0
    off = (now + wait - mirrored) % 24.0
    assert min(off, 24.0 - off) == pytest.approx(0.0, abs=1e-8)
    assert conduct.hours_to_same_hour(now, now) == 0.0


# Statements


@modest
@given(costs, levels, costs, st.floats(0.01, 5.0), st.floats(0.01, 1.0))
def test_concluding_costs_what_is_left_before_the_hawks(
    saved: float, left: float, cost: float, more: float, hawks: float
) -> None:
    """The reply averted speaks for declaring an answer complete, grievance left over against it."""
    worth = conduct.conclusion_worth(saved, left, cost, hawks)
    assert conduct.conclusion_worth(saved + 1.0, left, cost, hawks) == pytest.approx(worth + 1.0)
    assert conduct.conclusion_worth(saved, left, cost + more, hawks) == pytest.approx(
        worth - hawks * more * left
    )
    # With nothing left to swallow, the audience has nothing to punish.
    settled = conduct.conclusion_worth(saved, 0.0, cost, hawks)
    assert conduct.conclusion_worth(saved, 0.0, cost + more, hawks) == settled


@modest
@given(shares, rungs, shares, costs, st.floats(0.01, 5.0), st.floats(0.01, 1.0))
def test_audience_costs_make_bluffs_less_attractive(
    credibility: float, rung: int, reply: float, cost: float, more: float, hawks: float
) -> None:
    """Audience costs make a threat worth less, the more so the less it is believed."""

    def lost(believed: float) -> float:
        worth = conduct.threat_worth(believed, rung, reply, cost, hawks)
        return worth - conduct.threat_worth(believed, rung, reply, cost + more, hawks)

    assert lost(credibility) == pytest.approx(
        0.35 * hawks * more * rung * (1.0 - credibility), abs=1e-12
    )
    assert lost(0.1) > lost(0.5) > lost(0.9) > 0.0
    assert lost(1.0) == 0.0


@modest
@given(rungs, shares, costs, shares)
def test_no_bluff_is_free(rung: int, reply: float, cost: float, hawks: float) -> None:
    """A threat that nobody believes costs more than it buys."""
    assert conduct.threat_worth(0.0, rung, reply, cost, hawks) < 0.0


@modest
@given(shares, shares, rungs, shares, costs, shares)
def test_a_believed_threat_is_worth_more(
    credibility: float, other: float, rung: int, reply: float, cost: float, hawks: float
) -> None:
    """A threat is worth more the better it is believed and the likelier the reply it deters."""
    low, high = sorted((credibility, other))
    worth = conduct.threat_worth(low, rung, reply, cost, hawks)
    assert conduct.threat_worth(high, rung, reply, cost, hawks) >= worth - 1e-12
    assert conduct.threat_worth(low, rung, 1.0, cost, hawks) >= worth


# Proxies


@modest
@given(st.floats(0.0, 24.0), signed, levels, signed, shares)
def test_hazards_are_never_negative(
    rate: float, grievance: float, tolerance: float, patron: float, slack: float
) -> None:
    """A proxy's hazard is never negative, and zero without a rate."""
    hazard = conduct.proxy_hazard(rate, grievance, tolerance, patron, slack)
    assert hazard >= 0.0
    assert conduct.proxy_hazard(0.0, grievance, tolerance, patron, slack) == 0.0
    assert conduct.proxy_hazard(2 * rate, grievance, tolerance, patron, slack) == pytest.approx(
        2 * hazard
    )


@modest
@given(st.floats(0.01, 24.0), levels, levels, levels, shares)
def test_a_proxy_strikes_for_itself_or_off_the_leash(
    rate: float, grievance: float, tolerance: float, patron: float, slack: float
) -> None:
    """An obedient and tolerant proxy does nothing of its own; own anger or slack make it strike."""
    assert conduct.proxy_hazard(rate, tolerance, tolerance, patron, 0.0) == 0.0
    calm = conduct.proxy_hazard(rate, grievance, tolerance, patron, slack)
    assert conduct.proxy_hazard(rate, grievance + 1.0, tolerance, patron, slack) >= calm
    assert conduct.proxy_hazard(rate, grievance, tolerance, patron + 1.0, slack) >= calm
    assert conduct.proxy_hazard(rate, tolerance + 1.0, tolerance, 0.0, 0.0) == pytest.approx(
        rate / 24.0
    )


# Attribution


@modest
@given(st.floats(0.0, 10.0), shares)
def test_a_trace_blames_more_than_suspicion(capability: float, identification: float) -> None:
    """Tracing is a probability, and a trace is blamed for far more than suspicion alone."""
    assert 0.0 <= conduct.traced_probability(capability) <= 1.0
    suspected = conduct.attribution_share(False, identification)
    assert 0.0 <= suspected <= 0.25 < conduct.attribution_share(True, identification) < 1.0


@modest
@given(shares, shares, shares)
def test_a_sponsor_expects_blame_by_how_attribution_deters(
    deterrence: float, other: float, innocent: float
) -> None:
    """Blame rises with deterrence, none is left below 0, and a patron is suspected anyway."""
    low, high = sorted((deterrence, other))
    for covert in (True, False):
        assert 0.0 <= conduct.expected_blame(covert, low) <= conduct.expected_blame(covert, high)
        assert conduct.expected_blame(covert, high) <= 1.0
        # An attacker who is blamed less often than the innocent expects no less than nothing.
        assert conduct.expected_blame(covert, -innocent) == conduct.expected_blame(covert, 0.0)
    assert conduct.expected_blame(True, 0.0) == 0.0
    assert conduct.expected_blame(False, deterrence) > conduct.expected_blame(True, deterrence)


@modest
@given(st.floats(0.1, 1.5), st.floats(0.01, 0.15), st.floats(0.01, 0.99), st.integers(1, 6))
def test_attribution_that_misidentifies_weakens_deterrence(
    capability: float, more: float, identification: float, others: int
) -> None:
    """More capable attribution deters less if it is right less often than a blind guess."""
    guess = 1.0 / (1 + others)
    assume(abs(identification - guess) > 0.01)
    before = conduct.deterrence_by_attribution(capability, identification, others)
    after = conduct.deterrence_by_attribution(capability + more, identification, others)
    assert (after < before) == (identification < guess)


@modest
@given(st.floats(0.0, 10.0), st.integers(1, 6))
def test_holding_back_saves_most_where_the_right_one_is_found(
    capability: float, others: int
) -> None:
    """Deterrence rises with identification: to the chance of a trace when it never errs."""
    traced = conduct.traced_probability(capability)
    saved = [conduct.deterrence_by_attribution(capability, i / 10, others) for i in range(11)]
    assert saved == sorted(saved)
    assert saved[-1] == traced
    assert saved[0] == pytest.approx(-traced / others)


# Hosts, allies and mediators


@modest
@given(levels, st.floats(0.01, 5.0), levels, shares)
def test_hosts_restrict_what_they_resent(
    resentment: float, more: float, tolerance: float, alliance: float
) -> None:
    """A host restricts the likelier the more it resents and the looser its alliance."""
    risk = conduct.host_restricts(resentment, tolerance, alliance)
    assert 0.0 < risk < 1.0
    assert conduct.host_restricts(resentment + more, tolerance, alliance) >= risk
    assert conduct.host_restricts(resentment, tolerance, 0.0) >= risk
    even = conduct.host_restricts(tolerance + 2.0 * alliance, tolerance, alliance)
    assert even == pytest.approx(0.5)


@modest
@given(shares, shares, st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_own_losses_draw_allies_in_and_exposure_holds_them_back(
    strength: float, exposure: float, fear: float, scale: float
) -> None:
    """Being struck makes an ally likelier to join, exposure less; at scale 0 it never does."""
    chance = conduct.ally_joins(strength, False, exposure, fear, scale)
    assert 0.0 <= chance <= 1.0
    assert conduct.ally_joins(strength, True, exposure, fear, scale) >= chance
    assert conduct.ally_joins(strength, False, 0.0, fear, scale) >= chance
    assert conduct.ally_joins(1.0, False, exposure, fear, scale) >= chance
    assert conduct.ally_joins(strength, True, exposure, fear, 0.0) == 0.0


@modest
@given(levels, st.floats(0.01, 5.0), levels)
def test_mediators_lose_patience(strain: float, more: float, patience: float) -> None:
    """A mediator withdraws the likelier the more it is harmed, as likely as not at its patience."""
    risk = conduct.mediator_withdraws(strain, patience)
    assert 0.0 < risk < 1.0
    assert conduct.mediator_withdraws(strain + more, patience) >= risk
    assert conduct.mediator_withdraws(patience, patience) == 0.5
