"""A document as a plain text to read: its sections, paragraphs and tables in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pyoxigraph as ox

from msevidence.server.labels import Labels, Text, query
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.resources import local_path
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

Row = Mapping[str, Term]
HEADER = "table-header"
"""The kind of passage that heads a column."""
UNKNOWN_LEVEL = 3
"""Level of a heading that no section claims."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage."""

    iri: str
    href: str
    key: str
    text: Text
    kind: str
    number: str
    """Of the reference that is printed in it, empty where it is none."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as rows of cells, each the passages that stand in it."""

    label: Value
    rows: Sequence[Sequence[Sequence[Passage]]]
    head: Sequence[Sequence[Text]] = ()
    """Of a stretch without a header row: the words of that of the stretch before it, a cell each."""

    @property
    def headed(self) -> bool:
        """Whether one of its own cells is a header; where none is, the first cell of a row says what the row is of."""
        return any(cell and cell[0].kind == HEADER for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list or other stretch of passages of one kind; or a table."""

    kind: str
    passages: Sequence[Passage] = ()
    table: Table | None = None
    level: int = 0
    """Level of a heading in the page: 2 to 6."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents."""

    text: Text
    level: int
    key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a document."""

    blocks: Sequence[Block] = ()
    headings: Sequence[Heading] = ()
    passages: int = 0


def read(lane: PageLane, labels: Labels, document: str) -> Reading:
    """Return the text of a document in reading order, nothing left out."""
    bound = {"resource": ox.NamedNode(document)}
    rows = [row for row in lane.select(query("document"), bound) if "passage" in row]
    levels = {
        name(row["heading"]): int(of(row, "level"))
        for row in lane.select(query("document_sections"), bound)
        if "heading" in row
    }
    reader = _Reader(lane, labels, levels)
    blocks = list(reader.blocks(_once(rows)))
    headings = [Heading(block.passages[0].text, block.level, block.passages[0].key) for block in blocks if block.level]
    return Reading(blocks, headings, len({name(r["passage"]) for r in rows}))


def _once(rows: Sequence[Row]) -> list[Row]:
    """Return the first row of each passage: one with two values of a property would stand twice."""
    return list({name(row["passage"]): row for row in reversed(rows)}.values())[::-1]


def _href(lane: PageLane, iri: str) -> str:
    return local_path(iri, lane.release) or ""


class _Reader:
    def __init__(self, lane: PageLane, labels: Labels, levels: Mapping[str, int]) -> None:
        self._lane, self._labels, self._levels = lane, labels, levels

    def blocks(self, rows: Sequence[Row]) -> Iterator[Block]:
        """Group passages that belong together: a table, a paragraph, a run of list items; headings stand alone."""
        heads: dict[str, Sequence[Sequence[Text]]] = {}
        for (kind, *place), together in groupby(rows, key=self._place):
            group = list(together)
            if kind == "table":
                yield Block(kind, table=self._table(str(place[0]), list(self._cells(group)), heads))
                continue
            passages = [self._passage(row) for row in group]
            if kind == "heading":
                for row, passage in zip(group, passages, strict=True):
                    yield Block(
                        kind, [passage], level=min(6, 1 + self._levels.get(name(row["passage"]), UNKNOWN_LEVEL))
                    )
            else:
                yield Block(kind, passages)

    def _place(self, row: Row) -> tuple[str, ...]:
        kind = of(row, "kind").rpartition("/")[2]
        if "table" in row and "row" in row:
            return "table", of(row, "table")
        if kind in ("heading", "sentence"):
            return kind, of(row, "section"), of(row, "paragraph")
        return kind, of(row, "section")

    def _table(
        self, iri: str, rows: Sequence[Sequence[Sequence[Passage]]], heads: dict[str, Sequence[Sequence[Text]]]
    ) -> Table:
        table = Table(link(self._lane, self._labels, iri), rows)
        if table.headed:
            head = next(row for row in rows if any(cell and cell[0].kind == HEADER for cell in row))
            heads[iri] = [[one.text for one in cell] for cell in head]
        elif rows and len(heads.get(iri, ())) == len(rows[0]):
            return replace(table, head=heads[iri])
        return table

    def _cells(self, rows: Sequence[Row]) -> Iterator[list[list[Passage]]]:
        width = 1 + max(int(of(row, "column") or 0) for row in rows)
        ordered = sorted(rows, key=lambda row: int(of(row, "row")))
        for _, in_row in groupby(ordered, key=lambda row: of(row, "row")):
            cells: list[list[Passage]] = [[] for _ in range(width)]
            for row in in_row:
                cells[int(of(row, "column") or 0)].append(self._passage(row))
            yield cells

    def _passage(self, row: Row) -> Passage:
        iri = name(row["passage"])
        kind = of(row, "kind").rpartition("/")[2]
        text = Text(of(row, "text"), of(row, "language"))
        key = iri.rpartition("/")[2]
        return Passage(iri, _href(self._lane, iri), key, text, kind, of(row, "number"))
