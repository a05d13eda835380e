"""What every run and every agent must keep to, checked by running it.

For whoever adds a crisis or a behaviour: `check_crisis` runs a crisis and returns one sentence for
everything that is wrong, `check_run` does so for one finished run, and `check_agent` looks at one
actor and its behaviours. An empty list means that all is well::

    from sim import load_crisis
    from sim.contract import check_crisis

    for finding in check_crisis(load_crisis("my-crisis.toml")):
        print(finding)

Each check is a small function whose docstring is the rule.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from math import isclose, isfinite
from typing import Any

from agents.actor import Actor
from agents.appraisal import Terms
from agents.attack import WAVES
from agents.dyad import Dyad
from agents.event import Event, Kind
from agents.rules import beliefs, ladder
from agents.world import Chance, Graph, World
from sim.crisis import Crisis
from sim.crisis_file import load_crisis
from sim.model import CrisisModel

Check = Callable[[CrisisModel], Iterator[str]]

CAUSELESS = frozenset({Kind.SCRIPT, Kind.START, Kind.QUIET, Kind.END})
"""Kinds that may stand at the head of a chain of causes; a proxy's unasked decision may too."""
RUNGS: Mapping[Kind, range] = {
    Kind.DECISION: range(ladder.STAND_DOWN, ladder.WAR + 1),
    Kind.MEASURE: range(ladder.STAND_DOWN, ladder.FORCE),
    Kind.PREPARATION: range(ladder.FORCE, ladder.WAR + 1),
    Kind.RECALL: range(ladder.FORCE, ladder.WAR + 1),
    Kind.LAUNCH: range(ladder.FORCE, ladder.WAR),
    Kind.WAR: range(ladder.WAR, ladder.WAR + 1),
}
"""Rungs that an event of this kind may have; of another kind, any rung or none."""
SHARES = frozenset(
    {"belief_concluded", "belief_resolved", "breach", "correct", "credibility", "fidelity", "final"}
    | {"late", "obeys", "probability", "quiet", "share"}
)
"""Values of events that lie in [0, 1]; the others but utilities and times are not negative."""
SIGNED = frozenset({"time", "utility", *Terms._fields})
DECIDED = frozenset({Kind.DELIBERATION, Kind.DECISION, Kind.PREPARATION, Kind.RECALL, Kind.LAUNCH})
FORCEFUL = frozenset({Kind.DECISION, Kind.PREPARATION, Kind.LAUNCH})
ROUNDING = 1e-9
PROTOCOLS: Mapping[str, frozenset[str]] = {
    "world": frozenset(dir(World)),
    "graph": frozenset(dir(Graph)),
    "chance": frozenset(dir(Chance)),
}
"""What agents may use of anything of this name."""


def check_crisis(
    crisis: str | Crisis,
    *,
    start: str | None = None,
    rng: int = 0,
    replicates: int = 5,
    **parameters: Any,
) -> list[str]:
    """Run a crisis ``replicates`` times and return what is wrong with the runs and their agents.

    Besides the checks of `check_run` and `check_agent`: the same seed and replicate give the same
    trace, another replicate another one, and stepping hour by hour gives what one go gives.
    The other arguments are those of `sim.model.CrisisModel`.
    """
    loaded = load_crisis(crisis) if isinstance(crisis, str) else crisis

    def run(replicate: int) -> CrisisModel:
        return CrisisModel(crisis=loaded, start=start, rng=rng, replicate=replicate, **parameters)

    found: list[str] = []
    traces: list[list[Event]] = []
    for replicate in range(replicates):
        model = run(replicate)
        model.run_to_end()
        found += (f"replicate {replicate}: {finding}" for finding in check_run(model))
        traces.append(model.ledger)
    again, stepped = run(0), run(0)
    again.run_to_end()
    while stepped.running:
        stepped.step()
    if again.ledger != traces[0]:
        found.append(f"replicate 0 run twice differs {_difference(traces[0], again.ledger)}")
    if stepped.ledger != traces[0]:
        found.append(f"replicate 0 stepped differs {_difference(traces[0], stepped.ledger)}")
    if len(traces) > 1 and all(trace == traces[0] for trace in traces):
        found.append(f"all {replicates} replicates have the same trace")
    found += (finding for actor in again.world.actors.values() for finding in check_agent(actor))
    return list(dict.fromkeys(found))


def check_run(model: CrisisModel) -> list[str]:
    """Return what is wrong with a run that has ended: its ledger, actors, graph, outcome.

    Its story is looked at once the form of every event is right.
    """
    for checks in (FORM, STORY):
        found = [finding for check in checks for finding in check(model)]
        if found:
            return found
    return []


def check_agent(actor: Actor) -> list[str]:
    """Return what is wrong with an actor: with its place in the world, or with its behaviours.

    Rule: an actor has behaviours, each under the name of its class; the docstring of each states
    the rule it follows; and its module keeps to the protocols of `agents.world`.
    """
    found: list[str] = []
    if actor.world.actors.get(actor.id) is not actor:
        found.append(f"{actor.id} is not in its world under its id")
    if not actor.behaviours:
        found.append(f"{actor.id} has no behaviours: it can neither hear nor decide")
    for name, behaviour in actor.behaviours.items():
        kind = type(behaviour)
        if name != kind.__name__:
            found.append(f"{actor.id}: behaviour {kind.__name__} is kept under the name {name}")
        if getattr(behaviour, "actor", None) is not actor:
            found.append(f"{actor.id}: behaviour {name} is not bound to its actor")
        if "Rule:" not in (kind.__doc__ or ""):
            found.append(f"behaviour {name}: its docstring states no rule ('Rule: ...')")
    kinds = {type(behaviour) for behaviour in actor.behaviours.values()} | {type(actor)}
    for module in sorted({kind.__module__ for kind in kinds}):
        found += check_source(inspect.getsource(sys.modules[module]), module)
    return found


def check_source(source: str, name: str) -> list[str]:
    """Return where the source of an agents' module goes beyond the protocols of `agents.world`.

    Rule: it imports nothing from `sim` or `experiments`, and of whatever it calls ``world``,
    ``graph`` and ``chance`` it uses only what `World`, `Graph` and `Chance` declare.
    """
    return [f"{name} {stray}" for node in ast.walk(ast.parse(source)) for stray in _strays(node)]


def _strays(node: ast.AST) -> Iterator[str]:
    """Yield what one node of a source does beyond the protocols."""
    for module in _imported(node):
        if module.partition(".")[0] in ("sim", "experiments"):
            yield f"imports {module}; agents import nothing from there"
    if isinstance(node, ast.Attribute):
        owner = getattr(node.value, "attr", getattr(node.value, "id", ""))
        if node.attr not in PROTOCOLS.get(owner, (node.attr,)):
            yield f"uses {owner}.{node.attr}, which its protocol does not declare"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def _difference(first: list[Event], second: list[Event]) -> str:
    """Return where two traces part, in words."""
    for one, other in zip(first, second, strict=False):
        if one != other:
            return f"from event {one.id} ({one.kind} at {one.time:g} h) on"
    return f"in length: {len(first)} and {len(second)} events"


# The ledger, event by event


def check_order(model: CrisisModel) -> Iterator[str]:
    """Ids are 0, 1, 2, ... and times never decrease."""
    for position, event in enumerate(model.ledger):
        if event.id != position:
            yield f"event {position} has the id {event.id}"
    for before, after in pairwise(model.ledger):
        if after.time < before.time:
            yield f"event {after.id} is at {after.time:g} h, after one at {before.time:g} h"


def check_causes(model: CrisisModel) -> Iterator[str]:
    """An event's cause stands before it; what is free has one, save the head of a chain."""
    for event in model.ledger:
        if event.cause is None:
            if event.kind not in CAUSELESS and event.label != "unasked":
                yield f"event {event.id} ({event.kind}) has no cause"
        elif not 0 <= event.cause < event.id:
            yield f"event {event.id} ({event.kind}) has the cause {event.cause}, not one before it"


def check_vocabulary(model: CrisisModel) -> Iterator[str]:
    """Kinds, actors, targets and places are known; nobody acts but at the crisis' own end."""
    known = {*model.crisis.actors, ""}
    for event in model.ledger:
        if event.kind not in Kind:
            yield f"event {event.id} is of the unknown kind {event.kind!r}"
        elif not event.actor and event.kind not in (Kind.QUIET, Kind.END):
            yield f"event {event.id} ({event.kind}) has no actor"
        for name in {event.actor, event.target} - known:
            yield f"event {event.id} ({event.kind}) names the unknown actor {name!r}"
        if event.place and event.place not in model.crisis.places:
            yield f"event {event.id} ({event.kind}) names the unknown place {event.place!r}"


def check_numbers(model: CrisisModel) -> Iterator[str]:
    """Times and values are finite, shares in [0, 1], counts not negative, rungs on their part."""
    for event in model.ledger:
        of = f"event {event.id} ({event.kind})"
        rungs = RUNGS.get(Kind(event.kind)) if event.kind in Kind else None
        if event.rung is None and rungs is not None:
            yield f"{of} has no rung"
        elif event.rung is not None and event.rung not in (rungs or range(ladder.WAR + 1)):
            yield f"{of} is on rung {event.rung}"
        for name, value in {"time": event.time, **event.values}.items():
            last = name.rpartition(".")[2]
            if not isfinite(value):
                yield f"{of}: {name} is {value}"
            elif last in SHARES and not -ROUNDING <= value <= 1.0 + ROUNDING:
                yield f"{of}: {name} is {value:g}, expected a share in [0, 1]"
            elif value < 0.0 and last not in SIGNED:
                yield f"{of}: {name} is {value:g}, expected no negative number"


def check_decisions(model: CrisisModel) -> Iterator[str]:
    """A decision's probabilities add up to 1, its terms to a utility; its rung is on the menu."""
    for event in model.ledger:
        if event.kind != Kind.DECISION or event.label == "unasked":
            continue
        values = event.values
        menu = [name.removesuffix(".probability") for name in values if ".probability" in name]
        total = sum(values[f"{name}.probability"] for name in menu)
        if not isclose(total, 1.0, rel_tol=ROUNDING):
            yield f"event {event.id}: the probabilities of its options add up to {total!r}"
        if ladder.RUNG_NAMES[event.rung or 0] not in menu:
            yield f"event {event.id}: rung {event.rung} was chosen and is not on the menu"
        for name in menu:
            terms = sum(values[f"{name}.{term}"] for term in Terms._fields)
            if not isclose(terms, values[f"{name}.utility"], abs_tol=ROUNDING):
                yield f"event {event.id}: the terms of {name} do not add up to its utility"


# The ledger as a story


def check_history(model: CrisisModel) -> Iterator[str]:
    """Before the start all is pinned: nobody weighs, decides or launches, and no time is > 0."""
    for event in model.ledger:
        if event.kind == Kind.START:
            if event.time != 0.0:
                yield f"event {event.id}: the start is at {event.time:g} h"
            return
        if event.kind in DECIDED:
            yield f"event {event.id} ({event.kind}) is before the start"
        if event.time > 0.0:
            yield f"event {event.id} ({event.kind}) is before the start, at {event.time:g} h"
    yield "the run has no start"


def check_flights(model: CrisisModel) -> Iterator[str]:
    """Every launch lands all its waves, in order and where it was aimed, unless the run was cut."""
    waves: dict[int, list[Event]] = {}
    for event in model.ledger:
        if event.kind == Kind.IMPACT and event.cause is not None:
            waves.setdefault(event.cause, []).append(event)
    for launch in _of(model, Kind.LAUNCH):
        landed = waves.get(launch.id, [])
        numbers = [event.values["wave"] for event in landed]
        if numbers != list(range(len(landed))):
            yield f"event {launch.id}: its waves land as {numbers}"
        if len(landed) != WAVES[launch.rung or 0] and not _cut(model):
            yield f"event {launch.id}: a launch of which {len(landed)} waves land"
        for event in landed:
            if event[3:7] != (launch.actor, launch.target, launch.place, launch.rung):
                yield f"event {event.id}: an impact unlike its launch, event {launch.id}"


def check_deliberations(model: CrisisModel) -> Iterator[str]:
    """Every deliberation leads to a decision, or is overtaken by war or by the horizon."""
    open_since: dict[str, Event] = {}
    at_war: set[str] = set()
    for event in model.ledger:
        if event.kind == Kind.DELIBERATION:
            if event.actor in open_since:
                yield f"event {event.id}: {event.actor} deliberates twice at once"
            open_since[event.actor] = event
        elif event.kind == Kind.DECISION:
            open_since.pop(event.actor, None)
        elif event.kind in (Kind.WAR, Kind.JOIN):
            at_war |= {event.actor, event.target}
    for actor, event in open_since.items():
        if actor not in at_war and not _cut(model):
            yield f"event {event.id}: a deliberation of {actor} that leads to nothing"


def check_messages(model: CrisisModel) -> Iterator[str]:
    """Every message and warning arrives or is lost, not both, unless the run was cut short."""
    fates = Counter(
        event.cause
        for event in model.ledger
        if event.kind in (Kind.DELIVERY, Kind.MESSAGE_LOST) and event.cause is not None
    )
    for event in model.ledger:
        if event.kind not in (Kind.MESSAGE, Kind.WARNING):
            continue
        if fates[event.id] > 1 or (fates[event.id] == 0 and not _cut(model)):
            yield f"event {event.id}: a {event.kind} with {fates[event.id]} fates, expected one"


def check_war(model: CrisisModel) -> Iterator[str]:
    """Who is at war takes no more decisions of force: war is the end of measured answers."""
    at_war: set[str] = set()
    for event in model.ledger:
        if event.kind in (Kind.WAR, Kind.JOIN):
            at_war |= {event.actor, event.target}
        elif event.actor in at_war and (
            (event.kind in FORCEFUL and (event.rung or 0) >= ladder.FORCE)
            or (event.kind == Kind.ORDER and event.label == "strike")
        ):
            yield f"event {event.id}: {event.actor}, at war, is on a {event.kind} of force"


def check_end(model: CrisisModel) -> Iterator[str]:
    """A run ends once, last of all, by the horizon: at it, at war, or quiet; so says its record."""
    ends = _of(model, Kind.END)
    if len(ends) != 1 or model.ledger[-1] is not ends[0] or model.running:
        yield f"the run has {len(ends)} ends, and its last event is {model.ledger[-1].kind}"
        return
    horizon, end = model.parameters.horizon, ends[0].time
    if end > horizon:
        yield f"the run ends at {end:g} h, beyond its horizon of {horizon:g} h"
    last = [e.kind for e in model.ledger if e.kind in (Kind.QUIET, Kind.REOPENED)][-1:]
    quiet, war = last == [Kind.QUIET], _of(model, Kind.WAR)
    if end < horizon and not quiet and not war:
        yield f"the run ends at {end:g} h, before its horizon, and is neither quiet nor at war"
    if ends[0].values.get("quiet") != quiet:
        yield f"the end says quiet = {ends[0].values.get('quiet')}, and the last word was {last}"
    outcome = model.outcome()
    if quiet != (outcome.time_to_quiet_h is not None) or (outcome.outcome == "off_ramp") > quiet:
        yield f"{outcome.outcome} with time_to_quiet_h = {outcome.time_to_quiet_h}, after {last}"


# What is left at the end


def check_state(model: CrisisModel) -> Iterator[str]:
    """At the end grievances are finite and not negative, beliefs within limits, edges shares."""
    for actor in model.world.actors.values():
        if not (isfinite(actor.grievance) and actor.grievance >= 0.0):
            yield f"{actor.id} ends with a grievance of {actor.grievance}"
        for dyad in actor.dyads.values():
            yield from (f"{actor.id} about {dyad.rival}: {what}" for what in _off(dyad))
        for name, behaviour in actor.behaviours.items():
            stores = {**getattr(behaviour, "resentment", {}), "": getattr(behaviour, "strain", 0.0)}
            if any(not isfinite(value) or value < 0.0 for value in stores.values()):
                yield f"{actor.id}: {name} ends with {stores}"
    for first, second, kind, edge in model.world.graph.graph.edges(keys=True, data=True):
        for name in ("strength", "intensity", "obedience", "fidelity", "willingness"):
            if not 0.0 <= edge.get(name, 0.0) <= 1.0:
                yield f"{kind} of {first} and {second}: {name} is {edge[name]}"


def _off(dyad: Dyad) -> Iterator[str]:
    """Yield what is out of range in one account."""
    for name in ("resolved", "concluded"):
        if abs(getattr(dyad, name)) > beliefs.LIMIT:
            yield f"log odds {name} of {getattr(dyad, name)}"
    for name in ("threat", "vow", "threatened"):
        if getattr(dyad, name) not in range(ladder.WAR + 1):
            yield f"{name} of rung {getattr(dyad, name)}"
    for name in ("level", "kept", "dropped"):
        if not (isfinite(getattr(dyad, name)) and getattr(dyad, name) >= 0.0):
            yield f"{name} of {getattr(dyad, name)}"
    if not 0.0 <= dyad.breach <= 1.0:
        yield f"breach of {dyad.breach}"
    if any(not isfinite(harm) or harm < 0.0 for harm in dyad.unassessed.values()):
        yield f"unassessed harm of {dyad.unassessed}"


def check_outcome(model: CrisisModel) -> Iterator[str]:
    """The columns of the outcome are what a recount of the ledger from the start on gives."""
    outcome = model.outcome()._asdict()
    for name, counted in _recount(model).items():
        if outcome[name] != counted:
            yield f"the outcome has {name} = {outcome[name]}, a recount gives {counted}"


def _recount(model: CrisisModel) -> dict[str, int]:
    """Return columns of the outcome, counted one by one."""
    start = next((e.id for e in model.ledger if e.kind == Kind.START), 0)
    events = model.ledger[start:]
    kinds = Counter(str(event.kind) for event in events)
    hits = [event for event in events if event.kind in (Kind.IMPACT, Kind.ACCIDENT)]
    force = [event for event in events if event.kind == Kind.LAUNCH]
    soft = [event.rung or 0 for event in events if event.kind == Kind.MEASURE]
    war = ladder.WAR if kinds[Kind.WAR] + kinds[Kind.JOIN] else 0
    lethal = ("deaths", "civilian_deaths", "bystanders")
    deaths = sum(int(event.values.get(name, 0)) for event in hits for name in lethal)
    sided = ("initiator_military", "initiator_civilian", "target_military", "target_civilian")
    outcome = model.outcome()._asdict()
    return {
        "deaths": deaths,
        "other_deaths": deaths - sum(outcome[f"{side}_deaths"] for side in sided),
        "peak_rung": max([war, *soft, *(event.rung or 0 for event in force)]),
        "proxy_attacks": sum(event.rung == ladder.PROXY for event in force),
        "recalls": kinds[Kind.RECALL],
        "offers_made": kinds[Kind.CONCLUSION],
        "offers_accepted": kinds[Kind.OFFER_ACCEPTED],
        "messages_lost": kinds[Kind.MESSAGE_LOST],
        "threats_made": kinds[Kind.THREAT],
        "threats_kept": kinds[Kind.THREAT_KEPT],
        "threats_dropped": kinds[Kind.THREAT_DROPPED],
        "allies_joined": kinds[Kind.JOIN],
        "accidents": kinds[Kind.ACCIDENT],
        "reopened": kinds[Kind.REOPENED],
        "events": len(model.ledger),
    }


def _of(model: CrisisModel, kind: Kind) -> list[Event]:
    return [event for event in model.ledger if event.kind == kind]


def _cut(model: CrisisModel) -> bool:
    """Return whether the run was cut by its horizon, with things under way."""
    return model.ledger[-1].time >= model.parameters.horizon


FORM: tuple[Check, ...] = (check_order, check_causes, check_vocabulary, check_numbers)
"""What `check_run` looks at first: every event by itself."""
STORY: tuple[Check, ...] = (
    check_decisions,
    check_history,
    check_flights,
    check_deliberations,
    check_messages,
    check_war,
    check_end,
    check_state,
    check_outcome,
)
"""What it looks at then; a new rule for every run is one more function here."""
