"""Whose work was it: tracing covert and proxy attacks, blaming the wrong one, keeping quiet."""

from __future__ import annotations

import pytest

from agents.attack import Mode
from agents.attribution import HUSHED_SHARE, first_blame
from agents.event import Event, Kind
from agents.rules import ladder
from agents.strike import land
from sim import CrisisModel
from sim.crisis import Crisis
from tests.conftest import MakeCrisis
from tests.support import BAND, BY_BAND, COVERT, of, state, strike

STILL = {"south.deliberation": 8000.0}
TRACED = {"north.identification": 1.0, "north.collusion": 0.0}
HUSHED = {"north.identification": 1.0, "north.collusion": 1.0}
EASY = 10.0
"""Capability at which every attack is traced to somebody."""


@pytest.fixture
def covert(make_crisis: MakeCrisis) -> Crisis:
    """Return two states that begin with a covert attack."""
    return make_crisis(changes=COVERT)


def traced(crisis: Crisis, hours: float = 1000.0, replicate: int = 0, **keys: float) -> CrisisModel:
    """Return a model in which every attack is traced, after these hours."""
    model = CrisisModel(
        crisis=crisis, replicate=replicate, threats=0.0, accident_risk=0.0,
        attribution_capability=EASY, quiet_period=2000.0, overrides={**STILL, **keys},
    )  # fmt: skip
    model.run_for(hours)
    return model


def verdict(model: CrisisModel) -> Event:
    """Return the first attribution or silence."""
    return of(model, Kind.ATTRIBUTION, Kind.SILENCE)[0]


# First blame


def test_an_overt_attack_is_its_sponsors() -> None:
    """Nobody doubts who struck openly."""
    model = CrisisModel(crisis="two-states")
    attack = strike(model, "south", "north-fort", 7)
    assert first_blame(state(model, "north"), attack) == {"south": 1.0}


def test_nobody_is_blamed_at_first_for_a_covert_attack(covert: Crisis) -> None:
    """A covert attack raises no grievance and no deliberation until it is traced."""
    model = CrisisModel(crisis=covert, attribution_capability=0.0)
    model.run_for(300.0)
    assert state(model, "north").dyad("south").standing(model.time) == 0.0
    assert not of(model, Kind.DELIBERATION, actor="north")
    assert of(model, Kind.ASSESSMENT, actor="north")


def test_a_proxy_is_blamed_at_once_and_its_patron_suspected(make_crisis: MakeCrisis) -> None:
    """For a proxy's attack the proxy is blamed wholly and its patron by a share of suspicion."""
    model = CrisisModel(crisis=make_crisis(BAND, changes=BY_BAND))
    attack = strike(model, "band", "north-fort", ladder.PROXY, sponsor="south", mode=Mode.PROXY)
    blame = first_blame(state(model, "north"), attack)
    assert blame["band"] == 1.0
    assert 0.0 < blame["south"] < 0.5


# Traces


def test_a_trace_blames_the_sponsor(covert: Crisis) -> None:
    """A skilled victim traces the attack to its sponsor, says so, and takes it up."""
    model = traced(covert, **TRACED)
    event = verdict(model)
    assert (event.kind, event.actor, event.target) == (Kind.ATTRIBUTION, "north", "south")
    assert event.values["correct"] == 1.0
    assert event.time > 0.0
    opened = of(model, Kind.DELIBERATION, actor="north")
    assert opened and event.id in [e.cause for e in opened]


def test_without_capability_nothing_is_traced(covert: Crisis) -> None:
    """If no attack can be traced none is, and nobody answers it."""
    for replicate in range(5):
        model = CrisisModel(crisis=covert, replicate=replicate, attribution_capability=0.0)
        outcome = model.run_to_end()
        assert not of(model, Kind.ATTRIBUTION, Kind.SILENCE)
        assert outcome.outcome == "absorbed"


def test_without_skill_another_is_blamed(make_crisis: MakeCrisis) -> None:
    """An unskilled victim blames another rival, or nobody if there is no other."""
    rival = """
[[rivalries]]
between = ["north", "island"]
intensity = { value = 0.5, unit = "share", source = "story" }
"""
    unskilled = {"north.identification": 0.0, "north.collusion": 0.0}
    alone = traced(make_crisis(changes=COVERT), **unskilled)
    assert not of(alone, Kind.ATTRIBUTION)
    wrong = traced(make_crisis(rival, changes=COVERT), **unskilled)
    event = verdict(wrong)
    assert (event.target, event.values["correct"]) == ("island", 0.0)
    north = state(wrong, "north")
    assert (
        north.dyad("island").standing(wrong.time) > 0.0 == north.dyad("south").standing(wrong.time)
    )


def test_tracing_takes_its_time(covert: Crisis) -> None:
    """With the same luck, twice the latency of attribution is exactly twice the time."""
    times = []
    for latency in (1.0, 2.0):
        model = CrisisModel(
            crisis=covert, attribution_capability=EASY, attribution_latency=latency,
            overrides=TRACED,
        )  # fmt: skip
        model.run_to_end()
        times.append(verdict(model).time)
    assert times[1] == pytest.approx(2 * times[0])


def test_a_trace_adds_only_what_suspicion_left_out(make_crisis: MakeCrisis) -> None:
    """Suspicion and trace together blame the patron once, by the share of the trace."""
    held = []
    crisis = make_crisis(BAND, changes=BY_BAND)
    for skill in (1.0, 0.0):
        model = traced(
            crisis,
            0.0001,
            **{**TRACED, "north.identification": skill, "north.deliberation": 8000.0},
        )
        attack = strike(
            model, "band", "north-fort", ladder.PROXY, sponsor="south", mode=Mode.PROXY,
            pinned_deaths=(9, 0, 0),
        )  # fmt: skip
        land(model.world, attack, 0, 0.0, model.ledger[0])
        model.run_for(700.0)
        case = state(model, "north").behaviours["DamageAssessment"].cases[attack.id]
        told = [e for e in of(model, Kind.ATTRIBUTION) if e.target == "south"]
        if told:
            assert case.blame["south"] == told[0].values["share"] <= 1.0
        held.append(case.blame["south"])
    assert held[0] > held[1] == 0.0


# Silence


def test_a_victim_may_keep_a_trace_quiet(covert: Crisis) -> None:
    """A colluding victim traces the attack and does not say so: silence, no deliberation."""
    hushed, said = traced(covert, **HUSHED), traced(covert, **TRACED)
    silence, attribution = verdict(hushed), verdict(said)
    assert (silence.kind, silence.target) == (Kind.SILENCE, "south")
    assert not of(hushed, Kind.ATTRIBUTION)
    assert silence.time == attribution.time
    assert not of(hushed, Kind.DELIBERATION, actor="north")
    assert of(said, Kind.DELIBERATION, actor="north")


def test_what_is_kept_quiet_is_resented_less(covert: Crisis) -> None:
    """Of an attack kept quiet only a part is held against its sponsor."""
    still = {"north.deliberation": 8000.0, "shelling.injuries": 0.0}
    held = []
    for keys in (HUSHED, TRACED):
        model = traced(covert, 500.0, **keys, **still)
        held.append(state(model, "north").dyad("south").standing(model.time))
    assert held[0] == pytest.approx(HUSHED_SHARE * held[1], rel=0.01)


def test_only_covert_attacks_are_kept_quiet(make_crisis: MakeCrisis) -> None:
    """A proxy's attack that was seen by all is not kept quiet, however collusive its victim."""
    crisis = make_crisis(BAND, changes=BY_BAND)
    model = traced(crisis, 0.0001, **HUSHED)
    attack = strike(model, "band", "north-fort", ladder.PROXY, sponsor="south", mode=Mode.PROXY)
    land(model.world, attack, 0, 0.0, model.ledger[0])
    model.run_for(700.0)
    assert of(model, Kind.ATTRIBUTION) and not of(model, Kind.SILENCE)
