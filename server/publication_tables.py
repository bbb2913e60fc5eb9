"""The tables of a publication's page: entries, claims, studies, verdicts, quotations, and values as recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.binding import with_values
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Row, Table, cell
from msevidence.server.labels import Labels, outside_link, query
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import link, name, of
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

COLUMNS: Mapping[str, Sequence[str]] = {
    "printed": ("document", "number", "entry", "because"),
    "citing": ("claim", "document", "number", "how"),
    "studies": ("study", "registrations", "because", "where"),
    "verdicts": ("verdict", "document_says", "publication_says", "read", "address", "claim"),
    "quotations": ("quotation", "quoted_in", "part", "address"),
    "values": ("field", "value", "date", "address", "note"),
}
"""Table → columns; the heading of each is ``pub-<column>``, the title of the table ``pub-<table>``."""
_NO_THINGS = frozenset(("number", "because", "where", "address", "part", "date", "note", "value"))
_QUERIES = {"printed": "entries", "citing": "claims", "quotations": "quotes"}
Solution = Mapping[str, Term]


class Tables:
    """Makes the tables of one publication."""

    def __init__(self, lane: PageLane, labels: Labels, language: str, iri: str) -> None:
        self._lane, self._labels, self._language, self._iri = lane, labels, language, iri
        self._names = document_names(lane)
        self._cited_in: dict[str, None] = {}

    def all(self) -> list[Table]:
        """Return the tables, in the order of the page."""
        rows = {
            "studies": self._studies(),
            "printed": self._printed(),
            "citing": self._citing(),
            "verdicts": self._verdicts(),
            "quotations": self._quotations(),
            "values": self._values(),
        }
        return [self._table(key, found) for key, found in rows.items()]

    def documents(self) -> list[Cell]:
        """Return the documents that cite it, once the tables are made."""
        return [self._document(iri) for iri in self._cited_in]

    def _table(self, key: str, rows: Sequence[Row]) -> Table:
        columns = [
            Column(column, i18n.text(f"pub-{column.replace('_', '-')}", self._language), column not in _NO_THINGS)
            for column in COLUMNS[key]
        ]
        text = query(f"publication_{_QUERIES.get(key, key)}")
        behind = with_values(text, {"resource": ox.NamedNode(self._iri)})
        return Table(key, i18n.text(f"pub-{key}", self._language), columns, rows, query=behind)

    def _rows(self, key: str, variable: str) -> list[Solution]:
        text = query(f"publication_{_QUERIES.get(key, key)}")
        rows = KeptReader(self._lane).select(text, {"resource": ox.NamedNode(self._iri)})
        return [row for row in rows if variable in row]

    def _thing(self, iri: str) -> Cell:
        return cell(link(self._lane, self._labels, iri))

    def _document(self, iri: str) -> Cell:
        there = self._thing(iri)
        return Cell(self._names.get(iri, there.text), None, there.href, iri, outside=there.outside)

    def _in_document(self, row: Solution) -> list[Cell]:
        return [self._document(of(row, "document"))] if "document" in row else []

    def _named(self, row: Solution, variable: str) -> list[Cell]:
        return [self._thing(name(row[variable]))] if variable in row else []

    def _linked(self, row: Solution, variable: str, text: str, language: str) -> Cell:
        """Return words that lead to a thing."""
        there = self._thing(name(row[variable]))
        return Cell(text, language, there.href, there.iri, outside=there.outside)

    def _printed(self) -> list[Row]:
        found: dict[str, dict[str, list[Cell]]] = {}
        for row in self._rows("printed", "entry"):
            if "document" in row:
                self._cited_in[of(row, "document")] = None
            printed = of(row, "printed")
            shown = (
                self._linked(row, "entry", printed, of(row, "language")) if printed else self._thing(name(row["entry"]))
            )
            found.setdefault(
                name(row["entry"]),
                {
                    "document": self._in_document(row),
                    "number": _words(row, "number", None),
                    "entry": [shown],
                    "because": _words(row, "because", ""),
                },
            )
        return list(found.values())

    def _citing(self) -> list[Row]:
        found: dict[str, dict[str, list[Cell]]] = {}
        for row in self._rows("citing", "claim"):
            shown = found.setdefault(
                name(row["claim"]),
                {
                    "claim": [self._linked(row, "claim", of(row, "text"), of(row, "language"))],
                    "document": self._in_document(row),
                    "number": [],
                    "how": [],
                },
            )
            _add(shown["number"], _words(row, "number", None))
            _add(shown["how"], self._named(row, "how"))
        general = "http://purl.org/spar/cito/cites"
        for shown in found.values():  # that it cites is said by how it does
            shown["how"] = [one for one in shown["how"] if one.iri != general] or shown["how"]
        return list(found.values())

    def _studies(self) -> list[Row]:
        found: dict[str, dict[str, list[Cell]]] = {}
        for row in self._rows("studies", "study"):
            shown = found.setdefault(
                name(row["study"]),
                {"study": [self._thing(name(row["study"]))], "registrations": [], "because": [], "where": []},
            )
            if "registration" in row:
                there = self._thing(name(row["registration"]))
                status = self._labels(name(row["status"])).text if "status" in row else ""
                text = f"{there.text} ({status})" if status else there.text
                _add(shown["registrations"], [Cell(text, None, there.href, there.iri, outside=there.outside)])
            _add(shown["because"], _words(row, "because", ""))
            _add(shown["where"], _words(row, "where", ""))
        return list(found.values())

    def _verdicts(self) -> list[Row]:
        found: dict[str, dict[str, list[Cell]]] = {}
        for row in self._rows("verdicts", "verdict"):
            shown = found.setdefault(
                name(row["verdict"]),
                {
                    "verdict": [self._linked(row, "verdict", self._labels(name(row["kind"])).text, "")],
                    "document_says": self._said(row),
                    "publication_says": _words(row, "sourceWords", of(row, "sourceLanguage")),
                    "read": self._named(row, "basis"),
                    "address": _address(row),
                    "claim": [],
                },
            )
            if "claim" in row:  # its words stand in the row already, or nearly
                text = i18n.text("pub-the-claim", self._language)
                _add(shown["claim"], [replace(self._linked(row, "claim", text, ""), language=None)])
        return list(found.values())

    def _said(self, row: Solution) -> list[Cell]:
        """Return the words of a document, which lead to where they stand, and the document."""
        words = [self._linked(row, "passage", of(row, "words"), of(row, "language"))] if "passage" in row else []
        return [*(words or _words(row, "words", "")), *self._in_document(row)]

    def _quotations(self) -> list[Row]:
        rows: list[Row] = []
        for row in self._rows("quotations", "quote"):
            paraphrase = of(row, "paraphrase") == "paraphrase"
            text = (
                i18n.text("pub-in-other-words", self._language, text=of(row, "text")) if paraphrase else of(row, "text")
            )
            reader = [] if "document" in row else [Cell(i18n.text("pub-for-review", self._language))]
            rows.append(
                {
                    "quotation": [self._linked(row, "quote", text, of(row, "language"))],
                    "quoted_in": [*self._in_document(row), *reader],
                    "part": [*_words(row, "part", ""), *_words(row, "pages", "")],
                    "address": _address(row),
                }
            )
        return rows

    def _values(self) -> list[Row]:
        rows: list[Row] = []
        for row in self._rows("values", "held"):
            record = i18n.text("pub-record", self._language)
            value = of(row, "value") or of(row, "version")
            rows.append(
                {
                    "field": [self._linked(row, "held", of(row, "field").replace("_", " ") or record, "")],
                    "value": [Cell(value, "", outside_link(value), outside=True)]
                    if outside_link(value)
                    else [Cell(value, "")],
                    "date": _words(row, "date", None),
                    "address": [*_address(row), *_words(row, "place", "")],
                    "note": _words(row, "note", ""),
                }
            )
        return rows


def _words(row: Solution, variable: str, language: str | None) -> list[Cell]:
    term = row.get(variable)
    if isinstance(term, ox.Literal) and term.language:
        language = term.language
    return [Cell(of(row, variable), language)] if variable in row else []


def _address(row: Solution) -> list[Cell]:
    """Return where something was read, as a link where it is an address."""
    text = of(row, "address")
    link = outside_link(text)
    return [Cell(text, "", link, outside=link is not None)] if text else []


def _add(there: list[Cell], more: Sequence[Cell]) -> None:
    there.extend(one for one in more if one not in there)
