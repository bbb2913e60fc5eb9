"""The tables whose rows are links between two things, for what may be of many on both sides."""

from __future__ import annotations

from msevidence.server.exports.tables_model import Column, Table, concept, iri, value, words

STUDY_REGISTRATIONS = Table(
    "study_registrations",
    (
        iri("study", "studies", required=True, labelled=True),
        iri("registration", "registrations", "mse:registeredAs", required=True, labelled=True),
    ),
    key=("study", "registration"),
    about="study",
    query="export_table_study_registrations",
)
PUBLICATION_STUDIES = Table(
    "publication_studies",
    (
        iri("publication", "publications", required=True, labelled=True),
        iri("study", "studies", "mse:reportsOn", required=True, labelled=True),
    ),
    key=("publication", "study"),
    about="publication",
    query="export_table_publication_studies",
)
CLAIM_STUDIES = Table(
    "claim_studies",
    (iri("claim", "claims", required=True), iri("study", "studies", "mse:about", required=True, labelled=True)),
    key=("claim", "study"),
    about="claim",
    query="export_table_claim_studies",
)
CLAIM_PUBLICATIONS = Table(
    "claim_publications",
    (
        iri("claim", "claims", required=True),
        iri("publication", "publications", "cito:cites", required=True, labelled=True),
        words("markers", many=True),
        concept("functions", many=True),
        value("boolean", "inherited"),
    ),
    key=("claim", "publication"),
    about="claim",
    query="export_table_claim_publications",
)
CLAIM_POINTERS = Table(
    "claim_pointers",
    (
        iri("claim", "claims", required=True),
        iri("pointer", "", "mse:hasPointer", required=True),
        words("marker"),
        value("integer", "number"),
        words("locator"),
        iri("reference", "references"),
        value("boolean", "reference_missing"),
        iri("publication", "publications", labelled=True),
        concept("function"),
        iri("inherited_from"),
    ),
    key=("claim", "pointer"),
    about="claim",
    query="export_table_claim_pointers",
)
FINDING_THINGS = Table(
    "finding_things",
    (
        iri("finding", "findings", required=True),
        iri("thing", "", "mse:about", required=True),
        iri("study", "studies", labelled=True),
        iri("registration", "registrations", labelled=True),
        iri("publication", "publications", labelled=True),
        iri("claim", "claims"),
        iri("result", "results"),
    ),
    key=("finding", "thing"),
    about="finding",
    query="export_table_finding_things",
)
FINDING_PASSAGES = Table(
    "finding_passages",
    (
        iri("finding", "findings", required=True),
        iri("passage", "", "mse:statedIn", required=True),
        Column("document", "iri", references="documents", labelled=True),
        concept("passage_kind"),
        words("page"),
        value("integer", "table_row"),
        value("integer", "table_column"),
        value("integer", "from_character"),
        value("integer", "to_character"),
    ),
    key=("finding", "passage"),
    about="finding",
    query="export_table_finding_passages",
)
