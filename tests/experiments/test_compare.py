"""The comparison page: self-contained, true to its numbers, honest about too few runs."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from experiments.comparison.groups import compare_files
from experiments.comparison.measures import MEASURES, difference
from experiments.comparison.page import render
from experiments.comparison.sentences import about_latency, about_outcomes, about_pairs, warnings
from experiments.designs.axis import parse_axis
from experiments.designs.design import make_design
from experiments.storage.reading import read_results
from experiments.sweep import run_sweep
from sim.crisis_file import load_crisis
from sim.errors import InputError

OFF_RAMP = MEASURES[0]


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
    page = render(compare_files([swept]))
    found = Resources()
    found.feed(page)
    assert [address for address in found.loaded if not address.startswith("data:")] == []
    assert page.count("* plotly.js v") == 1
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_every_plot_has_a_sentence(swept: Path) -> None:
    """Below each plot stands a caption that is not empty."""
    page = render(compare_files([swept]))
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, flags=re.DOTALL)
    assert len(captions) == page.count('class="plotly-graph-div"') == 8
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
    assert found.paired is not None
    assert found.paired.pairs == 60
    assert ("more than chance explains" in about_pairs(comparison, OFF_RAMP)) == (
        found.interval.excludes_zero
    )


def test_no_effect_is_called_no_effect(tmp_path: Path) -> None:
    """A setting without any effect is told as making no difference, with no rise and no fall."""
    path = sweep(tmp_path / "nil.csv", "proxy_activity=0,1")
    comparison = compare_files([path])
    for measure in MEASURES:
        assert "makes no difference here" in about_pairs(comparison, measure)
    assert "that is no difference." in about_latency(comparison)
    told = about_outcomes(comparison)
    assert "no difference; chance alone" in told
    assert "rise" not in told
    assert "fall" not in told


def test_too_few_runs_are_warned_of(tmp_path: Path, swept: Path) -> None:
    """Below fifty runs a level the page says so plainly."""
    few = compare_files([sweep(tmp_path / "few.csv", "choice_precision=0,3")])
    assert "Too few runs" in warnings(few)[0]
    assert "Too few runs" in render(few)
    assert not any("Too few" in text for text in warnings(compare_files([swept])))


def test_files_pair_by_their_luck(tmp_path: Path) -> None:
    """Files of the same seed pair replicate by replicate; of another seed they do not."""
    one = sweep(tmp_path / "one.csv")
    other = sweep(tmp_path / "other.csv", "honour=0")
    stranger = sweep(tmp_path / "stranger.csv", seed=1)
    comparison = compare_files([one, other, stranger])
    assert [len(contrast.pairs) for contrast in comparison.contrasts] == [15, 0]
    page = render(compare_files([one, stranger]))
    assert "do not pair" in page


def test_identical_files_differ_in_nothing(tmp_path: Path) -> None:
    """A file beside its copy shows no difference."""
    one = sweep(tmp_path / "one.csv")
    copy = tmp_path / "copy.csv"
    shutil.copy(one, copy)
    found = difference(compare_files([one, copy]).headlines[0], OFF_RAMP)
    assert found.paired is not None
    assert found.paired.changed == 0.0


def test_files_side_by_side_share_a_swept_key(tmp_path: Path, swept: Path) -> None:
    """Files that vary the same key are compared level by level, and as a whole."""
    other = sweep(tmp_path / "other.csv", "choice_precision=0,3", replicates=60)
    comparison = compare_files([swept, other])
    assert len(comparison.groups) == 4
    assert len(comparison.contrasts) == 2
    assert "Off-ramp" in render(comparison)


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
    assert "<b>" not in render(compare_files([path]))
