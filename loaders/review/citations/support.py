"""What supports a sentence: a citation of its own, one nearby that covers it, or nothing; and what needs support."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msevidence.loaders.review.citations.words import ASIDE, GENERAL, LEANING, OTHERS_WORK, OWN_WORK, PERSONAL
from msevidence.loaders.review.kept import kept
from msevidence.loaders.review.view import Document, Passage
from msevidence.ontology.identifiers import find_numbers
from msevidence.ontology.namespaces import MSE

_KINDS = ("sentence", "list-item", "table-cell", "footnote")
_UNCITED_ROLES = {"references", "appendix", "abstract", "key-messages", "front-matter"}
"""Roles of sections that hold no citations by custom: they sum up, or are lists."""
_OWN_ROLES = {"methods", "results"}
_OPEN_ROLES = {"introduction", "foreword"}
_FLOAT = re.compile(r"\b(?:Table|Tabell|Tab\.|tab\.|Figure|Figur|Fig\.)\s?(\d+)", re.IGNORECASE)
_WORK = re.compile(r"\b(?:19|20)\d\d\s?[;,]\s?\d+(?:\s?\(\w+\))?\s?:\s?\w?\d+")
"""Year, volume and page of a work that a note names in full: ``2006; 367: 1335``."""
_METHODS = re.compile(
    r"(?:study |trial )?(?:participants?|subjects?|procedures?|design|population|setting|statistic(?:s|al \w+)"
    r"|sample size|data (?:collection|analys[ie]s|extraction)|search strategy|eligibility(?: criteria)?"
    r"|selection of \w+|materials?|deltakere|utvalg|statistikk|litteratursøk|søkestrategi|datainnsamling|dataanalyse)$",
    re.IGNORECASE,
)
"""Titles of sections that tell how something was done, where no heading over them says so."""
_ADDRESS = re.compile(r"https?://|www\.")
_REACH = 2
"""A citation two sentences on may still be meant for the sentence; farther on it is not read so."""


@dataclass(frozen=True)
class Nearby:
    """A sentence of the same paragraph whose citation may be meant for another sentence too."""

    passage: Passage
    english: str
    norwegian: str


def reports_own_data(document: Document) -> bool:
    """Say whether a document has results of its own (or of its own searching): a section of them."""
    return _roles(document).get("results", False)


def in_play(document: Document) -> Iterator[Passage]:
    """Yield the passages whose statements about the world need support.

    In a document with results of its own, these are the introduction, and elsewhere the sentences that speak of
    the world or of the work of others; in any other document, all of the text.
    """
    own = reports_own_data(document)
    for passage in document.passages:
        roles = document.section_roles(passage)
        if passage.kind not in _KINDS or roles & _UNCITED_ROLES or (passage.kind == "footnote" and not passage.section):
            continue
        if any(ASIDE.match(title) for title in document.section_titles(passage)) or passage.column == 0:
            continue
        if passage.text.endswith(":"):  # it leads to a list, whose items say it
            continue
        if own and (roles & _OWN_ROLES or OWN_WORK.search(passage.text)):
            continue
        if own and any(_METHODS.match(title) for title in document.section_titles(passage)):
            continue
        if own and not roles & _OPEN_ROLES and not OTHERS_WORK.search(passage.text):
            continue
        yield passage


def supported(document: Document, passage: Passage) -> bool:
    """Say whether a passage names a source: a citation, a person, a registration, an address, a table that cites."""
    text = passage.text
    if document.pointers_of.get(passage.iri) or PERSONAL.search(text) or _ADDRESS.search(text) or find_numbers(text):
        return True
    if _WORK.search(text):
        return True
    if passage.table and _cites_in_table(document, passage):
        return True
    # a figure or table of its own shows the data of a document that has some; any other supports by what it cites
    named = {(m[0][0].upper(), m[1]) for m in _FLOAT.finditer(text)}
    return any(reports_own_data(document) or _floats(document).get(name, False) for name in named)


def nearby(document: Document, passage: Passage) -> Nearby | None:
    """Return the sentence of the paragraph whose citation covers a passage that has none, by its words.

    That is the next one, or one soon after it, where the sentences lean on each other or share words; or the one
    before, where the passage leans on it.
    """
    same = _paragraphs(document).get(_paragraph(passage), [])
    if passage not in same:
        return None
    at = same.index(passage)
    before = passage
    for step, later in enumerate(same[at + 1 : at + 1 + _REACH], 1):
        if not (LEANING.match(later.text) or _share_words(before, later)):
            break
        if document.pointers_of.get(later.iri):
            where = ("the next sentence", "neste setning") if step == 1 else ("a later sentence", "en senere setning")
            return _nearby(document, later, *where)
        before = later
    for step, earlier in enumerate(reversed(same[max(0, at - _REACH) : at]), 1):
        if not LEANING.match(same[at + 1 - step].text):
            break
        if document.pointers_of.get(earlier.iri):
            where = ("the sentence before", "setningen før") if step == 1 else ("a sentence before", "en setning før")
            return _nearby(document, earlier, *where)
    return None


def _nearby(document: Document, passage: Passage, english: str, norwegian: str) -> Nearby:
    printed = ", ".join(dict.fromkeys(p.marker or f"({p.number})" for p in document.pointers_of[passage.iri]))
    return Nearby(passage, f"{english} cites {printed}", f"{norwegian} siterer {printed}")


def _share_words(one: Passage, other: Passage) -> bool:
    """Say whether two passages share a long word, by its beginning and leaving out general ones."""
    found = [{w.lower() for w in re.findall(r"[^\W\d_]{5,}", p.text)} for p in (one, other)]
    stems = [{w[:5] for w in words if not GENERAL.match(w)} for words in found]
    return bool(stems[0] & stems[1])


def _paragraph(passage: Passage) -> tuple[object, ...]:
    return (passage.section, passage.table, passage.row, passage.column, passage.paragraph)


def cites(document: Document, table: str) -> bool:
    """Say whether the caption or any cell of a table cites."""
    found = next(t for t in document.tables if t.iri == table)
    cells = [p for row in found.cells.values() for cell in row.values() for p in cell]
    return any(document.pointers_of.get(p.iri) for p in [*cells, *([found.caption] if found.caption else [])])


@kept
def _roles(document: Document) -> dict[str, bool]:
    return {role: True for p in document.passages for role in document.section_roles(p) - {"abstract"}}


@kept
def _paragraphs(document: Document) -> dict[tuple[object, ...], list[Passage]]:
    found: dict[tuple[object, ...], list[Passage]] = {}
    for passage in document.passages:
        if passage.paragraph is not None and passage.kind in _KINDS:
            found.setdefault(_paragraph(passage), []).append(passage)
    return found


@kept
def _floats(document: Document) -> dict[tuple[str, str], bool]:
    """Return the tables by letter and number, and whether they cite. Figures have no citations of their own."""
    found = {}
    for table in document.tables:
        number = re.search(r"\d+", table.label or (table.caption.text if table.caption else ""))
        if number:
            found["T", number[0]] = cites(document, table.iri)
    return found


def _cites_in_table(document: Document, passage: Passage) -> bool:
    """Say whether the caption, the row of a cell, or an entry listed in the row names a source."""
    table = next(t for t in document.tables if t.iri == passage.table)
    row = [p for cell in table.cells.get(passage.row or 0, {}).values() for p in cell]
    sources = [*row, *([table.caption] if table.caption else [])]
    pointers = [pointer for p in sources for pointer in document.pointers_of.get(p.iri, ())]
    if any(not p.inherited for p in pointers) or any(_ADDRESS.search(p.text) for p in sources):
        return True
    return any(t.is_a(MSE.ListedReference) for p in row for t in document.things.pointing(MSE.statedIn, p.iri))
