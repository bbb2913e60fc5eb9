"""What the graph says of works for a reference manager, gathered by five queries for any number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import name, of
from msevidence.server.store import PageLane

Values = dict[str, list[str]]
"""Property → values."""


@dataclass(slots=True)
class OfStudy:
    """What is said of a study that a work is of."""

    names: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    statuses: list[tuple[str, str, str]] = field(default_factory=list)
    """Concept, document and date."""


@dataclass(slots=True)
class Found:
    """What the queries bring of one work."""

    said: Values = field(default_factory=dict)
    entries: dict[str, Values] = field(default_factory=dict)
    authors: dict[str, list[str]] = field(default_factory=dict)
    """Entry, or nothing for the work itself, → names in order."""
    sourced: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Field → values with the date of their page."""
    studies: dict[str, OfStudy] = field(default_factory=dict)

    def first(self, *properties: str) -> str:
        """Return the first value of the first of these properties that the work or an entry has."""
        for values in (self.said, *self.entries.values()):
            for one in properties:
                if values.get(one):
                    return values[one][0]
        return ""

    def given(self, *fields: str) -> str:
        """Return the first value of the first of these fields that a page gives."""
        return next((self.sourced[one][0][0] for one in fields if one in self.sourced), "")


def read(lane: PageLane, works: Sequence[str]) -> Mapping[str, Found]:
    """Return what is said of publications and registry records, by IRI."""
    found = {iri: Found() for iri in works}
    for row in rows_of(lane, "bib_works", works):
        found[name(row["item"])].said.setdefault(name(row["property"]), []).append(of(row, "value"))
    for row in rows_of(lane, "bib_entries", works):
        entry = found[name(row["item"])].entries.setdefault(name(row["entry"]), {})
        entry.setdefault(name(row["property"]), []).append(of(row, "value"))
    places: dict[tuple[str, str, int], str] = {}
    for row in rows_of(lane, "bib_authors", works):
        place = (name(row["item"]), of(row, "entry"), int(of(row, "position")))
        # Two records of a work may spell a name differently: the fuller one is taken.
        places[place] = max(places.get(place, ""), of(row, "name"), key=len)
    for (iri, entry_iri, _), author in sorted(places.items()):
        found[iri].authors.setdefault(entry_iri, []).append(author)
    for row in rows_of(lane, "bib_sourced", works):
        value = (of(row, "value"), of(row, "date"))
        found[name(row["item"])].sourced.setdefault(of(row, "field"), []).append(value)
    for row in rows_of(lane, "bib_studies", works):
        study = found[name(row["item"])].studies.setdefault(name(row["study"]), OfStudy())
        for variable, into in (("name", study.names), ("number", study.numbers)):
            if variable in row and of(row, variable) not in into:
                into.append(of(row, variable))
        if "status" in row:
            study.statuses.append((name(row["status"]), of(row, "document"), of(row, "date")))
    return found
