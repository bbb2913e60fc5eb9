"""Dates of exports: ISO 8601 with or without time, ``20260510``, ``10/05/2026``, and the names of months.

What is no date at all (``Not applicable``) keeps its printed form alone; a date that the calendar does not have is a
fault of its record, because nobody can tell what was meant.
"""

import re

from msevidence.loaders import partial_dates
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.records import Dated
from msevidence.loaders.printed_dates import find_date

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?: .*)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})(?:/(\d{1,2}))?/*(?: .*)?", re.ASCII)

_ENDS = re.compile(r"$|[\s,.;()\[\]]")
"""What may stand after a date: ``2024/May`` is not the year alone."""


def read_date(printed: str, field: str, *, kind: str | None = None, month_first: bool = False) -> Dated:
    """Return a date as printed and as read.

    ``month_first`` says how dates with slashes or hyphens are meant where the year stands last: ``05/31/2026``.

    Raises RecordError for a date that does not exist.

    >>> read_date("2024-02", "start")
    Dated(printed='2024-02', value='2024-02', kind=None)
    >>> read_date("Not applicable", "start").value is None
    True
    """
    text = printed.strip()
    value: str | None = None
    if match := _ISO.fullmatch(text) or _PACKED.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        value = _joined(*match.groups())
    elif match := _SLASHED.fullmatch(text):
        first, _, second, year = match.groups()
        value = _joined(year, first, second) if month_first else _joined(year, second, first)
    else:
        try:
            found = find_date(text)
        except ValueError as e:
            raise RecordError(f"{printed!r} is no date of the calendar; correct it in the source", field=field) from e
        if found is None or text[: found[1]].strip() or not _ENDS.match(text, found[2]):
            return Dated(printed, None, kind)
        value = found[0].value
    try:
        partial_dates.last_day(value)
    except ValueError as e:
        raise RecordError(f"{printed!r} is no date of the calendar; correct it in the source", field=field) from e
    return Dated(printed, value, kind)


def _joined(year: str, month: str | None = None, day: str | None = None) -> str:
    parts = [year, *(p.zfill(2) for p in (month, day) if p is not None and int(p))]
    return "-".join(parts)


def find_day(text: str, *, month_first: bool = False) -> str | None:
    """Return the day that a text is, or holds, ``None`` where there is none.

    >>> find_day("ClinicalTrials.gov processed this data on May 11, 2018")
    '2018-05-11'
    >>> find_day("06/29/2026 09:03:08", month_first=True)
    '2026-06-29'
    """
    try:
        value = read_date(text, "", month_first=month_first).value
        if value is None:
            found = find_date(text)
            value = found[0].value if found else None
    except (RecordError, ValueError):
        return None
    return value if value is not None and len(value) == len("2018-05-11") else None
