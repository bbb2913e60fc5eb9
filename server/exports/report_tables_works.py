"""An entry of a study's row as a paragraph: its label, the work by its parts in Vancouver style, and its address.

The parts are those that the entry prints. Where an entry agreed with the record of its work when the release was
built, and the record says otherwise now, the record is followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.loaders.text import squash
from msevidence.loaders.triples_listed import same_title, title_key
from msevidence.server.exports.report_tables_model import Cell, Paragraph, Piece
from msevidence.server.labels import PREFIXES, outside_link

_MSE, _PRISM = PREFIXES["mse"], PREFIXES["prism"]
TITLE = PREFIXES["dcterms"] + "title"
LABEL, GROUP, ET_AL = _MSE + "entryLabel", _MSE + "groupAuthor", _MSE + "etAl"
CONTAINER, YEAR, ADDRESS, PRINTED = _MSE + "container", _MSE + "year", _MSE + "printedUrl", _MSE + "printed"
STATED_IN, BEFORE, AFTER = _MSE + "statedIn", _MSE + "wordsBefore", _MSE + "wordsAfter"
VOLUME, ISSUE, PAGES = _PRISM + "volume", _PRISM + "number", _PRISM + "pageRange"


@dataclass(slots=True)
class Entry:
    """A work that a row lists."""

    iri: str
    printed: dict[str, list[str]] = field(default_factory=dict)
    """Property → values, of the entry."""
    authors: list[str] = field(default_factory=list)
    record: dict[str, list[str]] = field(default_factory=dict)
    """Property in which entry and record agreed → values that the record has now."""
    language: str = ""
    """Of the title."""

    def get(self, property: str) -> str:
        """Return the value of a property; empty where it has none."""
        return next(iter(self.printed.get(property, ())), "")


def paragraphs(entry: Entry) -> Cell:
    """Return an entry: its label and its work, and its address below."""
    work = tuple(_bibliographic(entry) if PRINTED in entry.printed else _titled(entry))
    address = entry.get(ADDRESS)
    link: Paragraph = (Piece(address, link=outside_link(address) or ""),)
    return (work, link) if address else (work,)


def _label(entry: Entry) -> Iterator[Piece]:
    if label := entry.get(LABEL):
        yield Piece(f"{label}: ")
    if before := entry.get(BEFORE):
        yield Piece(before)


def _titled(entry: Entry) -> Iterator[Piece]:
    yield from _label(entry)
    yield Piece(entry.get(TITLE), entry.language)
    if after := entry.get(AFTER):
        yield Piece(after)


def _bibliographic(entry: Entry) -> Iterator[Piece]:
    """Yield a work as the entries do that EndNote writes: authors, title, journal year;volume(issue):pages."""
    yield from _label(entry)
    names = [*entry.authors, *filter(None, [entry.get(GROUP)]), *(["et al"] if entry.get(ET_AL) == "true" else [])]
    if names:
        yield Piece(f"{', '.join(names)}. ")
    title = now(entry, TITLE)
    yield Piece(title, entry.language)
    yield Piece(" " if title.endswith(("?", "!", ".")) else ". ")
    volume = entry.get(VOLUME) + (f"({entry.get(ISSUE)})" if entry.get(ISSUE) else "")
    year = now(entry, YEAR) + (f";{volume}" if volume else "")
    pages = f":{entry.get(PAGES)}" if entry.get(PAGES) else ""
    yield Piece(" ".join(filter(None, [entry.get(CONTAINER), f"{year}{pages}"])) + "." + entry.get(AFTER))


def now(entry: Entry, property: str) -> str:
    """Return the title or year of an entry: the record's, where that was changed and the entry was not."""
    printed = entry.get(property)
    known: Sequence[str] = sorted(entry.record.get(property, ()))
    agrees: Mapping[str, bool] = {
        value: same_title(value, printed) if property == TITLE else value == printed for value in known
    }
    untouched = title_key(printed) in title_key(squash(entry.get(PRINTED)))
    return known[0] if known and not any(agrees.values()) and untouched else printed
