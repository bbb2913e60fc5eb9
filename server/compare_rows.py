"""The lines of a comparison: a field, what each document says of it, how the values relate, recorded disagreements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msevidence.server.compare_cells import CRITERIA, Wording
from msevidence.server.compare_model import DOCUMENT_FIELDS, STUDY_FIELDS, Disagreement, Fact, Side, state
from msevidence.server.exhibits import Cell, Column, Row, Table
from msevidence.server.results_choice import short
from msevidence.server.results_model import Result

OTHER_NAMES = {"end": "expected"}
"""A disagreement on the end is about what was expected, where no end is given."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison, as the page shows it."""

    row: Row
    state: str
    """One of compare_model.STATES, or ``disagree`` where a disagreement is recorded; empty where nothing is said."""
    disagreements: Sequence[Disagreement]
    folded: bool = False
    """Whether its values are folded away."""


@dataclass(frozen=True, slots=True)
class Comparer(Wording):
    """Lays documents side by side in the reader's language."""

    documents: Sequence[str]

    def columns(self) -> list[Column]:
        """Return the columns of a comparison: the field, one for each document, and how they relate."""
        return [
            Column("field", self.text("compare-column-field")),
            *(Column(short(iri), self.called(iri), iris=True) for iri in self.documents),
            Column("comparison", self.text("compare-column-comparison")),
            Column("disagreements", self.text("compare-column-disagreements"), iris=True),
        ]

    def table(self, key: str, title: str, lines: Sequence[Line], query: str, note: str = "") -> Table:
        """Return lines as a table."""
        return Table(key, title, self.columns(), [line.row for line in lines], note, query)

    def of_documents(self) -> list[Line]:
        """Return what the documents say of themselves: dates, question, searches, conclusions, decisions."""
        grouped: dict[tuple[str, str], dict[str, list[Fact]]] = {}
        for document in self.documents:
            for fact in self.facts.documents.get(document, ()):
                part = fact.detail if fact.field in CRITERIA else ""
                said = grouped.setdefault((fact.field, part), {iri: [] for iri in self.documents})
                if fact.value not in [one.value for one in said[document]]:
                    said[document].append(fact)
        order = sorted(grouped, key=lambda group: DOCUMENT_FIELDS.index(group[0]))
        lines = []
        for field, part in order:
            heading = self.text(f"compare-field-{field}")
            if part:
                heading = f"{heading}: {self.labels(part).text}"
            lines.append(self._line(heading, field, grouped[field, part], ()))
        return lines

    def of_study(self, study: str, results: Sequence[Result]) -> list[Line]:
        """Return what the documents say of a study, with what its recorded disagreements are about beside it."""
        grouped: dict[str, dict[str, list[Fact]]] = {}
        for fact in self.facts.studies.get(study, ()):
            if fact.document in self.documents:
                said = grouped.setdefault(fact.field, {iri: [] for iri in self.documents})
                said[fact.document].append(fact)
        there = self.recorded(study)
        lines = []
        for field in (*STUDY_FIELDS[:-1], "results", STUDY_FIELDS[-1]):
            if field == "results":
                lines += self._results(results)
            elif field in grouped:
                own = [one for one in there if self._about(one, grouped) == field]
                lines.append(self._line(self.text(f"compare-field-{field}"), field, grouped[field], own))
        return lines

    def recorded(self, study: str) -> list[Disagreement]:
        """Return the disagreements of these documents on a study; empty: on none."""
        two = set(self.documents)
        return [
            d for d in self.facts.disagreements if d.study == study and {d.first.document, d.second.document} <= two
        ]

    def elsewhere(self, study: str) -> list[Disagreement]:
        """Return the disagreements on a study that are about none of the lines of its comparison."""
        fields = {f.field: f for f in self.facts.studies.get(study, ()) if f.document in self.documents}
        return [one for one in self.recorded(study) if not self._about(one, fields)]

    def side(self, side: Side) -> Cell:
        """Return one side of a disagreement in its words, with a link to the passage."""
        return Cell(side.says, side.language, self.named(side.passage).href, side.passage)

    def verdict(self, one: Disagreement) -> Cell:
        """Return what is to be made of a disagreement, with a link to it."""
        return Cell(one.verdict.of(self.language), None, self.named(one.iri).href, one.iri)

    def relation(self, one: Disagreement) -> str:
        """Return how two documents relate, as a sentence: the first, the kind, the second."""
        first, second = (self.called(side.document) for side in (one.first, one.second))
        return self.text("compare-first-kind-second", first=first, kind=self.labels(one.kind).text, second=second)

    def _about(self, one: Disagreement, fields: Mapping[str, object]) -> str:
        name = one.field.en
        if name in fields:
            return name
        other = OTHER_NAMES.get(name, "")
        return other if other in fields else ""

    def _line(
        self, heading: str, field: str, said: Mapping[str, Sequence[Fact]], there: Sequence[Disagreement]
    ) -> Line:
        known = "disagree" if there else state(field, said)
        values = {iri: self.cells(field, facts) for iri, facts in said.items()}
        return self._made(heading, values, known, there, field == "words")

    def _made(
        self,
        heading: str,
        said: Mapping[str, Sequence[Cell]],
        known: str,
        there: Sequence[Disagreement],
        folded: bool = False,
    ) -> Line:
        row = {
            "field": Cell(heading),
            **{short(iri): cells for iri, cells in said.items()},
            "comparison": Cell(self.text(f"compare-state-{known}")) if known else (),
            "disagreements": [self.verdict(one) for one in there],
        }
        return Line(row, known, there, folded)

    def _results(self, results: Sequence[Result]) -> list[Line]:
        grouped: dict[str, dict[str, list[Cell]]] = {}
        for result in results:
            if result.document in self.documents:
                for outcome in result.outcomes or [""]:
                    said = grouped.setdefault(outcome, {iri: [] for iri in self.documents})
                    said[result.document].append(self.result(result))
        lines = []
        for outcome in sorted(grouped, key=lambda iri: self.labels(iri).text.casefold() if iri else ""):
            several = sum(1 for cells in grouped[outcome].values() if cells) > 1
            heading = self.text("compare-results-of", outcome=self.labels(outcome).text if outcome else "–")
            lines.append(self._made(heading, grouped[outcome], "both" if several else "one", ()))
        return lines
