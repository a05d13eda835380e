"""The global parameters of the model: unit, range, default, meaning and source of each.

They scale mechanisms for every actor alike, so that a sweep can turn one mechanism down, off or up.
A default without a published figure says "judgement".
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from agents.measured import Strict, Unit

Multiplier = Annotated[float, Unit("factor"), Field(ge=0.0, le=10.0)]
Probability = Annotated[float, Unit("share"), Field(ge=0.0, le=1.0)]
HoursSpan = Annotated[float, Unit("h"), Field(ge=1.0, le=8760.0)]
Weight = Annotated[float, Unit("utility/rung"), Field(ge=0.0, le=10.0)]


class Parameters(Strict):
    """Numbers that hold for the whole crisis; frozen for the length of a run."""

    # Choice (quantal response)
    choice_precision: Annotated[float, Unit("1/utility"), Field(ge=0.0, le=1000.0)] = Field(
        3.0, description="precision of the logit choice; 0 is uniform. Source: static fit to ICB"
    )
    threat_credibility: Probability = Field(
        0.5, description="mean belief that a rival's threat will be kept, at the start"
    )
    honour: Multiplier = Field(1.0, description="scales what unsettled grievance costs")
    audience_cost: Multiplier = Field(
        1.0, description="scales audience costs of falling short of commitments (Fearon 1994)"
    )
    belligerence_cost: Weight = Field(
        0.27, description="cost of each rung above the justified one. Source: static fit to ICB"
    )
    reply_aversion: Multiplier = Field(1.0, description="scales the cost of a reply provoked")
    war_cost: Multiplier = Field(1.0, description="scales the cost of war")
    disposition: Multiplier = Field(1.0, description="scales leaders' taste for force or restraint")
    pledge: Multiplier = Field(1.0, description="scales pledges of restraint")
    election: Multiplier = Field(1.0, description="scales what a coming election adds to audiences")
    coalition: Multiplier = Field(1.0, description="scales hosts' and allies' weight in a choice")
    face_value: Multiplier = Field(1.0, description="scales the worth of an off-ramp taken")
    mediation_face: Multiplier = Field(
        1.0, description="scales what a mediator adds to saving face (Quek & Johnston 2018)"
    )
    stress: Multiplier = Field(
        1.0, description="scales how fresh own deaths blur choice and raise hawks"
    )
    # Display and harm
    commensurability: Multiplier = Field(
        0.3, description="weight of matching target, place, means and timing in display"
    )
    warned_display: Probability = Field(
        0.7, description="display of a warned strike, relative to one unwarned. Source: ICB fit"
    )
    deniable_display: Multiplier = Field(
        1.0, description="scales the display of covert and proxy attacks (0.25 and 0.4 of overt)"
    )
    casualty_harm: Multiplier = Field(
        3.0, description="harm in rungs per tenfold of deaths. Source: judgement"
    )
    lethality: Multiplier = Field(1.0, description="scales expected deaths of every attack")
    warning: Multiplier = Field(
        1.0, description="scales lead times of warnings; 0 means no warning protects"
    )
    salience: Multiplier = Field(
        1.3, description="median of the stakes beyond the act that opens a crisis"
    )
    salience_spread: Multiplier = Field(
        0.25, description="log standard deviation of salience across runs"
    )
    injury_rate: Multiplier = Field(
        1.0, description="scales injuries per attack; they surface over weeks"
    )
    grievance_half_life: HoursSpan = Field(
        720.0, description="time in which an unanswered grievance halves. Source: judgement"
    )
    # Beliefs
    statement_weight: Multiplier = Field(
        1.0, description="scales what a costly public statement moves"
    )
    message_weight: Multiplier = Field(1.0, description="scales what a private message moves")
    harm_inference: Multiplier = Field(
        1.0, description="weight of observed deaths as evidence of intent; 1 is Bayes' rule"
    )
    threats: Multiplier = Field(1.0, description="scales how often threats are made")
    # Time
    deliberation_time: Multiplier = Field(1.0, description="scales deliberation")
    preparation_time: Multiplier = Field(1.0, description="scales preparation")
    assessment_latency: Multiplier = Field(1.0, description="scales damage assessment")
    attribution_latency: Multiplier = Field(
        1.0, description="scales the time to trace deniable attacks"
    )
    channel_latency: Annotated[float, Unit("factor"), Field(ge=0.0, le=1000.0)] = Field(
        1.0, description="scales the time messages take on each leg"
    )
    channel_willingness: Probability = Field(
        1.0, description="scales intermediaries' willingness; 0 removes all channels"
    )
    announced_statement: Probability = Field(
        0.5, description="chance that a struck state announces when it will speak, and waits for it"
    )
    statement_delay: HoursSpan = Field(
        4.0, description="median time from a strike to the statement about it"
    )
    # Others
    attribution_capability: Multiplier = Field(
        1.0, description="scales the chance that a deniable attack is traced at all"
    )
    proxy_obedience: Probability = Field(1.0, description="scales obedience of every proxy")
    proxy_activity: Multiplier = Field(1.0, description="scales proxies' own rate of attack")
    host_sensitivity: Multiplier = Field(
        1.0, description="scales resentment of hosts about strikes from and on their soil"
    )
    ally_entrapment: Multiplier = Field(
        1.0, description="scales allies' readiness to join a partner's war"
    )
    inadvertent_war: Multiplier = Field(
        1.0, description="scales the risk that an exchange slides into war unwanted"
    )
    accident_risk: Multiplier = Field(
        1.0, description="scales the chance that a strike or alert kills bystanders"
    )
    # End of the run
    quiet_period: HoursSpan = Field(336.0, description="calm after which the crisis is quiet")
    horizon: HoursSpan = Field(2160.0, description="length of the run at most")
