"""What was found in a table of a document: what stands against quoting its numbers, and the notes."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from msevidence.server.binding import with_values
from msevidence.server.exhibits import Cell, Table
from msevidence.server.labels import query
from msevidence.server.pages_links import name, of
from msevidence.server.results_model import GRAVE
from msevidence.server.results_table import Maker, review
from msevidence.server.review_model import SEVERITIES


def found_in(maker: Maker, table: str, called: str) -> list[Table]:
    """Return what was found in a table of a document, also where no result stands: what is grave, then the notes."""
    bound = {"table": ox.NamedNode(table)}
    rows: dict[str, dict[str, Any]] = {}
    graveness: dict[str, int] = {}
    for found in maker.lane.select(query("results_table"), bound):
        if "finding" not in found:
            continue
        iri, severity = name(found["finding"]), of(found, "severity").rpartition("/")[2]
        graveness[iri] = SEVERITIES.index(severity)
        href = review(of(found, "document"), iri) or maker.named(iri).href
        row = rows.setdefault(
            iri,
            {
                "finding": Cell(of(found, maker.language), None, href, iri),
                "severity": Cell(maker.text(f"severity-{severity}"), iri=of(found, "severity")),
                "kind": maker.named(of(found, "kind")),
                "words": [],
            },
        )
        passage = maker.named(name(found["passage"]))
        row["words"].append(Cell(of(found, "text"), of(found, "language"), passage.href, passage.iri))
    columns = maker.columns(("finding", "severity", "kind", "words"))
    ranked = sorted(rows, key=lambda iri: (graveness[iri], iri))
    grave = [rows[iri] for iri in ranked if SEVERITIES[graveness[iri]] in GRAVE]
    notes = [rows[iri] for iri in ranked if SEVERITIES[graveness[iri]] not in GRAVE]
    note, sparql = maker.text("results-note-found"), with_values(query("results_table"), bound)
    return [
        Table("against", maker.text("results-table-against", table=called), columns, grave, note, sparql),
        Table("noted", maker.text("results-table-noted", table=called), columns, notes, note, sparql),
    ]
