"""A registration: what its record says, as of when; the study that it denotes; where its number is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msevidence.server import i18n, identity_figure, sourced_facts
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Row, Table
from msevidence.server.labels import PREFIXES, Labels, Text, outside_link
from msevidence.server.pages_links import DCTERMS, MSE, Value, name, of
from msevidence.server.pages_view import View
from msevidence.server.record_cells import kind_of, record_value
from msevidence.server.registry_records import FIELDS, Record, Stated, records
from msevidence.server.sections.base import Sections
from msevidence.server.sourced_facts import Fact
from msevidence.server.store import PageLane
from msevidence.server.study_read import Reading, behind, grouped

ORDER = tuple(dict.fromkeys(("title", "acronym", "status", *FIELDS.values())))
"""Keys of a record in the order of the page; others follow by name."""
NAMES = {"status": MSE + "registeredStatus", "title": DCTERMS + "title"}
NOW = ("status", "startDate", "completionDate", "enrolment", "sponsor")
SCALAR = ("status", "startDate", "primaryCompletionDate", "completionDate", "enrolment", "sponsor", "phase")
HEADS = ("fact", "value", "printed", "source", "differs", "yes")
MENTIONS = ("printed", "document", "passage", "link", "leads")


@dataclass(frozen=True, slots=True)
class RegistrationSections(Sections):
    """A registration."""

    template: str = "registration.html"
    found: bool | None = None
    """Whether the record was found; None where nobody says."""
    notes: Sequence[Text] = ()
    registry: Sequence[Value] = ()
    outside: Sequence[Value] = ()
    studies: Sequence[Value] = ()
    title: Cell | None = None
    now: Sequence[tuple[str, Cell]] = ()
    """What the newest copy of the record says, of what a reader asks for first."""
    newest: str = ""
    """Date of the newest copy."""
    facts: Sequence[Fact] = ()
    empty: Sequence[str] = ()
    """Fields that were looked at and have no value."""
    versions: int = 0
    """How many states of the record are known: sources of different dates."""

    def table(self, key: str) -> Table:
        """Return a table of the page."""
        return next(table for table in self.tables if table.key == key)


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> RegistrationSections:
    """Return what the page of a registration shows."""
    reading = Reading(lane, labels, language, view.iri)
    record = records(reading.select("registration_record"), view.iri).get(view.iri, Record(view.iri))
    facts = _facts(reading, record)
    heads = {key: i18n.text(key if key == "yes" else f"head-{key}", language) for key in HEADS}
    title = i18n.text("record-says", language)
    decisions = grouped(reading.select("registration_decisions"), "decision")
    return RegistrationSections(
        tables=[
            sourced_facts.table("facts", title, facts, heads, behind("registration_record", view.iri)),
            identity_figure.decisions_table(reading, decisions.values(), behind("registration_decisions", view.iri)),
            _mentions(reading),
        ],
        found=record.found,
        notes=[value.text for value in view.values(MSE + "note")],
        registry=_values(view, MSE + "inRegistry"),
        outside=[value for value in _values(view, PREFIXES["rdfs"] + "seeAlso") if value.href],
        studies=_values(view, MSE + "denotesStudy"),
        title=_newest(reading, record, "title"),
        now=[(_label(reading, key).capitalize(), cell) for key in NOW if (cell := _newest(reading, record, key))],
        newest=max((value.date for value in record.values), default=""),
        facts=facts,
        empty=[value.text.text.replace("_", " ") for value in view.values(MSE + "emptyField")],
        versions=len({(value.source, value.date) for value in record.values if value.source}),
    )


def _values(view: View, property_iri: str) -> list[Value]:
    """Return values without the numbers of the graphs that state them, which stand below."""
    return [replace(value, graphs=()) for value in view.values(property_iri)]


def _newest(reading: Reading, record: Record, key: str) -> Cell | None:
    """Return what the newest copy of the record that has the field says in it."""
    values = record.of(key)
    newest = max((value.date for value in values), default="")
    return next((record_value(reading, record, value) for value in values if value.date == newest), None)


def _facts(reading: Reading, record: Record) -> list[Fact]:
    keys = sorted({v.key for v in record.values}, key=lambda key: (ORDER.index(key) if key in ORDER else 99, key))
    return [_fact(reading, record, key) for key in keys]


def _fact(reading: Reading, record: Record, key: str) -> Fact:
    fact = Fact(key, _label(reading, key), scalar=key in SCALAR)
    for value in record.of(key, earlier=True):
        shown, printed = record_value(reading, record, value), None
        if shown.iri or key == "phase":
            printed = Cell(value.text, "")
        if value.kind:
            printed = Cell(kind_of(value.kind, reading.language))
        if key == "enrolmentKind":
            shown = Cell(kind_of(value.text, reading.language))
        fact.add(shown, _source(reading, value), printed)
        if value.note:
            fact.values[-1].printed.append(Cell(value.note, "en"))
    return fact


def _label(reading: Reading, key: str) -> str:
    if key == "updated":
        return i18n.text("record-updated", reading.language)
    if key in NAMES or key in FIELDS.values():
        return reading.labels(NAMES.get(key, MSE + key)).text
    return key.replace("_", " ")  # a field of the catalogue, by its own name


def _source(reading: Reading, value: Stated) -> Cell:
    """Return where a value was read, as a link where that is an address, with the date as of which it holds."""
    address = next((word for word in value.source.split() if outside_link(word)), "")
    said = f"{value.date}: {value.source}" if value.date else value.source
    if value.earlier:
        said = f"{i18n.text('earlier-state', reading.language)}, {said}"
    if not said:
        return Cell(i18n.text("record-itself", reading.language), None, reading.cell(value.held).href, value.held)
    href = outside_link(address) if address else reading.cell(value.held).href
    return Cell(said, "", href, value.held, outside=bool(address))


def _mentions(reading: Reading) -> Table:
    language, names = reading.language, document_names(reading.lane)
    rows: list[Row] = []
    for row in reading.select("registration_mentions"):
        if "printed" not in row:
            continue
        shown: dict[str, Cell | list[Cell]] = {
            "printed": replace(reading.cell(name(row["mention"])), text=of(row, "printed"), language="")
        }
        if "document" in row:
            document = of(row, "document")
            shown["document"] = replace(reading.cell(document), text=names.get(document, document), language=None)
        elif "other" in row:
            shown["document"] = reading.cell(name(row["other"]))
        shown["passage"] = reading.cell(name(row["passage"])) if "passage" in row else []
        link = of(row, "link")
        no_link = Cell(i18n.text("no-link", language))
        shown["link"] = Cell(link, "", outside_link(link), outside=True) if link else no_link
        shown["leads"] = _leads(reading, of(row, "way"), link, of(row, "leads"), of(row, "linked"))
        rows.append(shown)
    iris = ("document", "passage", "leads")
    columns = [Column(key, i18n.text(f"mention-{key}", language), key in iris) for key in MENTIONS]
    query = behind("registration_mentions", reading.iri)
    return Table("mentions", i18n.text("printed-in", language), columns, rows, query=query)


def _leads(reading: Reading, way: str, link: str, leads: str, linked: str) -> Cell:
    """Return where the link beside a printed number leads."""
    if way == "given":
        return Cell(i18n.text("given-by-record", reading.language))
    if way == "linked":
        return Cell(i18n.text("leads-here", reading.language))
    if leads and leads != reading.iri:
        there = reading.cell(leads)
        return replace(there, text=i18n.text("leads-elsewhere", reading.language, number=there.text), language=None)
    if linked:
        return Cell(i18n.text("leads-to-it", reading.language))
    return Cell(i18n.text("no-number-in-link" if link else "not-linked", reading.language))
