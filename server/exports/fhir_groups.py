"""Arms of studies, and participants as documents describe them, as Group of FHIR R5.

https://hl7.org/fhir/R5/group.html. Members are described, not listed.
"""

from __future__ import annotations

from msevidence.server import i18n
from msevidence.server.exports.fhir_graph import Facts
from msevidence.server.exports.fhir_values import (
    Json,
    concept,
    fhir_id,
    labelled,
    literal,
    made,
    marked,
    number,
    own_identifier,
)
from msevidence.server.exports.handover import Handover


def arm(iri: str, facts: Facts, handover: Handover) -> Json:
    """Return an arm, with its size where a document states one."""
    document = facts.first(iri, "mse:inDocument")
    size, follow = facts.first(iri, "pico:numberOfParticipants"), facts.first(iri, "mse:printedFollowUp")
    treatment = next(iter(facts.literals(iri, "mse:treatment")), None)
    unit, length = facts.first(iri, "mse:followUpUnit"), facts.first(iri, "mse:followUp")
    return made(
        resourceType="Group",
        id=fhir_id(iri),
        identifier=[own_identifier(iri)],
        type="person",
        membership="definitional",
        **labelled("name", handover.labels(iri)),
        **marked("description", facts.first(iri, "mse:printedSize"), facts.language(document)),
        quantity=int(size) if size else None,
        characteristic=[
            *([_trait("treatment", literal("text", treatment), handover)] if treatment else []),
            *([_trait("follow-up", marked("text", follow), handover)] if follow and not length else []),
            *(
                [_measure("follow-up", made(value=number(length), unit=handover.labels(unit).text), handover)]
                if length and unit
                else []
            ),
        ],
    )


def described(iri: str, facts: Facts, handover: Handover) -> Json:
    """Return the participants of a study as a document describes them; empty where it does not."""
    document, study = facts.first(iri, "mse:inDocument"), facts.first(iri, "mse:describes")
    people = facts.first(iri, "mse:participants")
    population = next(iter(facts.literals(iri, "mse:population")), None)
    types = facts.iris(iri, "mse:msType")
    if not (people or population or types):
        return {}
    name = f"{handover.labels(study).text} – {handover.labels(document).text}"
    printed = facts.first(iri, "mse:printedParticipants")
    return made(
        resourceType="Group",
        id=fhir_id(iri),
        identifier=[own_identifier(iri)],
        type="person",
        membership="definitional",
        name=name,
        **(literal("description", population) or marked("description", printed, facts.language(document))),
        quantity=int(people) if people else None,
        characteristic=[
            {
                "code": _heading("msType", handover),
                "valueCodeableConcept": concept(one, handover.labels),
                "exclude": False,
            }
            for one in types
        ],
    )


def _heading(name: str, handover: Handover) -> Json:
    return {"text": i18n.text(f"fhir-{name}", handover.language)}


def _trait(name: str, text: Json, handover: Handover) -> Json:
    return {"code": _heading(name, handover), "valueCodeableConcept": text, "exclude": False}


def _measure(name: str, quantity: Json, handover: Handover) -> Json:
    return {"code": _heading(name, handover), "valueQuantity": quantity, "exclude": False}
