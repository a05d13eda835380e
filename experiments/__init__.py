"""Designs, runs, results and comparisons; the command line stands in `experiments.cli`.

Names are imported on first use, so that starting a worker process stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.library import RunFailedError, run_ensemble
    from experiments.storage.reading import read_results

__all__ = ["RunFailedError", "read_results", "run_ensemble"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'experiments' has no attribute {name!r}")
    home = "experiments.storage.reading" if name == "read_results" else "experiments.library"
    return getattr(import_module(home), name)
