"""Runners side by side: the same model and points through this one, Mesa's and EMA Workbench's.

Each makes the runs in two processes of its own, writes a CSV, and is watched from outside: runs a
second, the largest memory of all its processes together, and the time until a row of results is on
disk. Python's start and imports count for all. The others are given the crisis as it is prepared
here, once, so that only the running differs.
"""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

CASE = "january-2020"
KEY = "threat_credibility"
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
PROCESSES = 2
EVERY_S = 0.1
"""Time between looks at the memory and the file."""
LONGEST_H = 100_000
"""Steps at which Mesa's runner would give up: never."""
ROUNDS = 1
"""How often each runner is timed, in turn; the median counts."""


class Found(NamedTuple):
    """What was seen of one runner: seconds in all, to the first row, and MB at the most."""

    seconds: float
    first_row_s: float
    memory_mb: float


def offramp(runs: int, path: Path) -> None:
    """Sweep as `offramp sweep` does."""
    from experiments.designs.axis import listing
    from experiments.designs.design import make_design
    from experiments.executors.processes import Processes
    from experiments.sweep import run_sweep
    from sim.crisis_file import load_crisis

    replicates = runs // len(LEVELS)
    axes = (listing(KEY, LEVELS),)
    design = make_design(load_crisis(CASE), replicates=replicates, axes=axes)
    run_sweep(design, path, executor=Processes(PROCESSES))


def mesa(runs: int, path: Path) -> None:
    """Run by Mesa's `batch_run`, one row a run."""
    import pandas as pd
    from mesa.batchrunner import batch_run

    from sim import CrisisModel

    found = batch_run(
        CrisisModel,
        parameters={"crisis": CASE, KEY: list(LEVELS), "replicate": range(runs // len(LEVELS))},
        number_processes=PROCESSES,
        rng=[0],
        max_steps=LONGEST_H,
        display_progress=False,
    )
    pd.DataFrame(found).drop_duplicates("RunId").to_csv(path, index=False)


@functools.cache
def _theatre() -> Any:
    from sim import Theatre
    from sim.crisis_file import load_crisis

    return Theatre(load_crisis(CASE))


def one_run(threat_credibility: float, replicate: float) -> dict[str, float]:
    """Return the numbers of one run, as EMA Workbench takes them."""
    from sim import CrisisModel

    model = CrisisModel(
        crisis=_theatre(),
        threat_credibility=threat_credibility,
        replicate=int(replicate),
        rng=0,
    )
    return dict(zip(_numbers(), map(float, _picked(model.run_to_end())), strict=True))


def _numbers() -> tuple[str, ...]:
    return ("exchanges", "peak_rung", "deaths", "offers_made", "threats_made", "events")


def _picked(outcome: Any) -> list[Any]:
    return [getattr(outcome, name) for name in _numbers()]


def ema(runs: int, path: Path) -> None:
    """Run by EMA Workbench's multiprocessing evaluator, one row a run."""
    from ema_workbench import (
        IntegerParameter,
        Model,
        MultiprocessingEvaluator,
        RealParameter,
        Sample,
        ScalarOutcome,
    )

    replicates = runs // len(LEVELS)
    model = Model("offramp", function=one_run)
    model.uncertainties = [
        RealParameter(KEY, 0.0, 1.0),
        IntegerParameter("replicate", 0, max(1, replicates - 1)),
    ]
    model.outcomes = [ScalarOutcome(name) for name in _numbers()]
    samples = [
        Sample(f"{level}-{k}", threat_credibility=level, replicate=k)
        for level in LEVELS
        for k in range(replicates)
    ]
    with MultiprocessingEvaluator(model, n_processes=PROCESSES) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(samples, reporting_frequency=1)
    experiments.assign(**outcomes).to_csv(path, index=False)


RUNNERS: dict[str, Callable[[int, Path], None]] = {"offramp": offramp, "mesa": mesa, "ema": ema}
TITLES = {"offramp": "offramp sweep", "mesa": "Mesa batch_run", "ema": "EMA Workbench"}


def measure(runs: int, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return what each runner takes for so many runs: the median of some rounds taken in turn."""
    seen: dict[str, list[Found]] = {name: [] for name in RUNNERS}
    for _ in range(rounds):
        for name in RUNNERS:
            seen[name].append(watched(name, runs))
    return {"runs": runs, "runners": {name: _record(runs, found) for name, found in seen.items()}}


def _record(runs: int, found: list[Found]) -> dict[str, float]:
    middle = [sorted(values)[len(found) // 2] for values in zip(*found, strict=True)]
    seconds, first, memory = middle
    return {"runs_per_s": runs / seconds, "first_row_s": first, "memory_mb": memory}


def watched(name: str, runs: int) -> Found:
    """Return what one runner takes, in a fresh process.

    Raises:
        RuntimeError: if it fails.
    """
    import psutil

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        command = [sys.executable, "-m", "experiments.bench", "drive", name, str(runs), str(path)]
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        first, memory = 0.0, 0.0
        while process.poll() is None:
            memory = max(memory, _memory_mb(psutil.Process(process.pid)))
            if not first and _has_row(path):
                first = time.perf_counter() - begun
            time.sleep(EVERY_S)
        seconds = time.perf_counter() - begun
        if process.returncode:
            raise RuntimeError(f"{name} failed: {process.stderr.read() if process.stderr else ''}")
        return Found(seconds, first or seconds, memory)


def _memory_mb(root: Any) -> float:
    """Return the memory of a process and all below it, shared pages counted once (PSS)."""
    import psutil

    total = 0.0
    try:
        for process in (root, *root.children(recursive=True)):
            try:
                full = process.memory_full_info()
            except psutil.Error:
                continue
            total += getattr(full, "pss", full.uss)
    except psutil.Error:
        return 0.0
    return total / 1e6


def _has_row(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return sum(1 for _, _line in zip(range(2), file, strict=False)) > 1


def table(found: dict[str, Any]) -> Table:
    """Return the figures as a table, each beside its ratio to this runner's."""
    shown = Table(
        f"{found['runs']:,} runs", "runs a second", "first row on disk", "memory",
        box=None, header_style="bold", pad_edge=False,
    )  # fmt: skip
    own = found["runners"]["offramp"]
    for name, one in found["runners"].items():
        speed, first, memory = (
            one[key] / own[key] for key in ("runs_per_s", "first_row_s", "memory_mb")
        )
        shown.add_row(
            TITLES[name],
            f"{one['runs_per_s']:.0f} (x {speed:.2f})",
            f"{one['first_row_s']:.1f} s (x {first:.1f})",
            f"{one['memory_mb']:.0f} MB (x {memory:.2f})",
        )
    return shown


def memory(sizes: tuple[int, ...]) -> dict[str, float]:
    """Return the largest memory, in MB, of sweeps of so many rows."""
    return {str(rows): watched("offramp", rows).memory_mb for rows in sizes}
