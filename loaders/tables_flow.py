"""The flow diagram of a report as a table or as fields: boxes with their counts, and the reasons for exclusion."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from msevidence.loaders.document import FlowBox, PassageKind
from msevidence.loaders.report_flow import number
from msevidence.loaders.tables_builder import TablesBuilder
from msevidence.loaders.tables_headers import Column
from msevidence.loaders.tables_words import Grid

WHOLE = re.compile(r"\(?\s*(?:n\s*=\s*)?(?P<count>\d[\d\s.,]*)\)?", re.IGNORECASE)
"""A cell or field that is one count: ``1 024``, ``(n = 12)``."""


def count_of(text: str) -> int | None:
    """Return the count that a text is, ``None`` where it is something else.

    >>> count_of("1 024"), count_of("(n = 12)"), count_of("12 of 20")
    (1024, 12, None)
    """
    found = WHOLE.fullmatch(text.strip())
    return number(found["count"]) if found else None


def add_box(builder: TablesBuilder, label: str, count: int | None, passages: tuple[int, ...]) -> None:
    """Add a box of the diagram."""
    builder.document.flow.append(FlowBox(label.rstrip(" :"), count, passages))


def add_reason(builder: TablesBuilder, reason: str, count: int, passage: int) -> None:
    """Add a reason to the last box."""
    box = builder.document.flow[-1]
    builder.document.flow[-1] = replace(box, reasons=(*box.reasons, (reason.rstrip(" :"), count, passage)))


def read_flow(builder: TablesBuilder, grid: Grid, columns: Mapping[Column, Sequence[int]]) -> None:
    """Add the rows of a table of the selection: a row is a box, or a reason of the box above."""
    counts = (columns.get(Column.COUNT) or columns.get(Column.HITS) or (0,))[0]
    reasons = columns.get(Column.REASON, ())
    last = ""
    for r in range(1, len(grid.rows)):
        row: list[tuple[int, ...]] = []
        for n in range(len(grid.rows[0])):
            words = grid.words(r, n)
            row.append((builder.one(PassageKind.TABLE_CELL, words, grid.place(r, n)),) if words else ())
        grid.passages.append(row)
        others = {counts, *reasons, *columns.get(Column.LINE, ())}
        label = next((n for n in range(len(row)) if row[n] and n not in others), None)
        count = count_of(grid.text(r, counts))
        reason = next((n for n in reasons if row[n]), None)
        text = grid.text(r, label) if label is not None else ""
        if text and (reason is None or text != last):
            passages = (*row[label], *(row[counts] if reason is None else ())) if label is not None else ()
            add_box(builder, text, count if reason is None else None, passages)
            last = text
        if reason is not None and count is not None and builder.document.flow:
            add_reason(builder, grid.text(r, reason), count, row[counts][0])
