"""The Mesa model: its arguments, its clock, what it collects, and what it refuses."""

from __future__ import annotations

import inspect
from typing import Any

import mesa
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.event import Kind
from agents.parameters import Parameters
from sim import CrisisModel, InputError, Theatre, load_crisis
from tests.support import finished, of, runs

OWN = ("crisis", "start", "replicate", "rng", "overrides")


def test_arguments_are_the_parameters_and_their_defaults() -> None:
    """Beyond its own five, the model takes the global parameters, in order, with their defaults."""
    signature = inspect.signature(CrisisModel.__init__).parameters
    arguments = {name: p.default for name, p in signature.items() if name not in ("self", *OWN)}
    fields = {name: field.default for name, field in Parameters.model_fields.items()}
    assert arguments == fields
    assert list(arguments) == list(fields)
    assert {signature[name].kind for name in (*arguments, *OWN)} == {inspect.Parameter.KEYWORD_ONLY}


def test_given_parameters_arrive() -> None:
    """Each parameter given to the model is the one that its world runs on."""
    for name, field in Parameters.model_fields.items():
        value = 0.9 * field.default
        model = CrisisModel(crisis="two-states", **{name: value})
        assert getattr(model.world.parameters, name) == value


def test_an_unknown_argument_is_refused() -> None:
    """A misspelt argument is an error, not a silent default."""
    with pytest.raises(TypeError, match="threat_credibilty"):
        CrisisModel(crisis="two-states", threat_credibilty=0.9)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"crisis": "two-stats"}, "did you mean 'two-states'"),
        ({"start": "sheling"}, "did you mean 'shelling'"),
        ({"overrides": {"north.tolerence": 1.0}}, "north.tolerance"),
        ({"overrides": {"north.tolerance": 99.0}}, "expected 0 to 20 rung"),
        ({"overrides": {"threat_credibility": 0.5}}, "a parameter of the whole model"),
    ],
)
def test_what_cannot_be_used_is_named(arguments: dict[str, object], words: str) -> None:
    """A wrong crisis, start, key or number is an InputError that says what was meant."""
    with pytest.raises(InputError, match=words):
        CrisisModel(**{"crisis": "two-states", **arguments})  # type: ignore[arg-type]


def test_a_parameter_out_of_range_is_refused() -> None:
    """Every parameter has a lowest value; what is below it, or no number, is refused by name."""
    for name in Parameters.model_fields:
        for value in (-1.0, float("nan"), float("inf")):
            with pytest.raises(InputError, match=name):
                CrisisModel(crisis="two-states", **{name: value})  # type: ignore[arg-type]


def test_overrides_reach_the_actors_and_the_script() -> None:
    """An override changes an actor's trait and the script's number, and the loaded crisis not."""
    crisis = load_crisis("two-states")
    overrides = {"north.tolerance": 1.25, "shelling.deaths": 30.0}
    model = CrisisModel(crisis=crisis, overrides=overrides)
    assert model.world.actors["north"].tolerance == 1.25
    assert of(model, Kind.IMPACT)[0].values["deaths"] == 30
    assert crisis == load_crisis("two-states")


def test_a_theatre_serves_many_runs_and_keeps_no_trace_of_them() -> None:
    """Runs in one theatre, one after another, are those that a crisis loaded for each gives."""
    theatre = Theatre(load_crisis("january-2020"))
    harsh: dict[str, Any] = {"host_sensitivity": 10.0, "start": "al-asad"}
    angry: dict[str, Any] = {"overrides": {"iran.tolerance": 0.5}}
    for replicate in range(3):
        for setting in ({}, harsh, angry):
            shared = CrisisModel(crisis=theatre, replicate=replicate, **setting)
            alone = CrisisModel(crisis="january-2020", replicate=replicate, **setting)
            assert shared.run_to_end() == alone.run_to_end()
            assert shared.ledger == alone.ledger


def test_a_crisis_is_taken_by_name_and_loaded() -> None:
    """The name of a crisis and the loaded crisis give the same run."""
    by_name, loaded = (CrisisModel(crisis=c) for c in ("two-states", load_crisis("two-states")))
    assert by_name.run_to_end() == loaded.run_to_end()
    assert by_name.ledger == loaded.ledger


# Time


def clocks(model: CrisisModel) -> tuple[float, float]:
    """Return Mesa's clock and SimPy's."""
    return model.time, model.world.env.now


def test_a_new_model_is_at_the_start() -> None:
    """On creation all history has happened, the start strike has landed, and it is hour 0."""
    model = CrisisModel(crisis="january-2020")
    assert clocks(model) == (0.0, 0.0)
    start = of(model, Kind.START)
    assert [event.time for event in start] == [0.0]
    assert any(e.cause == start[0].id for e in of(model, Kind.IMPACT))


def test_one_step_is_one_hour_on_both_clocks() -> None:
    """After n steps both clocks show n hours, as long as the crisis runs."""
    model = CrisisModel(crisis="two-states")
    for hour in range(1, 49):
        model.step()
        assert clocks(model) == (hour, hour)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["step", "half", "tenth", "until"]), max_size=12))
def test_both_clocks_agree_however_time_is_moved(moves: list[str]) -> None:
    """Stretches and moments leave both clocks together; a step may end short of an hour's fraction.

    Mesa runs a step's work at whole hours: a step begun at half past ends at half past, and the
    crisis stands at the last whole hour until time is moved again.
    """
    model = CrisisModel(crisis="two-states")
    for move in moves:
        if move == "step":
            model.step()
        elif move == "half":
            model.run_for(0.5)
        elif move == "tenth":
            model.run_for(0.1)
        else:
            model.run_until(model.time + 2.25)
        behind = model.time - model.world.env.now
        assert 0.0 <= behind < 1.0 if move == "step" else behind == 0.0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.01, 40.0), min_size=1, max_size=20))
def test_how_time_is_cut_changes_nothing(stretches: list[float]) -> None:
    """However a run is cut into stretches, its events are those of one go."""
    model = CrisisModel(crisis="two-states", replicate=5)
    for stretch in stretches:
        model.run_for(stretch)
    seen = len(model.ledger)
    whole = finished("two-states", replicate=5).ledger
    assert model.ledger == whole[:seen]
    assert all(event.time > model.time for event in whole[seen:]) or not model.running
    model.run_to_end()
    assert model.ledger == whole


def test_an_interval_is_closed() -> None:
    """What happens exactly at the time run to has happened."""
    event = next(e for e in finished("two-states").ledger if e.time > 0.0)
    model = CrisisModel(crisis="two-states")
    model.run_until(event.time)
    assert model.ledger[event.id] == event


def test_nothing_happens_after_the_end() -> None:
    """Once the run has ended, further steps add no event."""
    model = finished("two-states", replicate=1)
    events = list(model.ledger)
    model.run_for(5.0)
    model.step()
    assert model.ledger == events
    assert not model.running
    assert events[-1].kind == Kind.END


def test_history_cannot_be_run_twice() -> None:
    """Running to a time that has passed leaves both clocks where they are."""
    model = CrisisModel(crisis="two-states")
    model.run_until(10.0)
    events = list(model.ledger)
    with pytest.warns(RuntimeWarning):
        model.run_until(7.0)
    assert clocks(model) == (10.0, 10.0)
    assert model.ledger == events


# What Mesa sees


def test_actors_are_mesa_agents() -> None:
    """Every actor of the crisis is an agent of the Mesa model, once, in the order of its file."""
    model = CrisisModel(crisis="january-2020")
    assert isinstance(model, mesa.Model)
    names = [agent.id for agent in model.agents]
    assert names == list(model.crisis.actors) == list(model.world.actors)


def test_the_datacollector_collects_every_hour() -> None:
    """Each step adds a row for the model and one for each actor, as the world stands then."""
    model = CrisisModel(crisis="two-states", horizon=72.0)
    for _ in range(6):
        model.step()
    rows = model.datacollector.get_model_vars_dataframe()
    assert list(rows["time_h"]) == list(range(1, 7))
    assert list(rows["events"])[-1] == len(model.ledger)
    assert rows["events"].is_monotonic_increasing
    assert rows["deaths"].iloc[-1] == model.outcome().deaths
    agents = model.datacollector.get_agent_vars_dataframe()
    assert len(agents) == 6 * 3
    last = agents.xs(6, level="Step").set_index("actor")["grievance"]
    assert last["north"] == pytest.approx(model.world.actors["north"].grievance)


def test_outcomes_are_rows_of_a_table() -> None:
    """Outcomes and events are flat records: a data frame is made of them as they are."""
    rows = pd.DataFrame([model.outcome() for model in runs(replicates=3)])
    assert rows.shape == (3, len(finished().outcome()))
    events = pd.DataFrame(finished().ledger)
    assert list(events.columns[:4]) == ["id", "time", "kind", "actor"]
