"""Dates as sources state them: a year, a year and month, or a day (ISO 8601), and nothing made up in between."""

import re
from calendar import monthrange

_PARTIAL = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_DATATYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def datatype(value: str) -> str:
    """Return the XSD datatype of a partial date: gYear, gYearMonth or date."""
    return _DATATYPES[len(value)]


def last_day(value: str) -> str:
    """Return the last day of a partial date, so that periods can be compared.

    Raises ValueError for a date that does not exist.
    """
    if not _PARTIAL.fullmatch(value):
        raise ValueError(f"{value} is no date; write 2024, 2024-05 or 2024-05-31")
    year, month, day = (*(int(p) for p in value.split("-")), None, None)[:3]
    if not year or (month is not None and not 1 <= month <= 12):
        raise ValueError(f"{value} does not exist; years start at 1, months run from 01 to 12")
    end = monthrange(year, month or 12)[1]
    if day is not None and not 1 <= day <= end:
        raise ValueError(f"{value} does not exist; that month has {end} days")
    return f"{year:04d}-{month or 12:02d}-{day or end:02d}"


def existing(value: str) -> str:
    """Return ``value`` if it is a partial date that exists; raises ValueError otherwise."""
    last_day(value)
    return value
