"""The description of the model names and numbers what the code has."""

from __future__ import annotations

from agents import attack, measured, parameters, traits
from agents.rules import harm, ladder
from tests.docs.pages import ODD, ROOT, known_names, modules, names_of_tests, rows_of, spans, tables

RUNGS = range(ladder.WAR + 1)


def test_names_in_tables_exist() -> None:
    """Each test, file, key, parameter, class or constant quoted in a table of odd.md exists."""
    quoted = {
        span for table in tables(ODD) for row in table for cell in row for span in spans(cell)
    }
    assert len(quoted) > 100
    for span in quoted:
        if span.startswith("test_"):
            assert span in names_of_tests(), f"there is no test {span}"
        elif "/" in span:
            assert (ROOT / span).exists(), f"there is no file {span}"
        else:
            assert span in known_names(), f"nothing is called {span}"


def test_constants_are_those_of_the_spans() -> None:
    """Each constant and parameter in a table of odd.md has the value that the code gives it."""
    rows = rows_of(ODD, "constant")
    assert len(rows) > 40
    for cells in rows:
        (name,) = spans(cells[0])
        if name.isupper():
            values = {vars(module)[name] for module in modules() if name in vars(module)}
        else:
            values = {parameters.Parameters.model_fields[name].default}
        assert values == {float(cells[1])}, f"{name} is {values} in the code"


def test_traits_are_those_of_the_spans() -> None:
    """The table of traits lists every trait of a state with its default and unit."""
    told = {spans(name)[0]: (float(value), unit) for name, value, unit, _ in rows_of(ODD, "trait")}
    fields = traits.StateTraits.model_fields
    real = {
        name: (float(field.default), measured.unit_of(field))
        for name, field in fields.items()
        if name != "sources"
    }
    assert told == real


def test_ladder_is_that_of_the_spans() -> None:
    """The tables of the ladder give name, thresholds, visibility, harm, deaths, injuries, waves."""
    named, numbered = ([row for row in rows_of(ODD, "rung") if len(row) == n] for n in (5, 6))
    assert [(int(row[0]), spans(row[1])[0]) for row in named] == list(enumerate(ladder.RUNG_NAMES))
    assert [int(row[4]) for row in named] == [ladder.kahn_thresholds(rung) for rung in RUNGS]
    columns = (harm.BASE_HARM, harm.LETHALITY, harm.INJURIES_PER_ATTACK, attack.WAVES)
    for at, values in enumerate(columns, start=2):
        assert [float(row[at]) for row in numbered] == list(values)
    soft, deeds = [ladder.SOFT_VISIBILITY] * 4, [ladder.OVERT_VISIBILITY] * 4
    deniable = [ladder.COVERT_VISIBILITY, ladder.PROXY_VISIBILITY]
    assert [float(row[1]) for row in numbered[:10]] == [*soft, *deniable, *deeds]


def test_twenty_systems_have_their_tests() -> None:
    """Each of the twenty systems names a mechanism's file and an ablation of its own number."""
    rows = rows_of(ODD, "#")
    assert [int(row[0]) for row in rows] == list(range(1, 21))
    for row in rows:
        assert spans(row[3])
        assert all(test.startswith(f"test_row_{int(row[0]):02d}_") for test in spans(row[4]))
