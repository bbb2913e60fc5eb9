"""A document: its text, with its claims, citations, translations and findings where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import quote

from flask import request, url_for

from msevidence.server import i18n, pages_reading, reading_marks, review_badges
from msevidence.server.errors import BadRequest, Words
from msevidence.server.labels import Labels
from msevidence.server.pages_links import resource_url
from msevidence.server.pages_reading import Passage
from msevidence.server.pages_view import View
from msevidence.server.reading_marks import Marks, Note
from msevidence.server.reading_tables import tables
from msevidence.server.review_badges import Flag
from msevidence.server.review_shown import WHOLE, passages_of
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane

KEPT = 20
"""Texts kept in memory a language: one of 500 passages takes a thousand rows of queries to read, and some 2 MB."""


@dataclass(frozen=True, slots=True)
class DocumentSections(Sections):
    """A document: its text."""

    template: str = "document.html"
    reading: pages_reading.Reading = field(default_factory=pages_reading.Reading)
    marks: Marks = field(default_factory=Marks)
    flags: Mapping[str, Flag] = field(default_factory=dict)
    """Key of a passage → the findings that rest on it."""
    notes: Mapping[str, Sequence[Note]] = field(default_factory=dict)
    """Key of a passage → the findings that stand beside it: those of which it is the first passage."""
    whole: Sequence[Note] = ()
    """Findings of the document as a whole."""
    chosen: str = ""
    """The kind of claim or of support whose claims alone are marked; empty where all are."""
    review: str = ""
    """Address of its review."""
    at: Callable[[str], str] = resource_url
    """The address of a path, as :func:`resource_url` gives it."""


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> DocumentSections:
    """Return what the page of a document shows.

    Raises:
        BadRequest: the address asks to mark a kind that no claim here has.
    """
    kept = _kept(lane.release.id, language)
    known = kept.get(view.iri) or _read(lane, labels, view.iri, language)
    if len(kept) < KEPT:
        kept[view.iri] = known
    review = url_for("review.document", key=view.iri.rpartition("/")[2])
    return replace(known, chosen=_chosen(known.marks), review=review, at=_addresses())


def _read(lane: PageLane, labels: Labels, document: str, language: str) -> DocumentSections:
    reading = pages_reading.read(lane, labels, document)
    passages = {one.key: one for block in reading.blocks for one in passages_of(block)}
    marks = reading_marks.marks(lane, labels, document, {key: one.text.text for key, one in passages.items()})
    flags = review_badges.flags(lane, document)
    whole, beside = _placed(passages, flags, reading_marks.notes(lane, labels, document, language))
    return DocumentSections(
        tables=tables(passages, marks, flags, language),
        reading=reading,
        marks=marks,
        flags=flags,
        notes=beside,
        whole=whole,
    )


@lru_cache(maxsize=2 * len(i18n.LANGUAGES))
def _kept(release: str, language: str) -> dict[str, DocumentSections]:
    """Return the texts read so far, for all that an address may ask of them; those of old releases are dropped."""
    return {}


def _placed(
    passages: Mapping[str, Passage], flags: Mapping[str, Flag], notes: Mapping[str, Note]
) -> tuple[list[Note], dict[str, list[Note]]]:
    """Return the findings of the whole text, and the others by the first of their passages, as the review has them."""
    resting: dict[str, list[str]] = {}
    for key in passages:
        for finding in flags[key].findings if key in flags else ():
            resting.setdefault(finding, []).append(key)
    beside: dict[str, list[Note]] = {}
    whole = []
    for finding, bare in notes.items():
        keys = resting.get(finding, [])
        note = replace(bare, places=[(key, passages[key].text) for key in keys])
        if keys and len(keys) <= WHOLE:
            beside.setdefault(keys[0], []).append(note)
        else:
            whole.append(note)
    return whole, beside


def _chosen(marks: Marks) -> str:
    asked = request.args.get("mark", "")
    there = [one.key for one in (*marks.kinds, *marks.supports)]
    if asked and asked not in there:
        said = f"No claim of this document is {asked[:60]!r}; there are: {', '.join(there)}."
        raise BadRequest(Words(said, f"Ingen påstand i dokumentet er {asked[:60]!r}, bare: {', '.join(there)}."))
    return asked


def _addresses() -> Callable[[str], str]:
    """Return :func:`resource_url` for many paths: the address is made once, since a text has hundreds of links."""
    before, _, after = resource_url("~").partition("~")
    return lambda path: f"{before}{quote(path, safe='/:@!$&()*+,;=~')}{after}"
