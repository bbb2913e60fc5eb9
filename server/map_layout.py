"""Where the studies of the evidence map stand: a grid of kinds of transplantation and of MS, a list in each cell.

A study is a shape and its name below one another with the others of its cell, so that none covers another.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HEAD, TOP, ROW_HEAD = 72, 6, 30
"""Height of the column heads, of the space above them, and of the head above each row."""
WIDE, NARROW = 147, 112
"""Width of a column with studies, and of one without."""
LINE, PADDING, EMPTY_ROW = 14, 8, 48
SHAPES = 34
"""Width that shapes have within a cell."""
NAME_LETTERS, NAME_LINES = 14, 3
WIDER = 2
"""Letters by which signs are wider than as many letters, about."""
BOLD = 7.7
"""Width of a letter of a head, about."""
LEAST, STEP = 4.0, 3.0
"""Radius for one participant, and what each tenfold adds."""
LEGEND = (1, 10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Dot:
    """A study to draw."""

    study: str
    name: str
    language: str
    href: str
    spoken: str
    shape: str
    """Kind of design."""
    phase: str
    size: int | None
    words: str
    """What stands below its name."""
    signs: str = ""
    """What stands after its name."""


@dataclass(frozen=True, slots=True)
class Head:
    """A row or a column: a concept, or none stated."""

    key: str
    text: str
    language: str
    note: str
    """What stands below its name."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A study in a cell."""

    dot: Dot
    x: float
    y: float
    shape_y: float
    radius: float
    name: Sequence[str]
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the grid."""

    x: float
    y: float
    width: float
    height: float
    placed: Sequence[Placed]


@dataclass(frozen=True, slots=True)
class Band:
    """A head as drawn."""

    head: Head
    lines: Sequence[str]
    at: float
    extent: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map."""

    width: float
    height: float
    rows: Sequence[Band]
    columns: Sequence[Band]
    cells: Sequence[Cell]


def radius(size: int | None) -> float:
    """Return the radius of a shape: each tenfold adds the same; the least where the number is unknown.

    >>> radius(None), radius(1), radius(100), radius(4831)
    (4.0, 4.0, 10.0, 15.05)
    """
    return LEAST if not size else round(LEAST + STEP * math.log10(size), 2)


def points(kind: str, r: float) -> str:
    """Return a shape about the origin as the points of a polygon; empty for the circle, which has none.

    Shapes of one size have the area of the circle, so that none seems larger than another.
    """
    if kind == "observational":
        s = r * math.sqrt(math.pi / 2)
        return _points([(0, -s), (s, 0), (0, s), (-s, 0)])
    if kind == "controlled":
        s = r * math.sqrt(math.pi) / 2
        return _points([(-s, -s), (s, -s), (s, s), (-s, s)])
    if kind == "single-arm":
        return _regular(3, r)
    if kind == "synthesis":
        return _regular(6, r)
    if kind == "other":
        s = r * math.sqrt(math.pi / 5) / 2 * 1.15
        t = 3 * s * 0.94
        corners = [
            (-s, -t),
            (s, -t),
            (s, -s),
            (t, -s),
            (t, s),
            (s, s),
            (s, t),
            (-s, t),
            (-s, s),
            (-t, s),
            (-t, -s),
            (-s, -s),
        ]
        return _points(corners)
    return ""


def _regular(corners: int, r: float) -> str:
    out = r * math.sqrt(2 * math.pi / (corners * math.sin(2 * math.pi / corners)))
    turns = (2 * math.pi * n / corners - math.pi / 2 for n in range(corners))
    return _points([(out * math.cos(a), out * math.sin(a)) for a in turns])


def _points(corners: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)


def lay_out(rows: Sequence[Head], columns: Sequence[Head], dots: Mapping[tuple[str, str], Sequence[Dot]]) -> Drawing:
    """Return where everything stands.

    Args:
        rows: kinds of transplantation.
        columns: types of MS.
        dots: row and column → the studies there.
    """
    x, over = 0.0, []
    for head in columns:
        width = WIDE if any(dots.get((row.key, head.key)) for row in rows) else NARROW
        over.append(Band(head, _wrap(head.text, int((width - 8) / BOLD), 3), x, width))
        x += width
    y, beside, cells = float(TOP + HEAD), [], []
    for head in rows:
        there = [[_placed(dot) for dot in dots.get((head.key, band.head.key), ())] for band in over]
        height = max([EMPTY_ROW] + [sum(p.height for p in all) for all in there]) + 2 * PADDING
        beside.append(Band(head, [head.text], y, height))
        y += ROW_HEAD
        for band, all in zip(over, there, strict=True):
            cells.append(Cell(band.at, y, band.extent, height, _stacked(all, band.at + PADDING, y + PADDING)))
        y += height + PADDING
    return Drawing(x, y, beside, over, cells)


def _placed(dot: Dot) -> Placed:
    name = _wrap(dot.name, NAME_LETTERS, NAME_LINES)
    if dot.signs and len(name[-1]) + len(dot.signs) + WIDER < NAME_LETTERS:
        name[-1] = f"{name[-1]} {dot.signs}"
    elif dot.signs:
        name.append(dot.signs)
    r = radius(dot.size)
    return Placed(dot, 0, 0, 0, r, name, max(LINE * (len(name) + 1) + 8, 2 * r + 8, 34))


def _stacked(all: Sequence[Placed], x: float, y: float) -> list[Placed]:
    found = []
    for one in all:
        found.append(Placed(one.dot, x, y, y + one.height / 2, one.radius, one.name, one.height))
        y += one.height
    return found


def _wrap(text: str, letters: int, lines: int) -> list[str]:
    return textwrap.wrap(text, letters, max_lines=lines, placeholder=" …", break_long_words=False) or [text]
