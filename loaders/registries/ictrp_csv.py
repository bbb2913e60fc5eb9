"""WHO ICTRP, CSV: the platform's full and weekly exports. UNTESTED ON A REAL FILE; written from what is published.

The columns are those of the WHO's list "ICTRP CSV export file list of data fields" (ICTRP_export_datafields.txt, of
2018, with ages and gender since 2020), which stands beside ``ICTRPFullExport-….zip`` and ``ICTRPWeek….zip`` at
https://www.who.int/tools/clinical-trials-registry-platform. Published programs that read these files
(``parse-csv.py`` of 2020, ECRIN's of 2025) show four traps:

- the files have no row of names, and a column more than the list: the day of the last refresh, after ``TrialID``;
- where a row of names is there, that column is ``(No column name)``;
- texts stand in quotation marks inside the quoted value (``\"""17 February 2025\"""``), and nothing is ``NULL``;
- columns came later, so a file of early 2020 has 60.

The list of COVID-19 trials that the WHO published until 2023 has a row of names, spelled as in the XML.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.lines import LINE_BYTES, refuse_other_encodings
from msevidence.loaders.exports.records import Raw
from msevidence.loaders.registries.ictrp import ORIGIN, RIGHTS, record
from msevidence.loaders.registries.ictrp_fields import canonical
from msevidence.ontology.identifiers import OTHER, InvalidNumberError, parse_number

_LISTED = (
    "TrialID SecondaryIDs public_title Scientific_title url Public_Contact_Firstname Public_Contact_Lastname"
    " Public_Contact_Address Public_Contact_Email Public_Contact_Tel Public_Contact_Affiliation"
    " Scientific_Contact_Firstname Scientific_Contact_Lastname Scientific_Contact_Address Scientific_Contact_Email"
    " Scientific_Contact_Tel Scientific_Contact_Affiliation study_type study_design phase Date_registration"
    " Date_enrollement Target_size Recruitment_status Primary_sponsor Secondary_sponsors Source_Support Countries"
    " Conditions Interventions Agemin Agemax Gender Inclusion_Criteria Exclusion_Criteria Primary_Outcome"
    " Secondary_Outcomes Bridging_flag Bridged_type Childs type_enrolment Retrospective_flag"
    " results_actual_enrollment results_url_link results_summary results_date_posted results_date_first_publication"
    " results_baseline_char results_participant_flow results_adverse_events results_outcome_measures"
    " results_url_protocol results_IPD_plan results_IPD_description results_date_completed results_yes_no"
    " Ethics_Status Ethics_Approval_Date Ethics_Contact_Name Ethics_Contact_Address Ethics_Contact_Phone"
    " Ethics_Contact_Email"
)
LISTED = tuple(_LISTED.split())
"""The columns of the WHO's list, in its order."""
REFRESHED = "Last_Refreshed_on"
_FULL = (LISTED[0], REFRESHED, *LISTED[1:])
_EARLY = tuple(c for c in _FULL if c not in ("Agemin", "Agemax", "Gender"))
LAYOUTS = {len(columns): columns for columns in (_FULL, LISTED, _EARLY)}
"""Columns of a file without a row of names, by their number."""
_NEEDED = ("trialid", "publictitle")
_BOM = b"\xef\xbb\xbf"
_RECORD_LINES = 20_000
"""Lines that one record may have; texts with line breaks have some dozens."""
csv.field_size_limit(max(csv.field_size_limit(), LINE_BYTES))  # a setting of the whole process; lines are bounded here
_BEGINS = re.compile(rb'"?([A-Za-z][\w/-]{5,45})"?,(?=[",\d]|NULL)')


def recognise(head: bytes) -> bool:
    """Say whether a file begins as an ICTRP export in CSV does: with its names, or with a number and its columns."""
    lines = head.removeprefix(_BOM).lstrip(b"\r\n \t").split(b"\n")
    first: list[bytes] = []
    for line in lines:
        first.append(line)
        if b"".join(first).count(b'"') % 2 == 0:
            break
    try:
        cells = _cells(b"\n".join(first).rstrip(b"\r").decode(errors="replace"))
    except csv.Error:
        return False
    if _names(cells):
        return True
    return _known(lines[0]) and (len(cells) in LAYOUTS or (len(first) == len(lines) and len(cells) > 10))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the records of a file, each a mapping of its columns to texts.

    Raises ExportError where the columns are not those of an ICTRP export.
    """
    columns: tuple[str, ...] | None = None
    for line, raw in _records(stream, name):
        if isinstance(raw, RecordError):
            yield raw
            continue
        try:
            cells = _cells(_decoded(raw, line))
        except RecordError as e:
            yield e
            continue
        except csv.Error as e:
            yield RecordError(f"is no row of a CSV file ({e}); get the file again", line)
            continue
        if columns is None:
            columns = _columns(cells, name)
            if _names(cells):
                continue
        if len(cells) != len(columns):
            yield RecordError(
                f"has {len(cells)} columns where {len(columns)} should be; get the file again, or quote its texts", line
            )
            continue
        yield Raw({c: _value(cell) for c, cell in zip(columns, cells, strict=True) if c}, line, _value(cells[0])[:80])


def _columns(cells: list[str], name: str) -> tuple[str, ...]:
    """Return the columns of a file whose first row has these cells.

    Raises ExportError where they cannot be told.
    """
    if _names(cells):
        named = tuple(REFRESHED if canonical(c) in ("", "nocolumnname") and n == 1 else c for n, c in enumerate(cells))
        times = Counter(canonical(c) for c in named)
        twice = sorted({c for c in named if times[canonical(c)] > 1})
        if twice:
            raise ExportError(f"has a column twice ({', '.join(twice)}); export it again", name, 1)
        return named
    if canonical(cells[0]) in (canonical(c) for c in LISTED) or not any(c.isdigit() for c in cells[0]):
        found = ", ".join(c for c in cells if c)[:400]
        raise ExportError(
            f"has no column TrialID or none Public_title; found were {found or 'none'}. Export it again, or name the"
            " columns as the WHO's list of fields does",
            name,
            1,
        )
    columns = LAYOUTS.get(len(cells))
    if columns is None:
        numbers = " or ".join(map(str, sorted(LAYOUTS)))
        raise ExportError(
            f"has no row of names, and {len(cells)} columns, where an ICTRP export has {numbers}; put a row of names"
            " before it, as in the WHO's list of fields",
            name,
            1,
        )
    return columns


def _names(cells: list[str]) -> bool:
    """Say whether a row holds the names of columns."""
    found = {canonical(c) for c in cells}
    return all(n in found for n in _NEEDED)


def _known(line: bytes) -> bool:
    """Say whether a line begins with a number of a registry that is known, and a cell after it."""
    match = _BEGINS.match(line)
    if match is None:
        return False
    try:
        return parse_number(match[1].decode()).scheme != OTHER
    except (InvalidNumberError, UnicodeDecodeError):
        return False


def _cells(row: str) -> list[str]:
    return next(csv.reader([row], strict=True), [])


def _decoded(raw: bytes, line: int) -> str:
    if b"\0" in raw:
        raise RecordError("holds a NUL character; export the file again", line)
    try:
        return raw.decode()
    except UnicodeDecodeError as e:
        raise RecordError(f"is not in UTF-8 (byte {e.start + 1} of the record); export it as UTF-8", line) from e


def _value(cell: str) -> str:
    """Return a value without the quotation marks that stand inside it; ``NULL`` is none."""
    text = cell.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    return "" if text == "NULL" else text


def _records(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes | RecordError]]:
    """Yield the rows as bytes, those with line breaks in quotation marks in one piece, with the line each begins at.

    A quotation mark that is never closed costs its own row only: the next line that begins with the number of a
    registry begins a row.
    """
    pending: list[bytes] = []
    begin, number, odd, size = 1, 0, False, 0
    while raw := stream.readline(LINE_BYTES + 1):
        number += 1
        if number == 1:
            refuse_other_encodings(raw, name)
            raw = raw.removeprefix(_BOM)
        if len(raw) > LINE_BYTES:
            raise ExportError(
                f"is longer than {LINE_BYTES} bytes; no export has such lines: get it again", name, number
            )
        if pending and odd and (_known(raw) or size + len(raw) > LINE_BYTES or len(pending) >= _RECORD_LINES):
            yield begin, RecordError("opens a quotation mark that is not closed; get the file again", begin)
            pending, odd, size = [], False, 0
        if not pending:
            if not raw.strip():
                continue
            begin = number
        pending.append(raw)
        size += len(raw)
        odd ^= raw.count(b'"') % 2 == 1
        if not odd:
            yield begin, b"".join(pending).rstrip(b"\r\n")
            pending, size = [], 0
    if pending:
        yield begin, RecordError("the file ends inside this record; get it again", begin)


FORMAT = Format(
    key="ictrp-csv",
    label="WHO ICTRP, CSV (untested on a real file)",
    origin=ORIGIN,
    rights=RIGHTS,
    recognise=recognise,
    read=read,
    record=record,
)
