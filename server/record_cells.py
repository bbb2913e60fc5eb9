"""Values of registry records as cells of a table."""

from __future__ import annotations

import re

from msevidence.server import i18n
from msevidence.server.exhibits import Cell
from msevidence.server.registry_records import Record, Stated
from msevidence.server.study_read import Reading

KINDS = ("estimated", "actual")
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}


def kind_of(kind: str, language: str) -> str:
    """Return whether a value is actual or estimated in the reader's language; another word as the record has it."""
    known = kind.casefold()
    return i18n.text("estimated" if known == "estimated" else "actual", language) if known in KINDS else kind


def phase(text: str) -> str:
    """Return the phase of a trial in figures, as documents write it; what names none stays as it is.

    >>> [phase(text) for text in ("PHASE3", "PHASE1|PHASE2", "Phase II/III", "2", "NA")]
    ['3', '1/2', '2/3', '2', 'NA']
    """
    found = re.findall(r"[1-4]|\b(?:IV|III|II|I)\b", text)
    return "/".join(dict.fromkeys(ROMAN.get(one, one) for one in found)) or text


def record_value(reading: Reading, record: Record, value: Stated) -> Cell:
    """Return a value of a record as a cell: a status as the concept, yes and no in the reader's language."""
    if value.key == "status" and (concept := record.status_of(value)):
        return reading.cell(concept)
    if value.text.casefold() in ("true", "false"):
        return Cell(i18n.text("yes" if value.text.casefold() == "true" else "no", reading.language))
    if value.key == "phase":
        return Cell(phase(value.text), None if phase(value.text) != value.text else "")
    if value.key == "enrolment" and value.text.isdigit():
        return Cell(value.text, number=int(value.text))
    dated = value.key.endswith(("Date", "On"))
    return Cell(value.text, None if dated else value.language or "")


def record_source(reading: Reading, value: Stated) -> Cell:
    """Return a record as a source, with the date as of which it says something."""
    number = reading.cell(value.registration)
    date = value.date or i18n.text("date-unknown", reading.language)
    as_of = i18n.text("record-of", reading.language, number=number.text, date=date)
    return Cell(as_of, None, number.href, value.registration)
