"""A registry record as statements: the registration, the version that its source holds, and the numbers it gives.

The registration is one node however many sources have it; what a source holds at its date is a version of its own, so
that a status of last year and one of today both stand. Equal content is an equal version, whatever file it came in.
"""

import hashlib
from functools import lru_cache

from rdflib import DCTERMS, PROV, RDF, RDFS, URIRef

from msevidence.loaders.exports.facts import NumberFact, PublicationLink, RegistrationFact
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.nquads import (
    Block,
    boolean,
    data_node,
    date,
    integer,
    node,
    statement,
    string,
    tagged,
    web_address,
)
from msevidence.loaders.exports.records import CitedPublication, Dated, OtherNumber, RegistryRecord
from msevidence.loaders.identity.publication_keys import publication_key
from msevidence.ontology.identifiers import SCHEMES, FoundNumber, is_placeholder, outside_link
from msevidence.ontology.iris import InvalidKeyError, Kind, mint, registration_iri, registration_label, slug
from msevidence.ontology.namespaces import FABIO, MSE, PRISM, scheme

# rdflib looks a term up each time it is named; those of our own vocabularies are made once.
_TYPE, _LABEL, _SEE_ALSO, _TITLE, _DERIVED = RDF.type, RDFS.label, RDFS.seeAlso, DCTERMS.title, PROV.wasDerivedFrom
_concept = lru_cache(maxsize=256)(scheme)
_DATES = (
    ("start", MSE.startDate, MSE.printedStart, MSE.startKind),
    ("primary-completion", MSE.primaryCompletionDate, MSE.printedPrimaryCompletion, MSE.primaryCompletionKind),
    ("completion", MSE.completionDate, MSE.printedEnd, MSE.completionKind),
)
_OTHER_DATES = (
    ("registered", MSE.registeredOn),
    ("authorised", MSE.authorisedOn),
    ("results-posted", MSE.resultsPosted),
)
_DIGEST = 12  # hexadecimal digits of a version's hash: 48 bits


def registration_block(
    record: RegistryRecord, graph: URIRef, source: URIRef, place: str
) -> tuple[Block, RegistrationFact]:
    """Return the statements of a record in ``graph``, and what identity needs to know of it.

    ``place`` says where it stands in the file ``source``.

    Raises RecordError for a text that no literal can hold, and for a number that makes no key.
    """
    block = Block(graph)
    number, key = record.number, record.number.key
    try:
        registration = data_node(_registration(block, number))
        version_iri = _version_iri(record, key)
    except InvalidKeyError as e:
        raise RecordError(f"registry number {number.printed!r} makes no address ({e}); correct the number") from e
    version = data_node(version_iri)
    block.add(registration, MSE.recordFound, boolean(True))
    block.add(registration, MSE.hasVersion, version)
    _version(block, version, registration, record, source, place)
    _dates(block, registration, version, record)
    _words(block, registration, record)
    numbers = tuple(_other(block, version, version_iri, i, n) for i, n in enumerate(record.other_numbers, 1))
    links = [_cited(block, version, c) for c in record.publications]
    cited = tuple(link for link in links if link is not None)
    return block, _fact(record, key, version_iri, numbers, cited, place)


def _version_iri(record: RegistryRecord, key: str) -> URIRef:
    digest = hashlib.sha256(repr(record).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    suffix = record.number.suffix
    return mint(Kind.RECORD_VERSION, ".".join([key, *([slug(suffix)] if suffix else []), digest]))


def _registration(block: Block, number: FoundNumber) -> URIRef:
    """State that a registration exists, in which registry, and return it."""
    iri = registration_iri(number)
    this = data_node(iri)
    registry, statements = _registry(number.scheme)
    block.add_constant(statements)
    block.add(this, _TYPE, node(MSE.Registration))
    block.add(this, _TYPE, node(FABIO.Entry))
    block.add(this, _LABEL, string(registration_label(number)))
    block.add(this, MSE.registrationNumber, string(number.normalised))
    block.add(this, MSE.inRegistry, registry)
    block.add(this, MSE.scheme, string(number.scheme))
    link = outside_link(number.scheme, number.normalised)
    block.add(this, _SEE_ALSO, f"<{link}>" if link else None)
    return iri


@lru_cache(maxsize=64)
def _registry(name: str) -> tuple[str, tuple[str, ...]]:
    """Return a registry, and what is stated of it."""
    known = SCHEMES.get(name)
    this = data_node(mint(Kind.REGISTRY, slug(name)))
    return this, (
        statement(this, _TYPE, node(MSE.Registry)),
        statement(this, _LABEL, string(known.registry if known else name)),
        statement(this, MSE.scheme, string(name)),
    )


def _version(block: Block, version: str, registration: str, record: RegistryRecord, source: URIRef, place: str) -> None:
    number, updated = record.number, record.dates.get("updated")
    of = registration_label(number) + (f"-{number.suffix}" if number.suffix else "")
    label = f"{of} ({updated.value})" if updated and updated.value else of
    block.add(version, _TYPE, node(MSE.RecordVersion))
    block.add(version, _LABEL, string(label))
    block.add(version, MSE.versionOf, registration)
    block.add(version, _DERIVED, data_node(source))
    block.add(version, MSE.exportPlace, string(place))
    block.add(version, MSE.printed, string(number.printed))
    block.add(version, MSE.countrySuffix, string(number.suffix) if number.suffix else None)
    block.add(version, MSE.sourceDate, date(updated.value) if updated and updated.value else None)
    if record.status is not None:
        block.add(version, MSE.printedStatus, string(record.status.printed))
        if record.status.concept is not None:
            concept = node(_concept("status-as-registered", record.status.concept))
            block.add(version, MSE.registeredStatus, concept)
            block.add(registration, MSE.registeredStatus, concept)
    if record.enrolment is not None:
        count = record.enrolment
        block.add(version, MSE.printedEnrolment, string(count.printed))
        block.add(version, MSE.enrolmentKind, string(count.kind) if count.kind else None)
        if count.value is not None:
            block.add(version, MSE.enrolment, integer(count.value))
            block.add(registration, MSE.enrolment, integer(count.value))
    block.add_all(version, MSE.emptyField, record.empty)
    address = web_address(record.address) if record.address else None
    block.add(registration, _SEE_ALSO, f"<{record.address}>" if address else None)


def _dates(block: Block, registration: str, version: str, record: RegistryRecord) -> None:
    for name, normalised, printed, kind in _DATES:
        dated = record.dates.get(name)
        if dated is None:
            continue
        block.add(version, printed, string(dated.printed))
        block.add(version, kind, string(dated.kind) if dated.kind else None)
        _both(block, registration, version, normalised, dated)
    for name, normalised in _OTHER_DATES:
        if name in record.dates:
            _both(block, registration, version, normalised, record.dates[name])
    if record.has_results is not None:
        block.add(version, MSE.hasResults, boolean(record.has_results))
        block.add(registration, MSE.hasResults, boolean(record.has_results))


def _both(block: Block, registration: str, version: str, predicate: URIRef, dated: Dated) -> None:
    if dated.value is not None:
        block.add(version, predicate, date(dated.value))
        block.add(registration, predicate, date(dated.value))


def _words(block: Block, registration: str, record: RegistryRecord) -> None:
    for title in record.titles:
        block.add(registration, _TITLE, tagged(title.text, title.language))
    block.add_all(registration, MSE.acronym, record.acronyms)
    block.add_all(registration, MSE.sponsor, record.sponsors)
    block.add_all(registration, MSE.collaborator, record.collaborators)
    block.add_all(registration, MSE.condition, record.conditions)
    block.add_all(registration, MSE.interventionName, record.interventions)
    block.add_all(registration, MSE.primaryOutcome, record.outcomes)
    block.add_all(registration, MSE.country, record.countries)
    for predicate, text in ((MSE.phase, record.phase), (MSE.studyType, record.study_type)):
        block.add(registration, predicate, string(text) if text else None)
    block.add(registration, MSE.registeredDesign, string(record.design) if record.design else None)


def _other(block: Block, version: str, version_iri: URIRef, position: int, other: OtherNumber) -> NumberFact:
    iri = data_node(mint(Kind.OTHER_NUMBER, f"{version_iri.rsplit('/', 1)[1]}.{position}"))
    state_other_number(block, version, iri, other)
    found = other.number
    return NumberFact(
        other.printed, other.role, other.label, found.key if found else None, found.scheme if found else None
    )


def state_other_number(block: Block, version: str, iri: str, other: OtherNumber) -> None:
    """State a number that a record gives beside its own, and the registration that it denotes, if any."""
    block.add(version, MSE.hasOtherNumber, iri)
    block.add(iri, _TYPE, node(MSE.OtherNumber))
    block.add(iri, MSE.printed, string(other.printed))
    block.add(iri, MSE.numberRole, node(_concept("number-role", other.role)))
    block.add(iri, MSE.numberLabel, string(other.label) if other.label else None)
    block.add(iri, MSE.link, web_address(other.link) if other.link else None)
    found = other.number
    if found is not None:
        block.add(iri, MSE.normalised, string(found.normalised))
        block.add(iri, MSE.scheme, string(found.scheme))
        block.add(iri, MSE.countrySuffix, string(found.suffix) if found.suffix else None)
        block.add(iri, MSE.denotesRegistration, data_node(_registration(block, found)))


def _cited(block: Block, version: str, cited: CitedPublication) -> PublicationLink | None:
    """State a publication that the record cites by an identifier; one without is nobody's to find again."""
    key = publication_key(pmid=cited.pmid) or publication_key(cited.doi)
    if key is None:
        return None
    this = data_node(mint(Kind.PUBLICATION, key))
    block.add(version, MSE.listsPublication, this)
    block.add(this, _TYPE, node(MSE.Publication))
    block.add(this, _LABEL, tagged(f"PubMed {cited.pmid}" if cited.pmid else f"DOI {cited.doi}", "en"))
    block.add(this, FABIO.hasPubMedId, string(cited.pmid) if cited.pmid else None)
    block.add(this, PRISM.doi, string(cited.doi) if cited.doi else None)
    block.add(this, MSE.citation, string(cited.citation) if cited.citation else None)
    return PublicationLink(key, cited.kind)


def _fact(
    record: RegistryRecord,
    key: str,
    version: URIRef,
    numbers: tuple[NumberFact, ...],
    cited: tuple[PublicationLink, ...],
    place: str,
) -> RegistrationFact:
    count = record.enrolment
    return RegistrationFact(
        key=key,
        version=version.rsplit("/", 1)[1],
        number=record.number.normalised,
        scheme=record.number.scheme,
        suffix=record.number.suffix,
        titles=tuple((t.kind, t.text, t.language) for t in record.titles),
        acronyms=tuple(record.acronyms),
        sponsors=tuple(record.sponsors),
        conditions=tuple(record.conditions),
        numbers=numbers,
        publications=cited,
        status=record.status.printed if record.status else None,
        dates={k: (d.printed, d.value, d.kind) for k, d in record.dates.items()},
        enrolment=(count.printed, count.value, count.kind) if count else None,
        has_results=record.has_results,
        placeholders=tuple(n.printed for n in record.other_numbers if n.number is None and is_placeholder(n.printed)),
        place=place,
    )
