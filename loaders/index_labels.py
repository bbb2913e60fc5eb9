"""The label of every IRI of a release for every reader, by the rule of ``ontology/labels.toml``."""

from collections.abc import Iterator

import pyoxigraph as ox

from msevidence.loaders.index_graph import IndexedGraph, Links
from msevidence.ontology.naming import Text, by_class, choose, nameless, rule

Labels = dict[str, dict[str, Text]]
"""Reader's language, IRI → label."""


def labels(graph: IndexedGraph, base: str) -> Labels:
    """Return what each IRI is called, for each reader."""
    named = graph.named()
    found: Labels = {reader: {} for reader in rule().readers}
    for iri, literals, own in _literals(graph, named):
        said: Text | None = None
        for reader, of_reader in found.items():
            text = choose(literals, reader, own)
            if said is None or text != said:
                said = text
            of_reader[iri] = said  # what is the same for all readers is held once
    types = graph.types()
    for reader, of_reader in found.items():
        for iri in named - of_reader.keys():
            _name(iri, of_reader, types, base, reader, set())
    return found


def _literals(graph: IndexedGraph, named: set[str]) -> Iterator[tuple[str, list[ox.Literal], str]]:
    """Yield each thing that is named by a text: the texts to choose from, and the language of those without one."""
    own = languages(graph)
    done: set[str] = set()
    fields, values = (_of(graph, property) for property in rule().pair)
    for iri in fields.keys() & values.keys():
        done.add(iri)
        field, value = (min(literal.value for literal in found[iri]) for found in (fields, values))
        yield iri, [ox.Literal(f"{field}: {value}")], ""
    for property in rule().properties:
        for iri, literals in _of(graph, property).items():
            if iri not in done:
                done.add(iri)
                yield iri, literals, own.get(iri, "")


def _of(graph: IndexedGraph, property: str) -> dict[str, list[ox.Literal]]:
    found: dict[str, list[ox.Literal]] = {}
    for subject, value in graph.each(property):
        if isinstance(value, ox.Literal):
            found.setdefault(subject, []).append(value)
    return found


def languages(graph: IndexedGraph) -> dict[str, str]:
    """Return the language of the texts of each thing, where what it stands in has exactly one."""
    stated = graph.follow((rule().language,))
    found = {iri: {node.value for node in nodes} for iri, nodes in stated.items()}
    for step in rule().language_of:
        for iri, nodes in graph.follow((step, rule().language)).items():
            found.setdefault(iri, set()).update(node.value for node in nodes)
    return {iri: next(iter(several)) for iri, several in found.items() if len(several) == 1}


def _name(iri: str, known: dict[str, Text], types: Links, base: str, reader: str, asking: set[str]) -> Text:
    """Name a thing without a text by its class and key, or as a term, and the class first."""
    if iri in known:
        return known[iri]
    text = nameless(iri, base, reader)
    class_iri = by_class(iri, [node.value for node in types.get(iri, ())], base)
    if not text.language and class_iri is not None and class_iri not in asking:  # not in a class that is its own type
        kind = _name(class_iri, known, types, base, reader, asking | {iri})
        text = Text(f"{kind.text} {iri.rsplit('/', 1)[1]}", kind.language)
    if not asking:
        known[iri] = text
    return text
