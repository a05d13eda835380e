"""The browser page in Chromium, as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from experiments.view.sliders import usual_dials
from sim.crisis_file import load_crisis
from sim.model import CrisisModel
from tests.browser.conftest import Visit, served

pytestmark = pytest.mark.browser

Arrive = Callable[..., Visit]
TIMELINE = "Timeline of the run, a lane per actor"
GRAPH = "Alliance graph: who stands where, and what is under way"
LADDER = "Acts on the escalation ladder"


def test_a_step_is_an_hour(visit: Arrive) -> None:
    """Each press of Step lets an hour pass; Reset goes back to the first."""
    v = visit()
    assert "T+0.0" in v.headline
    for hour in (1, 2, 3):
        v.changes(lambda: v.button("Step"))
        assert f"T+{hour}.0" in v.headline
    v.changes(lambda: v.button("Reset"))
    assert "T+0.0" in v.headline


def test_a_run_plays_to_its_end(visit: Arrive) -> None:
    """Play moves on by itself, and pauses when asked; run to the end names the outcome."""
    v = visit()
    v.changes(lambda: v.button("▶"))
    v.page.wait_for_timeout(500)
    v.button("❚❚")
    v.page.wait_for_timeout(500)
    held = v.headline
    v.page.wait_for_timeout(500)
    assert v.headline == held and "T+0.0" not in held
    v.run_to_the_end()
    assert "off-ramp" in v.headline
    kinds = {point for trace in v.drawn(TIMELINE)["data"] for point in trace.get("text", [])}
    assert any("The run ended" in text for text in kinds)


def test_each_slider_moves_its_number(visit: Arrive) -> None:
    """Every slider on offer changes its number by the keyboard, and the run begins anew."""
    v = visit()
    for dial in usual_dials(load_crisis("january-2020"), "soleimani"):
        if dial.key.levels:
            continue
        slider = v.page.get_by_role("slider", name=dial.title, exact=True)
        slider.focus()
        back = float(dial.key.default) + dial.step > dial.high
        told = v.changes(
            partial(v.page.keyboard.press, "ArrowLeft" if back else "ArrowRight"), ".controls"
        )
        moved = float(dial.key.default) + (-dial.step if back else dial.step)
        assert f"{dial.title}: {moved:g}" in told
    v.changes(lambda: v.button("As in the file"), ".controls")
    assert "threat credibility: 0.5" in v.page.inner_text(".controls")


def test_start_seed_and_luck_can_be_chosen(visit: Arrive) -> None:
    """Another start, another seed and another run each begin another story."""
    v = visit()
    v.page.get_by_label("Free from").click(force=True)
    v.changes(lambda: v.page.get_by_role("option", name="al-asad", exact=True).click())
    assert "7 Jan 22:34" in v.headline
    v.run_to_the_end()
    first = v.headline
    v.changes(lambda: v.button("Other luck"))
    assert v.page.get_by_label("Run", exact=True).input_value() == "1"
    v.run_to_the_end()
    assert v.headline != first
    seed = v.page.get_by_label("Seed", exact=True)
    seed.fill("7")
    v.changes(lambda: seed.press("Enter"))
    assert "T+0.0" in v.headline
    seed.fill("-1")
    seed.press("Enter")
    v.page.wait_for_selector("text=Seed and run are whole numbers")


def test_another_crisis_can_be_chosen(visit: Arrive) -> None:
    """The crisis is a choice; the page then tells of that one."""
    v = visit()
    v.page.get_by_label("Crisis").click(force=True)
    v.changes(lambda: v.page.get_by_role("option", name="two-states", exact=True).click())
    assert len(v.drawn(GRAPH)["data"]) > 0
    v.run_to_the_end()


def test_rewinding_shows_any_moment_again(visit: Arrive) -> None:
    """From the end one goes back by events, and by the slider; what was to come fades."""
    v = visit()
    v.run_to_the_end()
    end = v.headline
    v.changes(lambda: v.button("The event before"))
    assert "under way" in v.headline
    slider = v.page.get_by_role("slider", name="Moment of the run")
    slider.focus()
    v.changes(lambda: v.page.keyboard.press("Home"))
    for _ in range(12):
        v.changes(lambda: v.button("The next event"))
    v.page.wait_for_timeout(300)
    faded = [t for t in v.drawn(TIMELINE)["data"] if t.get("opacity") == 0.22 and t.get("x")]
    assert faded
    v.changes(lambda: v.button("Latest"))
    assert v.headline == end


def test_one_goes_from_event_to_event(visit: Arrive) -> None:
    """The buttons stop at the time of every event in turn, forward and back."""
    model = CrisisModel(crisis="january-2020")
    model.run_to_end()
    times = sorted({event.time for event in model.ledger})
    wanted = [f"T{time:+.1f}" for time in times[:16]]
    v = visit()
    v.run_to_the_end()
    v.page.get_by_role("slider", name="Moment of the run").focus()
    v.changes(lambda: v.page.keyboard.press("Home"))
    told = [v.headline]
    for _ in wanted[1:]:
        before = v.headline
        v.button("The next event")
        v.page.wait_for_timeout(250)
        told.append(v.headline)
        assert v.headline != before or wanted[len(told) - 1] == wanted[len(told) - 2]
    assert [t for t, text in zip(wanted, told, strict=True) if f" {t} " not in text] == []
    v.changes(lambda: v.button("The event before"))
    assert f" {wanted[-2]} " in v.headline


def test_the_graph_shows_who_is_at_what(visit: Arrive) -> None:
    """After the strike Iran deliberates, and holds more grievance than anyone."""
    v = visit()
    for _ in range(10):
        v.changes(lambda: v.button("Step"))
    v.page.wait_for_timeout(300)
    nodes = next(t for t in v.drawn(GRAPH)["data"] if t.get("customdata"))
    at = nodes["customdata"].index("iran")
    assert "deliberating" in nodes["hovertext"][at]
    assert nodes["marker"]["size"][at] == max(nodes["marker"]["size"])


def test_a_click_on_an_event_tells_what_led_to_it(visit: Arrive) -> None:
    """Clicking a sentence of the story shows its chain of causes, in words and as arrows."""
    v = visit()
    v.run_to_the_end()
    arrows = len(v.drawn(TIMELINE)["data"])
    v.page.locator(".story .sentence", has_text="decided on").first.click()
    v.page.wait_for_selector("text=What led to it")
    v.page.wait_for_timeout(300)
    assert len(v.drawn(TIMELINE)["data"]) == arrows + 1
    v.button("Back to the story")
    v.page.wait_for_selector("text=The story so far")


def test_a_click_in_the_timeline_picks_that_event(visit: Arrive) -> None:
    """A point of the timeline leads to the causes of its event."""
    v = visit()
    v.run_to_the_end()
    v.page.wait_for_timeout(500)
    spot = v.page.evaluate(
        "l => { const plot = document.querySelector(`[aria-label='${l}']`);"
        " const area = plot.querySelector('.nsewdrag').getBoundingClientRect();"
        " for (const point of [...plot.querySelectorAll('path.point')].reverse()) {"
        "  const r = point.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;"
        "  if (x > area.x && x < area.right && y > area.y && y < area.bottom) return [x, y]; } }",
        TIMELINE,
    )
    v.page.mouse.click(*spot)
    v.page.wait_for_selector("text=What led to it")


def test_why_tells_the_terms_of_a_choice(visit: Arrive) -> None:
    """Without a decision the panel says what to do; with one it shows options, terms, beliefs."""
    v = visit()
    v.tab("Why")
    v.page.wait_for_selector("text=No decision has been made yet")
    v.run_to_the_end()
    v.page.wait_for_selector(".sentence-of-why")
    drawn = v.drawn("Options and terms of the decision")
    assert {"honour", "reply", "war"} <= {trace.get("name") for trace in drawn["data"]}
    first = v.page.inner_text(".sentence-of-why")
    v.page.get_by_label("Decision", exact=True).click(force=True)
    told = v.changes(v.page.get_by_role("option").first.click, ".sentence-of-why")
    assert told != first and "decided on" in told
    assert v.drawn("Beliefs before and after")["data"]


def test_what_if_sets_two_runs_side_by_side(visit: Arrive) -> None:
    """Both runs share a time axis, and the place where they part is marked."""
    v = visit()
    v.tab("What if")
    v.page.wait_for_selector("text=Choose what to change")
    v.button("Compare")
    v.page.wait_for_selector("text=Where they part")
    v.page.wait_for_selector("[aria-label='Both runs on the ladder, one time axis'] .main-svg")
    drawn = v.drawn("Both runs on the ladder, one time axis")
    notes = [note["text"] for note in drawn["layout"]["annotations"]]
    assert any("the runs part here" in note for note in notes)
    assert drawn["layout"]["xaxis2"]["matches"] == "x"


def test_many_runs_follow_the_sliders(visit: Arrive) -> None:
    """Shares come with intervals and n, and are made anew when a number changes."""
    v = visit()
    v.tab("Many runs")
    v.page.wait_for_selector(".count")
    v.page.wait_for_timeout(2500)
    before = v.drawn("Share of each outcome")["data"][0]["x"]
    n = int(v.page.inner_text(".count").removeprefix("n = ").replace(",", ""))
    assert n >= 10 and sum(before) == pytest.approx(1.0)
    slider = v.page.get_by_role("slider", name="threat credibility", exact=True)
    slider.focus()
    v.changes(lambda: v.page.keyboard.press("End"), ".controls")
    v.page.wait_for_timeout(3500)
    after = v.drawn("Share of each outcome")["data"][0]
    assert after["x"] != before and after["error_x"]["array"]


def test_a_result_is_opened_and_its_run_replayed(visit: Arrive) -> None:
    """A CSV of the results folder is plotted, and a click on a point shows that very run."""
    v = visit()
    v.tab("Results")
    v.page.get_by_label("File").click(force=True)
    v.page.get_by_role("option", name="threats.csv").click()
    v.page.wait_for_selector("[aria-label='Runs of the file'] path.point")
    v.page.locator("[aria-label='Runs of the file'] path.point").first.click(force=True)
    v.page.wait_for_selector("text=is shown: seed 4")
    assert v.page.get_by_label("Seed", exact=True).input_value() == "4"
    assert "T+0.0" in v.headline


def test_a_run_is_taken_along(visit: Arrive, browser: Any, tmp_path: Path) -> None:
    """The story opens offline with its plots; the picture is a PNG of some size."""
    v = visit()
    v.run_to_the_end()
    with v.page.expect_download() as waiting:
        v.page.get_by_role("button", name="Story").click()
    story = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(story)
    with v.page.expect_download() as waiting:
        v.page.get_by_role("button", name="Picture").click()
    picture = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(picture)
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 50_000
    offline = browser.new_context(offline=True)
    page = offline.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(story.as_uri())
    page.wait_for_selector("#plot-timeline .main-svg")
    page.wait_for_selector("#plot-ladder .main-svg")
    assert "Why each choice fell so" in page.inner_text("body") and said == []
    offline.close()


def test_two_visitors_do_not_meet(visit: Arrive) -> None:
    """Two pages at once have each their own run, settings and moment."""
    one, other = visit(), visit()
    one.button("Other luck")
    one.run_to_the_end()
    assert "T+0.0" in other.headline
    assert other.page.get_by_label("Run", exact=True).input_value() == "0"
    other.changes(lambda: other.button("Step"))
    assert "T+1.0" in other.headline and "T+1.0" not in one.headline


def test_a_dark_page_has_light_ink(visit: Arrive) -> None:
    """Where a person prefers dark pages, drawings have light letters."""
    dark, light = visit(color_scheme="dark"), visit(color_scheme="light")
    for v, ink in ((dark, "#ececec"), (light, "#222222")):
        v.page.wait_for_timeout(500)
        assert v.drawn(LADDER)["layout"]["font"]["color"] == ink


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768)])
def test_nothing_is_cut_off(visit: Arrive, size: tuple[int, int]) -> None:
    """At a projector's size no panel is wider than the page, and every drawing fits its panel."""
    v = visit(viewport={"width": size[0], "height": size[1]})
    v.run_to_the_end()
    assert v.page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    cut = v.page.evaluate(
        "() => [...document.querySelectorAll('.panel .js-plotly-plot')].filter(p => {"
        " const a = p.getBoundingClientRect(), b = p.closest('.panel').getBoundingClientRect();"
        " return a.right > b.right + 1 || a.bottom > b.bottom + 1 || a.width < 200; }).length"
    )
    assert cut == 0


def test_the_keyboard_reaches_everything(visit: Arrive) -> None:
    """Tabs are turned and the run is stepped without a mouse."""
    v = visit()
    v.page.get_by_role("button", name="Step", exact=True).focus()
    v.changes(lambda: v.page.keyboard.press("Enter"))
    assert "T+1.0" in v.headline
    v.page.get_by_role("tab", name="Why", exact=True).focus()
    v.page.keyboard.press("Enter")
    v.page.wait_for_selector("text=No decision has been made yet")


def test_no_other_name_is_answered(server: str) -> None:
    """A site whose name was pointed at this machine gets nothing of the page."""
    port = int(server.rstrip("/").rpartition(":")[2])
    answers = {}
    for name in ("evil.example", f"127.0.0.1:{port}"):
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/", headers={"Host": name})
        answers[name] = connection.getresponse().status
        connection.close()
    assert list(answers.values()) == [400, 200]


def test_text_of_a_crisis_file_is_not_markup(visit: Arrive, results: Path, tmp_path: Path) -> None:
    """A crisis whose names are written as markup is shown letter by letter and runs nothing."""
    evil = "North<img src=x onerror=document.title=1><script>document.title=2</script>"
    file = tmp_path / "evil.toml"
    source = Path(__file__).parents[2] / "sim" / "crises" / "two-states.toml"
    file.write_text(source.read_text().replace('name = "North"', f'name = "{evil}"', 1))
    with served(results, str(file)) as address:
        v = visit(address)
        v.run_to_the_end()
        v.tab("Why")
        v.page.wait_for_timeout(800)
        assert v.page.title() not in ("1", "2")
        assert v.page.locator("img[src=x]").count() == 0
