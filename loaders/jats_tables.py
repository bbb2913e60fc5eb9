"""Tables of a JATS article: cells with their row and column, spans counted, all rows of the head as row 0."""

from dataclasses import dataclass, field

from msevidence.loaders.document import PassageKind, Place, Table
from msevidence.loaders.jats_builder import Builder
from msevidence.loaders.jats_tree import Element

TABLES, ROWS, CELLS = ("table", "tgroup", "array"), ("tr", "row"), ("td", "th", "entry")
WIDEST = 1_000
"""Columns or rows that a cell may span, and columns of a table; more are a slip or an attack."""


@dataclass
class _Grid:
    """Which columns of the rows to come a cell of a row before spans."""

    taken: dict[int, int] = field(default_factory=dict)

    def place(self, row: Element) -> list[tuple[int, int, Element]]:
        """Return column, width and element of each cell of a row."""
        column = 0
        cells = []
        spanned: dict[int, int] = {}
        for cell in row.elements(*CELLS):
            while self.taken.get(column):
                column += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if column + width > WIDEST:
                width = 1
            cells.append((column, width, cell))
            spanned |= {c: height for c in range(column, column + width)}
            column += width
        self.taken = {c: n - 1 for c, n in (self.taken | spanned).items() if n > 1}
        return cells


def _span(cell: Element, name: str) -> int:
    printed = cell.attributes.get(name, "1").strip()
    return max(1, min(int(printed), WIDEST)) if printed.isascii() and printed.isdecimal() and len(printed) < 9 else 1


def add_table(builder: Builder, table: Element | None, label: str, caption: int | None) -> list[Element]:
    """Add a table with its label made unique; returns what stands beside its text (footnotes inside cells).

    Without a head, row 0 is empty, unless the first rows hold nothing but head cells. ``None`` stands for a table that
    is only a picture.
    """
    label = unique_label(builder, label)
    number = len(builder.document.tables)
    builder.document.tables.append(Table(label, caption, ()))
    if table is None:
        return []
    rows = list(table.within(*ROWS, but=frozenset(CELLS)))
    head = [r for r in rows if any(a.name == "thead" for a in r.above())]
    if not head:
        for row in rows:
            if any(c.name != "th" for c in row.elements(*CELLS)):
                break
            head.append(row)
    floats: list[Element] = []
    built: list[dict[int, list[int]]] = [{}]
    grid = _Grid()
    for row in rows:
        if row not in head:
            built.append({})
        at = len(built) - 1
        for column, width, cell in grid.place(row):
            flow = builder.flow()
            flow.take_all(cell)
            kind = PassageKind.TABLE_CELL if at else PassageKind.TABLE_HEADER
            added = builder.text(kind, flow, whole=True, place=Place(label, at, column))
            floats += flow.floats
            for c in range(column, column + (1 if at else width)):
                built[at].setdefault(c, []).extend(added)
    columns = max((max(r, default=-1) for r in built), default=-1) + 1
    cells = tuple(tuple(tuple(row.get(c, ())) for c in range(columns)) for row in built)
    builder.document.tables[number] = Table(label, caption, cells)
    return floats


def unique_label(builder: Builder, label: str) -> str:
    """Return a table's label, its number in brackets where it has none, numbered where another table has the same."""
    label = label or f"[{len(builder.document.tables) + 1}]"
    while count := builder.labels.get(label, 0):
        builder.labels[label] = count + 1
        label = f"{label} ({count + 1})"
    builder.labels[label] = 1
    return label
