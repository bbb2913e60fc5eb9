"""Publications as Citation of FHIR R5 (https://hl7.org/fhir/R5/citation.html)."""

from __future__ import annotations

from collections.abc import Iterator

from msevidence.server.bibliography import Record
from msevidence.server.exports.fhir_graph import Facts
from msevidence.server.exports.fhir_values import (
    UNKNOWN,
    Json,
    concept,
    date,
    fhir_id,
    identifier,
    labelled,
    made,
    marked,
    own_identifier,
    reference,
)
from msevidence.server.exports.handover import Handover

SYSTEMS = {
    "doi": "https://doi.org",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov",
    "pmcid": "https://www.ncbi.nlm.nih.gov/pmc",
}
"""Field of a record → system of the identifier."""


def citation(record: Record, facts: Facts, handover: Handover) -> Json:
    """Return a publication.

    Args:
        record: the publication as a reference manager knows it.
        facts: what was read.
        handover: the export.
    """
    iri = record.iri
    kind = facts.first(iri, "mse:publicationKind")
    works = [one for one in facts.iris(iri, "cito:cites") if one in handover.scope.publications]
    return made(
        resourceType="Citation",
        id=fhir_id(iri),
        url=iri,
        identifier=[own_identifier(iri)],
        **labelled("title", handover.labels(iri)),
        status=UNKNOWN,
        experimental=True,
        copyright=" · ".join(facts.texts(iri, "dcterms:rights")),
        citedArtifact=made(
            identifier=[
                identifier(system, getattr(record, name)) for name, system in SYSTEMS.items() if getattr(record, name)
            ],
            title=[marked("text", record.title, record.language)] if record.title else None,
            relatesTo=[
                {"type": "cites", "resourceReference": reference(one, "Citation", handover.labels(one).text)}
                for one in works
            ],
            publicationForm=[form] if (form := _form(record)) else None,
            webLocation=[{"url": link} for link in record.links],
            classification=[{"classifier": [concept(kind, handover.labels)]}] if kind else None,
            contributorship=_contributorship(record),
        ),
    )


def _form(record: Record) -> Json:
    first, end = record.page_ends
    return made(
        publishedIn=made(
            title=record.container,
            publisher=made(display=record.publisher),
            identifier=[own_identifier(f"urn:issn:{record.issn}")] if record.issn else None,
        ),
        volume=record.volume,
        issue=record.issue,
        articleDate=date(record.issued),
        pageString=record.pages,
        firstPage=first if end else "",
        lastPage=end,
    )


def _contributorship(record: Record) -> Json:
    """Return the authors in their order; whether these are all is only said where names are known to be missing."""
    entries = list(_authors(record))
    return made(complete=False if entries and record.more_authors else None, entry=entries)


def _authors(record: Record) -> Iterator[Json]:
    for place, author in enumerate(record.authors, 1):
        yield {"contributor": {"display": author.inverted}, "rankingOrder": place}
