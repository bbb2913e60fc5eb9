"""What documents tell of a person, an organisation or a decision: things with their values, words and passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, cell
from msevidence.server.labels import PREFIXES, RDF_TYPE, Labels, query
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import MSE, link, name, of
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

CONTACT = PREFIXES["foaf"] + "mbox"
"""Addresses of people, which no page shows."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Where something is stated."""

    iri: str
    text: str
    language: str
    ordinal: int


@dataclass(slots=True)
class Told:
    """A thing with its values by property."""

    iri: str
    values: dict[str, list[Term]] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    by: set[str] = field(default_factory=set)
    """The properties by which it leads to what the page is about."""

    def texts(self, local: str) -> list[str]:
        """Return the values of a property of our ontology as text."""
        return [one.value for one in self.values.get(MSE + local, ()) if isinstance(one, ox.NamedNode | ox.Literal)]

    def first(self, local: str) -> str:
        """Return the first of them, empty where there is none."""
        return next(iter(self.texts(local)), "")

    def is_a(self, local: str) -> bool:
        """Say whether it is of a class of our ontology."""
        return any(one.value == MSE + local for one in self.values.get(RDF_TYPE, ()) if isinstance(one, ox.NamedNode))

    @property
    def order(self) -> tuple[str, int, str]:
        """By document, in the order of the text."""
        return (self.first("inDocument"), min((p.ordinal for p in self.passages), default=0), self.iri)

    def language_of(self, words: str) -> str:
        """Return the language of the passage that has these words, of all passages where they are one, else empty."""
        squashed = _squash(words)
        found = {p.language for p in self.passages if squashed in _squash(p.text)}
        found = found or {p.language for p in self.passages}
        return found.pop() if len(found) == 1 else ""

    def place_of(self, words: str) -> str:
        """Return the passage that has these words, or the first."""
        squashed = _squash(words)
        ordered = sorted(self.passages, key=lambda p: p.ordinal)
        return next((p.iri for p in ordered if squashed in _squash(p.text)), ordered[0].iri if ordered else "")


def told(lane: PageLane, name_of_query: str, variable: str, iri: str) -> list[Told]:
    """Return what a query says of a thing, by document in the order of the text."""
    found: dict[str, Told] = {}
    for row in KeptReader(lane).select(query(name_of_query), {variable: ox.NamedNode(iri)}):
        if "thing" not in row:
            continue
        thing = found.setdefault(name(row["thing"]), Told(name(row["thing"])))
        if "by" in row:
            thing.by.add(name(row["by"]))
        property_iri, value = name(row["property"]), row["value"]
        values = thing.values.setdefault(property_iri, [])
        if property_iri != CONTACT and value not in values:
            values.append(value)
            if property_iri == MSE + "statedIn":
                ordinal = of(row, "ordinal")
                thing.passages.append(
                    Passage(
                        name(value), of(row, "text"), of(row, "language"), int(ordinal) if ordinal.isdecimal() else 0
                    )
                )
    return sorted(found.values(), key=lambda one: one.order)


def parts(rows: Sequence[Mapping[str, Term]]) -> dict[str, dict[str, list[str]]]:
    """Return rows of thing, part and value as values by thing and part."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        if "thing" in row and "value" in row:
            values = found.setdefault(name(row["thing"]), {}).setdefault(of(row, "part"), [])
            if name(row["value"]) not in values:
                values.append(name(row["value"]))
    return found


class Cells:
    """Makes cells and columns of such things in the reader's language."""

    def __init__(self, lane: PageLane, labels: Labels, language: str, prefix: str, headings: Sequence[str]) -> None:
        self.lane, self.labels, self.language = lane, labels, language
        self._prefix, self._headings = prefix, headings

    def column(self, key: str, heading: str, iris: bool = False) -> Column:
        """Return a column with one of the headings."""
        assert heading in self._headings
        return Column(key, i18n.text(f"{self._prefix}-{heading}", self.language), iris)

    def link(self, iri: str) -> Cell:
        """Return a thing as a link by its name."""
        return cell(link(self.lane, self.labels, iri))

    def links(self, iris: Sequence[str]) -> list[Cell]:
        """Return things as links."""
        return [self.link(iri) for iri in iris]

    def documents(self, thing: Told) -> list[Cell]:
        """Return the document that tells it, by its short name."""
        short = document_names(self.lane)
        return [self.named(iri, short.get(iri) or self.labels(iri).text) for iri in thing.texts("inDocument")]

    def named(self, iri: str, text: str) -> Cell:
        """Return a link with words of the interface instead of its name."""
        there = self.link(iri)
        return Cell(text, None, there.href, iri, outside=there.outside)

    def quoted(self, thing: Told, local: str = "quotedText") -> list[Cell]:
        """Return words of the document in their language, each a link to where they stand."""
        found = []
        for words in thing.texts(local):
            place = thing.place_of(words)
            href = self.link(place).href if place else None
            found.append(Cell(words, thing.language_of(words), href, place))
        return found

    def dates(self, thing: Told) -> list[Cell]:
        """Return the date as normalised."""
        return [Cell(text) for text in thing.texts("date")]

    def printed_dates(self, thing: Told) -> list[Cell]:
        """Return the date as printed, in the document's language."""
        return [Cell(text, thing.language_of(text)) for text in thing.texts("printedDate")]


def _squash(text: str) -> str:
    return "".join(text.split()).casefold()
