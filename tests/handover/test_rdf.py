"""RDF exports: read back exactly by two libraries; parts are closed, and conform to the shapes that go along."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from lxml import etree

from msevidence.ontology.namespaces import FOLDER
from msevidence.ontology.naming import rule
from msevidence.ontology.rule_check import broken
from msevidence.ontology.validation import read_graph, report_graph, validate
from msevidence.ontology.validation_report import compact
from msevidence.server.app import create_app
from msevidence.server.exports import rdf_jsonld, rdf_xml
from msevidence.server.exports.archive import zipped
from msevidence.server.exports.handover import ExportError, Handover
from msevidence.server.exports.rdf import merged, statements
from msevidence.server.exports.rdf_part import part
from msevidence.server.exports.rdf_rights import WITHHELD
from msevidence.server.exports.scope import Selection, found
from msevidence.server.labels import PREFIXES, RDF_TYPE
from msevidence.server.local_lane import LocalLane
from msevidence.server.settings import Settings
from msevidence.server.store import pages
from tests.handover.conftest import Export
from tests.handover.rdf_reading import GRAPHS, SYNTAXES, read_by_pyoxigraph, read_by_rdflib, rows
from tests.test_shapes import INVALID, expected

BASE = "https://w3id.org/msevidence/"
MSE = BASE + "ontology#"
PARTS: Sequence[dict[str, list[str]]] = (
    {"studies": ["mist"]},
    {"documents": ["nygaard-2024"]},
    {"statuses": ["terminated"]},
    {"things": [BASE + "publication/burt-2019", BASE + "claim/nygaard-2024.1a7f9b82fd.1.1"]},
)
MIST = PARTS[0]
Handovers = Callable[..., Handover]


def first(files: dict[str, bytes]) -> bytes:
    return next(iter(files.values()))


@pytest.fixture(scope="module")
def release_quads(lane: LocalLane) -> set[ox.Quad]:
    """Return the quads of the named graphs of the release."""
    data = ox.parse(path=str(lane.release.path / "data.nq"), format=ox.RdfFormat.N_QUADS)
    return {quad for quad in data if not isinstance(quad.graph_name, ox.DefaultGraph)}


# What is in them


@pytest.mark.parametrize("name", SYNTAXES)
def test_the_whole_is_read_back_and_is_the_release_but_for_what_is_withheld(
    name: str, export: Export, release_quads: set[ox.Quad]
) -> None:
    read = read_by_pyoxigraph(name, first(export(name)))
    assert len(read) == len(set(read)) > 45_000
    in_file = set(read)
    of_release = rows(release_quads if name in GRAPHS else {quad.triple for quad in release_quads})
    texts = {MSE + "text", "http://www.w3.org/ns/oa#exact"}
    gone, new = of_release - in_file, in_file - of_release
    assert len(gone) > 1_000
    assert {r[1] for r in gone} == texts
    assert all("/passage/" in str(r[0]) or "/selector/" in str(r[0]) for r in gone)
    assert {r[1] for r in new} == {WITHHELD.value}
    assert {r[0] for r in gone} == {r[0] for r in new if "/document/" not in str(r[0])}


@pytest.mark.parametrize("name", SYNTAXES)
def test_a_part_is_read_back_alike_by_two_libraries(
    name: str, export: Export, handover: Handovers, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = statements(handover(**MIST))
    meant = rows(made.quads if name in GRAPHS else merged(made))
    content = first(export(name, **MIST))
    assert len(meant) > 5_000
    assert set(read_by_pyoxigraph(name, content)) == meant
    assert set(read_by_rdflib(name, content, monkeypatch)) == meant


def test_nquads_are_canonical(export: Export) -> None:
    content = first(export("nquads", **MIST))
    dataset = ox.Dataset(ox.parse(content, format=ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(str(quad) + " .\n" for quad in dataset)
    assert content.decode() == "".join(lines)
    assert all(re.search(r" <https://w3id\.org/msevidence/graph/[^>]+> \.$", line) for line in lines)


def test_the_same_bytes_from_a_process_with_other_hashes(export: Export, release_home: Path, tmp_path: Path) -> None:
    """Sets and the engine's own maps have an order of chance, which is another in another process."""
    program = "import sys; from msevidence.server.cli import run; sys.exit(max(map(run, eval(sys.argv[1]))))"
    common = ["--study", "mist", "--home", str(release_home), "--site", "https://kg.example"]
    asked = [["export", name, "--output", str(tmp_path / f"{name}.zip"), *common] for name in ("trig", "jsonld")]
    where = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", program, repr(asked)], env=where, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in ("trig", "jsonld"):
        assert (tmp_path / f"{name}.zip").read_bytes() == zipped(export(name, **MIST)), name


# Parts are closed


@cache
def part_of(handover: Handovers, which: int) -> tuple[ox.Quad, ...]:
    return tuple(statements(handover(**PARTS[which])).quads)


@pytest.mark.parametrize("which", range(len(PARTS)))
def test_a_part_conforms_to_the_shapes_and_rules(which: int, handover: Handovers) -> None:
    outcome = validate(part_of(handover, which))
    assert outcome.conforms, outcome.summary()
    assert sum(outcome.reached.values()) > 300


def test_a_part_conforms_with_nothing_but_the_shapes_that_go_along(export: Export, tmp_path: Path) -> None:
    files = export("turtle", **MIST)
    shapes = rdflib.Graph()
    for name, content in files.items():
        if name.startswith("shapes/"):
            shapes.parse(data=content, format="turtle")
    (tmp_path / "part.ttl").write_bytes(first(files))
    report = report_graph(read_graph([tmp_path / "part.ttl"]), shapes)
    assert (None, rdflib.SH.conforms, rdflib.Literal(True)) in report
    assert list(broken(ox.parse(first(files), format=ox.RdfFormat.TURTLE))) == []


@pytest.mark.parametrize("which", range(len(PARTS)))
def test_what_a_part_points_to_has_its_class_and_the_label_that_the_release_has(
    which: int, handover: Handovers, release_quads: set[ox.Quad]
) -> None:
    quads = part_of(handover, which)
    classed = {quad.subject for quad in quads if quad.predicate.value == RDF_TYPE}
    names = {*rule().properties, *rule().pair, WITHHELD.value}
    named = {quad.subject for quad in quads if quad.predicate.value in names}
    terms = {quad.predicate for quad in quads if quad.predicate.value.startswith(BASE)}
    assert WITHHELD in terms
    assert terms <= classed & named
    pointed = {q.object for q in quads if isinstance(q.object, ox.NamedNode) and q.object.value.startswith(BASE)}
    assert len(pointed) > 200
    assert pointed - classed == set()
    nameless = pointed - named  # a pointer is called by its number, a work by the texts that realise it
    assert {quad.subject for quad in release_quads if quad.predicate.value in names} & nameless == set()


@pytest.mark.parametrize("which", range(len(PARTS)))
def test_a_part_is_of_the_release_and_says_all_of_what_is_inside(
    which: int, handover: Handovers, release_quads: set[ox.Quad]
) -> None:
    one = handover(**PARTS[which])
    quads = part(one.lane, one.scope)
    assert quads < release_quads
    inside = {iri for iri in one.scope.things if iri not in one.scope.documents or iri in one.scope.asked}
    assert inside
    about = {quad for quad in release_quads if quad.subject.value in inside}
    assert about <= quads


def test_a_study_brings_what_belongs_to_it_and_of_others_their_names_alone(handover: Handovers) -> None:
    quads = part_of(handover, 0)
    mist = ox.NamedNode(BASE + "study/mist")
    to_mist = {quad.predicate.value.removeprefix(MSE) for quad in quads if quad.object == mist}
    assert {"describes", "reportsOn", "about", "denotesStudy"} <= to_mist
    kinds = {quad.object.value.removeprefix(MSE) for quad in quads if quad.predicate.value == RDF_TYPE}
    assert {"Arm", "Result", "SourcedValue", "StudyDescription", "IdentityDecision", "Passage", "Finding"} <= kinds
    other = ox.NamedNode(BASE + "study/ram-ms")
    said = {quad.predicate.value for quad in quads if quad.subject == other}
    assert PREFIXES["rdfs"] + "label" in said
    assert MSE + "registeredAs" not in said


def test_a_part_says_where_its_graphs_come_from_and_of_which_release(handover: Handovers, lane: LocalLane) -> None:
    quads = part_of(handover, 0)
    graphs = {quad.graph_name for quad in quads} - {ox.NamedNode(BASE + "graph/meta")}
    derived = {quad.subject for quad in quads if quad.predicate.value == PREFIXES["prov"] + "wasDerivedFrom"}
    hashed = {quad.subject for quad in quads if quad.predicate.value == MSE + "sha256"}
    assert len(graphs) > 8
    assert graphs - derived <= {ox.NamedNode(BASE + "graph/release")}
    assert {q.object for q in quads if q.subject in graphs and q.predicate.value.endswith("#wasDerivedFrom")} <= hashed
    identifiers = {quad.object for quad in quads if quad.predicate.value == PREFIXES["dcterms"] + "identifier"}
    assert ox.Literal(lane.release.id) in identifiers


def test_a_part_is_the_same_from_the_workers_of_the_server(
    handover: Handovers, release_home: Path, lane: LocalLane
) -> None:
    app = create_app(release_home, Settings(page_workers=1, workers=1, spares=0))
    try:
        with app.test_request_context("/"):
            worker = pages()
            scope = found(worker, Selection(**MIST))
            assert part(worker, scope) == part(lane, handover(**MIST).scope)
    finally:
        app.extensions["msevidence"].close()


# What goes along


def test_shapes_and_report_go_along_as_they_are_in_the_release(export: Export, lane: LocalLane) -> None:
    files = export("trig", **MIST)
    shapes = {name: content for name, content in files.items() if name.startswith("shapes/")}
    assert len(shapes) == 9
    for name, content in shapes.items():
        assert content == (lane.release.path / "ontology" / name).read_bytes()
        assert content == (FOLDER / name).read_bytes()
    assert files["validation.ttl"] == (lane.release.path / "validation.ttl").read_bytes()


def test_each_invalid_example_breaks_its_rule_in_the_exported_shapes(export: Export, tmp_path: Path) -> None:
    for name, content in export("nquads", **MIST).items():
        if name.startswith("shapes/"):
            (tmp_path / Path(name).name).write_bytes(content)
    outcome = validate(*INVALID, shapes=sorted(tmp_path.glob("*.ttl")), rules=[])
    assert len(INVALID) > 400
    found_in: dict[str, set[tuple[str, str]]] = {}
    for violation in outcome.violations:
        for key in set(re.findall(r"\be\d{3}\b", f"{violation.focus} {violation.value}")):
            found_in.setdefault(key, set()).add((compact(violation.shape), violation.path))
    assert {file.name: found_in.get(f"e{file.name[:3]}") for file in INVALID} == {
        file.name: {expected(file)} for file in INVALID
    }


@pytest.mark.parametrize("name", SYNTAXES)
def test_the_sums_are_of_every_other_file(name: str, export: Export) -> None:
    files = dict(export(name, **MIST))
    lines = files.pop("SHA256SUMS").decode().splitlines()
    assert lines == [f"{hashlib.sha256(files[one]).hexdigest()}  {one}" for one in sorted(files)]


def test_the_file_is_first_and_two_readmes_tell_what_it_is(export: Export, lane: LocalLane) -> None:
    files = export("jsonld", **MIST)
    assert list(files)[:2] == [f"msevidence-{lane.release.id[:12]}-mist.jsonld", "context.jsonld"]
    for language, words in (("en", "What is withheld"), ("nb", "Hva som er holdt tilbake")):
        text = files[f"README.{language}.md"].decode()
        assert words in text
        for said in (lane.release.id, lane.release.built, "Copyright: © Tidsskriftet 2026", "Apache-2.0", "SHA256SUMS"):
            assert said in text, said
        for one in ("context.jsonld", "validation.ttl", "shapes/*.ttl", next(iter(files))):
            assert f"- `{one}`: " in text


@pytest.mark.parametrize(("name", "mark"), [("trig", "# "), ("turtle", "# "), ("rdfxml", "")])
def test_a_file_with_comments_says_at_its_head_what_it_is(name: str, mark: str, export: Export) -> None:
    head = first(export(name, **MIST)).decode()[:6_000]
    for said in ("Release: ", "Built: ", "Licence of msevidence's own statements: Apache-2.0", "is not registered yet"):
        assert f"\n{mark}{said}" in head or said in head
    assert re.search(r"multiple sclerosis: texts: \d+, characters: [\d,]+", head)


# What single syntaxes can and can not say


def triple(value: ox.Literal | ox.NamedNode, name: str = MSE + "note") -> ox.Triple:
    return ox.Triple(ox.NamedNode("https://example.org/a?b&c"), ox.NamedNode(name), value)


HARD = [
    triple(ox.Literal("line\r\nend\tand <b>&amp;</b> \"quoted\" 'so' ]]> \U0001f9ec")),
    triple(ox.Literal(" spaces ", language="nb")),
    triple(ox.Literal("1.50", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))),
    triple(ox.Literal("x", datatype=ox.NamedNode("https://example.org/own"))),
    triple(ox.NamedNode("mailto:somebody@example.org")),
    triple(ox.Literal("a"), PREFIXES["sepio"] + "0000006"),
    triple(ox.Literal("a"), "https://example.org/terms/2nd"),
    triple(ox.Literal("a"), "urn:example:term"),
    triple(ox.Literal("a"), MSE + "type"),
    triple(ox.Literal("a"), MSE + "void"),
    triple(ox.NamedNode("https://example.org/Class"), RDF_TYPE),
    triple(ox.NamedNode(MSE + "Study"), RDF_TYPE),
]


def test_what_is_hard_to_write_is_read_back_from_xml_and_json(monkeypatch: pytest.MonkeyPatch) -> None:
    hard = sorted(HARD, key=str)
    for name, content in (
        ("rdfxml", rdf_xml.write(hard, ["a -- comment --> <b>"])),
        ("jsonld", rdf_jsonld.write(hard)),
    ):
        assert set(read_by_pyoxigraph(name, content)) == rows(hard), name
        assert set(read_by_rdflib(name, content, monkeypatch)) == rows(hard), name


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (triple(ox.Literal("a\x0bb")), "character U+000B"),
        (triple(ox.Literal("a"), "https://example.org/1"), "property <https://example.org/1>"),
        (triple(ox.Literal("a"), "https://example.org/terms#"), "property <https://example.org/terms#>"),
    ],
)
def test_what_xml_can_not_say_is_refused_by_name(bad: ox.Triple, said: str) -> None:
    with pytest.raises(ExportError, match=re.escape(said)) as refused:
        rdf_xml.write([bad], [])
    assert "take turtle or trig" in str(refused.value)


def test_xml_is_well_formed_and_has_the_usual_prefixes(export: Export) -> None:
    root = etree.fromstring(first(export("rdfxml", **MIST)))
    assert root.nsmap["mse"] == MSE
    assert root.nsmap["rdf"] == PREFIXES["rdf"]
    assert len(root) == len(set(root.xpath("*/@rdf:about", namespaces=root.nsmap))) > 500


def test_json_reads_as_json_with_a_context_that_is_in_the_file(export: Export) -> None:
    files = export("jsonld", **MIST)
    data = json.loads(first(files))
    assert json.loads(files["context.jsonld"]) == {"@context": data["@context"]}
    assert isinstance(data["@context"], dict)
    assert not re.search(r'"@(import|context)": "', first(files).decode())
    nodes = {node["id"]: node for node in data["graph"]}
    mist = nodes[BASE + "study/mist"]
    assert "Study" in mist["type"]
    assert "MIST" in mist["acronym"]
    assert BASE + "registration/NCT00273364" in mist["registeredAs"]
    claim = next(node for node in data["graph"] if "Claim" in node.get("type", ()))
    assert isinstance(claim["claimText"], str)
    assert isinstance(claim["statedIn"], str)
    assert "schema" not in nodes
