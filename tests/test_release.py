"""Publishing: what a release holds, its id, and what happens when the same graph is published again."""

import hashlib
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders import release_nquads, release_sorting
from msevidence.loaders.release_errors import UnpublishableError
from msevidence.loaders.release_nquads import split_line, survey
from msevidence.loaders.release_sorting import sort_lines
from msevidence.loaders.release_store import dump_sorted
from msevidence.loaders.release_verify import verify
from tests.release_helper import BASE, BUILT, RELEASE_GRAPH, publish_small, quad, small_graph

XSD = "http://www.w3.org/2001/XMLSchema#"


def opened(release: Path) -> ox.Store:
    return ox.Store.read_only(str(release / "store"))


def lines(release: Path) -> list[str]:
    return (release / "data.nq").read_text(encoding="utf-8").splitlines()


def test_release_holds_the_graph_its_merge_and_itself(tmp_path: Path) -> None:
    release = publish_small(tmp_path)
    assert (tmp_path / "current").resolve() == release.path == tmp_path / "releases" / release.id
    store = opened(release.path)
    assert {g.value for g in store.named_graphs()} == {
        RELEASE_GRAPH,
        *(BASE + "graph/" + g for g in ("meta", "studies", "review")),
    }
    assert sorted(p.name for p in release.path.iterdir()) == [
        "SHA256SUMS",
        "data.nq",
        "index.sha256",
        "index.sqlite",
        "manifest.json",
        "ontology",
        "store",
        "store.sha256",
        "validation.ttl",
    ]
    assert verify(tmp_path) == []
    assert verify(release.path) == []


def test_triple_of_three_graphs_counts_once(tmp_path: Path) -> None:
    store = opened(publish_small(tmp_path).path)
    query = f'SELECT (COUNT(*) AS ?n) {{ <{BASE}study/mist> ?p "MIST"@en }}'
    assert [row["n"].value for row in store.query(query)] == ["1"]
    query = f'SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ <{BASE}study/mist> ?p "MIST"@en }} }}'
    assert [row["n"].value for row in store.query(query)] == ["3"]


def test_manifest_counts_and_hashes_what_is_there(tmp_path: Path) -> None:
    release = publish_small(tmp_path)
    manifest = json.loads((release.path / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest) == [
        "release",
        "version",
        "built",
        "base",
        "quads",
        "default_graph_triples",
        "graphs",
        "sources",
        "files",
        "graph_sha256",
    ]
    assert manifest["release"] == release.id
    assert manifest["built"] == "2026-03-04T05:06:07Z"
    assert manifest["sources"] == [{"path": "studies.yaml", "sha256": "0" * 64}]
    in_release = sum(f"<{RELEASE_GRAPH}>" in line for line in lines(release.path))
    assert in_release > 20
    assert manifest["graphs"] == {
        BASE + "graph/meta": 1,
        BASE + "graph/release": in_release,
        BASE + "graph/review": 1,
        BASE + "graph/studies": 8,
    }
    for graph, sha256 in manifest["graph_sha256"].items():
        of_graph = [line + "\n" for line in lines(release.path) if line.endswith(f" <{graph}> .")]
        assert len(of_graph) == manifest["graphs"][graph]
        assert hashlib.sha256("".join(of_graph).encode()).hexdigest() == sha256
    assert manifest["graph_sha256"].keys() == manifest["graphs"].keys()
    assert manifest["default_graph_triples"] == 8 + in_release
    assert manifest["quads"] == len(lines(release.path)) == 10 + 8 + 2 * in_release
    assert sorted(manifest["files"]) == ["data.nq", "ontology/core.ttl", "validation.ttl"]
    for name, file in manifest["files"].items():
        content = (release.path / name).read_bytes()
        assert file == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def test_id_is_the_hash_of_the_canonical_form_without_the_graph_release(tmp_path: Path) -> None:
    """The same hash by another road: RDFC-1.0 of pyoxigraph over the quads and their merge, sorted by Python."""
    given = small_graph()
    dataset = ox.Dataset([*given, *(ox.Quad(q.subject, q.predicate, q.object) for q in given)])
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    canonical = sorted(ox.serialize([q], format=ox.RdfFormat.N_QUADS) or b"" for q in dataset)
    assert len(canonical) == 18
    assert publish_small(tmp_path).id == hashlib.sha256(b"".join(canonical)).hexdigest()


def test_a_triple_that_only_the_graph_release_shares_stays_in_the_id(tmp_path: Path) -> None:
    """A default-graph triple is left out of the id only where no other graph states it."""
    first = publish_small(tmp_path / "a")
    title = next(
        q
        for q in opened(first.path).quads_for_pattern(None, None, None, ox.NamedNode(RELEASE_GRAPH))
        if q.subject == ox.NamedNode(BASE + "service/sparql") and "type" in q.predicate.value
    )
    also = ox.Quad(title.subject, title.predicate, title.object, ox.NamedNode(BASE + "graph/meta"))
    second = publish_small(tmp_path / "b", [*small_graph(), also])
    content = [*small_graph(), also]
    both = {str(q) + " .\n" for q in content} | {f"{q.subject} {q.predicate} {q.object} .\n" for q in content}
    assert len(both) == 20
    assert second.id == hashlib.sha256("".join(sorted(both)).encode()).hexdigest()
    assert verify(tmp_path / "b") == []


def test_same_input_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    shuffled = small_graph() * 2
    random.Random(7).shuffle(shuffled)
    a, b = publish_small(tmp_path / "a"), publish_small(tmp_path / "b", shuffled)
    files = sorted(
        p.relative_to(a.path)
        for p in a.path.rglob("*")
        if p.is_file() and not p.relative_to(a.path).parts[0].startswith(("store", "index"))
    )
    assert len(files) == 5
    for file in files:
        assert (a.path / file).read_bytes() == (b.path / file).read_bytes(), file


def test_the_clock_stands_in_the_graph_release_and_in_the_manifest_only(tmp_path: Path) -> None:
    a = publish_small(tmp_path / "a")
    b = publish_small(tmp_path / "b", built=BUILT + timedelta(days=1))
    assert a.id == b.id
    differing = set(lines(a.path)) ^ set(lines(b.path))
    assert len(differing) == 4  # the quad and its copy in the default graph, of each
    assert all("dc/terms/issued" in line for line in differing)


def test_store_and_dump_have_the_canonical_literals_of_the_store(tmp_path: Path) -> None:
    number = quad("study/mist", "", "studies")
    number = ox.Quad(
        number.subject, number.predicate, ox.Literal("1.50", datatype=ox.NamedNode(XSD + "decimal")), number.graph_name
    )
    release = publish_small(tmp_path, [number])
    assert sum('"1.5"^^' in line for line in lines(release.path)) == 2
    assert not any('"1.50"' in line for line in lines(release.path))


def test_publishing_the_same_graph_again_leaves_the_release_as_it_is(tmp_path: Path) -> None:
    first = publish_small(tmp_path)
    before = {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in first.path.rglob("*")}
    again = publish_small(tmp_path, built=BUILT + timedelta(days=1))
    assert (first.already_published, again.already_published) == (False, True)
    assert again.manifest == first.manifest
    assert {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in first.path.rglob("*")} == before


def test_two_stores_are_kept_and_an_old_graph_gets_its_store_back(tmp_path: Path) -> None:
    def at(day: int, word: str) -> str:
        return publish_small(tmp_path, small_graph(word), built=BUILT + timedelta(days=day)).id

    def stores() -> set[str]:
        return {p.parent.name for p in (tmp_path / "releases").glob("*/store")}

    one, two, three = at(1, "one"), at(2, "two"), at(3, "three")
    assert stores() == {two, three}
    assert sorted(p.name for p in (tmp_path / "releases" / one).iterdir()) == [
        "SHA256SUMS",
        "data.nq",
        "manifest.json",
        "ontology",
        "validation.ttl",
    ]
    assert verify(tmp_path / "releases" / one) == []
    assert at(4, "one") == one
    assert (tmp_path / "current").readlink() == Path("releases", one)
    assert stores() == {one, three}  # the one served before stays, though "two" is as new
    assert verify(tmp_path) == []
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (ox.Quad(ox.BlankNode("b"), ox.NamedNode("http://x/p"), ox.Literal("v"), ox.NamedNode("http://x/g")), "blank"),
        (
            ox.Quad(
                ox.NamedNode("http://x/s"), ox.NamedNode("http://x/p"), ox.BlankNode("b"), ox.NamedNode("http://x/g")
            ),
            "blank",
        ),
        (
            ox.Quad(ox.NamedNode("http://x/s"), ox.NamedNode("http://x/p"), ox.Literal("v"), ox.BlankNode("g")),
            "no graph with",
        ),
        (ox.Quad(ox.NamedNode("http://x/s"), ox.NamedNode("http://x/p"), ox.Literal("v")), "no graph with"),
        (quad("study/mist", "MIST", "release"), "writes"),
        (
            ox.Quad(
                ox.NamedNode("http://x/s"),
                ox.NamedNode("http://x/p"),
                ox.Triple(ox.NamedNode("http://x/s"), ox.NamedNode("http://x/p"), ox.Literal("v")),
                ox.NamedNode("http://x/g"),
            ),
            "triple terms",
        ),
    ],
)
def test_unpublishable_quad_is_refused_by_name(tmp_path: Path, bad: ox.Quad, why: str) -> None:
    served = publish_small(tmp_path).id
    with pytest.raises(UnpublishableError, match=why) as refused:
        publish_small(tmp_path, [*small_graph("two"), bad])
    assert str(bad) in str(refused.value)
    assert (tmp_path / "current").readlink().name == served
    assert verify(tmp_path) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "current", "releases"]


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "store/x", "data.nq", "manifest.json", ""])
def test_further_files_stay_inside_and_apart(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name for"):
        publish_small(tmp_path, extra_files={name: b""})


def test_build_time_needs_a_zone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        publish_small(tmp_path, built=datetime(2026, 3, 4))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "triple", "graph"),
    [
        ("<s> <p> <o> <g> .", "<s> <p> <o>", "<g>"),
        ("<s> <p> <o> .", "<s> <p> <o>", ""),
        ('<s> <p> "a" <g> .', '<s> <p> "a"', "<g>"),
        ('<s> <p> "a" .', '<s> <p> "a"', ""),
        (r'<s> <p> "a \" <g> . b"@en--ltr <g> .', r'<s> <p> "a \" <g> . b"@en--ltr', "<g>"),
        ('<s> <p> "1 2"^^<d> .', '<s> <p> "1 2"^^<d>', ""),
        ('<s> <p> "" <g> .', '<s> <p> ""', "<g>"),
    ],
)
def test_line_is_split_into_triple_and_graph(line: str, triple: str, graph: str) -> None:
    assert split_line(line.encode() + b"\n") == (triple.encode(), graph.encode())


def test_sorting_in_runs_is_sorting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_sorting, "RUN_BYTES", 50)
    monkeypatch.setattr(release_sorting, "BLOCK_BYTES", 20)
    words = [f"<{n % 97}é> .\n" for n in range(500)]
    random.Random(3).shuffle(words)
    (tmp_path / "in").write_text("".join(words), encoding="utf-8")
    sort_lines(tmp_path / "in", tmp_path / "out", tmp_path)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "".join(sorted(set(words)))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]


def test_survey_of_hostile_literals(tmp_path: Path) -> None:
    """Quotation marks, brackets, line breaks and dots in a literal do not confuse the count."""
    store = ox.Store()
    texts = ['"', "<http://x/g> .", "a\nb\r\tc", "\\", '" <http://x/h> .', "", "\u2028", "\x7f\x01"]
    stated = [quad("study/mist", text, "meta") for text in texts]
    store.extend([*stated, *(ox.Quad(q.subject, q.predicate, q.object) for q in stated)])
    dump_sorted(store, tmp_path / "data.nq", tmp_path)
    held = survey(tmp_path / "data.nq", RELEASE_GRAPH)
    assert (held.default_graph_triples, held.graphs) == (8, {BASE + "graph/meta": 8})
    assert held.release == held.sha256
    assert release_nquads.default_is_merge(tmp_path / "data.nq", tmp_path)
