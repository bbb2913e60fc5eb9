"""The report's tables for Word, read back with python-docx and compared with the page cell by cell."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.oxml.ns import qn
from docx.table import _Cell as DocxCell
from lxml import etree, html

from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import ExportError, Files, Handover
from msevidence.server.local_lane import LocalLane

TWIP = 635
"""A twentieth of a point, in which widths are written, in the units that they are read in."""


@pytest.fixture(scope="module")
def content(export: Callable[..., Files]) -> bytes:
    """Return the file."""
    ((name, content),) = export("docx", documents=["fhi-2021"]).items()
    assert name.endswith("-fhi-2021.docx")
    return content


@pytest.fixture(scope="module")
def document(content: bytes) -> Doc:
    """Return the file, read."""
    return Document(io.BytesIO(content))


def words(cell: DocxCell) -> str:
    """Return the words of a cell, those of links among them."""
    runs = ("".join(t.text or "" for t in p._p.iter(qn("w:t"))) for p in cell.paragraphs)
    return " ".join(" ".join(runs).split())


def unspaced(table: list[list[str]]) -> list[list[str]]:
    """Return the words of a table without the spaces, for which one reader has paragraphs."""
    return [["".join(cell.split()) for cell in row] for row in table]


def test_every_cell_is_that_of_the_page(document: Doc, export: Callable[..., Files]) -> None:
    (page,) = export("html-tables", documents=["fhi-2021"]).values()
    tables = html.document_fromstring(page.decode()).iter("table")
    shown = [[["".join(cell.itertext()) for cell in row] for row in table.iter("tr")] for table in tables]
    made = [[[words(cell) for cell in row.cells] for row in table.rows] for table in document.tables]
    assert [len(table) for table in made] == [2, 5, 8, 4]
    assert [unspaced(table) for table in made] == [unspaced(table) for table in shown]


def test_the_layout_is_that_of_the_report(document: Doc) -> None:
    section = document.sections[0]
    assert section.page_width > section.page_height
    captions = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Caption"]
    assert captions == [
        *("Tabell 1: Fullførte randomiserte studier på HSCT", "Tabell 2: Pågående randomiserte studier på HSCT"),
        *("Tabell 3: Fullførte randomiserte studier på MSCT", "Tabell 4: Pågående randomiserte studier på MSCT"),
    ]
    said = "Studies in the document's layout, a row each"
    for table, caption in zip(document.tables, captions, strict=True):
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val")) == caption
        assert properties.find(qn("w:tblDescription")).get(qn("w:val")).startswith(f"{said}: {len(table.rows) - 1}.")
        heads = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True] + [False] * (len(table.rows) - 1)
        width = sum(cell.width for cell in table.rows[0].cells)
        room = section.page_width - section.left_margin - section.right_margin
        assert abs(width - room) < 4 * TWIP
    assert [words(cell) for cell in document.tables[1].rows[0].cells] == [
        *("Row", "Studienavn (el. forf.) ID-nummer", "Referanser", "Type MS"),
    ]


def test_every_run_has_its_language(document: Doc) -> None:
    body = document.element.body
    spoken = {
        "".join(t.text or "" for t in run.iter(qn("w:t"))): run.rPr.find(qn("w:lang")).get(qn("w:val"))
        for run in body.iter(qn("w:r"))
        if run.find(qn("w:t")) is not None
    }
    assert spoken["time to disease progression"] == "en-GB"
    assert spoken["MIST"] == spoken["Referanser"] == "nb-NO"
    assert spoken["Row"] == "en-GB"
    assert set(spoken.values()) == {"en-GB", "nb-NO"}


def test_numbers_and_addresses_are_links(document: Doc) -> None:
    targets = {
        "".join(t.text or "" for t in link.iter(qn("w:t"))): document.part.rels[link.get(qn("r:id"))].target_ref
        for table in document.tables
        for link in table._tbl.iter(qn("w:hyperlink"))
    }
    assert targets["NCT00273364"] == "https://clinicaltrials.gov/ct2/show/NCT00273364"
    assert targets["2010-024081-21"] == "https://www.clinicaltrialsregister.eu/ctr-search/search?query=2010-024381-21"
    printed = [(text, target) for text, target in targets.items() if text.startswith("http")]
    assert len(printed) > 20
    assert all(text == target for text, target in printed)


def test_the_properties_of_runs_and_tables_stand_in_the_order_of_the_standard(document: Doc) -> None:
    """ISO/IEC 29500-1 fixes their order in CT_RPr and CT_TblPr; Word repairs a file where it is another one."""
    of_runs = ["rStyle", "rFonts", "b", "bCs", "i", "color", "sz", "u", "vertAlign", "lang"]
    of_tables = ["tblStyle", "tblW", "jc", "tblLayout", "tblLook", "tblCaption", "tblDescription"]
    found = 0
    for tag, order in (("w:rPr", of_runs), ("w:tblPr", of_tables)):
        for properties in document.element.body.iter(qn(tag)):
            names = [etree.QName(child).localname for child in properties]
            assert names == sorted(names, key=order.index), names
            found += 1
    assert found > 100


def test_the_file_is_of_its_release(
    content: bytes, document: Doc, lane: LocalLane, handover: Callable[..., Handover]
) -> None:
    properties = document.core_properties
    assert (properties.author, properties.last_modified_by) == ("msevidence", "msevidence")
    built = datetime.fromisoformat(lane.release.built)
    assert properties.created is not None and properties.created == properties.modified
    assert properties.created.replace(tzinfo=None) == built.replace(tzinfo=None, microsecond=0)
    assert properties.identifier == lane.release.id
    (again,) = EXPORTS["docx"].write(handover(documents=["fhi-2021"])).values()
    assert again == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_does_not_add_up_and_the_rights_are_told(document: Doc, lane: LocalLane) -> None:
    said = ["".join(t.text or "" for t in p._p.iter(qn("w:t"))) for p in document.paragraphs]
    assert any(text.startswith("Row 5, error: The number is printed as 2010-024081-21") for text in said)
    assert any(text.startswith("fhi-2021 stands for the document “Autolog") for text in said)
    assert any("Short quotations only." in text for text in said)
    assert any(lane.release.id in text for text in said)
    assert "2 Myeloablativ kondisjonering: benmargsutryddende" in "\n".join(said)


def test_tables_and_their_notes_lead_to_each_other(document: Doc) -> None:
    """Links inside a file go to bookmarks, each with a number and a name of its own."""
    body = document.element.body
    marks = [(start.get(qn("w:id")), start.get(qn("w:name"))) for start in body.iter(qn("w:bookmarkStart"))]
    assert [end.get(qn("w:id")) for end in body.iter(qn("w:bookmarkEnd"))] == [number for number, _ in marks]
    assert len({number for number, _ in marks}) == len(marks)
    names = [name for _, name in marks]
    assert names == [*(f"table_1_{n}" for n in (1, 2, 3, 4)), *(f"notes_1_{n}" for n in (1, 2, 3))]
    links = {
        link.get(qn("w:anchor")): "".join(t.text or "" for t in link.iter(qn("w:t")))
        for link in body.iter(qn("w:hyperlink"))
        if link.get(qn("w:anchor"))
    }
    assert set(links) == set(names) - {"table_1_4"}
    assert links["notes_1_3"].startswith("What does not add up in “Tabell 3”")
    assert links["table_1_3"] == "Back to “Tabell 3”"


def test_levels_of_headings_are_in_order(document: Doc) -> None:
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert [(name, text) for name, text in headings[1:]] == [
        ("Heading 2", "What does not add up"),
        *(("Heading 3", f"Tabell {n}") for n in (1, 2, 3)),
        ("Heading 2", "About this file"),
    ]
    assert headings[0][0] == "Heading 1"


def test_a_part_without_tables_is_refused(export: Callable[..., Files]) -> None:
    with pytest.raises(ExportError, match="No document of this export"):
        export("docx", studies=["astims"])


def test_the_grid_of_a_table_is_as_wide_as_its_cells(document: Doc) -> None:
    """LibreOffice goes by the grid, Word by the cells; what is read takes most of the page."""
    for table in document.tables:
        grid = [column.width for column in table.columns]
        assert [abs(cell.width - wide) <= TWIP for cell, wide in zip(table.rows[0].cells, grid, strict=True)] == (
            [True] * len(grid)
        )
        assert max(grid) > sum(grid) / 2
