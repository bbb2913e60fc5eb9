"""What documents and registries say of a study, read with a few queries and grouped by the thing that says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import pyoxigraph as ox

from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, cell
from msevidence.server.labels import RDF_TYPE, Labels, Text, query, short
from msevidence.server.lexer import tokens
from msevidence.server.page_reader import KeptReader, Row
from msevidence.server.pages_links import MSE, Value, link, name
from msevidence.server.settings import Settings
from msevidence.server.store import PageLane
from msevidence.server.wire import Term


@dataclass(frozen=True, slots=True)
class Thing:
    """A node with what is stated of it: property (``participants``, ``dcterms:source``) → values."""

    iri: str
    values: Mapping[str, Sequence[Term]]

    def is_a(self, kind: str) -> bool:
        """Say whether it is of a class of this ontology, by its local name."""
        return any(name(value) == MSE + kind for value in self.values.get("rdf:type", ()))

    def texts(self, key: str) -> list[str]:
        """Return the values of a property as text."""
        return [value.value for value in self.values.get(key, ()) if isinstance(value, ox.NamedNode | ox.Literal)]

    def first(self, key: str) -> str:
        """Return the first value of a property, empty where there is none."""
        return next(iter(self.texts(key)), "")

    def words(self, key: str, language: str = "") -> Text:
        """Return the first value of a property with its language; ``language`` where the literal has none."""
        for value in self.values.get(key, ()):
            if isinstance(value, ox.Literal):
                return Text(value.value, value.language or language)
        return Text("")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a document."""

    iri: str
    text: str
    language: str
    document: str
    ordinal: int


def grouped(rows: Iterable[Mapping[str, Term]], subject: str) -> dict[str, Thing]:
    """Return the things that rows of subject, property and value tell of, by IRI, in the order of the rows."""
    found: dict[str, dict[str, list[Term]]] = {}
    for row in rows:
        if subject in row and "value" in row:
            values = found.setdefault(name(row[subject]), {}).setdefault(_key(name(row["property"])), [])
            if row["value"] not in values:
                values.append(row["value"])
    return {iri: Thing(iri, values) for iri, values in found.items()}


def _key(iri: str) -> str:
    if iri == RDF_TYPE:
        return "rdf:type"
    return iri.removeprefix(MSE) if iri.startswith(MSE) else short(iri)


@dataclass
class Reading:
    """A page's worker, names, and what was read of one study."""

    lane: PageLane
    labels: Labels
    language: str
    iri: str
    _links: dict[str, Value] = field(default_factory=dict)

    def select(self, name: str) -> Sequence[Row]:
        """Ask ``queries/<name>.rq`` of the study."""
        return KeptReader(self.lane).select(query(name), {"resource": ox.NamedNode(self.iri)})

    @cached_property
    def things(self) -> dict[str, Thing]:
        """Descriptions, arms, results, expectations, quotations, mentions, interests and disagreements."""
        return dict(sorted(grouped(self.select("study_things"), "thing").items()))

    @cached_property
    def passages(self) -> dict[str, Passage]:
        """The passages that these are stated in, in reading order."""
        found = {
            iri: Passage(
                iri,
                thing.first("text"),
                thing.first("dcterms:language"),
                thing.first("oa:hasSource"),
                int(thing.first("ordinal") or 0),
            )
            for iri, thing in grouped(self.select("study_passages"), "passage").items()
        }
        return dict(sorted(found.items(), key=lambda item: (item[1].document, item[1].ordinal, item[0])))

    def of_kind(self, kind: str) -> list[Thing]:
        """Return the things of a class, in the order of the documents."""
        order = {iri: number for number, iri in enumerate(self.passages)}
        found = [thing for thing in self.things.values() if thing.is_a(kind)]
        return sorted(found, key=lambda t: (t.first("inDocument"), min((order[p] for p in self.stated(t)), default=0)))

    def stated(self, thing: Thing) -> list[str]:
        """Return the passages that a thing is stated in, in reading order."""
        there = set(thing.texts("statedIn"))
        return [iri for iri in self.passages if iri in there]

    def document_language(self, thing: Thing) -> str:
        """Return the language of the document that says a thing."""
        return next((self.passages[p].language for p in self.stated(thing)), "")

    def link(self, iri: str) -> Value:
        """Return a thing as a link by its name."""
        if iri not in self._links:
            self._links[iri] = link(self.lane, self.labels, iri)
        return self._links[iri]

    def cell(self, iri: str) -> Cell:
        """Return a thing as a cell of a table, with its link."""
        return cell(self.link(iri))

    def document(self, thing: Thing, passage: str = "", more: str = "") -> Cell:
        """Return who says a thing: the document's short name, as a link to the passage or the thing itself."""
        document = thing.first("inDocument")
        said = document_names(self.lane).get(document, document.rpartition("/")[2])
        to = passage or thing.iri
        value = self.link(to)
        shown = Value(Text(f"{said}, {more}" if more else said), to, value.href, value.outside)
        return cell(shown)


def behind(name: str, iri: str) -> str:
    """Return the text of a page's query for one thing, as it runs at the endpoint: its IRI in place of ``?resource``.

    A VALUES block would say the same, but the engine would then read the whole graph before it looks at the block.
    """
    return str(ox.NamedNode(iri)).join(_around(name))


@cache
def _around(name: str) -> list[str]:
    """Return what stands between the places of ``?resource`` in a query, which does not select it."""
    text, limits = query(name), Settings()
    text = re.sub(r"(SELECT (?:DISTINCT )?)\?resource ", r"\1", text, count=1)
    found, last = [], 0
    for token in tokens(text, max_tokens=limits.max_tokens, max_depth=limits.max_depth):
        if (token.kind, token.text) == ("variable", "?resource"):
            found.append(text[last : token.start])
            last = token.start + len(token.text)
    return [*found, text[last:]]
