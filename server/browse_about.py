"""What stands above a list: what the chosen terms mean, and how many statuses are no longer so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.server import browse_status, i18n
from msevidence.server.browse_asked import Asked
from msevidence.server.browse_columns import Rows
from msevidence.server.exhibits import Cell, cell, words
from msevidence.server.facets import Facets
from msevidence.server.labels import PREFIXES, Labels, choose
from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import link, name
from msevidence.server.store import PageLane

REPORTED, REGISTERED = "status-as-reported", "status-as-registered"
ENOUGH = 50
"""Values of a facet that tell whether its values are concepts: there may be thousands, which are of one kind."""
SCHEME = (PREFIXES["skos"] + "ConceptScheme",)


def meanings(
    lane: PageLane, labels: Labels, language: str, asked: Asked, concept: Callable[[str], bool]
) -> list[tuple[Cell, Cell]]:
    """Return the concepts that a list is narrowed to, as links to their pages, with their definitions."""
    chosen = [value for values in asked.choice.values.values() for value in values if concept(value)]
    found: dict[str, list[ox.Literal]] = {}
    for row in rows_of(lane, "concept_definitions", chosen):
        if isinstance(value := row["definition"], ox.Literal):
            found.setdefault(name(row["item"]), []).append(value)
    return [(cell(link(lane, labels, iri)), words(choose(found[iri], language))) for iri in chosen if iri in found]


def scheme_of(lane: PageLane, labels: Labels, facets: Facets, rows: Rows, values: Sequence[str]) -> Cell | None:
    """Return the scheme that the values of a facet are of, as a link; None where they are no concepts."""
    first = next((value for value in values if rows.concept(value)), None)
    scheme = first.rpartition("/")[0] if first else ""
    return cell(link(lane, labels, scheme)) if scheme and facets.first_class(scheme, SCHEME) else None


def statuses(
    lane: PageLane, labels: Labels, language: str, facets: Facets, asked: Asked, iris: Sequence[str]
) -> Mapping[str, Any]:
    """Return how many studies of a list have a later status in a registry, and the list without them.

    Returns:
        ``said``: the sentence; ``studies``: their names with the later status; ``agreeing``: the list in which no
        study has only such a status, where one status as reported is chosen, else None. Nothing where there is none.
    """
    known = browse_status.differences(lane, iris)
    later = {iri: known[iri] for iri in iris if iri in known and known[iri].later}
    if not later:
        return {}
    chosen = asked.choice.values.get(REPORTED, ())
    total = i18n.number(len(iris), language)
    narrowed = None
    if len(chosen) == 1 and browse_status.goes_on(chosen[0]):
        status = labels(chosen[0]).text
        said = _said("list-no-longer", len(later), language, total=total, status=status)
        if not asked.choice.values.get(REGISTERED):
            there = facets.counts(asked.choice, REGISTERED)
            others = browse_status.agreeing([value for value in there if value != NOT_STATED], chosen[0])
            narrowed = asked.with_values(REGISTERED, [*others, *([NOT_STATED] if NOT_STATED in there else [])])
    else:
        said = _said("list-later-status", len(later), language, total=total)
    studies = [
        (cell(link(lane, labels, iri)), f"{labels(one.registered.value).text}, {one.registered.at}")
        for iri, one in later.items()
    ]
    return {"said": said, "studies": studies, "agreeing": narrowed}


def _said(text: str, count: int, language: str, **values: object) -> str:
    which = f"{text}-one" if count == 1 else f"{text}-many"
    return i18n.text(which, language, count=i18n.number(count, language), **values)
