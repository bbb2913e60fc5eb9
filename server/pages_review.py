"""The review as pages: a list of documents, a document with its findings in the margin, and a report to print.

``?kind=`` (a kind of finding, or a group of kinds), ``?severity=`` (the least), ``?standing=`` and ``?in=`` (a table or
a section) choose findings; the address with them is the permalink, and ``#finding-…`` that of one finding.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from msevidence.ontology.iris import BASE
from msevidence.server import (
    answers,
    browse_limits,
    description,
    documents_listed,
    exhibit_page,
    i18n,
    negotiation,
    parameters,
    review_kept,
    review_report,
)
from msevidence.server.document_names import document_names
from msevidence.server.errors import BadRequest, Words
from msevidence.server.exhibits import Cell, Column, Exhibits, Table, cell, figure
from msevidence.server.facets import Facets
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.labels import Labels, outside_link
from msevidence.server.page_reader import OFFERED, LaneReader
from msevidence.server.pages_links import MSE, Value, link
from msevidence.server.review_gravest import gravest, parts
from msevidence.server.review_json import as_csv, as_json
from msevidence.server.review_model import SEVERITIES, STANDINGS, Finding, Review
from msevidence.server.review_read import read_review
from msevidence.server.review_shown import but, chosen, kinds_of, placed
from msevidence.server.review_words import new_values, stands, where
from msevidence.server.store import PageLane, pages

blueprint = Blueprint("review", __name__)

FILTERS = ("kind", "severity", "standing", "in")
OWN = (*FILTERS, "lang", "format")
VARY = "Accept, Accept-Language"
KEPT = 20
"""Reviews kept in memory: of a hundred findings, one takes some 600 kB."""


@blueprint.get("/review")
@blueprint.get("/review.<any(json, csv, svg, ttl, jsonld):suffix>")
def overview(suffix: str = "") -> Response:
    """List the documents with how many findings each has."""
    format = negotiation.choose(exhibit_page.FORMATS, suffix or request.args.get("format")).name
    return exhibit_page.answer("review_list.html", partial(_overview, format), suffix, own=("page",))


def _overview(format: str, lane: PageLane, labels: Labels, language: str) -> Exhibits:
    found, page, of_files = documents_listed.page(lane, format)
    there = [(link(lane, labels, iri), iri.rpartition("/")[2], one) for iri, one in found.items()]
    columns = (
        Column("document", i18n.text("documents", language), iris=True),
        *(Column(severity, i18n.text(f"severity-{severity}", language)) for severity in SEVERITIES),
    )
    rows: list[dict[str, Cell]] = [
        {"document": cell(value), **{severity: figure(int(one.get(severity) or 0)) for severity in SEVERITIES}}
        for value, _, one in there
    ]
    shown = {"documents": there, "severities": SEVERITIES, "page": page}
    note = browse_limits.said(page, language) if len(page.items) < page.total else ""
    table = Table("documents", i18n.text("documents", language), columns, rows, note)
    subjects = [value.iri for value, *_ in there]
    return Exhibits(i18n.text("review", language), [table], subjects=subjects, shown=shown, kept=of_files)


@blueprint.get("/review/<key>")
@blueprint.get("/review/<key>.<any(json, csv, ttl, jsonld):suffix>")
def document(key: str, suffix: str = "") -> Response:
    """Show a document with its findings beside the passages that they rest on, or the findings as JSON or CSV."""
    given = parameters.of_url()
    format = negotiation.choose(OFFERED, suffix or given.one("format"))
    lane = pages()
    tag = _tag(lane, format.name)
    if (known := answers.known(tag, format.content_type, vary=VARY)) is not None:
        return known
    whole = _review(lane, key)
    shown = _chosen(whole, given)
    if format.name in RDF_FORMATS:
        subjects = [shown.document, *(finding.iri for finding in shown.findings)]
        rdf = exhibit_page.described(lane, subjects, RDF_FORMATS[format.name])
        return answers.compressed(rdf, format.content_type, tag, vary=VARY)
    if format.name != "html":
        write = as_json if format.name == "json" else as_csv
        body = write([shown], lane.release.base, lambda finding: _permalink(key, finding))
        return answers.compressed(body.encode(), format.content_type, tag, vary=VARY)
    labels = Labels(lane, negotiation.language())
    language = negotiation.language()
    reading = review_kept.reading(lane, labels, whole.document, language)

    named = review_kept.names(lane, labels, language)

    @cache
    def concept(scheme: str, name: str) -> Value:
        return named(f"{BASE}scheme/{scheme}/{name}")

    kept: dict[str, Any] = {name: value for name in FILTERS if (value := given.one(name))}
    text = placed(reading, shown, whole, kept.get("in", ""))
    others = [kept.get(name, "") for name in FILTERS[:-1]]
    return _page(
        tag,
        "review.html",
        release=lane.release,
        page_title=f"{i18n.text('review', language)}: {shown.title}",
        review=shown,
        whole=whole,
        kept=kept,
        text=text,
        parts=parts(whole, [f for f in whole.findings if chosen(f, *others)]),
        gravest=gravest(shown, kept.get("in", ""), text.of_the_whole),
        names=document_names(lane),
        named=named,
        kind=lambda name: concept("finding-kind", name),
        concept=concept,
        severities=SEVERITIES,
        standings=STANDINGS,
        kinds_of=kinds_of,
        but=lambda verdict: but(whole, verdict),
        here={finding.iri for finding in shown.findings},
        new_values=new_values,
        where=where,
        stands=stands,
        outside=outside_link,
        address=lambda suffix="", **more: _address(key, suffix, {**kept, **more}),
        report=url_for("review.report", key=key, **kept),
    )


@blueprint.get("/review/<key>/report")
def report(key: str) -> Response:
    """Give the review of a document as one file of HTML that prints well and needs nothing beside it."""
    given = parameters.of_url()
    lane = pages()
    tag = _tag(lane, "report")
    response = answers.known(tag, answers.PAGE_TYPE, vary=VARY)
    if response is None:
        review = _chosen(_review(lane, key), given)
        site = description.site().rstrip("/")
        asked = {name: value for name in FILTERS if (value := given.one(name))}
        html = review_report.as_html(review, negotiation.language(), lane.release.id, site, asked)
        response = answers.compressed(answers.allowed_in_html(html).encode(), answers.PAGE_TYPE, tag, vary=VARY)
    response.headers["Content-Security-Policy"] = f"{answers.POLICY}; style-src 'self' '{review_report.STYLE_HASH}'"
    return response


def _page(tag: str, template: str, **values: Any) -> Response:
    html = answers.allowed_in_html(render_template(template, **values))
    return answers.compressed(html.encode(), answers.PAGE_TYPE, tag, vary=VARY)


def _tag(lane: PageLane, format: str) -> str:
    address = (description.site(), request.path, answers.arguments(), negotiation.language())
    return answers.entity_tag(lane.release, "review", format, *address, negotiation.gzip_wanted())


def _review(lane: PageLane, key: str) -> Review:
    """Return the review of a document. Raises NotFound where there is none."""
    kept = _kept(lane.release.id)
    if key in kept:
        return kept[key]
    reader = LaneReader(lane)
    iri = f"{lane.release.base}document/{key}"
    if Facets(lane.release, "en").first_class(iri, (MSE + "Document",)) is None:
        raise documents_listed.unknown(lane, key)
    found = read_review(reader, iri)
    if len(kept) < KEPT:
        kept[key] = found
    return found


@lru_cache(maxsize=2)
def _kept(release: str) -> dict[str, Review]:
    """Return the reviews read so far, for all filters and languages; of a release before the last they are dropped."""
    return {}


def _chosen(review: Review, given: parameters.Parameters) -> Review:
    """Return a review with the findings that the address chooses.

    Raises:
        BadRequest: something in the address is no parameter here, or no value of one.
    """
    others = [name for name in request.args if name not in OWN]
    if others:
        said = f"There is no parameter {others[0][:100]!r} here; there are: {', '.join(OWN)}."
        raise BadRequest(Words(said, f"Det finnes ingen parameter {others[0][:100]!r} her, bare: {', '.join(OWN)}."))
    kind, severity, standing, within = (given.one(name) or "" for name in FILTERS)
    kinds = {f.kind for f in review.findings} | {f.group for f in review.findings}
    kinds |= {s.kind for s in review.states} | {s.group for s in review.states}
    for name, value, allowed in (
        ("kind", kind, sorted(kinds)),
        ("severity", severity, SEVERITIES),
        ("standing", standing, STANDINGS),
        ("in", within, [part.key for part in parts(review, [])]),
    ):
        if value and value not in allowed:
            said = f"{name}={value[:60]!r}: there is no such {name}; there are: {', '.join(filter(None, allowed))}."
            other = f"{name}={value[:60]!r} finnes ikke, bare: {', '.join(filter(None, allowed))}."
            raise BadRequest(Words(said, other))
    return replace(review, findings=[f for f in review.findings if chosen(f, kind, severity, standing, within)])


def _address(key: str, suffix: str, kept: dict[str, str]) -> str:
    values: dict[str, Any] = {name: value for name, value in kept.items() if value}
    if suffix:
        values["suffix"] = suffix
    return url_for("review.document", key=key, **values)


def _permalink(key: str, finding: Finding) -> str:
    path = url_for("review.document", key=key, lang=None).removeprefix(request.script_root)
    return f"{description.site().rstrip('/')}{path}#finding-{finding.key}"
