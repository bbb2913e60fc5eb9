"""The page ``/browse``: every class of the graph; and ``/browse/<class>``: the list of its things, with facets."""

from __future__ import annotations

from flask import Blueprint, Response

from msevidence.server import browse_classes, browse_list, exhibit_page, i18n
from msevidence.server.exhibits import Cell, Column, Exhibits, Table, figure, words
from msevidence.server.facets import Facets
from msevidence.server.labels import Labels
from msevidence.server.store import PageLane

blueprint = Blueprint("browse", __name__)

_CSL = ".csl"


@blueprint.get("/browse")
@blueprint.get("/browse.<any(json, csv, svg, ttl, jsonld):suffix>")
def browse(suffix: str = "") -> Response:
    """Show every class, with how many things are of it and what it is."""
    return exhibit_page.answer("browse.html", _classes, suffix)


@blueprint.get("/browse/<key>")
@blueprint.get('/browse/<key>.<any(json, csv, svg, ttl, jsonld, ris, bib, "csl.json"):suffix>')
def things(key: str, suffix: str = "") -> Response:
    """List the things of a class."""
    if suffix == "json" and key.endswith(_CSL):  # the longest key goes before the longest suffix in a route
        key, suffix = key.removesuffix(_CSL), "csl.json"
    return browse_list.answer(key, suffix)


def _classes(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    groups = browse_classes.grouped(Facets(lane.release, language), lane, language)
    columns = (
        Column("class", i18n.text("browse-class", language), iris=True),
        Column("count", i18n.text("browse-count", language)),
        Column("definition", i18n.text("browse-definition", language)),
    )
    tables = []
    for group, classes in groups.items():
        rows = [
            {
                "class": Cell(one.label.text, one.label.language, browse_classes.address(one.key), one.iri),
                "count": figure(one.count, i18n.number(one.count, language)),
                **({"definition": words(one.definition)} if one.definition else {}),
            }
            for one in classes
        ]
        tables.append(Table(group, i18n.text(f"browse-{group}", language), columns, rows))
    return Exhibits(
        i18n.text("browse-title", language), tables, subjects=[one.iri for g in groups.values() for one in g]
    )
