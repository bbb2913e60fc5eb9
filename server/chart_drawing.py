"""Bars as inline SVG: names on the left, cut where they are long, the figure as it is written at the end of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import render_template
from markupsafe import Markup

from msevidence.server.labels import Text
from msevidence.server.result_chart import Chart

NAMES, BARS, FIGURES = 320, 300, 90
"""Widths of the three columns, in pixels; that of the names is the widest that it gets."""
STEP, THICK, TOP = 26, 16, 8
LETTERS, LETTER = 44, 7.2
"""Letters of a name that fit into its column at the figure's size of type, and how wide one is."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One bar in its place."""

    label: Text
    cut: str
    shown: str
    x: float
    width: float
    end: float
    """Where the figure stands."""
    y: int


def draw(chart: Chart, title: str, description: str) -> Markup:
    """Return the chart as an ``svg`` element."""
    values = [bar.value for bar in chart.bars]
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    scale = BARS / float(high - low or 1)
    names = min(NAMES, round(LETTER * max(len(bar.label.text) for bar in chart.bars)) + 16)
    zero = names - float(low) * scale
    bars = []
    for at, bar in enumerate(chart.bars):
        width = abs(float(bar.value)) * scale
        x = zero if bar.value >= 0 else zero - width
        y = TOP + at * STEP
        bars.append(
            Drawn(bar.label, _cut(bar.label.text), bar.shown, round(x, 1), round(width, 1), round(x + width, 1), y)
        )
    size = {"width": names + BARS + FIGURES, "height": 2 * TOP + STEP * len(bars), "thick": THICK}
    said = {"title": title, "description": description}
    return Markup(render_template("figure_chart.svg", bars=bars, names=names, zero=round(zero, 1), **size, **said))


def _cut(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1].rstrip()}…"
