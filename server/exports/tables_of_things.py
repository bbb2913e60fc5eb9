"""The tables whose rows are things: studies, records, publications, claims, results, findings, and what these have.

What a document says of a study (``descriptions``) and expects of it (``expectations``) has tables of its own: several
documents say several things, at several dates, and none is the study's.
"""

from __future__ import annotations

from msevidence.server.exports.tables_model import VARIES, Column, Table, concept, iri, text, value

KEY = iri("iri", required=True)
DOCUMENT = iri("document", "documents", "mse:inDocument", labelled=True)
STUDY = iri("study", "studies", "mse:ofStudy", labelled=True)
NOTE = text("note", "mse:note", "en")
PASSAGE = Column("passage", "iri", "mse:statedIn", many=True)
AS_OF = value("date", "as_of", "mse:asOf")
PARTICIPANTS = value("integer", "participants", "mse:participants")
QUOTATION = text("quotation", "mse:quotedText", VARIES, many=True, quoted=True)

STUDIES = Table(
    "studies",
    (
        KEY,
        text("label", "rdfs:label", "en"),
        text("acronym", "mse:acronym"),
        text("alternative_names", "mse:alternativeName", "en", many=True),
        text("registry_numbers", many=True),
        concept("status_reported", many=True),
        concept("status_registered", many=True),
        concept("study_design", "mse:studyDesign", many=True),
        iri("part_of", "studies", "mse:partOf", labelled=True),
        text("source", "dcterms:source"),
        NOTE,
    ),
    query="export_table_studies",
)
DESCRIPTIONS = Table(
    "descriptions",
    (
        KEY,
        iri("study", "studies", "mse:describes", labelled=True),
        DOCUMENT,
        text("printed_name", "mse:printedName"),
        concept("status_reported", "mse:statusAsReported"),
        text("printed_status", "mse:printedStatus"),
        AS_OF,
        value("date", "start", "mse:started"),
        text("printed_start", "mse:printedStart"),
        value("date", "end", "mse:ended"),
        text("printed_end", "mse:printedEnd"),
        text("phase", "mse:phase"),
        concept("study_design", "mse:studyDesign", many=True),
        concept("transplantation", "mse:transplantation"),
        concept("ms_type", "mse:msType", many=True),
        text("printed_ms_type", "mse:printedMsType"),
        text("population", "mse:population", "en"),
        text("comparator", "mse:comparator", "en"),
        PARTICIPANTS,
        text("printed_participants", "mse:printedParticipants"),
        value("integer", "planned_participants", "mse:plannedParticipants"),
        text("printed_follow_up", "mse:printedFollowUp"),
        text("places", "mse:place", many=True),
        QUOTATION,
        PASSAGE,
        NOTE,
    ),
    query="export_table_text_language",
)
EXPECTATIONS = Table(
    "expectations",
    (
        KEY,
        STUDY,
        DOCUMENT,
        concept("event", "mse:event"),
        concept("modality", "mse:modality"),
        value("date", "date", "mse:date"),
        value("date", "end_date", "mse:endDate"),
        value("date", "latest_date", "mse:latestDate"),
        text("printed_date", "mse:printedDate"),
        AS_OF,
        QUOTATION,
        PASSAGE,
        NOTE,
    ),
    query="export_table_text_language",
)
REGISTRATIONS = Table(
    "registrations",
    (
        KEY,
        text("number", "mse:registrationNumber"),
        text("scheme", "mse:scheme"),
        text("registry_name"),
        Column("address", "iri", "rdfs:seeAlso", many=True),
        value("boolean", "record_found", "mse:recordFound"),
        text("titles", "dcterms:title", VARIES, many=True),
        text("acronym", "mse:acronym"),
        concept("status_registered", "mse:registeredStatus"),
        value("date", "status_source_date"),
        value("date", "start", "mse:startDate"),
        value("date", "primary_completion", "mse:primaryCompletionDate"),
        value("date", "completion", "mse:completionDate"),
        value("integer", "enrolment", "mse:enrolment"),
        text("phase", "mse:phase"),
        text("sponsor", "mse:sponsor"),
        text("empty_fields", "mse:emptyField", many=True),
        NOTE,
    ),
    query="export_table_registrations",
)
PUBLICATIONS = Table(
    "publications",
    (
        KEY,
        text("label", "rdfs:label", VARIES),
        text("titles", "dcterms:title", VARIES, many=True),
        concept("publication_kind", "mse:publicationKind"),
        text("authors"),
        value("boolean", "more_authors"),
        text("container", "mse:container"),
        value("date", "issued", "dcterms:issued"),
        text("volume"),
        text("issue"),
        text("pages"),
        text("doi", "prism:doi"),
        text("pmid", "fabio:hasPubMedId"),
        text("pmcid", "fabio:hasPubMedCentralId"),
        Column("address", "iri", "rdfs:seeAlso", many=True),
        NOTE,
    ),
)
RECORD_VALUES = Table(
    "record_values",
    (
        KEY,
        iri("registration", "registrations", labelled=True),
        iri("publication", "publications", labelled=True),
        text("field", "mse:field"),
        text("value", "mse:value", quoted=True),
        value("date", "source_date", "mse:sourceDate"),
        text("source", "dcterms:source"),
        NOTE,
    ),
    query="export_table_record_values",
)
CLAIMS = Table(
    "claims",
    (
        KEY,
        text("text", "mse:claimText", VARIES, quoted=True),
        DOCUMENT,
        concept("claim_kind", "mse:claimKind"),
        concept("support", "mse:support"),
        text("population", "mse:population", "en"),
        text("intervention", "mse:intervention", "en"),
        text("comparator", "mse:comparator", "en"),
        concept("outcome", "mse:outcome"),
        concept("ms_type", "mse:msType"),
        value("boolean", "states_number", "mse:statesNumber"),
        value("boolean", "states_number_in_words", "mse:statesNumberInWords"),
        PASSAGE,
        value("integer", "start", "oa:start"),
        value("integer", "end", "oa:end"),
        NOTE,
    ),
    query="export_table_text_language",
)
VERDICTS = Table(
    "verdicts",
    (
        KEY,
        iri("claim", "claims"),
        iri("publication", "publications", labelled=True),
        concept("verdict", "mse:verdict"),
        concept("basis", "mse:verdictBasis"),
        text("message_en", "rdfs:label", "en", only="en"),
        text("message_nb", "rdfs:label", "nb", only="nb"),
        text("source_words", "mse:sourceWords", quoted=True),
        text("source", "dcterms:source"),
        iri("review_rule", "", "mse:reviewRule", labelled=True),
    ),
    query="export_table_verdicts",
)
RESULTS = Table(
    "results",
    (
        KEY,
        DOCUMENT,
        STUDY,
        text("measure", "mse:measure", "en"),
        concept("outcome", "mse:outcome", many=True),
        value("boolean", "is_harm", "mse:isHarm"),
        text("printed_value", "mse:printedValue"),
        value("decimal", "value", "mse:value"),
        value("decimal", "value_high", "mse:valueHigh"),
        text("qualifier", "mse:qualifier"),
        concept("unit", "mse:unit"),
        text("printed_denominator", "mse:printedDenominator"),
        value("decimal", "denominator", "mse:denominator"),
        concept("direction", "mse:direction"),
        iri("arm", "arms", "mse:ofArm", labelled=True),
        iri("compared_with", "arms", "mse:comparedWith", labelled=True),
        text("population", "mse:population", "en"),
        text("time_point", "mse:timePoint", "en"),
        text("place", "mse:place"),
        QUOTATION,
        PASSAGE,
        NOTE,
    ),
    query="export_table_text_language",
)
FINDINGS = Table(
    "findings",
    (
        KEY,
        DOCUMENT,
        concept("severity", "mse:severity"),
        concept("finding_kind", "mse:findingKind"),
        text("message_en", "rdfs:label", "en", only="en"),
        text("message_nb", "rdfs:label", "nb", only="nb"),
        concept("found_by", "mse:foundBy"),
        iri("review_rule", "", "mse:reviewRule", labelled=True),
        text("because", "mse:because"),
        text("decided_by", "mse:decidedByName"),
        value("date", "date", "mse:date"),
        concept("decision", many=True),
    ),
    query="export_table_findings",
)
ARMS = Table(
    "arms",
    (
        KEY,
        STUDY,
        DOCUMENT,
        text("label", "rdfs:label", "en"),
        concept("arm_role", "mse:armRole"),
        text("treatment", "mse:treatment", "en"),
        value("integer", "participants", "pico:numberOfParticipants"),
        text("printed_participants", "mse:printedSize"),
        value("decimal", "follow_up", "mse:followUp"),
        concept("follow_up_unit", "mse:followUpUnit"),
        text("printed_follow_up", "mse:printedFollowUp"),
        NOTE,
    ),
    closing=True,
)
DOCUMENTS = Table(
    "documents",
    (
        KEY,
        text("titles", "dcterms:title", VARIES, many=True),
        text("language", "dcterms:language", many=True),
        concept("document_kind", "mse:documentKind"),
        value("date", "issued", "dcterms:issued"),
        text("printed_published", "mse:printedPublished"),
        text("doi", "prism:doi"),
        text("identifiers", "dcterms:identifier", many=True),
        text("container", "mse:container"),
        text("rights", "dcterms:rights", many=True),
        Column("licence", "iri", "dcterms:license", many=True),
        text("source_file", "mse:sourceFile"),
        text("sha256", "mse:sha256"),
        value("integer", "characters", "mse:characters"),
        NOTE,
    ),
    closing=True,
)
CONCEPTS = Table(
    "concepts",
    (
        KEY,
        iri("concept_scheme", "", "skos:inScheme", labelled=True),
        text("label_en", "skos:prefLabel", "en", only="en"),
        text("label_nb", "skos:prefLabel", "nb", only="nb"),
        text("definition_en", "skos:definition", "en", only="en"),
        text("definition_nb", "skos:definition", "nb", only="nb"),
    ),
    closing=True,
)
