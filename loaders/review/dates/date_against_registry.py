"""A start or an end of a study that is not the registry's."""

from collections.abc import Iterator

from msevidence.loaders.review.dates.events import NORWEGIAN, Event, Told, is_of_study, told
from msevidence.loaders.review.dates.periods import Period, days
from msevidence.loaders.review.dates.registry import Fact, facts
from msevidence.loaders.review.dates.subjects import Subject, subjects_of
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View

_KINDS = ("reference-entry", "search-line", "link", "heading")


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        subjects = subjects_of(document)
        for passage in document.passages:
            if passage.kind in _KINDS:
                continue
            for one in told(passage.text):
                subject = subjects.of(passage) if one.event in (Event.START, Event.END) else None
                if subject is not None and (passage.table or is_of_study(one, subject.name)):
                    yield from _compare(document, passage, one, subject)


def _compare(document: Document, passage: Passage, one: Told, subject: Subject) -> Iterator[Outcome]:
    names = ("start",) if one.event is Event.START else ("completion", "primary")
    known = [f for name in names for f in facts(subject.registrations, name)]
    if not known:
        return
    period = one.period
    agreeing = [f for f in known if _same(period, f.value)]
    ends = [f for f in known if f in facts(subject.registrations, names[0])] or known
    newest = max(ends, key=lambda f: f.as_of or "")
    issued = days(document.issued)[1] if document.issued else None
    # A plan moves: what a record held only later says nothing against what the document could know, and what it held
    # once may be what the document is from. Of what is past, any record will do.
    newest_of = {(f.registration.iri, name): f for name in names for f in facts(subject.registrations, name)}
    if one.expected and not any(f in newest_of.values() for f in agreeing):
        once = agreeing
        agreeing = []
    else:
        once = []
    moved = one.expected and issued is not None and (bool(once) or not any(f.known_at(issued) for f in known))
    about = (subject.study.iri, newest.registration.iri)
    if agreeing:
        yield Outcome(document.iri, False, passage.iri, _passages(document, passage, subject), about=about)
        return
    what = "start" if one.event is Event.START else "end"
    record = f" (record of {newest.as_of})" if newest.as_of else ""
    post = f" (post fra {newest.as_of})" if newest.as_of else ""
    tail = hale = ""
    if once:
        tail, hale = f" It once had {once[-1].value}.", f" Den hadde tidligere {once[-1].value}."
    elif moved:
        tail = " The record is later than the document, and plans move."
        hale = " Posten er nyere enn dokumentet, og planer endres."
    yield Outcome(
        document.iri,
        True,
        passage.iri,
        _passages(document, passage, subject),
        f"The document gives the {what} of {subject.name} as {period.printed}; "
        f"{newest.number} has {newest.value}{record}.{tail}",
        f"Dokumentet oppgir {NORWEGIAN[one.event]} for {subject.name} som {period.printed}; "
        f"{newest.number} har {newest.value}{post}.{hale}",
        (
            Compared(f"{what} as printed", f"{NORWEGIAN[one.event]} som trykt", period.printed, passage.iri),
            *(Compared(f"in {f.number}", f"i {f.number}", f.value, None, f.source) for f in _distinct(known)),
        ),
        about,
        Severity.NOTE if moved else Severity.WARNING,
    )


def _same(period: Period, value: str) -> bool:
    """Say whether a printed period and a recorded date can be one: they overlap as far as both are known."""
    first, last = days(value)
    if period.is_range:
        return first <= period.last and last >= period.first
    size = min(len(value), 4 if period.first[:4] + "-12-31" == period.last else 7)
    if size == 4 or period.first[:7] != period.last[:7]:
        return first <= period.last and last >= period.first
    return value[:size] == period.first[:size]


def _passages(document: Document, passage: Passage, subject: Subject) -> tuple[str, ...]:
    places = {passage.iri: passage}
    if subject.named is not None:
        places[subject.named.iri] = subject.named
    return tuple(p.iri for p in sorted(places.values(), key=lambda p: p.ordinal))


def _distinct(known: list[Fact]) -> list[Fact]:
    return list({(f.number, f.value): f for f in known}.values())


RULE = Rule(
    "date-against-registry",
    Severity.WARNING,
    "the start or end of a study whose registry record is known",
    "start eller slutt for en studie med kjent registerpost",
    _check,
    file="loaders/review/dates/date_against_registry.py",
)
