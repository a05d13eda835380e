"""The numbers and labels of a crisis that a user can set, by name.

====================================  ======================================================
``threat_credibility``                a parameter of the whole model
``iran.tolerance``                    a trait of a state or proxy
``iraq.host.politics``                a trait of a state as host
``switzerland.mediator.handling``     a trait of a state or organization as intermediary
``place.al-asad.vulnerability``       a number of a place
``patronage.iran.hezbollah.obedience``  a number of an edge, patron before proxy
``basing.iraq.usa.troops``            the same, host before guest
``channel.iran.oman.open``            the same, either way round; true or false
``basing.iraq.usa.consent``           a label of an edge: full, restricted or withdrawn
``al-asad.deaths``                    a number of an event of the script, by its label
====================================  ======================================================
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ValidationError

from agents.measured import Measured, unit_of
from agents.parameters import Parameters
from sim.crisis import Crisis, State
from sim.crisis_checks import SECTIONS, edges, ends
from sim.crisis_messages import limits, span
from sim.errors import InputError, nearest

TRUTH = ("false", "true")
LABEL = "label"
"""Unit of keys that take one of a few labels."""
_DIRECTED = ("patronage", "basing")
_UNSAID = "judgement: the default of the schema"
_SCHEMA = ("kind", "schema_version")
"""Labels that say what a record is; they cannot be set."""

type Value = float | str
"""What a key is set to: a number, or a label."""

Address = tuple[str, str | int, str]  # section, name or position in it, table or ""
Owners = Mapping[str, tuple[Address, BaseModel]]


class UnknownKeyError(InputError):
    """There is no such key in this crisis; the message names the nearest ones."""


class SettingError(InputError):
    """A setting cannot be used; the message names key, value, allowed range and unit."""


@dataclass(frozen=True, slots=True)
class Key:
    """What can be set: unit, range, value unless set, meaning, and source of the value.

    Keys with ``whole`` take whole numbers only. Keys with ``levels`` take one of these labels, and
    ``low`` and ``high`` are the places of the first and the last among them.
    """

    name: str
    unit: str
    low: float
    high: float
    default: Value
    description: str
    source: str
    whole: bool = False
    levels: tuple[str, ...] = ()


class Scale(NamedTuple):
    """What a value may be: ``low`` to ``high``, or below it; whole; a label; and this in words."""

    unit: str
    low: float
    high: float
    below: bool
    whole: bool
    allowed: str
    levels: tuple[str, ...] = ()


def list_keys(crisis: Crisis) -> tuple[Key, ...]:
    """Return all keys: parameters, then actors, places, edges and events as the file has them."""
    parameters = (_parameter(name) for name in Parameters.model_fields)
    owned = (
        _key(prefix, name, record)
        for prefix, (_, record) in _owners(crisis).items()
        for name in _settable(record)
    )
    return (*parameters, *owned)


def find_key(crisis: Crisis, name: str) -> Key:
    """Return the key of this name; UnknownKeyError with the nearest names if there is none."""
    if name in Parameters.model_fields:
        return _parameter(name)
    owners = _owners(crisis)
    prefix, field = _resolve(crisis, owners, name)
    return _key(prefix, field, owners[prefix][1])


def with_overrides(crisis: Crisis, overrides: Mapping[str, Value]) -> Crisis:
    """Return a copy of the crisis with these numbers and labels in place of its own.

    Raises UnknownKeyError for a name the crisis does not have, SettingError for a value out of its
    range, not whole where it must be, or for a parameter of the whole model.
    """
    owners = _owners(crisis)
    changes: dict[str, dict[str, Any]] = {}
    for name, value in overrides.items():
        if name in Parameters.model_fields:
            raise SettingError(f"{name} is a parameter of the whole model, not of the crisis")
        prefix, field = _resolve(crisis, owners, name)
        given = changes.setdefault(prefix, {})
        if field in given:
            raise SettingError(f"{prefix}.{field} is set twice, once as {name}")
        kind = type(owners[prefix][1])
        checked = _checked(name, value, kind, field)
        given[field] = checked == TRUTH[1] if _levels(kind, field) == TRUTH else checked
    replaced = {owners[at][0]: _replaced(at, owners[at][1], new) for at, new in changes.items()}
    return _rebuilt(crisis, replaced)


def split_overrides(
    crisis: Crisis, settings: Mapping[str, Value]
) -> tuple[dict[str, float], dict[str, Value]]:
    """Return (settings of the whole model, settings of the crisis), each checked for its range.

    Raises UnknownKeyError and SettingError as `with_overrides` does.
    """
    owners = _owners(crisis)
    whole: dict[str, float] = {}
    own: dict[str, Value] = {}
    for name, value in settings.items():
        if name in Parameters.model_fields:
            whole[name] = _number(name, value, _scale(Parameters, name))
        else:
            prefix, field = _resolve(crisis, owners, name)
            own[name] = _checked(name, value, type(owners[prefix][1]), field)
    return whole, own


def refuse_unplayed(crisis: Crisis, start: str, names: Iterable[str]) -> None:
    """Raise SettingError for a key of an event that comes after ``start`` and is never played."""
    begins = crisis.event(start).time
    for name in names:
        label = name.rpartition(".")[0]
        event = next((event for event in crisis.script if event.label == label), None)
        if event is not None and event.time > begins:
            raise SettingError(
                f"{name} says nothing of a run that is free from {start}: '{label}' comes later in "
                "the script and is not played; start from it or from a later strike"
            )


def checked_parameters(values: Mapping[str, Any]) -> Parameters:
    """Return the global parameters found in ``values``; other entries are passed over.

    Raises `SettingError` for a value that is no number or out of its range.
    """
    names = Parameters.model_fields
    return Parameters(
        **{name: _number(name, values[name], _scale(Parameters, name)) for name in names}
    )


def parse_setting(text: str) -> tuple[str, Value]:
    """Return (key, value) from "KEY=VALUE"; SettingError if it is not of that form.

    The value is a number with a point for decimals, or else a label. Whether the crisis has the key
    and allows the value is for `with_overrides`.
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not name or not value:
        raise SettingError(f"{text!r} is not a setting; expected KEY=VALUE, as in iran.tolerance=2")
    try:
        number = float(value)
    except ValueError:
        return name, value
    if not math.isfinite(number):
        raise SettingError(f"{name} = {value}; expected a finite number")
    return name, number


def _owners(crisis: Crisis) -> Owners:
    """Return where each record with settable numbers stands, and it, by the prefix of its keys."""
    return {prefix: (address, record) for prefix, address, record in _records(crisis)}


def _records(crisis: Crisis) -> Iterator[tuple[str, Address, BaseModel]]:
    for name, actor in crisis.actors.items():
        if actor.kind != "organization":
            yield name, ("actors", name, "traits"), actor.traits
        if isinstance(actor, State):
            yield f"{name}.host", ("actors", name, "host"), actor.host
        if actor.kind != "proxy":
            yield f"{name}.mediator", ("actors", name, "mediator"), actor.mediator
    for name, place in crisis.places.items():
        yield f"place.{name}", ("places", name, ""), place
    for kind, at, edge in edges(crisis):
        yield ".".join((kind, *ends(edge))), (SECTIONS[kind], at, ""), edge
    for at, event in enumerate(crisis.script):
        yield event.label, ("script", at, ""), event


def _settable(record: BaseModel) -> Iterator[str]:
    for name, field in type(record).model_fields.items():
        if unit_of(field) is not None or _levels(type(record), name):
            yield name


@cache
def _levels(record: type[BaseModel], name: str) -> tuple[str, ...]:
    """Return the labels that a field takes, none if it takes a number or cannot be set."""
    annotation = record.model_fields[name].annotation
    if annotation is bool:
        return TRUTH
    if name not in _SCHEMA and get_origin(annotation) is Literal:
        return get_args(annotation)
    return ()


def _resolve(crisis: Crisis, owners: Owners, name: str) -> tuple[str, str]:
    """Return (prefix, field) of a key; an undirected edge may name its ends either way round."""
    prefix, _, field = name.rpartition(".")
    if prefix not in owners:
        kind, *pair = prefix.split(".")
        if kind in SECTIONS and kind not in _DIRECTED:
            prefix = ".".join((kind, *reversed(pair)))
    if prefix not in owners or field not in _settable(owners[prefix][1]):
        known = [key.name for key in list_keys(crisis)]
        hint = nearest(name, known, 3) or "; offramp run NAME --list-keys names them all"
        raise UnknownKeyError(f"unknown key {name!r}{hint}")
    return prefix, field


def _parameter(name: str) -> Key:
    field = Parameters.model_fields[name]
    what, _, source = (field.description or "").partition(" Source: ")
    scale = _scale(Parameters, name)
    return Key(
        name,
        scale.unit,
        scale.low,
        scale.high,
        float(field.default),
        what.rstrip("."),
        source or "judgement: the neutral value of the model",
        scale.whole,
    )


def _key(prefix: str, name: str, record: BaseModel) -> Key:
    field = type(record).model_fields[name]
    value = getattr(record, name)
    if isinstance(record, Measured):
        unsaid = "the crisis file" if unit_of(field) is None else _UNSAID
        source = record.sources.get(name, unsaid)
    else:
        source = str(getattr(record, "source", ""))
    scale = _scale(type(record), name)
    return Key(
        f"{prefix}.{name}",
        scale.unit,
        scale.low,
        scale.high,
        _label(value) if scale.levels else float(value),
        field.description or "",
        source,
        scale.whole,
        scale.levels,
    )


@cache
def _scale(record: type[BaseModel], name: str) -> Scale:
    field = record.model_fields[name]
    unit = unit_of(field)
    if levels := _levels(record, name):
        allowed = f"one of {', '.join(levels)}"
        return Scale(LABEL, 0.0, len(levels) - 1.0, False, True, allowed, levels)
    assert unit is not None
    low, high, below = limits(field)
    return Scale(
        unit,
        -math.inf if low is None else low,
        math.inf if high is None else high,
        below,
        field.annotation is int,
        f"{span(field)} {unit}",
    )


def _checked(name: str, value: object, record: type[BaseModel], field: str) -> Value:
    """Return the value of the key ``name`` as a number or label, if its record allows it."""
    scale = _scale(record, field)
    return _labelled(name, value, scale) if scale.levels else _number(name, value, scale)


def labelled(key: Key, value: Value) -> Value:
    """Return a value of a key as results show it: the label for whatever may stand for it.

    Raises SettingError for what is no label of a key that takes labels.
    """
    if not key.levels:
        return value
    allowed = f"one of {', '.join(key.levels)}"
    return _labelled(
        key.name, value, Scale(LABEL, key.low, key.high, False, True, allowed, key.levels)
    )


def _labelled(name: str, value: object, scale: Scale) -> str:
    label = _label(bool(value)) if scale.levels == TRUTH and value in (0, 1) else _label(value)
    if label not in scale.levels:
        raise SettingError(f"{name} = {_shown(value)} is no label; expected {scale.allowed}")
    return label


def _label(value: object) -> str:
    """Return a value of a field that takes labels as a label."""
    return TRUTH[value] if isinstance(value, bool) else str(value).lower()


def _number(name: str, value: object, scale: Scale) -> float:
    """Return the value of the key ``name`` as a number, if its scale allows it."""
    if not isinstance(value, Real):
        comma = isinstance(value, str) and "," in value
        hint = "; write decimals with a point" if comma else ""
        raise SettingError(f"{name} = {value!r} is not a number; expected {scale.allowed}{hint}")
    number = float(value)
    if not scale.low <= number <= scale.high or (scale.below and number == scale.high):
        raise SettingError(f"{name} = {number:g} is out of range; expected {scale.allowed}")
    if scale.whole and not number.is_integer():
        raise SettingError(
            f"{name} = {number:g} is not whole; expected a whole number, {scale.allowed}"
        )
    return number


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)


def _replaced(prefix: str, record: BaseModel, changes: Mapping[str, Any]) -> BaseModel:
    """Return a validated copy of one record with some of its numbers replaced."""
    try:
        if isinstance(record, Measured):
            for name, value in changes.items():
                record = record.replacing(name, value)
            return record
        content = {name: getattr(record, name) for name in type(record).model_fields}
        return type(record).model_validate({**content, **changes})
    except ValidationError as error:
        raise SettingError(f"{prefix}: {error.errors()[0]['msg']}") from error


def _rebuilt(crisis: Crisis, replaced: Mapping[Address, BaseModel]) -> Crisis:
    """Return a copy of the crisis with the records at these addresses replaced."""
    sections: dict[str, Any] = {}
    for (section, at, table), record in replaced.items():
        items: Any = sections.get(section)
        if items is None:
            old = getattr(crisis, section)
            items = sections[section] = dict(old) if isinstance(old, dict) else list(old)
        items[at] = items[at].model_copy(update={table: record}) if table else record
    tupled = {key: tuple(new) if isinstance(new, list) else new for key, new in sections.items()}
    return crisis.model_copy(update=tupled)
