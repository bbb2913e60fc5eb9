"""The ontology in the graph, and its files, as written, in every release."""

from importlib.resources import files
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import graph_iri


def _folder() -> Traversable:
    return files("msevidence.ontology")


def _turtle(*folders: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for folder in folders:
        place = _folder().joinpath(folder) if folder else _folder()
        for file in sorted(place.iterdir(), key=lambda f: f.name):
            if file.name.endswith((".ttl", ".rq")):
                found[f"{folder}/{file.name}" if folder else file.name] = file.read_bytes()
    return found


def ontology_statements() -> Statements:
    """Return the graph ``ontology``: terms, alignments, schemes. The shapes stay files, for their blank nodes."""
    graph = Statements(graph_iri("ontology"))
    for content in term_files().values():
        graph.extend(ox.parse(content, format=ox.RdfFormat.TURTLE))
    return graph


def term_files() -> dict[str, bytes]:
    """Return the files that the graph ``ontology`` is made from, as written, by their path in a release."""
    return {f"ontology/{name}": content for name, content in _turtle("", "schemes").items()}


def rule_files() -> dict[str, bytes]:
    """Return the files of shapes, rules and rules of the review, as written, by their path in a release."""
    return {f"ontology/{name}": content for name, content in _turtle("shapes", "rules", "review").items()}


def ontology_files() -> dict[str, bytes]:
    """Return the files of ontology, schemes, shapes and all rules as written, by their path in a release."""
    return {**term_files(), **rule_files()}
