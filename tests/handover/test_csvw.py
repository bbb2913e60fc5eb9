"""Tests of the tables in CSV on the Web: read by csvw and frictionless, and compared with the graph."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import csvw
import frictionless
import pyoxigraph as ox
import pytest

from msevidence.ontology.naming import expand
from msevidence.server import i18n
from msevidence.server.exports import csvw as written
from msevidence.server.exports import tables_model, tables_read
from msevidence.server.exports.archive import write_folder
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.rights import LONGEST_QUOTATION
from msevidence.server.exports.tables_defused import defused, restored
from tests.handover.conftest import Export
from tests.handover.hostile import HOSTILE, handover_of

MSE = "https://w3id.org/msevidence/ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"
COUNTS = {"studies": 37, "registrations": 39, "publications": 43, "claims": 288, "results": 99, "findings": 159}
PART = "mist"


@pytest.fixture(scope="module")
def files(export: Export) -> Files:
    """Return the tables of the whole release."""
    return export("csvw")


@pytest.fixture(scope="module")
def folder(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with them."""
    path = tmp_path_factory.mktemp("csvw") / "tables"
    write_folder(path, files)
    return path


@pytest.fixture(scope="module")
def part(export: Export) -> Files:
    """Return the tables of one study."""
    return export("csvw", studies=[PART])


def metadata(files: Files) -> Mapping[str, Any]:
    return dict(json.loads(files["csv-metadata.json"]))


def rows(files: Files, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))


def columns(files: Files, name: str) -> Mapping[str, Mapping[str, Any]]:
    table = next(t for t in metadata(files)["tables"] if t["url"] == f"{name}.csv")
    return {column["name"]: column for column in table["tableSchema"]["columns"]}


def values(column: Mapping[str, Any], cell: str) -> list[str]:
    """Return the values of a cell as the metadata says to read it."""
    text = restored(cell) if column["datatype"] == "string" else cell
    if not text:
        return []
    return text.split(column["separator"]) if "separator" in column else [text]


def test_there_is_a_row_for_each_thing_of_the_release(files: Files, release_store: ox.Store) -> None:
    for name, count in COUNTS.items():
        found = [row["iri"] for row in rows(files, name)]
        assert len(found) == len(set(found)) == count, name
    for name, kind in (
        *(("studies", "Study"), ("claims", "Claim"), ("results", "Result"), ("findings", "Finding")),
        *(("descriptions", "StudyDescription"), ("expectations", "Expectation"), ("arms", "Arm")),
        *(("record_values", "SourcedValue"), ("documents", "Document"), ("registrations", "Registration")),
        ("identity_decisions", "IdentityDecision"),
    ):
        in_graph = {t.value for t in subjects(release_store, MSE + kind)}
        assert {row["iri"] for row in rows(files, name)} == in_graph, name


def subjects(store: ox.Store, kind: str) -> Iterator[Any]:
    of_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for quad in store.quads_for_pattern(None, of_type, ox.NamedNode(kind), ox.DefaultGraph()):
        yield quad.subject


def test_csvw_reads_it_and_finds_every_key(folder: Path) -> None:
    read = csvw.CSVW(str(folder / "csv-metadata.json"), validate=True, strict=False)
    assert read.is_valid, read.warnings[:5]
    assert len(read.tables) == len(tables_read.ORDER)
    keys = sum(len(table.tableSchema.foreignKeys) for table in read.tables)
    assert keys > 40


def test_frictionless_reads_it_and_finds_every_key(folder: Path) -> None:
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])[:5]
    assert len(report.tasks) == len(tables_read.ORDER)


def test_a_study_alone_has_tables_whose_keys_are_closed(part: Files, tmp_path: Path) -> None:
    write_folder(tmp_path / "part", part)
    read = csvw.CSVW(str(tmp_path / "part" / "csv-metadata.json"), validate=True, strict=False)
    assert read.is_valid, read.warnings[:5]
    assert [row["label"] for row in rows(part, "studies")] == ["MIST"]
    assert {row["document_label"] for row in rows(part, "claims")} == {row["titles"] for row in rows(part, "documents")}
    assert 0 < len(rows(part, "claims")) < COUNTS["claims"]
    assert "References to what is not in this part" in part["README.txt"].decode()


@pytest.mark.parametrize("reader", ["csvw", "frictionless"])
def test_the_readers_find_a_key_that_is_missing(part: Files, tmp_path: Path, reader: str) -> None:
    studies = part["studies.csv"].replace(b"/study/", b"/studies/")
    assert studies != part["studies.csv"]
    write_folder(tmp_path / "part", {**part, "studies.csv": studies})
    if reader == "csvw":
        with pytest.raises(ValueError, match="not found in table"):
            _ = csvw.CSVW(str(tmp_path / "part" / "csv-metadata.json"), validate=True, strict=False).is_valid
    else:
        report = frictionless.Package(str(tmp_path / "part" / "datapackage.json")).validate()
        assert "foreign-key" in {kind for (kind,) in report.flatten(["type"])}


def test_every_cell_of_a_property_is_the_graphs_and_the_other_way_round(files: Files, release_store: ox.Store) -> None:
    compared = 0
    for table in tables_read.ORDER:
        held = columns(files, table.name)
        about = table.about
        for column in table.columns:
            if not column.property:
                continue
            cells: dict[str, set[str]] = {}
            for row in rows(files, table.name):
                cells.setdefault(row[about], set()).update(values(held[column.name], row[column.name]))
            compared += check(release_store, table, column, cells)
    assert compared > 8_000


def check(
    store: ox.Store, table: tables_model.Table, column: tables_model.Column, cells: Mapping[str, set[str]]
) -> int:
    total, things = 0, {row for row in cells}
    for thing in things:
        said = store.quads_for_pattern(
            ox.NamedNode(thing), ox.NamedNode(expand(column.property)), None, ox.DefaultGraph()
        )
        objects: list[Any] = [quad.object for quad in said]
        if column.only:
            objects = [o for o in objects if o.language == column.only]
        expected = {o.value for o in objects}
        if column.quoted:
            expected = {text for text in expected if len(text) <= LONGEST_QUOTATION}
        if table.links and column.references:
            expected &= {iri for found in cells.values() for iri in found}
        assert cells[thing] == expected, (table.name, column.name, thing)
        total += len(expected)
    return total


def test_the_triples_that_csv2rdf_makes_are_triples_of_the_graph(
    files: Files, folder: Path, release_store: ox.Store
) -> None:
    made = list(csv2rdf(files, folder))
    assert len(made) > 4_000
    strangers = [triple for triple in made if ox.Quad(*triple, ox.DefaultGraph()) not in release_store]
    assert strangers == []


Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


def csv2rdf(files: Files, folder: Path) -> Iterator[Triple]:
    """Make the triples of https://www.w3.org/TR/csv2rdf/ in minimal mode, of cells that csvw read."""
    group = csvw.TableGroup.from_file(str(folder / "csv-metadata.json"))
    for table in metadata(files)["tables"]:
        about = table["tableSchema"]["aboutUrl"]
        cells = columns(files, table["url"].removesuffix(".csv"))
        for row in group.tabledict[table["url"]].iterdicts():
            for name, column in cells.items():
                value = row[name]
                if column.get("suppressOutput") or value is None:
                    continue
                subject, predicate = (
                    ox.NamedNode(row[about.strip("{+}")].unsplit()),
                    ox.NamedNode(column["propertyUrl"]),
                )
                if "valueUrl" in column:
                    yield subject, predicate, ox.NamedNode(row[column["valueUrl"].strip("{+}")].unsplit())
                    continue
                for one in value if isinstance(value, list) else [value]:
                    yield subject, predicate, literal(one, column)


def literal(value: Any, column: Mapping[str, Any]) -> ox.Literal:
    if column["datatype"] == "string":
        return ox.Literal(value, language=column["lang"]) if "lang" in column else ox.Literal(value)
    text = str(value).lower() if column["datatype"] == "boolean" else str(value)
    return ox.Literal(text, datatype=ox.NamedNode(XSD + column["datatype"]))


def test_what_is_put_together_is_what_sparql_answers(files: Files, release_store: ox.Store) -> None:
    found = {row["iri"]: row for row in rows(files, "studies")}
    asked = """SELECT ?study (GROUP_CONCAT(?number; separator="~") AS ?numbers) {
      ?study a <MSE#Study> ; <MSE#registeredAs>/<MSE#registrationNumber> ?number } GROUP BY ?study"""
    solutions: Any = release_store.query(asked.replace("MSE#", MSE))
    answers = {row["study"].value: set(row["numbers"].value.split("~")) for row in solutions}
    assert len(answers) == 27
    for study, numbers in answers.items():
        assert set(found[study]["registry_numbers"].split(" | ")) == numbers
    inherited = [row for row in rows(files, "claim_publications") if row["inherited"] == "true"]
    assert len(inherited) > 5
    assert all(row["markers"] for row in rows(files, "claim_publications"))
    missing = [row for row in rows(files, "claim_pointers") if row["reference_missing"] == "true"]
    assert missing
    assert not any(row["publication"] for row in missing)
    dated = {row["number"]: row["status_source_date"] for row in rows(files, "registrations")}
    assert dated["NCT00273364"] == "2025-09-25"


def test_what_is_gathered_of_a_study_is_what_its_descriptions_and_expectations_say(files: Files) -> None:
    held = columns(files, "studies")
    found = {row["iri"]: row for row in rows(files, "studies")}
    for name, table, column in (
        ("ms_types", "descriptions", "ms_type"),
        ("transplantations", "descriptions", "transplantation"),
        ("participants_stated", "descriptions", "participants"),
        ("participants_planned", "descriptions", "planned_participants"),
        ("expected_end", "expectations", "date"),
    ):
        expected: dict[str, set[str]] = {iri: set() for iri in found}
        for row in rows(files, table):
            if row["study"] and (table == "descriptions" or row["event"].endswith("/study-end")):
                expected[row["study"]].update(values(columns(files, table)[column], row[column]))
        assert any(expected.values()), name
        assert {iri: set(values(held[name], row[name])) for iri, row in found.items()} == expected, name
        assert held[name]["suppressOutput"], name


def test_every_column_says_what_it_is_in_both_languages(files: Files) -> None:
    for table in metadata(files)["tables"]:
        for column in table["tableSchema"]["columns"]:
            told = {said["@language"]: said["@value"] for said in column["dc:description"]}
            assert set(told) == set(i18n.LANGUAGES) and all(told.values()), (table["url"], column["name"])
    for resource in json.loads(files["datapackage.json"])["resources"]:
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]


def test_dates_stay_as_exact_as_their_source(files: Files) -> None:
    starts = [row["start"] for row in rows(files, "registrations") if row["start"]]
    assert {len(start) for start in starts} == {7, 10}
    years = {len(row["date"]) for row in rows(files, "expectations")}
    assert 4 in years
    column = columns(files, "registrations")["start"]
    assert column["datatype"]["base"] == "string"
    assert column["suppressOutput"]


def test_concepts_are_in_a_table_and_named_in_the_language_of_the_export(export: Export, files: Files) -> None:
    concepts = {row["iri"]: row for row in rows(files, "concepts")}
    nb = export("csvw", studies=[PART], language="nb")
    for language, of in (("en", files), ("nb", nb)):
        claims = [row for row in rows(of, "claims") if row["outcome"]]
        assert claims
        assert all(row["outcome_label"] == concepts[row["outcome"]][f"label_{language}"] for row in claims)
        assert columns(of, "claims")["outcome_label"]["lang"] == language
    assert columns(nb, "studies")["label"]["titles"] == {"en": "Name", "nb": "Navn"}
    assert {row["text_language"] for row in rows(files, "claims")} == {"en", "nb"}


def test_files_are_as_the_standard_has_them(files: Files, handover: Callable[..., Handover]) -> None:
    assert files["studies.csv"].startswith(b"label,acronym,")
    assert all(content.endswith(b"\r\n") for name, content in files.items() if name.endswith(".csv"))
    described = metadata(files)
    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert described["dc:identifier"] == handover().release.id
    assert described["dc:license"] == {"@id": "http://www.apache.org/licenses/LICENSE-2.0"}
    assert "Copyright: © Tidsskriftet 2026" in files["README.txt"].decode()
    for table in described["tables"]:
        names = [column["name"] for column in table["tableSchema"]["columns"]]
        assert len(names) == len(set(names))
        for language in i18n.LANGUAGES:
            titles = [column["titles"][language] for column in table["tableSchema"]["columns"]]
            assert len(titles) == len(set(titles)), table["url"]


def test_the_same_release_gives_the_same_bytes(export: Export, part: Files) -> None:
    assert export("csvw", studies=[PART]) == part


def test_no_text_of_a_cell_is_a_formula_and_each_can_be_had_back(tmp_path: Path) -> None:
    files = written.write(handover_of(tmp_path / "home", HOSTILE))
    found = rows(files, "claims")
    assert [restored(row["text"]) for row in found] == list(HOSTILE)
    for row in found:
        for piece in row["text"].replace("\n", ";").split(";"):
            bare = piece.strip('\r "').lstrip(" ")
            assert not bare.startswith(("=", "+", "@", "＝", "\t")), row["text"]
            assert bare == "-5" or not bare.startswith("-")
    column = columns(files, "claims")["text"]
    assert column["suppressOutput"]
    said = next(text for text in metadata(files)["rdfs:comment"] if "apostrophe" in text["@value"])
    assert written.PATTERN in said["@value"]
    write_folder(tmp_path / "out", files)
    assert csvw.CSVW(str(tmp_path / "out" / "csv-metadata.json"), validate=True, strict=False).is_valid
    assert frictionless.Package(str(tmp_path / "out" / "datapackage.json")).validate().valid


def test_numbers_below_nought_stay_numbers(tmp_path: Path) -> None:
    assert written.cell(tables_model.value("decimal", "value"), {"value": ("-5",)}) == "-5"
    assert written.cell(tables_model.words("text"), {"text": ("-5.5",)}) == "-5.5"
    assert written.cell(tables_model.words("text"), {"text": ("-5+1",)}) == "'-5+1"


def test_what_is_defused_is_restored_whatever_it_is() -> None:
    chosen, signs = random.Random(6), "=+-@\t\r\n'\"; a5＝\u00a0"
    texts = ["".join(chosen.choices(signs, k=chosen.randint(0, 9))) for _ in range(20_000)]
    assert [restored(defused(text)) for text in texts] == texts
    assert sum(defused(text) != text for text in texts) > 5_000


def test_several_values_have_between_them_what_is_in_none(tmp_path: Path) -> None:
    claim, graph = ox.NamedNode("https://w3id.org/msevidence/claim/x.00"), ox.NamedNode("https://x.example/g")
    more = [ox.Quad(claim, ox.NamedNode(MSE + "claimText"), ox.Literal("another"), graph)]
    files = written.write(handover_of(tmp_path / "home", ["one | two"], more))
    column = columns(files, "claims")["text"]
    assert column["separator"] == " ¦ "
    assert values(column, rows(files, "claims")[0]["text"]) == ["another", "one | two"]


def test_long_quotations_are_withheld_and_counted(tmp_path: Path) -> None:
    files = written.write(handover_of(tmp_path / "home", ["short", "long " * 200]))
    assert [row["text"] for row in rows(files, "claims")] == ["short", ""]
    assert f"longer than {LONGEST_QUOTATION} characters, withheld for want of a licence: 1" in files[
        "README.txt"
    ].decode().replace("Quotations ", "")
