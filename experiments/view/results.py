"""The panel of saved results: open a CSV of the results folder, plot it, replay any of its runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import solara
import solara.lab

from experiments.pages.figures import OUTCOME_COLOURS
from experiments.storage.manifest import needed_manifest
from experiments.storage.reading import read_results, setting_columns
from experiments.storage.remade import design_of_manifest, spec_of
from experiments.story.look import Drawing, Look, axis, layout, plain
from experiments.view.plot import show_plot
from experiments.view.session import Session
from experiments.view.watch import heading
from experiments.words import words
from sim.errors import InputError

MOST_FILES = 200
MOST_POINTS = 3000
"""Runs that are drawn; of more, evenly spaced ones."""
MEASURES = (
    "time_to_quiet_h",
    "first_response_latency_h",
    "peak_rung",
    "deaths",
    "exchanges",
)


def files(folder: Path) -> list[str]:
    """Return the CSV files below a folder, the newest first, as paths within it."""
    if not folder.is_dir():
        return []
    root = folder.resolve()
    found = [file for file in folder.rglob("*.csv") if file.resolve().is_relative_to(root)]
    found = [
        file for file in found if not file.name.endswith("failures.csv") and file.name[0] != "."
    ]
    found.sort(key=lambda file: -file.stat().st_mtime)
    return [str(file.relative_to(folder)) for file in found[:MOST_FILES]]


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file in the results folder.

    Raises:
        InputError: if the name leads out of it.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{name} lies outside {folder}; only results in it are opened")
    return path


@dataclass(frozen=True)
class Opened:
    """Results that were read: where from, their rows, the keys that vary and what was measured."""

    path: Path
    rows: pd.DataFrame
    keys: list[str]

    @property
    def axes(self) -> list[str]:
        """Columns that may be drawn against each other."""
        return [*self.keys, *(name for name in MEASURES if name in self.rows)]


def open_results(folder: Path, name: str) -> Opened:
    """Read results of the folder.

    Raises:
        InputError: if they are no results, or damaged.
    """
    path = inside(folder, name)
    rows = read_results(path)
    keys = [key for key in setting_columns(rows) if rows[key].nunique() > 1]
    return Opened(path, rows, keys or setting_columns(rows))


def draw_results(opened: Opened, x: str, y: str, look: Look) -> Drawing:
    """Return every run as a point coloured by its outcome; points carry the number of their row."""
    rows = opened.rows
    if len(rows) > MOST_POINTS:
        rows = rows.iloc[:: -(-len(rows) // MOST_POINTS)]
    rows = rows[rows[y].notna() & rows[x].notna()]
    traces: list[Any] = []
    for name, colour in OUTCOME_COLOURS.items():
        own = rows[rows["outcome"] == name]
        if own.empty:
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": words(name),
                "x": own[x].tolist(),
                "y": own[y].tolist(),
                "customdata": [int(at) for at in own.index],
                "hovertemplate": f"{plain(x)} %{{x}}<br>{plain(y)} %{{y}}<br>click to replay"
                f"<extra>{words(name)}</extra>",
                "marker": {
                    "color": look.ink if colour == "#000000" else colour,
                    "size": 7,
                    "opacity": 0.6,
                },
            }
        )
    return {
        "data": traces,
        "layout": layout(
            look, 420, showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            xaxis=axis(look, title={"text": plain(x.replace("_", " "))}),
            yaxis=axis(look, title={"text": plain(y.replace("_", " "))}),
        ),
    }  # fmt: skip


def replay(session: Session, opened: Opened, row: int) -> None:
    """Show the run of a row in this page.

    Raises:
        InputError: if the results have no manifest, or their run cannot be made anew.
    """
    manifest = needed_manifest(opened.path)
    cells = {str(name): _cell(value) for name, value in opened.rows.loc[row].items()}
    design = design_of_manifest(manifest, (_texts(one) for one in _records(opened.rows)))
    spec = spec_of(design, cells)
    session.show(design, spec.settings, spec.replicate)


def _records(rows: pd.DataFrame) -> Any:
    return rows.to_dict("records")


def _texts(record: dict[Any, Any]) -> dict[str, str]:
    return {str(name): _cell(value) for name, value in record.items()}


def _cell(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


@solara.component
def Results(session: Session) -> None:
    """Choose a file, see its runs, click one to watch it."""
    look = session.look.value
    name: solara.Reactive[str | None] = solara.use_reactive(None)
    said = solara.use_reactive("")
    known = solara.use_memo(lambda: files(session.results), [session.generation.value])

    def read() -> Opened | None:
        return open_results(session.results, name.value) if name.value else None

    task = solara.lab.use_task(read, dependencies=[name.value], raise_error=False)
    heading("Saved results", f"CSV files in {session.results}; click a run to replay it here.")
    if not known:
        solara.Info(
            f"There are no results in {session.results} yet. Make some with: offramp sweep "
            "january-2020 --vary threat_credibility=0:1:11 --replicates 100"
        )
        return
    solara.Select("File", values=known, value=name.value, on_value=name.set, dense=True)
    if said.value:
        solara.Success(said.value, dense=True)
    if task.error:
        solara.Error(str(task.exception))
    elif task.pending:
        solara.ProgressLinear(True)
    elif task.value is None:
        solara.Info("Choose a file above.")
    else:
        Plotted(session, task.value, look, said.set).key(str(task.value.path))


@solara.component
def Plotted(session: Session, opened: Opened, look: Look, say: Any) -> None:
    """The runs of one file, one axis each for two of its columns."""
    x = solara.use_reactive(opened.axes[0])
    y = solara.use_reactive(next((name for name in MEASURES if name != x.value), x.value))

    def clicked(row: Any) -> None:
        try:
            replay(session, opened, int(row))
        except InputError as error:
            session.error.value = str(error)
            return
        say(f"Row {int(row) + 1} is shown: seed {session.seed.value}, run "
            f"{session.replicate.value}. Turn to “Watch” and play it.")  # fmt: skip

    with solara.Row(gap="12px"):
        solara.Select("Across", values=opened.axes, value=x, dense=True)
        solara.Select("Up", values=opened.axes, value=y, dense=True)
    some = f", about {MOST_POINTS:,} of them drawn" if len(opened.rows) > MOST_POINTS else ""
    solara.Text(f"{len(opened.rows):,} runs{some}", classes=["reading"])
    show_plot(draw_results(opened, x.value, y.value, look), "Runs of the file", on_click=clicked)
