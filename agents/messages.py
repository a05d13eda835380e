"""Private messages and warnings: carried leg by leg along the best open path (model section 7)."""

from __future__ import annotations

from collections.abc import Callable, Generator

import simpy

from agents.event import Event, Kind
from agents.world import World

LEG_SPREAD = 0.5
"""Log standard deviation of the time on one leg."""
NOTICE_OF_LOSS_H = 12.0
"""How late a sender learns that its message did not arrive."""

Arrival = Callable[[Event, float], None]


def carry(
    world: World,
    kind: Kind,
    sender: str,
    receiver: str,
    cause: Event,
    on_arrival: Arrival,
) -> Generator[simpy.Event, None, None]:
    """Carry one message; calls ``on_arrival(delivery, fidelity)`` if it gets through.

    Each leg takes a lognormal time and is refused with the carrier's unwillingness. A channel that
    closes while the message is on it, or has no way left to go, loses it.
    """
    sent = world.record(kind, sender, receiver, cause=cause)
    with world.under_way():
        fidelity = 1.0
        route = world.graph.route(sender, receiver)
        arrived = bool(route)
        for leg in route:
            delay = leg.latency_h * world.parameters.channel_latency
            yield world.env.timeout(world.chance.lognormal(sender, kind, delay, LEG_SPREAD))
            willing = leg.willingness * world.parameters.channel_willingness
            if not world.graph.passable(leg) or not world.chance.happens(sender, "relay", willing):
                arrived = False
                break
            fidelity *= leg.fidelity
        if not arrived:
            yield world.env.timeout(NOTICE_OF_LOSS_H)
            world.record(Kind.MESSAGE_LOST, sender, receiver, label=kind, cause=sent)
            return
    on_arrival(sent, fidelity)
