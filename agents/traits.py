"""What distinguishes one actor from another: traits with unit, range, default and meaning.

The defaults describe a middling actor and are judgements; a crisis file replaces those it has
evidence for and names the source beside the number.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from agents.measured import (
    CostPerRung,
    Days,
    Factor,
    Hours,
    Measured,
    PerRung,
    Rungs,
    Share,
    Unit,
    Utility,
)


class StateTraits(Measured):
    """Traits of a state: how its leaders weigh a response, and how long its machinery takes."""

    honour_weight: CostPerRung = Field(
        0.6, description="cost of each rung of grievance that an answer leaves unsettled"
    )
    audience_cost: CostPerRung = Field(
        0.6, description="cost of each rung by which an answer falls short of an own commitment"
    )
    hawk_share: Share = Field(0.4, description="share of the audience that punishes backing down")
    dove_share: Share = Field(0.4, description="share of the audience that punishes belligerence")
    casualty_sensitivity: Factor = Field(
        1.0, description="own deaths count this many times in harm and breach"
    )
    reply_aversion: CostPerRung = Field(
        0.45, description="cost of each rung of the reply that an answer would provoke"
    )
    war_cost: Utility = Field(14.0, description="cost of full-scale war")
    disposition: PerRung = Field(
        0.0, description="taste for force (positive) or restraint (negative), per rung"
    )
    tolerance: Rungs = Field(
        3.0, description="harm at which the actor is as likely as not to answer"
    )
    face_value: Utility = Field(
        1.2, description="worth of closing the crisis when the rival is believed to have concluded"
    )
    restraint_pledge: CostPerRung = Field(
        0.1, description="cost of each rung above the justified one, from a pledge of restraint"
    )
    election_in: Days = Field(
        0.0, description="days from the start of the script to a national election; 0 means none"
    )
    capability: Share = Field(
        0.01, description="share of world material capabilities (CINC, NMC 7.0)"
    )
    resolve: Share = Field(0.5, description="how resolved rivals believe the actor is at the start")
    perception_gain: Factor = Field(1.0, description="harm felt per unit of harm suffered")
    reaction_gain: Factor = Field(1.0, description="display wanted per unit of grievance")
    candour: Share = Field(1.0, description="share of own deaths told to the public at first")
    identification: Share = Field(
        0.7, description="skill in tracing a covert or proxy attack to its sponsor"
    )
    collusion: Share = Field(
        0.2, description="probability of staying silent about a traced covert attack"
    )
    statement_hour: Annotated[float, Unit("h UTC"), Field(ge=0.0, lt=24.0)] = Field(
        16.0, description="hour of day at which announced statements are made"
    )
    deliberation: Hours = Field(36.0, description="median time to a decision without pressure")
    preparation: Hours = Field(12.0, description="median time from order to launch at rung 6")
    flight: Hours = Field(0.5, description="median time from launch to impact, own forces")
    assessment: Hours = Field(8.0, description="median time from impact to an assessed count")


class ProxyTraits(Measured):
    """Traits of an armed group that has a patron."""

    tolerance: Rungs = Field(2.0, description="grievance above which it strikes back unasked")
    attack_rate: Annotated[float, Unit("1/d"), Field(ge=0.0, le=24.0)] = Field(
        0.05, description="own attacks per day at a grievance of one rung over tolerance"
    )
    reaction: Hours = Field(36.0, description="median time from deciding or order to launch")
    flight: Hours = Field(0.2, description="median time from launch to impact")
    lethality: Factor = Field(1.0, description="deaths caused, relative to the ladder's own figure")
    perception_gain: Factor = Field(1.0, description="harm felt per unit of harm suffered")


class HostTraits(Measured):
    """Traits of a state as a host of foreign forces."""

    politics: Hours = Field(48.0, description="median time to a decision about its guests")
    resentment_tolerance: Rungs = Field(
        4.0, description="resentment at which restricting a guest is as likely as not"
    )
    exposure: Share = Field(0.5, description="how easily attacks for its guest's sake reach it")
    relay: Hours = Field(0.4, description="median time to pass a warning on to a guest")


class MediatorTraits(Measured):
    """Traits of an actor as an intermediary."""

    handling: Hours = Field(1.0, description="median time to handle one message")
    patience: Rungs = Field(
        4.0, description="harm or threat to itself at which it is as likely as not to withdraw"
    )
    standing: Share = Field(0.5, description="how much its presence lets a leader save face")
