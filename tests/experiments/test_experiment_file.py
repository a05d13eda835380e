"""Experiments as files: what they mean, that those shipped can be run, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.commands.asked import Asked, design_of
from experiments.designs.design import Until
from experiments.designs.experiment_file import load_experiment, shipped_experiments
from experiments.metrics import METRICS
from sim.crisis_file import crisis_text
from sim.errors import InputError

SHIPPED = list(shipped_experiments().values())

Command = Callable[..., tuple[int, str, str]]

TEXT = """
crisis = "two-states"
title = "A title"
replicates = 7
seed = 3
metrics = ["war", "deaths"]
[vary]
honour = { low = 0, high = 1, steps = 3 }
"channel.north.island.open" = [true, false]
"shelling.target_class" = ["military", "civilian"]
[set]
threats = 0.5
"""


def written(folder: Path, text: str) -> str:
    """Return the path of a file with this text."""
    path = folder / "mine.toml"
    path.write_text(text)
    return str(path)


def test_a_file_means_its_design(tmp_path: Path) -> None:
    """Keys, levels, labels, fixed values, replicates, seed and the crisis' text are the file's."""
    design = design_of(written(tmp_path, TEXT), Asked())
    assert design.crisis.name == "two-states"
    assert (design.replicates, design.seed, design.kind) == (7, 3, "grid")
    assert design.varied == ("honour", "channel.north.island.open", "shelling.target_class")
    assert design.points[0] == (0.0, "true", "military")
    assert len(design.points) == 12
    assert design.fixed == (("threats", 0.5),)
    assert design.crisis_text == crisis_text("two-states")


def test_options_go_before_the_file(tmp_path: Path) -> None:
    """What the user says on the command line replaces what the file says."""
    asked = Asked(vary=("warning=0,1",), settings=("threats=1",), replicates=2, seed=0)
    design = design_of(written(tmp_path, TEXT), asked)
    assert (design.replicates, design.seed, design.varied) == (2, 0, ("warning",))
    assert design.fixed == (("threats", 1.0),)


def test_stopping_rules_are_read(tmp_path: Path) -> None:
    """[until] asks for an interval; options narrow it; without either --metric says nothing."""
    path = written(tmp_path, TEXT + '[until]\nmetric = "war"\nci = 0.05\nmost = 500\n')
    assert design_of(path, Asked()).until == Until("war", 0.05, 500)
    assert design_of(path, Asked(until_ci=0.1)).until == Until("war", 0.1, 500)
    assert design_of("two-states", Asked(until_ci=0.1)).until == Until("off_ramp", 0.1)
    with pytest.raises(InputError, match="--metric war says nothing without --until-ci"):
        design_of("two-states", Asked(metric="war"))


def test_a_table_stands_beside_its_file(tmp_path: Path) -> None:
    """A table of points and a crisis of one's own are found beside the file that names them."""
    (tmp_path / "points.csv").write_text("honour\n0\n2\n")
    (tmp_path / "own.toml").write_text(crisis_text("two-states"))
    design = design_of(written(tmp_path, 'crisis = "own.toml"\ntable = "points.csv"\n'), Asked())
    assert list(design.points) == [(0.0,), (2.0,)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_experiments_are_sound(path: Path) -> None:
    """Each asks a question in words, has metrics, and a design that fits its crisis."""
    experiment = load_experiment(path)
    assert experiment.title and experiment.question.endswith("?")
    assert set(experiment.metrics) <= set(METRICS)
    assert design_of(str(path), Asked()).size >= 1000


def test_five_experiments_are_shipped() -> None:
    """The five questions of the mission have their experiments."""
    assert len(SHIPPED) == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('crisis = "two-stats"', "two-states"),
        ('replicate = 5\ncrisis = "two-states"', "mine.toml: replicate = 5.*replicates"),
        ('crisis = "two-states"\nreplicates = "many"', "replicates = 'many'"),
        ('crisis = "two-states"\nmetrics = ["wars"]', "'wars' is no metric.*war"),
        ('crisis = "two-states"\n[vary]\nhonour = []', "vary.honour"),
        ('crisis = "two-states"\n[vary]\nhonour = { low = 0 }', "vary.honour.*high"),
        ('crisis = "two-states"\n[vary]\nhonour = { low = 1, high = 0, steps = 0 }', "steps"),
        ('crisis = "two-states"\n[vary]\nhonour = [0, 99]', "honour = 99 is out of range"),
        ('crisis = "two-states"\n[until]\nmetric = "war"\nci = 0', "until.ci = 0"),
        ('crisis = "two-states"\ntable = "none.csv"', "there is no file"),
        ("crisis = ", "TOML"),
    ],
)
def test_a_wrong_experiment_is_refused(tmp_path: Path, change: str, message: str) -> None:
    """The refusal names the key, the value and what was expected."""
    with pytest.raises(InputError, match=message):
        design_of(written(tmp_path, change), Asked())


def test_shipped_experiments_run_by_name() -> None:
    """An experiment's name stands for its file, and options go before what it says."""
    design = design_of("threat-credibility", Asked(replicates=3))
    assert (design.varied, design.replicates) == (("threat_credibility",), 3)
    assert design.metrics == load_experiment(shipped_experiments()["threat-credibility"]).metrics


def test_shipped_experiments_are_listed(offramp: Command) -> None:
    """The list names every experiment with its question."""
    code, out, _ = offramp("experiments", "--json")
    listed = json.loads(out)
    assert code == 0
    assert [entry["name"] for entry in listed] == list(shipped_experiments())
    assert len(listed) >= 5
    assert all(entry["question"].endswith("?") for entry in listed)
