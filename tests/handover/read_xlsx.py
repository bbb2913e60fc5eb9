"""Reads back the workbook: each row is what is said of the thing of its first address, or of a citation marker."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
from openpyxl.utils.escape import unescape

from msevidence.server.exports.handover import Files
from tests.handover.kept import Said


def read(files: Files) -> Said:
    """Return what the sheets after the first say."""
    (content,) = files.values()
    said: dict[str, set[str]] = {}
    about, *sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    listed = {(row[0], row[1]): str(row[3]) for row in about.iter_rows(values_only=True)}
    for sheet in sheets:
        markers = sheet.title == "Claims – citation markers"
        types = [listed[sheet.title, cell.value] for cell in sheet[1]]
        first = types.index("address (IRI)")
        for row in sheet.iter_rows(min_row=2):
            cells = {_text(cell.value) for cell in row if cell.value is not None}
            for cell in row[first : first + (2 if markers else 1)]:
                said.setdefault(str(cell.value), set()).update(cells)
    return said


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return unescape(value) if isinstance(value, str) else str(value)
