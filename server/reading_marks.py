"""What is live in the text of a document: its claims, citations, references, translations and findings, by passage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox

from msevidence.server.labels import Labels, Text, query
from msevidence.server.live_text import Marker, Piece, Target, Words, pieces
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.resources import local_path
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

SIGNS = {
    **{"number": "#", "fact": "●", "judgement": "◇", "recommendation": "→", "limitation": "△", "method": "≡"},
    **{"definition": "=", "decision": "■", "expectation": "»", "aim": "○"},
}
"""Kind of claim → the sign that stands after it; the legend says what each means."""
OTHER_SIGN = "◆"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as its mark shows it."""

    iri: str
    href: str
    words: str
    offset: int
    kind: Value | None
    support: Value | None

    @property
    def kind_key(self) -> str:
        """Last part of its kind's address, empty where nothing says the kind."""
        return self.kind.iri.rpartition("/")[2] if self.kind else ""

    @property
    def support_key(self) -> str:
        """Last part of its support's address."""
        return self.support.iri.rpartition("/")[2] if self.support else ""

    @property
    def sign(self) -> str:
        """What stands after its words."""
        return SIGNS.get(self.kind_key, OTHER_SIGN)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of the document."""

    iri: str
    number: str
    href: str
    """Where its entry stands in this text (``#…``), or its own page where the text prints none."""
    missing: bool
    publications: Sequence[Value]
    entries: Sequence[str]
    """Keys of the passages that print it."""

    @property
    def name(self) -> str:
        """What it is called beside a text."""
        return "; ".join(value.text.text for value in self.publications)


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference that a passage cites."""

    reference: Reference
    inherited: bool


@dataclass(frozen=True, slots=True)
class Version:
    """The same passage in another language."""

    key: str
    text: Text
    differs: str
    """What one of the two says and the other does not."""
    original: bool
    """Whether the other is the one that was translated."""


@dataclass(frozen=True, slots=True)
class Note:
    """A finding that rests on a passage."""

    key: str
    severity: str
    kind: Value
    message: str
    places: Sequence[tuple[str, Text]] = ()
    """Key and text of the passages of this document that it rests on, in reading order."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What is live in one passage."""

    pieces: Sequence[Piece]
    claims: Sequence[Claim] = ()
    cites: Sequence[Cited] = ()
    entries: Sequence[Reference] = ()
    """References that it prints the entry of."""
    versions: Sequence[Version] = ()


@dataclass(frozen=True, slots=True)
class Legend:
    """A kind of claim, or of support, with how many claims of the document have it."""

    value: Value
    key: str
    sign: str
    count: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What is live in a document."""

    passages: Mapping[str, Marked] = field(default_factory=dict)
    """Key of a passage → what is live in it."""
    cited_by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """IRI of a reference → keys of the passages that cite it, in reading order."""
    claim_cites: Mapping[str, Sequence[Reference]] = field(default_factory=dict)
    """IRI of a claim → the references that it cites itself, and not another claim of its passage."""
    kinds: Sequence[Legend] = ()
    supports: Sequence[Legend] = ()
    claims: int = 0
    translated: int = 0
    """Passages that have a version in another language."""


def marks(lane: PageLane, labels: Labels, document: str, texts: Mapping[str, str]) -> Marks:
    """Return what is live in a document.

    Args:
        lane: this request's worker.
        labels: names, in the reader's language.
        document: its IRI.
        texts: key → text of its passages, in reading order.
    """
    reader = _Reader(lane, labels, document)
    claims, references = reader.claims(), reader.references()
    markers, cites, own_cites = reader.citations(references)
    versions = reader.versions()
    entries: dict[str, list[Reference]] = {}
    for reference in references.values():
        for key in reference.entries:
            entries.setdefault(key, []).append(reference)
    cited_by: dict[str, list[str]] = {}
    passages: dict[str, Marked] = {}
    for key, text in texts.items():
        own, cited = claims.get(key, []), cites.get(key, {})
        for reference_iri in cited:
            cited_by.setdefault(reference_iri, []).append(key)
        said = [Words(claim.words, claim.offset) for claim in own]
        passages[key] = Marked(
            pieces(text, said, markers.get(key, [])) or [Piece(text)],
            own,
            list(cited.values()),
            entries.get(key, ()),
            versions.get(key, ()),
        )
    every = [claim for own in claims.values() for claim in own]
    return Marks(
        passages,
        cited_by,
        {claim: list(cited.values()) for claim, cited in own_cites.items()},
        _legend([claim.kind for claim in every]),
        _legend([claim.support for claim in every]),
        len(every),
        len(versions),
    )


def _legend(values: Sequence[Value | None]) -> list[Legend]:
    counts = Counter(value.iri for value in values if value)
    named = {value.iri: value for value in values if value}
    keys = {iri: iri.rpartition("/")[2] for iri in counts}
    return [Legend(named[iri], keys[iri], SIGNS.get(keys[iri], OTHER_SIGN), n) for iri, n in counts.most_common()]


class _Reader:
    """Reads what is live, a query a kind, the document bound."""

    def __init__(self, lane: PageLane, labels: Labels, document: str) -> None:
        self._lane, self._labels = lane, labels
        self._bound: dict[str, Term] = {"resource": ox.NamedNode(document)}
        self._named = cache(lambda iri: link(lane, labels, iri))

    def claims(self) -> dict[str, list[Claim]]:
        """Return the claims by the passage that states them."""
        found: dict[str, dict[str, Claim]] = {}
        for row in self._lane.select(query("document_claims"), self._bound):
            if "claim" not in row:
                continue
            iri = name(row["claim"])
            found.setdefault(_key(row["passage"]), {}).setdefault(
                iri,
                Claim(
                    iri,
                    local_path(iri, self._lane.release) or "",
                    of(row, "said"),
                    offset(row),
                    self._named(name(row["kind"])) if "kind" in row else None,
                    self._named(name(row["support"])) if "support" in row else None,
                ),
            )
        # In the order in which they end, since the mark of each stands at its end.
        return {key: sorted(own.values(), key=lambda c: c.offset + len(c.words)) for key, own in found.items()}

    def references(self) -> dict[str, Reference]:
        """Return the references by IRI."""
        rows: dict[str, list[Mapping[str, Term]]] = {}
        for row in self._lane.select(query("document_references"), self._bound):
            if "reference" in row:
                rows.setdefault(name(row["reference"]), []).append(row)
        found = {}
        for iri, several in rows.items():
            entries = list(dict.fromkeys(_key(row["entry"]) for row in several if "entry" in row))
            publications = dict.fromkeys(name(row["publication"]) for row in several if "publication" in row)
            found[iri] = Reference(
                iri,
                of(several[0], "number"),
                f"#{entries[0]}" if entries else local_path(iri, self._lane.release) or "",
                of(several[0], "missing") == "true",
                [self._named(one) for one in publications],
                entries,
            )
        return found

    def citations(
        self, references: Mapping[str, Reference]
    ) -> tuple[dict[str, list[Marker]], dict[str, dict[str, Cited]], dict[str, dict[str, Reference]]]:
        """Return the printed markers, and the references that are cited, by passage; and the latter by claim."""
        lists: dict[str, dict[tuple[str, int], dict[str, Target]]] = {}
        by_claim: dict[str, dict[str, Reference]] = {}
        cites: dict[str, dict[str, Cited]] = {}
        for row in self._lane.select(query("document_pointers"), self._bound):
            if "reference" not in row or (reference := references.get(name(row["reference"]))) is None:
                continue
            passage, inherited = _key(row["passage"]), "inherited" in row
            cites.setdefault(passage, {}).setdefault(reference.iri, Cited(reference, inherited))
            if "claim" in row:
                by_claim.setdefault(name(row["claim"]), {})[reference.iri] = reference
            if printed := of(row, "printed"):
                number = of(row, "number")
                target = Target(number, reference.href, f"{number}: {reference.name}" if reference.name else number)
                marker = lists.setdefault(passage, {}).setdefault((printed, offset(row)), {})
                marker.setdefault(name(row["pointer"]), target)
        markers = {
            key: [Marker(*where, list(targets.values())) for where, targets in own.items()]
            for key, own in lists.items()
        }
        return markers, cites, by_claim

    def versions(self) -> dict[str, list[Version]]:
        """Return the versions in another language, by passage."""
        found: dict[str, list[Version]] = {}
        for row in self._lane.select(query("document_translations"), self._bound):
            if "other" in row:
                version = Version(
                    _key(row["other"]),
                    Text(of(row, "text"), of(row, "language")),
                    of(row, "differs"),
                    row["translated"] != row["other"],
                )
                found.setdefault(_key(row["passage"]), []).append(version)
        return found


def notes(lane: PageLane, labels: Labels, document: str, language: str) -> dict[str, Note]:
    """Return the findings of a document by key, those that were set aside left out."""
    found = {}
    for row in lane.select(query("document_findings"), {"document": ox.NamedNode(document)}):
        if "finding" in row:
            key, severity = _key(row["finding"]), of(row, "severity").rpartition("/")[2]
            message = of(row, "nb" if language == "nb" else "en")
            found[key] = Note(key, severity, link(lane, labels, name(row["kind"])), message)
    return found


def offset(row: Mapping[str, Term]) -> int:
    """Return how far into its passage something begins in the source, where both say where they begin."""
    start, begin = of(row, "start"), of(row, "from")
    return int(start) - int(begin) if start and begin else 0


def _key(term: Term) -> str:
    return name(term).rpartition("/")[2]
