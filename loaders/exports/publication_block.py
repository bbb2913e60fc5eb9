"""A bibliographic record as statements: the publication under an IRI of its own, and the version that its source holds.

Which publications are one is decided later, over all sources (:mod:`msevidence.loaders.identity.publications`); the
statements then move to the node that is kept.
"""

import hashlib
import re

from rdflib import DCTERMS, PROV, RDF, RDFS, URIRef

from msevidence.loaders.bibliographic.authors import family_name
from msevidence.loaders.exports.facts import NumberFact, PublicationFact
from msevidence.loaders.exports.nquads import Block, data_node, date, node, string, tagged
from msevidence.loaders.exports.records import PublicationRecord
from msevidence.loaders.exports.registration_block import state_other_number
from msevidence.loaders.identity.publication_keys import publication_key
from msevidence.loaders.triples_catalogue import EXPRESSION
from msevidence.ontology.identifiers import outside_link
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import FABIO, MSE, PRISM, scheme

_DIGEST = 12  # hexadecimal digits of a version's hash: 48 bits
_YEAR = re.compile(r"\d{4}", re.ASCII)


def publication_block(
    record: PublicationRecord, graph: URIRef, source: URIRef, place: str
) -> tuple[Block, PublicationFact]:
    """Return the statements of a record in ``graph``, and what identity needs to know of it.

    ``place`` says where it stands in the file ``source``.

    Raises RecordError for a text that no literal can hold.
    """
    block = Block(graph)
    digest = hashlib.sha256(repr(record).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    # Each service's own number first: that a PubMed and a Crossref record are of one work is a decision, not a key.
    key = publication_key(pmid=record.pmid) or publication_key(record.doi, None, record.pmcid) or f"record-{digest}"
    this = data_node(mint(Kind.PUBLICATION, key))
    version_iri = mint(Kind.RECORD_VERSION, f"{key}.{digest}")
    version = data_node(version_iri)
    _described(block, this, record)
    _identifiers(block, this, record)
    block.add(this, MSE.hasVersion, version)
    block.add(version, RDF.type, node(MSE.RecordVersion))
    updated = record.updated.value if record.updated else None
    block.add(version, RDFS.label, string(f"{_name(record)}{f' ({updated})' if updated else ''}"))
    block.add(version, MSE.versionOf, this)
    block.add(version, PROV.wasDerivedFrom, data_node(source))
    block.add(version, MSE.exportPlace, string(place))
    block.add(version, MSE.sourceDate, date(updated) if updated else None)
    block.add(version, DCTERMS.rights, string(record.rights) if record.rights else None)
    block.add_all(version, MSE.emptyField, record.empty)
    for position, other in enumerate(record.registry_numbers, 1):
        iri = data_node(mint(Kind.OTHER_NUMBER, f"{version_iri.rsplit('/', 1)[1]}.{position}"))
        state_other_number(block, version, iri, other)
    return block, _fact(record, key, version_iri, place)


def _name(record: PublicationRecord) -> str:
    first = (record.authors or record.group_authors or [""])[0]
    return " ".join(p for p in (first, record.year) if p) or record.title or "Publication without a title"


def _described(block: Block, this: str, record: PublicationRecord) -> None:
    language = record.language or "und"
    block.add(this, RDF.type, node(MSE.Publication))
    kind = record.kind.concept if record.kind else None
    if kind in EXPRESSION:
        block.add(this, RDF.type, node(EXPRESSION[kind]))
    if kind is not None:
        block.add(this, MSE.publicationKind, node(scheme("publication-kind", kind)))
    block.add(this, RDFS.label, tagged(record.title, language) if record.title else tagged(_name(record), "und"))
    block.add(this, DCTERMS.title, tagged(record.title, language) if record.title else None)
    block.add_all(this, MSE.container, [c for c in (record.container, record.container_short) if c])
    block.add(this, MSE.year, string(record.year) if record.year else None)
    if record.published is not None and record.published.value is not None:
        block.add(this, DCTERMS.issued, date(record.published.value))
    elif record.year and _YEAR.fullmatch(record.year):
        block.add(this, DCTERMS.issued, date(record.year))
    for predicate, text in (
        (PRISM.volume, record.volume),
        (PRISM.number, record.issue),
        (PRISM.pageRange, record.pages),
        (MSE.accession, record.accession),
        (DCTERMS.language, record.language),
    ):
        block.add(this, predicate, string(text) if text else None)
    for position, name in enumerate(record.authors, 1):
        author = data_node(mint(Kind.AUTHOR_NAME, f"{this.rsplit('/', 1)[1][:-1]}.{_short(name)}.{position}"))
        block.add(author, RDF.type, node(MSE.AuthorName))
        block.add(author, MSE.name, string(name))
        block.add(author, MSE.position, f'"{position}"^^<http://www.w3.org/2001/XMLSchema#integer>')
        block.add(this, MSE.hasAuthorName, author)
    block.add_all(this, MSE.groupAuthor, record.group_authors)


def _short(name: str) -> str:
    """Return a part of a key for an author's name: records that spell a name alike share its node."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _identifiers(block: Block, this: str, record: PublicationRecord) -> None:
    for scheme_name, predicate, value in (
        ("DOI", PRISM.doi, record.doi),
        ("PubMed", FABIO.hasPubMedId, record.pmid),
        ("PMC", FABIO.hasPubMedCentralId, record.pmcid),
    ):
        if value:
            block.add(this, predicate, string(value))
            link = outside_link(scheme_name, value)
            block.add(this, RDFS.seeAlso, f"<{link}>" if link else None)


def _fact(record: PublicationRecord, key: str, version: URIRef, place: str) -> PublicationFact:
    first = family_name(record.authors[0]) if record.authors else next(iter(record.group_authors), None)
    return PublicationFact(
        key=key,
        version=version.rsplit("/", 1)[1],
        title=record.title,
        kind=record.kind.concept if record.kind else None,
        family=first,
        year=record.year,
        containers=tuple(c for c in (record.container, record.container_short) if c),
        volume=record.volume,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        pmcid=record.pmcid,
        numbers=tuple(
            NumberFact(
                n.printed, n.role, n.label, n.number.key if n.number else None, n.number.scheme if n.number else None
            )
            for n in record.registry_numbers
        ),
        abstract=record.abstract,
        place=place,
    )
