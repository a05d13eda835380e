"""Designs: ranges and lists, order of runs, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from experiments.designs.axis import Axis, parse_axis
from experiments.designs.design import Design, make_design, parse_settings
from sim.crisis_file import load_crisis
from sim.errors import InputError

TWO_STATES = load_crisis("two-states")


def designed(**changes: Any) -> Design:
    """Return a small design with some of its parts changed."""
    return make_design(TWO_STATES, **{"replicates": 2, **changes})


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("k=0:1:3", (0.0, 0.5, 1.0)),
        ("k=0:0.3:4", (0.0, 0.1, 0.2, 0.3)),
        ("k=1:0:2", (1.0, 0.0)),
        ("k=3,1,2", (3.0, 1.0, 2.0)),
        ("k=5", (5.0,)),
        ("channel.a.b.open=true,false", ("true", "false")),
    ],
)
def test_axis_texts_mean_values(text: str, values: tuple[float, ...]) -> None:
    """LOW:HIGH:STEPS is evenly spaced with both ends; a list is itself, in its order."""
    assert parse_axis(text).levels == values


@given(st.floats(-1e3, 1e3), st.floats(0.5, 1e3), st.integers(2, 50))
@example(-512.998046875, 513.0, 2)
def test_ranges_hold_their_ends_and_rise(low: float, width: float, steps: int) -> None:
    """A range has as many values as steps, from its low to its high end, rising."""
    low, high = float(f"{low:.6g}"), float(f"{low + width:.6g}")
    values = parse_axis(f"k={low!r}:{high!r}:{steps}").levels
    assert len(values) == steps
    assert (values[0], values[-1]) == (low, high)
    assert list(values) == sorted(values)


@pytest.mark.parametrize(
    "text",
    ["k", "k=", "=1", "k=1:0", "k=0:1:1", "k=0:1:0", "k=0:1:x", "k=0:1:2.5", "k=a:b", "k=1,",
     "k=nan", "k=0:inf:3", "k=0:1:-3", "k=1,1", "k=0:0:3", "k=0:1:9999999", "k=0:1:2:3"],
)  # fmt: skip
def test_malformed_axes_are_refused(text: str) -> None:
    """What is neither a range nor a list of finite, different numbers is refused with its text."""
    with pytest.raises(InputError) as refusal:
        parse_axis(text)
    assert text.partition("=")[0] in str(refusal.value)


def test_runs_come_in_one_order() -> None:
    """The last axis changes fastest among points, and replicates change fastest of all."""
    axes = (Axis("honour", (0.0, 1.0)), Axis("threats", (0.0, 2.0)))
    design = designed(axes=axes, fixed=(("warning", 0.5),))
    runs = list(design.runs())
    assert len(runs) == design.size == 8
    points = [tuple(value for _, value in run.settings) for run in runs[::2]]
    assert points == [(0, 0, 0.5), (0, 2, 0.5), (1, 0, 0.5), (1, 2, 0.5)]
    assert [run.replicate for run in runs] == [0, 1] * 4


def test_keys_and_labels_get_their_own_name() -> None:
    """What may be written two ways has one name in results, that of the key list."""
    design = designed(axes=(Axis("channel.island.north.open", (0.0, "TRUE")),))
    assert design.keys == ("channel.north.island.open",)
    assert list(design.points) == [("false",), ("true",)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"replicates": 0}, "replicates is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"start": "shellin"}, "shelling"),
        ({"axes": (Axis("honor", (1.0,)),)}, "honour"),
        ({"axes": (Axis("honour", (11.0,)),)}, "honour"),
        ({"fixed": (("shelling.deaths", 1.5),)}, "whole"),
        ({"axes": (Axis("honour", (1.0,)),), "fixed": (("honour", 1.0),)}, "more than once"),
    ],
)
def test_designs_that_do_not_fit_the_crisis_are_refused(
    changes: dict[str, Any], message: str
) -> None:
    """Unknown keys and starts, values out of range and repeated keys are refused by name."""
    with pytest.raises(InputError, match=message):
        designed(**changes)


def test_a_digest_tells_designs_apart() -> None:
    """Whatever changes the rows changes the digest; the same design has the same one."""
    base = designed(axes=(parse_axis("honour=0:1:3"),))
    others = [
        designed(axes=(parse_axis("honour=0:1:4"),)),
        designed(axes=(parse_axis("honour=0:1:3"),), seed=1),
        designed(axes=(parse_axis("honour=0:1:3"),), replicates=3),
        designed(axes=(parse_axis("honour=0:1:3"),), fixed=parse_settings(["threats=0"])),
    ]
    assert base.digest() == designed(axes=(parse_axis("honour=0:1:3"),)).digest()
    assert len({design.digest() for design in (base, *others)}) == 5
