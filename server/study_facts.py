"""The key facts of a study: what documents report of it beside what its registry records say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, cell, words
from msevidence.server.labels import Text
from msevidence.server.pages_links import DCTERMS, MSE, name
from msevidence.server.pages_view import View
from msevidence.server.record_cells import kind_of, record_source, record_value
from msevidence.server.registry_records import Record
from msevidence.server.sourced_facts import Fact
from msevidence.server.study_read import Reading, Thing
from msevidence.server.study_waiting import Expected
from msevidence.server.wire import Term

REPORTED = {
    "status-reported": ("statusAsReported", "printedStatus"),
    "design": ("studyDesign", ""),
    "transplantation": ("transplantation", ""),
    "ms-type": ("msType", "printedMsType"),
    "population": ("population", ""),
    "comparator": ("comparator", ""),
    "participants": ("participants", "printedParticipants"),
    "planned-participants": ("plannedParticipants", "printedParticipants"),
    "follow-up": ("printedFollowUp", ""),
    "start": ("started", "printedStart"),
    "end": ("ended", "printedEnd"),
    "phase": ("phase", ""),
    "led-by": ("ledBy", ""),
    "places": ("place", ""),
}
"""Fact → property of a description, and of its printed form."""
REGISTERED = {
    "status": "status-registered",
    "enrolment": "enrolment",
    "startDate": "start",
    "primaryCompletionDate": "primary-completion",
    "completionDate": "end",
    "phase": "phase",
    "sponsor": "sponsor",
    "collaborator": "sponsor",
    "country": "countries",
    "registeredOn": "registered-on",
    "registeredDesign": "registered-design",
    "interventionName": "interventions",
    "primaryOutcome": "primary-outcome",
    "hasResults": "registered-results",
}
"""Key of a record → fact."""
REGISTERED_BY = ("first_posted", "date_of_registration")
"""Fields that tell when a study was registered, which a registry may hold both of, with different days."""
FACTS = (
    *("status-reported", "status-registered", "design", "registered-design", "transplantation", "ms-type"),
    *("population", "comparator", "interventions", "participants", "planned-participants", "enrolment", "follow-up"),
    *("start", "expected-end", "end", "primary-completion", "phase", "led-by", "sponsor", "places", "countries"),
    *("registered-on", "primary-outcome", "registered-results"),
)
"""In the order of the page; their names are texts of the interface, ``fact-<key>``."""
SCALAR = ("start", "end", "phase", "participants", "planned-participants", "expected-end")
COMPARED = {"start": "start", "end": "expected-end", "status": "status-reported", "follow-up": "follow-up"} | {
    name: name for name in ("participants", "comparator", "population")
}
"""Field of a disagreement, in English → fact."""


def facts(reading: Reading, view: View, records: Iterable[Record], expected: Iterable[Expected]) -> list[Fact]:
    """Return what is known of a study, in the order of the page; a fact that nobody states is left out."""
    found = {key: Fact(key, i18n.text(f"fact-{key}", reading.language), scalar=key in SCALAR) for key in FACTS}
    for thing in reading.of_kind("StudyDescription"):
        _reported(reading, found, thing)
    _catalogue(found, view, reading.language)
    for one in expected:
        if one.event == "study-end":
            for printed in one.printed or [Text("")]:
                found["expected-end"].add(Cell(one.date), one.source, words(printed), one.places)
    for record in records:
        if record.study == reading.iri:
            _registered(reading, found, record)
    _disagree(reading, found)
    return [found[key] for key in FACTS if found[key].values]


def _reported(reading: Reading, found: Mapping[str, Fact], thing: Thing) -> None:
    language, stated = reading.document_language(thing), reading.stated(thing)
    where = _row(reading, thing)
    as_of = thing.first("asOf")
    for key, (property_name, printed_name) in REPORTED.items():
        printed = thing.words(printed_name, language) if printed_name else Text("")
        for term in thing.values.get(property_name, ()):
            needle = printed.text or (term.value if isinstance(term, ox.Literal) else "")
            place = next((p for p in stated if needle and needle in reading.passages[p].text), "")
            more = ", ".join(filter(None, (where, as_of if key == "status-reported" else "")))
            source = reading.document(thing, place, more)
            places = [place] if place else stated
            found[key].add(_value(reading, term, language), source, words(printed), places)


def _row(reading: Reading, thing: Thing) -> str:
    table = thing.first("inTable")
    return reading.labels(table).text if table else ""


def _catalogue(found: Mapping[str, Fact], view: View, language: str) -> None:
    """Add the designs that only the catalogue of studies states, which names its own source."""
    source = "; ".join(value.text.text for value in view.values(DCTERMS + "source"))
    said = i18n.text("catalogue", language)
    for value in view.values(MSE + "studyDesign"):
        if all(there.cell.iri != value.iri for there in found["design"].values):
            found["design"].add(cell(value), Cell(f"{said}: {source}" if source else said))


def _registered(reading: Reading, found: Mapping[str, Fact], record: Record) -> None:
    kinds = {v.held: v.text.casefold() for v in record.of("enrolmentKind")}
    only = next(iter(kinds.values()), "") if len(set(kinds.values())) == 1 else ""
    for value in record.now(*REGISTERED):
        key = REGISTERED[value.key]
        if key == "end" and not (record.ended() or value.kind == "actual"):
            continue  # an expectation, which study_waiting tells
        shown = record_value(reading, record, value)
        printed = Cell(value.text, "") if value.key in ("status", "phase") else None
        if value.key == "enrolment" and (value.kind or only):
            shown = Cell(f"{shown.text} ({kind_of(value.kind or only, reading.language)})")
        source = record_source(reading, value)
        if key == "registered-on" and value.catalogued in REGISTERED_BY:
            source = replace(
                source, text=f"{source.text}: {i18n.text(f'registered-by-{value.catalogued}', reading.language)}"
            )
        found[key].add(shown, source, printed)


def _value(reading: Reading, term: Term, language: str) -> Cell:
    if isinstance(term, ox.NamedNode):
        return reading.cell(name(term))
    if isinstance(term, ox.Literal):
        if term.value.isdigit() and term.datatype.value.endswith(("integer", "decimal")):
            return Cell(term.value, number=int(term.value))
        dated = term.datatype.value.endswith(("gYear", "gYearMonth", "date"))
        return Cell(term.value, None if dated else term.language or language)
    return Cell("")


def _disagree(reading: Reading, found: Mapping[str, Fact]) -> None:
    for thing in reading.of_kind("Disagreement"):
        said = [v for v in thing.values.get("differsIn", ()) if isinstance(v, ox.Literal)]
        fields = {v.value for v in said if v.language == "en"}
        for field_name in fields & COMPARED.keys():
            kind = thing.first("disagreementKind")
            label = reading.labels(kind).text if kind else i18n.text("differs", reading.language)
            found[COMPARED[field_name]].disagreements.append(Cell(label, None, reading.cell(thing.iri).href, thing.iri))
