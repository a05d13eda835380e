"""The terms of a choice and quantal response (model section 6).

Every term is a utility; higher is better. The caller adds them up and logs them one by one.
"""

import math

from agents.rules.mathematics import sigmoid

REPLY_SLOPE = 1.3
"""Steepness of the probability of a reply, per rung of harm over tolerance."""
RESOLVE_WEIGHT = 1.5
"""Shift of that probability between a rival held irresolute and one held resolved."""
CONCLUDED_DISCOUNT = 0.5
"""Part of a standing grievance that a rival believed to have concluded no longer acts on."""
COMMITMENT_WEIGHT = 3.0
"""What breaking one's word weighs beside a rung of unsettled grievance (judgement)."""
WAR_SLOPE = 0.6
WAR_MIDPOINT = 15.0
"""Escalation pressure, in rungs, at which half of the top risk of wilful war is reached."""


def honour(weight: float, grievance: float, display: float, reaction_gain: float) -> float:
    """Return the cost of grievance that a display leaves unsettled."""
    return -weight * max(0.0, grievance * reaction_gain - display)


def inconsistency(
    hawks: float, audience_cost: float, breach: float, committed: float, rung: float
) -> float:
    """Return the cost of falling short of a commitment (Fearon 1994; Brutger & Kertzer 2018)."""
    return -COMMITMENT_WEIGHT * hawks * audience_cost * breach * max(0.0, committed - rung)


def broken_word(doves: float, audience_cost: float) -> float:
    """Return the cost of striking again after declaring one's answer complete."""
    return -2.0 * doves * audience_cost


def third_party_soil(tie_to_rival: float, hosts_own: bool, new_soil: bool) -> float:
    """Return the cost in utility of striking on a third party's soil.

    It is drawn in by its alliance with the rival (in [0, 1]); a host of own forces may take them
    back; and soil that the provocation did not touch widens the crisis. Judgements.
    """
    return 1.2 * tie_to_rival + 0.3 * hosts_own + 0.3 * new_soil


def allies_exposed(overt_rungs: int, urged: float, threatened: float) -> float:
    """Return what each rung of overt force above proxies costs among allies, in utility.

    ``urged`` and ``threatened`` are the summed strengths of alliances with those who urge restraint
    and those whom the rival has named as targets.
    """
    return 0.12 * overt_rungs * (urged + threatened)


def belligerence(
    doves: float, weight: float, pledge: float, justified: float, rung: float
) -> float:
    """Return the cost of going above what the harm justifies, and of breaking a pledge."""
    return -(doves * weight + pledge) * max(0.0, rung - justified)


def reply_probability(
    standing: float, harm: float, tolerance: float, resolve: float, concluded: float
) -> float:
    """Return the probability that the rival answers.

    ``standing`` is the grievance it still holds, ``harm`` what the option would add, both in
    rungs; ``resolve`` and ``concluded`` are beliefs in [0, 1].
    """
    felt = standing * (1.0 - CONCLUDED_DISCOUNT * concluded) + harm
    return sigmoid(REPLY_SLOPE * (felt - tolerance) + RESOLVE_WEIGHT * (resolve - 0.5))


def reply_magnitude(
    standing: float, harm: float, credibility: float, threatened: float, breach: float
) -> float:
    """Return the expected size of a reply as the harm it would do, in rungs.

    What the harm done deserves, or, as far as the option would cross the rival's red line
    (``breach`` in [0, 1]) and its word is believed, what the rival has threatened.
    """
    deserved = standing + harm
    return deserved + credibility * breach * max(0.0, threatened - deserved)


def reply(aversion: float, probability: float, magnitude: float) -> float:
    """Return the cost of the reply that an option provokes."""
    return -aversion * probability * magnitude


def inadvertent_war_probability(rung: int, exchanges: int, alert: bool, scale: float) -> float:
    """Return the risk that one overt strike on a state slides into war unwanted.

    About one per cent for a calibrated strike, growing by rung, by the exchanges before it and
    with forces on high alert (Schelling 1966; Powell 1990, 2015). Nil below rung 6.
    """
    if rung < 6:
        return 0.0
    base = 0.01 * 2.2 ** (rung - 6)
    return min(0.9, scale * base * (1.0 + 0.3 * exchanges) * (1.5 if alert else 1.0))


def war_probability(
    rung: int, standing: float, harm: float, reply_chance: float, inadvertent: float
) -> float:
    """Return the probability of war as the chooser sees it: escalation of a reply, or a slide."""
    if rung >= 10:
        return 1.0
    pressure = 0.5 * rung + standing + harm
    wilful = reply_chance * (0.1 * rung) ** 2 * sigmoid(WAR_SLOPE * (pressure - WAR_MIDPOINT))
    return wilful + inadvertent - wilful * inadvertent


def war_outlook(cost: float, own_capability: float, rival_capability: float) -> float:
    """Return what a war would cost against this rival: half to one and a half times ``cost``.

    The stronger side, by its share of the two material capabilities, expects the cheaper war.
    """
    total = own_capability + rival_capability
    own_share = own_capability / total if total > 0.0 else 0.5
    return cost * (1.5 - own_share)


def war(cost: float, probability: float) -> float:
    """Return the cost of the risk of war."""
    return -cost * probability


def disposition(taste: float, rung: float) -> float:
    """Return the leader's own taste for force."""
    return taste * rung


def face(value: float, concluded: float, breach: float, mediator: float, threat: float) -> float:
    """Return the worth of restraint that lets both sides close the score.

    Larger through a mediator of standing ``mediator``, smaller under a rival's standing threat
    (in [0, 1]) to which restraint would look like yielding (Quek & Johnston 2018).
    """
    return value * concluded * (1.0 - breach) * (1.0 + mediator) * (1.0 - 0.5 * threat)


def picked(shares: list[float], u: float) -> int:
    """Return the index that uniform u falls on, given the probabilities of all options."""
    total = 0.0
    for i in range(len(shares)):
        total += shares[i]
        if u < total:
            return i
    return len(shares) - 1


def probabilities(utilities: list[float], precision: float) -> list[float]:
    """Return the probabilities of quantal response.

    Each is proportional to exp(precision x utility): precision 0 is uniform, an infinite one picks
    the best, ties sharing equally (Luce 1959; McKelvey & Palfrey 1995; Signorino 1999).
    """
    best = max(utilities)
    if math.isinf(precision):
        weights = [1.0 if value == best else 0.0 for value in utilities]
    else:
        weights = [math.exp(max(precision * (value - best), -700.0)) for value in utilities]
    total = sum(weights)
    return [weight / total for weight in weights]
