"""The page ``/quality``: what SHACL said of the release, what the rules of the review looked at and found.

What is told of each document is told of some documents at a time, where there are many; what there is over all of them
is then told from the index, which the build made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, request, url_for

from msevidence.server import exhibit_page, i18n, negotiation, shape_texts
from msevidence.server.binding import among
from msevidence.server.concept_uses import list_address
from msevidence.server.exhibits import Cell, Column, Exhibits, Row, Table, cell, figure
from msevidence.server.facets import Facets, Having
from msevidence.server.labels import Labels, query, short
from msevidence.server.pages_links import MSE, link, name, of
from msevidence.server.pages_vocabulary import address as term_address
from msevidence.server.store import PageLane
from msevidence.server.stretch import Stretch, note, stretch
from msevidence.server.validation_read import Report, report
from msevidence.server.wire import Term

blueprint = Blueprint("quality", __name__)

SIZE = 20
"""Documents on a page: each has a row for each of the rules, of which there are 45."""
FILE = 100
"""Documents that one file holds."""
RESULTS = 500
"""Results of validation on a page; the report and the table as CSV have them all."""
WITHOUT_DOCUMENTS = ("validation", "shapes", "over-all")
"""Tables that are the same whichever documents are told of."""
OVER_ALL = (("Finding", "finding-kind"), ("Finding", "severity"), ("Claim", "support"), ("Claim", "claim-verdict"))
"""Facets of the index that tell what there is over all documents: class and name."""

Named = Callable[[str], Cell]


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents that the page tells of."""

    iris: Sequence[str]
    part: Stretch

    def asked(self, name: str) -> str:
        """Return a query about them: as it is stored where they are all that there are."""
        return query(name) if self.part.whole else among(query(name), self.iris, "document")

    def note(self, language: str) -> str:
        """Say which they are, where there are others."""
        return note(self.part, "quality-part", language)


@blueprint.get("/quality")
@blueprint.get("/quality.<any(json, csv, svg, ttl, jsonld):suffix>")
def quality(suffix: str = "") -> Response:
    """Show how well the graph holds: validation, rules, findings, support and verdicts."""
    format = negotiation.choose(exhibit_page.FORMATS, suffix or request.args.get("format")).name
    return exhibit_page.answer("quality.html", partial(_make, format), suffix, own=("page",))


def _make(format: str, lane: PageLane, labels: Labels, language: str) -> Exhibits:
    def named(iri: str) -> Cell:
        return cell(link(lane, labels, iri))

    validated = report(lane.release)
    shapes = shape_texts.shapes(lane.release)
    facets = Facets(lane.release, language)
    of_all = format == "csv" and request.args.get("table") in WITHOUT_DOCUMENTS
    part = stretch(facets.count(MSE + "Document"), "html" if of_all else format, SIZE, FILE)
    there = Documents(facets.by_key(MSE + "Document", part.start, part.size), part)
    support = lane.select(there.asked("quality_support"))
    tables = [
        _results(validated, None if format == "csv" else RESULTS, named, language),
        _shape_table(shapes, language),
        *([] if part.whole else [_over_all(facets, named, language)]),
        _rules(lane, there, named, language),
        _findings(lane, there, named, language),
        _spread(support, there, "claims", "quality-support", named, language),
        _spread(support, there, "verdicts", "quality-verdicts", named, language),
    ]
    shown = {"validated": validated, "shape_count": len(shapes), "page": part}
    title = i18n.text("nav-quality", language)
    return Exhibits(title, tables, subjects=there.iris, shown=shown, kept=part.of_files)


def _results(validated: Report, most: int | None, named: Named, language: str) -> Table:
    columns = (
        Column("thing", i18n.text("thing", language), iris=True),
        Column("path", i18n.text("property", language), iris=True),
        Column("shape", i18n.text("shape", language), iris=True),
        Column("severity", i18n.text("quality-severity", language)),
        Column("value", i18n.text("value", language)),
        Column("message", i18n.text("what-it-says", language)),
    )
    rows: list[Row] = []
    for one in validated.results[:most]:
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
    total = len(validated.results)
    figures = {"shown": i18n.number(len(rows), language), "total": i18n.number(total, language)}
    left_out = i18n.text("quality-results-left-out", language, **figures) if len(rows) < total else ""
    return Table("validation", i18n.text("quality-validation", language), columns, rows, left_out)


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


def _over_all(facets: Facets, named: Named, language: str) -> Table:
    columns = (
        Column("class", i18n.text("quality-of", language), iris=True),
        Column("by", i18n.text("quality-by", language)),
        Column("value", i18n.text("value", language), iris=True),
        Column("things", i18n.text("quality-how-many", language)),
    )
    rows: list[Row] = []
    for local, facet in OVER_ALL:
        counts = facets.all_counts(MSE + local, facet)
        for value, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
            href = list_address(facets, Having(MSE + local, facet, value, count))
            rows.append(
                {
                    "class": named(MSE + local),
                    "by": Cell(facets.of_class(MSE + local)[facet]),
                    "value": named(value) if value else Cell(i18n.text("list-not-stated", language)),
                    "things": Cell(i18n.number(count, language), None, href, number=count),
                }
            )
    return Table("over-all", i18n.text("quality-over-all", language), columns, rows)


def _rules(lane: PageLane, there: Documents, named: Named, language: str) -> Table:
    asked = there.asked("quality_rules")
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
    return Table("rules", i18n.text("quality-rules", language), columns, rows, there.note(language), asked)


def _findings(lane: PageLane, there: Documents, named: Named, language: str) -> Table:
    asked = there.asked("quality_findings")
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
    return Table("findings", i18n.text("findings", language), columns, rows, there.note(language), asked)


def _spread(
    rows: list[dict[str, Term]], there: Documents, about: str, title: str, named: Named, language: str
) -> Table:
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
    asked = there.asked("quality_support")
    return Table(about, i18n.text(title, language), columns, found, there.note(language), asked)
