"""What a claim rests on: pointer, reference, publication, study, registration; and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Column, Row, Table, cell
from msevidence.server.labels import Labels, Text, query
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.store import PageLane

COLUMNS = (
    ("reference", "reference", True),
    ("pointer", "pointer", True),
    ("how", "claim-column-how", False),
    ("entry", "claim-column-entry", True),
    ("publication", "publication", True),
    ("study", "study", True),
    ("registration", "registration", True),
    ("registry", "claim-column-registry", True),
    ("status", "claim-column-status", True),
)
"""Of the table: name, text of the heading, whether the files have IRIs."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A record of a study in a registry."""

    value: Value
    registry: Value | None
    status: dict[str, Value] = field(default_factory=dict)
    """As registered; empty where no record of it was read."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study that a publication reports."""

    value: Value
    registrations: dict[str, Registration] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication that a reference leads to."""

    value: Value
    studies: dict[str, Study] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Support:
    """One pointer of a claim, and what it leads to."""

    pointer: Value
    number: str
    printed: str
    head: Value | None
    """For an inherited pointer, the cell at the head of the column that prints it."""
    inherited: bool
    missing: bool
    """Whether the document prints no entry for the number."""
    reference: Value
    entries: dict[str, tuple[Value, Text]] = field(default_factory=dict)
    """The printed entry: where it stands, and its words."""
    publications: dict[str, Publication] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return "cites-" + self.reference.iri.rpartition("/")[2]


def support(lane: PageLane, labels: Labels, claim: str) -> list[Support]:
    """Return what a claim rests on, a pointer after the other."""
    found: dict[str, Support] = {}

    def named(iri: str) -> Value:
        return link(lane, labels, iri)

    for row in KeptReader(lane).select(query("claim_support"), {"resource": ox.NamedNode(claim)}):
        if "pointer" not in row:
            continue
        pointer = name(row["pointer"])
        if pointer not in found:
            found[pointer] = Support(
                named(pointer),
                of(row, "number"),
                of(row, "printed"),
                named(name(row["head"])) if "head" in row else None,
                "inherited" in row,
                of(row, "missing") == "true",
                named(name(row["reference"])),
            )
        step = found[pointer]
        if "entryText" in row:
            entry = name(row["entry"])
            step.entries.setdefault(entry, (named(entry), Text(of(row, "entryText"), of(row, "entryLanguage"))))
        if "publication" not in row:
            continue
        publication = step.publications.setdefault(of(row, "publication"), Publication(named(of(row, "publication"))))
        if "study" not in row:
            continue
        study = publication.studies.setdefault(of(row, "study"), Study(named(of(row, "study"))))
        if "registration" in row:
            registry = named(name(row["registry"])) if "registry" in row else None
            record = Registration(named(of(row, "registration")), registry)
            record = study.registrations.setdefault(record.value.iri, record)
            if "status" in row:
                record.status.setdefault(of(row, "status"), named(of(row, "status")))
    return list(found.values())


def table(steps: Sequence[Support], language: str) -> Table:
    """Return the chain as a table, a row for each registration, or as far as the chain goes."""
    columns = tuple(Column(key, i18n.text(heading, language), iris) for key, heading, iris in COLUMNS)
    rows = [row for step in steps for row in _rows(step, language)]
    return Table("support", i18n.text("claim-table-support", language), columns, rows)


def _rows(step: Support, language: str) -> list[Row]:
    how = "claim-how-inherited" if step.inherited else "claim-how-missing" if step.missing else "claim-how-own"
    first: dict[str, Cell | Sequence[Cell]] = {
        "reference": Cell(step.number or step.reference.text.text, iri=step.reference.iri),
        "pointer": cell(step.pointer),
        "how": Cell(i18n.text(how, language)),
        "entry": [Cell(text.text, text.language, iri=value.iri) for value, text in step.entries.values()],
    }
    rows: list[Row] = []
    for publication in step.publications.values():
        so_far = {**first, "publication": cell(publication.value)}
        for study in publication.studies.values():
            with_study = {**so_far, "study": cell(study.value)}
            for record in study.registrations.values():
                registry = cell(record.registry) if record.registry else ()
                status = [cell(value) for value in record.status.values()]
                told = {"registration": cell(record.value), "registry": registry, "status": status}
                rows.append({**with_study, **told})
            if not study.registrations:
                rows.append(with_study)
        if not publication.studies:
            rows.append(so_far)
    return rows or [first]
