"""What the rules of the review look at: documents with their passages in order, and what is known of what they cite.

It is made from the statements of a build, whatever loader they came from, so that a rule meets an article in JATS, a
text and the tables of a report in one form. What has no field here is a :class:`Thing` with its properties.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyoxigraph as ox
from rdflib import DCTERMS, PROV, URIRef

from msevidence.loaders.review.section_words import role_of
from msevidence.loaders.review.things import Thing, Things
from msevidence.loaders.statements import Statement
from msevidence.ontology.namespaces import BIRO, C4O, MSE, OA


@dataclass(frozen=True, eq=False)
class Passage:
    """A passage, with its place. ``text`` is one line, normalised; ``exact`` stands so in the file."""

    iri: str
    text: str
    kind: str
    """Concept of the scheme passage-kind: sentence, table-cell, table-header, heading, reference-entry …"""
    language: str
    ordinal: int
    section: str | None
    """IRI."""
    paragraph: int | None
    page: str | None
    table: str | None
    """IRI."""
    row: int | None
    """0 is the header."""
    column: int | None
    thing: Thing = field(repr=False)


@dataclass(frozen=True, eq=False)
class Pointer:
    """A citation: of a marker in the passage, or inherited by a table cell from the header of its column."""

    iri: str
    passage: Passage
    number: int | None
    reference: str | None
    """IRI of the entry (or of the missing reference) that it denotes."""
    inherited: bool
    marker: str | None
    """Marker as printed; ``None`` of an inherited one."""
    locator: str | None
    start: int | None
    """Offset in the file."""
    thing: Thing = field(repr=False)


@dataclass(frozen=True, eq=False)
class Reference:
    """An entry of a reference list, or of another list of works (a row of a table, an appendix)."""

    iri: str
    number: int | None
    passages: tuple[Passage, ...]
    title: str | None
    publication: str | None
    """IRI of the publication (or registration) that it names."""
    missing: bool
    """A number of the text without an entry."""
    listed: bool
    """It stands outside the reference list."""
    thing: Thing = field(repr=False)


@dataclass(eq=False)
class Table:
    """A table: ``cells[row][column]`` lists the passages of a cell; row 0 is the header."""

    iri: str
    label: str | None
    caption: Passage | None
    cells: dict[int, dict[int, list[Passage]]]

    def text(self, row: int, column: int) -> str:
        """Return all words of a cell."""
        return " ".join(p.text for p in self.cells.get(row, {}).get(column, ()))

    @cached_property
    def columns(self) -> list[int]:
        """Return the columns that have a cell; asked for again and again in long tables."""
        return sorted({c for row in self.cells.values() for c in row})


@dataclass(frozen=True)
class SourceText:
    """Words of a cited work that are known."""

    publication: str
    words: str
    basis: str
    """What was read, as recorded: ``abstract``, ``table 1 (matched cohorts)``, ``full text``."""
    address: str
    language: str
    paraphrase: bool = False
    """The words are not its own."""
    passage: str | None = None
    """IRI of the passage, where it is a document of the graph."""


class Document:
    """A document with its parts."""

    def __init__(self, thing: Thing, things: Things) -> None:
        self.thing = thing
        self.things = things
        self.iri = thing.iri
        self.key = thing.iri.rsplit("/", 1)[-1]
        self.kept: dict[object, Any] = {}

    def __repr__(self) -> str:
        return f"Document({self.key})"

    @property
    def language(self) -> str:
        return self.thing.value(DCTERMS.language) or "en"

    @property
    def issued(self) -> str | None:
        """Date of publication, as precise as known: ``2021-09``."""
        return self.thing.value(DCTERMS.issued)

    @property
    def title(self) -> str:
        return self.thing.value(DCTERMS.title) or self.key

    @property
    def loaded(self) -> bool:
        """Whether it came in as an export, not from ``data/``."""
        return bool(self.thing.values(PROV.wasDerivedFrom))

    @cached_property
    def passages(self) -> list[Passage]:
        """Return the passages in reading order."""
        found = [
            _passage(t, self.language) for t in self.things.pointing(OA.hasSource, self.iri) if t.is_a(MSE.Passage)
        ]
        return sorted(found, key=lambda p: (p.ordinal, p.iri))

    @cached_property
    def by_iri(self) -> dict[str, Passage]:
        return {p.iri: p for p in self.passages}

    @cached_property
    def tables(self) -> list[Table]:
        tables: dict[str, Table] = {}
        for passage in self.passages:
            if passage.table is None or passage.row is None or passage.column is None:
                continue
            if passage.table not in tables:
                thing = self.things.get(passage.table)
                caption = self.by_iri.get(thing.value(MSE.caption) or "")
                tables[passage.table] = Table(passage.table, thing.value(MSE.label), caption, {})
            tables[passage.table].cells.setdefault(passage.row, {}).setdefault(passage.column, []).append(passage)
        return list(tables.values())

    @cached_property
    def pointers(self) -> list[Pointer]:
        """Return the pointers, those of markers first in reading order, then those that cells inherit."""
        found = []
        for passage in self.passages:
            for thing in self.things.pointing(C4O.hasContext, passage.iri):
                inherited = thing.is_a(MSE.InheritedPointer)
                if inherited or thing.is_a(C4O.InTextReferencePointer):
                    found.append(_pointer(thing, passage, inherited))
        return sorted(found, key=lambda p: (p.inherited, p.passage.ordinal, p.start or 0, p.iri))

    @cached_property
    def pointers_of(self) -> dict[str, list[Pointer]]:
        """Return the pointers by IRI of the passage."""
        found: dict[str, list[Pointer]] = defaultdict(list)
        for pointer in self.pointers:
            found[pointer.passage.iri].append(pointer)
        return found

    @cached_property
    def references(self) -> dict[str, Reference]:
        """Return all entries by IRI: of the reference list, missing ones, and listed ones."""
        found = {}
        for term in (BIRO.BibliographicReference, MSE.MissingReference, MSE.ListedReference):
            for thing in self.of(term):
                if thing.iri not in found:
                    found[thing.iri] = self._reference(thing)
        return found

    def _reference(self, thing: Thing) -> Reference:
        passages = tuple(self.by_iri[p] for p in thing.values(MSE.statedIn) if p in self.by_iri)
        return Reference(
            thing.iri,
            thing.integer(MSE.number),
            tuple(sorted(passages, key=lambda p: p.ordinal)),
            thing.value(DCTERMS.title),
            thing.value(BIRO.references),
            thing.is_a(MSE.MissingReference),
            thing.is_a(MSE.ListedReference),
            thing,
        )

    def of(self, term: URIRef) -> list[Thing]:
        """Return the things of a class that belong to this document: claims, number mentions, searches, results …"""
        return [t for t in self.things.pointing(MSE.inDocument, self.iri) if t.is_a(term)]

    def stated(self, thing: Thing, path: URIRef = MSE.statedIn) -> list[Passage]:
        """Return the passages of this document that a thing rests on, in reading order."""
        found = [self.by_iri[p] for p in set(thing.values(path)) if p in self.by_iri]
        return sorted(found, key=lambda p: p.ordinal)

    def claims_of(self, passage: Passage) -> list[Thing]:
        """Return the claims made in a passage."""
        return [t for t in self.things.pointing(MSE.statedIn, passage.iri) if t.is_a(MSE.Claim)]

    def section_titles(self, passage: Passage) -> list[str]:
        """Return the titles of the sections that a passage stands in, the nearest first."""
        titles: list[str] = []
        section = self.things.get(passage.section) if passage.section else None
        while section is not None and len(titles) < 10:
            titles.append(section.value(DCTERMS.title) or "")
            section = section.one(DCTERMS.isPartOf)
        return titles

    def section_roles(self, passage: Passage) -> set[str]:
        """Return the roles (scheme section-role) of the sections of a passage, as stated, else by their headings."""
        roles: set[str] = set()
        section = self.things.get(passage.section) if passage.section else None
        for _ in range(10):
            if section is None:
                break
            told = role_of(section.value(DCTERMS.title) or "")
            roles.update(section.concepts(MSE.sectionRole) or ([told] if told else []))
            section = section.one(DCTERMS.isPartOf)
        return roles


class View:
    """Everything that the rules may look at."""

    def __init__(
        self,
        statements: Iterable[ox.Quad | ox.Triple | Statement],
        texts: Iterable[SourceText] = (),
        as_of: str | None = None,
    ) -> None:
        """``texts`` are words of cited works beside those in the graph; ``as_of`` is the date to measure against."""
        self.things = Things(statements)
        self.kept: dict[object, Any] = {}
        self.as_of = as_of
        self._texts = list(texts)

    def let_go(self) -> None:
        """Hold nothing any more."""
        for document in self.documents:
            document.kept.clear()
        self.kept.clear()
        self.things.let_go()

    @cached_property
    def documents(self) -> list[Document]:
        """Return the documents, by key."""
        return [Document(t, self.things) for t in self.things.of_class(MSE.Document)]

    def document(self, key: str) -> Document:
        """Return a document by its key. Raises KeyError where there is none."""
        return {d.key: d for d in self.documents}[key]

    def passages_in_order(self, iris: Iterable[str]) -> list[str]:
        """Return IRIs of passages in reading order, by document."""

        def place(iri: str) -> tuple[str, int, str]:
            thing = self.things.get(iri)
            return thing.value(OA.hasSource) or "", thing.integer(MSE.ordinal) or 0, iri

        return sorted(set(iris), key=place)

    @cached_property
    def texts(self) -> dict[str, list[SourceText]]:
        """Return what is known of the words of each publication, by IRI: quotes, abstracts, and full texts."""
        found: dict[str, list[SourceText]] = defaultdict(list)
        for quote in self.things.of_class(MSE.SourceQuote):
            words, paraphrase = quote.value(OA.exact), quote.value(MSE.paraphrase)
            for publication in quote.values(MSE.quotes):
                found[publication].append(
                    SourceText(
                        publication,
                        words or paraphrase or "",
                        quote.value(MSE.basis) or "",
                        quote.value(DCTERMS.source) or "",
                        quote.value(DCTERMS.language) or "en",
                        words is None,
                    )
                )
        for text in self._texts:
            found[text.publication].append(text)
        for document in self.documents:
            if document.loaded:
                found[document.iri] += [
                    SourceText(document.iri, p.text, "full text", document.iri, p.language, passage=p.iri)
                    for p in document.passages
                    if p.kind in ("sentence", "table-cell", "list-item")
                ]
        return found


def _passage(thing: Thing, language: str) -> Passage:
    return Passage(
        thing.iri,
        thing.value(MSE.text) or "",
        thing.concept(MSE.passageKind) or "",
        thing.value(DCTERMS.language) or language,
        thing.integer(MSE.ordinal) or 0,
        thing.value(MSE.inSection),
        thing.integer(MSE.paragraph),
        thing.value(MSE.page),
        thing.value(MSE.inTable),
        thing.integer(MSE.row),
        thing.integer(MSE.column),
        thing,
    )


def _pointer(thing: Thing, passage: Passage, inherited: bool) -> Pointer:
    return Pointer(
        thing.iri,
        passage,
        thing.integer(MSE.number),
        thing.value(C4O.denotes),
        inherited,
        thing.value(MSE.printed),
        thing.value(MSE.locator),
        thing.integer(OA.start),
        thing,
    )
