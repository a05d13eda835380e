"""The base of all errors about what a user gave, and help for finding the word that was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """Something that the user gave cannot be used; the message is written for the user."""


def nearest(word: str, known: Iterable[str], most: int = 1) -> str:
    """Return "; did you mean 'x'?" with the known words nearest to ``word``, or "" if none is."""
    found = get_close_matches(word[:200], list(known), n=most, cutoff=0.6)
    if not found:
        return ""
    return f"; did you mean {' or '.join(repr(name) for name in found)}?"
