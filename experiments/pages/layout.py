"""What every page is made of: cards of plots with sentences, tables, warnings, one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go
from plotly.io import to_html
from plotly.offline import get_plotlyjs

CONFIG = {
    "responsive": True,
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
}

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f7f7f4; color: #222; line-height: 1.5;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 40px 0 4px; }
p { max-width: 85ch; }
p.lead { margin: 0 0 20px; color: #555; max-width: 75ch; }
table { border-collapse: collapse; width: 100%; min-width: 620px; font-size: .9rem; }
th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid #ddd;
  vertical-align: top; }
th { white-space: nowrap; font-weight: 600; color: #555; }
.scroll { overflow-x: auto; }
.grid { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; margin-top: 16px; }
figure { margin: 0; background: #fff; border: 1px solid #e2e2dd; border-radius: 8px;
  padding: 18px 18px 14px; min-width: 0; }
figure h3 { margin: 0 0 4px; font-size: 1.05rem; }
p.reading { margin: 0; font-size: .9rem; color: #555; }
figcaption { margin-top: 10px; max-width: 85ch; }
code { font: .85em/1.4 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.warning { background: #fff4d6; border-left: 4px solid #e69f00; padding: 10px 14px;
  margin: 16px 0; border-radius: 4px; }
footer { margin-top: 40px; font-size: .88rem; color: #555; max-width: 85ch; }
@media (min-width: 900px) { .two { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media print { body { background: #fff; } figure { break-inside: avoid; } }
"""


@dataclass(frozen=True)
class Card:
    """A plot with its title, how to read it, and what it shows in a sentence or more.

    ``id`` names the plot among those of its page, in the CSV of its numbers and in image files.
    """

    id: str
    title: str
    reading: str
    figure: go.Figure
    sentence: str


@dataclass(frozen=True)
class Table:
    """A table of text with its heads; cells that begin with ``$ `` are commands."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    """A part of a page: a heading, warnings, text, a table, and cards in one or two columns."""

    title: str = ""
    warnings: Sequence[str] = ()
    text: Sequence[str] = ()
    table: Table | None = None
    cards: Sequence[Card] = ()
    columns: int = 1


@dataclass(frozen=True)
class Page:
    """A page: title, lead below it, sections, and how its figures were made."""

    title: str
    lead: str
    sections: Sequence[Section]
    method: str

    @property
    def cards(self) -> list[Card]:
        """All plots of the page, in order."""
        return [card for section in self.sections for card in section.cards]

    @property
    def warnings(self) -> list[str]:
        """All warnings of the page, in order."""
        return [warning for section in self.sections for warning in section.warnings]


def render(page: Page) -> str:
    """Return a page as HTML; the script of Plotly stands in it once."""
    body = "\n".join(part for section in page.sections for part in _section(section))
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n"
        '<link rel="icon" href="data:,">\n'
        f"<style>{STYLE}</style>\n<script>{get_plotlyjs()}</script>\n"
        f"</head>\n<body>\n<main>\n<h1>{escape(page.title)}</h1>\n"
        f'<p class="lead">{prose(page.lead)}</p>\n{body}\n'
        f"<footer><p>{prose(page.method)}</p></footer>\n</main>\n</body>\n</html>\n"
    )


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield f"<h2>{escape(section.title)}</h2>"
    for warning in section.warnings:
        yield f'<div class="warning">{prose(warning)}</div>'
    for text in section.text:
        yield f"<p>{prose(text)}</p>"
    if section.table is not None:
        yield _table(section.table)
    if section.cards:
        layout = "grid two" if section.columns > 1 else "grid"
        cards = "\n".join(_card(card) for card in section.cards)
        yield f'<div class="{layout}">\n{cards}\n</div>'


def _card(card: Card) -> str:
    config = {**CONFIG, "toImageButtonOptions": {"format": "svg", "filename": card.id}}
    plot = to_html(
        card.figure,
        include_plotlyjs=False,
        full_html=False,
        config=config,
        div_id=f"plot-{card.id}",
    )
    return (
        f"<figure><h3>{escape(card.title)}</h3>"
        f'<p class="reading">{prose(card.reading)}</p>{plot}'
        f"<figcaption>{prose(card.sentence)}</figcaption></figure>"
    )


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in table.heads)
    rows = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n{rows}</table></div>'


def _cell(text: str) -> str:
    if text.startswith("$ "):
        return f"<td><code>{escape(text[2:])}</code></td>"
    return f"<td>{prose(text)}</td>"


def prose(text: str) -> str:
    """Return a text as HTML that never breaks between a number and what belongs to it."""
    return escape(text).replace(" %", "&nbsp;%").replace(" = ", "&nbsp;=&nbsp;")
