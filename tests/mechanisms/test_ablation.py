"""Each of the twenty systems of the defining case matters: off or turned round, runs change.

Every test compares two ensembles on the same luck and asserts that the 95 % interval of the paired
difference lies on the side that the system's row says.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from agents.event import Kind
from sim import CrisisModel, load_crisis
from sim.crisis import Crisis
from tests.mechanisms.paired import (
    Run,
    at_decision,
    by_force,
    column,
    ends,
    ensemble,
    paired,
    responds,
    share,
    struck_outside_iraq,
    unassessed,
)

GULF_SOFTER = {
    **{f"place.{base}.vulnerability": 0.5 for base in ("k1", "al-asad", "erbil", "balad")},
    **{f"place.{base}.vulnerability": 0.3 for base in ("al-dhafra", "al-udeid", "arifjan")},
}
"""Bases in the Gulf made less deadly to strike than those in Iraq."""


def test_row_01_a_strike_compels_an_answer() -> None:
    """Without honour, the struck state answers by force less often."""
    assert paired("soleimani", {}, {"honour": 0.0}, by_force).high < 0.0


def test_row_02_the_response_is_tailored() -> None:
    """With no precision of choice, the calibrated answer is one of many."""
    effect = paired("soleimani", {}, {"choice_precision": 0.0}, responds("calibrated"))
    assert effect.high < 0.0
    assert effect.changed < 0.25


def test_row_03_matching_makes_the_overt_answer_enough() -> None:
    """Without commensurability, fewer answers are overt strikes by own forces."""
    effect = paired(
        "soleimani",
        {"commensurability": 1.5},
        {"commensurability": 0.0},
        responds("calibrated", "proportional"),
    )
    assert effect.high < 0.0


def test_row_03_matching_keeps_the_answer_on_the_same_soil() -> None:
    """Where bases elsewhere are safer to strike, only commensurability keeps the answer in Iraq."""
    base = {**GULF_SOFTER, "coalition": 0.0, "commensurability": 1.0}
    effect = paired("soleimani", base, {"commensurability": 0.0}, struck_outside_iraq)
    assert effect.low > 0.0


def test_row_04_deniable_acts_display_less() -> None:
    """If deniable acts were credited like overt ones, more answers would be deniable."""
    effect = paired("soleimani", {}, {"deniable_display": 2.5}, responds("covert", "proxy"))
    assert effect.low > 0.0


def test_row_05_deaths_compel_a_further_answer() -> None:
    """Thirty dead at the base make the US answer by force, and the off-ramp rare."""
    assert paired("al-asad", {}, {"al-asad.deaths": 30}, by_force).low > 0.5
    assert paired("al-asad", {}, {"al-asad.deaths": 30}, ends("off_ramp")).high < -0.3


def test_row_05_deaths_act_through_harm() -> None:
    """If deaths added no harm, thirty of them would compel fewer answers."""
    base = {"al-asad.deaths": 30}
    assert paired("al-asad", base, {"casualty_harm": 0.0}, by_force).high < 0.0


def test_row_06_harm_that_stays_small_tells_of_intent() -> None:
    """Without inference from harm, a strike without deaths is held concluded less, and answered."""
    off = {"harm_inference": 0.0}
    believed = at_decision("usa", "iran", "belief_concluded")
    assert paired("al-asad", {}, off, believed).high < 0.0
    assert paired("al-asad", {}, off, by_force).low > 0.0


def test_row_07_decisions_outrun_assessment() -> None:
    """Slower assessment means decisions under unassessed harm, and more answers by force."""
    slow = {"assessment_latency": 4.0}
    assert paired("al-asad", {}, slow, unassessed).low > 0.0
    assert paired("al-asad", {}, slow, by_force).low > 0.0


def test_row_08_public_conclusions_move_belief() -> None:
    """If public statements weighed nothing, the US would hold Iran less concluded."""
    believed = at_decision("usa", "iran", "belief_concluded")
    assert paired("al-asad", {}, {"statement_weight": 0.0}, believed).high < 0.0


def test_row_09_credible_threats_favour_the_calibrated_answer() -> None:
    """A threat that is believed moves Iran's answer to the calibrated strike."""
    base = {"threat_credibility": 0.1}
    effect = paired("soleimani", base, {"threat_credibility": 0.9}, responds("calibrated"))
    assert effect.low > 0.0


def test_row_10_pledge_and_disposition_pull_apart() -> None:
    """A pledge to leave wars restrains, a taste for force unleashes."""
    assert paired("al-asad", {"pledge": 0.0}, {"pledge": 3.0}, by_force).high < 0.0
    assert paired("al-asad", {}, {"usa.disposition": 0.6}, by_force).low > 0.0


def test_row_10_an_election_raises_the_price_of_backing_down() -> None:
    """Six weeks before an election, two deaths are answered by force more often."""
    base = {"al-asad.deaths": 2, "usa.election_in": 40}
    assert paired("al-asad", base, {"election": 0.0}, by_force).high < 0.0


def test_row_11_hawks_and_doves_punish_different_things() -> None:
    """More hawks mean more answers by force, no doves likewise."""
    base = {"al-asad.deaths": 2}
    assert paired("al-asad", base, {"usa.hawk_share": 0.9}, by_force).low > 0.0
    assert paired("al-asad", base, {"usa.dove_share": 0.0}, by_force, runs=140).low > 0.0


def test_row_12_hosts_restrict_their_guests() -> None:
    """Hosts that mind the strikes on their soil more withdraw their consent more often."""
    effect = paired("soleimani", {}, {"host_sensitivity": 3.0}, column("hosts_lost"))
    assert effect.low > 0.0


def test_row_13_allies_are_drawn_in() -> None:
    """If allies never joined, wars would stay between two states."""
    base = {"inadvertent_war": 4.0, "war_cost": 0.0}
    effect = paired("soleimani", base, {"ally_entrapment": 0.0}, ends("regional_war"))
    assert effect.high < 0.0
    assert effect.changed == 0.0


def test_row_13_allies_at_risk_restrain() -> None:
    """Heeding hosts and allies, a state answers by force less, and off third parties' soil."""
    base = {"al-asad.deaths": 2, "coalition": 5.0}
    assert paired("al-asad", base, {"coalition": 0.0}, by_force, runs=140).low > 0.0
    base = {**GULF_SOFTER, "commensurability": 0.0}
    assert paired("soleimani", base, {"coalition": 0.0}, struck_outside_iraq).low > 0.0


def test_row_14_proxies_off_the_leash_attack_more() -> None:
    """The less proxies obey, the more attacks of their own they make."""
    effect = paired("soleimani", {}, {"proxy_obedience": 0.2}, column("proxy_attacks"))
    assert effect.low > 0.0


def test_row_15_without_channels_fewer_off_ramps() -> None:
    """With every channel shut no message arrives, and deaths at the base are answered more."""
    shut = {"channel_willingness": 0.0}
    one, four = {"al-asad.deaths": 1}, {"al-asad.deaths": 4}
    assert share(column("messages_in_time"), ensemble("al-asad", one | shut)) == 0.0
    assert paired("al-asad", one, shut, by_force).low > 0.0
    assert paired("al-asad", four, shut, ends("off_ramp"), runs=140).high < 0.0


def test_row_16_mediators_let_leaders_save_face() -> None:
    """The more face a mediator saves, the fewer answers by force."""
    base = {"mediation_face": 0.0, "al-asad.deaths": 1}
    effect = paired("al-asad", base, {"mediation_face": 4.0}, by_force, runs=140)
    assert effect.high < 0.0


def test_row_16_slow_intermediaries_leave_doubt() -> None:
    """When messages take a hundred times as long, the US decides in more doubt."""
    believed = at_decision("usa", "iran", "belief_concluded")
    base = {"channel_latency": 0.1}
    assert paired("al-asad", base, {"channel_latency": 100.0}, believed).high < 0.0


def _with_channel_event(crisis: Crisis, status: str) -> Crisis:
    """Return the crisis with one more event an hour before al-Asad: the Swiss line changes."""
    strike = crisis.event("al-asad")
    visa = next(entry for entry in crisis.script if entry.kind == "channel")
    change = visa.model_copy(
        update={
            "label": "line-changes",
            "time": strike.time - timedelta(hours=1),
            "actor": "switzerland",
            "target": "iran",
            "status": status,
            "after": None,
        }
    )
    at = crisis.script.index(strike)
    script = (*crisis.script[:at], change, *crisis.script[at:])
    channels = tuple(
        channel.model_copy(update={"open": channel.between == ("usa", "switzerland")})
        if "iran" in channel.between or "usa" in channel.between
        else channel
        for channel in crisis.channels
    )
    return crisis.model_copy(update={"script": script, "channels": channels})


def test_row_17_events_open_and_close_channels() -> None:
    """With one line left, an event that opens it lets messages through, one that shuts it none."""
    crisis = load_crisis("january-2020")
    arrived = {}
    for status in ("open", "closed"):
        changed = _with_channel_event(crisis, status)
        outcomes = [
            CrisisModel(crisis=changed, start="al-asad", replicate=k, rng=7).run_to_end()
            for k in range(40)
        ]
        arrived[status] = sum(outcome.messages_in_time for outcome in outcomes)
    assert arrived["closed"] == 0
    assert arrived["open"] > 10


def test_row_18_exchanges_can_slide_into_war() -> None:
    """Where no risk is feared, risky exchanges end in war; thin skins exchange more blows.

    The risk is feared too: at the shipped cost of war a greater one makes sides more careful, and
    the share of wars hardly moves.
    """
    war, fearless = ends("war", "regional_war"), {"inadvertent_war": 0.0, "war_cost": 0.0}
    assert paired("soleimani", fearless, {"inadvertent_war": 2.0}, war).low > 0.0
    thin = {"usa.perception_gain": 2.0, "iran.perception_gain": 2.0}
    assert paired("soleimani", {}, thin, column("exchanges")).low > 0.0


def test_row_19_a_settled_score_is_worth_keeping() -> None:
    """If closing the crisis saved no face, more leaders would strike on."""
    assert paired("al-asad", {}, {"face_value": 0.0}, by_force).low > 0.0


def test_row_20_announced_hours_slow_the_clock() -> None:
    """Waiting for an announced hour lengthens the answer and leaves less harm unassessed."""
    base = {"announced_statement": 0.0}
    fixed = {"announced_statement": 1.0}
    latency = column("first_response_latency_h")
    assert paired("al-asad", base, fixed, latency).low > 0.0
    assert paired("al-asad", base, fixed, unassessed).high < 0.0


def test_every_row_has_its_ablation() -> None:
    """All twenty rows are tested here."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f"test_row_{row:02d}_" in text for row in range(1, 21))


def test_traces_tell_of_every_mechanism() -> None:
    """Over an ensemble, every kind of event of the vocabulary occurs."""
    seen: set[str] = set()
    runs: list[Run] = [
        *ensemble("soleimani", {}, 80),
        *ensemble("al-asad", {"al-asad.deaths": 30}, 80),
        *ensemble("soleimani", {"deniable_display": 2.5}, 80),
        *ensemble(None, {"deniable_display": 4.0, "south.collusion": 1.0}, 50, "two-states"),
        *ensemble("soleimani", {"host_sensitivity": 3.0}, 80),
        *ensemble("soleimani", {"inadvertent_war": 5.0}, 80),
    ]
    for run in runs:
        seen.update(event.kind for event in run.ledger)
    assert set(Kind) - seen == set()
