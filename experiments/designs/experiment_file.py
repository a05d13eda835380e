"""An experiment as a file: a question, the keys that are varied, and how.

``[vary]`` gives each key a range ``{ low = 0, high = 1, steps = 11 }`` (without steps for designs
that sample it) or a list of levels ``["full", "restricted"]``; ``[set]`` fixes others.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StrictFloat, StrictInt, StrictStr, ValidationError, model_validator

from agents.measured import Strict
from experiments.designs.axis import Axis, listing, spanning, stepped
from experiments.metrics import USUAL, metrics_named
from sim.errors import InputError, nearest

MOST_BYTES = 1_000_000
"""Largest file that is read; experiments have hundreds of bytes, tables of points stand apart."""

type Level = StrictInt | StrictFloat | StrictStr | bool


class Range(Strict):
    """From ``low`` to ``high``, in ``steps`` evenly spaced values if they are given."""

    low: float
    high: float
    steps: int | None = None


class Narrowing(Strict):
    """Add replicates at each point until the 95 % interval of a metric is at most ± ``ci``."""

    metric: str
    ci: Annotated[float, Field(gt=0.0)]
    most: Annotated[int, Field(ge=1)] = 10_000


class Experiment(Strict):
    """A question asked of a crisis; every entry but ``crisis`` has a default."""

    crisis: str
    title: str = ""
    question: str = ""
    start: str | None = None
    design: str = "grid"
    samples: int = 0
    table: str | None = None
    replicates: int = 100
    seed: int = 0
    metrics: Annotated[tuple[str, ...], Field(min_length=1)] = USUAL
    vary: dict[str, Range | Annotated[list[Level], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    set: dict[str, Level] = Field(default_factory=dict)
    until: Narrowing | None = None

    @model_validator(mode="after")
    def _know_metrics(self) -> Experiment:
        asked = [*self.metrics, *([self.until.metric] if self.until else [])]
        try:
            metrics_named(asked)
        except InputError as error:
            raise ValueError(str(error)) from None
        return self

    def axes(self) -> tuple[Axis, ...]:
        """Return the axes of the design, in the order of the file.

        Raises:
            InputError: if a range or list cannot be used.
        """
        return tuple(_axis(key, given) for key, given in self.vary.items())


def _axis(key: str, given: Range | list[Any]) -> Axis:
    if isinstance(given, Range):
        if given.steps is None:
            return spanning(key, given.low, given.high)
        return stepped(key, given.low, given.high, given.steps)
    return listing(key, tuple(_level(value) for value in given))


def _level(value: Any) -> float | str:
    """Return a level as keys take it: true and false are labels."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else float(value)


def shipped_experiments() -> dict[str, Path]:
    """Return the experiments that are shipped, by name."""
    folder = Path(__file__).resolve().parents[1] / "examples"
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}


def is_experiment(path: Path) -> bool:
    """Return whether a TOML file is an experiment rather than a crisis: it names its crisis."""
    try:
        return "crisis" in _toml(path)
    except InputError:
        return False


def load_experiment(path: Path) -> Experiment:
    """Read an experiment.

    Raises:
        InputError: naming file, key, value and what was expected.
    """
    content = _toml(path)
    try:
        return Experiment.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"] if part not in ("Range", "list"))
        told = first["msg"].removeprefix("Value error, ")
        given = first["input"]
        value = f" = {given!r}" if isinstance(given, str | int | float) else ""
        hint = (
            nearest(at, list(Experiment.model_fields)) if first["type"] == "extra_forbidden" else ""
        )
        raise InputError(f"{path}: {at}{value}: {told}{hint}") from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is larger than {MOST_BYTES:,} bytes, expected an experiment")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read as TOML: {error}") from None


def plain_settings(given: dict[str, Any]) -> tuple[tuple[str, float | str], ...]:
    """Return the ``[set]`` table as settings."""
    return tuple((key, _level(value)) for key, value in given.items())
