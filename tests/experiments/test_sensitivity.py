"""Sensitivity: SALib's indices of the exported rows, known answers, and what is refused."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris, sobol
from SALib.sample import morris as morris_sample

from experiments.designs.axis import parse_axis
from experiments.designs.design import Design, make_design
from experiments.executors.chunk import Chunk, Finished, Frame
from experiments.metrics import METRICS
from experiments.sensitivity import sentences
from experiments.sensitivity.indices import RESAMPLES, SEED, Analysis, analyse
from experiments.sensitivity.page import page_of
from experiments.sensitivity.sampled import read_sampled
from experiments.storage.schema import manifest_path
from experiments.sweep import run_sweep
from sim.crisis_file import load_crisis
from sim.errors import InputError
from sim.outcome import Outcome

Command = Callable[..., tuple[int, str, str]]
KEYS = ("choice_precision=0:4", "honour=0:2", "threats=0:2")
NAMES = ["choice_precision", "honour", "threats"]
DEATHS = METRICS["deaths"]


def designed(kind: str = "saltelli", samples: int = 16, replicates: int = 4) -> Design:
    """Return a design over three keys of the two states."""
    axes = tuple(parse_axis(key) for key in KEYS)
    crisis = load_crisis("two-states")
    return make_design(crisis, kind=kind, samples=samples, replicates=replicates, axes=axes)


def template() -> Outcome:
    """Return an outcome to write other numbers into."""
    design = make_design(load_crisis("two-states"), replicates=1)
    from experiments.executors.dispatch import run_design  # noqa: PLC0415

    run = next(run_design(design))
    assert run.outcome is not None
    return run.outcome


OUTCOME = template()


def known(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Give each run deaths that are a known function of its settings, and luck of its replicate.

    Over shares u of the ranges: 100 (4 u1 + 2 u2) + luck: variances 16 : 4 : 0.
    """
    for spec in chunk:
        first, second, _ = (float(value) for _, value in spec.settings)
        deaths = round(100.0 * (4.0 * first / 4.0 + 2.0 * second / 2.0)) + 50 * spec.replicate
        yield Finished(spec, f"{hash(spec) & 0xFFFF:016x}", OUTCOME._replace(deaths=deaths))


def flat(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Give every run the same outcome."""
    return (Finished(spec, "0" * 16, OUTCOME) for spec in chunk)


def failing(frame: Frame, chunk: Chunk) -> Iterator[Finished]:
    """Fail one run."""
    for run in flat(frame, chunk):
        broken = run.spec.replicate == 3
        yield run._replace(outcome=None, error="ValueError: no", trace="a") if broken else run


def analysed(path: Path, metric: str = "deaths") -> Analysis:
    """Return the analysis of one metric."""
    return analyse(read_sampled(path, [METRICS[metric]])[0])


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a real sweep of a Saltelli design."""
    path = tmp_path_factory.mktemp("saltelli") / "rows.csv"
    run_sweep(designed(), path)
    return path


def exported(path: Path, column: str, replicates: int) -> np.ndarray:
    """Return the means of a column over the replicates of each point, as a user would make them."""
    frame = pd.read_csv(path)
    return frame[column].to_numpy(dtype=float).reshape(-1, replicates).mean(axis=1)


def test_sobol_indices_are_salibs_own_on_the_exported_rows(swept: Path) -> None:
    """SALib, given the CSV and the keys alone, says the same to the last digit."""
    problem = {"num_vars": 3, "names": NAMES, "bounds": [[0, 4], [0, 2], [0, 2]]}
    expected = sobol.analyze(
        problem,
        exported(swept, "deaths", 4),
        calc_second_order=False,
        num_resamples=RESAMPLES,
        seed=SEED,
    )
    found = {one.key: one for one in analysed(swept).influences}
    for at, name in enumerate(NAMES):
        one = found[name]
        assert one.first is not None
        assert one.first.value == pytest.approx(expected["S1"][at], abs=1e-12)
        assert one.total.value == pytest.approx(expected["ST"][at], abs=1e-12)
        assert one.first.half_width == pytest.approx(expected["S1_conf"][at], abs=1e-12)
        assert one.total.half_width == pytest.approx(expected["ST_conf"][at], abs=1e-12)


def test_morris_effects_are_salibs_own_on_the_exported_rows(tmp_path: Path) -> None:
    """So for Morris, with the trajectories that SALib makes of the same seed."""
    path = tmp_path / "rows.csv"
    run_sweep(designed("morris", 8), path)
    problem = {"num_vars": 3, "names": NAMES, "bounds": [[0.0, 1.0]] * 3}
    shares = morris_sample.sample(problem, 8, num_levels=4, seed=0)
    expected = morris.analyze(problem, shares, exported(path, "deaths", 4), seed=SEED)
    found = {one.key: one for one in analysed(path).influences}
    for at, name in enumerate(NAMES):
        assert found[name].total.value == pytest.approx(expected["mu_star"][at], abs=1e-12)
        assert found[name].mean == pytest.approx(expected["mu"][at], abs=1e-12)
        assert found[name].spread == pytest.approx(expected["sigma"][at], abs=1e-12)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_known_indices_are_found(tmp_path: Path, suffix: str) -> None:
    """A sum of two keys in proportion 4 to 2 has indices 0.8, 0.2 and 0; shared luck is none."""
    path = tmp_path / f"rows{suffix}"
    run_sweep(designed(samples=128, replicates=2), path, work=known)
    analysis = analysed(path)
    assert [one.key for one in analysis.influences] == NAMES
    for one, index in zip(analysis.influences, (0.8, 0.2, 0.0), strict=True):
        assert one.first is not None
        assert one.first.value == pytest.approx(index, abs=0.05)
        assert one.total.value == pytest.approx(index, abs=0.05)
        assert one.total.low - 1e-9 <= index <= one.total.high + 1e-9
    assert analysis.sampled.luck < 1e-6
    assert "choice_precision matters most" in sentences.leading(analysis)
    assert sentences.unfelt(analysis).startswith("threats cannot be told from a key that does")
    assert analysis.settled
    assert [n for n, _ in analysis.growth] == [16, 32, 64, 128]


def test_known_effects_are_found(tmp_path: Path) -> None:
    """Morris' mean effects of a sum are its slopes, without any spread."""
    path = tmp_path / "rows.csv"
    run_sweep(designed("morris", 12, 2), path, work=known)
    found = {one.key: one for one in analysed(path).influences}
    for name, slope in zip(NAMES, (400.0, 200.0, 0.0), strict=True):
        assert found[name].total.value == pytest.approx(slope, abs=2.0)
        assert found[name].mean == pytest.approx(slope, abs=2.0)
        assert found[name].spread == pytest.approx(0.0, abs=2.0)


def test_nothing_that_changes_has_no_indices(tmp_path: Path, offramp: Command) -> None:
    """Where a metric is the same everywhere there are no numbers, but a sentence, and no NaN."""
    path = tmp_path / "rows.csv"
    run_sweep(designed(samples=4), path, work=flat)
    code, out, _ = offramp("sensitivity", path, "--json", "--metric", "war")
    told = json.loads(out, parse_constant=pytest.fail)
    assert (code, told[0]["keys"]) == (0, {})
    assert "No key makes a difference here" in told[0]["sentences"][0]
    page = page_of([analysed(path, "war")])
    assert page.cards == []
    assert "No key makes a difference" in page.sections[0].text[0]


def test_rows_out_of_order_are_refused(tmp_path: Path) -> None:
    """Indices rest on the order of the points: swapped, missing and added rows are named."""
    path = tmp_path / "rows.csv"
    run_sweep(designed(samples=4), path)
    with path.open(newline="") as file:
        head, *rows = list(csv.reader(file))
    for changed, told in (
        ([rows[1], rows[0], *rows[2:]], "line 2: rows are out of the design's order"),
        (rows[:-1], f"line {len(rows) + 1}: the rows end early"),
        ([*rows, rows[0]], f"line {len(rows) + 2}: a row too many"),
    ):
        with path.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *changed])
        with pytest.raises(InputError, match=told):
            read_sampled(path, [DEATHS])


def test_failed_runs_are_refused_not_left_out(tmp_path: Path, offramp: Command) -> None:
    """An index over the runs that did not fail would be another one."""
    path = tmp_path / "rows.csv"
    run_sweep(designed(samples=4), path, work=failing)
    code, _, err = offramp("sensitivity", path)
    assert (code, err.count("\n")) == (2, 1)
    assert "20 runs of" in err
    assert "--retry-failed" in err


def test_unfinished_sweeps_are_refused(tmp_path: Path) -> None:
    """Half a design has no indices."""
    path = tmp_path / "rows.csv"
    run_sweep(designed(samples=4), path, work=flat)
    manifest = json.loads(manifest_path(path).read_text())
    manifest_path(path).write_text(json.dumps({**manifest, "complete": False}))
    with pytest.raises(InputError, match="is not finished; the command that began it"):
        read_sampled(path, [DEATHS])


def test_other_designs_are_refused(tmp_path: Path) -> None:
    """A grid has no indices; the refusal says which design has."""
    path = tmp_path / "rows.csv"
    axes = (parse_axis("honour=0,1"),)
    run_sweep(make_design(load_crisis("two-states"), replicates=2, axes=axes), path)
    with pytest.raises(InputError, match="expected a sweep with --design saltelli"):
        read_sampled(path, [DEATHS])


def test_metrics_that_runs_lack_are_refused(swept: Path) -> None:
    """A time that some runs never come to has no mean over all; the refusal counts them."""
    with pytest.raises(InputError, match=r"runs? of .* have no time_to_quiet_h"):
        read_sampled(swept, [METRICS["time_to_quiet_h"]])


def test_luck_of_one_replicate_is_told(tmp_path: Path) -> None:
    """With one run a point nobody knows what is luck, and all of it may be."""
    path = tmp_path / "rows.csv"
    run_sweep(designed(samples=8, replicates=1), path)
    analysis = analysed(path)
    assert analysis.sampled.luck == 1.0
    assert "no more than luck over 1 run a point" in sentences.luck(analysis)


def test_the_command_shows_keys_and_writes_a_page(
    tmp_path: Path, swept: Path, offramp: Command
) -> None:
    """The table names every key, the greatest first; the page has a sentence below every plot."""
    page, data = tmp_path / "page.html", tmp_path / "data.csv"
    code, out, _ = offramp(
        "sensitivity", swept, "--metric", "deaths", "--out", page, "--data", data
    )
    assert code == 0
    analysis = analysed(swept)
    places = [out.index(one.key) for one in analysis.influences]
    assert places == sorted(places)
    text = page.read_text()
    assert text.count("<figcaption>") == text.count('class="plotly-graph-div"') == 2
    rows = pd.read_csv(data)
    totals = rows[(rows["plot"] == "influence-deaths") & rows["series"].str.contains("total")]
    assert list(totals["x"]) == pytest.approx([one.total.value for one in analysis.influences])
    assert all(math.isfinite(low) for low in totals["low"])


def test_too_few_samples_are_refused(tmp_path: Path) -> None:
    """From three base samples or fewer nothing can be resampled."""
    path = tmp_path / "rows.csv"
    run_sweep(designed(samples=2), path, work=flat)
    with pytest.raises(InputError, match="has 2 samples, from which no interval"):
        read_sampled(path, [DEATHS])


def test_what_varies_off_the_base_points_alone_has_no_indices(tmp_path: Path) -> None:
    """Indices are shares of the variance of the base points; without one there are none."""
    path = tmp_path / "rows.csv"
    run_sweep(designed(samples=4, replicates=1), path, work=flat)
    sampled = read_sampled(path, [DEATHS])[0]
    means = sampled.means.copy()
    means[2] += 1.0
    analysis = analyse(replace(sampled, means=means))
    assert analysis.influences == ()
    assert "too little for indices" in sentences.about(analysis)[0]


def test_interactions_are_claimed_only_where_they_can_be_told(tmp_path: Path) -> None:
    """The sum of first-order indices has an interval; one that holds 1 tells no interaction."""
    path = tmp_path / "rows.csv"
    run_sweep(designed(samples=64, replicates=1), path, work=known)
    analysis = analysed(path)
    assert analysis.alone is not None
    assert analysis.alone.low <= 1.0 <= analysis.alone.high
    assert "no interaction between them can be told" in sentences.together(analysis)


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    """A path that leads nowhere is not taken for results without a manifest."""
    with pytest.raises(InputError, match="there is no file"):
        read_sampled(tmp_path / "none.csv", [DEATHS])
