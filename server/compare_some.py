"""Which documents are compared where there are more than can be laid side by side: those that the address names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from msevidence.server import documents_listed, i18n
from msevidence.server.errors import BadRequest, Words
from msevidence.server.facets import Facets
from msevidence.server.pages_links import MSE
from msevidence.server.store import PageLane

SIDES = 12
"""Documents side by side: more columns can not be read, and each is read from the graph."""
UNASKED = 2
"""Documents that are compared where the address names none."""
OFFERED = 50
"""Documents that the form offers."""
_CLASS = MSE + "Document"


@dataclass(frozen=True, slots=True)
class Some:
    """Some of many documents."""

    chosen: Sequence[str]
    offered: Sequence[str]
    total: int


def chosen(lane: PageLane) -> Some | None:
    """Return the documents that are compared; None where there are so few that all can be.

    Raises:
        NotFound: the address names what is no document.
        BadRequest: it names too many.
    """
    facets = Facets(lane.release, "en")
    total = facets.count(_CLASS)
    if total <= SIDES:
        return None
    offered = facets.by_key(_CLASS, 0, OFFERED)
    keys = dict.fromkeys(value.strip().rpartition("/")[2] for value in request.args.getlist("document"))
    asked = [key for key in keys if key]
    if len(asked) > SIDES:
        said = f"{len(asked)} documents are named; up to {SIDES} can be compared at once."
        raise BadRequest(Words(said, f"{len(asked)} dokumenter er nevnt; inntil {SIDES} kan sammenlignes samtidig."))
    named = [f"{lane.release.base}document/{key}" for key in asked]
    for key, iri in zip(asked, named, strict=True):
        if facets.first_class(iri, (_CLASS,)) is None:
            raise documents_listed.unknown(lane, key)
    return Some(named or offered[:UNASKED], list(dict.fromkeys([*named, *offered])), total)


def said(some: Some, language: str) -> str:
    """Say that these are some of many, and how to choose others."""
    figures = {"total": some.total, "most": SIDES, "chosen": len(some.chosen), "offered": OFFERED}
    return i18n.text("compare-some", language, **{name: i18n.number(one, language) for name, one in figures.items()})
