"""What `offramp run` shows on a terminal."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from experiments.commands.terminal import print_hanging
from experiments.explanation.explain import short_story
from experiments.run_summary import Quantiles, RunSummary, summarize_runs
from experiments.statistics import Interval, wilson
from experiments.words import (
    OUTCOME_MEANINGS,
    duration,
    number,
    percent,
    percent_interval,
    several,
    words,
)
from sim.keys import Key

if TYPE_CHECKING:
    from experiments.commands.run import Ensemble

BAR = 24
"""Length in characters of the bar of a share of 100 %."""


def show(console: Console, name: str, settings: Sequence[str], ensemble: Ensemble) -> None:
    """Print the summary of an ensemble, and one of its runs as an example."""
    found = summarize_runs(list(ensemble.outcomes.values()))
    design = ensemble.design
    console.print(Text(design.crisis.title, style="bold"))
    moment = design.crisis.event(design.start).time.astimezone(UTC)
    facts = [
        f"from {design.start} ({moment:%-d %B %Y, %H:%M} UTC)",
        several(found.runs, "run"),
        f"seed {design.seed}",
        *settings,
        f"{ensemble.runs_per_s:,.0f} runs/s",
    ]
    console.print(" · ".join(facts), style="dim")
    console.print()
    console.print(_shares("How it ended", found.outcomes, OUTCOME_MEANINGS))
    console.print(_any_war(found), style="dim")
    console.print()
    console.print(_shares("First response", found.first_response, {}))
    console.print(_latency(found), style="dim")
    console.print()
    console.print(_quantities(found))
    console.print()
    _example(console, name, settings, ensemble, found)


def _shares(title: str, found: dict[str, Interval], meanings: dict[str, str]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(title, min_width=14)
    table.add_column("share", justify="right")
    table.add_column("95 % interval", justify="right")
    table.add_column("", min_width=BAR)
    table.add_column("")
    for name, share in found.items():
        bar = Text("█" * round(BAR * share.value), style="cyan")
        meaning = Text(meanings.get(name, ""), style="dim")
        table.add_row(words(name), percent(share.value), percent_interval(share), bar, meaning)
    return table


def _any_war(found: RunSummary) -> str:
    kinds = ("war", "regional_war")
    wars = round(sum(found.outcomes[kind].value for kind in kinds) * found.runs)
    share = wilson(wars, found.runs)
    return f"War of either kind: {percent(share.value)} ({percent_interval(share)})."


def _latency(found: RunSummary) -> str:
    spread = found.latency_h
    if spread["q50"] is None:
        return "No run saw a response."
    low, middle, high = (duration(spread[q] or 0.0) for q in ("q25", "q50", "q75"))
    least, most = duration(spread["q05"] or 0.0), duration(spread["q95"] or 0.0)
    return (
        f"It came after {middle} at the median; half of them between {low} and {high}, "
        f"nine in ten between {least} and {most}."
    )


def _quantities(found: RunSummary) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("Per run", "mean", "5 %", "25 %", "median", "75 %", "95 %"):
        table.add_column(title, justify="left" if title == "Per run" else "right")
    table.add_row("peak rung of the answers", *_cells(found.peak_rung, number))
    table.add_row("deaths, the first strike's too", *_cells(found.deaths, number))
    quiet = f"time to quiet ({several(found.quiet_runs, 'run')})"
    table.add_row(quiet, *_cells(found.time_to_quiet_h, duration))
    return table


def _cells(values: Quantiles, form: Any) -> list[str]:
    return ["–" if value is None else form(value) for value in values.values()]


def _example(
    console: Console, name: str, settings: Sequence[str], ensemble: Ensemble, found: RunSummary
) -> None:
    """Tell a run that ended in the most frequent way, by the response most frequent there."""
    usual = max(found.outcomes, key=lambda outcome: found.outcomes[outcome].value)
    alike = {k: run for k, run in ensemble.outcomes.items() if run.outcome == usual}
    responses = [run.first_response for run in alike.values()]
    response = max(responses, key=responses.count)
    replicate = next(k for k, run in alike.items() if run.first_response == response)
    console.print(Text(f"For example, run {replicate}: {OUTCOME_MEANINGS[usual]}", style="bold"))
    for margin, text in short_story(ensemble.design, replicate):
        print_hanging(console, f"  {margin}  ", text)
    design = ensemble.design
    parts = ["offramp", "explain", name, "--replicate", str(replicate)]
    parts += ["--from", design.start] if design.start != design.crisis.default_start else []
    parts += ["--seed", str(design.seed)] if design.seed else []
    for setting in settings:
        parts += ["--set", setting]
    console.print(f"\nWhy it went so: {shlex.join(parts)}", markup=False)


def show_keys(console: Console, keys: Sequence[Key]) -> None:
    """Print a table of what can be set."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("Key, default, range and unit", "meaning and source"):
        table.add_column(title, overflow="fold")
    for key in keys:
        span = f"  {_span(key)}"
        told = Text.assemble(key.description, "\n", (key.source, "dim"))
        table.add_row(Text.assemble((key.name, "bold"), "\n", span), told)
    console.print(table)


def _span(key: Key) -> str:
    """Return a key's default and what else it may be."""
    if key.levels:
        return f"{key.default}, one of {', '.join(key.levels)}"
    return f"{key.default:g}, {key.low:g} to {key.high:g} {key.unit}"


def key_record(key: Key) -> dict[str, Any]:
    """Return a key as plain values for JSON; an open end of its range is None."""
    ends = {
        end: x if math.isfinite(x) else None for end, x in (("low", key.low), ("high", key.high))
    }
    return {**asdict(key), **ends}
