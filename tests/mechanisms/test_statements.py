"""What the model must reproduce: statements about ensembles of runs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

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
)


def test_january_2020_the_first_answer() -> None:
    """From the first strike, Iran mostly answers by a calibrated or proportional overt strike."""
    runs = ensemble("soleimani", {}, 140)
    assert share(responds("calibrated", "proportional"), runs) > 0.5
    latencies = sorted(
        run.outcome.first_response_latency_h
        for run in runs
        if run.outcome.first_response_latency_h is not None
    )
    assert 60.0 <= latencies[len(latencies) // 2] <= 200.0


def test_january_2020_the_off_ramp() -> None:
    """From al-Asad the off-ramp is the commonest ending without deaths and rare with thirty."""
    without = ensemble("al-asad", {}, 140)
    counts = {name: share(ends(name), without) for name in {run.outcome.outcome for run in without}}
    assert max(counts, key=lambda name: counts[name]) == "off_ramp"
    assert share(ends("off_ramp"), ensemble("al-asad", {"al-asad.deaths": 30}, 140)) < 1 / 3


def test_statement_01_precision_takes_choice_from_chance_to_the_best() -> None:
    """At precision 0 every option on the menu is as likely; at a high one the best is chosen."""
    for precision, check in ((0.0, _uniform), (1000.0, _best)):
        for run in ensemble("soleimani", {"choice_precision": precision, "stress": 0.0}, 20):
            for event in run.ledger:
                if event.kind == "decision" and "precision" in event.values:
                    check(event.values, event.label)


def _uniform(values: Mapping[str, float], _chosen: str) -> None:
    shares = [value for key, value in values.items() if key.endswith(".probability")]
    assert max(shares) == pytest.approx(min(shares))


def _best(values: Mapping[str, float], chosen: str) -> None:
    utilities = {k.split(".")[0]: v for k, v in values.items() if k.endswith(".utility")}
    assert utilities[chosen] >= max(utilities.values()) - 0.02


def test_statement_02_talk_without_an_audience_moves_nothing() -> None:
    """If Iran's audience would punish nothing, its public conclusion leaves US belief as it was."""
    mute = {"iran.audience_cost": 0.0}
    believed = at_decision("usa", "iran", "belief_concluded")
    spoken = ensemble("al-asad", mute, 100)
    weightless = ensemble("al-asad", {**mute, "statement_weight": 0.0}, 100)
    assert [believed(run) for run in spoken] == [believed(run) for run in weightless]


def test_statement_03_audience_costs_bind() -> None:
    """Higher own audience cost: fewer threats dropped of those that fall due."""
    effect = paired(
        "al-asad",
        {"al-asad.deaths": 2, "audience_cost": 0.5},
        {"audience_cost": 3.0},
        column("threats_dropped"),
        runs=140,
    )
    assert effect.high < 0.0


def test_statement_03_no_bluff_is_free() -> None:
    """The more a bluff costs at home, the fewer threats are made."""
    effect = paired(
        "soleimani",
        {"audience_cost": 0.2, "threat_credibility": 0.3},
        {"audience_cost": 3.0},
        column("threats_made"),
        runs=140,
    )
    assert effect.high < 0.0


def test_statement_04_the_first_death_is_not_a_cliff() -> None:
    """The share of answers by force rises with deaths along a slope."""
    shares = [
        share(by_force, ensemble("al-asad", {"al-asad.deaths": deaths}, 120))
        for deaths in (0, 1, 2, 5, 30)
    ]
    assert shares == sorted(shares)
    assert shares[1] - shares[0] < 0.5 * (shares[-1] - shares[0])


def test_statement_05_crews_and_certainty() -> None:
    """A loss with a crew is answered more than one without, a certain author more."""
    assert paired("al-asad", {}, {"al-asad.deaths": 2}, by_force).low > 0.0
    believed_guilty = paired(
        "k1-rockets",
        {"usa.identification": 0.95, "attribution_capability": 1.6},
        {"usa.identification": 0.05},
        at_decision("usa", "iran", "grievance"),
    )
    assert believed_guilty.high < 0.0


def test_statement_06_spirals_need_gain() -> None:
    """Sides that feel and want double exchange more blows than sides that feel and want half."""
    halved = {"iran.perception_gain": 0.5, "usa.perception_gain": 0.5}
    doubled = {"iran.perception_gain": 2.0, "usa.perception_gain": 2.0}
    assert paired("soleimani", halved, doubled, column("exchanges")).low > 0.0


def test_statement_07_credibility_is_reported_not_forced() -> None:
    """What credibility does is reported in docs/odd.md, whatever its direction.

    Asserted here is only that belief in threats matters, and that no level of it makes the off-ramp
    rare.
    """
    levels = [
        ensemble("soleimani", {"threat_credibility": level}, 100) for level in (0.0, 0.5, 1.0)
    ]
    calibrated = [share(responds("calibrated"), runs) for runs in levels]
    assert max(calibrated) - min(calibrated) > 0.05
    assert all(share(ends("off_ramp"), runs) > 0.5 for runs in levels)


def test_statement_08_faster_channels_reach_a_plateau() -> None:
    """Once messages beat deliberation, more speed adds nothing; slower ones come too late."""
    believed = at_decision("usa", "iran", "belief_concluded")
    means = [
        share(believed, ensemble("al-asad", {"channel_latency": factor}, 120))
        for factor in (0.01, 0.1, 1.0, 100.0)
    ]
    assert abs(means[1] - means[0]) < 0.01
    assert means[1] - means[3] > 5 * abs(means[1] - means[0])
    assert means[3] < means[2]


def test_statement_10_late_injuries_rarely_reopen() -> None:
    """Injuries that surface once the crisis is quiet re-open it in few runs."""
    runs = [run for run in ensemble("al-asad", {}, 140) if run.outcome.time_to_quiet_h is not None]
    assert sum(run.outcome.initiator_injuries > 50 for run in runs) > 70
    assert sum(_reopened_by_injuries(run) for run in runs) < 0.1 * len(runs)


def _reopened_by_injuries(run: Run) -> bool:
    """Return whether a re-opening goes back to injuries that surfaced after the quiet."""
    for event in run.ledger:
        if event.kind != "reopened":
            continue
        cause = event.cause
        while cause is not None:
            if run.ledger[cause].kind == "injuries":
                return True
            cause = run.ledger[cause].cause
    return False
