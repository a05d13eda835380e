"""`offramp experiments`: which experiments there are to run by name."""

from __future__ import annotations

import json

from rich.table import Table

from experiments.commands.options import AsJson
from experiments.commands.terminal import screen
from experiments.designs.experiment_file import Experiment, load_experiment, shipped_experiments


def experiments(as_json: AsJson = False) -> None:
    """List the experiments that are shipped, each with its question."""
    found = {name: load_experiment(path) for name, path in shipped_experiments().items()}
    if as_json:
        print(json.dumps([_entry(*item) for item in found.items()], indent=1, ensure_ascii=False))
        return
    table = Table("Name", "Question", "Varies", box=None, header_style="bold", pad_edge=False)
    for name, experiment in found.items():
        table.add_row(name, experiment.question, ", ".join(experiment.vary))
    console = screen()
    console.print(table)
    console.print("\nRun one with: offramp sweep NAME; options go before what its file says.")


def _entry(name: str, experiment: Experiment) -> dict[str, object]:
    return {"name": name, **experiment.model_dump(exclude_defaults=True)}
