"""What follows from all sources together: which numbers are of which study, and which records are one publication.

Everybody states what they read under an IRI of their own; here it is decided which of these name one thing, and the
statements then move to the IRI that is kept. Decisions are nodes with rule and sources, so that each can be undone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rdflib import DCTERMS, RDF, URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.exports.facts import MappingFact, PublicationFact
from msevidence.loaders.identity import (
    Assertion,
    Records,
    Resolution,
    assertions_of,
    assertions_of_facts,
    assertions_of_links,
    resolve,
    state,
)
from msevidence.loaders.identity.catalogue_facts import (
    assertions_of_catalogue,
    facts_of_catalogue,
    studies_of_catalogue,
)
from msevidence.loaders.identity.check import check_curated
from msevidence.loaders.identity.confidence import confidence
from msevidence.loaders.identity.file import identity_decisions
from msevidence.loaders.identity.known import Known
from msevidence.loaders.identity.model import Relation
from msevidence.loaders.identity.publication_facts import iri_of
from msevidence.loaders.identity.stated import decisions_in
from msevidence.loaders.judgement_publications import judge_publications, publication_facts
from msevidence.loaders.loaded import Loaded, Names
from msevidence.loaders.reporting import report_links, state_report_links
from msevidence.loaders.statements import Statements
from msevidence.loaders.stores.pulled_source import studies_elsewhere
from msevidence.ontology.identifiers import FoundNumber, find_numbers
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE


@dataclass(frozen=True)
class Judged:
    """The things that turned out to be other things, and the resolution of studies."""

    names: Names
    studies: Resolution


def judge(
    identity: Statements,
    review: Statements,
    documents: Iterable[Statements],
    catalogue: Catalogue,
    loaded: Loaded,
    articles: Iterable[PublicationFact],
    data: Path,
) -> Judged:
    """Resolve identity over documents, catalogue and loaded records, and state decisions, studies and findings.

    Raises CurationError where decisions of people contradict each other.
    """
    documents, articles = list(documents), list(articles)
    records = Records([*facts_of_catalogue(catalogue), *loaded.registrations()], studies_of_catalogue(catalogue))
    listed = [str(mint(Kind.REGISTRATION, key)) for key in catalogue.listed_registrations().registrations]
    numbers = [*catalogue.numbers, *listed]
    known = Known(
        frozenset(catalogue.files["studies"].model.studies),
        numbers,
        records,
        documents,
        frozenset(catalogue.publications),
        lambda: (str(iri_of(fact.key)) for fact in publication_facts(catalogue, loaded, articles)),
        any(True for _ in loaded.pulled()),
    )
    identity_decisions(identity, data, known)
    studies = _studies(identity, documents, catalogue, loaded, records, numbers, data)
    state(studies, identity, review)
    publications = judge_publications(identity, review, catalogue, loaded, articles)
    names = dict(studies.replaced)
    names.update((str(iri_of(gone)), str(iri_of(kept))) for gone, kept in publications.replaced.items())
    for gone, kept in studies_elsewhere(loaded.pulled(), studies, catalogue.files["studies"].model.studies):
        names.setdefault(gone, kept)
    for gone, kept in names.items():
        replaced(identity, URIRef(gone), URIRef(kept))
    links = report_links(loaded.publications(), loaded.registrations())
    state_report_links(identity, links, studies, names)
    return Judged(names, studies)


def _studies(
    identity: Statements,
    documents: Iterable[Statements],
    catalogue: Catalogue,
    loaded: Loaded,
    records: Records,
    numbers: Iterable[str],
    data: Path,
) -> Resolution:
    assertions = [
        *assertions_of(identity),
        *assertions_of_links(documents),
        *assertions_of_catalogue(catalogue),
        *assertions_of_facts(records),
        *_mapped(loaded.mappings(), catalogue),
    ]
    check_curated([*assertions, *decisions_in(identity)], data)  # of publications, too
    return resolve(assertions, records, numbers)


def _mapped(mappings: Iterable[MappingFact], catalogue: Catalogue) -> Iterator[Assertion]:
    """Yield what files of mappings say of registrations and studies; a study that nobody knows is passed over."""
    for row in mappings:
        sides = [_known(side, catalogue) for side in (row.subject, row.object)]
        if row.relation not in ("same-study", "part-of", "not-same") or None in sides:
            continue
        comment = f" {row.comment}" if row.comment else ""
        yield Assertion(
            str(sides[0]),
            cast(Relation, row.relation),
            str(sides[1]),
            "mapping",
            f"A mapping says so of {row.subject} and {row.object}.{comment}",
            confidence("mapping") if row.confidence is None else min(row.confidence, confidence("printed-in-one-row")),
            (row.place, *row.sources),
            date=row.date,
            decided_by=", ".join(row.authors) or None,
        )


def _known(side: str, catalogue: Catalogue) -> URIRef | None:
    kind, _, key = side.partition("/")
    if kind == Kind.REGISTRATION:
        return mint(Kind.REGISTRATION, key)
    listed = catalogue.files["studies"].model.studies
    return mint(Kind.STUDY, key) if kind == Kind.STUDY and key in listed else None


def numbers_of_mappings(mappings: Iterable[MappingFact]) -> Iterator[FoundNumber]:
    """Yield the registry numbers that files of mappings name."""
    for row in mappings:
        for side in (row.subject, row.object):
            kind, _, key = side.partition("/")
            if kind == Kind.REGISTRATION:
                yield from (n for n in [*find_numbers(key), *find_numbers(key.partition("-")[2])] if n.key == key)


def numbers_of_catalogue(catalogue: Catalogue) -> Iterator[FoundNumber]:
    """Yield the registry numbers that only a value of ``registrations.yaml`` names."""
    for fact in facts_of_catalogue(catalogue):
        for given in fact.numbers:
            yield from (n for n in find_numbers(given.printed) if n.key == given.key)


def replaced(identity: Statements, gone: URIRef, kept: URIRef) -> None:
    """State that an address is that of another thing; its label stays with it."""
    identity.add(gone, RDF.type, MSE.FormerIdentity)
    identity.add(gone, DCTERMS.isReplacedBy, kept)
