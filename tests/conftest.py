"""What tests share: crises made from two-states in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.crisis import Crisis
from tests.support import edited

MakeCrisis = Callable[..., Crisis]


@pytest.fixture
def make_crisis(tmp_path: Path) -> MakeCrisis:
    """Return a function that makes a crisis from two-states; see `support.edited`."""

    def make(*additions: str, changes: dict[str, str] | None = None, history: str = "") -> Crisis:
        return edited(tmp_path, "".join(additions), changes, history)

    return make
