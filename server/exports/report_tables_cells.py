"""How what stands in a cell comes together: in the order of the text, with the words between, in paragraphs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server.exports.report_tables_model import Cell, Paragraph, Piece
from msevidence.server.labels import outside_link
from msevidence.server.page_reader import Row as Answer


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a passage stands."""

    table: str
    row: int
    column: int
    ordinal: int
    paragraph: int
    language: str
    """Empty where it is the document's."""


@dataclass(frozen=True, slots=True)
class Line:
    """A thing in a cell."""

    order: tuple[int, int]
    """Of its passage, and in it."""
    pieces: Paragraph
    before: str = ""
    after: str = ""
    paragraph: int = 0
    """Things with the same number, other than 0, stand in one paragraph."""
    follows: bool = False
    """Whether it stands in the paragraph of what is before it, whatever that is."""


def cell_of(lines: Iterable[Line]) -> Cell:
    """Return things as a cell."""
    paragraphs: list[list[Piece]] = []
    last: Line | None = None
    for line in sorted(lines, key=lambda line: line.order):
        joined = last is not None and (line.follows or line.paragraph == last.paragraph != 0)
        before = line.before if joined else line.before.lstrip()
        if not joined:
            paragraphs.append([])
        elif not before and not paragraphs[-1][-1].text.endswith(" "):
            before = " "
        paragraphs[-1] += [Piece(before)] if before else []
        paragraphs[-1] += line.pieces
        paragraphs[-1] += [Piece(line.after)] if line.after else []
        last = line
    return tuple(tuple(paragraph) for paragraph in paragraphs)


def numbers(rows: Sequence[Answer], spot: Spot) -> Iterator[Line]:
    """Yield the registration numbers of a passage: a line each, or one line with the place that all are of.

    A number is as printed, unless its record has another one now.
    """
    place = next((text(row, "place") for row in rows if "place" in row), "")
    own = next((text(row, "own") for row in rows if "own" in row), "")
    if place:
        yield Line((spot.ordinal, -1), (Piece(f"{place}: "),), paragraph=-spot.ordinal)
    for _, row in sorted({text(row, "number"): row for row in rows}.items()):
        before = text(row, "before")
        follows = bool(place) or before.lstrip().startswith(",")
        order = spot.ordinal, int(text(row, "start"))
        link = outside_link(text(row, "link")) or ""
        piece = Piece(_registered(row), link=link)
        yield Line(order, (piece,), before, text(row, "after"), paragraph=0, follows=follows)
    if own:
        yield Line((spot.ordinal, sys.maxsize), (Piece(f"({own})"),), follows=True)


def _registered(row: Answer) -> str:
    registered = text(row, "registered")
    if not registered or registered == text(row, "normalised"):
        return text(row, "printed")
    return registered + (f"/{text(row, 'suffix')}" if "suffix" in row else "")


def text(row: Answer, name: str) -> str:
    """Return the words or the IRI of a value of an answer; empty where there is none."""
    value = row.get(name)
    return "" if value is None or isinstance(value, ox.Triple) else value.value
