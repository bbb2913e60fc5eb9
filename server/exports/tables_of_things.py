"""The tables whose rows are things: studies, records, publications, claims, results, findings, and what these have.

What a document says of a study (``descriptions``) and expects of it (``expectations``) has tables of its own: several
documents say several things, at several dates, and none is the study's.
"""

from __future__ import annotations

from msevidence.server.exports.tables_model import VARIES, Column, Table, concept, iri, value, words

KEY = iri("iri", required=True)
DOCUMENT = iri("document", "documents", "mse:inDocument", labelled=True)
STUDY = iri("study", "studies", "mse:ofStudy", labelled=True)
NOTE = words("note", "mse:note", "en")
PASSAGE = Column("passage", "iri", "mse:statedIn", many=True)
AS_OF = value("date", "as_of", "mse:asOf")
PARTICIPANTS = value("integer", "participants", "mse:participants")
QUOTATION = words("quotation", "mse:quotedText", VARIES, many=True, quoted=True)

STUDIES = Table(
    "studies",
    (
        KEY,
        words("label", "rdfs:label", "en"),
        words("acronym", "mse:acronym"),
        words("alternative_names", "mse:alternativeName", "en", many=True),
        words("registry_numbers", many=True),
        concept("status_reported", many=True),
        concept("status_registered", many=True),
        concept("study_design", "mse:studyDesign", many=True),
        iri("part_of", "studies", "mse:partOf", labelled=True),
        words("source", "dcterms:source"),
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
        words("printed_name", "mse:printedName"),
        concept("status_reported", "mse:statusAsReported"),
        words("printed_status", "mse:printedStatus"),
        AS_OF,
        value("date", "start", "mse:started"),
        words("printed_start", "mse:printedStart"),
        value("date", "end", "mse:ended"),
        words("printed_end", "mse:printedEnd"),
        words("phase", "mse:phase"),
        concept("study_design", "mse:studyDesign", many=True),
        concept("transplantation", "mse:transplantation"),
        concept("ms_type", "mse:msType", many=True),
        words("printed_ms_type", "mse:printedMsType"),
        words("population", "mse:population", "en"),
        words("comparator", "mse:comparator", "en"),
        PARTICIPANTS,
        words("printed_participants", "mse:printedParticipants"),
        value("integer", "planned_participants", "mse:plannedParticipants"),
        words("printed_follow_up", "mse:printedFollowUp"),
        words("places", "mse:place", many=True),
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
        words("printed_date", "mse:printedDate"),
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
        words("number", "mse:registrationNumber"),
        words("scheme", "mse:scheme"),
        words("registry_name"),
        Column("address", "iri", "rdfs:seeAlso", many=True),
        value("boolean", "record_found", "mse:recordFound"),
        words("titles", "dcterms:title", VARIES, many=True),
        words("acronym", "mse:acronym"),
        concept("status_registered", "mse:registeredStatus"),
        value("date", "status_source_date"),
        value("date", "start", "mse:startDate"),
        value("date", "primary_completion", "mse:primaryCompletionDate"),
        value("date", "completion", "mse:completionDate"),
        value("integer", "enrolment", "mse:enrolment"),
        words("phase", "mse:phase"),
        words("sponsor", "mse:sponsor"),
        words("empty_fields", "mse:emptyField", many=True),
        NOTE,
    ),
    query="export_table_registrations",
)
PUBLICATIONS = Table(
    "publications",
    (
        KEY,
        words("label", "rdfs:label", VARIES),
        words("titles", "dcterms:title", VARIES, many=True),
        concept("publication_kind", "mse:publicationKind"),
        words("authors"),
        value("boolean", "more_authors"),
        words("container", "mse:container"),
        value("date", "issued", "dcterms:issued"),
        words("volume"),
        words("issue"),
        words("pages"),
        words("doi", "prism:doi"),
        words("pmid", "fabio:hasPubMedId"),
        words("pmcid", "fabio:hasPubMedCentralId"),
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
        words("field", "mse:field"),
        words("value", "mse:value", quoted=True),
        value("date", "source_date", "mse:sourceDate"),
        words("source", "dcterms:source"),
        NOTE,
    ),
    query="export_table_record_values",
)
CLAIMS = Table(
    "claims",
    (
        KEY,
        words("text", "mse:claimText", VARIES, quoted=True),
        DOCUMENT,
        concept("claim_kind", "mse:claimKind"),
        concept("support", "mse:support"),
        words("population", "mse:population", "en"),
        words("intervention", "mse:intervention", "en"),
        words("comparator", "mse:comparator", "en"),
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
        words("message_en", "rdfs:label", "en", only="en"),
        words("message_nb", "rdfs:label", "nb", only="nb"),
        words("source_words", "mse:sourceWords", quoted=True),
        words("source", "dcterms:source"),
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
        words("measure", "mse:measure", "en"),
        concept("outcome", "mse:outcome", many=True),
        value("boolean", "is_harm", "mse:isHarm"),
        words("printed_value", "mse:printedValue"),
        value("decimal", "value", "mse:value"),
        value("decimal", "value_high", "mse:valueHigh"),
        words("qualifier", "mse:qualifier"),
        concept("unit", "mse:unit"),
        words("printed_denominator", "mse:printedDenominator"),
        value("integer", "denominator", "mse:denominator"),
        concept("direction", "mse:direction"),
        iri("arm", "arms", "mse:ofArm", labelled=True),
        iri("compared_with", "arms", "mse:comparedWith", labelled=True),
        words("population", "mse:population", "en"),
        words("time_point", "mse:timePoint", "en"),
        words("place", "mse:place"),
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
        words("message_en", "rdfs:label", "en", only="en"),
        words("message_nb", "rdfs:label", "nb", only="nb"),
        concept("found_by", "mse:foundBy"),
        iri("review_rule", "", "mse:reviewRule", labelled=True),
        words("because", "mse:because"),
        words("decided_by", "mse:decidedByName"),
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
        words("label", "rdfs:label", "en"),
        concept("arm_role", "mse:armRole"),
        words("treatment", "mse:treatment", "en"),
        value("integer", "participants", "pico:numberOfParticipants"),
        words("printed_participants", "mse:printedSize"),
        value("decimal", "follow_up", "mse:followUp"),
        concept("follow_up_unit", "mse:followUpUnit"),
        words("printed_follow_up", "mse:printedFollowUp"),
        NOTE,
    ),
    closing=True,
)
DOCUMENTS = Table(
    "documents",
    (
        KEY,
        words("titles", "dcterms:title", VARIES, many=True),
        words("language", "dcterms:language", many=True),
        concept("document_kind", "mse:documentKind"),
        value("date", "issued", "dcterms:issued"),
        words("printed_published", "mse:printedPublished"),
        words("doi", "prism:doi"),
        words("identifiers", "dcterms:identifier", many=True),
        words("container", "mse:container"),
        words("rights", "dcterms:rights", many=True),
        Column("licence", "iri", "dcterms:license", many=True),
        words("source_file", "mse:sourceFile"),
        words("sha256", "mse:sha256"),
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
        words("label_en", "skos:prefLabel", "en", only="en"),
        words("label_nb", "skos:prefLabel", "nb", only="nb"),
        words("definition_en", "skos:definition", "en", only="en"),
        words("definition_nb", "skos:definition", "nb", only="nb"),
    ),
    closing=True,
)
