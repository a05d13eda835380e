"""Numbers that carry their unit, range and source.

A crisis file writes a number as ``{ value = 48, unit = "h", source = "wsj-2020" }``. The models
below declare which unit and range they expect; the number is checked against both and unwrapped,
and where it came from is kept beside it in ``sources``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError


@dataclass(frozen=True)
class Unit:
    """The unit a number is expected in, as written in crisis files."""

    name: str


Hours = Annotated[float, Unit("h"), Field(ge=0.0, le=8760.0)]
Days = Annotated[float, Unit("d"), Field(ge=0.0, le=3650.0)]
Share = Annotated[float, Unit("share"), Field(ge=0.0, le=1.0)]
Rungs = Annotated[float, Unit("rung"), Field(ge=0.0, le=20.0)]
Factor = Annotated[float, Unit("factor"), Field(ge=0.0, le=10.0)]
Utility = Annotated[float, Unit("utility"), Field(ge=0.0, le=100.0)]
CostPerRung = Annotated[float, Unit("utility/rung"), Field(ge=0.0, le=10.0)]
PerRung = Annotated[float, Unit("utility/rung"), Field(ge=-5.0, le=5.0)]
People = Annotated[int, Unit("people"), Field(ge=0, le=10_000_000)]


def unit_of(field: FieldInfo) -> str | None:
    """Return the unit that a field of a measured model is declared in, or None if it has none."""
    return next((extra.name for extra in field.metadata if isinstance(extra, Unit)), None)


def range_of(field: FieldInfo) -> tuple[float | None, float | None]:
    """Return the (lowest, highest) value that a field allows; None where it is open."""
    low = next((m.ge for m in field.metadata if getattr(m, "ge", None) is not None), None)
    high = next((m.le for m in field.metadata if getattr(m, "le", None) is not None), None)
    return low, high


def _unwrap(key: str, raw: Any, unit: str) -> tuple[Any, str]:
    """Split a ``{value, unit, source}`` table into its value and source, checking the unit."""
    if not isinstance(raw, Mapping):
        raise PydanticCustomError(
            "quantity",
            "'{key}' is {raw}, expected a table {{ value = ..., unit = \"{unit}\", source = ... }}",
            {"key": key, "raw": repr(raw), "unit": unit},
        )
    if missing := {"value", "unit", "source"} - raw.keys():
        raise PydanticCustomError(
            "quantity",
            "'{key}' lacks {missing}; expected {{ value = ..., unit = \"{unit}\", source = ... }}",
            {"key": key, "missing": ", ".join(sorted(missing)), "unit": unit},
        )
    if unknown := raw.keys() - {"value", "unit", "source"}:
        raise PydanticCustomError(
            "quantity",
            "'{key}' has the unknown entry {unknown}; expected only value, unit and source",
            {"key": key, "unknown": ", ".join(sorted(unknown))},
        )
    if raw["unit"] != unit:
        raise PydanticCustomError(
            "quantity_unit",
            "'{key}' is given in {given}, expected the unit \"{unit}\"",
            {"key": key, "given": repr(raw["unit"]), "unit": unit},
        )
    return raw["value"], str(raw["source"])


class Strict(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Measured(Strict):
    """A frozen record whose numbers arrive as ``{value, unit, source}`` tables.

    ``sources`` maps the name of each number that was given to the source named beside it; a number
    that was not given keeps its default, whose source stands in the field's description.
    """

    sources: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _read_quantities(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or "sources" in data:
            return data
        plain: dict[str, Any] = {}
        sources: dict[str, str] = {}
        for key, raw in data.items():
            field = cls.model_fields.get(key)
            unit = unit_of(field) if field is not None else None
            if unit is None:
                plain[key] = raw
            else:
                plain[key], sources[key] = _unwrap(key, raw, unit)
        return {**plain, "sources": sources}

    def replacing(self, key: str, value: float | str) -> Self:
        """Return a validated copy with one value replaced, its source "set by the user"."""
        content = {name: getattr(self, name) for name in type(self).model_fields}
        content[key] = value
        content["sources"] = {**self.sources, key: "set by the user"}
        return type(self).model_validate(content)
