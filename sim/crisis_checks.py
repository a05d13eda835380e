"""What must hold between the parts of a crisis, beyond the shape that the schema checks.

Each check is a small function that yields one sentence for each thing that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from agents.measured import Measured
from sim.crisis import (
    Alliance,
    Basing,
    Channel,
    ChannelChange,
    ConsentChange,
    Crisis,
    Patronage,
    Place,
    Rivalry,
    State,
    Strike,
)
from sim.errors import nearest

Edge = Alliance | Rivalry | Patronage | Basing | Channel
Check = Callable[[Crisis], Iterator[str]]

JUDGEMENT = "judgement"
SECTIONS = {
    "alliance": "alliances",
    "rivalry": "rivalries",
    "patronage": "patronages",
    "basing": "basings",
    "channel": "channels",
}
RESERVED = frozenset({"place", *SECTIONS})

_STATE = ("state",)
_ARMED = ("state", "proxy")
_ANY = ("state", "proxy", "organization")
_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "alliance": (_STATE, _STATE),
    "rivalry": (_ARMED, _ARMED),
    "patronage": (_ARMED, ("proxy",)),
    "basing": (_STATE, _STATE),
    "channel": (_ANY, _ANY),
}


def problems(crisis: Crisis) -> Iterator[str]:
    """Yield one sentence for everything in the crisis that does not fit together."""
    for check in CHECKS:
        yield from check(crisis)


def ends(edge: Edge) -> tuple[str, str]:
    """Return both ends of an edge; patron before proxy and host before guest."""
    if isinstance(edge, Patronage):
        return edge.patron, edge.proxy
    if isinstance(edge, Basing):
        return edge.host, edge.guest
    return edge.between


def edges(crisis: Crisis) -> Iterator[tuple[str, int, Edge]]:
    """Yield (kind, position in its list, edge) for every edge of the crisis."""
    for kind, section in SECTIONS.items():
        for at, edge in enumerate(getattr(crisis, section)):
            yield kind, at, edge


def check_edge_ends(crisis: Crisis) -> Iterator[str]:
    """Both ends of an edge are actors of a kind that fits, and not the same one."""
    for kind, _, edge in edges(crisis):
        path = _path(kind, edge)
        for name, kinds in zip(ends(edge), _KINDS[kind], strict=True):
            yield from _actor(crisis, path, name, kinds)
        if len(set(ends(edge))) == 1:
            yield f"{path}: an edge from {ends(edge)[0]!r} to itself; expected two actors"


def check_edges_once(crisis: Crisis) -> Iterator[str]:
    """There is one edge of a kind between two actors; a patronage or basing has a direction."""
    seen: set[tuple[str, ...]] = set()
    for kind, _, edge in edges(crisis):
        pair = ends(edge) if kind in ("patronage", "basing") else tuple(sorted(ends(edge)))
        if (kind, *pair) in seen:
            yield f"{_path(kind, edge)}: a second {kind} of the same pair; expected one"
        seen.add((kind, *pair))


def check_patrons(crisis: Crisis) -> Iterator[str]:
    """A proxy has one patron, and is not, through others, its own."""
    patrons: dict[str, set[str]] = {}
    for edge in crisis.patronages:
        if edge.patron == edge.proxy:
            continue
        others = patrons.setdefault(edge.proxy, set())
        if others - {edge.patron}:
            path = _path("patronage", edge)
            yield f"{path}: {edge.proxy!r} has the patron {min(others)!r} already; expected one"
        others.add(edge.patron)
    try:
        TopologicalSorter(patrons).prepare()
    except CycleError as error:
        yield f"patronages: a circle of patrons, {' of '.join(error.args[1])}; expected none"


def check_places(crisis: Crisis) -> Iterator[str]:
    """A place names actors that exist; only those with forces can own or reach it."""
    for name, place in crisis.places.items():
        path = f"places.{name}"
        yield from _actor(crisis, f"{path}.country", place.country, _ARMED)
        yield from _actor(crisis, f"{path}.forces", place.forces, _ARMED)
        for other in place.reached_by:
            yield from _actor(crisis, f"{path}.reached_by", other, _ARMED)


def check_labels(crisis: Crisis) -> Iterator[str]:
    """Labels are unique, no label is an actor, and neither is a word that keys begin with."""
    seen: set[str] = set()
    for event in crisis.script:
        path = f"script.{event.label}.label"
        if event.label in seen:
            yield f"{path}: the label {event.label!r} is used twice; expected each label once"
        if event.label in crisis.actors:
            yield f"{path}: {event.label!r} is an actor too; expected a label that no actor has"
        seen.add(event.label)
    for word in sorted(RESERVED & (seen | crisis.actors.keys())):
        where = f"actors.{word}" if word in crisis.actors else f"script.{word}.label"
        yield f"{where}: {word!r} begins the keys of settings; expected another name"


def check_starts(crisis: Crisis) -> Iterator[str]:
    """The trigger and the default start are strikes of the script."""
    labels = {event.label: event for event in crisis.script}
    for key in ("trigger", "default_start"):
        label = getattr(crisis, key)
        event = labels.get(label)
        if event is None:
            hint = nearest(label, labels) or f"; expected one of {', '.join(labels) or 'none'}"
            yield f"{key}: {label!r} is not a label of the script{hint}"
        elif not isinstance(event, Strike):
            yield f"{key}: {label!r} is of the kind {event.kind!r}; expected a strike"


def check_order(crisis: Crisis) -> Iterator[str]:
    """The script is in order of time, and causes come before what they led to."""
    for before, event in pairwise(crisis.script):
        if event.time < before.time:
            yield (
                f"script.{event.label}.time: {event.time.isoformat()} is earlier than "
                f"{before.label!r} above it ({before.time.isoformat()}); expected order of time"
            )
    labels = [event.label for event in crisis.script]
    for at, event in enumerate(crisis.script):
        if event.after is None or event.after in labels[:at]:
            continue
        path = f"script.{event.label}.after"
        if event.after in labels:
            yield f"{path}: {event.after!r} is not earlier; expected the label of an earlier event"
        else:
            yield f"{path}: {event.after!r} is no label of the script{nearest(event.after, labels)}"


def check_script_actors(crisis: Crisis) -> Iterator[str]:
    """Events name actors that exist, and nobody acts on itself."""
    for event in crisis.script:
        kinds = _ARMED if isinstance(event, Strike) else _ANY
        yield from _actor(crisis, f"script.{event.label}.actor", event.actor, kinds)
        field = "victim" if isinstance(event, Strike) else "target"
        other = getattr(event, field)
        path = f"script.{event.label}.{field}"
        yield from _actor(crisis, path, other, kinds)
        if other == event.actor:
            yield f"{path}: {other!r} acts on itself; expected another actor"


def check_strikes(crisis: Crisis) -> Iterator[str]:
    """A strike hits a place of its victim; one by proxy has a proxy and its patron behind it."""
    for event in crisis.script:
        if isinstance(event, Strike):
            yield from _place(crisis, event)
            yield from _sponsor(crisis, event)


def check_changes(crisis: Crisis) -> Iterator[str]:
    """Only a channel or a basing that exists can change; a channel may be opened anew."""
    channels = {frozenset(edge.between) for edge in crisis.channels}
    basings = {(edge.host, edge.guest) for edge in crisis.basings}
    for event in crisis.script:
        path = f"script.{event.label}"
        pair = {event.actor, getattr(event, "target", "")}
        changed = isinstance(event, ChannelChange) and event.status != "open"
        if changed and pair not in channels:
            yield f"{path}: no channel between {' and '.join(map(repr, sorted(pair)))} to change"
        if isinstance(event, ConsentChange) and (event.actor, event.target) not in basings:
            yield f"{path}: {event.actor!r} does not host {event.target!r}; expected a basing"


def check_sources(crisis: Crisis) -> Iterator[str]:
    """Every number and event names keys of [sources], parted by "; ", or begins "judgement"."""
    for path, record in _records(crisis):
        for key, source in record.sources.items():
            yield from _source(crisis, f"{path}.{key}", source)
    for event in crisis.script:
        yield from _source(crisis, f"script.{event.label}.source", event.source)


CHECKS: tuple[Check, ...] = (
    check_edge_ends,
    check_edges_once,
    check_patrons,
    check_places,
    check_labels,
    check_starts,
    check_order,
    check_script_actors,
    check_strikes,
    check_changes,
    check_sources,
)


def _path(kind: str, edge: Edge) -> str:
    return ".".join((SECTIONS[kind], *ends(edge)))


def _actor(crisis: Crisis, path: str, name: str, kinds: tuple[str, ...]) -> Iterator[str]:
    actor = crisis.actors.get(name)
    if actor is None:
        hint = nearest(name, crisis.actors) or f"; expected one of {', '.join(crisis.actors)}"
        yield f"{path}: {name!r} is no actor of this crisis{hint}"
    elif actor.kind not in kinds:
        yield f"{path}: {name!r} is of the kind {actor.kind!r}; expected a {' or '.join(kinds)}"


def _place(crisis: Crisis, strike: Strike) -> Iterator[str]:
    path = f"script.{strike.label}"
    place: Place | None = crisis.places.get(strike.place)
    if place is None:
        hint = nearest(strike.place, crisis.places)
        hint = hint or f"; expected one of {', '.join(crisis.places) or 'none'}"
        yield f"{path}.place: {strike.place!r} is no place of this crisis{hint}"
    elif strike.victim not in (place.forces, place.country):
        yield (
            f"{path}.victim: {strike.victim!r} is not at {strike.place!r}; "
            f"expected {' or '.join(dict.fromkeys((place.forces, place.country)))}"
        )


def _sponsor(crisis: Crisis, strike: Strike) -> Iterator[str]:
    path = f"script.{strike.label}"
    if strike.sponsor is not None:
        yield from _actor(crisis, f"{path}.sponsor", strike.sponsor, _ARMED)
    if strike.mode == "proxy":
        patrons = {edge.patron for edge in crisis.patronages if edge.proxy == strike.actor}
        if strike.sponsor not in patrons:
            found = "is missing" if strike.sponsor is None else f"is {strike.sponsor!r}"
            yield (
                f"{path}.sponsor: {found}; a strike in the mode 'proxy' expects a patron of "
                f"{strike.actor!r}: {', '.join(sorted(patrons)) or 'it has none'}"
            )


def _records(crisis: Crisis) -> Iterator[tuple[str, Measured]]:
    """Yield (path, record) for everything that carries numbers with sources."""
    for name, actor in crisis.actors.items():
        tables: dict[str, Measured] = {}
        if actor.kind != "organization":
            tables["traits"] = actor.traits
        if actor.kind != "proxy":
            tables["mediator"] = actor.mediator
        if isinstance(actor, State):
            tables["host"] = actor.host
        for table, record in tables.items():
            yield f"actors.{name}.{table}", record
    for name, place in crisis.places.items():
        yield f"places.{name}", place
    for kind, _, edge in edges(crisis):
        yield _path(kind, edge), edge


def _source(crisis: Crisis, path: str, source: str) -> Iterator[str]:
    if source.startswith(JUDGEMENT):
        return
    for key in source.split(";"):
        if key.strip() not in crisis.sources:
            yield (
                f"{path}: the source {key.strip()!r} is not in [sources]; expected a key of it or "
                f'"{JUDGEMENT}: why"{nearest(key.strip(), crisis.sources)}'
            )
