"""A decision: what was decided, by whom, when and on what grounds, as each document tells it, and what came after."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Row, Table
from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import MSE, name, of
from msevidence.server.pages_view import View
from msevidence.server.sections.facts import Fact, FactSections
from msevidence.server.sections.told import Cells, Told, parts, told
from msevidence.server.store import PageLane

HEADINGS = (
    *("telling", "document", "outcome", "body", "date", "printed-date", "grounds", "basis", "words", "note"),
    *("claims", "cited", "told-by", "decision"),
)
"""Of the columns and facts."""


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> FactSections:
    """Return what the page of a decision shows."""
    made = Cells(lane, labels, language, "decision", HEADINGS)
    tellings = told(lane, "told_of_decision", "decision", view.iri)
    own = next((one for one in tellings if one.iri == view.iri), Told(view.iri))
    own_first = sorted(tellings, key=lambda one: one.iri != view.iri)
    claims = parts(lane.select(query("decision_claims"), {"decision": ox.NamedNode(view.iri)}))
    key = next((value.text.text for value in view.values(MSE + "decisionKey")), "")
    dates = [date for one in tellings for date in one.texts("date")]
    tables = [_tellings(made, own_first), _stated(made, own_first, claims), *_others(made, key, dates)]
    return FactSections("told.html", tables, facts=_facts(made, own, view))


def _facts(made: Cells, own: Told, view: View) -> list[Fact]:
    def fact(heading: str, values: Sequence[Cell]) -> Fact:
        return (made.column(heading, heading).heading, values)

    facts = [
        fact("decision", [Cell(view.heading.text, view.heading.language)]),
        fact("words", made.quoted(own)),
        fact("outcome", made.links(own.texts("decisionOutcome"))),
        fact("body", made.links(own.texts("decidedBy"))),
        fact("date", made.dates(own)),
        fact("printed-date", made.printed_dates(own)),
        fact("grounds", made.quoted(own, "grounds")),
        fact("basis", made.links(own.texts("basedOn"))),
        fact("document", made.links(own.texts("inDocument"))),
    ]
    notes = _notes(own)
    return [*facts, fact("note", notes)] if notes else facts


def _notes(one: Told) -> list[Cell]:
    return [Cell(n.value, n.language or "") for n in one.values.get(MSE + "note", ()) if isinstance(n, ox.Literal)]


def _tellings(made: Cells, tellings: Sequence[Told]) -> Table:
    columns = (
        made.column("telling", "telling", iris=True),
        made.column("document", "document", iris=True),
        made.column("words", "words", iris=True),
        made.column("outcome", "outcome", iris=True),
        made.column("body", "body", iris=True),
        made.column("date", "date"),
        made.column("printed_date", "printed-date"),
        made.column("grounds", "grounds"),
        made.column("based_on", "basis", iris=True),
    )
    rows: list[Row] = [
        {
            "telling": made.link(one.iri),
            "document": made.documents(one),
            "words": made.quoted(one),
            "outcome": made.links(one.texts("decisionOutcome")),
            "body": made.links(one.texts("decidedBy")),
            "date": made.dates(one),
            "printed_date": made.printed_dates(one),
            "grounds": made.quoted(one, "grounds"),
            "based_on": made.links(one.texts("basedOn")),
        }
        for one in tellings
    ]
    note = i18n.text("decision-tellings-note", made.language)
    return Table("tellings", i18n.text("decision-tellings", made.language), columns, rows, note)


def _stated(made: Cells, tellings: Sequence[Told], claims: dict[str, dict[str, list[str]]]) -> Table:
    columns = (
        made.column("document", "document", iris=True),
        made.column("claims", "claims", iris=True),
        made.column("cited", "cited", iris=True),
        made.column("told_by", "told-by", iris=True),
    )
    rows: list[Row] = [
        {
            "document": made.documents(one),
            "claims": made.links(claims[one.iri].get("claim", [])),
            "cited": made.links(claims[one.iri].get("cited", [])),
            "told_by": made.links(claims[one.iri].get("person", [])),
        }
        for one in tellings
        if one.iri in claims
    ]
    note = i18n.text("decision-stated-note", made.language)
    return Table("stated", i18n.text("decision-stated", made.language), columns, rows, note)


def _others(made: Cells, key: str, dates: Sequence[str]) -> list[Table]:
    """Return the decisions that are later than this one, and those of which no order is known."""
    columns = (
        made.column("decision", "decision", iris=True),
        made.column("document", "document", iris=True),
        made.column("date", "date"),
    )
    later: list[Row] = []
    undated: list[Row] = []
    short = document_names(made.lane)
    for row in made.lane.select(query("decision_dates")):
        if "telling" not in row or of(row, "key") == key:
            continue
        document = of(row, "document")
        shown: Row = {
            "decision": made.link(name(row["telling"])),
            "document": made.named(document, short.get(document, document)) if document else (),
            "date": Cell(of(row, "date")) if "date" in row else (),
        }
        order = is_later(of(row, "date"), min(dates, default=""))
        if order:
            later.append(shown)
        elif order is None:
            undated.append(shown)
    found = [Table("later", i18n.text("decision-later", made.language), columns, later)] if later or dates else []
    if undated:
        note = i18n.text("decision-undated-note", made.language)
        found.append(Table("undated", i18n.text("decision-undated", made.language), columns, undated, note))
    return found


def is_later(date: str, than: str) -> bool | None:
    """Say whether a date is later than another, as far as both are known; None where that is not known.

    >>> is_later("2016-03", "2016"), is_later("2017", "2016-03"), is_later("", "2016"), is_later("2015", "2016-03")
    (None, True, None, False)
    """
    length = min(len(date), len(than))
    if not length or date[:length] == than[:length]:
        return False if date and date == than else None
    return date[:length] > than[:length]
