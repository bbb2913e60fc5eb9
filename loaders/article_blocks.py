"""The blocks of a plain-text article: what stands between blank lines, and what each looks like by itself."""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from msevidence.loaders.addresses import E_MAIL
from msevidence.loaders.article_names import is_place
from msevidence.loaders.article_pages import LONGEST, between_pages
from msevidence.loaders.article_text import Text
from msevidence.loaders.article_words import FIGURE_WORDS, KNOWN_HEADINGS, TABLE_WORDS, heading_key, is_imprint
from msevidence.loaders.markers import ROUND, SQUARE
from msevidence.loaders.text import Span, squash

BULLET = re.compile(r"[ \t]*(?:[•▪◦*·–-]|(?P<number>\d{1,2})[.)])[ \t]+(?=\S)")
QUOTED = re.compile(r"«[^«»]+»|»[^«»]+«|“[^“”]+”|”[^“”]+”|„[^„“”]+[“”]|\"[^\"]+\"")
CLOSED = re.compile(r"[.!?:;…][)\]»«”“\"'’*]*$")
HEAD_SHARE = 0.6
"""Share of the longest line below it up to which the first line of a block can be its heading."""
QUESTION_SHARE = 0.8
HEADED_WORDS = 5
SHORT_CHARACTERS, SHORT_WORDS = 110, 16
"""A line longer than this is no heading: the longest in the article of 2024 that the loader began with has 7 words."""


class Look(Enum):
    """What a block looks like by itself."""

    PARAGRAPH = auto()
    SHORT = auto()
    """One short line without a stop: a heading, a name, a rubric."""
    LIST = auto()
    TABLE = auto()
    TABLE_CAPTION = auto()
    FIGURE_CAPTION = auto()
    QUOTE = auto()
    """Nothing but words in quotation marks."""
    IMPRINT = auto()
    """Dates, DOI, copyright."""
    E_MAIL = auto()
    FURNITURE = auto()
    """Running heads and page numbers."""


@dataclass(frozen=True)
class Block:
    """Lines between blank lines; ``cuts`` are the matter that the layout put into it."""

    start: int
    end: int
    look: Look
    text: str
    label: str | None = None
    """Label of a caption."""
    cuts: tuple[Span, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether the text ends as a sentence does."""
        text = self.text
        while marker := re.search(rf"\s?(?:{MARKER_END.pattern})$", text):
            text = text[: marker.start()]
        return CLOSED.search(text) is not None


MARKER_END = re.compile(r"[(\[]\d[\d\s,;-]*[)\]]")


def find_blocks(text: Text, start: int, end: int) -> list[Block]:
    """Return the blocks of a part of a text in order."""
    blocks = []
    parts = (part for run in _runs(text, start, end) for part in _tables_apart(text.source, run))
    for first, last, rows in parts:
        for a, b, table in [(first, last, True)] if rows else _heads_apart(text, first, last):
            content = text.normal(a, b).text
            if content or E_MAIL.search(text.source, a, b):
                blocks.append(_block(text, a, b, content, table))
    return _settle_lists(text, blocks)


def _settle_lists(text: Text, blocks: list[Block]) -> list[Block]:
    """Tell numbered lists from numbered headings (a paragraph follows) and from sentences that start with a number."""
    settled = []
    last = 0
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        bullet = BULLET.match(text.source, block.start) if block.look is Look.LIST else None
        if bullet and bullet["number"]:
            number = int(bullet["number"])
            lines = text.source[block.start : block.end].count("\n")
            below = following and re.match(rf"{number}\.1\b", following.text)
            over = following and (following.look is Look.PARAGRAPH or below)
            heading = not lines and is_short(block.text) and over
            if heading or number not in (1, last + 1):
                block = replace(block, look=Look.SHORT if heading else Look.PARAGRAPH)
            last = number + lines
        settled.append(block)
    return settled


def is_short(content: str) -> bool:
    """Say whether a line is as short as a heading and ends as one: without a stop."""
    short = len(content) <= SHORT_CHARACTERS and len(content.split()) <= SHORT_WORDS
    return short and not re.search(r"[.!?:;,…][)\]»”\"'’]*$", content)


def _runs(text: Text, start: int, end: int) -> list[list[Span]]:
    """Return the lines between blank lines and page breaks."""
    runs: list[list[Span]] = [[]]
    position = start
    for line in text.source[start:end].splitlines(keepends=True):
        stop = position + len(line.rstrip())
        if line.strip() and not any(e.start < stop and position < e.end for e in text.edges):
            runs[-1].append(Span(position, position + len(line.rstrip())))
        else:
            runs.append([])
        position += len(line)
    return [run for run in runs if run]


def _tables_apart(source: str, run: list[Span]) -> list[tuple[int, int, bool]]:
    """Part the rows of a table (lines with tabs, and lines between them) from the lines before and after."""
    rows = [i for i, line in enumerate(run) if "\t" in source[line.start : line.end].strip()]
    if len(rows) < 2:
        return [(run[0].start, run[-1].end, False)]
    first, last = rows[0], rows[-1]
    parts = [(run[:first], False), (run[first : last + 1], True), (run[last + 1 :], False)]
    return [(lines[0].start, lines[-1].end, table) for lines, table in parts if lines]


def _heads_apart(text: Text, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Part the headings from the text that follows them without a blank line, as text copied from a PDF has them.

    A line that is a heading by its words is one anywhere; the first line also by its look: far shorter than the lines
    below it, which start anew and end as sentences do.
    """
    lines = [Span(start + m.start(), start + m.end()) for m in re.finditer(r"[^\n]+", text.source[start:end])]
    texts = [text.normal(line.start, line.end).text for line in lines]
    hints = {squash(h).casefold() for h in text.layout.headings}
    heads = [
        n
        for n, t in enumerate(texts)
        if len(lines) > 1
        and t[:1].isupper()
        and (t.casefold() in hints or (is_short(t) and heading_key(t) in KNOWN_HEADINGS))
        and (n == 0 or CLOSED.search(_uncited(texts[n - 1])))
    ]
    items = _items(text, lines)
    if len(lines) > 1 and 0 not in heads and _looks_like_head(text, texts[: items or None]):
        heads.insert(0, 0)
    cuts = sorted({0, len(lines), *heads, *(n + 1 for n in heads), *([items] if items else [])})
    return [(lines[a].start, lines[b - 1].end, False) for a, b in pairwise(cuts)]


def _items(text: Text, lines: list[Span]) -> int:
    """Return at which line of a block a list begins that its text leads to: two items at least, counted from 1."""
    bullets = [BULLET.match(text.source, line.start, line.end) for line in lines]
    for n, bullet in enumerate(bullets):
        if n and bullet and bullet["number"] in (None, "1"):
            rest = [b["number"] for b in bullets[n + 1 :] if b]
            return n if rest and rest[0] == (None if bullet["number"] is None else "2") else 0
    return 0


def _looks_like_head(text: Text, lines: list[str]) -> bool:
    if len(lines) < 2:
        return False
    first, second = lines[0], lines[1]
    if first.endswith("?") and is_short(first[:-1]):
        return second[:1].isupper() and len(first) <= QUESTION_SHARE * max(len(line) for line in lines[1:])
    short = is_short(first) and len(first) <= HEAD_SHARE * max(len(line) for line in lines[1:])
    captioned = any(
        text.label(words, own).match(first)
        for words, own in ((TABLE_WORDS, text.layout.table_label), (FIGURE_WORDS, text.layout.figure_label))
    )
    anew = (
        second[:1].isupper() and len(second.split()) >= HEADED_WORDS and CLOSED.search(_uncited(lines[-1])) is not None
    )
    return (
        short and anew and first[:1].isupper() and not captioned and "," not in first and not MARKER_END.search(first)
    )


def _uncited(line: str) -> str:
    return re.sub(rf"(?:\s?{MARKER_END.pattern})+$", "", line)


def _block(text: Text, start: int, end: int, content: str, table: bool) -> Block:
    source = text.source
    if table:
        return Block(start, end, Look.TABLE, content)
    if not content.strip("<>()[] "):
        return Block(start, end, Look.E_MAIL, content)
    for look, pattern in (
        (Look.TABLE_CAPTION, text.label(TABLE_WORDS, text.layout.table_label)),
        (Look.FIGURE_CAPTION, text.label(FIGURE_WORDS, text.layout.figure_label)),
    ):
        caption = pattern.match(content)
        if caption and not (content[caption.end() :][:1].islower() and not caption["stop"]):
            return Block(start, end, look, content, caption["label"])
    if QUOTED.fullmatch(content) and len(content.split()) > 3:
        return Block(start, end, Look.QUOTE, content)
    if is_imprint(content):
        return Block(start, end, Look.IMPRINT, content)
    one_line = "\n" not in source[start:end]
    if BULLET.match(source, start):
        return Block(start, end, Look.LIST, content)
    cited = ROUND.search(content) or SQUARE.search(content)
    if one_line and ((is_short(content) and not cited) or text.is_marked(start)):
        return Block(start, end, Look.SHORT, content)
    return Block(start, end, Look.PARAGRAPH, content)


def starts_small(text: str) -> bool:
    """Say whether ``text`` goes on with a sentence: it starts with a small letter, and not with ``mRNA`` or ``pH``."""
    word = re.match(r"[^\W\d_]+", text)
    if re.match(r"[a-h]\s[A-ZÅÆØÄÖÜ]", text) and is_place(text[2:]):
        return False  # the mark of an affiliation
    return word is not None and word.group()[0].islower() and not any(c.isupper() for c in word.group()[1:3])


INTERVENING = frozenset({Look.FURNITURE, Look.QUOTE, Look.TABLE, Look.TABLE_CAPTION, Look.FIGURE_CAPTION, Look.E_MAIL})


def _furniture_told(blocks: list[Block], headings: frozenset[str]) -> list[Block]:
    """Return the blocks with the running heads and page numbers among them told as such."""
    cut = [False] * len(blocks)
    before: int | None = None
    for n, block in enumerate(blocks):
        if block.look is not Look.PARAGRAPH or (not block.finished and len(block.text.split()) <= SHORT_WORDS):
            continue
        if before is not None and not blocks[before].finished and starts_small(block.text):
            for i in range(before + 1, n):
                cut[i] = blocks[i].look in (Look.SHORT, Look.PARAGRAPH, Look.LIST) and len(blocks[i].text) <= LONGEST
        before = n
    told = between_pages([b.text for b in blocks], cut, headings)
    return [replace(b, look=Look.FURNITURE) if n in told else b for n, b in enumerate(blocks)]


def join_cut(text: Text, blocks: list[Block], headings: frozenset[str]) -> list[Block]:
    """Join paragraphs that the page cuts: the first piece has no end, and the next goes on.

    A next piece in small letters goes on, also beyond a figure, a table or a pull quote; one with a capital goes on
    only where both are adjacent and too long for headings.
    """
    joined: list[Block] = []
    for block in _furniture_told(blocks, headings):
        before = next((i for i in reversed(range(len(joined))) if joined[i].look not in INTERVENING), None)
        first = joined[before] if before is not None else None
        if (
            before is not None
            and first is not None
            and block.look in (Look.PARAGRAPH, Look.SHORT)
            and first.look in (Look.PARAGRAPH, Look.SHORT)
            and not first.finished
            and first.text.casefold() not in headings
            and block.text.casefold() not in headings
            and not text.is_marked(first.start)
            and (starts_small(block.text) or (before == len(joined) - 1 and first.look is block.look is Look.PARAGRAPH))
        ):
            cuts = (*first.cuts, *(Span(b.start, b.end) for b in joined[before + 1 :]))
            whole = text.normal(first.start, block.end, cuts).text
            joined[before] = replace(first, end=block.end, look=Look.PARAGRAPH, text=whole, cuts=cuts)
        else:
            joined.append(block)
    return joined
