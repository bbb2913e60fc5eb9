"""The facets of a list as a page shows them: values with counts, each a link that chooses it or lets it go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.server.browse_asked import Asked
from msevidence.server.exhibits import Cell

MOST = 200
"""Values of a facet that a page holds; of more, those that most things have."""
LINKED = 50_000
"""Characters that the links of a facet hold together, roughly: each has all that is chosen, so where much is, there
are fewer than MOST."""
FEW = 10
"""Values of a facet that are shown at once; the rest are a click away."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet."""

    shown: Cell
    count: int
    chosen: bool
    href: str
    """Of the list with it, or without it where it is chosen; empty where no more can be chosen."""


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """A facet with its values: those that are chosen first, what is not stated last."""

    name: str
    label: str
    values: Sequence[FacetValue]
    rest: Sequence[FacetValue]
    left_out: int
    """How many values there are beside these."""


def shown(
    counts: Mapping[str, int],
    asked: Asked,
    facet: str,
    label: str,
    name: Callable[[str], Cell],
    href: Callable[[Asked], str],
) -> ShownFacet:
    """Return a facet as a page shows it.

    Args:
        counts: how many things have each of its values.
        asked: the list.
        facet: its name in addresses.
        label: what the reader calls it.
        name: of a value.
        href: of a list.
    """
    chosen = asked.choice.values.get(facet, ())
    years = facet.endswith("year")

    def rank(one: tuple[str, int]) -> tuple[bool, bool, int]:
        value, count = one
        # Years follow one another, the newest first; other values are the more telling the more things have them.
        return value not in chosen, value == NOT_STATED, -int(value) if years and value.isdecimal() else -count

    def order(one: tuple[str, int]) -> tuple[bool, bool, int, str]:
        return *rank(one), name(one[0]).text.casefold()

    there = list(counts.items())
    most = max(FEW, min(MOST, LINKED // len(href(asked))))
    if len(there) > most:  # what a value is called is looked up for those that are shown only
        there = sorted(there, key=lambda one: (*rank(one), one[0]))[:most]
    there.sort(key=order)
    values = [FacetValue(name(v), count, v in chosen, href(asked.with_value(facet, v))) for v, count in there]
    return ShownFacet(facet, label, values[:FEW], values[FEW:], len(counts) - len(there))
