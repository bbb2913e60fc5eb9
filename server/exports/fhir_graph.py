"""What the graph says of the things of a FHIR bundle, read once: statements by thing and property, and what is around.

Values are sorted, so that the first of several is the same each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from msevidence.server.labels import PREFIXES
from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import name
from msevidence.server.store import PageLane
from msevidence.server.wire import Term


def full(term: str) -> str:
    """Return the IRI of a term written short.

    >>> full("dcterms:title")
    'http://purl.org/dc/terms/title'
    """
    prefix, _, name = term.partition(":")
    return PREFIXES[prefix] + name


def last(iri: str) -> str:
    """Return the last part of an IRI: the key of a thing, the code of a concept."""
    return iri.rstrip("/").rpartition("/")[2]


class Facts:
    """The statements of things that were read."""

    def __init__(self, lane: PageLane) -> None:
        self._lane = lane
        self._said: dict[str, dict[str, list[Term]]] = {}
        self._around: dict[tuple[str, str], list[str]] = {}

    def read(self, iris: Iterable[str]) -> None:
        """Read what is said of things; those read before are not read again."""
        new = sorted(set(iris) - self._said.keys())
        self._said.update({iri: {} for iri in new})
        for row in rows_of(self._lane, "export_fhir_statements", new) if new else ():
            said = self._said[name(row["item"])].setdefault(name(row["property"]), [])
            said.append(row["value"])

    def read_around(self, iris: Iterable[str]) -> None:
        """Read which things say something of these, and what is said of them."""
        items = sorted(set(iris))
        found: dict[tuple[str, str], set[str]] = {}
        for row in rows_of(self._lane, "export_fhir_around", items) if items else ():
            found.setdefault((name(row["item"]), name(row["what"])), set()).add(name(row["thing"]))
        self._around.update({key: sorted(things) for key, things in found.items()})
        self.read(thing for things in found.values() for thing in things)

    def around(self, iri: str, what: str) -> Sequence[str]:
        """Return the things that say something of a thing, by their relation to it in the query's words."""
        return self._around.get((iri, what), ())

    def every(self, what: str) -> Sequence[str]:
        """Return all things of a relation to any thing, each once."""
        return sorted({thing for (_, of), things in self._around.items() if of == what for thing in things})

    def terms(self, iri: str, term: str) -> Sequence[Term]:
        """Return the values of a property, written short (``mse:phase``)."""
        return self._said.get(iri, {}).get(full(term), ())

    def literals(self, iri: str, term: str) -> Sequence[ox.Literal]:
        """Return the values that are literals."""
        return [value for value in self.terms(iri, term) if isinstance(value, ox.Literal)]

    def iris(self, iri: str, term: str) -> Sequence[str]:
        """Return the values that are IRIs."""
        return [value.value for value in self.terms(iri, term) if isinstance(value, ox.NamedNode)]

    def texts(self, iri: str, term: str) -> Sequence[str]:
        """Return the values that are literals, without language and datatype."""
        return [value.value for value in self.literals(iri, term)]

    def first(self, iri: str, term: str) -> str:
        """Return the first value, empty where there is none."""
        return next((name(value) for value in self.terms(iri, term)), "")

    def holds(self, iri: str, term: str) -> bool:
        """Return whether a property is true, in either of the forms that xsd:boolean has for it."""
        return self.first(iri, term) in ("true", "1")

    def language(self, iri: str) -> str:
        """Return the language of a document's own words, empty where none is stated."""
        return self.first(iri, "dcterms:language")
