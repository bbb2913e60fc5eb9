"""Reads back the tables in CSV: each row is what is said of the thing that it is about, or of a citation marker."""

from __future__ import annotations

import csv
import io
import json

from msevidence.server.exports.handover import Files
from msevidence.server.exports.tables_defused import restored
from tests.handover.kept import Said


def read(files: Files) -> Said:
    """Return what the tables say."""
    said: dict[str, set[str]] = {}
    for table in json.loads(files["csv-metadata.json"])["tables"]:
        for row in csv.DictReader(io.StringIO(files[table["url"]].decode(), newline="")):
            cells = {restored(cell) for cell in row.values() if cell}
            about = table["tableSchema"]["aboutUrl"].strip("{+}")
            for thing in (row[about], row.get("pointer")):
                if thing:
                    said.setdefault(thing, set()).update(cells)
    return said
