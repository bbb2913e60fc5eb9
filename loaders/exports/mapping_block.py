"""A row of somebody's mapping file as statements: what it says, and where; what follows from it, identity decides."""

import hashlib

from rdflib import DCTERMS, PROV, RDF, RDFS, URIRef

from msevidence.loaders.exports.facts import MappingFact
from msevidence.loaders.exports.nquads import XSD, Block, data_node, date, node, string, web_address
from msevidence.loaders.exports.records import MappingRecord
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE, SSSOM

_DIGEST = 12  # hexadecimal digits of a version's hash: 48 bits


def mapping_block(record: MappingRecord, graph: URIRef, source: URIRef, place: str) -> tuple[Block, MappingFact]:
    """Return the statements of a row in ``graph``, and what identity needs to know of it.

    ``place`` says where it stands in the file ``source``. Several rows may relate one pair, each on other grounds: the
    key of a row is its content.

    Raises RecordError for a text that no literal can hold.
    """
    digest = hashlib.sha256(repr(record).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    block, this = Block(graph), data_node(mint(Kind.MAPPING, digest))
    block.add(this, RDF.type, node(SSSOM.Mapping))
    block.add(this, RDFS.label, string(record.title))
    for predicate, side in ((SSSOM.subject_id, record.subject), (SSSOM.object_id, record.object)):
        kind, _, key = side.partition("/")
        block.add(this, predicate, data_node(mint(Kind(kind), key)))
    for predicate, iri in (
        (SSSOM.predicate_id, record.predicate),
        (SSSOM.mapping_justification, record.justification),
    ):
        block.add(this, predicate, f"<{iri}>" if iri and web_address(iri) else None)
    block.add(this, MSE.printed, string(record.printed["predicate"]))
    block.add(this, SSSOM.predicate_modifier, node(SSSOM.NegatedPredicate) if record.negated else None)
    if record.confidence is not None:
        block.add(this, SSSOM.confidence, f'"{record.confidence}"^^<{XSD}double>')
    block.add(this, RDFS.comment, string(record.comment) if record.comment else None)
    block.add_all(this, MSE.decidedByName, record.authors)
    block.add_all(this, DCTERMS.source, record.sources)
    block.add(this, DCTERMS.rights, string(record.licence) if record.licence else None)
    day = record.date.value if record.date else None
    block.add(this, MSE.sourceDate, date(day) if day else None)
    block.add(this, PROV.wasDerivedFrom, data_node(source))
    block.add(this, MSE.exportPlace, string(place))
    return block, mapping_fact(record, f"mapping-{digest}.{digest}", place)


def mapping_fact(record: MappingRecord, version: str, place: str) -> MappingFact:
    """Return what identity needs to know of a mapping; ``place`` says where it stands."""
    return MappingFact(
        subject=record.subject,
        object=record.object,
        relation=record.relation,
        predicate=record.printed["predicate"],
        negated=record.negated,
        justification=record.justification,
        confidence=record.confidence,
        authors=tuple(record.authors),
        date=record.date.value if record.date else None,
        comment=record.comment,
        sources=tuple(record.sources),
        version=version,
        place=place,
    )
