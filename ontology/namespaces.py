"""Namespaces of the graph: closed, so that a misspelt term fails where it is written.

The Turtle files of this folder are the only list of terms: ``core.ttl`` for ``mse:``, ``schemes/`` for the concepts,
``alignments.ttl`` for what is used of other vocabularies. They are read once, in a few milliseconds.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef

from msevidence.ontology.iris import BASE as BASE

FOLDER = Path(__file__).parent
ONTOLOGY = BASE + "ontology"
SCHEME = BASE + "scheme/"

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_EXACT_MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch"
_IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"


class UnknownTermError(AttributeError):
    """Raised when a term is not declared in its vocabulary."""


class UnknownConceptError(LookupError):
    """Raised when a scheme has no such concept, or there is no such scheme."""


class Vocabulary:
    """A closed namespace: ``MSE.Claim`` or ``SEPIO["0000001"]`` is a term, anything undeclared an error.

    It is no string, so that no method of ``str`` hides a term such as ``count`` or ``title``. A term is made once and
    then an attribute like any other: a load names terms some fifty times a record.
    """

    __slots__ = ("__base", "__dict__", "__source", "__terms")

    def __init__(self, base: str, terms: frozenset[str], source: str) -> None:
        self.__base = base
        self.__terms = terms
        self.__source = source

    def __getitem__(self, name: str) -> URIRef:
        if name not in self.__terms:
            raise UnknownTermError(self.__unknown(name))
        return URIRef(self.__base + name)

    def __getattr__(self, name: str) -> URIRef:
        if name.startswith("__"):
            raise AttributeError(name)
        term = self.__dict__[name] = self[name]
        return term

    def __contains__(self, iri: object) -> bool:
        return isinstance(iri, str) and iri.startswith(self.__base) and iri[len(self.__base) :] in self.__terms

    def __iter__(self) -> Iterator[str]:
        """Iterate over the local names, sorted."""
        return iter(sorted(self.__terms))

    def __str__(self) -> str:
        return self.__base

    def __unknown(self, name: str) -> str:
        near = get_close_matches(name, self.__terms, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return f"no term {name!r} in <{self.__base}>.{hint} Terms are declared in ontology/{self.__source}."


def _subjects(file: str) -> frozenset[str]:
    """Return the IRIs that a Turtle file of this folder gives a type."""
    triples = ox.parse(path=str(FOLDER / file), format=ox.RdfFormat.TURTLE)
    return frozenset(
        t.subject.value for t in triples if t.predicate.value == _RDF_TYPE and isinstance(t.subject, ox.NamedNode)
    )


_CORE = _subjects("core.ttl")
_ALIGNED = _subjects("alignments.ttl")


def _closed(base: str, declared: frozenset[str], source: str) -> Vocabulary:
    return Vocabulary(base, frozenset(i[len(base) :] for i in declared if i.startswith(base) and i != base), source)


def _aligned(base: str) -> Vocabulary:
    return _closed(base, _ALIGNED, "alignments.ttl")


MSE = _closed(ONTOLOGY + "#", _CORE, "core.ttl")
ADMS = _aligned("http://www.w3.org/ns/adms#")
BIRO = _aligned("http://purl.org/spar/biro/")
C4O = _aligned("http://purl.org/spar/c4o/")
CITO = _aligned("http://purl.org/spar/cito/")
DEO = _aligned("http://purl.org/spar/deo/")
DQV = _aligned("http://www.w3.org/ns/dqv#")
DOCO = _aligned("http://purl.org/spar/doco/")
FABIO = _aligned("http://purl.org/spar/fabio/")
FRBR = _aligned("http://purl.org/vocab/frbr/core#")
OA = _aligned("http://www.w3.org/ns/oa#")
PICO = _aligned("http://data.cochrane.org/ontologies/pico/")
PRISM = _aligned("http://prismstandard.org/namespaces/basic/2.0/")
SEPIO = _aligned("http://purl.obolibrary.org/obo/SEPIO_")
SSSOM = _aligned("https://w3id.org/sssom/")

VOCABULARIES = (MSE, ADMS, BIRO, C4O, CITO, DEO, DOCO, DQV, FABIO, FRBR, OA, PICO, PRISM, SEPIO, SSSOM)
"""All closed namespaces: a term of the data in one of them must be declared there."""


@cache
def _concepts() -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """Return the local names of the concepts of each scheme, and the exact match of each concept that has one."""
    found: dict[str, set[str]] = {}
    matches: dict[str, str] = {}
    for file in sorted((FOLDER / "schemes").glob("*.ttl")):
        for t in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
            if not isinstance(t.subject, ox.NamedNode) or not isinstance(t.object, ox.NamedNode):
                continue
            if t.predicate.value == _IN_SCHEME:
                name, _, concept = t.subject.value.removeprefix(SCHEME).partition("/")
                found.setdefault(name, set()).add(concept)
            elif t.predicate.value == _EXACT_MATCH:
                matches[t.subject.value] = t.object.value
    return {name: frozenset(concepts) for name, concepts in found.items()}, matches


def schemes() -> dict[str, frozenset[str]]:
    """Return the local names of the concepts of each concept scheme."""
    return _concepts()[0]


def scheme(name: str, concept: str) -> URIRef:
    """Return the IRI of ``concept`` in the scheme ``name``.

    Raises:
        UnknownConceptError: when there is none; the message lists what the scheme allows.
    """
    allowed = schemes().get(name)
    if allowed is None:
        raise UnknownConceptError(f"no concept scheme {name!r}; there are: {', '.join(sorted(schemes()))}")
    if concept not in allowed:
        near = get_close_matches(concept, allowed, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise UnknownConceptError(
            f"{concept!r} is not in the scheme {name}{hint}; it has: {', '.join(sorted(allowed))}"
        )
    return URIRef(f"{SCHEME}{name}/{concept}")


@cache
def _labels() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for file in sorted((FOLDER / "schemes").glob("*.ttl")):
        for t in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
            if t.predicate.value == _PREF_LABEL and isinstance(t.object, ox.Literal) and t.object.language:
                found.setdefault(str(getattr(t.subject, "value", "")), {})[t.object.language] = t.object.value
    return found


def scheme_label(name: str, concept: str) -> dict[str, str]:
    """Return the preferred labels of a concept, by language.

    Raises:
        UnknownConceptError: when there is none.
    """
    return _labels()[str(scheme(name, concept))]


def scheme_iri(name: str) -> URIRef:
    """Return the IRI of the concept scheme ``name``.

    Raises:
        UnknownConceptError: when there is none.
    """
    if name not in schemes():
        raise UnknownConceptError(f"no concept scheme {name!r}; there are: {', '.join(sorted(schemes()))}")
    return URIRef(SCHEME + name)


def cito_property(concept: str) -> URIRef:
    """Return the CiTO property of a concept of the scheme ``citation-function``, given its IRI.

    Raises:
        UnknownConceptError: when the concept is matched to no CiTO property.
    """
    match = _concepts()[1].get(str(concept))  # a URIRef does not hash as its text does
    if match is None or match not in CITO:
        raise UnknownConceptError(f"<{concept}> is matched to no CiTO property in schemes/citation-function.ttl")
    return URIRef(match)
