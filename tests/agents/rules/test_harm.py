"""What an attack does: deaths, injuries, and the harm that they are felt as."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules import harm, ladder

modest = settings(deadline=None, max_examples=40)
rungs = st.integers(0, 10)
struck = st.integers(ladder.FORCE, 10)
hours = st.floats(0.0, 48.0)
factors = st.floats(0.01, 10.0)
RUNGS = range(11)
CLASSES = range(4)
MILITARY, LEADERSHIP, INFRASTRUCTURE, CIVILIAN = (
    (False, False, False),
    (True, False, False),
    (False, True, False),
    (False, False, True),
)


# Warning and deaths


def test_every_rung_has_its_figures() -> None:
    """The three tables of the ladder have a number for each rung and none is negative."""
    for table in (harm.LETHALITY, harm.INJURIES_PER_ATTACK, harm.BASE_HARM):
        assert len(table) == len(ladder.RUNG_NAMES)
        assert min(table) == 0.0


@modest
@given(st.floats(-48.0, 0.0))
def test_a_warning_without_lead_protects_nobody(late: float) -> None:
    """A warning that arrives with the strike, or after it, saves nobody."""
    assert harm.warning_protection(late) == 0.0
    for rung in RUNGS:
        assert harm.expected_deaths(rung, 1.0, 1.0, late) == harm.LETHALITY[rung]


@modest
@given(st.floats(0.0, 20.0), st.floats(0.01, 10.0))
def test_a_warning_protects_by_its_lead(lead: float, more: float) -> None:
    """Each further hour of lead saves more, by less and less, up to nine in ten."""
    at_lead, later = harm.warning_protection(lead), harm.warning_protection(lead + more)
    assert 0.0 <= at_lead < later < harm.WARNING_SHARE + 1e-12
    left = harm.WARNING_SHARE - at_lead
    assert harm.WARNING_SHARE - later == pytest.approx(
        left * math.exp(-more / harm.WARNING_TIME_H), abs=1e-12
    )


def test_an_hour_of_warning_saves_more_than_half() -> None:
    """One time constant of taking cover saves 0.9 (1 - 1/e), 57 % of those who would have died."""
    assert harm.warning_protection(1.0) == pytest.approx(0.9 * (1.0 - 1.0 / math.e))
    assert harm.expected_deaths(6, 1.0, 1.0, 1.0) == pytest.approx(2.59, abs=0.01)


@modest
@given(rungs, factors, factors, hours)
def test_expected_deaths_scale(rung: int, vulnerability: float, scale: float, lead: float) -> None:
    """Expected deaths are in proportion to vulnerability and to the scale of lethality."""
    deaths = harm.expected_deaths(rung, vulnerability, scale, lead)
    assert deaths == pytest.approx(
        vulnerability * scale * harm.expected_deaths(rung, 1.0, 1.0, lead)
    )
    assert 0.0 <= deaths <= harm.LETHALITY[rung] * vulnerability * scale


def test_measures_below_force_kill_and_injure_nobody() -> None:
    """Nobody dies of protest, sanctions or a show of force."""
    for rung in range(ladder.FORCE):
        assert harm.expected_deaths(rung, 1.0, 10.0, 0.0) == 0.0
        assert harm.expected_injuries(rung, 1.0, 10.0) == 0.0


def test_lethality_rises_but_for_the_aimed_strike() -> None:
    """The higher the rung the more die, but a strike on leaders kills fewer than one on a base."""
    others = [rung for rung in RUNGS if rung != ladder.OVERMATCH]
    for table in (harm.LETHALITY, harm.INJURIES_PER_ATTACK):
        ordered = [table[rung] for rung in others]
        assert ordered == sorted(ordered)
        assert table[ladder.CALIBRATED] <= table[ladder.OVERMATCH] <= table[ladder.PROPORTIONAL]


@modest
@given(rungs, factors, factors)
def test_injuries_scale_and_outnumber_deaths(rung: int, vulnerability: float, scale: float) -> None:
    """Injuries are in proportion to vulnerability and scale, and at least as many as deaths."""
    injured = harm.expected_injuries(rung, vulnerability, scale)
    assert injured == pytest.approx(vulnerability * scale * harm.expected_injuries(rung, 1.0, 1.0))
    assert injured >= harm.expected_deaths(rung, vulnerability, scale, 0.0)


# Harm


@modest
@given(rungs, st.floats(0.0, 10.0), st.integers(0, 500), st.integers(0, 500))
def test_harm_rises_with_deaths_along_a_slope(
    rung: int, per_tenfold: float, military: int, civilian: int
) -> None:
    """Every further death adds harm, and each adds less than the one before it."""

    def felt(more: int) -> float:
        return harm.harm(rung, 0.0, per_tenfold, military + more, civilian)

    first, second = felt(1) - felt(0), felt(2) - felt(1)
    rounding = 1e-12
    assert first + rounding >= second >= -rounding
    if per_tenfold > 0.01:
        assert first > second > 0.0


@modest
@given(rungs, st.floats(0.1, 10.0))
def test_the_first_death_is_no_cliff(rung: int, per_tenfold: float) -> None:
    """The first death adds less than a sixth of what a hundred deaths add."""
    none, one, hundred = (harm.harm(rung, 0.0, per_tenfold, k, 0) for k in (0, 1, 100))
    assert 0.0 < one - none < (hundred - none) / 6


@modest
@given(rungs, st.floats(0.0, 10.0), st.integers(0, 4))
def test_a_tenfold_of_deaths_adds_its_rungs(rung: int, per_tenfold: float, tens: int) -> None:
    """Each tenfold of one plus the deaths adds the same number of rungs, soldiers or civilians."""
    few, many = 10**tens - 1, 10 ** (tens + 1) - 1
    for order in (1, -1):
        deaths, more = (few, 0)[::order], (many, 0)[::order]
        added = harm.harm(rung, 0.0, per_tenfold, *more) - harm.harm(
            rung, 0.0, per_tenfold, *deaths
        )
        assert added == pytest.approx(per_tenfold)


def test_a_crewed_loss_is_felt_more() -> None:
    """The same attack is felt more if it kills a crew of two than if it downs a drone."""
    drone, crew = (harm.harm(ladder.CALIBRATED, 0.0, 3.0, killed, 0.0) for killed in (0, 2))
    assert drone == 1.8
    assert crew == pytest.approx(1.8 + 3.0 * math.log10(3.0))


@modest
@given(struck, st.floats(0.0, 5.0), st.floats(0.0, 5.0), st.floats(0.0, 500.0))
def test_harm_by_force_rises_with_the_rung(
    rung: int, premium: float, per_tenfold: float, deaths: float
) -> None:
    """At the same toll a higher rung of force is felt more, and any more than soft measures."""
    felt = harm.harm(rung, premium, per_tenfold, deaths, 0.0)
    assert felt > max(harm.BASE_HARM[: ladder.FORCE])
    if rung < ladder.WAR:
        assert harm.harm(rung + 1, premium, per_tenfold, deaths, 0.0) > felt


def test_standing_down_harms_nobody() -> None:
    """Rung 0 harms nobody, and soft measures less than one rung."""
    assert harm.harm(ladder.STAND_DOWN, 0.0, 3.0, 0.0, 0.0) == 0.0
    assert max(harm.BASE_HARM[: ladder.FORCE]) < 1.0


def test_what_is_struck_adds_its_premium() -> None:
    """Leaders weigh most, then civilians and the homeland, then infrastructure."""
    abroad = [
        harm.premium(*kind, False) for kind in (MILITARY, INFRASTRUCTURE, CIVILIAN, LEADERSHIP)
    ]
    assert abroad == [0.0, 0.8, 1.5, 2.5]
    for kind in (MILITARY, LEADERSHIP, INFRASTRUCTURE, CIVILIAN):
        assert harm.premium(*kind, True) - harm.premium(*kind, False) == pytest.approx(1.5)


def test_the_dead_are_divided_by_what_is_struck() -> None:
    """One in ten of those killed at a base is a civilian, everybody killed in a city is."""
    kinds = (MILITARY, LEADERSHIP, INFRASTRUCTURE, CIVILIAN)
    assert [harm.civilian_share(*kind) for kind in kinds] == [0.1, 0.2, 0.5, 1.0]


@modest
@given(st.floats(0.0, 10.0), st.floats(0.1, 5.0))
def test_a_threat_promises_a_strike_on_the_homeland(per_tenfold: float, scale: float) -> None:
    """A threat is worth the harm of an unwarned strike of its rung at home; no threat, nothing."""
    assert harm.threatened_harm(0, per_tenfold, scale) == 0.0
    promised = [harm.threatened_harm(rung, per_tenfold, scale) for rung in range(1, 11)]
    assert promised[5] == pytest.approx(1.8 + 1.5 + per_tenfold * math.log10(1.0 + 6.0 * scale))
    assert min(promised) > 1.5
    assert promised[ladder.WAR - 1] == max(promised)


def test_higher_threats_by_force_promise_more() -> None:
    """At the model's weight of deaths, each higher rung of force promises more harm."""
    promised = [harm.threatened_harm(rung, 3.0, 1.0) for rung in range(ladder.FORCE, 11)]
    assert promised == sorted(set(promised))


# Late injuries


@modest
@given(st.floats(0.1, 10.0), st.integers(1, 1000))
def test_late_injuries_weigh_a_quarter_of_deaths(per_tenfold: float, people: int) -> None:
    """Injuries that surface late add a quarter of what as many deaths would have."""
    deaths = harm.harm(6, 0.0, per_tenfold, people, 0.0) - harm.harm(6, 0.0, per_tenfold, 0.0, 0.0)
    assert harm.injury_harm(per_tenfold, people) == pytest.approx(0.25 * deaths)
    assert harm.injury_harm(per_tenfold, 0.0) == 0.0


def test_the_injured_of_al_asad_weigh_less_than_four_dead() -> None:
    """The 109 injured of January 2020 add less harm than four deaths on the day would have."""
    four = harm.harm(6, 0.0, 3.0, 4, 0.0) - harm.harm(6, 0.0, 3.0, 0.0, 0.0)
    assert harm.injury_harm(3.0, 109) == pytest.approx(1.53, abs=0.01)
    assert harm.injury_harm(3.0, 109) < four


# Likeness and accidents


def test_likeness_of_target_classes() -> None:
    """A class is like itself, likeness has no direction, and commanders are nearly military."""
    for first in CLASSES:
        assert harm.class_likeness(first, first) == 1.0
        for second in CLASSES:
            assert harm.class_likeness(first, second) == harm.class_likeness(second, first)
            assert 0.0 <= harm.class_likeness(first, second) <= 1.0
    assert harm.class_likeness(0, 1) == 0.75
    assert harm.class_likeness(2, 3) == 0.3
    assert harm.class_likeness(0, 3) == harm.class_likeness(1, 2) == 0.0


@modest
@given(rungs, st.floats(0.0, 100.0))
def test_accidents_are_likelier_the_harder_the_strike(rung: int, scale: float) -> None:
    """An accident is a probability, 2 % at a calibrated strike, and rises with rung and scale."""
    risk = harm.accident_probability(rung, scale)
    assert 0.0 <= risk <= 1.0
    assert risk <= harm.accident_probability(rung + 1, scale)
    assert risk <= harm.accident_probability(rung, scale + 1.0)
    assert harm.accident_probability(ladder.CALIBRATED, 1.0) == 0.02
    assert harm.accident_probability(rung, 0.0) == 0.0
