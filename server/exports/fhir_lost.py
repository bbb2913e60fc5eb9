"""What the FHIR bundle holds of the graph and what it does not, by kind and property, each loss with its reason.

Properties are of the kinds that the bundle holds; the other kinds are lost whole. A test compares both lists with the
release: a property or kind that is in neither is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msevidence.server import i18n
from msevidence.server.exports.fhir_graph import full
from msevidence.server.exports.handover import Handover

REASONS = ("place", "making", "printed", "inverse", "no-element", "function", "level", "history")
"""Why something is not in the bundle; the words of each are in the translations as ``fhir-why-…``."""

HELD: Mapping[str, Sequence[str]] = {
    "mse:Study": (
        *("rdf:type", "rdfs:label", "mse:acronym", "mse:alternativeName", "mse:partOf", "mse:registeredAs"),
        "mse:studyDesign",
    ),
    "mse:Registration": (
        *("rdf:type", "rdfs:label", "dcterms:title", "rdfs:seeAlso", "mse:inRegistry", "mse:registrationNumber"),
        *("mse:scheme", "mse:registeredStatus", "mse:startDate", "mse:completionDate", "mse:primaryCompletionDate"),
        *("mse:enrolment", "mse:phase", "mse:sponsor"),
    ),
    "mse:Publication": (
        *("rdf:type", "rdfs:label", "rdfs:seeAlso", "dcterms:title", "dcterms:issued", "dcterms:language"),
        *("dcterms:publisher", "dcterms:rights", "prism:doi", "prism:volume", "prism:number", "prism:pageRange"),
        *("fabio:hasPubMedId", "fabio:hasPubMedCentralId", "cito:cites", "mse:container", "mse:hasAuthorName"),
        *("mse:groupAuthor", "mse:publicationKind", "mse:reportsOn", "mse:documentKind", "dcterms:creator"),
    ),
    "mse:StudyDescription": (
        *("rdf:type", "mse:describes", "mse:inDocument", "mse:asOf", "mse:studyDesign", "mse:msType"),
        *("mse:statusAsReported", "mse:printedStatus", "mse:participants", "mse:plannedParticipants"),
        *("mse:printedParticipants", "mse:phase", "mse:population", "mse:printedMsType", "mse:started", "mse:ended"),
        *("mse:printedStart", "mse:printedEnd", "mse:hasArm"),
    ),
    "mse:Arm": (
        *("rdf:type", "rdfs:label", "mse:armRole", "mse:treatment", "mse:ofStudy", "mse:printedSize"),
        *("pico:numberOfParticipants", "mse:followUp", "mse:followUpUnit", "mse:printedFollowUp", "mse:inDocument"),
    ),
    "mse:Expectation": (
        *("rdf:type", "mse:event", "mse:modality", "mse:printedDate", "mse:asOf", "mse:ofStudy", "mse:inDocument"),
    ),
    "mse:Result": (
        *("rdf:type", "mse:inDocument", "mse:measure", "mse:outcome", "mse:ofStudy", "mse:ofArm", "mse:comparedWith"),
        *("mse:value", "mse:valueHigh", "mse:unit", "mse:qualifier", "mse:printedValue", "mse:denominator"),
        *("mse:printedDenominator", "mse:direction", "mse:timePoint", "mse:place", "mse:population", "mse:isHarm"),
        *("mse:quotedText", "mse:note"),
    ),
    "mse:Claim": (
        *("rdf:type", "mse:claimText", "mse:claimKind", "mse:inDocument", "cito:cites", "cito:citesAsEvidence"),
        *("cito:citesAsAuthority", "cito:citesAsDataSource", "cito:citesForInformation", "cito:obtainsSupportFrom"),
        "sepio:0000006",
    ),
    "mse:Finding": (
        *("rdf:type", "rdfs:label", "mse:severity", "mse:findingKind", "mse:foundBy", "mse:about", "mse:statedIn"),
        *("mse:inDocument", "mse:reviewRule", "mse:because", "mse:date", "mse:decidedByName"),
    ),
    "mse:Verdict": (
        *("rdf:type", "rdfs:label", "mse:about", "mse:verdict", "mse:verdictBasis", "mse:statedIn", "mse:reviewRule"),
        *("mse:sourceWords", "dcterms:source"),
    ),
    "mse:ReviewDecision": ("rdf:type", "mse:ofFinding", "mse:reviewDecision", "mse:because", "mse:decidedByName"),
}
"""Kind → the properties of it that the bundle holds; a document is a publication."""

LOST: Mapping[str, Mapping[str, Sequence[str]]] = {
    "mse:Study": {"making": ("dcterms:source", "mse:note")},
    "mse:Registration": {
        "inverse": ("mse:denotesStudy",),
        "making": ("mse:hasSourcedValue", "mse:emptyField", "mse:recordFound", "mse:note"),
        "no-element": ("mse:acronym", "mse:hasVersion", "mse:hasResults", "mse:resultsPosted", "mse:registeredOn"),
    },
    "mse:Publication": {
        "level": ("frbr:realizationOf",),
        "inverse": ("mse:year", "dcterms:identifier"),
        "making": (
            *("mse:because", "mse:note", "mse:hasSourcedValue", "mse:sha256", "mse:sourceFile", "mse:characters"),
            *("mse:copied", "mse:obtained", "dcterms:source"),
        ),
        "printed": (
            *("mse:printedDoi", "mse:printedPublished", "mse:printedReceived", "mse:printedRevised"),
            *("mse:printedAccepted", "mse:printedCopied"),
        ),
        "history": ("mse:published", "mse:received", "mse:revised", "mse:accepted"),
        "place": ("mse:hasReferenceList",),
    },
    "mse:StudyDescription": {
        "place": (
            "mse:statedIn",
            "mse:inTable",
            "mse:rowNumber",
            "mse:hasAnchor",
            "mse:quotedText",
            "mse:comment",
            "mse:conclusion",
            "mse:description",
            "mse:hasQuotation",
            "mse:hasMention",
            "mse:hasEntry",
        ),
        "printed": ("mse:printedName", "mse:printedFollowUp"),
        "inverse": ("mse:listsPublication",),
        "no-element": ("mse:place", "mse:ledBy", "mse:comparator", "mse:transplantation"),
        "making": ("mse:note",),
    },
    "mse:Arm": {"place": ("mse:statedIn", "mse:hasAnchor", "mse:quotedText"), "making": ("mse:note",)},
    "mse:Expectation": {
        "place": ("mse:statedIn", "mse:hasAnchor", "mse:quotedText"),
        "no-element": ("mse:date", "mse:endDate", "mse:latestDate"),
        "making": ("mse:note",),
    },
    "mse:Result": {"place": ("mse:statedIn", "mse:hasAnchor")},
    "mse:Claim": {
        "place": (
            *("oa:start", "oa:end", "mse:statedIn", "mse:hasPointer", "mse:hasValuePlace", "mse:wordsBefore"),
            "mse:wordsAfter",
        ),
        "no-element": (
            *("mse:about", "mse:population", "mse:intervention", "mse:comparator", "mse:outcome", "mse:msType"),
            *("mse:statesNumber", "mse:statesNumberInWords", "mse:support", "mse:citesCommunication"),
        ),
        "making": ("mse:note",),
    },
    "mse:Finding": {
        "inverse": ("oa:hasTarget", "mse:focus"),
        "no-element": ("mse:hasComparedValue", "mse:hasDisagreement", "mse:hasVerdict"),
        "making": (
            *("sh:focusNode", "sh:resultMessage", "sh:resultPath", "sh:resultSeverity"),
            *("sh:sourceConstraintComponent", "sh:value"),
        ),
    },
    "mse:Verdict": {"place": ("mse:quotedText", "mse:sourceLanguage"), "inverse": ("sepio:0000124",)},
    "mse:ReviewDecision": {"inverse": ("rdfs:label",), "no-element": ("mse:date",)},
}
"""Kind → reason → the properties of it that the bundle does not hold."""

FUNCTIONS = (
    *("cito:citesAsEvidence", "cito:citesAsAuthority", "cito:citesAsDataSource", "cito:citesForInformation"),
    "cito:obtainsSupportFrom",
)
"""Held as that a claim cites a work; how it cites it is lost."""

KINDS_HELD = ("mse:Document", "mse:AuthorName", "mse:Registry")
"""Kinds that the bundle holds inside resources of others."""

KINDS_LOST: Mapping[str, Sequence[str]] = {
    "place": (
        *("mse:Passage", "mse:Section", "mse:Table", "mse:Figure", "mse:Footnote", "mse:Anchor", "mse:ReportLink"),
        *("mse:InheritedPointer", "mse:MissingReference", "mse:ListedReference", "mse:NumberMention"),
        *("mse:StudyMention", "mse:Quotation", "mse:ValuePlace"),
    ),
    "making": (
        *("mse:SourcedValue", "mse:SourceQuote", "mse:IdentityDecision", "mse:Inference", "mse:ReviewRule"),
        *("mse:RuleState", "mse:ComparedValue", "mse:RecordVersion", "mse:OtherNumber", "mse:FormerIdentity"),
    ),
    "no-element": (
        *("mse:Disagreement", "mse:Decision", "mse:Definition", "mse:Criterion", "mse:Commission", "mse:Search"),
        *("mse:SearchLine", "mse:SearchTotal", "mse:FlowBox", "mse:BoxCount", "mse:ExclusionReason"),
        *("mse:PersonalCommunication", "mse:Person", "mse:Organisation", "mse:Role", "mse:InterestDeclaration"),
    ),
}
"""Reason → kinds of the graph that the bundle does not hold as such."""


def losses(handover: Handover) -> Iterator[tuple[str, str, str]]:
    """Give each loss: the kind, the property (empty: the whole kind), the reason, in the language of the export."""
    for kind, reasons in LOST.items():
        for reason, terms in reasons.items():
            for term in terms:
                yield _named(kind, handover), _named(term, handover), _why(reason, handover)
    for term in FUNCTIONS:
        yield _named("mse:Claim", handover), _named(term, handover), _why("function", handover)
    for reason, kinds in KINDS_LOST.items():
        for kind in kinds:
            yield _named(kind, handover), "", _why(reason, handover)


def _named(term: str, handover: Handover) -> str:
    return handover.labels(full(term)).text


def _why(reason: str, handover: Handover) -> str:
    return i18n.text(f"fhir-why-{reason}", handover.language)
