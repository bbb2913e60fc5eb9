"""The text of an article: sections, paragraphs, lists, tables, figures and pull quotes, in reading order."""

import re
from dataclasses import dataclass, field, replace

from msevidence.loaders.article_blocks import Block, Look, is_short, starts_small
from msevidence.loaders.article_builder import Builder
from msevidence.loaders.article_front import Front
from msevidence.loaders.article_names import statement_of
from msevidence.loaders.article_tables import add_table, read_rows
from msevidence.loaders.article_text import HASHES
from msevidence.loaders.article_words import ABSTRACT_HEADINGS, INTEREST_HEADINGS, KNOWN_HEADINGS, heading_key
from msevidence.loaders.document import Figure, PassageKind, Section
from msevidence.loaders.markers import ROUND, SQUARE
from msevidence.loaders.reference_links import LINK_LINE
from msevidence.loaders.text import Span

INTRODUCTIONS = frozenset({"introduction", "innledning", "inledning", "indledning", "einleitung", "introducción"})
STANDFIRST_WORDS = 90
"""A first paragraph longer than this is part of the text."""
ASIDE = frozenset({Look.E_MAIL, Look.FURNITURE, Look.QUOTE, Look.FIGURE_CAPTION})
"""Between a heading and its text these do not count."""


@dataclass
class Body:
    """Reads blocks into the builder. ``hints`` are the headings that the metadata names, folded."""

    builder: Builder
    hints: frozenset[str]
    headings: frozenset[str] = field(init=False)
    """Headings known by their words: those of the metadata and those that many articles share."""
    front: Front = field(init=False)
    parted: set[str] | None = None
    """Headings inside the abstract so far; ``None`` outside it."""
    hashes: int = 0
    """How many ``#`` the title has."""

    def __post_init__(self) -> None:
        self.headings = self.hints | KNOWN_HEADINGS
        self.front = Front(self.builder)

    def read_main(self, blocks: list[Block], title: str, more: bool) -> None:
        """Read front matter and text. ``more``: a reference list follows, and the imprint after it."""
        start = self.front.read(blocks, title, self.headings)
        if self.front.title is not None:
            first = self.builder.document.passages[self.front.title].spans[0].start
            self.hashes = self._hashes(self.builder.text.source.rfind("\n", 0, first) + 1)
        end = len(blocks)
        while not more and end > start and blocks[end - 1].look is Look.IMPRINT:
            end -= 1
        if self._is_standfirst(blocks, start):
            self.front.summary += self.builder.paragraph(PassageKind.SENTENCE, blocks[start])
            start += 1
        self._read(blocks[start:end])
        self._leave_sections(blocks[end:])

    def read_after(self, blocks: list[Block]) -> None:
        """Read what stands after the reference list: the imprint, and sections that some journals put there."""
        links = (LINK_LINE.fullmatch(b.text) is not None for b in blocks)
        told = zip(blocks, links, strict=True)
        self._leave_sections([replace(b, look=Look.FURNITURE) if link else b for b, link in told])

    def _leave_sections(self, blocks: list[Block]) -> None:
        self.builder.section = None
        pending: list[Block] = []
        for block in blocks:
            if block.look is Look.IMPRINT:
                self._read(pending)
                pending = []
                self.builder.section = None
                self.front.imprint(block)
            else:
                pending.append(block)
        self._read(pending)

    def add_heading(self, block: Block) -> int:
        """Add a heading and the section that it opens; returns the heading's passage."""
        document = self.builder.document
        text = self.builder.text.normal(block.start, block.end).text
        level = max(1, self._hashes(block.start) - self.hashes, self._in_abstract(text))
        if number := re.match(r"(\d+(?:\.\d+)*)\.?\s", text):
            level = max(level, number[1].count(".") + 1)
        above = (i for i in reversed(range(len(document.sections))) if document.sections[i].level < level)
        parent = next(above, None) if level > 1 else None
        self.builder.section = len(document.sections)
        document.sections.append(Section(len(document.passages), text, level, parent))
        (heading,) = self.builder.whole(PassageKind.HEADING, block)
        return heading

    def _in_abstract(self, title: str) -> int:
        """Return the level of a heading by whether it parts an abstract: one that follows its heading at once does.

        A heading that the text repeats from there, an introduction, or one of its own begins the text.
        """
        key, document = heading_key(title), self.builder.document
        empty = bool(document.passages) and document.passages[-1].kind is PassageKind.HEADING
        if key in ABSTRACT_HEADINGS:
            self.parted = set()
        elif self.parted is not None:
            goes_on = key in KNOWN_HEADINGS and key not in self.parted and key not in INTRODUCTIONS
            if goes_on and (self.parted or empty):
                self.parted.add(key)
                return 2
            self.parted = None
        return 1

    def _hashes(self, start: int) -> int:
        match = HASHES.match(self.builder.text.source, start)
        return match.group().count("#") if match else 0

    def _is_standfirst(self, blocks: list[Block], at: int) -> bool:
        """The first paragraph, if it is short, cites nothing, and another paragraph follows without a heading."""
        if at + 1 >= len(blocks) or blocks[at + 1].look is not Look.PARAGRAPH:
            return False
        block = blocks[at]
        return block.look is Look.PARAGRAPH and not _cites(block) and len(block.text.split()) <= STANDFIRST_WORDS

    def _is_heading(self, blocks: list[Block], at: int) -> bool:
        block = blocks[at]
        if block.text.casefold() in self.hints or self.builder.text.is_marked(block.start):
            return True
        if is_short(block.text) and heading_key(block.text) in KNOWN_HEADINGS:
            return True
        after = next((b.look for b in blocks[at + 1 :] if b.look not in ASIDE), None)
        if block.look is Look.SHORT:
            return after is not None and after is not Look.IMPRINT and not starts_small(block.text)
        question = block.text.endswith("?") and is_short(block.text[:-1]) and "?" not in block.text[:-1]
        return question and block.look is Look.PARAGRAPH and after in (Look.PARAGRAPH, Look.LIST)

    def _read(self, blocks: list[Block]) -> None:
        at = 0
        while at < len(blocks):
            at += self._block(blocks, at)

    def _block(self, blocks: list[Block], at: int) -> int:
        """Read the block at ``at`` and what belongs to it; returns how many blocks that were."""
        block = blocks[at]
        if block.look is Look.TABLE_CAPTION:
            return self._caption_and_table(blocks, at)
        if block.look is Look.TABLE:
            return self._table_and_caption(blocks, at)
        if block.look is Look.FIGURE_CAPTION:
            first = self._caption(PassageKind.FIGURE_CAPTION, block, block.end)
            self.builder.document.figures.append(Figure(str(block.label), first))
        elif block.look is Look.QUOTE:
            self.builder.whole(PassageKind.PULL_QUOTE, block)
        elif block.look is Look.SHORT and self.front.is_about(block.text):
            self.builder.paragraph(PassageKind.FRONT_MATTER, block)
        elif self._is_heading(blocks, at):
            self.add_heading(block)
        elif block.look is Look.LIST:
            self.builder.list_items(block)
        elif block.look is Look.FURNITURE:
            self.builder.furniture.append(Span(block.start, block.end))
        elif block.look is Look.IMPRINT and not _cites(block):
            self.front.imprint(block)
        elif block.look is not Look.E_MAIL:
            self._sentences(block)
        return 1

    def _sentences(self, block: Block) -> None:
        passages = self.builder.paragraph(PassageKind.SENTENCE, block)
        if statement_of(block.text):
            self.front.interests(passages)
            return
        if self.builder.section is None:
            return
        section = self.builder.document.sections[self.builder.section]
        key = heading_key(section.title)
        over = self.builder.document.sections[section.parent].title if section.parent is not None else ""
        if key in ABSTRACT_HEADINGS or heading_key(over) in ABSTRACT_HEADINGS:
            self.front.summary += passages
        elif key in INTEREST_HEADINGS:
            self.front.interests(passages)

    def _caption(self, kind: PassageKind, block: Block, end: int) -> int | None:
        """Add a caption, its label in its first sentence; returns that sentence."""
        prefix = re.match(rf"{re.escape(str(block.label))}[.:]?", block.text)
        length = prefix.end() if prefix else 0
        added = self.builder.sentences(kind, block.start, end, block.cuts, prefix=length, paragraph=False)
        return added[0] if added else None

    def _caption_and_table(self, blocks: list[Block], at: int) -> int:
        block = blocks[at]
        after = at + 1
        end = block.end
        bare = block.text.rstrip(".: ") == block.label
        looks = [b.look for b in blocks[after : after + 2]]
        if bare and looks in ([Look.SHORT, Look.TABLE], [Look.PARAGRAPH, Look.TABLE]):
            end = blocks[after].end
            after += 1
        caption = self._caption(PassageKind.TABLE_CAPTION, block, end)
        rows = self._rows(blocks, after)
        add_table(self.builder, str(block.label), caption, rows)
        return after + len(rows) - at

    def _table_and_caption(self, blocks: list[Block], at: int) -> int:
        """Read a table that no caption stands before; without one below it its number in brackets is its label."""
        rows = self._rows(blocks, at)
        after = at + len(rows)
        tables = self.builder.document.tables
        below = blocks[after] if after < len(blocks) and blocks[after].look is Look.TABLE_CAPTION else None
        add_table(self.builder, str(below.label) if below else f"[{len(tables) + 1}]", None, rows)
        if below is None:
            return len(rows)
        tables[-1] = replace(tables[-1], caption=self._caption(PassageKind.TABLE_CAPTION, below, below.end))
        return len(rows) + 1

    def _rows(self, blocks: list[Block], at: int) -> list[Block]:
        """Return the blocks of one table from ``at`` on: those of one width."""
        rows: list[Block] = []
        for block in blocks[at:]:
            if block.look is not Look.TABLE or (rows and self._width(block) != self._width(rows[0])):
                break
            rows.append(block)
        return rows

    def _width(self, block: Block) -> int:
        return len(read_rows(self.builder.text.source, block)[0].cells)


def _cites(block: Block) -> bool:
    return bool(ROUND.search(block.text) or SQUARE.search(block.text))
