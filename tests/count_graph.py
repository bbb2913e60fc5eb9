"""A small graph of registrations, studies and decisions, with every case that a count must get right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from msevidence.ontology.iris import BASE
from msevidence.server.labels import query

PREFIXES = f"""
@prefix : <{BASE}> . @prefix mse: <{BASE}ontology#> . @prefix sssom: <https://w3id.org/sssom/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix biro: <http://purl.org/spar/biro/> . @base <{BASE}> .
"""
GRAPH = """
<registration/NCT00000101> a mse:Registration ; rdfs:label "NCT00000101" ; mse:denotesStudy <study/one> .
<registration/EudraCT-2010-000101-10> a mse:Registration ; rdfs:label "EudraCT 2010-000101-10" ;
  mse:denotesStudy <study/one> .
<registration/NCT00000102> a mse:Registration ; rdfs:label "NCT00000102" ; mse:denotesStudy <study/one> .
<registration/NCT00000201> a mse:Registration ; rdfs:label "NCT00000201" ; mse:denotesStudy <study/arm> .
<registration/NCT00000301> a mse:Registration ; rdfs:label "NCT00000301" ; mse:denotesStudy <study/roll-over> .
<registration/NCT00000401> a mse:Registration ; rdfs:label "NCT00000401" ; mse:denotesStudy <study/other> .
<registration/NCT00000501> a mse:Registration ; rdfs:label "NCT00000501" .
<study/one> a mse:Study ; rdfs:label "One"@en , "Én"@nb .
<study/two> a mse:Study ; rdfs:label "Two"@en .
<study/other> a mse:Study ; rdfs:label "Other"@en .
<study/arm> a mse:Study ; rdfs:label "Arm"@en ; mse:partOf <study/one> .
<study/roll-over> a mse:Study ; rdfs:label "Roll-over"@en ; mse:partOf <study/one> , <study/two> .

<identity/former> a mse:IdentityDecision ; mse:relation <scheme/identity-relation/same-study> ;
  sssom:subject_id <registration/NCT00000101> ; sssom:object_id <registration/NCT00000102> ;
  mse:rule <scheme/identity-rule/obsolete-number> ; mse:because "The registry gave it before."@en ;
  mse:outcomeOfDecision <scheme/identity-outcome/applied> .
<identity/same> a mse:IdentityDecision ; mse:relation <scheme/identity-relation/same-study> ;
  sssom:subject_id <registration/NCT00000101> ; sssom:object_id <registration/EudraCT-2010-000101-10> ;
  mse:rule <scheme/identity-rule/secondary-number> ; mse:because "It gives it."@en ;
  mse:outcomeOfDecision <scheme/identity-outcome/applied> ; dcterms:source "export.csv, line 1" .
<identity/arm> a mse:IdentityDecision ; mse:relation <scheme/identity-relation/part-of> ;
  sssom:subject_id <study/arm> ; sssom:object_id <study/one> ; mse:rule <scheme/identity-rule/site-list> ;
  mse:because "Listed as an arm."@en .
<identity/apart> a mse:IdentityDecision ; mse:relation <scheme/identity-relation/not-same> ;
  sssom:subject_id <registration/NCT00000401> ; sssom:object_id <study/one> ; mse:rule <scheme/identity-rule/curated> ;
  mse:because "Another disease."@en .
<identity/stopped> a mse:IdentityDecision ; mse:relation <scheme/identity-relation/same-study> ;
  sssom:subject_id <registration/NCT00000401> ; sssom:object_id <registration/NCT00000101> ;
  mse:rule <scheme/identity-rule/shared-secondary-number> ; mse:because "Both list a third."@en ;
  mse:outcomeOfDecision <scheme/identity-outcome/stopped> ; mse:stoppedBy <finding/kept> .
<finding/kept> a mse:Finding ; mse:findingKind <scheme/finding-kind/kept-apart-yet-joined> ;
  rdfs:label "Kept apart, yet joined."@en , "Holdt fra hverandre."@nb ;
  mse:about <registration/NCT00000401> , <registration/NCT00000101> .
<finding/sum> a mse:Finding ; mse:findingKind <scheme/finding-kind/sum-differs> ; rdfs:label "No sum."@en ;
  mse:about <study/one> .

<source/aaaa> mse:recordsRead 3 ; rdfs:label "export.csv" .
<source/bbbb> mse:recordsRead 1 ; rdfs:label "pubmed.xml" .
<record-version/NCT00000101.a> a mse:RecordVersion ; mse:versionOf <registration/NCT00000101> ;
  mse:printed "NCT00000101" ; prov:wasDerivedFrom <source/aaaa> ; mse:hasOtherNumber <other-number/NCT00000101.a.1> .
<other-number/NCT00000101.a.1> mse:printed "2010-000101-10" ;
  mse:denotesRegistration <registration/EudraCT-2010-000101-10> .
<record-version/NCT00000401.a> a mse:RecordVersion ; mse:versionOf <registration/NCT00000401> ;
  mse:printed "NCT00000401" ; prov:wasDerivedFrom <source/aaaa> .
<publication/p1> a mse:Publication ; rdfs:label "Paper"@en ; mse:reportsOn <study/arm> .
<publication/p2> a mse:Publication ; rdfs:label "Second"@en .
<record-version/p1.a> a mse:RecordVersion ; mse:versionOf <publication/p1> ; prov:wasDerivedFrom <source/bbbb> .
<record-version/p2.a> a mse:RecordVersion ; mse:versionOf <publication/p2> ; prov:wasDerivedFrom <source/bbbb> ;
  mse:hasOtherNumber <other-number/p2.a.1> .
<other-number/p2.a.1> mse:printed "NCT00000401" ; mse:denotesRegistration <registration/NCT00000401> .

<document/d> a mse:Document ; dcterms:title "A document"@en .
<number-mention/d.x.1.9> a mse:NumberMention ; mse:inDocument <document/d> ; mse:printed "2010\u2013000101-10/SE" ;
  mse:countrySuffix "SE" ; mse:denotesRegistration <registration/EudraCT-2010-000101-10> .
<number-mention/d.x.1.12> a mse:NumberMention ; mse:inDocument <document/d> ; mse:printed "NCT00000102" ;
  mse:denotesRegistration <registration/NCT00000102> .
<study-description/d.1> a mse:StudyDescription ; mse:inDocument <document/d> ; mse:describes <study/one> ;
  mse:inTable <table/d.1> ; mse:rowNumber 1 ; mse:hasEntry <listed-reference/d.1> , <listed-reference/d.2> .
<table/d.1> rdfs:label "Table 1" .
<mention/d.1> a mse:StudyMention ; mse:inDocument <document/d> ; mse:ofStudy <study/two> .
<listed-reference/d.1> a biro:BibliographicReference ; mse:inDocument <document/d> ; dcterms:title "First" ;
  biro:references <publication/p1> .
<listed-reference/d.2> a biro:BibliographicReference ; mse:inDocument <document/d> ; dcterms:title "Another trial" ;
  biro:references <registration/NCT00000401> .
<reference/d.3> a biro:BibliographicReference , mse:MissingReference ; mse:inDocument <document/d> ; mse:number 3 .
"""


class Store:
    """A store that is asked as a release is."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.asked: list[str] = []

    def rows(self, name: str, **bound: str) -> Iterator[dict[str, Any]]:
        """Return the solutions of a query of the server."""
        self.asked.append(name)
        values: dict[ox.Variable, ox.NamedNode] = {ox.Variable(k): ox.NamedNode(v) for k, v in bound.items()}
        solutions = self.store.query(query(name), substitutions=values)  # type: ignore[arg-type]
        assert isinstance(solutions, ox.QuerySolutions)
        names = [v.value for v in solutions.variables]
        for row in solutions:
            yield {name: row[name] for name in names if row[name] is not None}


def triples() -> list[ox.Triple]:
    """Return the graph."""
    return [quad.triple for quad in ox.parse(PREFIXES + GRAPH, ox.RdfFormat.TURTLE)]


def small(more: Iterable[ox.Triple] = ()) -> Store:
    """Return the graph in a store."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in [*triples(), *more])
    return Store(store)
