"""One study in two documents that say different things of it.

Both documents have the finding, with one disagreement: of each pair of documents the older tells first.
"""

from collections.abc import Iterator

from msevidence.loaders.review.between import differing, effects, emphasis
from msevidence.loaders.review.between.curated import curated
from msevidence.loaders.review.between.fact import FIELDS, Difference, Fact, Teller, dated, merged
from msevidence.loaders.review.between.neighbours import neighbours
from msevidence.loaders.review.between.speaking import name, said_of, told_of
from msevidence.loaders.review.between.told_dates import dates
from msevidence.loaders.review.between.told_numbers import follow_up, participants
from msevidence.loaders.review.between.told_words import comparators, people, states
from msevidence.loaders.review.outcome import Compared, Disagreement, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, View

COMPARED = {**differing.COMPARED, "effect": effects.differences, "emphasis": emphasis.differences}


def _check(view: View) -> Iterator[Outcome]:
    documents = {d.key: d for d in view.documents}
    known = {key: curated(d) for key, d in documents.items()}
    for study, told in told_of(view.documents).items():
        tellers = [
            Teller(documents[key], _facts(documents[key], study, passages, known[key].get(study, [])))
            for key, passages in told.items()
        ]
        tellers.sort(key=lambda t: (t.issued or "9999", t.document.key))
        for older, newer in neighbours(tellers, _says):
            yield from _compare(view, view.things.get(study), older, newer)


def _says(teller: Teller) -> Iterator[str]:
    return (field for field in COMPARED if teller.of(field))


def _facts(document: Document, study: str, passages: list[Passage], known: list[Fact]) -> tuple[Fact, ...]:
    """Return what a document says of a study; what is curated where the words say nothing in that field."""
    read = list(_read(document, study, passages))
    fields = {fact.field for fact in read}
    return merged([*read, *(fact for fact in known if fact.field not in fields)])


def _read(document: Document, study: str, passages: list[Passage]) -> Iterator[Fact]:
    """Yield what the passages of a document say of one study. What an entry lists is only read for its title."""
    listed = {p.iri for r in document.references.values() if r.listed for p in r.passages}
    for passage in passages:
        text, iri = said_of(document, study, passage), passage.iri
        context = _context(document, passage)
        yield from comparators(text, iri)
        yield from people(text, iri, context)
        if iri in listed:
            continue
        yield from dates(text, iri)
        yield from states(text, iri)
        yield from participants(text, passage.language, iri, context)
        yield from follow_up(text, passage.language, iri, context)
        yield from effects.shares(text, passage.language, iri, context)
        yield from emphasis.emphasis(text, iri)


def _context(document: Document, passage: Passage) -> str:
    """Return the words at the head of the row and of the column of a cell."""
    if passage.table is None or not passage.row or passage.column is None:
        return ""
    table = next((t for t in document.tables if t.iri == passage.table), None)
    if table is None:
        return ""
    row = table.text(passage.row, 0) if passage.column else ""
    return f"{row} {table.text(0, passage.column)}"


def _compare(view: View, study: Thing, older: Teller, newer: Teller) -> Iterator[Outcome]:
    for field, compare in COMPARED.items():
        if not older.of(field) or not newer.of(field):
            continue
        found = list(compare(older, newer, field))
        for teller in (older, newer):
            if not found:
                places = view.passages_in_order(p for f in teller.of(field) for p in f.passages)
                yield Outcome(teller.document.iri, False, study.iri, tuple(places))
            for difference in found:
                yield _outcome(view, study, teller, older, newer, field, difference)


def _outcome(
    view: View, study: Thing, of: Teller, older: Teller, newer: Teller, field: str, found: Difference
) -> Outcome:
    said = []
    for fact in (found.first, found.second):
        teller = older if any(fact is f for f in older.facts) else newer
        said.append((teller.document.key, dated(teller.issued), fact))
    english = "; ".join(f"{key}{issued} says “{fact.printed}”" for key, issued, fact in said)
    norwegian = "; ".join(f"{key}{issued} sier «{fact.printed}»" for key, issued, fact in said)
    return Outcome(
        of.document.iri,
        True,
        study.iri,
        tuple(view.passages_in_order((*found.first.passages, *found.second.passages))),
        f"{name(study, 'en')}, {field}: {english}. {found.english}",
        f"{name(study, 'nb')}, {FIELDS[field]}: {norwegian}. {found.norwegian}",
        tuple(Compared(f"{field}, {key}", f"{FIELDS[field]}, {key}", f.printed, f.passages[0]) for key, _, f in said),
        (study.iri,),
        severity=None if found.grave else Severity.NOTE,
        disagreement=Disagreement(
            found.kind,
            field,
            FIELDS[field],
            found.first.passages[0],
            found.second.passages[0],
            found.first.printed,
            found.second.printed,
            found.english,
            found.norwegian,
        ),
    )


RULE = Rule(
    "study-told-differently",
    Severity.WARNING,
    "a study that another document tells of, too, and of which both say one kind of thing",
    "en studie som også et annet dokument omtaler, og der begge sier noe av samme slag",
    _check,
    file="loaders/review/between/study_told_differently.py",
)
