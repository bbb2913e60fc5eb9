"""The tables of the evidence map on the screen: few columns, what belongs together in one, and rows that can stack.

The files have a column for each kind of value (map_tables.py); here a value stands with its sources in small letters
below it. Each cell carries the heading of its column, which a narrow screen writes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from textwrap import shorten

from markupsafe import Markup

from msevidence.server import exhibit_html, i18n, map_findings
from msevidence.server.exhibits import Cell, Row, Table, cells

SCREEN = (
    ("study", ("study",), ("part_of",)),
    ("of", ("transplantation",), ("ms_type",)),
    ("design", (), ("design",)),
    ("status", ("status",), ("reported", "registered")),
    ("participants", ("participants",), ("participants_by",)),
    ("results", (), ("results_where",)),
)
"""Column on the screen, its texts ``map-screen-<key>``; columns of the table, and those in small letters."""
SOURCED = {"status": " · ", "participants": " · ", "results": ": "}
"""Columns whose values in small letters name their source → what stands before it, as map_tables.py writes it."""
LONGEST = 70
"""Letters of the name of a study; the link leads to all of it."""


def studies(table: Table, language: str) -> Markup:
    """Return the table of studies."""
    heads = [i18n.text(f"map-screen-{key}", language) for key, _, _ in SCREEN]
    none = escape(i18n.text("map-choose-none", language))

    def row(one: Row) -> Iterable[str]:
        for key, large, small in SCREEN:
            first = "; ".join(filter(None, (_listed(map(_short, cells(one, name)), ", ") for name in large)))
            below = "; ".join(filter(None, (_small(key, cells(one, name)) for name in small)))
            if key == "study" and below:
                below = f"{escape(i18n.text('map-column-part_of', language))} {below}"
            if key == "study" and (wrong := _listed(cells(one, "findings"), ", ")):
                below = f"{below}; {map_findings.SIGN} {wrong}" if below else f"{map_findings.SIGN} {wrong}"
            if key == "results" and not below:
                first = none
            yield first + (f"<small>{below}</small>" if below else "")

    more = Markup(f'<p class="note">{escape(i18n.text("map-screen-more", language))}</p>')
    return _table(table, heads, [list(row(one)) for one in table.rows], "screen") + more


def stacked(table: Table, style: str = "counted", between: str = ", ") -> Markup:
    """Return a table as it is, with the heading of its column at each cell.

    Args:
        table: to write.
        style: class of the table; ``counted`` aligns its cells as figures.
        between: HTML between several values of a cell.
    """
    rows = [[_listed(cells(row, column.key), between) for column in table.columns] for row in table.rows]
    return _table(table, [column.heading for column in table.columns], rows, style)


def _small(key: str, values: Sequence[Cell]) -> str:
    """Return values in small letters: what is said as words, and its source as the link."""
    if key not in SOURCED:
        return ", ".join(str(exhibit_html.value(replace(one, href=None))) for one in values)
    return "; ".join(map(_sourced, ((one, *one.text.partition(SOURCED[key])) for one in values)))


def _sourced(parts: tuple[Cell, str, str, str]) -> str:
    one, said, between, source = parts
    return escape(said + between) + str(exhibit_html.value(replace(one, text=source, language=None)))


def _short(one: Cell) -> Cell:
    return replace(one, text=shorten(one.text, LONGEST, placeholder=" …")) if len(one.text) > LONGEST else one


def _listed(values: Iterable[Cell], between: str) -> str:
    return between.join(str(exhibit_html.value(one)) for one in values)


def _table(table: Table, heads: Sequence[str], rows: Sequence[Sequence[str]], style: str) -> Markup:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(_cells(heads, row))}</tr>\n" for row in rows)
    return Markup(  # every part is escaped above
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.title)}">'
        f'<table class="exhibit stacks {style}" id="{escape(table.key)}"><caption>{escape(table.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(heads: Sequence[str], row: Sequence[str]) -> Iterable[str]:
    for number, (head, value) in enumerate(zip(heads, row, strict=True)):
        if number == 0:
            yield f'<th scope="row">{value}</th>'
        else:
            yield f'<td data-heading="{escape(head)}"><div>{value}</div></td>'
