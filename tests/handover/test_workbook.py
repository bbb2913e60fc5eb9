"""Tests of the workbook: read by openpyxl, and compared with the tables in CSV and with the graph."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import openpyxl
import pyoxigraph as ox
import pytest
from openpyxl.utils.escape import unescape

from msevidence.server.exports import csvw as csvw_written
from msevidence.server.exports import tables_model, tables_read, workbook
from msevidence.server.exports.handover import ExportError
from msevidence.server.exports.tables_defused import restored
from msevidence.server.exports.tables_words import table_title
from msevidence.server.releases import current
from tests.handover.conftest import Export
from tests.handover.hostile import HOSTILE, handover_of

COUNTS = {"studies": 37, "registrations": 39, "publications": 43, "claims": 288, "results": 99, "findings": 159}
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PART = "mist"


@pytest.fixture(scope="module")
def content(export: Export) -> bytes:
    """Return the workbook of the whole release."""
    (content,) = export("xlsx").values()
    return content


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    """Return it, opened."""
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def csv_files(export: Export) -> Mapping[str, bytes]:
    """Return the same tables as CSV."""
    return export("csvw")


def sheet_of(book: Any, name: str) -> Any:
    table = next(table for table in tables_read.ORDER if table.name == name)
    return book[table_title(table, "en")]


def test_there_is_a_sheet_a_table_and_one_that_tells_of_them(book: Any) -> None:
    titles = [table_title(table, "en") for table in tables_read.ORDER]
    assert book.sheetnames == ["About", *titles]
    assert all(len(title) <= 31 for table in tables_read.ORDER for title in (table_title(table, "nb"),))
    for name, count in COUNTS.items():
        sheet = sheet_of(book, name)
        assert sheet.max_row == count + 1, name
        assert sheet.freeze_panes == "A2"
        assert sheet.tables[name].autoFilter.ref == sheet.dimensions
        assert sheet.auto_filter.ref is None  # of a table's own; a second one makes Excel repair the file
        assert [c.name for c in sheet.tables[name].tableColumns] == [cell.value for cell in sheet[1]]
        assert all(cell.font.bold for cell in sheet[1])


def test_names_come_before_addresses_and_every_heading_says_what_it_is(book: Any) -> None:
    said = {(row[0], row[1]): row for row in book["About"].iter_rows(values_only=True)}
    for table in tables_read.ORDER:
        sheet = sheet_of(book, table.name)
        types = [said[sheet.title, cell.value][3] for cell in sheet[1]]
        addresses = [str(kind).startswith("address (IRI)") for kind in types]
        assert addresses == sorted(addresses), table.name
        for cell in sheet[1]:
            means = said[sheet.title, cell.value][2]
            assert means and cell.comment.text == means, (sheet.title, cell.value)
    told = " ".join(str(row[1]) for row in said.values() if row[1] and row[0] is None)
    assert "Fields empty in the register" in told
    assert "empty_fields" not in told and "printed_" not in told


def test_cells_are_those_of_the_csv(book: Any, csv_files: Mapping[str, bytes]) -> None:
    compared = 0
    for table in tables_read.ORDER:
        sheet = sheet_of(book, table.name)
        rows = list(csv.reader(io.StringIO(csv_files[f"{table.name}.csv"].decode(), newline="")))
        assert sheet.max_row == len(rows), table.name
        for found, expected in zip(sheet.iter_rows(min_row=2), rows[1:], strict=True):
            assert [as_text(cell) for cell in found] == [restored(text) for text in expected]
            compared += len(expected)
    assert compared > 20_000


def as_text(cell: Any) -> str:
    if cell.value is None:
        return ""
    if isinstance(cell.value, datetime):
        return str(cell.value.date().isoformat())
    if isinstance(cell.value, bool):
        return str(cell.value).lower()
    return str(unescape(cell.value)) if isinstance(cell.value, str) else str(cell.value)


def test_values_are_typed_as_the_graph_has_them(book: Any, release_store: ox.Store) -> None:
    sheet = sheet_of(book, "results")
    head = {cell.value: cell.column for cell in sheet[1]}
    typed = {
        sheet.cell(row, head["Address (IRI)"]).value: sheet.cell(row, head["Value"]).value
        for row in range(2, sheet.max_row + 1)
    }
    asked = "SELECT ?r ?v { ?r a mse:Result ; mse:value ?v }"
    solutions: Any = release_store.query(asked, prefixes={"mse": "https://w3id.org/msevidence/ontology#"})
    answers = {row["r"].value: float(row["v"].value) for row in solutions}
    assert len(answers) == 71
    assert {iri: value for iri, value in typed.items() if value is not None} == answers
    sheet = sheet_of(book, "registrations")
    head = {cell.value: cell.column for cell in sheet[1]}
    starts = [sheet.cell(row, head["Start date"]) for row in range(2, sheet.max_row + 1)]
    assert {type(cell.value) for cell in starts} == {datetime, str, type(None)}
    assert {cell.number_format for cell in starts if isinstance(cell.value, datetime)} == {"yyyy-mm-dd"}
    assert all(re.fullmatch(r"\d{4}-\d{2}", cell.value) for cell in starts if isinstance(cell.value, str))
    assert {sheet.cell(row, head["Record found"]).value for row in range(2, 41)} == {True, False, None}


def test_links_lead_to_the_web_and_to_where_the_release_is(book: Any) -> None:
    links = [cell.hyperlink.target for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) > 4_000
    assert {urlsplit(link).scheme for link in links} == {"https", "http"}
    sheet = sheet_of(book, "studies")
    (place,) = (cell.column_letter for cell in sheet[1] if cell.value == "Address (IRI)")
    assert sheet[f"{place}2"].hyperlink.target.startswith("https://kg.example/study/")
    assert sheet[f"{place}2"].value.startswith("https://w3id.org/msevidence/study/")
    assert "https://doi.org/10.4045/tidsskr.23.0770" in links


def test_an_address_that_is_none_of_the_web_is_no_link(tmp_path: Path) -> None:
    handover = handover_of(tmp_path / "home", ["one"])
    column = tables_model.iri("address")
    assert workbook.link(column, {"address": ("javascript:alert(1)",)}, handover) is None
    assert workbook.link(column, {"address": ("file:///etc/passwd",)}, handover) is None
    assert workbook.link(column, {"address": ("https://x.example/" + "a" * 3_000,)}, handover) is None
    assert workbook.link(column, {"address": ("https://x.example/",)}, handover) == "https://x.example/"


def test_the_first_sheet_says_what_it_is_and_whose(book: Any, release_home: Path) -> None:
    said = [[cell.value for cell in row] for row in book["About"].iter_rows()]
    facts = {row[0]: row[1] for row in reversed(said)}
    release = current(release_home)
    assert facts["Release"] == release.id
    assert any("Copyright: © Tidsskriftet 2026" in str(row[1]) for row in said)
    assert facts["Studies"] == 37
    listed = {(row[0], row[7]) for row in said if row[7]}
    for table in tables_read.ORDER:
        assert (table_title(table, "en"), table.columns[0].name) in listed
    built = datetime.fromisoformat(release.built).replace(tzinfo=None)
    assert (book.properties.created, book.properties.modified) == (built, built)


def test_it_is_the_same_bytes_again_and_holds_no_time_of_its_own(export: Export) -> None:
    (one,), (other,) = (export("xlsx", studies=[PART]).values() for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_study_alone_has_what_belongs_to_it(export: Export) -> None:
    (content,) = export("xlsx", studies=[PART], language="nb").values()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[:2] == ["Om", "Studier"]
    assert [cell.value for cell in book["Studier"]["A"]] == ["Navn", "MIST"]


def test_hostile_texts_are_texts(tmp_path: Path) -> None:
    (content,) = workbook.write(handover_of(tmp_path / "home", HOSTILE)).values()
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [row[0] for row in sheet_of(book, "claims").iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "<f>" not in "".join(archive.read(name).decode() for name in archive.namelist() if "sheet" in name)
        strings = texts_of(archive.read("xl/worksheets/sheet5.xml"))
    assert set(HOSTILE) <= set(strings)
    assert all(cell.quotePrefix for cell in cells if str(cell.value)[0] in "=+-@\t '\"＝")


def texts_of(sheet: bytes) -> list[str]:
    """Return the strings of a sheet, decoded by ECMA-376 part 1, 22.9.2.19, by code that is not ours to test."""
    found = ElementTree.fromstring(sheet).iter(f"{NAMESPACE}t")
    return [re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text.text or "") for text in found]


def test_what_a_sheet_can_not_hold_is_refused_with_what_to_do(tmp_path: Path) -> None:
    licence = ox.Quad(
        ox.NamedNode("https://w3id.org/msevidence/document/x"),
        ox.NamedNode("http://purl.org/dc/terms/license"),
        ox.NamedNode("https://creativecommons.org/licenses/by/4.0/"),
        ox.NamedNode("https://w3id.org/msevidence/graph/document-x"),
    )
    handover = handover_of(tmp_path / "home", ["𝄞" * 16_384], [licence])
    with pytest.raises(ExportError, match=r"claims, column text, row .*claim/x\.00.*export csvw"):
        workbook.write(handover)
    assert len(csvw_written.write(handover)["claims.csv"]) > 65_000


def test_numbers_and_days_that_a_cell_would_change_are_text() -> None:
    decimal, day = tables_model.value("decimal", "value"), tables_model.value("date", "date")
    assert workbook.typed(decimal, "-5.5") == -5.5
    assert workbook.typed(decimal, "0.1234567890123456") is None
    assert workbook.typed(day, "2024-02-12") == date(2024, 2, 12)
    assert workbook.typed(day, "2024-02") is None
    assert workbook.typed(day, "1899-12-31") is None
