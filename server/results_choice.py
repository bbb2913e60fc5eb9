"""Which results a page shows: the values in the address, what there is to choose, and the query of the same choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.binding import with_values
from msevidence.server.errors import NotFound, Words
from msevidence.server.labels import query
from msevidence.server.results_model import Result

FACETS = ("outcome", "study", "document", "in", "harm", "quote")
VARIABLES = {"outcome": "onOutcome", "study": "onStudy", "document": "onDocument", "in": "onTable"}
DOUBT = "doubtful"


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be chosen."""

    value: str
    """As the address has it; empty for all."""
    iri: str
    count: int
    """Results that would be shown."""
    chosen: bool


def values(result: Result, facet: str) -> Sequence[str]:
    """Return what a result has of a facet: IRIs, or words."""
    if facet == "outcome":
        return result.outcomes
    if facet == "harm":
        return ["yes" if result.harm else "no"]
    if facet == "quote":
        return [DOUBT] if result.doubtful else []
    one = {"study": result.study, "document": result.document, "in": result.table}[facet]
    return [one] if one else []


def short(value: str) -> str:
    """Return a value as the address has it: the last part of an IRI.

    >>> short("https://w3id.org/msevidence/study/mist"), short("yes")
    ('mist', 'yes')
    """
    return value.rpartition("/")[2]


def chosen(results: Iterable[Result], asked: Mapping[str, str], but: str = "") -> list[Result]:
    """Return the results that have all the values asked for, save those of one facet."""
    wanted = {facet: value for facet, value in asked.items() if facet != but}
    return [r for r in results if all(value in map(short, values(r, facet)) for facet, value in wanted.items())]


def options(results: Sequence[Result], asked: Mapping[str, str], *, narrowed: bool = False) -> dict[str, list[Option]]:
    """Return what each facet has to choose, with how many results each choice shows, the chosen one marked.

    Args:
        results: those to choose from.
        asked: what is chosen.
        narrowed: the results were chosen by something else already.

    Raises:
        NotFound: a value asked for is that of no result.
    """
    found = {}
    for facet in FACETS:
        of_all = {short(value): value for result in results for value in values(result, facet)}
        value = asked.get(facet, "")
        if value and value not in of_all and facet not in ("harm", "quote"):
            raise no_such(facet, value, narrowed=narrowed)
        counts = Counter(v for r in chosen(results, asked, but=facet) for v in set(map(short, values(r, facet))))
        keys = [key for key in of_all if counts[key] or key == value]
        found[facet] = [Option(key, of_all[key], counts[key], key == value) for key in keys]
    return found


def no_such(facet: str, value: str, *, narrowed: bool = False) -> NotFound:
    """Return the error that says that no result has a value; of those chosen by something else, where they were."""
    en, nb = (i18n.text(f"results-facet-{facet}", language).lower() for language in ("en", "nb"))
    fits, passer = (" that fits the rest", " som passer med resten,") if narrowed else ("", "")
    said = f"No result{fits} has {value[:100]!r} as its {facet} ({en})."
    return NotFound(Words(said, f"Ingen resultater{passer} har {value[:100]!r} som {facet} ({nb})."))


@lru_cache(maxsize=512)
def _with(bound: tuple[tuple[str, ox.NamedNode | ox.Literal], ...]) -> str:
    """Return the query with these values: it is taken apart into its words for them, which takes a while."""
    return with_values(query("results"), dict(bound)) if bound else query("results")


def behind(results: Sequence[Result], asked: Mapping[str, str], **more: ox.NamedNode | ox.Literal) -> str:
    """Return the query of a choice, as it runs at the endpoint; what is chosen by findings is not in it.

    Args:
        results: to which what is chosen leads, where it is not an IRI.
        asked: what is chosen, as in the address or as IRIs.
        more: values of further variables.
    """
    bound: dict[str, ox.NamedNode | ox.Literal] = {}
    for facet, variable in VARIABLES.items():
        if value := asked.get(facet):
            of_results = (v for r in results for v in values(r, facet) if short(v) == value)
            bound[variable] = ox.NamedNode(value if ":" in value else next(of_results))
    if harm := asked.get("harm"):
        bound["onHarm"] = ox.Literal(harm == "yes")
    bound.update(more)
    return _with(tuple(sorted(bound.items(), key=str)))
