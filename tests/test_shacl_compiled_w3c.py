"""The core tests of the W3C SHACL suite: the compiled shapes and pyshacl say the same, and what is refused is named."""

import logging
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.compare import isomorphic

from msevidence.ontology.shacl_compile import compiled
from msevidence.ontology.shacl_data import Columns
from msevidence.ontology.shacl_referee import Terms, report_graph
from msevidence.ontology.shacl_report import report_of
from msevidence.ontology.shacl_run import run
from msevidence.ontology.validation_compared import found_in

pytestmark = [
    pytest.mark.shared,
    pytest.mark.filterwarnings("ignore:Parsing weird boolean"),
]
CORE, ALL = 98, 120
REFUSED = {"SHACL-SPARQL": 18, "constraint component": 4}
"""What the suite's other part needs; the first thing that is named differs, since a set has no order."""


@pytest.fixture(scope="module")
def suite(shared_dir: Path):
    """Return the runner of the suite, which finds its tests; its own switch of rdflib is set back."""
    import rdflib

    before = rdflib.NORMALIZE_LITERALS
    sys.path.insert(0, str(shared_dir / "conformance" / "shacl"))
    try:
        import run_shacl
    finally:
        sys.path.pop(0)
        rdflib.NORMALIZE_LITERALS = before
    return run_shacl


def statements(suite, file: str) -> list[ox.Quad]:
    path = Path(suite.ROOT) / file
    return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=suite.BASE + file))


def kind(feature: str) -> str:
    return "SHACL-SPARQL" if feature in ("sh:sparql", "sh:prefixes", "sh:select", "sh:ask") else feature


def test_reports_are_equal_on_all_core_tests_and_the_rest_is_refused_by_name(suite, monkeypatch) -> None:
    monkeypatch.setattr(logging.getLogger("rdflib.term"), "level", logging.CRITICAL)  # it logs each ill-formed literal
    equal: list[str] = []
    refused: dict[str, str] = {}
    for test in suite.tests():
        terms, data = Terms(), statements(suite, test["data"])
        terms.add(statements(suite, test["shapes"]))
        made = compiled(terms.graph)
        if made.refused:
            refused[test["id"]] = made.refused[0].feature
            continue
        columns, graph = Columns(), Terms()
        columns.take(data)
        graph.add(data)
        ours = report_of(run(made.shapes, columns), terms.graph, columns)
        theirs = report_graph(graph.graph, terms.graph)
        assert found_in(ours) == found_in(theirs), test["id"]
        assert isomorphic(ours, theirs), test["id"]
        equal.append(test["id"])
    assert len(equal) + len(refused) == ALL
    assert len(equal) == CORE
    assert all(name.startswith("core/") for name in equal)
    assert all(name.startswith("sparql/") for name in refused)
    assert Counter(map(kind, refused.values())) == REFUSED
