"""A concept: what it means, its place in its scheme, and what has it; and a scheme: its concepts with what has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.browse_columns import KINDS
from msevidence.server.concept_uses import Use, list_address, uses
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Row, Table, cell, cells, words
from msevidence.server.facets import Facets
from msevidence.server.labels import PREFIXES, Labels, choose, query
from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.pages_view import View
from msevidence.server.sections.facts import Fact, FactSections
from msevidence.server.store import PageLane

SKOS = PREFIXES["skos"]
SAID = ("prefLabel", "altLabel", "definition", "scopeNote", "broader", "inScheme")
"""Properties of SKOS that the page of a concept begins with."""
NARROWER, SIBLINGS, CONCEPTS = "narrower", "siblings", "concepts"
LISTS = (NARROWER, SIBLINGS, CONCEPTS)
"""Tables of concepts."""
COLUMNS = ("concept", "definition", "has", "thing", "words", "study", "document")


@dataclass(slots=True)
class _Concept:
    broader: set[str] = field(default_factory=set)
    definitions: list[ox.Literal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ConceptSections(FactSections):
    """A concept or a scheme."""

    template: str = "concept.html"
    uses: Sequence[tuple[Use, Table]] = ()
    """What has the concept, with the first of it."""
    concept: bool = True


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> ConceptSections:
    """Return what the page of a concept shows."""
    made = _Made(lane, labels, language)
    schemes = [value.iri for value in view.values(SKOS + "inScheme")]
    known = {iri: one for scheme in schemes for iri, one in made.scheme(scheme).items()}
    own = known.get(view.iri, _Concept())
    below = _below(known, view.iri)
    beside = [iri for iri, one in known.items() if iri not in (view.iri, *below) and one.broader == own.broader]
    used = uses(lane, labels, made.facets, view.iri)
    shown = [(use, made.things(use)) for use in used]
    lists = [made.concepts(NARROWER, below, known), made.concepts(SIBLINGS, made.sorted(beside), known)]
    kept = [table for table in lists if table.rows]
    return ConceptSections(tables=[*(table for _, table in shown), *kept], facts=made.facts(view), uses=shown)


def scheme_sections(lane: PageLane, labels: Labels, view: View, language: str) -> ConceptSections:
    """Return what the page of a scheme shows."""
    made = _Made(lane, labels, language)
    known = made.scheme(view.iri)
    tops = made.sorted([iri for iri, one in known.items() if not one.broader & known.keys()])
    tree = list(dict.fromkeys(iri for top in tops for iri in (top, *_below(known, top))))
    rest = [iri for iri in known if iri not in tree]
    table = made.concepts(CONCEPTS, [*tree, *rest], known)
    return ConceptSections(tables=[table], facts=made.facts(view), concept=False)


def _below(known: Mapping[str, _Concept], top: str) -> list[str]:
    """Return what is narrower than a concept, however far down, each once, what is below another after it."""
    found: dict[str, None] = {}

    def add(broader: str) -> None:
        for iri, one in known.items():
            if broader in one.broader and iri not in found and iri != top:
                found[iri] = None
                add(iri)

    add(top)
    return list(found)


class _Made:
    def __init__(self, lane: PageLane, labels: Labels, language: str) -> None:
        self.lane, self.labels, self.language = lane, labels, language
        self.facets = Facets(lane.release, language)

    def scheme(self, iri: str) -> Mapping[str, _Concept]:
        """Return the concepts of a scheme."""
        found: dict[str, _Concept] = {}
        for row in self.lane.select(query("concept_scheme"), {"scheme": ox.NamedNode(iri)}):
            if "concept" not in row:
                continue
            one = found.setdefault(name(row["concept"]), _Concept())
            if "broader" in row:
                one.broader.add(name(row["broader"]))
            if isinstance(value := row.get("definition"), ox.Literal) and value not in one.definitions:
                one.definitions.append(value)
        return found

    def facts(self, view: View) -> list[Fact]:
        """Return what is said of it, in every language in which it is said, the reader's first."""

        def order(value: Value) -> bool:
            return value.text.language != self.language

        return [
            (self._text(f"said-{local.lower()}"), [self._said(value) for value in sorted(values, key=order)])
            for local in SAID
            if (values := view.values(SKOS + local))
        ]

    def _said(self, value: Value) -> Cell:
        return cell(value) if value.iri else words(value.text)

    def sorted(self, iris: Sequence[str]) -> list[str]:
        """Return concepts by their names."""
        return sorted(iris, key=lambda iri: self.labels(iri).text.casefold())

    def concepts(self, key: str, iris: Sequence[str], known: Mapping[str, _Concept]) -> Table:
        """Return concepts as a table: name, definition, and how much has each, as links to the lists."""
        having: dict[str, list[Cell]] = {}
        for one in self.facets.having(iris):
            text = f"{self.called(one.class_iri)}: {i18n.number(one.count, self.language)}"
            having.setdefault(one.value, []).append(Cell(text, None, list_address(self.facets, one)))
        rows: list[Row] = [
            {
                "concept": self._link(iri),
                **({"definition": words(choose(d, self.language))} if (d := known[iri].definitions) else {}),
                "has": having.get(iri, ()),
            }
            for iri in iris
        ]
        columns = [self._column("concept", True), self._column("definition"), self._column("has")]
        return Table(key, self._text(key), columns, rows)

    def things(self, use: Use) -> Table:
        """Return the first things that have a concept, with the words of their source, their study and document."""
        found: dict[str, dict[str, list[Cell]]] = {iri: {"thing": [self._link(iri)]} for iri in use.first}
        short = document_names(self.lane)
        spoken: dict[tuple[str, str], set[str]] = {}
        for row in rows_of(self.lane, "concept_things", use.first):
            item, what, value = name(row["item"]), of(row, "what"), of(row, "value")
            there = found[item].setdefault(what, [])
            if what == "words":
                spoken.setdefault((item, value), set()).add(of(row, "language"))
                shown = Cell(value, "")
            else:
                shown = self._link(value)
                shown = replace(shown, text=short.get(value, shown.text)) if what == "document" else shown
            if shown not in there:
                there.append(shown)
        for (item, value), languages in spoken.items():
            if len(languages) == 1:
                spot = found[item]["words"].index(Cell(value, ""))
                found[item]["words"][spot] = Cell(value, next(iter(languages)))
        columns = [self._column("thing", True), self._column("words"), self._column("study", True)]
        columns.append(self._column("document", True))
        columns = [one for one in columns if any(cells(row, one.key) for row in found.values())]
        return Table(use.key, f"{self.called(use.class_iri)}: {use.by.text}", columns, list(found.values()))

    def called(self, class_iri: str) -> str:
        """Return what things of a class are called, the plural where there is one."""
        kind = KINDS.get(class_iri)
        return i18n.text(kind.key, self.language) if kind else self.labels(class_iri).text

    def _link(self, iri: str) -> Cell:
        return cell(link(self.lane, self.labels, iri))

    def _column(self, key: str, iris: bool = False) -> Column:
        return Column(key, self._text(f"column-{key}"), iris)

    def _text(self, key: str) -> str:
        return i18n.text(f"concept-{key}", self.language)
