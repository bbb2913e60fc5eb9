"""Studies as ResearchStudy of FHIR R5 (https://hl7.org/fhir/R5/researchstudy.html).

What sources tell apart stands where one value is allowed only if all that state it agree; else it is left out there. In
every case a note says who states what, as of when, in the words that were printed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.exports.fhir_graph import Facts, last
from msevidence.server.exports.fhir_stated import Said, Stated
from msevidence.server.exports.fhir_values import (
    UNKNOWN,
    Json,
    concept,
    date,
    fhir_id,
    identifier,
    labelled,
    literal,
    made,
    note,
    own_identifier,
    reference,
)
from msevidence.server.exports.handover import Handover

STATUS_SYSTEM = "http://hl7.org/fhir/research-study-status"
STATUSES = {
    **{code: code for code in ("completed", "enrolling-by-invitation", "not-yet-recruiting", "recruiting")},
    **{code: code for code in ("terminated", "withdrawn")},
    "active-not-recruiting": "active-but-not-recruiting",
}
"""Last name of a status of ours → code of FHIR's with the same meaning; of others, ours stands alone."""
PARTY_SYSTEM = "http://hl7.org/fhir/research-study-party-role"
TITLE_SYSTEM = "http://hl7.org/fhir/title-type"
MONDO = "http://purl.obolibrary.org/obo/MONDO_"
MONDO_SYSTEM = "http://purl.obolibrary.org/obo/mondo.owl"
NCT_SYSTEM = "http://clinicaltrials.gov"
"""Registered with HL7 for the numbers of ClinicalTrials.gov; other registries are named by the graph's own links."""


def research_study(iri: str, facts: Facts, handover: Handover) -> Json:
    """Return a study.

    Args:
        iri: of the study.
        facts: what was read.
        handover: the export.
    """
    return _Study(iri, facts, handover).made()


class _Study:
    def __init__(self, iri: str, facts: Facts, handover: Handover) -> None:
        self.iri, self.facts, self.labels, self.language = iri, facts, handover.labels, handover.language
        self.scope = handover.scope
        self.stated = Stated(iri, facts)
        self.registrations, self.descriptions = self.stated.registrations, self.stated.descriptions

    def made(self) -> Json:
        facts, iri = self.facts, self.iri
        designs = [*facts.iris(iri, "mse:studyDesign")]
        designs += [one for node in self.descriptions for one in facts.iris(node, "mse:studyDesign")]
        types = [one for node in self.descriptions for one in facts.iris(node, "mse:msType")]
        starts, ends = self.stated.agreed("mse:startDate"), self.stated.agreed("mse:completionDate")
        return made(
            resourceType="ResearchStudy",
            id=fhir_id(iri),
            identifier=[own_identifier(iri), *(self._number(one) for one in self.registrations)],
            **labelled("title", self.labels(iri)),
            label=list(self._names()),
            partOf=[
                reference(one, "ResearchStudy", self.labels(one).text)
                for one in facts.iris(iri, "mse:partOf")
                if one in self.scope.studies
            ],
            relatedArtifact=[
                {"type": "citation", "resourceReference": reference(one, "Citation", self.labels(one).text)}
                for one in facts.around(iri, "publication")
                if one in self.scope.publications
            ],
            status=UNKNOWN,
            phase=made(text=self.stated.agreed("mse:phase")),
            studyDesign=[concept(one, self.labels) for one in dict.fromkeys(sorted(designs))],
            condition=[self._condition(one) for one in dict.fromkeys(sorted(types))],
            note=list(self._notes()),
            period=made(start=date(starts), end=date(ends)),
            associatedParty=list(self._sponsors()),
            progressStatus=list(self._statuses()),
            recruitment=self._recruitment(),
            comparisonGroup=[self._arm(one) for one in facts.around(iri, "arm")],
        )

    def _number(self, registration: str) -> Json:
        registry = self.facts.first(registration, "mse:inRegistry")
        value = self.facts.first(registration, "mse:registrationNumber")
        link = self.facts.first(registration, "rdfs:seeAlso")
        named = link.rpartition(":")[0] if link.endswith(f":{value}") else registry
        system = NCT_SYSTEM if self.facts.first(registration, "mse:scheme") == "NCT" else named
        return identifier(system, value, self.labels(registry).text if registry else "")

    def _names(self) -> Iterator[Json]:
        for acronym in self.facts.literals(self.iri, "mse:acronym"):
            coded = {"coding": [{"system": TITLE_SYSTEM, "code": "acronym"}]}
            yield made(type=coded, **literal("value", acronym))
        for other in self.facts.literals(self.iri, "mse:alternativeName"):
            yield made(**literal("value", other))
        for registration in self.registrations:
            kind = {"text": i18n.text("fhir-registered-title", self.language, number=self._called(registration))}
            for title in self.facts.literals(registration, "dcterms:title"):
                yield made(type=kind, **literal("value", title))

    def _called(self, iri: str) -> str:
        return self.labels(iri).text

    def _condition(self, iri: str) -> Json:
        same = [one for one in self.facts.iris(iri, "skos:exactMatch") if one.startswith(MONDO)]
        codes = [{"system": MONDO_SYSTEM, "code": f"MONDO:{one.removeprefix(MONDO)}"} for one in same]
        return concept(iri, self.labels, *codes)

    def _sponsors(self) -> Iterator[Json]:
        names = {name: None for one in self.registrations for name in self.facts.texts(one, "mse:sponsor")}
        for name in sorted(names):
            yield made(name=name, role={"coding": [{"system": PARTY_SYSTEM, "code": "sponsor"}]})

    def _statuses(self) -> Iterator[Json]:
        seen = set()
        for term in ("mse:registeredStatus", "mse:statusAsReported"):
            for said in self.stated.said(term):
                code = STATUSES.get(last(said.value.value))
                also = [{"system": STATUS_SYSTEM, "code": code}] if code else []
                if said.value.value not in seen:
                    yield {"state": concept(said.value.value, self.labels, *also)}
                seen.add(said.value.value)

    def _recruitment(self) -> Json:
        planned, actual = self.stated.participants()
        return made(targetNumber=planned, actualNumber=actual)

    def _arm(self, iri: str) -> Json:
        role = self.facts.first(iri, "mse:armRole")
        label = labelled("name", self.labels(iri))
        treatment = next(iter(self.facts.literals(iri, "mse:treatment")), None)
        return made(
            linkId=fhir_id(iri),
            **label,
            type=concept(role, self.labels) if role else None,
            **literal("description", treatment),
            observedGroup=reference(iri, "Group"),
        )

    def _notes(self) -> Iterator[Json]:
        """Give who states what, as printed where a document prints it."""
        for term, printed in NOTED.items():
            for said in self.stated.said(term, printed):
                value = said.value.value
                text = said.printed or (self._called(value) if isinstance(said.value, ox.NamedNode) else value)
                heading = i18n.text(f"fhir-{term.partition(':')[2]}", self.language)
                yield note(f"{heading}: {self._quoted(text, said)}", by=self._called(said.by), at=said.at)
        for node in self.facts.around(self.iri, "expectation"):
            by = self.facts.first(node, "mse:inDocument")
            kinds = (self.facts.first(node, "mse:event"), self.facts.first(node, "mse:modality"))
            heading = ", ".join(self._called(kind) for kind in kinds if kind)
            words = self.facts.first(node, "mse:printedDate")
            at = self.facts.first(node, "mse:asOf")
            yield note(f"{heading}: “{words}” [{self.facts.language(by)}]", by=self._called(by), at=at)

    def _quoted(self, text: str, said: Said) -> str:
        """Return printed words as a quotation, with the language that they are in."""
        return f"“{text}” [{self.facts.language(said.by)}]" if said.printed else text


NOTED = {
    "mse:statusAsReported": "mse:printedStatus",
    "mse:registeredStatus": "",
    "mse:participants": "mse:printedParticipants",
    "mse:plannedParticipants": "mse:printedParticipants",
    "mse:enrolment": "",
    "mse:phase": "",
    "mse:startDate": "",
    "mse:primaryCompletionDate": "",
    "mse:completionDate": "",
    "mse:started": "mse:printedStart",
    "mse:ended": "mse:printedEnd",
    "mse:msType": "mse:printedMsType",
}
"""Property whose values are noted with who states them → property of what was printed."""
