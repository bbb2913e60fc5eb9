"""What a document loader returns: the parts of a source text, spelled as the source spells them.

Both loaders (:mod:`~msevidence.loaders.article`, :mod:`~msevidence.loaders.report`) fill the same
:class:`ParsedDocument`; :mod:`~msevidence.loaders.triples` turns it into RDF without knowing which of them read it.
Passages are referred to by their index in ``ParsedDocument.passages``, in reading order.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from msevidence.loaders.text import Normalised, Span


class PassageKind(StrEnum):
    """What a passage is in the layout of its document; the values are local names of the scheme ``passage-kind``."""

    HEADING = "heading"
    SENTENCE = "sentence"
    LIST_ITEM = "list-item"
    TABLE_CAPTION = "table-caption"
    TABLE_HEADER = "table-header"
    TABLE_CELL = "table-cell"
    FIGURE_CAPTION = "figure-caption"
    FIGURE_TEXT = "figure-text"
    PULL_QUOTE = "pull-quote"
    FOOTNOTE = "footnote"
    REFERENCE = "reference-entry"
    FRONT_MATTER = "front-matter"
    SIDEBAR = "sidebar"
    SEARCH_LINE = "search-line"
    LINK = "link"


@dataclass(frozen=True)
class Place:
    """The cell that a passage stands in: table label as printed, row and column from 0 (row 0 is the header)."""

    table: str
    row: int
    column: int


@dataclass(frozen=True)
class Passage:
    """A sentence, table cell, heading, list item or other smallest quotable part of a document."""

    kind: PassageKind
    content: Normalised
    section: int | None = None
    """Index in ``ParsedDocument.sections``."""
    paragraph: int = 0
    """Counted from 1 through the document; passages of one paragraph share it. 0: in no paragraph."""
    place: Place | None = None
    page: str | None = None
    """Page as printed, or counted by the loader where the source marks page breaks."""
    language: str | None = None
    """BCP 47 tag where it differs from the document's."""

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.content.spans()


@dataclass(frozen=True)
class Marker:
    """A citation marker in the text, such as ``(6, 9-12)`` or ``(14, s. 165)`` (``c4o:SingleLocationPointerList``)."""

    passage: int
    begin: int
    """Offset in the passage's normalised text; ``end`` exclusive."""
    end: int
    printed: str
    """As the source spells it, link markup included."""
    numbers: tuple[int, ...]
    """Reference numbers in order, ranges written out."""
    from_range: frozenset[int] = frozenset()
    """Those of ``numbers`` that stand only inside a range (not as an end of it)."""
    locator: str | None = None
    """Page or other place in the cited work, as printed (``s. 165``)."""


@dataclass(frozen=True)
class PartialDate:
    """A date as printed and as read: a year, a year and month, or a full date (ISO 8601)."""

    printed: str
    value: str


@dataclass(frozen=True)
class Reference:
    """One entry of a reference list, printed and parsed. A field that the entry does not print is ``None`` or empty."""

    number: int
    passage: int
    printed: str
    authors: tuple[str, ...] = ()
    """Personal authors as printed (``Holmøy T``)."""
    et_al: bool = False
    group_author: str | None = None
    title: str | None = None
    container: str | None = None
    """Journal, newspaper or other whole that the work stands in, as printed."""
    year: str | None = None
    published: PartialDate | None = None
    """Date of publication where the entry prints more than a year."""
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    url: str | None = None
    """Address with line breaks mended; the printed form is in ``printed``."""
    accessed: PartialDate | None = None
    pmid: str | None = None
    """Number in PubMed, where the source marks it up."""
    pmcid: str | None = None
    """Number in PubMed Central, ``PMC`` and digits."""
    label: str | None = None
    """What the list prints before the entry, where that is not its number."""


@dataclass(frozen=True)
class Section:
    """A part of a document under one heading; ``level`` 1 is the highest."""

    heading: int | None
    """Passage; ``None`` for the text before the first heading."""
    title: str
    level: int
    parent: int | None = None
    role: str | None = None
    """Concept of the scheme ``section-role``, where the source marks it up."""


@dataclass(frozen=True)
class Table:
    """A table: ``rows[r][c]`` lists the passages of one cell, row 0 being the header."""

    label: str
    caption: int | None
    rows: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True)
class Figure:
    label: str
    caption: int | None


@dataclass(frozen=True)
class PullQuote:
    """A sentence that the layout repeats in large type; ``of`` is that sentence, ``None`` where none was found."""

    passage: int
    of: int | None
    shortened: bool = False


@dataclass(frozen=True)
class Footnote:
    """A footnote and the place of its mark, an offset in the normalised text of passage ``anchor``."""

    mark: str
    passage: int
    anchor: int | None
    offset: int | None


@dataclass(frozen=True)
class Link:
    """An address printed or laid under the text of a page; ``span`` is where it stands in the source."""

    url: str
    span: Span
    page: str | None = None


@dataclass(frozen=True)
class NumberMention:
    """A registry number in the text, printed and normalised, with the address that the document puts under it, if any.

    ``link`` is what the loader paired with the number by its place in the layout, right or wrong:
    that the two differ is for the review to find.
    """

    passage: int
    begin: int
    end: int
    scheme: str
    printed: str
    normalised: str
    suffix: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class Author:
    """An author of the document: name as printed, passages of the biography, and those that declare interests."""

    name: str
    passages: tuple[int, ...] = ()
    interests: tuple[int, ...] = ()


@dataclass(frozen=True)
class FrontMatter:
    title: int | None = None
    authors: tuple[Author, ...] = ()
    dates: dict[str, PartialDate] = field(default_factory=dict)
    """Keys: received, revised, accepted, published, copied (the download date)."""
    date_passages: dict[str, int] = field(default_factory=dict)
    doi: str | None = None
    summary: tuple[int, ...] = ()
    """Standfirst or key messages that stand before the text."""


@dataclass(frozen=True)
class RowEntry:
    """A publication or registration listed in a study's row: the label printed before it, and the entry's text."""

    label: str
    passages: tuple[int, ...]
    reference: Reference | None
    """Parsed where it is a publication with authors; ``None`` for a bare registration title."""
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Site:
    """A site or national arm listed in a study's row: place as printed, its numbers, own name in brackets."""

    place: str
    passage: int
    numbers: tuple[int, ...] = ()
    name: str | None = None


@dataclass(frozen=True)
class StudyRow:
    """A row of a table that lists studies: name, numbers, kind of participants, entries, comments."""

    table: str
    row: int
    name: str
    name_passage: int
    numbers: tuple[int, ...] = ()
    """Indexes in ``ParsedDocument.numbers`` of those in the name cell, or in ``number_cells``."""
    entries: tuple[RowEntry, ...] = ()
    comments: tuple[int, ...] = ()
    participants: tuple[int, ...] = ()
    """Passages of the last column (type of disease, as printed)."""
    descriptions: tuple[int, ...] = ()
    conclusions: tuple[int, ...] = ()
    """Passages that quote the authors' conclusion, label, quotation and marker in one."""
    sites: tuple[Site, ...] = ()
    number_cells: tuple[int, ...] = ()
    """Passages of the cells with the study's numbers, where the table has columns of its own for them."""


@dataclass(frozen=True)
class SearchLine:
    label: str | None
    passage: int


@dataclass(frozen=True)
class Search:
    """A search in one source, as an appendix documents it: date and hits as printed and as read."""

    source: str
    source_passage: int
    searched: PartialDate | None = None
    date_passage: int | None = None
    hits: int | None = None
    hits_passage: int | None = None
    hits_printed: str | None = None
    lines: tuple[SearchLine, ...] = ()
    """Search strings, filters and other statements, in order."""
    amends: int | None = None
    """Index in ``ParsedDocument.searches`` of the search that this one repeats with a changed strategy."""


@dataclass(frozen=True)
class SearchTotal:
    """A sum of hits that the documentation prints outside a single search, with the words of its label."""

    label: str
    count: int
    passage: int


@dataclass(frozen=True)
class FlowBox:
    """A box of a flow diagram: label, count as printed, and the reasons with counts that it lists."""

    label: str
    count: int | None
    passages: tuple[int, ...]
    reasons: tuple[tuple[str, int, int], ...] = ()
    """(reason, count, passage)"""
    further: tuple[tuple[str, int, int], ...] = ()
    """Other counts printed in the box: (what is counted, count, passage)."""


@dataclass(frozen=True)
class Criterion:
    """One line of an inclusion table or exclusion list: element as printed (``Populasjon``), value passages."""

    element: str
    element_passage: int
    values: tuple[int, ...]
    included: bool = True


@dataclass
class ParsedDocument:
    """A source text taken apart. ``source`` is the decoded file; all offsets count its code points."""

    source: str
    language: str
    passages: list[Passage] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    reference_heading: int | None = None
    """Passage of the heading of the reference list; ``None`` where the supplied text has no such list."""
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    pull_quotes: list[PullQuote] = field(default_factory=list)
    footnotes: list[Footnote] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    """Dates that the calendar does not have, as printed; a reading that is not lenient stops at the first."""
    numbers: list[NumberMention] = field(default_factory=list)
    front: FrontMatter = field(default_factory=FrontMatter)
    study_rows: list[StudyRow] = field(default_factory=list)
    searches: list[Search] = field(default_factory=list)
    search_totals: list[SearchTotal] = field(default_factory=list)
    flow: list[FlowBox] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    listed: list[Reference] = field(default_factory=list)
    """Numbered works listed outside the reference list (an appendix of systematic reviews)."""
    listed_heading: int | None = None
    furniture: list[Span] = field(default_factory=list)
    """Spans that belong to no passage on purpose: page numbers, running heads, link footers."""
    private: list[Span] = field(default_factory=list)
    """Spans of contact data: in no passage, and masked where they stand between the words of one."""

    def leftover(self) -> list[Span]:
        """Return the spans with visible text that no passage, link or furniture covers: nothing may be lost unseen."""
        covered = bytearray(len(self.source))
        for span in [
            *(s for p in self.passages for s in p.spans),
            *self.furniture,
            *self.private,
            *(x.span for x in self.links),
        ]:
            covered[span.start : span.end] = b"\x01" * (span.end - span.start)
        spans: list[Span] = []
        begin: int | None = None
        for i, c in enumerate(self.source):
            if covered[i]:
                if begin is not None:
                    spans.append(Span(begin, i))
                    begin = None
            elif begin is None and not c.isspace():
                begin = i
        if begin is not None:
            spans.append(Span(begin, len(self.source)))
        return spans
