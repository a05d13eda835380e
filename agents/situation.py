"""What a state knows at a decision about itself and one rival, read once for all its options."""

from __future__ import annotations

from typing import NamedTuple

from agents.actor import Actor, State
from agents.rules import audience, beliefs, choice, conduct, harm, ladder
from agents.world import World

ARMED_GROUP_REACH = 0.5
"""How hard an armed group can hit back, relative to a state (judgement)."""


class Situation(NamedTuple):
    """Numbers for the rules of choice: rungs, shares in [0, 1], and weights in utility.

    Weights are traits already scaled by the global parameters.
    """

    # Own account with the rival
    standing: float
    pending: float
    breach: float
    committed: int
    said_concluded: bool
    exchanges: int
    # Beliefs about the rival, and what it has threatened
    resolved: float
    concluded: float
    credibility: float
    threatened_harm: float
    # The rival
    rival_standing: float
    rival_tolerance: float
    rival_reach: float
    rival_is_state: bool
    # Own audience and weights
    precision: float
    hawks: float
    doves: float
    audience_cost: float
    honour_weight: float
    reaction_gain: float
    belligerence_cost: float
    pledge: float
    reply_aversion: float
    war_cost: float
    disposition: float
    coalition: float
    face: float
    # Others
    deterrence: float
    inadvertent: float
    restraint_urged: float
    allies_threatened: float


def survey(actor: State, rival: str) -> Situation:
    """Read the situation of an actor against one rival."""
    world, traits, dyad = actor.world, actor.traits, actor.dyad(rival)
    p, now = world.parameters, world.env.now
    other = world.actors[rival]
    shock = actor.shock()
    duty = actor.behaviours["AllianceDuty"]
    credibility = dyad.credibility()
    concluded = dyad.belief_concluded(now)
    face = choice.face(
        traits.face_value * p.face_value,
        concluded,
        dyad.breach,
        mediation(world, actor.id, rival) * p.mediation_face,
        credibility * dyad.threatened / ladder.WAR,
    )
    return Situation(
        standing=dyad.standing(now),
        pending=dyad.pending(),
        breach=dyad.breach,
        committed=dyad.commitment,
        said_concluded=dyad.said_concluded,
        exchanges=dyad.exchanges + other.dyad(actor.id).exchanges,
        resolved=beliefs.probability(dyad.resolved),
        concluded=concluded,
        credibility=credibility,
        threatened_harm=harm.threatened_harm(dyad.threatened, p.casualty_harm, p.lethality),
        rival_standing=other.dyad(actor.id).standing(now),
        rival_tolerance=other.tolerance,
        rival_reach=1.0 if other.is_state else ARMED_GROUP_REACH,
        rival_is_state=other.is_state,
        precision=audience.precision(p.choice_precision, shock),
        hawks=audience.hawk_share(traits.hawk_share, shock),
        doves=audience.dove_share(traits.dove_share, actor.blunders),
        audience_cost=traits.audience_cost * p.audience_cost * _election(actor, now),
        honour_weight=traits.honour_weight * p.honour,
        reaction_gain=traits.reaction_gain,
        belligerence_cost=p.belligerence_cost,
        pledge=traits.restraint_pledge * p.pledge,
        reply_aversion=traits.reply_aversion * p.reply_aversion,
        war_cost=choice.war_outlook(
            traits.war_cost * p.war_cost, traits.capability, other.capability
        ),
        disposition=traits.disposition * p.disposition,
        coalition=p.coalition,
        face=face,
        deterrence=conduct.deterrence_by_attribution(
            p.attribution_capability, other.identification, len(world.graph.rivals(rival)) - 1
        ),
        inadvertent=p.inadvertent_war,
        restraint_urged=duty.restraint_urged(now),
        allies_threatened=duty.allies_threatened_by(rival),
    )


def _election(actor: State, now: float) -> float:
    """Return the factor on audience costs from the election clock."""
    days = actor.traits.election_in
    if days <= 0.0:
        return 1.0
    left = days - (now + actor.world.script_age_h) / 24.0
    return audience.election_pressure(left, actor.world.parameters.election)


def mediation(world: World, actor: str, rival: str) -> float:
    """Return the standing of the best intermediary on the open path to a rival, 0 without one."""
    route = world.graph.route(actor, rival)
    carriers = [world.actors[leg.receiver] for leg in route[:-1]]
    standings = [carrier.mediator.standing for carrier in carriers if hasattr(carrier, "mediator")]
    return max(standings, default=0.0) * world.parameters.channel_willingness


def expected_reply(actor: Actor, rival: str, concluded: float) -> tuple[float, float]:
    """Return (probability, size in rungs) of the rival's answer as things stand.

    ``concluded`` is the rival's belief that the actor has concluded, in [0, 1].
    """
    other = actor.world.actors[rival]
    standing = other.dyad(actor.id).standing(actor.world.env.now)
    resolved = beliefs.probability(actor.dyad(rival).resolved)
    chance = choice.reply_probability(standing, 0.0, other.tolerance, resolved, concluded)
    return chance, standing
