"""What holds of every public function of the rules: plain numbers, no memory, and it compiles.

That the rules import nothing but `math` and each other is checked with the other imports, in
`tests/test_imports.py`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import random
import types
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest

from agents import rules
from agents.rules import chance

Rule = Callable[..., Any]
MODULES = [
    importlib.import_module(f"agents.rules.{info.name}")
    for info in pkgutil.iter_modules(rules.__path__)
]
ACCEPTED = (int, float, bool, list[float])
RETURNED = (*ACCEPTED, tuple[float, float])


def public(module: types.ModuleType) -> list[Rule]:
    """Return the public functions that a module defines."""
    return [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def label(rule: Rule) -> str:
    """Return module and name of a rule, without the packages."""
    return f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"


RULES = [rule for module in MODULES for rule in public(module)]


def arguments(rule: Rule, source: random.Random) -> list[Any]:
    """Draw arguments that suit a rule: shares and rates, small numbers, keys, lists of shares."""
    drawn: list[Any] = []
    for name, kind in get_type_hints(rule).items():
        if name == "return":
            continue
        if rule.__module__ == chance.__name__ and kind is int and name != "k":
            drawn.append(source.getrandbits(64))
        elif name in ("first", "second"):
            drawn.append(source.randrange(4))
        elif kind is int:
            drawn.append(source.randrange(11))
        elif kind is bool:
            drawn.append(source.random() < 0.5)
        elif kind is float:
            drawn.append(source.uniform(0.02, 0.98))
        else:
            drawn.append([source.random() for _ in range(source.randrange(1, 8))])
    return drawn


def copied(values: list[Any]) -> list[Any]:
    """Return arguments whose lists are lists of their own."""
    return [list(value) if isinstance(value, list) else value for value in values]


def test_there_are_rules_in_every_module() -> None:
    """The tests below would pass on an empty folder."""
    assert len(MODULES) >= 9
    assert all(public(module) for module in MODULES)
    assert len(RULES) >= 60


@pytest.mark.parametrize("rule", RULES, ids=label)
def test_rules_take_and_return_plain_numbers(rule: Rule) -> None:
    """A rule takes numbers, truth values and lists of numbers, all by name, and returns as much."""
    hints = get_type_hints(rule)
    returned = hints.pop("return")
    assert returned in RETURNED
    parameters = inspect.signature(rule).parameters.values()
    assert set(hints) == {parameter.name for parameter in parameters}
    assert all(kind in ACCEPTED for kind in hints.values())
    assert all(parameter.default is inspect.Parameter.empty for parameter in parameters)


@pytest.mark.parametrize("rule", RULES, ids=label)
def test_rules_have_no_memory(rule: Rule) -> None:
    """The same numbers give the very same result, and are left as they were."""
    source = random.Random(label(rule))
    cases = [arguments(rule, source) for _ in range(20)]
    before = [copied(case) for case in cases]
    first = [rule(*case) for case in cases]
    again = [rule(*case) for case in reversed(cases)]
    assert first == again[::-1]
    assert cases == before


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_rules_keep_nothing_but_constants(module: types.ModuleType) -> None:
    """A rules module holds functions, numbers, names and tuples: nothing that can change."""
    for name, value in vars(module).items():
        if not name.startswith("__"):
            assert isinstance(
                value, types.FunctionType | types.ModuleType | int | float | str | tuple
            ), name


# Compiled


def compiled(rule: Rule, known: dict[Rule, Any]) -> Any:
    """Return a rule compiled by numba, after the rules that it calls."""
    numba = pytest.importorskip("numba")
    if rule not in known:
        code = rule.__code__
        scope = dict(rule.__globals__)
        for name in code.co_names:
            called = scope.get(name)
            if inspect.isfunction(called) and called.__module__.startswith(rules.__name__):
                scope[name] = compiled(called, known)
        known[rule] = numba.njit(types.FunctionType(code, scope, rule.__name__))
    return known[rule]


def machine(value: Any) -> Any:
    """Return an argument as a compiler takes it: keys unsigned, lists typed."""
    numba = pytest.importorskip("numba")
    numpy = pytest.importorskip("numpy")
    if isinstance(value, list):
        return numba.typed.List(value)
    return numpy.uint64(value) if isinstance(value, int) and value > 1 << 32 else value


def assert_same(rule: Rule, known: dict[Rule, Any]) -> None:
    """Compare a rule with its compiled twin on drawn arguments."""
    source = random.Random(label(rule))
    twin = compiled(rule, known)
    for _ in range(5):
        case = arguments(rule, source)
        expected, found = rule(*case), twin(*map(machine, case))
        if isinstance(expected, list):
            found = list(found)
        if isinstance(expected, int):
            assert found == expected, label(rule)
        else:
            assert found == pytest.approx(expected, rel=1e-12), label(rule)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_rules_compile_unchanged(module: types.ModuleType) -> None:
    """Numba compiles every rule as it stands, and its numbers are Python's: whole ones exactly,
    others to twelve digits.

    Keys, parts and numbers of a stream must be handed over unsigned: mixed with a signed integer
    numba turns a key of 64 bits into floating point, and digits are lost without a word.
    """
    known: dict[Rule, Any] = {}
    for rule in public(module):
        assert_same(rule, known)
