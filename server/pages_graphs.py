"""The page ``/graphs``: the named graphs of the release, what each was made from, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from flask import Blueprint, Response, request

from msevidence.server import exhibit_page, i18n, negotiation
from msevidence.server.exhibits import Cell, Column, Exhibits, Row, Table, cell, figure
from msevidence.server.labels import Labels
from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import link, name, of
from msevidence.server.store import PageLane
from msevidence.server.stretch import note, stretch

blueprint = Blueprint("graphs", __name__)

SIZE = 100
"""Graphs on a page: each document has two, and a release may have thousands of documents."""
FILE = 300
"""Graphs that one file holds: with what they were made from, they are as many things as one answer describes."""


@dataclass(slots=True)
class Made:
    """What a graph was made from and by."""

    files: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    """File → path, SHA-256, date and rights, each empty where it is not known."""
    loaders: dict[str, str] = field(default_factory=dict)
    """Activity → loader and version."""


@blueprint.get("/graphs")
@blueprint.get("/graphs.<any(json, csv, svg, ttl, jsonld):suffix>")
def graphs(suffix: str = "") -> Response:
    """List the named graphs and the files that they were made from."""
    format = negotiation.choose(exhibit_page.FORMATS, suffix or request.args.get("format")).name
    return exhibit_page.answer("graphs.html", partial(_make, format), suffix, own=("page",))


def _make(format: str, lane: PageLane, labels: Labels, language: str) -> Exhibits:
    part = stretch(len(lane.release.graphs), format, SIZE, FILE)
    made = _made(lane, sorted(lane.release.graphs)[part.start : part.last])
    subjects = [*made, *dict.fromkeys(file for one in made.values() for file in one.files)]
    tables = [
        _graph_table(lane, labels, made, note(part, "graphs-part", language), language),
        _file_table(lane, labels, made, note(part, "graphs-part-files", language), language),
    ]
    title = i18n.text("nav-graphs", language)
    return Exhibits(title, tables, subjects=subjects, shown={"page": part}, kept=part.of_files)


def _made(lane: PageLane, graphs: Sequence[str]) -> dict[str, Made]:
    found = {graph: Made() for graph in graphs}
    for row in rows_of(lane, "graphs_from", graphs):
        one = found[name(row["item"])]
        if "file" in row:
            path, sha256, issued, rights = (of(row, part) for part in ("path", "sha256", "issued", "rights"))
            one.files.setdefault(name(row["file"]), (path, sha256, issued, rights))
        else:
            loader = " ".join(filter(None, (of(row, "loader"), of(row, "version"))))
            one.loaders.setdefault(name(row["activity"]), loader)
    return found


def _graph_table(lane: PageLane, labels: Labels, made: dict[str, Made], note: str, language: str) -> Table:
    columns = (
        Column("graph", i18n.text("graph", language), iris=True),
        Column("statements", i18n.text("statements", language)),
        Column("loader", i18n.text("loader", language)),
        Column("files", i18n.text("source-files", language)),
    )
    rows: list[Row] = []
    for iri, one in made.items():
        count = lane.release.graphs[iri]
        rows.append(
            {
                "graph": cell(link(lane, labels, iri)),
                "statements": figure(count, i18n.number(count, language)),
                "loader": [Cell(said or labels(activity).text, "") for activity, said in one.loaders.items()],
                "files": figure(len(one.files)),
            }
        )
    return Table("graphs", i18n.text("graphs", language), columns, rows, note)


def _file_table(lane: PageLane, labels: Labels, made: dict[str, Made], note: str, language: str) -> Table:
    columns = (
        Column("file", i18n.text("file", language), iris=True),
        Column("dated", i18n.text("date-of-file", language)),
        Column("sha256", i18n.text("sha256", language)),
        Column("graph", i18n.text("graph", language), iris=True),
        Column("rights", i18n.text("rights", language)),
    )
    into: dict[str, list[str]] = {}
    facts: dict[str, tuple[str, str, str, str]] = {}
    for graph, one in made.items():
        for file, said in one.files.items():
            into.setdefault(file, []).append(graph)
            facts[file] = said
    rows: list[Row] = []
    for file, (path, sha256, issued, rights) in sorted(facts.items(), key=lambda item: item[1]):
        rows.append(
            {
                "file": Cell(path or labels(file).text, "", cell(link(lane, labels, file)).href, file),
                "dated": Cell(issued, "") if issued else (),
                "sha256": Cell(sha256, "") if sha256 else (),
                "graph": [cell(link(lane, labels, graph)) for graph in into[file]],
                "rights": Cell(rights, "") if rights else (),
            }
        )
    return Table("files", i18n.text("source-files", language), columns, rows, note)
