"""Dates as documents print them, read into ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` (ISO 8601-1 §5.2).

Read are day before month with stops or a month's name (``23.11.2023``, ``31. mai 2021``, ``12. February 2024``), a
month's name first (``May 31, 2021``, ``Juni, 2021``), year first (``2021-05-31``, ``2019 Jan 15``) and a year alone.
A date with slashes is read only where the year stands first: else nobody can tell day from month in it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from msevidence.loaders.document import PartialDate

# Month names by their first letters, folded; the languages are those of metadata.yaml.
MONTHS: tuple[tuple[str, ...], ...] = (
    ("january", "januar", "januari", "janvier", "enero", "gennaio", "tammikuu", "janeiro", "jan", "jänner"),
    ("february", "februar", "februari", "février", "febrero", "febbraio", "helmikuu", "fevereiro", "feb"),
    ("march", "mars", "märz", "marts", "marzo", "maart", "maaliskuu", "março", "mar"),
    ("april", "avril", "abril", "aprile", "huhtikuu", "apr"),
    ("may", "mai", "maj", "mayo", "maggio", "mei", "toukokuu", "maio"),
    ("june", "juni", "juin", "junio", "giugno", "kesäkuu", "junho", "jun"),
    ("july", "juli", "juillet", "julio", "luglio", "heinäkuu", "julho", "jul"),
    ("august", "augusti", "août", "agosto", "augustus", "elokuu", "aug"),
    ("september", "septembre", "septiembre", "settembre", "syyskuu", "setembro", "sep", "sept"),
    ("october", "oktober", "octobre", "octubre", "ottobre", "lokakuu", "outubro", "oct", "okt"),
    ("november", "novembre", "noviembre", "marraskuu", "novembro", "nov"),
    ("december", "desember", "dezember", "décembre", "diciembre", "dicembre", "joulukuu", "dezembro", "dec", "des"),
)
MONTH_NUMBER = {name: n for n, names in enumerate(MONTHS, 1) for name in names}
_MONTH = "(?P<{}>" + "|".join(sorted(MONTH_NUMBER, key=len, reverse=True)) + r")(?:ta)?\b\.?"
_YEAR = r"(?P<{}>(?:1[5-9]|20)\d\d)(?![\d-])"
DATE = re.compile(
    r"(?<![\w./-])(?:"
    rf"(?P<d1>\d{{1,2}})\.\s?(?P<m1>\d{{1,2}})\.\s?{_YEAR.format('y1')}"
    rf"|(?P<d2>\d{{1,2}})\.?(?:st|nd|rd|th|er)?\s(?:de\s|of\s)?{_MONTH.format('n2')},?\s(?:de\s|of\s)?{_YEAR.format('y2')}"
    rf"|{_MONTH.format('n3')}\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,\s{_YEAR.format('y3')}"
    r"|(?P<y4>(?:1[5-9]|20)\d\d)-(?P<m4>(?:0[1-9]|1[0-2])(?![\d-])|\d{2}(?=-))(?:-(?P<d4>\d{2}))?(?![\d-])"
    r"|(?P<y8>(?:1[5-9]|20)\d\d)/(?P<m8>0[1-9]|1[0-2])/(?P<d8>\d{2})(?![\d/-])"
    rf"|(?P<y5>(?:1[5-9]|20)\d\d)\s{_MONTH.format('n5')}(?:\s(?P<d5>\d{{1,2}})\b)?"
    rf"|{_MONTH.format('n6')},?\s{_YEAR.format('y6')}"
    rf"|{_YEAR.format('y7')}"
    r")",
    re.IGNORECASE,
)


_NOTED: ContextVar[list[str] | None] = ContextVar("impossible dates", default=None)


@contextmanager
def impossible_dates_noted() -> Iterator[list[str]]:
    """Read dates that the calendar does not have as none, and note them as printed, in place of raising."""
    noted: list[str] = []
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def find_date(text: str, begin: int = 0, end: int | None = None) -> tuple[PartialDate, int, int] | None:
    """Return the first date in ``text[begin:end]`` with its place, or ``None``.

    Raises ValueError for a date that the calendar does not have; see :func:`impossible_dates_noted`.

    >>> find_date("Accessed 23.11.2023.")
    (PartialDate(printed='23.11.2023', value='2023-11-23'), 9, 19)
    """
    match = DATE.search(text, begin, len(text) if end is None else end)
    if match is None:
        return None
    fields = {k[0]: v for k, v in match.groupdict().items() if v is not None}
    month = MONTH_NUMBER[fields["n"].lower()] if "n" in fields else int(fields.get("m", 0))
    value = fields["y"]
    if month:
        day = int(fields.get("d", 0))
        try:
            date(int(value), month, day or 1)
        except ValueError as e:
            if (noted := _NOTED.get()) is not None:
                noted.append(match.group())
                return None
            raise ValueError(f"there is no date {match.group()!r}") from e
        value += f"-{month:02}" + (f"-{day:02}" if day else "")
    return PartialDate(match.group(), value), match.start(), match.end()


def parse_date(printed: str) -> PartialDate:
    """Return the date that ``printed`` begins with; the printed form is kept as far as the date goes.

    Raises ValueError where there is none, or none in the calendar.
    """
    found = find_date(printed)
    if found is None or printed[: found[1]].strip():
        raise ValueError(f"{printed!r} is no date")
    return found[0]
