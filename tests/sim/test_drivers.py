"""Tools that others wrote for Mesa models drive the model unchanged."""

from __future__ import annotations

import pandas as pd
from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments
from mesa.batchrunner import batch_run

from sim import CrisisModel
from tests.support import finished

GRID = {"crisis": "two-states", "threat_credibility": [0.1, 0.9], "horizon": 240.0}


def test_mesa_batch_run() -> None:
    """Mesa's batch runner gives one row a run and actor, with the results of single runs."""
    found = batch_run(
        CrisisModel,
        parameters=GRID,
        number_processes=1,
        rng=[3, 4],
        max_steps=240,
        data_collection_period=-1,
        display_progress=False,
    )
    rows = pd.DataFrame(found)
    assert len(rows) == 2 * 2 * 3  # values, seeds, actors
    for row in rows.drop_duplicates("RunId").itertuples():
        outcome = finished(
            "two-states",
            rng=row.rng,
            threat_credibility=row.threat_credibility,
            horizon=240.0,
        ).outcome()
        assert (row.outcome, row.deaths) == (outcome.outcome, outcome.deaths)
        assert row.events == outcome.events


def test_mesa_batch_run_varies_replicates() -> None:
    """Replicates are varied as any other argument: the same seed, other luck."""
    found = batch_run(
        CrisisModel,
        parameters={**GRID, "replicate": range(4)},
        number_processes=1,
        rng=[0],
        max_steps=240,
        display_progress=False,
    )
    rows = pd.DataFrame(found).drop_duplicates("RunId")
    assert len(rows) == 8
    assert rows["events"].nunique() > 1


def test_mesa_batch_run_without_seeds() -> None:
    """Without seeds, as is Mesa's default, a batch runs too."""
    found = batch_run(
        CrisisModel,
        parameters={"crisis": "two-states", "horizon": 24.0},
        number_processes=1,
        max_steps=24,
        display_progress=False,
    )
    assert len(found) == 3


def responses(threat_credibility: float, face_value: float) -> dict[str, float]:
    """Return two results of a run, as a function of two parameters."""
    outcome = CrisisModel(
        crisis="two-states", threat_credibility=threat_credibility, face_value=face_value
    ).run_to_end()
    return {"peak_rung": outcome.peak_rung, "deaths": outcome.deaths}


def test_ema_workbench() -> None:
    """The EMA Workbench samples the parameters and gets what single runs give."""
    model = Model("offramp", function=responses)
    model.uncertainties = [
        RealParameter("threat_credibility", 0.1, 0.9),
        RealParameter("face_value", 0.0, 3.0),
    ]
    model.outcomes = [ScalarOutcome("peak_rung"), ScalarOutcome("deaths")]
    experiments, outcomes = perform_experiments(model, scenarios=8)
    assert len(experiments) == 8
    for at, sampled in enumerate(experiments.itertuples()):
        alone = responses(sampled.threat_credibility, sampled.face_value)
        assert {name: outcomes[name][at] for name in alone} == alone
