"""Several drawings below each other in one figure: for two runs side by side, and for pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.story.look import LIGHT, Drawing, Look, layout, plain

HEAD = 74
"""Pixels above each drawing for its title and its legend."""
FOOT = 46
"""Pixels below each drawing for the marks of its axis."""


def stack(
    parts: Sequence[tuple[str, Drawing]],
    look: Look = LIGHT,
    *,
    one_time_axis: bool = False,
    width: int | None = None,
) -> Drawing:
    """Return titled drawings below each other; each keeps its axes, marks and legend.

    With ``one_time_axis`` they are moved and stretched along x together.
    """
    inner = [max(120, part["layout"]["height"] - 60) for _, part in parts]
    total = sum(inner) + (HEAD + FOOT) * len(parts)
    figure: dict[str, Any] = layout(look, total, showlegend=True, dragmode="pan")
    figure["margin"] = {"l": 8, "r": 16, "t": 0, "b": 0}
    if width is not None:
        figure["width"] = width
    figure["shapes"], figure["annotations"] = [], []
    data: list[Any] = []
    top = float(total)
    for at, ((title, part), height) in enumerate(zip(parts, inner, strict=True), start=1):
        end = "" if at == 1 else str(at)
        high = (top - HEAD) / total
        low = (top - HEAD - height) / total
        data += [_moved(trace, end) for trace in part["data"]]
        given = part["layout"]
        x = {**given["xaxis"], "anchor": f"y{end}"}
        if one_time_axis and at > 1:
            x["matches"] = "x"
        figure[f"xaxis{end}"] = x
        figure[f"yaxis{end}"] = {**given["yaxis"], "anchor": f"x{end}", "domain": [low, high]}
        figure[f"legend{end}"] = {
            **given.get("legend", {}),
            "orientation": "h",
            "x": 0.0,
            "y": high,
            "yanchor": "bottom",
            "font": {"size": 11},
        }
        figure["shapes"] += [_placed(shape, end) for shape in given.get("shapes", ())]
        figure["annotations"] += [_placed(note, end) for note in given.get("annotations", ())]
        figure["annotations"].append(_title(title, top / total))
        top -= HEAD + height + FOOT
    return {"data": data, "layout": figure}


def _moved(trace: dict[str, Any], end: str) -> dict[str, Any]:
    return {**trace, "xaxis": f"x{end}", "yaxis": f"y{end}", "legend": f"legend{end}"}


def _placed(mark: dict[str, Any], end: str) -> dict[str, Any]:
    """Return a shape or a note of a drawing, on the axes that the drawing has now."""
    placed = dict(mark)
    for letter in "xy":
        whole = mark.get(f"{letter}ref") == "paper"
        placed[f"{letter}ref"] = f"{letter}{end} domain" if whole else f"{letter}{end}"
    return placed


def _title(text: str, y: float) -> dict[str, Any]:
    return {
        "text": f"<b>{plain(text)}</b>",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": y,
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": 15},
    }
