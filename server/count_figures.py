"""The counts of everything as figures alone: what ``count.of_everything`` counts, without a list of what was counted.

A list of a hundred thousand studies, with the decisions on each, is nothing that a page could show. The figures follow
from sets of IRIs, which a few queries give; what each of them is, is told of one document, or of numbers (``count``).
A test holds that both ways count alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from msevidence.server.count_facts import Reader, Row, value

STEPS = ("printed", "numbers", "registrations", "studies", "references")
Links = Mapping[str, list[str]]


@dataclass(slots=True)
class Place:
    """What a document or a loaded source counts, or everything."""

    where: str = ""
    """IRI of the document or source; empty for everything."""
    title: str = ""
    printed: int = 0
    numbers: set[str] = field(default_factory=set)
    registrations: set[str] = field(default_factory=set)
    studies: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    publications: set[str] = field(default_factory=set)

    def add(self, other: Place) -> None:
        """Add what another place counts, each thing once."""
        self.printed += other.printed
        for name in _SETS:
            getattr(self, name).update(getattr(other, name))

    def counted(self) -> Mapping[str, int]:
        """Return how many there are of each."""
        return {"printed": self.printed, **{name: len(getattr(self, name)) for name in _SETS}}


_SETS = ("numbers", "registrations", "studies", "references", "listed", "parts", "publications")


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a document, a loaded source, or everything: five steps, and what stands beside them."""

    where: str
    title: str
    counted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Everything:
    """The counts of a release."""

    total: Figures
    documents: list[Figures]
    sources: list[Figures]


def of_everything(reader: Reader) -> Everything:
    """Count all documents and loaded sources, each for itself and together."""
    counter = _Counter(reader)
    total = Place()
    documents, sources = [], []
    for place in counter.documents():
        total.add(place)
        documents.append(Figures(place.where, place.title, place.counted()))
    for place in counter.sources():
        total.add(place)
        sources.append(Figures(place.where, place.title, place.counted()))
    apart = sum(int(value(row, "apart") or 0) for row in reader.rows("count_apart"))
    return Everything(Figures("", "", {**total.counted(), "kept_apart": apart}), documents, sources)


class _Counter:
    """Counts the places of a release; what leads from one thing to the next is read at once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._denoted = self._links("count_printed_denoted", "registration", "study")
        self._above = self._links("count_wholes", "part", "study")
        self._current = {
            one: min(records) for one, records in self._links("count_former", "registration", "current").items()
        }
        self._wholes: dict[str, list[str]] = {}

    def documents(self) -> Iterable[Place]:
        """Yield the documents, in the order of their IRIs."""
        mentions = self._by("document", "count_printed_in_documents")
        studies = self._by("document", "count_studies_of_documents")
        references = self._by("document", "count_references_of_documents")
        for row in self._reader.rows("count_documents"):
            place = Place(value(row, "document"), value(row, "title"))
            self._print(place, mentions.get(place.where, ()))
            for one in studies.get(place.where, ()):
                self._study(place, value(one, "study"), listed=value(one, "listed") == "true")
            self._refer(place, references.get(place.where, ()))
            yield place

    def sources(self) -> Iterable[Place]:
        """Yield the loaded sources, by their names."""
        printed = self._by("source", "count_printed_in_sources")
        publications = self._by("source", "count_source_publications")
        for row in self._reader.rows("count_sources"):
            place = Place(value(row, "source"), value(row, "label"))
            self._print(place, printed.get(place.where, ()))
            for one in publications.get(place.where, ()):
                self._study(place, value(one, "study"))
                _reference(place, value(one, "entry"), value(one, "target"))
            yield place

    def _print(self, place: Place, rows: Iterable[Row]) -> None:
        for row in rows:
            number = value(row, "registration")
            place.printed += int(value(row, "printed"))
            place.numbers.add(number)
            record = self._record(number)
            place.registrations.add(record)
            listed = value(row, "own") == "true"
            for study in self._denoted.get(record, ()):
                self._study(place, study, listed=listed)
            if record not in self._denoted:
                place.studies.add(record)  # a study of its own
                place.listed.update([record] if listed else [])

    def _refer(self, place: Place, rows: Iterable[Row]) -> None:
        there = sorted(rows, key=lambda row: (value(row, "entry"), value(row, "rule"), value(row, "study")))
        in_rows = {value(row, "entry") for row in there if value(row, "rule") == "in-its-row"}
        for row in there:
            if value(row, "rule") == "reports-on" and value(row, "entry") not in in_rows:
                self._study(place, value(row, "study"))
        for entry, of_entry in groupby(there, key=lambda row: value(row, "entry")):
            counted = (row for row in of_entry if place.studies.intersection(self._whole(value(row, "study"))))
            if (first := next(counted, None)) is not None:
                _reference(place, entry, value(first, "target"))

    def _study(self, place: Place, study: str, *, listed: bool = False) -> None:
        wholes = self._whole(study)
        place.studies.update(wholes)
        if listed:
            place.listed.update(wholes)
        if study not in wholes:
            place.parts.add(study)

    def _record(self, number: str) -> str:
        """Return the registration that has this number today, as ``Facts.record`` does."""
        seen: list[str] = []
        while number not in seen:
            seen.append(number)
            number = self._current.get(number, number)
        return number if seen[-1] == number else min(seen)

    def _whole(self, study: str) -> list[str]:
        """Return what a study is in the end a part of, as ``Facts.wholes`` does."""
        if study not in self._wholes:
            above, found, seen = [study], [], set()
            while above:
                one = above.pop()
                if one not in seen:
                    seen.add(one)
                    above += self._above.get(one, ())
                    if one not in self._above:
                        found.append(one)
            self._wholes[study] = found or [min(seen)]
        return self._wholes[study]

    def _links(self, name: str, from_name: str, to_name: str) -> Links:
        found: dict[str, list[str]] = {}
        for row in self._reader.rows(name):
            found.setdefault(value(row, from_name), []).append(value(row, to_name))
        return found

    def _by(self, key: str, name: str) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._reader.rows(name):
            found.setdefault(value(row, key), []).append(row)
        return found


def _reference(place: Place, entry: str, target: str) -> None:
    place.references.add(entry)
    if "/publication/" in target:
        place.publications.add(target)
