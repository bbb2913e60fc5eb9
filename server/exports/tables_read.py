"""The tables of an export, read from the graph: each thing's properties, what queries put together, and the links.

Keys are closed: what refers to a study, a record or a claim that is not in this part of a release has an empty cell, a
link to it is left out, and both are counted. Documents, arms and concepts that are referred to are added instead: a
claim without its document is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import pyoxigraph as ox

from msevidence.ontology.naming import expand
from msevidence.server.bibliography_read import records
from msevidence.server.binding import with_any
from msevidence.server.exports import tables_of_links as links
from msevidence.server.exports import tables_of_things as things
from msevidence.server.exports.handover import ExportError, Handover
from msevidence.server.exports.rights import Rights, rights
from msevidence.server.exports.tables_model import (
    LABEL,
    LANGUAGE,
    VARIES,
    Cells,
    Column,
    Filled,
    Table,
    Tables,
    settled,
)
from msevidence.server.labels import query
from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import of
from msevidence.server.store import PageLane
from msevidence.server.wire import Term
from msevidence.server.words import Words

ORDER = (
    *(things.STUDIES, things.REGISTRATIONS, things.PUBLICATIONS, things.CLAIMS, things.RESULTS, things.FINDINGS),
    *(things.DESCRIPTIONS, things.EXPECTATIONS, things.VERDICTS, things.RECORD_VALUES, things.IDENTITY_DECISIONS),
    *(links.STUDY_REGISTRATIONS, links.PUBLICATION_STUDIES, links.CLAIM_STUDIES, links.CLAIM_PUBLICATIONS),
    *(links.CLAIM_POINTERS, links.FINDING_THINGS, links.FINDING_PASSAGES),
    *(things.REFERENCES, things.ARMS, things.DOCUMENTS, things.CONCEPTS),
)
"""All tables, those last that others add rows to."""
_LINKED = {
    **{t.name: "studies" for t in (links.STUDY_REGISTRATIONS,)},
    **{t.name: "publications" for t in (links.PUBLICATION_STUDIES,)},
    **{t.name: "claims" for t in (links.CLAIM_STUDIES, links.CLAIM_PUBLICATIONS, links.CLAIM_POINTERS)},
    **{t.name: "findings" for t in (links.FINDING_THINGS, links.FINDING_PASSAGES)},
}
"""Table of links → kind of thing that its links go from."""

Values = dict[str, dict[str, list[Term]]]
"""Thing → column or property → values, each once, in the order of the query."""


def read(handover: Handover) -> Tables:
    """Return the tables of an export, rows sorted by key.

    Raises:
        ExportError: a cell has several values, and all that could stand between them stands in one of them.
    """
    return _Reader(handover).read()


class _Reader:
    def __init__(self, handover: Handover) -> None:
        self._handover, self._lane, self._labels = handover, handover.lane, handover.labels
        self._rights: Rights = rights(handover.lane, handover.labels)
        self._filled: dict[str, Filled] = {}
        self._languages: dict[str, dict[str, set[str]]] = {}
        self._outside = self._withheld = 0

    def read(self) -> Tables:
        items = self._items()
        for table in ORDER:
            wanted = set(items.get(table.name, ()))
            if table.closing:
                wanted |= self._referred(table.name)
            self._languages[table.name] = {}
            self._filled[table.name] = Filled(table, self._rows(table, sorted(wanted)))
        keys = {name: filled.keys for name, filled in self._filled.items() if not filled.table.links}
        for filled in self._filled.values():
            self._close(filled, keys)
        for name, filled in self._filled.items():
            self._label(filled)
            try:
                filled.table = settled(filled.table, filled.rows, self._languages[name], self._handover.language)
            except ValueError as error:
                raise ExportError(
                    Words(
                        f"table {name}, {error}; export RDF instead, such as turtle",
                        f"tabell {name}, {error}; eksporter RDF i stedet, for eksempel turtle",
                    )
                ) from error
        return Tables(list(self._filled.values()), self._outside, self._withheld)

    def _items(self) -> Mapping[str, set[str]]:
        """Return the things that rows are of, by table; of a table of links, what the links go from."""
        scope = self._handover.scope
        found = {kind: set(getattr(scope, kind)) for kind in _SCOPED}
        for row in rows_of(self._lane, "export_table_around", scope.things):
            if isinstance(row["thing"], ox.NamedNode):
                found.setdefault(of(row, "table"), set()).add(of(row, "thing"))
        if scope.whole:
            found["references"] = found.get("references", set()) | found.get("references_of_documents", set())
        return found | {table: set(found[kind]) for table, kind in _LINKED.items()}

    def _referred(self, name: str) -> set[str]:
        """Return what the tables read so far refer to of a table."""
        found: set[str] = set()
        for filled in self._filled.values():
            for column in filled.table.columns:
                if column.references == name:
                    found.update(value for row in filled.rows for value in row.get(column.name, ()))
        return found

    def _rows(self, table: Table, items: Sequence[str]) -> list[Cells]:
        if table.links:
            return self._link_rows(table, items)
        said = _said(self._lane, items, [expand(column.property) for column in table.columns if column.property])
        made = _made(self._lane, table.query, items) if table.query else {}
        if table is things.PUBLICATIONS:
            made = self._bibliographic(items)
        rows = []
        for item in items:
            row: Cells = {table.key[0]: (item,)}
            # Quotations last: whether they may be handed over depends on the document.
            for column in sorted(table.columns, key=lambda column: column.quoted):
                values = said if column.property else made
                found = values.get(item, {}).get(expand(column.property) if column.property else column.name, [])
                self._cell(table, row, column, found, made.get(item, {}))
            rows.append(row)
        return rows

    def _cell(
        self,
        table: Table,
        row: Cells,
        column: Column,
        found: Sequence[Term],
        made: Mapping[str, Sequence[Term]],
    ) -> None:
        taken = sorted({(_tag(term), _cell_text(column, term)) for term in found if column.only in ("", _tag(term))})
        if column.kind in ("integer", "decimal"):
            taken.sort(key=lambda pair: Decimal(pair[1]))
        if column.quoted:
            document = next(iter(row.get("document", ())), None)
            allowed = [pair for pair in taken if self._rights.allow(pair[1], document)]
            self._withheld += len(taken) - len(allowed)
            taken = allowed
        if not taken:
            return
        row[column.name] = tuple(text for _, text in taken)
        if column.language:
            tags = tuple(tag for tag, _ in taken)
            if column.language == VARIES and not any(tags):
                tags = tuple(sorted({_text(term) for term in made.get(column.name + LANGUAGE, ())}))
            row[column.name + LANGUAGE] = tags
            self._languages[table.name].setdefault(column.name, set()).update(tags)

    def _link_rows(self, table: Table, items: Sequence[str]) -> list[Cells]:
        one, other = table.key
        found: dict[tuple[str, str], dict[str, list[Term]]] = {}
        for row in rows_of(self._lane, table.query, items):
            if not isinstance(row["other"], ox.NamedNode):
                continue
            columns = found.setdefault((of(row, "item"), of(row, "other")), {})
            if "column" in row and "value" in row:
                columns.setdefault(of(row, "column"), []).append(row["value"])
        rows = []
        for (start, end), columns in sorted(found.items()):
            link: Cells = {one: (start,), other: (end,)}
            for column in table.columns:
                if column.name not in table.key:
                    self._cell(table, link, column, columns.get(column.name, ()), columns)
            rows.append(link)
        return rows

    def _bibliographic(self, items: Sequence[str]) -> Values:
        """Return what is read of publications together: names of authors, volume, issue and pages."""
        made: Values = {}
        for record in records(self._lane, self._labels, self._handover.language, items):
            cells = {"volume": record.volume, "issue": record.issue, "pages": record.pages}
            made[record.iri] = {name: [ox.Literal(text)] for name, text in cells.items() if text}
            # In their order, which a cell sorted by its values would lose.
            authors = "; ".join(name.inverted for name in record.authors)
            if authors:
                made[record.iri] |= {
                    "authors": [ox.Literal(authors)],
                    "more_authors": [ox.Literal(record.more_authors)],
                }
        return made

    def _close(self, filled: Filled, keys: Mapping[str, set[str]]) -> None:
        """Empty the cells that refer to what is not here, and leave out the links to it."""
        kept = []
        for row in filled.rows:
            whole = True
            for column in filled.table.columns:
                there = row.get(column.name, ())
                if not column.references or not there:
                    continue
                inside = tuple(value for value in there if value in keys[column.references])
                self._outside += len(there) - len(inside)
                row[column.name] = inside
                whole = whole and bool(inside or not column.required)
            if whole:
                kept.append(row)
        filled.rows = kept

    def _label(self, filled: Filled) -> None:
        """Add what the things that a row refers to are called."""
        for column in filled.table.columns:
            if not column.labelled:
                continue
            for row in filled.rows:
                labels = [self._labels(value) for value in row.get(column.name, ())]
                if labels:
                    row[column.name + LABEL] = tuple(label.text for label in labels)
                    row[column.name + LABEL + LANGUAGE] = tuple(label.language for label in labels)
                    found = self._languages[filled.table.name].setdefault(column.name + LABEL, set())
                    found.update(label.language for label in labels)


_SCOPED = ("documents", "studies", "registrations", "publications", "claims", "results", "findings")


def _said(lane: PageLane, items: Sequence[str], properties: Iterable[str]) -> Values:
    found: Values = {}
    text = with_any(query("export_table_said"), "property", sorted(set(properties)))
    for start in range(0, len(items), _MOST):
        for row in lane.select(with_any(text, "item", items[start : start + _MOST])):
            found.setdefault(of(row, "item"), {}).setdefault(of(row, "property"), []).append(row["value"])
    return found


_MOST = 200
"""Things that one query asks for."""


def _made(lane: PageLane, name: str, items: Sequence[str]) -> Values:
    found: Values = {}
    for row in rows_of(lane, name, items):
        found.setdefault(of(row, "item"), {}).setdefault(of(row, "column"), []).append(row["value"])
    return found


def _text(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _cell_text(column: Column, term: Term) -> str:
    """Return a value as a cell has it: a boolean in words, which Virtuoso gives as 0 or 1."""
    text = _text(term)
    return _IN_WORDS.get(text, text) if column.kind == "boolean" else text


_IN_WORDS = {"0": "false", "1": "true"}


def _tag(term: Term) -> str:
    return (term.language or "") if isinstance(term, ox.Literal) else ""
