"""A run as a story: one self-contained page, and one picture, of timeline, ladder and choices."""

from __future__ import annotations

import plotly.graph_objects as go

from agents.event import Event
from experiments.explanation.explain import ToldRun, highlights
from experiments.pages.layout import Card, Page, Section, Table
from experiments.story.ladder import draw_ladder
from experiments.story.look import LIGHT, Drawing, plain
from experiments.story.stacked import stack
from experiments.story.timeline import draw_timeline
from experiments.story.weighing import decisions, draw_weighing, why
from experiments.words import OUTCOME_MEANINGS, several, words

TITLE = 54
PICTURE_WIDTH = 1200
MOST_CHOICES = 12
"""Decisions that a story explains: the first ones."""


def story_page(run: ToldRun, luck: str, changes: str = "") -> Page:
    """Return the story of a run; ``luck`` names seed and replicate, ``changes`` the settings."""
    found, narrator = run.outcome, run.narrator
    told = highlights(run, run.begins)
    choices = decisions(run)
    shown = choices[:MOST_CHOICES]
    more = f" The first {len(shown)} of {len(choices)} are shown." if shown != choices else ""
    lead = (
        f"Free from {narrator.date(0.0)} UTC {run.start_time.year}. It ended in "
        f"{words(found.outcome)}: {OUTCOME_MEANINGS[found.outcome]}; "
        f"{several(found.deaths, 'death')}, answers up to rung {found.peak_rung}."
    )
    return Page(
        f"{run.crisis.title}: one run",
        lead,
        (
            Section(cards=(_timeline(run), _ladder(run))),
            Section(
                "Why each choice fell so",
                text=(
                    "Each bar is an option; its parts are what speaks for it (right) and against "
                    f"it (left), in rungs of the ladder. The mark is their sum.{more}",
                ),
                cards=tuple(_choice(run, event) for event in shown),
            ),
            Section(
                "In words",
                table=Table(("When, UTC", "What"), [(" ".join(w.split()), s) for w, s in told]),
            ),
        ),
        f"One run of the model: {luck}{f', with {changes}' if changes else ''}. One run is a "
        "story, no forecast: other luck gives other stories.",
    )


def _figure(drawing: Drawing) -> go.Figure:
    return go.Figure(data=drawing["data"], layout=drawing["layout"])


def _timeline(run: ToldRun) -> Card:
    return Card(
        "timeline",
        "Timeline",
        "A lane per actor; thin arrows lead from cause to effect; strips show what took time.",
        _figure(draw_timeline(run)),
        f"The run has {several(len(run.ledger), 'event')}.",
    )


def _ladder(run: ToldRun) -> Card:
    return Card(
        "ladder",
        "Escalation ladder",
        "Each act at its rung; dashed lines are Kahn's thresholds.",
        _figure(draw_ladder(run)),
        f"The highest answer stood on rung {run.outcome.peak_rung}.",
    )


def _choice(run: ToldRun, event: Event) -> Card:
    return Card(
        f"choice-{event.id}",
        f"{run.narrator.date(event.time)}: {run.narrator.sentence(event)}",
        "The likeliest option first, with its chance; the arrow marks what was chosen.",
        _figure(draw_weighing(event)),
        why(run, event),
    )


def story_picture(run: ToldRun, picked: Event | None = None) -> Drawing:
    """Return timeline, ladder and one choice as one figure; by default the first choice."""
    choices = decisions(run)
    event = picked if picked in choices else next(iter(choices), None)
    parts = [("Timeline", draw_timeline(run)), ("Escalation ladder", draw_ladder(run))]
    if event is not None:
        parts.append((f"Why: {run.narrator.sentence(event)}", draw_weighing(event)))
    figure = stack(parts, LIGHT, width=PICTURE_WIDTH)
    layout = figure["layout"]
    layout["title"] = {
        "text": f"{plain(run.crisis.title)}: {words(run.outcome.outcome)}",
        "x": 0.01, "y": 0.99, "yanchor": "top", "font": {"size": 22},
    }  # fmt: skip
    layout["margin"]["t"], layout["height"] = TITLE, layout["height"] + TITLE
    layout["paper_bgcolor"] = layout["plot_bgcolor"] = "white"
    layout["barmode"], layout["bargap"] = "relative", 0.35
    return figure
