"""The home page: the question, the figures, what is new in this release, and where to start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from msevidence.ontology.counted import COUNTED
from msevidence.server import description, documents_listed, i18n, jsonld, news, pages_lists
from msevidence.server.browse_asked import tokens_of
from msevidence.server.exhibits import Cell, Column, Exhibits, Table, cell, figure
from msevidence.server.facets import Facets
from msevidence.server.labels import Labels
from msevidence.server.pages_links import Value, link
from msevidence.server.review_model import SEVERITIES
from msevidence.server.store import PageLane, lanes

FIRST = ("documents", "studies", "registrations", "publications", "claims", "results", "findings")
"""What is counted on the page; the rest is folded under it."""
LISTS = ("documents", "studies", "publications", "claims", "registrations")
SHELF = 50
"""Documents that the page names; where there are more, it says so, and leads to all of them."""
TASKS: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("trials", "map.evidence_map", {}),
    ("waiting", "timeline.timeline", {}),
    ("effects", "results.results", {}),
    ("supported", "pages.search", {}),
    ("wrong", "review.overview", {}),
    ("count", "count.count", {}),
    ("compare", "compare.compare", {}),
    ("searches", "searches.searches", {}),
    ("manager", "pages.listing", {"name": "studies", "status": "ongoing"}),
    ("handover", "export.overview", {}),
    ("questions", "queries.queries", {}),
)
"""What people come for: name of its texts (``task-…``), endpoint and values."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document with what stands beside its title."""

    value: Value
    key: str
    issued: str
    findings: dict[str, int]


def make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    """Return what the home page shows and hands out."""
    counts = pages_lists.counts(lane)
    title, about = i18n.text("site-title", language), i18n.text("about", language)
    documents, total = documents_listed.first(lane, SHELF)
    there = [
        Document(
            link(lane, labels, iri),
            iri.rpartition("/")[2],
            one["issued"],
            {severity: int(one.get(severity) or 0) for severity in SEVERITIES},
        )
        for iri, one in documents.items()
    ]
    earlier = news.before(lanes().home, lane.release)
    new = news.news(lane.release, earlier) if earlier else None
    judged = Facets(lane.release, "en").all_counts(str(COUNTED["findings"]), "judged")
    shown = {
        "counts": counts,
        "set_aside": sum(count for iri, count in judged.items() if iri.endswith("/set-aside")),
        "lists": LISTS,
        "first": FIRST,
        "documents": there,
        "documents_total": total,
        "severities": SEVERITIES,
        "news": new,
        "graph_of": lambda iri: link(lane, labels, iri),
        "tasks": [task for task in TASKS if task[1] in current_app.view_functions and _is_there(task[2], lane)],
        "jsonld": jsonld.dataset(lane.release, title, about, description.site()),
    }
    dataset = lane.release.base + "dataset/msevidence"
    subjects = [dataset, f"{lane.release.base}release/{lane.release.id}"]
    tables = [_counts(counts, language), _documents(there, language)]
    return Exhibits(title, tables, subjects=subjects, shown=shown)


def _is_there(values: dict[str, Any], lane: PageLane) -> bool:
    """Tell whether a list has what a task asks it for: an address with a value that there is not is refused."""
    if "status" not in values:
        return True
    counted = Facets(lane.release, "en").all_counts(str(COUNTED[values["name"]]), "status-as-reported")
    return values["status"] in tokens_of(counted).values()


def _counts(counts: dict[str, int], language: str) -> Table:
    columns = (
        Column("kind", i18n.text("what-is-here", language), iris=True),
        Column("count", i18n.text("how-many", language)),
    )
    rows = [
        {"kind": Cell(i18n.text(kind, language), iri=str(COUNTED[kind])), "count": figure(count)}
        for kind, count in counts.items()
    ]
    return Table("counts", i18n.text("what-is-here", language), columns, rows)


def _documents(there: Sequence[Document], language: str) -> Table:
    columns = (
        Column("document", i18n.text("documents", language), iris=True),
        Column("issued", i18n.text("issued", language)),
        *(Column(severity, i18n.text(f"severity-{severity}", language)) for severity in SEVERITIES),
    )
    rows = [
        {
            "document": cell(one.value),
            "issued": Cell(one.issued) if one.issued else (),
            **{severity: figure(count) for severity, count in one.findings.items()},
        }
        for one in there
    ]
    return Table("documents", i18n.text("documents", language), columns, rows)
