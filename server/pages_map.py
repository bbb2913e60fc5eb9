"""The page ``/map``: the evidence map with its filters and tables."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from msevidence.server import (
    exhibit_page,
    filters,
    i18n,
    map_rows,
    negotiation,
    studies_counted,
    studies_first,
    studies_told,
    study_filters,
    study_profile,
)
from msevidence.server.evidence_map import figure, grid, schemes
from msevidence.server.exhibits import Exhibits
from msevidence.server.filters import NONE
from msevidence.server.labels import Labels
from msevidence.server.map_reasons import reasons
from msevidence.server.map_tables import Tables
from msevidence.server.pages_links import link
from msevidence.server.store import PageLane
from msevidence.server.stretch import FIRST, first_only

blueprint = Blueprint("map", __name__)
BEFORE = ("transplantation", "ms-type")
"""Of more studies than a map can show, those go first of which it is stated where they stand."""
FILTERS = ("transplantation", "ms-type", "design", "status", "results", "document")


@blueprint.get("/map")
@blueprint.get("/map.<any(json, csv, svg, ttl, jsonld):suffix>")
def evidence_map(suffix: str = "") -> Response:
    """Show which kinds of transplantation were studied in which types of MS."""
    format = negotiation.choose(exhibit_page.FORMATS, suffix or request.args.get("format")).name
    return exhibit_page.answer("map.html", partial(_exhibits, format), suffix, own=(*FILTERS, FIRST))


def _exhibits(format: str, lane: PageLane, labels: Labels, language: str) -> Exhibits:
    first_only(studies_first.MOST)
    told = studies_told.told(lane)
    first = None
    if len(told) > studies_first.MOST:
        first = studies_first.first(lane, labels, language, frozenset(told), FILTERS, format, BEFORE)
    studies = study_profile.read(lane, first.studies if first else told)
    whole = [p for p in studies.values() if p.whole not in (frozenset(told) if first else studies)]
    whole.sort(key=lambda p: (not p.values("transplantation"), labels(p.study).text.casefold()))
    choices = [] if first else study_filters.filters(whole, labels, language, FILTERS)
    chosen = first.chosen if first else filters.chosen(choices, whole)
    kept = filters.kept(whole, choices, {} if first else chosen)
    note = first.said if first else ""
    placed = grid(whole, kept, schemes(lane, labels), chosen)
    tables = Tables(lane, labels, language)
    table = replace(tables.studies(kept), note=note)

    def href(kind: str, results: str) -> str:
        more = {k: v for k, v in {"transplantation": _key(kind), "results": results}.items() if v}
        return url_for("map.evidence_map", **cast(dict[str, Any], {**chosen, **more}))

    rows = [row for row in placed.rows if row != NONE]
    rows += [NONE] if any(p.values("msType") and not p.values("transplantation") for p in kept) else []
    unplaced = url_for("map.evidence_map", _anchor="unplaced") if chosen else "#unplaced"
    why = reasons(lane, labels, [p.study for p in placed.unplaced])
    drawn = figure(lane, labels, language, placed, table, note=note) if placed.placed else None
    return Exhibits(
        title=i18n.text("map-title", language),
        tables=[tables.results(kept, rows, href)] if drawn else [table],
        figures=[drawn] if drawn else [],
        subjects=[p.study for p in kept],
        kept=first.of_files if first else {},
        shown={
            "filters": first.filters if first else filters.shown(whole, choices, chosen),
            "chosen": chosen,
            "total": first.total if first else len(whole),
            "left": len(kept),
            "counted_studies": first.words
            if first
            else studies_counted.sentence(
                studies_counted.sorts(studies, studies_told.others(lane, told)), unplaced, language
            ),
            "unplaced": [(link(lane, labels, study), ways) for study, ways in why.items()],
            "as_rows": map_rows.studies,
            "stacked": map_rows.stacked,
            "language": language,
            "unused": [link(lane, labels, concept) for concept in placed.unused],
            "documents": study_filters.documents(lane, labels, kept),
        },
    )


def _key(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]
