"""A graph of statements for tests: the real ones, in a store, and the questions that tests ask of them."""

from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.assembly import Graph

DATA = Path(__file__).parent.parent / "data"
PREFIXES = {
    "mse": "https://w3id.org/msevidence/ontology#",
    "c4o": "http://purl.org/spar/c4o/",
    "biro": "http://purl.org/spar/biro/",
    "cito": "http://purl.org/spar/cito/",
    "oa": "http://www.w3.org/ns/oa#",
    "dcterms": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "sssom": "https://w3id.org/sssom/",
}


def store_of(graph: Graph) -> ox.Store:
    """Return a store with the named graphs and their merge as the default graph."""
    store = ox.Store()
    store.extend(graph.quads())
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in list(store))
    return store


def rows(store: ox.Store, query: str, **values: str) -> list[tuple[str | None, ...]]:
    """Return the rows of a SELECT as strings; ``values`` binds variables to IRIs."""
    # pyoxigraph substitutes only variables that are projected; a VALUES block binds any.
    block = " ".join(f"VALUES ?{name} {{ {ox.NamedNode(value)} }}" for name, value in values.items())
    solutions = store.query(query.replace("{", "{ " + block, 1), prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [v.value for v in solutions.variables]
    return [tuple(None if s[n] is None else s[n].value for n in names) for s in solutions]


def ask(store: ox.Store, query: str) -> bool:
    return bool(store.query(query, prefixes=PREFIXES))
