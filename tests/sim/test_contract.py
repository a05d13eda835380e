"""Every shipped crisis and every agent keeps to the contract, and the contract notices breaches."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import agents
from agents.actor import Actor, Organization, Proxy, State
from agents.event import Event, Kind
from agents.parameters import Parameters
from agents.world import World
from sim import CrisisModel, shipped_crises
from sim.contract import FORM, STORY, check_agent, check_crisis, check_run, check_source
from sim.crisis import Strike
from sim.crisis_file import load_crisis
from sim.keys import list_keys
from tests.conftest import MakeCrisis
from tests.support import BAND, BY_BAND, COVERT, FRIEND, HAVEN, LINE, PROUD, finished, found, kinds

STARTS = [
    (name, entry.label)
    for name in shipped_crises()
    for entry in load_crisis(name).script
    if isinstance(entry, Strike)
]
CHANGES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "proxy": ((BAND,), BY_BAND),
    "host": ((HAVEN,), {}),
    "ally": ((FRIEND,), {}),
    "direct line": ((LINE,), {}),
    "covert": ((), COVERT),
    "all at once": ((BAND, HAVEN, FRIEND, LINE), BY_BAND),
}


# What is shipped


@pytest.mark.parametrize(("name", "start"), STARTS)
def test_every_shipped_crisis_keeps_the_contract(name: str, start: str) -> None:
    """From each of its strikes, a shipped crisis runs as the contract wants it."""
    assert check_crisis(name, start=start, replicates=8) == []


def test_a_war_keeps_the_contract() -> None:
    """So do runs that slide into war while plans and deliberations are under way."""
    worst: dict[str, Any] = {"inadvertent_war": 10.0, "ally_entrapment": 10.0, "lethality": 5.0}
    assert check_crisis("january-2020", replicates=20, **worst) == []


@pytest.mark.parametrize("case", CHANGES)
def test_small_crises_keep_the_contract(case: str, make_crisis: MakeCrisis) -> None:
    """A proxy, host, ally, direct line or covert start added to two states: all is well."""
    additions, changes = CHANGES[case]
    crisis = make_crisis(*additions, changes=changes)
    assert check_crisis(crisis, replicates=8) == []


TWO_STATES = load_crisis("two-states")
EXTREMES = {
    key.name: st.sampled_from((key.low, key.high)) | st.floats(key.low, key.high)
    for key in list_keys(TWO_STATES)
    if key.name in Parameters.model_fields
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.integers(0, 2**63))
def test_parameters_at_their_limits_keep_the_contract(data: Any, rng: int) -> None:
    """Any three parameters anywhere in their ranges, limits included, leave a run in order."""
    names = data.draw(st.lists(st.sampled_from(sorted(EXTREMES)), max_size=3, unique=True))
    given_ = {name: data.draw(EXTREMES[name], label=name) for name in names}
    assert check_run(finished(TWO_STATES, rng=rng, **given_)) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.integers(0, 2**63))
def test_traits_at_their_limits_keep_the_contract(data: Any, rng: int) -> None:
    """Any three numbers of the crisis anywhere in their ranges leave a run in order."""
    keys = [key for key in list_keys(TWO_STATES) if key.name not in Parameters.model_fields]
    overrides = {}
    for key in data.draw(st.lists(st.sampled_from(keys), max_size=3, unique=True)):
        values = (
            st.sampled_from(key.levels)
            if key.levels
            else st.integers(int(key.low), min(int(key.high), 10_000))
            if key.whole
            else st.sampled_from((key.low, key.high)) | st.floats(key.low, key.high)
        )
        value = data.draw(values, label=key.name)
        overrides[key.name] = 23.5 if key.unit == "h UTC" and value == key.high else value
    assert check_run(finished(TWO_STATES, rng=rng, overrides=overrides)) == []


@pytest.mark.parametrize("kind", [State, Proxy, Organization])
def test_every_class_of_agent_keeps_the_contract(kind: type[Actor]) -> None:
    """Each class of agents occurs in a shipped crisis, and each of its agents is in order."""
    model = CrisisModel(crisis="january-2020")
    members = [actor for actor in model.world.actors.values() if type(actor) is kind]
    assert members
    assert [finding for actor in members for finding in check_agent(actor)] == []


@pytest.mark.parametrize(
    "path", sorted(Path(agents.__path__[0]).rglob("*.py")), ids=lambda path: path.stem
)
def test_agents_keep_to_the_protocols(path: Path) -> None:
    """No module of the agents knows more of world, graph and chance than their protocols tell."""
    assert check_source(path.read_text(encoding="utf-8"), path.stem) == []


# What the contract notices


RICH = {Kind.LAUNCH, Kind.DELIVERY, Kind.QUIET, Kind.WARNING, Kind.ASSESSMENT}


def eventful() -> CrisisModel:
    """Return a finished run of two states in which an order was launched and warned of."""
    return found(lambda model: kinds(model) >= RICH, overrides=PROUD)


def changed(change: Callable[[list[Event]], None]) -> list[str]:
    """Return what the contract finds once the ledger of a finished run is changed."""
    model = eventful()
    assert check_run(model) == []
    change(model.ledger)
    return check_run(model)


def edit(edited: Kind, **fields: Any) -> Callable[[list[Event]], None]:
    """Return a change of the first event of a kind."""

    def change(ledger: list[Event]) -> None:
        at = next(event.id for event in ledger if event.kind == edited)
        ledger[at] = ledger[at]._replace(**fields)

    return change


def number(kind: Kind, name: str, value: float) -> Callable[[list[Event]], None]:
    """Return a change of one value of the first event of a kind that has it."""

    def change(ledger: list[Event]) -> None:
        at = next(event.id for event in ledger if event.kind == kind and name in event.values)
        ledger[at] = ledger[at]._replace(values={**ledger[at].values, name: value})

    return change


def war_first(ledger: list[Event]) -> None:
    """Put the states at war at the very start."""
    ledger[1] = ledger[1]._replace(kind=Kind.WAR, rung=10)


def twice(ledger: list[Event]) -> None:
    """Let the end be told twice."""
    ledger.append(ledger[-1]._replace(id=len(ledger)))


def reopened(ledger: list[Event]) -> None:
    """Let the crisis come back when it was about to end."""
    edit(Kind.QUIET, kind=Kind.REOPENED, actor="north", cause=0)(ledger)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edit(Kind.ASSESSMENT, id=99), "has the id 99"),
        (edit(Kind.END, time=0.0), "is at 0 h, after one at"),
        (edit(Kind.ASSESSMENT, time=float("nan")), "time is nan"),
        (edit(Kind.ASSESSMENT, cause=None), "(assessment) has no cause"),
        (edit(Kind.ASSESSMENT, cause=10_000), "has the cause 10000, not one before it"),
        (edit(Kind.ASSESSMENT, kind="guess"), "is of the unknown kind 'guess'"),
        (edit(Kind.ASSESSMENT, actor=""), "(assessment) has no actor"),
        (edit(Kind.ASSESSMENT, actor="east"), "names the unknown actor 'east'"),
        (edit(Kind.ASSESSMENT, place="moon"), "names the unknown place 'moon'"),
        (edit(Kind.DECISION, rung=11), "(decision) is on rung 11"),
        (edit(Kind.DECISION, rung=None), "(decision) has no rung"),
        (edit(Kind.LAUNCH, rung=2), "(launch) is on rung 2"),
        (number(Kind.ASSESSMENT, "deaths", -1), "deaths is -1, expected no negative number"),
        (number(Kind.ASSESSMENT, "deaths", float("inf")), "deaths is inf"),
        (number(Kind.DECISION, "breach", 1.5), "breach is 1.5, expected a share in [0, 1]"),
        (number(Kind.DECISION, "stand_down.probability", 0.5), "of its options add up to"),
        (number(Kind.DECISION, "stand_down.utility", 9.0), "of stand_down do not add up"),
        (edit(Kind.START, time=-1.0), "the start is at -1 h"),
        (edit(Kind.START, kind=Kind.SCRIPT), "(deliberation) is before the start"),
        (edit(Kind.LAUNCH, place="north-fort"), "an impact unlike its launch"),
        (edit(Kind.DELIVERY, kind=Kind.NEWS), "with 0 fates, expected one"),
        (war_first, "at war, is on a decision of force"),
        (twice, "the run has 2 ends"),
        (reopened, "the end says quiet = 1.0, and the last word was"),
    ],
)
def test_a_breach_is_noticed(change: Callable[[list[Event]], None], words: str) -> None:
    """A ledger changed in one place breaks one of the rules, and the finding says which."""
    assert any(words in finding for finding in changed(change))


def test_lost_waves_and_lost_decisions_are_noticed() -> None:
    """A launch that never lands and a deliberation that leads nowhere are findings."""
    model = eventful()
    for wave in [e for e in model.ledger if e.kind == Kind.IMPACT and e.cause != 0]:
        model.ledger[wave.id] = wave._replace(kind=Kind.NEWS)
    last = [e for e in model.ledger if e.kind == Kind.DECISION][-1]
    model.ledger[last.id] = last._replace(kind=Kind.NEWS)
    findings = check_run(model)
    assert any("a launch of which 0 waves land" in finding for finding in findings)
    assert any("that leads to nothing" in finding for finding in findings)


def test_a_state_out_of_range_is_noticed() -> None:
    """Grievances, beliefs, commitments and edges that left their range are findings."""
    model = finished("two-states")
    dyad = model.world.actors["north"].dyad("south")
    dyad.level, dyad.resolved, dyad.vow, dyad.breach = -1.0, 9.0, 12, 2.0
    dyad.unassessed[1] = float("nan")
    model.world.graph.graph["north"]["south"]["rivalry"]["intensity"] = 2.0
    text = "\n".join(check_run(model))
    for words in ("level of -1", "resolved of 9", "vow of rung 12", "breach of 2", "unassessed"):
        assert f"north about south: {words}" in text or words in text
    assert "rivalry of north and south: intensity is 2.0" in text


def test_an_outcome_that_does_not_add_up_is_noticed() -> None:
    """A record that differs from a recount of its ledger is a finding that names the column."""
    model = finished("two-states")
    outcome = model.outcome()._replace(deaths=10_000, recalls=77)
    model.outcome = lambda: outcome  # type: ignore[method-assign]
    text = "\n".join(check_run(model))
    assert "the outcome has deaths = 10000, a recount gives" in text
    assert "the outcome has recalls = 77, a recount gives" in text


def test_a_run_under_way_is_no_finished_run() -> None:
    """A run that has not ended is told so."""
    model = CrisisModel(crisis="two-states")
    model.run_until(5.0)
    assert any("the run has 0 ends" in finding for finding in check_run(model))


class Mute:
    """Says nothing about what it does."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor


def test_an_agent_out_of_order_is_noticed() -> None:
    """An actor without behaviours, or with one that states no rule or is misplaced, is noticed."""
    model = CrisisModel(crisis="two-states")
    north, south, island = (model.world.actors[name] for name in ("north", "south", "island"))
    north.behaviours["Silent"] = Mute(south)
    south.behaviours.clear()
    model.world.actors["island"] = south
    text = "\n".join([*check_agent(north), *check_agent(south), *check_agent(island)])
    assert "north: behaviour Mute is kept under the name Silent" in text
    assert "north: behaviour Silent is not bound to its actor" in text
    assert "behaviour Silent: its docstring states no rule" in text
    assert "south has no behaviours" in text
    assert "island is not in its world under its id" in text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import sim.world", "imports sim.world"),
        ("from sim import CrisisModel", "imports sim"),
        ("from experiments.designs.design import Axis", "imports experiments.designs.design"),
        ("self.world.ledger", "uses world.ledger"),
        ("actor.world.graph.graph", "uses graph.graph"),
        ("chance.seed", "uses chance.seed"),
    ],
)
def test_a_module_that_knows_too_much_is_noticed(source: str, words: str) -> None:
    """A module of agents that imports the simulator, or reaches beyond a protocol, is a finding."""
    assert words in check_source(source, "mine")[0]
    assert check_source("from agents.rules import harm\nself.world.env.now", "mine") == []


def test_two_crises_that_differ_by_run_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance from anywhere but seed and replicate is a finding, as are replicates all alike."""
    calls = count()
    monkeypatch.setattr(
        "sim.chance.KeyedChance.uniform", lambda *_: (next(calls) * 0.37 + 0.005) % 1.0
    )
    assert any("run twice differs" in finding for finding in check_crisis("two-states"))
    monkeypatch.setattr("sim.chance.KeyedChance.uniform", lambda *_: 0.4)
    assert "all 3 replicates have the same trace" in check_crisis("two-states", replicates=3)


def test_every_check_states_its_rule() -> None:
    """Each check of the contract says in one line which rule it checks."""
    assert all((check.__doc__ or "").strip().endswith(".") for check in (*FORM, *STORY))


def test_the_world_has_what_its_protocol_declares() -> None:
    """The world, graph and chance of a run have every member that the agents' protocols declare."""
    world: World = CrisisModel(crisis="two-states").world
    for protocol, implementation in (
        ("World", world),
        ("Graph", world.graph),
        ("Chance", world.chance),
    ):
        declared = vars(getattr(agents.world, protocol))
        missing = [n for n in declared if n[0] != "_" and not hasattr(implementation, n)]
        assert missing == []
