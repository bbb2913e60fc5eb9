"""A result that was published before the end of its study, by the document's own words or by the registry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDFS

from msevidence.loaders.review.dates.events import Event, is_of_study, told
from msevidence.loaders.review.dates.periods import Period, days
from msevidence.loaders.review.dates.registry import Fact, facts, published
from msevidence.loaders.review.dates.reported import reported
from msevidence.loaders.review.dates.subjects import Subject, Subjects, subjects_of
from msevidence.loaders.review.numbers import numbers
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, Reference, View
from msevidence.ontology.namespaces import MSE

# An entry that gives no final results: a registration, a protocol, a first report.
_NO_RESULTS = re.compile(
    r"\b(?:protocol|protokoll|studieprotokoll|rationale|design\sand\srationale|baseline|preliminary|foreløpig\w*|interim|registration"
    r"|registrering)\b",
    re.I,
)
_WITH_RESULTS = re.compile(r"\b(?:results?|resultat\w*|findings|outcomes?|effects?|efficacy|effekt)\b", re.I)
_FOLLOWED = re.compile(
    r"\b(?P<some>[\w-]+(?:\s\d{3})?)\s(?:(?:out\s)?of|av)\s(?:the\s|de\s)?(?P<all>\d+\s)?[^.;]{0,60}?\b(?:follow(?:ed|-up)|fulgte?|evaluated|completed|reached|fullført|nådd|oppfølging\w*)"
    r"[^.;]{0,40}?\b(?P<planned>(?:planned|planlagte?|scheduled|full|fulle|intended)\s(?:[\w-]+\s){0,2}"
    r"(?:years?|months?|follow-up|år|måneder|oppfølging\w*))",
    re.I,
)
_SKIP = ("reference-entry", "search-line", "link", "heading")


@dataclass(frozen=True)
class _Result:
    """A publication with results of a study, as a document lists or cites it."""

    reference: Reference
    when: str
    """As precise as known."""
    passage: Passage


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        subjects = subjects_of(document)
        results = _results(document, subjects)
        told_of: set[str] = set()
        for passage in document.passages:
            if passage.kind in _SKIP:
                continue
            for one in told(passage.text):
                subject = subjects.of(passage) if one.event is Event.END and not one.expected else None
                if subject is not None and (passage.table or is_of_study(one, subject.name)):
                    for result in results.get(subject.study.iri, ()):
                        told_of.add(result.reference.iri)
                        yield _by_document(document, passage, one.period, subject, result)
            yield from _followed(document, passage, subjects)
        for study, found in sorted(results.items()):
            for result in found:
                if result.reference.iri not in told_of:
                    yield from _by_registry(document, view.things.get(study), result, subjects)


def followed(text: str) -> re.Match[str] | None:
    """Return the words that say how many (``some``) of how many (``all``) were followed for the time ``planned``."""
    return _FOLLOWED.search(text)


def _results(document: Document, subjects: Subjects) -> dict[str, list[_Result]]:
    """Return what a document lists or cites as results, by the study that it reports on."""
    found: dict[str, list[_Result]] = {}
    for reference in document.references.values():
        publication = document.things.get(reference.publication) if reference.publication else None
        if reference.missing or not reference.passages or _without_results(document, reference):
            continue
        printed = reference.thing.value(MSE.published)
        record = published(publication) if publication else None
        # A record may know the day; where it is of another year, the document is taken at its word.
        when = record if record and (printed is None or record[:4] == printed[:4]) else printed
        studies = reported(publication) if publication else []
        row = subjects.row(reference.passages[0]) if reference.listed else None
        for study in studies or ([row.study] if row else []):
            if when:
                found.setdefault(study.iri, []).append(_Result(reference, when, reference.passages[0]))
    return found


def _without_results(document: Document, reference: Reference) -> bool:
    kind = reference.thing.concept(MSE.entryKind) or ""
    label = reference.thing.value(MSE.entryLabel) or ""
    publication = document.things.get(reference.publication) if reference.publication else None
    if kind in ("registration", "protocol") or (publication and publication.is_a(MSE.Registration)):
        return True
    if kind == "conference-abstract" and not _WITH_RESULTS.search(f"{label} {reference.title}"):
        return True
    return bool(_NO_RESULTS.search(label) or _NO_RESULTS.search(reference.title or ""))


def _by_document(document: Document, passage: Passage, end: Period, subject: Subject, result: _Result) -> Outcome:
    """Compare an end that the document prints with the date of a publication of results."""
    first, last = days(result.when)
    completion = [f for f in facts(subject.registrations, "completion") if f.kind != "estimated"]
    broken = last < end.first
    if not broken and end.first <= last and first <= end.last and len(result.when) == 10:
        # The same year or month: only a day of the registry can tell.
        later = [f for f in completion if last < days(f.value)[0] <= end.last]
        broken, completion = bool(later), later or completion
    registry = completion[-1] if completion else None
    compared = [
        Compared("end of the study as printed", "studiens slutt som trykt", end.printed, passage.iri),
        Compared("date of the publication", "dato for publikasjonen", result.when, result.passage.iri),
    ]
    tail = hale = ""
    if registry is not None:
        compared.append(
            Compared(
                f"completion in {registry.number}",
                f"fullført i {registry.number}",
                registry.value,
                None,
                registry.source,
            )
        )
        tail, hale = (
            f" ({registry.number}: completed {registry.value})",
            f" ({registry.number}: fullført {registry.value})",
        )
    return Outcome(
        document.iri,
        broken,
        passage.iri,
        _ordered([passage, result.passage, *([subject.named] if subject.named else [])]),
        f"The document says that {subject.name} ended in {end.printed}{tail}; the results that it lists were published "
        f"{result.when}, before that."
        if broken
        else "",
        f"Dokumentet sier at {subject.name} ble avsluttet {end.printed}{hale}; resultatene det viser til, "
        f"ble publisert {result.when}, altså før."
        if broken
        else "",
        tuple(compared),
        (subject.study.iri, result.reference.iri),
    )


def _by_registry(document: Document, study: Thing, result: _Result, subjects: Subjects) -> Iterator[Outcome]:
    """Compare the date of a publication with the end in the registry, where the document prints none."""
    if study.values(MSE.partOf):
        return
    registrations = study.all(MSE.registeredAs)
    ends = [f for f in facts(registrations, "completion") if f.kind != "estimated" and not f.other]
    parts = document.things.pointing(MSE.partOf, study.iri)
    if not ends and parts:
        yield from _parts(document, study, parts, result, subjects)
    if not ends:
        return
    fact = _latest(ends)
    last = days(result.when)[1]
    broken = days(fact.value)[0] > last
    primary = [f for f in facts(registrations, "primary") if f.registration == fact.registration]
    name = study.value(MSE.acronym) or study.value(RDFS.label) or ""
    early = bool(primary) and days(primary[-1].value)[1] <= last
    tail = f"; its primary completion was {primary[-1].value}" if early else ""
    hale = f"; hovedutfallet var ferdig målt {primary[-1].value}" if early else ""
    yield Outcome(
        document.iri,
        broken,
        result.reference.iri,
        (result.passage.iri,),
        f"The results of {name} were published {result.when}, before the end of the study: {fact.number} has the "
        f"completion {fact.value}{tail}."
        if broken
        else "",
        f"Resultatene av {name} ble publisert {result.when}, før studien var slutt: {fact.number} oppgir fullført "
        f"{fact.value}{hale}."
        if broken
        else "",
        (
            Compared("date of the publication", "dato for publikasjonen", result.when, result.passage.iri),
            Compared(f"completion in {fact.number}", f"fullført i {fact.number}", fact.value, None, fact.source),
        ),
        (study.iri, fact.registration.iri),
        Severity.NOTE if early else Severity.WARNING,
    )


def _parts(
    document: Document, study: Thing, parts: list[Thing], result: _Result, subjects: Subjects
) -> Iterator[Outcome]:
    """Compare the date of a publication with the ends of the parts of the study that the document names."""
    last = days(result.when)[1]
    ends = []
    for part in parts:
        where = subjects.numbered(part)
        known = [f for f in facts(part.all(MSE.registeredAs), "completion") if f.kind != "estimated" and not f.other]
        if where and known:
            ends.append((_latest(known), part, where))
    if not ends:
        return
    later = [(f, p, w) for f, p, w in ends if days(f.value)[0] > last]
    name = study.value(RDFS.label) or ""
    said = "; ".join(f"{p.value(RDFS.label)} ({f.number}) {f.value}" for f, p, _ in later)
    yield Outcome(
        document.iri,
        bool(later),
        result.reference.iri,
        _ordered([result.passage, *(w for _, _, w in later)]),
        f"The results of {name} were published {result.when}, before the end of parts of it: {said}." if later else "",
        f"Resultatene av {name} ble publisert {result.when}, før deler av studien var slutt: {said}." if later else "",
        (
            Compared("date of the publication", "dato for publikasjonen", result.when, result.passage.iri),
            *(
                Compared(f"completion in {f.number}", f"fullført i {f.number}", f.value, None, f.source)
                for f, _, _ in later
            ),
        ),
        (study.iri, *(p.iri for _, p, _ in later)),
        Severity.NOTE,
    )


def _followed(document: Document, passage: Passage, subjects: Subjects) -> Iterator[Outcome]:
    """Look for words that say how many had been followed for the planned time."""
    match = followed(passage.text)
    if match is None:
        return
    some = numbers(match["some"], passage.language)
    everybody = numbers(match["all"] or "", passage.language)
    if not some:
        return
    subject = subjects.of(passage)
    name = subject.name if subject else ""
    broken = not everybody or some[0].value < everybody[0].value
    number = f"{some[0].printed} of {everybody[0].printed}" if everybody else some[0].printed
    antall = f"{some[0].printed} av {everybody[0].printed}" if everybody else some[0].printed
    yield Outcome(
        document.iri,
        broken,
        passage.iri,
        _ordered([passage, *([subject.named] if subject and subject.named else [])]),
        f"By the document only {number} had been followed for the time planned (“{match['planned']}”"
        f"{f', {name}' if name else ''}): the result is older than the end of its study."
        if broken
        else "",
        f"Ifølge dokumentet var bare {antall} fulgt så lenge som planlagt («{match['planned']}»"
        f"{f', {name}' if name else ''}): resultatet er eldre enn studiens slutt."
        if broken
        else "",
        (Compared("followed as planned", "fulgt opp som planlagt", number, passage.iri),),
        (subject.study.iri,) if subject else (),
        Severity.NOTE,
    )


def _latest(ends: list[Fact]) -> Fact:
    return max(ends, key=lambda f: (f.as_of or "", f.value))


def _ordered(passages: list[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.iri for p in sorted(passages, key=lambda p: p.ordinal)))


RULE = Rule(
    "result-before-end",
    Severity.WARNING,
    "a publication with results of a study whose end is printed or registered",
    "en publikasjon med resultater fra en studie med trykt eller registrert slutt",
    _check,
    file="loaders/review/dates/result_before_end.py",
)
