"""The results kept in git: made again, they are the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.reference import FOLDER, REFERENCES, Reference, make


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.name)
def test_reference_results_are_reproduced(reference: Reference, tmp_path: Path) -> None:
    """A reference sweep gives the bytes in git; where it must not, `experiments.reference` remakes
    them and the changelog says why."""
    kept = FOLDER / f"{reference.name}.csv"
    if not kept.exists():
        pytest.skip(f"{kept.name} has not been made yet")
    assert make(reference, tmp_path).read_bytes() == kept.read_bytes()
