"""The keys a user can set: which there are, what they refuse, and that setting is like editing."""

from __future__ import annotations

import math
import pickle
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.parameters import Parameters
from sim.crisis import Crisis
from sim.crisis_file import load_crisis, shipped_crises
from sim.errors import InputError
from sim.keys import (
    TRUTH,
    Key,
    SettingError,
    UnknownKeyError,
    find_key,
    list_keys,
    parse_setting,
    split_overrides,
    with_overrides,
)

CRISIS = load_crisis("january-2020")
KEYS = list_keys(CRISIS)
OWN = tuple(key for key in KEYS if key.name not in Parameters.model_fields)


def numbers(crisis: Crisis) -> Any:
    """Return the content of a crisis without the sources of its numbers."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items() if key != "sources"}
        return [plain(item) for item in value] if isinstance(value, tuple | list) else value

    return plain(crisis.model_dump())


# Which keys there are


@pytest.mark.parametrize(
    "name",
    [
        "threat_credibility",
        "iran.tolerance",
        "kataib-hezbollah.attack_rate",
        "iraq.host.politics",
        "switzerland.mediator.handling",
        "europeans.mediator.standing",
        "place.al-asad.vulnerability",
        "patronage.iran.kataib-hezbollah.obedience",
        "alliance.usa.israel.strength",
        "rivalry.usa.iran.intensity",
        "basing.iraq.usa.troops",
        "channel.switzerland.iran.latency",
        "channel.usa.iran.open",
        "al-asad.deaths",
        "al-asad.civilian_deaths",
        "al-asad.injuries",
        "al-asad.warning_lead_h",
        "al-asad.waves",
        "al-asad.rung",
        "basing.iraq.usa.consent",
        "place.al-asad.target_class",
        "al-asad.mode",
        "iran-vow.rung",
        "us-reinforcements.rung",
    ],
)
def test_numbers_of_every_part_have_a_key(name: str) -> None:
    """Parameters, traits, places, edges and events of the script have keys; all are listed."""
    assert find_key(CRISIS, name) in KEYS
    assert find_key(CRISIS, name).name == name


@pytest.mark.parametrize("name", shipped_crises())
def test_keys_are_complete(name: str) -> None:
    """Names are unique; every key has unit, range, meaning and source, and a value in its range."""
    crisis = load_crisis(name)
    keys = list_keys(crisis)
    assert len({key.name for key in keys}) == len(keys)
    for key in keys:
        assert key.unit and key.description and key.source, key
        assert math.isfinite(key.low) and math.isfinite(key.high), key
        if key.levels:
            assert key.default in key.levels and key.high == len(key.levels) - 1, key
        else:
            assert key.low <= float(key.default) <= key.high, key
        assert find_key(crisis, key.name) == key


def test_a_key_tells_what_the_file_tells() -> None:
    """Value and source are the file's; a number the file leaves out is a default, and says so."""
    assert find_key(CRISIS, "iran.deliberation") == Key(
        name="iran.deliberation",
        unit="h",
        low=0.0,
        high=8760.0,
        default=CRISIS.actors["iran"].traits.deliberation,  # type: ignore[union-attr]
        description="median time to a decision without pressure",
        source=CRISIS.actors["iran"].traits.sources["deliberation"],  # type: ignore[union-attr]
    )
    assert find_key(CRISIS, "basing.iraq.usa.troops").source == "axios-troops"
    assert find_key(CRISIS, "qatar.deliberation").source.startswith("judgement: the default")
    assert find_key(CRISIS, "warned_display").source == "ICB fit"
    assert find_key(CRISIS, "channel.usa.iran.open").levels == TRUTH
    assert find_key(CRISIS, "basing.iraq.usa.consent").levels == ("full", "restricted", "withdrawn")
    assert find_key(CRISIS, "basing.iraq.usa.consent").default == "full"
    assert find_key(CRISIS, "al-asad.deaths").whole
    assert not find_key(CRISIS, "iran.tolerance").whole


def test_an_undirected_edge_has_one_key_and_two_spellings() -> None:
    """Ends of an alliance, rivalry or channel may be given either way; of a basing they may not."""
    assert find_key(CRISIS, "channel.iran.usa.open") == find_key(CRISIS, "channel.usa.iran.open")
    assert find_key(CRISIS, "alliance.israel.usa.strength").name == "alliance.usa.israel.strength"
    with pytest.raises(UnknownKeyError):
        find_key(CRISIS, "basing.usa.iraq.troops")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("iran.tolerence", "iran.tolerance"),
        ("threat_credability", "threat_credibility"),
        ("channel.iran.switzerland.latensy", "channel.switzerland.iran.latency"),
        ("alasad.deaths", "al-asad.deaths"),
        ("iran.sources", "iran.resolve"),
        ("al-asad.modus", "al-asad.mode"),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest(name: str, near: str) -> None:
    """A misspelt key names itself and the nearest keys."""
    with pytest.raises(UnknownKeyError) as caught:
        find_key(CRISIS, name)
    assert f"unknown key {name!r}; did you mean " in str(caught.value)
    assert near in str(caught.value)
    for refusing in (with_overrides, split_overrides):
        with pytest.raises(UnknownKeyError):
            refusing(CRISIS, {name: 1.0})


@pytest.mark.parametrize("name", ["", ".", "iran", "iran.", ".tolerance", "channel", "a" * 9999])
def test_an_odd_key_is_unknown_too(name: str) -> None:
    """Whatever is not a key is refused as unknown."""
    with pytest.raises(UnknownKeyError, match="unknown key"):
        find_key(CRISIS, name)


# Setting them


def test_setting_is_like_editing_the_file(tmp_path: Path) -> None:
    """A crisis with numbers set equals the one from a file with these numbers in it."""
    text = files("sim").joinpath("crises", "two-states.toml").read_text(encoding="utf-8")
    edits = {
        "honour_weight = { value = 0.7": "honour_weight = { value = 0.25",
        "handling = { value = 1,": "handling = { value = 6.5,",
        "vulnerability = { value = 1,": "vulnerability = { value = 2,",
        "latency = { value = 2,": "open = false\nlatency = { value = 12,",
        "deaths = 3 ": "deaths = 30 ",
        "warning_lead_h = 0": "warning_lead_h = 1.5",
        'target_class = "military"': 'target_class = "civilian"',
    }
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "edited.toml"
    path.write_text(text, encoding="utf-8")
    settings = {
        "north.honour_weight": 0.25,
        "island.mediator.handling": 6.5,
        "place.north-fort.vulnerability": 2,
        "channel.south.island.latency": 12,
        "channel.island.south.open": "false",
        "place.north-fort.target_class": "civilian",
        "shelling.deaths": 30,
        "shelling.warning_lead_h": 1.5,
    }
    crisis = with_overrides(load_crisis("two-states"), settings)
    assert numbers(crisis) == numbers(load_crisis(path))
    assert repr(crisis.event("shelling")) == repr(load_crisis(path).event("shelling"))


def test_the_original_stays_as_it_is() -> None:
    """Setting returns a copy; what is not set is the same, and a set number says who set it."""
    before = numbers(CRISIS)
    crisis = with_overrides(CRISIS, {"iran.tolerance": 1.0, "al-asad.deaths": 30})
    assert numbers(CRISIS) == before
    assert crisis.actors["usa"] == CRISIS.actors["usa"]
    assert find_key(crisis, "iran.tolerance").source == "set by the user"
    assert find_key(crisis, "iran.war_cost") == find_key(CRISIS, "iran.war_cost")
    assert with_overrides(CRISIS, {}) == CRISIS
    assert pickle.loads(pickle.dumps(crisis)) == crisis


@given(st.data())
def test_what_is_set_is_read_back(data: Any) -> None:
    """Any values within their ranges are read back as they were set, and nothing else moves."""
    names = data.draw(st.lists(st.sampled_from(OWN), max_size=6, unique=True))
    settings = {
        key.name: data.draw(st.sampled_from(key.levels))
        if key.levels
        else float(data.draw(st.integers(math.ceil(key.low), math.floor(key.high))))
        if key.whole
        else data.draw(st.floats(key.low, key.high, exclude_max=key.unit == "h UTC"))
        for key in names
    }
    after = list_keys(with_overrides(CRISIS, settings))
    assert [(key.name, key.default) for key in after] == [
        (key.name, settings.get(key.name, key.default)) for key in KEYS
    ]


@given(
    st.sampled_from([key for key in OWN if not key.levels]),
    st.floats(allow_nan=True, allow_infinity=True),
)
def test_a_value_is_taken_or_refused_with_its_range(key: Key, value: float) -> None:
    """A number out of range is refused naming key and unit; one within is taken."""
    try:
        crisis = with_overrides(CRISIS, {key.name: value})
    except SettingError as error:
        assert str(error).startswith(f"{key.name} = ") and str(error).endswith(key.unit)
        assert not (key.low <= value < key.high and (not key.whole or value.is_integer()))
    else:
        assert key.low <= value == find_key(crisis, key.name).default and value <= key.high


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("iran.tolerance", 99, "iran.tolerance = 99 is out of range; expected 0 to 20 rung"),
        ("iran.tolerance", math.nan, "iran.tolerance = nan is out of range; expected 0 to 20 rung"),
        ("al-asad.deaths", 2.5, "al-asad.deaths = 2.5 is not whole; expected a whole number, 0 to"),
        ("al-asad.waves", 0, "al-asad.waves = 0 is out of range; expected 1 to 20 waves"),
        ("al-asad.rung", 11, "al-asad.rung = 11 is out of range; expected 0 to 10 rung"),
        ("us-sanctions.rung", 4, "us-sanctions.rung = 4 is out of range; expected 0 to 3 rung"),
        ("usa.statement_hour", 24, "= 24 is out of range; expected 0 to below 24 h UTC"),
        ("channel.usa.iran.open", 2, "open = 2 is no label; expected one of false, true"),
        ("channel.usa.iran.open", 0.5, "open = 0.5 is no label; expected one of false, true"),
        ("basing.iraq.usa.consent", "none", "'none' is no label; expected one of full, restrict"),
        ("basing.iraq.usa.consent", 1.0, "= 1 is no label; expected one of full, restricted, with"),
        ("iran.tolerance", "2", "iran.tolerance = '2' is not a number; expected 0 to 20 rung"),
        ("iran.tolerance", "0,5", "expected 0 to 20 rung; write decimals with a point"),
        ("iran.tolerance", "true", "iran.tolerance = 'true' is not a number; expected 0 to 20"),
        ("threat_credibility", 0.5, "threat_credibility is a parameter of the whole model"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: Any, words: str) -> None:
    """A refused value names key, value, allowed range and unit."""
    with pytest.raises(SettingError) as caught:
        with_overrides(CRISIS, {name: value})
    assert words in str(caught.value)


def test_true_and_false_may_be_written_in_any_way() -> None:
    """1, True, true and TRUE set a key of two labels alike."""
    for value in (1, 1.0, True, "true", "TRUE"):
        changed = with_overrides(CRISIS, {"channel.usa.iran.open": value})
        assert find_key(changed, "channel.usa.iran.open").default == "true"


def test_one_edge_is_not_set_twice() -> None:
    """Both spellings of one key in one setting are refused."""
    twice = {"channel.usa.iran.open": 1.0, "channel.iran.usa.open": 0.0}
    with pytest.raises(SettingError, match=r"channel\.usa\.iran\.open is set twice"):
        with_overrides(CRISIS, twice)


def test_settings_are_split_and_checked() -> None:
    """Settings of the model and of the crisis are told apart, and both kept in range."""
    settings = {"threat_credibility": 0.9, "iran.tolerance": 2.0, "al-asad.deaths": 3}
    assert split_overrides(CRISIS, settings) == (
        {"threat_credibility": 0.9},
        {"iran.tolerance": 2.0, "al-asad.deaths": 3.0},
    )
    with pytest.raises(SettingError, match="= 2 is out of range; expected 0 to 1 share"):
        split_overrides(CRISIS, {"threat_credibility": 2})
    with pytest.raises(SettingError, match="expected 0 to 20 rung"):
        split_overrides(CRISIS, {"iran.tolerance": -1})


def test_setting_is_fast() -> None:
    """Setting a handful of numbers takes a few milliseconds at most."""
    settings = {"iran.tolerance": 2.0, "al-asad.deaths": 3, "channel.usa.iran.open": 1}
    best = math.inf
    for _ in range(20):
        start = time.perf_counter()
        with_overrides(CRISIS, settings)
        best = min(best, time.perf_counter() - start)
    assert best < 0.01


# Reading them from a command line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("iran.tolerance=2.5", ("iran.tolerance", 2.5)),
        (" al-asad.deaths = 30 ", ("al-asad.deaths", 30.0)),
        ("saudi-arabia.disposition=-0.2", ("saudi-arabia.disposition", -0.2)),
        ("choice_precision=1e2", ("choice_precision", 100.0)),
        ("channel.usa.iran.open=true", ("channel.usa.iran.open", "true")),
        ("basing.iraq.usa.consent=full", ("basing.iraq.usa.consent", "full")),
    ],
)
def test_a_setting_is_read(text: str, expected: tuple[str, float]) -> None:
    """KEY=VALUE gives the key and the number, or else the label."""
    assert parse_setting(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "'' is not a setting; expected KEY=VALUE"),
        ("iran.tolerance", "'iran.tolerance' is not a setting; expected KEY=VALUE"),
        ("=2", "'=2' is not a setting"),
        ("iran.tolerance=", "'iran.tolerance=' is not a setting"),
        ("iran.tolerance=nan", "iran.tolerance = nan; expected a finite number"),
        ("iran.tolerance=inf", "iran.tolerance = inf; expected a finite number"),
        ("iran.tolerance=1e999", "expected a finite number"),
    ],
)
def test_a_wrong_setting_is_named(text: str, words: str) -> None:
    """What is not KEY=VALUE with a finite number says what was expected."""
    with pytest.raises(SettingError) as caught:
        parse_setting(text)
    assert words in str(caught.value)


@given(st.sampled_from(KEYS), st.floats(-1e6, 1e6))
def test_a_written_setting_is_read_back(key: Key, value: float) -> None:
    """Any key and number written as KEY=VALUE are read back exactly."""
    assert parse_setting(f"{key.name}={value!r}") == (key.name, value)


def test_all_refusals_are_input_errors() -> None:
    """Both errors are InputErrors and ValueErrors, and survive the way between processes."""
    for kind in (UnknownKeyError, SettingError):
        error = pickle.loads(pickle.dumps(kind("x")))
        assert isinstance(error, InputError) and isinstance(error, ValueError)
        assert type(error) is kind and str(error) == "x"
