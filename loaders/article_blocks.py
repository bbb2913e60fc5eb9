"""The blocks of a plain-text article: what stands between blank lines, and what each looks like by itself."""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from msevidence.loaders.addresses import E_MAIL
from msevidence.loaders.article_text import Text
from msevidence.loaders.article_words import FIGURE_WORDS, TABLE_WORDS, is_imprint
from msevidence.loaders.markers import ROUND, SQUARE
from msevidence.loaders.text import Span

BULLET = re.compile(r"[ \t]*(?:[•▪◦*·–-]|(?P<number>\d{1,2})[.)])[ \t]+(?=\S)")
QUOTED = re.compile(r"«[^«»]+»|»[^«»]+«|“[^“”]+”|”[^“”]+”|„[^„“”]+[“”]|\"[^\"]+\"")
CLOSED = re.compile(r"[.!?:;…][)\]»«”“\"'’*]*$")
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
    for run in _runs(text.source, start, end):
        for a, b, table in _tables_apart(text.source, run):
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


def _runs(source: str, start: int, end: int) -> list[list[Span]]:
    """Return the lines between blank lines."""
    runs: list[list[Span]] = [[]]
    position = start
    for line in source[start:end].splitlines(keepends=True):
        if line.strip():
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
    return word is not None and word.group()[0].islower() and not any(c.isupper() for c in word.group()[1:3])


INTERVENING = frozenset({Look.QUOTE, Look.TABLE, Look.TABLE_CAPTION, Look.FIGURE_CAPTION, Look.E_MAIL})


def join_cut(text: Text, blocks: list[Block], headings: frozenset[str]) -> list[Block]:
    """Join paragraphs that the page cuts: the first piece has no end, and the next goes on.

    A next piece in small letters goes on, also beyond a figure, a table or a pull quote; one with a capital goes on
    only where both are adjacent and too long for headings.
    """
    joined: list[Block] = []
    for block in blocks:
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
