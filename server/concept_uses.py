"""What has a concept as its value: by class, how many, where the list of them is, and the first of them.

Where a facet has the value, the index tells it, by however long a path the thing has it; what no facet has is asked of
the graph, by property and class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from flask import url_for

from msevidence.ontology.index_rules import facets as rules
from msevidence.server.browse_asked import tokens_of
from msevidence.server.browse_classes import GROUPS, key_of
from msevidence.server.facets import Choice, Facets, Having
from msevidence.server.labels import Labels, Text, query
from msevidence.server.pages_links import MSE, ORDERED, name, of
from msevidence.server.store import PageLane

FIRST = 10
"""Things of a class that a concept's page shows: the limit of ``concept_first.rq``."""
_ORDER = [key for keys in GROUPS.values() for key in keys]


@dataclass(frozen=True, slots=True)
class Use:
    """The things of a class that have a concept by a facet, or by a property."""

    class_iri: str
    label: Text
    """Of the class."""
    by: Text
    """What the facet or the property is called."""
    count: int
    href: str
    """Of the list of all of them; empty where there is none."""
    first: Sequence[str]
    name: str
    """Of the facet, or the last part of the property's."""
    property_iri: str = ""
    """Where it is by a property, that."""

    @property
    def key(self) -> str:
        """Names it on the page."""
        return f"{key_of(self.class_iri).replace(':', '-')}-{self.name}"


def list_address(facets: Facets, one: Having) -> str:
    """Return the address of the list that is narrowed to a value."""
    token = tokens_of(facets.all_counts(one.class_iri, one.facet))[one.value]
    narrowed: dict[str, Any] = {one.facet: token}
    return url_for("browse.things", key=key_of(one.class_iri), **narrowed)


def uses(lane: PageLane, labels: Labels, facets: Facets, iri: str) -> list[Use]:
    """Return what has a concept, the classes in the order of a reader's interest."""
    having = facets.having([iri])
    found = [_by_facet(lane, labels, facets, one) for one in having]
    covered = {
        (rule.class_iri, path) for rule in rules() for path in rule.paths if _is_of(rule.class_iri, rule.name, having)
    }
    direct = {(class_iri, path[0]) for class_iri, path in covered if len(path) == 1}
    reached = {path[-1] for _, path in covered if len(path) > 1}
    for property_iri, classes in _counted(lane, iri).items():
        if property_iri in reached:
            continue  # the study's description has it, and the study is listed
        found += [
            _by_property(lane, labels, iri, property_iri, class_iri, count)
            for class_iri, count in _ours(classes).items()
            if (class_iri, property_iri) not in direct
        ]
    return sorted(found, key=_order)


def _is_of(class_iri: str, facet: str, having: Sequence[Having]) -> bool:
    return any((one.class_iri, one.facet) == (class_iri, facet) for one in having)


def _by_facet(lane: PageLane, labels: Labels, facets: Facets, one: Having) -> Use:
    choice = Choice(one.class_iri, {one.facet: [one.value]})
    first = facets.ordered(choice, "text", FIRST)  # what stands in a document comes before what does not
    if not (first and facets.is_placed(one.class_iri, first[0])):
        first = facets.ordered(choice, "label", FIRST)
    by = Text(facets.of_class(one.class_iri)[one.facet])
    return Use(one.class_iri, labels(one.class_iri), by, one.count, list_address(facets, one), first, one.facet)


def _by_property(lane: PageLane, labels: Labels, iri: str, property_iri: str, class_iri: str, count: int) -> Use:
    bound = {"resource": iri, "property": property_iri, "class": class_iri}
    by_place = "concept_first" if count <= ORDERED else "concept_any"
    rows = lane.select(query(by_place), {variable: ox.NamedNode(value) for variable, value in bound.items()})
    first = [name(row["thing"]) for row in rows if "thing" in row]
    return Use(
        class_iri,
        labels(class_iri),
        labels(property_iri),
        count,
        "",
        first,
        property_iri.replace("#", "/").rpartition("/")[2],
        property_iri,
    )


def _counted(lane: PageLane, iri: str) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in lane.select(query("concept_uses"), {"resource": ox.NamedNode(iri)}):
        if "class" in row:
            found.setdefault(name(row["property"]), {})[name(row["class"])] = int(of(row, "count"))
    return found


def _ours(classes: Mapping[str, int]) -> Mapping[str, int]:
    """Return the classes of our ontology; where there is none, the one that most of the things are of."""
    ours = {iri: count for iri, count in classes.items() if iri.startswith(MSE)}
    return ours or dict([max(sorted(classes.items()), key=lambda one: one[1])])


def _order(use: Use) -> tuple[int, str, str]:
    key = key_of(use.class_iri)
    return _ORDER.index(key) if key in _ORDER else len(_ORDER), key, use.by.text
