"""A document's tables of studies for Word (ISO/IEC 29500-1, WordprocessingML): real tables, on pages set sideways.

The heading row is marked and repeated, the table has a title and a description for those who do not see it, every run
has its language, and addresses are links. The times of the file are the release's: the same release, the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell as DocxCell
from docx.table import _Row as DocxRow
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from msevidence.server import i18n
from msevidence.server.exports import report_tables_words as words
from msevidence.server.exports.about import about
from msevidence.server.exports.archive import timeless
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.report_tables_model import Cell, Paragraph, Piece, ReportTable, ReportTables, text_of
from msevidence.server.exports.report_tables_read import read

REGIONS = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
"""Language → with the region that a word processor's spelling goes by."""
_PAGE = Cm(29.7), Cm(21.0)
_MARGIN = Cm(1.8)
_NUMBER, _NAME, _LAST = Cm(1.1), Cm(4.6), Cm(3.6)


def write(handover: Handover) -> Files:
    """Write the tables of the documents of an export.

    Raises:
        ExportError: none of the documents has a table that lists studies.
    """
    documents = read(handover)
    document = Document()
    _page(document)
    _properties(document, handover, documents)
    for one in documents:
        _Writer(document, handover, one).all()
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
    properties.title = words.title(handover, documents[0])
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

    def __init__(self, document: Doc, handover: Handover, tables: ReportTables) -> None:
        self._document, self._handover, self._tables = document, handover, tables

    def all(self) -> None:
        """Write a heading and every table, with what stands under it."""
        heading = self._document.add_heading("", level=1)
        _fill(heading, words.heading(self._handover, self._tables), self._handover.language)
        self._say(words.made(self._handover))
        for table in self._tables.tables:
            self._caption(table)
            self._table(table)
            self._under(table)

    def _say(self, text: str, style: str | None = None) -> DocxParagraph:
        paragraph = self._document.add_paragraph(style=style)
        _run(paragraph, Piece(text), self._handover.language)
        return paragraph

    def _caption(self, table: ReportTable) -> None:
        paragraph = self._document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = True
        _fill(paragraph, table.caption, self._tables.language)

    def _table(self, table: ReportTable) -> None:
        number = [i18n.text("report-number", self._handover.language)] if table.numbered else []
        made = self._document.add_table(rows=1 + len(table.rows), cols=len(number) + len(table.headings))
        made.style = "Table Grid"
        made.autofit = False
        _describe(made, text_of((table.caption,)), words.alternative(self._handover, table))
        widths = self._widths(table)
        for n, row in enumerate(made.rows):
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
            if n == 0:
                _repeat(row)
                self._cells(row.cells[len(number) :], table.headings, bold=range(len(table.headings)))
                if number:
                    run = _run(row.cells[0].paragraphs[0], Piece(number[0]), self._handover.language)
                    run.bold = True
            else:
                self._cells(row.cells[len(number) :], table.rows[n - 1].cells)
                if number:
                    _run(row.cells[0].paragraphs[0], Piece(str(table.rows[n - 1].number)), self._tables.language)

    def _widths(self, table: ReportTable) -> list[int]:
        number = [int(_NUMBER)] if table.numbered else []
        narrow = [int(_NAME), *([int(_LAST)] * (len(table.headings) - 2))]
        wide = int(_PAGE[0]) - 2 * int(_MARGIN) - sum(number) - sum(narrow)
        return [*number, narrow[0], wide, *narrow[1:]] if len(table.headings) > 1 else [*number, wide]

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

    def _under(self, table: ReportTable) -> None:
        for mark, footnote in table.footnotes:
            paragraph = self._document.add_paragraph()
            _fill(paragraph, (Piece(mark, raised=True), Piece(" "), *footnote), self._tables.language)
        for sentence in words.left_out(self._handover, table):
            self._say(sentence)
        if not table.notes:
            return
        heading = self._document.add_heading("", level=3)
        _run(heading, Piece(words.notes_title(self._handover, table)), self._handover.language)
        self._say(i18n.text("report-notes-lead", self._handover.language))
        for note in table.notes:
            said = self._say(f"{words.where(self._handover, note)}: {note.text} (", "List Bullet")
            link = words.address(self._handover, note.iri)
            finding = Piece(i18n.text("report-finding", self._handover.language), link=link)
            _fill(said, (finding, Piece(")")), self._handover.language)


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
    run = paragraph.add_run(piece.text)
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
        element.set(qn("w:val"), text)
        properties.append(element)
