"""A document's tables of studies, composed from what the graph states: names, numbers, works, claims and their values.

No text of a cell is read: of the passages of rows only where they stand (:data:`PLACES`). Headings, captions and
footnotes are of the table itself, and read as printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.loaders.text import squash
from msevidence.server.exports import report_tables_claims as claims
from msevidence.server.exports import report_tables_documents as documents
from msevidence.server.exports import report_tables_works as works
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.report_tables_cells import Line, Spot, cell_of, numbers, text
from msevidence.server.exports.report_tables_model import Cell, Note, Piece, ReportTable, ReportTables, Row
from msevidence.server.exports.scope import Scope
from msevidence.server.page_reader import Row as Answer
from msevidence.server.page_reader import rows_of

PLACES = "export_report_places"
GRAVE = ("error", "warning")
"""Severities of the findings that are told under a table."""


def read(handover: Handover) -> Sequence[ReportTables]:
    """Return the tables of studies of the documents of an export.

    Raises:
        ExportError: none of the documents has one.
    """
    found: dict[str, list[Answer]] = defaultdict(list)
    wanted = _documents(handover.scope)
    for row in rows_of(handover.lane, "export_report_tables", wanted):
        if text(row, "study") in handover.scope.studies:
            found[text(row, "item")].append(row)
    if not found:
        raise documents.refusal(handover, wanted)
    known = documents.known(handover)
    return [_document(handover, document, rows, known) for document, rows in sorted(found.items())]


def _documents(scope: Scope) -> list[str]:
    """Return the documents of a scope: those that were chosen by name where there are such, and not what they bring.

    A document brings the studies that it tells of, and these all documents that tell of them.
    """
    named = [iri for iri in scope.documents if iri.rpartition("/")[2] in scope.named]
    return named or list(scope.documents)


def _document(
    handover: Handover, document: str, rows: Sequence[Answer], known: Sequence[documents.KnownDocument]
) -> ReportTables:
    language = next((text(row, "documentLanguage") for row in rows if text(row, "documentLanguage")), "und")
    title = next((text(row, "title") for row in rows if text(row, "title")), handover.labels(document).text)
    tables = {text(row, "table"): row for row in rows}
    ordered = sorted(tables, key=lambda iri: int(iri.rpartition(".")[2]))
    reader = _Reader(handover, language, ordered)
    made = [reader.table(iri, tables[iri]) for iri in ordered]
    shown = [words for table in made for note in table.notes for words in (note.key, note.text)]
    return ReportTables(document, Piece(title), language, made, documents.named(known, shown))


@dataclass(slots=True)
class _Description:
    """A row as the graph has it."""

    iri: str
    number: int
    name: str
    type: str
    lines: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    """Column → what stands in it."""


class _Reader:
    """What the graph has of all tables of a document, asked once."""

    def __init__(self, handover: Handover, language: str, tables: Sequence[str]) -> None:
        self._handover, self._language, self._tables = handover, language, tables
        self._of = {name: self._by_table(f"export_report_{name}") for name in (*_OF_TABLES,)}
        self._spots: dict[str, Spot] = {}
        self._row_of: dict[str, str] = {}
        """Passage → description, where the passage is one that the description names."""
        for row in (r for rows in self._of["places"].values() for r in rows):
            own = text(row, "language")
            spot = Spot(
                text(row, "item"),
                int(text(row, "row")),
                int(text(row, "column")),
                int(text(row, "ordinal")),
                int(text(row, "paragraph") or 0),
                "" if own == language else own,
            )
            self._spots[text(row, "passage")] = spot
            if "description" in row:
                self._row_of[text(row, "passage")] = text(row, "description")
        self._places = self._values()
        self._entries = self._works()

    def _by_table(self, name: str) -> Mapping[str, list[Answer]]:
        found: dict[str, list[Answer]] = defaultdict(list)
        for row in rows_of(self._handover.lane, name, list(self._tables)):
            found[text(row, "item")].append(row)
        return found

    def _ask(self, name: str, items: Sequence[str]) -> Iterator[Answer]:
        return rows_of(self._handover.lane, name, items) if items else iter(())

    def _values(self) -> Mapping[str, Sequence[claims.Place]]:
        stated = sorted({text(row, "claim") for rows in self._of["claims"].values() for row in rows})
        found: dict[str, dict[tuple[int, int], claims.Place]] = defaultdict(dict)
        for row in self._ask("export_report_values", stated):
            start, end = int(text(row, "start")), int(text(row, "end"))
            place = found[text(row, "item")].setdefault((start, end), claims.Place(start, end))
            value = place.values.setdefault((text(row, "of"), text(row, "property")), claims.Value())
            value.language = "" if text(row, "language") == self._language else text(row, "language")
            if "value" in row:
                value.now.add(text(row, "value"))
        return {claim: list(places.values()) for claim, places in found.items()}

    def _works(self) -> Mapping[str, Sequence[works.Entry]]:
        described = sorted({text(row, "description") for rows in self._of["rows"].values() for row in rows})
        of: dict[str, dict[str, works.Entry]] = defaultdict(dict)
        for row in self._ask("export_report_entries", described):
            entry = of[text(row, "item")].setdefault(text(row, "entry"), works.Entry(text(row, "entry")))
            entry.printed.setdefault(text(row, "property"), []).append(text(row, "value"))
        every = {iri: entry for entries in of.values() for iri, entry in entries.items()}
        for row in self._ask("export_report_authors", sorted(every)):
            every[text(row, "item")].authors.append(text(row, "name"))
        for row in self._ask("export_report_works", sorted(every)):
            every[text(row, "item")].record.setdefault(text(row, "property"), []).append(text(row, "value"))
        return {description: list(entries.values()) for description, entries in of.items()}

    def table(self, iri: str, said: Answer) -> ReportTable:
        """Return a table."""
        studies = self._handover.scope.studies
        listed = [row for row in self._of["rows"].get(iri, []) if text(row, "study") in studies]
        described = {text(row, "description"): _row(row) for row in reversed(listed)}
        by_number = {d.number: d for d in described.values()}
        self._names(iri, by_number)
        self._claims(iri, by_number)
        for description in described.values():
            self._listed(iri, description)
            self._type(iri, description)
        headings = self._headings(iri, described.values())
        rows = [
            Row(d.number, d.iri, [cell_of(d.lines.get(column, ())) for column in range(len(headings))])
            for d in sorted(described.values(), key=lambda d: d.number)
        ]
        label, caption = text(said, "label"), text(said, "caption")
        own = text(said, "language")
        return ReportTable(
            iri,
            (Piece(caption or label, "" if own == self._language else own),),
            headings,
            rows,
            [
                (text(row, "mark"), (Piece(text(row, "text"), _other(text(row, "language"), self._language)),))
                for row in self._of["notes"].get(iri, [])
            ],
            self._notes(iri),
            [n for n in range(len(headings)) if not any(row.cells[n] for row in rows)],
            [n for n in (int(text(row, "row")) for row in self._of["untold"].get(iri, [])) if n in by_number],
        )

    def _headings(self, iri: str, described: object) -> Sequence[Cell]:
        """Return the headings, a paragraph for each printed line."""
        found: dict[int, list[Piece]] = defaultdict(list)
        for row in self._of["columns"].get(iri, []):
            language = _other(text(row, "language"), self._language)
            printed = [squash(line) for line in text(row, "printed").splitlines() if line.strip()]
            # A word that is parted at the end of a line is whole in the text alone.
            lines = printed if " ".join(printed) == text(row, "text") else [text(row, "text")]
            found[int(text(row, "column"))] += [Piece(line, language) for line in lines]
        widest = max((spot.column for spot in self._spots.values() if spot.table == iri), default=0)
        return [tuple((piece,) for piece in found.get(n, ())) for n in range(max([widest, *found]) + 1)]

    def _names(self, iri: str, by_number: Mapping[int, _Description]) -> None:
        """Put names and numbers of studies, and the lines of their parts, into the cells."""
        for passage, description in self._row_of.items():
            spot = self._spots[passage]
            found = by_number.get(spot.row) if spot.table == iri and spot.column == 0 else None
            if found is not None and found.iri == description and not found.lines[0]:
                found.lines[0].append(Line((spot.ordinal, -1), (Piece(found.name),)))
        in_passage: dict[str, list[Answer]] = defaultdict(list)
        for row in self._of["numbers"].get(iri, []):
            in_passage[text(row, "passage")].append(row)
        for passage, rows in in_passage.items():
            spot = self._spots[passage]
            if (described := by_number.get(spot.row)) is not None:
                described.lines[spot.column] += numbers(rows, spot)

    def _claims(self, iri: str, by_number: Mapping[int, _Description]) -> None:
        for row in self._of["claims"].get(iri, []):
            spot = self._spots.get(text(row, "passage"))
            if spot is None or spot.row not in by_number:
                continue
            places = self._places.get(text(row, "claim"), ())
            # The words around a quotation are the document's; a claim without one may be in another language.
            quoted = any(value.language for place in places for value in place.values.values())
            language = "" if quoted else spot.language
            told = tuple(claims.pieces(text(row, "text"), places, language, self._language))
            paragraph = spot.paragraph or -spot.ordinal
            by_number[spot.row].lines[spot.column].append(
                Line((spot.ordinal, int(text(row, "start"))), told, text(row, "before"), text(row, "after"), paragraph)
            )

    def _listed(self, iri: str, description: _Description) -> None:
        for entry in self._entries.get(description.iri, ()):
            stands = sorted(
                (self._spots[p] for p in entry.printed.get(works.STATED_IN, ()) if p in self._spots),
                key=lambda spot: spot.ordinal,
            )
            if stands:
                entry.language = stands[0].language
                for n, paragraph in enumerate(works.paragraphs(entry)):
                    description.lines[stands[0].column].append(Line((stands[0].ordinal, n), paragraph))

    def _type(self, iri: str, description: _Description) -> None:
        """Put the kind of disease into the column of which the description, and nothing else, is stated."""
        spots = [self._spots[p] for p, d in self._row_of.items() if d == description.iri]
        free = [s for s in spots if s.table == iri and s.row == description.number and not description.lines[s.column]]
        if description.type and free:
            last = max(free, key=lambda spot: spot.column)
            piece = Piece(description.type, last.language)
            description.lines[last.column].append(Line((last.ordinal, 0), (piece,)))

    def _notes(self, iri: str) -> Sequence[Note]:
        rows: dict[str, set[int]] = defaultdict(set)
        said: dict[str, Answer] = {}
        for row in self._of["findings"].get(iri, []):
            rows[text(row, "finding")].add(int(text(row, "row")))
            said[text(row, "finding")] = row
        found = [
            Note(
                finding,
                tuple(sorted(rows[finding])),
                text(row, "severity").rpartition("/")[2],
                text(row, self._handover.language),
            )
            for finding, row in said.items()
        ]
        return sorted((n for n in found if n.severity in GRAVE), key=lambda n: (n.rows, n.severity, n.iri))


_OF_TABLES = ("columns", "rows", "places", "numbers", "claims", "notes", "findings", "untold")


def _row(row: Answer) -> _Description:
    return _Description(text(row, "description"), int(text(row, "row")), text(row, "name"), text(row, "type"))


def _other(language: str, document: str) -> str:
    return "" if language == document else language
