"""The shipped crises: every number has unit and source, and what is known is as it is known."""

from __future__ import annotations

import pickle
import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from agents.measured import Measured, unit_of
from sim.crisis import Crisis
from sim.crisis_checks import edges
from sim.crisis_file import load_crisis, shipped_crises

SHIPPED = ("january-2020", "two-states")
SECTIONS = ("actors", "places", "alliances", "rivalries", "patronages", "basings", "channels")

# Composite Index of National Capability (share of world capabilities), National Material
# Capabilities 7.0, year 2022: Singer, Bremer and Stuckey 1972; Correlates of War.
CINC = {
    "usa": 0.12356574,
    "iran": 0.016357344,
    "israel": 0.0037797715,
    "saudi-arabia": 0.013417238,
    "iraq": 0.005444705,
    "uae": 0.00472706,
    "qatar": 0.0018367426,
    "kuwait": 0.0019764984,
    "pakistan": 0.01768378,
    "oman": 0.0017310641,
}
# Pairs with an obligation of defence in ATOP 5.1, state of 2018: Leeds, Ritter, Mitchell and Long
# 2002. The United States has none with the pairs it is allied to in the case.
ATOP_DEFENCE = {("saudi-arabia", "uae"), ("saudi-arabia", "kuwait")}
# Pairs of states listed as strategic rivals up to 2020: Thompson, Sakuwa and Suhas 2021.
STRATEGIC_RIVALS = {
    ("usa", "iran"),
    ("israel", "iran"),
    ("saudi-arabia", "iran"),
    ("uae", "iran"),
}


def shipped_tables(name: str) -> dict[str, Any]:
    """Return the raw content of a shipped file."""
    text = files("sim").joinpath("crises", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def test_shipped_crises_are_listed_by_name() -> None:
    """The shipped crises are known by the names of their files."""
    assert shipped_crises() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_crisis_loads_by_name_and_by_path(name: str) -> None:
    """A shipped crisis loads by its name; its file loads by path and gives the same."""
    path = Path(str(files("sim").joinpath("crises", f"{name}.toml")))
    assert load_crisis(name) == load_crisis(path) == load_crisis(str(path))
    assert load_crisis(name).name == name


@pytest.mark.parametrize("name", SHIPPED)
def test_a_crisis_survives_pickling(name: str) -> None:
    """A loaded crisis can be sent to another process."""
    crisis = load_crisis(name)
    assert pickle.loads(pickle.dumps(crisis)) == crisis


def measured(crisis: Crisis) -> list[Measured]:
    """Return everything in a crisis that carries numbers."""
    actors = [
        getattr(actor, table)
        for actor in crisis.actors.values()
        for table in ("traits", "host", "mediator")
        if hasattr(actor, table)
    ]
    return [*actors, *crisis.places.values(), *(edge for _, _, edge in edges(crisis))]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_number_has_unit_and_source(name: str) -> None:
    """Every number outside the script is given with its unit, and a citation or a reason."""
    crisis = load_crisis(name)
    seen = 0

    def walk(value: object) -> None:
        nonlocal seen
        if isinstance(value, dict) and "value" in value:
            assert set(value) == {"value", "unit", "source"}
            assert value["unit"]
            reason = str(value["source"])
            cited = all(key.strip() in crisis.sources for key in reason.split(";"))
            assert cited or (reason.startswith("judgement: ") and len(reason) > 15)
            seen += 1
        elif isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)
        else:
            assert isinstance(value, str | bool), f"a number without unit: {value!r}"

    tables = shipped_tables(name)
    for section in SECTIONS:
        walk(tables.get(section, {}))
    assert seen == sum(len(record.sources) for record in measured(crisis)) > 0


@pytest.mark.parametrize("name", SHIPPED)
def test_every_source_is_used(name: str) -> None:
    """No citation stands in [sources] that nothing cites."""
    crisis = load_crisis(name)
    cited = {
        key.strip()
        for source in (
            *(source for record in measured(crisis) for source in record.sources.values()),
            *(event.source for event in crisis.script),
        )
        for key in source.split(";")
    }
    assert set(crisis.sources) - cited == set()


def test_both_principals_have_all_traits() -> None:
    """In January 2020, every trait of the United States and of Iran is stated with its reason."""
    crisis = load_crisis("january-2020")
    for name in ("usa", "iran"):
        traits = crisis.actors[name].traits  # type: ignore[union-attr]
        fields = {key for key, field in type(traits).model_fields.items() if unit_of(field)}
        assert set(traits.sources) == fields


def test_capabilities_are_those_of_the_table() -> None:
    """Capabilities in January 2020 are the CINC scores of National Material Capabilities 7.0."""
    crisis = load_crisis("january-2020")
    from_nmc = {
        name: actor.traits.capability
        for name, actor in crisis.actors.items()
        if actor.kind == "state" and actor.traits.sources.get("capability") == "nmc"
    }
    assert from_nmc == CINC


def test_treaties_and_rivalries_are_those_of_the_tables() -> None:
    """The alliances said to be treaties are in ATOP, the rivalries of states are strategic ones."""
    crisis = load_crisis("january-2020")
    treaties = {
        edge.between
        for edge in crisis.alliances
        if edge.sources["strength"].startswith("judgement: treaty of defence in ATOP")
    }
    states = {name for name, actor in crisis.actors.items() if actor.kind == "state"}
    rivals = {edge.between for edge in crisis.rivalries if set(edge.between) <= states}
    assert treaties == ATOP_DEFENCE
    assert rivals == STRATEGIC_RIVALS


def test_january_2020_is_the_case() -> None:
    """The killing at 21:47 UTC is answered 120.8 h later: 0 dead, 110 injured, 1.5 h of warning."""
    crisis = load_crisis("january-2020")
    answer = crisis.event("al-asad")
    assert crisis.trigger == crisis.default_start == "soleimani"
    assert crisis.event("soleimani").time == datetime(2020, 1, 2, 21, 47, tzinfo=UTC)
    assert crisis.hours(answer.time, "soleimani") == pytest.approx(120.78, abs=0.01)
    assert (answer.rung, answer.deaths, answer.civilian_deaths) == (6, 0, 0)
    assert (answer.injuries, answer.warning_lead_h) == (110, 1.5)
    assert crisis.hours(crisis.event("us-conclusion").time, "al-asad") == pytest.approx(
        17.9, abs=0.1
    )


def test_the_hosts_of_the_launch_are_threatened() -> None:
    """After al-Asad, Iran threatens hosts of US forces and names cities of two allies."""
    crisis = load_crisis("january-2020")
    threats = {
        event.target
        for event in crisis.script
        if event.kind == "threat" and event.actor == "iran" and event.after == "al-asad"
    }
    assert threats == {"usa", "uae", "qatar", "kuwait", "israel"}
