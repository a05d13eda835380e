"""The escalation ladder: names, thresholds, scores, and what an act displays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules import ladder

modest = settings(deadline=None, max_examples=40)
shares = st.floats(0.0, 1.0)
RUNGS = range(11)


def test_every_rung_has_a_name_and_a_number() -> None:
    """The eleven rungs are named in the order of their numbers."""
    assert len(ladder.RUNG_NAMES) == len(set(ladder.RUNG_NAMES)) == 11
    assert [getattr(ladder, name.upper()) for name in ladder.RUNG_NAMES] == list(RUNGS)


def test_force_begins_above_the_show_of_force() -> None:
    """Covert attack is the lowest rung of force; showing it is not using it."""
    assert ladder.FORCE == ladder.COVERT == ladder.SHOW_OF_FORCE + 1


def test_kahn_thresholds_are_crossed_one_by_one() -> None:
    """Climbing crosses one threshold at a time and all five by full-scale war."""
    crossed = [ladder.kahn_thresholds(rung) for rung in RUNGS]
    assert crossed == [0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5]


def test_rivera_scores_rise_with_the_violence_of_an_act() -> None:
    """Scores rise from standing down to war; a show of force, as posturing, is out of the order."""
    scores = [ladder.rivera_severity(rung) for rung in RUNGS]
    assert scores[ladder.SHOW_OF_FORCE] == scores[ladder.PROTEST] == 4.0
    assert scores[ladder.SHOW_OF_FORCE] < scores[ladder.SANCTIONS]
    ordered = [score for rung, score in enumerate(scores) if rung != ladder.SHOW_OF_FORCE]
    assert ordered == sorted(ordered)
    assert set(scores) == {-2.0, 4.0, 12.0, 28.0, 60.0}


def test_rivera_scores_tell_violence_from_the_rest() -> None:
    """Every attack by force that is owned or ordered outweighs two measures short of it."""
    for rung in range(ladder.PROXY, ladder.WAR):
        assert ladder.rivera_severity(rung) > 2 * ladder.rivera_severity(ladder.SANCTIONS)


@modest
@given(shares, shares, shares, shares)
def test_commensurability_is_a_weighted_share(
    likeness: float, place: float, forces: float, mirrored: float
) -> None:
    """Target class counts most, then place, own forces and timing; together they make 1."""
    m = ladder.commensurability(likeness, place, forces, mirrored)
    assert 0.0 <= m <= 1.0
    assert m == pytest.approx(0.4 * likeness + 0.3 * place + 0.2 * forces + 0.1 * mirrored)
    assert ladder.commensurability(1.0, 1.0, 1.0, 1.0) == pytest.approx(1.0)


@modest
@given(st.floats(0.0, 10.0), shares, st.floats(0.0, 2.0))
def test_open_acts_display_most(rung: float, match: float, weight: float) -> None:
    """An open act displays more than a proxy's, a proxy's more than a covert one."""
    overt, proxy, covert = (
        ladder.display(rung, visibility, weight, match, 1.0)
        for visibility in (
            ladder.OVERT_VISIBILITY,
            ladder.PROXY_VISIBILITY,
            ladder.COVERT_VISIBILITY,
        )
    )
    assert overt >= proxy >= covert >= 0.0
    assert proxy == pytest.approx(0.4 * overt)
    assert covert == pytest.approx(0.25 * overt)


@modest
@given(st.floats(0.0, 10.0), shares, st.floats(0.0, 2.0), shares)
def test_matching_answers_display_more_and_warned_ones_less(
    rung: float, match: float, weight: float, discount: float
) -> None:
    """An answer in kind is credited up to 1 + weight times, a warned one at a discount."""
    plain = ladder.display(rung, 1.0, weight, 0.0, 1.0)
    assert plain == rung
    assert ladder.display(rung, 1.0, weight, match, 1.0) == pytest.approx(
        plain * (1.0 + weight * match)
    )
    assert ladder.display(rung, 1.0, weight, match, discount) <= ladder.display(
        rung, 1.0, weight, match, 1.0
    )
