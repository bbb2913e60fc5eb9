"""What things are called on a page: the label in the reader's language, with the language that it is in.

A text of a document keeps the document's language, which stands on the passage or the document (``dcterms:language``)
and not on the literal (``oa:exact`` has no tag by the Web Annotation model); the query brings both.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from urllib.parse import urlsplit

import pyoxigraph as ox

from msevidence.ontology.iris import BASE
from msevidence.ontology.naming import PREFIXES, Text, choose, short, term
from msevidence.server import i18n
from msevidence.server.store import PageLane

__all__ = ["PREFIXES", "RDF_TYPE", "Labels", "Text", "choose", "outside_link", "query", "short"]

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# The order in which the properties of label.rq are taken: a name before a text, a text before a part of one.
_ORDER = (
    *(PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "title"),
    PREFIXES["foaf"] + "name",
    *(PREFIXES["mse"] + name for name in ("claimText", "text", "term", "name", "registrationNumber", "printedName")),
    *(PREFIXES["mse"] + name for name in ("printedElement", "treatment", "measure", "field", "printed", "quotedText")),
    PREFIXES["oa"] + "exact",
    PREFIXES["mse"] + "mark",
)
_FIELD, _VALUE = PREFIXES["mse"] + "field", PREFIXES["mse"] + "value"


@cache
def query(name: str) -> str:
    """Return the text of a page's query, ``queries/<name>.rq`` beside this module."""
    return (resources.files(__package__) / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def outside_link(address: str) -> str | None:
    """Return an address where it is one that a page may link to: http or https, with a host and no white space.

    >>> outside_link("javascript:alert(1)"), outside_link("https://doi.org/10.1")
    (None, 'https://doi.org/10.1')
    """
    if any(c.isspace() or not c.isprintable() for c in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme.lower() in ("http", "https") and parts.hostname else None


KEPT = 50_000
"""Labels kept in memory a language: some 10 MB, ten times what two documents have."""


@lru_cache(maxsize=2 * len(i18n.LANGUAGES))
def _kept(release: str, language: str) -> dict[str, Text]:
    """Return the labels looked up so far; those of a release before the last are dropped."""
    return {}


class Labels:
    """The labels of one release in one language, each looked up once for all pages."""

    def __init__(self, lane: PageLane, language: str) -> None:
        self._lane, self._language = lane, language
        self._kept = _kept(lane.release.id, language)
        self._asking: set[str] = set()

    def __call__(self, iri: str) -> Text:
        """Return what a thing is called; at the least its type and key."""
        known = self._kept.get(iri)
        if known is not None:
            return known
        if iri in self._asking:  # a class that is its own type
            return Text(self._fallback(iri))
        self._asking.add(iri)
        known = self._look_up(iri)
        self._asking.discard(iri)
        if len(self._kept) < KEPT:
            self._kept[iri] = known
        return known

    def _rows(self, iri: str) -> list[dict[str, ox.NamedNode | ox.Literal]]:
        return self._lane.select(query("label"), {"resource": ox.NamedNode(iri)})  # type: ignore[return-value]

    def _look_up(self, iri: str) -> Text:
        found: dict[str, list[ox.Literal]] = {}
        types: set[str] = set()
        languages: set[str] = set()
        for row in self._rows(iri):
            value = row["value"]
            if isinstance(value, ox.Literal):
                found.setdefault(row["property"].value, []).append(value)
            elif row["property"].value == RDF_TYPE:
                types.add(value.value)
            if "language" in row:
                languages.add(row["language"].value)
        own = languages.pop() if len(languages) == 1 else ""
        if _FIELD in found and _VALUE in found:
            return Text(f"{found[_FIELD][0].value}: {found[_VALUE][0].value}")
        for name in _ORDER:
            if name in found:
                return choose(found[name], self._language, own)
        if known := term(short(iri), self._language):
            return Text(known, self._language)
        ours = sorted(t for t in types if t.startswith(PREFIXES["mse"])) or sorted(types)
        if ours and iri.startswith(self._lane.release.base):
            kind = self(ours[0])
            return Text(f"{kind.text} {iri.rsplit('/', 1)[1]}", kind.language)
        return Text(self._fallback(iri))

    def _fallback(self, iri: str) -> str:
        for base in (self._lane.release.base, BASE):
            if iri.startswith(base) and iri.removeprefix(base)[:1].isalnum() and "#" not in iri:
                return iri.removeprefix(base)
        return short(iri)
