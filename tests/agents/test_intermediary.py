"""Intermediaries: what strains their patience, and that they relay nothing once they withdraw."""

from __future__ import annotations

import pytest

from agents.event import Event, Kind
from agents.intermediary import Mediation
from sim import CrisisModel
from tests.conftest import MakeCrisis
from tests.support import LINE, STILL, of, runs

PLACE = """
[places.island-town]
name = "A town on the island"
country = "island"
forces = "island"
target_class = "civilian"
vulnerability = { value = 1, unit = "factor", source = "story" }
reached_by = ["south"]
"""
PATIENT, HASTY = {"island.mediator.patience": 20.0}, {"island.mediator.patience": 0.0}


def mediation(model: CrisisModel, name: str = "island") -> Mediation:
    """Return the behaviour of an intermediary."""
    behaviour = model.world.actors[name].behaviours["Mediation"]
    assert isinstance(behaviour, Mediation)
    return behaviour


def land(model: CrisisModel, place: str, wave: float = 0.0) -> Event:
    """Tell of a strike by South."""
    values = {"wave": wave, "deaths": 0.0, "civilian_deaths": 0.0, "injuries": 0.0}
    return model.world.record(
        Kind.IMPACT, "south", "north", place=place, rung=7, values=values, cause=model.ledger[0]
    )


def threaten(model: CrisisModel, whom: str) -> Event:
    """Let South threaten somebody."""
    return model.world.record(Kind.THREAT, "south", whom, rung=8, cause=model.ledger[0])


def test_who_stands_between_is_an_intermediary(make_crisis: MakeCrisis) -> None:
    """A state without rivals and with two channels mediates; the rivals themselves do not."""
    for crisis in (make_crisis(), make_crisis(LINE)):
        actors = CrisisModel(crisis=crisis).world.actors
        assert [name for name in actors if "Mediation" in actors[name].behaviours] == ["island"]


def test_threats_and_strikes_on_it_strain_an_intermediary(make_crisis: MakeCrisis) -> None:
    """A threat at it and a strike on its soil strain it; what concerns others does not at first."""
    model = CrisisModel(crisis=make_crisis(PLACE), overrides={**STILL, **PATIENT})
    strain = [mediation(model).strain]
    for tell in (
        lambda: threaten(model, "north"),
        lambda: land(model, "north-fort"),
        lambda: land(model, "island-town", wave=1.0),
    ):
        tell()
        assert mediation(model).strain == strain[0] == 0.0
    threaten(model, "island")
    strain.append(mediation(model).strain)
    land(model, "island-town")
    strain.append(mediation(model).strain)
    assert 0.0 < strain[1] < strain[2]


def test_a_strike_after_words_of_restraint_is_flouting() -> None:
    """Once it has carried a message, every further strike strains it a little."""
    model = CrisisModel(crisis="two-states", overrides={**STILL, **PATIENT})
    land(model, "north-fort")
    assert mediation(model).strain == 0.0
    model.world.record(Kind.MESSAGE, "south", "north", cause=model.ledger[0])
    land(model, "north-fort")
    first = mediation(model).strain
    land(model, "north-fort")
    assert 0.0 < first < mediation(model).strain


def test_a_message_past_it_does_not_bind_it(make_crisis: MakeCrisis) -> None:
    """Words that go by a direct line were not the island's to carry."""
    model = CrisisModel(crisis=make_crisis(LINE), overrides={**STILL, **PATIENT})
    model.world.record(Kind.MESSAGE, "south", "north", cause=model.ledger[0])
    land(model, "north-fort")
    assert mediation(model).strain == 0.0


def test_who_has_withdrawn_relays_nothing() -> None:
    """An intermediary out of patience withdraws, once, and the channel through it is gone."""
    withdrawn = 0
    for replicate in range(10):
        model = CrisisModel(crisis="two-states", replicate=replicate, overrides={**STILL, **HASTY})
        assert model.world.graph.route("north", "south") != ()
        threats = [threaten(model, "island") for _ in range(3)]
        told = of(model, Kind.WITHDRAWAL)
        assert len(told) <= 1
        if not told:
            continue
        withdrawn += 1
        assert told[0].actor == "island"
        assert told[0].cause in [threat.id for threat in threats]
        assert mediation(model).withdrawn
        assert model.world.graph.route("north", "south") == ()
        assert model.world.graph.route("north", "island") != ()
    assert withdrawn >= 8


def test_a_message_after_withdrawal_is_lost() -> None:
    """Word of restraint sent when the only intermediary has gone does not arrive."""
    model = CrisisModel(crisis="two-states", overrides={**STILL, **HASTY})
    while not mediation(model).withdrawn:
        threaten(model, "island")
    model.world.actors["south"].behaviours["Spokesman"].send_restraint("north", model.ledger[-1])
    model.run_for(100.0)
    assert len(of(model, Kind.MESSAGE_LOST)) >= 1
    assert not [e for e in of(model, Kind.DELIVERY) if e.label == Kind.MESSAGE]


@pytest.mark.parametrize("patience", [0.0, 4.0, 20.0])
def test_patience_decides_how_many_withdraw(patience: float) -> None:
    """Threatened once, nearly all the impatient withdraw and none of the most patient."""
    withdrawn = 0
    for replicate in range(30):
        model = CrisisModel(
            crisis="two-states", replicate=replicate,
            overrides={**STILL, "island.mediator.patience": patience},
        )  # fmt: skip
        threaten(model, "island")
        withdrawn += mediation(model).withdrawn
    assert withdrawn == 0 if patience == 20.0 else withdrawn <= 30
    assert withdrawn >= 25 if patience == 0.0 else withdrawn < 25


def test_history_strains_nobody() -> None:
    """Replayed history makes no intermediary withdraw."""
    for model in runs("january-2020", 5, start="al-asad", horizon=1.0):
        assert not [e for e in of(model, Kind.WITHDRAWAL) if e.time < 0.0]
