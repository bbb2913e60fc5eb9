"""Reads back the report's tables as a text: each row is what is said of the study and numbers in its heading."""

from __future__ import annotations

import io

import docx

from msevidence.server.exports.handover import Files
from tests.handover.kept import Said


def read(files: Files) -> Said:
    """Return what the rows say."""
    said: dict[str, set[str]] = {}
    document = docx.Document(io.BytesIO(next(iter(files.values()))))
    for link in document.part.rels.values():
        if link.is_external:
            said.setdefault(link.target_ref, set())
    for table in document.tables:
        for row in table.rows:
            cells = [[paragraph.text.strip() for paragraph in cell.paragraphs] for cell in row.cells]
            strings = {text for cell in cells for text in cell if text}
            for name in {text for cell in cells[:2] for text in cell if text}:
                said.setdefault(name, set()).update(strings)
    return said
