"""A page of exhibits in every form: HTML, CSV, JSON, SVG of a figure, and the things it is about as Turtle and JSON-LD.

A page is a function that makes :class:`exhibits.Exhibits`; everything else is the same for all: what the client gets,
the entity tag (a 304 costs no query), parameters that do not exist, the citation, the links to the other forms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources as files
from typing import Any, cast

import pyoxigraph as ox
from flask import Response, render_template, request, url_for

from msevidence.server import answers, cut, description, exhibits, negotiation, rdf_written, resources
from msevidence.server.binding import among
from msevidence.server.errors import BadRequest, NotFound, ResultTooLarge, Words
from msevidence.server.exhibits import Exhibits, Figure
from msevidence.server.formats import RDF_FORMATS, Format
from msevidence.server.labels import Labels, query
from msevidence.server.page_reader import OFFERED
from msevidence.server.store import PageLane, pages

VARY = "Accept, Accept-Language"
SVG = "image/svg+xml"
FORMATS: Mapping[str, Format[Any]] = {
    **OFFERED,
    "svg": Format("svg", SVG, cast(Any, None), "svg"),
}
SUFFIXES = "json, csv, svg, ttl, jsonld"
"""For the routes: ``/map.<any(json, csv, svg, ttl, jsonld):suffix>``."""
FILES = {"ttl": "Turtle", "jsonld": "JSON-LD", "json": "JSON", "csv": "CSV"}
"""What every page can be had as, beside HTML: suffix → name."""
MOST = 1_000
"""Things that one page describes as RDF: each takes about a millisecond of queries."""
AT_ONCE = 200
"""Of them, those that one query asks for: a store elsewhere takes longer to be asked than to answer for one."""
SHARED = ("lang", "format", "table", "figure")
"""Parameters of every page."""

Make = Callable[[PageLane, Labels, str], Exhibits]
"""Given a worker, names, and the reader's language: what the page shows."""


@dataclass(frozen=True, slots=True)
class More:
    """Formats that not every page has."""

    formats: Mapping[str, Format[Any]]
    write: Callable[[str, PageLane, Labels, str, Exhibits], str]
    """Given the name of one of them, a worker, names, the reader's language, and what the page shows."""
    file_name: Callable[[str], str]
    """Given the name of one of them: what a program that keeps the answer calls the file."""


def answer(
    template: str,
    make: Make,
    suffix: str = "",
    own: Sequence[str] = (),
    more: More | None = None,
    several: Collection[str] = (),
) -> Response:
    """Answer at the address of a page.

    Args:
        template: of the HTML; it extends ``exhibit.html`` and has ``exhibits`` and what ``exhibits.shown`` holds.
        make: makes the page; raises a Problem where the address asks for what is not there.
        suffix: of the address, empty where `Accept` or ``?format=`` is to say.
        own: names of the page's parameters; any other is refused.
        more: further formats of this page.
        several: those of its own parameters of which all values count; of the others it is the first.

    Raises:
        BadRequest: a parameter is none of this page.
        NotFound: the page has no such table or figure.
        NotAcceptable: the format is not offered.
    """
    offered = {**FORMATS, **more.formats} if more else FORMATS
    format = negotiation.choose(offered, suffix or request.args.get("format"))
    _refuse_others((*own, *SHARED))
    lane, language = pages(), negotiation.language()
    content_type = answers.PAGE_TYPE if format.name == "html" else format.content_type
    address = (description.site(), request.path, answers.arguments(), language)
    tag = answers.entity_tag(lane.release, "exhibit", format.name, *address, negotiation.gzip_wanted())
    response = answers.known(tag, content_type, vary=VARY)
    if response is None:
        labels = Labels(lane, language)
        found = make(lane, labels, language)
        if more and format.name in more.formats:
            body = more.write(format.name, lane, labels, language, found).encode()
            cut.refuse()
        else:
            body = _written(format.name, template, found, lane, _kept(own, several))
        response = answers.compressed(body, content_type, tag, vary=VARY)
    if more and format.name in more.formats:
        response.headers["Content-Disposition"] = f'attachment; filename="{more.file_name(format.name)}"'
    if format.name == "svg":
        # A saved figure brings its style along.
        response.headers["Content-Security-Policy"] = f"{answers.POLICY}; style-src 'unsafe-inline'"
    return response


def _kept(own: Sequence[str], several: Collection[str]) -> dict[str, list[str]]:
    """Return what the links of the page to its other forms keep: the values that count, each once."""
    asked = {name: request.args.getlist(name)[: None if name in several else 1] for name in own}
    kept = {name: [value for value in dict.fromkeys(values) if value] for name, values in asked.items()}
    return {name: values for name, values in kept.items() if values}


def _written(format: str, template: str, found: Exhibits, lane: PageLane, kept: Mapping[str, list[str]]) -> bytes:
    def address(suffix: str = "", **more: Any) -> str:
        """Return the address of this page in another form, with its parameters."""
        view = dict(request.view_args or {})
        if suffix:
            view["suffix"] = suffix
        else:
            view.pop("suffix", None)
        of_files = found.kept if suffix else {}
        return url_for(request.endpoint or "", **{**view, **of_files, **kept, **more})

    if format == "html":
        shown = {"address": address, "kept": kept, **found.shown}
        html = render_template(template, release=lane.release, exhibits=found, page_title=found.title, **shown)
        return answers.allowed_in_html(html).encode()
    cut.refuse()
    if format == "csv":
        table = None if request.args.get("table") else found.csv_table
        return exhibits.as_csv(table or only("table", found.all_tables)).encode()
    if format == "json":
        site = description.site().rstrip("/")
        path = address(lang=None).removeprefix(request.script_root)
        return exhibits.as_json(found, release=lane.release.id, address=site + path).encode()
    if format == "svg":
        return standalone(only("figure", found.figures)).encode()
    return described(lane, found.subjects, RDF_FORMATS[format])


def described(lane: PageLane, subjects: Sequence[str], format: Format[ox.RdfFormat]) -> bytes:
    """Write what the graph says of each of these things, sorted; the triples that they share stand once.

    Raises:
        ResultTooLarge: they are more than MOST.
    """
    once = list(dict.fromkeys(subjects))
    if len(once) > MOST:
        said = f"The page is about {len(once)} things; {MOST} can be described at once."
        raise ResultTooLarge(MOST, Words(said, f"Siden handler om {len(once)} ting; {MOST} kan beskrives på én gang."))
    triples: set[ox.Triple] = set()
    for start in range(0, len(once), AT_ONCE):
        triples.update(lane.construct(among(query("said_of"), once[start : start + AT_ONCE], "resource")))
    prefixes = resources.WRITTEN if format.name == "turtle" else None
    return rdf_written.written(triples, format.engine, prefixes)


def standalone(figure: Figure) -> str:
    """Return a figure as a file of its own, with its style, which follows the reader's light or dark."""
    names = ("figures", figure.style) if figure.style else ("figures",)
    style = "\n".join(_stylesheet(name) for name in names)
    svg = answers.allowed_in_html(str(figure.svg)).strip()  # what HTML may not hold, XML may not either
    head, _, rest = svg.partition(">")
    if "xmlns=" not in head:
        head = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}><style>{style}</style>{rest}\n'


@cache
def _stylesheet(name: str) -> str:
    return (files.files(__package__) / "static" / f"{name}.css").read_text(encoding="utf-8").replace("<", "")


def only(kind: str, things: Sequence[Any]) -> Any:
    """Return the table or figure that the address names, or the first where it names none.

    Raises:
        NotFound: there is none of that name, or none at all.
    """
    asked = request.args.get(kind, "")
    for thing in things:
        if asked in ("", thing.key):
            return thing
    there = ", ".join(thing.key for thing in things) or "-"
    said = f"This page has no {kind} {asked[:60]!r}; it has: {there}."
    raise NotFound(Words(said, f"Siden har ingen {kind} {asked[:60]!r}, bare: {there}."))


def _refuse_others(known: Sequence[str]) -> None:
    others = [name for name in request.args if name not in known]
    if others:
        said = f"There is no parameter {others[0][:100]!r} here; there are: {', '.join(known)}."
        raise BadRequest(Words(said, f"Det finnes ingen parameter {others[0][:100]!r} her, bare: {', '.join(known)}."))
