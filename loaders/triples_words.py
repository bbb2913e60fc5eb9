"""What stands in a row of a table between its things: brackets, the word for a registry, the label of a comment.

A row is made of things that the graph has: the study's name, registration numbers, works, claims. What is printed
between them belongs to none, and is stated of the one that it stands with, so that the row can be composed anew
without the text of its cells. A sentence that no claim states is such words, too, where it stands in one paragraph
with a claim.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import URIRef

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import PassageKind, StudyRow
from msevidence.loaders.triples_citations import Citations
from msevidence.loaders.triples_numbers import number_iri
from msevidence.ontology.namespaces import MSE


@dataclass(frozen=True)
class _Thing:
    begin: int
    end: int
    iri: URIRef | None
    """None for the name of the study, which the description has."""


def row_passages(context: DocumentContext, row: StudyRow) -> list[int]:
    """Return the passages of a row's cells in the order of the text."""
    return [
        n
        for n, passage in enumerate(context.parsed.passages)
        if passage.place is not None and (passage.place.table, passage.place.row) == (row.table, row.row)
    ]


def word_statements(context: DocumentContext, citations: Citations, row: StudyRow) -> None:
    """State the words between the things of a row."""
    entries = {p for entry in row.entries for p in entry.passages}
    waiting: tuple[int, str] | None = None
    last: tuple[int, URIRef] | None = None
    after: dict[URIRef, str] = {}
    before: dict[URIRef, str] = {}
    for index in row_passages(context, row):
        passage = context.parsed.passages[index]
        if index in entries or index in row.participants or passage.kind is PassageKind.LINK:
            waiting = last = None
            continue
        begin, end = _between(context, row, index)
        things = sorted(_things(context, citations, row, index), key=lambda t: t.begin)
        if not things:
            words = passage.text
            if last is not None and last[0] == passage.paragraph != 0:
                after[last[1]] = f"{after.get(last[1], '')} {words}"
            else:
                said = f"{waiting[1]} {words}" if waiting is not None and waiting[0] == passage.paragraph else words
                waiting = (passage.paragraph, said)
            continue
        for thing in things:
            words = passage.text[begin : thing.begin]
            if thing is things[0] and waiting is not None and waiting[0] == passage.paragraph != 0:
                words = f"{waiting[1]} {words}"
            if thing.iri is not None and words.strip():
                before[thing.iri] = words
            begin = thing.end
        named = [thing.iri for thing in things if thing.iri is not None]
        if named and passage.text[begin:end].strip():
            after[named[-1]] = passage.text[begin:end]
        waiting, last = None, (passage.paragraph, named[-1]) if named else None
    for found, property in ((before, MSE.wordsBefore), (after, MSE.wordsAfter)):
        for iri, words in found.items():
            context.text.add(iri, property, words)


def _things(context: DocumentContext, citations: Citations, row: StudyRow, index: int) -> Iterator[_Thing]:
    text = context.parsed.passages[index].text
    claims = [_Thing(*citations.places[claim], claim) for claim in citations.claims.get(index, [])]
    yield from claims
    if index == row.name_passage and (at := text.find(row.name)) >= 0:
        yield _Thing(at, at + len(row.name), None)
    for mention in context.parsed.numbers:
        inside = any(c.begin <= mention.begin < c.end for c in claims)
        if mention.passage == index and not inside:
            yield _Thing(mention.begin, mention.end, number_iri(context, mention))


def _between(context: DocumentContext, row: StudyRow, index: int) -> tuple[int, int]:
    """Return what of a passage is to be told: of a site's line, not the place and the name that its description has."""
    text = context.parsed.passages[index].text
    site = next((s for s in row.sites if s.passage == index), None)
    described = any(
        a.passage == index and site is not None and part.place == site.place
        for i, part in enumerate(context.curation.parts)
        for a in context.anchors.find(part, ("parts", i))
    )
    if site is None or not described:
        return 0, len(text)
    named = f" ({site.name})" if site.name else ""
    return len(f"{site.place}: "), len(text) - len(named)
