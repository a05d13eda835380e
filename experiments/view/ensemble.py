"""The panel of many runs: outcome shares at the present settings, over as many runs as a second is.

The processes that make them are shared by all visitors; nothing else is.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from itertools import batched

import solara
import solara.lab

from experiments.designs.design import Design, make_design
from experiments.executors.chunk import Finished, frame_of, outcomes, run_chunk
from experiments.executors.processes import make_pool, make_runs
from experiments.run_summary import summarize_runs
from experiments.story.outcomes import draw_outcomes, tell_outcomes
from experiments.view.plot import show_plot
from experiments.view.session import Session
from experiments.view.watch import heading
from experiments.words import duration
from sim.outcome import Outcome

BUDGET_S = 1.0
CHUNK = 10
MOST = 20_000
"""Runs of one ensemble at most."""


@cache
def processes() -> ProcessPoolExecutor:
    """Return the processes of this server, started on first use."""
    return make_pool(os.cpu_count() or 1)


def warm_up() -> None:
    """Start the processes, so that the first visitor need not wait for them."""
    for _ in range(os.cpu_count() or 1):
        processes().submit(time.sleep, 0.1)


def run_for(
    design: Design, seconds: float, stopped: Callable[[], bool]
) -> Iterator[list[Finished]]:
    """Yield runs of a design's only point as they end, in order, for about so many seconds."""
    frame, pool = frame_of(design), processes()
    waiting: deque[Future[list[Finished]]] = deque()
    ends = float("inf")
    for chunk in batched(design.runs(), CHUNK):
        waiting.append(pool.submit(make_runs, run_chunk, frame, chunk))
        if len(waiting) > 2 * (os.cpu_count() or 1):
            yield waiting.popleft().result()
            ends = min(ends, time.monotonic() + seconds)
        if stopped() or time.monotonic() > ends:
            break
    for future in waiting:
        if future.cancel() or stopped():
            continue
        yield future.result()


@solara.component
def Ensemble(session: Session) -> None:
    """Outcome shares; they are made anew whenever a number, the start or the seed changes."""
    found: solara.Reactive[tuple[Outcome, ...]] = solara.use_reactive(())
    seconds = solara.use_reactive(BUDGET_S)
    failed = solara.use_reactive(0)
    look = session.look.value
    session.generation.value  # noqa: B018 (draw again for other settings)
    asked = (
        session.crisis.value, session.start.value, session.seed.value,
        tuple(sorted(session.settings.value.items())), seconds.value,
    )  # fmt: skip

    def work() -> None:
        stopped = session.stopper()
        design = make_design(
            asked[0], start=asked[1], seed=asked[2], replicates=MOST, fixed=session.fixed
        )
        runs: list[Finished] = []
        last = 0.0
        for more in run_for(design, seconds.peek(), stopped):
            runs += more
            if time.monotonic() - last > 0.15:  # noqa: PLR2004 (as often as an eye follows)
                found.value, last = tuple(outcomes(runs)), time.monotonic()
        if not stopped():
            found.value = tuple(outcomes(runs))
            failed.value = len(runs) - len(found.value)

    task = solara.lab.use_task(work, dependencies=[asked], raise_error=False)
    heading(
        "Outcomes of many runs",
        "Each run has other luck, the numbers are those of the sliders. Lines: 95 % intervals.",
    )
    if task.error:
        solara.Error(f"The runs failed: {task.exception}")
        return
    if not found.value:
        solara.ProgressLinear(True)
        return
    made = summarize_runs(found.value)
    solara.Text(f"n = {made.runs:,}", classes=["count"])
    solara.Text(tell_outcomes(made.outcomes, made.runs))
    if failed.value:
        solara.Warning(f"{failed.value} more runs failed and are not counted.")
    show_plot(draw_outcomes(made.outcomes, look), "Share of each outcome")
    latency = made.latency_h.get("q50")
    if latency is not None:
        solara.Text(f"Median time to the first answer: {duration(latency)}.")
    with solara.Tooltip("Narrower intervals take more runs: four times as many for half the width"):
        solara.Select(
            "Seconds of runs", values=[1.0, 5.0, 20.0], value=seconds.value,
            on_value=seconds.set, dense=True,
        )  # fmt: skip
