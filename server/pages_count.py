"""How many studies that is, and why: the page ``/count``, and the same as JSON and CSV.

``?numbers=`` holds registry numbers as somebody typed or pasted them, ``?document=`` the key of a document; with
neither, everything that is loaded is counted: listed where it is not too much, in figures alone where it is
(``count_overview``). The address is the permalink of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from msevidence.ontology.iris import BASE
from msevidence.server import (
    answers,
    count_overview,
    description,
    documents_listed,
    exhibit_page,
    i18n,
    identity_reasons,
    negotiation,
    parameters,
)
from msevidence.server.count import of_document, of_everything, of_numbers
from msevidence.server.count_facts import Facts
from msevidence.server.count_json import as_json, part_rules, rules
from msevidence.server.count_model import Count
from msevidence.server.count_numbers import Given, read_numbers
from msevidence.server.count_table import as_csv
from msevidence.server.errors import BadRequest, Problem, Words
from msevidence.server.facets import Facets
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.labels import Labels, Text
from msevidence.server.page_reader import OFFERED, KeptReader
from msevidence.server.pages_links import MSE, Value, link
from msevidence.server.store import PageLane, pages, release_page_lane

blueprint = Blueprint("count", __name__)

STEPS = ("printed", "numbers", "registrations", "studies", "references")
MOST_NUMBERS = 1_000
"""Numbers of one request: each takes some ten queries of 0.1 ms."""
LONGEST = 100_000
"""Characters of one request: a thousand numbers in their sentences."""
FEW = 1_000
"""Registrations up to which all studies and decisions are read at once, and not those shown, one by one."""
OFFERED_MOST = 500
"""Documents that the form offers; any other can be named in the address."""
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
        if format.name == "html" and not numbers and not document and count_overview.is_wanted(lane.release):
            return _overview(lane, tag)
        first = SHOWN if format.name == "html" else None
        counted = _count(lane, numbers, document, first)
    except Problem as problem:
        if format.name != "html":
            raise
        release_page_lane()  # its worker may be what the answer cost
        said_back = numbers if len(numbers) <= LONGEST else ""  # a part of it would be another question
        return answers.problem(problem, "count.html", **_form(pages(), said_back, document))
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


def _overview(lane: PageLane, tag: str) -> Response:
    """Answer with the figures of everything, where there is more than can be listed.

    Raises:
        BadRequest: something is asked for that is no parameter here.
        NotFound: there is no such page of documents.
    """
    _refuse_others((*OWN, "page"))
    labels = Labels(lane, negotiation.language())
    html = render_template(
        "count.html",
        page_title=i18n.text("nav-count", negotiation.language()),
        steps=STEPS,
        named=partial(link, lane, labels),
        **count_overview.overview(lane),
        **_form(lane, "", ""),
    )
    return answers.compressed(answers.allowed_in_html(html).encode(), answers.PAGE_TYPE, tag, vary=VARY)


def _refuse_others(known: Sequence[str]) -> None:
    others = [name for name in request.args if name not in known]
    if others:
        said = f"There is no parameter {others[0][:100]!r} here; there are: {', '.join(known)}."
        raise BadRequest(Words(said, f"Det finnes ingen parameter {others[0][:100]!r} her, bare: {', '.join(known)}."))


def _tag(lane: PageLane, format: str, numbers: str, document: str) -> str:
    """Return the entity tag of an answer: a page's depends on the language and the whole address, a file's does not."""
    if format != "html":
        names = sorted(set(request.args) - {"lang", "format"})  # one that is no parameter is refused
        return answers.entity_tag(lane.release, "count", format, names, numbers, document, negotiation.gzip_wanted())
    address = (description.site(), answers.arguments(), negotiation.language())
    return answers.entity_tag(lane.release, "count", format, *address, negotiation.gzip_wanted())


def _count(lane: PageLane, numbers: str, document: str, first: int | None) -> Count:
    """Count what was asked for.

    Raises:
        BadRequest: both are asked for, or too much, or something that is no parameter here.
        NotFound: there is no such document.
        ResultTooLarge: everything is asked for, and it is too much.
    """
    facts, base = Facts(KeptReader(lane)), lane.release.base
    many = not numbers and not document and count_overview.is_wanted(lane.release)
    _refuse_others((*OWN, "page") if many else OWN)
    if numbers and document:
        said = "Numbers and a document are two questions; give one of them."
        raise BadRequest(Words(said, "Numre og et dokument er to spørsmål; oppgi ett av dem."))
    if numbers:
        return of_numbers(facts, _read(numbers), base)
    if not document:
        return _everything(lane, facts, first)
    iri = f"{base}document/{document.removeprefix(base).removeprefix('document/')}"
    if Facets(lane.release, "en").first_class(iri, (MSE + "Document",)) is None:
        raise documents_listed.unknown(lane, document)
    return of_document(facts, iri)


def _everything(lane: PageLane, facts: Facts, first: int | None) -> Count:
    """Count all that is loaded; what the page shows of it is counted once a release.

    Raises:
        ResultTooLarge: there are too many registrations.
    """
    known = _kept(lane.release.id)
    if first is not None and first in known:
        return known[first]
    if count_overview.is_wanted(lane.release):
        raise count_overview.refusal(lane)
    few = Facets(lane.release, "en").count(MSE + "Registration") <= FEW
    counted = of_everything(facts, first, at_once=few)
    if first is not None:
        known[first] = counted
    return counted


@lru_cache(maxsize=2)
def _kept(release: str) -> dict[int, Count]:
    """Return what was counted for the page of a release; that of a release before the last is dropped."""
    return {}


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
    key = document.removeprefix(base).removeprefix("document/")
    facets, class_iri = Facets(lane.release, "en"), MSE + "Document"
    offered = facets.by_key(class_iri, 0, OFFERED_MOST)
    if (chosen := f"{base}document/{key}") not in offered and facets.first_class(chosen, [class_iri]):
        offered.append(chosen)
    documents = [(iri.removeprefix(f"{base}document/"), labels(iri)) for iri in offered]
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

    def because(reason: str) -> Text:
        return identity_reasons.in_language(Text(reason), negotiation.language())

    helpers: dict[str, Callable[..., Any]] = {"named": named, "rule": rule, "address": address, "because": because}
    parts = counted.parts
    whole_answer = not counted.where and bool(counted.documents or counted.sources)
    return {
        **helpers,
        "beyond": _beyond(lane, counted) if whole_answer else {},
        "page_title": i18n.text("nav-count", negotiation.language()),
        "steps": STEPS,
        "shown": SHOWN,
        "rules_of": rules,
        "part_rules": part_rules,
        "part_of": lambda iri: parts.get(iri),
        "documents_there": {one.where for one in counted.documents},
        "places": [counted, *counted.documents, *counted.sources],
        "whole_answer": whole_answer,
    }


def _beyond(lane: PageLane, counted: Count) -> dict[str, int]:
    """Return how many studies and registrations the release has that no document or loaded source names."""
    facets = Facets(lane.release, "en")
    named = {"studies": len({*counted.studies, *counted.parts}), "registrations": len(counted.registrations)}
    classes = {"studies": MSE + "Study", "registrations": MSE + "Registration"}
    return {kind: facets.count(iri) - named[kind] for kind, iri in classes.items() if facets.count(iri) > named[kind]}
