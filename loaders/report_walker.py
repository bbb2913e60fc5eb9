"""Goes through a report block by block and hands each block to the reader of what begins there."""

import re
from dataclasses import replace

from msevidence.loaders.document import Criterion, Figure, PassageKind, Table
from msevidence.loaders.labels import chapter_role, one_of
from msevidence.loaders.report_builder import Builder, spans_of
from msevidence.loaders.report_flow import read_flow
from msevidence.loaders.report_headings import Block, looks_like_heading
from msevidence.loaders.report_lists import (
    BULLET,
    read_criteria,
    read_entries,
    read_imprint,
    read_particulars,
    read_sidebar,
)
from msevidence.loaders.report_pages import Line
from msevidence.loaders.report_search import SearchReader
from msevidence.loaders.report_tables import TableReader, caption_pattern
from msevidence.loaders.text import Span, squash

SIGNATURE_WIDTH = 40
"""Characters of the widest line of a name with its office below."""
SHORT_LINE = 0.85
"""Share of a block's width below which a line that ends with a stop ends its paragraph."""


class Walker:
    """Reads ``blocks`` in order into the document of ``builder``."""

    def __init__(self, builder: Builder, blocks: list[Block]) -> None:
        self.builder = builder
        self.blocks = blocks
        self.tables = TableReader(builder, blocks)
        self.searches = SearchReader(builder, blocks)
        self.figure = caption_pattern("figure", builder.metadata.layout.figure_label)
        self._by_layout: set[int] = set()
        self._of_search: set[int] = set()

    def walk(self) -> None:
        """Read all blocks.

        Raises SourceError for a date that does not exist.
        """
        i = 0
        while i < len(self.blocks):
            self.builder.flush_notes(self.blocks[i].start)
            i = self._block(i)

    def _block(self, i: int) -> int:
        builder, blocks, block = self.builder, self.blocks, self.blocks[i]
        if self.searches.source_lines(i):
            end = self.searches.read(i, self._below(self._of_search) + 1)
            self._of_search.add(self._section_at(i))
            return end
        if block.level is not None:
            return self._heading(i, block.level)
        readers = (
            self._title,
            self.tables.read,
            self._caption,
            lambda n: read_particulars(builder, blocks, n),
            lambda n: read_flow(builder, blocks, n),
            self._sidebar,
            self.searches.totals,
            lambda n: read_criteria(builder, blocks, n),
            self.tables.read_bare,
            self._entries,
            lambda n: read_imprint(builder, blocks, n),
            self._signature,
            self._layout_heading,
        )
        for reader in readers:
            if (end := reader(i)) > i:
                return end
        return self._prose(i)

    def _title(self, i: int) -> int:
        """The document's title on its first page."""
        builder, document = self.builder, self.builder.document
        if builder.section is not None or squash(self.blocks[i].text) != squash(builder.metadata.title):
            return i
        index = builder.line(PassageKind.FRONT_MATTER, spans_of(self.blocks[i].lines))
        document.front = replace(document.front, title=index)
        return i + 1

    def _section_at(self, i: int) -> int:
        """Return the section that the heading at ``blocks[i]`` opened."""
        passages = self.builder.document.passages
        return next(
            n
            for n, section in enumerate(self.builder.document.sections)
            if section.heading is not None and passages[section.heading].content.starts[0] == self.blocks[i].start
        )

    def _below(self, kinds: set[int]) -> int:
        """Return the level of the nearest open section that is not one of ``kinds``; 0 where there is none."""
        sections = self.builder.document.sections
        section = self.builder.section
        while section is not None and section in kinds:
            section = sections[section].parent
        return sections[section].level if section is not None else 0

    def _heading(self, i: int, level: int) -> int:
        index = self.builder.heading(self.blocks[i].lines, level)
        if self.blocks[i].unlisted and self._over_text(i):
            self._by_layout.add(len(self.builder.document.sections) - 1)
        title = self.builder.document.passages[index].text
        if self._is_reference_list(title):
            self.builder.document.reference_heading = index
        return i + 1

    def _over_text(self, i: int) -> bool:
        """Say whether the text of a heading follows it without an empty line, as below a heading known by layout."""
        following = self.blocks[i + 1] if i + 1 < len(self.blocks) else None
        return following is not None and following.level is None and following.gap == 0 and not following.first

    def _is_reference_list(self, title: str) -> bool:
        own = self.builder.metadata.layout.reference_heading
        return title == own if own else chapter_role(title) == "references"

    def _layout_heading(self, i: int) -> int:
        count = looks_like_heading(self.blocks[i], self.blocks[i + 1 : i + 3])
        if not count and (self.searches.source_lines(i + 1) or self.searches.is_total(i + 1)):
            count = len(self.blocks[i].lines)
        if not count or not self._at_sentence_end(self.blocks[i]):
            return i
        level = self._below(self._of_search | self._by_layout) + 1
        self.builder.heading(self.blocks[i].lines[:count], level)
        self._by_layout.add(len(self.builder.document.sections) - 1)
        return self._rest(i, count)

    def _rest(self, i: int, count: int) -> int:
        """Leave the lines of a block after its first ``count`` to be read; returns where to go on."""
        lines = self.blocks[i].lines[count:]
        if not lines:
            return i + 1
        self.blocks[i] = Block(lines)
        return self._block(i)

    def _at_sentence_end(self, block: Block) -> bool:
        """Say whether no sentence is open before a block; a list item may end without a stop."""
        passages = self.builder.document.passages
        if not passages or passages[-1].kind not in (PassageKind.SENTENCE, PassageKind.LIST_ITEM):
            return True
        set_apart = passages[-1].kind is PassageKind.LIST_ITEM and (block.first or block.gap > 0)
        return set_apart or passages[-1].text[-1] in '.:!?)”»]"'

    def _caption(self, i: int) -> int:
        """The caption of a figure, or of a table whose rows cannot be told; the text below it is read as it comes."""
        builder, lines = self.builder, self.blocks[i].lines
        figure, table = self.figure.match(lines[0].text), self.tables.caption.match(lines[0].text)
        count = 1
        while count < len(lines) and lines[count].text[0].islower():
            count += 1
        if figure is not None:
            index = builder.line(PassageKind.FIGURE_CAPTION, spans_of(lines[:count]))
            builder.document.figures.append(Figure(figure["label"], index))
        elif table is not None:
            index = builder.line(PassageKind.TABLE_CAPTION, spans_of(lines[:count]))
            builder.document.tables.append(Table(table["label"], index, ()))
        else:
            return i
        return self._rest(i, count)

    def _sidebar(self, i: int) -> int:
        count = read_sidebar(self.builder, self.blocks[i])
        return self._rest(i, count) if count else i

    def _entries(self, i: int) -> int:
        builder = self.builder
        section = builder.section
        if section is None:
            return i
        title = builder.document.sections[section].title
        if self._is_reference_list(title):
            return read_entries(builder, self.blocks, i, references=True)
        listed = builder.metadata.layout.listed_heading
        if title == listed or (listed is None and chapter_role(title) == "appendix"):
            end = read_entries(builder, self.blocks, i, references=False)
            if end > i:
                builder.document.listed_heading = builder.document.sections[section].heading
            return end
        return i

    def _signature(self, i: int) -> int:
        """A name with the office below it, as a foreword is signed."""
        block = self.blocks[i]
        words = block.lines[0].text.split()
        short = block.width <= SIGNATURE_WIDTH and 1 < len(block.lines) <= 3
        if not short or re.search(r"\d|[.:;!?]$", block.text) or not 1 < len(words) < 6:
            return i
        if not all(w[0].isupper() for w in words) or any(BULLET.match(line.text) for line in block.lines):
            return i
        self.builder.line(PassageKind.FRONT_MATTER, spans_of(block.lines))
        return i + 1

    def _prose(self, i: int) -> int:
        """Add the paragraphs and list items of a block, and what they run over into."""
        lines = list(self.blocks[i].lines)
        end = i + 1
        while end < len(self.blocks) and self._runs_on(lines[-1], self.blocks[end], end):
            lines += self.blocks[end].lines
            end += 1
        width = max(len(line.text) for line in lines)
        paragraph: list[Line] = []
        for line in lines:
            if paragraph and (BULLET.match(line.text) or self._parts(paragraph, line, width)):
                self._paragraph(paragraph)
                paragraph = []
            paragraph.append(line)
        self._paragraph(paragraph)
        return end

    def _runs_on(self, last: Line, block: Block, n: int) -> bool:
        """Say whether a sentence goes on in the next block: in small letters, or on the next page."""
        first = block.lines[0].text
        if block.level is not None or BULLET.match(first) or re.search(r"[.:!?]$|[.!?][)”»\"]$", last.text):
            return False
        if self.tables.caption.match(first) or self.figure.match(first) or self.searches.source_lines(n):
            return False
        on_next_page = block.first and not looks_like_heading(block, self.blocks[n + 1 : n + 3])
        return first[0].islower() or last.text.endswith("-") or on_next_page

    def _parts(self, paragraph: list[Line], line: Line, width: int) -> bool:
        """Say whether a line begins a paragraph: the one before ends short, with a stop, and is no list item."""
        last = paragraph[-1].text
        ended = re.search(r"[.!?:][)”»\"]?$", last) and len(last) < SHORT_LINE * width
        return bool(ended) and not line.text[0].islower() and BULLET.match(paragraph[0].text) is None

    def _paragraph(self, lines: list[Line]) -> None:
        builder, document = self.builder, self.builder.document
        spans = spans_of(lines)
        bullet = BULLET.match(lines[0].text)
        if bullet is None:
            builder.sentences(PassageKind.SENTENCE, spans)
            return
        start = lines[0].start
        builder.furniture(start, start + bullet.end())
        found = builder.sentences(PassageKind.LIST_ITEM, [Span(start + bullet.end(), lines[0].end), *spans[1:]])
        section = document.sections[builder.section] if builder.section is not None else None
        excluding = section is not None and re.match(rf"[\d.\s]*{one_of('exclusion')}", section.title, re.IGNORECASE)
        if section is not None and section.heading is not None and excluding:
            document.criteria.append(Criterion(section.title, section.heading, tuple(found), included=False))
