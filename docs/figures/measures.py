"""What the figures in docs/odd.md are measured with: runs with their events, constants swapped."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import agents.desk
from agents.appraisal import Appraisal, weigh
from agents.event import Event, Kind
from agents.menu import options
from agents.rules import choice, conduct, harm, ladder
from agents.situation import survey
from experiments.designs.design import make_design
from experiments.executors.dispatch import run_design
from experiments.statistics import wilson
from sim.crisis_file import load_crisis
from sim.outcome import Outcome

CASE = "january-2020"
ROOT = Path(__file__).resolve().parents[2]
FORCE = frozenset(ladder.RUNG_NAMES[ladder.FORCE :])
"""First responses by force."""
RUNS = 200
WIDTH = "92"
"""Columns of a terminal in the documents."""


class Run(NamedTuple):
    """One run with its events."""

    outcome: Outcome
    events: tuple[Event, ...]


def ensemble(start: str = "al-asad", runs: int = RUNS, **settings: float) -> list[Run]:
    """Return runs of the case; in the names of settings, "__" stands for a point."""
    fixed = tuple((key.replace("__", "."), float(value)) for key, value in settings.items())
    fixed = tuple((key.replace("al_asad", "al-asad"), value) for key, value in fixed)
    design = make_design(load_crisis(CASE), start=start, replicates=runs, fixed=fixed)
    found = run_design(design, keep_events=True)  # in this process, where the events stay
    return [Run(run.outcome, run.events) for run in found if run.outcome is not None]


def _by_force(runs: list[Run]) -> float:
    return mean(run.outcome.first_response in FORCE for run in runs)


def _column(runs: list[Run], name: str) -> float:
    return mean(float(getattr(run.outcome, name) or 0.0) for run in runs)


def _decisions(run: Run) -> Iterator[Event]:
    return (e for e in run.events if e.kind == Kind.DECISION and "precision" in e.values)


def _at_decision(runs: list[Run], name: str) -> float:
    """Return a value's mean at the first US decision about Iran, 0 where there is none."""
    firsts = (
        next((e for e in _decisions(run) if (e.actor, e.target) == ("usa", "iran")), None)
        for run in runs
    )
    return mean(0.0 if event is None else event.values[name] for event in firsts)


def _best_chosen(runs: list[Run]) -> float:
    """Return the share of decisions that fell on the option of the highest utility."""
    hits = []
    for run in runs:
        for event in _decisions(run):
            menu = {k: v for k, v in event.values.items() if k.endswith(".utility")}
            hits.append(menu[f"{event.label}.utility"] == max(menu.values()))
    return mean(hits)


def _goes_back_to_injuries(run: Run) -> bool:
    for event in run.events:
        link = event
        while event.kind == Kind.REOPENED and link.cause is not None:
            link = run.events[link.cause]
            if link.kind == Kind.INJURIES:
                return True
    return False


# The ten statements


def _percent(share: float, digits: int = 0) -> str:
    return f"{100.0 * share:.{digits}f} %"


def _precision() -> str:
    shares = [
        _best_chosen(ensemble("soleimani", choice_precision=level, stress=0.0))
        for level in (0.0, 3.0, 1000.0)
    ]
    low, usual, high = map(_percent, shares)
    return f"best option taken in {low}, {usual} and {high} of decisions at λ = 0, 3 and 1000"


def _talk() -> str:
    believed = {
        (cost, weight): _at_decision(
            ensemble(iran__audience_cost=cost, statement_weight=weight), "belief_concluded"
        )
        for cost in (0.0, 0.6)
        for weight in (0.0, 1.0)
    }
    gain = [believed[cost, 1.0] - believed[cost, 0.0] for cost in (0.0, 0.6)]
    return (
        f"a public conclusion moves belief by {100 * gain[0]:.1f} points without an audience, "
        f"by {100 * gain[1]:.1f} with Iran's"
    )


def _audience() -> str:
    dropped = [
        _column(ensemble(al_asad__deaths=2, audience_cost=cost), "threats_dropped")
        for cost in (0.5, 3.0)
    ]
    made = [
        _column(ensemble("soleimani", threat_credibility=0.3, audience_cost=cost), "threats_made")
        for cost in (0.2, 3.0)
    ]
    return (
        f"threats dropped a run {dropped[0]:.2f} → {dropped[1]:.2f} as the cost rises 0.5 → 3; "
        f"threats made {made[0]:.2f} → {made[1]:.2f} as it rises 0.2 → 3"
    )


def _slope() -> str:
    levels = (0, 1, 2, 5, 30)
    shares = [_by_force(ensemble(al_asad__deaths=deaths)) for deaths in levels]
    told = ", ".join(map(_percent, shares))
    return f"answered by force: {told} at {', '.join(map(str, levels))} deaths"


def _certainty() -> str:
    skills = (0.95, 0.05)
    held = [
        _at_decision(
            ensemble("k1-rockets", usa__identification=skill, attribution_capability=1.6),
            "grievance",
        )
        for skill in skills
    ]
    return (
        f"grievance against the patron of a proxy attack: {held[0]:.2f} rungs where attribution "
        f"finds the right one in 95 %, {held[1]:.2f} where in 5 %"
    )


def _spiral() -> str:
    gains = (0.5, 1.0, 2.0)
    blows = [
        _column(
            ensemble("soleimani", usa__perception_gain=gain, iran__perception_gain=gain),
            "exchanges",
        )
        for gain in gains
    ]
    return "blows a run {:.1f}, {:.1f}, {:.1f} at gains 0.5, 1, 2 on both sides".format(*blows)


def _latency() -> str:
    factors = (0.01, 0.1, 1.0, 100.0)
    believed = [
        _at_decision(ensemble(channel_latency=factor), "belief_concluded") for factor in factors
    ]
    told = ", ".join(_percent(share, 1) for share in believed)
    return f"belief at the US decision: {told} at latencies of 0.01, 0.1, 1 and 100 times"


def _misattribution() -> str:
    pairs = [
        tuple(conduct.deterrence_by_attribution(capability, skill, 1) for capability in (1.0, 1.6))
        for skill in (0.9, 0.3)
    ]
    return (
        "capability 1 → 1.6 with one other suspect: deterrence {:.2f} → {:.2f} at skill 0.9, "
        "{:.2f} → {:.2f} at skill 0.3"
    ).format(*pairs[0], *pairs[1])


def _injuries() -> str:
    quiet = [run for run in ensemble() if run.outcome.time_to_quiet_h is not None]
    again = sum(_goes_back_to_injuries(run) for run in quiet)
    bound = wilson(again, len(quiet)).high
    return f"re-opened in {again} of {len(quiet)} quiet runs (at most {_percent(bound, 1)})"


_TESTS = "tests/mechanisms/test_statements.py"
_RULES = "tests/agents/rules"
STATEMENTS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    (
        "precision takes choice from chance to the best, and two-move play to subgame perfection",
        f"`{_TESTS}`: `test_statement_01_precision_takes_choice_from_chance_to_the_best`; "
        f"`{_RULES}/test_choice.py`: `test_precise_play_of_two_moves_is_subgame_perfect`, "
        "`test_precise_play_is_what_gambit_finds`",
        _precision,
    ),
    (
        "talk with no audience behind it moves no belief",
        "`test_statement_02_talk_without_an_audience_moves_nothing`, "
        "`test_talk_without_an_audience_moves_no_belief`",
        _talk,
    ),
    (
        "audience costs bind, and no bluff is free",
        "`test_statement_03_audience_costs_bind`, `test_statement_03_no_bluff_is_free`",
        _audience,
    ),
    (
        "the answer rises with deaths along a slope; the first death is no cliff",
        "`test_statement_04_the_first_death_is_not_a_cliff`",
        _slope,
    ),
    (
        "a loss with a crew, and a certain author, are answered more",
        "`test_statement_05_crews_and_certainty`, `test_a_crewed_loss_is_felt_more`",
        _certainty,
    ),
    (
        "spirals need gain: above 1 they diverge, below they converge",
        "`test_statement_06_spirals_need_gain`, "
        "`test_spiral_diverges_above_a_gain_of_one_and_converges_below`",
        _spiral,
    ),
    (
        "credibility of threats is reported, not forced",
        "`test_statement_07_credibility_is_reported_not_forced`",
        lambda: "see [Credibility](#credibility-of-threats)",
    ),
    (
        "faster channels help only while they beat deliberation",
        "`test_statement_08_faster_channels_reach_a_plateau`",
        _latency,
    ),
    (
        "more capable attribution that misidentifies can weaken deterrence",
        "`test_attribution_that_misidentifies_weakens_deterrence` (the rule alone)",
        _misattribution,
    ),
    (
        "injuries that surface once it is quiet rarely re-open the crisis",
        "`test_statement_10_late_injuries_rarely_reopen`",
        _injuries,
    ),
)


def statements() -> list[list[str]]:
    """Return the rows of the table of statements."""
    return [
        [str(number), text, tests, now()]
        for number, (text, tests, now) in enumerate(STATEMENTS, start=1)
    ]


# Constants that are judgements, swapped for a while

CASES: tuple[tuple[str, dict[str, float]], ...] = (
    ("soleimani", {}),
    ("al-asad", {}),
    ("al-asad", {"al-asad.deaths": 5.0}),
    ("al-asad", {"al-asad.deaths": 30.0}),
)


@contextmanager
def _swap(module: Any, name: str, value: Any) -> Iterator[None]:
    old = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, old)


def _plain_maximum(
    standing: float, added: float, credibility: float, threatened: float, _breach: float
) -> float:
    return max(standing + added, credibility * threatened)


def _no_homeland(leadership: bool, infrastructure: bool, civilian: bool, _homeland: bool) -> float:
    return 2.5 * leadership + 0.8 * infrastructure + 1.5 * civilian


def _every_target_an_option(actor: Any, rival: str) -> Appraisal:
    """Weigh like `agents.appraisal.appraise`, each target an alternative of its own."""
    situation = survey(actor, rival)
    menu = tuple(options(actor, actor.dyad(rival)))
    terms = tuple(weigh(actor, rival, situation, option) for option in menu)
    utilities = tuple(sum(each) for each in terms)
    shares = choice.probabilities(list(utilities), situation.precision)
    picked = choice.picked(shares, actor.world.chance.uniform(actor.id, "choice"))
    return Appraisal(situation, menu, terms, utilities, tuple(shares), picked)


Swap = Callable[[], AbstractContextManager[None]]


@contextmanager
def _nothing() -> Iterator[None]:
    yield


VARIANTS: tuple[tuple[str, dict[str, float], Swap], ...] = (
    ("as it is", {}, _nothing),
    ("commitment weight 1 instead of 3", {}, lambda: _swap(choice, "COMMITMENT_WEIGHT", 1.0)),
    (
        "expected reply the larger of deserved and credibility × threat",
        {},
        lambda: _swap(choice, "reply_magnitude", _plain_maximum),
    ),
    (
        "war costs both sides the same",
        {},
        lambda: _swap(choice, "war_outlook", lambda cost, _own, _rival: cost),
    ),
    ("no premium for homeland soil", {}, lambda: _swap(harm, "premium", _no_homeland)),
    ("soft measures display like deeds", {}, lambda: _swap(ladder, "SOFT_VISIBILITY", 1.0)),
    ("no salience", {"salience": 1.0, "salience_spread": 0.0}, _nothing),
    (
        "every target an option of its own",
        {},
        lambda: _swap(agents.desk, "appraise", _every_target_an_option),
    ),
    ("US audience cost 1.5 instead of 2.5", {"usa.audience_cost": 1.5}, _nothing),
    ("2 rungs of harm per tenfold of deaths instead of 3", {"casualty_harm": 2.0}, _nothing),
)
"""Name, settings, and what is swapped for as long as the context lasts."""


# Terminals


def transcript(command: str, lines: int) -> str:
    """Return a command and the first lines of what it prints, as a block of a console."""
    arguments = shlex.split(command)[1:]
    printed = subprocess.run(
        [sys.executable, "-m", "experiments.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": WIDTH, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    shown = [line.rstrip() for line in printed[:lines]]
    more = ["..."] if len(printed) > lines else []
    return "\n".join(["```console", f"$ {command}", *shown, *more, "```", ""])
