"""What one visitor looks at: crisis, start, seed, settings, the run, the moment, what is picked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara
from mesa.visualization.utils import force_update

from experiments.designs.design import Design, Settings, make_design
from experiments.story.look import DARK, LIGHT
from experiments.view.watched import WatchedModel
from sim.crisis import Crisis, Strike
from sim.errors import InputError
from sim.keys import Value, find_key, split_overrides


class Session:
    """The state of one visitor's page; nothing of it is shared with another's.

    ``own`` is the crisis that the page was opened with, shipped or not; ``moment`` is the hour
    shown, None for the present; ``picked`` the id of the event looked at; ``generation`` counts the
    runs begun, so that work for an earlier one can stop.
    """

    def __init__(self, crisis: Crisis, results: Path) -> None:
        self.results = results
        self.own = crisis
        self.crisis = solara.reactive(crisis)
        self.start = solara.reactive(crisis.default_start)
        self.seed = solara.reactive(0)
        self.replicate = solara.reactive(0)
        self.settings: solara.Reactive[dict[str, Value]] = solara.reactive({})
        self.moment: solara.Reactive[float | None] = solara.reactive(None)
        self.picked: solara.Reactive[int | None] = solara.reactive(None)
        self.error = solara.reactive("")
        self.look = solara.reactive(LIGHT)
        self.generation = solara.reactive(0)
        self.arguments: solara.Reactive[dict[str, Any]] = solara.reactive(self._arguments())
        self.model = solara.reactive(WatchedModel(**self.arguments.value))

    # What is run

    def design(self) -> Design:
        """Return the design whose runs have these settings."""
        return make_design(
            self.crisis.value,
            start=self.start.value,
            seed=self.seed.value,
            replicates=1,
            fixed=self.fixed,
        )

    @property
    def fixed(self) -> Settings:
        """The settings that differ from the crisis file."""
        return tuple(self.settings.value.items())

    def _arguments(self) -> dict[str, Any]:
        """Return what Mesa makes the model of."""
        parameters, overrides = split_overrides(self.crisis.value, self.settings.value)
        return {
            "crisis": self.crisis.value,
            "start": self.start.value,
            "rng": self.seed.value,
            "replicate": self.replicate.value,
            "overrides": overrides,
            **parameters,
        }

    # What a visitor does

    def choose_crisis(self, crisis: Crisis) -> None:
        """Turn to another crisis, from its usual start and with its own numbers."""
        self._change(crisis=crisis, start=crisis.default_start, settings={})

    def choose_start(self, label: str) -> None:
        """Let the run be free from another strike; settings that it does not know are dropped."""
        known = self.crisis.value
        begins = known.event(label).time
        later = {event.label for event in known.script if event.time > begins}
        kept = {k: v for k, v in self.settings.value.items() if k.rpartition(".")[0] not in later}
        self._change(start=label, settings=kept)

    def choose_luck(self, seed: int, replicate: int) -> None:
        """Turn to another run of the same settings."""
        self._change(seed=seed, replicate=replicate)

    def change(self, name: str, value: Value) -> None:
        """Set one key; its own value of the crisis file unsets it."""
        settings = dict(self.settings.value)
        settings.pop(name, None)
        if value != find_key(self.crisis.value, name).default:
            settings[name] = value
        self._change(settings=settings)

    def clear(self) -> None:
        """Set every key as the crisis file has it."""
        self._change(settings={})

    def show(self, design: Design, settings: Settings, replicate: int) -> None:
        """Turn to a run of saved results."""
        chosen = {k: v for k, v in settings if v != find_key(design.crisis, k).default}
        self._change(
            crisis=design.crisis,
            start=design.start,
            seed=design.seed,
            replicate=replicate,
            settings=chosen,
        )

    def _change(self, **changes: Any) -> None:
        """Set these fields and begin the run anew; if it cannot be, say so and set nothing."""
        fields = {name: getattr(self, name) for name in changes}
        before = {name: field.value for name, field in fields.items()}
        try:
            for name, value in changes.items():
                fields[name].value = value
            arguments = self._arguments()
            model = WatchedModel(**arguments)
        except InputError as error:
            for name, value in before.items():
                fields[name].value = value
            self.error.value = str(error)
            return
        self.error.value = ""
        self.moment.value = None
        self.picked.value = None
        self.arguments.value = arguments
        self.model.value = model
        self.generation.value += 1

    def turn_dark(self, dark: bool) -> None:
        """Draw for a dark page, or for a light one."""
        self.look.value = DARK if dark else LIGHT

    def refresh(self) -> None:
        """Show what the model has come to."""
        force_update()

    def stopper(self) -> Callable[[], bool]:
        """Return what tells work for the present run that another one has begun."""
        begun = self.model.peek()
        return lambda: self.model.peek() is not begun


def starts(crisis: Crisis) -> list[str]:
    """Return the labels from which a crisis can be run."""
    return [event.label for event in crisis.script if isinstance(event, Strike)]
