"""The Mesa model of a crisis: one SimPy clock, one graph, one source of chance, one ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import mesa
from mesa.datacollection import DataCollector

from agents.actor import Actor
from agents.event import Event, Kind
from sim.crisis import Crisis
from sim.crisis_file import load_crisis
from sim.ending import watch
from sim.keys import checked_parameters, refuse_unplayed, with_overrides
from sim.outcome import Outcome, summarize
from sim.roster import enlist
from sim.script import replay
from sim.start import starting_label
from sim.theatre import Theatre
from sim.world import CrisisWorld


class CrisisModel(mesa.Model[Any, Any]):
    """A crisis from its start to its end.

    ``crisis`` is the name of a shipped crisis, the path of a file, a loaded one, or a theatre,
    which spares many runs of one crisis what they have in common. ``start`` is the label of the
    strike from which the run is free; ``rng`` the seed (None draws one, kept in ``seed``) and
    ``replicate`` the number of the run under it, which together fix all luck; ``overrides`` maps
    keys of the crisis, such as ``iran.tolerance`` or ``al-asad.deaths``, to numbers or labels.
    Every other argument is a global parameter of `agents.parameters.Parameters`, which gives its
    unit, range and meaning.

    One step is one hour. Time 0 is the start strike; history before it is replayed on creation.

    Raises `sim.errors.InputError` for an unknown crisis, start or key, and a number out of range.
    """

    def __init__(  # noqa: PLR0913 (each global parameter is an argument of its own)
        self,
        *,
        crisis: str | Crisis | Theatre = "january-2020",
        start: str | None = None,
        replicate: int = 0,
        rng: int | None = 0,
        overrides: Mapping[str, float | str] | None = None,
        choice_precision: float = 3.0,
        threat_credibility: float = 0.5,
        honour: float = 1.0,
        audience_cost: float = 1.0,
        belligerence_cost: float = 0.27,
        reply_aversion: float = 1.0,
        war_cost: float = 1.0,
        disposition: float = 1.0,
        pledge: float = 1.0,
        election: float = 1.0,
        coalition: float = 1.0,
        face_value: float = 1.0,
        mediation_face: float = 1.0,
        stress: float = 1.0,
        commensurability: float = 0.3,
        warned_display: float = 0.7,
        deniable_display: float = 1.0,
        casualty_harm: float = 3.0,
        lethality: float = 1.0,
        warning: float = 1.0,
        salience: float = 1.3,
        salience_spread: float = 0.25,
        injury_rate: float = 1.0,
        grievance_half_life: float = 720.0,
        statement_weight: float = 1.0,
        message_weight: float = 1.0,
        harm_inference: float = 1.0,
        threats: float = 1.0,
        deliberation_time: float = 1.0,
        preparation_time: float = 1.0,
        assessment_latency: float = 1.0,
        attribution_latency: float = 1.0,
        channel_latency: float = 1.0,
        channel_willingness: float = 1.0,
        announced_statement: float = 0.5,
        statement_delay: float = 4.0,
        attribution_capability: float = 1.0,
        proxy_obedience: float = 1.0,
        proxy_activity: float = 1.0,
        host_sensitivity: float = 1.0,
        ally_entrapment: float = 1.0,
        inadvertent_war: float = 1.0,
        accident_risk: float = 1.0,
        quiet_period: float = 336.0,
        horizon: float = 2160.0,
    ) -> None:
        given = locals()
        super().__init__(rng=rng)
        theatre = _theatre(crisis, overrides)
        self.crisis = theatre.crisis
        self.start = starting_label(self.crisis, start)
        refuse_unplayed(self.crisis, self.start, overrides or ())
        self.replicate = int(replicate)
        self.seed = int(rng if rng is not None else self.scenario.rng)
        self.parameters = checked_parameters(given)
        self.world = CrisisWorld(theatre, self.start, self.parameters, self.seed, self.replicate)
        enlist(self, self.world, theatre)
        self.world.hear(Kind.START, self._begin_watch)
        self.world.env.process(replay(self.world, self.crisis, self.start))
        self.datacollector = _collector()
        self._advance(0.0)

    # What a reader asks

    @property
    def ledger(self) -> list[Event]:
        """Every event so far, in order."""
        return self.world.ledger

    @property
    def start_time(self) -> datetime:
        """The moment of time 0."""
        return self.world.start_time

    def outcome(self) -> Outcome:
        """Return the flat record of the run so far."""
        return summarize(self.world.ledger, self.crisis, self.start)

    def _begin_watch(self, _start: Event) -> None:
        self.world.env.process(watch(self, self.world))

    # What moves time

    def step(self) -> None:
        """Let one hour pass; begun at a fraction of an hour, it ends at the last whole one."""
        self._advance(self.time)
        self.datacollector.collect(self)

    def run_for(self, duration: float) -> None:
        """Let ``duration`` hours pass, on Mesa's clock and the crisis' alike."""
        self.run_until(self.time + duration)

    def run_until(self, end_time: float) -> None:
        """Run to ``end_time`` in hours, on Mesa's clock and the crisis' alike."""
        super().run_until(end_time)
        self._advance(end_time)

    def run_to_end(self) -> Outcome:
        """Run to the end of the crisis in one go and return its record.

        The events are those that stepping gives. Mesa's hourly clock is left where it is.
        """
        self._advance(self.parameters.horizon)
        return self.outcome()

    def _advance(self, until: float) -> None:
        """Process every event up to and at ``until``, in the order (time, priority, sequence).

        Simultaneous events run in the order in which they were scheduled, interrupts first; nothing
        runs after the crisis has ended.
        """
        env = self.world.env
        if self.running and until >= env.now:
            env.timeout(until - env.now)
        while self.running and env.peek() <= until:
            env.step()


def _theatre(
    crisis: str | Crisis | Theatre, overrides: Mapping[str, float | str] | None
) -> Theatre:
    """Return the theatre of a crisis with these numbers in place of its own."""
    if isinstance(crisis, Theatre):
        if not overrides:
            return crisis
        crisis = crisis.crisis
    loaded = crisis if isinstance(crisis, Crisis) else load_crisis(crisis)
    return Theatre(with_overrides(loaded, overrides) if overrides else loaded)


def _collector() -> DataCollector:
    return DataCollector(
        model_reporters={
            "time_h": lambda model: model.world.env.now,
            "events": lambda model: len(model.ledger),
            "outcome": lambda model: model.outcome().outcome,
            "peak_rung": lambda model: model.outcome().peak_rung,
            "deaths": lambda model: model.outcome().deaths,
            "under_way": lambda model: model.world.busy,
            "states_at_war": lambda model: model.world.states_at_war,
        },
        agent_reporters={
            "actor": "id",
            "grievance": _grievance,
            "at_war": "at_war",
        },
    )


def _grievance(actor: Actor) -> float:
    return actor.grievance
