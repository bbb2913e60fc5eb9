"""Which results the page ``/results`` shows where the release has more than are read at once.

The index says which results are of a study, a document or an outcome, and so only those are read that are shown. Where
what is chosen is still too much, the first of it are shown, in the order of the documents, and the page says so; what
the index does not know of a result can be chosen among those that are read, where that is all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.server import cut
from msevidence.server.errors import BadRequest, ResultTooLarge, Words
from msevidence.server.facets import Choice, Facets
from msevidence.server.results_choice import Option, no_such, options, short
from msevidence.server.results_model import Result
from msevidence.server.results_read import RESULT, read
from msevidence.server.store import PageLane
from msevidence.server.stretch import FIRST, first_only
from msevidence.server.studies_first import NO_ROOM

ROOM = 300
"""Results that are read for one view: each takes some two milliseconds, to be read and to be shown."""
OPTIONS = 60
"""Values of a facet that are offered, of those that most results have."""
FACETS = {"outcome": "result-outcome", "study": "result-study", "document": "result-document"}
"""What the address chooses by → facet of the index."""


@dataclass(frozen=True, slots=True)
class Some:
    """Results of a large release."""

    results: tuple[Result, ...]
    """That are read."""
    total: int
    """That fit the study, document and outcome that are chosen."""
    facets: Mapping[str, list[Option]]
    """What there is to choose."""
    iris: Mapping[str, str]
    """Of the study, document and outcome that are chosen, also where no result has all of them."""

    @property
    def of_files(self) -> Mapping[str, str]:
        """What the addresses of files say, where they can not hold all that fit."""
        return {} if self.whole else {FIRST: str(ROOM)}

    @property
    def whole(self) -> bool:
        """Whether all that fit are read."""
        return self.total <= ROOM


def some(lane: PageLane, asked: Mapping[str, str], format: str) -> Some:
    """Return the results that a view shows.

    Args:
        lane: a worker of the pages.
        asked: what the address chooses.
        format: of the answer.

    Raises:
        NotFound: no result has such a study, document or outcome.
        BadRequest: something else is chosen, and too many results fit to be gone through for it.
        ResultTooLarge: a file without a place for a note would have to leave out results.
    """
    facets = Facets(lane.release, "en")
    chosen = {FACETS[key]: [_value(facets, key, asked[key])] for key in FACETS if key in asked}
    choice = Choice(RESULT, chosen)
    fitting = facets.ordered(choice, "text")
    if len(fitting) > ROOM:
        _refuse(asked, format, len(fitting))
    results = read(lane, fitting[:ROOM])
    counts = facets.counts_of(choice, list(FACETS.values()))
    offered = {key: _options(counts[facet], asked.get(key, "")) for key, facet in FACETS.items()}
    others = {key: value for key, value in asked.items() if key not in FACETS}
    within = options(results, others, narrowed=bool(chosen)) if len(fitting) <= ROOM else {}
    iris = {key: chosen[facet][0] for key, facet in FACETS.items() if facet in chosen}
    return Some(results, len(fitting), {**within, **offered}, iris)


def of_studies(lane: PageLane, studies: Sequence[str]) -> tuple[Result, ...]:
    """Return the results of some studies, however many others there are; of too many the first, which is told."""
    choice = Choice(RESULT, {FACETS["study"]: studies})
    fitting = Facets(lane.release, "en").ordered(choice, "text", ROOM + 1) if studies else []
    if len(fitting) > ROOM:
        cut.mark(ROOM)
    return read(lane, fitting[:ROOM]) if fitting else ()


def _value(facets: Facets, key: str, asked: str) -> str:
    for value in facets.all_counts(RESULT, FACETS[key]):
        if value and asked == short(value):
            return value
    raise no_such(key, asked)


def _options(counts: Mapping[str, int], asked: str) -> list[Option]:
    there = [value for value in counts if value != NOT_STATED]
    most = sorted(there, key=lambda value: (short(value) != asked, -counts[value], value))[:OPTIONS]
    most.sort(key=lambda value: (-counts[value], value))
    return [Option(short(value), value, counts[value], short(value) == asked) for value in most]


def _refuse(asked: Mapping[str, str], format: str, total: int) -> None:
    """Refuse what can not be told of a part of the results."""
    if others := [key for key in asked if key not in FACETS]:
        there = ", ".join(FACETS)
        said = f"{others[0]}: {total} results fit, and {ROOM} can be gone through for it; choose one first by {there}."
        nb = f"{others[0]}: {total} resultater passer, og {ROOM} kan gjennomgås for det; velg først etter {there}."
        raise BadRequest(Words(said, nb))
    if format in (*NO_ROOM, "svg") and not first_only(ROOM):
        raise ResultTooLarge(
            ROOM,
            Words(
                f"{total} results fit, and the file holds {ROOM}. Choose fewer, by {', '.join(FACETS)}, or take the"
                f" first with {FIRST}={ROOM}.",
                f"{total} resultater passer, og filen har plass til {ROOM}. Velg færre ({', '.join(FACETS)}), eller"
                f" ta de første med {FIRST}={ROOM}.",
            ),
        )
