"""support-too-early: works that are all older than the event or value that they are cited for."""

import re
from collections.abc import Iterator

from rdflib import DCTERMS

from msevidence.loaders.partial_dates import last_day
from msevidence.loaders.review.citations.dating import MONTHS, first_day, printed_date, published, told
from msevidence.loaders.review.citations.support import reports_own_data
from msevidence.loaders.review.citations.words import OWN_WORK
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, Pointer, View
from msevidence.loaders.text import fold_dashes
from msevidence.ontology.namespaces import MSE

_TOOL = re.compile(
    r"(?:criteri(?:a|on)|scales?|questionnaires?|methods?|models?|software|packages?|checklists?|ind(?:ex|ices)|scores?"
    r"|instruments?|tools?|definitions?|classifications?|kriterie\w*|skala\w*|spørreskjema\w*|metode\w*|modell\w*"
    r"|programvare\w*|sjekkliste\w*|indeks\w*|verktøy\w*|definisjon\w*|klassifikasjon\w*)\s?$",
    re.IGNORECASE,
)
"""What stands before the marker of a work that was used, not cited for what happened."""


_NAMED_WORK = re.compile(
    rf"(?:\bet al\.?,?\s\(?|(?<![\w-])(?!(?:{'|'.join(m for names in MONTHS for m in names)})\b)"
    r"(?-i:[^\W\d_a-zæøåäöü])[\w’'-]+(?:,\s|\s\())$",
    re.IGNORECASE,
)
"""What stands before the year of a work that is cited by its author: ``Berg et al, 2004``, ``Dahl (2010)``."""


def of_named_work(text: str, offset: int) -> bool:
    """Say whether the year at an offset is that of a work cited by its author, and no point in time.

    >>> of_named_work("as shown later (Berg et al, 2004)", 28), of_named_work("In March, 2004", 10)
    (True, False)
    """
    return _NAMED_WORK.search(text[:offset]) is not None


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        own = reports_own_data(document)
        for passage in document.passages:
            # what the authors did themselves may be newer than the method that they cite for it
            if own and ("methods" in document.section_roles(passage) or OWN_WORK.search(passage.text)):
                continue
            if document.pointers_of.get(passage.iri):
                yield from _by_words(document, passage)
        for decision in document.of(MSE.Decision):
            yield from _by_decision(document, decision)


def _by_words(document: Document, passage: Passage) -> Iterator[Outcome]:
    """Compare the dates that a passage tells with the works cited after them; one outcome a passage."""
    pointers = document.pointers_of[passage.iri]
    places = _places(passage, pointers)
    pointers = [p for p in pointers if not _TOOL.search(passage.text[: places[p.iri]])]
    outcomes = []
    for date, printed, offset in told(passage.text, passage.language):
        if document.issued and first_day(date) > last_day(document.issued):
            continue
        if of_named_work(passage.text, offset):
            continue
        after = [p for p in pointers if places[p.iri] >= offset]
        outcome = _outcome(document, passage, after or pointers, date, printed, passage.iri)
        if outcome:
            outcomes.append(outcome)
    if outcomes:
        yield next((o for o in outcomes if o.broken), outcomes[0])


def _by_decision(document: Document, decision: Thing) -> Iterator[Outcome]:
    """Compare the date of a decision that a document tells without one with the works that it cites for it.

    The date is that which another document prints for the same decision.
    """
    key = decision.value(MSE.decisionKey)
    if decision.value(MSE.date) or key is None:
        return
    tellings = [d for d in document.things.of_class(MSE.Decision) if d.value(MSE.decisionKey) == key]
    dated = [d for d in tellings if d.value(MSE.date) and d.value(MSE.inDocument) != document.iri]
    for passage in document.stated(decision):
        pointers = document.pointers_of.get(passage.iri, [])
        for other in dated[:1]:
            date, printed = other.value(MSE.date) or "", other.value(MSE.printedDate) or ""
            places = other.values(MSE.statedIn)
            outcome = _outcome(document, passage, pointers, date, printed, decision.iri, other, places)
            if outcome:
                yield outcome


def _outcome(
    document: Document,
    passage: Passage,
    pointers: list[Pointer],
    date: str,
    printed: str,
    focus: str,
    other: Thing | None = None,
    places: list[str] | None = None,
) -> Outcome | None:
    """``other`` is the telling of another document that has the date. ``None`` where a cited work has no date."""
    works = [document.references[p.reference] for p in pointers if p.reference in document.references]
    dates = [published(w) for w in works]
    if not works or len(works) < len(pointers) or not all(dates):
        return None
    newest = max((d for d in dates if d), key=last_day)
    about = tuple(dict.fromkeys(w.publication for w in works if w.publication))
    recorded = None
    if first_day(date) <= last_day(newest):
        as_printed = [printed_date(w) or d or "" for w, d in zip(works, dates, strict=True)]
        recorded, newest = newest, max(as_printed, key=last_day)
        dates = list(as_printed)
    if (other is not None and recorded) or first_day(date) <= last_day(newest):
        return Outcome(document.iri, False, focus, (passage.iri,), about=about)
    markers = ", ".join(dict.fromkeys(p.marker or f"({p.number})" for p in pointers))
    entries = [p for w, d in zip(works, dates, strict=True) if d == newest for p in w.passages]
    if other is None:
        english = f"The sentence tells of {printed}; what it cites for it, {markers}, is not newer than {newest}."
        norwegian = f"Setningen forteller om {printed}; det den siterer for det, {markers}, er ikke nyere enn {newest}."
        if recorded:
            english = f"{english[:-1]} as printed; by its record it is of {recorded}."
            norwegian = f"{norwegian[:-1]} slik det er trykt; ifølge posten er det fra {recorded}."
    else:
        where = document.things.get(other.value(MSE.inDocument) or "").value(DCTERMS.title) or ""
        english = f"The decision is of “{printed}” by “{where}”; what is cited, {markers}, is not newer than {newest}."
        norwegian = (
            f"Beslutningen er fra «{printed}» ifølge «{where}»; det som siteres, {markers}, er ikke nyere enn {newest}."
        )
    return Outcome(
        document.iri,
        True,
        focus,
        tuple(dict.fromkeys([passage.iri, *(p.iri for p in entries), *(places or [])])),
        english,
        norwegian,
        (
            Compared("told", "fortalt", printed, (places or [passage.iri])[0]),
            Compared(
                "newest cited work",
                "nyeste siterte verk",
                newest,
                entries[0].iri if entries else None,
                None if entries else works[0].publication,
            ),
        ),
        about,
        # in print and online one work can have two years
        Severity.NOTE if recorded and int(recorded[:4]) - int(newest[:4]) < _TWO_YEARS else None,
    )


_TWO_YEARS = 2


def _places(passage: Passage, pointers: list[Pointer]) -> dict[str, int]:
    """Return the offset of the marker of each pointer in the text of its passage; the end of an inherited one."""
    text, places, at = fold_dashes(passage.text), {}, 0
    starts: dict[int | None, int] = {}
    for pointer in pointers:
        if pointer.start not in starts:
            found = text.find(fold_dashes(pointer.marker), at) if pointer.marker else -1
            starts[pointer.start] = found if found >= 0 else len(text)
            at = found + 1 if found >= 0 else at
        places[pointer.iri] = starts[pointer.start]
    return places


RULE = Rule(
    "support-too-early",
    Severity.WARNING,
    "sentences that tell of a date and cite a work whose date is known",
    "setninger som forteller om en dato og siterer et verk med kjent dato",
    _check,
    file="loaders/review/citations/support_too_early.py",
)
