"""What the schema refuses, told with the key, the value and what was expected."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.crisis import Crisis
from sim.crisis_checks import problems
from sim.crisis_messages import explain, smuggled_sources

SMALL = """
schema_version = 1
name = "small"
title = "Small"
summary = "A small crisis to break in many ways."
trigger = "raid"
default_start = "raid"
alliances = [{ between = ["north", "east"], strength = QS }]
rivalries = [{ between = ["north", "south"], intensity = QS }]
patronages = [{ patron = "south", proxy = "band", obedience = QS, order_latency = QH }]
basings = [{ host = "east", guest = "north", troops = QP }]
channels = [{ between = ["north", "club"], latency = QH, fidelity = QS, willingness = QS }]
[sources]
atlas = "An atlas"
[actors.north]
kind = "state"
name = "North"
[actors.north.traits]
tolerance = { value = 2.0, unit = "rung", source = "atlas" }
[actors.south]
kind = "state"
name = "South"
[actors.east]
kind = "state"
name = "East"
[actors.club]
kind = "organization"
name = "Club"
[actors.band]
kind = "proxy"
name = "Band"
[places.fort]
name = "Fort"
country = "north"
forces = "north"
target_class = "military"
reached_by = ["south", "band"]
[[script]]
label = "raid"
kind = "strike"
time = 2030-01-01T00:00:00Z
actor = "band"
sponsor = "south"
victim = "north"
place = "fort"
rung = 5
mode = "proxy"
text = "A raid."
source = "atlas"
[[script]]
label = "vow"
kind = "vow"
time = 2030-01-02T00:00:00Z
actor = "north"
target = "south"
rung = 6
after = "raid"
text = "A vow."
source = "judgement: invented"
"""
for short, unit, number in (("QS", "share", "0.5"), ("QH", "h", "2.0"), ("QP", "people", "500")):
    SMALL = SMALL.replace(
        short, f'{{ value = {number}, unit = "{unit}", source = "judgement: invented" }}'
    )

Change = Callable[[dict[str, Any]], object]


def small() -> dict[str, Any]:
    """Return the content of a small, valid crisis file."""
    return tomllib.loads(SMALL)


def quantity(value: object, unit: str) -> dict[str, object]:
    """Return a number as a crisis file writes it."""
    return {"value": value, "unit": unit, "source": "atlas"}


def complaints(data: dict[str, Any]) -> list[str]:
    """Return what is said about the content of a crisis file, lists being tuples as when read."""

    def tupled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: tupled(item) for key, item in value.items()}
        return tuple(tupled(item) for item in value) if isinstance(value, list) else value

    content = tupled(data)
    if smuggled := smuggled_sources(content):
        return smuggled
    try:
        return list(problems(Crisis.model_validate(content, strict=True)))
    except ValidationError as error:
        return explain(error, content)


def setting(*path: str | int, to: object) -> Change:
    """Return a change of one entry of a crisis file."""

    def change(data: dict[str, Any]) -> None:
        inner: Any = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = to

    return change


def dropping(*path: str | int) -> Change:
    """Return the removal of one entry of a crisis file."""

    def change(data: dict[str, Any]) -> None:
        inner: Any = data
        for key in path[:-1]:
            inner = inner[key]
        del inner[path[-1]]

    return change


TRAITS = ("actors", "north", "traits")
SHAPES: list[tuple[Change, str]] = [
    (dropping("schema_version"), "schema_version: is missing"),
    (dropping("title"), "title: is missing; expected text"),
    (dropping("places", "fort", "country"), "places.fort.country: is missing"),
    (dropping("channels", 0, "latency"), "channels.north.club.latency: is missing"),
    (setting("trigerr", to="raid"), "trigerr: unknown key; did you mean 'trigger'?"),
    (
        setting(*TRAITS, "tolerence", to=quantity(2, "rung")),
        "actors.north.traits.tolerence: unknown key; did you mean 'tolerance'?",
    ),
    (
        setting("script", 0, "deahts", to=3),
        "script.raid.deahts: unknown key; did you mean 'deaths'",
    ),
    (setting("zzz", to=1), "zzz: unknown key; expected one of schema_version, name"),
    (setting("title", to=5), "title: 5 is not text"),
    (setting("actors", to=[1]), "actors: [1] is not a table"),
    (setting("actors", "north", to=1), "actors.north: 1 is not a table"),
    (setting("script", to={}), "script: a table is not a list"),
    (setting("sources", "atlas", to=1), "sources.atlas: 1 is not text"),
    (setting("name", to="Big Name"), "name: 'Big Name' is not a name"),
    (setting("name", to="x" * 41), "is not a name"),
    (
        setting("actors", "Big", to={"kind": "state", "name": "B"}),
        "actors.Big: 'Big' is not a name",
    ),
    (setting(*TRAITS, "tolerance", to=2), "actors.north.traits.tolerance: is 2, expected a table"),
    (
        setting(*TRAITS, "tolerance", to=quantity("2", "rung")),
        "actors.north.traits.tolerance: '2' is not { value = a number from 0 to 20",
    ),
    (
        setting(*TRAITS, "tolerance", to=quantity(True, "rung")),
        "actors.north.traits.tolerance: true is not { value = a number",
    ),
    (
        setting(*TRAITS, "tolerance", to=quantity(2, "h")),
        "actors.north.traits.tolerance: is given in 'h', expected the unit \"rung\"",
    ),
    (
        setting(*TRAITS, "tolerance", to=quantity(99, "rung")),
        "actors.north.traits.tolerance: 99 is out of range; expected 0 to 20 rung",
    ),
    (
        setting(*TRAITS, "statement_hour", to=quantity(24, "h UTC")),
        "statement_hour: 24 is out of range; expected 0 to below 24 h UTC",
    ),
    (
        setting(*TRAITS, "tolerance", to={"value": 2, "unit": "rung"}),
        "actors.north.traits.tolerance: lacks source",
    ),
    (
        setting(*TRAITS, "tolerance", to={**quantity(2, "rung"), "why": "x"}),
        "actors.north.traits.tolerance: has the unknown entry why",
    ),
    (setting(*TRAITS, "sources", to={}), "actors.north.traits.sources: unknown key"),
    (
        setting("basings", 0, "troops", to=quantity(1.5, "people")),
        "basings.east.north.troops: 1.5 is not { value = a whole number from 0",
    ),
    (setting("actors", "north", "kind", to="stat"), "kind is 'stat', expected one of state, proxy"),
    (dropping("actors", "north", "kind"), "actors.north: kind is missing"),
    (setting("script", 1, "kind", to="thraet"), "script.vow: kind is 'thraet', expected one of"),
    (
        setting("places", "fort", "target_class", to="militery"),
        "places.fort.target_class: 'militery' is not known; expected one of military",
    ),
    (setting("channels", 0, "open", to=1), "channels.north.club.open: 1 is not true or false"),
    (
        setting("channels", 0, "between", to=["north"]),
        "channels.[1].between: too few entries; expected a pair",
    ),
    (
        setting("channels", 0, "between", to=["north", "club", "east"]),
        "channels.[1].between: ['north', 'club', 'east'] has too many entries",
    ),
    (setting("script", 0, "rung", to=11), "script.raid.rung: 11 is out of range; expected 0 to 10"),
    (setting("script", 0, "deaths", to=-1), "script.raid.deaths: -1 is out of range"),
    (setting("script", 0, "deaths", to=1.5), "script.raid.deaths: 1.5 is not a whole number"),
    (
        setting("script", 0, "time", to=datetime(2030, 1, 1)),  # noqa: DTZ001 (the point)
        "script.raid.time: 2030-01-01T00:00:00 has no time zone; expected a date and time with",
    ),
    (setting("script", 0, "time", to="noon"), "script.raid.time: 'noon' is not a date and time"),
    (setting("script", 0, "time", to=0), "script.raid.time: 0 is not a date and time"),
    (dropping("script", 0, "label"), "script.[1].label: is missing"),
]


@pytest.mark.parametrize(("change", "words"), SHAPES, ids=[words for _, words in SHAPES])
def test_a_wrong_shape_is_named(change: Change, words: str) -> None:
    """A wrong key, type, unit or range names dotted key, value and what was expected, once."""
    data = small()
    change(data)
    found = complaints(data)
    assert len(found) == 1
    assert words in found[0]


def test_the_small_crisis_is_right() -> None:
    """What the tests above break is right before."""
    assert complaints(small()) == []


def test_all_errors_are_reported_at_once() -> None:
    """Several wrong entries are all told, also those within one table."""
    data = small()
    dropping("title")(data)
    setting(*TRAITS, "tolerance", to=quantity(99, "rung"))(data)
    setting(*TRAITS, "war_cost", to=quantity(1, "h"))(data)
    setting(*TRAITS, "resolve", to=1)(data)
    dropping("channels", 0, "latency")(data)
    setting("channels", 0, "fidelity", to=1)(data)
    keys = [found.partition(":")[0] for found in complaints(data)]
    assert sorted(keys) == [
        "actors.north.traits.resolve",
        "actors.north.traits.tolerance",
        "actors.north.traits.war_cost",
        "channels.north.club.fidelity",
        "channels.north.club.latency",
        "title",
    ]


junk = st.recursive(
    st.booleans() | st.integers(-5, 5) | st.floats(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every entry within a value."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(found for key, item in inner for found in paths(item, (*path, key)))]


@given(st.sampled_from(paths(small())[1:]), junk)
def test_any_entry_may_be_anything(where: tuple[str | int, ...], entry: object) -> None:
    """Whatever stands in place of any entry, it is right or told in plain words under a key."""
    data = small()
    setting(*where, to=entry)(data)
    for found in complaints(data):
        key, colon, words = found.partition(": ")
        assert key and colon and words
        assert "Input should" not in found and "pydantic" not in found
