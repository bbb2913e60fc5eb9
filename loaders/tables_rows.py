"""A table of a report, given by its cells: its passages, and what its rows are, as the headings of its columns tell."""

import re
from collections.abc import Sequence

from msevidence.loaders.document import Criterion, PassageKind, Place, StudyRow, Table
from msevidence.loaders.labels import one_of
from msevidence.loaders.markers import ROUND, SQUARE
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.report_breaks import ADDRESS
from msevidence.loaders.report_builder import spans_of
from msevidence.loaders.report_cells import Cell, only_numbers, paragraphs
from msevidence.loaders.tables_builder import TablesBuilder
from msevidence.loaders.tables_entries import read_listed
from msevidence.loaders.tables_flow import read_flow
from msevidence.loaders.tables_headers import Column, Sort, columns_of, sort_of
from msevidence.loaders.tables_search import read_searches
from msevidence.loaders.tables_words import Grid, Words, joined
from msevidence.ontology.identifiers import find_numbers

SUM = re.compile(r"^(?:total\w*|sum|i alt|til sammen|samlet|alle|all|overall)\b", re.IGNORECASE)


def add_table(
    builder: TablesBuilder, label: Words | None, caption: Words | None, rows: Sequence[Sequence[Words]]
) -> None:
    """Add a table whose first row is its header.

    Raises SourceError for a row with more cells than the header, a date that does not exist, or a bad number of hits.
    """
    for number, row in enumerate(rows[1:], 1):
        if any(not w.blank for w in row[len(rows[0]) :]):
            more = next(w for w in row[len(rows[0]) :] if not w.blank)
            message = f"row {number} has more cells than the header ({len(rows[0])}); add a heading, or take out a cell"
            raise builder.wrong(message, more)
    name = label.flat if label and not label.blank else ""
    whole = joined(label, caption)
    if not name and caption is not None:
        name = label_of(caption.flat, builder.metadata) or ""
    name = unique_label(builder, name)
    index = None if whole is None else builder.one(PassageKind.TABLE_CAPTION, whole)
    grid = Grid(name, [list(row) for row in rows], [])
    columns = columns_of([w.flat for w in rows[0]])
    numbered = any(find_numbers(w.flat) for row in rows[1:] for w in row)
    sort = sort_of(columns, caption.flat if caption else "", [row[0].flat for row in rows[1:] if row], numbered)
    table = len(builder.document.tables)
    builder.document.tables.append(Table(name, index, ()))
    header: list[tuple[int, ...]] = [
        () if w.blank else (builder.one(PassageKind.TABLE_HEADER, w, grid.place(0, n)),) for n, w in enumerate(rows[0])
    ]
    grid.passages.append(header)
    if sort is Sort.SEARCHES:
        read_searches(builder, grid, columns)
    elif sort is Sort.FLOW:
        read_flow(builder, grid, columns)
    else:
        for number in range(1, len(rows)):
            _row(builder, grid, number, columns, sort)
    cells = tuple(tuple(row[n] if n < len(row) else () for n in range(len(rows[0]))) for row in grid.passages)
    builder.document.tables[table] = Table(name, index, cells)


def label_of(caption: str, metadata: Metadata | None) -> str | None:
    """Return the label that a caption begins with, ``Table 3``; ``None`` where it has none.

    >>> label_of("Tabell 3 Studier", None), label_of("Studies", None)
    ('Tabell 3', None)
    """
    own = metadata.layout.table_label if metadata else None
    found = re.match(rf"{one_of('table', [own] if own else [])}\s+[A-Z]?\d+(?:\.\d+)?(?![\w-])", caption)
    return found.group() if found else None


def unique_label(builder: TablesBuilder, name: str) -> str:
    """Return a table's label, its number in brackets where none is printed, numbered where another table has it."""
    name = name or f"[{len(builder.document.tables) + 1}]"
    taken = {t.label.casefold() for t in builder.document.tables}
    count, label = 1, name
    while label.casefold() in taken:
        count += 1
        label = f"{name} ({count})"
    return label


def add_cell(builder: TablesBuilder, words: Words, place: Place) -> tuple[int, ...]:
    """Add a cell: an address, a sentence or a short text each as a passage; returns them."""
    found: list[int] = []
    for lines in paragraphs(builder.take(words)):
        if ADDRESS.match(" ".join(line.text for line in lines)):
            found.append(builder.line(PassageKind.LINK, spans_of(lines), place=place))
        else:
            found += builder.text(PassageKind.TABLE_CELL, lines, place)
    return tuple(found)


def _row(builder: TablesBuilder, grid: Grid, number: int, columns: dict[Column, list[int]], sort: Sort) -> None:
    entries = Cell()
    cells: list[tuple[int, ...]] = []
    role = {n: column for column, some in columns.items() for n in some}
    for n, words in enumerate(grid.rows[number][: len(grid.rows[0])]):
        if words.blank:
            cells.append(())
        elif sort is Sort.STUDIES and role.get(n) is Column.REFERENCES:
            cells.append(read_listed(builder, words, grid.place(number, n), grid.text(0, n), entries))
        elif sort is Sort.REFERENCES and n == _widest(grid):
            builder.reference(words)
            cells.append(())
        else:
            cells.append(add_cell(builder, words, grid.place(number, n)))
    grid.passages.append(cells)
    if sort is Sort.STUDIES:
        _study(builder, grid, number, columns, entries)
    elif sort is Sort.CRITERIA:
        _criterion(builder, grid, number, columns)


def _widest(grid: Grid) -> int:
    """Return the column with the longest words."""
    widths = [sum(len(grid.text(r, c)) for r in range(1, len(grid.rows))) for c in range(len(grid.rows[0]))]
    return widths.index(max(widths))


def _study(builder: TablesBuilder, grid: Grid, number: int, columns: dict[Column, list[int]], entries: Cell) -> None:
    """Add the study that a row lists: one with a name and something beside it."""
    names = columns.get(Column.NAME) or [n for n in range(len(grid.rows[0])) if n not in columns.get(Column.LINE, ())]
    row = grid.passages[number]
    name = next((n for n in names if n < len(row) and row[n]), None)
    if name is None or SUM.match(grid.text(number, name)) or sum(bool(cell) for cell in row) < 2:
        return

    def of(column: Column) -> tuple[int, ...]:
        return tuple(p for n in columns.get(column, ()) if n < len(row) for p in row[n])

    text = builder.document.passages[row[name][0]].text
    found = find_numbers(text)
    printed = re.sub(r"[\s(,;]*(?:EudraCT|EUCTR|CTIS)?[\s(,;.:]*$", "", text[: found[0].begin] if found else text)
    printed = SQUARE.sub("", ROUND.sub("", printed)).strip() or text
    cells = of(Column.NUMBERS)
    others = [cell for n, cell in enumerate(row) if n != name and cell and only_numbers(grid.text(number, n))]
    numbered = cells or tuple(p for cell in others for p in cell)
    if numbered and found:
        numbered = (*row[name], *numbered)
    builder.document.study_rows.append(
        StudyRow(
            table=grid.label,
            row=number,
            name=printed,
            name_passage=row[name][0],
            entries=tuple(entries.entries),
            comments=(*of(Column.COMMENTS), *entries.comments),
            participants=of(Column.PARTICIPANTS),
            descriptions=(*of(Column.DESCRIPTIONS), *entries.descriptions),
            conclusions=(*of(Column.CONCLUSIONS), *entries.conclusions),
            number_cells=numbered,
        )
    )


def _criterion(builder: TablesBuilder, grid: Grid, number: int, columns: dict[Column, list[int]]) -> None:
    row = grid.passages[number]
    if not row or not row[0]:
        return
    element = grid.text(number, 0).rstrip(" :")
    out = set(columns.get(Column.EXCLUDED, ()))
    for included in (True, False):
        values = tuple(p for n, cell in enumerate(row) if n and (n not in out) is included for p in cell)
        if values:
            builder.document.criteria.append(Criterion(element, row[0][0], values, included))
