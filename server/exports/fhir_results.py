"""Results as Evidence and what they measure as EvidenceVariable of FHIR R5.

https://hl7.org/fhir/R5/evidence.html, https://hl7.org/fhir/R5/evidencevariable.html.
A result is what a document prints, not an estimate of ours: its figure is the quantity, its words are the note.
"""

from __future__ import annotations

from collections.abc import Iterator

from msevidence.server import i18n
from msevidence.server.exports.fhir_graph import Facts, last
from msevidence.server.exports.fhir_values import (
    UNKNOWN,
    Json,
    concept,
    fhir_id,
    labelled,
    literal,
    made,
    made_iri,
    marked,
    note,
    number,
    own_identifier,
    reference,
)
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.rights import Rights

ROLES = "http://terminology.hl7.org/CodeSystem/variable-role"
COUNTED = frozenset(("studies", "references", "publications", "study-count", "record-count"))
"""Last names of units and outcomes of figures that count studies or records."""
COMPARATORS = {"more-than": ">", "up-to": "<=", "less-than": "<", "at-least": ">="}
"""Qualifier of a printed number → comparator of a quantity; others, such as "approximately", have none in FHIR."""


def variable_iri(result: str, facts: Facts) -> str:
    """Return the IRI of what a result measures: the same for the same measure and outcomes."""
    measure = next(iter(facts.literals(result, "mse:measure")), None)
    return made_iri("variable", str(measure), *sorted(facts.iris(result, "mse:outcome")))


def variable(result: str, facts: Facts, handover: Handover) -> Json:
    """Return what a result measures, with its outcomes as they are classified."""
    iri = variable_iri(result, facts)
    return made(
        resourceType="EvidenceVariable",
        id=iri.removeprefix("urn:uuid:"),
        **literal("title", next(iter(facts.literals(result, "mse:measure")), None)),
        status=UNKNOWN,
        experimental=True,
        characteristic=[
            {"definitionCodeableConcept": concept(one, handover.labels)} for one in facts.iris(result, "mse:outcome")
        ],
    )


def evidence(iri: str, facts: Facts, handover: Handover, held: Rights) -> Json:
    """Return a result.

    Args:
        iri: of the result.
        facts: what was read.
        handover: the export.
        held: what of a document may be handed over.
    """
    document, study = facts.first(iri, "mse:inDocument"), facts.first(iri, "mse:ofStudy")
    words = facts.first(iri, "mse:quotedText")
    quoted = [note(words, by=handover.labels(document).text, language=facts.language(document))]
    remarks = [made(**literal("text", one)) for one in facts.literals(iri, "mse:note")]
    return made(
        resourceType="Evidence",
        id=fhir_id(iri),
        identifier=[own_identifier(iri)],
        **labelled("title", handover.labels(iri)),
        citeAsReference=_of(document, "Citation", handover) if document in handover.scope.documents else None,
        status=UNKNOWN,
        experimental=True,
        relatedArtifact=[{"type": "derived-from", "resourceReference": _of(study, "ResearchStudy", handover)}]
        if study in handover.scope.studies
        else None,
        note=(quoted if words and held.allow(words, document) else []) + remarks,
        variableDefinition=list(_variables(iri, facts, handover)),
        statistic=[statistic] if (statistic := _statistic(iri, facts, handover)) else None,
    )


def _of(iri: str, kind: str, handover: Handover) -> Json:
    return reference(iri, kind, handover.labels(iri).text)


def _variables(iri: str, facts: Facts, handover: Handover) -> Iterator[Json]:
    for population in facts.literals(iri, "mse:population"):
        yield {"variableRole": _role("population"), **literal("description", population)}
    for role, term in (("exposure", "mse:ofArm"), ("referenceExposure", "mse:comparedWith")):
        for arm in facts.iris(iri, term):
            yield {"variableRole": _role(role), "observed": _of(arm, "Group", handover)}
    yield {
        "variableRole": _role("measuredVariable"),
        "observed": reference(variable_iri(iri, facts), "EvidenceVariable", facts.first(iri, "mse:measure")),
    }


def _role(code: str) -> Json:
    return {"coding": [{"system": ROLES, "code": code}]}


def _statistic(iri: str, facts: Facts, handover: Handover) -> Json:
    """Return the figure of a result, and how it was printed; a result in words alone has a description alone."""
    document = facts.language(facts.first(iri, "mse:inDocument"))
    value, high, unit = (facts.first(iri, f"mse:{name}") for name in ("value", "valueHigh", "unit"))
    label = handover.labels(unit).text if unit else ""
    denominator = facts.first(iri, "mse:denominator")
    low = made(value=number(value), unit=label) if value else {}
    comparator = COMPARATORS.get(facts.first(iri, "mse:qualifier"))
    return made(
        **marked("description", facts.first(iri, "mse:printedValue"), document),
        note=list(_notes(iri, facts, handover)),
        category=_category(iri, facts, handover),
        quantity=made(comparator=comparator, **low) if low and not high else None,
        sampleSize=made(
            **marked("description", facts.first(iri, "mse:printedDenominator"), document),
            numberOfParticipants=int(denominator) if denominator else None,
        ),
        attributeEstimate=[{"range": {"low": low, "high": made(value=number(high), unit=label)}}] if high else None,
    )


def _category(iri: str, facts: Facts, handover: Handover) -> Json:
    """Tell harms, and figures that count studies or records: these are of a document, and no effect."""
    if facts.holds(iri, "mse:isHarm"):
        return {"text": i18n.text("fhir-harm", handover.language)}
    counted = {last(one) for term in ("mse:unit", "mse:outcome") for one in facts.iris(iri, term)}
    return {"text": i18n.text("fhir-count", handover.language)} if counted & COUNTED else {}


def _notes(iri: str, facts: Facts, handover: Handover) -> Iterator[Json]:
    for name in ("direction", "qualifier", "timePoint", "place"):
        heading = i18n.text(f"fhir-{name}", handover.language)
        for concept_iri in facts.iris(iri, f"mse:{name}"):
            yield note(f"{heading}: {handover.labels(concept_iri).text}")
        for text in facts.texts(iri, f"mse:{name}"):
            yield note(f"{heading}: {text}")
