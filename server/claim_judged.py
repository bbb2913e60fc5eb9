"""What a review made of a claim: verdicts, disagreements, the interests of its authors, whether support is expected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Column, Table, cell, words
from msevidence.server.labels import Labels, Text, outside_link, query
from msevidence.server.page_reader import KeptReader, Row
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.review_badges import Badge
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

UNCITED = frozenset(("uncited-number", "uncited-judgement", "personal-communication"))
"""Kinds of finding that say that a reference would be expected."""
COLUMNS = (
    ("verdict", "claim-column-verdict", True),
    ("basis", "claim-column-basis", True),
    ("publication", "publication", True),
    ("document_says", "claim-document-says", False),
    ("source_says", "claim-source-says", False),
    ("address", "claim-column-address", False),
)
"""Of the table: name, text of the heading, whether the files have IRIs."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comparing words of the claim with a work that it cites showed."""

    value: Value
    kind: Value
    basis: Value
    """What was read of the work."""
    said: Text
    source_said: Text
    publication: Value
    address: str | None
    message: str

    @property
    def key(self) -> str:
        """Last part of its kind's address."""
        return self.kind.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Another passage that does not agree."""

    value: Value
    kind: Value
    message: str
    says: str
    other_says: str
    other: Value
    text: Text
    document: Value


@dataclass(slots=True)
class Interest:
    """An interest that is stated in the claim's document."""

    value: Value
    person: Value
    kind: Value | None
    said: Text
    declared: bool
    studies: list[Value] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Expectation:
    """Whether a reference would be expected where a claim has none."""

    findings: Sequence[Badge]
    """Those that say so."""
    rules: Sequence[Value]
    """The rules that looked for such claims in the document."""


class Judged:
    """Reads what a review made of one claim."""

    def __init__(self, lane: PageLane, labels: Labels, claim: str, language: str) -> None:
        self._lane, self._labels, self._language = lane, labels, language
        self._bound: dict[str, Term] = {"resource": ox.NamedNode(claim)}

    def _rows(self, of_query: str, variable: str) -> Sequence[Row]:
        return [row for row in KeptReader(self._lane).select(query(of_query), self._bound) if variable in row]

    def _named(self, term: Term) -> Value:
        return link(self._lane, self._labels, name(term))

    def _message(self, row: Row) -> str:
        return of(row, "nb" if self._language == "nb" else "en")

    def verdicts(self) -> list[Verdict]:
        """Return the verdicts, those that say something first."""
        found = {
            of(row, "verdict"): Verdict(
                self._named(row["verdict"]),
                self._named(row["kind"]),
                self._named(row["basis"]),
                Text(of(row, "words"), of(row, "language")),
                Text(of(row, "sourceWords"), of(row, "sourceLanguage")),
                self._named(row["publication"]),
                outside_link(of(row, "address")),
                self._message(row),
            )
            for row in self._rows("claim_verdicts", "verdict")
        }
        return sorted(found.values(), key=lambda one: one.key == "not-in-what-was-read")

    def disagreements(self) -> list[Disagreement]:
        """Return the disagreements that the claim's passage is one side of."""
        found = {
            of(row, "disagreement"): Disagreement(
                self._named(row["disagreement"]),
                self._named(row["kind"]),
                self._message(row),
                of(row, "says"),
                of(row, "otherSays"),
                self._named(row["other"]),
                Text(of(row, "text"), of(row, "language")),
                self._named(row["document"]),
            )
            for row in self._rows("claim_disagreements", "disagreement")
        }
        return list(found.values())

    def interests(self, studies: Collection[str]) -> tuple[list[Interest], list[Interest]]:
        """Return the interests stated in the document: those in one of these studies, and the others."""
        found: dict[str, Interest] = {}
        for row in self._rows("claim_interests", "interest"):
            iri = of(row, "interest")
            if iri not in found:
                found[iri] = Interest(
                    self._named(row["interest"]),
                    self._named(row["person"]),
                    self._named(row["kind"]) if "kind" in row else None,
                    Text(of(row, "words"), of(row, "language")),
                    of(row, "declared") == "true",
                )
            if "study" in row:
                found[iri].studies.append(self._named(row["study"]))
        touching = [one for one in found.values() if any(study.iri in studies for study in one.studies)]
        return touching, [one for one in found.values() if one not in touching]

    def expectation(self, badges: Sequence[Badge]) -> Expectation:
        """Say whether a reference would be expected, by the findings about the claim and the rules that looked."""
        asking = [b for b in badges if b.kind.rpartition("/")[2] in UNCITED and not b.set_aside]
        looked = [row for row in self._rows("claim_rules", "rule") if not of(row, "state").endswith("/not-applicable")]
        return Expectation(asking, [self._named(row["rule"]) for row in looked])


def table(verdicts: Sequence[Verdict], language: str) -> Table:
    """Return the verdicts as a table."""
    columns = tuple(Column(key, i18n.text(heading, language), iris) for key, heading, iris in COLUMNS)
    rows = [
        {
            "verdict": cell(one.kind),
            "basis": cell(one.basis),
            "publication": cell(one.publication),
            "document_says": words(one.said),
            "source_says": words(one.source_said) if one.source_said.text else (),
            "address": Cell(one.address, href=one.address, outside=True) if one.address else (),
        }
        for one in verdicts
    ]
    return Table("verdicts", i18n.text("claim-table-verdicts", language), columns, rows)
