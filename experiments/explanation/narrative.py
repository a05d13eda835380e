"""Events in words: one sentence for each kind, by the names that the crisis file gives.

The table `SENTENCES` holds the wording; a kind that reads differently by circumstance has an entry
for each `variant`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from agents.event import Event, Kind
from agents.rules.ladder import RUNG_NAMES
from experiments.words import listed, number, several
from sim.crisis import Crisis

OPTIONS = {
    "stand_down": "standing down",
    "protest": "a protest",
    "sanctions": "sanctions",
    "show_of_force": "a show of force",
    "covert": "a covert attack",
    "proxy": "an attack by proxy",
    "calibrated": "a calibrated, warned strike",
    "proportional": "a proportional strike",
    "overmatch": "an overmatching strike",
    "cities": "strikes on cities",
    "war": "war",
}
"""The names of the ladder's rungs, as they stand in a sentence."""

_A_ARTICLE = ("United", "European", "Houthis")
"""First words of names that English gives an article."""

SENTENCES: Mapping[tuple[str, str], str] = {
    (Kind.SCRIPT, ""): "{text}",
    (Kind.START, ""): "{text}",
    # Choice
    (Kind.DELIBERATION, ""): "{Actor} began to weigh an answer to {target}",
    (Kind.NEWS, ""): "the leaders of {actor} thought again",
    (Kind.DECISION, ""): "{Actor} decided on {option}{at_place}",
    (Kind.DECISION, "unasked"): "{Actor} struck unasked: its own grievance had grown too large",
    (Kind.PREPARATION, ""): "{Actor} prepared {option}, to launch on {launch_at}",
    (Kind.RECALL, ""): "{Actor} called {option} back before launch",
    # Force
    (Kind.LAUNCH, ""): "{Actor} launched {option}{at_place}: past recall",
    (Kind.LAUNCH, "proxy"): "{Actor} attacked {place}",
    (Kind.IMPACT, ""): "{Actor} struck {place}, rung {rung}: {toll}",
    (Kind.IMPACT, "proxy"): "{Actor} hit {place}, rung {rung}: {toll}",
    (Kind.IMPACT, "covert"): "A covert attack by {actor} hit {place}, rung {rung}: {toll}",
    (Kind.IMPACT, "further"): "A further wave landed at {place}: {toll}",
    (Kind.ACCIDENT, "alert"): "Forces on alert hit the wrong target: {bystanders} died",
    (Kind.ACCIDENT, "stray"): "The strike went astray at {place}: {toll}",
    (Kind.MEASURE, ""): "{Actor} answered {target} with {option}",
    # Knowledge of harm
    (Kind.ASSESSMENT, ""): "{Actor} had counted its losses at {place}: {toll}",
    (Kind.REPORT, ""): "{Actor} told its public of {deaths_told} at {place}",
    (Kind.INJURIES, ""): "{injuries} came to light at {place}, {injuries_so_far} in all",
    (Kind.ATTRIBUTION, "right"): "{Actor} traced the attack on {place} to {target}",
    (Kind.ATTRIBUTION, "wrong"): "{Actor} traced the attack on {place} to {target}, wrongly",
    (Kind.SILENCE, "right"): "{Actor} traced the attack on {place} to {target} and kept it quiet",
    (
        Kind.SILENCE,
        "wrong",
    ): "{Actor} wrongly held {target} behind the attack on {place}, in silence",
    # Words
    (Kind.VOW, ""): "{Actor} vowed to answer {target} at rung {rung} or above",
    (Kind.THREAT, ""): "{Actor} threatened {target} with {option} if it struck again",
    (Kind.THREAT, "empty"): "{Actor} made no threat to {target}",
    (Kind.THREAT, "helper"): "{Actor} named {target} as a target too, for helping its rival",
    (Kind.THREAT_KEPT, ""): "With that {actor} kept its word to {target}",
    (Kind.THREAT_DROPPED, ""): "With that {actor} fell short of its word to {target} ({option})",
    (Kind.CLAIM, ""): "{Actor} said openly that it had done it",
    (Kind.DENIAL, ""): "{Actor} denied having done it",
    (Kind.CONCLUSION, ""): "{Actor} said in public that its answer to {target} was complete",
    # Messages
    (Kind.MESSAGE, ""): "{Actor} sent {target} a private word of restraint",
    (Kind.WARNING, ""): "{Actor} sent word to {target} that the strike was coming",
    (Kind.DELIVERY, "message"): "The message reached {target}",
    (Kind.DELIVERY, "message late"): "The message reached {target}, too late to hold a launch",
    (Kind.DELIVERY, "warning"): "The warning reached {target}",
    (Kind.DELIVERY, "warning late"): "The warning reached {target} after the strike had landed",
    (Kind.MESSAGE_LOST, "message"): "The message to {target} was lost on its way",
    (Kind.MESSAGE_LOST, "warning"): "The warning to {target} was lost on its way",
    (Kind.OFFER_ACCEPTED, ""): "{Actor} took the off-ramp that {target} had offered",
    # The alliance graph
    (Kind.CHANNEL, "open"): "The channel between {actor} and {target} opened",
    (Kind.CHANNEL, "closed"): "The channel between {actor} and {target} closed",
    (Kind.CHANNEL, "chilled"): "The channel between {actor} and {target} was chilled",
    (Kind.WITHDRAWAL, ""): "{Actor} would no longer carry messages",
    (Kind.CONSENT, "full"): "{Actor} gave {target} free use of its bases again",
    (Kind.CONSENT, "restricted"): "{Actor} restricted what {target} may do from its soil",
    (Kind.CONSENT, "withdrawn"): "{Actor} told the forces of {target} to leave its soil",
    (Kind.ALLY_PRESSURE, ""): "{Actor} urged restraint on {target}",
    # Proxies
    (Kind.ORDER, "strike"): "{Actor} ordered {target} to strike",
    (Kind.ORDER, "stand_down"): "{Actor} told {target} to hold fire",
    (Kind.OBEDIENCE, "obeys"): "{Actor} obeyed",
    (Kind.OBEDIENCE, "disobeys"): "{Actor} did not obey",
    # War
    (Kind.WAR, ""): "It was war between {actor} and {target}",
    (Kind.JOIN, ""): "{Actor} joined the war against {target}, on the side of {partner}",
    # The crisis as a whole
    (Kind.QUIET, ""): "The crisis was quiet: no strike had been ordered since {since}",
    (Kind.REOPENED, ""): "With that the crisis was open again",
    (Kind.END, ""): "The run ended",
}


def variant(event: Event) -> str:
    """Return the circumstance by which the wording of an event's kind differs, "" if by none."""
    values = event.values
    match event.kind:
        case Kind.IMPACT:
            return "further" if values.get("wave", 0.0) > 0.0 else event.label
        case Kind.DELIVERY:
            return f"{event.label} late" if values.get("late") else event.label
        case Kind.ATTRIBUTION | Kind.SILENCE:
            return "right" if values.get("correct", 1.0) else "wrong"
        case Kind.THREAT if not event.rung:
            return "empty"
        case Kind.OBEDIENCE:
            return "obeys" if values.get("obeys") else "disobeys"
    return event.label


class Narrator:
    """Tells events of one crisis in words, with real dates.

    ``start_time`` is the moment of hour 0.
    """

    def __init__(self, crisis: Crisis, start_time: datetime) -> None:
        self.crisis = crisis
        self.start_time = start_time

    def sentence(self, event: Event) -> str:
        """Return an event as a sentence without its full stop."""
        key = (event.kind, variant(event))
        template = SENTENCES.get(key) or SENTENCES.get((event.kind, ""))
        if template is None:
            return f"{self.actor(event.actor)}: {event.kind} {event.label}".strip()
        return template.format_map(self._facts(event))

    def moment(self, time_h: float) -> datetime:
        """Return the real moment of an hour of the run."""
        return self.start_time + timedelta(hours=time_h)

    def date(self, time_h: float) -> str:
        """Return the real day and time of an hour of the run, as "3 Jan 00:12"; UTC."""
        moment = self.moment(time_h)
        return f"{moment.day} {moment:%b %H:%M}"

    def actor(self, name: str) -> str:
        """Return an actor's name as it stands in a sentence."""
        known = self.crisis.actors.get(name)
        if known is None:
            return name
        plain = re.sub(r" \(.*\)$", "", known.name)
        return f"the {plain}" if plain.split()[0] in _A_ARTICLE else plain

    def place(self, name: str) -> str:
        """Return a place's name as it stands in a sentence."""
        known = self.crisis.places.get(name)
        return name if known is None else re.sub(r"^The ", "the ", known.name)

    def _facts(self, event: Event) -> dict[str, str]:
        values = event.values
        actor = self.actor(event.actor)
        place = self.place(event.place)
        return {
            "actor": actor,
            "Actor": actor[:1].upper() + actor[1:],
            "target": self.actor(event.target),
            "partner": self.actor(event.label),
            "place": place,
            "at_place": f" at {place}" if place else "",
            "rung": str(event.rung),
            "option": OPTIONS[RUNG_NAMES[event.rung]] if event.rung is not None else "nothing",
            "toll": toll(values),
            "bystanders": several(int(values.get("bystanders", 0)), "bystander"),
            "deaths_told": _deaths(round(values.get("deaths_told", 0.0))),
            "injuries": several(int(values.get("injuries", 0)), "injured", "injured"),
            "injuries_so_far": number(values.get("injuries_so_far", 0.0)),
            "launch_at": self.date(values.get("launch_at_h", event.time)),
            "since": self.date(values.get("since_h", event.time)),
            "text": self._scripted(event),
        }

    def _scripted(self, event: Event) -> str:
        """Return the first sentence of what the crisis file says of a scripted event."""
        try:
            text = str(self.crisis.event(event.label).text)
        except KeyError:
            return event.label
        return re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0].rstrip(".")


def _deaths(count: int) -> str:
    return "no deaths" if count == 0 else several(count, "death")


def toll(values: Mapping[str, float]) -> str:
    """Return what an attack cost in lives: "3 soldiers and 1 civilian killed"."""
    dead = []
    if soldiers := int(values.get("deaths", 0)):
        dead.append(several(soldiers, "soldier"))
    if civilians := int(values.get("civilian_deaths", 0)):
        dead.append(several(civilians, "civilian"))
    return f"{listed(dead)} killed" if dead else "nobody killed"
