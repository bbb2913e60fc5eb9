"""A search that ran after the date on which searching ended, as the document says, or that looked past its own day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDFS

from msevidence.loaders.review.dates.periods import Period, periods, windows
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE

_SEARCH = r"(?:literature\s)?search(?:es|ing|ed)?|(?:litteratur)?søk(?:et|ene|te|t|ingen)?"
# What says outright when searching ended, in the words of a label, a question or a sentence.
_LAST = re.compile(
    rf"\b(?:last|latest|final|most\srecent|date\sof\s(?:the\s)?(?:last\s)?|siste|seneste|dato\sfor\s(?:siste\s)?)\s?(?:{_SEARCH})\b"
    rf"|\b(?:{_SEARCH})\s(?:\w+\s){{0,3}}?(?:ended|closed|complete[ds]?|concluded|avsluttet|ble\savsluttet|last\s(?:run|updated|performed))\b"
    rf"|\b(?:{_SEARCH})\s(?:date|dato)\b|\bsøkedato\b|\b(?:når|when)\b[^?]*\b(?:{_SEARCH})\b[^?]*\?",
    re.I,
)
_UNTIL = re.compile(
    rf"\b(?:{_SEARCH})\b[^.;]{{0,160}}?\b(?:until|till|up\sto|through|to|til(?:\sog\smed)?|t\.?o\.?m\.?|fr[ae]m\stil|inntil)\s(?:the\s)?$",
    re.I,
)
_IN = re.compile(rf"\b(?:{_SEARCH})\b[^.;]{{0,80}}?\b(?:in|on|i|den|during)\s(?:the\s)?$", re.I)
_PUBLISHED = re.compile(r"\b(?:publi|registr)\w*[^.;]{0,40}$", re.I)
# A search of another document: the one that this updates.
_OTHER = re.compile(
    r"\b(?:previous|earlier|original|prior|former|forrige|tidligere|opprinnelig\w*|skulle\soppdateres|to\sbe\supdated)\b",
    re.I,
)
_UPDATED = re.compile(r"\bupdat\w*|\boppdater\w*|\bre-?run\b|\brepeated\b|\bgjentatt\b|\bagain\b", re.I)
_ROLES = {"methods", "abstract", "key-messages", "summary", "front-matter"}
_FAR = 60  # characters from "last search" to its date


@dataclass(frozen=True)
class _Stated:
    period: Period
    passages: tuple[Passage, ...]
    outright: bool
    """Said to be the end, or the last search; not only when searching was done."""
    label: bool = False
    """So named: "last search", "when was the search ended?"."""
    updated: bool = False
    """Said of a search that brings an earlier one up to date, and so comes after it by right."""


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        ends = list(_ends(document))
        searches = [s for s in document.of(MSE.Search) if s.value(MSE.date)]
        for search in searches:
            yield from _search(document, search, ends)
            yield from _limits(document, search)
        yield from _by_text(document, ends)


def _ends(document: Document) -> Iterator[_Stated]:
    """Yield the passages that say when searching ended, or was done."""
    passages = document.passages
    for place, passage in enumerate(passages):
        if passage.kind in ("reference-entry", "search-line", "link", "figure-text") or _OTHER.search(passage.text):
            continue
        found = list(_in_words(document, passage))
        label = _LAST.search(passage.text)
        following = passages[place + 1] if place + 1 < len(passages) else None
        if label and not found and len(passage.text) < 100 and following and following.section == passage.section:
            dates = periods(following.text)
            if dates and dates[0].begin < 15:
                found.append(_Stated(dates[0], (passage, following), True, True))
        yield from found


def _in_words(document: Document, passage: Passage) -> Iterator[_Stated]:
    roles = document.section_roles(passage)
    for period in periods(passage.text):
        before = passage.text[: period.begin]
        label = list(_LAST.finditer(before))
        if label and len(before) - label[-1].end() <= _FAR:
            yield _Stated(period, (passage,), True, True)
        elif not roles & _ROLES or _PUBLISHED.search(before):
            continue
        elif _UNTIL.search(before) or (period.is_range and re.search(rf"\b(?:{_SEARCH})\b", before, re.I)):
            yield _Stated(period, (passage,), True, False, bool(_UPDATED.search(before)))
        elif _IN.search(before) and not period.is_range:
            yield _Stated(period, (passage,), False, False, bool(_UPDATED.search(passage.text)))


def _search(document: Document, search: Thing, ends: list[_Stated]) -> Iterator[Outcome]:
    """Compare the day of a logged search with what is said of all of them."""
    if not ends:
        return
    day = search.value(MSE.date) or ""
    printed = search.value(MSE.printedDate) or day
    name = search.value(RDFS.label) or "?"
    where = _dated(document, search, day)
    run = periods(printed)
    first = run[0].first if run else day
    covered = any(e.updated and e.period.last >= first for e in ends)
    after = [e for e in ends if first > e.period.last and (e.label or not covered)]
    passages = [*where, *(p for e in after for p in e.passages)]
    if not after:
        yield Outcome(document.iri, False, search.iri, tuple(p.iri for p in where))
        return
    stated = " / ".join(dict.fromkeys(e.period.printed for e in after))
    yield Outcome(
        document.iri,
        True,
        search.iri,
        _ordered(passages),
        f"The search of {name} is dated {printed}; the document says that searching ended or was done in {stated}.",
        f"Søket i {name} er datert {printed}; dokumentet sier at søkingen ble avsluttet eller utført {stated}.",
        (
            Compared("date of the search", "dato for søket", printed, where[0].iri if where else None),
            *(Compared("end of searching", "slutt på søkingen", e.period.printed, e.passages[-1].iri) for e in after),
        ),
        path=str(MSE.date),
    )


def _limits(document: Document, search: Thing) -> Iterator[Outcome]:
    """Compare the limits of a search to years or months with its own day."""
    day = search.value(MSE.date) or ""
    printed = search.value(MSE.printedDate) or day
    lines = {p.iri: p for line in search.all(MSE.hasLine) for p in document.stated(line)}
    for passage in sorted({**lines, **{p.iri: p for p in document.stated(search)}}.values(), key=lambda p: p.ordinal):
        for window in windows(passage.text):
            if window.last_from is None or window.first is None:
                continue
            broken = len(day) == 10 and window.last_from > day
            where = _dated(document, search, day)
            yield Outcome(
                document.iri,
                broken,
                passage.iri,
                _ordered([*where, passage]),
                f"The search was run on {printed}, and its limit is “{window.printed}”: "
                "the limit ends after the day of the search."
                if broken
                else "",
                f"Søket ble kjørt {printed}, og avgrensningen er «{window.printed}»: "
                "avgrensningen slutter etter dagen for søket."
                if broken
                else "",
                (
                    Compared("date of the search", "dato for søket", printed, where[0].iri if where else None),
                    Compared("limit of the search", "avgrensning av søket", window.printed, passage.iri),
                ),
                (search.iri,),
                Severity.NOTE,
            )


def _by_text(document: Document, ends: list[_Stated]) -> Iterator[Outcome]:
    """Compare what passages say of searching with those that say when it ended."""
    for one in ends:
        others = [e for e in ends if e.outright and e is not one and e.passages != one.passages]
        if not others or one.updated:
            continue
        # Of two ends the later is what the earlier does not fit; so each pair is told once.
        after = [e for e in others if one.period.first > e.period.last]
        passages = [*one.passages, *(p for e in after for p in e.passages)]
        stated = " / ".join(dict.fromkeys(e.period.printed for e in after))
        yield Outcome(
            document.iri,
            bool(after),
            one.passages[-1].iri,
            _ordered(passages),
            f"A search is said to be of {one.period.printed}; another passage says that searching ended in {stated}."
            if after
            else "",
            f"Et søk sies å være fra {one.period.printed}; et annet sted står det at søkingen ble avsluttet {stated}."
            if after
            else "",
            (
                Compared("date of searching", "dato for søking", one.period.printed, one.passages[-1].iri),
                *(
                    Compared("end of searching", "slutt på søkingen", e.period.printed, e.passages[-1].iri)
                    for e in after
                ),
            ),
        )


def _dated(document: Document, search: Thing, day: str) -> list[Passage]:
    """Return the passage that prints the day of a search, else all that it is known from."""
    stated = document.stated(search)
    return [p for p in stated if any(q.first == day for q in periods(p.text))][:1] or stated[:1]


def _ordered(passages: list[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.iri for p in sorted(passages, key=lambda p: p.ordinal)))


RULE = Rule(
    "search-after-end",
    Severity.WARNING,
    "a dated search, and a passage that says when searching ended",
    "et datert søk, og et sted som sier når søkingen ble avsluttet",
    _check,
    file="loaders/review/dates/search_after_end.py",
)
