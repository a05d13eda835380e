"""A small sweep of two states, made once, and the command line as a function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.cli import main

Command = Callable[..., tuple[int, str, str]]

SWEEP = ("sweep", "two-states", "--vary", "choice_precision=0,3", "--replicates", "60")


@pytest.fixture
def offramp(capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs a command and returns its exit code, output and errors."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of a small sweep; tests leave them as they are."""
    path = tmp_path_factory.mktemp("swept") / "two.csv"
    with pytest.raises(SystemExit) as end:
        main([*SWEEP, "--out", str(path)])
    assert not end.value.code
    return path
