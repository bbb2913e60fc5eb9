"""Flow diagrams, searches and what documents list, as the graph has them, by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.loaders.review.arithmetic import flow_reading
from msevidence.server.labels import Text, choose, query
from msevidence.server.pages_links import name, of
from msevidence.server.store import PageLane
from msevidence.server.wire import Term


@dataclass(frozen=True, slots=True)
class Counted:
    """Something with a count of its own in a box: a reason, or a second count."""

    iri: str
    text: Text
    count: int | None


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box as printed."""

    iri: str
    position: int
    text: Text
    count: int | None
    reasons: tuple[Counted, ...]
    further: tuple[Counted, ...]
    passages: tuple[str, ...]

    @property
    def part(self) -> flow_reading.Part:
        """What it is in the diagram, by its words."""
        return flow_reading.part_of(self.text.text)

    @property
    def has_counts(self) -> bool:
        """Whether a number is printed in it."""
        return self.count is not None or any(one.count is not None for one in self.reasons)

    def as_read(self) -> flow_reading.Box:
        """Return it as the review reads it, so that page and review follow the same steps."""
        return flow_reading.Box(
            self.iri, self.text.text, self.part, self.count, _pairs(self.reasons), _pairs(self.further), (), ()
        )


@dataclass(frozen=True, slots=True)
class Hits:
    """A search with its hits, or a sum of hits that the document prints."""

    iri: str
    text: Text
    number: int | None
    amends: bool = False


@dataclass(slots=True)
class Listed:
    """What a table or an appendix of a document lists."""

    iri: str
    headings: list[str] = field(default_factory=list)
    studies: dict[str, list[str]] = field(default_factory=dict)
    """Study → its entries."""
    references: list[tuple[str, str]] = field(default_factory=list)
    """Number and IRI."""


@dataclass(slots=True)
class Diagram:
    """All that bears on the flow diagram of a document."""

    document: str
    boxes: list[FlowBox] = field(default_factory=list)
    searches: list[Hits] = field(default_factory=list)
    totals: list[Hits] = field(default_factory=list)
    tables: list[Listed] = field(default_factory=list)
    lists: list[Listed] = field(default_factory=list)
    findings: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, finding, and the box that it is about, if any; those that people have set aside are not here."""

    @property
    def key(self) -> str:
        """The document's."""
        return self.document.rpartition("/")[2]


def diagrams(lane: PageLane, language: str, document: str = "") -> list[Diagram]:
    """Return the flow diagrams of all documents, or of one, in the order of the documents."""
    bound: Mapping[str, Term] = {"document": ox.NamedNode(document)} if document else {}
    found: dict[str, Diagram] = {}
    for key, rows in _by(lane.select(query("flow_boxes"), bound), "document").items():
        boxes = [_box(iri, of_box, language) for iri, of_box in _by(rows, "box").items()]
        found[key] = Diagram(key, sorted(boxes, key=lambda box: box.position))
    if not found:
        return []
    read_searches(lane, language, found, bound)
    for row in lane.select(query("flow_lists"), bound):
        if "document" in row:
            _list(found[name(row["document"])], row)
    for row in lane.select(query("flow_findings"), bound):
        if "setAside" not in row and of(row, "document") in found:
            one = (name(row["kind"]), name(row["finding"]), of(row, "thing"))
            found[name(row["document"])].findings.append(one)
    return list(found.values())


def read_searches(lane: PageLane, language: str, found: Mapping[str, Diagram], bound: Mapping[str, Term]) -> None:
    """Add the searches and sums of hits of these documents."""
    for document, rows in _by(lane.select(query("flow_searches"), bound), "document").items():
        if document not in found:
            continue
        for iri, of_thing in _by(rows, "thing").items():
            first = of_thing[0]
            hits = Hits(iri, _text(of_thing, "label", language), _number(first, "number"), "amends" in first)
            (found[document].searches if of(first, "part") == "search" else found[document].totals).append(hits)


def _box(iri: str, rows: Sequence[Mapping[str, Term]], language: str) -> FlowBox:
    parts = {kind: _by(of_kind, "listed") for kind, of_kind in _by(rows, "part").items()}

    def counted(kind: str) -> tuple[Counted, ...]:
        listed = parts.get(kind, {}).items()
        return tuple(
            Counted(one, _text(of_one, "listedLabel", language), _number(of_one[0], "listedCount"))
            for one, of_one in listed
        )

    first = rows[0]
    position = _number(first, "position") or 0
    label, count = _text(rows, "label", language), _number(first, "count")
    return FlowBox(iri, position, label, count, counted("reason"), counted("count"), tuple(parts.get("passage", ())))


def _list(diagram: Diagram, row: Mapping[str, Term]) -> None:
    into = diagram.tables if of(row, "part") == "study" else diagram.lists
    place = name(row["in"])
    listed = next((one for one in into if one.iri == place), None)
    if listed is None:
        into.append(listed := Listed(place))
    if (heading := of(row, "heading")) and heading not in listed.headings:
        listed.headings.append(heading)
    if "study" in row:
        entries = listed.studies.setdefault(name(row["study"]), [])
        if "entry" in row and name(row["entry"]) not in entries:
            entries.append(name(row["entry"]))
    elif (reference := (of(row, "number"), name(row["thing"]))) not in listed.references:
        listed.references.append(reference)


def _by(rows: Sequence[Mapping[str, Term]], variable: str) -> dict[str, list[Mapping[str, Term]]]:
    found: dict[str, list[Mapping[str, Term]]] = {}
    for row in rows:
        if variable in row:
            found.setdefault(of(row, variable), []).append(row)
    return found


def _text(rows: Sequence[Mapping[str, Term]], variable: str, language: str) -> Text:
    literals = [value for row in rows if isinstance(value := row.get(variable), ox.Literal)]
    return choose(literals, language, "") if literals else Text("")


def _number(row: Mapping[str, Term], variable: str) -> int | None:
    text = of(row, variable)
    return int(text) if text.lstrip("+").isdecimal() and len(text) < 16 else None


def _pairs(counted: Sequence[Counted]) -> tuple[tuple[str, int], ...]:
    return tuple((one.text.text, one.count) for one in counted if one.count is not None)
