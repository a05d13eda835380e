"""The terms of a choice, and quantal response between chance and the best."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from agents.rules import choice

modest = settings(deadline=None, max_examples=40)
shares = st.floats(0.0, 1.0)
levels = st.floats(0.0, 15.0)
costs = st.floats(0.0, 5.0)
rungs = st.integers(0, 10)
strikes = st.integers(6, 10)
utilities = st.lists(st.floats(-30.0, 30.0), min_size=1, max_size=11)
GAMES = range(12)

Payoffs = Sequence[Sequence[tuple[float, float]]]
"""What striker and struck get, by the strike (restraint first) and the answer to it."""


# Quantal response


@modest
@given(utilities, st.floats(0.0, 1000.0))
def test_quantal_response_is_the_softmax(values: list[float], precision: float) -> None:
    """Options are chosen in proportion to exp(precision × utility)."""
    found = choice.probabilities(values, precision)
    expected = softmax([precision * value for value in values])
    assert found == pytest.approx(expected.tolist(), abs=1e-12)
    assert sum(found) == pytest.approx(1.0, abs=1e-12)


@modest
@given(utilities)
def test_precision_0_is_uniform(values: list[float]) -> None:
    """At precision 0 every option is exactly as likely as any other."""
    assert choice.probabilities(values, 0.0) == [1.0 / len(values)] * len(values)


@modest
@given(utilities)
def test_infinite_precision_picks_the_best(values: list[float]) -> None:
    """At infinite precision only the best is chosen, and ties share equally."""
    found = choice.probabilities(values, math.inf)
    ties = values.count(max(values))
    assert found == [1.0 / ties if value == max(values) else 0.0 for value in values]


@modest
@given(utilities, st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_the_best_gains_by_precision(values: list[float], precision: float, other: float) -> None:
    """The more precise a choice, the likelier the best option and the higher the mean utility."""
    low, high = sorted((precision, other))
    vague, precise = choice.probabilities(values, low), choice.probabilities(values, high)
    best = values.index(max(values))
    assert precise[best] >= vague[best] - 1e-12
    gained = sum((p - v) * value for p, v, value in zip(precise, vague, values, strict=True))
    assert gained >= -1e-9


@modest
@given(utilities, st.floats(-100.0, 100.0), st.floats(0.0, 10.0))
def test_only_differences_of_utility_matter(
    values: list[float], shift: float, precision: float
) -> None:
    """Adding the same to every option changes no probability."""
    moved = choice.probabilities([value + shift for value in values], precision)
    assert moved == pytest.approx(choice.probabilities(values, precision), abs=1e-9)


def test_a_uniform_number_picks_by_shares() -> None:
    """A uniform number falls on an option as often as its share; on the last one beyond the sum."""
    shares_of = [0.5, 0.0, 0.3, 0.2]
    counts = Counter(choice.picked(shares_of, (i + 0.5) / 1000) for i in range(1000))
    assert counts == {0: 500, 2: 300, 3: 200}
    assert choice.picked([0.1] * 10, 1.0 - 2.0**-53) == 9


# Two moves: a strike, and the answer to it


def drawn(seed: int) -> Payoffs:
    """Return the payoffs of a game of three strikes and three answers, no two of a side alike."""
    source = random.Random(seed)
    mine, theirs = ([x / 4 for x in source.sample(range(-12, 13), 9)] for _ in range(2))
    return [[(mine[3 * i + j], theirs[3 * i + j]) for j in range(3)] for i in range(3)]


def quantal_play(payoffs: Payoffs, precision: float) -> tuple[list[float], list[list[float]]]:
    """Return how likely each strike is, and each answer to each, by backward induction."""
    answers = [choice.probabilities([theirs for _, theirs in row], precision) for row in payoffs]
    values = [
        sum(share * mine for share, (mine, _) in zip(shares_of, row, strict=True))
        for shares_of, row in zip(answers, payoffs, strict=True)
    ]
    return choice.probabilities(values, precision), answers


def perfect_play(payoffs: Payoffs) -> tuple[int, list[int]]:
    """Return the strike and the answer to each strike in the subgame-perfect equilibrium."""
    answers = [max(range(3), key=[theirs for _, theirs in row].__getitem__) for row in payoffs]
    return max(range(3), key=lambda i: payoffs[i][answers[i]][0]), answers


@pytest.mark.parametrize("seed", GAMES)
def test_precise_play_of_two_moves_is_subgame_perfect(seed: int) -> None:
    """As precision grows, strike and answers become those of the subgame-perfect equilibrium."""
    payoffs = drawn(seed)
    strike, answers = perfect_play(payoffs)
    for precision, tolerance in ((math.inf, 0.0), (200.0, 1e-9)):
        strikes_of, answers_of = quantal_play(payoffs, precision)
        assert strikes_of[strike] == pytest.approx(1.0, abs=tolerance)
        for i in range(3):
            assert answers_of[i][answers[i]] == pytest.approx(1.0, abs=tolerance)


@pytest.mark.parametrize("seed", GAMES)
def test_imprecise_play_of_two_moves_is_uniform(seed: int) -> None:
    """At precision 0 every strike and every answer is as likely as any other."""
    strikes_of, answers_of = quantal_play(drawn(seed), 0.0)
    assert [strikes_of, *answers_of] == [[1 / 3] * 3] * 4


def test_a_threat_to_answer_deters_only_if_it_would_be_carried_out() -> None:
    """A threat that would not be carried out is empty: the strike pays all the same."""
    restraint, strike = [(0.0, 1.0)] * 3, [(2.0, -1.0), (-3.0, -2.0), (-9.0, -9.0)]
    payoffs = [restraint, strike]
    strikes_of, answers_of = quantal_play(payoffs, math.inf)
    assert strikes_of == [0.0, 1.0]
    assert answers_of[1] == [1.0, 0.0, 0.0]
    # A victim that would rather answer than absorb is not struck.
    strikes_of, answers_of = quantal_play(
        [restraint, [(2.0, -2.0), (-3.0, -1.0), (-9.0, -9.0)]], 50
    )
    assert strikes_of[0] == pytest.approx(1.0)
    assert answers_of[1][1] == pytest.approx(1.0)


@pytest.mark.gambit
@pytest.mark.parametrize("seed", GAMES)
def test_precise_play_is_what_gambit_finds(seed: int) -> None:
    """Play at infinite precision is Gambit's equilibrium of the answers, then of the strikes."""
    gambit = pytest.importorskip("pygambit")
    payoffs = drawn(seed)
    strikes_of, answers_of = quantal_play(payoffs, math.inf)

    def best(values: list[float]) -> list[float]:
        game = gambit.Game.new_tree(players=["mover"])
        game.append_move(game.root, "mover", [str(j) for j in range(len(values))])
        for j, leaf in enumerate(game.root.children):
            game.set_outcome(leaf, game.add_outcome(str(j), [values[j]]))
        (found,) = gambit.nash.enumpure_agent_solve(game).equilibria
        return [float(found[action]) for action in game.root.infoset.actions]

    assert [best([theirs for _, theirs in row]) for row in payoffs] == answers_of
    perfect = [row[found.index(1.0)][0] for row, found in zip(payoffs, answers_of, strict=True)]
    assert best(perfect) == strikes_of
    # It is an equilibrium of the whole game, which has others that rest on empty threats.
    game = _tree(gambit, payoffs)
    profiles = [
        ([float(e[a]) for a in game.root.infoset.actions], _answers(game, e))
        for e in gambit.nash.enumpure_agent_solve(game).equilibria
    ]
    assert (strikes_of, answers_of) in profiles


@pytest.mark.gambit
@pytest.mark.parametrize("seed", GAMES)
def test_play_at_any_precision_is_gambits_logit_equilibrium(seed: int) -> None:
    """At every precision the play is Gambit's agent quantal response equilibrium of the game."""
    gambit = pytest.importorskip("pygambit")
    payoffs = drawn(seed)
    precisions = [0.3, 1.0, 3.0]
    found = gambit.qre.logit_solve_lambda(_tree(gambit, payoffs), lam=precisions)
    for precision, profile in zip(precisions, found, strict=True):
        strikes_of, answers_of = quantal_play(payoffs, precision)
        mine = [*strikes_of, *(share for row in answers_of for share in row)]
        assert mine == pytest.approx([profile[k] for k in range(len(profile))], abs=1e-8)


def _tree(gambit, payoffs: Payoffs):
    """Return a game in extensive form: a strike, and the answer of whoever saw it."""
    game = gambit.Game.new_tree(players=["striker", "struck"])
    game.append_move(game.root, "striker", [str(i) for i in range(len(payoffs))])
    for i, node in enumerate(game.root.children):
        game.append_move(node, "struck", [str(j) for j in range(len(payoffs[i]))])
        for j, leaf in enumerate(node.children):
            game.set_outcome(leaf, game.add_outcome(f"{i} {j}", list(payoffs[i][j])))
    return game


def _answers(game, profile) -> list[list[float]]:
    """Return the answers to each strike in a profile of a game; zeros where it names none."""
    return [
        [float(profile[action]) for action in node.infoset.actions] for node in game.root.children
    ]


# Own audience and account


@modest
@given(costs, levels, levels, st.floats(0.0, 3.0))
def test_honour_costs_what_is_left_unsettled(
    weight: float, grievance: float, display: float, gain: float
) -> None:
    """Unsettled grievance costs its weight a rung; an answer that displays enough costs nothing."""
    cost = -choice.honour(weight, grievance, display, gain)
    assert cost == pytest.approx(weight * max(0.0, gain * grievance - display))
    assert choice.honour(weight, grievance, gain * grievance, gain) == 0.0
    assert -choice.honour(weight, grievance, display + 1.0, gain) <= cost


@modest
@given(shares, costs, shares, rungs, rungs)
def test_falling_short_of_ones_word_costs(
    hawks: float, cost: float, breach: float, committed: int, rung: int
) -> None:
    """Doing what one said costs nothing; each rung short costs by hawks, audience and breach."""
    lost = -choice.inconsistency(hawks, cost, breach, committed, rung)
    short = max(0, committed - rung)
    assert lost == pytest.approx(choice.COMMITMENT_WEIGHT * hawks * cost * breach * short)
    assert lost <= -choice.inconsistency(hawks, cost, 1.0, committed, rung) + 1e-12


@modest
@given(
    st.lists(st.floats(-3.0, 3.0), min_size=11, max_size=11),
    st.floats(0.0, 3.0),
    st.floats(0.01, 3.0),
    st.integers(1, 10),
    st.floats(0.08, 1.0),
)
def test_audience_costs_make_back_downs_rarer(
    rest: list[float], cost: float, more: float, committed: int, breach: float
) -> None:
    """Whatever else weighs, higher own audience cost makes back-downs less likely."""

    def short(audience_cost: float) -> float:
        weighed = [
            other + choice.inconsistency(0.4, audience_cost, breach, committed, rung)
            for rung, other in enumerate(rest)
        ]
        return sum(choice.probabilities(weighed, 3.0)[:committed])

    assert short(cost + more) <= short(cost)
    if short(cost) > 1e-6 and committed < 10:
        assert short(cost + more) < short(cost)


@modest
@given(shares, costs)
def test_striking_after_a_conclusion_costs_before_the_doves(doves: float, cost: float) -> None:
    """Whoever strikes again after declaring its answer complete pays by doves and audience cost."""
    assert choice.broken_word(doves, cost) == pytest.approx(-2.0 * doves * cost)


@modest
@given(shares, costs, costs, levels, rungs)
def test_belligerence_costs_above_what_is_justified(
    doves: float, weight: float, pledge: float, justified: float, rung: int
) -> None:
    """Up to the justified rung doves mind nothing; above it each rung costs the same."""
    cost = -choice.belligerence(doves, weight, pledge, justified, rung)
    assert cost == pytest.approx((doves * weight + pledge) * max(0.0, rung - justified))


@modest
@given(st.floats(-1.0, 1.0), rungs)
def test_disposition_is_a_taste_by_the_rung(taste: float, rung: int) -> None:
    """A leader's taste adds the same for every rung and nothing to standing down."""
    assert choice.disposition(taste, rung) == taste * rung


# The reply


@modest
@given(levels, levels, levels, shares, shares)
def test_a_reply_is_likelier_the_more_is_felt(
    standing: float, harm: float, tolerance: float, resolve: float, concluded: float
) -> None:
    """Harm, grievance and resolve bring a reply on; tolerance and a conclusion hold it back."""
    chance = choice.reply_probability(standing, harm, tolerance, resolve, concluded)
    assert 0.0 <= chance <= 1.0
    assert choice.reply_probability(standing + 1.0, harm, tolerance, resolve, concluded) >= chance
    assert choice.reply_probability(standing, harm + 1.0, tolerance, resolve, concluded) >= chance
    assert choice.reply_probability(standing, harm, tolerance + 1.0, resolve, concluded) <= chance
    assert choice.reply_probability(standing, harm, tolerance, 1.0, concluded) >= chance
    assert choice.reply_probability(standing, harm, tolerance, resolve, 1.0) <= chance


def test_a_reply_is_as_likely_as_not_at_tolerance() -> None:
    """Harm at the rival's tolerance is answered half of the time, far above it nearly always."""
    assert choice.reply_probability(0.0, 3.0, 3.0, 0.5, 0.0) == 0.5
    assert choice.reply_probability(0.0, 6.0, 3.0, 0.5, 0.0) > 0.95
    # A conclusion takes away half of a standing grievance and nothing of new harm.
    assert choice.reply_probability(6.0, 0.0, 3.0, 0.5, 1.0) == 0.5
    assert choice.reply_probability(0.0, 3.0, 3.0, 0.5, 1.0) == 0.5


@modest
@given(levels, levels, shares, shares, st.floats(0.0, 30.0), shares)
def test_a_reply_grows_from_what_harm_deserves_to_what_was_threatened(
    standing: float, harm: float, credibility: float, other: float, threatened: float, breach: float
) -> None:
    """A reply lies between desert and threat, nearer to the threat the better it is believed."""
    deserved = standing + harm
    size = choice.reply_magnitude(standing, harm, credibility, threatened, breach)
    assert deserved <= size <= max(deserved, threatened) * (1.0 + 1e-12)
    assert choice.reply_magnitude(standing, harm, 0.0, threatened, breach) == deserved
    assert choice.reply_magnitude(standing, harm, credibility, threatened, 0.0) == deserved
    low, high = sorted((credibility, other))
    assert choice.reply_magnitude(
        standing, harm, low, threatened, breach
    ) <= choice.reply_magnitude(standing, harm, high, threatened, breach)
    assert choice.reply_magnitude(standing, harm, 1.0, threatened, 1.0) == pytest.approx(
        max(deserved, threatened)
    )


@modest
@given(costs, shares, levels)
def test_a_reply_costs_its_expectation(aversion: float, chance: float, size: float) -> None:
    """A reply costs its probability times its size times the aversion to it."""
    assert choice.reply(aversion, chance, size) == pytest.approx(-aversion * chance * size)


# War


@modest
@given(rungs, st.integers(0, 20), st.booleans(), st.floats(0.0, 10.0))
def test_the_slide_into_war_grows_with_rung_exchanges_and_alert(
    rung: int, exchanges: int, alert: bool, scale: float
) -> None:
    """The risk is a probability of at most 0.9, nil below rung 6, and grows with all three."""
    risk = choice.inadvertent_war_probability(rung, exchanges, alert, scale)
    assert 0.0 <= risk <= 0.9
    assert (risk == 0.0) == (rung < 6 or scale == 0.0) or risk < 1e-300
    assert choice.inadvertent_war_probability(rung + 1, exchanges, alert, scale) >= risk
    assert choice.inadvertent_war_probability(rung, exchanges + 1, alert, scale) >= risk
    assert choice.inadvertent_war_probability(rung, exchanges, True, scale) >= risk


def test_a_calibrated_strike_slides_into_war_once_in_a_hundred() -> None:
    """The first calibrated strike on a calm state carries about one per cent."""
    assert choice.inadvertent_war_probability(6, 0, False, 1.0) == pytest.approx(0.01)
    assert choice.inadvertent_war_probability(9, 0, False, 1.0) == pytest.approx(0.106, abs=0.001)


@modest
@given(rungs, levels, levels, shares, st.floats(0.0, 0.9))
def test_war_is_a_probability_that_rises_with_pressure(
    rung: int, standing: float, harm: float, reply: float, slide: float
) -> None:
    """The risk of war rises with rung, grievance, harm and reply, and covers that of a slide."""
    risk = choice.war_probability(rung, standing, harm, reply, slide)
    assert slide - 1e-12 <= risk <= 1.0
    assert choice.war_probability(rung + 1, standing, harm, reply, slide) >= risk - 1e-12
    assert choice.war_probability(rung, standing + 1.0, harm, reply, slide) >= risk - 1e-12
    assert choice.war_probability(rung, standing, harm + 1.0, reply, slide) >= risk - 1e-12
    assert choice.war_probability(rung, standing, harm, 1.0, slide) >= risk - 1e-12
    assert choice.war_probability(10, standing, harm, reply, slide) == 1.0


@modest
@given(levels, levels, shares)
def test_doing_nothing_starts_no_war(standing: float, harm: float, reply: float) -> None:
    """Standing down cannot become a war of one's own."""
    assert choice.war_probability(0, standing, harm, reply, 0.0) == 0.0


@modest
@given(st.floats(0.0, 50.0), shares, shares)
def test_the_stronger_side_expects_the_cheaper_war(cost: float, own: float, rival: float) -> None:
    """War costs half to one and a half times its figure, less for the stronger side."""
    outlook = choice.war_outlook(cost, own, rival)
    assert 0.5 * cost - 1e-9 <= outlook <= 1.5 * cost + 1e-9
    assert choice.war_outlook(cost, 0.0, 0.0) == cost
    assert choice.war_outlook(cost, own, own) == pytest.approx(cost)
    assert outlook + choice.war_outlook(cost, rival, own) == pytest.approx(2.0 * cost)
    assume(own > rival)
    assert outlook <= choice.war_outlook(cost, rival, own)
    assert choice.war(cost, 0.25) == -0.25 * cost


# Hosts and allies


@modest
@given(shares)
def test_third_party_soil_costs_by_the_tie_it_draws_in(tie: float) -> None:
    """A third party's soil costs by its alliance with the rival, as a host, and as new soil."""
    cost = choice.third_party_soil(tie, False, False)
    assert cost == pytest.approx(1.2 * tie)
    assert choice.third_party_soil(tie, True, False) == pytest.approx(cost + 0.3)
    assert choice.third_party_soil(tie, True, True) == pytest.approx(cost + 0.6)


@modest
@given(rungs, costs, costs)
def test_allies_weigh_in_with_every_rung(overt_rungs: int, urged: float, threatened: float) -> None:
    """Allies that urge restraint and allies in danger add the same to the cost of each rung."""
    cost = choice.allies_exposed(overt_rungs, urged, threatened)
    assert cost == pytest.approx(0.12 * overt_rungs * (urged + threatened))
    assert cost >= 0.0


# Face


@modest
@given(st.floats(0.1, 5.0), st.floats(0.01, 1.0), st.floats(0.0, 0.99), shares, shares)
def test_face_is_saved_by_a_mediator_and_lost_under_threat(
    value: float, concluded: float, breach: float, mediator: float, threat: float
) -> None:
    """Restraint is worth more through a mediator and less under a threat, if to half at most."""
    alone = choice.face(value, concluded, breach, 0.0, 0.0)
    assert alone == pytest.approx(value * concluded * (1.0 - breach))
    assert choice.face(value, concluded, breach, mediator, 0.0) == pytest.approx(
        alone * (1.0 + mediator)
    )
    assert choice.face(value, concluded, breach, 0.0, threat) == pytest.approx(
        alone * (1.0 - threat / 2)
    )
    assert choice.face(value, concluded, breach, 0.5, 0.0) > alone
    assert choice.face(value, concluded, breach, 0.0, 0.5) < alone


@modest
@given(st.floats(0.0, 5.0), shares, shares, shares)
def test_there_is_no_face_in_restraint_before_a_conclusion_or_after_a_full_breach(
    value: float, share: float, mediator: float, threat: float
) -> None:
    """Restraint saves no face while the rival goes on, nor once it crossed the line wholly."""
    assert choice.face(value, 0.0, share, mediator, threat) == 0.0
    assert choice.face(value, share, 1.0, mediator, threat) == 0.0
