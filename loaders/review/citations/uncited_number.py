"""uncited-number: a sentence with a number about the world and without support."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.citations.dating import MONTHS
from msevidence.loaders.review.citations.support import cites, in_play, nearby, supported
from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, is_year, numbers
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View

_MONTHS = "|".join(m for names in MONTHS for m in names)
_WHEN = re.compile(
    rf"(?:\b(?:in|since|from|until|during|of|after|before|i|siden|fra|til|etter|før|{_MONTHS})|,)\s$", re.IGNORECASE
)
"""What stands before the year of an event."""
_TIME = {"year", "month", "week", "day", "hour", "minute"}


def about_the_world(text: str, language: str) -> list[Number]:
    """Return the numbers of a text that say how many, how much, how long or when.

    Left out are ``one`` where it may be ``a``, and years of names.

    >>> [n.printed for n in about_the_world("In 2019 one of 110 patients (ICD 2010) relapsed in one year.", "en")]
    ['2019', '110', 'one']
    """
    found = [n for n in numbers(text, language) if not _article(n, language)]
    return [n for n in found if not is_year(n) or _WHEN.search(text[: n.begin])]


def _article(number: Number, language: str) -> bool:
    return number.word and number.value == 1 and noun_kind(number.unit, language) not in _TIME


def _with_unit(text: str, number: Number) -> str:
    """Return a number with what it counts, as printed, where that stands close by."""
    at = text.lower().find(number.unit, number.end, number.end + 40) if number.unit else -1
    if at < 0 or number.percent or is_year(number):
        return number.printed
    return text[number.begin : at + len(number.unit or "")]


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        if not document.pointers:
            continue
        tables: dict[str, list[tuple[Passage, list[Number]]]] = {}
        for passage in in_play(document):
            found = about_the_world(passage.text, passage.language)
            if found and passage.table and not cites(document, passage.table):
                tables.setdefault(passage.table, []).append((passage, found))
            elif found:
                yield _outcome(document, passage, found)
        for table, cells in tables.items():
            yield _of_table(document, table, cells)


def _outcome(document: Document, passage: Passage, found: list[Number]) -> Outcome:
    """A year alone, of an event that many may know of, makes a note."""
    about = tuple(c.iri for c in document.claims_of(passage))
    if supported(document, passage):
        return Outcome(document.iri, False, passage.iri, (passage.iri,), about=about)
    values = [_with_unit(passage.text, n) for n in found]
    listed = ", ".join(dict.fromkeys(values))
    english, norwegian = f"Stated without a reference: {listed}", f"Oppgitt uten referanse: {listed}"
    near = nearby(document, passage)
    if near:
        english, norwegian = f"{english}; {near.english}", f"{norwegian}; {near.norwegian}"
    return Outcome(
        document.iri,
        True,
        passage.iri,
        (passage.iri, near.passage.iri) if near else (passage.iri,),
        f"{english}.",
        f"{norwegian}.",
        tuple(Compared("number without reference", "tall uten referanse", v, passage.iri) for v in values),
        about,
        Severity.NOTE if near or all(is_year(n) for n in found) else None,
    )


def _of_table(document: Document, iri: str, cells: list[tuple[Passage, list[Number]]]) -> Outcome:
    """Return one outcome for all cells of a table that cites nothing anywhere."""
    caption = next(t.caption for t in document.tables if t.iri == iri)
    passages = tuple(p.iri for p, _ in cells)
    places = (caption.iri, *passages) if caption else passages
    if all(supported(document, p) for p, _ in cells) or (caption and supported(document, caption)):
        return Outcome(document.iri, False, iri, places)
    values = list(dict.fromkeys(n.printed for _, found in cells for n in found))
    listed = ", ".join(values[:5]) + (" …" if len(values) > 5 else "")
    return Outcome(
        document.iri,
        True,
        iri,
        places,
        f"The table has numbers in {len(cells)} cells and no reference: {listed}.",
        f"Tabellen har tall i {len(cells)} celler og ingen referanse: {listed}.",
        tuple(
            Compared("number without reference", "tall uten referanse", n.printed, p.iri) for p, f in cells for n in f
        ),
        tuple(c.iri for p, _ in cells for c in document.claims_of(p)),
    )


RULE = Rule(
    "uncited-number",
    Severity.WARNING,
    "numbered citations, and sentences with numbers that are not its own results",
    "nummererte siteringer, og setninger med tall som ikke er egne resultater",
    _check,
    file="loaders/review/citations/uncited_number.py",
)
