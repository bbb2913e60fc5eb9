"""The page ``/results``: what documents print as results, drawn and as tables, with what stands against quoting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from msevidence.server import i18n, negotiation, results_plot, results_some
from msevidence.server.errors import BadRequest, Words
from msevidence.server.exhibit_page import FORMATS, MOST, answer
from msevidence.server.exhibits import Cell, Exhibits, Figure, Row, Table
from msevidence.server.labels import Labels
from msevidence.server.results_against import found_in
from msevidence.server.results_choice import FACETS, behind, chosen, options, short
from msevidence.server.results_model import Result
from msevidence.server.results_plot import Panel
from msevidence.server.results_read import results as all_results
from msevidence.server.results_read import too_many
from msevidence.server.results_some import Some
from msevidence.server.results_table import Maker, ordered
from msevidence.server.store import PageLane
from msevidence.server.stretch import FIRST, first_only

blueprint = Blueprint("results", __name__)

OWN = (*FACETS, "by", FIRST)
GROUPS = ("outcome", "study")
ALLOWED = {"harm": ("yes", "no"), "quote": ("doubtful",), "by": GROUPS}


@blueprint.get("/results")
@blueprint.get("/results.<any(json, csv, svg, ttl, jsonld):suffix>")
def results(suffix: str = "") -> Response:
    """Show the results that the address chooses, by outcome or by study."""
    format = negotiation.choose(FORMATS, suffix or request.args.get("format")).name
    return answer("results.html", partial(_exhibits, format), suffix, OWN)


def _asked() -> dict[str, str]:
    asked = {key: value for key in OWN if key != FIRST and (value := request.args.get(key, "").strip())}
    for key, allowed in ALLOWED.items():
        if key in asked and asked[key] not in allowed:
            said = f"{key} is one of: {', '.join(allowed)}."
            raise BadRequest(Words(said, f"{key} er en av: {', '.join(allowed)}."))
    return asked


def _exhibits(format: str, lane: PageLane, labels: Labels, language: str) -> Exhibits:
    first_only(results_some.ROOM)
    asked = _asked()
    by = asked.pop("by", GROUPS[0])
    maker = Maker(lane, labels, language)
    some = results_some.some(lane, asked, format) if too_many(lane) else None
    there = some.results if some else all_results(lane)
    facets = some.facets if some else options(there, asked)
    left_out = _left_out(maker, some) if some else ""
    found = chosen(there, asked)
    behind_it = {**asked, **some.iris} if some else asked

    def group(result: Result) -> str:
        iri = result.study if by == "study" else (result.outcomes or ("",))[0]
        return labels(iri).text if iri else ""

    shown = ordered(found[:MOST], group, labels)
    tables = _tables(maker, there, shown, behind_it, left_out)
    table = next((r for r in there if "in" in asked and short(r.table) == asked["in"]), None)
    if table:
        tables += found_in(maker, table.table, maker.of_table(table.table, table.document))
    return Exhibits(
        maker.text("results-title"),
        tables,
        _figures(maker, there, shown, behind_it),
        [result.iri for result in shown],
        {
            "facets": facets,
            "asked": asked,
            "by": by,
            "groups": {table.key: _grouped(table, by) for table in tables},
            "by_iri": {result.iri: result for result in shown},
            "documents_of": {result.table: result.document for result in there},
            "maker": maker,
            "total": len(found),
            "most": MOST,
            "left_out": left_out,
        },
        some.of_files if some else {},
        main=tables[0].key,
    )


def _left_out(maker: Maker, some: Some) -> str:
    """Say that results are left out, where they are."""
    figures = {"total": some.total, "shown": len(some.results)}
    said = {name: i18n.number(number, maker.language) for name, number in figures.items()}
    return "" if some.whole else maker.text("results-first", **said)


def _tables(
    maker: Maker, there: Sequence[Result], shown: Sequence[Result], asked: Mapping[str, str], left_out: str
) -> list[Table]:
    doubt = maker.text("results-note-doubt") if "quote" in asked else ""
    parts = (
        ("results", maker.text("results-table-main"), False, False, ""),
        ("harms", maker.text("results-table-harms"), True, False, ""),
        ("counts", maker.text("results-table-counts"), None, True, maker.text("results-note-counts")),
    )
    made = []
    for key, title, harm, counts, note in parts:
        of_part = [r for r in shown if r.counts_works == counts and harm in (None, r.harm)]
        if of_part or key == "results":
            bound = {"onCounts": ox.Literal(counts)} | ({} if harm is None else {"onHarm": ox.Literal(harm)})
            sparql = behind(there, asked, **bound)
            rows = [maker.row(result) for result in of_part]
            made.append(
                Table(key, title, maker.columns(), rows, " ".join(filter(None, (left_out, note, doubt))), sparql)
            )
    return made


def _grouped(table: Table, by: str) -> list[tuple[str, Cell | None, list[Row]]]:
    """Return the rows under the heads of their groups, which stand together already."""
    groups: list[tuple[str, Cell | None, list[Row]]] = []
    for row in table.rows:
        cells = row.get(by, ())
        head = cells if isinstance(cells, Cell) else (cells[0] if cells else None)
        key = head.iri if head else ""
        if not groups or groups[-1][0] != key:
            groups.append((key, head, []))
        groups[-1][2].append(row)
    return groups


def _figures(maker: Maker, there: Sequence[Result], shown: Sequence[Result], asked: Mapping[str, str]) -> list[Figure]:
    texts = {r.iri: (r.measure, " · ".join(maker.about(r)), maker.printed(r)) for r in shown}
    return [_figure(maker, panel, there, asked) for panel in results_plot.panels(shown, texts)]


def _figure(maker: Maker, panel: Panel, there: Sequence[Result], asked: Mapping[str, str]) -> Figure:
    unit = panel.marks[0].result.unit
    titles = {key: maker.text(f"results-panel-{key}") for key in ("changes", "shares", "ratios")}
    title = titles.get(panel.measure) or maker.text("results-panel-unit", unit=maker.labels(unit).text)
    if panel.harms:
        title = maker.text("results-figure-harms", title=title)
    description = i18n.counted("results-describe", len(panel.marks), maker.language)
    note = {key: maker.text(f"results-describe-{key}") for key in ("changes", "ratios")}.get(panel.measure, "")
    svg = render_template(
        "figure_results.svg",
        panel=panel,
        title=title,
        description=description,
        width=results_plot.WIDTH,
        top=results_plot.TOP,
        printed_at=results_plot.PRINTED,
        say={mark.result.iri: _said(maker, mark.result) for mark in panel.marks},
    )
    rows = [maker.row(mark.result) for mark in panel.marks]
    table = Table(f"{panel.key}-marks", maker.text("table-of", title=title), maker.columns(), rows)
    more: dict[str, ox.NamedNode | ox.Literal] = {
        "onUnit": ox.NamedNode(unit),
        "onHarm": ox.Literal(panel.harms),
        "onCounts": ox.Literal(False),
    }
    sparql = behind(there, asked, **more)
    return Figure(panel.key, title, description, Markup(svg), table, sparql, "results", note)


def _said(maker: Maker, result: Result) -> Mapping[str, Any]:
    row = maker.row(result)
    measure, words = row["measure"], row["words"]
    findings = row["findings"]
    verdicts = row["verdicts"]
    against = [*findings, *verdicts] if isinstance(findings, list) and isinstance(verdicts, list) else []
    if "-on-" in result.standing:
        against = [*row["findings_around"]]  # type: ignore[misc]
    if result.standing in ("disagrees", "other-measure"):
        stated = {verdict.iri for verdict in result.verdicts}
        first = [cell for cell, found in zip(findings, result.found, strict=True) if found.verdict in stated]  # type: ignore[arg-type]
        against = [*first, *verdicts]  # type: ignore[misc]
    printed = maker.printed(result)
    standing = maker.text(f"results-short-{result.standing}") if result.doubtful else ""
    return {
        "whole": ": ".join((result.measure, printed)) + "".join(f"; {part}" for part in maker.about(result)),
        "result": measure.href if isinstance(measure, Cell) else None,
        "passage": words.href if isinstance(words, Cell) else None,
        "to_passage": maker.text("results-to-passage", printed=printed),
        "standing": standing,
        "doubt": against[0].href if against else None,
        "to_doubt": maker.text("results-to-doubt", standing=standing, message=against[0].text if against else ""),
    }
