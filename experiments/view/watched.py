"""The model as it is watched: it remembers each hour's grievances, and can be run to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from experiments.explanation.explain import ToldRun
from sim.model import CrisisModel


class WatchedModel(CrisisModel):
    """A crisis that is watched hour by hour; takes what `CrisisModel` takes.

    The page's threads may ask for steps at the same time; they get them one after the other.
    """

    # Mesa reads from the signature what a model takes, and hands more to one that takes anything.
    @wraps(CrisisModel.__init__)  # type: ignore[misc]
    def __init__(self, **arguments: Any) -> None:
        self.turn = threading.RLock()
        self.grievances: list[Mapping[str, float]] = []
        self.failure = ""
        super().__init__(**arguments)
        self._note()

    def step(self) -> None:
        """Let one hour pass, unless the crisis is over; a run that fails ends, and says why."""
        with self.turn:
            if not self.running:
                return
            try:
                super().step()
            except Exception as error:
                self.failure = f"{type(error).__name__}: {error}"
                self.running = False
            self._note()

    def step_to_end(self, stopped: Callable[[], bool]) -> None:
        """Step on until the crisis is over, or until told to stop."""
        while self.running and not stopped():
            self.step()

    @property
    def now(self) -> float:
        """Hours that have passed, to the end of the crisis at most."""
        return self.time if self.running else max(0.0, self.ledger[-1].time)

    def grievances_at(self, time: float) -> Mapping[str, float]:
        """Return the largest grievance of each actor at an hour, of the first one before it."""
        at = min(max(0, round(time)), len(self.grievances) - 1)
        return self.grievances[at]

    def told(self) -> ToldRun:
        """Return the run so far."""
        with self.turn:
            return ToldRun(self.crisis, self.start_time, tuple(self.ledger), self.outcome())

    def _note(self) -> None:
        self.grievances.append({id: actor.grievance for id, actor in self.world.actors.items()})
