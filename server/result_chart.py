"""A result as bars: one for each row, as long as a column of figures says, or one for each value, as its rows are many.

Which columns are drawn is chosen by the reader, or by rule: figures where the other columns tell the rows apart, else
a count of rows. Figures are never added up: a result has no units. Where nothing can be drawn, the answer says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations

from msevidence.server import exhibits
from msevidence.server.labels import Text
from msevidence.server.result_page import Cell, Result

MOST = 60
"""Bars that a reader compares at a glance, and a page shows without scrolling for long."""
ROWS = "*"
"""Names the count of rows, in place of a column."""
NUMBERS = {"number", "ordinal", "position", "row", "start", "end"}
"""Columns that the stored questions number things by."""
NUMERIC = {f"xsd:{name}" for name in ("integer", "decimal", "double", "float", "nonNegativeInteger", "positiveInteger")}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    names: Sequence[Cell | None]
    """What it is of: a cell a column of :attr:`Chart.by`."""
    value: Decimal
    shown: str
    """The figure as the result writes it."""

    @property
    def label(self) -> Text:
        """Its name in one line, with a language where one cell has all of it."""
        texts = [name_of(cell) for cell in self.names if cell]
        return texts[0] if len(texts) == 1 else Text(" · ".join(text.text for text in texts) or "–")


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of a result, and what could be drawn instead."""

    of: str
    """The column of figures, or :data:`ROWS`."""
    by: Sequence[str]
    """The columns that name the bars."""
    bars: Sequence[Bar]
    figures: Sequence[str]
    """Columns of figures that the result has."""
    names: Sequence[str]
    """Columns that can name bars."""


class NoChartError(Exception):
    """Raised where a result can not be drawn; the argument is the name of the text that says why."""


class UnknownColumnError(ValueError):
    """Raised where the address names a column that the result does not have, or not of that kind."""


def chart(result: Result, of: str = "", by: str = "") -> Chart:
    """Return the bars of a result.

    Args:
        result: all of its rows must be there.
        of: the column of figures, :data:`ROWS`, or empty for the rule to choose.
        by: the column that names the bars, or empty.

    Raises:
        NoChartError: it can not be drawn.
        UnknownColumnError: it has no such columns.
    """
    if not result.total or result.size is not None or result.boolean is not None:
        raise NoChartError("chart-no-rows")
    if len(result.rows) < result.total:
        raise NoChartError("chart-cut")
    figures = [name for name in result.columns if _is_numeric(_column(result, name))]
    names = [name for name in result.columns if name not in figures and any(_column(result, name))]
    if (of and of not in (*figures, ROWS)) or (by and by not in names):
        raise UnknownColumnError(of if of and of not in (*figures, ROWS) else by)
    if not names:
        raise NoChartError("chart-no-names")
    if of == ROWS:
        return _counted(result, by, figures, names)
    chosen = of or _weightiest(result, figures)
    if chosen and len(result.rows) <= MOST and (told := _telling(result, by, names, 2 if of else 1)) is not None:
        return _measured(result, chosen, told, figures, names)
    if of:
        raise NoChartError("chart-too-many" if len(result.rows) > MOST else "chart-not-told-apart")
    return _counted(result, by, figures, names)


def name_of(cell: Cell) -> Text:
    """Return what a cell is called: the name of a thing, the words of a literal."""
    if cell.name is not None:
        return cell.name
    return Text(cell.text, cell.language)


def table(drawn: Chart, title: str, counted: str) -> exhibits.Table:
    """Return the data of a chart as a table.

    Args:
        drawn: the chart.
        title: of the table.
        counted: what a count of rows is called.
    """
    key, heading = ("number_of_rows", counted) if drawn.of == ROWS else (drawn.of, drawn.of)
    columns = [exhibits.Column(name, name, iris=any(c and c.iri for c in cells)) for name, cells in _names(drawn)]
    rows = []
    for bar in drawn.bars:
        row = {name: _cell(cell) for name, cell in zip(drawn.by, bar.names, strict=True) if cell}
        number = int(bar.value) if bar.value == bar.value.to_integral_value() else float(bar.value)
        rows.append({**row, key: exhibits.figure(number, bar.shown)})
    return exhibits.Table("chart-data", title, [*columns, exhibits.Column(key, heading)], rows)


def _names(drawn: Chart) -> Iterator[tuple[str, Sequence[Cell | None]]]:
    for at, name in enumerate(drawn.by):
        yield name, [bar.names[at] for bar in drawn.bars]


def _cell(cell: Cell) -> exhibits.Cell:
    text = name_of(cell)
    href = cell.outside if cell.path is None else f"/{cell.path}"
    return exhibits.Cell(text.text, text.language, href, cell.iri, outside=cell.path is None)


def _measured(result: Result, of: str, by: Sequence[str], figures: Sequence[str], names: Sequence[str]) -> Chart:
    at, named = result.columns.index(of), [result.columns.index(name) for name in by]
    bars = []
    for row in result.rows:
        cell = row[at]
        if cell is not None:
            bars.append(Bar([row[index] for index in named], Decimal(cell.text), cell.text))
    return Chart(of, by, bars, figures, names)


def _counted(result: Result, by: str, figures: Sequence[str], names: Sequence[str]) -> Chart:
    """Count the rows of each value of a column: of that asked for, or of the one with the fewest values over one."""
    found = {name: Counter(_column(result, name)) for name in ([by] if by else names)}
    few = {name: counts for name, counts in found.items() if len(counts) <= MOST}
    fit = {name: counts for name, counts in few.items() if by or 1 < len(counts) < result.total}
    if not fit:
        raise NoChartError("chart-no-groups")
    name = min(fit, key=lambda one: len(fit[one]))
    bars = [Bar([cell], Decimal(count), str(count)) for cell, count in fit[name].most_common()]
    return Chart(ROWS, [name], bars, figures, names)


def _weightiest(result: Result, figures: Sequence[str]) -> str:
    """Return the column of figures that most rows have, the last of several; none that numbers things."""
    filled = {name: sum(map(bool, _column(result, name))) for name in reversed(figures) if name not in NUMBERS}
    return max(filled, key=lambda name: filled[name], default="")


def _telling(result: Result, by: str, names: Sequence[str], most: int) -> Sequence[str] | None:
    """Return the columns whose values tell all rows apart: one, or up to `most` together; None where none do."""
    for columns in (found for size in range(1, most + 1) for found in combinations(names, size)):
        if by and by not in columns:
            continue
        if len(set(zip(*(_column(result, name) for name in columns), strict=True))) == len(result.rows):
            return [by, *(name for name in columns if name != by)] if by else columns
    return None


def _column(result: Result, name: str) -> list[Cell | None]:
    at = result.columns.index(name)
    return [row[at] for row in result.rows]


def _is_numeric(cells: Sequence[Cell | None]) -> bool:
    there = [cell for cell in cells if cell is not None]
    return bool(there) and all(cell.datatype in NUMERIC and _finite(cell.text) for cell in there)


def _finite(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
