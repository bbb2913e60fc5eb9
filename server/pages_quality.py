"""The page ``/quality``: what SHACL said of the release, what the rules of the review looked at and found."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, url_for

from msevidence.server import exhibit_page, i18n, shape_texts
from msevidence.server.exhibits import Cell, Column, Exhibits, Row, Table, cell, figure
from msevidence.server.labels import Labels, query, short
from msevidence.server.pages_links import link, name, of
from msevidence.server.pages_vocabulary import address as term_address
from msevidence.server.store import PageLane
from msevidence.server.validation_read import Report, report
from msevidence.server.wire import Term

blueprint = Blueprint("quality", __name__)

Named = Callable[[str], Cell]


@blueprint.get("/quality")
@blueprint.get("/quality.<any(json, csv, svg, ttl, jsonld):suffix>")
def quality(suffix: str = "") -> Response:
    """Show how well the graph holds: validation, rules, findings, support and verdicts."""
    return exhibit_page.answer("quality.html", _make, suffix)


def _make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    def named(iri: str) -> Cell:
        return cell(link(lane, labels, iri))

    validated = report(lane.release)
    shapes = shape_texts.shapes(lane.release)
    support = lane.select(query("quality_support"))
    documents = dict.fromkeys(name(row["document"]) for row in support if "document" in row)
    tables = [
        _results(validated, named, language),
        _shape_table(shapes, language),
        _rules(lane, named, language),
        _findings(lane, named, language),
        _spread(support, "claims", "quality-support", named, language),
        _spread(support, "verdicts", "quality-verdicts", named, language),
    ]
    shown = {"validated": validated, "shape_count": len(shapes)}
    return Exhibits(i18n.text("nav-quality", language), tables, subjects=list(documents), shown=shown)


def _results(validated: Report, named: Named, language: str) -> Table:
    columns = (
        Column("thing", i18n.text("thing", language), iris=True),
        Column("path", i18n.text("property", language), iris=True),
        Column("shape", i18n.text("shape", language), iris=True),
        Column("severity", i18n.text("quality-severity", language)),
        Column("value", i18n.text("value", language)),
        Column("message", i18n.text("what-it-says", language)),
    )
    rows: list[Row] = []
    for one in validated.results:
        said = next((code for code in (language, "en", *one.messages) if code in one.messages), "")
        rows.append(
            {
                "thing": named(one.focus),
                "path": named(one.path) if one.path else (),
                "shape": Cell(short(one.shape), "", iri=one.shape),
                "severity": Cell(one.severity, "en"),
                "value": Cell(one.value, "") if one.value else (),
                "message": Cell(one.messages[said], said) if said else (),
            }
        )
    return Table("validation", i18n.text("quality-validation", language), columns, rows)


def _shape_table(shapes: tuple[shape_texts.Shape, ...], language: str) -> Table:
    columns = (
        Column("class", i18n.text("class", language), iris=True),
        Column("shapes", i18n.text("shapes", language)),
        Column("files", i18n.text("file", language)),
    )
    found: dict[str, list[shape_texts.Shape]] = {}
    for shape in shapes:
        for iri in shape.classes:
            found.setdefault(iri, []).append(shape)
    rows: list[Row] = [
        {
            "class": Cell(short(iri), "", term_address(iri) or None, iri),
            "shapes": figure(len(there)),
            "files": [Cell(file, "") for file in sorted({shape.file for shape in there})],
        }
        for iri, there in sorted(found.items())
    ]
    return Table("shapes", i18n.text("quality-shapes", language), columns, rows)


def _rules(lane: PageLane, named: Named, language: str) -> Table:
    asked = query("quality_rules")
    columns = (
        Column("rule", i18n.text("quality-rule", language), iris=True),
        Column("group", i18n.text("quality-group", language), iris=True),
        Column("document", i18n.text("quality-document", language), iris=True),
        Column("state", i18n.text("quality-state", language), iris=True),
        Column("checked", i18n.text("quality-checked", language)),
        Column("found", i18n.text("quality-found", language)),
    )
    rows: list[Row] = [
        {
            "rule": named(name(row["rule"])),
            "group": named(name(row["group"])) if "group" in row else (),
            "document": named(name(row["document"])),
            "state": named(name(row["state"])),
            "checked": figure(int(of(row, "checked"))),
            "found": figure(int(of(row, "found"))),
        }
        for row in lane.select(asked)
    ]
    return Table("rules", i18n.text("quality-rules", language), columns, rows, query=asked)


def _findings(lane: PageLane, named: Named, language: str) -> Table:
    asked = query("quality_findings")
    columns = (
        Column("kind", i18n.text("quality-kind", language), iris=True),
        Column("severity", i18n.text("quality-severity", language), iris=True),
        Column("document", i18n.text("quality-document", language), iris=True),
        Column("findings", i18n.text("findings", language)),
        Column("standing", i18n.text("quality-standing", language)),
    )
    rows: list[Row] = []
    for row in lane.select(asked):
        if "kind" not in row:
            continue
        key, kind = (name(row[part]).rpartition("/")[2] for part in ("document", "kind"))
        count = int(of(row, "findings"))
        aside = of(row, "aside") == "true"
        href = url_for("review.document", key=key, kind=kind)
        rows.append(
            {
                "kind": named(name(row["kind"])),
                "severity": named(name(row["severity"])),
                "document": named(name(row["document"])),
                "findings": Cell(i18n.number(count, language), None, href, number=count),
                "standing": Cell(i18n.text("standing-set-aside", language)) if aside else (),
            }
        )
    return Table("findings", i18n.text("findings", language), columns, rows, query=asked)


def _spread(rows: list[dict[str, Term]], about: str, title: str, named: Named, language: str) -> Table:
    columns = (
        Column("value", i18n.text(title, language), iris=True),
        Column("document", i18n.text("quality-document", language), iris=True),
        Column("things", i18n.text("quality-how-many", language)),
    )
    found: list[Row] = [
        {
            "value": named(of(row, "value")),
            "document": named(of(row, "document")),
            "things": figure(int(of(row, "things"))),
        }
        for row in rows
        if of(row, "about") == about
    ]
    return Table(about, i18n.text(title, language), columns, found, query=query("quality_support"))
