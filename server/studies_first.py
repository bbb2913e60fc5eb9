"""Which studies a figure shows where documents tell of more than a figure can hold: the first of those chosen.

What is chosen is then looked up in the index of the release, so that no study is read that is not shown. The page says
how many there are, how many fit and are shown, and how to see others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from markupsafe import Markup

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.server import browse_order, filters, i18n, studies_told
from msevidence.server.browse_asked import tokens_of
from msevidence.server.errors import BadRequest, ResultTooLarge, Words
from msevidence.server.facets import Choice, Facets
from msevidence.server.filters import Option, Shown
from msevidence.server.labels import Labels, Text
from msevidence.server.pages_links import MSE, of
from msevidence.server.store import PageLane
from msevidence.server.stretch import FIRST, first_only
from msevidence.server.study_filters import HAS_RESULTS

MOST = 200
"""Studies of one figure: each takes 1 to 2 ms, and more can not be looked at."""
OPTIONS = 60
"""Choices of a filter that are offered, of those that most studies have."""
FACETS = {"transplantation": "transplantation", "ms-type": "ms-type", "results": "has-results", "document": "document"}
"""Filter → facet of the index that it is answered from."""
NO_ROOM = ("csv", "turtle", "jsonld")
"""Formats that have no place to say that something is left out: they hold all that fits, or nothing."""
_STUDY = MSE + "Study"


@dataclass(frozen=True, slots=True)
class First:
    """The studies to show, and what is said of the others."""

    studies: Sequence[str]
    """With their parts, which stand below them."""
    filters: Sequence[Shown]
    chosen: dict[str, str]
    total: int
    """Of which documents or the catalogue tell."""
    said: str
    """How many there are, fit and are shown."""
    words: Markup
    """The same, with the way to the list of all that fit."""
    of_files: Mapping[str, str]
    """What the addresses of files say, where they can not hold all that fit."""


def first(
    lane: PageLane,
    labels: Labels,
    language: str,
    told: frozenset[str],
    keys: Sequence[str],
    format: str,
    before: Sequence[str],
) -> First:
    """Return the studies that a page shows of more than MOST.

    Args:
        lane: a worker of the pages.
        labels: what concepts and documents are called.
        language: of the interface.
        told: all studies that the page is about.
        keys: its filters; those that the index can not answer are refused.
        format: of the answer.
        before: facets; the studies for which the first is stated come first, then those for which the next is.

    Raises:
        BadRequest: the address chooses what can not be chosen of so many, or a value that is none.
        ResultTooLarge: a file without a place for a note would have to leave out studies.
    """
    facets = Facets(lane.release, language)
    offered = [key for key in keys if key in FACETS]
    _refuse_others([key for key in keys if key not in FACETS], offered, len(told))
    counted = {key: facets.all_counts(_STUDY, FACETS[key]) for key in offered}
    tokens = {key: tokens_of(counts) for key, counts in counted.items()}
    chosen = {key: value for key in offered if (value := request.args.get(key, "").strip())}
    choice = Choice(_STUDY, {FACETS[key]: [_value(key, value, tokens[key])] for key, value in chosen.items()})
    every = browse_order.everything(lane.release, language, _STUDY, "label")
    fitting = [iri for iri in (facets.ordered(choice) if choice.values else every) if iri in told]
    if len(fitting) > MOST and format in NO_ROOM and not first_only(MOST):
        raise _too_many(len(fitting), offered)
    shown = _leading(facets, choice, before, told) if len(fitting) > MOST else fitting
    counts = facets.counts_of(choice, [FACETS[key] for key in offered])
    figures = {
        name: i18n.number(number, language)
        for name, number in (("total", len(told)), ("fitting", len(fitting)), ("shown", len(shown)))
    }
    order = i18n.text(f"studies-first-by-{'-'.join(before)}", language)
    said = i18n.text("studies-first-all", language, **figures)
    if len(fitting) > MOST:
        said = i18n.text("studies-first", language, order=order, **figures)
    listed: dict[str, Any] = {FACETS[key]: value for key, value in chosen.items()}
    href = url_for("pages.listing", name="studies", **listed)
    parts = [part for row in studies_told.rows(lane, "study_parts", shown) if (part := of(row, "part")) in told]
    return First(
        list(dict.fromkeys([*shown, *parts])),
        [_filter(key, counts[FACETS[key]], tokens[key], chosen, labels, language) for key in offered],
        chosen,
        len(told),
        said,
        Markup('{} <a href="{}">{}</a>').format(said, href, i18n.text("studies-first-list", language)),
        {FIRST: str(MOST)} if len(fitting) > MOST else {},
    )


def _leading(facets: Facets, choice: Choice, before: Sequence[str], told: frozenset[str]) -> list[str]:
    """Return the first studies of a choice: those for which a facet is stated go before the others, each by name."""
    found: dict[str, None] = {}
    for facet in before:
        stated = [value for value in facets.all_counts(_STUDY, facet) if value != NOT_STATED]
        narrowed = choice.values.get(facet) or stated
        found.update(dict.fromkeys(_told(facets, Choice(_STUDY, {**choice.values, facet: narrowed}), told)))
        if len(found) >= MOST:
            return list(found)[:MOST]
    found.update(dict.fromkeys(_told(facets, choice, told)))
    return list(found)[:MOST]


def _told(facets: Facets, choice: Choice, told: frozenset[str]) -> list[str]:
    """Return the first studies of a choice that are told of, by name."""
    size = 2 * MOST
    while True:
        there = facets.ordered(choice, first=size)
        found = [iri for iri in there if iri in told]
        if len(found) >= 2 * MOST or len(there) < size:
            return found
        size *= 4


def _refuse_others(keys: Sequence[str], offered: Sequence[str], total: int) -> None:
    for key in (*keys, "moved"):
        if request.args.get(key):
            there = ", ".join(offered)
            raise BadRequest(
                Words(
                    f"{key}: of {total} studies, only these can be chosen by: {there}; the list of studies has more.",
                    f"{key}: av {total} studier kan det bare velges etter: {there}; listen over studier har flere.",
                )
            )


def _too_many(fitting: int, offered: Sequence[str]) -> ResultTooLarge:
    return ResultTooLarge(
        MOST,
        Words(
            f"{fitting} studies fit, and the file holds {MOST}. Choose fewer ({', '.join(offered)}), take the list of"
            f" studies, or the first {MOST} with {FIRST}={MOST}.",
            f"{fitting} studier passer, og filen har plass til {MOST}. Velg færre ({', '.join(offered)}), ta listen"
            f" over studier, eller de første {MOST} med {FIRST}={MOST}.",
        ),
    )


def _value(key: str, asked: str, tokens: dict[str, str]) -> str:
    for value, token in tokens.items():
        if asked in (token, value):
            return value
    raise filters.no_such_value(key, asked, list(tokens.values()))


def _filter(
    key: str, counts: Any, tokens: dict[str, str], chosen: dict[str, str], labels: Labels, language: str
) -> Shown:
    rest = {name: value for name, value in chosen.items() if name != key}
    now = chosen.get(key)
    most = sorted(counts, key=lambda value: (tokens.get(value, value) != now, -counts[value], value))[:OPTIONS]
    options = []
    for value in sorted(most, key=lambda value: (value == NOT_STATED, -counts[value])):
        token = tokens.get(value, value)
        href = filters.address(rest if token == now else {**rest, key: token}, {})
        options.append(Option(token, _name(value, labels, language), counts[value], href, token == now))
    return Shown(key, i18n.text(f"filter-{key}", language), options)


def _name(value: str, labels: Labels, language: str) -> Text:
    if value == NOT_STATED:
        return Text(i18n.text("map-not-stated", language), language)
    return Text(i18n.text(f"map-choose-{value}", language), language) if value in HAS_RESULTS else labels(value)
