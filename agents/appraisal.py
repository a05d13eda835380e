"""How an actor weighs its options: the situation read once, every term of every option, a choice.

Rule: model section 6. Within a rung the best target is taken, between rungs the choice is quantal
response, so that many targets of one kind do not make the kind more likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from agents.actor import Actor, State
from agents.attack import Mode
from agents.menu import Option, options
from agents.rules import audience, beliefs, choice, harm, ladder
from agents.rules.conduct import traced_probability
from agents.world import World

ARMED_GROUP_REACH = 0.5
"""How hard an armed group can hit back, relative to a state (judgement)."""


class Terms(NamedTuple):
    """The terms of one option's utility, and the sum."""

    honour: float
    inconsistency: float
    belligerence: float
    reply: float
    war: float
    disposition: float
    coalition: float
    face: float

    @property
    def utility(self) -> float:
        """The sum of the terms."""
        return sum(self)


@dataclass(frozen=True, slots=True)
class Situation:
    """What an actor knows at a decision about itself and one rival; rungs, shares and log odds."""

    standing: float
    pending: float
    breach: float
    committed: int
    bound_by_conclusion: bool
    threatened: int
    threatened_harm: float
    credibility: float
    resolved: float
    concluded: float
    hawks: float
    doves: float
    audience_cost: float
    precision: float
    mediator: float
    exchanges: int
    rival_standing: float
    rival_tolerance: float
    rival_is_state: bool
    rival_reach: float
    war_cost: float
    restraint_urged: float
    allies_threatened: float


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Options with their terms (one option a rung), probabilities, and the one chosen."""

    situation: Situation
    options: tuple[Option, ...]
    terms: tuple[Terms, ...]
    probabilities: tuple[float, ...]
    chosen: int

    @property
    def option(self) -> Option:
        """The option chosen."""
        return self.options[self.chosen]

    def values(self) -> dict[str, float]:
        """Return the flat record that a decision's event carries."""
        s = self.situation
        flat = {
            "grievance": s.standing - s.pending,
            "unassessed": s.pending,
            "breach": s.breach,
            "belief_concluded": s.concluded,
            "belief_resolved": s.resolved,
            "credibility": s.credibility,
            "precision": s.precision,
        }
        for option, terms, share in zip(self.options, self.terms, self.probabilities, strict=True):
            name = option.name
            for term, value in zip(Terms._fields, terms, strict=True):
                flat[f"{name}.{term}"] = value
            flat[f"{name}.utility"] = terms.utility
            flat[f"{name}.probability"] = share
        return flat


def appraise(actor: State, rival: str) -> Appraisal:
    """Weigh every option against a rival and choose one."""
    situation = survey(actor, rival)
    best: dict[int, tuple[float, Option, Terms]] = {}
    for option in options(actor, actor.dyad(rival)):
        terms = weigh(actor, rival, situation, option)
        utility = terms.utility
        if option.rung not in best or utility > best[option.rung][0]:
            best[option.rung] = (utility, option, terms)
    menu = [best[rung] for rung in sorted(best)]
    shares = choice.probabilities([entry[0] for entry in menu], situation.precision)
    u = actor.world.chance.uniform(actor.id, "choice")
    return Appraisal(
        situation,
        tuple(entry[1] for entry in menu),
        tuple(entry[2] for entry in menu),
        tuple(shares),
        choice.picked(shares, u),
    )


def survey(actor: State, rival: str) -> Situation:
    """Read the situation of an actor against one rival."""
    world, traits, dyad = actor.world, actor.traits, actor.dyad(rival)
    parameters, now = world.parameters, world.env.now
    other = world.actors[rival]
    shock = actor.shock()
    cost = traits.audience_cost * parameters.audience_cost
    return Situation(
        standing=dyad.standing(now),
        pending=dyad.pending(),
        breach=dyad.breach,
        committed=dyad.commitment,
        bound_by_conclusion=dyad.said_concluded,
        threatened=dyad.threatened,
        threatened_harm=harm.threatened_harm(
            dyad.threatened, parameters.casualty_harm, parameters.lethality
        ),
        credibility=dyad.credibility(),
        resolved=beliefs.probability(dyad.resolved),
        concluded=dyad.belief_concluded(now),
        hawks=audience.hawk_share(traits.hawk_share, shock),
        doves=audience.dove_share(traits.dove_share, actor.blunders),
        audience_cost=cost * _election(actor, now),
        precision=audience.precision(parameters.choice_precision, shock),
        mediator=_mediation(world, actor.id, rival) * parameters.mediation_face,
        exchanges=dyad.exchanges + other.dyad(actor.id).exchanges,
        rival_standing=other.dyad(actor.id).standing(now),
        rival_tolerance=other.tolerance,
        rival_is_state=other.is_state,
        rival_reach=1.0 if other.is_state else ARMED_GROUP_REACH,
        war_cost=choice.war_outlook(
            traits.war_cost * parameters.war_cost, traits.capability, other.capability
        ),
        restraint_urged=actor.behaviours["AllianceDuty"].restraint_urged(now),
        allies_threatened=actor.behaviours["AllianceDuty"].allies_threatened_by(rival),
    )


def _election(actor: State, now: float) -> float:
    """Return the factor on audience costs from the election clock."""
    days = actor.traits.election_in
    if days <= 0.0:
        return 1.0
    left = days - (now + actor.world.script_age_h) / 24.0
    return audience.election_pressure(left, actor.world.parameters.election)


def _mediation(world: World, actor: str, rival: str) -> float:
    """Return the standing of the best intermediary on the open path to a rival, 0 without one."""
    route = world.graph.route(actor, rival)
    carriers = [world.actors[leg.receiver] for leg in route[:-1]]
    standings = [carrier.mediator.standing for carrier in carriers if hasattr(carrier, "mediator")]
    return max(standings, default=0.0) * world.parameters.channel_willingness


def weigh(actor: State, rival: str, s: Situation, option: Option) -> Terms:
    """Return every term of one option in a situation."""
    traits, parameters = actor.traits, actor.world.parameters
    rung = option.rung
    felt = option.harm * _blame_share(actor, option)
    chance = choice.reply_probability(
        s.rival_standing, felt, s.rival_tolerance, s.resolved, s.concluded
    )
    magnitude = s.rival_reach * choice.reply_magnitude(
        s.rival_standing,
        felt,
        s.credibility,
        s.threatened_harm,
        audience.breach(option.deaths, 1.0) if rung >= ladder.FORCE else 0.0,
    )
    slide = 0.0
    if option.mode == Mode.OVERT and s.rival_is_state:
        slide = choice.inadvertent_war_probability(
            rung, s.exchanges, s.exchanges > 0, parameters.inadvertent_war
        )
    war_chance = (
        choice.war_probability(rung, s.rival_standing, felt, chance, slide)
        if s.rival_is_state
        else 0.0
    )
    restrained = rung <= ladder.SHOW_OF_FORCE
    return Terms(
        honour=choice.honour(
            traits.honour_weight * parameters.honour,
            s.standing,
            option.display,
            traits.reaction_gain,
        ),
        inconsistency=_inconsistency(s, rung),
        belligerence=choice.belligerence(
            s.doves,
            parameters.belligerence_cost,
            traits.restraint_pledge * parameters.pledge,
            max(s.standing, ladder.SANCTIONS),
            rung,
        ),
        reply=choice.reply(traits.reply_aversion * parameters.reply_aversion, chance, magnitude),
        war=choice.war(s.war_cost, war_chance),
        disposition=choice.disposition(traits.disposition * parameters.disposition, rung),
        coalition=-parameters.coalition * _coalition(actor, rival, s, option),
        face=choice.face(
            traits.face_value * parameters.face_value,
            s.concluded,
            s.breach,
            s.mediator,
            s.credibility * s.threatened / ladder.WAR,
        )
        if restrained
        else 0.0,
    )


def _inconsistency(s: Situation, rung: int) -> float:
    """Return the cost of breaking one's word: a commitment to act, or a declared conclusion."""
    breach = 1.0 if s.committed and s.breach == 0.0 else s.breach
    short = choice.inconsistency(s.hawks, s.audience_cost, breach, s.committed, rung)
    broken = s.bound_by_conclusion and rung >= ladder.FORCE
    return short - s.doves * s.audience_cost * 2.0 * broken


def _blame_share(actor: State, option: Option) -> float:
    """Return the share of an option's harm that the actor expects to be blamed for."""
    if option.mode == Mode.OVERT:
        return 1.0
    traced = traced_probability(actor.world.parameters.attribution_capability)
    return traced * 0.9 if option.mode == Mode.COVERT else 0.2 + 0.8 * traced


def _coalition(actor: State, rival: str, s: Situation, option: Option) -> float:
    """Return the cost of an option among hosts and allies, in utility.

    Striking on a third party's soil draws it in by its tie to the rival, and risks its consent if
    it hosts own forces; allies within the rival's threat and allies that urge restraint weigh in
    with every rung of overt force.
    """
    graph, cost = actor.world.graph, 0.0
    site = option.site
    if site is not None and site.country not in (actor.id, rival):
        cost += 1.2 * graph.alliance(site.country, rival)
        if actor.id in graph.guests(site.country):
            cost += 0.3
        provocation = actor.dyad(rival).provocation
        if provocation is None or provocation.site.country != site.country:
            cost += 0.3
    overt_rungs = max(0, option.rung - ladder.PROXY)
    return cost + 0.12 * overt_rungs * (s.restraint_urged + s.allies_threatened)


def expected_reply(actor: Actor, rival: str, concluded: float) -> tuple[float, float]:
    """Return (probability, size in rungs) of the rival's answer as things stand.

    ``concluded`` is the rival's belief that the actor has concluded, in [0, 1].
    """
    other = actor.world.actors[rival]
    now = actor.world.env.now
    standing = other.dyad(actor.id).standing(now)
    resolved = beliefs.probability(actor.dyad(rival).resolved)
    chance = choice.reply_probability(standing, 0.0, other.tolerance, resolved, concluded)
    return chance, standing
