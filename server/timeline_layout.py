"""Where everything of a timeline stands: a row a study, below it a line for each expectation, all over one axis.

A period is drawn as wide as it is, but not narrower than LEAST; nothing is drawn at a day that nobody stated.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from msevidence.server.study_dates import (
    END,
    FIRST,
    PRIMARY,
    PUBLISHED,
    REGISTERED,
    START,
    Nature,
    Period,
    Statement,
    disagree,
)

NAMES, AXIS, BESIDE = 200, 640, 240
"""Width of the column of names, of the years, and of the words beside them."""
HEAD, MAIN, LINE, FOOT = 44, 36, 21, 26
"""Height of the head with the years, of a row, of a line below it, and of the years below all."""
LEAST = 3.0
"""A day is narrower than a pixel."""
LETTER = 6.1
"""Width of a letter of 11.5 px, about; words that would not fit on the right stand on the left."""
LABEL_LETTERS, LABEL_LINES = 29, 2
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
BETWEEN_TICKS = 36


@dataclass(frozen=True, slots=True)
class Said:
    """A line below a study: one or several statements that say the same, and the words beside it."""

    statements: Sequence[Statement]
    text: str

    @property
    def first(self) -> Statement:
        """The statement that the line is drawn from."""
        return self.statements[0]


@dataclass(frozen=True, slots=True)
class Track:
    """A study to draw."""

    study: str
    label: str
    language: str
    href: str
    spoken: str
    """What the row says, for those who do not see it."""
    statements: Sequence[Statement]
    lines: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Span:
    """A period along the axis."""

    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where a shape of a single day stands."""
        return self.x + self.width / 2

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Mark:
    """A date on the main line of a study."""

    kind: str
    """``registered``, ``start``, ``primary``, ``end``, ``passed`` or ``published``."""
    span: Span
    day: bool
    """Whether it is a single day (or too short to be told from one)."""
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line below a study: when it was said, and the period that it names."""

    y: float
    said: Span | None
    span: Span
    towards: float | None
    """Where the line between both ends; None where there is none to draw."""
    kind: str
    """Nature of the date, or ``not-before`` and ``not-after``."""
    text: str
    text_x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Row:
    """A study as drawn."""

    track: Track
    y: float
    height: float
    name: Sequence[str]
    ran: Span | None
    """From the start to the end, or to where it is not known to go on."""
    onward: Span | None
    """From there to the last day on which the newest word on the end expects it."""
    marks: Sequence[Mark]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole timeline."""

    width: float
    height: float
    top: float
    bottom: float
    ticks: Sequence[tuple[float, int]]
    now: float | None
    rows: Sequence[Row] = field(default_factory=tuple)
    left: float = NAMES
    right: float = NAMES + AXIS


class Axis:
    """Days as places along the drawing, over whole years."""

    def __init__(self, periods: Sequence[Period], fallback: int = 2000) -> None:
        self.first_year = min((one.first.year for one in periods), default=fallback)
        last = max((one.last.year for one in periods), default=fallback)
        years = last - self.first_year + 1
        self._step = next((s for s in STEPS if AXIS * s / years >= BETWEEN_TICKS), STEPS[-1])
        # The axis goes on to a year that is written along it, so that the last mark stands between two of them.
        self.last_year = min(-(-(last + 1) // self._step) * self._step - 1, date.max.year)
        self._from = date(self.first_year, 1, 1).toordinal()
        self._days = date(self.last_year, 12, 31).toordinal() + 1 - self._from

    def at(self, day: date, end: bool = False) -> float:
        """Return where a day begins, or ends."""
        return round(NAMES + AXIS * (day.toordinal() + end - self._from) / self._days, 2)

    def span(self, one: Period) -> Span:
        """Return where a period stands; one that is too short is widened about its middle."""
        start, end = self.at(one.first), self.at(one.last, end=True)
        if end - start < LEAST:
            start = (start + end - LEAST) / 2
            end = start + LEAST
        return Span(round(start, 2), round(end - start, 2))

    def ticks(self) -> list[tuple[float, int]]:
        """Return the years that are written along it, with their places."""
        first = -(-self.first_year // self._step) * self._step
        found = [(self.at(date(y, 1, 1)), y) for y in range(first, self.last_year + 1, self._step) if y > 0]
        end = self.last_year + 1
        return [*found, (NAMES + AXIS, end)] if end % self._step == 0 else found


def lay_out(tracks: Sequence[Track], now: Period | None) -> Drawing:
    """Return where everything stands."""
    stated = [one for track in tracks for one in track.statements]
    periods = [p for one in stated for p in (one.period, one.when) if p] + ([now] if now else [])
    axis = Axis(periods)
    rows, y = [], float(HEAD)
    for track in tracks:
        row = _row(track, axis, y)
        rows.append(row)
        y += row.height
    at = axis.span(now).middle if now else None
    return Drawing(NAMES + AXIS + BESIDE, y + FOOT, HEAD, y, axis.ticks(), at, rows)


def _row(track: Track, axis: Axis, y: float) -> Row:
    ran, onward = _course(track.statements, axis)
    lines = [
        _line(said, axis, y + MAIN + LINE * n + LINE / 2) for n, said in enumerate(track.lines) if said.first.period
    ]
    height = MAIN + LINE * len(lines) + (6 if lines else 0)
    return Row(track, y, height, _name(track.label), ran, onward, _marks(track.statements, axis), lines)


def _name(label: str) -> list[str]:
    return textwrap.wrap(label, LABEL_LETTERS, max_lines=LABEL_LINES, placeholder=" …") or [label]


def _marks(statements: Sequence[Statement], axis: Axis) -> list[Mark]:
    kinds = {REGISTERED: "registered", START: "start", FIRST: "start", PRIMARY: "primary", END: "end"}
    found: dict[tuple[str, Period], Mark] = {}
    for one in statements:
        kind = "published" if one.what == PUBLISHED else kinds.get(one.what)
        if kind is None or not one.period or one.nature not in (Nature.FACT, Nature.PASSED):
            continue
        if kind == "end" and one.nature is Nature.PASSED:
            kind = "passed"
        span = axis.span(one.period)
        day = (one.period.last - one.period.first).days < 28 or span.width <= 2 * LEAST
        found.setdefault((kind, one.period), Mark(kind, span, day, one.period.shown))
    return list(found.values())


def _course(statements: Sequence[Statement], axis: Axis) -> tuple[Span | None, Span | None]:
    """Return the stretch in which a study surely ran by what is stated, and the one to its newest expected end."""
    starts = [o.period for o in statements if o.what in (START, FIRST) and o.period and o.nature is not Nature.EXPECTED]
    if not starts:
        return None, None
    begin = axis.at(max(one.last for one in starts), end=True)
    ends = [o.period for o in statements if o.what == END and o.period and o.nature in (Nature.FACT, Nature.PASSED)]
    if ends:
        until = axis.at(min(one.first for one in ends))
        return (_between(begin, until), None)
    # How long it ran is known to the day of the newest word on it, whatever day the review measures at.
    told = [o.when for o in statements if o.when and o.what not in (PUBLISHED, REGISTERED)]
    until = axis.at(max(told).last, end=True) if told else begin
    ahead = [o for o in statements if o.what == END and o.period and o.nature is Nature.EXPECTED]
    newest = max(ahead, key=lambda o: (o.when or Period(date.min, date.min), o.period), default=None)
    if newest is None or newest.period is None:
        return _between(begin, until), None
    last = axis.at(newest.period.last, end=True)
    return _between(begin, min(until, last)), _between(max(begin, until), last)


def _between(start: float, end: float) -> Span | None:
    return Span(start, round(end - start, 2)) if end > start else None


def _line(said: Said, axis: Axis, y: float) -> Line:
    one = said.first
    assert one.period
    span = axis.span(one.period)
    when = axis.span(one.when) if one.when else None
    towards = None
    if when:
        towards = span.x if span.x > when.end else span.end if span.end < when.x else None
    kind = one.how if one.how in ("not-before", "not-after") else one.nature.value
    right = max(span.end + (14 if kind == "not-before" else 0), when.end if when else 0) + 6
    if right + LETTER * len(said.text) <= NAMES + AXIS + BESIDE:
        return Line(y, when, span, towards, kind, said.text, right, "start")
    left = min(span.x, when.x if when else span.x) - 6
    return Line(y, when, span, towards, kind, said.text, left, "end")


def lines_of(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Return what gets a line of its own below a study: expectations, and facts that have no day in common.

    Statements that say the same of the same, at the same time and in the same place, share one.
    """
    drawn: dict[tuple[str, ...], list[Statement]] = {}
    for what in dict.fromkeys(one.what for one in statements):
        of = [one for one in statements if one.what == what and one.period]
        facts = [one for one in of if one.nature in (Nature.FACT, Nature.PASSED)]
        differ = what in (START, END) and disagree(facts)
        for one in of:
            if one.nature in (Nature.EXPECTED, Nature.UNDATED) or what not in _MARKED:
                drawn.setdefault((what, one.date, one.until, one.how, one.stated, one.by), []).append(one)
            elif differ:  # the same fact in a later state of the record is no news
                drawn.setdefault((what, one.date, one.until, one.by), []).append(one)
    return list(drawn.values())


_MARKED = (REGISTERED, START, FIRST, PRIMARY, END, PUBLISHED)
