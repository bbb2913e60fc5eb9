"""The geometry of a flow diagram in the layout of PRISMA 2020 (https://www.prisma-statement.org/prisma-2020-flow-diagram).

What goes on stands in a column from top to bottom, what is taken out at its side, and the phases in bars at the left.
What a box is and what follows what is read as the review reads it; a diagram with a second way in has a second column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from msevidence.loaders.review.arithmetic.flow_reading import Part, columns, steps
from msevidence.server.flow_read import FlowBox

WIDTH, GAP, ROW, LEFT, BAR = 264.0, 46.0, 34.0, 42.0, 26.0
PADDING, LINE, TOP = 10.0, 18.0, 2.0
TALL = 108.0
"""Height of a phase whose name stands upright in its bar."""
PHASES = ("identification", "screening", "included")
_PHASE = {Part.SOURCE: 0, Part.LEFT: 1, Part.OUT: 1, Part.INCLUDED: 2}


@dataclass(frozen=True, slots=True)
class Placed:
    """A box at its place."""

    box: FlowBox
    x: float
    y: float
    height: float
    side: bool

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + WIDTH

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return self.x + WIDTH / 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase at the left."""

    phase: str
    y: float
    height: float


@dataclass(slots=True)
class Drawing:
    """A diagram at its place; arrows and lines are points of a polyline, the arrow at the last."""

    width: float = 0.0
    height: float = 0.0
    placed: list[Placed] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    arrows: list[list[tuple[float, float]]] = field(default_factory=list)
    lines: list[list[tuple[float, float]]] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    main: list[FlowBox]
    phase: int
    side: list[FlowBox] = field(default_factory=list)

    @property
    def several(self) -> bool:
        return len(self.main) > 1

    @property
    def width(self) -> float:
        boxes = max(len(self.main), 2 if self.side else 1)
        return boxes * WIDTH + (boxes - 1) * GAP


def draw(boxes: Sequence[FlowBox], lines: Mapping[str, int]) -> Drawing:
    """Return the diagram of these boxes.

    Args:
        boxes: in their order.
        lines: how many lines of text each has, by IRI.
    """
    heights = {box.iri: lines[box.iri] * LINE + 2 * PADDING for box in boxes}
    ways, common = _columns(boxes)
    drawing = Drawing()
    offsets, at = [], LEFT
    for way in ways:
        offsets.append(at)
        at += max((row.width for row in way), default=WIDTH) + GAP
    drawing.width = max(at - GAP, LEFT + max((row.width for row in common), default=0.0)) + TOP
    ends: list[Placed | None] = [None] * len(ways)
    y = TOP
    for phase, name in enumerate(PHASES):
        start = y
        bottoms = []
        for n, way in enumerate(ways):
            at_y = start
            for row in (row for row in way if row.phase == phase):
                ends[n], at_y = _row(drawing, row, offsets[n], at_y, heights, ends[n])
            bottoms.append(at_y)
        y = max(bottoms, default=start)
        for row in (row for row in common if row.phase == phase):
            first, y = _row(drawing, row, LEFT, y, heights, None)
            for end in [end for end in ends if end is not None]:
                _join(drawing, end, first)
            ends = [first]
        if y > start:
            y = max(y, start + TALL + ROW)
            drawing.bars.append(Bar(name, start, y - ROW - start))
    ends_at = [*(placed.bottom for placed in drawing.placed), *(bar.y + bar.height for bar in drawing.bars)]
    drawing.height = max(ends_at, default=0.0) + TOP
    return drawing


def _columns(boxes: Sequence[FlowBox]) -> tuple[list[list[_Row]], list[_Row]]:
    """Return the rows of each column, and those that all columns lead to."""
    read = [box.as_read() for box in boxes]
    followed = steps([box.as_read() for box in boxes if box.has_counts])
    by_iri = {box.iri: box for box in boxes}
    after = {out.iri: step.before[-1].iri for step in followed for out in step.out}
    until = {out.iri: min(by_iri[b.iri].position for b in step.after) for step in followed for out in step.out}
    ways, common = [], []
    split = columns(read)
    for column in split:
        rows: list[_Row] = []
        for box in (by_iri[one.iri] for one in column if one.part is not Part.OUT):
            phase = max(_PHASE[box.part], rows[-1].phase if rows else 0)
            joins = box.part in (Part.SOURCE, Part.INCLUDED) and rows and rows[-1].main[0].part is box.part
            if joins and not box.as_read().is_part:
                rows[-1].main.append(box)
            else:
                rows.append(_Row([box], phase))
        for out in (by_iri[one.iri] for one in column if one.part is Part.OUT):
            _beside(rows, out, after.get(out.iri), until.get(out.iri))
        if len(split) > 1:
            common += [row for row in rows if row.phase == _PHASE[Part.INCLUDED]]
            rows = [row for row in rows if row.phase != _PHASE[Part.INCLUDED]]
        ways.append(rows)
    return ways, common


def _beside(rows: list[_Row], out: FlowBox, before: str | None, until: int | None) -> None:
    """Put a box of what is taken out beside the row that it is taken out of."""
    if not rows:
        rows.append(_Row([], 0, [out]))
        return
    first = next((n for n, row in enumerate(rows) if any(box.iri == before for box in row.main)), 0)
    fits = [n for n in range(first, len(rows)) if _between(rows[n], out, until)]
    rows[fits[-1] if fits else first].side.append(out)


def _between(row: _Row, out: FlowBox, until: int | None) -> bool:
    """Say whether a row is printed before a box, and before what the box's step leads to."""
    if not row.main or row.main[-1].position >= out.position:
        return False
    return until is None or row.main[0].position < until


def _row(
    drawing: Drawing, row: _Row, x: float, y: float, heights: Mapping[str, float], before: Placed | None
) -> tuple[Placed, float]:
    """Place a row; returns the box that the next one follows, and where the next row begins."""
    main = [Placed(box, x + n * (WIDTH + GAP), y, heights[box.iri], False) for n, box in enumerate(row.main)]
    drawing.placed += main
    bottom = max((placed.bottom for placed in main), default=y)
    if main and before is not None:
        _join(drawing, before, main[0])
    if row.several and row.main[0].part is not Part.INCLUDED:
        bottom = _bus(drawing, main, bottom)
    elif row.several:
        drawing.lines += [[(a.right, y + 16), (b.x, y + 16)] for a, b in pairwise(main)]
    side_y = bottom + ROW / 2 if row.several else y
    trunk = main[0].middle if row.several else main[0].right if main else x
    for out in row.side:
        placed = Placed(out, x + WIDTH + GAP, side_y, heights[out.iri], True)
        drawing.placed.append(placed)
        if main:
            _branch(drawing, main[0], placed, trunk, row.several)
        side_y = placed.bottom + ROW / 2
    if row.side:
        bottom = max(bottom, side_y - ROW / 2)
    first = main[0] if main else drawing.placed[-1]
    return first, bottom + ROW


def _bus(drawing: Drawing, main: Sequence[Placed], bottom: float) -> float:
    """Draw what several sources flow into: down from each, and along to the first."""
    at = bottom + ROW / 2
    for placed in main[1:]:
        drawing.lines.append([(placed.middle, placed.bottom), (placed.middle, at), (main[0].middle, at)])
    return at


def _branch(drawing: Drawing, main: Placed, side: Placed, trunk: float, several: bool) -> None:
    """Draw the arrow to what is taken out: straight where it stands beside its box."""
    at = side.y + min(side.height, main.height) / 2
    if several or at < main.bottom:
        drawing.arrows.append([(trunk, at), (side.x, at)])
    else:
        half = trunk + GAP / 2
        from_y = main.y + main.height / 2
        drawing.arrows.append([(trunk, from_y), (half, from_y), (half, at), (side.x, at)])


def _join(drawing: Drawing, before: Placed, after: Placed) -> None:
    """Draw the arrow from a box to the next: down, with a bend where that is in another column."""
    if before.middle == after.middle:
        drawing.arrows.append([(before.middle, before.bottom), (after.middle, after.y)])
        return
    at, start, end = after.y - ROW / 2, before.middle, after.middle
    drawing.arrows.append([(start, before.bottom), (start, at), (end, at), (end, after.y)])
