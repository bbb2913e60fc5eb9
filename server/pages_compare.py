"""The page ``/compare``: documents side by side, as a whole and study by study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyoxigraph as ox
from flask import Blueprint, Response, request

from msevidence.server import compare_some
from msevidence.server.binding import with_values
from msevidence.server.compare_model import Disagreement
from msevidence.server.compare_read import Facts, facts, text
from msevidence.server.compare_rows import Comparer, Line
from msevidence.server.errors import NotFound, Words
from msevidence.server.exhibit_page import answer
from msevidence.server.exhibits import Cell, Column, Exhibits, Row, Table
from msevidence.server.labels import Labels
from msevidence.server.results_choice import short
from msevidence.server.results_read import results as all_results
from msevidence.server.results_read import too_many
from msevidence.server.results_some import of_studies
from msevidence.server.store import PageLane

blueprint = Blueprint("compare", __name__)

OWN = ("document", "study")
WHOLE = 12
"""Studies up to which all that the documents share are shown in full; of more, only their names."""


@blueprint.get("/compare")
@blueprint.get("/compare.<any(json, csv, svg, ttl, jsonld):suffix>")
def compare(suffix: str = "") -> Response:
    """Lay the documents that the address names side by side, all of them where it names none."""
    return answer("compare.html", _exhibits, suffix, OWN, several=("document",))


def _exhibits(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    many = compare_some.chosen(lane)
    there = facts(lane, many.chosen, many.offered) if many else facts(lane)
    chosen = list(many.chosen) if many else _documents(there)
    comparer = Comparer(lane, labels, language, there, chosen)
    study = _study(there)
    shared = [s for s in there.studies if len(there.speaking(s, chosen)) > 1]
    alone = [s for s in there.studies if len(there.speaking(s, chosen)) == 1]
    shared.sort(key=lambda iri: labels(iri).text.casefold())
    alone.sort(key=lambda iri: labels(iri).text.casefold())
    full = [study] if study else shared if len(shared) <= WHOLE else []
    of_all = [s for s in there.studies if s == study or len(there.speaking(s, list(there.languages))) > 1]
    lines: dict[str, list[Line]] = {}
    tables: list[Table] = []
    parts: dict[str, Table] = {}
    if not study:
        lines["documents"] = comparer.of_documents()
        sparql = text("compare_documents")
        tables.append(comparer.table("documents", comparer.text("compare-whole"), lines["documents"], sparql))
        tables.append(_references(comparer))
        tables.append(studies := _studies(comparer, [*shared, *alone]))
        # On the page what only one document speaks of is folded away, and in the files it stands below.
        parts = {
            "speaking": replace(studies, rows=studies.rows[: len(shared)]),
            "one_speaking": replace(
                studies, key="one-speaking", title=comparer.text("compare-alone"), rows=studies.rows[len(shared) :]
            ),
        }
    results = of_studies(lane, full) if too_many(lane) else all_results(lane)
    for iri in full:
        key = f"study-{short(iri)}"
        lines[key] = comparer.of_study(iri, [r for r in results if r.study == iri])
        sparql = with_values(text("compare_studies"), {"study": ox.NamedNode(iri)})
        note = comparer.text("compare-results-note")
        tables.append(comparer.table(key, labels(iri).text, lines[key], sparql, note))
    tables.append(_disagreements(comparer, study, full))
    title = comparer.text("compare-title-study", study=labels(study).text) if study else comparer.text("compare-title")
    return Exhibits(
        title,
        tables,
        subjects=[*chosen, *full],
        shown={
            "comparer": comparer,
            "lines": lines,
            "one_only": [line for line in lines.get("documents", ()) if _speaking(line, chosen) < 2],
            "chosen": chosen,
            "some": compare_some.said(many, language) if many else "",
            "every": list(there.languages),
            "study": study,
            "full": [(f"study-{short(iri)}", iri) for iri in full],
            "shared": shared,
            "alone": alone,
            **parts,
            "options": sorted(of_all or there.studies, key=lambda iri: labels(iri).text.casefold()),
            "short": short,
        },
    )


def _documents(there: Facts) -> list[str]:
    asked = [value.strip().rpartition("/")[2] for value in request.args.getlist("document") if value.strip()]
    by_key = {short(iri): iri for iri in there.languages}
    for key in asked:
        if key not in by_key:
            raise NotFound(
                Words(f"There is no document {key[:100]!r}.", f"Det finnes ikke noe dokument {key[:100]!r}.")
            )
    return [iri for key, iri in by_key.items() if not asked or key in asked]


def _study(there: Facts) -> str:
    key = request.args.get("study", "").strip().rpartition("/")[2]
    found = next((iri for iri in there.studies if short(iri) == key), "") if key else ""
    if key and not found:
        said = f"No document says anything of a study {key[:100]!r}."
        raise NotFound(Words(said, f"Ingen dokumenter sier noe om en studie {key[:100]!r}."))
    return found


def _speaking(line: Line, documents: Sequence[str]) -> int:
    """Return how many documents say anything in a line."""
    return sum(bool(line.row.get(short(document))) for document in documents)


def _references(comparer: Comparer) -> Table:
    """Return the publications that two or more of the documents lead to, with their numbers."""
    rows: list[Row] = []
    for publication, by_document in comparer.facts.references.items():
        if sum(document in by_document for document in comparer.documents) < 2:
            continue
        row: dict[str, Cell | Sequence[Cell]] = {"publication": comparer.named(publication)}
        for document in comparer.documents:
            row[short(document)] = [
                Cell(
                    (f"{comparer.text('compare-number', number=number)}, " if number else "")
                    + comparer.text(f"compare-how-{how}")
                )
                for number, how in by_document.get(document, ())
            ]
        rows.append(row)
    columns = [Column("publication", comparer.text("compare-column-publication"), iris=True), *comparer.columns()[1:-2]]
    note = comparer.text("compare-references-note")
    title = comparer.text("compare-references")
    rows.sort(key=lambda row: row["publication"].text.casefold() if isinstance(row["publication"], Cell) else "")
    return Table("references", title, columns, rows, note, text("compare_references"))


def _studies(comparer: Comparer, studies: Sequence[str]) -> Table:
    """Return which document speaks of which study."""
    yes, no = comparer.text("yes"), comparer.text("no")
    rows: list[Row] = []
    for study in studies:
        speaking = comparer.facts.speaking(study, comparer.documents)
        said: Row = {short(d): Cell(yes if d in speaking else no) for d in comparer.documents}
        rows.append({"study": comparer.named(study), **said})
    columns = [Column("study", comparer.text("compare-column-study"), iris=True), *comparer.columns()[1:-2]]
    plain = [columns[0], *(Column(c.key, c.heading) for c in columns[1:])]
    return Table("studies", comparer.text("compare-studies"), plain, rows, "", text("compare_studies"))


def _disagreements(comparer: Comparer, study: str, full: Sequence[str]) -> Table:
    """Return every recorded disagreement that the page is about, both sides as they stand."""
    found = [one for iri in ([study] if study else ["", *full]) for one in comparer.recorded(iri)]
    keys = ("field", "study", "first", "kind", "second", "first_says", "second_says", "verdict", "found_by")
    columns = [Column(key, comparer.text(f"compare-column-{key}"), iris=key != "field") for key in keys]
    title = comparer.text("compare-disagreements")
    rows = [_disagreement(comparer, one) for one in found]
    return Table("disagreements", title, columns, rows, "", text("compare_disagreements"))


def _disagreement(comparer: Comparer, one: Disagreement) -> Row:
    return {
        "field": Cell(one.field.of(comparer.language)),
        "study": comparer.named(one.study) if one.study else (),
        "first": comparer.document(one.first.document),
        "kind": comparer.named(one.kind),
        "second": comparer.document(one.second.document),
        "first_says": comparer.side(one.first),
        "second_says": comparer.side(one.second),
        "verdict": comparer.verdict(one),
        "found_by": comparer.named(one.found_by) if one.found_by else (),
    }
