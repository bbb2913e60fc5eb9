"""Invented studies for the tests of the evidence map and the timeline: hostile words, sources that differ, slips."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release import publish
from msevidence.loaders.release_manifest import Source
from msevidence.ontology.iris import BASE
from tests.pages_site import publish_pages, quads

HOSTILE = '</text><script>alert(1)</script> " onload="x \' {{ 7*7 }} &amp; ' + "W" * 90
INVENTED = f"""
PREFIX mse: <{BASE}ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX reported: <{BASE}scheme/status-as-reported/>
PREFIX registered: <{BASE}scheme/status-as-registered/>
PREFIX design: <{BASE}scheme/study-design/>
PREFIX event: <{BASE}scheme/study-event/>
BASE <{BASE}>
INSERT DATA {{
GRAPH <graph/ontology> {{
  <scheme/transplantation/cells> a skos:Concept ; skos:inScheme <scheme/transplantation> ; skos:prefLabel "HOSTILE"@en .
  <scheme/ms-type/some> a skos:Concept ; skos:inScheme <scheme/ms-type> ; skos:prefLabel "some MS"@en .
  <scheme/ms-type/other> a skos:Concept ; skos:inScheme <scheme/ms-type> ; skos:prefLabel "other MS"@en .
}}
GRAPH <graph/review> {{ <graph/review> a prov:Entity ; mse:asOf "2025-06-01"^^xsd:date . }}
GRAPH <graph/studies> {{
  <study/hostile> a mse:Study ; rdfs:label "HOSTILE"@en ; mse:registeredAs <registration/NCT00000001> .
  <study/silent> a mse:Study ; rdfs:label "Silent"@en .
}}
GRAPH <graph/curation-one> {{
  <study-description/one.h> a mse:StudyDescription ; mse:describes <study/hostile> ; mse:inDocument <document/one> ;
    mse:transplantation <scheme/transplantation/cells> ; mse:msType <scheme/ms-type/some> ;
    mse:studyDesign design:single-arm ; mse:statusAsReported reported:ongoing ; mse:asOf "2024-02"^^xsd:gYearMonth ;
    mse:participants 30 ; mse:printedParticipants "thirty" ; mse:started "2020"^^xsd:gYear ;
    mse:printedStart "HOSTILE" .
  <expectation/one.h> a mse:Expectation ; mse:ofStudy <study/hostile> ; mse:event event:study-end ;
    mse:date "2024"^^xsd:gYear ; mse:printedDate "2024" ; mse:modality <scheme/modality/expected> ;
    mse:inDocument <document/one> ; mse:asOf "2021-09"^^xsd:gYearMonth ; mse:statedIn <passage/one.bbbbbbbbbb.1> .
  <expectation/one.all> a mse:Expectation ; mse:event event:results ; mse:date "2030"^^xsd:gYear ;
    mse:printedDate "by 2030" ; mse:modality <scheme/modality/not-after> ; mse:inDocument <document/one> .
}}
GRAPH <graph/export-a> {{
  <registration/NCT00000001> a mse:Registration ; rdfs:label "NCT00000001" ;
    mse:hasVersion <record-version/a>, <record-version/b> .
  <study/only-registered> a mse:Study ; rdfs:label "Only registered"@en ; mse:registeredAs <registration/NCT00000002> .
  <registration/NCT00000002> a mse:Registration ; rdfs:label "NCT00000002" ; mse:startDate "2019"^^xsd:gYear .
  <record-version/a> a mse:RecordVersion ; rdfs:label "NCT00000001 a" ; mse:versionOf <registration/NCT00000001> ;
    mse:sourceDate "2022-03-01"^^xsd:date ; mse:startDate "2020-05"^^xsd:gYearMonth ; mse:startKind "ACTUAL" ;
    mse:completionDate "2025-01"^^xsd:gYearMonth ; mse:completionKind "ESTIMATED" ; mse:printedEnd "January 2025" ;
    mse:registeredStatus registered:recruiting ; mse:printedStatus "Recruiting" ; mse:enrolment 40 ;
    mse:enrolmentKind "ESTIMATED" ; mse:hasResults false ; mse:registeredOn "2020-01-07"^^xsd:date .
  <record-version/b> a mse:RecordVersion ; rdfs:label "NCT00000001 b" ; mse:versionOf <registration/NCT00000001> ;
    mse:sourceDate "2024-12-01"^^xsd:date ; mse:startDate "2020-05"^^xsd:gYearMonth ; mse:startKind "ACTUAL" ;
    mse:completionDate "2026-08"^^xsd:gYearMonth ; mse:completionKind "ESTIMATED" ; mse:printedEnd "August 2026" ;
    mse:registeredStatus registered:terminated ; mse:printedStatus "Terminated" ; mse:enrolment 28 ;
    mse:enrolmentKind "ACTUAL" ; mse:hasResults true ; mse:resultsPosted "2024-11-30"^^xsd:date .
}} }}
"""


def publish_invented(home: Path) -> None:
    """Publish the small graph of the pages with these studies."""
    store = ox.Store()
    store.update(INVENTED.replace("HOSTILE", json.dumps(HOSTILE)[1:-1]))
    publish_pages(home, more=list(store))


def publish_without_studies(home: Path) -> None:
    """Publish the small graph of the pages without its studies and all that names them."""
    kept = [q for q in quads() if "/study" not in str(q.subject) and "/study/" not in str(q.object)]
    publish(
        kept,
        home,
        base=BASE,
        version="0.1.0",
        sources=[Source("articles/one/curation.yaml", "4567abcd"), Source("articles/one/source.txt", "0123abcd")],
        validation_report="# conforms\n",
        built=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    )


def solutions(store: ox.Store, sparql: str) -> ox.QuerySolutions:
    """Return the solutions of a SELECT query."""
    found = store.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    return found
