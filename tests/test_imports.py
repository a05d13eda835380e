"""Imports run one way, and the rules stand on arithmetic alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
RULES = sorted((ROOT / "agents" / "rules").glob("**/*.py"))
ALLOWED_IN_RULES = ("__future__", "agents.rules", "math")


def imported(source: str) -> list[str]:
    """Return the modules that a source file names in its imports; a relative one keeps its dots."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("." * node.level + (node.module or ""))
    return names


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_import_only_math_and_rules(path: Path) -> None:
    """A rule is a pure function of numbers: a compiler must be able to translate it."""
    others = [
        name
        for name in imported(path.read_text(encoding="utf-8"))
        if name not in ALLOWED_IN_RULES and not name.startswith("agents.rules.")
    ]
    assert others == []


def test_there_are_rules_to_check() -> None:
    """The test above would pass on an empty folder."""
    assert RULES


def test_imports_run_one_way() -> None:
    """The contracts of import-linter in pyproject.toml hold."""
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert status == EXIT_STATUS_SUCCESS
