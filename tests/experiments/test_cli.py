"""The command line: what it prints, what it refuses, and its exit codes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments import library
from experiments.run_summary import summarize_runs
from sim.outcome import OUTCOMES

Command = Callable[..., tuple[int, str, str]]


def test_crises_are_listed(offramp: Command) -> None:
    """Every shipped crisis is listed with its starts."""
    code, out, _ = offramp("crises")
    assert code == 0
    assert "january-2020" in out
    assert "al-asad" in out
    assert "two-states" in out


def test_a_sound_crisis_is_called_sound(offramp: Command) -> None:
    """`check` counts what a crisis holds."""
    code, out, _ = offramp("check", "two-states")
    assert code == 0
    assert "two-states is sound" in out
    assert "3 states" in out


def test_run_shows_outcomes_and_an_example(offramp: Command) -> None:
    """`run` prints every outcome, the first response, quantities, and how to learn why."""
    code, out, _ = offramp("run", "two-states", "--replicates", "20")
    assert code == 0
    for words in ("off-ramp", "regional war", "First response", "deaths", "For example"):
        assert words in out
    assert "offramp explain two-states --replicate" in out


def test_run_json_is_one_object(offramp: Command) -> None:
    """`run --json` prints exactly one object with the documented names, all outcomes included."""
    code, out, _ = offramp("run", "two-states", "--replicates", "20", "--seed", "3", "--json")
    assert code == 0
    record = json.loads(out)
    assert list(record) == [
        "crisis", "start", "seed", "replicates", "outcomes", "first_response",
        "first_response_latency_h", "peak_rung", "deaths", "time_to_quiet_h", "runs_per_s",
    ]  # fmt: skip
    assert tuple(record["outcomes"]) == OUTCOMES
    assert sum(share["share"] for share in record["outcomes"].values()) == pytest.approx(1.0)
    assert list(record["deaths"]) == ["mean", "q05", "q25", "q50", "q75", "q95"]
    assert (record["replicates"], record["seed"]) == (20, 3)


def test_run_writes_all_events(offramp: Command, tmp_path: Path) -> None:
    """`--events` writes every event of every run, replicate first, and overwrites nothing."""
    path = tmp_path / "events.csv"
    assert offramp("run", "two-states", "--replicates", "3", "--events", path)[0] == 0
    with path.open(newline="") as file:
        events = list(csv.DictReader(file))
    assert next(iter(events[0])) == "replicate"
    assert {event["replicate"] for event in events} == {"0", "1", "2"}
    assert sum(event["kind"] == "end" for event in events) == 3
    values = json.loads(next(event["values"] for event in events if event["values"]))
    assert isinstance(values, dict)
    code, _, err = offramp("run", "two-states", "--replicates", "3", "--events", path)
    assert code == 2
    assert "exists" in err


def test_keys_are_listed(offramp: Command) -> None:
    """`--list-keys` prints every key with range, unit and source, as text and as JSON."""
    code, out, _ = offramp("run", "two-states", "--list-keys")
    assert code == 0
    assert "threat_credibility" in out
    keys = json.loads(offramp("run", "two-states", "--list-keys", "--json")[1])
    found = next(key for key in keys if key["name"] == "threat_credibility")
    assert (found["unit"], found["low"], found["high"]) == ("share", 0.0, 1.0)


def test_a_sweep_names_its_own_file(
    offramp: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out, results stand in `results/` by crisis, keys and content, and stay there."""
    monkeypatch.chdir(tmp_path)
    line = ("sweep", "two-states", "--vary", "honour=0,1", "--replicates", "2")
    code, out, _ = offramp(*line)
    assert code == 0
    assert "4 rows (2 points x 2)" in out
    made = sorted(path.name for path in (tmp_path / "results").iterdir())
    assert made[0].startswith("two-states-honour-")
    code, out, _ = offramp(*line)
    assert code == 0
    assert "made before" in out


def test_compare_writes_a_page_once(offramp: Command, swept: Path, tmp_path: Path) -> None:
    """`compare` writes a page, refuses to overwrite it, and does so with --force."""
    page = tmp_path / "page.html"
    assert offramp("compare", swept, "--out", page)[0] == 0
    code, _, err = offramp("compare", swept, "--out", page)
    assert code == 2
    assert "--force" in err
    assert offramp("compare", swept, "--out", page, "--force")[0] == 0


def test_explain_tells_a_run(offramp: Command) -> None:
    """`explain` prints dates, hours, decisions with their menus, and the end."""
    code, out, _ = offramp("explain", "january-2020", "--replicate", "1")
    assert code == 0
    for words in ("T+0.0", "3 Jan", "decided on", "►", "How it ended"):
        assert words in out
    events = json.loads(offramp("explain", "two-states", "--json")[1])
    assert events[0]["kind"] == "start"


def test_explain_asks_what_if(offramp: Command) -> None:
    """`--what-if` marks where two runs of one luck part, or says that they do not."""
    line = ("explain", "january-2020", "--from", "al-asad", "-k", "1", "--what-if")
    code, out, _ = offramp(*line, "al-asad.deaths=30")
    assert code == 0
    assert "they part at T+0.0" in out
    assert out.count("from there on") == 2
    _, out, _ = offramp("explain", "two-states", "--what-if", "proxy_activity=0")
    assert "Nothing happens otherwise" in out


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("run two-state", "two-states"),
        ("run missing.toml", "missing.toml"),
        ("run two-states --from shellin", "shelling"),
        ("run two-states --set honor=1", "honour"),
        ("run two-states --set honour=99", "0 to 10"),
        ("run two-states --set honour=nan", "finite"),
        ("run two-states --set honour", "KEY=VALUE"),
        ("run two-states --replicates 0", "replicates"),
        ("run two-states --replicates x", "replicates"),
        ("run two-states --workers 0", "workers"),
        ("run two-states --seed -1", "seed"),
        ("run two-states --events nowhere/e.csv", "nowhere"),
        ("run", "NAME"),
        ("walk", "walk"),
        ("check nonsense", "nonsense"),
        ("explain two-states --replicate -1", "replicate"),
        ("explain two-states --what-if honor=1", "honour"),
        ("sweep two-states --vary honour=0:1:0", "steps"),
        ("sweep two-states --vary honour=0:1", "honour=0:1:STEPS"),
        ("sweep two-states --vary honour=0:99:3", "honour"),
        ("sweep two-states --vary honour=0,1 --set honour=1", "more than once"),
        ("sweep two-states --out nowhere/x.csv", "nowhere"),
        ("sweep two-states --out x.txt", ".csv"),
        ("compare missing.csv --out x.html", "missing.csv"),
        ("compare missing.csv --out nowhere/x.html", "nowhere"),
        ("compare missing.csv --out x.pdf", ".html"),
        ("compare missing.csv", "--out"),
    ],
)
def test_bad_input_is_refused_for_people(
    offramp: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, hint: str
) -> None:
    """Bad input exits with 2 and a message that names what was wrong; nothing is written."""
    monkeypatch.chdir(tmp_path)
    code, _, err = offramp(*line.split())
    assert code == 2
    assert hint in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_no_runs_sum_up_to_nothing() -> None:
    """A summary of no runs has no quantiles and shares that could be anything."""
    found = summarize_runs([])
    assert found.deaths["mean"] is None
    assert found.outcomes["war"].high == 1.0


def test_the_library_returns_a_frame() -> None:
    """`run_ensemble` returns one row a run with the columns of results on disk."""
    frame = library.run_ensemble("two-states", replicates=3, vary={"honour": [0, 1]})
    assert list(frame["honour"]) == [0.0] * 3 + [1.0] * 3
    assert frame.columns[0] == "run_key"
