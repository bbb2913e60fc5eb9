"""What a document says as values to show: concepts by their names, words in their own language, all with links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msevidence.server import i18n
from msevidence.server.compare_model import DATES, Fact
from msevidence.server.compare_read import Facts
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, cell
from msevidence.server.labels import Labels
from msevidence.server.pages_links import link
from msevidence.server.results_model import Result
from msevidence.server.store import PageLane

CRITERIA = ("included", "excluded")


@dataclass(frozen=True, slots=True)
class Wording:
    """Says in the reader's language what documents say."""

    lane: PageLane
    labels: Labels
    language: str
    facts: Facts

    def text(self, name: str, **values: object) -> str:
        """Return a text of the interface."""
        return i18n.text(name, self.language, **values)

    def named(self, iri: str) -> Cell:
        """Return a thing as a link by its name."""
        return cell(link(self.lane, self.labels, iri))

    def document(self, iri: str) -> Cell:
        """Return a document as a link by its short name: side by side, titles take the room of what they say."""
        return replace(self.named(iri), text=self.called(iri), language=None)

    def called(self, iri: str) -> str:
        """Return what a document is called in short."""
        return document_names(self.lane).get(iri) or self.labels(iri).text

    def result(self, result: Result) -> Cell:
        """Return a result in a line: measure, arm, what is printed, time."""
        direction = self.labels(result.direction).text if result.direction else ""
        arm = result.arm.name if result.arm else ""
        parts = (result.measure, arm, result.printed or direction, result.time)
        base = self.named(result.iri)
        return Cell(": ".join(part for part in parts if part), result.measure_language, base.href, result.iri)

    def cells(self, field: str, facts: Sequence[Fact]) -> list[Cell]:
        """Return what one document says of a field, each value once."""
        if field == "publication":
            return self._publications(facts)
        made: list[Cell] = []
        for fact in facts:
            made += self._fact(fact)
        return list(dict.fromkeys(made))

    def _fact(self, fact: Fact) -> list[Cell]:
        own = self.facts.languages.get(fact.document, "")
        printed = [Cell(fact.printed, own)] if fact.printed and fact.printed != fact.value else []
        at = self.named(fact.passage) if fact.passage else Cell("")
        if fact.field == "words":
            return [Cell(fact.text, own, self.named(fact.value).href, fact.value)]
        if fact.field in (*CRITERIA, "registration"):
            there = at if fact.field in CRITERIA and at.href else self.named(fact.value)
            return [Cell(fact.printed, own, there.href, fact.value)]
        if fact.field in ("conclusion", "recommendation"):
            return [Cell(fact.printed, own, self.named(fact.value).href, fact.value)]
        if fact.field == "decision":
            words = Cell(fact.printed, own, self.named(fact.value).href, fact.value)
            return [self.named(fact.outcome), words] if fact.outcome else [words]
        if fact.field == "search":
            said = self.text("compare-hits", source=fact.printed, date=fact.detail or "–")
            return [Cell(said, None, self.named(fact.value).href, fact.value)]
        if fact.field in DATES:
            event = f"{self.labels(fact.detail).text}: " if fact.detail else ""
            dated = [Cell(f"{event}{fact.value}"), Cell(fact.printed, own, at.href, fact.passage)]
            return [*dated[: 1 + bool(fact.printed and fact.printed != fact.value)], *self._as_of(fact)]
        if fact.iri:
            status = self._as_of(fact) if fact.field == "status" else []
            return [self.named(fact.value), *printed, *status]
        told = own if fact.field == "follow-up" else None if fact.value.isdigit() else ""
        return [Cell(fact.value, told), *printed]

    def _as_of(self, fact: Fact) -> list[Cell]:
        return [Cell(self.text("compare-as-of", date=fact.as_of))] if fact.as_of else []

    def _publications(self, facts: Sequence[Fact]) -> list[Cell]:
        numbers: dict[str, list[str]] = {}
        for fact in facts:
            there = numbers.setdefault(fact.value, [])
            if fact.detail and fact.detail not in there:
                there.append(fact.detail)
        made = []
        for iri, printed in numbers.items():
            made.append(self.named(iri))
            made += [Cell(self.text("compare-number", number=", ".join(printed)))] if printed else []
        return made
