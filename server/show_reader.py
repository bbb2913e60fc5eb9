"""Reading the store for ``msevidence show``: stored queries with bound values, single properties, labels."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox
from rdflib import DCTERMS, FOAF, RDFS, SKOS

from msevidence.loaders.stores.asked import AskedStore
from msevidence.ontology.namespaces import MSE, OA
from msevidence.ontology.naming import term
from msevidence.queries import Term
from msevidence.server.labels import choose, query, short
from msevidence.server.releases import Release

_LABELS = (
    SKOS.prefLabel,
    RDFS.label,
    DCTERMS.title,
    FOAF.name,
    MSE.claimText,
    MSE.text,
    MSE.term,
    MSE.name,
    MSE.registrationNumber,
    MSE.printedName,
    MSE.measure,
    MSE.field,
    MSE.printed,
    MSE.quotedText,
    OA.exact,
)
"""A name before a text, a text before a part of one."""

Row = dict[str, ox.NamedNode | ox.Literal]


class Reader:
    """One release's store, read in the language of the command line."""

    def __init__(self, release: Release, store: AskedStore, language: str = "en") -> None:
        self.release = release
        self.store = store
        self.language = language
        self._labels: dict[str, str] = {}

    @cached_property
    def base(self) -> str:
        return self.release.base

    def rows(self, name: str, **bound: str) -> Iterator[Row]:
        """Ask the query ``queries/<name>.rq`` of the server, variables bound to IRIs; what is unbound is left out."""
        values: dict[ox.Variable, Term] = {ox.Variable(variable): ox.NamedNode(iri) for variable, iri in bound.items()}
        result = self.store.query(query(name), substitutions=values)
        assert isinstance(result, ox.QuerySolutions)
        names = [variable.value for variable in result.variables]
        for row in result:
            yield {name: row[name] for name in names if isinstance(row[name], ox.NamedNode | ox.Literal)}

    def exists(self, iri: str) -> bool:
        """Say whether anything is said of ``iri``."""
        return next(iter(self.statements(iri)), None) is not None

    def statements(self, iri: str) -> Iterable[ox.Quad]:
        """Return what is said of ``iri``, once each."""
        return self.store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())

    def inverse(self, iri: str) -> Iterable[ox.Quad]:
        """Return what says something of ``iri``, once each."""
        return self.store.quads_for_pattern(None, None, ox.NamedNode(iri), ox.DefaultGraph())

    def values(self, iri: str, *properties: str) -> list[str]:
        """Return the values of the first of ``properties`` that ``iri`` has, sorted."""
        for name in properties:
            quads = self.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(name), None, ox.DefaultGraph())
            found = sorted(q.object.value for q in quads if isinstance(q.object, ox.Literal | ox.NamedNode))
            if found:
                return found
        return []

    def value(self, iri: str, *properties: str) -> str | None:
        """Return one value of the first of ``properties`` that ``iri`` has."""
        return next(iter(self.values(iri, *properties)), None)

    def label(self, iri: str) -> str:
        """Return what a thing is called, in the reader's language where it has a name in it; at the least its key."""
        if iri not in self._labels:
            self._labels[iri] = self._look_up(iri)
        return self._labels[iri]

    def key(self, iri: str) -> str:
        """Return an IRI without the base of the data, or as prefix and local name."""
        own = iri.removeprefix(self.base)
        return short(iri) if own == iri or "#" in own else own

    def _look_up(self, iri: str) -> str:
        for name in _LABELS:
            quads = self.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(name), None, ox.DefaultGraph())
            literals = [q.object for q in quads if isinstance(q.object, ox.Literal)]
            if literals:
                return choose(literals, self.language).text
        return term(short(iri), self.language) or self.key(iri)
