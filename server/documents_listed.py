"""The documents of a release with how many findings each has, some at a time: there may be thousands.

They come in the order of their addresses, which is the same for every reader.
"""

from __future__ import annotations

from collections.abc import Mapping

from msevidence.server.binding import with_any
from msevidence.server.errors import NotFound, Words
from msevidence.server.facets import Facets
from msevidence.server.filters import TOLD
from msevidence.server.labels import query
from msevidence.server.pages_links import MSE, Page
from msevidence.server.review_read import described
from msevidence.server.store import PageLane
from msevidence.server.stretch import stretch

SIZE = 100
"""Documents on a page: for each, its findings are counted, which takes a millisecond."""
FILE = 500
"""Documents that one file holds."""
_CLASS = MSE + "Document"

Documents = Mapping[str, Mapping[str, str]]
"""Address of a document → its title, language, date, and the number of its findings by severity."""


def first(lane: PageLane, size: int) -> tuple[Documents, int]:
    """Return the first of the documents, and how many there are."""
    facets = Facets(lane.release, "en")
    return _read(lane, facets.by_key(_CLASS, 0, size)), facets.count(_CLASS)


def page(lane: PageLane, format: str) -> tuple[Documents, Page[str], Mapping[str, str]]:
    """Return the documents of the page that the address asks for; for a file, all of them where they are not too many.

    With them comes what the addresses of files say of it.

    Raises:
        NotFound: there is no such page.
        ResultTooLarge: a file can not hold all of them, and the address asks for no part.
    """
    facets = Facets(lane.release, "en")
    part = stretch(facets.count(_CLASS), format, SIZE, FILE)
    iris = facets.by_key(_CLASS, part.start, part.size)
    return _read(lane, iris), Page(iris, part.first, part.total, part.number), part.of_files


def unknown(lane: PageLane, key: str) -> NotFound:
    """Return the error that says which documents there are; of many, the first."""
    facets = Facets(lane.release, "en")
    there = ", ".join(iri.rpartition("/")[2] for iri in facets.by_key(_CLASS, 0, TOLD))
    more = facets.count(_CLASS) - TOLD
    en, nb = (f" and {more} more", f" og {more} til") if more > 0 else ("", "")
    return NotFound(
        Words(
            f"There is no document {key[:100]!r}; there are: {there}{en}.",
            f"Det finnes ikke noe dokument {key[:100]!r}, bare: {there}{nb}.",
        )
    )


def _read(lane: PageLane, iris: list[str]) -> Documents:
    return described(lane.select(with_any(query("review_documents"), "document", iris))) if iris else {}
