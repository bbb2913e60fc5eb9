"""The FHIR R5 bundle (5.0.0, https://hl7.org/fhir/R5/), experimental: what of the graph has an honest place in it.

The bundle is a ``collection``: a ``document`` is one composition of one author, and this holds several documents with
what was found on them. Statuses that FHIR requires and no source states are ``unknown``. Codes are those of the graph's
concepts; what is not coded there is text. ``fhir_lost`` lists what has no place, and the first entry shows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from msevidence.server import i18n
from msevidence.server.bibliography_read import records
from msevidence.server.exports import fhir_assessments, fhir_compositions, fhir_groups, fhir_results
from msevidence.server.exports.fhir_about import about_bundle, about_iri
from msevidence.server.exports.fhir_citations import citation
from msevidence.server.exports.fhir_graph import Facts
from msevidence.server.exports.fhir_studies import research_study
from msevidence.server.exports.fhir_values import Json, made, own_identifier
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.rights import rights


def write(handover: Handover) -> Files:
    """Write the bundle as JSON (https://hl7.org/fhir/R5/json.html), one file."""
    source = f"{handover.site}releases/{handover.release.id}/"
    tag = {"code": "experimental", "display": i18n.text("fhir-tag", handover.language)}
    meta = {"lastUpdated": handover.release.built, "source": source, "tag": [tag]}
    entries = [
        {"fullUrl": iri, "resource": {**_first(resource), "meta": meta, **resource}}
        for iri, resource in _resources(handover)
    ]
    bundle = made(
        resourceType="Bundle",
        id=about_iri(handover).removeprefix("urn:uuid:"),
        meta=meta,
        language=handover.language,
        identifier=own_identifier(source),
        type="collection",
        timestamp=handover.release.built,
        entry=entries,
    )
    text = json.dumps(bundle, ensure_ascii=False, indent=1)
    return {f"{handover.stem}.fhir.json": text.encode() + b"\n"}


def _first(resource: Json) -> Json:
    """Return the members that stand first in every resource."""
    return {name: resource[name] for name in ("resourceType", "id") if name in resource}


def _resources(handover: Handover) -> Iterator[tuple[str, Json]]:
    """Give the entries with their IRIs: about the bundle, documents, studies, publications, results, findings."""
    scope = handover.scope
    facts = Facts(handover.lane)
    facts.read((*scope.things, *scope.documents))
    facts.read_around((*scope.studies, *scope.claims, *scope.results, *scope.findings))
    facts.read_around((*facts.every("registration"), *facts.every("description")))
    facts.read(facts.first(one, "mse:inDocument") for one in (*scope.claims, *scope.results, *scope.findings))
    held = rights(handover.lane, handover.labels)
    works = {
        record.iri: record
        for record in records(
            handover.lane, handover.labels, handover.language, sorted({*scope.publications, *scope.documents})
        )
    }
    yield about_iri(handover), about_bundle(handover)
    for iri in scope.documents:
        authors = [author.inverted for author in works[iri].authors]
        yield (
            fhir_compositions.composition_iri(iri),
            fhir_compositions.composition(iri, facts, handover, held, authors),
        )
    for iri in scope.studies:
        yield iri, research_study(iri, facts, handover)
    for iri, record in works.items():
        yield iri, citation(record, facts, handover)
    for iri in facts.every("arm"):
        yield iri, fhir_groups.arm(iri, facts, handover)
    for iri in facts.every("description"):
        if group := fhir_groups.described(iri, facts, handover):
            yield iri, group
    variables = {fhir_results.variable_iri(one, facts): one for one in scope.results}
    for iri in sorted(variables):
        yield iri, fhir_results.variable(variables[iri], facts, handover)
    for iri in scope.results:
        yield iri, fhir_results.evidence(iri, facts, handover, held)
    for iri in scope.findings:
        yield iri, fhir_assessments.finding(iri, facts, handover)
    for iri in sorted({*facts.every("verdict"), *facts.every("verdict-beside")}):
        yield iri, fhir_assessments.verdict(iri, facts, handover, held)
