"""How much of a long list one request may ask for, and what is said where it asks for more.

A page of a list costs the same however long the list is. What needs all of it (a file, another order than that of the
labels, a sum over all) has a limit here, with its reason, and is refused or left out beyond it, never cut.
"""

from __future__ import annotations

from collections.abc import Sequence

from msevidence.server import bibliography_files, i18n
from msevidence.server.bibliography_read import works_of_studies
from msevidence.server.browse_order import Order
from msevidence.server.errors import ResultTooLarge, Words
from msevidence.server.exhibit_page import MOST as DESCRIBED
from msevidence.server.pages_links import Page
from msevidence.server.store import PageLane

PLAIN_ORDERS = ("label", "text")
"""Orders that are kept for a whole release, however long a list is."""
SORTABLE = 5_000
"""Things that can be put in the order of what is counted or dated: each takes about 0.1 ms of queries."""
COMPARED = 1_000
"""Studies of which all statuses, or all publications, are gone through for one sentence above their list."""
TABLE = (2_000, 1_000)
"""Entries of a list that one file holds whole, and of a longer one in each part: an entry takes 1 to 2 ms."""
REFERENCES = (500, 500)
"""The same of files for reference managers: a study takes some 5 ms, with all of its publications and records."""


def limits(format: str) -> tuple[int, int]:
    """Return how many entries a file in a format holds whole, and how many in each part of a longer list."""
    if format in bibliography_files.FORMATS:
        return REFERENCES
    return TABLE if format in ("json", "csv") else (DESCRIBED, DESCRIBED)


def too_long(total: int, most: int, part: int) -> ResultTooLarge:
    """Return the error that says how to ask for a part of a list instead."""
    parts = -(-total // part)
    return ResultTooLarge(
        most,
        Words(
            f"The list has {total} entries, and one file holds {most}. Narrow the list, or ask for its parts with"
            f" ?page=1 to ?page={parts}, {part} entries each.",
            f"Listen har {total} oppføringer, og én fil har plass til {most}. Avgrens listen, eller be om delene med"
            f" ?page=1 til ?page={parts}, {part} oppføringer i hver.",
        ),
    )


def require_sortable(sort: str, total: int) -> None:
    """Refuse an order that takes a look at every thing of a long list.

    Raises:
        ResultTooLarge: the list is too long for it.
    """
    if total > SORTABLE:
        said = f"sort={sort}: the list has {total} entries, and up to {SORTABLE} can be put in that order; narrow it."
        nb = f"sort={sort}: listen har {total} oppføringer, og inntil {SORTABLE} kan ordnes slik; avgrens den."
        raise ResultTooLarge(SORTABLE, Words(said, nb))


def left_out(sorts: Sequence[str], offered: Sequence[str], language: str) -> str:
    """Say which orders a shorter list would have; empty where all are offered."""
    names = ", ".join(i18n.text(f"sort-{sort}", language) for sort in sorts if sort not in offered)
    return (
        i18n.text("list-sorts-left-out", language, most=i18n.number(SORTABLE, language), sorts=names) if names else ""
    )


def said(page: Page[str], language: str) -> str:
    """Say which entries of a list a part holds."""
    figures = {name: i18n.number(getattr(page, name), language) for name in ("first", "last", "total")}
    return i18n.text("list-part", language, **figures)


def lead(lane: PageLane, language: str, class_iri: str, listed: Order) -> str:
    """Say how many records the file of a list for reference managers holds, and of what; or that there are parts."""
    most, part = REFERENCES
    if listed.total > most:
        parts = i18n.number(-(-listed.total // part), language)
        figures = {"most": i18n.number(part, language), "parts": parts}
        return i18n.text("refs-lead-parts", language, total=i18n.number(listed.total, language), **figures)
    if class_iri != bibliography_files.STUDY:
        return i18n.text("refs-lead", language, records=i18n.counted("refs-records", listed.total, language))
    studies = i18n.counted("refs-studies", listed.total, language)
    records = i18n.counted("refs-records", len(works_of_studies(lane, list(listed))), language)
    return i18n.text("refs-lead-studies", language, studies=studies, records=records)
