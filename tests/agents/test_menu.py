"""The menu: what an actor has means, reach and leave for, and what each option does."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.menu import WARNING_AHEAD_H
from agents.rules import ladder
from agents.world import TargetClass
from tests.agents.stage import Stage, Ties, place

modest = settings(deadline=None, max_examples=25)
SOFT = [ladder.STAND_DOWN, ladder.PROTEST, ladder.SANCTIONS, ladder.SHOW_OF_FORCE]
BASE, LEADERS, CITY = (
    place(kind) for kind in (TargetClass.MILITARY, TargetClass.LEADERSHIP, TargetClass.CIVILIAN)
)


# What is on it


def test_without_reach_there_are_words_and_war() -> None:
    """Who reaches nothing of a rival state can protest, sanction and show force, or go to war."""
    assert Stage(place(reached_by="nobody")).rungs() == [*SOFT, ladder.WAR]


def test_nobody_wages_war_on_an_armed_group() -> None:
    """Full-scale war is between states: against a group out of reach soft options are left."""
    stage = Stage()
    stage.add_proxy("group")
    assert stage.rungs("group") == SOFT


@pytest.mark.parametrize(
    ("site", "rungs"),
    [
        (BASE, {ladder.CALIBRATED, ladder.PROPORTIONAL}),
        (LEADERS, {ladder.OVERMATCH}),
        (place(TargetClass.INFRASTRUCTURE), {ladder.OVERMATCH}),
        (CITY, {ladder.CITIES}),
    ],
)
def test_what_is_in_reach_decides_the_strikes(site, rungs: set[int]) -> None:
    """A base invites limited strikes, leaders and infrastructure overmatch, cities the worst."""
    assert set(Stage(site).rungs()) == {*SOFT, ladder.COVERT, *rungs, ladder.WAR}


def test_a_patron_can_have_its_proxy_attack() -> None:
    """A proxy attacks the bases that it reaches itself, whether or not its patron does."""
    ties = Ties(clients={"north": ["group"]})
    stage = Stage(place(reached_by="group"), ties=ties)
    stage.add_proxy("group")
    attack = stage.only(ladder.PROXY)
    assert attack.executor == "group"
    assert attack.display == pytest.approx(0.4 * ladder.PROXY)
    assert stage.rungs() == [*SOFT, ladder.PROXY, ladder.WAR]


def test_hosts_that_all_refuse_take_limited_strikes_away() -> None:
    """Strikes on bases need one host's consent; restricted is enough, withdrawn by all is not."""
    limited = {ladder.CALIBRATED, ladder.PROPORTIONAL}
    for consents, allowed in (
        (("full", "withdrawn"), True),
        (("restricted", "withdrawn"), True),
        (("withdrawn", "withdrawn"), False),
    ):
        hosting = {(f"host-{i}", "north"): consent for i, consent in enumerate(consents)}
        found = limited & set(Stage(BASE, ties=Ties(hosting=hosting)).rungs())
        assert found == (limited if allowed else set())


def test_striking_a_rivals_ally_is_overmatch() -> None:
    """Horizontal escalation reaches a rival's allies at rung 8, but never a friend of one's own."""
    ally = place(forces="ally", country="ally")
    alone = Stage(ally, ties=Ties(alliances={("south", "ally"): 0.8}))
    assert alone.rungs() == [*SOFT, ladder.OVERMATCH, ladder.WAR]
    both = {("south", "ally"): 0.8, ("north", "ally"): 0.2}
    assert Stage(ally, ties=Ties(alliances=both)).rungs() == [*SOFT, ladder.WAR]


# What an option shows


@modest
@given(st.floats(0.0, 1.0))
def test_a_warned_strike_displays_less(discount: float) -> None:
    """A warned strike is credited its rung at the discount of warned strikes, others in full."""
    stage = Stage(BASE, warned_display=discount)
    assert stage.only(ladder.CALIBRATED).display == pytest.approx(6.0 * discount)
    assert stage.only(ladder.PROPORTIONAL).display == 7.0
    assert stage.only(ladder.COVERT).display == pytest.approx(4.0 * ladder.COVERT_VISIBILITY)


def test_soft_options_display_less_than_their_rung_and_than_any_limited_strike() -> None:
    """Words and moves are credited less than deeds."""
    stage = Stage(BASE)
    for rung in SOFT:
        option = stage.only(rung)
        assert option.display == pytest.approx(0.6 * rung)
        assert option.display < stage.only(ladder.CALIBRATED).display


def test_an_answer_in_kind_displays_more() -> None:
    """An answer on the same kind of target and soil, as openly, is credited for its match."""
    unprovoked = Stage(BASE, LEADERS, commensurability=0.5)
    provoked = Stage(BASE, LEADERS, commensurability=0.5)
    provoked.provoke(BASE)
    in_kind = provoked.only(ladder.PROPORTIONAL)
    assert in_kind.match == pytest.approx(0.4 + 0.3 + 0.2)
    before = unprovoked.only(ladder.PROPORTIONAL).display
    assert in_kind.display == pytest.approx(before * (1.0 + 0.5 * 0.9))
    # A strike on leaders is nearly in kind; a warned one mirrors the hour as well.
    assert provoked.only(ladder.OVERMATCH).match == pytest.approx(0.4 * 0.75 + 0.3 + 0.2)
    assert provoked.only(ladder.CALIBRATED).match == pytest.approx(1.0)


# What an option does


def test_a_warning_saves_by_its_lead() -> None:
    """The longer the lead of its warning, the fewer a calibrated strike is expected to kill."""
    unwarned, warned, early = (Stage(BASE, warning=lead) for lead in (0.0, 1.0, 4.0))
    deaths = [stage.only(ladder.CALIBRATED).deaths for stage in (unwarned, warned, early)]
    assert deaths[0] == pytest.approx(6.0)
    assert deaths[1] == pytest.approx(6.0 * (1.0 - 0.9 * (1.0 - math.exp(-WARNING_AHEAD_H))))
    assert deaths[2] == pytest.approx(0.6, abs=0.03)
    assert len({stage.only(ladder.PROPORTIONAL).deaths for stage in (unwarned, warned, early)}) == 1
    harms = [stage.only(ladder.CALIBRATED).harm for stage in (unwarned, warned, early)]
    assert harms == sorted(harms, reverse=True)


@modest
@given(st.floats(0.05, 3.0), st.floats(1.1, 5.0))
def test_a_more_vulnerable_place_is_hurt_more(vulnerability: float, factor: float) -> None:
    """Expected deaths grow in proportion to vulnerability, and harm with them."""
    hard, soft = (
        Stage(place(vulnerability=v)).only(ladder.PROPORTIONAL)
        for v in (vulnerability, factor * vulnerability)
    )
    assert soft.deaths == pytest.approx(factor * hard.deaths)
    assert soft.harm > hard.harm


def test_the_homeland_is_worth_more_than_a_base_abroad() -> None:
    """The same strike does a rung and a half more harm on the victim's own soil."""
    abroad = Stage(place(country="third")).only(ladder.PROPORTIONAL)
    assert Stage(BASE).only(ladder.PROPORTIONAL).harm - abroad.harm == pytest.approx(1.5)


def test_harm_rises_up_the_ladder_of_strikes() -> None:
    """Each higher strike on the menu is expected to do more harm than the one below it."""
    stage = Stage(BASE, LEADERS, CITY)
    strikes = [ladder.CALIBRATED, ladder.PROPORTIONAL, ladder.OVERMATCH, ladder.CITIES]
    harms = [stage.only(rung).harm for rung in strikes]
    assert harms == sorted(harms)
    assert harms[0] > max(stage.only(rung).harm for rung in (*SOFT, ladder.COVERT))


def test_war_does_most_harm() -> None:
    """Full-scale war is expected to do more harm, and to kill more, than a strike on a city."""
    stage = Stage(CITY)
    war, city = stage.only(ladder.WAR), stage.only(ladder.CITIES)
    assert war.harm > city.harm
    assert war.deaths > city.deaths
