"""Makes runs of finished results again and compares their rows cell by cell."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from experiments.designs.design import Design
from experiments.executors.chunk import Executor, Finished
from experiments.executors.dispatch import run_design
from experiments.identity import versions
from experiments.storage.journal import last_commit
from experiments.storage.manifest import git_state, needed_manifest
from experiments.storage.reading import changed_since_written, finished, stored_rows
from experiments.storage.remade import design_of_manifest, spec_of
from experiments.storage.schema import header, journal_path, row
from experiments.storage.store import differing

type Row = dict[str, str]


class Mismatch(NamedTuple):
    """A cell that came out otherwise; ``line`` counts rows from 1, the head not included."""

    line: int
    column: str
    written: str
    found: str


@dataclass
class Verdict:
    """What came of a verification: how many rows were made again, and what was not as written.

    ``changed`` says that the file's checksum is not the one in its manifest; ``versions`` name
    what is not as it was when the results were made.
    """

    rows: int
    checked: int = 0
    changed: bool = False
    mismatches: list[Mismatch] = field(default_factory=list)
    versions: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """True if everything is as it was written."""
        return not self.changed and not self.mismatches


def verify(
    path: Path,
    runs: int,
    seed: int,
    *,
    executor: Executor,
    progress: Callable[[int, int | None], None] | None = None,
) -> Verdict:
    """Make ``runs`` rows again, chosen at random by ``seed``, and compare every cell as text.

    Raises:
        InputError: if there are no results with a manifest, or their design cannot be made anew.
    """
    manifest = needed_manifest(path)
    design = design_of_manifest(manifest, _rows(path))
    total = sum(1 for _ in _rows(path))
    changed = changed_since_written(path) or (finished(path) and total != manifest.get("rows"))
    verdict = Verdict(total, changed=changed, versions=_other(manifest))
    chosen = _chosen(path, total, runs, seed)
    specs = (spec_of(design, written) for _, written in chosen)
    found = run_design(design, executor=executor, specs=specs)
    for (line, written), run in zip(chosen, found, strict=True):
        verdict.mismatches += _compared(design, line, written, run)
        verdict.checked += 1
        if progress is not None:
            progress(verdict.checked, None)
    return verdict


def _rows(path: Path) -> Iterator[Row]:
    """Yield the rows that are safely written."""
    rows = stored_rows(path)
    if finished(path):
        return rows
    committed = last_commit(journal_path(path)).rows
    return (written for written, _ in zip(rows, range(committed), strict=False))


def _chosen(path: Path, total: int, runs: int, seed: int) -> Sequence[tuple[int, Row]]:
    lines = set(random.Random(seed).sample(range(1, total + 1), min(runs, total)))
    return [(line, found) for line, found in enumerate(_rows(path), start=1) if line in lines]


def _other(manifest: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the versions that differ, then and now."""
    here, then = versions(), manifest.get("versions", {})
    names = differing(then, here)
    found = {name: (str(then.get(name, "none")), str(here[name])) for name in names}
    commits = [told["commit"][:12] for told in (manifest.get("git"), git_state(_HERE)) if told]
    if len(set(commits)) > 1:
        found["commit"] = (commits[0], commits[1])
    return found


_HERE = Path(__file__).resolve().parent


def _compared(design: Design, line: int, written: Row, run: Finished) -> Iterator[Mismatch]:
    if run.outcome is None:
        yield Mismatch(line, "outcome", written["outcome"], f"the run fails: {run.error}")
        return
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(row(design, run))
    cells = next(csv.reader(io.StringIO(text.getvalue())))
    for column, found in zip(header(design), cells, strict=True):
        if written[column] != found:
            yield Mismatch(line, column, written[column], found)
