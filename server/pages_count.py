"""How many studies that is, and why: the page ``/count``, and the same as JSON and CSV.

``?numbers=`` holds registry numbers as somebody typed or pasted them, ``?document=`` the key of a document; with
neither, everything that is loaded is counted. The address is the permalink of the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from msevidence.ontology.iris import BASE
from msevidence.server import answers, description, exhibit_page, i18n, negotiation, parameters
from msevidence.server.count import UnknownDocumentError, of_document, of_everything, of_numbers
from msevidence.server.count_facts import Facts
from msevidence.server.count_json import as_json, part_rules, rules
from msevidence.server.count_model import Count
from msevidence.server.count_numbers import Given, read_numbers
from msevidence.server.count_table import as_csv
from msevidence.server.errors import BadRequest, NotFound, Problem, Words
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.labels import Labels
from msevidence.server.page_reader import OFFERED, KeptReader
from msevidence.server.pages_links import Value, link
from msevidence.server.store import PageLane, pages, release_page_lane

blueprint = Blueprint("count", __name__)

STEPS = ("printed", "numbers", "registrations", "studies", "references")
MOST_NUMBERS = 1_000
"""Numbers of one request: each takes some ten queries of 0.1 ms."""
LONGEST = 100_000
"""Characters of one request: a thousand numbers in their sentences."""
SHOWN = 200
"""Rows of a list on the page; it says how many more there are, and the files have them all."""
OWN = ("numbers", "document", "lang", "format")
VARY = "Accept, Accept-Language"


@blueprint.get("/count")
@blueprint.get("/count.<any(json, csv, ttl, jsonld):suffix>")
def count(suffix: str = "") -> Response:
    """Count the studies of the numbers or the document in the address, or of everything."""
    given = parameters.of_url()
    format = negotiation.choose(OFFERED, suffix or given.one("format"))
    numbers, document = (given.one("numbers") or "").strip(), (given.one("document") or "").strip()
    lane = pages()
    tag = _tag(lane, format.name, numbers, document)
    if (known := answers.known(tag, format.content_type, vary=VARY)) is not None:
        return known
    try:
        first = SHOWN if format.name == "html" else None
        counted = _count(Facts(KeptReader(lane)), numbers, document, lane.release.base, first)
    except Problem as problem:
        if format.name != "html":
            raise
        release_page_lane()  # its worker may be what the answer cost
        return answers.problem(problem, "count.html", **_form(pages(), numbers, document))
    if format.name in RDF_FORMATS:
        subjects = [*counted.studies, *counted.registrations]
        body = exhibit_page.described(lane, subjects, RDF_FORMATS[format.name])
        return answers.compressed(body, format.content_type, tag, vary=VARY)
    if format.name != "html":
        write = as_json if format.name == "json" else as_csv
        return answers.compressed(write(counted, lane.release.base).encode(), format.content_type, tag, vary=VARY)
    html = render_template(
        "count.html", counted=counted, **_shown(lane, counted, numbers, document), **_form(lane, numbers, document)
    )
    return answers.compressed(answers.allowed_in_html(html).encode(), answers.PAGE_TYPE, tag, vary=VARY)


def _tag(lane: PageLane, format: str, numbers: str, document: str) -> str:
    """Return the entity tag of an answer: a page's depends on the language and the whole address, a file's does not."""
    if format != "html":
        names = sorted(set(request.args) - {"lang", "format"})  # one that is no parameter is refused
        return answers.entity_tag(lane.release, "count", format, names, numbers, document, negotiation.gzip_wanted())
    address = (description.site(), sorted(request.args.items(multi=True)), negotiation.language())
    return answers.entity_tag(lane.release, "count", format, *address, negotiation.gzip_wanted())


def _count(facts: Facts, numbers: str, document: str, base: str, first: int | None) -> Count:
    """Count what was asked for.

    Raises:
        BadRequest: both are asked for, or too much, or something that is no parameter here.
        NotFound: there is no such document.
    """
    others = [name for name in request.args if name not in OWN]
    if others:
        said = f"There is no parameter {others[0][:100]!r} here; there are: {', '.join(OWN)}."
        raise BadRequest(Words(said, f"Det finnes ingen parameter {others[0][:100]!r} her, bare: {', '.join(OWN)}."))
    if numbers and document:
        said = "Numbers and a document are two questions; give one of them."
        raise BadRequest(Words(said, "Numre og et dokument er to spørsmål; oppgi ett av dem."))
    if numbers:
        return of_numbers(facts, _read(numbers), base)
    if not document:
        return of_everything(facts, first)
    try:
        key = document.removeprefix(base).removeprefix("document/")
        return of_document(facts, f"{base}document/{key}")
    except UnknownDocumentError as error:
        there = ", ".join(iri.removeprefix(f"{base}document/") for iri in facts.documents)
        said = f"There is no document {document[:100]!r}; there are: {there}."
        raise NotFound(Words(said, f"Det finnes ikke noe dokument {document[:100]!r}, bare: {there}.")) from error


def _read(numbers: str) -> Given:
    if len(numbers) > LONGEST:
        said = f"The text has {len(numbers)} characters; a page takes {LONGEST}. `msevidence count` takes any number."
        raise BadRequest(Words(said, f"Teksten har {len(numbers)} tegn; en side tar {LONGEST}."))
    given = read_numbers(numbers)
    if len(given.numbers) > MOST_NUMBERS:
        said = f"There are {len(given.numbers)} numbers; a page takes {MOST_NUMBERS}. `msevidence count` takes any."
        raise BadRequest(Words(said, f"Det er {len(given.numbers)} numre; en side tar {MOST_NUMBERS}."))
    return given


def _form(lane: PageLane, numbers: str, document: str) -> dict[str, Any]:
    """Return what the page shows whatever the answer."""
    labels, base = Labels(lane, negotiation.language()), lane.release.base
    documents = [(iri.removeprefix(f"{base}document/"), labels(iri)) for iri in Facts(KeptReader(lane)).documents]
    key = document.removeprefix(base).removeprefix("document/")
    return {"release": lane.release, "numbers": numbers, "document": key, "documents": documents}


def _shown(lane: PageLane, counted: Count, numbers: str, document: str) -> dict[str, Any]:
    """Return what the template needs beside the count."""
    labels = Labels(lane, negotiation.language())
    kept: dict[str, Any] = {name: text for name, text in (("numbers", numbers), ("document", document)) if text}

    def address(suffix: str = "") -> str:
        return url_for("count.count", suffix=suffix, **kept) if suffix else url_for("count.count", **kept)

    def named(iri: str) -> Value:
        return link(lane, labels, iri)

    def rule(name: str) -> Value:
        return link(lane, labels, f"{BASE}scheme/identity-rule/{name}")

    helpers: dict[str, Callable[..., Any]] = {"named": named, "rule": rule, "address": address}
    parts = counted.parts
    return {
        **helpers,
        "page_title": i18n.text("nav-count", negotiation.language()),
        "steps": STEPS,
        "shown": SHOWN,
        "rules_of": rules,
        "part_rules": part_rules,
        "part_of": lambda iri: parts.get(iri),
        "documents_there": {one.where for one in counted.documents},
        "places": [counted, *counted.documents, *counted.sources],
        "whole_answer": not counted.where and bool(counted.documents or counted.sources),
    }
