"""One workbook with a sheet a table, for Excel and its like (ECMA-376, Office Open XML).

Numbers, dates known to the day and truth values are typed; all else is text, as the graph has it. A text is no formula
whatever it begins with: its cell is of type string, and where it could be taken for one when the cell is edited, it has
Excel's mark for text (``quotePrefix``, ECMA-376 part 1, 18.8.45). Addresses are links where they are http or https.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from msevidence.ontology.naming import expand
from msevidence.server import i18n
from msevidence.server.exports.about import about
from msevidence.server.exports.archive import timeless
from msevidence.server.exports.handover import ExportError, Files, Handover
from msevidence.server.exports.tables_model import LANGUAGE, VARIES, Cells, Column, Filled, Tables
from msevidence.server.exports.tables_read import read
from msevidence.server.exports.tables_words import (
    Defined,
    column_title,
    definitions,
    left_out,
    meaning,
    notes,
    table_title,
)
from msevidence.server.labels import outside_link
from msevidence.server.words import Words

LONGEST_CELL = 32_767
"""Characters of a cell, UTF-16 code units; this and what follows are limits of Excel, which cuts or refuses more."""
MOST_ROWS = 1_048_576
MOST_LINKS = 65_530
"""Links of a sheet."""
LONGEST_LINK = 2_079
MOST_DIGITS = 15
"""Significant figures of a number; one of more is text."""
FIRST_DAY = date(1900, 3, 1)
"""The first day that all spreadsheets number alike: Excel has a 29 February 1900."""
NOTES = ("tables-dates-sheet", "tables-kept", "tables-notes")
"""Texts on how to read the sheets."""
HEADS = tuple(
    f"tables-{head}" for head in ("sheet", "column", "means", "type", "language", "refers", "property", "name")
)
"""Of the list of columns."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RISKY = re.compile("[\\s\"'=+\\-@\uff1d\uff0b\uff0d\uff20]")
"""What begins a text that an editing user's spreadsheet may take for something else."""
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TOP = Alignment(vertical="top")
_BOLD, _LINK = Font(bold=True), Font(color="0563C1", underline="single")
_WIDTHS = {"iri": 16, "integer": 10, "decimal": 10, "boolean": 10, "date": 12}
_NOTE_HEIGHT, _NOTE_WIDTH = 110, 320
"""Of the note on the head of a column, in points."""
_NARROW, _WIDE, _LONG = 22, 60, 40
"""Widths of columns of text, in characters; those with a text longer than ``_LONG`` are wide, and wrapped."""


def write(handover: Handover) -> Files:
    """Write the workbook.

    Raises:
        ExportError: a table has more rows, or a cell more characters, than a sheet holds.
    """
    tables = read(handover)
    defined = definitions(handover.lane, [filled.table for filled in tables.tables])
    book = Workbook()
    book.remove(book.worksheets[0])
    _about(book.create_sheet(i18n.text("tables-about", handover.language)), handover, tables, defined)
    for filled in tables.tables:
        _sheet(book.create_sheet(table_title(filled.table, handover.language)), filled, handover, defined)
    said, built = book.properties, datetime.fromisoformat(handover.release.built).replace(tzinfo=None)
    said.title, said.creator = i18n.text("tables-title", handover.language), "msevidence"
    said.identifier, said.language = handover.release.id, handover.language
    said.created = said.modified = built
    buffer = io.BytesIO()
    # Not Workbook.save, which writes the time of day into it.
    ExcelWriter(book, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED)).save()
    return {f"{handover.stem}.xlsx": timeless(buffer.getvalue())}


def escaped(text: str) -> str:
    """Return a text as a cell holds it: characters that XML can not have as ``_xHHHH_`` (ECMA-376 part 1, 22.9.2.19).

    >>> escaped("a\\x07b"), escaped("_x0041_")
    ('a_x0007_b', '_x005F_x0041_')
    """
    return _ESCAPED.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def _sheet(sheet: Worksheet, filled: Filled, handover: Handover, defined: Defined) -> None:
    table, language = filled.table, handover.language
    if len(filled.rows) >= MOST_ROWS:
        most, there = MOST_ROWS - 1, len(filled.rows)
        raise ExportError(
            Words(
                f"table {table.name}: a sheet holds {most:,} rows, there are {there:,}; export csvw, or a part of the"
                " release",
                f"tabell {table.name}: et ark rommer {most} rader, det er {there}; eksporter csvw, eller en del av"
                " utgivelsen",
            )
        )
    for number, column in enumerate(table.columns, start=1):
        head = sheet.cell(1, number, column_title(column, language))
        head.font, head.alignment = _BOLD, _WRAPPED
        if means := meaning(table, column, defined, language):
            head.comment = Comment(escaped(means), "msevidence", height=_NOTE_HEIGHT, width=_NOTE_WIDTH)
        long = any(len(text) > _LONG for row in filled.rows for text in row.get(column.name, ()))
        width = _WIDTHS.get(column.kind, _WIDE if long else _NARROW)
        sheet.column_dimensions[get_column_letter(number)].width = width
    linked = 0
    for number, column in enumerate(table.columns, start=1):
        links = linked + len(filled.rows) <= MOST_LINKS
        wrapped = column.kind == "text"
        for place, row in enumerate(filled.rows, start=2):
            if not row.get(column.name):
                continue
            cell = sheet.cell(place, number)
            _fill(cell, column, row, table.name)
            cell.alignment = _WRAPPED if wrapped else _TOP
            if links and (address := link(column, row, handover)):
                cell.hyperlink, cell.font = address, _LINK
                linked += 1
    sheet.freeze_panes = "A2"
    reach = f"A1:{get_column_letter(len(table.columns))}{len(filled.rows) + 1}"
    if filled.rows:
        shown = SheetTable(displayName=table.name, ref=reach)
        shown.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(shown)
    else:  # a table of Excel has rows
        sheet.auto_filter.ref = reach


def link(column: Column, row: Cells, handover: Handover) -> str | None:
    """Return the address that a cell leads to: of our things, where they are published; None where to none."""
    values = row[column.name]
    if len(values) != 1:
        return None
    address = values[0]
    if column.name == "doi":
        address = f"https://doi.org/{address}"
    elif column.kind != "iri":
        return None
    elif address.startswith(handover.release.base):
        address = handover.site + address.removeprefix(handover.release.base)
    return outside_link(address) if len(address) <= LONGEST_LINK else None


def _fill(cell: Cell | MergedCell, column: Column, row: Cells, table: str) -> None:
    values = row[column.name]
    if len(values) == 1:
        number = typed(column, values[0])
        if number is not None:
            cell.value = number
            if isinstance(number, date):
                cell.number_format = "yyyy-mm-dd"
            return
    text = escaped(column.separator.join(values))
    if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        where = next(iter(row.values()))[0]
        raise ExportError(
            Words(
                f"table {table}, column {column.name}, row {where}: a cell holds {LONGEST_CELL:,} characters, this text"
                f" has {len(text):,}; export csvw, which has no such limit",
                f"tabell {table}, kolonne {column.name}, rad {where}: en celle rommer {LONGEST_CELL} tegn, denne"
                f" teksten har {len(text)}; eksporter csvw, som ikke har en slik grense",
            )
        )
    cell.value = text
    cell.data_type = "s"  # which a text that begins with = would not be
    cell.quotePrefix = bool(_RISKY.match(text))


def typed(column: Column, value: str) -> int | Decimal | bool | date | None:
    """Return a value as a cell types it; None where it is text: so is a date not known to the day."""
    if column.kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if column.kind in ("integer", "decimal"):
        number = Decimal(value)
        if len(number.as_tuple().digits) > MOST_DIGITS:
            return None
        return int(number) if column.kind == "integer" else number
    if column.kind == "date" and _DAY.fullmatch(value):
        day = date.fromisoformat(value)
        return day if day >= FIRST_DAY else None
    return None


def _about(sheet: Worksheet, handover: Handover, tables: Tables, defined: Defined) -> None:
    """Write the first sheet: what the workbook is, and what each sheet and column of it is."""
    language = handover.language
    _line(sheet, (i18n.text("tables-title", language),), bold=True)
    for fact in about(handover):
        _line(sheet, (fact.heading, fact.value))
        if address := outside_link(fact.link):
            sheet.cell(sheet.max_row, 2).hyperlink = address
    read_so = [*(i18n.text(name, language) for name in NOTES), *notes(language, titled=True)]
    for note in (*read_so, *left_out(tables, language)):
        _line(sheet, ("", note))
    _line(sheet, (i18n.text("tables-sheet", language), i18n.text("tables-rows", language)), bold=True)
    for filled in tables.tables:
        _line(sheet, (table_title(filled.table, language), len(filled.rows)))
    _line(sheet, tuple(i18n.text(head, language) for head in HEADS), bold=True)
    titles = {filled.table.name: table_title(filled.table, language) for filled in tables.tables}
    for filled in tables.tables:
        for column in filled.table.columns:
            kind = i18n.text(f"tables-kind-{column.kind}", language)
            tag = column.language
            if tag == VARIES:
                tag = column_title(filled.table.column(column.name + LANGUAGE), language)
            line = (
                *(titles[filled.table.name], column_title(column, language)),
                meaning(filled.table, column, defined, language),
                f"{kind} ({column.separator.strip()})" if column.separator else kind,
                *(tag, titles.get(column.references, "")),
                *(expand(column.property) if column.property else "", column.name),
            )
            _line(sheet, line)
    for number, width in enumerate((34, 60, 60, 16, 22, 24, 50, 26), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def _line(sheet: Worksheet, values: tuple[str | int, ...], *, bold: bool = False) -> None:
    place = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for number, value in enumerate(values, start=1):
        if value == "":
            continue
        cell = sheet.cell(place, number)
        cell.value = escaped(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.quotePrefix = bool(_RISKY.match(value))
        cell.alignment = _WRAPPED
        if bold:
            cell.font = _BOLD
