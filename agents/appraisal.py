"""How an actor weighs its options: every term of every option, then a choice.

Rule: model section 6. Within a rung the best target is taken, between rungs the choice is quantal
response, so that many targets of one kind do not make the kind more likely.
"""

from __future__ import annotations

from typing import NamedTuple

from agents.actor import State
from agents.attack import Mode
from agents.menu import Option, options
from agents.rules import audience, choice, conduct, ladder
from agents.situation import Situation, survey


class Terms(NamedTuple):
    """The terms of one option's utility."""

    honour: float
    inconsistency: float
    belligerence: float
    reply: float
    war: float
    disposition: float
    coalition: float
    face: float


VALUE_KEYS = tuple(
    tuple(f"{name}.{term}" for term in (*Terms._fields, "utility", "probability"))
    for name in ladder.RUNG_NAMES
)
"""Keys of a rung's terms in a decision's values."""


class Appraisal(NamedTuple):
    """Options with their terms and utilities (one option a rung), probabilities, and the choice."""

    situation: Situation
    options: tuple[Option, ...]
    terms: tuple[Terms, ...]
    utilities: tuple[float, ...]
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
        rows = zip(self.options, self.terms, self.utilities, self.probabilities, strict=True)
        for option, terms, utility, share in rows:
            flat.update(zip(VALUE_KEYS[option.rung], (*terms, utility, share), strict=True))
        return flat


def appraise(actor: State, rival: str) -> Appraisal:
    """Weigh every option against a rival and choose one."""
    situation = survey(actor, rival)
    best: dict[int, tuple[float, Option, Terms]] = {}
    for option in options(actor, actor.dyad(rival)):
        terms = weigh(actor, rival, situation, option)
        utility = sum(terms)
        if option.rung not in best or utility > best[option.rung][0]:
            best[option.rung] = (utility, option, terms)
    utilities, menu, terms_of = zip(*(best[rung] for rung in sorted(best)), strict=True)
    shares = choice.probabilities(list(utilities), situation.precision)
    u = actor.world.chance.uniform(actor.id, "choice")
    return Appraisal(situation, menu, terms_of, utilities, tuple(shares), choice.picked(shares, u))


def weigh(actor: State, rival: str, s: Situation, option: Option) -> Terms:
    """Return every term of one option in a situation."""
    rung = option.rung
    reply_chance, reply_size, war_chance = _foresee(s, option)
    return Terms(
        honour=choice.honour(s.honour_weight, s.standing, option.display, s.reaction_gain),
        inconsistency=_inconsistency(s, rung),
        belligerence=choice.belligerence(
            s.doves, s.belligerence_cost, s.pledge, max(s.standing, ladder.SANCTIONS), rung
        ),
        reply=choice.reply(s.reply_aversion, reply_chance, reply_size),
        war=choice.war(s.war_cost, war_chance),
        disposition=choice.disposition(s.disposition, rung),
        coalition=-s.coalition * _coalition(actor, rival, s, option),
        face=s.face if rung < ladder.FORCE else 0.0,
    )


def _foresee(s: Situation, option: Option) -> tuple[float, float, float]:
    """Return (probability of a reply, its size in rungs, probability of war) of an option."""
    rung, overt = option.rung, option.mode == Mode.OVERT
    felt = option.harm
    if not overt:
        felt *= conduct.expected_blame(option.mode == Mode.COVERT, s.deterrence)
    chance = choice.reply_probability(
        s.rival_standing, felt, s.rival_tolerance, s.resolved, s.concluded
    )
    breach = audience.breach(option.deaths, 1.0) if rung >= ladder.FORCE else 0.0
    size = choice.reply_magnitude(s.rival_standing, felt, s.credibility, s.threatened_harm, breach)
    if not s.rival_is_state:
        return chance, s.rival_reach * size, 0.0
    slide = 0.0
    if overt:
        slide = choice.inadvertent_war_probability(
            rung, s.exchanges, s.exchanges > 0, s.inadvertent
        )
    return chance, size, choice.war_probability(rung, s.rival_standing, felt, chance, slide)


def _inconsistency(s: Situation, rung: int) -> float:
    """Return the cost of breaking one's word: a commitment to act, or a declared conclusion."""
    cost = choice.inconsistency(s.hawks, s.audience_cost, s.breach, s.committed, rung)
    if s.said_concluded and rung >= ladder.FORCE:
        cost += choice.broken_word(s.doves, s.audience_cost)
    return cost


def _coalition(actor: State, rival: str, s: Situation, option: Option) -> float:
    """Return the cost of an option among hosts and allies, in utility."""
    graph, site = actor.world.graph, option.site
    soil = 0.0
    if site is not None and site.country not in (actor.id, rival):
        provocation = actor.dyad(rival).provocation
        soil = choice.third_party_soil(
            graph.alliance(site.country, rival),
            actor.id in graph.guests(site.country),
            provocation is None or provocation.site.country != site.country,
        )
    overt_rungs = max(0, option.rung - ladder.PROXY)
    return soil + choice.allies_exposed(overt_rungs, s.restraint_urged, s.allies_threatened)
