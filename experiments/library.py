"""Ensembles from Python: settings in, a data frame out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

from experiments.designs.axis import listing
from experiments.designs.design import make_design
from experiments.executors.dispatch import executor_named, run_design
from experiments.storage.schema import header, row
from sim.crisis import Crisis
from sim.crisis_file import load_crisis
from sim.keys import Value


class RunFailedError(RuntimeError):
    """A run of an ensemble ended in an error; the message says which and how."""


def run_ensemble(
    crisis: str | Path | Crisis,
    *,
    replicates: int = 200,
    start: str | None = None,
    seed: int = 0,
    settings: Mapping[str, Value] | None = None,
    vary: Mapping[str, Sequence[Value]] | None = None,
    workers: int = 1,
) -> pd.DataFrame:
    """Run a crisis many times and return one row a run, with the columns of results on disk.

    ``vary`` maps keys to the values they take; every combination is run ``replicates`` times, and
    replicate k has the same luck in each. With more than one worker, call it below
    ``if __name__ == "__main__":``.

    Raises:
        InputError: if crisis, start, a key or a value cannot be used.
        RunFailedError: if a run fails.
    """
    loaded = crisis if isinstance(crisis, Crisis) else load_crisis(crisis)
    design = make_design(
        loaded,
        start=start,
        seed=seed,
        replicates=replicates,
        axes=tuple(listing(key, tuple(values)) for key, values in (vary or {}).items()),
        fixed=tuple((settings or {}).items()),
    )
    rows = []
    with closing(executor_named(None, design.size, workers=workers)) as executor:
        for run in run_design(design, executor=executor):
            if run.outcome is None:
                raise RunFailedError(f"replicate {run.spec.replicate} failed: {run.error}")
            rows.append(row(design, run))
    return pd.DataFrame(rows, columns=list(header(design)))
