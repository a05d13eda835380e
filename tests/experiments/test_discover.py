"""Discovery: known regions are found, nothing is made of noise, and commands tell the runs."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from experiments.designs.axis import Axis, listing, parse_axis
from experiments.designs.design import make_design, parse_settings
from experiments.discovery.boxes import Box, Limit, find_box, gain, inside, judge, overall
from experiments.discovery.cases import Cases, read_cases
from experiments.discovery.page import page_of
from experiments.discovery.sentences import about_box, about_tree
from experiments.discovery.tree import grow
from experiments.discovery.worst import worst_runs
from experiments.executors.chunk import Chunk, Finished, Frame
from experiments.executors.dispatch import run_design
from experiments.explanation.explain import run_once
from experiments.metrics import METRICS
from experiments.storage.reading import read_results
from experiments.sweep import run_sweep
from sim.crisis_file import crisis_text, load_crisis
from sim.errors import InputError
from sim.outcome import Outcome

Command = Callable[..., tuple[int, str, str]]
AXES = (parse_axis("honour=0:2"), parse_axis("threats=0:2"), parse_axis("choice_precision=0:4"))
LABELS = listing("place.north-fort.target_class", ("military", "leadership", "civilian"))
WAR = METRICS["war"]


def template() -> Outcome:
    """Return an outcome to write other numbers into."""
    run = next(run_design(make_design(load_crisis("two-states"), replicates=1)))
    assert run.outcome is not None
    return run.outcome._replace(outcome="off_ramp", deaths=0)


OUTCOME = template()


def luck(spec: object) -> float:
    """Return a number in [0, 1) that is the run's own."""
    return hashlib.blake2b(repr(spec).encode(), digest_size=1).digest()[0] / 256.0


def ended(spec: object, inside: bool) -> Finished:
    """Return a run that ends in war nine times in ten inside a region, once in thirty outside."""
    war = luck(spec) < (0.9 if inside else 0.033)
    outcome = OUTCOME._replace(outcome="war" if war else "off_ramp", deaths=200 if war else 1)
    return Finished(spec, "0" * 16, outcome)  # type: ignore[arg-type]


def region(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Make war where honour is above 1.2 and threats are below 0.6."""
    for spec in chunk:
        honour, threats, _ = (float(value) for _, value in spec.settings)
        yield ended(spec, honour > 1.2 and threats < 0.6)


def labelled(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Make war where the target is civilian and honour is above 1."""
    for spec in chunk:
        settings = dict(spec.settings)
        civilian = settings["place.north-fort.target_class"] == "civilian"
        yield ended(spec, civilian and float(settings["honour"]) > 1.0)


def noise(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Make war anywhere, once in ten."""
    for spec in chunk:
        war = luck(spec) < 0.1
        yield Finished(spec, "0" * 16, OUTCOME._replace(outcome="war" if war else "off_ramp"))


def peace(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Make no war at all."""
    return (Finished(spec, "0" * 16, OUTCOME) for spec in chunk)


def swept(path: Path, work: object, axes: tuple[Axis, ...] = AXES, samples: int = 300) -> Cases:
    """Return the cases of a sampled sweep whose outcomes are made up."""
    crisis = load_crisis("two-states")
    design = make_design(crisis, kind="latin-hypercube", samples=samples, replicates=8, axes=axes)
    run_sweep(design, path, work=work)  # type: ignore[arg-type]
    return read_cases([path], WAR)


def test_a_known_region_is_found(tmp_path: Path) -> None:
    """The box' ends are those of the region within a twentieth, and it needs no third key."""
    cases = swept(tmp_path / "rows.csv", region)
    box = find_box(cases)
    assert box is not None
    found = {limit.key: limit for limit in box.limits}
    assert set(found) == {"honour", "threats"}
    assert found["honour"].low == pytest.approx(1.2, abs=0.1)
    assert found["honour"].high is None
    assert found["threats"].high == pytest.approx(0.6, abs=0.1)
    assert found["threats"].low is None
    assert box.judged.density.value > 0.7
    assert box.judged.coverage > 0.6
    assert "honour is 1." in about_box(cases, box)


def test_figures_are_of_the_points_held_out(tmp_path: Path) -> None:
    """Density and coverage are counted over the half that the box was not made from."""
    cases = swept(tmp_path / "rows.csv", region)
    box = find_box(cases)
    assert box is not None
    held = ~cases.fitted
    within = inside(box.limits, cases.settings) & held
    assert box.judged.runs == within.sum()
    assert box.judged.density.value == pytest.approx(cases.case[within].mean())
    assert box.judged.coverage == pytest.approx(cases.case[within].sum() / cases.case[held].sum())
    halves = cases.frame.assign(fitted=cases.fitted).groupby(list(cases.keys))["fitted"]
    assert (halves.nunique() == 1).all()


def test_labels_are_told_as_labels(tmp_path: Path) -> None:
    """A region of a label and a range names both."""
    cases = swept(tmp_path / "rows.csv", labelled, (LABELS, AXES[0], AXES[1]))
    box = find_box(cases)
    assert box is not None
    found = {limit.key: limit for limit in box.limits}
    assert found[LABELS.key].labels == ("civilian",)
    assert found["honour"].low == pytest.approx(1.0, abs=0.1)
    assert f"{LABELS.key} is civilian" in about_box(cases, box)
    best = grow(cases)[0]
    assert {limit.key: limit.labels for limit in best.limits}[LABELS.key] == ("civilian",)


def test_nothing_is_made_of_noise(tmp_path: Path) -> None:
    """Where wars fall anywhere there is no region, and the sentence says so."""
    cases = swept(tmp_path / "rows.csv", noise)
    box = find_box(cases)
    assert box is None
    assert "No region was found" in about_box(cases, box)
    told = about_tree(cases, grow(cases))
    assert "hance alone can give as much" in told or "No split" in told


def test_without_any_war_there_is_nothing_to_find(tmp_path: Path) -> None:
    """No war at all: a plain sentence, no box, a tree of one leaf, a page without plots."""
    cases = swept(tmp_path / "rows.csv", peace, samples=30)
    box, leaves = find_box(cases), grow(cases)
    assert (box, len(leaves)) == (None, 1)
    assert "none ended in war: there is nothing to find" in about_box(cases, box)
    page = page_of(cases, box, leaves, worst_runs(cases))
    assert page.cards == []


def test_the_tree_parts_the_whole_space(tmp_path: Path) -> None:
    """Every run lies in one leaf; the densest is the region."""
    cases = swept(tmp_path / "rows.csv", region)
    leaves = grow(cases)
    counts = sum(inside(leaf.limits, cases.settings).astype(int) for leaf in leaves)
    assert np.all(counts == 1)
    assert leaves[0].judged.density.value > 0.7
    assert {limit.key for limit in leaves[0].limits} == {"honour", "threats"}


def test_a_number_is_a_case_from_its_threshold_on(tmp_path: Path) -> None:
    """Deaths of 100 or more are the wars here; a share takes no threshold."""
    path = tmp_path / "rows.csv"
    wars = swept(path, region)
    deaths = read_cases([path], METRICS["deaths"], 100.0)
    assert np.array_equal(deaths.case, wars.case)
    assert deaths.happened == "had deaths of 100 or more"
    with pytest.raises(InputError, match="takes no --threshold"):
        read_cases([path], WAR, 0.5)


def test_gains_are_taken_replicate_by_replicate(tmp_path: Path) -> None:
    """The gain of a part over the whole is the mean over replicates of the gap, by hand."""
    cases = swept(tmp_path / "rows.csv", region)
    part = inside((Limit("honour", low=1.2),), cases.settings)
    whole = np.ones_like(part)
    held = ~cases.fitted
    gaps = [
        cases.case[held & part & (cases.luck == k)].mean()
        - cases.case[held & (cases.luck == k)].mean()
        for k in range(8)
    ]
    assert gain(cases, part, whole).value == pytest.approx(np.mean(gaps))
    assert overall(cases).coverage == judge(cases, whole).mass == 1.0


def test_the_commands_tell_the_very_runs(tmp_path: Path, offramp: Command) -> None:
    """The command of each of the five worst runs makes that run: its outcome is the row's."""
    path = tmp_path / "rows.csv"
    axes = (AXES[0], parse_axis("choice_precision=0.5:4"), LABELS)
    design = make_design(
        load_crisis("two-states"), kind="sobol", samples=8, replicates=4, axes=axes, seed=5
    )
    run_sweep(design, path)
    worst = worst_runs(read_cases([path], WAR))
    frame = read_results(path)
    assert len(worst) == min(5, 4 * 8)
    assert worst[0].row["peak_rung"] == frame["peak_rung"].max()
    for run in worst[:2]:
        words = shlex.split(run.command)
        code, out, _ = offramp(*words[1:], "--json")
        assert code == 0
        assert len(json.loads(out)) == run.row["events"]
        again = run_once(design, int(run.row["replicate"]), _settings(words))
        assert again.outcome.deaths == run.row["deaths"]
        assert again.outcome.acts == run.row["acts"]


def _settings(words: list[str]) -> tuple[tuple[str, float | str], ...]:
    return parse_settings([words[i + 1] for i, word in enumerate(words) if word == "--set"])


def test_a_crisis_of_ones_own_is_not_named_as_a_shipped_one(tmp_path: Path) -> None:
    """Where the file differs from the shipped crisis, the command says so rather than mislead."""
    own = tmp_path / "own.toml"
    own.write_text(crisis_text("two-states").replace("horizon", "horizon", 1))
    crisis = load_crisis(str(own))
    changed = crisis.model_copy(update={"title": "Another"})
    path = tmp_path / "rows.csv"
    run_sweep(make_design(changed, replicates=2, axes=(parse_axis("honour=0,1"),)), path)
    worst = worst_runs(read_cases([path], WAR))
    assert all(" CRISIS.toml " in run.command for run in worst)


def test_files_must_be_of_one_crisis_and_the_same_keys(tmp_path: Path) -> None:
    """Unlike keys, and a sweep in which nothing varies, are refused."""
    for name, vary in (("one", "honour=0,1"), ("other", "threats=0,1"), ("none", "")):
        axes = (parse_axis(vary),) if vary else ()
        design = make_design(load_crisis("two-states"), replicates=2, axes=axes)
        run_sweep(design, tmp_path / f"{name}.csv", work=peace)
    with pytest.raises(InputError, match="expected the same keys"):
        read_cases([tmp_path / "one.csv", tmp_path / "other.csv"], WAR)
    with pytest.raises(InputError, match="nothing varies"):
        read_cases([tmp_path / "none.csv"], WAR)


def test_the_command_writes_json_and_a_page(tmp_path: Path, offramp: Command) -> None:
    """The same figures as text, as JSON and as a page with a sentence below every plot."""
    path, page = tmp_path / "rows.csv", tmp_path / "page.html"
    cases = swept(path, region)
    code, out, err = offramp("discover", path, "--out", page)
    assert (code, err) == (0, "")
    assert "Runs that ended in war gather where" in " ".join(out.split())
    text = page.read_text()
    assert text.count("<figcaption>") == text.count('class="plotly-graph-div"') == 3
    code, out, _ = offramp("discover", path, "--json")
    told = json.loads(out)
    box = find_box(cases)
    assert isinstance(box, Box)
    assert told["box"]["density"]["value"] == pytest.approx(box.judged.density.value)
    assert len(told["worst"]) == 5


def test_few_points_are_warned_of(tmp_path: Path) -> None:
    """Half of a handful of points judges nothing, and the notes say so."""
    path = tmp_path / "rows.csv"
    design = make_design(load_crisis("two-states"), replicates=3, axes=(parse_axis("honour=0,1"),))
    run_sweep(design, path, work=peace)
    assert any("too few to find a region" in note for note in read_cases([path], WAR).notes)
