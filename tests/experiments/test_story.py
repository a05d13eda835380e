"""What a run is drawn from: clocks, relations and causes at any moment, and the drawings."""

from __future__ import annotations

import json
import math
from functools import cache
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.event import Event, Kind
from experiments.designs.design import make_design
from experiments.explanation.explain import ToldRun, run_once
from experiments.pages.layout import render
from experiments.statistics import shares
from experiments.story.alliances import POSTURES, draw_alliances, places_of
from experiments.story.clocks import draw_clocks, racing
from experiments.story.ladder import acts, draw_ladder, thresholds
from experiments.story.look import CLOCKS, DARK, GROUPS, LIGHT, plain
from experiments.story.moment import Clock, chain, spans, standing
from experiments.story.outcomes import draw_outcomes, tell_outcomes
from experiments.story.page import story_page, story_picture
from experiments.story.side_by_side import draw_side_by_side, parts_at, tell_difference
from experiments.story.timeline import draw_timeline, lanes_of
from experiments.story.weighing import TERMS, beliefs, decisions, draw_beliefs, draw_weighing, why
from sim.crisis_file import load_crisis
from sim.outcome import OUTCOMES

REPLICATES = st.integers(0, 30)


@cache
def told(replicate: int, crisis: str = "january-2020") -> ToldRun:
    return run_once(make_design(load_crisis(crisis), replicates=1), replicate)


def labelled(drawing: dict, name: str) -> list:
    return [trace for trace in drawing["data"] if trace.get("name") == name]


# What was under way


@given(REPLICATES)
def test_clocks_end_where_the_ledger_says(replicate: int) -> None:
    """A clock ends at the event that closed it, never before it began, and names both ends."""
    run = told(replicate)
    for span in spans(run.ledger):
        assert span.begins == span.opened_by.time
        if span.closed_by is not None:
            assert span.ends == span.closed_by.time >= span.begins
        if span.clock == Clock.ASSESSMENT and span.closed_by is not None:
            assert span.closed_by.actor == span.actor
        if span.clock == Clock.MESSAGE and span.closed_by is not None:
            assert span.closed_by.cause == span.opened_by.id


@given(REPLICATES)
def test_an_actor_has_one_deliberation_at_a_time(replicate: int) -> None:
    """A state puts one question at a time on its desk: its deliberations do not overlap."""
    found = [span for span in spans(told(replicate).ledger) if span.clock == Clock.DELIBERATION]
    for actor in {span.actor for span in found}:
        own = [span for span in found if span.actor == actor]
        for before, after in pairwise(own):
            assert before.closed_by is not None and before.closed_by.time <= after.begins


@given(REPLICATES)
def test_a_preparation_can_be_recalled_until_its_launch(replicate: int) -> None:
    """What is launched was past recall from the hour that its preparation had announced."""
    for span in spans(told(replicate).ledger):
        if span.clock == Clock.PREPARATION and span.closed_by is not None:
            assert span.recallable_until is not None
            if span.closed_by.kind == Kind.LAUNCH:
                assert span.closed_by.time == pytest.approx(span.recallable_until)
            if span.closed_by.kind == Kind.RECALL:
                assert span.closed_by.time < span.recallable_until


def test_what_has_not_ended_yet_is_open() -> None:
    """In a ledger that stops in the middle of a deliberation, the deliberation has no end."""
    run = told(0)
    begun = next(e for e in run.ledger if e.kind == Kind.DELIBERATION and e.time >= 0.0)
    cut = run.ledger[: begun.id + 1]
    last = spans(cut)[-1]
    assert (last.clock, last.ends, last.is_under_way(begun.time + 5.0)) == (
        Clock.DELIBERATION,
        None,
        True,
    )


# Relations and causes


def test_relations_are_those_of_the_moment() -> None:
    """Consent, channels and wars stand as the events up to the moment left them."""
    events = (
        Event(0, 1.0, Kind.CONSENT, "iraq", "usa", label="restricted"),
        Event(1, 2.0, Kind.CHANNEL, "usa", "iran", label="closed"),
        Event(2, 3.0, Kind.WAR, "usa", "iran"),
        Event(3, 4.0, Kind.CONSENT, "iraq", "usa", label="withdrawn"),
        Event(4, 5.0, Kind.WITHDRAWAL, "oman"),
    )
    then = standing(events, 3.0)
    assert then.consents == {("iraq", "usa"): "restricted"}
    assert then.channels == {("iran", "usa"): "closed"}
    assert then.at_war == {"iran", "usa"} and not then.silent
    assert standing(events, 0.5).at_war == set()
    late = standing(events, 5.0)
    assert late.consents == {("iraq", "usa"): "withdrawn"} and late.silent == {"oman"}


@given(REPLICATES, st.integers(0, 200))
def test_a_chain_of_causes_goes_back_in_time(replicate: int, at: int) -> None:
    """Each link is the cause of the next and no later; the first has no cause."""
    ledger = told(replicate).ledger
    links = chain(ledger, ledger[at % len(ledger)])
    assert links[0].cause is None
    for before, after in pairwise(links):
        assert after.cause == before.id and before.time <= after.time


# Drawings


def test_every_kind_has_a_place_in_the_key() -> None:
    """A kind of event belongs to one group at most; those without are the crisis' own course."""
    grouped = [kind for group in GROUPS for kind in group.kinds]
    assert len(grouped) == len(set(grouped))
    assert set(Kind) - set(grouped) == {
        Kind.SCRIPT,
        Kind.START,
        Kind.QUIET,
        Kind.REOPENED,
        Kind.END,
    }


@settings(deadline=None)
@given(REPLICATES, st.floats(-100.0, 900.0), st.sampled_from((LIGHT, DARK)))
def test_drawings_are_plotly_figures(replicate: int, moment: float, look) -> None:
    """Plotly takes every drawing at any moment, in either look, and JSON can carry it."""
    run = told(replicate % 6)
    drawings = [
        draw_timeline(run, moment=moment, picked=len(run.ledger) // 2, look=look),
        draw_ladder(run, moment=moment, look=look),
        draw_alliances(run, moment, {"iran": 4.0}, look),
        draw_clocks(run, moment, look),
        *(draw_weighing(event, look) for event in decisions(run)[:1]),
        *(draw_beliefs(run, event, look) for event in decisions(run)[:1]),
    ]
    for drawing in drawings:
        go.Figure(data=drawing["data"], layout=drawing["layout"])
        json.dumps(drawing, allow_nan=False)


@given(REPLICATES, st.floats(-100.0, 900.0))
def test_the_timeline_shows_every_event_once(replicate: int, moment: float) -> None:
    """Each event is one point in its actor's lane, faded if it is still to come."""
    run = told(replicate)
    drawing = draw_timeline(run, moment=moment)
    shown: dict[int, float] = {}
    for trace in drawing["data"]:
        for id in trace.get("customdata", ()):
            assert id not in shown
            shown[id] = trace["opacity"]
    assert sorted(shown) == [event.id for event in run.ledger]
    for event in run.ledger:
        assert (shown[event.id] == 1.0) == (event.time <= moment)


def test_the_trail_leads_to_what_was_picked() -> None:
    """The strong arrows are those of the picked event's causes, and of nothing else."""
    run = told(0)
    event = run.ledger[-5]
    plain_ = draw_timeline(run)
    picked = draw_timeline(run, picked=event.id)
    assert len(picked["data"]) == len(plain_["data"]) + 1
    trail = next(t for t in picked["data"] if t.get("line", {}).get("width") == 2.5)
    assert len(trail["x"]) == 3 * (len(chain(run.ledger, event)) - 1)


@given(REPLICATES)
def test_the_ladder_shows_the_acts_up_to_the_moment(replicate: int) -> None:
    """As many points as acts; the highest of the answers is the outcome's peak rung."""
    run = told(replicate)
    ids = [i for trace in draw_ladder(run)["data"] for i in trace["customdata"]]
    assert sorted(ids) == sorted(act.id for act in acts(run))
    early = [i for trace in draw_ladder(run, moment=10.0)["data"] for i in trace["customdata"]]
    assert all(run.ledger[i].time <= 10.0 for i in early)


def test_the_ladder_names_five_thresholds() -> None:
    """Kahn's thresholds lie where the model counts them."""
    assert [rung for rung, _ in thresholds()] == [1, 3, 6, 8, 10]


def test_places_are_the_same_for_every_run() -> None:
    """Actors stand where they stand, whatever the run, and no two of them on one spot."""
    crisis = load_crisis("january-2020")
    found = places_of(crisis)
    assert found == places_of(load_crisis("january-2020"))
    assert set(found) == set(crisis.actors)
    spots = list(found.values())
    for at, (x, y) in enumerate(spots):
        assert all((x - u) ** 2 + (y - v) ** 2 > 0.02 for u, v in spots[:at])


def test_postures_follow_what_is_under_way() -> None:
    """Iran deliberates before it decides, and prepares between its decision and its launch."""
    run = told(0)
    for clock, posture in (
        (Clock.DELIBERATION, "deliberating"),
        (Clock.PREPARATION, "preparing"),
    ):
        span = next(s for s in spans(run.ledger) if s.clock == clock and s.actor == "iran")
        assert span.ends is not None
        middle = (span.begins + span.ends) / 2.0
        nodes = next(t for t in draw_alliances(run, middle, {})["data"] if "customdata" in t)
        at = nodes["customdata"].index("iran")
        assert nodes["marker"]["color"][at] == POSTURES[posture]


def test_grievance_makes_nodes_larger() -> None:
    """Who holds more grievance is drawn larger, up to a limit."""
    run = told(0)

    def size(grievance: float) -> float:
        drawing = draw_alliances(run, 0.0, {"iran": grievance})
        nodes = next(t for t in drawing["data"] if "customdata" in t)
        return float(nodes["marker"]["size"][nodes["customdata"].index("iran")])

    assert size(0.0) < size(4.0) < size(9.0) < size(10.0) == size(50.0)


@given(REPLICATES, st.floats(0.0, 300.0))
def test_clocks_show_all_that_is_under_way(replicate: int, moment: float) -> None:
    """Whatever is under way at the moment has a strip, before anything that is over."""
    run = told(replicate)
    now = [span for span in spans(run.ledger) if span.is_under_way(moment)]
    found = racing(run, moment)
    assert found[: len(now)] == now[: len(found)]
    colours = {CLOCKS[span.clock] for span in found}
    strips = [t for t in draw_clocks(run, moment)["data"] if t["mode"] == "lines"]
    assert {strip["line"]["color"] for strip in strips} == colours


# Why


@given(REPLICATES)
def test_the_terms_of_an_option_add_up_to_its_utility(replicate: int) -> None:
    """The parts of each bar sum to the mark beside it, and the chances to one."""
    for event in decisions(told(replicate)):
        drawing = draw_weighing(event)
        bars = [trace for trace in drawing["data"] if trace["type"] == "bar"]
        mark = labelled(drawing, "sum (utility)")[0]
        for at, utility in enumerate(mark["x"]):
            assert sum(bar["x"][at] for bar in bars) == pytest.approx(utility, abs=1e-6)
        assert len(bars) <= len(TERMS)


def test_why_names_the_choice_and_its_rival() -> None:
    """The sentence on a decision says what was chosen and what stood nearest to it."""
    run = told(0)
    text = why(run, decisions(run)[0])
    assert text.startswith("Iran decided on ") and "beside" in text and text.endswith(".")


def test_beliefs_before_are_those_of_the_last_decision() -> None:
    """The first decision on a rival has nothing before it; the next has the first's beliefs."""
    run, pair = next((r, pair) for k in range(30) if (pair := _repeated(r := told(k))))
    first, second = pair
    assert all(math.isnan(before) for _, before, _ in beliefs(run, first))
    for key, before, after in beliefs(run, second):
        assert before == first.values[key] and after == second.values[key]


def _repeated(run: ToldRun) -> tuple[Event, Event] | None:
    by_pair: dict[tuple[str, str], list[Event]] = {}
    for event in decisions(run):
        by_pair.setdefault((event.actor, event.target), []).append(event)
    return next(((pair[0], pair[1]) for pair in by_pair.values() if len(pair) > 1), None)


# What if


def test_two_runs_part_where_the_thing_changed() -> None:
    """With other deaths at the first strike the runs part at hour 0, and the drawing says so."""
    design = make_design(load_crisis("january-2020"), replicates=1)
    base, other = run_once(design, 0), run_once(design, 0, (("soleimani.deaths", 0.0),))
    assert parts_at(base, other) == pytest.approx(0.0)
    drawing = draw_side_by_side(base, other)
    assert drawing["layout"]["xaxis2"]["matches"] == "x"
    marked = [s for s in drawing["layout"]["shapes"] if s["line"].get("color") == "#D55E00"]
    assert len(marked) == 2 and len({line["x0"] for line in marked}) == 1
    go.Figure(data=drawing["data"], layout=drawing["layout"])
    assert "As it was it ends so" in tell_difference(base, other)[-2]


def test_runs_that_are_the_same_say_so() -> None:
    """With nothing changed nothing differs, and no line is drawn."""
    run = told(0)
    assert parts_at(run, run) is None
    assert tell_difference(run, run) == [
        "Nothing happens otherwise: the same events at the same times."
    ]
    shapes = draw_side_by_side(run, run)["layout"]["shapes"]
    assert not [shape for shape in shapes if shape["line"].get("color") == "#D55E00"]


# Many runs


def test_outcome_bars_carry_their_intervals() -> None:
    """Each bar is a share and its bars of error reach to the ends of its interval."""
    found = shares(["off_ramp"] * 9 + ["war"], OUTCOMES)
    bar = draw_outcomes(found)["data"][0]
    for at, name in enumerate(found):
        assert bar["x"][at] == found[name].value
        assert bar["x"][at] + bar["error_x"]["array"][at] == pytest.approx(found[name].high)
    text = tell_outcomes(found, 10)
    assert text.startswith("Of 10 runs, 90 % ended in off-ramp") and "10 % in war" in text


# Taking it along


def test_a_story_stands_for_itself() -> None:
    """The page of a run holds timeline, ladder and choices, and asks nothing of any network."""
    run = told(0)
    page = render(story_page(run, "run 0 of seed 0", "threat_credibility = 0.9"))
    for part in ("plot-timeline", "plot-ladder", "plot-choice-", "threat_credibility = 0.9"):
        assert part.replace(" = ", "&nbsp;=&nbsp;") in page
    start = page.split("<body>")[1]
    assert "src=" not in start.split("<script")[0] and "http" not in start.split("<script")[0]


def test_a_picture_holds_three_drawings() -> None:
    """Timeline, ladder and a choice stand below each other and do not overlap."""
    drawing = story_picture(told(0))
    layout = drawing["layout"]
    domains = [layout[name]["domain"] for name in ("yaxis", "yaxis2", "yaxis3")]
    for above, below in pairwise(domains):
        assert above[0] > below[1]
    go.Figure(data=drawing["data"], layout=layout)


def test_text_of_a_crisis_is_never_markup() -> None:
    """Names and places stand in drawings letter by letter, whatever markup they seem to hold."""
    crisis = load_crisis("two-states")
    actor = next(iter(crisis.actors))
    evil = '<b onclick="x">Evil</b><script>alert(1)</script>'
    actors = {
        **crisis.actors,
        actor: crisis.actors[actor].model_copy(update={"name": evil}),
    }
    run = run_once(make_design(crisis.model_copy(update={"actors": actors}), replicates=1), 0)
    drawings = [
        draw_timeline(run),
        draw_ladder(run),
        draw_alliances(run, 0.0, {}),
        draw_clocks(run, 1.0),
        story_picture(run),
    ]
    text = json.dumps(drawings, ensure_ascii=False)
    assert plain(evil.split("<script>", maxsplit=1)[0]).split()[0] in text
    assert "<script" not in text and "<b onclick" not in text
    assert "<script>alert" not in render(story_page(run, "run 0 of seed 0"))


def test_lanes_are_of_those_who_act() -> None:
    """The crisis has the first lane, then everyone who did something, in the file's order."""
    run = told(0)
    lanes = lanes_of(run)
    assert lanes[0] == "crisis"
    order = list(run.crisis.actors)
    assert lanes[1:] == sorted(lanes[1:], key=order.index)
    assert set(lanes[1:]) == {event.actor for event in run.ledger} & set(order)
