"""What the browser page rests on: sessions, sliders, the watched model, results, the server."""

from __future__ import annotations

import inspect
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.cli import main
from experiments.designs.axis import parse_axis
from experiments.designs.design import make_design
from experiments.story.look import LIGHT
from experiments.sweep import run_sweep
from experiments.view.ensemble import processes, run_for
from experiments.view.results import draw_results, files, inside, open_results, replay
from experiments.view.server import SETTINGS, address
from experiments.view.session import Session, starts
from experiments.view.sliders import all_names, dial, usual_dials
from experiments.view.watched import WatchedModel
from experiments.view.what_if_panel import ideas
from sim.crisis_file import load_crisis, shipped_crises
from sim.errors import InputError
from sim.keys import find_key
from sim.model import CrisisModel

CRISIS = load_crisis("january-2020")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(CRISIS, tmp_path)


# The watched model


def test_watching_changes_nothing() -> None:
    """The model as it is watched has the events of the same run unwatched."""
    watched = WatchedModel(crisis=CRISIS, rng=3, replicate=2)
    watched.step_to_end(lambda: False)
    plain = CrisisModel(crisis=CRISIS, rng=3, replicate=2)
    plain.run_to_end()
    assert watched.ledger == plain.ledger
    assert not watched.running
    watched.step()
    assert watched.ledger == plain.ledger


def test_the_watched_model_takes_what_the_model_takes() -> None:
    """Mesa reads the same signature from it, and so hands it nothing that it does not know."""
    assert inspect.signature(WatchedModel.__init__) == inspect.signature(CrisisModel.__init__)


def test_grievances_of_each_hour_are_kept() -> None:
    """Whoever rewinds finds the grievances of that hour."""
    model = WatchedModel(crisis=CRISIS)
    seen = [{id: actor.grievance for id, actor in model.world.actors.items()}]
    for _ in range(30):
        model.step()
        seen.append({id: actor.grievance for id, actor in model.world.actors.items()})
    for hour in (0, 7, 30):
        assert model.grievances_at(float(hour)) == seen[hour]
    assert model.grievances_at(-50.0) == seen[0] and model.grievances_at(999.0) == seen[30]


def test_running_to_the_end_can_be_stopped() -> None:
    """A run stops at the hour at which it is told to."""
    model = WatchedModel(crisis=CRISIS)
    model.step_to_end(lambda: model.time >= 12.0)
    assert model.running and model.time == 12.0


def test_a_run_that_fails_ends_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that raises ends with its error, and keeps what had happened until then."""
    model = WatchedModel(crisis=CRISIS)
    model.step()
    before = len(model.ledger)
    monkeypatch.setattr(CrisisModel, "step", lambda _: 1 / 0)
    model.step_to_end(lambda: False)
    assert (model.failure, model.running) == ("ZeroDivisionError: division by zero", False)
    assert len(model.ledger) == before


# Sessions


def test_sessions_share_nothing(session: Session, tmp_path: Path) -> None:
    """What one visitor sets, no other sees."""
    other = Session(CRISIS, tmp_path)
    session.change("threat_credibility", 0.9)
    session.choose_luck(5, 7)
    assert other.settings.value == {} and (other.seed.value, other.replicate.value) == (0, 0)
    assert other.model.value is not session.model.value
    assert other.model.value.parameters.threat_credibility == 0.5
    assert session.model.value.parameters.threat_credibility == 0.9


def test_a_number_of_the_file_is_no_setting(session: Session) -> None:
    """A key that is set back to what the file says is not set any more."""
    session.change("iran.tolerance", 2.5)
    assert dict(session.fixed) == {"iran.tolerance": 2.5}
    session.change("iran.tolerance", find_key(CRISIS, "iran.tolerance").default)
    assert session.fixed == ()


def test_what_cannot_be_set_is_told_and_changes_nothing(session: Session) -> None:
    """A value out of its range leaves the run as it was, with a message that names the range."""
    before = session.model.value
    session.change("threat_credibility", 7.0)
    assert "threat_credibility = 7 is out of range" in session.error.value
    assert session.model.value is before and session.settings.value == {}
    session.change("threat_credibility", 0.7)
    assert session.error.value == "" and session.model.value is not before


def test_another_start_drops_what_it_never_plays(session: Session) -> None:
    """Numbers of events after the new start are dropped, the others kept."""
    session.choose_start("al-asad")
    session.change("al-asad.deaths", 12.0)
    session.change("threat_credibility", 0.9)
    session.choose_start("soleimani")
    assert session.settings.value == {"threat_credibility": 0.9}
    assert session.error.value == "" and session.model.value.start == "soleimani"


def test_every_crisis_and_start_can_be_watched(session: Session) -> None:
    """Each shipped crisis runs from each of its strikes."""
    for name in shipped_crises():
        session.choose_crisis(load_crisis(name))
        for label in starts(session.crisis.value):
            session.choose_start(label)
            assert session.error.value == "" and session.model.value.start == label


def test_work_for_an_earlier_run_is_told_to_stop(session: Session) -> None:
    """Once another run has begun, what was asked for the one before stops."""
    stopped = session.stopper()
    assert not stopped()
    session.choose_luck(1, 0)
    assert stopped()


# Sliders


@given(st.data())
def test_every_key_has_a_dial_that_holds_its_default(data: st.DataObject) -> None:
    """Whatever key is added, its slider runs over allowed values and its default is among them."""
    name = data.draw(st.sampled_from(all_names(CRISIS, "al-asad")))
    one = dial(CRISIS, name)
    if one.key.levels:
        assert one.key.default in one.key.levels
        return
    assert not isinstance(one.key.default, str)
    assert one.key.low <= one.low < one.high <= one.key.high
    assert one.low <= one.key.default <= one.high
    assert 0.0 < one.step <= (one.high - one.low)
    assert one.meaning and one.title


def test_sliders_have_the_ranges_of_the_experiments() -> None:
    """What an experiment varies has that range on its slider."""
    deaths = next(d for d in usual_dials(CRISIS, "al-asad") if d.key.name == "al-asad.deaths")
    assert (deaths.low, deaths.high, deaths.step) == (0.0, 60.0, 1.0)
    credibility = dial(CRISIS, "threat_credibility")
    assert (credibility.low, credibility.high) == (0.0, 1.0)


def test_what_is_never_played_is_not_offered() -> None:
    """From the first strike no number of a later event is on offer."""
    names = {d.key.name for d in usual_dials(CRISIS, "soleimani")}
    assert "al-asad.deaths" not in names and "threat_credibility" in names
    assert "al-asad.deaths" not in all_names(CRISIS, "soleimani")


@pytest.mark.parametrize("name", shipped_crises())
def test_ideas_can_be_tried_everywhere(name: str) -> None:
    """What the page proposes to change is a key of the crisis, and differs from its number."""
    crisis = load_crisis(name)
    for start in starts(crisis):
        for idea in ideas(crisis, start):
            key = find_key(crisis, idea.key)
            assert key.default != idea.value
            make_design(crisis, start=start, fixed=((idea.key, idea.value),))


# Many runs


def test_an_ensemble_runs_the_first_replicates_in_order() -> None:
    """The runs of a second are replicates 0, 1, 2 and so on, each with its own luck."""
    design = make_design(load_crisis("two-states"), replicates=60)
    runs = [run for more in run_for(design, 30.0, lambda: False) for run in more]
    assert [run.spec.replicate for run in runs] == list(range(60))
    assert all(run.outcome is not None for run in runs)
    some = [run for more in run_for(design, 30.0, lambda: True) for run in more]
    assert len(some) < 60
    processes().shutdown()
    processes.cache_clear()


# Saved results


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    axes = (parse_axis("threat_credibility=0.1,0.9"),)
    results = tmp_path / "results"
    results.mkdir()
    run_sweep(make_design(CRISIS, axes=axes, replicates=3, seed=4), results / "a.csv")
    return results


def test_results_are_found_and_drawn(folder: Path) -> None:
    """A sweep in the folder is listed; each of its runs is a point that knows its row."""
    assert files(folder) == ["a.csv"]
    opened = open_results(folder, "a.csv")
    assert opened.keys == ["threat_credibility"]
    drawing = draw_results(opened, "threat_credibility", "deaths", LIGHT)
    rows = [row for trace in drawing["data"] for row in trace["customdata"]]
    assert sorted(rows) == list(range(6))


def test_a_point_replays_that_very_run(folder: Path) -> None:
    """Clicking a row shows its settings, seed and replicate, and ends as the row says."""
    opened = open_results(folder, "a.csv")
    session = Session(load_crisis("two-states"), folder)
    for row in (1, 5):
        replay(session, opened, row)
        model = session.model.value
        model.step_to_end(lambda: False)
        assert (session.seed.value, session.replicate.value) == (4, row % 3)
        assert session.settings.value == {"threat_credibility": 0.9 if row > 2 else 0.1}
        assert model.outcome().outcome == opened.rows.loc[row, "outcome"]
        assert model.outcome().deaths == opened.rows.loc[row, "deaths"]


@pytest.mark.parametrize("name", ["../outside.csv", "/etc/passwd", "deep/../../outside.csv"])
def test_nothing_outside_the_folder_is_opened(folder: Path, name: str) -> None:
    """A name that leads out of the folder of results is refused."""
    (folder.parent / "outside.csv").write_text("x")
    with pytest.raises(InputError, match="lies outside"):
        inside(folder, name)


def test_links_out_of_the_folder_are_not_followed(folder: Path) -> None:
    """A link in the folder to a file outside of it is neither listed nor opened."""
    (folder.parent / "outside.csv").write_text("x")
    (folder / "link.csv").symlink_to(folder.parent / "outside.csv")
    assert files(folder) == ["a.csv"]
    with pytest.raises(InputError, match="lies outside"):
        inside(folder, "link.csv")


def test_a_missing_folder_has_no_results(tmp_path: Path) -> None:
    """Where there is no folder of results yet, none are listed."""
    assert files(tmp_path / "none") == []


# The command


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere"),
        (["--results", "README.md"], "is a file; expected a folder"),
        (["--host", "203.0.113.7"], "nothing can be served at 203.0.113.7"),
    ],
)
def test_what_cannot_be_served_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A crisis that is not there, a file for a folder, an address of others: one message."""
    with pytest.raises(SystemExit) as caught:
        main(["view", "--no-browser", *arguments])
    assert caught.value.code == 2
    assert told in capsys.readouterr().err


def test_a_taken_port_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that another program listens at is named, with what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as caught:
            main(["view", "--no-browser", "--port", str(port)])
    assert caught.value.code == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


def test_serving_others_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever serves more than this machine is told that there is no password."""
    for name in ("serve", "check_port"):
        monkeypatch.setattr(f"experiments.commands.view.{name}", lambda *_: None)
    for host, warned in (("0.0.0.0", True), ("127.0.0.1", False)):
        with pytest.raises(SystemExit):
            main(["view", "--no-browser", "--host", host])
        assert ("without a password" in capsys.readouterr().err) == warned


def test_addresses_are_those_of_this_machine() -> None:
    """Whoever is served, the page is opened on this machine by a name that works there."""
    assert address("127.0.0.1", 80) == "http://127.0.0.1:80/"
    assert address("0.0.0.0", 80) == "http://127.0.0.1:80/"
    assert address("::1", 80) == "http://[::1]:80/"


def test_solara_is_told_to_keep_to_itself() -> None:
    """Telemetry is off, and what is not installed is fetched from nowhere else."""
    assert SETTINGS["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
    assert SETTINGS["SOLARA_ASSETS_CDN"].startswith("http://127.0.0.1:")
