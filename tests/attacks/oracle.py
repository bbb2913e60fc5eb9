"""What honest clients ask, and the right answers, worked out beside the server from the release's N-Quads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph as ox

JSON = "application/sparql-results+json"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SUBJECTS = 12
FIXED = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?g",
    f"SELECT ?s ?o {{ ?s <{LABEL}> ?o FILTER(LANG(?o) = 'en') }}",
    "ASK { ?s ?p <http://a.example/nobody> }",
)
PAGES = ("/", "/health", "/sparql", "/releases")


@dataclass(frozen=True)
class Oracle:
    """The right answers of one release."""

    release: str
    answers: dict[str, Any]
    """What each query gives, as :func:`rows` writes it."""
    pages: tuple[str, ...]
    """Paths of resources that have a page."""


def rows(body: bytes) -> Any:
    """Write a result in SPARQL JSON so that two are equal exactly where they say the same, in whichever order."""
    read = json.loads(body)
    if "boolean" in read:
        return read["boolean"]
    return sorted(json.dumps(row, sort_keys=True) for row in read["results"]["bindings"])


def oracle(folder: Path, seed: int = 1) -> Oracle:
    """Work out the answers of a release.

    Args:
        folder: of the release, with ``manifest.json`` and ``data.nq``, which holds the default graph as well.
        seed: which subjects are asked about.
    """
    manifest = json.loads((folder / "manifest.json").read_bytes())
    store = ox.Store()
    store.bulk_load(path=str(folder / "data.nq"), format=ox.RdfFormat.N_QUADS)
    found = store.query("SELECT DISTINCT ?s { ?s a ?c FILTER(ISIRI(?s)) } ORDER BY ?s")
    assert isinstance(found, ox.QuerySolutions)
    subjects = [row["s"].value for row in found]
    own = [subject for subject in subjects if subject.startswith(manifest["base"]) and "#" not in subject]
    chosen = Random(seed).sample(own, min(SUBJECTS, len(own)))
    asked = [*FIXED, *(f"SELECT ?p ?o {{ <{subject}> ?p ?o }}" for subject in chosen)]
    asked += [f"SELECT ?s ?p {{ ?s ?p <{subject}> }}" for subject in chosen]
    answers = {}
    for query in asked:
        result = store.query(query)
        assert isinstance(result, ox.QuerySolutions | ox.QueryBoolean)
        body = result.serialize(format=ox.QueryResultsFormat.JSON)
        assert body is not None
        answers[query] = rows(body)
    pages = tuple("/" + subject.removeprefix(manifest["base"]) for subject in chosen)
    return Oracle(manifest["release"], answers, pages)
