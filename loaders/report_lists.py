"""Lists of a report: inclusion criteria, numbered references and works, boxes beside the text, the imprint."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from msevidence.loaders.document import Criterion, PassageKind, Place, Reference, Table
from msevidence.loaders.labels import one_of
from msevidence.loaders.printed_dates import DATE, find_date
from msevidence.loaders.references import parse_reference
from msevidence.loaders.report_builder import Builder, spans_of
from msevidence.loaders.report_headings import Block, looks_like_heading
from msevidence.loaders.report_pages import Line
from msevidence.loaders.text import Span

BULLET = re.compile(r"^(?:[•▪◦·*–—-]|\uf0b7)\s+(?=\S)")
ENTRY = re.compile(r"^(?:\[(?P<square>\d{1,3})\]|(?P<plain>\d{1,3})[.)])\s+(?=\S)")
RULE = re.compile(r"^[-_–—=]{5,}$")
ELEMENT = re.compile(rf"^(?P<element>{one_of('criterion')})(?P<colon>\s*:)?(?=\s|$)")
IMPRINT = re.compile(rf"^{one_of('imprint')}\b")
PARTICULAR = re.compile(r"^(?P<label>[^\W\d_][^:.;\d]{1,30}):\s+\S.{0,100}(?<![.;,])$")
"""A line that says one thing of the report, with a word for it."""
SERIAL = re.compile(r"^(?:ISBN|ISSN)\b", re.I)
PUBLISHED = re.compile(
    rf"^(?:{one_of('search-date')}|published|publication date|publisert|utgitt|utgivelsesdato|publicerad"
    r"|publiceringsdatum|udgivet|veröffentlicht|erscheinungsdatum|stand)$",
    re.I,
)
TITLE = re.compile(rf"^{one_of('title')}\s*:$")
ELEMENTS = 3
"""Lines that begin with the word of a criterion, for a run of lines to be the table of criteria."""
ENTRIES = 3
SIDEBAR_LABEL_LINES = 3
PARTED = 3
"""Empty lines that end a list whose last entry ends with a stop."""


def read_criteria(builder: Builder, blocks: Sequence[Block], i: int) -> int:
    """Add the table of inclusion criteria at ``blocks[i]``: a word for the element, and its value beside it."""
    if blocks[i].level is not None or not ELEMENT.match(_without_bullet(blocks[i].lines[0]).text):
        return i
    end = i
    while end < len(blocks) and blocks[end].level is None and not _heads(blocks, end):
        end += 1
    printed = [line for block in blocks[i:end] for line in block.lines]
    lines = [_without_bullet(line) for line in printed]
    starts = [n for n, line in enumerate(lines) if ELEMENT.match(line.text)]
    if len({lines[n].text.split()[0] for n in starts}) < ELEMENTS:
        return i
    for line, bare in zip(printed, lines, strict=True):
        if bare.start > line.start:
            builder.furniture(line.start, bare.start)
    label = bare_label(builder)
    rows: list[tuple[tuple[int, ...], ...]] = [((), ())]  # no header is printed
    for a, b in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = ELEMENT.match(lines[a].text)
        assert found is not None
        begin = lines[a].start
        if found["colon"]:
            builder.furniture(begin + found.end("element"), begin + found.end())
        element_span = Span(begin, begin + found.end("element"))
        element = builder.line(PassageKind.TABLE_CELL, [element_span], place=Place(label, len(rows), 0))
        rest = lines[a].text[found.end() :].lstrip()
        values: list[list[Span]] = [[Span(lines[a].end - len(rest), lines[a].end)]] if rest else []
        for line in lines[a + 1 : b]:
            if bullet := BULLET.match(line.text):
                builder.furniture(line.start, line.start + bullet.end())
                values.append([Span(line.start + bullet.end(), line.end)])
            elif values:
                values[-1].append(Span(line.start, line.end))
            else:
                values.append([Span(line.start, line.end)])
        place = Place(label, len(rows), 1)
        indexes = [n for spans in values for n in builder.sentences(PassageKind.TABLE_CELL, spans, place=place)]
        builder.document.criteria.append(Criterion(found["element"], element, tuple(indexes)))
        rows.append(((element,), tuple(indexes)))
    builder.document.tables.append(Table(label, None, tuple(rows)))
    return end


def _without_bullet(line: Line) -> Line:
    """Return a line of a list of criteria without its bullet, where a criterion's word follows it."""
    bullet = BULLET.match(line.text)
    if bullet is None or not ELEMENT.match(line.text[bullet.end() :]):
        return line
    return replace(line, start=line.start + bullet.end(), text=line.text[bullet.end() :])


def bare_label(builder: Builder) -> str:
    """Return a label for a table without a caption: its section's heading in brackets, numbered from the second on."""
    document = builder.document
    title = document.sections[builder.section].title if builder.section is not None else str(len(document.tables) + 1)
    taken = {t.label for t in document.tables}
    return next(x for n in count(1) if (x := f"[{title}]" if n == 1 else f"[{title} {n}]") not in taken)


def _heads(blocks: Sequence[Block], i: int) -> bool:
    """Say whether a heading ends the table of criteria here."""
    return not ELEMENT.match(blocks[i].lines[0].text) and looks_like_heading(blocks[i], blocks[i + 1 : i + 3]) > 0


def read_sidebar(builder: Builder, block: Block) -> int:
    """Add a box beside the text, closed by a rule: its label, ending with a colon or question mark, and its text.

    Returns how many lines of the block it took: 0 where there is no box.
    """
    lines = block.lines
    closing = next((n for n, line in enumerate(lines) if RULE.match(line.text)), 0)
    if not closing:
        return 0
    head = next((n + 1 for n, line in enumerate(lines[:SIDEBAR_LABEL_LINES]) if line.text.endswith((":", "?"))), 0)
    label = builder.line(PassageKind.SIDEBAR, spans_of(lines[:head])) if head else None
    if lines[head:closing]:
        builder.paragraph += 1
        index = builder.line(PassageKind.SIDEBAR, spans_of(lines[head:closing]), paragraph=builder.paragraph)
        document = builder.document
        own = document.passages[index].language in (None, builder.metadata.language)
        if label is not None and TITLE.match(document.passages[label].text) and own and document.front.title is None:
            document.front = replace(document.front, title=index)
    builder.furniture(lines[closing].start, lines[closing].end)
    return closing + 1


def read_imprint(builder: Builder, blocks: Sequence[Block], i: int) -> int:
    """Add the imprint that ends a report, a passage a line; a date of month and year in it is that of publication.

    Raises SourceError for a date that does not exist.
    """
    if not IMPRINT.match(blocks[i].lines[0].text) or any(block.level is not None for block in blocks[i:]):
        return i
    document = builder.document
    for line in (line for block in blocks[i:] for line in block.lines):
        index = builder.line(PassageKind.FRONT_MATTER, spans_of([line]))
        document.passages[index] = replace(document.passages[index], page=None, section=None)
        try:
            found = find_date(line.text)
        except ValueError as e:
            raise builder.error(f"{e}; correct the date of publication", line.start) from e
        if found and len(found[0].value) > len("2021") and "published" not in document.front.dates:
            document.front.dates["published"] = found[0]
            document.front.date_passages["published"] = index
    return len(blocks)


def read_particulars(builder: Builder, blocks: Sequence[Block], i: int) -> int:
    """Add a block of particulars on the report, ``Date: 15 June 2022`` or a date alone on its first page, line by line.

    Raises SourceError for a date that does not exist.
    """
    block = blocks[i]
    opening = all(b.level is None for b in blocks[:i])
    told = [PARTICULAR.match(line.text) or SERIAL.match(line.text) for line in block.lines]
    named = len(told) > 1 and all(told) and any(IMPRINT.match(line.text) for line in block.lines)
    dated = opening and all(t or is_date(line.text) for t, line in zip(told, block.lines, strict=True))
    if block.level is not None or not (named or dated):
        return i
    document = builder.document
    for line in block.lines:
        index = builder.line(PassageKind.FRONT_MATTER, spans_of([line]))
        label = PARTICULAR.match(line.text)
        if not is_date(line.text) and not (label and PUBLISHED.match(label["label"])):
            continue
        try:
            found = find_date(line.text)
        except ValueError as e:
            raise builder.error(f"{e}; correct the date of publication", line.start) from e
        if found and "published" not in document.front.dates:
            document.front.dates["published"] = found[0]
            document.front.date_passages["published"] = index
    return i + 1


def is_date(text: str) -> bool:
    """Say whether a line is a date of month and year, and nothing else."""
    match = DATE.match(text)
    return match is not None and match.end() == len(text.rstrip(".")) and len(text) > len("2021")


def read_entries(builder: Builder, blocks: Sequence[Block], i: int, *, references: bool) -> int:
    """Add the numbered entries from ``blocks[i]`` on, to the reference list or to the listed works.

    Raises SourceError for an entry with a date that does not exist.
    """
    if blocks[i].level is not None:
        return i
    groups: list[list[Line]] = []
    end = i
    while end < len(blocks) and blocks[end].level is None and not IMPRINT.match(blocks[end].lines[0].text):
        for line in blocks[end].lines:
            found = ENTRY.match(line.text)
            if found and int(found["square"] or found["plain"]) == len(groups) + 1:
                groups.append([line])
            elif groups and not (line.gap >= PARTED and groups[-1][-1].text.endswith(".")):
                groups[-1].append(line)
            else:
                break
        else:
            end += 1
            continue
        break
    if len(groups) < (1 if references else ENTRIES):
        return i
    document = builder.document
    for number, group in enumerate(groups, 1):
        builder.flush_notes(group[0].start)
        start = group[0].start
        label = ENTRY.match(group[0].text)
        assert label is not None
        builder.furniture(start, start + label.end())
        spans = [Span(start + label.end(), group[0].end), *spans_of(group[1:])]
        index = builder.line(PassageKind.REFERENCE, spans)
        (document.references if references else document.listed).append(reference_entry(builder, number, index))
    return end


def reference_entry(builder: Builder, number: int, index: int) -> Reference:
    """Return the entry of a list that a passage is.

    Raises SourceError for a date that does not exist.
    """
    content = builder.document.passages[index].content
    try:
        reference = parse_reference(number, index, content.text)
    except ValueError as e:
        raise builder.error(f"reference {number}: {e}; correct the date in the entry", content.starts[0]) from e
    builder.tell_language(index, reference.title)
    return replace(reference, printed=builder.raw[content.starts[0] : content.ends[-1]])
