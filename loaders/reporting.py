"""Which publications report on which studies, as loaded records say it.

A bibliographic record says so by the registry number that it gives for the work (a data bank, or the one number in its
title and abstract); a registry record by the results that it cites. Each link is a node with its ground. A review names
the numbers of others' studies, so what a review names is no link.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import DCTERMS, URIRef

from msevidence.loaders.exports.facts import PublicationFact, RegistrationFact
from msevidence.loaders.identity import Resolution
from msevidence.loaders.identity.records import name_of, registration
from msevidence.loaders.statements import Statements, english
from msevidence.ontology.iris import Kind, mint, short_hash
from msevidence.ontology.namespaces import MSE

_REVIEWS = frozenset({"systematic-review", "review-article", "hta-report", "commentary", "position-statement"})
_CITED = {"result": "cites it among its results", "derived": "cites it as derived from the study"}
_TEXTS = ("title", "abstract")


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A publication reports on the study of a registration; ``because`` is the ground, ``source`` where it stands."""

    publication: str
    """Key."""
    registration: str
    """Key."""
    because: str
    source: str


def report_links(
    publications: Iterable[PublicationFact], registrations: Iterable[RegistrationFact]
) -> Iterator[ReportLink]:
    """Yield what loaded records say about which publication reports on which registered study."""
    for fact in publications:
        yield from _of_publication(fact)
    for record in registrations:
        for link in record.publications:
            if link.kind in _CITED:
                because = f"The record of {name_of(registration(record.key))} {_CITED[link.kind]}."
                yield ReportLink(link.key, record.key, because, record.place)


def _of_publication(fact: PublicationFact) -> Iterator[ReportLink]:
    if fact.kind in _REVIEWS:
        return
    listed = {n.key: n for n in fact.numbers if n.key and n.role == "secondary"}
    for key, number in listed.items():
        because = f"The bibliographic record lists {number.printed} as the number of the study."
        yield ReportLink(fact.key, key, because, fact.place)
    named = {n.key: n for n in fact.numbers if n.key and n.role in _TEXTS and n.key not in listed}
    if len(named) == 1 and not listed:
        key, number = next(iter(named.items()))
        because = f"{number.printed} is the one registry number that its {number.role} names."
        yield ReportLink(fact.key, key, because, fact.place)


def state_report_links(
    identity: Statements, links: Iterable[ReportLink], studies: Resolution, names: dict[str, str]
) -> None:
    """State the links; ``names`` has the IRIs of publications that turned out to be others."""
    for link in links:
        study = studies.study_of.get(registration(link.registration))
        if study is None:
            continue
        own = str(mint(Kind.PUBLICATION, link.publication))
        publication = URIRef(names.get(own, own))
        key = short_hash(f"{publication} {study} {link.because} {link.source}")
        identity.add(publication, MSE.reportsOn, URIRef(study))
        identity.node(
            mint(Kind.REPORT_LINK, f"record.{key}"),
            MSE.ReportLink,
            {
                MSE.publication: publication,
                MSE.ofStudy: URIRef(study),
                MSE.because: english(link.because),
                DCTERMS.source: link.source,
            },
        )
