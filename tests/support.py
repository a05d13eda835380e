"""Small crises for tests, and ways to ask a trace what happened.

The crises are the shipped `two-states` with some of its text changed: North and South, an island
that carries messages, one place on each side, one strike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from agents.actor import State
from agents.attack import Attack, Mode
from agents.event import Event, Kind
from sim.crisis import Crisis
from sim.crisis_file import load_crisis
from sim.model import CrisisModel

BAND = """
[actors.band]
kind = "proxy"
name = "Band"

[actors.band.traits]
tolerance = { value = 0.5, unit = "rung", source = "story" }
attack_rate = { value = 0.2, unit = "1/d", source = "story" }
reaction = { value = 12, unit = "h", source = "story" }

[[patronages]]
patron = "south"
proxy = "band"
obedience = { value = 0.75, unit = "share", source = "story" }
order_latency = { value = 4, unit = "h", source = "story" }
"""
"""An armed group of South."""

HAVEN = """
[actors.haven]
kind = "state"
name = "Haven"

[actors.haven.host]
politics = { value = 48, unit = "h", source = "story" }
relay = { value = 0.4, unit = "h", source = "story" }

[places.north-camp]
name = "North's camp in Haven"
country = "haven"
forces = "north"
target_class = "military"
vulnerability = { value = 1, unit = "factor", source = "story" }
reached_by = ["south"]

[[basings]]
host = "haven"
guest = "north"
troops = { value = 1000, unit = "people", source = "story" }

[[channels]]
between = ["south", "haven"]
latency = { value = 0.2, unit = "h", source = "story" }
fidelity = { value = 0.9, unit = "share", source = "story" }
willingness = { value = 1, unit = "share", source = "story" }

[[channels]]
between = ["haven", "north"]
latency = { value = 0.3, unit = "h", source = "story" }
fidelity = { value = 0.9, unit = "share", source = "story" }
willingness = { value = 1, unit = "share", source = "story" }
"""
"""A host of North's forces, with a camp that South reaches."""

FRIEND = """
[actors.friend]
kind = "state"
name = "Friend"

[places.friend-port]
name = "Friend's port"
country = "friend"
forces = "friend"
target_class = "infrastructure"
vulnerability = { value = 1, unit = "factor", source = "story" }
reached_by = ["south"]

[[alliances]]
between = ["north", "friend"]
strength = { value = 0.8, unit = "share", source = "story" }
"""
"""An ally of North within South's reach."""

LINE = """
[[channels]]
between = ["north", "south"]
latency = { value = 0.1, unit = "h", source = "story" }
fidelity = { value = 1, unit = "share", source = "story" }
willingness = { value = 1, unit = "share", source = "story" }
"""
"""A direct line between the two."""

BY_BAND = {
    'reached_by = ["south"]': 'reached_by = ["south", "band"]',
}
"""Put North's fort within the band's reach."""

COVERT = {
    "rung = 7 ": "rung = 4 ",
    'mode = "overt" ': 'mode = "covert" ',
    "deaths = 3 ": "deaths = 30 ",
}
"""Make the opening strike a covert one that kills thirty."""

BEFORE = """
[[script]]
label = "{label}"
kind = "{kind}"
time = 2030-02-{day:02}T04:00:00Z
actor = "{actor}"
{fields}
text = "Something that happened in February."
source = "story"
"""
"""An event of the script before the shelling of 1 March."""

Search = Callable[[CrisisModel], bool]


def edited(
    folder: Path, addition: str = "", changes: dict[str, str] | None = None, history: str = ""
) -> Crisis:
    """Return two-states with text replaced and added, by way of a file in ``folder``.

    ``history`` is put before the script's own event. Every replaced text must occur in the file.
    """
    text = files("sim").joinpath("crises", "two-states.toml").read_text(encoding="utf-8")
    for old, new in (changes or {}).items():
        assert old in text, f"{old!r} is not in two-states.toml"
        text = text.replace(old, new)
    head, mark, script = text.partition("[[script]]\nlabel")
    path = folder / "case.toml"
    path.write_text(f"{head}{addition}{history}{mark}{script}", encoding="utf-8")
    return load_crisis(path)


shipped = cache(load_crisis)


def finished(crisis: str | Crisis = "two-states", **arguments: object) -> CrisisModel:
    """Return a model that has run to its end."""
    loaded = shipped(crisis) if isinstance(crisis, str) else crisis
    model = CrisisModel(crisis=loaded, **arguments)  # type: ignore[arg-type]
    model.run_to_end()
    return model


def runs(
    crisis: str | Crisis = "two-states", replicates: int = 20, **arguments: object
) -> Iterator[CrisisModel]:
    """Yield finished models of replicates 0, 1, ..."""
    for replicate in range(replicates):
        yield finished(crisis, replicate=replicate, **arguments)


def found(
    wanted: Search, crisis: str | Crisis = "two-states", among: int = 100, **arguments: object
) -> CrisisModel:
    """Return the first finished model that has what is wanted; fails if none of them has."""
    for model in runs(crisis, among, **arguments):
        if wanted(model):
            return model
    raise AssertionError(f"no run among {among} has it")


def of(model: CrisisModel, *kinds: Kind, actor: str | None = None) -> list[Event]:
    """Return the events of these kinds, in order; of one actor if named."""
    return [e for e in model.ledger if e.kind in kinds and actor in (None, e.actor)]


def kinds(model: CrisisModel) -> set[str]:
    """Return the kinds of events that occur."""
    return {event.kind for event in model.ledger}


def chain(model: CrisisModel, event: Event) -> list[Event]:
    """Return an event and its causes, the nearest first."""
    links = [event]
    while links[-1].cause is not None:
        links.append(model.ledger[links[-1].cause])
    return links


def state(model: CrisisModel, name: str) -> State:
    """Return a state of the model."""
    actor = model.world.actors[name]
    assert isinstance(actor, State)
    return actor


PROUD = {"north.honour_weight": 5.0, "north.war_cost": 100.0, "north.reply_aversion": 0.0}
"""Make North answer: honour weighs most, a reply nothing, and war is out of the question."""
STILL = {"north.deliberation": 8000.0, "south.deliberation": 8000.0}
"""Let neither side come to a decision, by their own traits."""
ALONE: dict[str, Any] = {
    "deliberation_time": 10.0,
    "statement_delay": 8760.0,
    "threats": 0.0,
    "accident_risk": 0.0,
}
"""Let nobody decide (with `STILL`), speak or err: what a test starts is alone in the world."""
SURE = {"channel.north.island.willingness": 1.0, "channel.island.south.willingness": 1.0}
"""Make the island carry every message."""


def strike(model: CrisisModel, attacker: str, place: str, rung: int, **fields: Any) -> Attack:
    """Return an overt attack on a place by own forces, ready to land."""
    site = model.world.sites[place]
    given: dict[str, Any] = {
        "id": 900_001,
        "executor": attacker,
        "sponsor": attacker,
        "victim": site.forces,
        "site": site,
        "rung": rung,
        "mode": Mode.OVERT,
        "target_class": site.target_class,
        "display": float(rung),
    }
    return Attack(**{**given, **fields})
