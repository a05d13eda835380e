"""Which numbers the page offers to change, and over which range: those of the experiments."""

from __future__ import annotations

import math
from dataclasses import dataclass

from experiments.designs.experiment_file import load_experiment, shipped_experiments
from sim.crisis import Crisis
from sim.errors import InputError
from sim.keys import Key, find_key, list_keys, refuse_unplayed

USUAL = ("threat_credibility", "channel_latency", "choice_precision", "proxy_obedience")
"""Keys that every crisis offers first."""
STEPS = 20
UNBOUNDED = 4.0
"""How many times its default a key without an upper bound may take on its slider."""
WIDEST = 100.0
"""A span beyond which the bounds of a key say less of it than its default."""


@dataclass(frozen=True)
class Dial:
    """A key with what its slider runs over: a range and step, or labels."""

    key: Key
    low: float
    high: float
    step: float

    @property
    def title(self) -> str:
        """The key as people read it: "al-asad: deaths"."""
        owner, _, name = self.key.name.rpartition(".")
        plain = name.replace("_", " ").removesuffix(" h")
        return f"{owner}: {plain}" if owner else plain

    @property
    def meaning(self) -> str:
        """What the key is, in one line, with its unit, default and source."""
        default = self.key.default
        told = default if isinstance(default, str) else f"{default:g}"
        about = self.key.description.rstrip(".") or self.title
        unit = "" if self.key.levels else f", {self.key.unit}"
        return f"{about}{unit}. Usually {told}. Source: {self.key.source}"


def usual_dials(crisis: Crisis, start: str) -> list[Dial]:
    """Return what is offered first: what the shipped experiments on this crisis vary, and `USUAL`.

    Keys of events after ``start`` are left out: they are never played.
    """
    ranges = _experiments(crisis)
    names = [*ranges, *(name for name in USUAL if name not in ranges)]
    return [dial for name in names if (dial := _playable(crisis, start, name, ranges)) is not None]


def dial(crisis: Crisis, name: str) -> Dial:
    """Return the dial of any key of a crisis."""
    return _dial(find_key(crisis, name), _experiments(crisis).get(name))


def all_names(crisis: Crisis, start: str) -> list[str]:
    """Return the names of all keys that can matter from this start."""
    return [key.name for key in list_keys(crisis) if _played(crisis, start, key.name)]


def _played(crisis: Crisis, start: str, name: str) -> bool:
    try:
        refuse_unplayed(crisis, start, [name])
    except InputError:
        return False
    return True


def _playable(
    crisis: Crisis, start: str, name: str, ranges: dict[str, tuple[float, float] | None]
) -> Dial | None:
    if not _played(crisis, start, name):
        return None
    return _dial(find_key(crisis, name), ranges.get(name))


def _experiments(crisis: Crisis) -> dict[str, tuple[float, float] | None]:
    """Return the keys that experiments on a crisis vary: the widest range, None for labels."""
    found: dict[str, tuple[float, float] | None] = {}
    for path in shipped_experiments().values():
        experiment = load_experiment(path)
        if experiment.crisis != crisis.name:
            continue
        for axis in experiment.axes():
            numbers = [value for value in axis.ends if isinstance(value, float | int)]
            key = find_key(crisis, axis.key)
            if numbers and (known := found.get(key.name)):
                numbers += known
            found[key.name] = (min(numbers), max(numbers)) if numbers else None
    return found


def _dial(key: Key, span: tuple[float, float] | None) -> Dial:
    if key.levels:
        return Dial(key, 0.0, len(key.levels) - 1.0, 1.0)
    default = float(key.default)
    low, high = span or (key.low, key.high)
    if not math.isfinite(high) or (span is None and high - low > WIDEST):
        high = max(UNBOUNDED * default, key.low + 10.0)
    low = max(low if math.isfinite(low) else 0.0, key.low)
    low, high = min(low, default), max(high, default)
    return Dial(key, low, high, 1.0 if key.whole else _step(high - low, default - low))


def _step(span: float, default: float) -> float:
    """Return a round step, a twentieth of a span or finer, that leads from its end to a default."""
    unit = 10.0 ** math.ceil(math.log10(span / STEPS))
    steps = [unit * 10.0**-decade * m for decade in range(4) for m in (1.0, 0.5, 0.25, 0.2)]
    fine = [step for step in steps if step <= span / STEPS * 1.001]
    fits = (step for step in fine if math.isclose(default / step, round(default / step)))
    return float(f"{next(fits, fine[-1]):.6g}")
