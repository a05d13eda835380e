"""Speed of single runs on one core: where the time of a run goes.

Times are of one core, without the start of Python. The shares by part come from the profiler, which
makes small functions look dearer than they are; set-up is timed without it.
"""

from __future__ import annotations

import cProfile
import pstats
import statistics
import time
from pathlib import Path
from typing import Any

from rich.table import Table

import sim
from experiments.designs.design import Design, make_design
from experiments.executors.chunk import build_model, rare_collection
from sim.crisis_file import load_crisis

CASE = "january-2020"
PARTS = {
    "simpy": ("/simpy/",),
    "rules": ("/agents/rules/",),
    "agents": ("/agents/",),
    "sim": ("/sim/",),
    "mesa": ("/mesa/",),
    "pydantic": ("/pydantic/",),
    "networkx": ("/networkx/",),
}
"""Parts of the code by folder; a function counts for the first that it lies in."""
WARM_UP = 5
LOOP = 10_000
"""Turns of the bare loop that is timed beside every run."""


def measure(runs: int) -> dict[str, Any]:
    """Return all figures: times in ms and µs."""
    design = make_design(load_crisis(CASE), replicates=max(runs, 1))
    with rare_collection():  # as sweeps do
        totals, setups, events, loops = _time_runs(design, runs)
    middle = statistics.median(totals)
    return {
        "crisis": CASE,
        "runs": runs,
        "ms_per_run": {"median": middle, "min": min(totals), "max": max(totals)},
        "bare_loop_ms": statistics.median(loops),
        "runs_per_s": 1000.0 / statistics.fmean(totals),
        "events_per_run": statistics.fmean(events),
        "us_per_event": 1000.0 * sum(totals) / sum(events),
        "share_set_up": sum(setups) / sum(totals),
        "share_by_part": _profile(design, min(runs, 50)),
    }


def _time_runs(
    design: Design, runs: int
) -> tuple[list[float], list[float], list[int], list[float]]:
    """Return ms of every run, ms of its set-up, its number of events, and ms of a bare loop."""
    totals, setups, events, loops = [], [], [], []
    theatre = sim.Theatre(design.crisis)
    for replicate in range(-WARM_UP, runs):
        begun = time.perf_counter()
        _bare_loop()
        looped = time.perf_counter()
        model = build_model(theatre, design.start, design.seed, max(0, replicate), {})
        ready = time.perf_counter()
        outcome = model.run_to_end()
        ended = time.perf_counter()
        if replicate >= 0:
            loops.append(1000.0 * (looped - begun))
            totals.append(1000.0 * (ended - looped))
            setups.append(1000.0 * (ready - looped))
            events.append(outcome.events)
    return totals, setups, events, loops


def _bare_loop() -> int:
    """Do a fixed piece of plain Python: what it takes tells how fast the machine is just now."""
    total = 0
    for i in range(LOOP):
        total += i * i % 7
    return total


def _profile(design: Design, runs: int) -> dict[str, float]:
    """Return the share of the time spent in each part's own functions."""
    theatre = sim.Theatre(design.crisis)
    profiler = cProfile.Profile()
    profiler.enable()
    for replicate in range(runs):
        build_model(theatre, design.start, design.seed, replicate, {}).run_to_end()
    profiler.disable()
    spent = dict.fromkeys([*PARTS, "other"], 0.0)
    stats: Any = pstats.Stats(profiler)
    for (file, _, _), (_, _, own, _, _) in stats.stats.items():
        spent[_part_of(file)] += own
    total = sum(spent.values())
    return {part: seconds / total for part, seconds in spent.items()}


def _part_of(file: str) -> str:
    path = Path(file).as_posix()
    for part, folders in PARTS.items():
        if any(folder in path for folder in folders):
            return part
    return "other"


def table(found: dict[str, Any]) -> Table:
    """Return the figures as a table to print."""
    shown = Table("Measure", "Value", box=None, header_style="bold", pad_edge=False)
    spread = found["ms_per_run"]
    rows = {
        f"ms a run of {found['crisis']}": f"{spread['median']:.2f} "
        f"({spread['min']:.2f} to {spread['max']:.2f})",
        f"ms a bare loop of {LOOP:,} turns": f"{found['bare_loop_ms']:.2f}",
        "runs a second, one core": f"{found['runs_per_s']:.0f}",
        "events a run": f"{found['events_per_run']:.0f}",
        "µs an event": f"{found['us_per_event']:.1f}",
        "share of set-up": f"{found['share_set_up']:.0%}",
        **{f"share of {part}": f"{share:.0%}" for part, share in found["share_by_part"].items()},
    }
    for name, value in rows.items():
        shown.add_row(name, value)
    return shown
