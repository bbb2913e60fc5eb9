"""The review in words: where a passage stands, how many findings there are of each severity, what one compares."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from msevidence.server.i18n import counted, text
from msevidence.server.review_model import CUT, SEVERITIES, Finding, Place, Value


def where(place: Place, language: str = "en") -> str:
    """Return where a passage stands: its table with row and column, or its section; page; and its characters."""
    return f"{stands(place, language)}, {text('place-characters', language, start=place.start, end=place.end)}"


def stands(place: Place, language: str = "en") -> str:
    """Return where a passage stands, for a reader: its table with row and column, or its section; and its page."""
    if place.table and place.row is not None and place.column is not None:
        row = text("place-row", language, row=place.row) if place.row else text("place-head", language)
        at = f"{place.table}, {row}, {text('place-column', language, column=place.column + 1)}"
    else:
        at = place.section or text("place-no-section", language)
    page = f", {text('place-page', language, page=place.page)}" if place.page else ""
    return f"{at}{page}"


def quotation(place: Place) -> str:
    """Return a passage to read, in one line: as printed, or its text where layout or markup cuts the printed words."""
    return place.text if CUT in place.printed else html.unescape(" ".join(place.printed.split()))


def tallied(counts: Mapping[str, int], language: str) -> str:
    """Return counts by severity in words: ``1 error, 2 warnings, 0 notes``."""
    return ", ".join(counted(f"severity-{name}", counts.get(name, 0), language) for name in SEVERITIES)


def new_values(finding: Finding, language: str) -> list[Value]:
    """Return the values that neither the message nor a passage of the finding shows already.

    One from a record or an address is new too, unless a verdict quotes it: what it is from is told with it.
    """
    message = _folded(finding.message.of(language))
    shown = {_folded(words) for place in finding.places for words in (place.text, place.printed)}
    quoted = {_folded(said.source_words) for said in finding.verdicts}
    return [
        value
        for value in finding.values
        if (words := _folded(value.printed)) not in quoted
        and (value.about or value.source or not (words in shown or _stands_in(words, message)))
    ]


def _stands_in(words: str, message: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", message) is not None


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()
