"""Python values become the RDF terms of the model."""

from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib import URIRef

from msevidence.loaders.document import PartialDate
from msevidence.loaders.statements import Statements, Tagged, Typed, Value, to_term, year

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("10.0", Literal("10.0")),
        (True, Literal("true", datatype=NamedNode(XSD + "boolean"))),
        (3, Literal("3", datatype=NamedNode(XSD + "integer"))),
        (Decimal("6.7"), Literal("6.7", datatype=NamedNode(XSD + "decimal"))),
        (Tagged("Én", "nb"), Literal("Én", language="nb")),
        (Typed("2024", "gYear"), Literal("2024", datatype=NamedNode(XSD + "gYear"))),
        (PartialDate("mai 2021", "2021-05"), Literal("2021-05", datatype=NamedNode(XSD + "gYearMonth"))),
        (URIRef("http://example.org/a"), NamedNode("http://example.org/a")),
    ],
)
def test_terms(value: Value, term: Literal | NamedNode) -> None:
    assert value is not None
    assert to_term(value) == term


def test_nothing_is_stated_for_none_and_nothing_twice() -> None:
    graph = Statements(URIRef("http://example.org/g"))
    subject, predicate = URIRef("http://example.org/s"), URIRef("http://example.org/p")
    graph.add(subject, predicate, None, "a", "a")
    graph.node(subject, [], {predicate: ["a", "b", None]})
    assert [q.object.value for q in graph] == ["a", "b"]
    assert {q.graph_name.value for q in graph} == {"http://example.org/g"}


@pytest.mark.parametrize(
    ("printed", "is_year"), [("2023", True), ("2023 (accessed)", False), ("٢٠٢٣", False), ("", False)]
)
def test_a_printed_year_is_a_year_only_in_the_form_of_xsd(printed: str, is_year: bool) -> None:
    assert year(printed) == (Typed(printed, "gYear") if is_year else None)
