"""What things are called on a page: the label in the reader's language, with the language that it is in.

Labels are made once a release, by the build (``loaders/index_labels.py``), and read here. A text of a document keeps
the document's language, which stands on the passage or the document (``dcterms:language``) and not on the literal
(``oa:exact`` has no tag by the Web Annotation model); the build brings both together.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from msevidence.ontology.naming import PREFIXES, Text, choose, nameless, short
from msevidence.server.index import index
from msevidence.server.releases import Release
from msevidence.server.store import PageLane

__all__ = ["PREFIXES", "RDF_TYPE", "Labels", "Text", "choose", "outside_link", "query", "short"]

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


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


class Labels:
    """The labels of one release in one language."""

    def __init__(self, lane: PageLane, language: str) -> None:
        self._release, self._language = lane.release, language
        self._index = index(lane.release)
        self._kept: dict[str, Text] = {}

    @property
    def release(self) -> Release:
        """The release that they are of."""
        return self._release

    def __call__(self, iri: str) -> Text:
        """Return what a thing is called; at the least its type and key."""
        if iri not in self._kept:
            known = self._index.label(iri, self._language)
            # What is only pointed to, as an address elsewhere is, has nothing said of it that could name it.
            self._kept[iri] = known or nameless(iri, self._release.base, self._language)
        return self._kept[iri]
