"""One decision: the options it weighed, term by term, and the beliefs behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.event import Event, Kind
from experiments.explanation.decision import Weighed, menu, verdict
from experiments.explanation.explain import ToldRun
from experiments.story.look import LIGHT, Drawing, Look, axis, layout
from experiments.words import percent

TERMS: Mapping[str, tuple[str, str, str]] = {
    "honour": ("honour", "#2387CC", "what grievance left unsettled costs"),
    "inconsistency": ("word kept", "#56B4E9", "what falling short of vows and threats costs"),
    "belligerence": ("excess", "#E69F00", "what going beyond the justified rung costs"),
    "reply": ("reply", "#D55E00", "what the rival's answer is expected to cost"),
    "war": ("war", "#000000", "what the risk of war costs"),
    "disposition": ("disposition", "#F0E442", "the leaders' taste for force or restraint"),
    "coalition": ("hosts and allies", "#009E73", "what hosts and allies would make of it"),
    "face": ("face saved", "#CC79A7", "the worth of an off-ramp taken"),
}
"""Terms of a choice: name, colour, and what it is."""
BELIEFS: Mapping[str, tuple[str, str]] = {
    "belief_concluded": ("has concluded", "that the rival's answer is complete"),
    "credibility": ("keeps its threats", "that the rival will do as it threatens"),
    "belief_resolved": ("is resolved", "that the rival will not give way"),
}
ROW = 30
FAR = -14.0
"""Utility below which an option is so unlikely that bars are cut off here."""


def decisions(run: ToldRun) -> list[Event]:
    """Return the decisions of a run that weighed options, in their order."""
    return [event for event in run.ledger if event.kind == Kind.DECISION and menu(event)]


def why(run: ToldRun, event: Event) -> str:
    """Return one sentence that says why a decision fell as it did."""
    options = menu(event)
    chosen = next(option for option in options if option.name == event.label)
    return f"{run.narrator.sentence(event)}. {verdict(chosen, options)}."


def draw_weighing(event: Event, look: Look = LIGHT) -> Drawing:
    """Return the options of a decision as stacked bars of what each term adds, likeliest first."""
    options = menu(event)
    rows = [
        f"{'► ' if o.name == event.label else ''}{o.title}  {percent(o.chance)} " for o in options
    ]
    traces: list[Any] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": rows,
            "x": [option.terms[term] for option in options],
            "marker": {"color": look.ink if colour == "#000000" else colour},
            "hovertemplate": f"<b>{name}</b> %{{x:.2f}}<br>{meaning}<extra>%{{y}}</extra>",
        }
        for term, (name, colour, meaning) in TERMS.items()
        if any(abs(option.terms[term]) > 0.0 for option in options)
    ]
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": "sum (utility)",
            "y": rows,
            "x": [option.utility for option in options],
            "marker": {"symbol": "diamond", "size": 9, "color": look.raised,
                       "line": {"width": 2, "color": look.ink}},
            "hovertemplate": "utility %{x:.2f}<extra>%{y}</extra>",
        }
    )  # fmt: skip
    return {"data": traces, "layout": _weighing_layout(options, rows, look)}


def _weighing_layout(options: list[Weighed], rows: list[str], look: Look) -> dict[str, Any]:
    low = min(option.utility for option in options)
    gain = max(sum(max(0.0, value) for value in option.terms.values()) for option in options)
    return layout(
        look,
        ROW * len(options) + 110,
        barmode="relative",
        bargap=0.35,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 12},
                "traceorder": "normal"},
        xaxis=axis(look, range=[max(low * 1.05, FAR) - 0.3, gain + 0.5], zeroline=True,
                   zerolinecolor=look.soft,
                   title={"text": "utility, in rungs: longer to the left costs more",
                          "font": {"size": 12}, "standoff": 4}),
        yaxis=axis(look, type="category", categoryorder="array", categoryarray=rows,
                   autorange="reversed", showgrid=False, fixedrange=True),
    )  # fmt: skip


def previous(run: ToldRun, event: Event) -> Event | None:
    """Return the decision of the same actor on the same rival before this one, if any."""
    return next(
        (
            other
            for other in reversed(decisions(run))
            if other.id < event.id and (other.actor, other.target) == (event.actor, event.target)
        ),
        None,
    )


def beliefs(run: ToldRun, event: Event) -> Sequence[tuple[str, float, float]]:
    """Return (belief, before, after) of a decision: shares of one, before it any fresh news.

    Before is what the last decision on the same rival held, or what everyone holds at the start.
    """
    last = previous(run, event)
    found = []
    for key in BELIEFS:
        after = event.values.get(key)
        if after is not None:
            before = last.values.get(key, after) if last is not None else float("nan")
            found.append((key, before, after))
    return found


def draw_beliefs(run: ToldRun, event: Event, look: Look = LIGHT) -> Drawing:
    """Return the beliefs behind a decision, before (open) and after (filled)."""
    found = beliefs(run, event)
    names = [f"{BELIEFS[key][0]} " for key, _, _ in found]
    x: list[float | None] = []
    y: list[str | None] = []
    for name, (_, before, after) in zip(names, found, strict=True):
        x += [before if before == before else None, after, None]  # noqa: PLR0124 (NaN)
        y += [name, name, None]
    dots = (("at its last decision on this rival", 1, "circle-open"), ("now", 2, "circle"))
    traces: list[Any] = [
        {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip",
         "line": {"color": look.soft, "width": 3}, "showlegend": False},
        *(
            {"type": "scatter", "mode": "markers", "name": name,
             "x": [belief[at] if belief[at] == belief[at] else None for belief in found],
             "y": names,
             "text": [BELIEFS[key][1] for key, _, _ in found],
             "hovertemplate": f"belief %{{text}}, {name}: %{{x:.0%}}<extra></extra>",
             "marker": {"symbol": symbol, "size": 13, "color": "#2387CC",
                        "line": {"width": 2, "color": "#2387CC"}}}
            for name, at, symbol in dots
        ),
    ]  # fmt: skip
    return {
        "data": traces,
        "layout": layout(
            look,
            ROW * len(found) + 110,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            xaxis=axis(look, range=[-0.02, 1.02], tickformat=".0%", fixedrange=True),
            yaxis=axis(look, type="category", categoryorder="array", categoryarray=names,
                       autorange="reversed", showgrid=False, fixedrange=True),
        ),
    }  # fmt: skip
