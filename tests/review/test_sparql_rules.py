"""Rules that are queries: which statements are put into a store for them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, URIRef
from rdflib.paths import MulPath, NegatedPath
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from msevidence.loaders.review.sparql import named, sparql_rules
from msevidence.ontology.namespaces import FOLDER

RULES = sorted((Path(FOLDER) / "review").glob("*.rq"))


def predicates(part: Any) -> Iterator[object]:
    """Yield what stands where a predicate does, of all parts of a query's algebra."""
    if isinstance(part, CompValue):
        triples = part["triples"] if "triples" in part else []  # noqa: SIM401 – its `get` returns the name
        for triple in triples:
            yield from triple[1::3]  # within EXISTS several stand in a row
        for value in part.values():
            yield from predicates(value)
    elif isinstance(part, list | tuple | set):
        for value in part:
            yield from predicates(value)


def steps(path: object) -> Iterator[object]:
    """Yield the predicates of a property path; a negated set is one of its own, since it stands for all others."""
    if isinstance(path, NegatedPath):
        yield path
    elif isinstance(path, MulPath):
        yield from steps(path.path)
    elif isinstance(path, PropertyPath):
        inside = getattr(path, "args", None)
        for one in inside if inside is not None else [path.arg]:  # type: ignore[attr-defined]
            yield from steps(one)
    else:
        yield path


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_each_predicate_is_named(file: Path) -> None:
    text = file.read_text("utf-8")
    found = {step for path in predicates(prepareQuery(text).algebra) for step in steps(path)}
    assert len(found) > 2
    assert all(isinstance(one, URIRef) for one in found), "a variable or a negated set: the store would lack statements"
    assert {str(one) for one in found} <= named(text) | {str(RDF.type)}


@pytest.mark.parametrize("pattern", ["?s ?p ?o", "?s !<urn:a> ?o", "?s (<urn:a>|!(<urn:b>|^<urn:c>))+ ?o"])
def test_what_names_no_predicate_is_seen(pattern: str) -> None:
    algebra = prepareQuery(f"SELECT * {{ ?s <urn:d> ?x FILTER NOT EXISTS {{ {pattern} }} }}").algebra
    assert not all(isinstance(step, URIRef) for path in predicates(algebra) for step in steps(path))


def test_the_rules_are_the_files() -> None:
    assert [Path(rule.file).name for rule in sparql_rules()] == [file.name for file in RULES]
    assert len(RULES) == 7


def test_names_are_read_with_their_prefixes() -> None:
    query = 'PREFIX a: <urn:a#>\nPREFIX : <urn:b#>\nSELECT * { ?s a:b/:c-d <urn:e#f> ; ^a:g "text: x:y" }'
    assert named(query) == {"urn:a#b", "urn:b#c-d", "urn:e#f", "urn:a#g", "urn:a#", "urn:b#"}
