"""Remakes the small results that are kept in git: python -m experiments.reference [FOLDER].

They are the baseline of the whole chain from crisis file to CSV: a change of any byte is a change
of results, and has to be meant.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from experiments.designs.axis import parse_axis
from experiments.designs.design import Design, make_design
from experiments.sweep import run_sweep
from sim.crisis_file import load_crisis

FOLDER = Path(__file__).resolve().parent.parent / "results" / "reference"


class Reference(NamedTuple):
    """One small sweep: the stem of its file, its crisis, start, varied keys and replicates."""

    name: str
    crisis: str
    start: str | None
    vary: tuple[str, ...]
    replicates: int


REFERENCES = (
    Reference("january-2020-soleimani", "january-2020", "soleimani", (), 40),
    Reference("january-2020-al-asad", "january-2020", "al-asad", (), 40),
    Reference("january-2020-deaths", "january-2020", "al-asad", ("al-asad.deaths=0:30:4",), 20),
    Reference("two-states", "two-states", None, (), 40),
)


def design_of(reference: Reference) -> Design:
    """Return the design of a reference sweep; its seed is 0."""
    return make_design(
        load_crisis(reference.crisis),
        start=reference.start,
        replicates=reference.replicates,
        axes=tuple(parse_axis(text) for text in reference.vary),
    )


def make(reference: Reference, folder: Path) -> Path:
    """Run a reference sweep and put its rows, without a manifest, in the folder; return the file.

    An older file of that name is replaced in one step.
    """
    target = folder / f"{reference.name}.csv"
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        made = Path(temporary) / target.name
        report = run_sweep(design_of(reference), made)
        if not report.complete:
            raise RuntimeError(f"{reference.name}: {report.failures} runs failed")
        made.replace(target)
    return target


def main(folder: Path) -> None:
    """Remake every reference in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for reference in REFERENCES:
        print(make(reference, folder).name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
