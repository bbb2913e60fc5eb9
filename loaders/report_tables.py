"""Tables of a report that list studies, linearised by text extraction and cut over pages.

The cells of a row come one after the other: row number (where the table has them), name with registry numbers, the
content, and the last column, which is printed where the row begins. Where a row goes on over a page break, the rest
of its content follows the last column and the foot of the page.
"""

import re
from collections.abc import Sequence

from msevidence.loaders.document import PassageKind, Place, Site, StudyRow, Table
from msevidence.loaders.labels import one_of
from msevidence.loaders.report_breaks import ADDRESS
from msevidence.loaders.report_builder import Builder, spans_of
from msevidence.loaders.report_cells import is_site, label_of, only_numbers, read_cell
from msevidence.loaders.report_headings import Block, looks_like_heading
from msevidence.loaders.report_lists import bare_label
from msevidence.loaders.report_pages import Line
from msevidence.loaders.report_tabbed import add_tabbed, tabbed_lines
from msevidence.loaders.text import Span
from msevidence.ontology.identifiers import find_numbers

NARROW = 45
"""Characters of the widest line of a narrow column: the name, the type of disease."""
FULL_LINE = 70
"""Characters from which a line can be one that goes on in the next."""
HEADER_BLOCKS = 6
ROW_NUMBER = re.compile(r"^\d{1,3}\.?$")


def caption_pattern(kind: str, label: str | None) -> re.Pattern[str]:
    """Return the pattern of a caption's beginning, ``Table 3:``; ``label`` is a word of the document's own."""
    return re.compile(rf"^(?P<label>{one_of(kind, [label] if label else [])}\s+\d+)\s*(?:[:.–-]\s|[:.]?$)")


class TableReader:
    """Reads the table whose caption stands at ``blocks[i]``."""

    def __init__(self, builder: Builder, blocks: list[Block]) -> None:
        self.builder = builder
        self.blocks = blocks
        layout = builder.metadata.layout
        self.caption = caption_pattern("table", layout.table_label)
        self.figure = caption_pattern("figure", layout.figure_label)

    def read(self, i: int) -> int:
        """Add the table at ``blocks[i]``; returns the index after it, ``i`` itself where there is no table.

        Raises SourceError where an entry has a date that does not exist.
        """
        block = self.blocks[i]
        found = self.caption.match(block.lines[0].text)
        if found is None or block.level is not None:
            return i
        label = found["label"]
        lines = list(block.lines)
        caption = [lines.pop(0)]
        while (
            lines
            and "\t" not in lines[0].text
            and (caption[-1].text.endswith("-") or len(caption[-1].text) >= FULL_LINE or lines[0].text[0].islower())
        ):
            caption.append(lines.pop(0))
        body = [Block(tuple(lines))] if lines else []
        end = i + 1
        while end < len(self.blocks) and not self._ends(self.blocks[end], label, inside=end < i + HEADER_BLOCKS):
            body.append(self.blocks[end])
            end += 1
        if tabbed := tabbed_lines(body, lambda t: self._again(t, label)):
            self.builder.flush_notes(block.start)
            index = self.builder.line(PassageKind.TABLE_CAPTION, spans_of(caption))
            return self._tabbed(i, label, index, body, tabbed)
        header, rows = self._split(body)
        if not rows:
            return i
        used = sum(len(r) for r in rows) + len(header)
        end -= len(body) - used
        self.builder.flush_notes(block.start)
        index = self.builder.line(PassageKind.TABLE_CAPTION, spans_of(caption))
        cells = [self._header(header, label)]
        continued = {" ".join(b.text.split()) for b in header}
        for n, row in enumerate(rows, 1):
            cells.append(self._row(label, n, self._without_repeats(row, continued, label)))
            self.builder.flush_notes(row[-1].end)
        self.builder.document.tables.append(Table(label, index, tuple(cells)))
        return end

    def read_bare(self, i: int) -> int:
        """Add the table with tabs at ``blocks[i]`` that has no caption; returns the index after it, ``i`` if none."""
        if self.blocks[i].level is not None or "\t" not in self.blocks[i].lines[0].text:
            return i
        end = next((n for n in range(i, len(self.blocks)) if self.blocks[n].level is not None), len(self.blocks))
        tabbed = tabbed_lines(self.blocks[i:end], lambda _: False)
        return self._tabbed(i, bare_label(self.builder), None, self.blocks[i:end], tabbed) if tabbed else i

    def _tabbed(self, i: int, label: str, caption: int | None, body: Sequence[Block], count: int) -> int:
        """Add the first ``count`` lines of ``body`` as a table with tabs; what is left of its last block stays."""
        lines = [line for block in body for line in block.lines][:count]
        add_tabbed(self.builder, label, caption, lines, lambda t: caption is not None and self._again(t, label))
        while i < len(self.blocks) and self.blocks[i].end <= lines[-1].end:
            i += 1
        if i < len(self.blocks) and self.blocks[i].start < lines[-1].end:
            self.blocks[i] = Block(tuple(line for line in self.blocks[i].lines if line.start > lines[-1].end))
        return i

    def _ends(self, block: Block, label: str, *, inside: bool) -> bool:
        """Say whether a heading or another caption stands here; a column may have a chapter's word for its heading."""
        first = block.lines[0].text
        if block.level is not None:
            return not (inside and re.fullmatch(one_of("publications-column"), block.text))
        other = self.caption.match(first)
        return bool((other and other["label"] != label) or self.figure.match(first))

    def _split(self, body: list[Block]) -> tuple[list[Block], list[list[Block]]]:
        """Return the header's blocks and those of each row; what follows the last row is left out."""
        starts = self._numbered(body) or self._named(body)
        if not starts:
            return [], []
        rows = [body[a:b] for a, b in zip(starts, [*starts[1:], len(body)], strict=True)]
        rows[-1] = self._trim(rows[-1])
        return body[: starts[0]], rows

    def _numbered(self, body: list[Block]) -> list[int]:
        starts: list[int] = []
        for n, block in enumerate(body):
            if ROW_NUMBER.match(block.lines[0].text) and int(block.lines[0].text.rstrip(".")) == len(starts) + 1:
                starts.append(n)
        return starts

    def _named(self, body: list[Block]) -> list[int]:
        starts: list[int] = []
        for n, block in enumerate(body):
            numbered = block.width <= NARROW and find_numbers(block.text) and not is_site(block.lines[0].text)
            if numbered and not only_numbers(block.text) and label_of(block.text) is None:
                starts.append(n)
        return starts

    def _trim(self, row: list[Block]) -> list[Block]:
        """Return the last row without the text that follows the table.

        On the page where the row begins that is what stands below the last column; on the next page the row must go on
        in the middle of a sentence or with an entry, and ends at what looks like a heading.
        """
        last = last_column(row, final=True)
        if last is None:
            return row
        end = last + 1
        for n in range(last + 1, len(row)):
            block = row[n]
            goes_on = block.text[0].islower() or is_content(block)
            begun = row[n - 1].page == block.page and not looks_like_heading(block, row[n + 1 : n + 3])
            if block.page == row[last].page or not (goes_on or begun):
                break
            end = n + 1
        return row[:end]

    def _without_repeats(self, row: list[Block], header: set[str], label: str) -> list[Block]:
        """Return a row without the caption and header that are printed again on the next page."""
        kept: list[Block] = []
        repeating = False
        for block in row:
            lines = list(block.lines)
            repeating = repeating or block.first
            if repeating and self._again(lines[0].text, label):
                self.builder.furniture(lines[0].start, lines.pop(0).end)
            if repeating and lines and " ".join(line.text for line in lines) in header:
                self.builder.furniture(lines[0].start, lines[-1].end)
                lines = []
            if lines:
                repeating = False
                kept.append(Block(tuple(lines)))
        return kept

    def _again(self, text: str, label: str) -> bool:
        """Say whether a line is the table's caption printed once more, or ``Table 1 (continued)``."""
        caption = self.caption.match(text)
        if caption is not None:
            return caption["label"] == label
        return re.match(rf"{re.escape(label)}\s*[,.:–-]?\s*\(?{one_of('continued')}", text, re.IGNORECASE) is not None

    def _header(self, header: list[Block], label: str) -> tuple[tuple[int, ...], ...]:
        """Add the column headings: what stands before the word for publications, that word, and the rest."""
        columns: list[list[Span]] = [[], [], []]
        word = re.compile(rf"^{one_of('publications-column')}(?=\s|$)", re.IGNORECASE)
        at = 0
        for line in (line for block in header for line in block.lines):
            if at == 0 and (found := word.match(line.text)):
                columns[1].append(Span(line.start, line.start + found.end()))
                at = 2
                if rest := line.text[found.end() :].strip():
                    columns[2].append(Span(line.end - len(rest), line.end))
            else:
                columns[at].append(Span(line.start, line.end))
        return tuple(
            (self.builder.line(PassageKind.TABLE_HEADER, spans, place=Place(label, 0, n)),) if spans else ()
            for n, spans in enumerate(columns)
        )

    def _row(self, label: str, number: int, row: list[Block]) -> tuple[tuple[int, ...], ...]:
        """Add a row: name, content and last column, as passages, and the study's row of the document."""
        builder, document = self.builder, self.builder.document
        if ROW_NUMBER.match(row[0].lines[0].text):
            builder.furniture(row[0].lines[0].start, row[0].lines[0].end)
        name_lines, begin = name_cell(row)
        last = last_column(row, final=False)
        name_passage = builder.line(PassageKind.TABLE_CELL, spans_of(name_lines), place=Place(label, number, 0))
        content: list[Line] = [line for n, b in enumerate(row) if n >= begin and n != last for line in b.lines]
        cell = read_cell(builder, content, Place(label, number, 1))
        participants: tuple[int, ...] = ()
        if last is not None:
            spans = spans_of(row[last].lines)
            participants = (builder.line(PassageKind.TABLE_CELL, spans, place=Place(label, number, 2)),)
        text = document.passages[name_passage].text
        numbers = find_numbers(text)
        name = text[: numbers[0].begin] if numbers else text
        document.study_rows.append(
            StudyRow(
                table=label,
                row=number,
                name=re.sub(r"[\s(,;]*(?:EudraCT|EUCTR|CTIS)?[\s(,;.:]*$", "", name),
                name_passage=name_passage,
                entries=tuple(cell.entries),
                comments=tuple(cell.comments),
                participants=participants,
                descriptions=tuple(cell.descriptions),
                conclusions=tuple(cell.conclusions),
                sites=tuple(Site(place, passage, name=own) for place, passage, own in cell.sites),
            )
        )
        return (name_passage,), tuple(cell.passages), participants


def name_cell(row: Sequence[Block]) -> tuple[list[Line], int]:
    """Return the lines of a row's first cell, without the row number, and the index of the block after it."""
    lines = list(row[0].lines)
    if ROW_NUMBER.match(lines[0].text):
        lines.pop(0)
    begin = 1
    if not lines and len(row) > 1:
        lines, begin = list(row[1].lines), 2
    while begin < len(row) and row[begin].width <= NARROW and only_numbers(row[begin].text):
        lines += row[begin].lines
        begin += 1
    return lines, begin


def last_column(row: Sequence[Block], *, final: bool) -> int | None:
    """Return which block is the last column, a narrow one on the page where the row begins: the last there.

    After the ``final`` row of a table other text may follow on the page: there it is the first after all content that
    is known by a label, an address or a number.
    """
    _, begin = name_cell(row)
    part = [n for n, block in enumerate(row) if n > begin and block.page == row[0].page]
    if final:
        known = max((n for n in part if is_content(row[n])), default=begin)
        part = [n for n in part if n > known]
        return next((n for n in part if row[n].width <= NARROW), None)
    return part[-1] if part and row[part[-1]].width <= NARROW and not is_content(row[part[-1]]) else None


def is_content(block: Block) -> bool:
    """Say whether a block is content of a row beyond doubt: it has an entry's label, an address or a site."""
    text = block.lines[0].text
    return bool(label_of(block.text) or ADDRESS.match(text) or is_site(text))
