"""One run in words: every kind has a sentence, every event is told once, what-ifs part."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from agents.event import Event, Kind
from agents.rules.ladder import RUNG_NAMES
from experiments.designs.design import Settings, make_design
from experiments.explanation.decision import BETTER_AND_WORSE, explain_decision, menu
from experiments.explanation.explain import (
    ToldRun,
    event_records,
    highlights,
    run_once,
    short_story,
    tell,
    tell_history,
)
from experiments.explanation.narrative import OPTIONS, SENTENCES, Narrator, toll
from experiments.explanation.what_if import first_difference, first_other_choice
from sim.crisis_file import load_crisis


@cache
def told(name: str = "january-2020", replicate: int = 0, settings: Settings = ()) -> ToldRun:
    """Return one run."""
    design = make_design(load_crisis(name), replicates=1)
    return run_once(design, replicate, settings)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_sentence(kind: Kind) -> None:
    """Whatever can happen can be told."""
    assert any(known == kind for known, _ in SENTENCES)


@pytest.mark.parametrize("name", ["january-2020", "two-states"])
def test_every_event_of_many_runs_reads_as_a_sentence(name: str) -> None:
    """No sentence has a gap: no missing fact, no double space, no raw identifier of a kind."""
    for replicate in range(4):
        run = told(name, replicate)
        for event in run.ledger:
            sentence = run.narrator.sentence(event)
            assert sentence, event
            assert not any(mark in sentence for mark in ("{", "}", "  ", "None", "_")), sentence
            assert (event.kind, "") in SENTENCES or "answer" not in sentence


def test_dates_are_real() -> None:
    """Hour 0 is the moment of the start strike, and hours count from it."""
    run = told()
    narrator = run.narrator
    assert narrator.moment(0.0) == run.crisis.event("soleimani").time
    assert narrator.date(24.0).split()[0] == str(int(narrator.date(0.0).split()[0]) + 1)


def test_the_story_tells_every_strike_in_a_chapter() -> None:
    """Each first wave that landed heads one chapter, in the order of time."""
    run = told()
    strikes = [
        e for e in run.ledger[run.begins :] if e.kind == Kind.IMPACT and not e.values["wave"]
    ]
    chapters = [chapter for chapter in tell(run) if chapter.time is not None]
    assert [chapter.time for chapter in chapters] == [strike.time for strike in strikes]


def test_the_story_tells_every_free_event() -> None:
    """Nothing that happened after the start is left out, save batches of injuries and news."""
    run = told()
    lines = Counter(
        line.text.split("; the leaders of")[0] for chapter in tell(run) for line in chapter.lines
    )
    for event in run.ledger[run.begins :]:
        if event.kind not in (Kind.NEWS, Kind.INJURIES, Kind.START, Kind.IMPACT):
            assert lines[run.narrator.sentence(event)] > 0, event


def test_effects_stand_below_and_after_their_causes() -> None:
    """In a chapter no line is deeper by more than a step than the one before it, or earlier."""
    for chapter in tell(told()):
        depth, times = -1, [chapter.time or -1e9]
        for line in chapter.lines:
            assert line.depth <= depth + 1
            times[line.depth + 1 :] = [line.time]
            assert line.time >= times[line.depth] or chapter.time is None
            depth = line.depth


def test_history_is_told_from_the_script() -> None:
    """What was pinned is told in the words of the crisis file."""
    lines = tell_history(told())
    assert all(line.time < 0.0 for line in lines)
    assert any("K-1" in line.text for line in lines)


def decisions(run: ToldRun) -> list[Event]:
    """Return the decisions of states in a run."""
    return [e for e in run.ledger if e.kind == Kind.DECISION and menu(e)]


def test_a_decision_shows_its_menu() -> None:
    """The chosen option is marked, the likeliest come first, and chances add up to one."""
    run = told()
    assert decisions(run)
    for event in decisions(run):
        options = menu(event)
        assert sum(option.chance for option in options) == pytest.approx(1.0)
        assert options == sorted(options, key=lambda option: -option.chance)
        marked = [line for line in explain_decision(event, run.narrator) if line.startswith("►")]
        assert len(marked) == 1
        assert event.label.replace("_", " ") in marked[0]


def test_the_reasons_are_the_largest_differences() -> None:
    """What is named for a choice is where it differs most from its nearest rival."""
    values = {"grievance": 5.0, "unassessed": 0.0, "belief_concluded": 0.1,
              "belief_resolved": 0.5, "credibility": 0.5}  # fmt: skip
    for option, war, honour, utility, chance in (
        ("calibrated", -0.2, -1.0, -1.2, 0.7),
        ("overmatch", -2.0, -0.5, -2.5, 0.3),
    ):
        terms = dict.fromkeys(BETTER_AND_WORSE, 0.0) | {"war": war, "honour": honour}
        values |= {f"{option}.{term}": value for term, value in terms.items()}
        values |= {f"{option}.utility": utility, f"{option}.probability": chance}
    event = Event(
        0, 1.0, Kind.DECISION, "north", "south", rung=6, values=values, label="calibrated"
    )
    crisis = load_crisis("two-states")
    lines = explain_decision(event, Narrator(crisis, crisis.event("shelling").time))
    assert "risks war less (+1.80) but leaves more of the grievance unsettled (-0.50)" in lines[1]
    assert lines[-1].split()[-4:] == ["war", "-1.80,", "honour", "+0.50"]


def test_every_rung_has_a_name_in_words() -> None:
    """Each option of the ladder can stand in a sentence."""
    assert tuple(OPTIONS) == RUNG_NAMES


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "nobody killed"),
        ({"deaths": 1}, "1 soldier killed"),
        ({"deaths": 2, "civilian_deaths": 1}, "2 soldiers and 1 civilian killed"),
    ],
)
def test_tolls_in_words(values: dict[str, float], words: str) -> None:
    """Soldiers and civilians are counted apart, and nobody is said to be nobody."""
    assert toll(values) == words


def test_the_same_run_parts_nowhere() -> None:
    """Run again without a change, the same things happen."""
    again = told.__wrapped__()
    assert first_difference(told(), again) is None
    assert first_other_choice(told(), again) is None


def test_a_what_if_parts_at_what_was_changed() -> None:
    """With other deaths at the start, the first event to differ is the strike that killed them."""
    base, other = told(), told(settings=(("soleimani.deaths", 0.0),))
    parting = first_difference(base, other)
    assert parting is not None
    assert parting.before is not None
    assert parting.before.kind == Kind.IMPACT
    assert parting.before.time == 0.0


def test_a_short_story_is_short() -> None:
    """It has ten lines at most, and begins with the start."""
    design = make_design(load_crisis("january-2020"), replicates=1)
    story = short_story(design, 0)
    assert len(story) <= 10
    assert "T+0.0" in story[0][0]
    assert highlights(told(), told().begins)[0] == story[0]


def test_event_records_are_plain() -> None:
    """Records hold every field of an event, its date and its sentence."""
    record = event_records(told())[0]
    assert set(Event._fields) < set(record)
    assert record["date"].startswith("2019-12-27T")
