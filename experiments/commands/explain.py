"""`offramp explain`: one run in words, along its chain of causes, and what if."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from agents.event import Kind
from experiments.commands.options import AsJson, CrisisName, Force, Seed, Set, Start
from experiments.commands.terminal import note, print_hanging, screen, shown, wrapped
from experiments.designs.design import Settings, make_design, parse_settings
from experiments.explanation.explain import (
    Chapter,
    Line,
    ToldRun,
    event_records,
    highlights,
    hours,
    run_once,
    stamp,
    tell,
    tell_history,
)
from experiments.explanation.narrative import Narrator
from experiments.explanation.what_if import Parting, first_difference, first_other_choice
from experiments.words import OUTCOME_MEANINGS, several, shown_value, words
from sim.crisis_file import load_crisis
from sim.tally import unasked

STEP = 2
"""Characters by which an effect is indented below its cause."""
MOST_TOLD = 12
"""Events told of each run after two have parted."""

WhatIf = Annotated[
    list[str] | None,
    typer.Option(
        "--what-if",
        metavar="LABEL.FIELD=VALUE",
        help="Run again with the same luck and this changed; may be repeated.",
    ),
]


def explain(
    crisis: CrisisName,
    replicate: Annotated[
        int, typer.Option("--replicate", "-k", min=0, metavar="K", help="Which run of the seed.")
    ] = 0,
    start: Start = None,
    seed: Seed = 0,
    settings: Set = None,
    what_if: WhatIf = None,
    as_json: AsJson = False,
    page: Annotated[
        Path | None,
        typer.Option("--page", metavar="PAGE.html", help="Write the run as a page with drawings."),
    ] = None,
    force: Force = False,
) -> None:
    """Tell one run in words: who did what, what led to it, and why each choice fell as it did."""
    design = make_design(
        load_crisis(crisis),
        start=start,
        seed=seed,
        replicates=1,
        fixed=parse_settings(settings or []),
    )
    changed = parse_settings(what_if or [])
    base = run_once(design, replicate)
    other = run_once(design, replicate, changed) if changed else None
    if page is not None:
        luck = f"run {replicate} of seed {seed}"
        _write_story(other or base, page, force, luck, design.fixed + changed)
    if as_json:
        _print_json(base, other, changed)
        return
    console = screen()
    console.print(Text(f"{base.crisis.title}: run {replicate} of seed {seed}", style="bold"))
    if other is None:
        _show_story(console, base)
    else:
        _show_what_if(console, base, other, changed)


def _write_story(run: ToldRun, path: Path, force: bool, luck: str, settings: Settings) -> None:
    from experiments.pages.export import check_outputs, write_page
    from experiments.story.page import story_page

    check_outputs(path, None, None, force=force)
    changes = ", ".join(f"{key} = {shown_value(value)}" for key, value in settings)
    write_page(story_page(run, luck, changes), path)
    note(f"Story: {shown(path)}")


def _print_json(base: ToldRun, other: ToldRun | None, changed: Settings) -> None:
    if other is None:
        print(json.dumps(event_records(base), indent=1, ensure_ascii=False))
        return
    parting = first_difference(base, other)
    record = {
        "set": dict(changed),
        "parts_at": None if parting is None else parting.index,
        "base": {"outcome": base.outcome._asdict(), "events": event_records(base)},
        "what_if": {"outcome": other.outcome._asdict(), "events": event_records(other)},
    }
    print(json.dumps(record, indent=1, ensure_ascii=False))


def _show_story(console: Console, run: ToldRun) -> None:
    console.print(f"Times are UTC; T counts hours from {run.start_time:%-d %B %Y, %H:%M}.")
    history = tell_history(run)
    if history:
        console.print(Text("\nBefore", style="bold"))
        for line in history:
            _print_line(console, run.narrator, line)
    for chapter in tell(run):
        _print_chapter(console, run.narrator, chapter)
    console.print(Text("\nHow it ended", style="bold"))
    console.print(_ending(run))


def _print_chapter(console: Console, narrator: Narrator, chapter: Chapter) -> None:
    console.print()
    if chapter.time is None:
        console.print(Text(chapter.title, style="bold"))
    else:
        _print_line(console, narrator, Line(chapter.time, 0, chapter.title), style="bold")
    for line in chapter.lines:
        indented = line.depth + (chapter.time is not None)
        _print_line(console, narrator, Line(line.time, indented, line.text, line.details))


def _print_line(console: Console, narrator: Narrator, line: Line, style: str = "") -> None:
    """Print a line of a story beside its date, and its details below it."""
    indent = "  " + " " * (STEP * line.depth)
    margin = stamp(narrator, line.time)
    print_hanging(console, margin + indent, line.text, style)
    blank = " " * len(margin) + indent
    for detail in line.details:
        for i, part in enumerate(wrapped(detail, max(40, console.width - len(blank) - 8))):
            lead = "    " if i == 0 else "        "
            console.print(Text(f"{blank}{lead}{part}", style="cyan"), soft_wrap=True)


def _ending(run: ToldRun) -> str:
    found = run.outcome
    parts = [
        f"{words(found.outcome).capitalize()}: {OUTCOME_MEANINGS[found.outcome]}",
        several(found.deaths, "death"),
        f"answers up to rung {found.peak_rung}",
    ]
    if found.time_to_quiet_h is not None:
        parts.append(f"no ordered strike since {run.narrator.date(found.time_to_quiet_h)}")
        if later := _unordered_after(run, found.time_to_quiet_h):
            parts.append(f"{several(later, 'attack')} by armed groups of their own accord after it")
    return ", ".join(parts) + "."


def _unordered_after(run: ToldRun, quiet_h: float) -> int:
    """Return how often armed groups struck unasked after the crisis had gone quiet."""
    launches = (event for event in run.ledger if event.kind == Kind.LAUNCH)
    return sum(event.time > quiet_h and unasked(event, run.ledger) for event in launches)


def _show_what_if(console: Console, base: ToldRun, other: ToldRun, changed: Settings) -> None:
    setting = ", ".join(f"{key} = {shown_value(value)}" for key, value in changed)
    console.print(f"What if {setting}? The luck is the same in both runs; times are UTC.\n")
    parting = first_difference(base, other)
    if parting is None:
        console.print("Nothing happens otherwise: the same events at the same times.")
        console.print(f"Both runs end so. {_ending(base)}")
        return
    _show_parting(console, base, other, parting)
    choice = first_other_choice(base, other)
    if choice is not None:
        before, after = choice
        console.print(Text("\nThe first choice that falls otherwise", style="bold"))
        for run, event in ((base, before), (other, after)):
            margin = f"{_name(run is base)} {stamp(run.narrator, event.time)}  "
            print_hanging(console, margin, run.narrator.sentence(event))
    for run in (base, other):
        console.print(Text(f"\n{_name(run is base).strip()}, from there on", style="bold"))
        told = highlights(run, parting.index)
        for margin, text in told[:MOST_TOLD]:
            print_hanging(console, f"  {margin}  ", text)
        if len(told) > MOST_TOLD:
            console.print(f"  ... and {len(told) - MOST_TOLD} more")
        console.print(f"  {_ending(run)}")


def _name(is_base: bool) -> str:
    return "As it was" if is_base else "What if  "


def _show_parting(console: Console, base: ToldRun, other: ToldRun, parting: Parting) -> None:
    first = parting.before or parting.after
    if first is None:
        return
    same = several(parting.index, "event is", "events are")
    console.print(
        Text(f"The first {same} the same; they part at {hours(first.time)}", style="bold")
    )
    for run, event in ((base, parting.before), (other, parting.after)):
        margin, told = "", "the run has ended"
        if event is not None:
            margin, told = stamp(run.narrator, event.time), run.narrator.sentence(event)
        print_hanging(console, f"{_name(run is base)} {margin}  ", told)
