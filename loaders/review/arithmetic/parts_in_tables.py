"""Columns of tables with a row that holds their total."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msevidence.loaders.review.arithmetic.parts_said import Parts
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Document, Passage, Table

_TOTAL = re.compile(r"(?:grand\s)?totals?|totalt|sum(?:\stotalt)?|i alt|til sammen", re.IGNORECASE)
_NOT_ADDED = re.compile(
    r"%|\b(?:per\s?cent|prosent|mean|median|average|rate|ratio|score|age|year|range|SD|CI|p|gjennomsnitt|andel|alder|år)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:n|nos?\.?|number|count|antall|hits|treff)\b", re.IGNORECASE)
_NOTHING = re.compile(r"[-–—]?")

Cell = tuple[Number, Passage]


def parts_in_tables(document: Document) -> Iterator[Parts]:
    """Yield every column of counts of a document with a row for its total."""
    for table in document.tables:
        rows = [r for r in sorted(table.cells) if r and _TOTAL.fullmatch(_label(table, r))]
        if len(rows) == 1 and not any(_TOTAL.search(_label(table, r)) for r in table.cells if r not in (0, *rows)):
            columns = [c for c in table.columns[1:] if not _NOT_ADDED.search(table.text(0, c))]
            yield from _columns(table, rows[0], columns)


def _label(table: Table, row: int) -> str:
    return table.text(row, min(table.columns)).strip(" :.")


def _columns(table: Table, total_row: int, columns: Sequence[int]) -> Iterator[Parts]:
    first_row = min(r for r in table.cells if r)
    found = []
    for column in columns:
        whole = _count(table, total_row, column)
        rows = [r for r in sorted(table.cells) if (r > total_row if total_row == first_row else 0 < r < total_row)]
        filled = [r for r in rows if not _NOTHING.fullmatch(table.text(r, column).strip())]
        cells = [c for r in filled if (c := _count(table, r, column))]
        if whole and len(cells) == len(filled) > 1:
            found.append((column, whole, cells))
    good = [_makes([n.value for n, _ in cells], whole[0].value) for _, whole, cells in found]
    for (column, whole, cells), adds_up in zip(found, good, strict=True):
        counted = bool(_COUNTED.search(table.text(0, column)))
        if whole[0].value < max(n.value for n, _ in cells) or not (any(good) or counted):
            continue  # nothing says that this column is added
        places = tuple(p for _, p in cells)
        yield Parts(whole[0], whole[1], tuple(n for n, _ in cells), places, adds_up, any(good))


def _count(table: Table, row: int, column: int) -> Cell | None:
    """Return the count of a cell that is nothing else."""
    passages = table.cells[row].get(column, [])
    if len(passages) != 1:
        return None
    found = numbers(passages[0].text, passages[0].language)
    alone = len(found) == 1 and found[0].printed == passages[0].text.strip()
    return (found[0], passages[0]) if alone and found[0].value % 1 == 0 and not found[0].percent else None


def _makes(values: Sequence[Decimal], total: Decimal) -> bool:
    """Say whether values make a total: all of them, without the details of subtotals, or once for each division."""
    if sum(values) == total:
        return True
    for i, value in enumerate(values):
        if value == total and i + 1 < len(values):
            return _makes(values[i + 1 :], total)
        for end in range(i + 3, len(values) + 1):
            if value and sum(values[i + 1 : end]) == value:
                return _makes([*values[: i + 1], *values[end:]], total)
    for end in range(2, len(values) - 1):
        if sum(values[:end]) == total:
            return _makes(values[end:], total)
    return False
