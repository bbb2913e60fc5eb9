"""Periods as texts print them, read into a first and a last day: a day, month or year, part of a year, or a range.

Read are, in English and Norwegian, the dates of :mod:`msevidence.loaders.printed_dates`, parts of a year (``the second
half of 2026``, ``andre halvår 2026``, ``Q3 2024``, ``slutten av 2024``), ranges (``2014-2021``, ``between May 2005 and
June 2010``, ``fra 2014 til 2021``), and what is open on one side (``from 2014``, ``f.o.m. 2014``, ``until May 2014``).
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from msevidence.loaders.partial_dates import last_day
from msevidence.loaders.printed_dates import DATE, find_date

# Parts of a year, each with its first and last month.
_PARTS = (
    (r"(?:first|1st)\shalf\sof|første\s(?:halvår|halvdel)(?:\s(?:av|i))?|H1", 1, 6),
    (r"(?:second|2nd|latter|last)\shalf\sof|(?:andre|annet|siste)\s(?:halvår|halvdel)(?:\s(?:av|i))?|H2", 7, 12),
    (r"(?:first|1st)\squarter\sof|(?:første|1\.)\skvartal(?:\s(?:av|i))?|Q1", 1, 3),
    (r"(?:second|2nd)\squarter\sof|(?:andre|2\.)\skvartal(?:\s(?:av|i))?|Q2", 4, 6),
    (r"(?:third|3rd)\squarter\sof|(?:tredje|3\.)\skvartal(?:\s(?:av|i))?|Q3", 7, 9),
    (r"(?:fourth|4th|last)\squarter\sof|(?:fjerde|siste|4\.)\skvartal(?:\s(?:av|i))?|Q4", 10, 12),
    (r"early(?:\sin)?|(?:the\s)?(?:beginning|start)\sof|tidlig(?:\si)?|begynnelsen\sav|starten\sav", 1, 4),
    (r"mid-?|(?:the\s)?middle\sof|midten\sav|medio", 5, 8),
    (r"late(?:\sin)?|(?:the\s)?end\sof|sent\si|slutten\sav|utgangen\sav|ultimo", 9, 12),
    (r"spring(?:\sof)?|våren", 3, 5),
    (r"summer(?:\sof)?|sommeren", 6, 8),
    (r"autumn(?:\sof)?|fall\sof|høsten", 9, 11),
)
_PART = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<p{i}>{words})" for i, (words, _, _) in enumerate(_PARTS))
    + r")\s?(?P<year>(?:19|20)\d\d)(?![\w-])",
    re.I,
)
_YEARS = re.compile(r"(?<![\w./-])((?:19|20)\d\d)\s?[-–]\s?((?:19|20)\d\d)(?![\w-])")
_JOIN = re.compile(
    r"\s?(?P<join>and|og|to|til(?:\sog\smed)?|until|till|through|up\sto|t\.?o\.?m\.?|-|–)\s(?:the\s)?", re.I
)
_BETWEEN = re.compile(r"\b(?:between|mellom)\s(?:the\s(?:years?\s)?|årene\s)?$", re.I)
# A four-digit number is no year where it counts something.
_COUNTED_BEFORE = re.compile(r"(?:[=<>≤≥×±]|\bn)\s?$", re.I)
_COUNTED_AFTER = re.compile(
    r"\s?(?:%|mg|ml|g\b|kg|×|patient|pasient|participant|deltak|deltag|person|women|men\b|child|people|subjects|cases"
    r"|studi|articles|records|references|referanse|treff|hits|simulations|samples|iterations|replications|dataset)",
    re.I,
)
_FROM = re.compile(
    r"\b(?P<word>since|from(?:\sand\sincluding)?|as\s(?:of|from)|starting\s(?:in|from)|after|fra(?:\sog\smed)?|f\.?\s?o\.?\s?m\.?"
    r"|siden|etter|tidligst)\s(?:the\syear\s|år\s|året\s)?$",
    re.I,
)
_TO = re.compile(
    r"\b(?P<word>until|till|up\s(?:to|until)|to|through|before|by|within|no\slater\sthan|prior\sto|til(?:\sog\smed)?|t\.?o\.?m\.?"
    r"|fr[ae]m\stil|inntil|før|innen|senest)\s(?:the\s|år\s|året\s)?$",
    re.I,
)
_LATER = re.compile(r"\s?(?:or|and|eller|og)\s(?:later|after|newer|senere|nyere)\b|\s?onwards?\b|\sog\sutover\b", re.I)
_EARLIER = re.compile(r"\s?(?:or|and|eller|og)\s(?:earlier|before|tidligere|før)\b", re.I)


@dataclass(frozen=True)
class Period:
    """A printed time: its first and last day (ISO), and where it stands in the text."""

    first: str
    last: str
    printed: str
    begin: int
    end: int
    last_from: str
    """First day of what the period ends with: of 2014-2021, 2021-01-01."""

    @property
    def years(self) -> tuple[int, int]:
        return int(self.first[:4]), int(self.last[:4])

    @property
    def is_range(self) -> bool:
        """Whether two dates are printed, its ends."""
        return self.first != self.last_from


@dataclass(frozen=True)
class Window:
    """A time that something must lie in; ``None`` where it is open."""

    first: str | None
    last: str | None
    printed: str
    begin: int
    end: int
    last_from: str | None = None


def first_day(value: str) -> str:
    """Return the first day of a partial date."""
    return value + "-01-01"[len(value) - 4 :] if len(value) < 10 else value


def days(value: str) -> tuple[str, str]:
    """Return first and last day of a partial date. Raises ValueError where there is no such date."""
    return first_day(value), last_day(value)


def periods(text: str) -> list[Period]:
    """Return the periods of a text in order; the two ends of a range make one.

    >>> [(p.first, p.last) for p in periods("unlikely before the second half of 2026")]
    [('2026-07-01', '2026-12-31')]
    """
    found = sorted([*_parts(text), *_years(text)], key=lambda p: p.begin)
    place = 0
    singles: list[Period] = []
    for period in [*found, None]:
        singles += _dates(text, place, period.begin if period else len(text))
        if period:
            singles.append(period)
            place = period.end
    return _joined(text, singles)


def windows(text: str) -> list[Window]:
    """Return the windows of a text in order: ranges, and what is open on one side.

    >>> [(w.first, w.last) for w in windows("published from 2014")]
    [('2014-01-01', None)]
    """
    found = []
    for p in periods(text):
        before, after = text[: p.begin], text[p.end :]
        opening, closing = _FROM.search(before), _TO.search(before)
        if p.is_range:
            found.append(Window(p.first, p.last, p.printed, p.begin, p.end, p.last_from))
        elif later := _LATER.match(after):
            found.append(Window(p.first, None, p.printed + later.group(), p.begin, p.end + later.end()))
        elif earlier := _EARLIER.match(after):
            printed = p.printed + earlier.group()
            found.append(Window(None, p.last, printed, p.begin, p.end + earlier.end(), p.last_from))
        elif opening:
            exclusive = opening["word"].lower() in ("after", "etter")
            first = _shift(p.last, 1) if exclusive else p.first
            found.append(Window(first, None, text[opening.start() : p.end], opening.start(), p.end))
        elif closing:
            exclusive = closing["word"].lower() in ("before", "før", "prior to")
            last = _shift(p.first, -1) if exclusive else p.last
            begin = closing.start()
            found.append(Window(None, last, text[begin : p.end], begin, p.end, min(p.last_from, last)))
    return found


def _parts(text: str) -> list[Period]:
    found = []
    for match in _PART.finditer(text):
        number = next(i for i in range(len(_PARTS)) if match[f"p{i}"])
        _, first, last = _PARTS[number]
        begin = days(f"{match['year']}-{first:02}")[0]
        found.append(
            Period(begin, last_day(f"{match['year']}-{last:02}"), " ".join(match.group().split()), *match.span(), begin)
        )
    return found


def _years(text: str) -> list[Period]:
    return [
        Period(f"{m[1]}-01-01", f"{m[2]}-12-31", m.group(), *m.span(), f"{m[2]}-01-01")
        for m in _YEARS.finditer(text)
        if m[1] <= m[2]
    ]


def _dates(text: str, begin: int, end: int) -> list[Period]:
    found = []
    while match := DATE.search(text, begin, end):
        begin = match.end()
        try:
            read = find_date(text, match.start(), end)
        except ValueError:  # the calendar has no such day: nothing can be compared with it
            continue
        if read is None:
            break
        value = read[0].value
        before, after = text[: match.start()], text[match.end() :]
        if value[:2] not in ("19", "20"):
            continue
        if len(value) == 4 and (_COUNTED_BEFORE.search(before) or _COUNTED_AFTER.match(after)):
            continue
        first, last = days(value)
        found.append(Period(first, last, match.group(), *match.span(), first))
    return found


def _joined(text: str, singles: list[Period]) -> list[Period]:
    found: list[Period] = []
    for period in singles:
        before = found[-1] if found else None
        join = _JOIN.fullmatch(text, before.end, period.begin) if before else None
        if before and join and not before.is_range and before.first <= period.first:
            together = join["join"].lower() in ("and", "og")
            if not together or _BETWEEN.search(text[: before.begin]):
                printed = text[before.begin : period.end]
                found[-1] = replace(
                    before, last=period.last, printed=printed, end=period.end, last_from=period.last_from
                )
                continue
        found.append(period)
    return found


def _shift(day: str, by: int) -> str:
    return str(date.fromisoformat(day) + timedelta(days=by))
