"""The world of a crisis: clock, alliance graph, chance, ledger, crisis files and the Mesa model.

`CrisisModel` and `Theatre` are imported when first asked for: Mesa takes seconds to import, and
reading or checking a crisis file does not need it.
"""

from typing import TYPE_CHECKING, Any

from sim.crisis import Crisis
from sim.crisis_file import load_crisis, shipped_crises
from sim.errors import InputError
from sim.outcome import OUTCOMES, Outcome

if TYPE_CHECKING:
    from sim.model import CrisisModel
    from sim.theatre import Theatre

__all__ = [
    "OUTCOMES",
    "Crisis",
    "CrisisModel",
    "InputError",
    "Outcome",
    "Theatre",
    "load_crisis",
    "shipped_crises",
]


def __getattr__(name: str) -> Any:
    if name == "CrisisModel":
        from sim.model import CrisisModel  # noqa: PLC0415 (see above)

        return CrisisModel
    if name == "Theatre":
        from sim.theatre import Theatre  # noqa: PLC0415

        return Theatre
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
