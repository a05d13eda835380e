"""Rules of single behaviours: pressure on clocks, statements, proxies, hosts, allies."""

from agents.rules.mathematics import clip, sigmoid


def deliberation_factor(grievance: float, shock: float) -> float:
    """Return the factor on the median deliberation; pressure shortens it, to a quarter at most."""
    return max(0.25, 1.0 / (1.0 + 0.03 * max(0.0, grievance) + 0.3 * shock))


def preparation_factor(rung: int, restricted: bool) -> float:
    """Return the factor on the median preparation: long for high rungs and restricted hosts."""
    return (0.5 + 0.5 * max(1, rung - 5)) * (1.6 if restricted else 1.0)


def conclusion_worth(
    reply_cost_saved: float, grievance_left: float, audience_cost: float, hawks: float
) -> float:
    """Return the utility of declaring one's answer complete.

    It saves part of the expected reply; it binds, and what grievance is left would have to be
    swallowed under the eyes of the hawks.
    """
    return reply_cost_saved - hawks * audience_cost * grievance_left - 0.2


def threat_worth(
    credibility: float, rung: float, reply_chance: float, audience_cost: float, hawks: float
) -> float:
    """Return the utility of a conditional threat: deterrence bought against the cost of a bluff.

    No bluff is free: whatever a threat buys, the less it is believed the more it costs.
    """
    deterrence = 0.25 * credibility * rung * reply_chance
    bluff = hawks * audience_cost * rung * (1.0 - credibility) * 0.35
    return deterrence - bluff - 0.1


def proxy_hazard(
    rate_per_d: float, grievance: float, tolerance: float, patron_grievance: float, slack: float
) -> float:
    """Return a proxy's own attacks per hour.

    Grows with its grievance over tolerance and, for a proxy off the leash (slack = 1 - obedience),
    with its patron's; zero without either.
    """
    drive = max(0.0, grievance - tolerance) + slack * 0.3 * max(0.0, patron_grievance)
    return rate_per_d / 24.0 * drive


def traced_probability(capability: float) -> float:
    """Return the probability that a deniable attack is traced to anybody at all."""
    return clip(0.6 * capability, 0.0, 1.0)


def expected_blame(covert: bool, deterrence: float) -> float:
    """Return the share of a deniable attack's harm that its sponsor expects to answer for.

    ``deterrence`` is that of `deterrence_by_attribution`; a proxy's patron is suspected anyway.
    """
    risk = max(0.0, deterrence)
    return 0.9 * risk if covert else 0.2 + 0.8 * risk


def attribution_share(traced: bool, identification: float) -> float:
    """Return the share of harm blamed on a suspect: suspicion alone, or a trace."""
    return 0.9 if traced else 0.25 * identification


def deterrence_by_attribution(capability: float, identification: float, others: int) -> float:
    """Return how much likelier an actor is to be blamed if it attacked than if another did.

    More capable attribution that misidentifies blames the innocent too, so that holding back saves
    less: deterrence can weaken (Baliga, Bueno de Mesquita & Wolitzky 2020).
    """
    guilty = traced_probability(capability) * identification
    innocent = traced_probability(capability) * (1.0 - identification) / max(1, others)
    return guilty - innocent


def host_restricts(resentment: float, tolerance: float, alliance: float) -> float:
    """Return the probability that a host cuts a guest's rights by one step."""
    return sigmoid(1.2 * (resentment - tolerance - 2.0 * alliance))


def ally_joins(strength: float, struck: bool, exposure: float, fear: float, scale: float) -> float:
    """Return the probability that an ally joins a partner's war.

    Own losses pull it in, exposure to the enemy's missiles holds it back (Snyder 1984: entrapment
    and abandonment).
    """
    return clip(
        scale * sigmoid(5.0 * (strength - 0.75) + (2.0 if struck else 0.0) - exposure * fear),
        0.0,
        1.0,
    )


def mediator_withdraws(harm_or_threat: float, patience: float) -> float:
    """Return the probability that an angered or threatened intermediary withdraws."""
    return sigmoid(1.5 * (harm_or_threat - patience))


def hours_to_same_hour(now_h: float, mirrored_h: float) -> float:
    """Return the wait until the hour of day of ``mirrored_h`` comes round, in [0, 24)."""
    return ((mirrored_h - now_h) % 24.0) % 24.0
