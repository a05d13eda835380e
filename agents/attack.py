"""An attack: who strikes whom, where, how hard, and how openly."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from agents.rules import harm, ladder
from agents.world import Site, TargetClass


class Mode(StrEnum):
    """How openly an act is owned."""

    OVERT = "overt"
    COVERT = "covert"
    PROXY = "proxy"


VISIBILITY = {
    Mode.OVERT: ladder.OVERT_VISIBILITY,
    Mode.COVERT: ladder.COVERT_VISIBILITY,
    Mode.PROXY: ladder.PROXY_VISIBILITY,
}

WAVES = (1, 1, 1, 1, 1, 1, 1, 2, 2, 4, 6)
"""Waves of an attack by rung: the higher, the longer it goes on."""


class Attack(NamedTuple):
    """One attack, planned or under way; ``id`` is that of the event it came from.

    ``executor`` fires, ``sponsor`` decided (the same for own forces), ``victim`` owns the forces at
    ``site``. ``display`` is what the sponsor's audience credits, in rungs. ``scale`` multiplies the
    ladder's lethality. ``pinned_deaths`` are (military, civilian, injured) of a scripted attack.
    """

    id: int
    executor: str
    sponsor: str
    victim: str
    site: Site
    rung: int
    mode: Mode
    target_class: TargetClass
    display: float
    scale: float = 1.0
    waves: int = 1
    warned: bool = False
    pinned_deaths: tuple[int, int, int] | None = None

    def harm(self, military: float, civilian: float, per_tenfold: float) -> float:
        """Return the harm in rungs if it kills this many; ``per_tenfold`` per tenfold of deaths."""
        return strike_harm(self.rung, self.site, self.target_class, military, civilian, per_tenfold)


def civilian_share(target_class: TargetClass) -> float:
    """Return the share of those killed who are civilians."""
    return harm.civilian_share(
        target_class == TargetClass.LEADERSHIP,
        target_class == TargetClass.INFRASTRUCTURE,
        target_class == TargetClass.CIVILIAN,
    )


def strike_harm(
    rung: int,
    site: Site,
    target_class: TargetClass,
    military: float,
    civilian: float,
    per_tenfold: float,
) -> float:
    """Return the harm in rungs of an attack on a site that kills this many of each."""
    premium = harm.premium(
        target_class == TargetClass.LEADERSHIP,
        target_class == TargetClass.INFRASTRUCTURE,
        target_class == TargetClass.CIVILIAN,
        site.country == site.forces,
    )
    return harm.harm(rung, premium, per_tenfold, military, civilian)
