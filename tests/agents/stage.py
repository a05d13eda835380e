"""A small stage for menus and appraisals: two states, places in reach, and edges that tests set."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import mesa

from agents.actor import Proxy, State
from agents.appraisal import Appraisal, appraise
from agents.attack import Attack, Mode
from agents.menu import Option, options
from agents.parameters import Parameters
from agents.rules import audience, harm, ladder
from agents.traits import HostTraits, MediatorTraits, ProxyTraits, StateTraits
from agents.world import Leg, Site, TargetClass


@dataclass
class Ties:
    """The edges that menus and appraisals ask for; none but those that a test puts in."""

    alliances: dict[tuple[str, str], float] = field(default_factory=dict)
    hosting: dict[tuple[str, str], str] = field(default_factory=dict)
    clients: dict[str, list[str]] = field(default_factory=dict)
    path: tuple[Leg, ...] = ()
    suspects: int = 0
    """How many others besides the opposite state are rivals of each."""

    def alliance(self, first: str, second: str) -> float:
        ends = ((first, second), (second, first))
        return max(self.alliances.get(pair, 0.0) for pair in ends)

    def allies(self, actor: str) -> list[tuple[str, float]]:
        ends = {name for pair in self.alliances if actor in pair for name in pair} - {actor}
        return [(name, self.alliance(actor, name)) for name in sorted(ends)]

    def rivals(self, actor: str) -> list[str]:
        opposite = "south" if actor == "north" else "north"
        return [opposite, *(f"suspect-{i}" for i in range(self.suspects))]

    def proxies(self, patron: str) -> list[str]:
        return self.clients.get(patron, [])

    def hosts(self, guest: str) -> list[str]:
        return [host for host, other in self.hosting if other == guest]

    def guests(self, host: str) -> list[str]:
        return [guest for other, guest in self.hosting if other == host]

    def consent(self, host: str, guest: str) -> str:
        return self.hosting[host, guest]

    def route(self, _sender: str, _receiver: str) -> tuple[Leg, ...]:
        return self.path


def place(
    kind: TargetClass = TargetClass.MILITARY,
    *,
    forces: str = "south",
    country: str = "south",
    reached_by: str = "north",
    vulnerability: float = 1.0,
) -> Site:
    """Return a place; by default a base of South at home, which North reaches."""
    return Site(
        id=f"{country}-{kind.name.lower()}",
        country=country,
        forces=forces,
        target_class=kind,
        vulnerability=vulnerability,
        reached_by=frozenset(reached_by.split()),
    )


class Stage:
    """North, whose options are looked at, its rival South, and what a test adds."""

    def __init__(
        self,
        *sites: Site,
        ties: Ties | None = None,
        **parameters: float,
    ) -> None:
        names = {"north", "south", *(site.forces for site in sites)}
        self.world: Any = SimpleNamespace(
            env=SimpleNamespace(now=0.0),
            chance=SimpleNamespace(uniform=lambda actor, purpose: 0.5),
            parameters=Parameters.model_validate(parameters),
            graph=ties or Ties(),
            forces={name: tuple(s for s in sites if s.forces == name) for name in names},
            actors={},
        )
        self._mesa: mesa.Model[Any, Any] = mesa.Model(rng=1)
        self.north = self.add_state("north")
        self.south = self.add_state("south")
        self.account = self.north.dyad("south")

    def add_state(self, name: str) -> State:
        """Put a state on the stage whose allies ask nothing of it."""
        state = State(
            self._mesa,
            self.world,
            name,
            name.title(),
            traits=StateTraits(),
            host=HostTraits(),
            mediator=MediatorTraits(),
        )
        state.behaviours["AllianceDuty"] = SimpleNamespace(
            restraint_urged=lambda now: 0.0, allies_threatened_by=lambda rival: 0.0
        )
        self.world.actors[name] = state
        return state

    def add_proxy(self, name: str) -> None:
        """Put an armed group on the stage."""
        self.world.forces.setdefault(name, ())
        self.world.actors[name] = Proxy(
            self._mesa, self.world, name, name.title(), traits=ProxyTraits()
        )

    def provoke(self, site: Site) -> None:
        """Let South have struck North openly there."""
        self.account.provocation = Attack(
            1, "south", "south", "north", site, 7, Mode.OVERT, site.target_class, 7.0
        )

    def suffer(self, deaths: float, *, blame: float = 1.0) -> None:
        """Let North blame South, by this share, for a calibrated strike that killed this many."""
        per_tenfold = self.world.parameters.casualty_harm
        felt = harm.harm(ladder.CALIBRATED, 0.0, per_tenfold, deaths, 0.0)
        self.account.accrue(0.0, felt, blame, 1.0)
        self.account.breach = audience.breach(deaths, 1.0)

    def menu(self, rival: str = "south") -> list[Option]:
        """Return North's options, in the order of the menu."""
        return list(options(self.north, self.north.dyad(rival)))

    def rungs(self, rival: str = "south") -> list[int]:
        """Return the rungs of North's options, in the order of the menu."""
        return [option.rung for option in self.menu(rival)]

    def only(self, rung: int) -> Option:
        """Return the one option of this rung."""
        (option,) = [option for option in self.menu() if option.rung == rung]
        return option

    def appraisal(self) -> Appraisal:
        """Return how North weighs its options against South."""
        return appraise(self.north, "south")

    def share(self, *rungs: int) -> float:
        """Return the probability that North chooses one of these rungs."""
        weighed = self.appraisal()
        pairs = zip(weighed.options, weighed.probabilities, strict=True)
        return sum(share for option, share in pairs if option.rung in rungs)

    def by_force(self) -> float:
        """Return the probability that North answers by force."""
        return self.share(*range(ladder.FORCE, ladder.WAR + 1))

    def term(self, rung: int, name: str) -> float:
        """Return one term of the utility of a rung."""
        weighed = self.appraisal()
        pairs = zip(weighed.options, weighed.terms, strict=True)
        (found,) = [getattr(terms, name) for option, terms in pairs if option.rung == rung]
        return float(found)
