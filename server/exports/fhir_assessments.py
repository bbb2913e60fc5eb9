"""Findings and verdicts as ArtifactAssessment of FHIR R5 (https://hl7.org/fhir/R5/artifactassessment.html)."""

from __future__ import annotations

from collections.abc import Iterator

from msevidence.server.exports.about import OWN_LICENCE_NAME
from msevidence.server.exports.fhir_graph import Facts
from msevidence.server.exports.fhir_values import (
    Json,
    concept,
    date,
    fhir_id,
    made,
    marked,
    own_identifier,
    reference,
    translated,
)
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.rights import Rights


def finding(iri: str, facts: Facts, handover: Handover) -> Json:
    """Return a finding on a document, with what a person decided on it.

    Its paths are the places that it rests on and the things that it is about, as IRIs.
    """
    severity, rule = facts.first(iri, "mse:severity"), facts.first(iri, "mse:reviewRule")
    about = [*facts.iris(iri, "mse:statedIn"), *facts.iris(iri, "mse:about")]
    because = next(iter(facts.literals(iri, "mse:because")), None)
    component = [_review(one, facts, handover) for one in facts.around(iri, "review")]
    if because is not None:
        component.insert(0, {"informationType": "comment", **marked("summary", because.value, because.language or "")})
    return _assessment(
        iri,
        facts,
        handover,
        informationType="comment",
        **translated("summary", facts.literals(iri, "rdfs:label")),
        type=concept(facts.first(iri, "mse:findingKind"), handover.labels),
        classifier=[concept(one, handover.labels) for one in (severity, facts.first(iri, "mse:foundBy")) if one],
        author=made(display=facts.first(iri, "mse:decidedByName")),
        path=list(dict.fromkeys([*about, *([rule] if rule else [])])),
        component=component,
    )


def verdict(iri: str, facts: Facts, handover: Handover, held: Rights) -> Json:
    """Return what comparing a claim with a work that it cites showed; the work is what it is derived from."""
    work, words = facts.first(iri, "mse:about"), facts.first(iri, "mse:sourceWords")
    derived = reference(work, "Citation", handover.labels(work).text) if work in handover.scope.publications else {}
    artifact = made(
        type="derived-from",
        citation=words if held.allow(words, None) else "",
        document=made(url=facts.first(iri, "dcterms:source")),
        resourceReference=derived,
    )
    return _assessment(
        iri,
        facts,
        handover,
        informationType="comment",
        **translated("summary", facts.literals(iri, "rdfs:label")),
        type=concept(facts.first(iri, "mse:verdict"), handover.labels),
        classifier=[concept(one, handover.labels) for one in facts.iris(iri, "mse:verdictBasis")],
        relatedArtifact=[artifact],
        path=list(_paths(iri, facts)),
    )


def _paths(iri: str, facts: Facts) -> Iterator[str]:
    yield from facts.iris(iri, "mse:statedIn")
    yield from facts.iris(iri, "mse:reviewRule")


def _assessment(iri: str, facts: Facts, handover: Handover, **content: object) -> Json:
    """Return an assessment of a document: in the bundle, or by its IRI where only a part is handed over."""
    document = facts.first(iri, "mse:inDocument") or next(
        (facts.first(one, "oa:hasSource") for one in facts.iris(iri, "mse:statedIn")), ""
    )
    inside = document in handover.scope.documents
    return made(
        resourceType="ArtifactAssessment",
        id=fhir_id(iri),
        identifier=[own_identifier(iri)],
        date=date(facts.first(iri, "mse:date")),
        copyright=OWN_LICENCE_NAME,
        artifactReference=reference(document, "Citation", handover.labels(document).text) if inside else None,
        artifactUri=None if inside else document,
        content=[made(**content)],
    )


def _review(iri: str, facts: Facts, handover: Handover) -> Json:
    """Return what a person decided on a finding."""
    because = next(iter(facts.literals(iri, "mse:because")), None)
    return made(
        informationType="response",
        **(marked("summary", because.value, because.language or "") if because is not None else {}),
        type=concept(facts.first(iri, "mse:reviewDecision"), handover.labels),
        author=made(display=facts.first(iri, "mse:decidedByName")),
    )
