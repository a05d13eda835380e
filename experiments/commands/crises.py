"""`offramp crises` and `offramp check`: which crises there are, and whether a file is sound."""

from __future__ import annotations

import json

from rich.table import Table
from rich.text import Text

from experiments.commands.options import AsJson, CrisisName
from experiments.commands.terminal import screen
from sim.crisis import Crisis, Strike
from sim.crisis_file import load_crisis, shipped_crises


def crises(as_json: AsJson = False) -> None:
    """List the crises that are shipped, and the events that a run can start from."""
    found = [load_crisis(name) for name in shipped_crises()]
    if as_json:
        print(json.dumps([_entry(crisis) for crisis in found], indent=1, ensure_ascii=False))
        return
    table = Table("Name", "Crisis", "Starts from", box=None, header_style="bold", pad_edge=False)
    for crisis in found:
        others = [label for label in _starts(crisis) if label != crisis.default_start]
        starts = Text(crisis.default_start, style="bold")
        starts.append(f", {', '.join(others)}" if others else "", style="not bold")
        table.add_row(crisis.name, crisis.title, starts)
    console = screen()
    console.print(table)
    console.print("\nRun one with: offramp run NAME [--from LABEL]; the bold start is the default.")


def _starts(crisis: Crisis) -> list[str]:
    return [event.label for event in crisis.script if isinstance(event, Strike)]


def _entry(crisis: Crisis) -> dict[str, object]:
    return {
        "name": crisis.name,
        "title": crisis.title,
        "summary": crisis.summary,
        "default_start": crisis.default_start,
        "starts": _starts(crisis),
    }


def check(crisis: CrisisName) -> None:
    """Check a crisis file: its shape, units, ranges, sources, and how its parts fit together."""
    checked = load_crisis(crisis)
    kinds = [actor.kind for actor in checked.actors.values()]
    counts = [
        _count(kinds.count("state"), "state"),
        _count(kinds.count("proxy"), "proxy", "proxies"),
        _count(kinds.count("organization"), "organization"),
        _count(len(checked.places), "place"),
        _count(len(checked.channels), "channel"),
        _count(len(checked.script), "event"),
        _count(len(checked.sources), "source"),
    ]
    print(f"{checked.name} is sound: {checked.title}")
    print(f"  {', '.join(count for count in counts if count)}")
    print(f"  runs start from {checked.default_start}; other strikes: {_others(checked)}")


def _count(number: int, one: str, many: str = "") -> str:
    return "" if number == 0 else f"{number} {one if number == 1 else many or one + 's'}"


def _others(crisis: Crisis) -> str:
    others = [label for label in _starts(crisis) if label != crisis.default_start]
    return ", ".join(others) or "none"
