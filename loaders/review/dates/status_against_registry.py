"""A status of a study that is not the registry's, or not that of its own row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msevidence.loaders.review.dates.periods import days
from msevidence.loaders.review.dates.registry import FINISHED, RUNNING, STOPPED, Fact, facts, status_label
from msevidence.loaders.review.dates.status_words import NORWEGIAN, State, heading_state, state, told_states
from msevidence.loaders.review.dates.subjects import Subject, subjects_of
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View

_STUDY = re.compile(r"\b(?:study|trial|studien?|forsøket?)\b", re.I)
_REGISTERED = re.compile(r"\b(?:studies|trials|studier|studiene)\b.*\b(?:regist\w+|\w*register\w*)", re.I)
_KINDS = ("sentence", "list-item", "sidebar", "front-matter")


@dataclass(frozen=True)
class _Against:
    """What speaks against a status."""

    english: str
    norwegian: str
    compared: Compared
    severity: Severity
    passage: Passage | None = None


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        yield from _rows(document)
        yield from _sentences(document)


def _rows(document: Document) -> Iterator[Outcome]:
    """Look at the rows of tables that list studies as completed or ongoing."""
    subjects = subjects_of(document)
    for table in document.tables:
        listed = heading_state(document, table)
        if listed is None:
            continue
        for row, cells in sorted(table.cells.items()):
            first = cells.get(0, [])
            if row == 0 or not first:
                continue
            subject = subjects.row(first[0])
            together = _together(document, listed)
            others = [p for column, cell in sorted(cells.items()) if column for p in cell]
            own = [
                _Against(
                    f"its row says “{words}”",
                    f"raden sier «{words}»",
                    Compared("in the row", "i raden", words, p.iri),
                    Severity.WARNING,
                    p,
                )
                for p in others
                for told, words in told_states(p.text)
                if told is not listed[0]
            ]
            yield from _outcome(document, first[0], listed, subject, own, together=together)
            for part in others:
                found = subjects.of(part)
                if found and found.by == "number" and subject and found.study != subject.study:
                    yield from _outcome(document, part, listed, found, [], first[0])


def _sentences(document: Document) -> Iterator[Outcome]:
    """Look at sentences that call one study completed, stopped or ongoing."""
    subjects = subjects_of(document)
    for passage in document.passages:
        told = state(passage.text) if passage.kind in _KINDS else None
        subject = subjects.of(passage) if told else None
        named = subject is not None and (subject.by in ("number", "name") or _STUDY.search(passage.text))
        if told and subject and named and subject.by in ("number", "name", "description", "before"):
            yield from _outcome(document, passage, (told, passage), subject, [])


def _outcome(
    document: Document,
    focus: Passage,
    told: tuple[State, Passage],
    subject: Subject | None,
    own: list[_Against],
    row: Passage | None = None,
    together: Passage | None = None,
) -> Iterator[Outcome]:
    """``row`` is the first cell of a row of whose study ``focus`` is a part, ``together`` a sentence on all rows."""
    known = facts(subject.registrations, "status") if subject else []
    registry = _against(document, told[0], subject, known) if subject and known else None
    against = [*own, *([registry] if registry else [])]
    places = [focus, told[1], *(p for p in (row, together) if p), *(a.passage for a in against if a.passage)]
    passages = tuple(dict.fromkeys(p.iri for p in sorted(places, key=lambda p: p.ordinal)))
    about = (subject.study.iri, *(r.iri for r in subject.registrations)) if subject else ()
    if not against:
        if known or own or (subject is None and row is None and focus.table):
            yield Outcome(document.iri, False, focus.iri, passages, about=about)
        return
    name = subject.name if subject else focus.text
    severity = Severity.NOTE if row or all(a.severity is Severity.NOTE for a in against) else Severity.WARNING
    yield Outcome(
        document.iri,
        True,
        focus.iri,
        passages,
        f"The document counts {name} as {told[0].value}; " + "; ".join(a.english for a in against) + ".",
        f"Dokumentet regner {name} som {NORWEGIAN[told[0]]}; " + "; ".join(a.norwegian for a in against) + ".",
        (
            Compared("status in the document", "status i dokumentet", told[1].text, told[1].iri),
            *(a.compared for a in own),
            *(
                Compared(f"status in {f.number}", f"status i {f.number}", status_label(f, "en"), None, f.source)
                for f in known
            ),
        ),
        about,
        severity,
    )


def _together(document: Document, listed: tuple[State, Passage]) -> Passage | None:
    """Return the sentence above a table that says which status in the registry its studies have."""
    for passage in document.passages:
        if (
            passage.section == listed[1].section
            and passage.kind == "sentence"
            and passage.ordinal < listed[1].ordinal
            and _REGISTERED.search(passage.text)
            and state(passage.text) is listed[0]
        ):
            return passage
    return None


def _against(document: Document, told: State, subject: Subject, known: list[Fact]) -> _Against | None:
    """Return what a registry has against a status, if anything: of each record, its newest."""
    newest = list({f.registration.iri + f.source * (f.value in STOPPED): f for f in known}.values())
    issued = days(document.issued) if document.issued else None
    match told:
        case State.FINISHED:
            for fact in newest:
                if fact.value in FINISHED and not _after(fact, issued):
                    return None
            wrong = [f for f in newest if f.value in STOPPED | RUNNING | FINISHED]
            wrong = wrong or [f for f in newest if f.value == "unknown-status"]
            late = bool(wrong) and wrong[0].value == "unknown-status"
        case State.STOPPED:
            if any(f.value in STOPPED for f in newest):
                return None
            wrong = [f for f in newest if f.value in RUNNING | FINISHED]
            late = False
        case State.RUNNING:
            wrong = [f for f in newest if f.value in STOPPED | FINISHED]
            late = bool(wrong) and all(_later(f, issued, known) for f in wrong)
    if not wrong:
        return None
    fact = wrong[-1]
    english, norwegian = status_label(fact, "en"), status_label(fact, "nb")
    ended = _ended(fact)
    day = fact.as_of or fact.unchanged_since
    said = [f"ended {ended}" if ended else "", f"record of {day}" if day else ""]
    sagt = [f"slutt {ended}" if ended else "", f"post fra {day}" if day else ""]
    outdated = (told is State.RUNNING and late) or (fact.value in FINISHED and _after(fact, issued))
    open_ = fact.value == "unknown-status"
    return _Against(
        f"{fact.number} is registered as {english}{_bracket(said)}"
        + (", which is later than the document" if outdated else ", which does not confirm it" if open_ else ""),
        f"{fact.number} er registrert som {norwegian}{_bracket(sagt)}"
        + (", som er senere enn dokumentet" if outdated else ", som ikke bekrefter det" if open_ else ""),
        Compared(f"status in {fact.number}", f"status i {fact.number}", english, None, fact.source),
        Severity.NOTE if late else Severity.WARNING,
    )


def _bracket(parts: list[str]) -> str:
    used = [p for p in parts if p]
    return f" ({'; '.join(used)})" if used else ""


def _ended(fact: Fact) -> str | None:
    """Return the end of the study by the same record: that of a record under another number is not its own."""
    ends = [f for f in facts([fact.registration], "completion") if f.source == fact.source]
    return ends[-1].value if ends else None


def _after(fact: Fact, issued: tuple[str, str] | None) -> bool:
    """Say whether a study ended after the document came out."""
    ended = _ended(fact)
    return bool(ended and issued and days(ended)[0] > issued[1])


def _later(fact: Fact, issued: tuple[str, str] | None, known: list[Fact]) -> bool:
    """Say whether a record can have got its status after the document came out."""
    if issued is None or _after(fact, issued):
        return True
    if any(f.value in RUNNING and f.as_of and days(f.as_of)[1] <= issued[1] for f in known):
        return True
    return _ended(fact) is None and fact.known_at(issued[1]) is not True


RULE = Rule(
    "status-against-registry",
    Severity.WARNING,
    "a study that is called completed, stopped or ongoing, and its registry record or its row in a table",
    "en studie som omtales som fullført, stanset eller pågående, og registerposten eller tabellraden for den",
    _check,
    file="loaders/review/dates/status_against_registry.py",
)
