"""The crisis desk: it weighs, chooses, prepares and launches, and news reaches it until launch."""

from __future__ import annotations

import pytest

from agents.actor import State
from agents.desk import ATTENTION, Desk
from agents.event import Event, Kind
from agents.menu import options
from agents.rules import beliefs, ladder
from sim import CrisisModel
from tests.conftest import MakeCrisis
from tests.support import ALONE, BAND, BY_BAND, PROUD, chain, finished, found, of, runs, state

MIRRORED_H = 8.0


def desk(model: CrisisModel, name: str = "north") -> Desk:
    """Return a state's crisis desk."""
    found_ = model.world.actors[name].behaviours["Desk"]
    assert isinstance(found_, Desk)
    return found_


def until(model: CrisisModel, kind: Kind, actor: str = "north") -> Event | None:
    """Run hour by hour to the first event of a kind by an actor; None if there is none."""
    while model.running:
        events = of(model, kind, actor=actor)
        if events:
            return events[0]
        model.run_for(1.0)
    return None


def preparing(replicate: int = 0, **arguments: float) -> CrisisModel:
    """Return a model in which North is proud and its order is being prepared, for a long time."""
    overrides = {**PROUD, "north.preparation": 500.0, "north.deliberation": 5.0}
    model = CrisisModel(crisis="two-states", replicate=replicate, overrides=overrides, **arguments)
    assert until(model, Kind.PREPARATION) is not None
    return model


# Deliberation


def test_a_blow_is_put_on_the_desk() -> None:
    """Who is struck begins to weigh an answer to the striker at once."""
    for model in runs(replicates=5):
        first = of(model, Kind.DELIBERATION)[0]
        assert (first.time, first.actor, first.target) == (0.0, "north", "south")
        assert chain(model, first)[1].kind == Kind.IMPACT


def test_what_is_too_small_is_not_put_on_the_desk() -> None:
    """News of harm opens a question only if the grievance is worth attention; other news never."""
    model = CrisisModel(crisis="two-states")
    island, news = state(model, "island"), model.ledger[-1]
    for level, harm, opens in (
        (0.9 * ATTENTION, True, False),
        (2.0 * ATTENTION, False, False),
        (1.1 * ATTENTION, True, True),
    ):
        island.dyad("south").level, island.dyad("south").as_of = level, 0.0
        desk(model, "island").ring("south", news, harm=harm)
        model.run_for(0.01)
        assert bool(of(model, Kind.DELIBERATION, actor="island")) == opens


def test_news_at_the_last_moment_makes_a_deliberation_longer() -> None:
    """A deliberation that news reaches just before its end is decided later than without."""
    later = 0
    for replicate in range(6):
        plain = finished(replicate=replicate, announced_statement=0.0)
        due = of(plain, Kind.DECISION, actor="north")[0].time
        model = CrisisModel(crisis="two-states", replicate=replicate, announced_statement=0.0)
        model.run_until(due - 0.01)
        news = model.world.record(Kind.CLAIM, "south", "north", cause=model.ledger[-1])
        desk(model).ring("south", news, harm=False)
        model.run_to_end()
        decided = of(model, Kind.DECISION, actor="north")[0]
        assert decided.time >= due
        later += decided.time > due
        assert decided.cause is not None
        assert model.ledger[decided.cause].kind == Kind.NEWS
        assert news.id in [event.id for event in chain(model, decided)]
    assert later >= 5


def test_news_never_brings_a_decision_forward() -> None:
    """However early and often news comes, a deliberation takes at least what it was to take."""
    alone = {"threats": 0.0, "announced_statement": 0.0, "assessment_latency": 10.0}
    for replicate in range(5):
        plain = finished(replicate=replicate, **alone)
        due = of(plain, Kind.DECISION, actor="north")[0]
        if [e for e in of(plain, Kind.NEWS, actor="north") if e.id < due.id]:
            continue
        model = CrisisModel(crisis="two-states", replicate=replicate, **alone)
        for _ in range(3):
            model.run_for(0.2 * due.time)
            desk(model).ring("south", model.ledger[-1], harm=False)
        model.run_to_end()
        assert of(model, Kind.DECISION, actor="north")[0].time >= due.time


def test_an_announced_decision_falls_at_its_hour() -> None:
    """Who announces when it will speak decides at that hour of day, unless news delays it."""
    alone = {**ALONE, "deliberation_time": 1.0, "assessment_latency": 10.0}
    for replicate in range(8):
        model = CrisisModel(
            crisis="two-states", replicate=replicate, announced_statement=1.0,
            overrides={"north.deliberation": 1.0, "north.assessment": 8000.0}, **alone,
        )  # fmt: skip
        decided = until(model, Kind.DECISION)
        assert decided is not None
        assert not of(model, Kind.NEWS, actor="north")
        hour = (model.world.start_hour + decided.time) % 24.0
        assert hour == pytest.approx(state(model, "north").traits.statement_hour)


def test_slower_desks_are_slower() -> None:
    """With the same luck, twice the time to deliberate doubles the first deliberation."""
    for replicate in range(5):
        first, second = (
            of(
                finished(
                    replicate=replicate, deliberation_time=scale, announced_statement=0.0,
                    threats=0.0, accident_risk=0.0, assessment_latency=10.0,
                ),
                Kind.DECISION,
            )[0]
            for scale in (0.01, 0.02)
        )  # fmt: skip
        assert second.time == pytest.approx(2.0 * first.time, rel=0.01)


# From choice to launch


def test_an_order_is_prepared_and_launched_at_its_hour() -> None:
    """Force is decided, then prepared, then launched when the preparation said."""
    seen = 0
    for model in runs(replicates=12, overrides=PROUD):
        prepared = {e.cause: e for e in of(model, Kind.PREPARATION)}
        for launch in of(model, Kind.LAUNCH):
            decision = model.ledger[launch.cause or 0]
            assert (decision.kind, decision.actor) == (Kind.DECISION, launch.actor)
            assert decision.rung == launch.rung
            if decision.id in prepared:
                assert launch.time == prepared[decision.id].values["launch_at_h"]
                seen += 1
    assert seen > 0


def test_a_calibrated_strike_mirrors_the_hour() -> None:
    """A calibrated strike is launched at about the hour of day of the blow it answers."""
    seen = 0
    for model in runs(replicates=20, overrides=PROUD):
        for event in of(model, Kind.PREPARATION, actor="north"):
            blows = [e for e in of(model, Kind.IMPACT) if e.target == "north" and e.id < event.id]
            struck = [e for e in blows if e.values["wave"] == 0]
            if event.rung == ladder.CALIBRATED and {e.label for e in blows} == {"overt"}:
                after = (event.values["launch_at_h"] - struck[-1].time) % 24.0
                assert after < MIRRORED_H
                seen += 1
    assert seen > 0


def test_only_calibrated_strikes_are_warned_of() -> None:
    """A warning sets out with each calibrated strike, from the same decision; with no other."""
    for model in runs(replicates=12, overrides=PROUD):
        warned = [e.cause for e in of(model, Kind.WARNING)]
        limited = [e.cause for e in of(model, Kind.LAUNCH) if e.rung == ladder.CALIBRATED]
        assert warned == limited


def test_a_recall_comes_before_launch() -> None:
    """News re-opens an order in preparation; if another choice is made, it never launches."""
    model = found(
        lambda m: bool(of(m, Kind.RECALL)),
        among=60,
        choice_precision=1.0,
        overrides={**PROUD, "north.preparation": 72.0, "south.preparation": 72.0},
    )
    for recall in of(model, Kind.RECALL):
        second, news, *_ = chain(model, recall)[1:]
        assert (second.kind, news.kind) == (Kind.DECISION, Kind.NEWS)
        own = [e for e in model.ledger[: recall.id] if e.actor == recall.actor]
        prepared = [e for e in own if e.kind == Kind.PREPARATION][-1]
        assert prepared.id < news.id < second.id < recall.id
        assert prepared.time <= recall.time <= prepared.values["launch_at_h"]
        assert prepared.rung == recall.rung != second.rung
        assert prepared.cause not in [launch.cause for launch in of(model, Kind.LAUNCH)]
    assert model.outcome().recalls == len(of(model, Kind.RECALL))


def test_a_grievance_that_is_settled_recalls_the_order() -> None:
    """An actor sure of its choice recalls its order once nothing is left to answer."""
    model = preparing(choice_precision=1000.0)
    order = of(model, Kind.PREPARATION)[-1]
    dyad = state(model, "north").dyad("south")
    dyad.level, dyad.vow, dyad.breach = 0.0, 0, 0.0
    dyad.unassessed.clear()
    desk(model).ring("south", model.ledger[-1], harm=False)
    model.run_for(0.01)
    recall = of(model, Kind.RECALL)[0]
    assert (recall.rung, recall.time) == (order.rung, pytest.approx(model.time, abs=0.02))
    assert (model.ledger[recall.cause or 0].rung or 0) < ladder.FORCE


def test_an_order_that_stands_keeps_its_hour() -> None:
    """News that leads to the same choice again does not move the launch."""
    kept = 0
    for replicate in range(4):
        model = preparing(replicate, choice_precision=1000.0)
        order = of(model, Kind.PREPARATION)[-1]
        desk(model).ring("south", model.ledger[-1], harm=False)
        model.run_to_end()
        second = next(e for e in of(model, Kind.DECISION, actor="north") if e.id > order.id)
        launch = [e for e in of(model, Kind.LAUNCH) if e.cause == second.id]
        if launch:
            assert launch[0].time == order.values["launch_at_h"]
            kept += 1
    assert kept > 0


def test_nothing_recalls_what_flies() -> None:
    """News after launch, even of a settled score, leaves the strike in the air to land."""
    overrides = {**PROUD, "north.flight": 50.0}
    model = CrisisModel(crisis="two-states", overrides=overrides)
    launch = until(model, Kind.LAUNCH)
    assert launch is not None
    assert launch.id not in [e.cause for e in of(model, Kind.IMPACT)]
    state(model, "north").dyad("south").level = 0.0
    desk(model).ring("south", model.ledger[-1], harm=False)
    model.run_to_end()
    assert launch.id in [e.cause for e in of(model, Kind.IMPACT)]


def test_war_ends_preparations_and_deliberations() -> None:
    """Who comes to be at war neither launches what it prepared nor decides what it weighed."""
    model = preparing()
    model.world.begin_war("north", "south", model.ledger[-1])
    war = of(model, Kind.WAR)[0]
    model.run_to_end()
    after = [e for e in model.ledger[war.id :] if e.actor in ("north", "south")]
    assert not {Kind.LAUNCH, Kind.DECISION, Kind.MEASURE, Kind.RECALL} & {e.kind for e in after}


def test_a_war_of_choice_begins_a_war() -> None:
    """An actor that nothing holds back from war, and sure of its choice, goes to war."""
    reckless = {"north.disposition": 5.0, "north.war_cost": 0.0}
    model = finished(overrides=reckless, choice_precision=1000.0)
    war = of(model, Kind.WAR)[0]
    assert (war.actor, war.target) == ("north", "south")
    assert model.ledger[war.cause or 0].rung == ladder.WAR
    assert model.outcome().outcome == "war"


# Words kept, offers taken


@pytest.mark.parametrize(("rung", "kept"), [(ladder.PROTEST, False), (ladder.PROPORTIONAL, True)])
def test_a_threat_that_falls_due_is_kept_or_dropped(rung: int, kept: bool) -> None:
    """Whoever answers short of its threat drops it: the rival believes its next one less."""
    due = 7
    ready = {"north.disposition": 5.0 if kept else -5.0, "north.war_cost": 100.0}
    ready["north.restraint_pledge"] = 0.0
    model = CrisisModel(crisis="two-states", overrides=ready, choice_precision=1000.0)
    own, view = state(model, "north").dyad("south"), state(model, "south").dyad("north")
    own.threat, own.breach, own.vow = due, 1.0, 0
    before = view.credibility(), view.resolved
    kind = Kind.THREAT_KEPT if kept else Kind.THREAT_DROPPED
    event = until(model, kind)
    assert event is not None and event.rung == due
    chosen = model.ledger[event.cause or 0].rung or 0
    assert (chosen >= due - 1) == kept == (rung >= due - 1)
    assert (view.credibility() > before[0]) == kept
    if not kept:
        assert view.resolved == pytest.approx(
            beliefs.updated(before[1], beliefs.resolve_ratio(ladder.STAND_DOWN)), abs=0.5
        )
    assert own.commitment == 0


def test_an_offer_is_accepted_by_restraint() -> None:
    """Who answers a declared conclusion below force accepts it: the offer is the cause."""
    model = found(lambda m: bool(of(m, Kind.OFFER_ACCEPTED)), overrides=PROUD, among=40)
    for event in of(model, Kind.OFFER_ACCEPTED):
        offer = model.ledger[event.cause if event.cause is not None else -1]
        assert (offer.kind, offer.actor, offer.target) == (
            Kind.CONCLUSION,
            event.target,
            event.actor,
        )
        decided = [e for e in of(model, Kind.DECISION, actor=event.actor) if e.id < event.id][-1]
        assert (decided.rung or 0) < ladder.FORCE
        assert decided.values["offered"] == 1.0


def test_restraint_shown_is_felt_on_both_sides() -> None:
    """A measure below force settles a little of one's own grievance and adds to the rival's."""
    model = found(lambda m: any((e.rung or 0) > 0 for e in of(m, Kind.MEASURE)), among=40)
    at = next(e for e in of(model, Kind.MEASURE) if (e.rung or 0) > 0)
    rerun = CrisisModel(crisis="two-states", replicate=model.replicate)
    rerun.run_until(at.time - 1e-6)
    own, other = (rerun.world.actors[name] for name in (at.actor, at.target))
    before = own.dyad(at.target).standing(at.time), other.dyad(at.actor).standing(at.time)
    rerun.run_until(at.time)
    assert own.dyad(at.target).standing(at.time) <= before[0]
    assert other.dyad(at.actor).standing(at.time) > before[1]


# The menu


def rungs(actor: State, rival: str) -> set[int]:
    """Return the rungs on an actor's menu."""
    return {option.rung for option in options(actor, actor.dyad(rival))}


def test_a_proxy_is_ordered_not_launched(make_crisis: MakeCrisis) -> None:
    """A proxy attack on the menu goes out as an order; the launch, if any, is the proxy's."""
    crisis = make_crisis(BAND, changes=BY_BAND)
    assert ladder.PROXY in rungs(state(CrisisModel(crisis=crisis), "south"), "north")
    assert ladder.PROXY not in rungs(state(CrisisModel(crisis="two-states"), "south"), "north")
    model = found(
        lambda m: bool(of(m, Kind.ORDER)),
        crisis,
        choice_precision=0.5,
        proxy_activity=0.0,
        overrides={"south.honour_weight": 3.0, "north.honour_weight": 3.0},
    )
    for launch in of(model, Kind.LAUNCH, actor="band"):
        kinds = [event.kind for event in chain(model, launch)[1:4]]
        assert kinds == [Kind.OBEDIENCE, Kind.ORDER, Kind.DECISION]
    assert not [e for e in of(model, Kind.LAUNCH, actor="south") if e.rung == ladder.PROXY]
