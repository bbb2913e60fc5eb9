"""uncited-number: a sentence with a number about the world and without support."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.citations.dating import MONTHS
from msevidence.loaders.review.citations.support import cites, in_play, nearby, supported
from msevidence.loaders.review.citations.words import OPINION
from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, is_year, numbers
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View

_MONTHS = "|".join(m for names in MONTHS for m in names)
_WHEN = re.compile(
    rf"(?:\b(?:in|since|from|until|during|of|after|before|i|siden|fra|til|etter|før|{_MONTHS})|,)\s$", re.IGNORECASE
)
"""What stands before the year of an event."""
_SYMBOL = r"(?:[\u0370-\u03ff]|(?<![\w'’])[A-MO-Za-mo-oq-z](?![\w'’.-]))"
_FORMULA_BEFORE = re.compile(rf"(?:{_SYMBOL}\s?[-−–+×*/^=<>≤≥]|\d\s?×|§)\s?$")
_FORMULA_AFTER = re.compile(rf"\s?[-−–+×*/^]\s?{_SYMBOL}|\s?×\s?\d|-?[A-Z](?![a-z]+ing\b)")
"""What stands beside a number of a formula (``1 - β``), a name (``5-HT2A``) or a paragraph of a law."""
_NAME_BEFORE = re.compile(r"\b[A-ZÆØÅ]{3,}\s$|\b[Vv]\.\s?$")
"""A short name that a number belongs to: ``MDG 6``, ``V.2.0``."""
_MARK = re.compile(r"\s?[).]\s")
"""What stands after the number of an item of a list, ``2) to compare``."""
_AGE_AFTER = re.compile(
    r"\s?[- ](?:years?|months?)[- ](?:of age|olds?)\b|\s?år (?:gamle?|gammel)\b|-åring", re.IGNORECASE
)
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages|alder(?:en)?)(?:\s(?:between|from|mellom|fra|of|på))?\s$", re.IGNORECASE)
"""What stands beside an age that says of whom something is told."""
_SUPPOSED = re.compile(
    r"(?:(?:let us|for example,?|for instance,?|now,?|here,?|la oss|for eksempel)\s)*(?:also\s)?"
    r"(?:suppose|consider|imagine|assum(?:e|ing)|tenk|anta|sett)\b",
    re.IGNORECASE,
)
"""The beginning of a sentence that supposes something."""
_ITEM_NUMBER = re.compile(r"(?:#|no\.?|nr\.?|item(?: no\.?| number)?|number|nummer|punkt)", re.IGNORECASE)
_FEW = 10
"""Up to this, a number printed as a word may count what the text itself tells: ``two approaches``."""
_TIME = {"year", "month", "week", "day", "hour", "minute"}


def about_the_world(text: str, language: str) -> list[Number]:
    """Return the numbers of a text that say how many, how much, how long or when.

    Left out are ``one`` where it may be ``a``, years of names, ages that tell who is meant, and formulas.

    >>> [n.printed for n in about_the_world("In 2019 one of 110 patients (ICD 2010) relapsed in one year.", "en")]
    ['2019', '110', 'one']
    >>> about_the_world("In a 2 × 2 table, 1 - β is the power; 5-HT1A is a receptor of adults aged 40 years.", "en")
    []
    """
    found = [n for n in numbers(text, language) if not _article(n, language) and not _otherwise(text, n)]
    return [n for n in found if not is_year(n) or _WHEN.search(text[: n.begin])]


def _otherwise(text: str, number: Number) -> bool:
    """Say whether a number is one of a formula, a name, a list or an age."""
    before, after = text[: number.begin], text[number.end :]
    if after.startswith(")") and before.count("(") <= before.count(")"):
        return True  # "1) to ask, 2) to answer"
    if _NAME_BEFORE.search(before) and noun_kind(number.unit) is None and not number.percent:
        return True
    if _FORMULA_BEFORE.search(before) or _AGE_BEFORE.search(before) or (not before and _MARK.match(after)):
        return True
    return bool(_FORMULA_AFTER.match(after) or _AGE_AFTER.match(after))


def _article(number: Number, language: str) -> bool:
    return number.word and number.value == 1 and noun_kind(number.unit, language) not in _TIME


def _few(number: Number, language: str) -> bool:
    kind = noun_kind(number.unit, language)
    return number.word and number.value <= _FEW and not number.percent and kind in (None, "item", "group")


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
        numbering = {(t.iri, c) for t in document.tables for c in t.columns if _ITEM_NUMBER.fullmatch(t.text(0, c))}
        for passage in in_play(document):
            if (passage.table, passage.column) in numbering or _SUPPOSED.match(passage.text):
                continue
            found = about_the_world(passage.text, passage.language)
            if found and passage.table and not cites(document, passage.table):
                tables.setdefault(passage.table, []).append((passage, found))
            elif found:
                yield _outcome(document, passage, found)
        for table, cells in tables.items():
            yield _of_table(document, table, cells)


def _outcome(document: Document, passage: Passage, found: list[Number]) -> Outcome:
    """A year alone, of an event that many may know of, makes a note; so does a word for a few of anything."""
    about = tuple(c.iri for c in document.claims_of(passage))
    if supported(document, passage):
        return Outcome(document.iri, False, passage.iri, (passage.iri,), about=about)
    values = [_with_unit(passage.text, n) for n in found]
    listed = ", ".join(dict.fromkeys(values))
    english, norwegian = f"Stated without a reference: {listed}", f"Oppgitt uten referanse: {listed}"
    near = nearby(document, passage)
    opinion = OPINION.search(passage.text) is not None
    if near:
        english, norwegian = f"{english}; {near.english}", f"{norwegian}; {near.norwegian}"
    elif opinion:
        english += "; the text says that it is the authors' opinion"
        norwegian += "; teksten sier at det er forfatternes mening"
    return Outcome(
        document.iri,
        True,
        passage.iri,
        (passage.iri, near.passage.iri) if near else (passage.iri,),
        f"{english}.",
        f"{norwegian}.",
        tuple(Compared("number without reference", "tall uten referanse", v, passage.iri) for v in values),
        about,
        Severity.NOTE if near or opinion or all(is_year(n) or _few(n, passage.language) for n in found) else None,
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
        f"The table has numbers in {len(cells)} {'cell' if len(cells) == 1 else 'cells'} and no reference: {listed}.",
        f"Tabellen har tall i {len(cells)} {'celle' if len(cells) == 1 else 'celler'} og ingen referanse: {listed}.",
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
