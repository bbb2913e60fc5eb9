"""The facets of a list as a page shows them: values with counts, each a link that chooses it or lets it go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.server.browse_asked import Asked
from msevidence.server.exhibits import Cell
from msevidence.server.facets import Facets

FEW = 10
"""Values of a facet that are shown at once; the rest are a click away."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet."""

    shown: Cell
    count: int
    chosen: bool
    href: str
    """Of the list with it, or without it where it is chosen."""


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """A facet with its values: those that are chosen first, what is not stated last."""

    name: str
    label: str
    values: Sequence[FacetValue]
    rest: Sequence[FacetValue]


def shown(
    facets: Facets, asked: Asked, facet: str, label: str, name: Callable[[str], Cell], href: Callable[[Asked], str]
) -> ShownFacet:
    """Return a facet as a page shows it.

    Args:
        facets: of the release.
        asked: the list.
        facet: its name in addresses.
        label: what the reader calls it.
        name: of a value.
        href: of a list.
    """
    chosen = asked.choice.values.get(facet, ())
    years = facet.endswith("year")

    def order(one: tuple[str, int]) -> tuple[bool, bool, int, str]:
        value, count = one
        # Years follow one another, the newest first; other values are the more telling the more things have them.
        rank = -int(value) if years and value.isdecimal() else -count
        return value not in chosen, value == NOT_STATED, rank, name(value).text.casefold()

    counts = sorted(facets.counts(asked.choice, facet).items(), key=order)
    values = [FacetValue(name(v), count, v in chosen, href(asked.with_value(facet, v))) for v, count in counts]
    return ShownFacet(facet, label, values[:FEW], values[FEW:])
