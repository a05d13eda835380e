"""What tells one run from another: crisis, start, parameters, overrides, luck and model version."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping

from agents.parameters import Parameters
from sim.crisis import Crisis
from sim.keys import Value

MODEL_VERSION = "1"
"""Raised whenever a run with the same inputs would give other numbers."""


PACKAGES = (
    "offramp",
    "mesa",
    "simpy",
    "networkx",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "SALib",
    "scipy",
)


def content_hash(crisis: Crisis) -> str:
    """Return the SHA-256 of everything a crisis file says, in hexadecimal."""
    return hashlib.sha256(crisis.model_dump_json().encode()).hexdigest()


def point_digest(
    crisis_hash: str,
    start: str,
    parameters: Mapping[str, float],
    overrides: Mapping[str, Value],
) -> bytes:
    """Return a digest of all that the runs of one parameter point have in common.

    ``parameters`` are those set; the defaults of all others enter as well.
    """
    content = [
        MODEL_VERSION,
        crisis_hash,
        start,
        Parameters(**parameters).model_dump(),
        dict(sorted(overrides.items())),
    ]
    return hashlib.blake2b(json.dumps(content).encode(), digest_size=16).digest()


def run_key(point: bytes, seed: int, replicate: int) -> str:
    """Return the sixteen hexadecimal digits that name one run."""
    luck = f"{seed}/{replicate}".encode()
    return hashlib.blake2b(point + luck, digest_size=8).hexdigest()


def versions() -> dict[str, str | None]:
    """Return the versions of Python, of the model and of the packages that a run depends on."""
    found: dict[str, str | None] = {"python": platform.python_version(), "model": MODEL_VERSION}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    return found
