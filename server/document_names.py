"""What documents are called in short, as a citation would: the first author, or else who published it, and the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from msevidence.server.labels import query
from msevidence.server.pages_links import of
from msevidence.server.store import PageLane
from msevidence.server.wire import Term


def document_names(lane: PageLane) -> Mapping[str, str]:
    """Return document → short name, looked up once a release; two of one name have their keys beside it."""
    known = _kept(lane.release.id)
    if not known:
        for row in lane.select(query("document_names")):
            document = of(row, "document")
            year = of(row, "issued")[:4]
            known.setdefault(document, " ".join(filter(None, (_who(row), year))) or _key(document))
        times = Counter(known.values())
        known.update({iri: f"{name} ({_key(iri)})" for iri, name in known.items() if times[name] > 1})
    return known


def _who(row: Mapping[str, Term]) -> str:
    author = of(row, "author")
    return author.split()[-1] if author.split() else of(row, "publisher")


def _key(document: str) -> str:
    return document.rpartition("/")[2]


@lru_cache(maxsize=2)
def _kept(release: str) -> dict[str, str]:
    """Return the names looked up so far; those of a release before the last are dropped."""
    return {}
