"""An organisation: its kind, people, interests, decisions, commissions, publications, and the studies that it runs."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Row, Table, cell
from msevidence.server.labels import PREFIXES, Labels, query
from msevidence.server.pages_links import DCTERMS, MSE, name, of
from msevidence.server.pages_view import View
from msevidence.server.sections import interests, person
from msevidence.server.sections.facts import Fact, FactSections
from msevidence.server.sections.told import Cells, Told, told
from msevidence.server.store import PageLane

HEADINGS = (
    *("person", "role", "words", "document", "decision", "outcome", "date", "printed-date", "commission", "by", "to"),
    *("publication", "kind", "published", "study", "registration", "sponsor"),
)
"""Of the columns."""


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> FactSections:
    """Return what the page of an organisation shows."""
    made = Cells(lane, labels, language, "organisation", HEADINGS)
    found = told(lane, "told_of_organisation", "organisation", view.iri)
    by = {local: [one for one in found if MSE + local in one.by] for local in ("affiliation", "decidedBy", "ledBy")}
    declared = [one for one in found if MSE + "organisation" in one.by and one.is_a("InterestDeclaration")]
    commissions = [one for one in found if one.by & {MSE + "commissionedBy", MSE + "commissionedTo"}]
    published = [one for one in found if DCTERMS + "publisher" in one.by]
    of_person = Cells(lane, labels, language, "person", person.HEADINGS)
    tables = [
        _people(made, by["affiliation"]),
        interests.table(of_person, declared, {}, person=True),
        _decisions(made, by["decidedBy"]),
        _commissions(made, commissions),
        _publications(made, published),
        _studies(made, by["ledBy"]),
        _sponsored(made, view.iri),
    ]
    shown = [table for table in tables if table.rows]
    return FactSections("told.html", shown, facts=_facts(view, language))


def _facts(view: View, language: str) -> list[Fact]:
    names = view.values(PREFIXES["foaf"] + "name"), view.values(PREFIXES["skos"] + "altLabel")
    facts: list[Fact] = [
        (i18n.text("organisation-name", language), [cell(one) for one in names[0]]),
        (i18n.text("organisation-kind", language), [cell(one) for one in view.values(MSE + "organisationKind")]),
    ]
    if names[1]:
        facts.append((i18n.text("organisation-other-names", language), [cell(one) for one in names[1]]))
    return facts


def _people(made: Cells, roles: Sequence[Told]) -> Table:
    columns = (
        made.column("person", "person", iris=True),
        made.column("role", "role", iris=True),
        made.column("words", "words", iris=True),
        made.column("document", "document", iris=True),
    )
    rows: list[Row] = [
        {
            "person": made.links(one.texts("person")),
            "role": made.links(one.texts("roleKind")),
            "words": made.quoted(one),
            "document": made.documents(one),
        }
        for one in roles
    ]
    return Table("people", i18n.text("organisation-people", made.language), columns, rows)


def _decisions(made: Cells, decisions: Sequence[Told]) -> Table:
    columns = (
        made.column("decision", "decision", iris=True),
        made.column("outcome", "outcome", iris=True),
        made.column("date", "date"),
        made.column("printed_date", "printed-date"),
        made.column("words", "words", iris=True),
        made.column("document", "document", iris=True),
    )
    rows: list[Row] = [
        {
            "decision": made.link(one.iri),
            "outcome": made.links(one.texts("decisionOutcome")),
            "date": made.dates(one),
            "printed_date": made.printed_dates(one),
            "words": made.quoted(one),
            "document": made.documents(one),
        }
        for one in decisions
    ]
    return Table("decisions", i18n.text("organisation-decisions", made.language), columns, rows)


def _commissions(made: Cells, commissions: Sequence[Told]) -> Table:
    columns = (
        made.column("commission", "commission", iris=True),
        made.column("by", "by", iris=True),
        made.column("to", "to", iris=True),
        made.column("date", "date"),
        made.column("printed_date", "printed-date"),
        made.column("words", "words", iris=True),
    )
    rows: list[Row] = [
        {
            "commission": made.documents(one) or made.link(one.iri),
            "by": made.links(one.texts("commissionedBy")),
            "to": made.links(one.texts("commissionedTo")),
            "date": made.dates(one),
            "printed_date": made.printed_dates(one),
            "words": made.quoted(one),
        }
        for one in commissions
    ]
    return Table("commissions", i18n.text("organisation-commissions", made.language), columns, rows)


def _publications(made: Cells, published: Sequence[Told]) -> Table:
    columns = (
        made.column("publication", "publication", iris=True),
        made.column("kind", "kind", iris=True),
        made.column("published", "published"),
    )
    rows: list[Row] = [
        {
            "publication": made.link(one.iri),
            "kind": made.links(one.texts("publicationKind")),
            "published": [Cell(text) for text in one.texts("published")],
        }
        for one in published
    ]
    return Table("publications", i18n.text("organisation-publications", made.language), columns, rows)


def _studies(made: Cells, descriptions: Sequence[Told]) -> Table:
    columns = (
        made.column("study", "study", iris=True),
        made.column("words", "words", iris=True),
        made.column("document", "document", iris=True),
    )
    rows: list[Row] = [
        {
            "study": made.links(one.texts("describes")),
            "words": made.quoted(one),
            "document": made.documents(one),
        }
        for one in descriptions
    ]
    return Table("studies", i18n.text("organisation-studies", made.language), columns, rows)


def _sponsored(made: Cells, iri: str) -> Table:
    columns = (
        made.column("registration", "registration", iris=True),
        made.column("sponsor", "sponsor"),
        made.column("study", "study", iris=True),
    )
    found: dict[str, dict[str, dict[str, Cell]]] = {}
    for row in made.lane.select(query("sponsored"), {"organisation": ox.NamedNode(iri)}):
        if "registration" not in row:
            continue
        one = found.setdefault(name(row["registration"]), {})
        one.setdefault("registration", {})[""] = made.link(name(row["registration"]))
        one.setdefault("sponsor", {})[of(row, "sponsor")] = Cell(of(row, "sponsor"), "")
        if "study" in row:
            one.setdefault("study", {})[name(row["study"])] = made.link(name(row["study"]))
    rows: list[Row] = [{key: tuple(cells.values()) for key, cells in one.items()} for one in found.values()]
    note = i18n.text("organisation-sponsored-note", made.language)
    return Table("sponsored", i18n.text("organisation-sponsored", made.language), columns, rows, note)
