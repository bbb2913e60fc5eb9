"""The web pages, and the addresses of the graph's resources: a request in, a template or a data file out.

Plain server-rendered HTML that needs no script. Every answer comes from one release and has an entity tag made of the
release and everything else that decides its bytes, so that a client that has it gets a 304 before a query runs.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, render_template, request

from msevidence.server import (
    answers,
    browse_list,
    description,
    exhibit_html,
    exhibit_page,
    exhibits,
    i18n,
    navigation,
    negotiation,
    pages_home,
    pages_resource,
    pages_search,
    vendor,
)
from msevidence.server.pages_links import resource_url
from msevidence.server.settings import KIB
from msevidence.server.store import PageLane

blueprint = Blueprint("pages", __name__)

VARY = "Accept-Language"
LONGEST_TOLD = 16 * KIB
"""Of a longer query string no page says its own address: that would be as long a page again each time."""
FORMAT_NAMES = {"csv": "CSV", "json": "JSON", "turtle": "Turtle", "jsonld": "JSON-LD"}


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """Give every template the language of the interface and its words."""
    language = negotiation.language()
    return {
        "lang": language,
        "languages": i18n.LANGUAGES,
        "t": lambda name, **values: i18n.text(name, language, **values),
        "counted": lambda name, count: i18n.counted(name, count, language),
        "figure": lambda value: i18n.number(value, language),
        "in_language": _in_language,
        "resource_url": resource_url,
        "format_names": FORMAT_NAMES,
        "vendor_there": vendor.there,
        "navigation": navigation.there(navigation.MAIN),
        "colophon": navigation.there(navigation.COLOPHON),
        "api_there": "api.of_programs" in current_app.view_functions,
        "canonical": _canonical,
        "address_told": len(request.query_string) <= LONGEST_TOLD,
        "cells": exhibits.cells,
        "exhibit_rows": exhibit_html.rows,
        "exhibit_value": exhibit_html.value,
        "files": exhibit_page.FILES,
    }


@blueprint.app_url_defaults
def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Keep a language that was asked for in the address in every link to a page."""
    asked = request.args.get("lang", "")
    if asked in i18n.LANGUAGES and endpoint.partition(".")[0] not in ("static", "dumps", "graph_store"):
        values.setdefault("lang", asked)


def _in_language(language: str) -> str:
    """Return the address of this same page with the interface in another language, relative to it."""
    return f"?{urlencode([*_told(), ('lang', language)])}"


def _canonical() -> str:
    """Return the stable address of this page: that of the site, with what chooses the content and not the language."""
    query = f"?{urlencode(kept)}" if (kept := _told()) else ""
    return f"{description.site().rstrip('/')}{quote(request.path)}{query}"


def _told() -> list[tuple[str, str]]:
    """Return what chooses the content of this page, sorted: pages with one entity tag have one address for it."""
    return [(name, value) for name, value in answers.arguments() if name != "lang"]


def _page(lane: PageLane, template: str, **values: Any) -> Response:
    """Render a page; the caller has asked :func:`_known` whether that is needed."""
    html = answers.allowed_in_html(render_template(template, release=lane.release, **values))
    return answers.compressed(html.encode(), answers.PAGE_TYPE, _tag(lane), vary=VARY)


def _known(lane: PageLane) -> Response | None:
    """Return what is answered at this address without a query."""
    return answers.known(_tag(lane), answers.PAGE_TYPE, vary=VARY)


def _tag(lane: PageLane) -> str:
    """Return the entity tag of a page at this address in this language."""
    address = (description.site(), request.path, answers.arguments())
    return answers.entity_tag(lane.release, "html", *address, negotiation.language(), negotiation.gzip_wanted())


@blueprint.get("/")
@blueprint.get("/index.<any(json, csv, svg, ttl, jsonld):suffix>")
def home(suffix: str = "") -> Response:
    """Say what this is, what it holds, what is new and where to start."""
    return exhibit_page.answer("home.html", pages_home.make, suffix)


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Let a browser offer the search in its address bar (OpenSearch 1.1)."""
    text = render_template("opensearch.xml", site=description.site().rstrip("/"))
    return answers.complete(text, "application/opensearchdescription+xml", None)


@blueprint.get("/<any(documents, studies, publications, claims, registrations):name>")
@blueprint.get(
    "/<any(documents, studies, publications, claims, registrations):name>"
    '.<any(json, csv, svg, ttl, jsonld, ris, bib, "csl.json"):suffix>'
)
def listing(name: str, suffix: str = "") -> Response:
    """List what there is of a kind, by facets."""
    return browse_list.answer(name, suffix, browse_list.CLASSES[name])


@blueprint.get("/search")
@blueprint.get("/search.<any(json, csv, ttl, jsonld):suffix>")
def search(suffix: str = "") -> Response:
    """Open what a pasted sentence or an identifier names, or list what fits; as a page or a file."""
    return pages_search.answer(suffix)


@blueprint.get("/<path:path>")
def resource(path: str) -> Response:
    """Answer at the address of a resource: 303 to page or data, or one of them where the suffix says which."""
    return pages_resource.answer(path)
