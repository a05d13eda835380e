"""The page of a comparison: one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go
from plotly.io import to_html
from plotly.offline import get_plotlyjs

from experiments.comparison import plots, sentences
from experiments.comparison.groups import Comparison, Source
from experiments.comparison.measures import MEASURES
from experiments.storage.reading import setting_columns
from experiments.words import listed, several

CONFIG = {"responsive": True, "displaylogo": False, "displayModeBar": False}

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f7f7f4; color: #222; line-height: 1.5;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 40px 0 4px; }
p.lead { margin: 0 0 20px; color: #555; max-width: 75ch; }
table { border-collapse: collapse; width: 100%; min-width: 620px; font-size: .9rem; }
th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid #ddd;
  vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; color: #555; }
.scroll { overflow-x: auto; }
.grid { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; margin-top: 16px; }
figure { margin: 0; background: #fff; border: 1px solid #e2e2dd; border-radius: 8px;
  padding: 18px 18px 14px; min-width: 0; }
figure h3 { margin: 0 0 4px; font-size: 1.05rem; }
p.reading { margin: 0; font-size: .9rem; color: #555; }
figcaption { margin-top: 10px; max-width: 85ch; }
.warning { background: #fff4d6; border-left: 4px solid #e69f00; padding: 10px 14px;
  margin: 16px 0; border-radius: 4px; }
footer { margin-top: 40px; font-size: .88rem; color: #555; max-width: 85ch; }
@media (min-width: 900px) { .two { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media print { body { background: #fff; } figure { break-inside: avoid; } }
"""

METHOD = (
    "Shares carry Wilson's 95 % interval. Runs pair where crisis, start, seed and replicate are "
    "the same: such runs share every draw of luck that they have in common, so their difference "
    "shows the setting rather than the luck. Paired differences of shares use Agresti and Min's "
    "interval (2005), means the normal one. Each interval stands for one comparison: of twenty "
    "that show nothing but chance, about one excludes zero."
)


class Card(NamedTuple):
    """A plot with its title, how to read it, and the sentence below it."""

    title: str
    reading: str
    figure: go.Figure
    sentence: str


def render(comparison: Comparison) -> str:
    """Return the page as HTML; the script of Plotly stands in it once."""
    body = "\n".join(_sections(comparison))
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(_title(comparison))}</title>\n"
        '<link rel="icon" href="data:,">\n'
        f"<style>{STYLE}</style>\n<script>{get_plotlyjs()}</script>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _title(comparison: Comparison) -> str:
    subject = listed(list(dict.fromkeys(_subject(source) for source in comparison.sources)))
    if comparison.by is not None:
        return f"{subject}: what changes with {comparison.by}"
    return f"{subject}: {several(len(comparison.sources), 'file')} side by side"


def _subject(source: Source) -> str:
    """Return the title of a file's crisis, or its name where no manifest tells it."""
    content = (source.manifest or {}).get("crisis_content", {})
    return str(content.get("title") or source.frame["crisis"].iloc[0])


def _sections(comparison: Comparison) -> Iterator[str]:
    yield f"<h1>{escape(_title(comparison))}</h1>"
    meaning = f"{comparison.by} is: {comparison.meaning}." if comparison.meaning else ""
    yield f'<p class="lead">{escape(meaning)}</p>'
    yield _files(comparison)
    for warning in (*sentences.warnings(comparison), *comparison.notes):
        yield f'<div class="warning">{_prose(warning)}</div>'
    yield _cards("What happens", list(_distributions(comparison)), "")
    if any(contrast.paired for contrast in comparison.contrasts):
        yield _cards("The same luck, another setting", list(_differences(comparison)), "two")
    elif comparison.contrasts:
        yield (
            '<div class="warning">These runs do not pair: no crisis, start, seed and replicate '
            "is on both sides. Use the same seed and start to compare with less noise.</div>"
        )
    yield f"<footer><p>{escape(METHOD)}</p></footer>"


def _rows(comparison: Comparison) -> str:
    """Return what the rows of a plot are, "" where their labels say it."""
    if not comparison.levels:
        return ""
    files = ", file by file" if len(comparison.series) > 1 else ""
    return f" Each row is a level of {plots.axis_title(comparison)}{files}."


def _distributions(comparison: Comparison) -> Iterator[Card]:
    rows = _rows(comparison)
    yield Card(
        "How the runs end",
        "Share of runs by outcome, with 95 % intervals.",
        plots.outcome_plot(comparison),
        sentences.about_outcomes(comparison),
    )
    yield Card(
        "How soon the first response comes",
        "Circles are medians; thick bars hold half of the runs, thin lines nine in ten." + rows,
        plots.latency_plot(comparison),
        sentences.about_latency(comparison),
    )
    yield Card(
        "How many die",
        "Per cent of runs by their number of deaths, soldiers and civilians of all sides." + rows,
        plots.deaths_plot(comparison),
        sentences.about_deaths(comparison),
    )
    yield Card(
        "How high it goes",
        "Per cent of runs by the highest rung of what followed the first strike." + rows,
        plots.peak_plot(comparison),
        sentences.about_peaks(comparison),
    )


def _differences(comparison: Comparison) -> Iterator[Card]:
    rows = _rows(comparison)
    for measure in MEASURES:
        yield Card(
            measure.title,
            "Intervals that cross the line at zero are what chance alone can give." + rows,
            plots.difference_plot(comparison, measure),
            sentences.about_pairs(comparison, measure),
        )


def _cards(title: str, cards: list[Card], layout: str) -> str:
    shown = "\n".join(_card(card, f"{layout or 'one'}-{i}") for i, card in enumerate(cards))
    return f'<h2>{escape(title)}</h2>\n<div class="grid {layout}">\n{shown}\n</div>'


def _card(card: Card, id: str) -> str:
    plot = to_html(
        card.figure, include_plotlyjs=False, full_html=False, config=CONFIG, div_id=f"plot-{id}"
    )
    return (
        f"<figure><h3>{escape(card.title)}</h3>"
        f'<p class="reading">{_prose(card.reading)}</p>{plot}'
        f"<figcaption>{_prose(card.sentence)}</figcaption></figure>"
    )


def _prose(text: str) -> str:
    """Return a text as HTML that never breaks between a number and what belongs to it."""
    return escape(text).replace(" %", "&nbsp;%").replace(" = ", "&nbsp;=&nbsp;")


def _files(comparison: Comparison) -> str:
    titles = ("File", "Crisis", "Start", "Seed", "Runs", "Settings")
    head = "".join(f"<th>{title}</th>" for title in titles)
    rows = "\n".join(f"<tr>{_file_row(source)}</tr>" for source in comparison.sources)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n{rows}</table></div>'


def _file_row(source: Source) -> str:
    frame = source.frame
    cells = [source.path.name]
    cells += [listed([str(v) for v in frame[c].unique()]) for c in ("crisis", "start", "seed")]
    cells += [f"{len(frame):,}", _settings(source)]
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)


def _settings(source: Source) -> str:
    told = []
    for column in setting_columns(source.frame):
        values = source.frame[column]
        if column in source.varied:
            span = f"{values.min():g} to {values.max():g} in {values.nunique()} levels"
            told.append(f"{column} from {span}")
        else:
            told.append(f"{column} = {values.iloc[0]:g}")
    return "; ".join(told) or "all at their defaults"
