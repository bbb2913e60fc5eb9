"""Documents as Composition of FHIR R5 (https://hl7.org/fhir/R5/composition.html): their claims, by section.

A claim is a section of its own: its sentence as narrative, and as entries the works that it cites and the results that
its sentence prints. The text between the claims is not handed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msevidence.server.exports.fhir_graph import Facts
from msevidence.server.exports.fhir_values import (
    ABSENT,
    UNKNOWN,
    Json,
    concept,
    date,
    fhir_id,
    labelled,
    made,
    made_iri,
    narrative,
    own_identifier,
    paragraph,
    reference,
)
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.rights import Rights


def composition_iri(document: str) -> str:
    """Return the IRI of the composition of a document; the document's own is that of its citation."""
    return made_iri("Composition", document)


def composition(document: str, facts: Facts, handover: Handover, held: Rights, authors: Sequence[str]) -> Json:
    """Return a document with its claims.

    Args:
        document: its IRI.
        facts: what was read.
        handover: the export.
        held: what of a document may be handed over.
        authors: names as printed; a document without any is by its publisher.
    """
    publisher = facts.first(document, "dcterms:publisher")
    by = authors or ([handover.labels(publisher).text] if publisher else [])
    kind = facts.first(document, "mse:documentKind")
    issued = date(facts.first(document, "dcterms:issued"))
    return made(
        resourceType="Composition",
        id=composition_iri(document).removeprefix("urn:uuid:"),
        language=facts.language(document),
        identifier=[own_identifier(document)],
        status=UNKNOWN,
        type=concept(kind, handover.labels) if kind else ABSENT,
        **({"date": issued} if issued else {"_date": ABSENT}),
        author=[{"display": name} for name in by] or [ABSENT],
        **labelled("title", handover.labels(document)),
        section=list(_sections(document, facts, handover, held)),
    )


def _sections(document: str, facts: Facts, handover: Handover, held: Rights) -> Iterator[Json]:
    """Give the sections that have claims, in the order of the text."""
    claims = [one for one in handover.scope.claims if facts.first(one, "mse:inDocument") == document]
    by_section: dict[str, list[str]] = {}
    for claim in sorted(claims, key=lambda one: (int(facts.first(one, "oa:start") or 0), one)):
        by_section.setdefault(next(iter(facts.around(claim, "section")), ""), []).append(claim)
    for section, inside in by_section.items():
        title = facts.first(section, "dcterms:title")
        yield made(title=title, section=[_claim(one, document, facts, handover, held) for one in inside])


def _claim(iri: str, document: str, facts: Facts, handover: Handover, held: Rights) -> Json:
    text = facts.first(iri, "mse:claimText")
    passage = next(iter(facts.iris(iri, "mse:statedIn")), "")
    shown = text if held.allow(text, document) else iri
    own = facts.language(passage) or facts.language(document)
    return made(
        id=fhir_id(iri),
        code=concept(facts.first(iri, "mse:claimKind"), handover.labels),
        text=narrative(paragraph(shown, language=own, link=iri)),
        entry=[
            *(_entry(one, "Citation", handover) for one in _cited(iri, facts, handover)),
            *(
                _entry(one, "Evidence", handover)
                for one in handover.scope.results
                if passage in facts.iris(one, "mse:statedIn")
            ),
            *(_entry(one, "ArtifactAssessment", handover) for one in facts.around(iri, "verdict")),
        ],
    )


CITED = (
    *("cito:cites", "cito:citesAsEvidence", "cito:citesAsAuthority", "cito:citesAsDataSource"),
    *("cito:citesForInformation", "cito:obtainsSupportFrom"),
)
"""How a claim cites a work; entries of a section do not say how."""


def _cited(iri: str, facts: Facts, handover: Handover) -> Sequence[str]:
    works = {work for term in CITED for work in facts.iris(iri, term)}
    return sorted(works.intersection(handover.scope.publications))


def _entry(iri: str, kind: str, handover: Handover) -> Json:
    return reference(iri, kind, handover.labels(iri).text)
