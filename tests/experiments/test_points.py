"""Where designs make runs: kinds, labels, whole numbers, order, and what is refused."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.designs.axis import Axis, listing, parse_axis, spanning, stepped
from experiments.designs.design import Design, make_design
from experiments.designs.points import SAMPLED, Grid, read_table
from sim.crisis_file import load_crisis
from sim.errors import InputError

TWO_STATES = load_crisis("two-states")
RANGES = (
    spanning("honour", 0.5, 2.0),
    spanning("shelling.deaths", 0, 3),
    listing("channel.north.island.open", ("true", "false")),
)


def designed(**changes: Any) -> Design:
    """Return a small design with some of its parts changed."""
    return make_design(TWO_STATES, **{"replicates": 2, "axes": RANGES, **changes})


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_a_grid_is_every_combination_in_order(sizes: list[int]) -> None:
    """Its points are the product of the levels, the last changing fastest, found by number."""
    axes = [Axis(f"k{i}", tuple(float(n) for n in range(size))) for i, size in enumerate(sizes)]
    grid = Grid(axes)
    points = [tuple(float(n) for n in at) for at in np.ndindex(*sizes)]
    assert list(grid) == points
    assert len(grid) == len(points)
    assert grid[-1] == points[-1]
    assert list(grid[1:3]) == points[1:3]
    with pytest.raises(IndexError):
        grid[len(grid)]


def test_a_huge_grid_costs_no_memory() -> None:
    """Ten million points are made when they are asked for; the last run is found at once."""
    axes = tuple(stepped(key, 0, 1, 215) for key in ("honour", "threats", "warning"))
    design = designed(axes=axes, replicates=1)
    assert design.size == 215**3
    (last,) = design.runs(design.size - 1)
    assert dict(last.settings) == {"honour": 1.0, "threats": 1.0, "warning": 1.0}


def test_one_at_a_time_changes_one_key_from_the_crisis() -> None:
    """The first point is the crisis as it is; every other differs from it in one key."""
    axes = (listing("honour", (0.0, 2.0)), listing("shelling.deaths", (0.0, 30.0)))
    first, *others = designed(kind="one-at-a-time", axes=axes).points
    assert first == (1.0, float(TWO_STATES.event("shelling").deaths))
    assert len(others) == 4
    assert all(sum(a != b for a, b in zip(first, other, strict=True)) == 1 for other in others)


@pytest.mark.parametrize("kind", SAMPLED)
def test_samples_stay_in_range_and_keep_kinds_of_values(kind: str) -> None:
    """Numbers lie in their range, whole ones are whole, labels are labels; each end is reached."""
    design = designed(kind=kind, samples=32)
    honour, deaths, channel = zip(*design.points, strict=True)
    assert 0.5 <= min(honour) < 0.75 and 1.75 < max(honour) <= 2.0
    assert set(deaths) <= {0.0, 1.0, 2.0, 3.0} and len(set(deaths)) > 1
    assert set(channel) == {"true", "false"}


@pytest.mark.parametrize("kind", SAMPLED)
def test_samples_follow_from_the_seed(kind: str) -> None:
    """The same seed gives the same points, another seed others, and the digest tells them apart."""
    one, same, other = (designed(kind=kind, samples=16, seed=seed) for seed in (1, 1, 2))
    assert one.points == same.points != other.points
    assert one.digest() == same.digest() != other.digest()


def test_a_latin_hypercube_fills_each_axis_evenly() -> None:
    """Each of n equal parts of a range holds one of n points; whole numbers get equal parts."""
    points = designed(kind="latin-hypercube", samples=40).points
    bins = Counter(int((float(point[0]) - 0.5) / 1.5 * 40) for point in points)
    assert set(bins.values()) == {1}
    assert Counter(point[1] for point in points) == dict.fromkeys((0.0, 1.0, 2.0, 3.0), 10)


def test_saltelli_and_morris_have_their_sizes_and_steps() -> None:
    """Saltelli makes n (keys + 2) points; Morris n trajectories that change a key at a time."""
    assert len(designed(kind="saltelli", samples=8).points) == 8 * 5
    axes = (spanning("honour", 0, 1), spanning("threats", 0, 1), spanning("warning", 0, 1))
    points = designed(kind="morris", samples=6, axes=axes).points
    assert len(points) == 6 * 4
    for at in range(0, len(points), 4):
        for before, after in pairwise(points[at : at + 4]):
            assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_a_table_is_taken_as_it_stands(tmp_path: Path) -> None:
    """Points come in the order of the rows, labels as labels."""
    path = tmp_path / "points.csv"
    path.write_text("honour,channel.island.north.open\n2,TRUE\n0.5,false\n2,false\n")
    design = designed(axes=(), table=read_table(path))
    assert design.kind == "table"
    assert design.varied == ("honour", "channel.north.island.open")
    assert list(design.points) == [(2.0, "true"), (0.5, "false"), (2.0, "false")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no points"),
        ("honour\n", "has no points"),
        ("honour,threats\n1\n", "line 2, has 1 values, expected 2"),
        ("honour\n1\n\n2\n", "line 3, has 0 values, expected 1"),
        ("honour\nnan\n", "line 2: honour = nan; expected a finite number"),
        ("honor\n1\n", "honour"),
        ("honour\n99\n", "honour = 99 is out of range"),
        ("honour\nhigh\n", "honour = 'high' is not a number"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """The refusal names line or key, value and what was expected."""
    path = tmp_path / "points.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        designed(axes=(), table=read_table(path))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "latin"}, "latin-hypercube"),
        ({"kind": "sobol"}, "samples is 0 for a sobol design, expected 1 or more"),
        ({"kind": "sobol", "samples": 12}, "power of two.*8 or 16"),
        ({"kind": "saltelli", "samples": 100}, "power of two.*64 or 128"),
        ({"samples": 8}, "a grid design takes none"),
        ({}, "'honour' is a range without steps"),
        ({"kind": "one-at-a-time"}, "honour=0.5:2:STEPS"),
        ({"kind": "morris", "samples": 4, "axes": ()}, "varies nothing"),
        ({"axes": (parse_axis("channel.north.island.open=0:1"),)}, "takes labels, not a range"),
        ({"axes": (listing("channel.north.island.open", ("open",)),)}, "expected one of false"),
        ({"table": (("threats",), [(1.0,)])}, "'honour' cannot be varied besides"),
        ({"axes": (stepped("shelling.deaths", 0, 3, 5),)}, "0.75 is not whole"),
    ],
)
def test_designs_that_cannot_be_made_are_refused(changes: dict[str, Any], message: str) -> None:
    """A kind, number of samples or axis that does not fit is refused by name."""
    with pytest.raises(InputError, match=message):
        designed(**changes)
