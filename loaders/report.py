"""Loader of the report format: the text of a health technology assessment report as extracted from a PDF.

``read`` takes the text apart: pages and their furniture (:mod:`~msevidence.loaders.report_pages`), headings by outline
or layout (``report_headings``), footnotes (``report_notes``), study tables (``report_tables``, ``report_cells``), flow
diagram (``report_flow``), search documentation (``report_search``), lists (``report_lists``), registry numbers with
their links (``report_links``). What is general to the format is code; its words are in ``labels``; what belongs to one
report is in its metadata. Every visible character ends in a passage, a link or as furniture.
"""

from dataclasses import replace
from pathlib import Path

from msevidence.loaders.document import Marker, ParsedDocument, Passage, PassageKind
from msevidence.loaders.labels import chapter_role
from msevidence.loaders.markers import FoundMarker, Style, find_markers
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.report_builder import Builder
from msevidence.loaders.report_headings import blocks_of, find_headings, lost_chapters
from msevidence.loaders.report_links import read_numbers
from msevidence.loaders.report_notes import find_notes
from msevidence.loaders.report_pages import number_pages, read_pages, without
from msevidence.loaders.report_walker import Walker
from msevidence.loaders.source import line_at, read_source

UNMARKED = frozenset(
    {PassageKind.HEADING, PassageKind.LINK, PassageKind.SEARCH_LINE, PassageKind.REFERENCE, PassageKind.FIGURE_TEXT}
)
"""Kinds of passage that hold numbers in brackets, but no citations."""


def read(path: Path, metadata: Metadata) -> ParsedDocument:
    """Return the parts of the report at ``path``.

    Raises SourceError for a file that is no clean UTF-8 text, a range of citations that runs backwards, or a date that
    does not exist.
    """
    raw = read_source(path)
    pages = read_pages(raw)
    notes = find_notes(pages)
    taken = [span for note in notes for span in (note.foot, *note.spans)]
    lines = without(pages.lines, taken)
    found = find_headings(lines, pages.outline, metadata)
    numbers = number_pages(pages, lost_chapters(found, pages.outline, lines))
    builder = Builder(path, pages, notes, numbers, metadata)
    builder.document.furniture += pages.furniture
    Walker(builder, blocks_of(lines, found)).walk()
    builder.flush_notes(len(raw))
    # Tables are counted as they are captioned; one without a caption comes after, so that Table 1 is the first.
    builder.document.tables.sort(key=lambda table: table.caption is None)
    file_summary(builder.document)
    read_numbers(builder)
    _markers(builder)
    return builder.document


def file_summary(document: ParsedDocument) -> None:
    """File the passages of key messages and abstracts."""

    def in_summary(section: int | None) -> bool:
        while section is not None:
            if chapter_role(document.sections[section].title) in ("key-messages", "abstract"):
                return True
            section = document.sections[section].parent
        return False

    kinds = (PassageKind.SENTENCE, PassageKind.LIST_ITEM)
    summary = tuple(i for i, p in enumerate(document.passages) if p.kind in kinds and in_summary(p.section))
    document.front = replace(document.front, summary=summary)


def _markers(builder: Builder) -> None:
    """Add the citation markers; of round and square brackets, the style that the text has more of."""
    document = builder.document
    known = {r.number for r in document.references}
    cited = [(i, p) for i, p in enumerate(document.passages) if p.kind not in UNMARKED]
    styles: tuple[Style, Style] = ("round", "square")
    found = {style: [(i, m) for i, p in cited for m in _of(builder, p, known, style)] for style in styles}
    for index, marker in max(found.values(), key=len):
        content = document.passages[index].content
        printed = builder.raw[content.starts[marker.begin] : content.ends[marker.end - 1]]
        document.markers.append(
            Marker(index, marker.begin, marker.end, printed, marker.numbers, marker.from_range, marker.locator)
        )


def _of(builder: Builder, passage: Passage, known: set[int], style: Style) -> list[FoundMarker]:
    def line(offset: int) -> int:
        return line_at(builder.raw, passage.content.starts[offset])

    return find_markers(passage.text, known, style=style, path=builder.path, line_at=line)
