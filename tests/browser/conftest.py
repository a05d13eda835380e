"""A server of the page for all tests of it, and a browser that records what it asks and says."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from experiments.cli import main

sync_api = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
LOOPBACK = ("127.0.0.1", "localhost")
START_S = 60.0


def find_browser() -> str:
    """Return the browser to drive; skip, or fail under CI, if there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        told = f"no browser: none of {', '.join(NAMES)} is installed (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return found


@contextmanager
def served(results: Path, *arguments: str) -> Iterator[str]:
    """Serve the page as a user would, and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    line = [sys.executable, "-m", "experiments.cli", "view", *arguments, "--no-browser"]
    line += ["--port", port, "--results", str(results)]
    process = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        told = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in told, told
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.communicate(timeout=START_S)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one small sweep of January 2020."""
    folder = tmp_path_factory.mktemp("results")
    sweep = ["sweep", "january-2020", "--vary", "threat_credibility=0.1,0.9", "-n", "5"]
    with pytest.raises(SystemExit) as end:
        main([*sweep, "--seed", "4", "--out", str(folder / "threats.csv")])
    assert not end.value.code
    return folder


@pytest.fixture(scope="session")
def server(results: Path) -> Iterator[str]:
    """Yield the address of a page that January 2020 is shown in."""
    find_browser()
    with served(results) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Yield Chromium."""
    path = find_browser()
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """One visitor's page with what it asked for and what its console said."""

    page: Any
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Open the page and wait until a drawing is there."""
        self.page.goto(address)
        self.page.wait_for_selector(".js-plotly-plot .main-svg")
        self.page.wait_for_selector("[aria-label='Clocks that are running'] .main-svg")

    @property
    def headline(self) -> str:
        """Where the run stands, as it is told above the tabs."""
        return " ".join(self.page.inner_text(".headline").split())

    def button(self, name: str) -> None:
        """Press a button by its name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def tab(self, name: str) -> None:
        """Turn to a tab by its name."""
        self.page.get_by_role("tab", name=name, exact=True).click()

    def changes(self, act: Callable[[], None], selector: str = ".headline") -> str:
        """Do something and wait until what is told has changed; return it."""
        before = self.page.inner_text(selector)
        act()
        self.page.wait_for_function(
            "([s, o]) => document.querySelector(s).innerText !== o", arg=[selector, before]
        )
        return str(self.page.inner_text(selector))

    def run_to_the_end(self) -> None:
        """Let the run come to its end."""
        self.button("Run to the end")
        self.page.wait_for_function(
            "() => !/under way/.test(document.querySelector('.headline').innerText)"
        )
        self.page.wait_for_timeout(300)

    def drawn(self, label: str) -> Any:
        """Return the data and layout of a drawing by its label, as Plotly has them."""
        return self.page.evaluate(
            "l => { const p = document.querySelector(`[aria-label='${l}']`);"
            " return JSON.parse(JSON.stringify({data: p.data, layout: p.layout})); }",
            label,
        )


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Callable[..., Visit]]:
    """Yield a function that opens the page; afterwards, check what it asked for and said."""
    visits: list[Visit] = []
    contexts = []

    def arrive(address: str = server, **options: Any) -> Visit:
        options = {"viewport": {"width": 1280, "height": 720}, **options}
        context = browser.new_context(accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        made = Visit(page)
        page.on("request", lambda request: made.hosts.add(urlsplit(request.url).hostname or ""))
        page.on("websocket", lambda socket: made.hosts.add(urlsplit(socket.url).hostname or ""))
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on("console", lambda said: _note(made, said))
        visits.append(made)
        made.open(address)
        return made

    yield arrive
    for made in visits:
        assert made.hosts <= {*LOOPBACK, ""}, made.hosts
        assert made.complaints == []
    for context in contexts:
        context.close()


def _note(visit: Visit, said: Any) -> None:
    if said.type == "error":
        visit.complaints.append(said.text)
