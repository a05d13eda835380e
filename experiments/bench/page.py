"""The browser page, measured in Chromium: first paint, a step, rewinding, twenty sessions."""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from rich.table import Table

from sim.errors import InputError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STEPS = 30
VISITS = 5
SESSIONS = 20
READY = "[aria-label='Clocks that are running'] .main-svg"
PANELS = ".js-plotly-plot"
WATCH_PAINTS = """
window.paints = {};
new PerformanceObserver(list => list.getEntries().forEach(e => paints[e.name] = e.startTime))
  .observe({type: 'paint', buffered: true});
addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
  if (!paints.drawing && document.querySelector('.main-svg')) paints.drawing = performance.now();
}).observe(document, {childList: true, subtree: true}));
"""
TIMED = """
([name, key]) => new Promise(done => {
  const headline = document.querySelector('.headline');
  const plot = document.querySelector("[aria-label='Timeline of the run, a lane per actor']");
  const before = headline.innerText, begun = performance.now();
  let told = false, drawn = false;
  const finish = () => { if (told && drawn) done(performance.now() - begun); };
  const watch = new MutationObserver(() => {
    if (headline.innerText !== before) { told = true; watch.disconnect(); finish(); } });
  watch.observe(headline, {childList: true, subtree: true, characterData: true});
  plot.once('plotly_afterplot', () => { drawn = true; finish(); });
  if (key) document.querySelector(`[aria-label='${name}']`).click();
  else [...document.querySelectorAll('button')].find(b => b.innerText.trim().toUpperCase() === name)
    .click();
})
"""
"""Presses a button and times until the headline tells, and the timeline shows, what came of it."""


def measure() -> dict[str, Any]:
    """Return all figures: times in ms, memory in MB.

    Raises:
        InputError: if there is no browser.
    """
    from playwright.sync_api import sync_playwright

    path = next((at for name in BROWSERS if (at := shutil.which(name))), None)
    if path is None:
        raise InputError("the page is measured in Chromium, and none is installed")
    with _served() as (address, server), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        found = (
            _paints(chromium, address)
            | _moves(chromium, address)
            | _crowd(chromium, address, server)
        )
        chromium.close()
        return found


@contextmanager
def _served() -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    line = [sys.executable, "-m", "experiments.cli", "view", "--no-browser", "--port", port]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield f"http://127.0.0.1:{port}/", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.communicate()


def _visit(chromium: Any, address: str) -> Any:
    page = chromium.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(WATCH_PAINTS)
    page.goto(address)
    page.wait_for_selector(READY)
    return page


def _paints(chromium: Any, address: str) -> dict[str, Any]:
    frames, drawings = [], []
    for _ in range(VISITS):
        page = _visit(chromium, address)
        paints = page.evaluate("paints")
        frames.append(paints["first-contentful-paint"])
        drawings.append(paints["drawing"])
        page.context.close()
    return {"first_paint": _spread(frames), "first_drawing": _spread(drawings)}


def _moves(chromium: Any, address: str) -> dict[str, Any]:
    page = _visit(chromium, address)
    page.wait_for_timeout(1000)
    steps = _timed(page, lambda: page.evaluate(TIMED, ["STEP", False]))
    page.get_by_role("button", name="Run to the end").click()
    page.wait_for_function(
        "() => !document.querySelector('.headline').innerText.includes('under way')"
    )
    page.wait_for_timeout(1000)
    rewinds = _timed(page, lambda: page.evaluate(TIMED, ["The event before", True]))
    panels = page.locator(PANELS).count()
    page.context.close()
    return {"panels": panels, "step": _spread(steps), "rewind": _spread(rewinds)}


def _timed(page: Any, move: Callable[[], float]) -> list[float]:
    times = []
    for _ in range(STEPS):
        times.append(float(move()))
        page.wait_for_timeout(60)
    return times


def _crowd(chromium: Any, address: str, server: psutil.Process) -> dict[str, Any]:
    before = _memory(server)
    pages = [_visit(chromium, address) for _ in range(SESSIONS)]
    opened = _memory(server)
    for at, page in enumerate(pages):
        for _ in range(at % 4):
            page.get_by_role("button", name="Step", exact=True).click()
            page.wait_for_timeout(250)
    told = [page.inner_text(".headline") for page in pages]
    apart = all(f"T+{at % 4}.0" in text for at, text in enumerate(told))
    for page in pages:
        page.get_by_role("button", name="Run to the end").click()
    begun = time.monotonic()
    for page in pages:
        page.wait_for_function(
            "() => !document.querySelector('.headline').innerText.includes('under way')"
        )
    ended = time.monotonic() - begun
    full = _memory(server)
    for page in pages:
        page.context.close()
    return {
        "sessions": SESSIONS,
        "sessions_apart": apart,
        "all_to_the_end_s": ended,
        "mb_before": before,
        "mb_per_session": (opened - before) / SESSIONS,
        "mb_per_session_at_the_end": (full - before) / SESSIONS,
    }


def _memory(server: psutil.Process) -> float:
    return float(server.memory_info().rss) / 1e6


def _spread(times: list[float]) -> dict[str, float]:
    return {"median": statistics.median(times), "min": min(times), "max": max(times)}


def table(found: dict[str, Any]) -> Table:
    """Return the figures as a table."""
    shown = Table("The page", "median", "least", "most", box=None, header_style="bold")
    for name in ("first_paint", "first_drawing", "step", "rewind"):
        spread = found[name]
        shown.add_row(
            name.replace("_", " "), *(f"{spread[k]:.0f} ms" for k in ("median", "min", "max"))
        )
    shown.add_row(f"{found['sessions']} sessions, each its own", str(found["sessions_apart"]))
    shown.add_row("all run to the end at once", f"{found['all_to_the_end_s']:.1f} s")
    shown.add_row("server before them", f"{found['mb_before']:.0f} MB")
    shown.add_row("server a session", f"{found['mb_per_session']:.1f} MB")
    shown.add_row("server a session, run ended", f"{found['mb_per_session_at_the_end']:.1f} MB")
    return shown
