"""A decision in words: what the actor knew, which options it weighed, and what decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.event import Event
from experiments.explanation.narrative import OPTIONS, Narrator
from experiments.words import listed, percent

MOST_OPTIONS = 4
"""Options shown, the most likely first."""
MOST_REASONS = 3
"""Terms named that tell two options apart."""
NEGLIGIBLE = 0.05
"""Difference in utility below which a term decided nothing."""

BETTER_AND_WORSE = {
    "honour": ("settles more of the grievance", "leaves more of the grievance unsettled"),
    "inconsistency": ("keeps more of its word", "falls further short of its word"),
    "belligerence": ("goes less beyond what is justified", "goes further beyond what is justified"),
    "reply": ("provokes a smaller reply", "provokes a larger reply"),
    "war": ("risks war less", "risks war more"),
    "disposition": ("suits its leaders better", "suits its leaders less"),
    "coalition": ("costs less among hosts and allies", "costs more among hosts and allies"),
    "face": ("saves more face", "saves less face"),
}
"""Each term of a choice, for an option that has more of it and one that has less."""


@dataclass(frozen=True)
class Weighed:
    """One option on the menu: its chance and the terms of its utility."""

    name: str
    chance: float
    utility: float
    terms: Mapping[str, float]

    @property
    def title(self) -> str:
        """The option's name in a table."""
        return self.name.replace("_", " ")


def menu(event: Event) -> list[Weighed]:
    """Return the options that a decision weighed, the most likely first; empty if none are told."""
    names = [key.partition(".")[0] for key in event.values if key.endswith(".utility")]
    weighed = [
        Weighed(
            name,
            event.values[f"{name}.probability"],
            event.values[f"{name}.utility"],
            {term: event.values.get(f"{name}.{term}", 0.0) for term in BETTER_AND_WORSE},
        )
        for name in names
    ]
    return sorted(weighed, key=lambda option: -option.chance)


def explain_decision(event: Event, narrator: Narrator) -> list[str]:
    """Return lines that say what a decision rested on; none for a decision without a menu."""
    options = menu(event)
    chosen = next((option for option in options if option.name == event.label), None)
    if chosen is None:
        return []
    shown = options[:MOST_OPTIONS]
    if chosen not in shown:
        shown = [*shown[:-1], chosen]
    lines = [_knowledge(event, narrator), verdict(chosen, options)]
    width = max(len(option.title) for option in shown)
    for option in shown:
        mark = "►" if option is chosen else " "
        reasons = "" if option is chosen else _gaps(option, chosen)
        figures = f"{percent(option.chance):>10}  {option.utility:>7.2f}"
        lines.append(f"{mark} {option.title:<{width}} {figures}  {reasons}".rstrip())
    return [line for line in lines if line]


def _knowledge(event: Event, narrator: Narrator) -> str:
    """Return the state of mind behind a decision."""
    values, target = event.values, narrator.actor(event.target)
    if "grievance" not in values:
        return ""
    known = f"It held {values['grievance']:.1f} rungs of grievance against {target}"
    if values.get("unassessed", 0.0) > NEGLIGIBLE:
        known += f" and expected {values['unassessed']:.1f} more from harm not yet assessed"
    beliefs = [
        f"{target} had concluded ({percent(values['belief_concluded'])})",
        f"would keep its threats ({percent(values['credibility'])})",
        f"was resolved ({percent(values['belief_resolved'])})",
    ]
    return f"{known}; its belief that {listed(beliefs)}"


def verdict(chosen: Weighed, options: list[Weighed]) -> str:
    """Return what set the chosen option apart from its nearest rival, without a full stop."""
    others = [option for option in options if option is not chosen]
    if not others:
        return "There was nothing else to choose"
    other = others[0]
    for_it: list[str] = []
    against_it: list[str] = []
    for term, gap in _largest_gaps(chosen, other):
        better, worse = BETTER_AND_WORSE[term]
        (for_it if gap > 0 else against_it).append(f"{better if gap > 0 else worse} ({gap:+.2f})")
    among = f"{percent(chosen.chance)} likely among {len(options)} options"
    if chosen.utility < other.utility:
        text = f"A chance choice, {among}: beside {OPTIONS.get(other.name, other.title)} it "
    else:
        text = f"The choice was {among}: beside {OPTIONS.get(other.name, other.title)} it "
    if not for_it and not against_it:
        return text + "weighs the same"
    pros, cons = listed(for_it), listed(against_it)
    if chosen.utility < other.utility:
        return text + " but ".join(part for part in (cons, pros) if part)
    return text + " but ".join(part for part in (pros, cons) if part)


def _largest_gaps(option: Weighed, other: Weighed) -> list[tuple[str, float]]:
    """Return the terms in which two options differ most, and by how much the first is better."""
    gaps = [(term, value - other.terms[term]) for term, value in option.terms.items()]
    felt = [gap for gap in gaps if abs(gap[1]) >= NEGLIGIBLE]
    return sorted(felt, key=lambda gap: -abs(gap[1]))[:MOST_REASONS]


def _gaps(option: Weighed, chosen: Weighed) -> str:
    """Return where an option falls behind the chosen one, or leads: "reply -0.80, honour +0.40"."""
    return ", ".join(f"{term} {gap:+.2f}" for term, gap in _largest_gaps(option, chosen))
