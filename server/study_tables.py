"""The tables of a study's page: its arms, results, registrations and publications, and the interests that touch it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Row, Table
from msevidence.server.labels import outside_link
from msevidence.server.pages_links import name, of
from msevidence.server.record_cells import record_value
from msevidence.server.registry_records import Record
from msevidence.server.study_read import Reading, Thing, behind
from msevidence.server.wire import Term

ARMS = {
    "label": "rdfs:label",
    "role": "armRole",
    "treatment": "treatment",
    "participants": "printedSize",
    "follow-up": "printedFollowUp",
    "words": "quotedText",
    "note": "note",
}
"""Column → property. The headings are texts of the interface, ``study-column-<key>``."""
RESULTS = {
    "outcome": "outcome",
    "measure": "measure",
    "value": "printedValue",
    "direction": "direction",
    "arm": "ofArm",
    "compared": "comparedWith",
    "time": "timePoint",
    "population": "population",
    "words": "quotedText",
    "note": "note",
}
INTERESTS = {"person": "person", "kind": "interestKind", "organisation": "organisation", "words": "quotedText"}
DATES = {"start": "startDate", "completion": "completionDate", "enrolment": "enrolment", "title": "title"}
REGISTRATION_COLUMNS = ("registration", "registry", "of", "found", "status", *DATES, "outside")
PUBLICATION_COLUMNS = ("publication", "citation", "kind", "cited")
COLUMNS = frozenset((*ARMS, *RESULTS, *INTERESTS, *REGISTRATION_COLUMNS, *PUBLICATION_COLUMNS, "source", "flags"))
IRIS = ("outcome", "direction", "arm", "compared", "role", "person", "kind", "organisation", "source", "registration")
LINKED = (*IRIS, "registry", "of", "status", "publication", "cited", "flags", "label", "study")


def arms(reading: Reading) -> Table:
    """Return the arms, with who describes them."""
    rows = [_row(reading, thing, ARMS, first="label") for thing in reading.of_kind("Arm")]
    return _table(reading, "arms", [*ARMS, "source"], rows, "study_things")


def results(reading: Reading) -> Table:
    """Return the results as printed, those of one outcome together, with the findings that rest on their passages."""
    flags: dict[str, dict[tuple[str, ...], Cell]] = {}
    for row in reading.select("study_flags"):
        if "finding" in row:
            kind, finding = reading.labels(name(row["kind"])), reading.cell(name(row["finding"]))
            severity = of(row, "severity").rpartition("/")[2]
            said = f"{i18n.text(f'severity-{severity}', reading.language)}: {kind.text}"
            if "decided" in row:
                said += f" ({i18n.text('set-aside', reading.language)})"
            told = replace(finding, text=said, language=kind.language)
            flags.setdefault(name(row["result"]), {}).setdefault((said, of(row, "en")), told)  # of twins the first
    rows = []
    for thing in reading.of_kind("Result"):
        shown = _row(reading, thing, RESULTS)
        rows.append({**shown, "flags": list(flags.get(thing.iri, {}).values())})
    rows.sort(key=lambda row: _first(row, "outcome").casefold())
    return _table(reading, "results", [*RESULTS, "source", "flags"], rows, "study_things")


def interests(reading: Reading) -> Table:
    """Return the declared interests that concern the study."""
    rows = [_row(reading, thing, INTERESTS, first="person") for thing in reading.of_kind("InterestDeclaration")]
    return _table(reading, "interests", [*INTERESTS, "source"], rows, "study_things")


def registrations(reading: Reading, records: Iterable[Record]) -> Table:
    """Return the registrations of the study and of its parts, each with what its record says now."""
    rows: list[Row] = []
    for record in records:
        shown: dict[str, Cell | Sequence[Cell]] = {"registration": reading.cell(record.iri)}
        registry = record.about.first("inRegistry")
        shown["registry"] = reading.cell(registry) if registry else []
        shown["of"] = reading.cell(record.study) if record.study else []
        found = {True: "yes", False: "no", None: "not-said"}[record.found]
        shown["found"] = Cell(i18n.text(found, reading.language))
        shown["status"] = _once(record_value(reading, record, value) for value in record.now("status"))
        for key, field in DATES.items():
            shown[key] = _once(record_value(reading, record, value) for value in record.now(field))
        address = record.about.first("rdfs:seeAlso")
        href = outside_link(address) if address else None
        said = i18n.text("at-the-registry", reading.language)
        shown["outside"] = Cell(said, None, href, address, outside=True) if href else []
        rows.append(shown)
    return _table(reading, "registered", REGISTRATION_COLUMNS, rows, "study_records")


def publications(reading: Reading) -> Table:
    """Return the publications that report on the study, and which documents cite each under which number."""
    by: dict[str, list[Mapping[str, Term]]] = {}
    for row in reading.select("study_publications"):
        if "publication" in row:
            by.setdefault(name(row["publication"]), []).append(row)
    return _table(
        reading,
        "reports",
        PUBLICATION_COLUMNS,
        [_publication(reading, iri, rows) for iri, rows in by.items()],
        "study_publications",
    )


def _publication(reading: Reading, iri: str, rows: Sequence[Mapping[str, Term]]) -> Row:
    first = rows[0]
    doi = of(first, "doi")
    line = ". ".join(filter(None, (of(first, "container"), of(first, "year"), f"doi:{doi}" if doi else "")))
    title = first.get("title")
    language = title.language or "" if isinstance(title, ox.Literal) else ""
    citation = [Cell(of(first, "title"), language)] if title else []
    if line:
        citation.append(Cell(line, "", outside_link(f"https://doi.org/{doi}") if doi else None, outside=bool(doi)))
    kinds = list(dict.fromkeys(name(row["kind"]) for row in rows if "kind" in row))
    cited: dict[str, Cell] = {}
    for row in rows:
        if "entry" in row:
            document, number = of(row, "document"), of(row, "number")
            said = document_names(reading.lane).get(document, document.rpartition("/")[2])
            text = i18n.text("cited-as", reading.language, document=said, number=number) if number else said
            cited[name(row["entry"])] = replace(reading.cell(name(row["entry"])), text=text, language=None)
    return {
        "publication": reading.cell(iri),
        "citation": citation,
        "kind": [reading.cell(kind) for kind in kinds],
        "cited": list(cited.values()),
    }


def _row(reading: Reading, thing: Thing, columns: Mapping[str, str], first: str = "") -> dict[str, Cell | list[Cell]]:
    language = reading.document_language(thing)
    row: dict[str, Cell | list[Cell]] = {}
    for key, property_name in columns.items():
        shown = [_cell(reading, value, language) for value in thing.values.get(property_name, ())]
        row[key] = sorted(shown, key=lambda one: one.text)
    if first and not row.get(first):
        row[first] = reading.cell(thing.iri)
    passages = reading.stated(thing)
    row["source"] = _numbered([reading.document(thing, passage) for passage in passages] or [reading.document(thing)])
    return row


def _numbered(cells: list[Cell]) -> list[Cell]:
    """Return links with one name as the first of them and, after it, those of the others, told apart by numbers."""
    seen: dict[str, int] = {}
    found = []
    for one in cells:
        seen[one.text] = seen.get(one.text, 0) + 1
        found.append(one if seen[one.text] == 1 else replace(one, text=f"{one.text} ({seen[one.text]})"))
    return found


def _cell(reading: Reading, value: Term, language: str) -> Cell:
    if isinstance(value, ox.NamedNode):
        return reading.cell(value.value)
    return Cell(value.value, value.language or language) if isinstance(value, ox.Literal) else Cell("")


def _once(cells: Iterable[Cell]) -> list[Cell]:
    return list({one.iri or one.text: one for one in cells}.values())


def _first(row: Row, key: str) -> str:
    there = row.get(key, ())
    one = there if isinstance(there, Cell) else next(iter(there), Cell(""))
    return one.text


def _table(reading: Reading, key: str, columns: Sequence[str], rows: Sequence[Row], query: str) -> Table:
    language = reading.language
    shown = [
        Column(name.replace("-", "_"), i18n.text(f"study-column-{name}", language), name in LINKED) for name in columns
    ]
    renamed = [{name.replace("-", "_"): value for name, value in row.items()} for row in rows]
    return Table(key, i18n.text(f"table-{key}", language), shown, renamed, query=behind(query, reading.iri))
