"""The elementary functions that the other rules share."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from agents.rules.mathematics import clip, sigmoid

modest = settings(deadline=None, max_examples=40)
finite = st.floats(allow_nan=False, allow_infinity=False)


@modest
@given(st.floats(-800.0, 800.0))
def test_sigmoid_is_the_logistic_function(x: float) -> None:
    """The sigmoid is 1 / (1 + e^-x)."""
    assert sigmoid(x) == pytest.approx(float(expit(x)), rel=1e-12, abs=1e-300)


@modest
@given(finite)
def test_sigmoid_is_a_probability_for_any_finite_number(x: float) -> None:
    """No finite number overflows, and what comes out is a probability."""
    assert 0.0 <= sigmoid(x) <= 1.0


@modest
@given(st.floats(-30.0, 30.0), st.floats(0.01, 5.0))
def test_sigmoid_rises_and_is_symmetric(x: float, step: float) -> None:
    """The sigmoid rises, is one half at zero, and mirrors about it."""
    assert sigmoid(0.0) == 0.5
    assert sigmoid(x + step) > sigmoid(x)
    assert sigmoid(x) + sigmoid(-x) == pytest.approx(1.0, abs=1e-15)


@modest
@given(finite, finite, finite)
def test_clip_limits_and_leaves_alone(x: float, a: float, b: float) -> None:
    """Clip returns a number within its limits as it is, and the nearer limit otherwise."""
    low, high = min(a, b), max(a, b)
    inside = clip(x, low, high)
    assert low <= inside <= high
    assert clip(inside, low, high) == inside
    assert inside in (x, low, high)
    assert math.isfinite(inside)
