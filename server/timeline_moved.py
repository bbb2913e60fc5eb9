"""Expected dates that have moved later, as a table: what was said when, since when it moves, and how far."""

from __future__ import annotations

from collections.abc import Sequence

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Column, Row, Table, cell, figure
from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import link
from msevidence.server.store import PageLane
from msevidence.server.study_dates import Slip, Statement
from msevidence.server.timeline_figure import shown, source

COLUMNS = ("study", "what", "said", "since", "between", "now", "moved")
YEAR = 365.25


def moved_table(lane: PageLane, labels: Labels, language: str, slips: Sequence[Slip], key: str = "moved") -> Table:
    """Return a row for each date that moved, the farthest first."""

    def said(one: Statement) -> Cell:
        words = i18n.text(
            "timeline-said",
            language,
            date=shown(language, one),
            stated=_when(one),
            by=source(lane, labels, one),
        )
        place = cell(link(lane, labels, one.passage or one.statement))
        return Cell(words, None, place.href, one.statement, outside=place.outside)

    def row(slip: Slip) -> Row:
        first, last = slip.said[1], slip.said[-1]
        far = i18n.text(
            "timeline-moved-by",
            language,
            days=i18n.number(slip.days, language),
            years=f"{slip.days / YEAR:.1f}".replace(".", "." if language == "en" else ","),
        )
        return {
            "study": cell(link(lane, labels, slip.study)),
            "what": cell(link(lane, labels, slip.what)),
            "said": [said(one) for one in slip.said],
            "since": Cell(_when(first)),
            "between": Cell(i18n.text("timeline-between", language, held=_when(slip.held), seen=_when(first))),
            "now": Cell(shown(language, last)),
            "moved": figure(slip.days, far),
        }

    columns = [
        Column(name, i18n.text(f"timeline-moved-{name}", language), iris=name in ("study", "what", "said"))
        for name in COLUMNS
    ]
    rows = [row(slip) for slip in sorted(slips, key=lambda slip: -slip.days)]
    title, note = i18n.text("timeline-moved", language), i18n.text("timeline-moved-note", language)
    return Table(key, title, columns, rows, note, query("timeline"))


def _when(one: Statement) -> str:
    return one.when.shown if one.when else one.stated
