"""A number of participants, or a phase, that is not the registry's."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.dates.registry import Fact, facts
from msevidence.loaders.review.dates.subjects import Subject, subjects_of
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE

_KINDS = ("reference-entry", "search-line", "link", "heading")
_WHO = (
    r"(?:patients?|participants?|subjects|persons|people|adults|children|individuals|pasienter|pasientene|deltakere|deltagere|personer"
    r"|forsøkspersoner)"
)
_COUNT = re.compile(
    rf"(?<![\w.,/-])(?P<n>\d{{1,3}}(?:[ ,\u00a0\u202f]\d{{3}})+|\d+)\s(?P<words>(?:[\w-]+\s){{0,2}}){_WHO}\b", re.I
)
_OUT_OF = re.compile(r"\b(?:out\sof|of|av)\s(?:the\s|de\s)?(?:totalt\s|planned\s|planlagte\s)?$", re.I)
_SUBSET = re.compile(r"\b(?:of|av|among|blant)\s(?:the|these|those|de|disse|dem)\b|\b(?:of|av)\s*$", re.I)
_TOTAL_BEFORE = re.compile(
    r"\b(?:randomi[sz]ed|recruited|enrolled|included|includes|comprising|comprises|inkluderte|inkluderer|rekrutterte|randomiserte"
    r"|total\sof|totalt|trial\sof|study\sof|studie\s(?:med|av))\s(?:\w+\s)?$",
    re.I,
)
_TOTAL_AFTER = re.compile(
    r"\s(?:\w+\s){0,3}?(?:randomi[sz]ed|recruited|enrolled|allocated|inkludert|rekruttert|randomisert|tilfeldig\sfordelt|fordelt)\b",
    re.I,
)
_POPULATION = re.compile(
    r"\b(?:population|participants?|patients?|sample\ssize|populasjon|deltakere|deltagere|pasienter|antall\s(?:pasienter|deltakere))\b",
    re.I,
)
_PLANNED = re.compile(r"\b(?:planned|planlagt\w*|target|expected|forventet)\b", re.I)
_PHASE = re.compile(
    r"\b(?:phase|fase)[\s-](?P<one>IV|III|II|I|[1-4])(?:[ab]\b)?(?:\s?(?:/|-|–|and|og|to)\s?(?:phase\s|fase\s)?(?P<two>IV|III|II|I|[1-4])\b)?(?![\w-])",
    re.I,
)
# A phase that somebody else speaks of, or wishes for.
_QUOTE = re.compile(r"“[^”]*”?|«[^»]*»?|\"[^\"]*\"")
_WISHED = re.compile(r"[^.;]{0,30}?\b(?:warranted|needed|required|future|next|nødvendig|bør|should|would)\b", re.I)
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        subjects = subjects_of(document)
        listed = _titles(document)
        for passage in document.passages:
            if passage.kind in _KINDS or not (_PHASE.search(passage.text) or _COUNT.search(passage.text)):
                continue
            subject = subjects.of(passage)
            if subject is None:
                continue
            yield from _phase(document, passage, subject, passage.iri in listed)
            if passage.iri not in listed:
                yield from _participants(document, passage, subject)


def _phase(document: Document, passage: Passage, subject: Subject, title: bool) -> Iterator[Outcome]:
    quoted = [m.span() for m in _QUOTE.finditer(passage.text)]
    match = next(
        (
            m
            for m in _PHASE.finditer(passage.text)
            if not any(a <= m.start() < b for a, b in quoted) and not _WISHED.match(passage.text, m.end())
        ),
        None,
    )
    known = [f for f in facts(subject.registrations, "phase") if phases(f.value)]
    if match is None or not known:
        return
    printed = {_number(p) for p in (match["one"], match["two"]) if p}
    recorded = phases(known[-1].value)
    # A trial of phase 1/2 may be called one of phase 2; but not one of phase 2 one of phase 2/3.
    broken = not any(printed <= phases(f.value) for f in known)
    yield _outcome(
        document,
        passage,
        subject,
        broken,
        known[-1],
        match.group(),
        ("phase", "fase"),
        "/".join(sorted(recorded)),
        Severity.NOTE if title else None,
    )


def _participants(document: Document, passage: Passage, subject: Subject) -> Iterator[Outcome]:
    known = [f for f in facts(subject.registrations, "enrolment") if f.value.isdigit()]
    if not known:
        return
    for match in _COUNT.finditer(passage.text):
        if not _is_total(document, passage, match):
            continue
        planned = bool(_PLANNED.search(match["words"]))
        value = re.sub(r"\D", "", match["n"])
        fact = known[-1]
        # A plan against what became of it, or the other way round, is no disagreement.
        if fact.kind and (fact.kind == "estimated") != planned and value != fact.value:
            continue
        broken = all(value != f.value for f in known)
        label = (
            ("planned number of participants", "planlagt antall deltakere")
            if planned
            else ("number of participants", "antall deltakere")
        )
        yield _outcome(document, passage, subject, broken, fact, match.group(), label, fact.value, None)


def _is_total(document: Document, passage: Passage, match: re.Match[str]) -> bool:
    """Say whether a number counts all participants of a study, not some of them."""
    before, after = passage.text[: match.start()], passage.text[match.end() :]
    if _OUT_OF.search(before) and _PLANNED.search(match["words"]):
        return True
    if _SUBSET.search(match["words"]) or _OUT_OF.search(before):
        return False
    if passage.table is not None and _POPULATION.search(_labels(document, passage)):
        return match.start() < 10
    return bool(_TOTAL_BEFORE.search(before) or _TOTAL_AFTER.match(after) or _TOTAL_BEFORE.search(match["words"] + " "))


def _labels(document: Document, passage: Passage) -> str:
    """Return the heading of a cell's column and the label of its row."""
    table = next(t for t in document.tables if t.iri == passage.table)
    return f"{table.text(0, passage.column or 0)} {table.text(passage.row or 0, 0) if passage.column else ''}"


def _titles(document: Document) -> set[str]:
    """Return the passages that print an entry with a title: the words of others."""
    entries = (MSE.ListedReference,)
    return {iri for term in entries for thing in document.of(term) for iri in thing.values(MSE.statedIn)}


def _outcome(
    document: Document,
    passage: Passage,
    subject: Subject,
    broken: bool,
    fact: Fact,
    printed: str,
    label: tuple[str, str],
    recorded: str,
    severity: Severity | None,
) -> Outcome:
    places = {p.iri: p for p in (passage, subject.named) if p is not None}
    record = f" (record of {fact.as_of})" if fact.as_of else ""
    post = f" (post fra {fact.as_of})" if fact.as_of else ""
    return Outcome(
        document.iri,
        broken,
        passage.iri,
        tuple(p.iri for p in sorted(places.values(), key=lambda p: p.ordinal)),
        f"The document prints “{printed}” of {subject.name}; {fact.number} has the {label[0]} {recorded}{record}."
        if broken
        else "",
        f"Dokumentet skriver «{printed}» om {subject.name}; {fact.number} har {label[1]} {recorded}{post}."
        if broken
        else "",
        (
            Compared(label[0], label[1], printed, passage.iri),
            Compared(f"in {fact.number}", f"i {fact.number}", fact.value, None, fact.source),
        ),
        (subject.study.iri, fact.registration.iri),
        severity,
    )


def phases(text: str) -> set[str]:
    """Return the phases that a record names.

    >>> sorted(phases("PHASE1|PHASE2"))
    ['1', '2']
    """
    found = re.findall(r"(?<![A-Za-z])(?:PHASE)?\s?(IV|III|II|I|[1-4])(?![A-Za-z\d])", text, re.I)
    return {_number(p) for p in found}


def _number(printed: str) -> str:
    return _ROMAN.get(printed.upper(), printed)


RULE = Rule(
    "figure-against-registry",
    Severity.WARNING,
    "a number of participants or a phase of a study whose registry record is known",
    "et antall deltakere eller en fase for en studie med kjent registerpost",
    _check,
    file="loaders/review/dates/figure_against_registry.py",
)
