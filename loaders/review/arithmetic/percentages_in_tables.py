"""Percentages in the cells of tables, ``12 (80%)``, with the size of the group in the header of the column.

What a count is a share of need not be the group: rows about some of the participants, missing values, percentages of a
row. So a group counts as the base of a column only where most other cells agree with it, and a cell that does not is
let go where it is a share of its block of rows, of its row, or of a number printed above it. Where several cells are
more than their share of the group, and none of that is told, they are shares of those whose values are known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from msevidence.loaders.review.arithmetic.percentages import Share
from msevidence.loaders.review.numbers import numbers
from msevidence.loaders.review.view import Passage, Table

_COUNT = r"(?P<count>\d{1,3}(?:[ ,\u2009\u202f\u00a0]\d{3})+|\d+)"
_SHARE = r"(?P<percent>\d+(?:[.,·]\d+)?)"
_CELL = re.compile(rf"{_COUNT}\s?[(\[]\s?{_SHARE}\s?(?P<sign>%?)\s?[)\]](?P<rest>.*)")
_BARE = re.compile(rf"{_COUNT}\s{_SHARE}\s?(?P<sign>%)(?P<rest>)")
_REVERSED = re.compile(rf"{_SHARE}\s?(?P<sign>%?)\s?[(\[]\s?(?:n\s?=\s?)?{_COUNT}\s?[)\]](?P<rest>.*)")
_COUNT_FIRST = re.compile(
    r"\b(?:n|nos?\.?|number|count|antall|frequency|patients|participants|subjects|cases|events)\b[^()%]{0,30}[(\[,/;]\s?"
    r"(?:%|percent|per cent|prosent)",
    re.IGNORECASE,
)
_PERCENT_FIRST = re.compile(r"(?:%|\bpercent|\bprosent)\s?[(\[/,]\s?(?:n|no\.?|number|antall)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:mean|median|SD|SE|SEM|IQR|range|CI|average|years|score|change|gjennomsnitt|spredning|KI|endring)\b|±", re.I
)
_SIZE_ROW = re.compile(
    r"(?:n|no\.? of \w+|number of \w+|antall(?: \w+)?|participants|patients|deltakere|pasienter)", re.I
)

_NEAR = 5
"""Rows above a cell that may print what it is a share of: ``Adverse events 20``, and below it ``serious 5 (25%)``."""
_MISSING = 4
"""Cells of a table above their share of the group, from which on values are taken to be missing in it."""
_FEW_MISSING = Decimal("0.9")
"""Part of a group whose values may be all that is known, where one cell alone would show it."""


@dataclass(frozen=True)
class _Printed:
    row: int
    column: int
    share: Share


def shares_in_tables(table: Table) -> Iterator[Share]:
    """Yield the counts with percentages in a table of which it can be told what they are shares of."""
    columns = [_cells(table, column) for column in table.columns]
    apart = []
    for cells in columns:
        agree = [c.share.agrees(c.share.base) for c in cells]
        for i, cell in enumerate(cells):
            others = len(cells) - 1
            if agree[i]:
                yield cell.share
            elif sum(agree) * 2 >= others and not _otherwise(table, cell, columns):
                apart.append(replace(cell.share, certain=others > 0))
    above = [s for s in apart if s.exact(s.base) < Decimal(s.percent)]
    for share in apart:
        if share not in above:
            yield share
        elif len(above) < _MISSING:
            yield replace(share, certain=share.certain and not _of_fewer(share))


def _of_fewer(share: Share) -> bool:
    """Say whether a percentage is right of a group that lacks a few of its values."""
    most = int(share.base)
    return any(share.rounds(Decimal(base)) for base in range(int(most * _FEW_MISSING) + 1, most))


def _cells(table: Table, column: int) -> list[_Printed]:
    base = _base(table, column)
    return [c for row in sorted(table.cells) if row and (c := _cell(table, row, column, base))]


def _base(table: Table, column: int) -> tuple[Decimal, Passage] | None:
    """Return the size of the group of a column: of its header, of a row of sizes, or of the whole table's caption."""
    for passage in table.cells.get(0, {}).get(column, ()):
        sizes = [n for n in numbers(passage.text, passage.language) if n.size and n.whole]
        if sizes:
            return (sizes[0].value, passage) if len(sizes) == 1 else None
    first = min(table.columns)
    for row in sorted(table.cells)[:3]:
        cell = table.cells[row].get(column, ())
        if row and len(cell) == 1 and _SIZE_ROW.fullmatch(table.text(row, first).strip()):
            alone = re.fullmatch(r"(?:n\s?=\s?)?(\d{1,3}(?:[ ,]\d{3})+|\d+)", cell[0].text.strip(), re.IGNORECASE)
            if alone:
                return _whole(alone[1]), cell[0]
    if table.caption:
        sizes = [n for n in numbers(table.caption.text, table.caption.language) if n.size and n.whole]
        header = [p for cell in table.cells.get(0, {}).values() for p in cell]
        headers = [n for p in header for n in numbers(p.text, p.language) if n.size]
        if len(sizes) == 1 and not headers:
            return sizes[0].value, table.caption
    return None


def _whole(printed: str) -> Decimal:
    return Decimal(re.sub(r"\D", "", printed))


def _cell(table: Table, row: int, column: int, base: tuple[Decimal, Passage] | None) -> _Printed | None:
    passages = table.cells[row].get(column, [])
    text = table.text(row, column).strip()
    labels = _labels(table, row, column)
    match = None
    if _PERCENT_FIRST.search(labels):
        match = _REVERSED.fullmatch(text)
    elif (found := _CELL.fullmatch(text) or _BARE.fullmatch(text)) and (found["sign"] or _COUNT_FIRST.search(labels)):
        match = found
    if not match or (not match["sign"] and _OTHER.search(_row_label(table, row, column))):
        return None
    count, percent = _whole(match["count"]), re.sub(r"[,·]", ".", match["percent"])
    of = _row_base(table, row, column) or base
    if of is None:
        return None
    number, passage = of
    if Decimal(percent) > 100 or count > number:
        return None
    return _Printed(row, column, Share(count, number, percent, passages[0], passage))


def _row_label(table: Table, row: int, column: int) -> str:
    return " ".join(table.text(row, c) for c in table.columns if c < column and not _CELL.fullmatch(table.text(row, c)))


def _labels(table: Table, row: int, column: int) -> str:
    """Return the words that say what a cell holds: of its row, the heading above it, its column and the caption."""
    caption = table.caption.text if table.caption else ""
    return " | ".join((_row_label(table, row, column), _heading(table, row), table.text(0, column), caption))


def _heading(table: Table, row: int) -> str:
    """Return the label of the block that a row stands in: of the nearest row above that has one and nothing else."""
    first = min(table.columns)
    for above in range(row, 0, -1):
        label = table.text(above, first)
        alone = not any(table.text(above, c).strip() for c in table.columns if c != first)
        if label and (alone or (len(table.columns) > 2 and not table.text(row, first))):
            return label
    return ""


def _row_base(table: Table, row: int, column: int) -> tuple[Decimal, Passage] | None:
    """Return what the label of a row says that its counts are shares of: ``Women with children (n = 40)``."""
    for c in table.columns:
        if c >= column:
            break
        for passage in table.cells.get(row, {}).get(c, ()):
            sizes = [n for n in numbers(passage.text, passage.language) if n.size and n.whole]
            if sizes:
                return sizes[0].value, passage
    return _size_beside(table, row, column)


def _size_beside(table: Table, row: int, column: int) -> tuple[Decimal, Passage] | None:
    """Return the number of participants of a row that has a column for it."""
    for c in table.columns:
        if c == column or not _SIZE_ROW.fullmatch(table.text(0, c).strip()):
            continue
        cell = table.cells[row].get(c, ())
        if len(cell) == 1 and re.fullmatch(_COUNT, cell[0].text.strip()):
            return _whole(cell[0].text), cell[0]
    return None


def _otherwise(table: Table, cell: _Printed, columns: list[list[_Printed]]) -> bool:
    """Say whether a cell is a share of something else than its group."""
    share = cell.share
    cells = next(column for column in columns if cell in column)
    block = [c for c in cells if _heading(table, c.row) == _heading(table, cell.row)]
    for run in (block, _run(block, cell.row)):  # values are missing: a share of those that are there
        there = sum((c.share.count for c in run), Decimal(0))
        if len(run) > 1 and all(c.share.agrees(there) for c in run):
            return True
    same_row = [c.share for column in columns for c in column if c.row == cell.row and c is not cell]
    if any(s.count and s.rounds(s.base) for s in same_row):
        return False  # in another group the same row is a share of the group
    in_row = [m for c in table.columns if c and (m := _CELL.match(table.text(cell.row, c).strip()))]
    if len(in_row) > 1 and share.agrees(sum((_whole(m["count"]) for m in in_row), Decimal(0))):
        return True
    others = [c.share for c in cells if c is not cell and not c.share.rounds(c.share.base)]
    for row in sorted(table.cells):
        count = _first(table.text(row, cell.column)) if row not in (0, cell.row) else None
        if count is None or not share.count <= count < share.base or not share.agrees(count):
            continue
        if cell.row - _NEAR <= row < cell.row or any(o.rounds(count) for o in others):
            return True
    return False


def _run(block: list[_Printed], row: int) -> list[_Printed]:
    """Return the rows without a gap that a row stands in."""
    run = [c for c in block if c.row == row]
    for step in (-1, 1):
        at = row + step
        while found := [c for c in block if c.row == at]:
            run += found
            at += step
    return run


def _first(text: str) -> Decimal | None:
    match = re.match(rf"(?:n\s?=\s?)?{_COUNT}(?![.,]\d)", text.strip(), re.IGNORECASE)
    return _whole(match["count"]) if match else None
