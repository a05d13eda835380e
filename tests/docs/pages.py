"""The documents as tests read them: samples, commands, tables, and the names that they quote."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from types import ModuleType

from agents.event import Kind
from agents.rules import ladder
from sim import OUTCOMES, load_crisis
from sim.keys import list_keys

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ODD = ROOT / "docs" / "odd.md"
DESIGN = ROOT / "docs" / "design.md"
BIBLIOGRAPHY = ROOT / "docs" / "bibliography.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")), ROOT / "results" / "README.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")

Table = list[list[str]]


def name_of(page: object) -> str:
    """Return how a page is called in the name of a test."""
    return str(page.relative_to(ROOT)) if isinstance(page, Path) else ""


def read(page: Path) -> str:
    """Return the text of a page."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path, *languages: str) -> list[str]:
    """Return the fenced blocks of a page in these languages."""
    return [body for language, body in FENCE.findall(read(page)) if language in languages]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return FENCE.sub("", read(page))


def spans(text: str) -> list[str]:
    """Return what a text quotes as code."""
    return SPAN.findall(text)


def typed_lines(page: Path) -> list[str]:
    """Return what a reader would type of a page's console and shell blocks."""
    typed = [line for body in blocks(page, "sh") for line in body.splitlines()]
    for body in blocks(page, "console"):
        typed += [line[2:] for line in body.splitlines() if line.startswith("$ ")]
    return [line.strip() for line in typed if line.strip() and not line.startswith("#")]


def inline_commands(page: Path) -> list[str]:
    """Return the commands in a page's text; one that is only named is asked for its help."""
    found = [span for span in spans(prose(page)) if span.startswith("offramp ")]
    return [span if len(span.split()) > 2 else f"{span} --help" for span in found]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as a Git host makes them."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def tables(page: Path) -> list[Table]:
    """Return the tables of a page: rows of cells, the head first."""
    found: list[Table] = []
    inside = False
    for line in prose(page).splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not inside:
            found.append([])
        inside = True
        if set("".join(cells)) - set("-: "):
            found[-1].append(cells)
    return found


def rows_of(page: Path, head: str) -> Table:
    """Return the rows of every table of a page whose first column is headed so."""
    return [row for table in tables(page) if table[0][0] == head for row in table[1:]]


def cited(page: Path) -> set[tuple[str, str]]:
    """Return (first author, year) of every source that a page cites."""
    author = r"\b([A-ZÅÖÜ][a-zäöü]+)"
    others = r"(?: et al\.| & [A-Z][a-z]+|(?:, [A-Z][\w ]+)+ & [A-Z]\w+)?"
    found = re.findall(rf"{author}{others},? \(?((?:18|19|20)\d\d)\b", prose(page))
    return {(name, year) for name, year in found if name != "January"}


# What the code defines


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return the modules of the model."""
    paths = (path for folder in ("agents", "sim") for path in (ROOT / folder).rglob("*.py"))
    dotted = (path.relative_to(ROOT).with_suffix("").parts for path in sorted(paths))
    return tuple(importlib.import_module(".".join(p)) for p in dotted if p[-1] != "__init__")


@cache
def names_of_tests() -> frozenset[str]:
    """Return the names of all tests."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        found.update(re.findall(r"^\s*def (test_\w+)", read(path), re.MULTILINE))
    return frozenset(found)


@cache
def known_names() -> frozenset[str]:
    """Return what a table may quote: keys, traits, rungs, kinds, and what the code defines."""
    crisis = load_crisis("january-2020")
    keys = {key.name for key in list_keys(crisis)}
    fields = {key.rpartition(".")[2] for key in keys}
    defined = {name for module in modules() for name in vars(module)}
    labels = {event.label for event in crisis.script}
    return frozenset(keys | fields | defined | labels | {*ladder.RUNG_NAMES, *OUTCOMES, *Kind})
