"""Large graphs for measuring: the same from the same seed, of the real graph's shape, and what the product takes."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders.assembly import Graph, assemble
from msevidence.loaders.exports.conversion import convert
from msevidence.ontology.validation import validate
from tests.bench import generated, generated_documents, generated_records, growth, growth_stage
from tests.bench.generated_shape import Shape, counted, shape_of

ONTOLOGY = "https://w3id.org/msevidence/ontology#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
STUDIES = 80
"""Two units and a few studies more."""
MAIN = (
    *(f"{ONTOLOGY}{name}" for name in ("Study", "Registration", "Publication", "Claim", "Passage", "IdentityDecision")),
    *("http://purl.org/spar/c4o/InTextReferencePointer", "http://purl.org/spar/biro/BibliographicReference"),
)


@pytest.fixture(scope="module")
def real(real_graph: Graph) -> list[ox.Quad]:
    return list(real_graph.own_quads())


@pytest.fixture(scope="module")
def shape(real: list[ox.Quad]) -> Shape:
    return shape_of(real)


@pytest.fixture(scope="module")
def lines(shape: Shape) -> list[bytes]:
    return list(generated.quads(STUDIES, shape=shape))


def test_the_same_seed_gives_the_same_lines_and_another_seed_others(shape: Shape, lines: list[bytes]) -> None:
    assert lines == list(generated.quads(STUDIES, shape=shape))
    assert lines != list(generated.quads(STUDIES, seed=2, shape=shape))


def test_a_larger_graph_holds_the_smaller_one(shape: Shape, lines: list[bytes]) -> None:
    whole = len(shape.studies) * 2
    assert set(generated.quads(whole, shape=shape)) <= set(generated.quads(whole + len(shape.studies), shape=shape))
    assert set(generated.quads(whole, shape=shape)) <= set(lines)


def test_each_line_is_there_once_in_a_named_graph_without_blank_nodes(lines: list[bytes]) -> None:
    assert len(lines) == len(set(lines)) > 10_000
    quads = list(generated.parsed(lines))
    assert len(quads) == len(lines)
    assert all(isinstance(q.graph_name, ox.NamedNode) and isinstance(q.subject, ox.NamedNode) for q in quads)
    assert not any(isinstance(q.object, ox.BlankNode) for q in quads)
    assert all(str(q).encode() + b" .\n" == line for q, line in zip(quads, lines, strict=True)), "canonical N-Quads"


def test_there_are_as_many_studies_as_asked_for_with_numbers_of_their_own(lines: list[bytes]) -> None:
    quads = list(generated.parsed(lines))
    assert len(_of_class(quads, "Study")) == STUDIES
    numbers = [q.object.value for q in quads if q.predicate.value == f"{ONTOLOGY}registrationNumber"]
    assert len(numbers) == len(set(numbers)) >= STUDIES
    assert len(_of_class(quads, "Registration")) == len(numbers)


def test_the_graph_conforms_to_the_shapes(lines: list[bytes]) -> None:
    outcome = validate(generated.parsed(lines))
    assert outcome.conforms, outcome.summary()
    assert outcome.reached[f"{ONTOLOGY}Claim"] >= 70


def test_the_shape_is_that_of_the_real_graph(real: list[ox.Quad], shape: Shape) -> None:
    """A thing of each main class has about as many properties as a real one, and a study about 150 triples."""
    there, copied = ({c: (n, pairs) for c, n, pairs, _ in counted(quads)} for quads in (real, shape.unit))
    for cls in MAIN:
        theirs, ours = there[cls][1] / there[cls][0], copied[cls][1] / copied[cls][0]
        assert ours == pytest.approx(theirs, rel=0.25), cls
    triples = len({(q.subject, q.predicate, q.object) for q in shape.unit})
    assert triples / len(shape.studies) == pytest.approx(150, rel=0.1)
    for cls, least in (("Registration", 1.0), ("Publication", 1.0), ("Claim", 1.0), ("Passage", 1.0)):
        assert copied[f"{ONTOLOGY}{cls}"][0] >= least * len(shape.studies), cls


def test_claims_lead_to_registrations_as_in_the_real_graph(lines: list[bytes]) -> None:
    """Each step of the core path can be followed in every copy: claim, pointer, reference, publication, study."""
    store = ox.Store()
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in generated.parsed(lines))
    query = """PREFIX mse: <https://w3id.org/msevidence/ontology#> SELECT DISTINCT ?document ?registration WHERE {
      ?claim mse:hasPointer/<http://purl.org/spar/c4o/denotes>/<http://purl.org/spar/biro/references> ?publication ;
        mse:statedIn/<http://www.w3.org/ns/oa#hasSource> ?document .
      ?publication mse:reportsOn/mse:registeredAs ?registration }"""
    found: dict[str, set[str]] = defaultdict(set)
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    for solution in solutions:
        found[solution["document"].value].add(solution["registration"].value)  # type: ignore[union-attr]
    assert len(found) >= 2 and all(found.values())
    assert len(set.union(*found.values())) == sum(map(len, found.values())), "no copy leads to another's registrations"


def test_a_home_is_published_that_verifies(tmp_path: Path, shape: Shape) -> None:
    """The product's own publishing reads back and checks what it wrote; the default graph is the merge."""
    release = generated.home(tmp_path, 12, shape=shape)
    assert (tmp_path / "current").resolve() == release.path.resolve()
    quads = {*generated.parsed(generated.quads(12, shape=shape))}
    merged = {(q.subject, q.predicate, q.object) for q in quads}
    assert release.manifest.default_graph_triples > len(merged)
    assert {"registrations", "studies", "partitions"} <= {g.rsplit("/", 1)[1] for g in release.manifest.graphs}


def test_the_records_load_with_balanced_counts(tmp_path: Path) -> None:
    files = generated_records.write(tmp_path / "exports", 25)
    expected = {"ctgov-csv": 25, "ictrp-xml": 5, "pubmed-xml": 25, "jats-xml": 2}
    found = {}
    for file in files:
        folder = tmp_path / file.stem
        folder.mkdir()
        report = convert(file, file.name, "0" * 63 + str(len(found)), folder)
        assert report.read == report.loaded and not report.quarantined and not report.duplicate, report
        (known,) = report.formats
        found[known] = report.loaded
    assert found == expected


def test_the_records_are_the_same_from_the_same_seed(tmp_path: Path) -> None:
    one, two = (generated_records.write(tmp_path / name, 25) for name in ("one", "two"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in two]
    longer = generated_records.write(tmp_path / "longer", 30)[0].read_bytes()
    assert longer.startswith(one[0].read_bytes())


def test_the_articles_are_read_as_documents(tmp_path: Path) -> None:
    data = generated_documents.write(tmp_path / "data", 201)
    graph = assemble(data, findings=False)
    assert graph.counts["documents"] == 2 + 2
    assert graph.counts["studies"] >= 37


def test_an_exponent_is_that_of_what_a_size_takes_above_size_0() -> None:
    assert growth.fitted({0: 5.0, 10: 15.0, 100: 105.0}) == pytest.approx(1.0)
    assert growth.fitted({10: 1.0, 100: 100.0, 1000: 10_000.0}) == pytest.approx(2.0)
    assert growth.fitted({0: 5.0, 10: 6.0}) is None
    assert growth.fitted({0: 5.0, 10: 4.0, 100: 3.0}) is None, "what does not grow has no exponent"


def test_growth_goes_on_where_it_was_and_marks_what_grows_too_fast(tmp_path: Path) -> None:
    told = {
        size: {"load": {"cpu_s": seconds, "peak_bytes": 1e6, "parts": {"a.csv": {"cpu_s": seconds}}}}
        for size, seconds in (("0", 0.0), ("10", 1.0), ("100", 20.0))
    }
    table = growth.table(json.loads(json.dumps(told)))
    columns = [list(column.cells) for column in table.columns]
    assert columns[0] == ["load, CPU s", "load, MB", "load: a.csv, CPU s"]
    assert columns[-1] == ["1.30 !", "", "1.30 !"]


def test_the_parts_of_a_stage_are_counted_each_to_itself() -> None:
    parts = growth_stage.Parts()
    parts.begin("outer")
    with parts.timed(json, "dumps", "inner"):
        assert json.dumps([1]) == "[1]"
    parts.turn("next")
    parts.end()
    assert list(parts.taken) == ["outer", "inner", "next"]
    assert all(part["peak_bytes"] > 1e6 and part["wall_s"] >= 0 for part in parts.taken.values())


def _of_class(quads: list[ox.Quad], name: str) -> set[str]:
    cls = ox.NamedNode(ONTOLOGY + name)
    found = {str(q.subject) for q in quads if q.predicate == TYPE and q.object == cls}
    assert found, name
    return found
