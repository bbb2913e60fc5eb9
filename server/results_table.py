"""Results as rows of a table, with every value and link, for the page and for its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from flask import url_for

from msevidence.server import i18n
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Row, cell, figure
from msevidence.server.labels import Labels
from msevidence.server.pages_links import link
from msevidence.server.results_model import Arm, Around, Found, Otherwise, Result, Verdict, p_value
from msevidence.server.store import PageLane

IRIS = ("outcome", "study", "measure", "arm", "compared_with", "unit", "direction", "words", "document", "stands_in")
COLUMNS = (
    *(
        "outcome",
        "study",
        "measure",
        "arm",
        "arm_size",
        "compared_with",
        "printed_value",
        "value",
        "value_high",
        "unit",
    ),
    *(
        "qualifier",
        "direction",
        "time_point",
        "population",
        "place",
        "out_of",
        "harm",
        "words",
        "document",
        "stands_in",
    ),
    *("can_it_be_quoted", "verdicts", "source_says", "findings", "findings_around", "other_documents", "note"),
)
SCHEME = "scheme/{}/{}"


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the rows of results in the reader's language."""

    lane: PageLane
    labels: Labels
    language: str
    made: dict[str, Row] = field(default_factory=dict)
    """The rows made so far: a result stands in a figure and in a table."""
    known: dict[str, Cell] = field(default_factory=dict)
    """The links and findings made so far: one document has many results, one passage several."""

    def text(self, name: str, **values: object) -> str:
        """Return a text of the interface."""
        return i18n.text(name, self.language, **values)

    def columns(self, keys: Sequence[str] = COLUMNS) -> list[Column]:
        """Return the columns with these keys."""
        return [Column(key, self.text(f"results-column-{key}"), key in IRIS) for key in keys]

    def document(self, iri: str) -> str:
        """Return what a document is called in short."""
        return document_names(self.lane).get(iri) or self.labels(iri).text

    def of_table(self, table: str, document: str) -> str:
        """Return the name of a table, with its document, since every document has a first table."""
        return f"{self.labels(table).text} ({self.document(document)})"

    def named(self, iri: str) -> Cell:
        """Return a thing as a link by its name."""
        if iri not in self.known:
            self.known[iri] = cell(link(self.lane, self.labels, iri))
        return self.known[iri]

    def concept(self, scheme: str, key: str) -> str:
        """Return the name of a concept."""
        return self.labels(self.lane.release.base + SCHEME.format(scheme, key)).text

    def row(self, result: Result) -> Row:
        """Return a result as a row."""
        if result.iri not in self.made:
            self.made[result.iri] = self._row(result)
        return self.made[result.iri]

    def _row(self, result: Result) -> Row:
        named, of_result = self.named, self.named(result.iri)
        passages = [self.named(passage) for passage in result.passages]
        own = result.language
        return {
            "outcome": [named(iri) for iri in result.outcomes],
            "study": named(result.study) if result.study else (),
            "measure": Cell(result.measure, result.measure_language, of_result.href, result.iri),
            "arm": self._arm(result.arm) if result.arm else (),
            "arm_size": figure(int(result.arm.size)) if result.arm and result.arm.size.isdigit() else (),
            "compared_with": [self._arm(arm) for arm in result.compared],
            "printed_value": _words(result.printed, own),
            "value": _figure(result.value),
            "value_high": _figure(result.high),
            "unit": named(result.unit) if result.unit else (),
            "qualifier": _words(result.qualifier, "en"),
            "direction": named(result.direction) if result.direction else (),
            "time_point": _words(result.time, ""),
            "population": _words(result.population, ""),
            "place": _words(result.place, ""),
            "out_of": _words(result.denominator, own),
            "harm": Cell(self.text("yes" if result.harm else "no")),
            "words": Cell(
                result.words, own, passages[0].href if passages else None, passages[0].iri if passages else ""
            ),
            "document": named(result.document) if result.document else (),
            "stands_in": named(result.table) if result.table else (),
            "can_it_be_quoted": Cell(self.text(f"results-standing-{result.standing}")),
            "verdicts": [self.verdict(verdict, result.grave) for verdict in result.verdicts],
            "source_says": [Cell(v.source_words, v.source_language) for v in result.verdicts if v.source_words],
            "findings": [self.finding(found) for found in result.found],
            "findings_around": [self.beside(one) for one in result.around],
            "other_documents": [self.other(said) for said in result.otherwise],
            "note": _words(result.note, "en"),
        }

    def verdict(self, verdict: Verdict, grave: Sequence[Found] = ()) -> Cell:
        """Return what its source has, with what was read of it, and a link to the verdict.

        Where it agrees and errors or warnings stand on the same words, it says both.
        """
        name = self.labels(verdict.publication).text if verdict.publication else "–"
        kind, basis = self.concept("verdict", verdict.kind), self.concept("verdict-basis", verdict.basis)
        if verdict.kind == "agrees" and grave:
            same = self.text("agrees-number") if any(map(str.isdigit, verdict.words)) else kind
            against = dict.fromkeys(f"{self.text(f'severity-{f.severity}')}: {self.labels(f.kind).text}" for f in grave)
            kind = self.text("agrees-but", same=same, against="; ".join(against))
        said = self.text("results-source-says", whom=name, kind=kind, basis=basis)
        return Cell(said, None, self.named(verdict.iri).href, verdict.iri)

    def finding(self, found: Found) -> Cell:
        """Return a finding as its severity and message, with a link to the review where it stands."""
        key = f"{found.iri} "
        if key not in self.known:
            said = f"{self.text(f'severity-{found.severity}')}: {found.message.of(self.language)}"
            self.known[key] = Cell(
                said, None, review(found.document, found.iri) or self.named(found.iri).href, found.iri
            )
        return self.known[key]

    def beside(self, one: Around) -> Cell:
        """Return a finding on what a result is shown with, saying on what it stands."""
        said = self.finding(one.found)
        return replace(said, text=f"{self.text(f'results-around-{one.where}')}: {said.text}")

    def other(self, said: Otherwise) -> Cell:
        """Return what another document says, in its words, with a link to its passage."""
        return Cell(said.says, said.language, self.named(said.passage).href, said.passage)

    def relation(self, said: Otherwise) -> str:
        """Return how the two documents relate, read from the result's."""
        name = self.labels(said.kind).text
        kind = self.text("results-other-kind" if said.first else "results-other-kind-back", kind=name)
        return self.text("results-other-says", kind=kind)

    def about(self, result: Result) -> list[str]:
        """Return whom a result is about, as the document says: study, arm, comparator, time, population, number."""
        parts = [self.labels(result.study).text if result.study else ""]
        if result.arm:
            parts.append(self.arm(result.arm))
        parts += [self.text("results-compared-with", whom=self.arm(arm)) for arm in result.compared]
        parts += [result.time, result.population, result.place]
        if result.denominator and result.denominator not in result.printed:
            parts.append(self.text("results-of-people", count=result.denominator))
        return [part for part in parts if part]

    def printed(self, result: Result) -> str:
        """Return a value as it is printed; what is said instead where none is."""
        return result.printed or (_plain(result.value) if result.value is not None else self.text("results-no-value"))

    def arm(self, arm: Arm) -> str:
        """Return the name of an arm, with its size where it is known."""
        return self.text("results-in-arm", whom=arm.name, size=arm.size) if arm.size else arm.name

    def unprinted(self, result: Result) -> str:
        """Return why a result has no estimate; empty where it has one."""
        if result.estimate:
            return ""
        more = f" ({self.text('results-p-value')})" if p_value(result.printed) else ""
        return self.text("results-no-estimate") + more

    def _arm(self, arm: Arm) -> Cell:
        return Cell(arm.name, "", self.named(arm.iri).href, arm.iri)


def review(document: str, finding: str) -> str | None:
    """Return the address of a finding in the review of its document."""
    key = document.rpartition("/")[2]
    if not key:
        return None
    return url_for("review.document", key=key, _anchor=f"finding-{finding.rpartition('/')[2]}")


def ordered(results: Iterable[Result], first: Callable[[Result], str], labels: Labels) -> list[Result]:
    """Return results as a page orders them: by group, then study and measure; what has none is last."""

    def key(result: Result) -> tuple[bool, str, bool, str, str]:
        group = first(result)
        study = labels(result.study).text.casefold() if result.study else ""
        return group == "", group.casefold(), study == "", study, result.measure.casefold()

    return sorted(results, key=key)


def _words(text: str, language: str) -> Cell | tuple[()]:
    return Cell(text, language) if text else ()


def _figure(value: float | None) -> Cell | tuple[()]:
    if value is None:
        return ()
    return figure(int(value) if value.is_integer() else value, _plain(value))


def _plain(value: float) -> str:
    return f"{value:.15g}"
