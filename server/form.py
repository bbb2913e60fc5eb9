"""The query form at /sparql for a browser: plain HTML that works without JavaScript, empty, answered or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
from flask import Response, current_app, render_template, request, url_for

from msevidence.server import answers, negotiation, result_page, running, vendor
from msevidence.server.errors import Problem
from msevidence.server.labels import PREFIXES, Text, choose
from msevidence.server.parameters import Parameters
from msevidence.server.pool import Question
from msevidence.server.releases import Release
from msevidence.server.settings import KIB, Settings
from msevidence.server.store import pages

EXAMPLES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?question ?text ?title ?about WHERE {
  ?question sh:select|sh:ask|sh:construct|sh:describe ?text .
  OPTIONAL { ?question rdfs:label ?title }
  OPTIONAL { ?question rdfs:comment ?about }
} ORDER BY ?question"""
FIRST = "SELECT ?class (COUNT(?thing) AS ?things)\nWHERE { ?thing a ?class }\nGROUP BY ?class\nORDER BY DESC(?things)"
FEWEST, MOST = 8, 24
"""Lines that the field for the query shows at once."""
LONGEST_LINKED = 16 * KIB
"""Characters of a query that the links to its whole answer hold; of a longer one the form has it, and its formats."""
GRAPHS = ("default-graph-uri", "named-graph-uri")


def page() -> Response:
    """Return the form, filled with the example that `?example=` names."""
    language = negotiation.language()
    asked = request.args.get("example", "")
    lane = pages()
    address = answers.arguments()
    tag = answers.entity_tag(lane.release, "form", language, address, negotiation.gzip_wanted(), editor())
    if (known := answers.known(tag, answers.PAGE_TYPE, vary=running.PAGE_VARY)) is not None:
        return known
    examples = _examples(lane.select(EXAMPLES), language)
    query = next((example["text"] for example in examples if example["iri"] == asked), FIRST)
    html = render_template("endpoint.html", release=lane.release, examples=examples, **_filled(query))
    body = answers.allowed_in_html(html).encode()
    return answers.compressed(body, answers.PAGE_TYPE, tag, vary=running.PAGE_VARY)


def answered(question: Question, query: str, *, volatile: bool) -> Response:
    """Answer a query with a page: the form with the query in it, and the result.

    Args:
        question: what to run; its format is ``excerpt.NAME``.
        query: the text as it came, for the form and for the links to the whole result.
        volatile: as for ``running.answer``.

    Raises:
        errors.Problem: as ``running.answer``.
    """
    language = negotiation.language()
    graphs = [("default-graph-uri", iri) for iri in question.default_graphs or ()]
    graphs += [("named-graph-uri", iri) for iri in question.named_graphs or ()]

    def download(format: str) -> str:
        named: dict[str, Any] = {name: [iri for key, iri in graphs if key == name] for name, _ in graphs}
        return url_for("sparql.by_get", query=query, format=format, **named)

    def write(found: dict[str, Any], release: Release) -> str:
        result = result_page.read(found, release, language)
        linked = len(query) + sum(len(iri) for _, iri in graphs) <= LONGEST_LINKED
        filled = _filled(query, graphs=graphs)
        html = render_template(
            "endpoint.html", release=release, result=result, download=download if linked else None, **filled
        )
        return answers.allowed_in_html(html)

    question = replace(question, names=result_page.NAMES, prefixes={**PREFIXES, **question.prefixes})
    address = answers.arguments()
    return running.page(question, write, language, query, address, editor(), volatile=volatile)


def refused(problem: Problem, query: str, given: Parameters) -> Response:
    """Say why a browser's query is not answered, above the form with the query in it, unless that is far too long."""
    settings: Settings = current_app.extensions["msevidence-settings"]
    graphs = [(name, iri) for name in GRAPHS for iri in given.all(name)]
    if len(query) + sum(len(iri) for _, iri in graphs) > settings.max_query:
        query, graphs = "", []  # never a part, which would be another question
    format = next(iter(given.all("format")), "")
    return answers.problem(problem, "endpoint.html", **_filled(query, format, graphs))


def _filled(query: str, format: str = "", graphs: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return what the form needs."""
    return {
        "query": query,
        "rows": min(max(query.count("\n") + 2, FEWEST), MOST),
        "format": format,
        "graphs": graphs,
        "settings": current_app.extensions["msevidence-settings"],
        "formats": result_page.TITLES,
        "prefixes": PREFIXES,
        "editor": editor(),
    }


def editor() -> bool:
    """Tell whether the files of the editor are here, which come from npm: without them the form is a plain one."""
    return vendor.there("yasqe.min.js")


def _examples(rows: list[dict[str, Any]], language: str) -> list[dict[str, str]]:
    """Return one entry a question, by its title, or by what it says it asks where it has none."""
    found: dict[str, tuple[str, list[ox.Literal]]] = {}
    for row in rows:
        name = row.get("title", row.get("about"))
        _, names = found.setdefault(row["question"].value, (row["text"].value, []))
        if isinstance(name, ox.Literal):
            names.append(name)
    examples = []
    for iri, (text, names) in found.items():
        label = choose(names, language) if names else Text(iri)
        examples.append({"iri": iri, "text": text, "label": label.text, "language": label.language})
    return examples
