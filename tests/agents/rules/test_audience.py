"""Domestic audiences: how far a red line is crossed, and what fresh deaths and elections change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules import audience

modest = settings(deadline=None, max_examples=40)
shares = st.floats(0.0, 1.0)
shocks = st.floats(0.0, 5.0)


@modest
@given(st.integers(0, 98), st.floats(0.1, 1.0))
def test_breach_rises_with_deaths_along_a_slope(deaths: int, sensitivity: float) -> None:
    """Every further death crosses the line further, and each by less than the one before it."""
    here, one, two = (audience.breach(deaths + more, sensitivity) for more in range(3))
    assert one > here
    assert one - here > two - one - 1e-12


def test_the_first_death_is_no_cliff() -> None:
    """The first death takes up less than a sixth of the way from no deaths to a full breach."""
    none, one, full = (audience.breach(deaths, 1.0) for deaths in (0, 1, 100))
    assert (none, full) == (audience.BREACH_FLOOR, 1.0)
    assert 0.0 < one - none < (full - none) / 6


@modest
@given(st.floats(0.0, 1e6), st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_breach_is_a_share(deaths: float, sensitivity: float, other: float) -> None:
    """Breach lies between its floor and 1, and a more sensitive audience sees no less of it."""
    low, high = sorted((sensitivity, other))
    less, more = audience.breach(deaths, low), audience.breach(deaths, high)
    assert audience.BREACH_FLOOR <= less <= more <= 1.0


@modest
@given(st.floats(0.1, 1000.0), st.floats(0.0, 500.0), st.floats(0.0, 2.0))
def test_stress_fades(deaths: float, hours: float, scale: float) -> None:
    """The shock of own deaths halves in three days and scales with its weight."""
    fresh = audience.stress(deaths, 0.0, 1.0)
    assert audience.stress(deaths, audience.STRESS_HALF_LIFE_H, 1.0) == pytest.approx(fresh / 2)
    assert audience.stress(deaths, hours, scale) <= scale * fresh * (1.0 + 1e-12) + 1e-300
    assert audience.stress(0.0, hours, scale) == 0.0


def test_thirty_deaths_are_a_shock_of_one() -> None:
    """Thirty fresh deaths are a shock of about 1."""
    assert audience.stress(30.0, 0.0, 1.0) == pytest.approx(1.0, abs=0.01)


@modest
@given(shares, shocks, shocks)
def test_fresh_deaths_raise_hawks(base: float, shock: float, other: float) -> None:
    """The share that punishes backing down rises with shock and stays a share."""
    low, high = sorted((shock, other))
    assert audience.hawk_share(base, 0.0) == base
    assert base <= audience.hawk_share(base, low) <= audience.hawk_share(base, high) <= 1.0


@modest
@given(shares, st.integers(0, 10))
def test_own_blunders_raise_doves(base: float, blunders: int) -> None:
    """The share that punishes belligerence rises by a quarter an accident and stays a share."""
    assert audience.dove_share(base, 0) == base
    raised = audience.dove_share(base, blunders)
    assert raised == pytest.approx(min(1.0, base * (1.0 + blunders / 4)))


@modest
@given(st.floats(0.0, 1000.0), shocks, shocks)
def test_fresh_deaths_blur_choice(base: float, shock: float, other: float) -> None:
    """Precision falls with shock, to two thirds at a shock of 1, and never below zero."""
    low, high = sorted((shock, other))
    assert audience.precision(base, 0.0) == base
    assert audience.precision(base, 1.0) == pytest.approx(base * 2 / 3)
    assert base >= audience.precision(base, low) >= audience.precision(base, high) >= 0.0


@modest
@given(st.floats(0.0, 365.0), st.floats(0.0, 365.0), st.floats(0.0, 10.0))
def test_an_election_presses_the_nearer_it_is(days: float, other: float, scale: float) -> None:
    """Audience costs rise from 1 a year ahead of an election to half as much again on the day."""
    near, far = sorted((days, other))
    at_near, at_far = (audience.election_pressure(d, scale) for d in (near, far))
    assert at_near >= at_far >= 1.0
    assert audience.election_pressure(365.0, scale) == 1.0
    assert audience.election_pressure(0.0, 1.0) == 1.5
    assert audience.election_pressure(days, 0.0) == 1.0


@modest
@given(st.floats(365.001, 10_000.0), st.floats(0.0, 10.0))
def test_no_election_no_pressure(days: float, scale: float) -> None:
    """More than a year ahead, once it is past, or without one, an election changes nothing."""
    assert audience.election_pressure(days, scale) == 1.0
    assert audience.election_pressure(-days, scale) == 1.0
