"""The statements of a part of a release that stays closed: all that it takes to understand what was chosen.

Closed means: no IRI under the base of the data stands as an object without its class, and the label that the release
has for it (a pointer or a work has none), and the part conforms to the shapes and rules of the release, also alone,
without the files of terms. What is in a part:

- *Inside*: the studies, registrations, publications, claims, results and findings of the scope, the documents that
  were asked for by name, and with such a document all that stands in it or is said of it. Of these, every statement.
- *Their parts*: what points to something inside and is there only to say something of it (``export_rdf_parts.rq``):
  descriptions, arms, results, identity decisions, reference entries, quotations, versions, decisions of the review.
- *What it takes to read them*: whatever these point to, on and on, with every statement: passages, sections, tables,
  pointers, references, expectations, sourced values, verdicts, rules, people, organisations, concepts and schemes.
- *The border*: a study, registration, publication or document that something inside points to, and that is not inside
  itself. Of it: its classes, its texts (labels, titles, numbers, dates, rights) and what these are classified by; not
  its links to others of the four kinds, nor its list of references, sourced values and versions.
- *Where it comes from*: of each named graph used, its source files with their hashes, and the loader; which release.
- *Terms*: each property and class used that the release declares, and the one for what is withheld, with its class,
  label, definition, and what it is a kind of.

Queries go through the lane, 500 things a query, so that each stays small on any store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from msevidence.ontology.iris import InvalidKeyError, Kind, graph_iri, mint, parts
from msevidence.server.exports.rdf_rights import WITHHELD
from msevidence.server.exports.scope import Scope
from msevidence.server.labels import PREFIXES, RDF_TYPE
from msevidence.server.page_reader import rows_of
from msevidence.server.store import PageLane

HUBS = frozenset((Kind.STUDY, Kind.REGISTRATION, Kind.PUBLICATION, Kind.DOCUMENT))
"""Kinds of things that everything else hangs on: one that is not inside is at the border."""
WITH_PARTS = HUBS | {
    *(Kind.ARM, Kind.CLAIM, Kind.FINDING, Kind.LISTED_REFERENCE, Kind.REFERENCE, Kind.RESULT, Kind.STUDY_DESCRIPTION)
}
"""Kinds of things that others belong to. What points to a concept, say, is much, and none of it a part of it."""
_NOT_OF_THE_BORDER = frozenset(PREFIXES["mse"] + name for name in ("hasSourcedValue", "hasVersion", "hasReferenceList"))
_OF_TERMS = frozenset((RDF_TYPE, *(PREFIXES["rdfs"] + name for name in ("subClassOf", "subPropertyOf", "isDefinedBy"))))
_OF_SCHEMES = frozenset((PREFIXES["skos"] + "Concept", PREFIXES["skos"] + "ConceptScheme"))
_VOCABULARIES = tuple(PREFIXES.values())


def part(lane: PageLane, scope: Scope) -> set[ox.Quad]:
    """Return the quads of a part of a release; none is of the default graph.

    Args:
        lane: where the release is asked.
        scope: what was chosen.

    Raises:
        errors.Problem: as the lane.
    """
    chosen = {iri for iri in scope.things if iri not in scope.documents or iri in scope.asked}
    found = _Part(lane, chosen)
    found.add([*chosen, *_of(lane, "export_rdf_of_documents", scope.asked)])
    found.add([mint(Kind.RELEASE, lane.release.id, base=lane.release.base), WITHHELD.value])
    found.add({quad.graph_name.value for quad in found.quads if isinstance(quad.graph_name, ox.NamedNode)})
    return found.quads


class _Part:
    """What has been found so far."""

    def __init__(self, lane: PageLane, inside: set[str]) -> None:
        self._lane, self._base, self._inside = lane, lane.release.base, inside
        self._named = frozenset(str(graph_iri(name, base=self._base)) for name in ("ontology", "release"))
        self._seen: set[str] = set()
        self.quads: set[ox.Quad] = set()

    def add(self, things: Iterable[str]) -> None:
        """Add what is said of things, of their parts, and of what these point to."""
        new = set(things) - self._seen
        while new:
            self._seen |= new
            kept = self._statements(new)
            self.quads |= kept
            with_parts = sorted(iri for iri in new if self._kind(iri) in WITH_PARTS and not self._beyond(iri))
            new = {*_linked(kept), *_of(self._lane, "export_rdf_parts", with_parts)}
            new = {iri for iri in new if iri.startswith((self._base, *_VOCABULARIES))} - self._seen

    def _statements(self, things: set[str]) -> set[ox.Quad]:
        """Return what is said of things, of each as much as its place in the part has."""
        of_thing: dict[str, list[ox.Quad]] = {}
        for row in rows_of(self._lane, "export_rdf_statements", sorted(things)):
            item, graph, name = row["item"], row["graph"], row["property"]
            if isinstance(item, ox.NamedNode) and isinstance(graph, ox.NamedNode) and isinstance(name, ox.NamedNode):
                of_thing.setdefault(item.value, []).append(ox.Quad(item, name, row["value"], graph))
        return {quad for iri, quads in of_thing.items() for quad in self._kept(iri, quads)}

    def _kept(self, iri: str, quads: Sequence[ox.Quad]) -> Iterator[ox.Quad]:
        graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
        types = {
            quad.object.value
            for quad in quads
            if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode)
        }
        if graphs & self._named and not types & _OF_SCHEMES:
            named = (q for q in quads if isinstance(q.graph_name, ox.NamedNode) and q.graph_name.value in self._named)
            return (q for q in named if isinstance(q.object, ox.Literal) or q.predicate.value in _OF_TERMS)
        return (q for q in quads if not self._beyond(iri) or self._of_the_border(q))

    def _of_the_border(self, quad: ox.Quad) -> bool:
        if isinstance(quad.object, ox.NamedNode):
            return quad.predicate.value not in _NOT_OF_THE_BORDER and not self._hub(quad.object.value)
        return True

    def _beyond(self, iri: str) -> bool:
        return self._hub(iri) and iri not in self._inside

    def _hub(self, iri: str) -> bool:
        return self._kind(iri) in HUBS

    def _kind(self, iri: str) -> Kind | None:
        """Return the kind of a thing of the data; None of a term, a concept, or what is elsewhere."""
        try:
            return parts(iri)[0] if iri.startswith(self._base) else None
        except InvalidKeyError:
            return None


def _linked(quads: Iterable[ox.Quad]) -> Iterator[str]:
    for quad in quads:
        yield quad.predicate.value
        if isinstance(quad.object, ox.NamedNode):
            yield quad.object.value


def _of(lane: PageLane, name: str, items: Sequence[str]) -> list[str]:
    things = (row["thing"] for row in rows_of(lane, name, items))
    return sorted({thing.value for thing in things if isinstance(thing, ox.NamedNode)})
