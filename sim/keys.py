"""The numbers of a crisis that a user can set, by name.

====================================  ======================================================
``threat_credibility``                a parameter of the whole model
``iran.tolerance``                    a trait of a state or proxy
``iraq.host.politics``                a trait of a state as host
``switzerland.mediator.handling``     a trait of a state or organization as intermediary
``place.al-asad.vulnerability``       a number of a place
``patronage.iran.hezbollah.obedience``  a number of an edge, patron before proxy
``basing.iraq.usa.troops``            the same, host before guest
``channel.iran.oman.open``            the same, either way round; true or false
``al-asad.deaths``                    a number of an event of the script, by its label
====================================  ======================================================
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from agents.measured import Measured, unit_of
from agents.parameters import Parameters
from sim.crisis import Channel, Crisis, State
from sim.crisis_checks import SECTIONS, edges, ends
from sim.crisis_messages import limits, span
from sim.errors import InputError, nearest

TRUTH = "true/false"
BOOLEAN_FIELDS = frozenset(
    name for name, field in Channel.model_fields.items() if field.annotation is bool
)
_DIRECTED = ("patronage", "basing")
_WORDS = {"true": 1.0, "false": 0.0}

Address = tuple[str, str | int, str]  # section, name or position in it, table or ""
Owners = Mapping[str, tuple[Address, BaseModel]]


class UnknownKeyError(InputError):
    """There is no such key in this crisis; the message names the nearest ones."""


class SettingError(InputError):
    """A setting cannot be used; the message names key, value, allowed range and unit."""


@dataclass(frozen=True, slots=True)
class Key:
    """A number that can be set: unit, range, value unless set, meaning, and source of the value.

    Keys of the unit "true/false" take 0 and 1; keys with ``whole`` take whole numbers only.
    """

    name: str
    unit: str
    low: float
    high: float
    default: float
    description: str
    source: str
    whole: bool = False


class Scale(NamedTuple):
    """What a number may be: from ``low`` to ``high``, or below it; whole; and this in words."""

    unit: str
    low: float
    high: float
    below: bool
    whole: bool
    allowed: str


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


def with_overrides(crisis: Crisis, overrides: Mapping[str, float]) -> Crisis:
    """Return a copy of the crisis with these numbers in place of its own.

    Raises UnknownKeyError for a name the crisis does not have, SettingError for a value out of its
    range, not whole where it must be, or for a parameter of the whole model.
    """
    owners = _owners(crisis)
    changes: dict[str, dict[str, float]] = {}
    for name, value in overrides.items():
        if name in Parameters.model_fields:
            raise SettingError(f"{name} is a parameter of the whole model, not of the crisis")
        prefix, field = _resolve(crisis, owners, name)
        given = changes.setdefault(prefix, {})
        if field in given:
            raise SettingError(f"{prefix}.{field} is set twice, once as {name}")
        given[field] = _checked(name, value, type(owners[prefix][1]), field)
    replaced = {owners[at][0]: _replaced(at, owners[at][1], new) for at, new in changes.items()}
    return _rebuilt(crisis, replaced)


def split_overrides(
    crisis: Crisis, settings: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return (settings of the whole model, settings of the crisis), each checked for its range.

    Raises UnknownKeyError and SettingError as `with_overrides` does.
    """
    owners = _owners(crisis)
    whole: dict[str, float] = {}
    own: dict[str, float] = {}
    for name, value in settings.items():
        if name in Parameters.model_fields:
            whole[name] = _checked(name, value, Parameters, name)
        else:
            prefix, field = _resolve(crisis, owners, name)
            own[name] = _checked(name, value, type(owners[prefix][1]), field)
    return whole, own


def checked_parameters(values: Mapping[str, Any]) -> Parameters:
    """Return the global parameters found in ``values``; other entries are passed over.

    Raises `SettingError` for a value that is no number or out of its range.
    """
    names = Parameters.model_fields
    return Parameters(**{name: _checked(name, values[name], Parameters, name) for name in names})


def parse_setting(text: str) -> tuple[str, float]:
    """Return (key, value) from "KEY=VALUE"; SettingError if it is not of that form.

    The value is a number with a point for decimals; true and false are 1 and 0 for the keys that
    take them. Whether the crisis has the key and allows the value is for `with_overrides`.
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not name or not value:
        raise SettingError(f"{text!r} is not a setting; expected KEY=VALUE, as in iran.tolerance=2")
    if value.lower() in _WORDS:
        if name.rpartition(".")[2] in BOOLEAN_FIELDS:
            return name, _WORDS[value.lower()]
        raise SettingError(f"{name} = {value}; expected a number")
    try:
        number = float(value)
    except ValueError:
        hint = "; write decimals with a point" if "," in value else ""
        raise SettingError(f"{name} = {value!r}; expected a number{hint}") from None
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
        if unit_of(field) is not None or name in BOOLEAN_FIELDS:
            yield name


def _resolve(crisis: Crisis, owners: Owners, name: str) -> tuple[str, str]:
    """Return (prefix, field) of a key; an undirected edge may name its ends either way round."""
    prefix, _, field = name.rpartition(".")
    if prefix not in owners:
        kind, *pair = prefix.split(".")
        if kind in SECTIONS and kind not in _DIRECTED:
            prefix = ".".join((kind, *reversed(pair)))
    if prefix not in owners or field not in _settable(owners[prefix][1]):
        known = [key.name for key in list_keys(crisis)]
        raise UnknownKeyError(f"unknown key {name!r}{nearest(name, known, 3)}")
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
    if unit_of(field) is None:
        source = "the crisis file"
    elif isinstance(record, Measured):
        source = record.sources.get(name, "judgement: the default of the schema")
    else:
        source = str(getattr(record, "source", ""))
    scale = _scale(type(record), name)
    return Key(
        f"{prefix}.{name}",
        scale.unit,
        scale.low,
        scale.high,
        float(getattr(record, name)),
        field.description or "",
        source,
        scale.whole,
    )


@cache
def _scale(record: type[BaseModel], name: str) -> Scale:
    field = record.model_fields[name]
    unit = unit_of(field)
    if unit is None:
        return Scale(TRUTH, 0.0, 1.0, False, True, f"0 or 1 {TRUTH}")
    low, high, below = limits(field)
    return Scale(
        unit,
        -math.inf if low is None else low,
        math.inf if high is None else high,
        below,
        field.annotation is int,
        f"{span(field)} {unit}",
    )


def _checked(name: str, value: object, record: type[BaseModel], field: str) -> float:
    """Return the value of the key ``name`` as a number, if its record allows it."""
    scale = _scale(record, field)
    if not isinstance(value, Real):
        raise SettingError(f"{name} = {value!r} is not a number; expected {scale.allowed}")
    number = float(value)
    if not scale.low <= number <= scale.high or (scale.below and number == scale.high):
        raise SettingError(f"{name} = {number:g} is out of range; expected {scale.allowed}")
    if scale.whole and not number.is_integer():
        raise SettingError(
            f"{name} = {number:g} is not whole; expected a whole number, {scale.allowed}"
        )
    return number


def _replaced(prefix: str, record: BaseModel, changes: Mapping[str, float]) -> BaseModel:
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
