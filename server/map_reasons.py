"""Why studies that stand nowhere on the evidence map are in the graph: in which ways documents speak of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from msevidence.server import studies_told
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, cell
from msevidence.server.labels import Labels
from msevidence.server.pages_links import link, of
from msevidence.server.store import PageLane

WAYS = ("described", "number", "cited", "listed", "named", "interest", "link")
"""From the most telling to the least; their words are texts of the interface, ``map-reason-<way>``."""


def reasons(lane: PageLane, labels: Labels, studies: Sequence[str]) -> Mapping[str, Mapping[str, Sequence[Cell]]]:
    """Return study → way → the documents; one that no document speaks of has none, only its record."""
    if not studies:
        return {}
    found: dict[str, dict[str, list[Cell]]] = {study: {} for study in studies}
    rows = {(of(r, "study"), of(r, "way"), of(r, "by")) for r in studies_told.rows(lane, "map_reasons", studies)}
    names = document_names(lane)
    for study, way, by in sorted(rows, key=lambda row: (row[0], WAYS.index(row[1]), row[2])):
        shown = cell(link(lane, labels, by))
        found[study].setdefault(way, []).append(replace(shown, text=names.get(by, shown.text), language=None))
    return found
