"""Where the pages of a report's extracted text begin, and which of its lines are running heads or page numbers.

PDF text extraction leaves a form feed at each page break, or, where a tool dropped it, one space before the first line
of a page. Running heads and page numbers stand at a page's edge.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from msevidence.loaders.labels import one_of
from msevidence.loaders.text import Span, is_blank

HEAD = re.compile(r"^\s{0,4}(?P<number>\d{1,4})\s{2,}(?P<text>\S.*)$")
NUMBER = re.compile(r"^\s*(?P<number>\d{1,4})\s*$")
ROMAN = re.compile(r"^\s*(?=[ivxl])x{0,3}(?:ix|iv|v?i{0,3})\s*$")
ADDRESS = re.compile(r"^\s*<?https?://\S+>?\s*$")
EDGE = re.compile(
    rf"{one_of('page')}\s*(?P<a>\d{{1,4}})\b|^[\s|–—-]*(?P<b>\d{{1,4}})(?:[\s|–—-]*$|\s{{2,}})|(?<!\s)\s{{2,}}(?P<c>\d{{1,4}})\s*$",
    re.IGNORECASE,
)
"""A page number at the edge of a page: with the word for it, alone, or set apart from a running head."""
CAPTION = re.compile(rf"^\s*{one_of('table')}\s+\d+\b")
FIGURE = re.compile(rf"^\s*{one_of('figure')}\s+\d+\b")
COUNT = re.compile(r"\(\s*[nN]\s*=\s*\d[\d\s.,]*\)")

LONE_NUMBER_GAP = 5
"""Empty lines before a page number that stands alone: a row number of a table has up to three."""
INDENTED_SHARE = 0.1
"""Above this share of lines that begin with one space the space is how the tool indents, not where a page begins."""
HEAD_LINES = 3
"""Lines that a running head has, at most."""
FLOW_REACH = 5
"""Lines within which the count of a flow diagram's box follows the first line of its label."""


@dataclass(frozen=True)
class Row:
    """A line of the source with its surrounding space; a form feed in it reads as a space."""

    start: int
    text: str

    @property
    def blank(self) -> bool:
        return is_blank(self.text)

    @property
    def span(self) -> Span:
        lead = len(self.text) - len(self.text.lstrip())
        return Span(self.start + lead, self.start + len(self.text.rstrip()))


Breaks = tuple[list[int], dict[int, int], set[int], set[int]]
"""First rows of the pages, printed numbers by these, rows that are furniture, rows that begin a text set apart."""


def by_form_feed(raw: str, rows: list[Row], body: int) -> Breaks:
    """Pages between form feeds: edges of pages are running heads if they recur, numbers if they count up."""
    starts = [i for i in range(body) if "\x0c" in raw[rows[i].start : rows[i].start + len(rows[i].text)]]
    starts = sorted({0, *starts})
    taken = _heads(rows, starts, body) | _roman(rows, starts, body)
    edges: dict[int, list[int]] = {}
    for start, stop in zip(starts, [*starts[1:], body], strict=True):
        filled = [i for i in range(start, stop) if not rows[i].blank]
        rest = [i for i in filled if i not in taken]
        edges[start] = list(dict.fromkeys(i for some in (filled, rest) if some for i in (some[0], some[-1])))
    counted: dict[int, dict[int, tuple[int, int]]] = {}
    for page, (start, found) in enumerate(edges.items()):
        for i in found:
            if number := EDGE.search(rows[i].text):
                printed = int(next(g for g in number.groups() if g))
                counted.setdefault(printed - page, {})[start] = (i, printed)
    best = max(counted, key=lambda offset: (len(counted[offset]), offset), default=0)
    numbers: dict[int, int] = {}
    for offset, found_by in counted.items():
        # Several pages agree; a second series, of higher numbers, is where pages are missing from the text.
        if len(found_by) > 1 and (offset == best or offset >= 0):
            numbers |= {start: printed for start, (_, printed) in found_by.items()}
            taken |= {i for i, _ in found_by.values()}
    return starts, numbers, taken, _flow_starts(rows, starts, body)


def _heads(rows: list[Row], starts: list[int], body: int) -> set[int]:
    """Return the running heads: lines that recur at the edge of pages, behind other running heads where these do."""
    taken: set[int] = set()
    for depth in range(HEAD_LINES):
        edges: list[int] = []
        for start, stop in zip(starts, [*starts[1:], body], strict=True):
            filled = [i for i in range(start, stop) if not rows[i].blank]
            inner = [i for i in filled if i not in taken]
            head, foot = (inner[0], inner[-1]) if inner else (-1, -1)
            # A further line is one of the edge only behind a running head that ends there without an empty line.
            edges += [i for i in {head, foot} if i >= 0 and (not depth or {i - 1, i + 1} & taken)]
        heads = Counter(rows[i].text.strip() for i in edges)
        taken |= {i for i in edges if _recurs(heads, rows[i].text)}
    return taken


def _roman(rows: list[Row], starts: list[int], body: int) -> set[int]:
    """Return the page numbers of front matter, ``iii`` alone in the last line of a page, where two pages have them."""
    last = [
        [i for i in range(a, b) if not rows[i].blank][-1:] for a, b in zip(starts, [*starts[1:], body], strict=True)
    ]
    found = {i for some in last for i in some if ROMAN.match(rows[i].text)}
    return found if len(found) > 1 else set()


def _flow_starts(rows: list[Row], starts: list[int], body: int) -> set[int]:
    """Return the rows where the text of a flow diagram follows that of its page, as an indented line shows."""
    found: set[int] = set()
    for start, stop in zip(starts, [*starts[1:], body], strict=True):
        filled = [i for i in range(start, stop) if not rows[i].blank]
        caption = next((n for n, i in enumerate(filled) if FIGURE.match(rows[i].text)), len(filled))
        found |= {filled[n] for n in range(caption + 1, len(filled)) if _begins_flow(rows, filled, n)}
    return found


def _begins_flow(rows: list[Row], filled: list[int], n: int) -> bool:
    return bool(re.match(r" \S", rows[filled[n]].text)) and any(
        COUNT.search(rows[i].text) for i in filled[n : n + FLOW_REACH]
    )


def _recurs(heads: Counter[str], text: str) -> bool:
    """Say whether an edge of a page is a running head: it recurs, and is neither a number nor an address."""
    return heads[text.strip()] > 1 and bool(re.search(r"[^\W\d_]", text)) and not ADDRESS.match(text)


def by_layout(rows: list[Row], body: int) -> Breaks:
    """Pages by running heads, lone page numbers and the space that the extraction leaves at the head of a page."""
    filled = [i for i in range(body) if not rows[i].blank]
    numbers: dict[int, int] = {}
    spaced: list[int] = []
    apart: set[int] = set()
    figure = last = -1
    for n, i in enumerate(filled):
        text, gap = rows[i].text, i - filled[n - 1] - 1 if n else 0
        following = rows[filled[n + 1]].text.strip() if n + 1 < len(filled) else ""
        number = _page_number(text, following, gap, filled[n + 1] - i - 1 if n + 1 < len(filled) else 0)
        if number is not None and number > last:
            numbers[i] = last = number
        elif n and re.match(r" \S", text):
            captioned = any(CAPTION.match(rows[j].text) for j in filled[max(0, n - 2) : n])
            flow = _begins_flow(rows, filled, n) and figure >= (spaced[-1] if spaced else 0)
            if flow:
                apart.add(i)
            elif not captioned:
                spaced.append(i)
        if FIGURE.match(text):
            figure = i
    if len(spaced) > INDENTED_SHARE * len(filled):
        spaced = []
    marks = sorted(numbers)
    for one, other in pairwise(marks):
        if numbers[other] == numbers[one] + 1:
            spaced = [i for i in spaced if not one < i < other]
    starts = sorted({0, *numbers, *spaced})
    if marks and not any(not rows[i].blank for i in range(marks[0])):
        starts = sorted({marks[0], *spaced, *numbers})
    return starts, numbers, set(numbers), apart


def _page_number(text: str, following: str, gap: int, gap_after: int) -> int | None:
    """Return the page number that a line is: a running head over the heading it repeats, or a number set far apart."""
    if (head := HEAD.match(text)) and head["text"].strip() == following:
        return int(head["number"])
    if (alone := NUMBER.match(text)) and gap >= LONE_NUMBER_GAP and gap > gap_after:
        return int(alone["number"])
    return None
