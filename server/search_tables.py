"""Tables of literature searches (PRISMA-S, https://doi.org/10.1186/s13643-020-01542-z): searches, lines, sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from msevidence.loaders.review.arithmetic.search_hits import WITHOUT_DUPLICATES
from msevidence.server import i18n
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Row, Table, cell, figure
from msevidence.server.flow_read import Diagram, Hits, read_searches
from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import link, name, of
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

HEADINGS = (
    *("document", "search", "purpose", "date", "printed-date", "limits", "interfaces", "hits", "printed-hits"),
    *("amends", "line", "label", "string", "total", "printed", "computed", "from", "agrees", "findings"),
)
"""Of the columns."""
MOST_LINES = 2_000
"""Lines on one page: the limit of ``search_lines.rq``."""


class SearchTables:
    """Makes the tables of searches in the reader's language."""

    def __init__(self, lane: PageLane, labels: Labels, language: str) -> None:
        self._lane, self._labels, self._language = lane, labels, language

    def _column(self, key: str, heading: str, iris: bool = False) -> Column:
        assert heading in HEADINGS
        return Column(key, i18n.text(f"searches-{heading}", self._language), iris)

    def _link(self, iri: str) -> Cell:
        return cell(link(self._lane, self._labels, iri))

    def _document(self, iri: str) -> Cell:
        """Return a document by its short name."""
        there = self._link(iri)
        short = document_names(self._lane).get(iri) or there.text
        return Cell(short, None, there.href, iri, outside=there.outside)

    def _text(self, name: str, **values: object) -> str:
        return i18n.text(name, self._language, **values)

    def searches(self) -> Table:
        """Return the searches of all documents, one row each."""
        columns = (
            self._column("search", "search", iris=True),
            self._column("document", "document", iris=True),
            self._column("purpose", "purpose", iris=True),
            self._column("date", "date"),
            self._column("printed_date", "printed-date"),
            self._column("limits", "limits"),
            self._column("interfaces", "interfaces"),
            self._column("hits", "hits"),
            self._column("printed_hits", "printed-hits"),
            self._column("changes", "amends", iris=True),
        )
        found: dict[str, dict[str, dict[str, Cell]]] = {}
        for row in self._lane.select(query("searches")):
            if "search" in row:
                self._collect(found.setdefault(name(row["search"]), {}), row)
        rows: list[Row] = [{key: tuple(cells.values()) for key, cells in one.items()} for one in found.values()]
        return Table("searches", self._text("searches-table"), columns, rows, query=query("searches"))

    def _collect(self, found: dict[str, dict[str, Cell]], row: Mapping[str, Term]) -> None:
        """Add the values of a row of ``searches.rq`` to those of its search."""
        language = of(row, "language")
        iri = name(row["search"])
        there = self._link(iri)
        source = of(row, "source") or there.text
        found.setdefault("search", {})[iri] = Cell(source, "", there.href, iri, outside=there.outside)
        found.setdefault("document", {})[""] = self._document(name(row["document"]))
        for key, variable in (("purpose", "purpose"), ("changes", "amends")):
            if variable in row:
                found.setdefault(key, {})[name(row[variable])] = self._link(name(row[variable]))
        for key, variable in (("limits", "limit"), ("interfaces", "interface"), ("printed_hits", "printedHits")):
            if variable in row:
                found.setdefault(key, {})[of(row, variable)] = Cell(of(row, variable), language)
        if "date" in row:
            found.setdefault("date", {})[of(row, "date")] = Cell(of(row, "date"))
        if "printedDate" in row:
            found.setdefault("printed_date", {})[of(row, "printedDate")] = Cell(of(row, "printedDate"), language)
        number = _number(row, "hits", self._language)
        if isinstance(number, Cell):
            found.setdefault("hits", {})[number.text] = number

    def lines(self, search: str = "") -> Table:
        """Return the strings of all searches line by line, or of one."""
        bound: Mapping[str, Term] = {"search": ox.NamedNode(search)} if search else {}
        columns = [
            *(() if search else (self._column("search", "search", iris=True),)),
            self._column("line", "line", iris=True),
            self._column("label", "label"),
            self._column("string", "string", iris=True),
            self._column("hits", "hits"),
        ]
        rows: list[Row] = []
        found = [row for row in self._lane.select(query("search_lines"), bound) if "line" in row]
        for row in found:
            language = of(row, "language")
            passage = self._link(name(row["passage"])) if "passage" in row else Cell("")
            string = Cell(of(row, "text"), language, passage.href, passage.iri, outside=passage.outside)
            one: dict[str, Cell | Sequence[Cell]] = {
                "line": Cell(of(row, "position"), iri=name(row["line"])),
                "label": Cell(of(row, "label"), language) if "label" in row else (),
                "string": string if string.text else (),
                "hits": _number(row, "hits", self._language),
            }
            if not search:
                one["search"] = self._link(name(row["search"]))
            rows.append(one)
        printed = any("hits" in row for row in found)
        notes = [] if printed or not rows else [self._text("searches-no-line-hits")]
        if len(rows) >= MOST_LINES:
            notes.append(self._text("searches-cut", most=MOST_LINES))
        title = self._text("searches-lines")
        return Table("lines", title, columns, rows, " ".join(notes), query("search_lines") if not search else "")

    def totals(self, document: str = "") -> Table:
        """Return the sums of hits that documents print, each against the sum of the searches."""
        columns = (
            self._column("total", "total", iris=True),
            self._column("document", "document", iris=True),
            self._column("printed", "printed"),
            self._column("computed", "computed"),
            self._column("computed_from", "from"),
            self._column("agrees", "agrees"),
            self._column("findings", "findings", iris=True),
        )
        bound: Mapping[str, Term] = {"document": ox.NamedNode(document)} if document else {}
        places: dict[str, list[Mapping[str, Term]]] = {}
        for row in self._lane.select(query("search_findings"), bound):
            if "total" in row:
                places.setdefault(name(row["total"]), []).append(row)
        found = {name(row["document"]): Diagram(name(row["document"])) for of_one in places.values() for row in of_one}
        read_searches(self._lane, self._language, found, bound)
        rows = [
            self._total(diagram, total, places.get(total.iri, []))
            for diagram in found.values()
            for total in diagram.totals
        ]
        return Table("totals", self._text("searches-totals"), columns, rows, self._text("searches-totals-note"))

    def _total(self, diagram: Diagram, total: Hits, told: Sequence[Mapping[str, Term]]) -> Row:
        number, how, state = self._computed(diagram, total)
        place = next((name(row["place"]) for row in told if "place" in row), "")
        href = self._link(place).href if place else self._link(total.iri).href
        findings = {name(row["finding"]): name(row["kind"]) for row in told if "finding" in row}
        return {
            "total": Cell(total.text.text or self._text("searches-no-source"), total.text.language, href, total.iri),
            "document": self._document(diagram.document),
            "printed": () if total.number is None else figure(total.number, i18n.number(total.number, self._language)),
            "computed": () if number is None else figure(number, i18n.number(number, self._language)),
            "computed_from": Cell(how),
            "agrees": Cell(i18n.text(f"flow-state-{state}", self._language)),
            "findings": [
                Cell(self._labels(kind).text, None, self._link(finding).href, finding)
                for finding, kind in findings.items()
            ],
        }

    def _computed(self, diagram: Diagram, total: Hits) -> tuple[int | None, str, str]:
        """Return what a sum should be, of what, and whether it is."""
        searches = diagram.searches
        if not searches or any(one.number is None for one in searches):
            without = ", ".join(one.text.text for one in searches if one.number is None)
            return None, self._text("searches-why-without", searches=without or "–"), "unknown"
        if WITHOUT_DUPLICATES.search(total.text.text):
            most = sum(one.number or 0 for one in searches)
            fits = total.number is not None and total.number <= most
            how = self._text("searches-how-most", number=i18n.number(most, self._language))
            return most, how, "possible" if fits else "differs"
        ways = [searches, [one for one in searches if not one.amends]]
        fitting = next((way for way in ways if sum(one.number or 0 for one in way) == total.number), searches)
        number = sum(one.number or 0 for one in fitting)
        added = " + ".join(i18n.number(one.number or 0, self._language) for one in fitting)
        how = self._text("searches-how-sum", added=f"{added} = {i18n.number(number, self._language)}")
        return number, how, "agrees" if number == total.number else "differs"


def _number(row: Mapping[str, Term], variable: str, language: str) -> Cell | Sequence[Cell]:
    text = of(row, variable)
    return figure(int(text), i18n.number(int(text), language)) if text.isdecimal() else ()
