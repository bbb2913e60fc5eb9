"""Parameters of all stored questions: a value narrows the answer to the rows that have it, and to no others."""

import re
from collections import Counter

import pyoxigraph as ox
import pytest

from msevidence.queries import load_questions, question

OTHERWISE = {
    ("graph-of-one-study", "study"),
    ("support-of-a-sentence", "words"),
    ("ongoing-trials-that-should-have-ended", "date"),
    ("provenance-of-a-triple", "subject"),
    ("provenance-of-a-triple", "predicate"),
    ("claims-resting-on-publication", "onStudy"),
    ("disagreements", "onStudy"),
    ("registered-status-of-trials", "ofStudy"),
}
"""Parameters that are no column of the answer without a value: the tests of their questions bind them."""
NARROWING = [
    (name, p.name) for name, q in load_questions().items() for p in q.params if (name, p.name) not in OTHERWISE
]


def rows(store: ox.Store, name: str, values: dict[str, str]) -> list[tuple[ox.NamedNode | ox.Literal | None, ...]]:
    found = question(name)
    solutions = store.query(found.sparql, substitutions=found.bind(values))
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(s) for s in solutions]


def shown(row: tuple[ox.NamedNode | ox.Literal | None, ...]) -> str:
    """Return a row for comparison; SPARQL leaves the order of the members of a list in one cell open."""
    return str(["; ".join(sorted(str(value).strip('"').split("; "))) for value in row])


def columns(store: ox.Store, name: str) -> list[str]:
    solutions = store.query(question(name).sparql)
    assert isinstance(solutions, ox.QuerySolutions)
    return [v.value for v in solutions.variables]


@pytest.mark.parametrize(("name", "parameter"), NARROWING)
def test_a_value_gives_the_rows_that_have_it(real_store: ox.Store, name: str, parameter: str) -> None:
    position = columns(real_store, name).index(parameter)
    every = rows(real_store, name, {})
    values = {row[position] for row in every} - {None}
    assert values, f"{name}: no row has a value of {parameter}"
    for value in sorted(values, key=str):
        assert value is not None
        found = rows(real_store, name, {parameter: value.value})
        wanted = [row for row in every if row[position] == value]
        assert Counter(map(shown, found)) == Counter(map(shown, wanted)), (name, value)


EXAMPLES = [name for name, q in load_questions().items() if q.examples({}) and q.form == "select"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_the_header_is_that_of_the_text(real_store: ox.Store, name: str) -> None:
    """A client of one's own, which binds nothing, gets the same rows; here they also name the example."""
    found = question(name)
    bare = real_store.query(found.sparql)
    assert isinstance(bare, ox.QuerySolutions)
    taken = {v.value for v in bare.variables} & found.examples({}).keys()
    assert taken == found.examples({}).keys()
    known = rows(real_store, name, {})
    places = [n for n, column in enumerate(columns(real_store, name)) if column not in taken]
    wanted = [tuple(row) for row in bare]
    assert known and Counter(shown(tuple(row[n] for n in places)) for row in known) == Counter(
        shown(tuple(row[n] for n in places)) for row in wanted
    )
    bound = found.bind({})
    filled = [(n, column) for n, column in enumerate(columns(real_store, name)) if column in taken]
    assert all(row[n] == bound[ox.Variable(column)] for row in known for n, column in filled)


def test_every_question_that_takes_something_of_its_own_says_so() -> None:
    """What stands in for a variable in the text is told in the header: as an example, or as a default."""
    told = {(name, p.name) for name, q in load_questions().items() for p in q.params if p.example or p.default}
    told.remove(("graph-of-one-study", "study"))  # a prefix
    taken = set()
    for name, found in load_questions().items():
        for variable in re.findall(r"COALESCE\s*\(\s*\?(\w+),[^)]*\)[^\n]*# HERE", found.sparql):
            taken.add((name, variable))
    assert taken == told and len(EXAMPLES) == 2


@pytest.mark.parametrize("name", sorted({name for name, _ in NARROWING}))
def test_a_value_that_is_nowhere_gives_no_rows(real_store: ox.Store, name: str) -> None:
    for parameter in question(name).params:
        if parameter.type == "IRI":
            assert rows(real_store, name, {parameter.name: "nowhere/nothing"}) == [], parameter.name


def test_there_are_parameters_to_test() -> None:
    assert len(NARROWING) > 30
    assert len(load_questions()) > 35


def test_no_list_in_a_cell_begins_or_ends_with_its_separator(real_store: ox.Store) -> None:
    lists = 0
    for name, found in load_questions().items():
        if "GROUP_CONCAT" not in found.sparql:
            continue
        for row in rows(real_store, name, {}):
            texts = [value.value for value in row if isinstance(value, ox.Literal)]
            assert not [text for text in texts if text.startswith("; ") or text.endswith("; ") or "; ; " in text], name
            lists += sum("; " in text for text in texts)
    assert lists > 50
