"""A list of the things of a class: filtered by facets and words, in an order, a page at a time, and whole as a file."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox
from flask import Response, request, url_for

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.server import (
    bibliography_files,
    browse_about,
    browse_asked,
    browse_limits,
    browse_order,
    exhibit_page,
    i18n,
    negotiation,
    review_badges,
)
from msevidence.server.binding import with_values
from msevidence.server.browse_asked import Asked, own_parameters, read
from msevidence.server.browse_classes import BrowsedClass, find
from msevidence.server.browse_columns import KINDS, Kind, Rows, columns
from msevidence.server.browse_facets import shown
from msevidence.server.browse_limits import PLAIN_ORDERS
from msevidence.server.browse_measures import ordered
from msevidence.server.browse_order import Order
from msevidence.server.errors import NotFound, Words
from msevidence.server.exhibits import Cell, Column, Exhibits, Table, cell
from msevidence.server.facets import Facets
from msevidence.server.labels import Labels, Text, query
from msevidence.server.page_number import page_number
from msevidence.server.pages_links import PAGE, Page, link
from msevidence.server.store import PageLane, pages

CLASSES: Mapping[str, str] = {kind.key: iri for iri, kind in KINDS.items()}
"""Lists with an address of their own → class."""
LONGEST_IN_ROWS = 2_000
"""Characters of a link in the rows of the list, of which a page has hundreds: each has all that is chosen."""
TABLE = "list"
"""Name of the table, and of the part of the page that has it."""


def answer(key: str, suffix: str, class_iri: str = "") -> Response:
    """Answer at the address of a list.

    Args:
        key: of the class in the address.
        suffix: of the address.
        class_iri: of the class, where the address has another name for it.

    Raises:
        NotFound: the release has no thing of such a class, or the list no such page.
        BadRequest: a parameter is none of the list's, or has a value that it can not have.
    """
    number = page_number()
    lane, language = pages(), negotiation.language()
    facets = Facets(lane.release, language)
    of = BrowsedClass(key, class_iri, Text(key), 0) if class_iri else find(facets, key)
    if of is None:
        said = f"This release has no thing of a class {key[:80]!r}."
        raise NotFound(Words(said, f"Denne utgivelsen har ingenting av en klasse {key[:80]!r}."))
    more = bibliography_files.of_class(of.iri)
    offered = {**exhibit_page.FORMATS, **(more.formats if more else {})}
    format = negotiation.choose(offered, suffix or request.args.get("format")).name

    def make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
        found = _List(lane, labels, language, facets, of)
        return found.page(number) if format == "html" else found.file(format)

    own = own_parameters(of.iri, facets.of_class(of.iri))
    several = [name for name in own if name not in browse_asked.PLAIN]
    return exhibit_page.answer("browse_list.html", make, suffix, own, more, several)


class _List:
    """A list that is being made."""

    def __init__(self, lane: PageLane, labels: Labels, language: str, facets: Facets, of: BrowsedClass) -> None:
        self._lane, self._labels, self._language, self._facets, self._of = lane, labels, language, facets, of
        self._names = facets.of_class(of.iri)
        self._kind = KINDS.get(of.iri, Kind())
        placed = browse_order.is_placed(lane.release, of.iri)
        self._sorts = self._kind.sorts if self._kind.key else ("text", "label") if placed else ("label",)
        self._asked = read(request.args, facets, of.iri, list(self._names), self._sorts)
        self._total = facets.count(of.iri)
        self._rows = Rows(lane, labels, language, facets, of.iri, self._filtered)
        self._order = self._ordered()

    def _ordered(self) -> Order:
        """Return what the list has, in its order.

        Raises:
            ResultTooLarge: it is too long to be put in the order of what is counted or dated.
        """
        choice, sort = self._asked.choice, self._sort
        plain = sort if sort in PLAIN_ORDERS else "label"
        if choice.values or choice.words:
            found = Order(self._facets.ordered(choice, plain))
        else:
            found = browse_order.everything(self._lane.release, self._language, self._of.iri, plain)
        if sort in PLAIN_ORDERS:
            return found
        browse_limits.require_sortable(sort, found.total)
        return Order(ordered(self._lane, list(found), sort))

    @property
    def _sort(self) -> str:
        return self._asked.sort or self._sorts[0]

    @property
    def _name(self) -> str:
        return i18n.text(self._kind.key, self._language) if self._kind.key else self._of.label.text

    def page(self, number: int) -> Exhibits:
        """Return a page of the list.

        Raises:
            NotFound: there is no such page.
        """
        page = self._cut(number, PAGE)
        return self._exhibits(page, self._shown(page))

    def file(self, format: str) -> Exhibits:
        """Return the list for a file: all of it, or, of a long list, the part that ``?page=`` asks for.

        Raises:
            ResultTooLarge: it is too long, and no part was asked for.
            NotFound: there is no such part.
        """
        total, (most, part) = self._order.total, browse_limits.limits(format)
        if total <= most:
            return self._exhibits(Page(list(self._order), 1, total, 1))
        if "page" not in request.args:
            raise browse_limits.too_long(total, most, part)
        page = self._cut(page_number(), part)
        return self._exhibits(page, note=browse_limits.said(page, self._language))

    def _exhibits(self, page: Page[str], shown: Mapping[str, Any] = MappingProxyType({}), note: str = "") -> Exhibits:
        values = [self._value(value).text for values in self._asked.choice.values.values() for value in values]
        narrowed = ", ".join([*values, *([f"“{self._asked.text}”"] if self._asked.text else [])])
        title = f"{self._name}: {narrowed}" if narrowed else self._name
        heads = [Column("thing", self._name, iris=True), *columns(self._of.iri, self._names, self._language)]
        behind = "" if narrowed else with_values(query("instances"), {"class": ox.NamedNode(self._of.iri)})
        table = Table(TABLE, title, heads, self._rows.rows(page.items), note, query=behind)
        return Exhibits(title, [table], subjects=page.items, shown=shown)

    def _cut(self, number: int, size: int) -> Page[str]:
        start, total = (number - 1) * size, self._order.total
        if start and start >= total:
            said = f"There is no page {number}: the list has {total} entries, {size} a page."
            nb = f"Side {number} finnes ikke: listen har {total} oppføringer, {size} per side."
            raise NotFound(Words(said, nb))
        return Page(self._order.cut(start, size), start + 1, total, number)

    def _shown(self, page: Page[str]) -> Mapping[str, Any]:
        """Return what the template needs beside the table."""
        asked, first = self._asked, self._sorts[0]
        offered = [sort for sort in self._sorts if sort in PLAIN_ORDERS or self._order.total <= browse_limits.SORTABLE]
        sorts = [
            (sort, sort == self._sort, self._href(asked.sorted_by("" if sort == first else sort))) for sort in offered
        ]
        counts = self._facets.counts_of(asked.choice, list(self._names))
        kept = asked.without_words().parameters()
        return {
            "page": page,
            "total": self._total,
            "heading": self._name,
            "lead": i18n.text(f"{self._kind.key}-lead", self._language) if self._kind.key else "",
            "about_class": cell(link(self._lane, self._labels, self._of.iri)),
            "facets": [
                shown(counts[facet], asked, facet, label, self._value, self._href)
                for facet, label in self._names.items()
            ],
            "chosen": self._chosen(),
            "meanings": browse_about.meanings(self._lane, self._labels, self._language, asked, self._rows.concept),
            "statuses": self._statuses(),
            "schemes": {
                facet: browse_about.scheme_of(
                    self._lane,
                    self._labels,
                    self._facets,
                    self._rows,
                    list(islice(self._facets.all_counts(self._of.iri, facet), browse_about.ENOUGH)),
                )
                for facet in self._names
            },
            **self._reference_files(),
            "words": asked.text,
            "sorts": sorts if len(sorts) > 1 else [],
            "sorts_left_out": browse_limits.left_out(self._sorts, offered, self._language),
            "plain": url_for(request.endpoint or "", **_view()),
            "hidden": [(key, one) for key, v in kept.items() for one in ([v] if isinstance(v, str) else v)],
            "at_page": lambda number: self._href(asked, page=number),
            "tallies": review_badges.tallies(self._lane, page.items),
        }

    def _statuses(self) -> Mapping[str, Any]:
        """Return what is to be said of statuses that are no longer so, and a link to the list without them."""
        if self._of.iri != bibliography_files.STUDY or self._order.total > browse_limits.COMPARED:
            return {}
        iris = list(self._order)
        found = browse_about.statuses(self._lane, self._labels, self._language, self._facets, self._asked, iris)
        narrowed = found.get("agreeing")
        return {**found, "href": self._href(narrowed) if narrowed else ""} if found else {}

    def _reference_files(self) -> Mapping[str, Any]:
        if self._of.iri not in bibliography_files.CLASSES:
            return {"reference_files": {}}
        lead = browse_limits.lead(self._lane, self._language, self._of.iri, self._order)
        return {"reference_files": bibliography_files.NAMES, "references_lead": lead}

    def _value(self, value: str) -> Cell:
        return Cell(i18n.text("list-not-stated", self._language)) if value == NOT_STATED else self._rows.value(value)

    def _chosen(self) -> list[tuple[str, Cell, str]]:
        """Return what is chosen: the facet, the value, and the address of the list without it."""
        found = [
            (self._names[facet], self._value(value), self._href(self._asked.with_value(facet, value)))
            for facet, values in self._asked.choice.values.items()
            for value in values
        ]
        if self._asked.text:
            words = i18n.text("list-words", self._language)
            found.append((words, Cell(self._asked.text), self._href(self._asked.without_words())))
        return found

    def _filtered(self, facet: str, value: str) -> str | None:
        asked = self._asked.narrowed_to(facet, value)
        if asked.choice.values == self._asked.choice.values:
            return None
        href = self._href(asked)
        return href if 0 < len(href) <= LONGEST_IN_ROWS else None  # it can be chosen beside the list

    def _href(self, asked: Asked, **more: Any) -> str:
        """Return the address of a list; empty where it would be refused."""
        if asked.too_many:
            return ""
        return url_for(request.endpoint or "", **{**_view(), **asked.parameters(), **more})


def _view() -> dict[str, Any]:
    return {name: value for name, value in (request.view_args or {}).items() if name != "suffix"}
