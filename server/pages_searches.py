"""The page ``/searches``: the literature searches of the documents, and their hits against the printed sums."""

from __future__ import annotations

from flask import Blueprint, Response

from msevidence.server import exhibit_page, i18n
from msevidence.server.exhibits import Exhibits, cells
from msevidence.server.labels import Labels
from msevidence.server.search_tables import SearchTables
from msevidence.server.store import PageLane

blueprint = Blueprint("searches", __name__)


@blueprint.get("/searches")
@blueprint.get(f"/searches.<any({exhibit_page.SUFFIXES}):suffix>")
def searches(suffix: str = "") -> Response:
    """Show the searches of all documents."""
    return exhibit_page.answer("searches.html", _all, suffix)


def _all(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    made = SearchTables(lane, labels, language)
    found = made.searches()
    subjects = [one.iri for row in found.rows for one in cells(row, "search")]
    tables = [found, made.totals(), made.lines()] if found.rows else []
    return Exhibits(i18n.text("searches-title", language), tables, subjects=subjects)
