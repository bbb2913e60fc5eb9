"""Registry records as statements: one node a record, never one a study; every recorded value with its address."""

from decimal import Decimal, InvalidOperation

from rdflib import DCTERMS, RDFS, URIRef

from msevidence.loaders import partial_dates
from msevidence.loaders.catalogue import Catalogue, File
from msevidence.loaders.catalogue_schema import Registrations, Sourced
from msevidence.loaders.sourced import numbered, outside, source_iri, sourced
from msevidence.loaders.statements import Statements, Tagged, Typed, english, partial_date
from msevidence.ontology.identifiers import SCHEMES, FoundNumber
from msevidence.ontology.iris import Kind, graph_iri, mint, registration_label, slug
from msevidence.ontology.namespaces import FABIO, MSE, scheme

STATUS = {
    "ACTIVE_NOT_RECRUITING": "active-not-recruiting",
    "COMPLETED": "completed",
    "Completed": "completed",
    "Not Recruiting": "not-recruiting",
    "RECRUITING": "recruiting",
    "Recruiting": "recruiting",
    "TERMINATED": "terminated",
    "Trial now transitioned": "transitioned",
    "UNKNOWN": "unknown-status",
    "NOT_YET_RECRUITING": "not-yet-recruiting",
    "ENROLLING_BY_INVITATION": "enrolling-by-invitation",
    "SUSPENDED": "suspended",
    "WITHDRAWN": "withdrawn",
}
"""Statuses as registries spell them; one that is not here stops the build."""


def registration_statements(catalogue: Catalogue) -> Statements:
    """Return the graph of all records that a document names or the catalogue lists.

    Raises CurationError for a status, a count or a study that is not known.
    """
    graph = Statements(graph_iri("registrations"))
    file = catalogue.files["registrations"]
    content: Registrations = file.model
    derived = source_iri(content.derived_from.sha256)
    listed = {
        str(mint(Kind.REGISTRATION, key)): FoundNumber(entry.scheme, entry.number, entry.number)
        for key, entry in content.registrations.items()
    }
    numbers = {**listed, **catalogue.numbers}
    for iri, number in sorted(numbers.items()):
        _registration(graph, URIRef(iri), number)
    for key, entry in content.registrations.items():
        iri = mint(Kind.REGISTRATION, key)
        graph.add(iri, MSE.recordFound, entry.not_found is None)
        graph.add(iri, MSE.note, english(entry.not_found))
        graph.add(iri, MSE.emptyField, *entry.empty)
        for place, name, value in numbered(entry.values()):
            at = ("registrations", key, "fields", name)
            source = content.address(value)
            _registration_value(file, graph, iri, name, value, at)
            sourced(graph, iri, place, name, value, source.address, source.date, derived, "registration")
        for n, link in enumerate(entry.registers):
            study = catalogue.listed_study(link.study, file, ("registrations", key, "registers", n, "study"))
            graph.add(study, MSE.registeredAs, iri)
            graph.node(
                mint(Kind.REPORT_LINK, f"{key}.{link.study}"),
                MSE.ReportLink,
                {
                    MSE.registration: iri,
                    MSE.ofStudy: study,
                    MSE.because: english(link.because),
                    DCTERMS.source: link.where,
                },
            )
    return graph


def _registration(graph: Statements, iri: URIRef, number: FoundNumber) -> None:
    registry = mint(Kind.REGISTRY, slug(number.scheme))
    known = SCHEMES.get(number.scheme)
    graph.node(
        registry, MSE.Registry, {RDFS.label: known.registry if known else number.scheme, MSE.scheme: number.scheme}
    )
    graph.node(
        iri,
        [MSE.Registration, FABIO.Entry],
        {
            RDFS.label: registration_label(number),
            MSE.registrationNumber: number.normalised,
            MSE.inRegistry: registry,
            MSE.scheme: number.scheme,
            RDFS.seeAlso: outside(number.scheme, number.normalised),
        },
    )


def _registration_value(
    file: File, graph: Statements, iri: URIRef, name: str, value: Sourced, at: tuple[int | str, ...]
) -> None:
    for text in value.texts():
        _one_value(file, graph, iri, name, text, at)


def _one_value(file: File, graph: Statements, iri: URIRef, name: str, text: str, at: tuple[int | str, ...]) -> None:
    match name:
        case "brief_title" | "official_title":
            graph.add(iri, DCTERMS.title, Tagged(text, "en"))
        case "status":
            if text not in STATUS:
                raise file.error(
                    f"status {text!r} is not known; add it to STATUS in loaders/triples_registrations.py", at
                )
            graph.add(iri, MSE.registeredStatus, scheme("status-as-registered", STATUS[text]))
        case "start_date":
            graph.add(iri, MSE.startDate, _dated(text))
        case "primary_completion_date":
            graph.add(iri, MSE.primaryCompletionDate, _dated(text))
        case "completion_date":
            graph.add(iri, MSE.completionDate, _dated(text))
        case "enrolment":
            graph.add(iri, MSE.enrolment, _count(file, text, at))
        case "phase":
            graph.add(iri, MSE.phase, text)
        case "sponsor":
            graph.add(iri, MSE.sponsor, text)
        case "acronym":
            graph.add(iri, MSE.acronym, text)


def _count(file: File, text: str, at: tuple[int | str, ...]) -> int:
    """Return a number of participants; an export may write 110.0 for it, which stays as recorded beside it."""
    try:
        number = Decimal(text)
        if number != int(number) or number < 0:
            raise ValueError
    except (InvalidOperation, ValueError, OverflowError) as e:
        raise file.error(f"enrolment {text!r} is no number of persons; correct it, or leave the field out", at) from e
    return int(number)


def _dated(text: str) -> Typed | None:
    """Return a recorded date as a literal; what is none stays with its recorded value."""
    try:
        partial_dates.last_day(text)
    except ValueError:
        return None
    return partial_date(text)
