"""locator-outside-pages: a page is cited that is not among those of the cited work."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Pointer, Reference, View
from msevidence.ontology.namespaces import MSE, PRISM

_PAGES = re.compile(r"(?P<letter>[A-Za-z]?)(?P<low>\d+)(?:\s?[-–]\s?(?P<mark>[A-Za-z]?)(?P<high>\d+))?")
_CITED = re.compile(r"(?:(?:s|ss|p|pp|side|sidene|pages?)\.?\s*)(?P<pages>[A-Za-z]?\d.*)", re.IGNORECASE)


def page_range(printed: str) -> tuple[str, int, int] | None:
    """Return the letter, first and last page; ``None`` where they are no pages: an article number, or cut short.

    >>> page_range("165-74"), page_range("3574–88"), page_range("S130-S1"), page_range("1380-1390.e2")
    (('', 165, 174), ('', 3574, 3588), ('s', 130, 131), ('', 1380, 1390))
    >>> page_range("e0195891"), page_range("8536785"), page_range("284-29")
    (None, None, None)
    """
    match = _PAGES.match(printed.strip())
    if match is None:
        return None
    low, letter = match["low"], match["letter"].lower()
    high = match["high"] or low
    if len(low) > 5 or (match["high"] is None and letter == "e"):
        return None
    if len(high) < len(low):
        high = low[: len(low) - len(high)] + high
    return (letter, int(low), int(high)) if int(high) >= int(low) else None


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        for pointer in document.pointers:
            cited = _CITED.match(pointer.locator or "")
            place = page_range(cited["pages"]) if cited else None
            works = [(w, page_range(w.thing.value(PRISM.pageRange) or "")) for w in _works(document, pointer)]
            known = [(w, r) for w, r in works if r]
            if place and known:
                yield _outcome(document, pointer, place, known)


def _works(document: Document, pointer: Pointer) -> list[Reference]:
    """Return the entries of the cited work: its own; else those of the publication that the document infers or
    quotes; else those that stand in the same table cell."""
    entry = document.references.get(pointer.reference or "")
    if entry and not entry.missing:
        return [entry]
    things = document.things
    publications = [
        p for t in things.pointing(MSE.about, pointer.reference or "") for p in t.values(MSE.infersPublication)
    ]
    publications += [p for t in things.pointing(MSE.hasPointer, pointer.iri) for p in t.values(MSE.quotes)]
    named = [r for r in document.references.values() if r.publication in publications]
    if named or pointer.passage.table is None:
        return named
    here = pointer.passage
    return [
        r
        for r in document.references.values()
        if any((p.table, p.row, p.column) == (here.table, here.row, here.column) for p in r.passages)
    ]


def _outcome(
    document: Document,
    pointer: Pointer,
    place: tuple[str, int, int],
    works: list[tuple[Reference, tuple[str, int, int]]],
) -> Outcome:
    about = tuple(dict.fromkeys(w.publication for w, _ in works if w.publication))
    inside = any(place[0] in ("", r[0]) and r[1] <= place[1] and place[2] <= r[2] for _, r in works)
    # a work with one printed number may have an article number, whose own pages start at 1
    if inside or all(r[1] == r[2] and place[2] < r[1] for _, r in works):
        return Outcome(document.iri, False, pointer.iri, (pointer.passage.iri,), about=about)
    ranges = ", ".join(dict.fromkeys(w.thing.value(PRISM.pageRange) or "" for w, _ in works))
    entries = tuple(dict.fromkeys(p.iri for w, _ in works for p in w.passages))
    return Outcome(
        document.iri,
        True,
        pointer.iri,
        tuple(dict.fromkeys([pointer.passage.iri, *entries])),
        f"{pointer.marker} cites {pointer.locator}, and the pages of the work are {ranges}.",
        f"{pointer.marker} viser til {pointer.locator}, og sidene i verket er {ranges}.",
        (
            Compared("cited page", "sitert side", pointer.locator or "", pointer.passage.iri),
            Compared(
                "pages of the work",
                "sidene i verket",
                ranges,
                entries[0] if entries else None,
                about[0] if about else None,
            ),
        ),
        about,
    )


RULE = Rule(
    "locator-outside-pages",
    Severity.ERROR,
    "citations with a page, of works whose pages are known",
    "siteringer med sidetall, av verk med kjente sider",
    _check,
    file="loaders/review/citations/locator.py",
)
