"""When a cited work came out, and what points in time a sentence tells of, as partial dates."""

import re

from rdflib import DCTERMS

from msevidence.loaders.partial_dates import last_day
from msevidence.loaders.review.numbers import is_year, numbers
from msevidence.loaders.review.view import Reference
from msevidence.ontology.namespaces import MSE

MONTHS = (
    ("january", "januar"),
    ("february", "februar"),
    ("march", "mars"),
    ("april", "april"),
    ("may", "mai"),
    ("june", "juni"),
    ("july", "juli"),
    ("august", "august"),
    ("september", "september"),
    ("october", "oktober"),
    ("november", "november"),
    ("december", "desember"),
)
_MONTH = {name: i for i, names in enumerate(MONTHS, 1) for name in names}
_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s)?\b(?P<month>{'|'.join(_MONTH)})(?:\s(?P<us>\d{{1,2}}),)?"
    r",?\s(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:by|until|before|within|towards|version|innen|inntil|før|frem mot|versjon)"
    r"(?:\s(?:the\s)?(?:end|start|beginning|slutten|starten|utgangen)\s(?:of|av))?\s$",
    re.IGNORECASE,
)
_NONE_SINCE = re.compile(r"\b(?:no|not|never|ingen|ikke|aldri)\b[^.;,]*\b(?:since|siden)\s$", re.IGNORECASE)
_PLANNED = re.compile(
    r"\b(?:will|would|plan(?:s|ned)?|expect(?:s|ed)?|estimated (?:completion|end|study)|anticipate[sd]?|scheduled"
    r"|projected|forecast\w*|unlikely|likely|goals?|targets?|vil|skal|planlagt|plan(?:en|er)?|forvente[srt]*|ventes"
    r"|ventet|avsluttes|prognose\w*|mål(?:et)?)\b",
    re.IGNORECASE,
)


def published(reference: Reference) -> str | None:
    """Return when a work came out, as precise as known; of a page without a date, when it was read.

    Where entry and record name different years, the later one is taken. Of a number without an entry, it is the date
    of the publication that the document is inferred to mean.
    """
    things = reference.thing.things
    named = [reference.publication] if reference.publication else []
    if reference.missing:
        named += [p for t in things.pointing(MSE.about, reference.iri) for p in t.values(MSE.infersPublication)]
    values = [reference.thing.value(MSE.published), reference.thing.value(MSE.year)]
    for publication in map(things.get, named):
        values += [publication.value(MSE.published), publication.value(DCTERMS.issued)]
    dates = [v for v in values if v and is_date(v)]
    if dates:
        return max(dates, key=lambda d: (last_day(d), len(d)))
    return reference.thing.value(MSE.accessed)


def printed_date(reference: Reference) -> str | None:
    """Return when a work came out as its entry prints it, whatever its record says."""
    values = (reference.thing.value(MSE.published), reference.thing.value(MSE.year))
    return next((v for v in values if v and is_date(v)), None)


def first_day(date: str) -> str:
    """Return the first day of a partial date.

    >>> first_day("2016-03")
    '2016-03-01'
    """
    return date + "-01-01"[len(date) - 10 :] if len(date) < 10 else date


def told(text: str, language: str) -> list[tuple[str, str, int]]:
    """Return the points in time that a text tells of as past or present: partial date, as printed, offset.

    Plans, and years that only bound something (``by 2030``), are left out.

    >>> told("As of November 2023, 88 were included; results will come in 2026.", "en")
    [('2023-11', 'November 2023', 6)]
    """
    found = []
    for clause in re.finditer(r"[^;:]+", text):
        if _PLANNED.search(clause[0]):
            continue
        taken: list[tuple[int, int]] = []
        for match in _DATE.finditer(clause[0]):
            taken.append(match.span())
            if not _BOUND.search(clause[0][: match.start()]):
                date = f"{match['year']}-{_MONTH[match['month'].lower()]:02d}"
                found.append((date, match[0], clause.start() + match.start()))
        for number in numbers(clause[0], language):
            inside = any(b <= number.begin < e for b, e in taken)
            before = clause[0][: number.begin]
            if is_year(number) and not inside and not _BOUND.search(before) and not _NONE_SINCE.search(before):
                year = str(number.high or number.value)
                found.append((year, number.printed, clause.start() + number.begin))
    return sorted(found, key=lambda f: f[2])


def is_date(value: str) -> bool:
    """Say whether a text is a partial date that exists."""
    try:
        last_day(value)
    except ValueError:
        return False
    return True
