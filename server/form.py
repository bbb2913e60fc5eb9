"""The query form at /sparql for a browser: plain HTML that works without JavaScript."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from flask import Response, current_app, render_template, request

from msevidence.server import answers, negotiation
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS
from msevidence.server.settings import Settings
from msevidence.server.store import pages

EXAMPLES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?question ?text ?label WHERE {
  ?question sh:select|sh:ask|sh:construct|sh:describe ?text .
  OPTIONAL { ?question rdfs:label|rdfs:comment ?label }
} ORDER BY ?question ?label"""
FIRST = "SELECT ?class (COUNT(?thing) AS ?things)\nWHERE { ?thing a ?class }\nGROUP BY ?class\nORDER BY DESC(?things)"


def page() -> Response:
    """Return the form, filled with the example that `?example=` names."""
    language = negotiation.language()
    asked = request.args.get("example", "")
    lane = pages()
    vary = "Accept, Accept-Language"
    address = sorted(request.args.items(multi=True))
    tag = answers.entity_tag(lane.release, "form", language, address, negotiation.gzip_wanted())
    if answers.already_has(tag):
        return answers.not_modified(tag, vary=vary)
    examples = _examples(lane.select(EXAMPLES), language)
    settings: Settings = current_app.extensions["msevidence-settings"]
    html = render_template(
        "endpoint.html",
        lang=language,
        query=next((example["text"] for example in examples if example["iri"] == asked), FIRST),
        examples=examples,
        release=lane.release,
        settings=settings,
        formats=[format.name for format in (RESULT_FORMATS | RDF_FORMATS).values()],
    )
    return answers.compressed(html.encode(), "text/html; charset=utf-8", tag, vary=vary)


def _examples(rows: list[dict[str, Any]], language: str) -> list[dict[str, str]]:
    """Return one entry a question, labelled in the language of the interface where it has such a label."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        iri = row["question"].value
        entry = found.setdefault(iri, {"iri": iri, "text": row["text"].value, "label": iri})
        label = row.get("label")
        if isinstance(label, ox.Literal) and (entry["label"] == iri or label.language == language):
            entry["label"], entry["language"] = label.value, label.language or ""
    return list(found.values())
