"""The one source of chance: a draw is a function of (seed, replicate, actor, purpose, n-th use).

Nothing draws from a shared stream, so a changed parameter cannot shift the luck of an unrelated
actor, and two runs with the same seed and replicate share every draw they have in common.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from agents.rules import chance, harm


@lru_cache(maxsize=4096)
def _number(actor: str, purpose: str) -> int:
    """Return the 64-bit number that stands for an actor and purpose in every run."""
    digest = blake2b(f"{actor}\x1f{purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


class KeyedChance:
    """Draws for one run, keyed by who draws and what for."""

    def __init__(self, seed: int, replicate: int) -> None:
        self._run = chance.combine(chance.combine(0, seed), replicate)
        self._streams: dict[tuple[str, str], int] = {}
        self._used: dict[tuple[str, str], int] = {}

    def uniform(self, actor: str, purpose: str) -> float:
        """Return the next uniform in (0, 1) of this actor and purpose."""
        key = (actor, purpose)
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = chance.combine(self._run, _number(actor, purpose))
            self._used[key] = 0
        n = self._used[key]
        self._used[key] = n + 1
        return chance.uniform(stream, n)

    def happens(self, actor: str, purpose: str, probability: float) -> bool:
        """Return whether something of this probability happens; always consumes one draw."""
        return self.uniform(actor, purpose) < probability

    def lognormal(self, actor: str, purpose: str, median: float, spread: float) -> float:
        """Return a lognormal draw; ``spread`` is the standard deviation of the logarithm."""
        return chance.lognormal_quantile(self.uniform(actor, purpose), median, spread)

    def exponential(self, actor: str, purpose: str, rate: float) -> float:
        """Return a waiting time for a hazard rate > 0."""
        return chance.exponential_quantile(self.uniform(actor, purpose), rate)

    def count(self, actor: str, purpose: str, mean: float) -> int:
        """Return a negative binomial number of people with this mean."""
        return chance.negative_binomial_quantile(
            self.uniform(actor, purpose), mean, harm.DISPERSION
        )
