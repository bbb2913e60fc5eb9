"""What the pages of an article leave in its text: running heads and page numbers, with and without form feeds."""

import re
from collections import Counter
from collections.abc import Sequence

from msevidence.loaders.text import Span

PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:page|side|sida|sidan|seite|s\.|p\.)\s*)?\d{1,5}(?:\s*(?:of|av|von|/)\s*\d{1,5})?[-–—|\s]*", re.I
)
DEEP = 3
"""Lines at the edge of a page that can be running heads."""
LONGEST = 120


def is_page_number(line: str) -> bool:
    """Say whether a line is nothing but the number of a page.

    >>> [is_page_number(t) for t in ("35", "Page 3 of 9", "- 12 -", "21 patients")]
    [True, True, True, False]
    """
    return PAGE_NUMBER.fullmatch(line.strip()) is not None


def masked(line: str) -> str:
    """Return a line in the form in which running heads recur: without its numbers and spacing."""
    return " ".join(re.sub(r"\d+", "0", line).split()).casefold()


def page_edges(source: str) -> list[Span]:
    """Return the running heads and page numbers beside the form feeds of a text; none where it has no form feed.

    A line at the head or the foot of a page is a running head if it recurs there, numbers aside.
    """
    pages = _pages(source)
    if len(pages) < 2:
        return []
    found: list[Span] = []
    for order in (1, -1):
        depths = [lines[::order][:DEEP] for lines in pages]
        for depth in range(DEEP):
            texts = [source[d[depth].start : d[depth].end] if len(d) > depth else "" for d in depths]
            counts = Counter(masked(t) for t in texts if t)
            for n, text in enumerate(texts):
                above = depth == 0 or depths[n][depth - 1] in found
                if text and above and len(text) <= LONGEST and (is_page_number(text) or counts[masked(text)] > 1):
                    found.append(depths[n][depth])
    return sorted(set(found))


def _pages(source: str) -> list[list[Span]]:
    """Return the lines with text in them, page by page."""
    pages: list[list[Span]] = [[]]
    for match in re.finditer(r"\f|[^\n\f]+", source):
        text = match.group()
        if text == "\f":
            pages.append([])
        elif text.strip():
            lead = len(text) - len(text.lstrip())
            pages[-1].append(Span(match.start() + lead, match.start() + len(text.rstrip())))
    return [lines for lines in pages if lines]


def between_pages(texts: Sequence[str], cut: Sequence[bool], known: frozenset[str]) -> set[int]:
    """Return which of the blocks ``texts`` are running heads or page numbers, in a text without form feeds.

    ``cut`` says of each block whether it can be one and stands inside a sentence that the page breaks off: such
    blocks are furniture if a page number is among them, and so is a short one wherever it recurs. ``known`` are
    headings, folded: they recur with right.
    """
    found: set[int] = set()
    i = 0
    while i < len(texts):
        end = i
        while end < len(texts) and cut[end]:
            end += 1
        if any(is_page_number(t) for t in texts[i:end]):
            found |= set(range(i, end))
        i = max(end, i + 1)
    counts = Counter(masked(t) for t in texts)
    heads = {masked(t) for t, inside in zip(texts, cut, strict=True) if inside and counts[masked(t)] > 1}
    heads |= {masked(texts[i]) for i in found if counts[masked(texts[i])] > 1 and not is_page_number(texts[i])}
    return found | {i for i, t in enumerate(texts) if masked(t) in heads and t.casefold() not in known}
