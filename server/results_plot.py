"""Where the marks of results stand: one panel a measure, each with a scale of its own.

A mark is a dot where one number is printed, and a line between two ends where a range is printed: nothing is put in the
middle of a range, no interval is made where none is printed, and nothing is turned into another measure.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msevidence.server.results_model import NO_CHANGE, Result

WIDTH = 1000
LEFT, RIGHT = 400, 750
"""Of the axis; names stand before it, printed values and flags after it."""
PRINTED = 772
TOP = 40
LINE = 16
PER_LINE = (56, 58, 30)
"""Characters that fit in a line of a name, of what is said of it (smaller), and of the printed value."""
LESS, MORE = ("decrease",), ("increase",)


@dataclass(frozen=True, slots=True)
class Mark:
    """A result in a panel, with the place of everything drawn for it."""

    result: Result
    top: float
    height: float
    y: float
    x: float
    x_high: float | None
    """Where the upper end of a printed range stands; None where no range is printed."""
    shape: str
    """``dot``, ``range``, ``less`` or ``more``: the last two point the way that the document says."""
    name: Sequence[str]
    about: Sequence[str]
    printed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """All results of one measure, on one scale."""

    key: str
    """``shares``, ``changes``, ``ratios``, or the key of a unit; of harms with ``harms-`` before."""
    measure: str
    harms: bool
    marks: Sequence[Mark]
    ticks: Sequence[Tick]
    height: float
    unchanged: float | None = None
    """Where the line of no difference stands, on the scale of ratios."""


def measure(result: Result) -> str:
    """Return the measure that a result's scale is of; empty where it has none that can be drawn.

    A share of people and a change are both printed in percent, and are not to be read on one scale.
    """
    if not result.estimate or result.value is None or result.counts_works or not result.unit:
        return ""
    if result.measured_in == "percent":
        return "changes" if result.direction else "shares"
    if result.measured_in == "ratio":
        return "ratios" if result.value > 0 else ""
    return result.measured_in


def panels(results: Iterable[Result], texts: Mapping[str, tuple[str, str, str]]) -> list[Panel]:
    """Return the panels of these results, harms after the others.

    Args:
        results: in the order in which they are to stand.
        texts: by IRI of the result, its name, what is said of it, and the value as printed, to be broken into lines.
    """
    grouped: dict[tuple[bool, str], list[Result]] = {}
    for result in results:
        if of := measure(result):
            grouped.setdefault((result.harm, of), []).append(result)
    first = ("changes", "shares", "ratios")
    order = sorted(grouped, key=lambda key: (key[0], first.index(key[1]) if key[1] in first else len(first), key[1]))
    return [_panel(of, harms, grouped[harms, of], texts) for harms, of in order]


def _panel(of: str, harms: bool, results: Sequence[Result], texts: Mapping[str, tuple[str, str, str]]) -> Panel:
    values = [v for result in results for v in (result.value, result.high) if v is not None]
    scale = _Ratios(values) if of == "ratios" else _Linear(values, 100.0 if of in ("shares", "changes") else 0.0)
    marks: list[Mark] = []
    top = float(TOP)
    for result in results:
        name, about, printed = (
            textwrap.wrap(text.replace(" %", "\u00a0%"), width) or [""]
            for text, width in zip(texts[result.iri], PER_LINE, strict=True)
        )
        height = LINE * max(len(name) + len(about), len(printed) + result.doubtful, 2) + 14.0
        value = result.value if result.value is not None else 0.0
        high = result.high if result.high is not None and result.high != value else None
        marks.append(
            Mark(
                result,
                top,
                height,
                top + height / 2,
                scale.at(value),
                None if high is None else scale.at(high),
                _shape(result, high),
                name,
                about,
                printed,
            )
        )
        top += height
    unchanged = scale.at(NO_CHANGE) if of == "ratios" else None
    return Panel(f"harms-{of}" if harms else of, of, harms, marks, scale.ticks(), top + 12, unchanged)


def _shape(result: Result, high: float | None) -> str:
    direction = result.direction.rpartition("/")[2]
    if high is not None:
        return "range"
    return "less" if direction in LESS else "more" if direction in MORE else "dot"


class _Linear:
    """From 0, or below it where a value is, to a round number above all values, and at least to `least`."""

    def __init__(self, values: Sequence[float], least: float) -> None:
        top, bottom = max(*values, least, 0.0), min(*values, 0.0)
        self._step = _round_step((top - bottom) / 5 or 1.0)
        self._low, self._high = (
            math.floor(bottom / self._step) * self._step,
            math.ceil(top / self._step) * self._step or self._step,
        )

    def at(self, value: float) -> float:
        return round(LEFT + (value - self._low) / (self._high - self._low) * (RIGHT - LEFT), 1)

    def ticks(self) -> list[Tick]:
        count = round((self._high - self._low) / self._step)
        return [Tick(self.at(v), f"{v:.10g}") for v in (self._low + n * self._step for n in range(count + 1))]


class _Ratios:
    """Logarithmic, with the line of no difference at 1 always on it."""

    def __init__(self, values: Sequence[float]) -> None:
        whole = [*(v for v in values if v > 0), NO_CHANGE]
        self._low, self._high = math.floor(math.log10(min(whole) * 0.999)), math.ceil(math.log10(max(whole) * 1.001))

    def at(self, value: float) -> float:
        share = (math.log10(max(value, 10.0**self._low)) - self._low) / (self._high - self._low)
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def ticks(self) -> list[Tick]:
        decades = range(self._low, self._high + 1)
        between = (1, 2, 5) if len(decades) < 4 else (1,)
        values = [n * 10.0**d for d in decades for n in between]
        return [Tick(self.at(v), f"{v:.6g}") for v in values if v <= 10.0**self._high * 1.0001]


def _round_step(rough: float) -> float:
    """Return the next of 1, 2, 5, 10 … at or above.

    >>> _round_step(20.0), _round_step(81.0), _round_step(0.3)
    (20.0, 100.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(n * power for n in (1, 2, 5, 10) if n * power >= rough * 0.999999))
