"""The options an actor has against a rival: every rung it has the means, reach and leave for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agents.actor import Proxy, State
from agents.attack import VISIBILITY, WAVES, Attack, Mode, civilian_share, strike_harm
from agents.dyad import Dyad
from agents.event import Event
from agents.parameters import Parameters
from agents.rules import harm, ladder
from agents.world import Site, TargetClass, World

WARNING_AHEAD_H = 1.5
"""How long before launch a calibrated strike is announced to the host; al-Asad: 1 to 1.5 h."""


class Option(NamedTuple):
    """One thing an actor could do now; display and expected harm in rungs, expected deaths."""

    rung: int
    display: float
    harm: float
    mode: Mode = Mode.OVERT
    site: Site | None = None
    executor: str = ""
    scale: float = 1.0
    match: float = 0.0
    deaths: float = 0.0

    @property
    def name(self) -> str:
        """Name of the option's rung."""
        return ladder.RUNG_NAMES[self.rung]

    @property
    def warned(self) -> bool:
        """Whether the option includes a warning: calibrated strikes do."""
        return self.rung == ladder.CALIBRATED


def options(actor: State, dyad: Dyad) -> Iterator[Option]:
    """Yield every option against a rival, several of one rung where there are several targets.

    Hosts that refuse rule out limited strikes, which fly from their bases; heavier ones fly from
    home or from the sea.
    """
    for rung in (ladder.STAND_DOWN, ladder.PROTEST, ladder.SANCTIONS, ladder.SHOW_OF_FORCE):
        yield Option(rung, ladder.SOFT_VISIBILITY * rung, harm.BASE_HARM[rung])
    rival = actor.world.actors[dyad.rival]
    own_reach = [site for site in actor.world.forces[dyad.rival] if actor.id in site.reached_by]
    if own_reach:
        yield _strike(actor, dyad, ladder.COVERT, own_reach[0], Mode.COVERT, actor.id)
    yield from _by_proxy(actor, dyad)
    refused = bases_refused(actor)
    for site in own_reach:
        if site.target_class == TargetClass.MILITARY and not refused:
            yield _strike(actor, dyad, ladder.CALIBRATED, site, Mode.OVERT, actor.id)
            yield _strike(actor, dyad, ladder.PROPORTIONAL, site, Mode.OVERT, actor.id)
        elif site.target_class in (TargetClass.LEADERSHIP, TargetClass.INFRASTRUCTURE):
            yield _strike(actor, dyad, ladder.OVERMATCH, site, Mode.OVERT, actor.id)
        elif site.target_class == TargetClass.CIVILIAN:
            yield _strike(actor, dyad, ladder.CITIES, site, Mode.OVERT, actor.id)
    yield from _against_allies(actor, dyad)
    if rival.is_state:
        yield _war(actor)


def _war(actor: State) -> Option:
    """Return full-scale war: its display covers any grievance, its harm is what it threatens."""
    parameters = actor.world.parameters
    scale = parameters.lethality
    hurt = harm.threatened_harm(ladder.WAR, parameters.casualty_harm, scale)
    deaths = harm.LETHALITY[ladder.WAR] * scale
    return Option(ladder.WAR, 2.0 * ladder.WAR, hurt, deaths=deaths)


def bases_refused(actor: State) -> bool:
    """Return whether every host of the actor's forces has withdrawn its consent."""
    hosts = actor.world.graph.hosts(actor.id)
    consents = [actor.world.graph.consent(host, actor.id) for host in hosts]
    return bool(consents) and all(consent == "withdrawn" for consent in consents)


def bases_restricted(actor: State) -> bool:
    """Return whether any host limits what the actor's forces may do from its soil."""
    hosts = actor.world.graph.hosts(actor.id)
    return any(actor.world.graph.consent(host, actor.id) != "full" for host in hosts)


def _by_proxy(actor: State, dyad: Dyad) -> Iterator[Option]:
    """Yield an attack by each proxy on each military site of the rival that it reaches."""
    for proxy_id in actor.world.graph.proxies(actor.id):
        proxy = actor.world.actors[proxy_id]
        assert isinstance(proxy, Proxy)
        for site in actor.world.forces[dyad.rival]:
            if proxy_id in site.reached_by and site.target_class == TargetClass.MILITARY:
                yield _strike(
                    actor, dyad, ladder.PROXY, site, Mode.PROXY, proxy_id, proxy.traits.lethality
                )


def _against_allies(actor: State, dyad: Dyad) -> Iterator[Option]:
    """Yield strikes on the rival's allies: horizontal escalation."""
    for ally, _ in actor.world.graph.allies(dyad.rival):
        if ally == actor.id or actor.world.graph.alliance(actor.id, ally) > 0.0:
            continue
        for site in actor.world.forces[ally]:
            if actor.id in site.reached_by and site.target_class != TargetClass.CIVILIAN:
                yield _strike(actor, dyad, ladder.OVERMATCH, site, Mode.OVERT, actor.id)


def _strike(
    actor: State,
    dyad: Dyad,
    rung: int,
    site: Site,
    mode: Mode,
    executor: str,
    lethality: float = 1.0,
) -> Option:
    warned = rung == ladder.CALIBRATED
    match, display = shown(actor.world, dyad.provocation, site, rung, mode, warned=warned)
    scale = lethality * actor.world.parameters.lethality
    key = (rung, site.id, executor)
    if key not in actor.prospects:
        actor.prospects[key] = _prospect(actor.world.parameters, rung, site, scale)
    hurt, deaths = actor.prospects[key]
    return Option(rung, display, hurt, mode, site, executor, scale, match, deaths)


def _prospect(parameters: Parameters, rung: int, site: Site, scale: float) -> tuple[float, float]:
    """Return (harm in rungs, deaths) to be expected of a strike, the same all run long."""
    lead_h = WARNING_AHEAD_H * parameters.warning if rung == ladder.CALIBRATED else 0.0
    deaths = harm.expected_deaths(rung, site.vulnerability, scale, lead_h)
    civilians = deaths * civilian_share(site.target_class)
    hurt = strike_harm(
        rung, site, site.target_class, deaths - civilians, civilians, parameters.casualty_harm
    )
    return hurt, deaths


def shown(
    world: World, provocation: Attack | None, site: Site, rung: int, mode: Mode, *, warned: bool
) -> tuple[float, float]:
    """Return (commensurability in [0, 1], display in rungs) of a strike as its own side sees it.

    A warned strike is taken to mirror the provocation's hour and symbols.
    """
    parameters = world.parameters
    match = 0.0
    if provocation is not None:
        match = ladder.commensurability(
            harm.class_likeness(provocation.target_class, site.target_class),
            float(provocation.site.country == site.country),
            float((provocation.mode == Mode.OVERT) == (mode == Mode.OVERT)),
            float(warned),
        )
    visibility = VISIBILITY[mode]
    if mode != Mode.OVERT:
        visibility *= parameters.deniable_display
    discount = parameters.warned_display if warned else 1.0
    return match, ladder.display(rung, visibility, parameters.commensurability, match, discount)


def attack_of(actor: State, option: Option, decision: Event) -> Attack:
    """Return the attack that carries out an option of force, named after its decision."""
    assert option.site is not None
    return Attack(
        id=decision.id,
        executor=option.executor,
        sponsor=actor.id,
        victim=option.site.forces,
        site=option.site,
        rung=option.rung,
        mode=option.mode,
        target_class=option.site.target_class,
        display=option.display,
        scale=option.scale,
        waves=WAVES[option.rung],
        warned=option.warned,
    )
