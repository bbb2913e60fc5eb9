"""A DOI, PMID or PMCID printed with an entry, or in the address beside it, is that of another work.

Told by the records of works; by another entry of the document that has the same identifier; by a second DOI of the
entry; and by the form of the DOI itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msevidence.loaders.review.identifiers.known import Works, short, works
from msevidence.loaders.review.identifiers.printed_identifiers import (
    Identifier,
    against_form,
    plain_doi,
    printed_identifiers,
    title_of,
)
from msevidence.loaders.review.identifiers.titles import same_work
from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Reference, View
from msevidence.ontology.namespaces import MSE

_RUN_ON = re.compile(r"\d{7,}(?:\.\d{7,})*\.?")
"""Another identifier of the work that stands after its DOI without a space: its PMID, perhaps twice."""


@dataclass(frozen=True)
class _Fault:
    english: str
    norwegian: str
    compared: tuple[Compared, ...]
    about: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


def _check(view: View) -> Iterator[Outcome]:
    known = works(view)
    for document in view.documents:
        entries = {r.iri: (r, printed_identifiers(r)) for r in document.references.values() if r.passages}
        sharing: dict[tuple[str, str], list[Reference]] = {}
        for reference, printed in entries.values():
            for one in printed:
                sharing.setdefault((one.kind, one.value), []).append(reference)
        for reference, printed in entries.values():
            looked = [
                fault
                for one in printed
                for fault in (
                    *_by_record(reference, one, known),
                    *_by_form(reference, one),
                    *_by_other_entry(reference, one, sharing[one.kind, one.value], known),
                )
            ]
            looked += _by_second_doi(reference, printed)
            if looked:
                yield _outcome(document, reference, printed, [f for f in looked if f is not None])


def _by_record(reference: Reference, one: Identifier, known: Works) -> Iterator[_Fault | None]:
    """Compare the entry with the work that has the identifier, and its identifier with that of the work it prints."""
    title = title_of(reference)
    holders = known.with_identifier(one.kind, one.value) if title else []
    titles = [t for iri in holders for t in known.titles[iri]]
    if title and titles:
        if same_work(title, titles):
            yield None
            return
        other = titles[0]
        english = f"The {one.kind} {one.printed} is that of “{short(other)}”; the entry prints “{short(title)}”."
        norwegian = f"{one.kind} {one.printed} tilhører «{short(other)}»; innførselen har «{short(title)}»."
        yield _Fault(
            english,
            norwegian,
            (
                Compared("printed title", "trykt tittel", title, reference.passages[0].iri),
                Compared("title of the record", "postens tittel", other, source=holders[0]),
            ),
            tuple(holders),
        )
        return
    work = known.printed(reference) or (reference.publication if reference.publication in known.titles else None)
    work = work or _by_title(reference, known)
    theirs = known.identifiers[work].get(one.kind, set()) if work else set()
    if work and theirs:
        wanted = sorted(theirs)
        if one.value in {plain_doi(v) if one.kind == "DOI" else v for v in theirs}:
            yield None
            return
        english = f"The {one.kind} is printed as {one.printed}; by its record the work has {', '.join(wanted)}."
        norwegian = f"{one.kind} er trykt som {one.printed}; ifølge posten har verket {', '.join(wanted)}."
        yield _Fault(
            english,
            norwegian,
            (
                Compared(one.kind, one.kind, one.printed, one.passage),
                Compared(f"{one.kind} of the record", f"postens {one.kind}", ", ".join(wanted), source=work),
            ),
            (work,),
        )


def _by_title(reference: Reference, known: Works) -> str | None:
    """Return the one work with the title and the year of an entry; abstracts and articles may share a title."""
    title = title_of(reference)
    year = (reference.thing.value(MSE.year) or "")[:4]
    if not title or not year:
        return None
    found = known.titled(title, year)
    return found[0] if len(found) == 1 and not known.elsewhere(reference, found[0]) else None


def _by_form(reference: Reference, one: Identifier) -> Iterator[_Fault | None]:
    if one.kind != "DOI":
        return
    try:
        part = against_form(reference, one.value)
    except LookupError:
        return
    if part is None:
        yield None
        return
    yield _Fault(
        f"The {part.name} is printed as {part.printed}; the DOI {one.printed} is that of {part.in_doi}.",
        f"{part.name_nb.capitalize()} er trykt som {part.printed}; DOI-en {one.printed} tilhører {part.in_doi}.",
        (
            Compared(part.name, part.name_nb, part.printed, reference.passages[0].iri),
            Compared("DOI", "DOI", one.printed, one.passage),
        ),
    )


def _by_other_entry(
    reference: Reference, one: Identifier, sharing: list[Reference], known: Works
) -> Iterator[_Fault | None]:
    title = title_of(reference)
    if not title or known.with_identifier(one.kind, one.value):
        return
    for other in sharing:
        theirs = title_of(other)
        if other is reference or not theirs:
            continue
        if same_work(title, [theirs]):
            yield None
            continue
        english = f"The {one.kind} {one.printed} is printed with “{short(title)}” and with “{short(theirs)}”."
        norwegian = f"{one.kind} {one.printed} er trykt både ved «{short(title)}» og ved «{short(theirs)}»."
        yield _Fault(
            english,
            norwegian,
            (
                Compared("printed title", "trykt tittel", title, reference.passages[0].iri),
                Compared("title of the other entry", "den andre innførselens tittel", theirs, other.passages[0].iri),
            ),
            (other.iri,),
            (other.passages[0].iri,),
        )


def runs_on(doi: str, printed: str) -> bool:
    """Say whether what is printed is a DOI and another identifier that follows it without a space."""
    return printed.startswith(doi) and _RUN_ON.fullmatch(printed[len(doi) :]) is not None


def _by_second_doi(reference: Reference, printed: list[Identifier]) -> list[_Fault]:
    dois = [one for one in printed if one.kind == "DOI"]
    if len(dois) < 2:
        return []
    first, second = dois[0], dois[1]
    if runs_on(*sorted((first.value, second.value), key=len)):
        return []
    return [
        _Fault(
            f"The entry has two DOIs, {first.printed} and {second.printed}.",
            f"Innførselen har to DOI-er, {first.printed} og {second.printed}.",
            (
                Compared("DOI", "DOI", first.printed, first.passage),
                Compared("second DOI", "andre DOI", second.printed, second.passage),
            ),
        )
    ]


def _outcome(document: Document, reference: Reference, printed: list[Identifier], faults: list[_Fault]) -> Outcome:
    used = {reference.passages[0].iri, *(one.passage for one in printed)}
    places = [p.iri for p in reference.passages if p.iri in used]
    if not faults:
        return Outcome(document.iri, False, reference.iri, tuple(places))
    unlike = {f.english: f for f in faults}.values()
    places += [p for f in unlike for p in f.passages]
    return Outcome(
        document.iri,
        True,
        reference.iri,
        tuple(sorted(set(places), key=lambda p: document.by_iri[p].ordinal)),
        " ".join(f.english for f in unlike),
        " ".join(f.norwegian for f in unlike),
        tuple(dict.fromkeys(c for f in unlike for c in f.compared)),
        tuple(sorted({iri for f in unlike for iri in f.about})),
    )


RULE = Rule(
    "identifier-of-other-work",
    Severity.ERROR,
    "entries with a DOI, a PMID or a PMCID that can be compared",
    "innførsler med DOI, PMID eller PMCID som kan sammenlignes",
    _check,
    file="loaders/review/identifiers/identifier_of_other_work.py",
)
