"""The pieces of the benchmark of loading: its inputs load, both loaders state the same. Nothing depends on a time."""

from __future__ import annotations

import io
import json
from io import StringIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from rich.console import Console

from msevidence.loaders.exports.containers import HEAD
from msevidence.loaders.exports.conversion import convert
from msevidence.loaders.exports.facts import RegistrationFact
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import recognised
from msevidence.loaders.exports.records import RegistryRecord
from msevidence.loaders.exports.registration_block import registration_block
from msevidence.ontology.identifiers import is_placeholder, parse_number
from tests.bench import copies, loading, rdflib_loader
from tests.bench.loading import CONVERT, PARSE, PEER, SHAPES, STATE, Cell, Loading, LoadingError, Once
from tests.bench.loading_once import GRAPH, SOURCE
from tests.exports.converting import FIXTURES, converted

REGISTRIES = ("ctgov_csv", "ctgov_json", "ctgov_xml", "ctis_json", "euctr_text", "ictrp", "isrctn_xml")
FILES = sorted(path for folder in REGISTRIES for path in (FIXTURES / folder).iterdir())


def test_numbers_of_copies_are_valid_distinct_and_no_placeholders() -> None:
    for number, scheme in ((copies.nct, "NCT"), (copies.eudract, "EudraCT")):
        printed = [number(copy) for copy in [*range(2_000), *range(99_000, 101_000)]]
        assert len(set(printed)) == 4_000
        assert {parse_number(text).scheme for text in printed} == {scheme}
        assert not any(map(is_placeholder, printed))
    assert len({copies.eudract(copy) for copy in range(100_000)}) == 100_000


@pytest.mark.parametrize("samples", [copies.SAMPLES, Path("nowhere")], ids=["samples", "fixtures"])
@pytest.mark.parametrize("kind", copies.FOLDERS)
def test_copies_load_whole_and_a_fifth_is_cross_registered(
    kind: str, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "SAMPLES", samples)
    path = tmp_path / "copies"
    source = copies.write(kind, 100, path)
    assert ("fixtures" in source) == (not samples.is_dir())
    done = converted(tmp_path, path.read_bytes(), shapes=True)
    assert (done.report.loaded, done.report.duplicate, done.report.quarantined) == (100, 0, [])
    facts = [fact for fact in done.facts if isinstance(fact, RegistrationFact)]
    assert sorted(fact.number for fact in facts) == [copies.nct(copy) for copy in range(100)]
    crossed = [n.key for fact in facts for n in fact.numbers if n.role == "secondary" and n.scheme == "EudraCT"]
    assert {f"EudraCT-{copies.eudract(copy)}" for copy in range(0, 100, 5)} <= set(crossed)
    assert len(crossed) == len(set(crossed))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_rdflib_loader_states_the_same(path: Path, tmp_path: Path) -> None:
    known = recognised(path.read_bytes()[:HEAD], path.name)
    assert known.read is not None and known.record is not None
    memory, ours, rows = rdflib_loader.Memory(GRAPH), b"", b""
    for raw in known.read(io.BytesIO(path.read_bytes()), path.name):
        record = known.record(raw.fields, Audit())
        assert isinstance(record, RegistryRecord)
        statements = rdflib_loader.statements(record, SOURCE, "line 1")
        ours += registration_block(record, GRAPH, SOURCE, "line 1")[0].encoded()
        rows += rdflib_loader.rows(statements, GRAPH)
        memory.add(statements)
    memory.write(tmp_path / "theirs.nq")
    assert quads(ours) == quads(rows) == quads((tmp_path / "theirs.nq").read_bytes())
    assert len(quads(ours)) > 20


def quads(lines: bytes) -> set[ox.Quad]:
    return set(ox.parse(io.BytesIO(lines), format=ox.RdfFormat.N_QUADS))


def test_loaders_that_state_otherwise_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one.csv"
    copies.write("csv", 2, path)
    assert loading.compare(path, tmp_path) > 60

    def other(mode: str, source: Path, size: int | None, keep: Path | None = None) -> Once:
        assert keep is not None
        folder = tmp_path / mode
        folder.mkdir()
        convert(source, "one", loading.SHA256, folder, shapes=False)
        lines = (folder / "records.nq").read_bytes()
        keep.write_bytes(lines.replace(b"true", b"false") if mode.startswith(PEER) else lines)
        return Once(1, 1, 1, 1)

    monkeypatch.setattr(loading, "once", other)
    with pytest.raises(LoadingError, match=r"\d+ quads are ours alone, such as .*true"):
        loading.compare(path, tmp_path)


def test_every_mode_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "few.json"
    copies.write("json", 3, path)
    for mode in (*loading.OURS, SHAPES, *(PEER + mode for mode in loading.THEIRS)):
        told = loading.once(mode, path, 3)
        assert told.wall > 0 and told.peak > 20e6
        assert (told.statements > 100) == (mode not in ("read", PARSE))
    with pytest.raises(LoadingError, match="loaded 3 of 4"):
        loading.once(PARSE, path, 4)
    path.write_text('{"studies": [{"protocolSection": {}}]}')
    with pytest.raises(LoadingError, match="ended with 1"):
        loading.once(CONVERT, path, 1)


def test_the_report_of_loading_states_ratios_with_and_without_the_parser() -> None:
    found = Loading({}, {"csv": "real [records]"}, compared={"csv": 7})
    figures = {
        PARSE: (1, 1),
        STATE: (2, 2),
        CONVERT: (3, 3),
        SHAPES: (9, 9),
        PEER + STATE: (4, 4),
        PEER + CONVERT: (31, 31),
    }
    for mode, (wall, cpu) in figures.items():
        for size in (100, 1000):
            runs = [Once(wall * size, cpu * size, size * 10**6, 5)] * 3
            found.cells["csv", size, mode] = Cell("csv", size, mode, runs)
    ratios = {(r.what, r.size): (r.whole, r.without_parser) for r in found.ratios()}
    assert ratios[loading.COMPARED[0][0], 100] == pytest.approx((2, 3))
    assert ratios[loading.COMPARED[1][0], 1000] == pytest.approx((31 / 3, 15))
    assert [more for *_, more in found.growth()] == [900 * 10**6] * len(figures)
    assert list(found.validation()) == [("csv", 100, 600), ("csv", 1000, 6000)]
    assert len(json.loads(json.dumps(found.as_json()))["cells"]) == 12
    console = Console(width=120, record=True, file=StringIO())
    found.show(console)
    text = console.export_text()
    for expected in ("real [records]", "10.3 | 15.0", "2.0 | 3.0", "MISSED", "met", "+900", "validation apart, csv"):
        assert expected in text
