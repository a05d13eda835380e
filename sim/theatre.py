"""A crisis made ready to be run many times: what all its runs share and no run changes."""

from __future__ import annotations

from agents.world import Site, TargetClass
from sim.alliance_graph import AllianceGraph
from sim.crisis import Crisis
from sim.roles import Role, roles


class Theatre:
    """The places, the alliance graph at the start, and who plays which parts.

    Runs read it and take a branch of the graph each, so that one theatre serves any number.
    """

    def __init__(self, crisis: Crisis) -> None:
        self.crisis = crisis
        self.graph = AllianceGraph(crisis)
        self.sites: dict[str, Site] = {
            id: Site(
                id,
                place.country,
                place.forces,
                TargetClass[place.target_class.upper()],
                place.vulnerability,
                frozenset(place.reached_by),
            )
            for id, place in crisis.places.items()
        }
        self.forces: dict[str, tuple[Site, ...]] = {
            id: tuple(site for site in self.sites.values() if site.forces == id)
            for id in crisis.actors
        }
        self.roles: dict[str, tuple[Role, ...]] = roles(crisis, self.graph)
