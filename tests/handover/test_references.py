"""RIS, BibTeX, CSL-JSON and SSSOM of the real release, read by rispy, bibtexparser, a schema's validator and sssom."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import bibtexparser
import jsonschema
import pytest
import rispy

from msevidence.server.exports.handover import ExportError, Handover
from msevidence.server.local_lane import LocalLane
from tests.handover.conftest import Export

NUMBERS = """
PREFIX mse: <https://w3id.org/msevidence/ontology#>
SELECT ?number { ?r a mse:Registration ; mse:registrationNumber ?number }"""
IDENTIFIERS = """
PREFIX mse: <https://w3id.org/msevidence/ontology#>
PREFIX prism: <http://prismstandard.org/namespaces/basic/2.0/>
SELECT ?doi { ?p a mse:Publication ; prism:doi ?doi }"""


def _one(export: Export, name: str, **asked: object) -> str:
    ((file, content),) = export(name, **asked).items()
    assert file.startswith("msevidence-")
    return content.decode("utf-8")


def _values(lane: LocalLane, query: str, name: str) -> set[str]:
    return {row[name].value for row in lane.select(query)}  # type: ignore[union-attr]


def test_ris_has_every_publication_and_record_once(
    export: Export, handover: Callable[..., Handover], lane: LocalLane
) -> None:
    """As rispy reads it; every DOI and every registry number of the graph can be searched for."""
    text = _one(export, "ris")
    read = rispy.loads(text)
    scope = handover().scope
    assert len(read) == len(scope.publications) + len(scope.registrations) == 82
    assert {r["doi"] for r in read if "doi" in r} == _values(lane, IDENTIFIERS, "doi")
    accessions = [str(r.get("accession_number")) for r in read if r["type_of_reference"] == "ELEC"]
    for number in _values(lane, NUMBERS, "number"):  # some with the registry's name before it
        assert any(accession.split()[-1] == number for accession in accessions), number
    lines = text.split("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(line == "" or re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert "Holmøy, Trygve" in text


def test_bibtex_has_the_same_records(export: Export) -> None:
    """As bibtexparser reads it: no block fails, keys are unique, and titles are those of the RIS file."""
    library = bibtexparser.parse_string(_one(export, "bibtex"))
    assert library.failed_blocks == []
    assert len(library.entries) == len({entry.key for entry in library.entries}) == 82
    keys = {str(r["id"]) for r in rispy.loads(_one(export, "ris"))}
    assert {entry.key for entry in library.entries} == keys


def test_csl_has_the_same_records(export: Export) -> None:
    """Each with a type and an id of its own."""
    items = json.loads(_one(export, "csl"))
    assert len({item["id"] for item in items}) == 82
    assert {item["title"] for item in items} == {str(r["title"]) for r in rispy.loads(_one(export, "ris"))}


@pytest.mark.shared
def test_csl_fits_the_schema(export: Export, shared_dir: Path) -> None:
    """The schema of the CSL project."""
    schema = json.loads((shared_dir / "conformance/schemas/csl/csl-data.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(json.loads(_one(export, "csl")))] == []


def test_a_part_has_what_belongs_to_it(export: Export) -> None:
    """Of one study: its records and publications, and nothing else."""
    read = rispy.loads(_one(export, "ris", studies=["mist"]))
    numbers = {r["accession_number"] for r in read if r["type_of_reference"] == "ELEC"}
    assert {"NCT00273364"} <= numbers and "NCT03477500" not in numbers
    assert any("nonmyeloablative" in str(r["title"]).lower() for r in read)


def test_nothing_to_refer_to_is_refused(export: Export, lane: LocalLane) -> None:
    """A finding on no study or document would give an empty file."""
    query = """
    PREFIX mse: <https://w3id.org/msevidence/ontology#>
    SELECT ?s { ?s a mse:Study FILTER NOT EXISTS { ?s mse:registeredAs ?r } FILTER NOT EXISTS { ?p mse:reportsOn ?s }
      FILTER NOT EXISTS { ?s mse:partOf ?w } FILTER NOT EXISTS { ?w mse:partOf ?s } } ORDER BY ?s LIMIT 1"""
    (study,) = _values(lane, query, "s")
    with pytest.raises(ExportError, match="no publication and no registry record"):
        export("ris", things=[study])


def test_sssom_of_a_study_is_a_part_of_the_whole(export: Export) -> None:
    """Rows of the part are rows of the whole, under the same head."""
    whole, part = (_one(export, "sssom", **asked).splitlines() for asked in ({}, {"studies": ["mist"]}))
    rows = [line for line in part if not line.startswith("#")]
    assert 1 < len(rows) < len([line for line in whole if not line.startswith("#")])
    assert set(rows) <= set(whole)
