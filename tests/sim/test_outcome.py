"""Outcomes, read off ledgers written by hand: what counts, for whom, and how a run is called."""

from __future__ import annotations

import pytest

from agents.event import Event, Kind
from agents.rules import ladder
from sim import OUTCOMES, Outcome, load_crisis
from sim.outcome import summarize
from tests.conftest import MakeCrisis
from tests.support import BEFORE, finished, of, runs

CRISIS = load_crisis("two-states")


class Ledger(list[Event]):
    """A ledger of two-states that begins with its shelling."""

    def __init__(self) -> None:
        super().__init__()
        self.tell(Kind.START, "south", "north", label="shelling")
        self.tell(
            Kind.IMPACT, "south", "north", rung=7, cause=0,
            wave=0, deaths=3, civilian_deaths=0, injuries=9,
        )  # fmt: skip

    def tell(
        self,
        kind: Kind,
        actor: str = "",
        target: str = "",
        *,
        at: float = 0.0,
        rung: int | None = None,
        label: str = "",
        cause: int | None = 0,
        **values: float,
    ) -> int:
        """Append an event and return its id."""
        event = Event(len(self), at, kind, actor, target, "", rung, values, label, cause)
        self.append(event)
        return event.id

    def strike(self, actor: str, target: str, rung: int, at: float, **values: float) -> int:
        """Append a launch and its impact; return the id of the launch."""
        launch = self.tell(Kind.LAUNCH, actor, target, rung=rung, at=at)
        losses = {"wave": 0.0, "deaths": 0.0, "civilian_deaths": 0.0, "injuries": 0.0, **values}
        impact = self.tell(Kind.IMPACT, actor, target, rung=rung, at=at, cause=launch)
        self[impact] = self[impact]._replace(values=losses)
        return launch

    def quiet(self, since: float = 100.0) -> None:
        """Let the crisis be quiet."""
        self.tell(Kind.QUIET, at=since + 336.0, since_h=since)

    def outcome(self) -> Outcome:
        """Return the record of the run."""
        return summarize(self, CRISIS, "shelling")


def test_never_answered_is_absorbed() -> None:
    """Without force in answer the trigger is absorbed, whatever was said or shown."""
    ledger = Ledger()
    ledger.tell(Kind.MEASURE, "north", "south", rung=ladder.SHOW_OF_FORCE, at=30.0)
    ledger.quiet()
    outcome = ledger.outcome()
    assert outcome.outcome == "absorbed"
    assert (outcome.first_response, outcome.first_response_latency_h) == ("show_of_force", 30.0)
    assert outcome.exchanges == 0


@pytest.mark.parametrize("rung", [4, 6, 7])
def test_a_limited_answer_and_quiet_is_an_off_ramp(rung: int) -> None:
    """At least one limited answer, then quiet."""
    ledger = Ledger()
    ledger.strike("north", "south", rung, 50.0)
    assert ledger.outcome().outcome == "tit_for_tat"
    ledger.quiet()
    outcome = ledger.outcome()
    assert (outcome.outcome, outcome.time_to_quiet_h) == ("off_ramp", 100.0)
    assert (outcome.first_response, outcome.peak_rung) == (ladder.RUNG_NAMES[rung], rung)


def test_quiet_that_did_not_last_is_no_off_ramp() -> None:
    """A crisis that came back is tit for tat until it is quiet again."""
    ledger = Ledger()
    ledger.strike("north", "south", 6, 50.0)
    ledger.quiet(51.0)
    ledger.tell(Kind.REOPENED, "south", "north", at=500.0)
    outcome = ledger.outcome()
    assert (outcome.outcome, outcome.time_to_quiet_h, outcome.reopened) == ("tit_for_tat", None, 1)
    ledger.quiet(600.0)
    assert ledger.outcome().outcome == "off_ramp"


@pytest.mark.parametrize("rung", [8, 9])
def test_overmatch_and_cities_are_escalation(rung: int) -> None:
    """Rung 8 or 9 after the trigger is an escalation, quiet or not."""
    ledger = Ledger()
    ledger.strike("north", "south", 6, 50.0)
    ledger.strike("south", "north", rung, 90.0)
    ledger.quiet()
    assert ledger.outcome().outcome == "escalation"


def test_two_at_war_is_war_and_three_is_regional() -> None:
    """War goes before everything else; a third state at war makes it regional."""
    ledger = Ledger()
    ledger.strike("north", "south", 9, 50.0)
    ledger.tell(Kind.WAR, "north", "south", rung=10, at=60.0)
    outcome = ledger.outcome()
    assert (outcome.outcome, outcome.peak_rung) == ("war", 10)
    ledger.tell(Kind.JOIN, "island", "south", at=80.0)
    outcome = ledger.outcome()
    assert (outcome.outcome, outcome.allies_joined) == ("regional_war", 1)


def test_a_proxy_on_its_own_is_no_answer_and_an_ordered_one_is() -> None:
    """What a proxy does unasked answers nothing; on its patron's order it is the patron's act."""
    ledger = Ledger()
    ledger.tell(Kind.DECISION, "island", "south", label="unasked", rung=5, cause=None)
    ledger.strike("island", "south", ladder.PROXY, 20.0)
    ledger.quiet()
    outcome = ledger.outcome()
    assert (outcome.outcome, outcome.proxy_attacks, outcome.exchanges) == ("absorbed", 1, 0)
    obeys = ledger.tell(Kind.OBEDIENCE, "island", "north", label="strike", obeys=1.0)
    ledger.tell(Kind.LAUNCH, "island", "south", rung=ladder.PROXY, at=70.0, cause=obeys)
    outcome = ledger.outcome()
    assert (outcome.outcome, outcome.proxy_attacks, outcome.exchanges) == ("off_ramp", 2, 1)
    assert (outcome.first_response, outcome.first_response_latency_h) == ("proxy", 70.0)


def test_deaths_are_counted_by_side_and_status() -> None:
    """Who struck first is the initiator; bystanders and third parties are others."""
    ledger = Ledger()
    ledger.strike("north", "south", 7, 50.0, deaths=5.0, civilian_deaths=2.0, injuries=4.0)
    ledger.tell(Kind.ACCIDENT, "south", bystanders=80.0, at=51.0)
    ledger.tell(Kind.ACCIDENT, "north", "south", civilian_deaths=6.0, at=51.0)
    ledger.strike("north", "island", 8, 60.0, deaths=1.0, civilian_deaths=1.0)
    outcome = ledger.outcome()
    assert outcome.deaths == 3 + 7 + 80 + 6 + 2
    assert (outcome.target_military_deaths, outcome.target_civilian_deaths) == (3, 0)
    assert (outcome.initiator_military_deaths, outcome.initiator_civilian_deaths) == (5, 8)
    assert outcome.other_deaths == 82
    assert (outcome.target_injuries, outcome.initiator_injuries) == (9, 4)
    assert outcome.accidents == 2


def test_messages_and_warnings_in_time_and_late() -> None:
    """A message or a warning's last leg counts as in time or late; a relay on the way does not."""
    ledger = Ledger()
    ledger.tell(Kind.DELIVERY, "south", "north", label=Kind.MESSAGE, late=0.0, fidelity=0.9)
    ledger.tell(Kind.DELIVERY, "south", "north", label=Kind.MESSAGE, late=1.0, fidelity=0.9)
    ledger.tell(Kind.DELIVERY, "south", "island", label=Kind.WARNING)
    ledger.tell(Kind.DELIVERY, "island", "north", label=Kind.WARNING, late=1.0, final=1.0)
    ledger.tell(Kind.DELIVERY, "south", "north", label=Kind.WARNING, late=0.0, final=1.0)
    ledger.tell(Kind.MESSAGE_LOST, "south", "north", label=Kind.MESSAGE)
    outcome = ledger.outcome()
    assert (outcome.messages_in_time, outcome.messages_late, outcome.messages_lost) == (1, 1, 1)
    assert (outcome.warnings_in_time, outcome.warnings_late) == (1, 1)


def test_words_are_counted() -> None:
    """Threats, offers, recalls and hosts are counted as told; an offer is believed by half odds."""
    ledger = Ledger()
    for kind in (Kind.THREAT, Kind.THREAT, Kind.THREAT_KEPT, Kind.THREAT_DROPPED, Kind.RECALL):
        ledger.tell(kind, "south", "north")
    ledger.tell(Kind.CONCLUSION, "south", "north")
    ledger.tell(Kind.OFFER_ACCEPTED, "north", "south")
    ledger.tell(Kind.DECISION, "north", "south", rung=0, offered=1.0, belief_concluded=0.5)
    ledger.tell(Kind.DECISION, "north", "south", rung=0, offered=1.0, belief_concluded=0.49)
    ledger.tell(Kind.DECISION, "north", "south", rung=0, offered=0.0, belief_concluded=0.9)
    ledger.tell(Kind.CONSENT, "island", "north", label="restricted")
    ledger.tell(Kind.CONSENT, "island", "north", label="withdrawn")
    outcome = ledger.outcome()
    assert (outcome.threats_made, outcome.threats_kept, outcome.threats_dropped) == (2, 1, 1)
    assert (outcome.offers_made, outcome.offers_believed, outcome.offers_accepted) == (1, 1, 1)
    assert (outcome.recalls, outcome.hosts_lost) == (1, 1)


def test_severity_and_thresholds_follow_the_ladder() -> None:
    """Severity adds up the scores of all acts; thresholds are those below the peak."""
    ledger = Ledger()
    ledger.strike("north", "south", 6, 50.0)
    ledger.tell(Kind.MEASURE, "south", "north", rung=2, at=60.0)
    outcome = ledger.outcome()
    assert outcome.rivera_severity == ladder.rivera_severity(6) + ladder.rivera_severity(2)
    assert outcome.kahn_thresholds == ladder.kahn_thresholds(6)


def test_what_came_before_the_start_is_not_counted(make_crisis: MakeCrisis) -> None:
    """Deaths of pinned history are no part of the run's record."""
    skirmish = BEFORE.format(
        label="skirmish", kind="strike", day=27, actor="south",
        fields='victim = "north"\nplace = "north-fort"\nrung = 7\n'
        'target_class = "military"\ndeaths = 40',
    )  # fmt: skip
    model = finished(make_crisis(history=skirmish))
    past, *free = of(model, Kind.IMPACT, Kind.ACCIDENT)
    assert (past.time, past.values["deaths"]) == (-48.0, 40)
    lethal = ("deaths", "civilian_deaths", "bystanders")
    assert model.outcome().deaths == sum(e.values.get(name, 0) for e in free for name in lethal)


def test_scripted_answers_to_the_trigger_count() -> None:
    """From al-Asad on, Iran's calibrated strike has answered: the crisis cannot be absorbed."""
    found = {model.outcome().outcome for model in runs("january-2020", 12, start="al-asad")}
    assert "absorbed" not in found


def test_every_run_has_one_of_the_outcomes() -> None:
    """Whatever happens, a run is called by one of the six names and its columns are plain."""
    for model in runs(replicates=15):
        outcome = model.outcome()
        assert outcome.outcome in OUTCOMES
        assert all(value is None or type(value) in (str, int, float) for value in outcome)
