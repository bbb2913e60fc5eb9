"""Collecting the statements of one named graph, as pyoxigraph quads.

Python values become the RDF terms that the model uses for them: ``str`` a plain string, ``bool``, ``int`` and
``Decimal`` their XSD types, :class:`Tagged` a language-tagged string, :class:`Typed` any other literal, a ``URIRef``
an IRI. ``None`` states nothing, so that a field that a source does not print leaves no trace.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import RDF, RDFS, XSD, URIRef

from msevidence.loaders import packed, partial_dates
from msevidence.loaders.document import PartialDate

_XSD = {name: NamedNode(str(XSD) + name) for name in ("integer", "decimal", "boolean", "anyURI")}
_LABEL = NamedNode(str(RDFS.label))
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class Tagged:
    """A string in a language (BCP 47 tag)."""

    text: str
    language: str


@dataclass(frozen=True)
class Typed:
    """A literal of an XSD datatype, given by its local name."""

    text: str
    datatype: str


def year(printed: str | None) -> Typed | None:
    """Return a printed year as xsd:gYear, where it is four digits and nothing else (not ``2023 (accessed)``)."""
    return Typed(printed, "gYear") if printed is not None and _YEAR.fullmatch(printed) else None


def english(text: str | None) -> Tagged | None:
    """Return what a curator wrote (in English, the working language of the data) with its language."""
    return None if text is None else Tagged(text, "en")


Subject: TypeAlias = NamedNode | BlankNode | Triple
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Statement: TypeAlias = tuple[Subject, NamedNode, Term]
"""Subject, predicate and object."""
Value: TypeAlias = URIRef | Tagged | Typed | PartialDate | str | bool | int | Decimal | None


def partial_date(value: str) -> Typed:
    """Return ``2024``, ``2024-05`` or ``2024-05-31`` as xsd:gYear, xsd:gYearMonth or xsd:date."""
    return Typed(value, partial_dates.datatype(value))


def to_term(value: URIRef | Tagged | Typed | PartialDate | str | bool | int | Decimal) -> NamedNode | Literal:
    """Return the RDF term of a Python value; see the module's text."""
    match value:
        case URIRef():
            return NamedNode(str(value))
        case Tagged():
            return Literal(value.text, language=value.language)
        case Typed():
            return Literal(value.text, datatype=_XSD.get(value.datatype) or NamedNode(str(XSD) + value.datatype))
        case PartialDate():
            return to_term(partial_date(value.value))
        case bool():
            return Literal("true" if value else "false", datatype=_XSD["boolean"])
        case int():
            return Literal(str(value), datatype=_XSD["integer"])
        case Decimal():
            return Literal(str(value), datatype=_XSD["decimal"])
    return Literal(value)


class Statements:
    """The statements of one named graph, in the order they were made, each once.

    A term that stands in several of them is held once: quads, of which each has its own copy of every term, take
    twice the memory or more. They are made when they are asked for. Statements that are complete can be packed.
    """

    def __init__(self, graph: URIRef) -> None:
        self.graph = graph
        self._node = NamedNode(str(graph))
        self._triples: dict[Statement, None] = {}
        self._nodes: dict[NamedNode, NamedNode] = {}
        """Each node, as it is held."""
        self._packed: tuple[bytes, ...] = ()
        """All of them, where they are packed; then none is held otherwise."""
        self._number_packed = 0

    def add(self, subject: URIRef, predicate: URIRef, *values: Value) -> None:
        """State ``subject predicate value`` for each value that is not ``None``."""
        s, p = NamedNode(str(subject)), NamedNode(str(predicate))
        for value in values:
            if value is not None:
                self._hold(s, p, to_term(value))

    def node(
        self, subject: URIRef, types: URIRef | Iterable[URIRef], properties: Mapping[URIRef, Value | Iterable[Value]]
    ) -> URIRef:
        """State the types and properties of ``subject`` and return it; a list or tuple states each of its values."""
        self.add(subject, RDF.type, *([types] if isinstance(types, URIRef) else types))
        for predicate, value in properties.items():
            if isinstance(value, list | tuple | set | frozenset):
                self.add(subject, predicate, *value)
            else:
                self.add(subject, predicate, value)  # type: ignore[arg-type]
        return subject

    def extend(self, triples: Iterable[Quad]) -> None:
        """Take in parsed statements; the graph they were parsed with is not kept."""
        for quad in triples:
            self._hold(quad.subject, quad.predicate, quad.object)

    def pack(self, least: int = 0) -> None:
        """Hold the statements as compressed lines, if there are so many; what changes them later unpacks them."""
        if len(self._triples) > least:
            self._packed, self._number_packed = packed.pack(self), len(self)
            self._triples, self._nodes = {}, {}

    def rename(self, renamed: Mapping[NamedNode, NamedNode]) -> None:
        """Have things stand under the IRIs kept for them; see :func:`renamed_terms`."""
        was_packed = bool(self._packed)
        if was_packed and not any(s in renamed or o in renamed for s, _, o in self.triples()):
            return
        triples = list(self.triples())
        self._clear()
        for triple in triples:
            self._hold(*renamed_terms(triple, renamed))
        if was_packed:
            self.pack()

    def drop(self, subjects: Collection[NamedNode], predicates: Collection[NamedNode]) -> None:
        """Hold what is said of these things by these predicates no more."""
        self._unpack()
        for triple in [t for t in self._triples if t[0] in subjects and t[1] in predicates]:
            del self._triples[triple]

    def triples(self) -> Iterator[Statement]:
        """Yield subject, predicate and object of each statement."""
        if not self._packed:
            yield from self._triples
        for subject, predicate, value, _ in packed.unpack(self._packed):
            yield subject, predicate, value

    def lines(self) -> Iterator[Quad | bytes]:
        """Yield the statements as they are held: as quads, or as whole lines of N-Quads where they are packed."""
        return packed.lines(self._packed) if self._packed else iter(self)

    def __iter__(self) -> Iterator[Quad]:
        for subject, predicate, value in self._triples:
            yield Quad(subject, predicate, value, self._node)
        yield from packed.unpack(self._packed)

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Yield subject, predicate and object of each statement as strings: IRIs and the text of literals."""
        for terms in self.triples():
            subject, predicate, obj = (t.value for t in terms if not isinstance(t, Triple))
            yield subject, predicate, obj

    def __len__(self) -> int:
        return len(self._triples) + self._number_packed

    def _clear(self) -> None:
        self._triples, self._nodes = {}, {}
        self._packed, self._number_packed = (), 0

    def _unpack(self) -> None:
        if self._packed:
            quads = packed.unpack(self._packed)
            self._clear()
            self.extend(quads)

    def _hold(self, subject: Subject, predicate: NamedNode, value: Term) -> None:
        if self._packed:
            self._unpack()
        nodes = self._nodes
        if isinstance(subject, NamedNode):
            subject = nodes.setdefault(subject, subject)
        if isinstance(value, NamedNode):
            value = nodes.setdefault(value, value)
        self._triples[subject, nodes.setdefault(predicate, predicate), value] = None


def renamed_terms(statement: Statement, renamed: Mapping[NamedNode, NamedNode]) -> Statement:
    """Return a statement with things under the IRIs kept for them.

    A label stays with the IRI that was given up, which would have none without it; the one that is kept has its own.
    """
    subject, predicate, value = statement
    if predicate == _LABEL:
        return statement
    if isinstance(subject, NamedNode):
        subject = renamed.get(subject, subject)
    if isinstance(value, NamedNode):
        value = renamed.get(value, value)
    return subject, predicate, value
