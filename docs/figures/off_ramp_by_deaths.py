"""Draws docs/figures/off_ramp_by_deaths.svg from its CSV: how it ends, by deaths at al-Asad.

`refresh.py` runs the ensembles, keeps the counts in the CSV and draws. Run alone, this file draws
from the counts that are there: .venv/bin/python -m docs.figures.off_ramp_by_deaths
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from experiments.statistics import wilson

DEATHS = (0, 1, 2, 5, 10, 20, 30)
COUNTS = Path(__file__).with_suffix(".csv")
PICTURE = Path(__file__).with_suffix(".svg")
HEAD = ("deaths", "runs", "off_ramp", "escalation", "war")

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 200, 72, 60
# Okabe and Ito's blue, vermilion and a dark grey: told apart by colour-blind readers, and each
# line has its own marker and its name beside it.
SERIES = (
    ("off_ramp", "off-ramp", "#0072B2", "circle"),
    ("escalation", "heavy strikes, no war", "#D55E00", "square"),
    ("war", "war", "#444444", "diamond"),
)
INK, FAINT, PAPER = "#222222", "#DDDDDD", "#FFFFFF"

Counts = Sequence[Sequence[int]]


def write(counts: Counts) -> None:
    """Keep counts, one row (deaths, runs, off-ramps, escalations, wars) a point, and draw them."""
    with COUNTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([HEAD, *counts])
    PICTURE.write_text(draw(counts), encoding="utf-8")


def read() -> Counts:
    """Return the counts that are kept."""
    with COUNTS.open(encoding="utf-8", newline="") as file:
        return [[int(cell) for cell in row] for row in list(csv.reader(file))[1:]]


def x_of(deaths: float) -> float:
    """Return where a number of deaths stands; the axis is log10(1 + deaths), as harm is."""
    span = math.log10(1.0 + DEATHS[-1])
    return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(1.0 + deaths) / span


def y_of(share: float) -> float:
    """Return where a share stands."""
    return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share)


def draw(counts: Counts) -> str:
    """Return the picture as SVG."""
    runs = counts[0][1]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title about" font-family="system-ui, sans-serif" font-size="13">',
        '<title id="title">How the crisis ends, by deaths at al-Asad</title>',
        f'<desc id="about">{_in_words(counts)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        _text(LEFT, 28, "How the crisis ends, by soldiers killed at al-Asad", size=17, bold=True),
        _text(LEFT, 48, f"Share of {runs:,} runs at each point, with 95 % intervals", faint=True),
        *_axes(),
    ]
    for at, (_, name, colour, marker) in enumerate(SERIES):
        parts += _line([(row[0], row[2 + at], row[1]) for row in counts], colour, marker)
        parts.append(_label(counts, at, name, colour))
    return "\n".join([*parts, "</svg>", ""])


def _in_words(counts: Counts) -> str:
    first, last = counts[0], counts[-1]
    return (
        f"The off-ramp falls from {first[2] / first[1]:.0%} with {first[0]} deaths to "
        f"{last[2] / last[1]:.0%} with {last[0]}; heavy strikes rise from "
        f"{first[3] / first[1]:.0%} to {last[3] / last[1]:.0%}, war from "
        f"{first[4] / first[1]:.0%} to {last[4] / last[1]:.0%}."
    )


def _text(
    x: float, y: float, words: str, *, size: int = 13, bold: bool = False, faint: bool = False,
    anchor: str = "start", colour: str = INK,
) -> str:  # fmt: skip
    weight = ' font-weight="600"' if bold else ""
    fill = "#666666" if faint else colour
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{fill}"{weight}>{words}</text>'
    )


def _axes() -> list[str]:
    right, floor = WIDTH - RIGHT, y_of(0.0)
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = y_of(share)
        parts.append(f'<line x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{FAINT}"/>')
        parts.append(_text(LEFT - 10, y + 4.5, f"{share:.0%}".replace("%", " %"), anchor="end"))
    for deaths in DEATHS:
        x = x_of(deaths)
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{floor:.1f}" y2="{floor + 5:.1f}" '
            f'stroke="{INK}"/>'
        )
        parts.append(_text(x, floor + 21, str(deaths), anchor="middle"))
    middle = (LEFT + right) / 2.0
    parts.append(_text(middle, floor + 44, "soldiers killed (scale: log of 1 + deaths)",
                       anchor="middle", faint=True))  # fmt: skip
    return parts


def _line(points: list[tuple[int, int, int]], colour: str, marker: str) -> list[str]:
    """Return a line with its intervals and markers; points are (deaths, successes, runs)."""
    found = [(x_of(deaths), wilson(hits, runs)) for deaths, hits, runs in points]
    path = " ".join(f"{x:.1f},{y_of(share.value):.1f}" for x, share in found)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for x, share in found:
        low, high = y_of(share.low), y_of(share.high)
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}" '
            f'stroke="{colour}" stroke-width="1.5"/>'
        )
        parts.append(_marker(x, y_of(share.value), colour, marker))
    return parts


def _marker(x: float, y: float, colour: str, marker: str) -> str:
    paint = f'fill="{colour}" stroke="{PAPER}" stroke-width="1.2"'
    if marker == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" {paint}/>'
    turn = f' transform="rotate(45 {x:.1f} {y:.1f})"' if marker == "diamond" else ""
    return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" {paint}{turn}/>'


def _label(counts: Counts, at: int, name: str, colour: str) -> str:
    """Return a line's name at its right end, kept apart from its neighbours."""
    last = counts[-1]
    ends = sorted(range(len(SERIES)), key=lambda i: last[2 + i])
    heights: dict[int, float] = {}
    ceiling = math.inf
    for i in ends:
        ceiling = min(y_of(last[2 + i] / last[1]), ceiling - 18.0)
        heights[i] = ceiling
    return _text(x_of(last[0]) + 14, heights[at] + 4.5, name, bold=True, colour=colour)


if __name__ == "__main__":
    PICTURE.write_text(draw(read()), encoding="utf-8")
