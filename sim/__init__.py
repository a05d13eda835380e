"""The world of a crisis: clock, alliance graph, chance, ledger, crisis files and the Mesa model."""

from sim.crisis import Crisis
from sim.crisis_file import load_crisis, shipped_crises
from sim.errors import InputError
from sim.model import CrisisModel
from sim.outcome import OUTCOMES, Outcome

__all__ = [
    "OUTCOMES",
    "Crisis",
    "CrisisModel",
    "InputError",
    "Outcome",
    "load_crisis",
    "shipped_crises",
]
