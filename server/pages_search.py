"""The page ``/search``: opens what a text names, or lists what fits by kind, its words marked; also JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request, url_for

from msevidence.server import answers, cut, description, exhibit_page, i18n, negotiation, resources, review_badges
from msevidence.server.count_table import defused
from msevidence.server.errors import NotFound, Words
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.index import index
from msevidence.server.labels import Labels
from msevidence.server.page_number import page_number
from msevidence.server.page_reader import OFFERED
from msevidence.server.pages_links import PAGE, Page, link, resource_url
from msevidence.server.search import LIMIT, ORDER, Found, Group, Hit, Search
from msevidence.server.search_examples import start
from msevidence.server.store import PageLane, pages

MOST = 1_000
"""Hits in a file; it says how many there are."""
COLUMNS = ("kind", "iri", "label", "language", "field", "text")
VARY = "Accept-Language"


def answer(suffix: str) -> Response:
    """Answer a search as a page, or as the file that the suffix names."""
    format = negotiation.choose(OFFERED, suffix or request.args.get("format") or "html")
    lane = pages()
    text, kind, number = request.args.get("q", "").strip()[: LIMIT + 1], _kind(), page_number()
    tag = _tag(lane, format.name)
    if (known := answers.known(tag, format.content_type, vary=VARY)) is not None:
        return known
    where = index(lane.release), lane.release.base, negotiation.language()
    if format.name != "html":
        found = Search(*where, kind, size=MOST, few=MOST).run(text)
        if found.cut and format.name != "json":  # a table, or triples, can not say that there may be more
            cut.mark(found.cut)
            cut.refuse()
        if format.name in RDF_FORMATS:
            subjects = [hit.iri for group in found.groups for hit in group.hits]
            rdf = exhibit_page.described(lane, subjects, RDF_FORMATS[format.name])
            return answers.compressed(rdf, format.content_type, tag, vary=VARY)
        written = _as_json(lane, text, found) if format.name == "json" else _as_csv(lane, found)
        return answers.compressed(written.encode(), format.content_type, tag, vary=VARY)
    found = Search(*where, kind, first=(number - 1) * PAGE, size=PAGE).run(text)
    if found.opens is not None and (path := resources.local_path(found.opens, lane.release)) is not None:
        return answers.see_other(resource_url(path).removeprefix(f"{request.script_root}/"), vary=VARY)
    html = render_template("search.html", release=lane.release, **_shown(lane, text, found, number))
    return answers.compressed(answers.allowed_in_html(html).encode(), answers.PAGE_TYPE, tag, vary=VARY)


def _kind() -> str:
    """Return the kind of which alone hits are wanted.

    Raises:
        NotFound: there is no such kind.
    """
    kind = request.args.get("kind", "")
    if kind and kind not in ORDER:
        there = ", ".join(ORDER)
        said = f"There is no kind {kind[:50]!r}; there are: {there}."
        raise NotFound(Words(said, f"Det finnes ingen type {kind[:50]!r}, bare: {there}."))
    return kind


def _tag(lane: PageLane, format: str) -> str:
    address = (description.site(), answers.arguments(), negotiation.language())
    return answers.entity_tag(lane.release, "search", format, *address, negotiation.gzip_wanted())


def _shown(lane: PageLane, text: str, found: Found, number: int) -> dict[str, Any]:
    """Return what the template needs."""
    labels = Labels(lane, negotiation.language())
    asked: dict[str, Any] = {"q": text} if text else {}
    return {
        "text": text,
        "found": found,
        "start": None if text else start(index(lane.release), negotiation.language()),
        "page": _page(found, number),
        "named": lambda iri: link(lane, labels, iri),
        "cut": LIMIT if len(text) > LIMIT else None,
        "tallies": review_badges.tallies(lane, [hit.iri for group in found.groups for hit in group.hits]),
        "address": lambda suffix="", **more: url_for(
            "pages.search",
            **({"suffix": suffix} if suffix else {}),
            **{**asked, **(_chosen(found) if suffix else {}), **more},
        ),
        "page_title": i18n.text("search", negotiation.language()) + (f": {text[:80]}" if text else ""),
        "asked": {**asked, **_chosen(found)},
        "alone": len(found.groups) == 1,
        **({"files": {"json": exhibit_page.FILES["json"]}} if found.cut else {}),  # the others are refused
    }


def _chosen(found: Found) -> dict[str, Any]:
    return {"kind": found.chosen} if found.chosen else {}


def _page(found: Found, number: int) -> Page[Hit] | None:
    """Return the stretch of the one list that is shown; None where there are several lists, or none.

    Raises:
        NotFound: there is no such page.
    """
    group: Group | None = found.groups[0] if len(found.groups) == 1 else None
    hits = group.hits if group else ()
    if number > 1 and not hits:
        total = group.total if group else 0
        said = f"There is no page {number}: the list has {total} entries, {PAGE} a page."
        raise NotFound(Words(said, f"Side {number} finnes ikke: listen har {total} oppføringer, {PAGE} per side."))
    return Page(hits, (number - 1) * PAGE + 1, group.total, number) if group else None


def _as_json(lane: PageLane, text: str, found: Found) -> str:
    body = {
        "query": text[:LIMIT],
        "release": lane.release.id,
        "fit": found.fit,
        "opens": found.opens,
        "didYouMean": found.suggestion,
        "notHere": list(found.missing),
        "total": found.total,
        "kinds": dict(found.counts),
        "atLeast": bool(found.cut),
        "results": [dict(zip(COLUMNS, row, strict=True)) for row in _rows(lane, found)],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _as_csv(lane: PageLane, found: Found) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([defused(cell) for cell in row] for row in _rows(lane, found))
    return text.getvalue()


def _rows(lane: PageLane, found: Found) -> Iterator[tuple[str, ...]]:
    labels = Labels(lane, negotiation.language())
    for group in found.groups:
        for hit in group.hits:
            label = labels(hit.iri)
            yield (
                hit.kind,
                hit.iri,
                label.text,
                label.language,
                hit.field,
                _text(hit),
            )


def _text(hit: Hit) -> str:
    """Return the text in which a thing was found."""
    return "".join(part.text for part in hit.parts or hit.about)
