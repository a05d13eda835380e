"""A run is a function of its row, and luck is shared by runs that differ elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from agents.event import Event, Kind
from sim import CrisisModel
from sim.chance import KeyedChance
from tests.support import finished, of, runs

ROOT = Path(__file__).parents[2]
SCRIPT = """
from hashlib import sha256
from sim import CrisisModel
for crisis in ("two-states", "january-2020"):
    model = CrisisModel(crisis=crisis, rng=7, replicate=11)
    model.run_to_end()
    trace = [(*e[:7], sorted(e.values.items()), *e[8:]) for e in model.ledger]
    print(sha256(repr(trace).encode()).hexdigest())
"""


def digest(crisis: str) -> str:
    """Return a hash of a trace to the last bit."""
    model = finished(crisis, rng=7, replicate=11)
    trace = [(*e[:7], sorted(e.values.items()), *e[8:]) for e in model.ledger]
    return sha256(repr(trace).encode()).hexdigest()


def test_a_fresh_process_gives_the_same_trace() -> None:
    """In other processes, whatever their seed of hashes, the trace is the same to the last bit."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for hash_seed in ("0", "4242")
    ]
    expected = [digest("two-states"), digest("january-2020")]
    assert [process.communicate()[0].split() for process in processes] == [expected, expected]


def test_other_runs_in_between_change_nothing() -> None:
    """Nothing is global: runs made one after another or interleaved are what they are alone."""
    alone = [finished("two-states", replicate=replicate).ledger for replicate in range(4)]
    models = [CrisisModel(crisis="two-states", replicate=replicate) for replicate in range(4)]
    for hours in range(25, 2200, 25):
        for model in models:
            model._advance(hours)
    assert [model.ledger for model in models] == alone


def test_pythons_and_numpys_own_luck_are_not_used() -> None:
    """Mesa's generators are left alone: a run draws from its keyed chance only."""
    model = CrisisModel(crisis="january-2020", rng=3)
    before = model.random.getstate(), model.rng.bit_generator.state
    model.run_to_end()
    assert (model.random.getstate(), model.rng.bit_generator.state) == before


def test_seed_and_replicate_both_matter() -> None:
    """Seeds differ, replicates differ, and replicate 1 of seed 0 is not replicate 0 of seed 1."""
    traces = {
        (rng, replicate): [e.time for e in finished(rng=rng, replicate=replicate).ledger]
        for rng in range(3)
        for replicate in range(3)
    }
    assert len({tuple(times) for times in traces.values()}) == 9


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8])
def test_numbers_of_runs_may_come_from_an_array(kind: Any) -> None:
    """A replicate that is an integer of numpy is the same run as Python's own."""
    assert finished(replicate=kind(5)).ledger == finished(replicate=5).ledger


# Common random numbers


@contextmanager
def drawn() -> Iterator[dict[tuple[str, str, int], float]]:
    """Record every draw by (actor, purpose, n-th use)."""
    record: dict[tuple[str, str, int], float] = {}
    plain = KeyedChance.uniform

    def uniform(self: KeyedChance, actor: str, purpose: str) -> float:
        n = self._used.get((actor, purpose), 0)
        value = plain(self, actor, purpose)
        record[actor, purpose, n] = value
        return value

    with patch.object(KeyedChance, "uniform", uniform):
        yield record


def test_parameter_points_share_every_draw_they_have_in_common() -> None:
    """Whatever a parameter changes, a draw that both runs make is the same in both."""
    differ = 0
    for replicate in range(4):
        with drawn() as base:
            one = finished("january-2020", replicate=replicate)
        with drawn() as other:
            two = finished("january-2020", replicate=replicate, honour=0.0, channel_latency=30.0)
        common = base.keys() & other.keys()
        assert len(common) > 20
        assert all(base[key] == other[key] for key in common)
        differ += one.ledger != two.ledger
    assert differ > 0


def test_an_unrelated_actor_changes_nobodys_luck() -> None:
    """What only concerns a bystander leaves the whole trace as it was."""
    for key in ("pakistan.deliberation", "oman.statement_hour", "kuwait.hawk_share"):
        base = finished("january-2020", replicate=1)
        other = finished("january-2020", replicate=1, overrides={key: 0.9})
        if not of(base, Kind.DECISION, actor=key.partition(".")[0]):
            assert other.ledger == base.ledger


def test_a_slower_proxy_leaves_the_principals_alone_until_it_acts() -> None:
    """Other numbers of an armed group move nothing before that group itself has acted."""

    def before(ledger: list[Event]) -> list[Event]:
        first = next((e.id for e in ledger if e.actor == "houthis"), len(ledger))
        return ledger[:first]

    for replicate in range(5):
        base = finished("january-2020", replicate=replicate).ledger
        busy = {"houthis.attack_rate": 2.0, "houthis.flight": 3.0}
        other = finished("january-2020", replicate=replicate, overrides=busy).ledger
        shared = min(len(before(base)), len(before(other)))
        assert shared > 5
        assert base[:shared] == other[:shared]


def test_a_longer_median_stretches_the_same_luck() -> None:
    """Twice the median time of assessment is exactly twice the time, by common random numbers."""
    for model in runs(replicates=10, accident_risk=0.0):
        slow = finished(replicate=model.replicate, accident_risk=0.0, assessment_latency=2.0)
        first, second = (of(m, Kind.ASSESSMENT)[0].time for m in (model, slow))
        assert second == pytest.approx(2.0 * first, rel=1e-12)
