"""What tells one run from another: crisis, start, parameters, overrides, luck and model version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from agents.parameters import Parameters
from sim.crisis import Crisis

MODEL_VERSION = "1"
"""Raised whenever a run with the same inputs would give other numbers."""


def content_hash(crisis: Crisis) -> str:
    """Return the SHA-256 of everything a crisis file says, in hexadecimal."""
    return hashlib.sha256(crisis.model_dump_json().encode()).hexdigest()


def point_digest(
    crisis_hash: str, start: str, parameters: Mapping[str, float], overrides: Mapping[str, float]
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
