"""What the page of any resource shows: names, properties with the graphs that state them, inverse links, provenance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.server import i18n
from msevidence.server.errors import NotFound, Words
from msevidence.server.labels import PREFIXES, RDF_TYPE, Labels, Text, outside_link, query
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import DCTERMS, MSE, ORDERED, PAGE, XSD, Page, Value, cut, link, name, of
from msevidence.server.store import PageLane, lanes
from msevidence.server.wire import Term

FIRST = 12
"""Inverse links by one property that a resource's own page shows; the rest is a click away, with its count.

The limit of ``inverse_first.rq``: a document has hundreds of things in it, which its page need not read."""

_IN_TEXT_GRAPHS = re.compile(r"/graph/(?:document|curation)-[^/]+\Z")
# Plain strings that are no words of the document, although a document's graph states them.
_NO_WORDS = frozenset(
    [MSE + name for name in ("because", "note", "sourceFile", "sha256", "field", "link", "linkedNumber", "normalised")]
    + [MSE + name for name in ("printedDoi", "printedUrl", "registrationNumber", "scheme", "decidedByName")]
    + [DCTERMS + name for name in ("identifier", "language", "license", "rights", "source")]
    + [PREFIXES["prism"] + "doi"]
)
_HEAD = (
    *(MSE + name for name in ("claimText", "text", "term", "statedIn", "inDocument", "hasPointer", "reportsOn")),
    *(MSE + name for name in ("registeredAs", "describes", "ofStudy", "number", "measure", "value", "printedValue")),
    *(PREFIXES["oa"] + name for name in ("exact", "start", "end")),
)


@dataclass(frozen=True, slots=True)
class Property:
    """A property and its values."""

    iri: str
    label: Text
    href: str | None
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Inverse:
    """The things that point to the resource by one property."""

    iri: str
    label: Text
    href: str | None
    page: Page[Value]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a graph was made from."""

    value: Value
    sha256: str
    issued: str
    rights: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A named graph that states something of the resource, and what that graph was made from and by."""

    number: int
    value: Value
    count: int
    files: Sequence[SourceFile]
    loaders: Sequence[tuple[str, str]]
    """Loader and its version."""
    more: int = 0
    """Files beyond those: a graph may be made from very many, which its own page lists."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The words of a source that a curated value rests on, and where they stand."""

    passage: Value
    exact: Text
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page of a resource shows."""

    iri: str
    heading: Text
    language: str
    """Language of the resource's own text, empty where nothing says."""
    types: Sequence[Value]
    properties: Sequence[Property]
    inverse: Sequence[Inverse]
    graphs: Sequence[Graph]
    anchors: Sequence[Anchor]

    @property
    def type_iris(self) -> frozenset[str]:
        """The classes of the resource."""
        return frozenset(value.iri for value in self.types)

    def values(self, iri: str) -> Sequence[Value]:
        """Return the values of a property."""
        return next((p.values for p in self.properties if p.iri == iri), ())


def view(lane: PageLane, labels: Labels, iri: str, language: str) -> View:
    """Collect what the page of a resource shows.

    Args:
        lane: this request's worker.
        labels: names, in the reader's language.
        iri: a resource that exists.
        language: the reader's.
    """
    heading = labels(iri)
    stated: dict[tuple[str, Term], set[str]] = {}
    for row in lane.select(query("statements"), {"resource": ox.NamedNode(iri)}):
        stated.setdefault((name(row["property"]), row["value"]), set()).add(name(row["graph"]))
    counts = Counter(graph for graphs in stated.values() for graph in graphs)
    numbers = {graph: number for number, graph in enumerate(sorted(counts), 1)}
    by_property: dict[str, list[Value]] = {}
    for (property_iri, term), graphs in stated.items():
        of_document = property_iri not in _NO_WORDS and any(_IN_TEXT_GRAPHS.search(graph) for graph in graphs)
        where = tuple(sorted(numbers[graph] for graph in graphs))
        own = heading.language if of_document else ""
        by_property.setdefault(property_iri, []).append(_value(lane, labels, term, where, own, language))
    types = by_property.pop(RDF_TYPE, [])
    return View(
        iri,
        heading,
        heading.language,
        sorted(types, key=lambda v: (not v.iri.startswith(MSE), v.iri)),
        sorted((_property(lane, labels, p, vs) for p, vs in by_property.items()), key=_order),
        _inverse(lane, labels, iri),
        [_graph(lane, labels, graph, number, counts[graph]) for graph, number in numbers.items()],
        _anchors(lane, labels, iri),
    )


def inverse_page(lane: PageLane, labels: Labels, iri: str, property_iri: str, number: int) -> Inverse:
    """Return one page of the things that point to a resource by one property.

    Raises:
        NotFound: there is no such property, or no such page.
    """
    count = _counts(lane, iri).get(property_iri, 0)
    if not count:  # the address may say anything: only what is there is asked for
        said = f"Nothing points to <{iri}> by {property_iri[:300]!r}."
        raise NotFound(Words(said, f"Ingenting peker til <{iri}> med {property_iri[:300]!r}."))
    # A store elsewhere promises no order without ORDER BY.
    as_stored = count > ORDERED and lanes().settings.store is None
    things = _pointing(lane, iri, property_iri, "inverse_as_stored" if as_stored else "inverse")
    return _group(lane, labels, property_iri, things, number, PAGE)


def _value(
    lane: PageLane, labels: Labels, term: Term, graphs: tuple[int, ...], own_language: str, language: str
) -> Value:
    if not isinstance(term, ox.Literal):
        return link(lane, labels, name(term), graphs)
    datatype = term.datatype.value
    if datatype == XSD + "boolean":
        return Value(Text(i18n.text("yes" if term.value == "true" else "no", language), language), graphs=graphs)
    if term.language or datatype == XSD + "string":
        href = None if term.language else outside_link(term.value)
        words = Text(term.value, term.language or ("" if href else own_language))
        return Value(words, href=href, outside=True, graphs=graphs)
    href = outside_link(term.value) if datatype == XSD + "anyURI" else None
    plain = datatype.startswith(XSD)
    return Value(Text(term.value), href=href, outside=True, datatype="" if plain else datatype, graphs=graphs)


def _property(lane: PageLane, labels: Labels, iri: str, values: list[Value]) -> Property:
    head = link(lane, labels, iri)
    return Property(iri, head.text, None if head.outside else head.href, values)


def _order(shown: Property) -> tuple[int, str, str]:
    first = _HEAD.index(shown.iri) if shown.iri in _HEAD else len(_HEAD)
    return first, shown.label.text.casefold(), shown.iri


def _inverse(lane: PageLane, labels: Labels, iri: str) -> list[Inverse]:
    if iri == ONTOLOGY:
        return []  # its page lists its terms, which are all that points to it
    counts = _counts(lane, iri)
    groups = [_first(lane, labels, iri, property_iri, count) for property_iri, count in counts.items()]
    return sorted(groups, key=lambda group: (group.label.text.casefold(), group.iri))


def _counts(lane: PageLane, iri: str) -> dict[str, int]:
    """Return how many things point to a resource by each property."""
    rows = KeptReader(lane).rows("inverse_counts", resource=iri)
    return {name(row["property"]): int(of(row, "count")) for row in rows if "property" in row}


def _first(lane: PageLane, labels: Labels, iri: str, property_iri: str, count: int) -> Inverse:
    by = "inverse_any" if count > ORDERED else "inverse_first" if count > FIRST else "inverse"
    things = _pointing(lane, iri, property_iri, by)
    group = _group(lane, labels, property_iri, things, 1, FIRST)
    return replace(group, page=replace(group.page, total=count))


def _pointing(lane: PageLane, iri: str, property_iri: str, by: str = "inverse") -> list[str]:
    rows = KeptReader(lane).rows(by, resource=iri, property=property_iri)
    return [name(row["thing"]) for row in rows if "thing" in row]


def _group(lane: PageLane, labels: Labels, iri: str, things: list[str], number: int, size: int) -> Inverse:
    head = link(lane, labels, iri)
    return Inverse(iri, head.text, None if head.outside else head.href, cut(things, number, size, lane, labels))


def _graph(lane: PageLane, labels: Labels, iri: str, number: int, count: int) -> Graph:
    files: dict[str, SourceFile] = {}
    loaders: dict[tuple[str, str], None] = {}
    total = 0
    for row in KeptReader(lane).rows("provenance", resource=iri):
        if "file" in row:
            file = name(row["file"])
            parts = [of(row, part) for part in ("path", "sha256", "issued", "rights")]
            value = link(lane, labels, file)
            if parts[0]:
                value = replace(value, text=Text(parts[0]))
            files.setdefault(file, SourceFile(value, *parts[1:]))
        elif "files" in row:
            total = int(of(row, "files"))
        elif "activity" in row:
            loaders[of(row, "loader") or labels(name(row["activity"])).text, of(row, "version")] = None
    return Graph(
        number, link(lane, labels, iri), count, list(files.values()), list(loaders), max(0, total - len(files))
    )


def _anchors(lane: PageLane, labels: Labels, iri: str) -> list[Anchor]:
    return [
        Anchor(
            link(lane, labels, name(row["passage"])),
            Text(of(row, "exact"), of(row, "language")),
            of(row, "start"),
            of(row, "end"),
        )
        for row in lane.select(query("anchors"), {"resource": ox.NamedNode(iri)})
    ]
