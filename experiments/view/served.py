"""What the server was asked to show.

Solara imports the page by its name, so the page is told in the environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CRISIS = "OFFRAMP_VIEW_CRISIS"
RESULTS = "OFFRAMP_VIEW_RESULTS"


@dataclass(frozen=True)
class Served:
    """The crisis that visitors see first, by name or path, and the folder of results."""

    crisis: str
    results: Path

    def environment(self) -> dict[str, str]:
        """Return this as variables of the environment."""
        return {CRISIS: self.crisis, RESULTS: str(self.results)}


def served() -> Served:
    """Return what this server was asked to show."""
    return Served(os.environ.get(CRISIS, "january-2020"), Path(os.environ.get(RESULTS, "results")))
