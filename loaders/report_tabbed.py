"""Tables of a report whose cells stand in one line with tabs between, as some programs extract them."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from msevidence.loaders.document import PassageKind, Place, StudyRow, Table
from msevidence.loaders.markers import ROUND, SQUARE
from msevidence.loaders.report_builder import Builder, spans_of
from msevidence.loaders.report_headings import Block
from msevidence.loaders.report_pages import Line
from msevidence.loaders.text import Span
from msevidence.ontology.identifiers import find_numbers

FEWEST_ROWS = 2
Cells = list[list[Span]]


def tabbed_lines(blocks: Sequence[Block], again: Callable[[str], bool]) -> int:
    """Return how many lines of ``blocks`` are rows with tabs, lines that go on with a row, and repeated captions."""
    lines = [line for block in blocks for line in block.lines]
    last = rows = 0
    for n, line in enumerate(lines):
        if "\t" in line.text:
            rows += 1
            last = n + 1
        elif (n and (line.gap or line.first) and not again(line.text)) or not rows:
            break
    return last if rows >= FEWEST_ROWS else 0


def add_tabbed(
    builder: Builder, label: str, caption: int | None, lines: Sequence[Line], again: Callable[[str], bool]
) -> None:
    """Add the table of ``lines``; a header that a new page repeats is furniture.

    A row with a registry number lists a study, named in its first cell.

    Raises SourceError for a row with more cells than the header.
    """
    document = builder.document
    rows: list[Cells] = []
    for line in lines:
        if again(line.text):
            builder.furniture(line.start, line.end)
        elif "\t" in line.text:
            rows.append(_cells(builder.raw, line))
        else:
            rows[-1][-1] += spans_of([line])
    header = _texts(builder, rows[0])
    built: list[tuple[tuple[int, ...], ...]] = []
    for row in rows:
        texts = _texts(builder, row)
        if built and texts == header:
            builder.furniture(min(s.start for c in row for s in c), max(s.end for c in row for s in c))
            continue
        if len(row) > len(header):
            message = f"this row of {label} has {len(row)} cells, its header {len(header)}; take out or add a tab"
            raise builder.error(message, row[0][0].start if row[0] else row[1][0].start)
        number = len(built)
        kind = PassageKind.TABLE_CELL if number else PassageKind.TABLE_HEADER
        cells = [
            builder.line(kind, spans, place=Place(label, number, column)) if spans else None
            for column, spans in enumerate(row)
        ]
        built.append(tuple(() if c is None else (c,) for c in cells) + ((),) * (len(header) - len(row)))
        numbered = tuple(c for c, t in zip(cells, texts, strict=True) if c is not None and find_numbers(t))
        if number and numbered and cells[0] is not None:
            found = find_numbers(texts[0])
            name = SQUARE.sub("", ROUND.sub("", texts[0][: found[0].begin] if found else texts[0]))
            name = re.sub(r"[\s(,;:.]+$", "", name)
            if name:
                document.study_rows.append(StudyRow(label, number, name, cells[0], number_cells=numbered))
    document.tables.append(Table(label, caption, tuple(built)))


def _cells(raw: str, line: Line) -> Cells:
    edges = [line.start - 1, *(line.start + m.start() for m in re.finditer("\t", line.text)), line.end]
    cells: Cells = []
    for a, b in pairwise(edges):
        text = raw[a + 1 : b]
        lead = len(text) - len(text.lstrip())
        cells.append([Span(a + 1 + lead, a + 1 + len(text.rstrip()))] if text.strip() else [])
    return cells


def _texts(builder: Builder, row: Cells) -> list[str]:
    return [builder.content(spans).text if spans else "" for spans in row]
