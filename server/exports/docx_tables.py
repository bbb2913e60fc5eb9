"""A document's tables of studies for Word (ISO/IEC 29500-1, WordprocessingML): real tables, on pages set sideways.

The heading row is marked and repeated, the table has a title and a description for those who do not see it, every run
has its language, and addresses are links. The times of the file are the release's: the same release, the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from textwrap import shorten

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell as DocxCell
from docx.table import _Row as DocxRow
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from msevidence.server import i18n
from msevidence.server.answers import allowed_in_html
from msevidence.server.exports import report_tables_words as words
from msevidence.server.exports.about import about
from msevidence.server.exports.archive import timeless
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.report_tables_model import Cell, Paragraph, Piece, ReportTable, ReportTables, text_of
from msevidence.server.exports.report_tables_read import read

REGIONS = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
"""Language → with the region that a word processor's spelling goes by."""
_LONGEST_PROPERTY = 255
"""Characters, more of which python-docx refuses."""
_PAGE = Cm(29.7), Cm(21.0)
_MARGIN = Cm(1.8)
_NUMBER, _NAME, _LAST = Cm(1.5), Cm(4.6), Cm(3.6)


def write(handover: Handover) -> Files:
    """Write the tables of the documents of an export.

    Raises:
        ExportError: none of the documents has a table that lists studies.
    """
    documents = read(handover)
    document = Document()
    _page(document)
    _properties(document, handover, documents)
    for part, one in enumerate(documents, 1):
        _Writer(document, handover, one, part).all()
    _about(document, handover)
    buffer = io.BytesIO()
    document.save(buffer)
    return {f"{handover.stem}.docx": timeless(buffer.getvalue())}


def _page(document: Doc) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN


def _properties(document: Doc, handover: Handover, documents: Sequence[ReportTables]) -> None:
    built = datetime.fromisoformat(handover.release.built).astimezone(UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title = shorten(
        allowed_in_html(words.title(handover, documents[0])), _LONGEST_PROPERTY, placeholder=" …"
    )
    properties.subject = words.made(handover)
    properties.author = properties.last_modified_by = "msevidence"
    properties.created = properties.modified = built
    properties.comments = properties.keywords = ""
    properties.identifier = handover.release.id
    properties.language = REGIONS.get(handover.language, handover.language)
    properties.revision = 1
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(9)


class _Writer:
    """Writes the tables of one document."""

    def __init__(self, document: Doc, handover: Handover, tables: ReportTables, part: int) -> None:
        self._document, self._handover, self._tables, self._part = document, handover, tables, part

    def all(self) -> None:
        """Write a heading and every table, with what stands under it."""
        heading = self._document.add_heading("", level=1)
        _fill(heading, words.heading(self._handover, self._tables), self._handover.language)
        quoted = i18n.text("report-quoted", self._handover.language)
        self._say(f"{words.made(self._handover)} {quoted}")
        for n, table in enumerate(self._tables.tables, 1):
            self._caption(table, n)
            self._table(table)
            self._under(table, n)
        if any(table.notes for table in self._tables.tables):
            self._all_notes()

    def _say(self, text: str, style: str | None = None) -> DocxParagraph:
        paragraph = self._document.add_paragraph(style=style)
        _run(paragraph, Piece(text), self._handover.language)
        return paragraph

    def _place(self, kind: str, n: int) -> str:
        """Return the name of the bookmark of a table or of its notes."""
        return f"{kind}_{self._part}_{n}"

    def _caption(self, table: ReportTable, n: int) -> None:
        paragraph = self._document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = True
        _fill(paragraph, table.caption, self._tables.language)
        _mark(paragraph, self._place("table", n))

    def _table(self, table: ReportTable) -> None:
        made = self._document.add_table(rows=1 + len(table.rows), cols=1 + len(table.headings))
        made.style = "Table Grid"
        made.autofit = False
        _describe(made, text_of((table.caption,)), words.alternative(self._handover, table))
        widths = self._widths(table)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Length(width)  # LibreOffice goes by the table's grid, Word by its cells
        for n, row in enumerate(made.rows):
            number, *cells = row.cells
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
            if n == 0:
                _repeat(row)
                self._cells(cells, table.headings, bold=range(len(table.headings)))
                head = Piece(i18n.text("report-number", self._handover.language))
                _run(number.paragraphs[0], head, self._handover.language).bold = True
            else:
                self._cells(cells, table.rows[n - 1].cells)
                _run(number.paragraphs[0], Piece(str(table.rows[n - 1].number)), self._tables.language)

    def _widths(self, table: ReportTable) -> list[int]:
        narrow = [int(_NAME), *([int(_LAST)] * (len(table.headings) - 2))]
        wide = int(_PAGE[0]) - 2 * int(_MARGIN) - int(_NUMBER) - sum(narrow)
        return [int(_NUMBER), *([narrow[0], wide, *narrow[1:]] if len(table.headings) > 1 else [wide])]

    def _cells(self, cells: Iterable[DocxCell], contents: Sequence[Cell], bold: Iterable[int] = ()) -> None:
        strong = set(bold)
        for n, (cell, content) in enumerate(zip(cells, contents, strict=True)):
            for i, paragraph in enumerate(content):
                at = cell.paragraphs[0] if i == 0 else cell.add_paragraph()
                at.paragraph_format.space_after = Pt(3)
                runs = _fill(at, paragraph, self._tables.language)
                if n in strong or (i == n == 0):
                    for run in runs:
                        run.bold = True

    def _under(self, table: ReportTable, n: int) -> None:
        for mark, footnote in table.footnotes:
            paragraph = self._document.add_paragraph()
            _fill(paragraph, (Piece(mark, raised=True), Piece(" "), *footnote), self._tables.language)
        for sentence in words.left_out(self._handover, table):
            self._say(sentence)
        if table.notes:
            link = words.notes_link(self._handover, self._tables, table)
            _inside(self._document.add_paragraph(), link, self._place("notes", n), self._handover.language)

    def _all_notes(self) -> None:
        heading = self._document.add_heading("", level=2)
        _run(heading, Piece(i18n.text("report-notes", self._handover.language)), self._handover.language)
        self._say(i18n.text("report-notes-lead", self._handover.language))
        for sentence in words.keys(self._handover, self._tables):
            _fill(self._document.add_paragraph(), sentence, self._handover.language)
        for n, table in enumerate(self._tables.tables, 1):
            if table.notes:
                self._notes(table, n)

    def _notes(self, table: ReportTable, n: int) -> None:
        heading = self._document.add_heading("", level=3)
        _run(heading, words.label(self._tables, table), self._tables.language)
        _mark(heading, self._place("notes", n))
        for note in table.notes:
            said = self._say(f"{words.where(self._handover, note)}: {note.text} (", "List Bullet")
            finding = Piece(words.finding(self._handover, note), link=words.address(self._handover, note.iri))
            _fill(said, (finding, Piece(")")), self._handover.language)
        back = words.notes_back(self._handover, self._tables, table)
        _inside(self._document.add_paragraph(), back, self._place("table", n), self._handover.language)


def _about(document: Doc, handover: Handover) -> None:
    heading = document.add_heading("", level=2)
    _run(heading, Piece(i18n.text("report-about", handover.language)), handover.language)
    for fact in about(handover):
        paragraph = document.add_paragraph()
        _run(paragraph, Piece(f"{fact.heading}: "), handover.language).bold = True
        _fill(paragraph, (Piece(fact.value, link=fact.link),), handover.language)


def _fill(paragraph: DocxParagraph, pieces: Paragraph, language: str) -> list[Run]:
    return [_linked(paragraph, p, language) if p.link else _run(paragraph, p, language) for p in pieces if p.text]


def _run(paragraph: DocxParagraph, piece: Piece, language: str) -> Run:
    run = paragraph.add_run(allowed_in_html(piece.text))  # what HTML may not hold, XML may not either
    run.font.superscript = True if piece.raised else None
    tag = piece.language or language
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), REGIONS.get(tag, tag))
    run._r.get_or_add_rPr().append(spoken)
    return run


def _linked(paragraph: DocxParagraph, piece: Piece, language: str) -> Run:
    """Add a run as a link, underlined: colour alone is not seen by all."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(piece.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = _run(paragraph, piece, language)
    run.underline = True
    link.append(run._r)
    paragraph._p.append(link)
    return run


def _inside(paragraph: DocxParagraph, pieces: Paragraph, place: str, language: str) -> None:
    """Fill a paragraph with one link to a bookmark of the same file."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), place)
    for run in _fill(paragraph, pieces, language):
        run.underline = True
        link.append(run._r)
    paragraph._p.append(link)


def _mark(paragraph: DocxParagraph, place: str) -> None:
    """Set a bookmark around what stands in a paragraph (section 17.13.6)."""
    number = str(len(list(paragraph.part.element.iter(qn("w:bookmarkStart")))))
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), number)
    start.set(qn("w:name"), place)
    end.set(qn("w:id"), number)
    paragraph._p.insert(0 if paragraph._p.pPr is None else 1, start)
    paragraph._p.append(end)


def _repeat(row: DocxRow) -> None:
    """Mark a row as the heading that is repeated on every page, whole (sections 17.4.78 and 17.4.6)."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    properties.append(OxmlElement("w:tblHeader"))


def _describe(table: DocxTable, title: str, description: str) -> None:
    """Give a table the title and description that screen readers read."""
    properties = table._tbl.tblPr
    for name, text in (("w:tblCaption", title), ("w:tblDescription", description)):
        element = OxmlElement(name)
        element.set(qn("w:val"), allowed_in_html(text))
        properties.append(element)
