"""The peer of the benchmark of loading: registry records stated with rdflib, the way one does who knows it well.

It shares the parser with ours and makes the same statements of the same records, from terms of rdflib: constants made
once, texts and addresses remembered, literals not normalised, quads added to the memory store without the checks of
``Graph.add``. Its IRIs are ours; it keeps no facts, looks for no duplicates and checks no shapes, which ours does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rdflib import DCTERMS, PROV, RDF, RDFS, XSD, Dataset, Graph, Literal, URIRef
from rdflib.plugins.serializers.nquads import _nq_row

from msevidence.loaders.exports.records import OtherNumber, RegistryRecord
from msevidence.loaders.identity.publication_keys import publication_key
from msevidence.ontology.identifiers import SCHEMES, FoundNumber, outside_link
from msevidence.ontology.iris import Kind, mint, registration_iri, registration_label, slug
from msevidence.ontology.namespaces import FABIO, MSE, PRISM, scheme

Triple = tuple[URIRef, URIRef, URIRef | Literal]

TRUE, FALSE = (Literal(word, datatype=XSD.boolean, normalize=False) for word in ("true", "false"))
DATATYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
TYPE, LABEL, SEE_ALSO, TITLE, DERIVED = RDF.type, RDFS.label, RDFS.seeAlso, DCTERMS.title, PROV.wasDerivedFrom
ENTRY, PMID, DOI = FABIO.Entry, FABIO.hasPubMedId, PRISM.doi
REGISTRY, REGISTRATION, VERSION, OTHER_NUMBER = MSE.Registry, MSE.Registration, MSE.RecordVersion, MSE.OtherNumber
PUBLICATION, SCHEME, NUMBER, IN_REGISTRY = MSE.Publication, MSE.scheme, MSE.registrationNumber, MSE.inRegistry
FOUND, HAS_VERSION, VERSION_OF, PLACE = MSE.recordFound, MSE.hasVersion, MSE.versionOf, MSE.exportPlace
PRINTED, SUFFIX, SOURCE_DATE = MSE.printed, MSE.countrySuffix, MSE.sourceDate
PRINTED_STATUS, STATUS, EMPTY = MSE.printedStatus, MSE.registeredStatus, MSE.emptyField
PRINTED_ENROLMENT, ENROLMENT_KIND, ENROLMENT = MSE.printedEnrolment, MSE.enrolmentKind, MSE.enrolment
HAS_RESULTS = MSE.hasResults
HAS_NUMBER, ROLE, NUMBER_LABEL, LINK = MSE.hasOtherNumber, MSE.numberRole, MSE.numberLabel, MSE.link
NORMALISED, DENOTES, LISTS, CITATION = MSE.normalised, MSE.denotesRegistration, MSE.listsPublication, MSE.citation
DATES = (
    ("start", MSE.startDate, MSE.printedStart, MSE.startKind),
    ("primary-completion", MSE.primaryCompletionDate, MSE.printedPrimaryCompletion, MSE.primaryCompletionKind),
    ("completion", MSE.completionDate, MSE.printedEnd, MSE.completionKind),
)
OTHER_DATES = (
    ("registered", MSE.registeredOn),
    ("authorised", MSE.authorisedOn),
    ("results-posted", MSE.resultsPosted),
)
LISTED = (
    (MSE.acronym, "acronyms"),
    (MSE.sponsor, "sponsors"),
    (MSE.collaborator, "collaborators"),
    (MSE.condition, "conditions"),
    (MSE.interventionName, "interventions"),
    (MSE.primaryOutcome, "outcomes"),
    (MSE.country, "countries"),
)
SINGLE = ((MSE.phase, "phase"), (MSE.studyType, "study_type"), (MSE.registeredDesign, "design"))

concept = lru_cache(maxsize=256)(scheme)
address = lru_cache(maxsize=2**14)(URIRef)


@lru_cache(maxsize=2**14)
def text(value: str, language: str | None = None) -> Literal:
    """Return a string; those that come again are remembered, as many as fit."""
    return Literal(value, lang=language, normalize=False)


@lru_cache(maxsize=2**14)
def date(value: str) -> Literal:
    return Literal(value, datatype=DATATYPES[len(value)], normalize=False)


@lru_cache(maxsize=64)
def registry(name: str) -> tuple[URIRef, str]:
    known = SCHEMES.get(name)
    return mint(Kind.REGISTRY, slug(name)), known.registry if known else name


def statements(record: RegistryRecord, source: URIRef, place: str) -> list[Triple]:
    """Return the statements of a record, some perhaps twice."""
    number, updated = record.number, record.dates.get("updated")
    out: list[Triple] = []
    this = _registration(out, number)
    digest = hashlib.sha256(repr(record).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    key = ".".join([number.key, *([slug(number.suffix)] if number.suffix else []), digest])
    version = mint(Kind.RECORD_VERSION, key)
    name = registration_label(number) + (f"-{number.suffix}" if number.suffix else "")
    out += [
        (this, FOUND, TRUE),
        (this, HAS_VERSION, version),
        (version, TYPE, VERSION),
        (version, LABEL, text(f"{name} ({updated.value})" if updated and updated.value else name)),
        (version, VERSION_OF, this),
        (version, DERIVED, source),
        (version, PLACE, text(place)),
        (version, PRINTED, text(number.printed)),
    ]
    if number.suffix:
        out.append((version, SUFFIX, text(number.suffix)))
    if updated and updated.value:
        out.append((version, SOURCE_DATE, date(updated.value)))
    if record.status is not None:
        out.append((version, PRINTED_STATUS, text(record.status.printed)))
        if record.status.concept is not None:
            status = concept("status-as-registered", record.status.concept)
            out += [(version, STATUS, status), (this, STATUS, status)]
    if record.enrolment is not None:
        out.append((version, PRINTED_ENROLMENT, text(record.enrolment.printed)))
        if record.enrolment.kind:
            out.append((version, ENROLMENT_KIND, text(record.enrolment.kind)))
        if record.enrolment.value is not None:
            count = Literal(str(record.enrolment.value), datatype=XSD.integer, normalize=False)
            out += [(version, ENROLMENT, count), (this, ENROLMENT, count)]
    out += [(version, EMPTY, text(field)) for field in record.empty]
    if record.address and record.address.startswith(("http://", "https://")):
        out.append((this, SEE_ALSO, address(record.address)))
    _dates(out, this, version, record)
    out += [(this, TITLE, text(title.text, title.language)) for title in record.titles]
    for predicate, attribute in LISTED:
        out += [(this, predicate, text(value)) for value in getattr(record, attribute)]
    for predicate, attribute in SINGLE:
        if value := getattr(record, attribute):
            out.append((this, predicate, text(value)))
    for position, other in enumerate(record.other_numbers, 1):
        _other(out, version, mint(Kind.OTHER_NUMBER, f"{key}.{position}"), other)
    _publications(out, version, record)
    return out


def _registration(out: list[Triple], number: FoundNumber) -> URIRef:
    this = registration_iri(number)
    where, label = registry(number.scheme)
    out += [
        (where, TYPE, REGISTRY),
        (where, LABEL, text(label)),
        (where, SCHEME, text(number.scheme)),
        (this, TYPE, REGISTRATION),
        (this, TYPE, ENTRY),
        (this, LABEL, text(registration_label(number))),
        (this, NUMBER, text(number.normalised)),
        (this, IN_REGISTRY, where),
        (this, SCHEME, text(number.scheme)),
    ]
    if link := outside_link(number.scheme, number.normalised):
        out.append((this, SEE_ALSO, address(link)))
    return this


def _dates(out: list[Triple], this: URIRef, version: URIRef, record: RegistryRecord) -> None:
    both = list(OTHER_DATES)
    for name, normalised, printed, kind in DATES:
        if (dated := record.dates.get(name)) is not None:
            out.append((version, printed, text(dated.printed)))
            if dated.kind:
                out.append((version, kind, text(dated.kind)))
            both.append((name, normalised))
    for name, predicate in both:
        if (dated := record.dates.get(name)) is not None and dated.value is not None:
            value = date(dated.value)
            out += [(version, predicate, value), (this, predicate, value)]
    if record.has_results is not None:
        truth = TRUE if record.has_results else FALSE
        out += [(version, HAS_RESULTS, truth), (this, HAS_RESULTS, truth)]


def _other(out: list[Triple], version: URIRef, this: URIRef, other: OtherNumber) -> None:
    out += [
        (version, HAS_NUMBER, this),
        (this, TYPE, OTHER_NUMBER),
        (this, PRINTED, text(other.printed)),
        (this, ROLE, concept("number-role", other.role)),
    ]
    if other.label:
        out.append((this, NUMBER_LABEL, text(other.label)))
    if other.link and other.link.startswith(("http://", "https://")):
        out.append((this, LINK, Literal(other.link, datatype=XSD.anyURI, normalize=False)))
    if (found := other.number) is not None:
        out += [(this, NORMALISED, text(found.normalised)), (this, SCHEME, text(found.scheme))]
        if found.suffix:
            out.append((this, SUFFIX, text(found.suffix)))
        out.append((this, DENOTES, _registration(out, found)))


def _publications(out: list[Triple], version: URIRef, record: RegistryRecord) -> None:
    for cited in record.publications:
        if (key := publication_key(pmid=cited.pmid) or publication_key(cited.doi)) is None:
            continue
        this = mint(Kind.PUBLICATION, key)
        label = text(f"PubMed {cited.pmid}" if cited.pmid else f"DOI {cited.doi}", "en")
        out += [(version, LISTS, this), (this, TYPE, PUBLICATION), (this, LABEL, label)]
        for predicate, value in ((PMID, cited.pmid), (DOI, cited.doi), (CITATION, cited.citation)):
            if value:
                out.append((this, predicate, text(value)))


def rows(triples: Iterable[Triple], graph: URIRef) -> bytes:
    """Return N-Quads with rdflib's own writer of a row, each row once, without going through a store."""
    return "".join(dict.fromkeys(_nq_row(triple, graph) for triple in triples)).encode()


class Memory:
    """rdflib's memory store, filled without the checks of ``Graph.add``."""

    def __init__(self, graph: URIRef) -> None:
        self.dataset = Dataset()
        self._graph: Graph = self.dataset.graph(graph)
        self._add = self.dataset.store.add

    def add(self, triples: Iterable[Triple]) -> None:
        add, graph = self._add, self._graph
        for triple in triples:
            add(triple, graph)

    def write(self, path: Path) -> None:
        """Write everything as N-Quads with rdflib's serializer."""
        with path.open("wb") as file:
            self.dataset.serialize(file, format="nquads", encoding="utf-8")
