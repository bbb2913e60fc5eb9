"""self-citation: a document cites a work of one of its authors."""

import re
from collections.abc import Iterator

from rdflib import DCTERMS

from msevidence.loaders.review.citations.people import can_be_one
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Reference, View
from msevidence.ontology.namespaces import MSE

_NAMED = 5
"""Authors that a message names; of large groups the rest are counted."""


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        authors = _authors(document)
        for reference in document.references.values():
            names = _authors_of_work(document, reference)
            if authors and names:
                yield _outcome(document, reference, authors, names)


def _authors(document: Document) -> list[str]:
    """Return the names of the authors; of a report that prints none, of the people who have a role in it."""
    names = [n for a in document.thing.all(MSE.hasAuthorName) for n in a.values(MSE.name)]
    names += [n for p in document.thing.all(DCTERMS.creator) for n in p.values(MSE.name)]
    if not names:
        names = [n for role in document.of(MSE.Role) for p in role.all(MSE.person) for n in p.values(MSE.name)]
    return list(dict.fromkeys(names))


def _authors_of_work(document: Document, reference: Reference) -> list[tuple[str, str | None]]:
    """Return the names of the authors of a work, and IRI of the record where a name is not printed in the entry.

    The record counts where the entry names no person, or first one of its authors: else it is of another work.
    """
    authors = sorted(reference.thing.all(MSE.hasAuthorName), key=lambda a: a.integer(MSE.position) or 0)
    printed = [n for a in authors for n in a.values(MSE.name)]
    publication = document.things.get(reference.publication) if reference.publication else None
    recorded: list[tuple[str, str]] = []
    if publication is not None:
        for author in publication.all(MSE.hasAuthorName):
            recorded += [(n, publication.iri) for n in author.values(MSE.name)]
        for sourced in document.things.pointing(MSE.about, publication.iri):
            if sourced.is_a(MSE.SourcedValue) and sourced.value(MSE.field) == "authors":
                listed = re.split(r";|\s…", sourced.value(MSE.value) or "")
                recorded += [(n.strip(), sourced.iri) for n in listed if n.strip()]
    same = not printed or any(can_be_one(p, r) for p in printed[:1] for r, _ in recorded)
    return [*((n, None) for n in printed), *(recorded if same else [])]


def _outcome(
    document: Document, reference: Reference, authors: list[str], names: list[tuple[str, str | None]]
) -> Outcome:
    found = [(a, *next(((n, s) for n, s in names if can_be_one(a, n)), ("", None))) for a in authors]
    found = [f for f in found if f[1]]
    pointing = [p for p in document.pointers if p.reference == reference.iri]
    places = tuple(dict.fromkeys([*(p.passage.iri for p in pointing), *(p.iri for p in reference.passages)]))
    about = (reference.publication,) if reference.publication else ()
    if not found:
        return Outcome(document.iri, False, reference.iri, places, about=about)
    people = list(dict.fromkeys(a for a, _, _ in found))
    who, more = ", ".join(people[:_NAMED]), len(people) - _NAMED
    several = len(people) > 1
    english = (
        f"{'authors' if several else 'an author'} in common with it: {who}{f' and {more} more' if more > 0 else ''}."
    )
    norwegian = (
        f"{'forfattere' if several else 'en forfatter'} felles med det: {who}{f' og {more} til' if more > 0 else ''}."
    )
    work = f"{reference.number}" if reference.number is not None else f"“{reference.title}”"
    entry = reference.passages[0].iri if reference.passages else None
    return Outcome(
        document.iri,
        True,
        reference.iri,
        places,
        f"The document cites work {work}, which has {english}",
        f"Dokumentet siterer verk {work}, som har {norwegian}",
        tuple(
            Compared("author of the work", "forfatter av verket", name, None if source else entry, source)
            for _, name, source in found
        ),
        about,
    )


RULE = Rule(
    "self-citation",
    Severity.NOTE,
    "names of its authors, and of the authors of works that it lists",
    "navn på forfatterne, og på forfatterne av verkene det fører opp",
    _check,
    file="loaders/review/citations/self_citation.py",
)
