"""What studies are chosen by on the evidence map and the timeline, as filters whose choices are links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from msevidence.loaders.index_facets import ANY
from msevidence.loaders.index_facets import NONE as NO_RESULTS
from msevidence.server import i18n
from msevidence.server.document_names import document_names
from msevidence.server.filters import NONE, Filter
from msevidence.server.index import index
from msevidence.server.labels import Labels, Text
from msevidence.server.pages_links import Value, link
from msevidence.server.store import PageLane
from msevidence.server.study_profile import DESIGNS, PHASES, RESULTS, Profile

PROPERTIES = {"transplantation": "transplantation", "ms-type": "msType", "document": "inDocument"}
"""Filter → property whose values, concepts or documents, it has."""
HAS_RESULTS = (ANY, *RESULTS, NO_RESULTS)
"""What is chosen by: the values of the facet of lists."""


def filters(profiles: Sequence[Profile], labels: Labels, language: str, keys: Sequence[str]) -> list[Filter[Profile]]:
    """Return the filters of these names.

    Args:
        profiles: all studies of the page.
        labels: what concepts and documents are called.
        language: of the interface.
        keys: transplantation, ms-type, document, design, status or results.
    """
    return [_filter(key, profiles, labels, language) for key in keys]


def _filter(key: str, profiles: Sequence[Profile], labels: Labels, language: str) -> Filter[Profile]:
    heading = i18n.text(f"filter-{key}", language)
    if key in PROPERTIES:
        name = PROPERTIES[key]
        iris = {_key(value): value for profile in profiles for value in profile.values(name)}
        none = Text(i18n.text("map-not-stated", language), language)
        schemes, there = {value.rpartition("/")[0] for value in iris.values()}, index(labels.release)

        def called(value: str) -> Text:
            return labels(iris[value]) if value in iris else none if value == NONE else Text(value)

        def values(profile: Profile) -> Collection[str]:
            return [_key(value) for value in profile.values(name)] or [NONE]

        def known(value: str) -> bool:
            return any(there.label(f"{scheme}/{value}", language) is not None for scheme in schemes)

        return Filter(key, heading, values, called, known=known)
    if key == "design":
        return Filter(key, heading, lambda p: [p.design], _words("map-design", DESIGNS, language), list(DESIGNS))
    if key == "status":
        return Filter(key, heading, lambda p: [p.phase], _words("map-phase", PHASES, language), PHASES)
    return Filter(key, heading, lambda p: p.result_kinds, _words("map-choose", HAS_RESULTS, language), HAS_RESULTS)


def _words(prefix: str, known: Collection[str], language: str) -> Callable[[str], Text]:
    """Return what calls a value by a text of the interface, and one that there is no text for as it is."""

    def called(value: str) -> Text:
        return Text(i18n.text(f"{prefix}-{value}", language), language) if value in known else Text(value)

    return called


def documents(lane: PageLane, labels: Labels, profiles: Sequence[Profile]) -> Mapping[str, Value]:
    """Return the documents that speak of these studies by the short name that the page has for them."""
    found, names = {one for profile in profiles for one in profile.values("inDocument")}, document_names(lane)
    return {names.get(iri, _key(iri)): link(lane, labels, iri) for iri in sorted(found)}


def _key(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]
