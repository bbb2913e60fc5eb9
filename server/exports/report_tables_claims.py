"""The text of a claim told with the values that the graph has now: each in the place where it is printed.

A value that is as printed leaves the words of the document. One that is not, because the graph was corrected or taken
over with another value, stands in its place. Where several things have their value in one place, as an arm and a
result, one that says otherwise than the text is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.loaders.partial_dates import datatype as dated
from msevidence.loaders.printed_dates import find_date
from msevidence.loaders.text import squash
from msevidence.server.exports.report_tables_model import Piece
from msevidence.server.labels import PREFIXES

MARK = PREFIXES["mse"] + "mark"
GONE = "[…]"
"""Stands where a value was that the graph does not have any more."""
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
_MONTHS: Mapping[str, str] = {
    "en": "January February March April May June July August September October November December",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
}


@dataclass(slots=True)
class Value:
    """A property of a thing whose value is printed in a claim."""

    language: str = ""
    now: set[str] = field(default_factory=set)
    """Its values, as the graph has them: lexical forms."""


@dataclass(slots=True)
class Place:
    """A place in the text of a claim, with the values that are printed there."""

    start: int
    end: int
    values: dict[tuple[str, str], Value] = field(default_factory=dict)
    """By thing and property."""


def pieces(text: str, places: Iterable[Place], language: str, document: str) -> Iterator[Piece]:
    """Yield a claim's text piece by piece.

    Args:
        text: as the claim has it.
        places: where values are printed; one may lie inside another.
        language: of the words that are no quotation; empty where it is the document's.
        document: language of the document, in which dates are written.
    """
    ordered = sorted(places, key=lambda place: (place.start, -place.end))
    yield from _told(text, 0, len(text), ordered, language, document)


def _told(text: str, start: int, end: int, places: Sequence[Place], language: str, document: str) -> Iterator[Piece]:
    at = start
    for n, place in enumerate(places):
        if place.start < at or place.end > end or place.end < place.start:
            continue  # inside one that was told, or across its end
        if text[at : place.start]:
            yield Piece(text[at : place.start], language)
        at = place.end
        own = next((value.language for value in place.values.values() if value.language), "") or language
        if place.start == place.end:
            yield from (Piece(mark, raised=True) for mark in sorted(_marks(place)))
        elif (other := _otherwise(place, text[place.start : place.end], document)) is not None:
            yield Piece(other, own)
        else:
            inner = [p for p in places[n + 1 :] if p.start >= place.start and p.end <= place.end]
            yield from _told(text, place.start, place.end, inner, own, document)
    if text[at:end]:
        yield Piece(text[at:end], language)


def _marks(place: Place) -> set[str]:
    return {mark for (_, property), value in place.values.items() if property == MARK for mark in value.now}


def _otherwise(place: Place, printed: str, document: str) -> str | None:
    """Return what to print in a place where the graph says otherwise than the text; None where it does not."""
    for (_, property), value in sorted(place.values.items()):
        if not value.now:
            return GONE
        if not any(same(now, printed) for now in value.now):
            return written(min(value.now), document) if not property.startswith(PREFIXES["oa"]) else min(value.now)
    return None


def same(value: str, printed: str) -> bool:
    """Say whether a value is the one that is printed: the same words, number or date.

    >>> same("2021-10", "oktober 2021"), same("24.0", "24"), same("120", "110")
    (True, True, False)
    """
    if squash(value) == squash(printed):
        return True
    if _DATE.fullmatch(value) and (found := find_date(printed)) is not None and found[0].value == value:
        return True
    try:
        return float(value) == float(printed.replace(",", "."))
    except ValueError:
        return False


def written(value: str, language: str) -> str:
    """Write a value as a document does: a year and month, or a day, in words; all else as it is.

    >>> written("2021-10", "nb"), written("2028-03-21", "en"), written("120", "nb")
    ('oktober 2021', '21 March 2028', '120')
    """
    months = _MONTHS.get(language, "").split()
    if not months or not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", value) or not dated(value):
        return value
    year, month, *day = value.split("-")
    stop = "." if language == "nb" else ""
    return " ".join([*(f"{int(d)}{stop}" for d in day), months[int(month) - 1], year])
