"""Reads back the mappings: each is a decision, and what it maps are things."""

from __future__ import annotations

import csv
import re

from msevidence.server.exports.handover import Files
from tests.handover.kept import Said

_PREFIX = re.compile(r'^#\s+(\w+): "(.*)"$', re.MULTILINE)


def read(files: Files) -> Said:
    """Return what the rows say, with addresses in place of short names."""
    text = next(iter(files.values())).decode()
    prefixes = dict(_PREFIX.findall(text))
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    said: dict[str, set[str]] = {}
    for row in csv.DictReader(lines, delimiter="\t"):
        cells = {_long(cell, prefixes) for cell in row.values() if cell}
        for key in ("record_id", "subject_id", "object_id"):
            said.setdefault(_long(row[key], prefixes), set()).update(cells)
    return said


def _long(cell: str, prefixes: dict[str, str]) -> str:
    prefix, colon, rest = cell.partition(":")
    return prefixes[prefix] + rest if colon and prefix in prefixes else cell
