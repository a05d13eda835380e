"""The page that Solara serves: one session for each visitor, its side, and its panels in tabs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import solara
import solara.lab

from experiments.view.controls import Controls
from experiments.view.ensemble import Ensemble
from experiments.view.export import Export
from experiments.view.results import Results
from experiments.view.served import served
from experiments.view.session import Session
from experiments.view.watch import Headline, Watch
from experiments.view.what_if_panel import WhatIf
from experiments.view.why import Why
from sim.crisis_file import load_crisis

STYLE = Path(__file__).with_name("page.css")


@solara.component_vue("theme.vue")
def _Theme(event_turned: Callable[[bool], None] | None = None) -> None:
    """Tell whether the page is dark, now and whenever it turns."""


@solara.component
def Page() -> None:
    """Everything a visitor sees."""
    asked = served()
    session = solara.use_memo(lambda: Session(load_crisis(asked.crisis), asked.results), [])
    tab = solara.use_reactive(0)
    with solara.Div(style={"display": "none"}):
        _Theme(event_turned=session.turn_dark)
        solara.Title("Offramp")
        solara.Style(STYLE)
        solara.AppBarTitle(f"Offramp · {session.crisis.value.title}")
        with solara.AppBar():
            solara.lab.ThemeToggle()
        with solara.Sidebar():
            Controls(session)
    with solara.Column(gap="4px", classes=["main"]):
        Headline(session)
        Export(session)
        with solara.lab.Tabs(value=tab, lazy=True):
            with solara.lab.Tab("Watch"):
                Watch(session)
            with solara.lab.Tab("Why"):
                Why(session)
            with solara.lab.Tab("What if"):
                WhatIf(session)
            with solara.lab.Tab("Many runs"):
                Ensemble(session)
            with solara.lab.Tab("Results"):
                Results(session)
