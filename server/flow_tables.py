"""The tables of a flow diagram: its boxes with what their numbers are computed from, its reasons, and its lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Column, Row, Table, cell, figure, words
from msevidence.server.flow_checks import (
    AGREES,
    DIFFERS,
    POSSIBLE,
    STATES,
    Check,
)
from msevidence.server.flow_lists import excluded_list, included_tables, reason_list
from msevidence.server.flow_read import Diagram, FlowBox
from msevidence.server.labels import Labels, Text
from msevidence.server.pages_links import link
from msevidence.server.store import PageLane

HEADINGS = (
    "count",
    "agrees",
    "box",
    "computed",
    "differs",
    "document",
    "entries",
    "findings",
    "from",
    "list",
    "number",
    "printed",
    "reason",
    "study",
    "table",
    "unknown",
    "what",
    "work",
)
"""Of the columns."""
INCLUDED, LISTED, REASONS = "included", "listed", "reasons"
"""Names of the tables that boxes lead to."""


class Tables:
    """Makes the tables of diagrams in the reader's language."""

    def __init__(self, lane: PageLane, labels: Labels, language: str) -> None:
        self._lane, self._labels, self._language = lane, labels, language

    def _column(self, key: str, heading: str, iris: bool = False) -> Column:
        assert heading in HEADINGS
        return Column(key, i18n.text(f"flow-{heading}", self._language), iris)

    def _link(self, iri: str) -> Cell:
        return cell(link(self._lane, self._labels, iri))

    def _named(self, iri: str, text: Text) -> Cell:
        """Return a link with words that are known already."""
        there = self._link(iri)
        shown = text.text.strip() or i18n.text("flow-no-words", self._language)
        return Cell(shown, text.language, there.href, iri, outside=there.outside)

    def _in_text(self, box: FlowBox) -> Cell:
        """Return a box by its words, with a link to where they stand in the document."""
        there = self._named(box.iri, box.text)
        return replace(there, href=self._link(box.passages[0]).href) if box.passages else there

    def _finding(self, kind: str, iri: str) -> Cell:
        """Return a finding by its kind: its message is a sentence or two."""
        return replace(self._link(iri), text=self._labels(kind).text, language=None)

    def _number(self, number: int | None) -> Cell | Sequence[Cell]:
        return () if number is None else figure(number, i18n.number(number, self._language))

    def _state(self, state: str) -> Cell:
        assert state in STATES
        return Cell(i18n.text(f"flow-state-{state}", self._language))

    def boxes(self, diagram: Diagram, made: Sequence[Check], key: str, query: str) -> Table:
        """Return every box, printed and computed; a number that follows from several things has a row for each."""
        columns = (
            self._column("position", "number"),
            self._column("box", "box", iris=True),
            self._column("counted", "what"),
            self._column("printed", "printed"),
            self._column("computed", "computed"),
            self._column("computed_from", "from"),
            self._column("agrees", "agrees"),
            self._column("findings", "findings", iris=True),
        )
        rows: list[Row] = [
            {
                "position": figure(check.box.position),
                "box": self._in_text(check.box),
                "counted": words(check.what) if check.what.text else (),
                "printed": self._number(check.printed),
                "computed": self._number(check.computed),
                "computed_from": Cell(check.how),
                "agrees": self._state(check.state),
                "findings": [self._finding(kind, one) for kind, one in check.findings],
            }
            for check in made
        ]
        title, note = i18n.text("flow-boxes", self._language), i18n.text("flow-boxes-note", self._language)
        return Table(key, title, columns, rows, note, query)

    def documents(self, found: Sequence[tuple[Diagram, Sequence[Check]]]) -> Table:
        """Return the documents that have a diagram, with how many of its numbers agree."""
        columns = (
            self._column("document", "document", iris=True),
            self._column("boxes", "count"),
            self._column("agree", "agrees"),
            self._column("differ", "differs"),
            self._column("not_computed", "unknown"),
        )
        rows: list[Row] = [
            {
                "document": self._link(diagram.document),
                "boxes": figure(len(diagram.boxes)),
                "agree": figure(number_of(made, AGREES)),
                "differ": figure(number_of(made, DIFFERS)),
                "not_computed": figure(sum(check.state not in (AGREES, DIFFERS, POSSIBLE) for check in made)),
            }
            for diagram, made in found
        ]
        return Table("documents", i18n.text("flow-documents", self._language), columns, rows)

    def reasons(self, diagram: Diagram) -> Table:
        """Return the reasons of all boxes, each with the list of the document that has its words."""
        columns = (
            self._column("reason", "reason", iris=True),
            self._column("box", "box", iris=True),
            self._column("printed", "printed"),
            self._column("computed", "computed"),
            self._column("list", "list", iris=True),
            self._column("agrees", "agrees"),
        )
        rows: list[Row] = []
        for box in diagram.boxes:
            for reason in box.reasons:
                row: dict[str, Cell | Sequence[Cell]] = {
                    "box": self._named(box.iri, box.text),
                    "reason": self._named(reason.iri, reason.text),
                    "printed": self._number(reason.count),
                }
                listed = reason_list(diagram, reason)
                if listed is None:
                    row["list"] = Cell(i18n.text("flow-no-list", self._language))
                else:
                    row["computed"] = self._number(len(listed.references))
                    row["list"] = self._link(listed.iri)
                    row["agrees"] = self._state(AGREES if len(listed.references) == reason.count else DIFFERS)
                rows.append(row)
        note = i18n.text("flow-reasons-note", self._language)
        return Table(REASONS, i18n.text("flow-reasons", self._language), columns, rows, note)

    def included(self, diagram: Diagram) -> Table:
        """Return the studies in the document's tables with their entries."""
        columns = (
            self._column("study", "study", iris=True),
            self._column("table", "table", iris=True),
            self._column("entries", "entries", iris=True),
        )
        rows: list[Row] = [
            {
                "study": self._link(study),
                "table": self._link(table.iri),
                "entries": [self._link(entry) for entry in entries],
            }
            for table in included_tables(diagram)
            for study, entries in table.studies.items()
        ]
        return Table(INCLUDED, i18n.text("flow-included", self._language), columns, rows)

    def listed(self, diagram: Diagram) -> Table:
        """Return the numbered works of the document's appendices."""
        columns = (
            self._column("number", "number"),
            self._column("work", "work", iris=True),
            self._column("list", "list", iris=True),
        )
        rows: list[Row] = [
            {"number": Cell(number), "work": self._link(reference), "list": self._link(listed.iri)}
            for listed in diagram.lists
            for number, reference in listed.references
        ]
        return Table(LISTED, i18n.text("flow-listed", self._language), columns, rows)


def number_of(made: Sequence[Check], state: str) -> int:
    """Return how many checks ended so."""
    return sum(check.state == state for check in made)


def leads_to(diagram: Diagram, iri: str) -> str:
    """Return the table that a box leads to, empty where it leads to none: its reasons, its list, the studies."""
    box = next(one for one in diagram.boxes if one.iri == iri)
    if box.reasons:
        return REASONS
    if excluded_list(diagram, box) is not None:
        return LISTED
    return INCLUDED if box.part == "included" and included_tables(diagram) else ""
