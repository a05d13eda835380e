"""The script: history is replayed as it happened, and from the start strike on nothing is given."""

from __future__ import annotations

import pytest

from agents.event import Kind
from agents.rules import harm
from sim import CrisisModel, InputError, load_crisis, shipped_crises
from sim.contract import DECIDED
from sim.crisis import Strike
from tests.conftest import MakeCrisis
from tests.support import BEFORE, of, runs, state

CASE = load_crisis("january-2020")
STRIKES = [entry.label for entry in CASE.script if isinstance(entry, Strike)]


@pytest.mark.parametrize("start", STRIKES)
def test_history_is_pinned(start: str) -> None:
    """Before the start the script's own events happen at their hours, and nobody decides."""
    at = [entry.label for entry in CASE.script].index(start)
    for model in runs(CASE, 3, start=start):
        told = of(model, Kind.SCRIPT, Kind.START)
        assert [e.label for e in told] == [entry.label for entry in CASE.script[: at + 1]]
        for event, entry in zip(told, CASE.script, strict=False):
            assert event.time == pytest.approx(CASE.hours(entry.time, start))
            assert event.actor == entry.actor
        begin = of(model, Kind.START)[0]
        past = model.ledger[: begin.id]
        assert begin.time == 0.0
        assert all(event.time <= 0.0 for event in past)
        assert not DECIDED & {event.kind for event in past}


@pytest.mark.parametrize("start", STRIKES)
def test_history_is_the_same_in_every_run(start: str) -> None:
    """Whatever the luck, history strikes, kills and speaks alike; its reports take their time."""
    given = (
        Kind.SCRIPT,
        Kind.START,
        Kind.IMPACT,
        Kind.VOW,
        Kind.THREAT,
        Kind.CONSENT,
        Kind.CHANNEL,
    )

    def past(model: CrisisModel) -> list[tuple[object, ...]]:
        return [
            (e.kind, e.time, e.actor, e.target, e.rung, dict(e.values))
            for e in of(model, *given)
            if e.time <= 0.0
        ]

    first, *others = (CrisisModel(crisis=CASE, start=start, replicate=k) for k in range(4))
    assert all(past(model) == past(first) for model in others)


def test_scripted_strikes_kill_whom_they_killed() -> None:
    """A scripted strike lands with its own numbers: no draw decides its dead."""
    model = CrisisModel(crisis=CASE, start="al-asad", lethality=10.0, injury_rate=10.0)
    landed = of(model, Kind.IMPACT)
    strikes = [entry for entry in CASE.script if isinstance(entry, Strike)]
    assert len(landed) == len(strikes)
    for event, entry in zip(landed, strikes, strict=True):
        assert event.values["deaths"] == entry.deaths
        assert event.values["civilian_deaths"] == entry.civilian_deaths
        assert event.values["injuries"] == entry.injuries
        assert event.values["warning_lead_h"] == entry.warning_lead_h


def test_only_the_last_strikes_are_free_of_later_script() -> None:
    """Nothing of the script after the start happens by itself."""
    for name in shipped_crises():
        crisis = load_crisis(name)
        later = {e.label for e in crisis.script if e.time > crisis.event(crisis.default_start).time}
        for model in runs(crisis, 3):
            assert not later & {event.label for event in model.ledger}


def test_a_start_must_be_a_strike_of_the_script() -> None:
    """A start that is no strike, or unknown, is refused with the nearest label."""
    with pytest.raises(InputError, match="'iran-vow' is not a strike of its script"):
        CrisisModel(crisis=CASE, start="iran-vow")
    with pytest.raises(InputError, match="did you mean 'al-asad'"):
        CrisisModel(crisis=CASE, start="al-assad")


def test_history_leaves_grievances_and_commitments() -> None:
    """From al-Asad on, both sides carry what was done and said before: grievance, vow, threat."""
    model = CrisisModel(crisis=CASE, start="al-asad")
    iran, usa = state(model, "iran"), state(model, "usa")
    assert iran.dyad("usa").grievance(0.0) >= 0.0
    assert usa.dyad("iran").provocation is not None
    assert usa.dyad("iran").threat == CASE.event("us-threat").rung
    assert of(model, Kind.CONSENT)[0].label == "restricted"
    assert model.world.graph.consent("iraq", "usa") == "restricted"


def test_an_answer_in_history_is_credited(make_crisis: MakeCrisis) -> None:
    """A scripted strike settles grievance of its own side."""
    shelling = BEFORE.format(
        label="first", kind="strike", day=20, actor="south",
        fields='victim = "north"\nplace = "north-fort"\nrung = 7\n'
        'target_class = "military"\ndeaths = 9',
    )  # fmt: skip
    reply = BEFORE.format(
        label="reply", kind="strike", day=22, actor="north",
        fields='victim = "south"\nplace = "south-harbour"\nrung = 6\n'
        'target_class = "military"\nafter = "first"',
    )  # fmt: skip
    alone, answered = (
        CrisisModel(crisis=make_crisis(history=history)) for history in (shelling, shelling + reply)
    )
    held = [state(model, "north").dyad("south").grievance(0.0) for model in (alone, answered)]
    assert held[1] < held[0]


@pytest.mark.parametrize(
    ("kind", "rung", "attribute"), [("vow", 6, "vow"), ("threat", 8, "threat")]
)
def test_scripted_words_bind(make_crisis: MakeCrisis, kind: str, rung: int, attribute: str) -> None:
    """A scripted vow or threat binds its speaker to its rung; its target knows of a threat."""
    words = BEFORE.format(
        label="words", kind=kind, day=20, actor="north", fields=f'target = "south"\nrung = {rung}'
    )
    model = CrisisModel(crisis=make_crisis(history=words))
    north, south = state(model, "north"), state(model, "south")
    assert getattr(north.dyad("south"), attribute) == rung
    assert south.dyad("north").threatened == (rung if kind == "threat" else 0)


def test_scripted_restraint_is_heard(make_crisis: MakeCrisis) -> None:
    """A scripted private message travels by the channels and moves its receiver's belief."""
    note = BEFORE.format(
        label="note", kind="message", day=20, actor="south", fields='target = "north"'
    )
    crisis = make_crisis(
        history=note, changes={"willingness = { value = 0.9,": "willingness = { value = 1,"}
    )
    silent = CrisisModel(crisis="two-states")
    model = CrisisModel(crisis=crisis)
    sent, arrived = of(model, Kind.MESSAGE)[0], of(model, Kind.DELIVERY)[0]
    assert sent.time == -9 * 24.0 < arrived.time < 0.0
    assert arrived.cause == sent.id
    believed = [state(m, "north").dyad("south").concluded for m in (silent, model)]
    assert believed[1] > believed[0]


def test_a_scripted_measure_settles_and_is_felt(make_crisis: MakeCrisis) -> None:
    """A scripted measure settles grievance of its own side and is resented, as a free one is."""
    strike = BEFORE.format(
        label="first", kind="strike", day=20, actor="south",
        fields='victim = "north"\nplace = "north-fort"\nrung = 7\n'
        'target_class = "military"\ndeaths = 9',
    )  # fmt: skip
    answer, insult = (
        BEFORE.format(
            label="sanctions", kind="measure", day=25, actor=actor,
            fields=f'target = "{target}"\nrung = 2',
        )
        for actor, target in (("north", "south"), ("south", "north"))
    )  # fmt: skip
    held = []
    for history in (strike, strike + answer, strike + insult):
        model = CrisisModel(crisis=make_crisis(history=history))
        held.append(state(model, "north").dyad("south").grievance(0.0))
    assert 0.0 < held[1] < held[0]
    assert held[2] == pytest.approx(held[0] + harm.BASE_HARM[2], abs=0.1)
