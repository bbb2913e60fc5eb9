"""The date by which something was expected has passed: at the date of the document already, or by now."""

from collections.abc import Iterator

from msevidence.loaders.review.dates.events import NORWEGIAN, Event, Modality, Told, told
from msevidence.loaders.review.dates.periods import days
from msevidence.loaders.review.dates.registry import Fact, facts, status_label
from msevidence.loaders.review.dates.subjects import Subject, subjects_of
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View

_KINDS = ("reference-entry", "search-line", "link", "heading")


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        for passage in document.passages:
            if passage.kind in _KINDS:
                continue
            expectations = [t for t in told(passage.text) if t.expected]
            if expectations:
                yield _outcome(view, document, passage, expectations)


def _outcome(view: View, document: Document, passage: Passage, expectations: list[Told]) -> Outcome:
    issued = document.issued
    own = days(issued)[0] if issued else None
    before = [t for t in expectations if own is not None and t.period.last < own]
    now = [t for t in expectations if view.as_of is not None and t.period.last < days(view.as_of)[0]]
    passed = before or now
    if not passed:
        return Outcome(document.iri, False, passage.iri, (passage.iri,))
    subject = subjects_of(document).of(passage)
    latest = max(passed, key=lambda t: t.period.last)
    known = facts(subject.registrations, "status") if subject else []
    ends = facts(subject.registrations, "completion") if subject else []
    shown = [*known[-1:], *ends[-1:]]
    if before:
        english = f"The document is of {issued}, and tells “{latest.words}” as still to come: {_when(latest, 'en')}."
        norwegian = (
            f"Dokumentet er fra {issued}, og omtaler «{latest.words}» som noe som skal komme: {_when(latest, 'nb')}."
        )
    else:
        english = f"“{latest.words}”: {_when(latest, 'en')} as of {view.as_of}."
        norwegian = f"«{latest.words}»: {_when(latest, 'nb')} per {view.as_of}."
    if shown:
        english += " " + _registry(subject, shown, "en")
        norwegian += " " + _registry(subject, shown, "nb")
    return Outcome(
        document.iri,
        True,
        passage.iri,
        (passage.iri,),
        english,
        norwegian,
        (
            Compared("expected date", "forventet dato", latest.period.printed, passage.iri),
            Compared("date of the document", "dokumentets dato", issued or "")
            if before
            else Compared("compared with", "sammenlignet med", view.as_of or ""),
            *(
                Compared(f"{f.number} in the registry", f"{f.number} i registeret", f.value, None, f.source)
                for f in shown
            ),
        ),
        tuple([subject.study.iri, *(r.iri for r in subject.registrations)] if subject else ()),
        Severity.WARNING if before else Severity.NOTE,
    )


def _when(one: Told, language: str) -> str:
    date = one.period.printed
    if one.modality is Modality.NOT_BEFORE:
        return f"{date} is over" if language == "en" else f"{date} er over"
    if language == "en":
        what = {
            Event.END: "the expected end",
            Event.START: "the expected start",
            Event.RECRUITMENT_END: "the expected end of recruitment",
            Event.RESULTS: "the date of the expected results",
        }[one.event]
        return f"{what}, {date}, has passed"
    return f"forventet {NORWEGIAN[one.event]}, {date}, er passert"


def _registry(subject: Subject | None, shown: list[Fact], language: str) -> str:
    """Say what the registry holds now, with the day of its record."""
    parts = []
    for fact in shown:
        day = {"en": f" (record of {fact.as_of})", "nb": f" (post fra {fact.as_of})"}[language] if fact.as_of else ""
        if fact.value[:1].isdigit():
            what = {"en": "completion", "nb": "fullføringsdato"}[language] + f" {fact.value}"
        else:
            what = (
                f"status “{status_label(fact, 'en')}”" if language == "en" else f"status «{status_label(fact, 'nb')}»"
            )
        parts.append(f"{fact.number} has {what}{day}" if language == "en" else f"{fact.number} har {what}{day}")
    name = subject.name if subject else ""
    lead = {"en": f"The registry on {name}: ", "nb": f"Registeret om {name}: "}[language]
    return lead + "; ".join(parts) + "."


RULE = Rule(
    "expectation-passed",
    Severity.WARNING,
    "a sentence or cell that says when something is expected",
    "en setning eller celle som sier når noe er ventet",
    _check,
    file="loaders/review/dates/expectation_passed.py",
)
