"""A person: roles in documents, affiliations, interests and what they touch, publications, self-citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Row, Table
from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import name, of
from msevidence.server.pages_view import View
from msevidence.server.sections import interests
from msevidence.server.sections.facts import Fact, FactSections
from msevidence.server.sections.told import Cells, Told, parts, told
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

HEADINGS = (
    *("role", "affiliation", "words", "document", "date", "interest", "person", "declared", "concerns", "spoken-of"),
    *("findings", "publication", "published", "cites-own", "authors"),
)
"""Of the columns."""


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> FactSections:
    """Return what the page of a person shows."""
    made = Cells(lane, labels, language, "person", HEADINGS)
    bound = {"person": ox.NamedNode(view.iri)}
    found = told(lane, "told_of_person", "person", view.iri)
    roles = [one for one in found if one.is_a("Role")]
    declared = [one for one in found if one.is_a("InterestDeclaration")]
    communications = [one for one in found if one.is_a("PersonalCommunication")]
    paths = parts(lane.select(query("interest_path"), bound)) if declared else {}
    works = _works(made, lane.select(query("person_works"), bound))
    documents = dict.fromkeys(iri for one in found for iri in one.texts("inDocument"))
    affiliations = dict.fromkeys(iri for one in roles for iri in one.texts("affiliation"))
    facts: list[Fact] = [
        (i18n.text("person-name", language), [Cell(view.heading.text, view.heading.language)]),
        (i18n.text("person-affiliations", language), made.links(list(affiliations))),
        (i18n.text("person-documents", language), made.links(list(documents))),
    ]
    tables = [_roles(made, roles), interests.table(made, declared, paths, person=False), works]
    tables += [_told(made, communications)] if communications else []
    return FactSections("told.html", tables, facts=facts)


def _roles(made: Cells, roles: Sequence[Told]) -> Table:
    columns = (
        made.column("role", "role", iris=True),
        made.column("affiliation", "affiliation", iris=True),
        made.column("words", "words", iris=True),
        made.column("document", "document", iris=True),
    )
    rows: list[Row] = [
        {
            "role": made.links(one.texts("roleKind")) or made.links([one.iri]),
            "affiliation": made.links(one.texts("affiliation")),
            "words": made.quoted(one),
            "document": made.documents(one),
        }
        for one in roles
    ]
    return Table("roles", i18n.text("person-roles", made.language), columns, rows)


def _told(made: Cells, communications: Sequence[Told]) -> Table:
    columns = (
        made.column("words", "words", iris=True),
        made.column("date", "date"),
        made.column("document", "document", iris=True),
    )
    rows: list[Row] = [
        {"words": made.quoted(one), "date": made.dates(one), "document": made.documents(one)} for one in communications
    ]
    return Table("communications", i18n.text("person-communications", made.language), columns, rows)


def _works(made: Cells, rows: Sequence[Mapping[str, Term]]) -> Table:
    """Return the publications that name the person as author, with the own works that each is found to cite."""
    columns = (
        made.column("publication", "publication", iris=True),
        made.column("published", "published"),
        made.column("cites_own", "cites-own", iris=True),
        made.column("authors", "authors"),
        made.column("findings", "findings", iris=True),
    )
    works: dict[str, dict[str, dict[str, Cell]]] = {}
    for row in rows:
        if "work" not in row:
            continue
        work = works.setdefault(name(row["work"]), {})
        work.setdefault("publication", {})[name(row["work"])] = made.link(name(row["work"]))
        for key, variable in (("published", "date"), ("authors", "author")):
            if variable in row:
                work.setdefault(key, {})[of(row, variable)] = Cell(of(row, variable), "" if key == "authors" else None)
        for key, variable in (("cites_own", "cited"), ("findings", "finding")):
            if variable in row:
                work.setdefault(key, {})[name(row[variable])] = made.link(name(row[variable]))
    found: list[Row] = [{key: tuple(cells.values()) for key, cells in work.items()} for work in works.values()]
    note = i18n.text("person-works-note", made.language)
    return Table("publications", i18n.text("person-works", made.language), columns, found, note)
