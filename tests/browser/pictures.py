"""Takes the pictures of the page that the README shows: make pictures."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import Visit, find_browser, served

LAUNCHED = 73.0
"""The hour at which Iran's answer is in flight in the run that is shown."""
SIZE = {"width": 1280, "height": 720}


def take(folder: Path) -> None:
    """Write the three pictures into a folder."""
    with (
        tempfile.TemporaryDirectory() as results,
        served(Path(results)) as address,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=find_browser())
        visit = Visit(chromium.new_page(viewport=SIZE, color_scheme="light"))
        visit.page.set_default_timeout(20_000)
        visit.open(address)
        _watch(visit, folder)
        _why(visit, folder)
        _what_if(visit, folder)
        chromium.close()


def _watch(visit: Visit, folder: Path) -> None:
    visit.run_to_the_end()
    slider = visit.page.get_by_role("slider", name="Moment of the run")
    slider.focus()
    visit.changes(lambda: visit.page.keyboard.press("Home"))
    while _hour(visit) < LAUNCHED:
        visit.changes(lambda: visit.button("The next event"))
    _shoot(visit, folder / "watch.png")


def _hour(visit: Visit) -> float:
    return float(visit.headline.split(" T")[1].split()[0])


def _why(visit: Visit, folder: Path) -> None:
    visit.tab("Why")
    visit.page.wait_for_selector("[aria-label='Beliefs before and after'] .main-svg")
    _shoot(visit, folder / "why.png")


def _what_if(visit: Visit, folder: Path) -> None:
    visit.tab("What if")
    visit.button("Compare")
    visit.page.wait_for_selector("[aria-label='Both runs on the ladder, one time axis'] .main-svg")
    _shoot(visit, folder / "what_if.png")


def _shoot(visit: Visit, path: Path) -> None:
    visit.page.mouse.move(5, 5)
    visit.page.wait_for_timeout(800)
    visit.page.screenshot(path=path)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
