"""Words after deeds: who says what when, whom it binds, and what it moves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.event import Event, Kind
from agents.rules import beliefs, ladder
from agents.strike import land
from sim import CrisisModel
from tests.conftest import MakeCrisis
from tests.support import (
    BAND,
    BY_BAND,
    COVERT,
    FRIEND,
    HAVEN,
    chain,
    found,
    of,
    runs,
    state,
    strike,
)

WORDS = (Kind.CLAIM, Kind.DENIAL, Kind.VOW, Kind.THREAT, Kind.CONCLUSION)


def conclude(model: CrisisModel, speaker: str = "south", listener: str = "north") -> Event:
    """Let a conclusion be heard."""
    return model.world.record(Kind.CONCLUSION, speaker, listener, cause=model.ledger[0])


# After a strike


def test_an_overt_strike_is_claimed_and_a_covert_one_denied(make_crisis: MakeCrisis) -> None:
    """Some hours after its strike the attacker speaks: it claims an open one, and denies others."""
    for crisis, kind in ((make_crisis(), Kind.CLAIM), (make_crisis(changes=COVERT), Kind.DENIAL)):
        for model in runs(crisis, 4, horizon=100.0):
            said = of(model, Kind.CLAIM, Kind.DENIAL, actor="south")[0]
            struck = chain(model, said)[1]
            assert said.kind == kind
            assert (struck.kind, struck.time) == (Kind.IMPACT, 0.0)
            assert said.time > 0.0


def test_statements_take_their_time() -> None:
    """With the same luck, statements come twice as late if they take twice the time."""
    for replicate in range(4):
        first, second = (
            of(model, Kind.CLAIM)[0].time
            for scale in (4.0, 8.0)
            for model in [
                CrisisModel(crisis="two-states", statement_delay=scale, replicate=replicate)
            ]
            if model.run_to_end()
        )
        assert second == pytest.approx(2.0 * first)


def test_who_is_at_war_speaks_no_more() -> None:
    """Claims, vows, threats and conclusions are for crises: at war nobody makes them."""
    for replicate in range(5):
        model = CrisisModel(crisis="two-states", replicate=replicate)
        model.world.begin_war("north", "south", model.ledger[0])
        model.run_to_end()
        assert not of(model, *WORDS)


def test_only_who_was_struck_vows() -> None:
    """A vow answers a blow to one's own forces, at its attacker, on a rung of force up to seven."""
    seen = 0
    for model in runs(replicates=20, overrides={"north.hawk_share": 1.0, "shelling.deaths": 200.0}):
        for vow in of(model, Kind.VOW):
            struck = chain(model, vow)[1]
            assert (struck.kind, struck.target) == (Kind.IMPACT, vow.actor)
            assert vow.target == struck.actor
            assert ladder.PROXY <= (vow.rung or 0) <= ladder.PROPORTIONAL
            seen += 1
    assert seen > 10


def test_without_threats_nobody_threatens_or_vows() -> None:
    """The scale of threats at nought silences threats and vows alike."""
    for model in runs(replicates=10, threats=0.0):
        assert not of(model, Kind.THREAT, Kind.VOW)


def test_a_threat_goes_one_rung_up_and_is_known() -> None:
    """A threat after an own strike names the next rung, and its target knows it."""
    model = found(lambda m: bool(of(m, Kind.THREAT, actor="south")), threats=10.0)
    threat = of(model, Kind.THREAT, actor="south")[0]
    struck = chain(model, threat)[2]
    assert (struck.kind, struck.actor) == (Kind.IMPACT, "south")
    assert threat.rung == min(ladder.CITIES, (struck.rung or 0) + 1)
    rerun = CrisisModel(crisis="two-states", replicate=model.replicate, threats=10.0)
    rerun.run_until(threat.time)
    assert state(rerun, "north").dyad("south").threatened == threat.rung
    assert state(rerun, "south").dyad("north").threat == threat.rung


def test_only_helpers_within_reach_are_named(make_crisis: MakeCrisis) -> None:
    """A threat may name hosts and allies of the rival that the speaker can strike, nobody else."""
    crisis = make_crisis(HAVEN, FRIEND)
    named = set()
    for model in runs(crisis, 40, horizon=48.0, threats=10.0, choice_precision=0.0):
        for threat in of(model, Kind.THREAT, actor="south"):
            if threat.label == "helper":
                named.add(threat.target)
                assert chain(model, threat)[1].kind == Kind.THREAT
    assert named == {"haven", "friend"}
    spokesman = state(model, "south").behaviours["Spokesman"]
    assert set(spokesman._helpers("north")) == {"haven", "friend"}
    assert state(model, "north").behaviours["Spokesman"]._helpers("south") == []


# Conclusions


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_a_conclusion_moves_as_far_as_it_binds(cost: float, weight: float) -> None:
    """The odds that the speaker is done rise by what its own audience would make it pay."""
    model = CrisisModel(
        crisis="two-states", statement_weight=weight, overrides={"south.audience_cost": cost}
    )
    view = state(model, "north").dyad("south")
    before = view.concluded
    conclude(model)
    ratio = beliefs.statement_ratio(cost, weight)
    assert view.concluded == beliefs.updated(before, ratio) >= before


def test_talk_without_an_audience_moves_nobody() -> None:
    """A speaker whose audience punishes nothing changes no belief, exactly."""
    model = CrisisModel(crisis="two-states", audience_cost=0.0)
    view = state(model, "north").dyad("south")
    before = view.concluded
    conclude(model)
    assert view.concluded == before


def test_a_conclusion_is_an_offer_on_the_table() -> None:
    """The rival has an offer until it is struck again."""
    model = CrisisModel(crisis="two-states")
    said = conclude(model)
    dyad = state(model, "north").dyad("south")
    assert dyad.offer == said
    land(model.world, strike(model, "south", "north-fort", 7), 0, 0.0, said)
    assert dyad.offer is None


def test_a_conclusion_binds_its_speaker() -> None:
    """Who has declared its answer complete is bound by it until it strikes again."""
    model = found(lambda m: bool(of(m, Kind.CONCLUSION, actor="south")), among=60, threats=0.0,
                  overrides={"south.reply_aversion": 5.0, "south.hawk_share": 0.0})  # fmt: skip
    said = of(model, Kind.CONCLUSION, actor="south")[0]
    rerun = CrisisModel(
        crisis="two-states", replicate=model.replicate, threats=0.0,
        overrides={"south.reply_aversion": 5.0, "south.hawk_share": 0.0},
    )  # fmt: skip
    rerun.run_until(said.time)
    dyad = state(rerun, "south").dyad("north")
    assert dyad.said_concluded
    land(rerun.world, strike(rerun, "south", "north-fort", 7), 0, 0.0, said)
    assert not dyad.said_concluded


def test_a_conclusion_goes_out_in_private_too_and_calls_proxies_off(
    make_crisis: MakeCrisis,
) -> None:
    """With its public conclusion a state sends word of restraint and stands its proxies down."""
    crisis = make_crisis(BAND, changes=BY_BAND)
    eager = {"south.reply_aversion": 5.0, "south.hawk_share": 0.0}
    model = found(lambda m: bool(of(m, Kind.CONCLUSION, actor="south")), crisis, overrides=eager)
    said = of(model, Kind.CONCLUSION, actor="south")[0]
    followed = [e for e in model.ledger if e.cause == said.id]
    assert {(e.kind, e.target) for e in followed if e.kind in (Kind.MESSAGE, Kind.ORDER)} == {
        (Kind.MESSAGE, "north"),
        (Kind.ORDER, "band"),
    }
    assert [e.label for e in followed if e.kind == Kind.ORDER] == ["stand_down"]


def test_nobody_concludes_to_stir_up_a_reply() -> None:
    """The more a reply would cost it, the more often an attacker declares itself done."""
    concluded = []
    for aversion in (0.0, 5.0):
        models = runs(replicates=30, horizon=48.0, overrides={"south.reply_aversion": aversion})
        concluded.append(sum(bool(of(m, Kind.CONCLUSION, actor="south")) for m in models))
    assert concluded[0] < concluded[1]
