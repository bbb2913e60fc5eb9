"""What engines do to literals is what is declared of them, and nothing else passes for the same."""

import pytest

from msevidence.loaders.stores.client import StoreError
from msevidence.loaders.stores.engines import ENGINES, GENERIC, engine_of, normalised
from msevidence.loaders.stores.reading import compared, lines_of, read_graph
from tests.stores.servers import Server
from tests.stores.test_push import client_of

XSD = "http://www.w3.org/2001/XMLSchema#"
SAME = (
    *(
        (
            '"abc"',
            '"abc"@nb',
            '"abc"@en-GB',
            '"æøå 𝒳 – \\u00A0 \\u2028"',
            '"a\\r\\nb\\t\\"q\\" \\\\ \\u0001"',
            '""',
            '"  a  "',
        )
    ),
    *(
        f'"{text}"^^<{XSD}{kind}>'
        for text, kind in (
            ("2024", "gYear"),
            ("2024-05", "gYearMonth"),
            ("2024-05-31", "date"),
            ("2024-05-31T10:11:12Z", "dateTime"),
            ("12", "integer"),
            ("1.5", "decimal"),
            ("5", "decimal"),
            ("true", "boolean"),
            ("a1B2", "hexBinary"),
            ("http://x.example/a b", "anyURI"),
            ("0.000001", "decimal"),
        )
    ),
)
"""Literals that all engines give back as they were: ours are of these kinds."""
CHANGED = [
    ("1.50", "decimal"),
    ("-0.0", "decimal"),
    ("0012", "integer"),
    ("+5", "integer"),
    ("1", "boolean"),
    ("1.5E0", "double"),
    ("1e300", "double"),
    ("2024-05-31T10:11:12.5Z", "dateTime"),
    ("2024-05-31T10:11:12+00:00", "dateTime"),
    ("12", "nonNegativeInteger"),
    ("12345678901234567890", "integer"),
    ("123456789.123456789123456789", "decimal"),
]


def _graph(literals: list[str]) -> list[bytes]:
    text = "".join(f"<http://x/s> <http://x/p{n}> {literal} .\n" for n, literal in enumerate(literals))
    return lines_of(text.encode(), "here")


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
@pytest.mark.parametrize("graph_store", [True, False])
def test_engines_keep_literals_as_declared(request: pytest.FixtureRequest, name: str, graph_store: bool) -> None:
    server: Server = request.getfixturevalue(f"{name}_server")
    writer, reader = client_of(server, graph_store=True), client_of(server, graph_store=graph_store)
    engine = engine_of(reader.server())
    assert engine.name == name
    graph = f"http://x/literals-{graph_store}"
    ours = _graph(list(SAME))
    writer.put_graph(graph, b"".join(ours))
    assert compared(graph, ours, read_graph(reader, graph), engine).exact
    ours = _graph([f'"{text}"^^<{XSD}{kind}>' for text, kind in CHANGED])
    writer.put_graph(graph, b"".join(ours))
    theirs = read_graph(reader, graph)
    found = compared(graph, ours, theirs, engine)
    assert (found.exact, found.equal) == (False, True), found
    assert not compared(graph, ours, theirs, GENERIC).equal


def test_a_difference_that_is_not_declared_is_a_fault(virtuoso_server: Server) -> None:
    client = client_of(virtuoso_server, graph_store=True)
    ours = _graph([f'"P1Y"^^<{XSD}duration>', '"a"'])
    client.put_graph("http://x/duration", b"".join(ours))
    found = compared("", ours, read_graph(client, "http://x/duration"), ENGINES["virtuoso"])
    assert not found.equal
    assert ["P1Y" in line for line in found.missing] == [True]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_values_that_differ_stay_different(engine: object) -> None:
    pairs = [
        (f'"1.5"^^<{XSD}decimal>', f'"1.51"^^<{XSD}decimal>'),
        (f'"1"^^<{XSD}integer>', f'"2"^^<{XSD}integer>'),
        (f'"true"^^<{XSD}boolean>', f'"false"^^<{XSD}boolean>'),
        (f'"2024"^^<{XSD}gYear>', f'"2025"^^<{XSD}gYear>'),
        ('"a"@en', '"a"@nb'),
        ('"1.50"', '"1.5"'),
        (f'"1.50"^^<{XSD}string>', '"1.5"'),
    ]
    for one, other in pairs:
        assert not compared("", _graph([one]), _graph([other]), engine).equal  # type: ignore[arg-type]


def test_no_literal_of_its_type_is_left_as_it_is() -> None:
    line = f'<http://x/s> <http://x/p> "abc"^^<{XSD}integer> .'.encode()
    assert normalised(line, ENGINES["oxigraph"]) == line
    assert engine_of({"Server": "Apache"}) is GENERIC


def test_virtuoso_is_asked_for_triples_in_a_form_that_keeps_decimals(virtuoso_server: Server) -> None:
    client = client_of(virtuoso_server, graph_store=True)
    client.put_graph("http://x/five", f'<http://x/s> <http://x/p> "5"^^<{XSD}decimal> .\n'.encode())
    (triple,) = client.construct("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <http://x/five> { ?s ?p ?o } }")
    assert str(triple.object) == f'"5"^^<{XSD}decimal>'
    with pytest.raises(StoreError, match="400"):
        client.select("SELECT nonsense")
