"""What every page is made of: values as links by their names, and long lists a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast
from urllib.parse import quote

import pyoxigraph as ox
from flask import request

from msevidence.server import i18n, resources
from msevidence.server.errors import NotFound, Words
from msevidence.server.labels import PREFIXES, Labels, Text, outside_link
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

Item = TypeVar("Item")
PAGE = 50
"""Things on one page of a list."""
ORDERED = 2_000
"""Things up to which those that point to a thing are put in the order of their documents: of a hundred thousand that
takes seconds."""

MSE, DCTERMS, XSD = PREFIXES["mse"], PREFIXES["dcterms"], PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it is shown."""

    text: Text
    iri: str = ""
    href: str | None = None
    """Address on this server (a path) or, where ``outside``, elsewhere."""
    outside: bool = False
    datatype: str = ""
    graphs: tuple[int, ...] = ()
    """Numbers of the graphs that state it, in :attr:`View.graphs`."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A stretch of a longer list, which always says how long that is."""

    items: Sequence[Item]
    first: int
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last item shown."""
        return self.first + len(self.items) - 1

    @property
    def more(self) -> bool:
        """Whether there are items after these."""
        return self.last < self.total


def link(lane: PageLane, labels: Labels, iri: str, graphs: tuple[int, ...] = ()) -> Value:
    """Return a thing as a link by its name: local where it answers here, outside where an address allows it."""
    local = resources.local_path(iri, lane.release)
    if local is not None:
        return Value(labels(iri), iri, local, graphs=graphs)
    return Value(labels(iri), iri, outside_link(iri), outside=True, graphs=graphs)


def resource_url(path: str) -> str:
    """Return the local address of a path, with its fragment, in the language that was asked for in the address.

    What ``url_for`` would return, in a third of its time: a page has a thousand such links.
    """
    stem, _, fragment = path.partition("#")
    asked = request.args.get("lang", "")
    language = f"?lang={asked}" if asked in i18n.LANGUAGES else ""
    return f"{request.script_root}/{quote(stem)}{language}{f'#{quote(fragment)}' if fragment else ''}"


def cut(items: Sequence[str], number: int, size: int, lane: PageLane, labels: Labels) -> Page[Value]:
    """Return one page of a list of IRIs, as links.

    Raises:
        NotFound: there is no such page.
    """
    start = (number - 1) * size
    if start and start >= len(items):
        said = f"There is no page {number}: the list has {len(items)} entries, {size} a page."
        raise NotFound(Words(said, f"Side {number} finnes ikke: listen har {len(items)} oppføringer, {size} per side."))
    return Page([link(lane, labels, i) for i in items[start : start + size]], start + 1, len(items), number)


def name(term: Term) -> str:
    """Return the IRI of a node; nothing that is published is anything else where this is asked."""
    return cast(ox.NamedNode, term).value


def of(row: Mapping[str, Term], variable: str) -> str:
    """Return the text of a value of a solution, empty where it is unbound."""
    term = row.get(variable)
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
