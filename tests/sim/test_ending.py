"""When a crisis is quiet, when it comes back, and when a run is over."""

from __future__ import annotations

import pytest

from agents.event import Event, Kind
from sim import CrisisModel
from tests.conftest import MakeCrisis
from tests.support import BAND, BEFORE, BY_BAND, finished, found, of, runs, state

PERIODS = (48.0, 336.0, 500.0)


def calm_runs(period: float) -> list[CrisisModel]:
    """Return runs that end quiet."""
    models = list(runs(replicates=15, quiet_period=period))
    return [model for model in models if of(model, Kind.QUIET)]


@pytest.mark.parametrize("period", PERIODS)
def test_quiet_is_a_whole_period_without_a_strike(period: float) -> None:
    """Nothing has struck for the quiet period before quiet, and it is counted from no earlier."""
    models = calm_runs(period)
    assert models
    for model in models:
        for quiet in of(model, Kind.QUIET):
            struck = [e.time for e in of(model, Kind.IMPACT) if e.time <= quiet.time]
            assert quiet.time >= max(struck) + period
            assert max(struck) - 1e-9 <= quiet.values["since_h"] <= quiet.time - period + 1e-9


def test_quiet_waits_for_what_is_under_way() -> None:
    """At quiet no deliberation is open, no message on its way and no launch in the air."""
    for model in calm_runs(336.0):
        for quiet in of(model, Kind.QUIET):
            past = model.ledger[: quiet.id]
            opened = {e.actor for e in past if e.kind == Kind.DELIBERATION}
            for actor in opened:
                last = [e for e in past if e.actor == actor and e.kind in OPEN][-1]
                assert last.kind != Kind.DELIBERATION
            sent = {e.id for e in past if e.kind in (Kind.MESSAGE, Kind.LAUNCH)}
            settled = {e.cause for e in past if e.kind in SETTLES}
            assert sent <= settled


OPEN = (Kind.DELIBERATION, Kind.DECISION)
SETTLES = (Kind.DELIVERY, Kind.MESSAGE_LOST, Kind.IMPACT)


def test_a_run_lasts_until_all_injuries_have_surfaced() -> None:
    """Quiet does not end a run while injuries are still to surface."""
    model = found(lambda m: bool(of(m, Kind.INJURIES)), injury_rate=3.0)
    last = {e.cause: e for e in of(model, Kind.INJURIES)}
    assert model.ledger[-1].time < model.parameters.horizon
    for injuries in last.values():
        struck = [e for e in of(model, Kind.IMPACT) if e.target == injuries.actor]
        assert injuries.values["injuries_so_far"] in _sums([e.values["injuries"] for e in struck])


def _sums(numbers: list[float]) -> set[float]:
    """Return the numbers and the sums of neighbours: an attack may come in waves."""
    return {
        sum(numbers[start:stop])
        for start in range(len(numbers))
        for stop in range(start + 1, len(numbers) + 1)
    }


@pytest.mark.parametrize("horizon", [1.0, 40.0, 200.0])
def test_the_horizon_cuts_a_run(horizon: float) -> None:
    """A run that is not over by then ends at its horizon, and not a minute later."""
    for model in runs(replicates=5, horizon=horizon):
        assert model.ledger[-1].kind == Kind.END
        assert model.ledger[-1].time == horizon
        whole = finished(replicate=model.replicate).ledger
        assert model.ledger[:-1] == whole[: len(model.ledger) - 1]


def test_the_end_tells_whether_it_was_quiet() -> None:
    """The end of a quiet run follows from its quiet; that of another follows from nothing."""
    for horizon in (100.0, 2160.0):
        for model in runs(replicates=8, horizon=horizon):
            end, quiet = model.ledger[-1], of(model, Kind.QUIET)[-1:]
            assert end.values["quiet"] == len(quiet)
            assert end.cause == (quiet[0].id if quiet else None)


def test_a_launch_reopens_a_quiet_crisis() -> None:
    """An order of force after quiet re-opens the crisis: the launch is its cause."""

    proud = {"north.honour_weight": 5.0, "north.war_cost": 100.0, "north.reply_aversion": 0.0}

    def provoked(replicate: int) -> CrisisModel:
        """Return a run in which North suffers anew once the crisis is quiet."""
        model = CrisisModel(crisis="two-states", replicate=replicate, overrides=proud)
        while model.running and not of(model, Kind.QUIET):
            model.run_for(1.0)
        if model.running:
            north = state(model, "north")
            north.dyad("south").accrue(model.time, 7.0, 1.0, 1.0)
            north.behaviours["Desk"].ring("south", model.ledger[-1], harm=True)
        model.run_to_end()
        return model

    models = [model for model in map(provoked, range(5)) if of(model, Kind.REOPENED)]
    assert models
    for model in models:
        reopened = of(model, Kind.REOPENED)[0]
        assert reopened.cause is not None
        assert model.ledger[reopened.cause].kind == Kind.LAUNCH
        assert reopened.time > of(model, Kind.QUIET)[0].time
        assert model.outcome().reopened == len(of(model, Kind.REOPENED))


def test_an_armed_groups_own_attack_does_not_reopen(make_crisis: MakeCrisis) -> None:
    """What an armed group does unasked after quiet is not the crisis coming back."""
    crisis = make_crisis(BAND, changes=BY_BAND)

    def strikes_late(model: CrisisModel) -> bool:
        quiet = of(model, Kind.QUIET)[:1]
        return bool(quiet) and any(e.id > quiet[0].id for e in unasked(model))

    model = found(strikes_late, crisis, among=60, quiet_period=24.0, proxy_activity=2.0, honour=0.0)
    assert {e.cause for e in of(model, Kind.REOPENED)}.isdisjoint(
        launch.id for launch in unasked(model)
    )


def unasked(model: CrisisModel) -> list[Event]:
    """Return the launches of armed groups without an order."""
    return [
        e
        for e in of(model, Kind.LAUNCH)
        if e.cause is not None and model.ledger[e.cause].label == "unasked"
    ]


def test_a_war_is_not_quiet() -> None:
    """A run at war ends without quiet, a quiet period after the war began at the earliest."""
    model = CrisisModel(crisis="two-states")
    model.run_until(10.0)
    model.world.begin_war("north", "south", model.ledger[-1])
    outcome = model.run_to_end()
    assert not of(model, Kind.QUIET)
    assert model.ledger[-1].time >= 10.0 + model.parameters.quiet_period
    assert (outcome.outcome, outcome.time_to_quiet_h) == ("war", None)


def test_a_war_reopens_a_quiet_crisis() -> None:
    """A war that is chosen after quiet, without a launch, is the crisis coming back as well."""
    model = CrisisModel(crisis="two-states")
    while not of(model, Kind.QUIET):
        model.run_for(1.0)
    assert model.running
    model.world.begin_war("north", "south", model.ledger[-1])
    outcome = model.run_to_end()
    assert (outcome.outcome, outcome.reopened, outcome.time_to_quiet_h) == ("war", 1, None)


def test_history_is_never_quiet(make_crisis: MakeCrisis) -> None:
    """However long nothing struck before the start, the crisis cannot be over before it."""
    strike = BEFORE.format(
        label="skirmish", kind="strike", day=1, actor="south",
        fields='victim = "north"\nplace = "north-fort"\nrung = 7\ntarget_class = "military"',
    )  # fmt: skip
    crisis = make_crisis(history=strike)
    for period in (1.0, 24.0, 336.0):
        model = CrisisModel(crisis=crisis, quiet_period=period)
        assert model.running
        assert not of(model, Kind.QUIET, Kind.END)
