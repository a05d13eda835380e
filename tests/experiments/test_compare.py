"""The comparison page: self-contained, true to its numbers, honest about too few runs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.comparison import courses
from experiments.comparison.differences import difference
from experiments.comparison.groups import Comparison, compare_files
from experiments.comparison.page import page_of
from experiments.comparison.sentences import about_metric, about_outcomes, about_pairs, warnings
from experiments.designs.axis import parse_axis
from experiments.designs.design import make_design
from experiments.metrics import METRICS
from experiments.pages.export import plotted, write_images
from experiments.pages.layout import render
from experiments.storage.reading import read_results
from experiments.sweep import run_sweep
from sim.crisis_file import load_crisis
from sim.errors import InputError

OFF_RAMP = METRICS["off_ramp"]


Command = Callable[..., tuple[int, str, str]]
LABELS = "place.north-fort.target_class=military,civilian"


def rendered(comparison: Comparison) -> str:
    """Return the page of a comparison as HTML."""
    return render(page_of(comparison))


def sweep(path: Path, *vary: str, replicates: int = 15, seed: int = 0) -> Path:
    """Write a sweep of two states and return its file."""
    axes = tuple(parse_axis(text) for text in vary)
    crisis = load_crisis("two-states")
    run_sweep(make_design(crisis, replicates=replicates, seed=seed, axes=axes), path)
    return path


class Resources(HTMLParser):
    """Collects what a page asks a browser to load, and how many scripts it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and every address in it."""
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]


def test_the_page_loads_nothing(swept: Path) -> None:
    """No script, style, font or picture is fetched; Plotly stands in the page once."""
    page = rendered(compare_files([swept]))
    found = Resources()
    found.feed(page)
    assert [address for address in found.loaded if not address.startswith("data:")] == []
    assert page.count("* plotly.js v") == 1
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_every_plot_has_a_sentence(swept: Path) -> None:
    """Below each plot stands a caption that is not empty."""
    page = rendered(compare_files([swept]))
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, flags=re.DOTALL)
    assert len(captions) == page.count('class="plotly-graph-div"') == 11
    assert all(len(caption) > 20 for caption in captions)


def test_sentences_say_what_the_rows_say(swept: Path) -> None:
    """The shares in the sentence are those of the file, and the judgement fits the interval."""
    comparison = compare_files([swept])
    frame = read_results(swept)
    sentence = about_outcomes(comparison)
    for level in (0.0, 3.0):
        ended = frame[frame["choice_precision"] == level]["outcome"] == "off_ramp"
        assert f"{100 * ended.mean():.0f} %" in sentence
    found = difference(comparison.headlines[0], OFF_RAMP)
    assert found.pairs == 60
    assert ("more than chance explains" in about_pairs(comparison, OFF_RAMP)) == (
        found.interval.excludes_zero
    )


def test_no_effect_is_called_no_effect(tmp_path: Path) -> None:
    """A setting without any effect is told as making no difference, with no rise and no fall."""
    path = sweep(tmp_path / "nil.csv", "proxy_activity=0,1")
    comparison = compare_files([path])
    for metric in comparison.metrics:
        assert "no difference was found" in about_pairs(comparison, metric)
    latency = METRICS["first_response_latency_h"]
    assert "that is no difference." in about_metric(comparison, latency)
    told = " ".join(card.sentence for card in page_of(comparison).cards)
    assert "No difference was found (95 % interval" in about_outcomes(comparison)
    assert "rise" not in told
    assert "fall" not in told


def test_too_few_runs_are_warned_of(tmp_path: Path, swept: Path) -> None:
    """Below fifty runs a level the page says so plainly."""
    few = compare_files([sweep(tmp_path / "few.csv", "choice_precision=0,3")])
    assert "Too few runs" in warnings(few)[0]
    assert "Too few runs" in rendered(few)
    assert not any("Too few" in text for text in warnings(compare_files([swept])))


def test_files_pair_by_their_luck(tmp_path: Path) -> None:
    """Files of the same seed pair replicate by replicate; of another seed they do not."""
    one = sweep(tmp_path / "one.csv")
    other = sweep(tmp_path / "other.csv", "honour=0")
    stranger = sweep(tmp_path / "stranger.csv", seed=1)
    comparison = compare_files([one, other, stranger])
    assert [len(contrast.pairs) for contrast in comparison.contrasts] == [15, 0]
    page = rendered(compare_files([one, stranger]))
    assert "do not pair" in page


def test_identical_files_differ_in_nothing(tmp_path: Path) -> None:
    """A file beside its copy shows no difference."""
    one = sweep(tmp_path / "one.csv")
    copy = tmp_path / "copy.csv"
    shutil.copy(one, copy)
    found = difference(compare_files([one, copy]).headlines[0], OFF_RAMP)
    assert found.pairs == 15
    assert found.changed == 0.0


def test_files_side_by_side_share_a_swept_key(tmp_path: Path, swept: Path) -> None:
    """Files that vary the same key are compared level by level, and as a whole."""
    other = sweep(tmp_path / "other.csv", "choice_precision=0,3", replicates=60)
    comparison = compare_files([swept, other])
    assert len(comparison.groups) == 4
    assert len(comparison.contrasts) == 2
    assert "Off-ramp" in rendered(comparison)


def test_several_varied_keys_need_a_choice(tmp_path: Path) -> None:
    """With several varied keys the refusal names them; with --by the others are pooled."""
    path = sweep(tmp_path / "two.csv", "choice_precision=0,3", "honour=0,1", replicates=4)
    with pytest.raises(InputError, match="choice_precision, honour; choose one with --by"):
        compare_files([path])
    comparison = compare_files([path], by="honour")
    assert [group.runs for group in comparison.groups] == [8, 8]
    assert len(comparison.contrasts[0].pairs) == 8
    assert "choice_precision are taken together" in comparison.notes[0]


@pytest.mark.parametrize("by", ["nonsense", "threats"])
def test_an_unknown_key_to_compare_by_is_refused(swept: Path, by: str) -> None:
    """--by must be a key of the file; the refusal lists those."""
    with pytest.raises(InputError, match="choice_precision"):
        compare_files([swept], by=by)


def test_a_file_is_not_compared_with_itself(swept: Path) -> None:
    """The same file twice is a slip, and is told so."""
    with pytest.raises(InputError, match="given twice"):
        compare_files([swept, swept])


def test_names_are_escaped(tmp_path: Path) -> None:
    """A file's name cannot smuggle markup into the page."""
    path = sweep(tmp_path / "a<b>&c.csv")
    assert "<b>" not in rendered(compare_files([path]))


def test_pooled_runs_that_share_their_luck_count_as_one(tmp_path: Path) -> None:
    """Taking a key without any effect together makes no interval narrower."""
    path = sweep(tmp_path / "a.csv", "choice_precision=0,3", "proxy_activity=0,1,2", replicates=40)
    alone = sweep(tmp_path / "b.csv", "choice_precision=0,3", replicates=40)
    pooled, single = (compare_files([p], by="choice_precision") for p in (path, alone))
    for one, other in zip(pooled.contrasts, single.contrasts, strict=True):
        for metric in ("off_ramp", "deaths"):
            found, expected = (difference(c, METRICS[metric]) for c in (one, other))
            assert found.interval.value == pytest.approx(expected.interval.value)
            assert found.interval.half_width == pytest.approx(
                expected.interval.half_width, rel=0.02
            )


def test_files_that_go_on_where_another_ends_are_one_curve(tmp_path: Path) -> None:
    """Levels of the same crisis, start, seed and settings in two files stand on one line."""
    low = sweep(tmp_path / "low.csv", "choice_precision=0,1")
    high = sweep(tmp_path / "high.csv", "choice_precision=3,4")
    comparison = compare_files([low, high])
    assert comparison.series == ["low + high"]
    assert comparison.levels == [0.0, 1.0, 3.0, 4.0]
    assert len(comparison.contrasts[-1].pairs) == 15


def test_files_are_compared_at_shared_levels_alone(tmp_path: Path) -> None:
    """What one file has beyond the levels of the other is no effect of the file."""
    one = sweep(tmp_path / "one.csv", "choice_precision=0,3")
    more = sweep(tmp_path / "more.csv", "choice_precision=0,3,6")
    headline = compare_files([one, more]).headlines[0]
    assert set(headline.other.frame["choice_precision"]) == {0.0, 3.0}
    assert difference(headline, OFF_RAMP).changed == 0.0


def test_files_without_a_shared_level_show_no_difference(tmp_path: Path) -> None:
    """Files of unlike levels and luck stand side by side; the page says why none is taken."""
    one = sweep(tmp_path / "one.csv", "choice_precision=0,1")
    other = sweep(tmp_path / "other.csv", "choice_precision=2,3", seed=1)
    comparison = compare_files([one, other])
    assert comparison.headlines == comparison.contrasts == ()
    assert any("share no value of choice_precision" in note for note in comparison.notes)
    assert rendered(comparison).count("<figcaption>") == 7


def test_labels_are_compared_as_labels(tmp_path: Path) -> None:
    """A key of labels is compared in the order asked for; no plot takes its labels for numbers."""
    path = sweep(tmp_path / "labels.csv", LABELS)
    comparison = compare_files([path])
    assert comparison.levels == LABELS.split("=")[1].split(",")
    assert not comparison.numeric
    assert LABELS.rsplit(",", maxsplit=1)[-1] in rendered(comparison)


def test_every_plotted_number_is_exported(swept: Path) -> None:
    """Shares with their bounds, medians, survival and differences stand in the numbers."""
    comparison = compare_files([swept])
    cards = {card.id: card for card in page_of(comparison).cards}
    shares = {(s, x): (y, low, high) for s, x, y, low, high in plotted(cards["outcomes"].figure)}
    frame = read_results(swept)
    ended = frame[frame["choice_precision"] == 3.0]["outcome"] == "off_ramp"
    value, low, high = shares["off-ramp", 3.0]
    assert value == pytest.approx(ended.mean())
    assert low < value < high
    found = difference(comparison.headlines[0], OFF_RAMP).interval
    points = [row for row in plotted(cards["difference-off_ramp"].figure) if row[0] == "difference"]
    assert points[-1][1:] == pytest.approx(
        (100 * found.value, "3", 100 * found.low, 100 * found.high)
    ) or points[-1][1] == pytest.approx(100 * found.value)


def test_survival_is_the_share_that_has_not_come_to_it(swept: Path) -> None:
    """At each hour the curve is the share of runs without war, or not yet quiet, at that hour."""
    group = compare_files([swept]).groups[1]
    for event in ("war", "quiet"):
        hours = courses.moments([group], event)
        times = np.nan_to_num(courses.hours_to(group.frame, event), nan=np.inf)
        expected = [(times > hour).mean() for hour in hours]
        found = courses.surviving(group, event, hours)
        assert [interval.value for interval in found] == pytest.approx(expected)
        assert all(i.low <= i.value <= i.high for i in found)
    wars = np.isfinite(courses.hours_to(group.frame, "war"))
    assert (wars == group.frame["outcome"].isin(["war", "regional_war"])).all()


def test_occupancy_sums_to_one_and_ends_in_quiet(swept: Path) -> None:
    """Every run stands somewhere at every moment; at first on the first strike."""
    group = compare_files([swept]).groups[1]
    hours = courses.moments([group])
    shares = courses.occupancy(group, hours)
    assert sum(shares.values()) == pytest.approx(np.ones(hours.size))
    first = f"{group.frame['acts'].iloc[0].split()[0].split(':')[1]} "
    begun = next(share for name, share in shares.items() if name.startswith(first))
    absorbed = (group.frame["time_to_quiet_h"] == 0.0).mean()
    assert begun[0] == pytest.approx(1.0 - absorbed)


def test_pairing_saves_variance_where_luck_is_shared(swept: Path) -> None:
    """What pairing saved is the fall of the variance of the difference, by hand."""
    comparison = compare_files([swept])
    frame = read_results(swept).sort_values("replicate")
    low, high = (
        frame[frame["choice_precision"] == level]["deaths"].to_numpy() for level in (0.0, 3.0)
    )
    expected = 1.0 - np.var(high - low) / (np.var(high) + np.var(low))
    found = difference(comparison.headlines[0], METRICS["deaths"])
    assert found.saved == pytest.approx(expected)


def test_manifests_that_differ_are_told(tmp_path: Path) -> None:
    """The page lists what differs between the manifests of two files, and only that."""
    one, other = sweep(tmp_path / "one.csv"), sweep(tmp_path / "other.csv", seed=3)
    page = page_of(compare_files([one, other]))
    table = page.sections[-1].table
    assert table is not None
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["seed"] == ("0", "3")
    assert "crisis_sha256" not in rows


def test_the_command_writes_page_numbers_and_notes(
    tmp_path: Path, swept: Path, offramp: Command
) -> None:
    """Page and numbers are written; warnings go to standard error besides; nothing is replaced."""
    page, data = tmp_path / "page.html", tmp_path / "numbers.csv"
    few = sweep(tmp_path / "few.csv", "choice_precision=0,3")
    code, out, err = offramp("compare", few, "--out", page, "--data", data)
    assert (code, out.count("\n")) == (0, 2)
    assert "Too few runs" in err
    assert pd.read_csv(data)["plot"].nunique() == 11
    code, _, err = offramp("compare", swept, "--out", page)
    assert code == 2
    assert "--force" in err


def test_metrics_can_be_chosen(swept: Path) -> None:
    """Named metrics are those compared; an unknown one is refused with the nearest."""
    comparison = compare_files([swept], metrics=["exchanges"])
    assert [metric.name for metric in comparison.metrics] == ["exchanges"]
    with pytest.raises(InputError, match="did you mean 'exchanges'"):
        compare_files([swept], metrics=["exchange"])


def test_images_are_drawn_of_every_plot(tmp_path: Path, swept: Path) -> None:
    """With a browser each plot is an SVG and a PNG; without one the refusal says what to do."""
    page = page_of(compare_files([swept], metrics=["off_ramp"]))
    small = replace(page, sections=[replace(s, cards=s.cards[:1]) for s in page.sections])
    try:
        files = write_images(small, tmp_path / "images")
    except InputError as error:
        assert "install one" in str(error)
        return
    assert len(files) == 2 * len(small.cards)
    assert all(file.stat().st_size > 1000 for file in files)
