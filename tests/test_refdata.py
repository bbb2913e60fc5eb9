"""The catalogues written from ``../shared/refdata`` hold every value of it with its address, and nothing else."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from msevidence.loaders.catalogue_schema import Publications, Registrations, Sourced, SourceQuotes, Studies
from msevidence.loaders.yamlfile import parse

DATA = Path(__file__).parent.parent / "data"
# Fields that refdata collected from the documents: it gives no source but the places that cite the work.
FROM_DOCUMENTS = {"title", "journal", "year", "volume_pages"}


@pytest.fixture(scope="module")
def publications() -> Publications:
    return parse(DATA / "publications.yaml", Publications)[0]


@pytest.fixture(scope="module")
def registrations() -> Registrations:
    return parse(DATA / "registrations.yaml", Registrations)[0]


@pytest.fixture(scope="module")
def quotes() -> SourceQuotes:
    return parse(DATA / "source-quotes.yaml", SourceQuotes)[0]


def test_counts(publications: Publications, registrations: Registrations, quotes: SourceQuotes) -> None:
    assert len(publications.publications) == 42
    assert len(registrations.registrations) == 37
    assert Counter(r.scheme for r in registrations.registrations.values()) == {
        "NCT": 19,
        "EudraCT": 15,
        "ISRCTN": 2,
        "IRCT": 1,
    }
    assert len(registrations.sources) == 54
    assert len(quotes.source_quotes) == 8
    assert sum(len(entry.quotes) for entry in quotes.source_quotes) == 22
    assert sum(entry.paraphrase is not None for entry in quotes.source_quotes) == 1


def test_studies_and_publications_that_others_point_to_exist(
    publications: Publications, registrations: Registrations, quotes: SourceQuotes
) -> None:
    studies = parse(DATA / "studies.yaml", Studies)[0].studies
    links = [(k, link) for k, p in publications.publications.items() for link in p.reports_on]
    links += [(k, link) for k, r in registrations.registrations.items() for link in r.registers]
    assert len(links) == 19
    assert [(k, link.study) for k, link in links if link.study not in studies] == []
    assert {entry.publication for entry in quotes.source_quotes} <= publications.publications.keys()


def test_dates_of_registry_sources_are_those_that_they_state(registrations: Registrations) -> None:
    assert {key: source.date for key, source in registrations.sources.items() if source.date is not None} == {
        "s1": "2025-09-25",
        "s4": "2024-02-05",
        "s8": "2024-01-15",
        "s11": "2023-09-03",
        "s26": "2020-12-12",
        "s51": "2019-12-29",
    }


@pytest.mark.shared
def test_catalogues_name_the_files_they_were_written_from(
    shared_dir: Path, publications: Publications, registrations: Registrations, quotes: SourceQuotes
) -> None:
    for origin in (publications.derived_from, registrations.derived_from, quotes.derived_from):
        assert hashlib.sha256((shared_dir / origin.file).read_bytes()).hexdigest() == origin.sha256


@pytest.mark.shared
def test_every_publication_value_and_address(shared_dir: Path, publications: Publications) -> None:
    records = json.loads((shared_dir / "refdata/publications.json").read_text(encoding="utf-8"))
    expected = {}
    for record in records:
        fields = {k: v for k, v in record.items() if k not in {"id", "cited_in"} and not k.endswith("_source")}
        assert {k for k in fields if f"{k}_source" not in record} <= FROM_DOCUMENTS
        expected[record["id"]] = {k: (v, record.get(f"{k}_source", record["cited_in"])) for k, v in fields.items()}
    found = {
        p.refdata_id: {name: (value.value, value.source) for name, value in p.values()}
        for p in publications.publications.values()
    }
    assert found == expected
    assert sum(map(len, found.values())) == 232


@pytest.mark.shared
def test_every_registry_value_and_address(shared_dir: Path, registrations: Registrations) -> None:
    refdata = json.loads((shared_dir / "refdata/registry_records.json").read_text(encoding="utf-8"))
    assert {key: source.address for key, source in registrations.sources.items()} == refdata["sources"]
    assert registrations.derived_from.note == refdata["note"]

    def as_recorded(number: str, record: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, list[tuple[Any, str, str | None]]] = {}
        for name, content in record.items():
            if name not in {"registry", "not_found"} and content is not None:
                values[name] = [
                    # One value gives the address itself in the place of its key.
                    (v["value"], refdata["sources"].get(v["source"], v["source"]), v.get("note"))
                    for v in (content if isinstance(content, list) else [content])
                ]
        return {
            "number": number.removeprefix("EudraCT "),
            "registry": record["registry"],
            "not_found": record.get("not_found"),
            "empty": [name for name, content in record.items() if content is None],
            "values": values,
        }

    def as_loaded(key: str) -> dict[str, Any]:
        entry = registrations.registrations[key]
        values: dict[str, list[tuple[Any, str, str | None]]] = {}
        for name, value in entry.values():
            values.setdefault(name, []).append((value.value, registrations.address(value).address, value.note))
        return {
            "number": entry.number,
            "registry": entry.registry,
            "not_found": entry.not_found,
            "empty": entry.empty,
            "values": values,
        }

    expected = {number.replace(" ", "-"): as_recorded(number, r) for number, r in refdata["records"].items()}
    assert {key: as_loaded(key) for key in registrations.registrations} == expected
    assert sum(1 for entry in registrations.registrations.values() for _ in entry.values()) == 406


@pytest.mark.shared
def test_every_quotation_and_address(shared_dir: Path, publications: Publications, quotes: SourceQuotes) -> None:
    refdata = YAML(typ="safe").load((shared_dir / "refdata/source_quotes.yaml").read_text(encoding="utf-8"))
    ids = {key: p.refdata_id for key, p in publications.publications.items()}
    assert [
        (ids[e.publication], e.label, e.basis, e.address, [q.exact for q in e.quotes], e.paraphrase)
        for e in quotes.source_quotes
    ] == [
        (e["id"], e["publication"], e["basis"], e["address"], e.get("quotes", []), e.get("paraphrase")) for e in refdata
    ]


def test_texts_of_a_value() -> None:
    assert Sourced(value=["Denmark", "Norway"], source="s8").texts() == ("Denmark", "Norway")
    assert Sourced(value={"end_date": "2026-03-21"}, source="s11").texts() == ("end_date: 2026-03-21",)
    assert Sourced(value=106, source="s33").texts() == ("106",)


def test_readme_states_the_hash_of_every_source_file(
    publications: Publications, registrations: Registrations, quotes: SourceQuotes
) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    sources = sorted(DATA.glob("*/*/source.txt"))
    assert len(sources) == 2
    hashes = {str(path.relative_to(DATA).as_posix()): hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
    hashes |= {f.file: f.sha256 for f in (publications.derived_from, registrations.derived_from, quotes.derived_from)}
    rows = [line.split("|") for line in readme.splitlines() if line.startswith("| `") and line.endswith("` |")]
    assert {row[1].strip(" `"): row[3].strip(" `") for row in rows} == hashes
