"""What a crisis file holds: actors, places, edges of the alliance graph and a script of events.

The models refuse unknown keys and are frozen. `sim.crisis_file` reads them from TOML.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from agents.measured import Factor, Hours, Measured, People, Share, Strict, Unit
from agents.traits import HostTraits, MediatorTraits, ProxyTraits, StateTraits

SCHEMA_VERSION = 1

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
TargetClass = Literal["military", "leadership", "infrastructure", "civilian"]
Mode = Literal["overt", "covert", "proxy"]
Consent = Literal["full", "restricted", "withdrawn"]
Rung = Annotated[int, Unit("rung"), Field(ge=0, le=10)]
SoftRung = Annotated[int, Unit("rung"), Field(ge=0, le=3)]
Toll = Annotated[int, Unit("people"), Field(ge=0, le=100_000)]


class State(Strict):
    """A state; ``host`` and ``mediator`` traits matter if its edges give it those roles."""

    kind: Literal["state"]
    name: str
    traits: StateTraits = StateTraits()
    host: HostTraits = HostTraits()
    mediator: MediatorTraits = MediatorTraits()


class Proxy(Strict):
    """An armed group with a patron."""

    kind: Literal["proxy"]
    name: str
    traits: ProxyTraits = ProxyTraits()


class Organization(Strict):
    """An actor without forces of its own in the crisis: the UN, a group of states that mediates."""

    kind: Literal["organization"]
    name: str
    mediator: MediatorTraits = MediatorTraits()


Actor = Annotated[State | Proxy | Organization, Field(discriminator="kind")]


class Place(Measured):
    """Somewhere that can be struck: whose forces are there, on whose soil."""

    name: str
    country: Name
    forces: Name
    target_class: TargetClass = Field(description="what is there")
    vulnerability: Factor = Field(
        1.0, description="deaths there relative to the ladder's own figure"
    )
    reached_by: tuple[Name, ...] = Field(
        description="actors whose own forces can strike it; proxies strike through patronage"
    )


class Alliance(Measured):
    """An alliance between two states; undirected."""

    between: tuple[Name, Name]
    strength: Share = Field(description="how far each would go to war for the other")


class Rivalry(Measured):
    """A rivalry between two actors; undirected."""

    between: tuple[Name, Name]
    intensity: Share = Field(description="how far each sees the other as its enemy")


class Patronage(Measured):
    """A patron's hold over a proxy."""

    patron: Name
    proxy: Name
    obedience: Share = Field(description="probability that the proxy does as it is told")
    order_latency: Hours = Field(description="median time an order takes to the proxy")


class Basing(Measured):
    """A guest's forces on a host's soil."""

    host: Name
    guest: Name
    troops: People = Field(description="the guest's troops on the host's soil")
    consent: Consent = Field("full", description="what the host allows at the start")


class Channel(Measured):
    """A way for messages between two actors; undirected, may be closed at the start."""

    between: tuple[Name, Name]
    latency: Hours = Field(description="median time a message takes on this leg")
    fidelity: Share = Field(description="how much of a message's meaning survives this leg")
    willingness: Share = Field(description="probability that the leg carries a message at all")
    open: bool = Field(True, description="whether the leg is open at the start")


class Scripted(Strict):
    """What every event of the script has."""

    label: Name
    time: AwareDatetime
    actor: Name
    text: str
    source: str
    after: Name | None = Field(None, description="label of the event that led to this one")


class Strike(Scripted):
    """An attack that happened; deaths and injuries are people."""

    kind: Literal["strike"]
    victim: Name
    place: Name
    rung: Rung = Field(description="rung of the ladder that the attack stands on")
    mode: Mode = Field("overt", description="how openly it was owned")
    target_class: TargetClass = Field("military", description="what it was aimed at")
    sponsor: Name | None = None
    deaths: Toll = Field(0, description="military deaths")
    civilian_deaths: Toll = Field(0, description="civilian deaths")
    injuries: Toll = Field(0, description="injuries, the late ones included")
    warning_lead_h: Annotated[float, Unit("h"), Field(ge=0.0, le=240.0)] = Field(
        0.0, description="hours of warning the victim had; 0 means none"
    )
    waves: Annotated[int, Unit("waves"), Field(ge=1, le=20)] = Field(
        1, description="salvos in which it came"
    )


class Measure(Scripted):
    """A step below force: protest (1), sanctions or expulsion (2), show of force (3)."""

    kind: Literal["measure"]
    target: Name
    rung: SoftRung = Field(description="rung of the ladder that the step stands on")


class Statement(Scripted):
    """Public words: a vow to answer, a conditional threat, a conclusion, a claim or a denial."""

    kind: Literal["vow", "threat", "conclusion", "claim", "denial"]
    target: Name
    rung: Rung = Field(0, description="the rung vowed or threatened")


class Message(Scripted):
    """A private message of restraint that set out."""

    kind: Literal["message"]
    target: Name


class ChannelChange(Scripted):
    """A channel opens, closes or is chilled (slower, less willing)."""

    kind: Literal["channel"]
    target: Name
    status: Literal["open", "closed", "chilled"] = Field(description="what becomes of the channel")


class ConsentChange(Scripted):
    """A host changes what it allows a guest."""

    kind: Literal["consent"]
    target: Name
    consent: Consent = Field(description="what the host allows from then on")


ScriptEvent = Annotated[
    Strike | Measure | Statement | Message | ChannelChange | ConsentChange,
    Field(discriminator="kind"),
]


class Crisis(Strict):
    """A whole crisis, as a crisis file states it."""

    schema_version: Literal[1]
    name: Name
    title: str
    summary: str
    trigger: Name = Field(description="label of the strike that the crisis is about")
    default_start: Name = Field(description="label from which runs are free by default")
    sources: dict[str, str] = Field(description="citations by key")
    actors: dict[Name, Actor]
    places: dict[Name, Place]
    alliances: tuple[Alliance, ...] = ()
    rivalries: tuple[Rivalry, ...] = ()
    patronages: tuple[Patronage, ...] = ()
    basings: tuple[Basing, ...] = ()
    channels: tuple[Channel, ...] = ()
    script: tuple[ScriptEvent, ...]

    def event(self, label: str) -> Any:
        """Return the script event with this label; KeyError if there is none."""
        for event in self.script:
            if event.label == label:
                return event
        raise KeyError(label)

    def hours(self, moment: datetime, start: str) -> float:
        """Return hours from the event labelled ``start`` to ``moment``."""
        origin: datetime = self.event(start).time
        return (moment - origin).total_seconds() / 3600.0
