"""The page ``/searches``: the literature searches of the documents, and their hits against the printed sums."""

from __future__ import annotations

from flask import Blueprint, Response

from msevidence.server import exhibit_page
from msevidence.server.exhibits import Exhibits
from msevidence.server.labels import Labels
from msevidence.server.store import PageLane

blueprint = Blueprint("searches", __name__)


@blueprint.get("/searches")
@blueprint.get(f"/searches.<any({exhibit_page.SUFFIXES}):suffix>")
def searches(suffix: str = "") -> Response:
    """Show the searches of all documents."""
    return exhibit_page.answer("exhibit.html", _all, suffix)


def _all(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    return Exhibits("Searches")
