"""The page ``/graphs``: the named graphs of the release, what each was made from, and by what."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, Response

from msevidence.server import exhibit_page, i18n
from msevidence.server.exhibits import Cell, Column, Exhibits, Row, Table, cell, figure
from msevidence.server.labels import Labels
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import link, name, of
from msevidence.server.store import PageLane

blueprint = Blueprint("graphs", __name__)


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
    return exhibit_page.answer("graphs.html", _make, suffix)


def _make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    made = _made(lane)
    subjects = [*lane.release.graphs, *dict.fromkeys(file for one in made.values() for file in one.files)]
    tables = [_graph_table(lane, labels, made, language), _file_table(lane, labels, made, language)]
    return Exhibits(i18n.text("nav-graphs", language), tables, subjects=subjects)


def _made(lane: PageLane) -> dict[str, Made]:
    found = {graph: Made() for graph in lane.release.graphs}
    for row in KeptReader(lane).rows("graphs_from"):
        one = found.get(name(row["graph"]))
        if one is None:  # a resource that is no graph has its sources on its own page
            continue
        if "file" in row:
            path, sha256, issued, rights = (of(row, part) for part in ("path", "sha256", "issued", "rights"))
            one.files.setdefault(name(row["file"]), (path, sha256, issued, rights))
        else:
            loader = " ".join(filter(None, (of(row, "loader"), of(row, "version"))))
            one.loaders.setdefault(name(row["activity"]), loader)
    return found


def _graph_table(lane: PageLane, labels: Labels, made: dict[str, Made], language: str) -> Table:
    columns = (
        Column("graph", i18n.text("graph", language), iris=True),
        Column("statements", i18n.text("statements", language)),
        Column("loader", i18n.text("loader", language)),
        Column("files", i18n.text("source-files", language)),
    )
    rows: list[Row] = []
    for iri, count in sorted(lane.release.graphs.items()):
        rows.append(
            {
                "graph": cell(link(lane, labels, iri)),
                "statements": figure(count, i18n.number(count, language)),
                "loader": [Cell(said or labels(activity).text, "") for activity, said in made[iri].loaders.items()],
                "files": figure(len(made[iri].files)),
            }
        )
    return Table("graphs", i18n.text("graphs", language), columns, rows)


def _file_table(lane: PageLane, labels: Labels, made: dict[str, Made], language: str) -> Table:
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
    return Table("files", i18n.text("source-files", language), columns, rows)
