"""What must hold between the parts of a crisis, each broken once in the case of January 2020."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from sim.crisis import Crisis
from sim.crisis_checks import CHECKS, problems
from sim.crisis_file import load_crisis

Change = Callable[[dict[str, Any]], object]
PROXY = {"kind": "proxy", "name": "Gang"}
STATE = {"kind": "state", "name": "State"}


def broken(change: Change) -> list[str]:
    """Return what is wrong with January 2020 once something in it is changed."""
    data = load_crisis("january-2020").model_dump()
    for section in ("alliances", "rivalries", "patronages", "basings", "channels", "script"):
        data[section] = list(data[section])
    change(data)
    return list(problems(Crisis.model_validate(data)))


def setting(section: str, name: str, key: str, to: object) -> Change:
    """Return a change of one entry of an actor, of a place or of the event of this label."""

    def change(data: dict[str, Any]) -> None:
        items = data[section]
        if section == "script":
            items = {event["label"]: event for event in items}
        items[name][key] = to

    return change


def adding(section: str, *between: str) -> Change:
    """Return the addition of an edge."""
    ends = {"patronages": ("patron", "proxy"), "basings": ("host", "guest")}.get(section)
    named: dict[str, object] = {"between": between}
    if ends is not None:
        named = dict(zip(ends, between, strict=True))
    numbers: dict[str, dict[str, object]] = {
        "alliances": {"strength": 0.5},
        "rivalries": {"intensity": 0.5},
        "patronages": {"obedience": 0.5, "order_latency": 1.0},
        "basings": {"troops": 5},
        "channels": {"latency": 1.0, "fidelity": 0.5, "willingness": 0.5},
    }
    edge = {**named, **numbers[section], "sources": {}}
    return lambda data: data[section].append(edge)


def following(kind: str, actor: str, target: str, **fields: object) -> Change:
    """Return the addition of an event at the end of the script."""
    event = {
        "label": "more",
        "kind": kind,
        "time": datetime(2020, 2, 1, tzinfo=UTC),
        "actor": actor,
        "target": target,
        "text": "",
        "source": "judgement: invented",
        **fields,
    }
    return lambda data: data["script"].append(event)


def both(*changes: Change) -> Change:
    """Return several changes as one."""
    return lambda data: [change(data) for change in changes]


def entry(key: str, to: object) -> Change:
    """Return a change of one entry at the top of the file."""
    return lambda data: data.update({key: to})


CASES: list[tuple[Change, str]] = [
    (
        adding("alliances", "usa", "isreal"),
        "alliances.usa.isreal: 'isreal' is no actor of this crisis; did you mean 'israel'?",
    ),
    (
        adding("channels", "usa", "zzz"),
        "'zzz' is no actor of this crisis; expected one of usa, iran",
    ),
    (setting("places", "k1", "country", "irak"), "places.k1.country: 'irak' is no actor"),
    (
        setting("places", "k1", "forces", "europeans"),
        "places.k1.forces: 'europeans' is of the kind",
    ),
    (
        setting("places", "k1", "reached_by", ("iran", "irann")),
        "places.k1.reached_by: 'irann' is no actor of this crisis; did you mean 'iran'?",
    ),
    (
        setting("script", "al-asad", "place", "al-assad"),
        "script.al-asad.place: 'al-assad' is no place of this crisis; did you mean 'al-asad'?",
    ),
    (setting("script", "al-asad", "actor", "irann"), "script.al-asad.actor: 'irann' is no actor"),
    (setting("script", "al-asad", "actor", "united-nations"), "expected a state or proxy"),
    (
        setting("script", "al-asad", "victim", "israel"),
        "'israel' is not at 'al-asad'; expected usa",
    ),
    (setting("script", "iran-vow", "target", "us"), "script.iran-vow.target: 'us' is no actor"),
    (setting("script", "iran-vow", "target", "iran"), "script.iran-vow.target: 'iran' acts on its"),
    (adding("rivalries", "oman", "oman"), "rivalries.oman.oman: an edge from 'oman' to itself"),
    (adding("patronages", "houthis", "houthis"), "an edge from 'houthis' to itself"),
    (
        adding("rivalries", "iran", "usa"),
        "rivalries.iran.usa: a second rivalry of the same pair; expected one",
    ),
    (adding("basings", "iraq", "usa"), "basings.iraq.usa: a second basing of the same pair"),
    (adding("patronages", "iran", "houthis"), "patronages.iran.houthis: a second patronage"),
    (
        adding("alliances", "usa", "europeans"),
        "alliances.usa.europeans: 'europeans' is of the kind 'organization'; expected a state",
    ),
    (adding("basings", "houthis", "iran"), "'houthis' is of the kind 'proxy'; expected a state"),
    (adding("rivalries", "usa", "europeans"), "expected a state or proxy"),
    (adding("patronages", "iran", "oman"), "'oman' is of the kind 'state'; expected a proxy"),
    (adding("patronages", "europeans", "hezbollah"), "'europeans' is of the kind 'organization'"),
    (
        adding("patronages", "qatar", "hezbollah"),
        "patronages.qatar.hezbollah: 'hezbollah' has the patron 'iran' already; expected one",
    ),
    (
        both(
            lambda data: data["actors"].update({"gang": PROXY, "mob": PROXY}),
            adding("patronages", "gang", "mob"),
            adding("patronages", "mob", "gang"),
        ),
        "patronages: a circle of patrons, ",
    ),
    (entry("trigger", "soleimanni"), "trigger: 'soleimanni' is not a label of the script; did you"),
    (
        entry("trigger", "zzz"),
        "trigger: 'zzz' is not a label of the script; expected one of k1-rock",
    ),
    (
        entry("trigger", "swiss-fax"),
        "trigger: 'swiss-fax' is of the kind 'message'; expected a str",
    ),
    (entry("default_start", "asad"), "default_start: 'asad' is not a label of the script"),
    (entry("default_start", "iran-vow"), "default_start: 'iran-vow' is of the kind 'vow'"),
    (setting("script", "us-threat", "label", "iran-vow"), "the label 'iran-vow' is used twice"),
    (setting("script", "us-threat", "label", "oman"), "script.oman.label: 'oman' is an actor too"),
    (setting("script", "us-threat", "label", "channel"), "'channel' begins the keys of settings"),
    (
        lambda data: data["actors"].update({"place": STATE}),
        "actors.place: 'place' begins the keys of settings; expected another name",
    ),
    (
        setting("script", "us-threat", "time", datetime(2020, 1, 1, tzinfo=UTC)),
        "script.us-threat.time: 2020-01-01T00:00:00+00:00 is earlier than 'balad-rockets' above it",
    ),
    (
        setting("script", "us-threat", "after", "iran-wow"),
        "script.us-threat.after: 'iran-wow' is no label of the script; did you mean 'iran-vow'?",
    ),
    (setting("script", "us-threat", "after", "al-asad"), "'al-asad' is not earlier"),
    (setting("script", "us-threat", "after", "us-threat"), "'us-threat' is not earlier"),
    (
        setting("script", "embassy", "sponsor", None),
        "script.embassy.sponsor: is missing; a strike in the mode 'proxy' expects a patron of",
    ),
    (
        setting("script", "embassy", "sponsor", "oman"),
        "script.embassy.sponsor: is 'oman'; a strike",
    ),
    (setting("script", "al-asad", "mode", "proxy"), "a patron of 'iran': it has none"),
    (setting("script", "soleimani", "sponsor", "izrael"), "sponsor: 'izrael' is no actor"),
    (
        following("channel", "oman", "pakistan", status="closed"),
        "script.more: no channel between 'oman' and 'pakistan' to change",
    ),
    (
        following("consent", "oman", "usa", consent="withdrawn"),
        "script.more: 'oman' does not host 'usa'; expected a basing",
    ),
    (
        lambda data: data["actors"]["iran"]["traits"]["sources"].update(capability="nmcc"),
        "actors.iran.traits.capability: the source 'nmcc' is not in [sources]; expected a key",
    ),
    (
        lambda data: data["basings"][0]["sources"].update(troops="axios-troops; rumour"),
        "basings.iraq.usa.troops: the source 'rumour' is not in [sources]",
    ),
    (setting("script", "al-asad", "source", "wsj2"), "script.al-asad.source: the source 'wsj2'"),
]


@pytest.mark.parametrize(("change", "words"), CASES, ids=[words for _, words in CASES])
def test_what_does_not_fit_is_named(change: Change, words: str) -> None:
    """A wrong reference names the dotted key, the value, and the nearest one or what is allowed."""
    assert any(words in problem for problem in broken(change)), broken(change)


def test_nothing_is_wrong_with_the_case_itself() -> None:
    """What the tests above break is right before."""
    assert broken(lambda data: None) == []


def test_every_check_is_broken_once() -> None:
    """No check is idle: each finds something in at least one of the cases above."""
    idle = set(CHECKS)
    for change, _ in CASES:
        data = load_crisis("january-2020").model_dump()
        for section in ("alliances", "rivalries", "patronages", "basings", "channels", "script"):
            data[section] = list(data[section])
        change(data)
        idle -= {check for check in idle if list(check(Crisis.model_validate(data)))}
    assert idle == set()


def test_one_mistake_is_told_once() -> None:
    """A single wrong name gives a single message."""
    assert len(broken(adding("alliances", "usa", "isreal"))) == 1
    assert len(broken(setting("script", "us-threat", "after", "iran-wow"))) == 1


def test_a_channel_may_be_opened_anew() -> None:
    """The script may open a channel that was not there."""
    assert broken(following("channel", "oman", "pakistan", status="open")) == []


def test_a_proxy_may_have_a_proxy() -> None:
    """A patron is a state or itself a proxy."""
    gang = both(
        lambda data: data["actors"].update({"gang": PROXY}),
        adding("patronages", "hezbollah", "gang"),
    )
    assert broken(gang) == []
