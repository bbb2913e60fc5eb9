"""Collecting the statements of one named graph, as pyoxigraph quads.

Python values become the RDF terms that the model uses for them: ``str`` a plain string, ``bool``, ``int`` and
``Decimal`` their XSD types, :class:`Tagged` a language-tagged string, :class:`Typed` any other literal, a ``URIRef``
an IRI. ``None`` states nothing, so that a field that a source does not print leaves no trace.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Triple
from rdflib import RDF, XSD, URIRef

from msevidence.loaders import partial_dates
from msevidence.loaders.document import PartialDate

_XSD = {name: NamedNode(str(XSD) + name) for name in ("integer", "decimal", "boolean", "anyURI")}
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
    """The statements of one named graph, in the order they were made, each once."""

    def __init__(self, graph: URIRef) -> None:
        self.graph = graph
        self._node = NamedNode(str(graph))
        self._quads: dict[Quad, None] = {}

    def add(self, subject: URIRef, predicate: URIRef, *values: Value) -> None:
        """State ``subject predicate value`` for each value that is not ``None``."""
        s, p = NamedNode(str(subject)), NamedNode(str(predicate))
        for value in values:
            if value is not None:
                self._quads[Quad(s, p, to_term(value), self._node)] = None

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
            self._quads[Quad(quad.subject, quad.predicate, quad.object, self._node)] = None

    def replace(self, quads: Iterable[Quad]) -> None:
        """Hold these statements instead of those held so far; they are of the same graph."""
        self._quads = dict.fromkeys(quads)

    def __iter__(self) -> Iterator[Quad]:
        return iter(self._quads)

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Yield subject, predicate and object of each statement as strings: IRIs and the text of literals."""
        for quad in self._quads:
            terms = (quad.subject, quad.predicate, quad.object)
            subject, predicate, obj = (t.value for t in terms if not isinstance(t, Triple))
            yield subject, predicate, obj

    def __len__(self) -> int:
        return len(self._quads)
