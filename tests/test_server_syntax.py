"""Where a syntax error is told, and in which words: by the real engine in a real worker."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from msevidence.server import diagnosis, syntax_place
from tests.server_fixtures import publish, quick, running
from tests.server_http import ask

UNEXPECTED = "is not what the grammar expects here"

# The mark ⟦ stands before the token at fault.
QUERIES = [
    ("SELECT * WHERE {\n  ?s ?p ?o\n  ⟦?t ?u ?v\n}\n", f"'?t' {UNEXPECTED}"),
    ("SELECT * WHERE {\n  ?s ?p\n⟦}\n", f"'}}' {UNEXPECTED}"),
    ("SELECT * WHERE {\n  ?s ?p\n  # FILTER\n\n  ⟦FILTER(?t > 1)\n}\n", f"'FILTER' {UNEXPECTED}"),
    ("SELECT * WHERE {\n  ?s a <x> .\n  ⟦OPTIONL { ?s ?p ?o }\n}\nLIMIT 3\n", f"'OPTIONL' {UNEXPECTED}"),
    ("SELECT ?s ⟦WHER {\n  ?s a <x> .\n}\n", "'WHER'"),
    ("SELECT ?s WHERE {\n  ?s a <x> .\n\n⟦LIMIT 3\n", "'LIMIT'"),
    ("SELECT ?s WHERE {\n  ?s a <x> .\n}\n⟦LIMT 3\n", "'LIMT'"),
    ("SELECT ?s WHERE {\n  ?s a <x> .\n}\n# end\n⟦}\n", "'}'"),
    ("SELECT ?s ⟦, ?p WHERE {\n  ?s a <x> .\n}\n", "','"),
    ("SELECT ?s WHERE {\n  FILTER ⟦?s = 1\n}\n", "'?s'"),
    ("SELECT ?s WHERE {\n  FILTER(?s = 1\n⟦}\n", "'}'"),
    ("SELECT ?s WHERE {\n  ?s ?p ?o ,\n⟦}\n", "'}'"),
    ("SELECT ?s WHERE {\n  GRAPH ⟦{ ?s ?p ?o }\n}\n", "'{'"),
    ("SELECT ?s WHERE {\n  { ?s ?p ?o } UNION\n⟦}\n", "'}'"),
    ("SELECT ?s WHERE {\r\n  { ?s ?p ?o } UNION\r\n⟦}\r\n", "'}'"),
    ("SELECT ?s WHERE { ?s ?p ?o }\nGROUP BY\n⟦LIMIT 4\n", "'LIMIT'"),
    ("PREFIX x: <http://x/>⟦;\nSELECT * { ?s ?p ?o }\n", "SELECT, ASK, CONSTRUCT or DESCRIBE is expected"),
    ("SELECT * {\n  ?s ?p 'æøå \U0001f9ec\\n' FILTER ⟦}", "'}'"),
    ("SELECT * { ?s ?p ?o }\n\n⟦" + "x" * 90 + "\n", "…' is not"),
    ("SELECT * {\n  ?s ?p ?o .⟦\n# nothing more\n\n", "the text ends here, before the query does"),
    ('SELECT * {\n ?s ?p ⟦"open }\n', "a string starts here that does not end"),
    ("SELECT * { ?s ?p ⟦'two\nlines' }", "a string starts here that does not end"),
    # Prefixes: named, at the name that uses them.
    ("SELECT ?s WHERE {\n  ?s a ⟦x:y\n}\n", "the prefix x: is not declared; add PREFIX x: <…>"),
    ("SELECT ?s WHERE {\n  ?s ⟦:p ?o\n}\n", "the prefix : is not declared"),
    ("PREFIX x: <http://x/>\nSELECT ?s WHERE {\n  ?s x:y ⟦foaf:\n}\n", "the prefix foaf: is not declared"),
    ("SELECT ?s WHERE {\n  ?s ?p 'x'^^⟦xsd:integer\n}\n", "the prefix xsd: is not declared"),
    # What the grammar allows and the Recommendation forbids.
    ("SELECT ?s (COUNT(?p) AS ?n) WHERE {\n  ?s a ?p\n}⟦\n", "The SELECT contains a variable that is unbound"),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over one triple."""
    home = tmp_path_factory.mktemp("syntax")
    publish(home, b"<a:a> <a:b> <a:c> <a:g> .\n")
    with running(home, quick()) as address:
        yield address


@pytest.mark.parametrize(("marked", "said"), QUERIES)
def test_the_token_at_fault_is_named_with_its_line_and_column(url: str, marked: str, said: str) -> None:
    query = marked.replace("⟦", "")
    before = marked[: marked.index("⟦")]
    problem = ask(url, query).json()
    assert (problem["line"], problem["column"]) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert said in problem["detail"]


def test_every_cut_of_a_query_is_refused_at_its_end_or_before() -> None:
    query = (
        "PREFIX x: <http://x/>\nSELECT ?s (COUNT(?o) AS ?n)\nWHERE {\n  ?s x:p 'a\\tb'@en ; x:q ?o\n}\nGROUP BY ?s\n"
    )
    refused = 0
    for end in range(len(query)):
        found = syntax_place.find(query[:end], "http://b/")
        if found is not None:
            refused += 1
            offset, message = found
            assert 0 <= offset <= end
            fault = diagnosis.of_engine(message, query[:end], offset)
            assert fault.extra["line"] <= query[:end].count("\n") + 1
    assert refused > 80
    assert syntax_place.find(query, "http://b/") is None


def test_widening_the_space_changes_no_whole_query() -> None:
    query = "ASK {\n ?s ?p '''a b\n c''' ; ?q 'x  y' # a  comment }\n . }"
    ox.Store().query(query)
    assert syntax_place.find(query, "http://b/") is None


@pytest.mark.parametrize(
    ("message", "line", "column", "said"),
    [
        ("error at 2:3: expected one of LATERAL, SERVICE, [_]", 2, 2, "'?s'"),
        (
            "error at 1:1: expected one of \"$\", The SELECT contains a variable, ['a' ..= 'z']",
            1,
            1,
            "The SELECT contains",
        ),
        ("something without a place", 2, 4, "something without a place"),
    ],
)
def test_the_engines_own_place_serves_where_there_is_no_better(message: str, line: int, column: int, said: str) -> None:
    fault = diagnosis.of_engine(message, "ASK {\n ?s ")
    assert (fault.extra["line"], fault.extra["column"]) == (line, column)
    assert said in fault.detail and "..=" not in fault.detail


@pytest.mark.parametrize("text", ["", " \n", "# only a comment"])
def test_a_text_without_a_query_is_said(text: str) -> None:
    found = syntax_place.find(text, "http://b/")
    assert found is not None
    assert "there is no query" in diagnosis.of_engine(found[1], text, found[0]).detail
