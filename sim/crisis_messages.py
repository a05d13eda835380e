"""Turns what the schema refuses into sentences that name the key, the value and what was expected.

A key is shown as a dotted path. Edges stand under their ends and events of the script under their
label, so that a path can be read without counting: ``channels.usa.oman.latency``,
``script.al-asad.deaths``.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Literal, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from agents.measured import Measured, unit_of
from sim.crisis import (
    Alliance,
    Basing,
    Channel,
    ChannelChange,
    ConsentChange,
    Crisis,
    Measure,
    Message,
    Organization,
    Patronage,
    Place,
    Proxy,
    Rivalry,
    State,
    Statement,
    Strike,
)
from sim.errors import nearest

Loc = tuple[str | int, ...]
Model = type[BaseModel]

TRAIT_TABLES = ("traits", "host", "mediator")
ACTORS: Mapping[str, Model] = {"state": State, "proxy": Proxy, "organization": Organization}
EDGES: Mapping[str, type[Measured]] = {
    "alliances": Alliance,
    "rivalries": Rivalry,
    "patronages": Patronage,
    "basings": Basing,
    "channels": Channel,
}
EVENTS: Mapping[str, Model] = {
    "strike": Strike,
    "measure": Measure,
    **dict.fromkeys(("vow", "threat", "conclusion", "claim", "denial"), Statement),
    "message": Message,
    "channel": ChannelChange,
    "consent": ConsentChange,
}
PAIR = 2
ENDS = (("between", None), ("patron", "proxy"), ("host", "guest"))
A_NAME = "a name of small letters, digits and hyphens, a letter first, at most 40 long"
A_MOMENT = "a date and time with its zone, such as 2020-01-03T00:47:00+03:00"
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,60}")
_SHORT = reprlib.Repr(maxstring=60, maxother=60, maxlong=40, maxtuple=4, maxlist=4, maxdict=3)


def explain(error: ValidationError, data: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each thing the schema refused in ``data``, without repeats."""
    sentences = [
        f"{dotted(detail['loc'], data)}: {_sentence(detail)}"
        for raw in error.errors(include_url=False)
        for detail in _expanded(dict(raw))
    ]
    return list(dict.fromkeys(sentences))


def smuggled_sources(data: Mapping[str, Any]) -> list[str]:
    """Refuse an entry ``sources`` in a table of numbers: it would pass them by without units."""
    return [
        f"{dotted((*loc, 'sources'), data)}: unknown key; the source of a number stands beside it "
        "as { value = ..., unit = ..., source = ... }"
        for loc, table in _number_tables(data)
        if isinstance(table, Mapping) and "sources" in table
    ]


def span(field: FieldInfo) -> str:
    """Return the range that a field allows in words: "0 to 20"; "" if it is open."""
    low, high, below = limits(field)
    if low is None or high is None:
        return ""
    return f"{low:g} to {'below ' if below else ''}{high:g}"


def limits(field: FieldInfo) -> tuple[float | None, float | None, bool]:
    """Return (lowest, highest, whether the highest is itself excluded); None where it is open."""

    def bound(name: str) -> float | None:
        found = (getattr(extra, name, None) for extra in field.metadata)
        return next((float(limit) for limit in found if limit is not None), None)

    high, below = bound("le"), bound("lt")
    return bound("ge"), below if high is None else high, high is None and below is not None


def shown(value: Any) -> str:
    """Return a value as a crisis file would write it, shortened if it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, str):
        return _SHORT.repr(value)
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, tuple | list):
        return f"[{', '.join(shown(item) for item in value[:4])}{', ...' if value[4:] else ''}]"
    return _SHORT.repr(value)


def dotted(loc: Loc, data: Mapping[str, Any]) -> str:
    """Return the path of a place in a crisis file: edges by their ends, events by label."""
    match loc:
        case ("actors", name, kind, *rest) if kind in ACTORS:
            parts: list[str | int] = ["actors", name, *rest]
        case ("script", int(at), kind, *rest) if kind in EVENTS:
            parts = ["script", _label(data, at), *rest]
        case ("script", int(at), *rest):
            parts = ["script", _label(data, at), *rest]
        case (str(section), int(at), *rest) if section in EDGES:
            parts = [section, _edge(data, section, at), *rest]
        case _:
            parts = list(loc)
    return ".".join(_part(part) for part in parts if isinstance(part, str) and part != "[key]")


def expected(model: Model, name: str) -> str:
    """Return in words what the field ``name`` of ``model`` takes."""
    field = model.model_fields[name]
    unit = unit_of(field)
    if unit is not None and issubclass(model, Measured):
        return f'{{ value = {_kind(field)}, unit = "{unit}", source = ... }}'
    return _kind(field)


def _part(part: str) -> str:
    if all(_PLAIN.fullmatch(piece) or piece.startswith("[") for piece in part.split(".")):
        return part
    return _SHORT.repr(part)


def _item(data: Mapping[str, Any], section: str, at: int) -> Mapping[str, Any]:
    item = data[section][at]
    return item if isinstance(item, Mapping) else {}


def _label(data: Mapping[str, Any], at: int) -> str:
    label = _item(data, "script", at).get("label")
    return label if isinstance(label, str) else f"[{at + 1}]"


def _edge(data: Mapping[str, Any], section: str, at: int) -> str:
    item = _item(data, section, at)
    for first, second in ENDS:
        ends = item.get(first, ()) if second is None else (item.get(first), item.get(second))
        if isinstance(ends, tuple) and len(ends) == PAIR and all(isinstance(e, str) for e in ends):
            return ".".join(ends)
    return f"[{at + 1}]"


def _number_tables(data: Mapping[str, Any]) -> Iterator[tuple[Loc, Any]]:
    for name, actor in _items(data.get("actors")):
        for table in TRAIT_TABLES if isinstance(actor, Mapping) else ():
            yield ("actors", name, str(actor.get("kind")), table), actor.get(table)
    for section in ("places", *EDGES):
        for at, item in _items(data.get(section)):
            yield (section, at), item


def _items(tables: Any) -> list[tuple[str | int, Any]]:
    if isinstance(tables, Mapping):
        return list(tables.items())
    return list(enumerate(tables)) if isinstance(tables, tuple) else []


def _owner(loc: Loc) -> tuple[Model, str] | None:
    """Return the record that a location lies in and the name of the field there."""
    match loc:
        case ("actors", _, str(kind), str(table), str(name), *_) if table in TRAIT_TABLES:
            inner = ACTORS[kind].model_fields[table].annotation
            found = (inner, name) if isinstance(inner, type) else None
        case ("actors", _, str(kind), str(name), *_) if kind in ACTORS:
            found = (ACTORS[kind], name)
        case ("script", _, str(kind), str(name), *_) if kind in EVENTS:
            found = (EVENTS[kind], name)
        case ("places", _, str(name), *_):
            found = (Place, name)
        case (str(section), int(), str(name), *_) if section in EDGES:
            found = (EDGES[section], name)
        case (str(name), *_):
            found = (Crisis, name)
        case _:
            found = None
    return found


def _expanded(detail: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every complaint about a table of numbers: the schema itself stops at the first."""
    owner = _owner((*detail["loc"], "-"))
    if not detail["type"].startswith("quantity") or owner is None:
        yield detail
        return
    model, table, loc = owner[0], detail["input"], detail["loc"]
    for key in table:
        yield from _complaints(model, key, table, loc)
    for name, field in model.model_fields.items():
        if field.is_required() and name not in table:
            yield {"type": "missing", "loc": (*loc, name), "input": table}


def _complaints(model: Model, key: str, table: Any, loc: Loc) -> Iterator[dict[str, Any]]:
    try:
        model.model_validate({key: table[key]}, strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            inner = detail["loc"] or (key,)
            if inner[0] == key:
                yield {**detail, "loc": (*loc, *inner)}


def _sentence(detail: dict[str, Any]) -> str:
    owner = _owner(detail["loc"])
    if owner is None:
        return str(detail["msg"])
    model, name = owner
    kind = str(detail["type"])
    writer = _WRITERS.get(kind)
    if writer is not None:
        return writer(detail, model, name)
    if name not in model.model_fields:
        return str(detail["msg"])
    words = expected(model, name)
    annotation = model.model_fields[name].annotation
    if get_origin(annotation) is dict and detail["loc"][-1] != name:  # an entry of a table
        words = _WORDS.get(get_args(annotation)[1], "a table")
    return f"{shown(detail['input'])} is not {words}"


def _missing(detail: dict[str, Any], model: Model, name: str) -> str:
    if detail["loc"][-1] != name:  # one end of a pair
        return f"too few entries; expected {expected(model, name)}"
    return f"is missing; expected {expected(model, name)}"


def _unknown(detail: dict[str, Any], model: Model, name: str) -> str:
    known = [field for field in model.model_fields if field != "sources" or model is Crisis]
    return f"unknown key{nearest(name, known) or f'; expected one of {", ".join(known)}'}"


def _tag(detail: dict[str, Any], model: Model, name: str) -> str:
    known = ACTORS if name == "actors" else EVENTS
    given = detail["input"].get("kind") if isinstance(detail["input"], Mapping) else None
    found = "kind is missing" if given is None else f"kind is {shown(given)}"
    hint = nearest(given, known) if isinstance(given, str) else ""
    return f"{found}, expected one of {', '.join(known)}{hint}"


def _choice(detail: dict[str, Any], model: Model, name: str) -> str:
    known = [str(option) for option in get_args(model.model_fields[name].annotation)]
    given = detail["input"]
    hint = nearest(given, known) if isinstance(given, str) else ""
    return f"{shown(given)} is not known; expected one of {', '.join(known)}{hint}"


def _range(detail: dict[str, Any], model: Model, name: str) -> str:
    field = model.model_fields[name]
    unit = unit_of(field) or ""
    return f"{shown(detail['input'])} is out of range; expected {span(field)} {unit}".rstrip()


def _name(detail: dict[str, Any], model: Model, name: str) -> str:
    return f"{shown(detail['input'])} is not a name; expected {A_NAME}"


def _zone(detail: dict[str, Any], model: Model, name: str) -> str:
    return f"{shown(detail['input'])} has no time zone; expected {A_MOMENT}"


def _too_long(detail: dict[str, Any], model: Model, name: str) -> str:
    return f"{shown(detail['input'])} has too many entries; expected {expected(model, name)}"


def _quantity(detail: dict[str, Any], model: Model, name: str) -> str:
    return str(detail["msg"]).removeprefix(f"'{name}' ")


_Writer = Callable[[dict[str, Any], Model, str], str]
_WRITERS: Mapping[str, _Writer] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _tag,
    "literal_error": _choice,
    **dict.fromkeys(
        ("greater_than_equal", "greater_than", "less_than_equal", "less_than", "finite_number"),
        _range,
    ),
    "string_pattern_mismatch": _name,
    "string_too_long": _name,
    "timezone_aware": _zone,
    "too_long": _too_long,
    "quantity": _quantity,
    "quantity_unit": _quantity,
}
_WORDS: Mapping[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    datetime: A_MOMENT,
    AwareDatetime: A_MOMENT,
    dict: "a table",
}


def _kind(field: FieldInfo) -> str:
    kind = field.annotation
    origin = get_origin(kind)
    if origin is Literal:
        return f"one of {', '.join(str(option) for option in get_args(kind))}"
    if origin is tuple:
        return "a list" if Ellipsis in get_args(kind) else "a pair of actors"
    words = _WORDS.get(origin or kind, A_NAME if origin is not None else "a table")
    if kind is str and any(getattr(extra, "pattern", None) for extra in field.metadata):
        words = A_NAME
    return f"{words} from {span(field)}" if span(field) else words
