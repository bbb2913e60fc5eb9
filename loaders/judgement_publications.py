"""Which records, references and catalogue entries are one publication, over all sources of a build."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rdflib import RDFS, URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.exports.facts import MappingFact, PublicationFact
from msevidence.loaders.identity import decide
from msevidence.loaders.identity.publication_facts import catalogue_facts, iri_of, key_of
from msevidence.loaders.identity.publication_keys import doi_of_key
from msevidence.loaders.identity.publications import (
    APART,
    SAME,
    Assertion,
    PublicationFinding,
    PublicationResolution,
    resolve_publications,
)
from msevidence.loaders.identity.stated import decisions_in
from msevidence.loaders.loaded import Loaded
from msevidence.loaders.statements import Statements, Tagged
from msevidence.ontology.iris import Kind, mint, parts, short_hash
from msevidence.ontology.namespaces import MSE, SSSOM, scheme

_PUBLICATIONS = (Kind.PUBLICATION, Kind.DOCUMENT)


def judge_publications(
    identity: Statements, review: Statements, catalogue: Catalogue, loaded: Loaded, articles: Iterable[PublicationFact]
) -> PublicationResolution:
    """Resolve which publications are one, and state the decisions and findings."""
    facts = publication_facts(catalogue, loaded, articles)
    said = [*_curated(identity), *_mapped(loaded.mappings())]
    found = resolve_publications(facts, said, catalogue=set(catalogue.publications))
    for decision in found.decisions:
        node = decide(
            identity,
            iri_of(decision.subject),
            decision.relation,
            iri_of(decision.object),
            rule=decision.rule,
            because=decision.because,
            sources=decision.sources,
        )
        identity.add(node, SSSOM.confidence, Decimal(str(decision.confidence)))
        identity.add(node, MSE.outcomeOfDecision, scheme("identity-outcome", "applied"))
    for finding in found.findings:
        _state_finding(review, finding, found)
    return found


def publication_facts(
    catalogue: Catalogue, loaded: Loaded, articles: Iterable[PublicationFact]
) -> list[PublicationFact]:
    """Return what each source says of the publications that it is about, lists or cites."""
    return [
        *catalogue_facts(catalogue.publications),
        *catalogue.printed,
        *loaded.publications(),
        *_cited(loaded),
        *articles,
    ]


def _cited(loaded: Loaded) -> Iterator[PublicationFact]:
    """Yield what registry records say of the publications that they cite: their identifiers, and no more."""
    for record in loaded.registrations():
        for link in record.publications:
            pmid = link.key.removeprefix("pmid-") if link.key.startswith("pmid-") else None
            yield PublicationFact(key=link.key, pmid=pmid, doi=doi_of_key(link.key), place=record.place)


def article_fact(context: DocumentContext) -> PublicationFact:
    """Return what a loaded article says of itself as a publication."""
    identifiers = {i.scheme: i.value for i in context.metadata.identifiers}
    return PublicationFact(
        key=key_of(context.document),
        title=context.metadata.title,
        kind=context.metadata.type,
        year=(context.metadata.published or "")[:4] or None,
        containers=(context.metadata.container,) if context.metadata.container else (),
        doi=identifiers.get("doi"),
        pmid=identifiers.get("pmid"),
        pmcid=identifiers.get("pmcid"),
        place=context.source_name,
    )


def _curated(identity: Statements) -> Iterator[Assertion]:
    for said in decisions_in(identity):
        if parts(said.subject)[0] in _PUBLICATIONS and parts(said.object)[0] in _PUBLICATIONS:
            place = said.sources[0] if said.sources else ""
            yield Assertion(key_of(said.subject), said.relation, key_of(said.object), place=place)


def _mapped(mappings: Iterable[MappingFact]) -> Iterator[Assertion]:
    for row in mappings:
        if row.relation in (SAME, APART):
            sides = [_key(side) for side in (row.subject, row.object)]
            if sides[0] is not None and sides[1] is not None:
                yield Assertion(sides[0], row.relation, sides[1], rule="mapping", place=row.place)


def _key(side: str) -> str | None:
    """Return the key of a publication of a mapping row (``publication/…``, ``document/…``), ``None`` for others."""
    kind, _, key = side.partition("/")
    return key if kind == Kind.PUBLICATION else side if kind == Kind.DOCUMENT else None


def _state_finding(review: Statements, finding: PublicationFinding, found: PublicationResolution) -> None:
    kept = dict.fromkeys(URIRef(iri_of(found.canonical(key))) for key in finding.keys)
    review.node(
        mint(Kind.FINDING, f"identity.{finding.kind}.{short_hash(' '.join((*finding.keys, finding.english)))}"),
        MSE.Finding,
        {
            MSE.foundBy: scheme("finder", "machine"),
            MSE.findingKind: scheme("finding-kind", finding.kind),
            MSE.severity: scheme("severity", "warning"),
            RDFS.label: [Tagged(finding.english, "en"), Tagged(finding.norwegian, "nb")],
            MSE.about: list(kept),
        },
    )
