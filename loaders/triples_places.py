"""Where in the text of a claim values are printed that the graph has of other things, such as the date of an end.

With them the text is more than words: it can be told anew when a value changes, and no figure of it stands alone.
A place is stated for the printed form, and inside it for the value that was read from it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode
from rdflib import URIRef

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.printed_dates import find_date
from msevidence.loaders.text import squash
from msevidence.loaders.triples_citations import Citations
from msevidence.loaders.triples_numbers import number_iri
from msevidence.ontology.iris import Kind, under
from msevidence.ontology.namespaces import MSE, OA, PICO

READ: Mapping[URIRef, tuple[URIRef, ...]] = {
    MSE.printedParticipants: (MSE.participants, MSE.plannedParticipants),
    MSE.printedStart: (MSE.started,),
    MSE.printedEnd: (MSE.ended,),
    MSE.printedFollowUp: (MSE.followUp,),
    MSE.printedDate: (MSE.date,),
    MSE.printedValue: (MSE.value,),
    MSE.printedSize: (PICO.numberOfParticipants,),
    MSE.printedStatus: (),
    OA.exact: (),
}
"""A printed form → what is read from it."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class _Place:
    start: int
    end: int
    of: URIRef
    property: URIRef


class _Stated:
    """The curated nodes of a document by the passage that they rest on, each with its literals."""

    def __init__(self, context: DocumentContext) -> None:
        self._literals: dict[str, dict[str, list[str]]] = {}
        self._in: dict[str, list[str]] = {}
        for quad in context.curated:
            if not isinstance(quad.subject, NamedNode):
                continue
            subject, predicate = quad.subject.value, quad.predicate.value
            if isinstance(quad.object, Literal):
                self._literals.setdefault(subject, {}).setdefault(predicate, []).append(quad.object.value)
            elif predicate == str(MSE.statedIn) and isinstance(quad.object, NamedNode):
                self._in.setdefault(quad.object.value, []).append(subject)

    def values(self, passage: URIRef) -> Iterator[tuple[URIRef, URIRef, str, list[tuple[URIRef, str]]]]:
        """Yield node, property and words of each printed form of a passage, with what was read from it."""
        for node in self._in.get(str(passage), ()):
            literals = self._literals.get(node, {})
            for printed, read in READ.items():
                for words in literals.get(str(printed), ()):
                    values = [(p, value) for p in read for value in literals.get(str(p), ())]
                    yield URIRef(node), printed, squash(words), values


def place_statements(context: DocumentContext, citations: Citations, passages: Iterable[int]) -> None:
    """State the places of values in the claims of passages that belong together: those of a row."""
    stated = _Stated(context)
    row = list(passages)
    for index in row:
        for claim in citations.claims.get(index, []):
            begin, end = citations.places[claim]
            text = context.parsed.passages[index].text[begin:end]
            found = {*_printed(context, stated, index, row, text)}
            found |= {*_cited(context, citations, index, begin, end), *_marked(context, index, begin, end)}
            for n, place in enumerate(sorted(found, key=lambda p: (p.start, -p.end, p.of, p.property)), 1):
                iri = under(Kind.VALUE_PLACE, claim, n)
                at = {OA.start: place.start, OA.end: place.end}
                value = {MSE.valueOf: place.of, MSE.valueProperty: place.property}
                context.text.node(iri, MSE.ValuePlace, {**at, **value})
                context.text.add(claim, MSE.hasValuePlace, iri)


def _printed(context: DocumentContext, stated: _Stated, index: int, row: list[int], text: str) -> Iterator[_Place]:
    """Yield the values of things that rest on a passage, and of others in its row that are printed here alone.

    The words that say what an arm is may stand in one cell, and how long it is followed in another.
    """
    for other, (node, printed, words, values) in ((p, v) for p in row for v in stated.values(context.passages[p])):
        at = text.find(words)
        elsewhere = other != index and words in context.parsed.passages[other].text
        if at < 0 or elsewhere or (printed == OA.exact and words == text):
            continue
        yield _Place(at, at + len(words), node, printed)
        for property, value in values:
            if (inside := _read_from(words, value)) is not None:
                yield _Place(at + inside[0], at + inside[1], node, property)


def _read_from(words: str, value: str) -> tuple[int, int] | None:
    """Return where in a printed form a number or date stands; None for a number in words, or a date not printed so."""
    found = find_date(words)
    if found is not None and found[0].value == value:
        return found[1], found[2]
    number = next((m for m in _NUMBER.finditer(words) if m.group().replace(",", ".") == value), None)
    return None if number is None else number.span()


def _cited(context: DocumentContext, citations: Citations, index: int, begin: int, end: int) -> Iterator[_Place]:
    """Yield numbers and pages of citation markers, and registration numbers."""
    text = context.parsed.passages[index].text
    for marker in context.parsed.markers:
        if marker.passage != index or not begin <= marker.begin < marker.end <= end:
            continue
        for pointer in citations.pointers.get(index, []):
            if pointer.inherited or pointer.begin != marker.begin:
                continue
            number = re.search(rf"(?<!\d){pointer.number}(?!\d)", text[marker.begin : marker.end])
            if number is not None:
                at = marker.begin - begin
                yield _Place(at + number.start(), at + number.end(), pointer.iri, MSE.number)
            page = text.find(marker.locator, marker.begin, marker.end) if marker.locator else -1
            if marker.locator and page >= 0:
                yield _Place(page - begin, page - begin + len(marker.locator), pointer.iri, MSE.locator)
    for mention in context.parsed.numbers:
        if mention.passage == index and begin <= mention.begin < mention.end <= end:
            yield _Place(mention.begin - begin, mention.end - begin, number_iri(context, mention), MSE.printed)


def _marked(context: DocumentContext, index: int, begin: int, end: int) -> Iterator[_Place]:
    """Yield the marks of footnotes, which are no part of the text: places without length."""
    for n, note in enumerate(context.parsed.footnotes, 1):
        if note.anchor == index and note.offset is not None and begin <= note.offset <= end:
            at = note.offset - begin
            yield _Place(at, at, under(Kind.FOOTNOTE, context.document, n), MSE.mark)
