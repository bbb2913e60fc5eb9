"""Search strings of a document: the lines of its searches, and Boolean strings that stand in its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDFS

from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage
from msevidence.loaders.search_strings import is_search_string
from msevidence.ontology.namespaces import MSE

_OPERATOR = r"(?:AND|OR|NOT)"
_BOOLEAN = re.compile(rf"[\"”’')\]*]\s+{_OPERATOR}\s|\s{_OPERATOR}\s+[\"“‘'(]|\w\s+{_OPERATOR}\s+\w+\s+{_OPERATOR}\s")
_NUMBER = re.compile(r"^(?P<style>[#S]?)(?P<number>\d{1,3})$")
_IN_TEXT = ("sentence", "list-item", "table-cell", "footnote")


@dataclass(frozen=True, eq=False)
class SearchString:
    """A line of a search, or a Boolean string in the text."""

    passage: Passage
    focus: str
    """IRI of the search line; of the passage where no search was read there."""
    search: Thing | None
    label: str | None
    position: int
    formal: bool
    """Whether it is an expression, not words on the search (``Publication year from 2014``) or in a form's fields."""

    @property
    def number(self) -> int | None:
        """Number by which other lines can refer to it."""
        found = _NUMBER.match(self.label or "")
        return int(found["number"]) if found else None

    @property
    def style(self) -> str:
        """What stands before its number: ``#``, ``S`` or nothing."""
        found = _NUMBER.match(self.label or "")
        return found["style"] if found else ""


def searches(document: Document) -> list[list[SearchString]]:
    """Return the lines of each search of a document in order, those that change a search with the lines of that."""
    found: dict[str, list[SearchString]] = {}
    for search in sorted(document.of(MSE.Search), key=lambda s: s.integer(MSE.position) or 0):
        first = search
        while (amended := first.one(MSE.amends)) is not None and amended.iri in found:
            first = amended
        found.setdefault(first.iri, []).extend(_lines(document, search))
    return list(found.values())


def _lines(document: Document, search: Thing) -> Iterator[SearchString]:
    for line in sorted(search.all(MSE.hasLine), key=lambda t: t.integer(MSE.position) or 0):
        for passage in document.stated(line):
            yield SearchString(
                passage,
                line.iri,
                search,
                line.value(MSE.label),
                line.integer(MSE.position) or 0,
                is_search_string(passage.text),
            )


def strings(document: Document) -> list[SearchString]:
    """Return every search string of a document: the lines of its searches, then Boolean strings in its text."""
    found = [line for lines in searches(document) for line in lines]
    return found + [
        SearchString(p, p.iri, None, None, 0, True)
        for p in document.passages
        if p.kind in _IN_TEXT and len(_BOOLEAN.findall(p.text)) > 1
    ]


def neighbours(lines: list[SearchString], i: int) -> tuple[list[SearchString], list[SearchString]]:
    """Return the lines before and after one, as far as one expression can be printed on them: none has a number."""
    if lines[i].number is not None:
        return [], []
    before, after = i, i + 1
    while before > 0 and lines[before - 1].number is None and lines[before - 1].label == lines[i].label:
        before -= 1
    while after < len(lines) and lines[after].number is None and lines[after].label == lines[i].label:
        after += 1
    return lines[before:i], lines[i + 1 : after]


def source_names(document: Document) -> list[tuple[Thing, str, Passage]]:
    """Return each search with the name of its source, as printed, and the passage that prints it."""
    found = []
    for search in document.of(MSE.Search):
        name = search.value(RDFS.label) or ""
        for passage in document.stated(search):
            if passage.text == name:
                found.append((search, name, passage))
    return found
