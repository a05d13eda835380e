"""Every sample of the documents runs, every link leads somewhere, every figure is made.

Figures that take minutes to make are not made anew here; docs/figures/refresh.py makes them.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from docs.figures import refresh
from experiments.cli import main
from experiments.statistics import shares
from sim import CrisisModel, load_crisis
from tests.docs.pages import (
    BIBLIOGRAPHY,
    DESIGN,
    ODD,
    PAGES,
    README,
    ROOT,
    anchors,
    blocks,
    cited,
    inline_commands,
    name_of,
    prose,
    read,
    spans,
    tables,
    typed_lines,
)

MANY = 100
FEW = 5
"""Samples with more than ``MANY`` runs at a point are tried with this many."""


def shortened(command: str) -> list[str]:
    """Return a command's arguments, with few runs where it asks for many."""
    words = shlex.split(command)[1:]
    for at, word in enumerate(words[:-1]):
        if word in ("--replicates", "-n") and int(words[at + 1]) > MANY:
            words[at + 1] = str(FEW)
    return words


def run(command: str) -> tuple[int, str]:
    """Return a command's exit code and what it printed."""
    printed, code = io.StringIO(), 0
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            main(shortened(command))
        except SystemExit as end:
            code = int(end.code or 0)
    return code, printed.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_python_samples_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every Python sample runs by itself and prints something."""
    monkeypatch.chdir(tmp_path)
    for body in blocks(page, "python"):
        exec(compile(body, str(page), "exec"), {"__name__": "__main__"})
        assert capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of a page runs, in order and in one folder; what serves a page, up to that."""
    monkeypatch.chdir(tmp_path)
    view = "experiments.commands.view"
    monkeypatch.setattr(f"{view}.serve", lambda _asked, _host, _port, ready: ready())
    monkeypatch.setattr(f"{view}.open_browser", lambda *_: None)
    for line in [*typed_lines(page), *inline_commands(page)]:
        if line.startswith("offramp "):
            found, printed = run(line)
            assert found == 0, f"{line}\n{printed}"
            assert printed


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_has_its_targets(page: Path) -> None:
    """Every `make` that a page asks for is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.M))
    asked = [line for line in typed_lines(page) if line.startswith("make ")]
    asked += [span for span in spans(prose(page)) if span.startswith("make ")]
    assert {line.split()[1] for line in asked} <= targets


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_shell_samples_hold_nothing_else(page: Path) -> None:
    """A shell sample is a command of Offramp or make, so that none goes unchecked."""
    assert [line for line in typed_lines(page) if not line.startswith(("offramp ", "make "))] == []


def test_readme_begins_with_the_two_commands() -> None:
    """The first sample of the README is what a new reader needs: make demo, make test."""
    assert typed_lines(README)[:2] == ["make demo", "make test"]


# Links


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the project or to a heading has its target."""
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors(target), f"{link}: there is no such heading"


@pytest.mark.parametrize("page", (ODD, DESIGN), ids=name_of)
def test_sources_are_in_the_bibliography(page: Path) -> None:
    """Every source that is cited by author and year stands in the bibliography."""
    entries = read(BIBLIOGRAPHY).split("\n- ")[1:]
    found = cited(page)
    assert len(found) >= 3
    for author, year in found:
        assert any(author in entry and year in entry for entry in entries), f"{author} {year}"


# Figures


def test_figures_are_made() -> None:
    """Every figure of the documents can be made by name, is made, and none is made for nothing."""
    marked = [m for page in PAGES for m in refresh.BLOCK.finditer(read(page))]
    assert {match[2] for match in marked} == set(refresh.FIGURES)
    opened = sum(read(page).count("<!-- figure:") for page in PAGES)
    assert len(marked) == opened
    for match in marked:
        assert len(match[0].splitlines()) > 2, f"{match[2]} is empty: run docs/figures/refresh.py"
        assert "Not yet made" not in match[0], f"{match[2]}: run docs/figures/refresh.py"


@pytest.mark.parametrize("row", (0, 1, 2), ids=("soleimani", "al-asad", "thirty-dead"))
def test_headline_is_what_the_model_gives(row: int) -> None:
    """On other luck too an ensemble ends as the README tells, within the intervals of both."""
    start, overrides = (
        ("soleimani", {}),
        ("al-asad", {}),
        ("al-asad", {"al-asad.deaths": 30}),
    )[row]
    cell = next(table for table in tables(README) if table[0][0].startswith("the run is free"))
    told = float(cell[1 + row][1].split(" %")[0]) / 100.0
    crisis = load_crisis("january-2020")
    ended = [
        CrisisModel(crisis=crisis, start=start, overrides=overrides, replicate=k, rng=1)
        .run_to_end()
        .outcome
        for k in range(120)
    ]
    now = shares(ended, ["off_ramp"])["off_ramp"]
    assert now.low - 0.02 <= told <= now.high + 0.02, f"README: {told:.0%}, now {now}"
