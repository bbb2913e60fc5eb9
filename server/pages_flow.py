"""The page ``/flow``: the flow diagrams of the documents, and of one document with its lists at ``/flow/<its key>``."""

from __future__ import annotations

import pyoxigraph as ox
from flask import Blueprint, Response, url_for

from msevidence.server import exhibit_page, flow_figure, i18n, resources
from msevidence.server.binding import with_values
from msevidence.server.exhibits import Exhibits, Figure
from msevidence.server.flow_checks import AGREES, DIFFERS, Check, checks
from msevidence.server.flow_read import Diagram, FlowBox, diagrams
from msevidence.server.flow_tables import Tables, leads_to, number_of
from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import link, resource_url
from msevidence.server.store import PageLane

blueprint = Blueprint("flow", __name__)

MOST = 12
"""Diagrams that are drawn on one page; each takes some 10 kB."""


@blueprint.get("/flow")
@blueprint.get(f"/flow.<any({exhibit_page.SUFFIXES}):suffix>")
def flow(suffix: str = "") -> Response:
    """Show the diagrams of all documents."""
    return exhibit_page.answer("flow.html", _all, suffix)


@blueprint.get("/flow/<key>")
@blueprint.get(f"/flow/<key>.<any({exhibit_page.SUFFIXES}):suffix>")
def of_document(key: str, suffix: str = "") -> Response:
    """Show the diagram of one document, with the lists that its boxes lead to."""

    def make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
        return _one(lane, labels, language, resources.find(lane, f"document/{key}"))

    return exhibit_page.answer("flow.html", make, suffix)


def _all(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    found = [(diagram, checks(diagram, language)) for diagram in diagrams(lane, language)]
    tables = Tables(lane, labels, language)
    figures = [_figure(lane, labels, tables, *one, language, alone=False) for one in found[:MOST]]
    cut = i18n.text("flow-cut", language, shown=MOST, total=len(found)) if len(found) > MOST else ""
    shown = {"empty": not found, "cut": cut, "keys": [diagram.key for diagram, _ in found[:MOST]], "key": ""}
    title = i18n.text("flow-title", language)
    return Exhibits(title, [tables.documents(found)], figures, [diagram.document for diagram, _ in found], shown)


def _one(lane: PageLane, labels: Labels, language: str, document: str) -> Exhibits:
    title = i18n.text("flow-of", language, document=labels(document).text)
    shown = {"empty": False, "cut": "", "keys": [], "key": document.rpartition("/")[2]}
    shown["document"] = link(lane, labels, document)
    found = diagrams(lane, language, document)
    if not found:
        return Exhibits(title, subjects=[document], shown=shown)
    (diagram,) = found
    made, tables = checks(diagram, language), Tables(lane, labels, language)
    figure = _figure(lane, labels, tables, diagram, made, language, alone=True)
    lists = [tables.reasons(diagram), tables.included(diagram), tables.listed(diagram)]
    subjects = [document, *(box.iri for box in diagram.boxes)]
    subjects += [one.iri for box in diagram.boxes for one in (*box.reasons, *box.further)]
    return Exhibits(title, [table for table in lists if table.rows], [figure], subjects, shown)


def _figure(
    lane: PageLane, labels: Labels, tables: Tables, diagram: Diagram, made: list[Check], language: str, *, alone: bool
) -> Figure:
    key = "flow" if alone else f"flow-{diagram.key}"
    title = i18n.text("flow-of", language, document=labels(diagram.document).text)
    figures = {"boxes": len(diagram.boxes), "agrees": number_of(made, AGREES), "differs": number_of(made, DIFFERS)}
    description = i18n.text("flow-described", language, **figures)

    def href(box: FlowBox) -> str:
        """Return where a box leads: its list, the searches, or itself."""
        if box.part == "source" and diagram.searches:
            return url_for("searches.searches", _anchor="searches")
        place = leads_to(diagram, box.iri)
        if place:
            return f"#{place}" if alone else url_for("flow.of_document", key=diagram.key, _anchor=place)
        local = link(lane, labels, box.iri)
        return resource_url(local.href or "") if not local.outside else box.iri

    drawing = flow_figure.svg(diagram, made, href, language, title, description)
    behind = with_values(query("flow_boxes"), {"document": ox.NamedNode(diagram.document)})
    table = tables.boxes(diagram, made, "boxes" if alone else f"boxes-{diagram.key}", behind)
    return Figure(key, title, description, drawing, table, behind, style="flow")
