"""How options are weighed together: statements of the model that take a whole menu."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules import audience, ladder
from agents.world import Leg, TargetClass
from tests.agents.stage import Stage, Ties, place

modest = settings(deadline=None, max_examples=25)
BELOW_FORCE = range(ladder.FORCE)
DEATHS = (0, 1, 2, 5, 10, 30, 100)


def stage(ties: Ties | None = None, **parameters: float) -> Stage:
    """Return a stage on which North reaches a base, a leader and a city of South."""
    kinds = (TargetClass.MILITARY, TargetClass.LEADERSHIP, TargetClass.CIVILIAN)
    return Stage(*(place(kind) for kind in kinds), ties=ties, **parameters)


def struck(deaths: float, blame: float = 1.0, **parameters: float) -> Stage:
    """Return the stage after South's strike on North has killed this many."""
    found = stage(None, **parameters)
    found.suffer(deaths, blame=blame)
    return found


# Between chance and the best


def test_precision_0_makes_every_rung_as_likely() -> None:
    """At precision 0 every rung of the menu is exactly as likely, whatever happened."""
    shares = struck(30, choice_precision=0.0).appraisal().probabilities
    assert list(shares) == [pytest.approx(0.1)] * 10


@pytest.mark.parametrize("deaths", DEATHS)
def test_high_precision_takes_the_best(deaths: int) -> None:
    """At a high precision nearly all the probability is on the rung of the highest utility."""
    found = struck(deaths, choice_precision=1000.0).appraisal()
    best = max(found.utilities)
    near = sum(
        share
        for share, utility in zip(found.probabilities, found.utilities, strict=True)
        if utility > best - 0.02
    )
    assert near > 0.999999
    assert sum(found.probabilities) == pytest.approx(1.0)


def test_many_targets_do_not_make_a_kind_likelier() -> None:
    """Ten bases in reach leave a strike on a base as likely as one."""
    one, ten = Stage(place()), Stage(*(place() for _ in range(10)))
    assert len(ten.menu()) > len(one.menu())
    for each in (one, ten):
        each.suffer(5)
    assert ten.appraisal().probabilities == one.appraisal().probabilities


# Deaths, crews and authors


def test_the_answer_rises_with_deaths_along_a_slope() -> None:
    """Force is likelier with every further death, and the first is less than a fifth of the way."""
    shares = [struck(deaths).by_force() for deaths in DEATHS]
    assert all(more > fewer for fewer, more in itertools.pairwise(shares))
    assert shares[1] - shares[0] < 0.2 * (shares[-1] - shares[0])


@pytest.mark.parametrize("salience", [1.0, 1.3, 1.7])
def test_the_first_death_is_no_cliff_at_any_stakes(salience: float) -> None:
    """At the stakes of most crises too, the first death is less than a third of the way."""
    shares = []
    for deaths in DEATHS:
        here = struck(deaths)
        here.account.level *= salience
        shares.append(here.by_force())
    assert shares == sorted(shares)
    assert shares[1] - shares[0] < (shares[-1] - shares[0]) / 3


def test_a_crewed_loss_is_answered_more() -> None:
    """Losing a crew of two is answered by force more than losing a drone."""
    assert struck(2).by_force() > 1.2 * struck(0).by_force()


@modest
@given(st.floats(0.0, 0.9), st.sampled_from(DEATHS[1:]))
def test_a_certain_author_is_answered_more(blame: float, deaths: int) -> None:
    """The same loss is answered by open strikes more if its author is certain than suspected."""
    strikes = (ladder.CALIBRATED, ladder.PROPORTIONAL, ladder.OVERMATCH)
    assert struck(deaths).share(*strikes) > struck(deaths, blame=blame).share(*strikes)


# Audiences


@modest
@given(st.floats(0.1, 2.0), st.floats(0.2, 2.0), st.sampled_from(DEATHS))
def test_audience_costs_make_back_downs_rarer(cost: float, more: float, deaths: int) -> None:
    """The higher its own audience cost, the less an actor falls short of what it threatened."""

    def short(audience_cost: float) -> float:
        found = struck(deaths, audience_cost=audience_cost)
        found.account.threat = ladder.PROPORTIONAL
        return found.share(*range(ladder.PROPORTIONAL))

    assert short(cost + more) < short(cost)


def test_a_threat_binds_once_its_line_is_crossed() -> None:
    """An own threat costs nothing to leave alone until the rival crosses its line."""
    calm, crossed = stage(), struck(0)
    for each in (calm, crossed):
        each.account.threat = ladder.PROPORTIONAL
    assert calm.term(ladder.STAND_DOWN, "inconsistency") == 0.0
    assert crossed.term(ladder.STAND_DOWN, "inconsistency") < 0.0
    assert crossed.term(ladder.PROPORTIONAL, "inconsistency") == 0.0


def test_being_struck_does_not_loosen_a_vow() -> None:
    """A vow binds at least as much once the rival has struck as it did before."""
    before, after = stage(), stage()
    after.account.breach = audience.BREACH_FLOOR
    for each in (before, after):
        each.account.vow = ladder.PROPORTIONAL
    lost = [each.term(ladder.STAND_DOWN, "inconsistency") for each in (before, after)]
    assert lost[1] < lost[0]


@modest
@given(st.floats(0.0, 0.9), st.floats(0.05, 0.1), st.sampled_from(["threat", "vow"]))
def test_falling_short_costs_more_the_further_the_line_is_crossed(
    breach: float, more: float, word: str
) -> None:
    """Breaking a threat or a vow costs in proportion to how far the rival crossed the line."""

    def cost(crossed: float) -> float:
        here = stage()
        setattr(here.account, word, ladder.PROPORTIONAL)
        here.account.breach = crossed
        return -here.term(ladder.STAND_DOWN, "inconsistency")

    assert cost(breach + more) > cost(breach) >= 0.0
    assert cost(breach) == pytest.approx(breach * cost(1.0))


def test_a_declared_conclusion_binds() -> None:
    """Striking again after declaring one's answer complete costs; restraint does not."""
    free, bound = struck(5), struck(5)
    bound.account.said_concluded = True
    assert bound.by_force() < free.by_force()
    for rung in BELOW_FORCE:
        assert bound.term(rung, "inconsistency") == 0.0


def test_honour_and_display_pull_up_the_ladder() -> None:
    """Grievance costs less the more an option displays, and nothing once it displays enough."""
    costs = [
        struck(10).term(rung, "honour")
        for rung in (ladder.STAND_DOWN, ladder.SANCTIONS, ladder.CALIBRATED, ladder.PROPORTIONAL)
    ]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1] == 0.0


# Face, threats and the others


def test_a_mediator_makes_restraint_more_attractive() -> None:
    """Restraint is worth more with an intermediary on the path between the two; force is not."""
    path = (Leg("north", "swiss", 1.0, 0.9, 1.0), Leg("swiss", "south", 1.0, 0.9, 1.0))
    alone, helped = struck(5), stage(ties=Ties(path=path))
    helped.add_state("swiss")
    helped.suffer(5)
    for rung in BELOW_FORCE:
        assert helped.term(rung, "face") == pytest.approx(1.5 * alone.term(rung, "face"))
    assert helped.term(ladder.CALIBRATED, "face") == 0.0
    assert helped.by_force() < alone.by_force()


def test_a_threat_takes_face_from_restraint() -> None:
    """Under a standing threat restraint looks like yielding and is worth less."""
    free, threatened = struck(0), struck(0)
    threatened.account.threatened = ladder.OVERMATCH
    assert 0.0 < threatened.term(ladder.PROTEST, "face") < free.term(ladder.PROTEST, "face")


@modest
@given(st.floats(0.05, 0.95), st.floats(0.0, 0.9))
def test_a_believed_threat_deters_deadly_strikes(mean: float, less: float) -> None:
    """The better a rival's threat is believed, the more a deadly strike is expected to cost."""

    def cost(credibility: float) -> float:
        here = struck(10)
        here.account.threatened = ladder.OVERMATCH
        here.account.kept, here.account.dropped = 4.0 * credibility, 4.0 * (1.0 - credibility)
        return here.term(ladder.CALIBRATED, "reply")

    assert cost(mean) <= cost(less * mean)
    assert cost(0.95) < cost(0.05)


def test_traced_attacks_lose_their_appeal() -> None:
    """The likelier a covert attack is traced, the more of a reply it is expected to bring."""
    costs = [
        struck(5, attribution_capability=capability).term(ladder.COVERT, "reply")
        for capability in (0.0, 0.5, 1.0, 1.6)
    ]
    assert costs == sorted(costs, reverse=True)
    assert len(set(costs)) == 4


def covert_shares(identification: float, suspects: int, deaths: float) -> list[float]:
    """Return the shares of covert answers as attribution becomes more capable."""
    shares = []
    for capability in (0.0, 0.5, 1.0, 1.6):
        here = stage(Ties(suspects=suspects), attribution_capability=capability)
        here.south.identification = identification
        here.suffer(deaths)
        shares.append(here.share(ladder.COVERT))
    return shares


@pytest.mark.parametrize("suspects", [1, 2, 5])
@pytest.mark.parametrize("deaths", [0, 5, 30])
def test_capable_attribution_deters_only_if_it_finds_the_culprit(
    suspects: int, deaths: int
) -> None:
    """Who mostly blames the innocent deters nobody by tracing more; who identifies well does."""
    blind = covert_shares(0.1, suspects, deaths)
    assert blind == sorted(blind)
    sharp = covert_shares(0.95, suspects, deaths)
    assert sharp == sorted(set(sharp), reverse=True)


def test_striking_on_third_soil_costs() -> None:
    """Striking on the soil of a rival's ally, or of an own host, costs more than elsewhere."""
    base = place(country="third")
    plain = Stage(base)
    friend = Stage(base, ties=Ties(alliances={("third", "south"): 0.5, ("third", "north"): 0.1}))
    host = Stage(base, ties=Ties(hosting={("third", "north"): "full"}))
    costs = [-each.term(ladder.PROPORTIONAL, "coalition") for each in (plain, friend, host)]
    assert costs == [pytest.approx(0.3), pytest.approx(0.9), pytest.approx(0.6)]
    assert Stage(place()).term(ladder.PROPORTIONAL, "coalition") == 0.0
