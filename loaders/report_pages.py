"""Pages of a report's extracted text: lines, page furniture, address footers, outline, page numbers.

The addresses of a page's link annotations
(ISO 32000-2 §12.5.6.5) may follow its text, one a line, and the outline (§12.3.3) the last page, indented by tabs.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import pairwise

from msevidence.loaders.document import Link
from msevidence.loaders.report_breaks import ADDRESS, Row, by_form_feed, by_layout
from msevidence.loaders.text import Span

OUTLINE_LINES = 3
LEADERS = re.compile(r"(?:(?<!\.)\.{4,}|(?<!\s\.)(?:\s\.){4,}|(?<!…)…{2,})\s*\d{1,4}\s*$")
"""How a line of a table of contents ends: dots, and a page. Looked for from the first of the dots only: from each
letter of a very long line it took minutes."""
LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Line:
    """A printed line without its surrounding space. ``gap`` counts the empty lines before it."""

    start: int
    end: int
    text: str
    page: int
    gap: int
    first: bool = False
    """Whether it is the first line of its page."""


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the outline; ``closes`` counts the levels that end after it (printed as empty lines)."""

    title: str
    closes: int


@dataclass
class Pages:
    """The lines of a report that are content, page by page, and what was taken out of them."""

    raw: str
    lines: list[Line] = field(default_factory=list)
    printed: list[int | None] = field(default_factory=list)
    """Page number as printed, by page."""
    breaks: bool = False
    """Whether page breaks could be recognised."""
    furniture: list[Span] = field(default_factory=list)
    links: dict[int, list[Link]] = field(default_factory=dict)
    outline: list[OutlineEntry] = field(default_factory=list)

    def page_at(self, offset: int) -> int:
        """Return the page on which an offset of the source stands."""
        at = bisect_right(self.lines, offset, key=lambda line: line.start)
        return self.lines[max(at - 1, 0)].page


def read_pages(raw: str) -> Pages:
    """Return the content lines of a report's text by page; what is taken out is furniture or a link."""
    rows = [Row(m.start(), m.group().replace("\x0c", " ")) for m in re.finditer(r"[^\n]+|(?<=\n)(?=\n)|^(?=\n)", raw)]
    pages = Pages(raw)
    body = _take_outline(rows, pages)
    fed = "\x0c" in raw[: _end(rows, body)]
    starts, numbers, taken, apart = by_form_feed(raw, rows, body) if fed else by_layout(rows, body)
    taken |= {i for i in range(body) if _is_contents_line(rows[i].text)}
    pages.breaks = len(starts) > 1
    pages.furniture += [rows[i].span for i in sorted(taken)]
    for page, (start, stop) in enumerate(zip(starts, [*starts[1:], body], strict=True)):
        kept = [i for i in range(start, stop) if i not in taken]
        footer = _footer(rows, kept)
        if footer:
            spans = [rows[i].span for i in footer]
            pages.links[page] = [Link(raw[s.start : s.end].strip("<>"), s) for s in spans]
        pages.lines += _lines(rows, [i for i in kept if i not in footer], page, apart)
        pages.printed.append(numbers.get(start))
    return pages


def _end(rows: list[Row], body: int) -> int:
    return rows[body].start if body < len(rows) else rows[-1].start + len(rows[-1].text)


def _take_outline(rows: list[Row], pages: Pages) -> int:
    """Move the outline at the end of the text into ``pages``; returns where the body ends."""
    begin = len(rows)
    while begin > 0 and (rows[begin - 1].blank or rows[begin - 1].text.startswith("\t")):
        begin -= 1
    titled = [i for i in range(begin, len(rows)) if not rows[i].blank]
    if len(titled) < OUTLINE_LINES:
        return len(rows)
    for i, following in zip(titled, [*titled[1:], len(rows)], strict=True):
        pages.outline.append(OutlineEntry(rows[i].text.strip(), following - i - 1))
        pages.furniture.append(rows[i].span)
    return begin


def _footer(rows: list[Row], kept: list[int]) -> list[int]:
    """Return the lines of the block at a page's end that holds nothing but addresses, one a line."""
    filled = [i for i in kept if not rows[i].blank]
    block: list[int] = []
    while filled and (not block or block[0] - filled[-1] == 1):
        block.insert(0, filled.pop())
    return block if filled and all(ADDRESS.match(rows[i].text) for i in block) else []


def _lines(rows: list[Row], kept: list[int], page: int, apart: set[int]) -> list[Line]:
    lines: list[Line] = []
    gap = 0
    for i in kept:
        if rows[i].blank:
            gap += 1
            continue
        span = rows[i].span
        if i in apart:
            gap = max(gap, 1)
        lines.append(Line(span.start, span.end, rows[i].text.strip(), page, gap, first=not lines))
        gap = 0
    return lines


def number_pages(pages: Pages, lost_before: list[int]) -> list[str | None]:
    """Return the number of each page: printed, or counted from the nearest printed one.

    Where fewer pages stand between two printed numbers than these say, some are missing from the text.
    ``lost_before`` are the pages before which the outline names a chapter without text: if there is one such place, the
    pages are counted from both sides up to it; if not, those between have no number. Without any printed number
    pages are counted from 1.
    """
    count = len(pages.printed)
    if not pages.breaks:
        return [None] * count
    known = {i: n for i, n in enumerate(pages.printed) if n is not None}
    if not known:
        return [str(i + 1) for i in range(count)]
    numbers: dict[int, int] = dict(known)
    marks = sorted(known)
    for i in range(marks[0]):
        if known[marks[0]] - (marks[0] - i) > 0:
            numbers[i] = known[marks[0]] - (marks[0] - i)
    for i in range(marks[-1] + 1, count):
        numbers[i] = known[marks[-1]] + i - marks[-1]
    for a, b in pairwise(marks):
        gaps = [p for p in lost_before if a < p <= b]
        whole = known[b] - known[a] == b - a
        for i in range(a + 1, b):
            if whole or (len(gaps) == 1 and i < gaps[0]):
                numbers[i] = known[a] + i - a
            elif len(gaps) == 1:
                numbers[i] = known[b] - (b - i)
    return [str(numbers[i]) if i in numbers else None for i in range(count)]


def without(lines: list[Line], spans: list[Span]) -> list[Line]:
    """Return ``lines`` without those that lie in ``spans``; a line after one taken out counts as set apart."""
    kept: list[Line] = []
    gap = 0
    for line in lines:
        if any(s.start <= line.start < s.end for s in spans):
            gap += line.gap + 1
            continue
        kept.append(replace(line, gap=line.gap + gap) if gap else line)
        gap = 0
    return kept


def _is_contents_line(text: str) -> bool:
    """Say whether a line is one of a table of contents: a title, dots, and its page."""
    leaders = LEADERS.search(text)
    return leaders is not None and LETTER.search(text, 0, leaders.start()) is not None
