"""The codes that DCAT-AP 3.0.1 asks for in place of words: themes, languages and file types of the EU, media types."""

AUTHORITY = "http://publications.europa.eu/resource/authority/"
"""Authority tables of the EU's Publications Office, which DCAT-AP names for themes, languages and file types."""
THEMES, LANGUAGES, FILE_TYPES = f"{AUTHORITY}data-theme", f"{AUTHORITY}language", f"{AUTHORITY}file-type"
THEME = f"{THEMES}/HEAL"
CODES = {"en": "ENG", "nb": "NOB", "nn": "NNO", "no": "NOR", "sv": "SWE", "da": "DAN", "de": "DEU", "fr": "FRA"}
"""Of languages, by BCP 47."""
TYPES = {
    "application/n-quads": "RDF_N_QUADS",
    "application/trig": "RDF_TRIG",
    "application/ld+json": "JSON_LD",
    "application/rdf+xml": "RDF_XML",
    "application/sparql-query": "SPARQLQ",
    "application/json": "JSON",
    "application/fhir+json": "JSON",
    "application/vnd.citationstyles.csl+json": "JSON",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/zip": "ZIP",
    "text/html": "HTML",
    "text/tab-separated-values": "TSV",
    "text/turtle": "RDF_TURTLE",
}
"""Of file types, by media type; RIS, BibTeX, GraphML and GEXF have none."""
UNREGISTERED = ("application/x-", "application/graphml", "application/gexf")
"""Beginnings of media types that IANA does not list, and that so have no address there."""
