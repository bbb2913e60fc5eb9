"""What describes and hands over the whole: dataset description, releases and their files, sitemap, robots, health.

`/.well-known/void`: https://www.w3.org/TR/void/#well-known. Sitemap: https://www.sitemaps.org/protocol.html.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, jsonify, request

from msevidence.queries import load_questions
from msevidence.server import answers, description, errors, negotiation, release_files, sitemap_paths
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.index import index
from msevidence.server.releases import Release
from msevidence.server.store import lanes, pages

blueprint = Blueprint("dumps", __name__)

SUFFIXES = {format.suffix: format for format in RDF_FORMATS.values()}
ENDLESS = ("/sparql?", "/graph", "/search?")
XML = "application/xml"
SITEMAP_LIMIT = 50_000
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@blueprint.get("/.well-known/void")
def well_known_void() -> Response:
    """Lead to the description of the dataset."""
    return answers.see_other(f"../dataset{answers.in_language_asked()}")


@blueprint.get("/dataset")
def dataset() -> Response:
    """Return the DCAT and VoID description of the current release; lead a browser to the page of its graphs."""
    offered = [f.media_type for f in RDF_FORMATS.values()]
    if not request.args.getlist("format") and negotiation.prefers_html(offered):
        return answers.see_other(f"graphs{answers.in_language_asked()}")
    return description.dataset(negotiation.asked(RDF_FORMATS))


@blueprint.get(f"/dataset.<any({', '.join(SUFFIXES)}):suffix>")
def dataset_file(suffix: str) -> Response:
    """Return the same as a file."""
    return description.dataset(SUFFIXES[suffix])


@blueprint.get("/releases/", strict_slashes=False)
def all_releases() -> Response:
    """List the releases that are kept, the latest first: a page for a browser, JSON for others."""
    return release_files.listing()


@blueprint.get("/releases/<release_id>/", strict_slashes=False)
def one_release(release_id: str) -> Response:
    """Show one release with its files: the address that every export gives for its origin."""
    if whole := release_files.whole_id(release_id):
        up = "../" if request.path.endswith("/") else ""
        return answers.see_other(f"{up}{whole}/{answers.in_language_asked()}")
    return release_files.listing(release_id)


@blueprint.get("/releases/<release_id>/<path:name>")
def release_file(release_id: str, name: str) -> Response:
    """Return a file of a release."""
    if whole := release_files.whole_id(release_id):
        return answers.see_other(f"{'../' * (name.count('/') + 1)}{whole}/{quote(name)}")
    return release_files.file(release_id, name)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Name the sitemap, and spare crawlers what has no end (RFC 9309)."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ENDLESS),
        "",
        f"Sitemap: {description.site()}sitemap.xml",
    ]
    response = Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages of all resources and of the questions; an index of parts where one sitemap may not hold them."""
    lane = pages()
    root, base = description.site(), lane.release.base
    part = request.args.get("part", "")
    if part and not re.fullmatch(r"[1-9][0-9]{0,5}", part):
        said = f"part={part[:20]!r}"
        raise errors.BadRequest(
            errors.Words(f"{said}: parts are numbered from 1.", f"{said}: delene er nummerert fra 1.")
        )
    tag = answers.entity_tag(lane.release, "sitemap", root, part, negotiation.gzip_wanted())
    if (known := answers.known(tag, XML)) is not None:
        return known
    there = index(lane.release)
    things, questions = sitemap_paths.count(there, base), [f"queries/{key}" for key in sorted(load_questions())]
    total = things + len(questions)
    if total <= SITEMAP_LIMIT or part:
        start = (int(part) - 1) * SITEMAP_LIMIT if part else 0
        paths = sitemap_paths.paths(there, base, start, SITEMAP_LIMIT)
        after = max(0, start - things)
        paths += questions[after : after + SITEMAP_LIMIT - len(paths)]
        element, entries = "urlset", [root + quote(path) for path in paths]
        if not entries and part:
            said = f"The sitemap has no part {part}."
            raise errors.NotFound(errors.Words(said, f"Nettstedskartet har ingen del {part}."))
    else:
        count = -(-total // SITEMAP_LIMIT)
        element, entries = "sitemapindex", [f"{root}sitemap.xml?part={n}" for n in range(1, count + 1)]
    child = "url" if element == "urlset" else "sitemap"
    lines = [f"<{child}><loc>{escape(entry)}</loc></{child}>" for entry in entries]
    xml = '<?xml version="1.0" encoding="UTF-8"?>\n' + f'<{element} xmlns="{SITEMAPS}">\n'
    xml += "\n".join([*lines, f"</{element}>\n"])
    return answers.compressed(xml.encode(), XML, tag)


@blueprint.get("/health")
def health() -> tuple[Response, int]:
    """Tell whether the server answers, from which release, how busy it is, and what is wrong."""
    report: dict[str, Any] = {"status": "ok", "release": None, "lanes": {}, "warnings": []}
    warnings: list[str] = report["warnings"]
    for lane in lanes().all():
        try:
            release = lane.release()
        except errors.Problem as error:
            report["status"] = "unavailable"
            warnings.append(f"{lane.name}: {error.detail}")
            continue
        if lane.name == "sparql":
            report["release"] = _summary(release)
        running, waiting = lane.admission.load()
        report["lanes"][lane.name] = {"running": running, "waiting": waiting, "workers": lane.workers()}
        warnings += [f"{lane.name}: {said}" for said in (lane.warning, lane.damage) if said]
    if lanes().settings.store is not None:
        report["store"] = lanes().settings.store
    confinement = lanes().sparql.confinement
    if confinement is not None:
        report["confinement"] = {"landlock": confinement.landlock, "seccomp": confinement.seccomp}
        missing = confinement.warning()
        if missing:
            warnings.append(missing)
    if warnings and report["status"] == "ok":
        report["status"] = "degraded"
    response = jsonify(report)
    response.headers["Cache-Control"] = "no-store"
    return response, errors.Unavailable.status if report["status"] == "unavailable" else 200


def _summary(release: Release) -> dict[str, Any]:
    return {
        "id": release.id,
        "version": release.version,
        "built": release.built,
        "quads": release.quads,
    }
