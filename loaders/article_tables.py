"""Tables of an article: rows of cells with tabs between, under or over a caption."""

import re
from dataclasses import dataclass
from itertools import pairwise

from msevidence.loaders.article_blocks import Block
from msevidence.loaders.article_builder import Builder
from msevidence.loaders.document import PassageKind, Place, Table
from msevidence.loaders.text import Span


@dataclass(frozen=True)
class Row:
    """A row as it stands in the source, and its cells."""

    start: int
    end: int
    cells: tuple[Span, ...]


def read_rows(source: str, block: Block) -> list[Row]:
    """Return the rows of a table block; a line without a tab goes on with the last cell of the row before it."""
    rows: list[tuple[int, int]] = []
    position = block.start
    for line in source[block.start : block.end].splitlines(keepends=True):
        end = position + len(line.rstrip("\n"))
        if "\t" in line or not rows:
            rows.append((position, end))
        else:
            rows[-1] = (rows[-1][0], end)
        position += len(line)
    return [Row(a, b, _cells(source, a, b)) for a, b in rows]


def _cells(source: str, start: int, end: int) -> tuple[Span, ...]:
    edges = [start - 1, *(start + m.start() for m in re.finditer("\t", source[start:end])), end]
    return tuple(Span(a + 1, b) for a, b in pairwise(edges))


def add_table(builder: Builder, label: str, caption: int | None, blocks: list[Block]) -> None:
    """Add a table whose rows stand in one or more blocks (one a page); a header repeated on a new page is furniture.

    Without rows it is a table that the text only names by its caption (an image).

    Raises SourceError for a label that stands twice, and for a row with more cells than the header.
    """
    text, document = builder.text, builder.document
    if any(t.label == label for t in document.tables):
        start = blocks[0].start if caption is None else document.passages[caption].spans[0].start
        raise text.error(f"{label} stands twice; give each table its own number", start)
    rows = [row for block in blocks for row in read_rows(text.source, block)]
    if not rows:
        document.tables.append(Table(label, caption, ()))
        return
    header = _texts(builder, rows[0])
    kept = [rows[0]]
    for row in rows[1:]:
        if _texts(builder, row) == header:
            builder.furniture.append(Span(row.start, row.end))
        else:
            kept.append(row)
    width = len(rows[0].cells)
    built: list[tuple[tuple[int, ...], ...]] = []
    for number, row in enumerate(kept):
        extra = [c for c in row.cells[width:] if text.source[c.start : c.end].strip()]
        if extra:
            message = f"this row of {label} has {len(row.cells)} cells, its header {width}; take out or add a tab"
            raise text.error(message, row.start)
        cells: list[tuple[int, ...]] = []
        for column in range(width):
            index = None
            if column < len(row.cells):
                kind = PassageKind.TABLE_CELL if number else PassageKind.TABLE_HEADER
                cell = row.cells[column]
                index = builder.add(kind, text.normal(cell.start, cell.end), place=Place(label, number, column))
            cells.append(() if index is None else (index,))
        built.append(tuple(cells))
    document.tables.append(Table(label, caption, tuple(built)))


def _texts(builder: Builder, row: Row) -> list[str]:
    return [builder.text.normal(c.start, c.end).text for c in row.cells]
