"""Where the boxes and lines of an identity graph stand: columns by layers, so that no line runs back.

Wholes, the study, its parts and the numbers are columns from left to right; what is kept apart stands at the end of
the column after its partner's. Every line arrives level at its right end, with a label for each decision above it, and
the box there is given as much height as its labels need: no label meets another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msevidence.server.identity_graph import Identity, Tie
from msevidence.server.identity_places import (
    BOW,
    CURVE,
    EDGE,
    PITCH,
    Label,
    Place,
    Said,
    label_lines,
    wrapped,
)


@dataclass(frozen=True, slots=True)
class Box:
    """A node."""

    iri: str
    x: float
    y: float
    width: float
    height: float
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A tie."""

    tie: Tie
    path: str
    labels: Sequence[Label]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything with its place."""

    width: float
    height: float
    boxes: Sequence[Box]
    lines: Sequence[Line]


def layout(graph: Identity, names: Mapping[str, str], label: Callable[[Tie, int], str]) -> Drawing:
    """Return where everything stands.

    Args:
        graph: to be drawn.
        names: what each node is called.
        label: of a tie's decision by its number (0 where there is none).
    """
    places = {iri: Place(c, wrapped(names[iri]), iri == graph.study) for iri, c in _columns(graph).items()}
    inside: list[Said] = []
    for tie in graph.ties:
        said = Said(tie, [label_lines(label(tie, n)) for n in range(max(1, len(tie.decisions)))])
        if places[tie.one].column == places[tie.other].column:
            inside.append(said)
        else:
            places[_right(tie, places)].incoming.append(said)
    height = _centres(graph, places)
    bows = {places[said.tie.one].column: 0.0 for said in inside}
    for said in inside:
        column = places[said.tie.one].column
        bows[column] = max(bows[column], said.width + BOW)
    left, widths = _across(places, bows)
    boxes = [
        Box(iri, left[p.column], p.centre - p.height / 2, widths[p.column], p.height, p.lines)
        for iri, p in places.items()
    ]
    lines = [line for place in places.values() for line in _arriving(place, places, left, widths)]
    right = max(left[c] + widths[c] for c in left)
    for said in inside:
        column = places[said.tie.one].column
        lines.append(_bow(said, places, left[column] + widths[column]))
        right = max(right, lines[-1].labels[0].x + said.width)
    return Drawing(right + EDGE, height + EDGE, boxes, lines)


def _columns(graph: Identity) -> dict[str, int]:
    own = 1 if graph.wholes else 0
    columns = {iri: 0 for iri in graph.wholes} | {graph.study: own}
    columns |= {part: own + 1 for part in graph.parts}
    last = own + (2 if graph.parts else 1)
    for several in graph.numbers.values():
        columns |= {iri: last for iri in several if iri not in columns}
    for iri in graph.others:
        partners = {tie.one if tie.other == iri else tie.other for tie in graph.ties if iri in (tie.one, tie.other)}
        columns[iri] = min((columns[p] for p in partners if p in columns), default=own) + 1
    return columns


def _right(tie: Tie, places: Mapping[str, Place]) -> str:
    return max(tie.one, tie.other, key=lambda iri: places[iri].column)


def _left(tie: Tie, places: Mapping[str, Place]) -> str:
    return min(tie.one, tie.other, key=lambda iri: places[iri].column)


def _centres(graph: Identity, places: Mapping[str, Place]) -> float:
    """Give every node its height on the page; return where the last one ends."""
    first = top = float(EDGE)
    seen: set[str] = set()

    def stack(iris: Sequence[str], y: float) -> float:
        for iri in iris:
            places[iri].centre = y + places[iri].slot / 2
            y += places[iri].slot
        return y

    for owner in (graph.study, *graph.parts):
        held = [iri for iri in graph.numbers.get(owner, ()) if iri not in seen]
        seen.update(held)
        needed = sum(places[iri].slot for iri in held)
        room = max(needed, places[owner].slot) if owner != graph.study else needed
        stack(held, top + (room - needed) / 2)
        places[owner].centre = top + room / 2
        top += room
    wholes = sum(places[whole].slot for whole in graph.wholes)
    top = max(top, first + places[graph.study].slot, first + wholes)
    places[graph.study].centre = (first + top) / 2
    stack(graph.wholes, (first + top - wholes) / 2)
    return stack([iri for iri in graph.others if iri not in seen], top)


def _across(places: Mapping[str, Place], bows: Mapping[int, float]) -> tuple[dict[int, float], dict[int, float]]:
    """Return where each column begins, and how wide its boxes are; a bow has its room before the next column."""
    left: dict[int, float] = {}
    widths: dict[int, float] = {}
    x = float(EDGE)
    for column in range(max(p.column for p in places.values()) + 1):
        there = [p for p in places.values() if p.column == column]
        arriving = [said.width for p in there for said in p.incoming]
        x += max(arriving) + CURVE + EDGE if arriving else 0
        left[column] = x
        widths[column] = max((p.width for p in there), default=0)
        x += widths[column] + bows.get(column, 0)
    return left, widths


def _arriving(
    place: Place, places: Mapping[str, Place], left: Mapping[int, float], widths: Mapping[int, float]
) -> list[Line]:
    found = []
    x, y = left[place.column], place.centre - place.arriving / 2
    turned = left[place.column - 1] + widths[place.column - 1] + CURVE if place.incoming else 0
    for said in sorted(place.incoming, key=lambda s: places[_left(s.tie, places)].centre):
        start = places[_left(said.tie, places)]
        y += said.height
        arrive = y - 6 if len(place.incoming) > 1 else place.centre + 3
        begin, level = left[start.column] + widths[start.column], start.centre
        path = f"M{begin:.1f} {level:.1f}"
        if start.column < place.column - 1:  # below what stands between, on the way
            over, beyond = left[start.column + 1], left[place.column - 1] + widths[place.column - 1]
            channel = _clear(place.centre + place.slot / 2 - 2, start.column, place.column, places)
            path += f"C{over - 30:.1f} {level:.1f} {over - 40:.1f} {channel:.1f} {over:.1f} {channel:.1f}H{beyond:.1f}"
            begin, level = beyond, channel
        half = (begin + turned) / 2
        path += f"C{half:.1f} {level:.1f} {half:.1f} {arrive:.1f} {turned:.1f} {arrive:.1f}H{x:.1f}"
        found.append(Line(said.tie, path, said.placed(turned + 4, arrive - 7)))
    return found


def _clear(y: float, first: int, last: int, places: Mapping[str, Place]) -> float:
    """Return the height nearest to ``y`` at which a line meets no box between two columns."""
    for place in sorted(places.values(), key=lambda p: p.centre):
        if first < place.column < last and abs(y - place.centre) < place.height / 2 + 5:
            y = place.centre + (place.height / 2 + 6) * (1 if y >= place.centre else -1)
    return y


def _bow(said: Said, places: Mapping[str, Place], x: float) -> Line:
    first, second = sorted((places[said.tie.one].centre, places[said.tie.other].centre))
    out = x + 18 + min(BOW - 30.0, (second - first) / 8)
    path = f"M{x:.1f} {first:.1f}C{out + 8:.1f} {first:.1f} {out + 8:.1f} {second:.1f} {x:.1f} {second:.1f}"
    bottom = (first + second) / 2 + 4 + (said.height - 6 - PITCH) / 2
    return Line(said.tie, path, said.placed(out + 6, bottom))
