"""Another agency's release is taken in: one study, two descriptions, each with where it comes from."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pyoxigraph as ox
import pytest

from msevidence.loaders.build import build
from msevidence.loaders.stores.parts import taken_apart
from msevidence.loaders.stores.pull import MARK, Origin, pull, without_blank_nodes
from msevidence.loaders.stores.pulled_format import checked
from msevidence.server.cli import run
from msevidence.server.releases import current
from tests.stores.agencies import HERE, THERE, TRIAL
from tests.stores.servers import Server, oxigraph
from tests.stores.test_push import client_of, pushed

BASE = "https://w3id.org/msevidence/"
PREFIXES = (
    f"PREFIX mse: <{BASE}ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>"
    " PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX dcterms: <http://purl.org/dc/terms/> "
)


def rows(home: Path, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a SELECT on the current release, as strings."""
    store = ox.Store.read_only(str(current(home).store))
    found = store.query(PREFIXES + query)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(term.value if term is not None else "" for term in row) for row in found]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return data and home of the agency here, with a release."""
    folder = tmp_path_factory.mktemp("here")
    build(HERE.write(folder / "data"), folder / "home")
    return folder / "data", folder / "home"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return data and home of the other agency, with a release."""
    folder = tmp_path_factory.mktemp("there")
    build(THERE.write(folder / "data"), folder / "home")
    return folder / "data", folder / "home"


@pytest.fixture(scope="module")
def store_there(there: tuple[Path, Path]) -> Iterator[Server]:
    """Return the store of the other agency, with its release."""
    with oxigraph() as server:
        push_home(server, there[1])
        yield server


def push_home(server: Server, home: Path) -> None:
    """Push the current release of a home."""
    with taken_apart(current(home).path) as parts:
        assert all(c.exact for c in pushed(server, parts, graph_store=True).run())


def pulled_into(folder: Path, here: tuple[Path, Path], server: Server, *more: str) -> tuple[int, Path]:
    """Pull from a server into a copy of the home here; return the exit code and that home."""
    home = folder / "home"
    if not home.exists():
        copytree(here[1], home, symlinks=True)
    return run(["pull", "--query", server.query, "--data", str(here[0]), "--home", str(home), *more]), home


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, here: tuple[Path, Path], store_there: Server) -> Path:
    """Return the home here after it has pulled from the other agency."""
    code, home = pulled_into(tmp_path_factory.mktemp("both"), here, store_there)
    assert code == 0
    return home


def test_the_trial_is_one_study_with_two_descriptions_side_by_side(both: Path) -> None:
    studies = rows(both, f"SELECT ?s {{ ?s mse:registeredAs <{BASE}registration/{TRIAL}> }}")
    assert studies == [(f"{BASE}study/mist",)]
    assert rows(both, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a mse:Study }") == [("1",)]
    said = rows(
        both,
        f"SELECT ?d ?status {{ ?x a mse:StudyDescription ; mse:describes <{BASE}study/mist> ; mse:inDocument ?d ;"
        " mse:statusAsReported ?status } ORDER BY ?d",
    )
    status = f"{BASE}scheme/status-as-reported/"
    assert said == [
        (f"{BASE}document/agency-here", f"{status}completed"),
        (f"{BASE}document/agency-there", f"{status}ongoing"),
    ]
    gone = f"<{BASE}study/mist-trial>"
    former = rows(both, f"SELECT ?kept {{ {gone} a mse:FormerIdentity ; dcterms:isReplacedBy ?kept }}")
    assert former == [(f"{BASE}study/mist",)]


def test_their_graphs_say_where_they_come_from(both: Path, there: tuple[Path, Path], store_there: Server) -> None:
    found = rows(
        both,
        "SELECT ?g ?label ?name ?obtained { ?g prov:wasDerivedFrom ?file ; rdfs:label ?label ."
        " ?file mse:sourceFile ?name ; mse:obtained ?obtained"
        f" FILTER(STRSTARTS(STR(?g), '{BASE}graph/pulled-')) }} ORDER BY ?g",
    )
    release = current(there[1]).id
    assert {graph.rpartition("/")[2].split("-", 2)[2] for graph, *_ in found} >= {"document-agency-there", "studies"}
    for _, label, name, obtained in found:
        assert f"pulled from {store_there.query}, release {release[:12]}" in label
        assert name == f"127.0.0.1 {release[:12]}.nq"
        assert len(obtained) == len("2026-11-29")
    of_theirs = rows(both, f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s mse:inDocument <{BASE}document/agency-there> }} }}")
    ours = {"identity", "review"}
    assert all("pulled-" in graph or graph.rpartition("/")[2] in ours for (graph,) in of_theirs), of_theirs


def test_what_we_state_of_a_thing_stands(both: Path) -> None:
    labels = rows(both, f"SELECT ?label {{ <{BASE}study/mist> rdfs:label ?label }}")
    assert labels == [("MIST as agency-here names it",)]
    status = rows(both, f"SELECT ?status {{ <{BASE}registration/{TRIAL}> mse:registeredStatus ?status }}")
    assert len(status) == 1
    assert status[0][0].casefold().endswith("completed")


def test_the_review_and_the_stored_question_see_that_they_differ(both: Path) -> None:
    found = rows(
        both,
        "SELECT ?label { ?f a mse:Finding ; mse:findingKind ?kind ; rdfs:label ?label"
        " FILTER(LANG(?label) = 'en' && CONTAINS(?label, 'agency-here') && CONTAINS(?label, 'agency-there')) }",
    )
    assert any("status" in label for (label,) in found), found
    store = ox.Store.read_only(str(current(both).store))
    question = (Path(__file__).parents[2] / "queries" / "documents-that-differ-on-a-study.rq").read_text("utf-8")
    answer = store.query(question)
    assert isinstance(answer, ox.QuerySolutions)
    pairs = {(row["field"].value, row["document"].value, row["otherDocument"].value) for row in answer}  # type: ignore[union-attr]
    assert ("status", f"{BASE}document/agency-there", f"{BASE}document/agency-here") in pairs


def test_their_identity_decisions_are_heard_and_not_copied(both: Path) -> None:
    graphs = rows(both, "SELECT DISTINCT ?g { GRAPH ?g { ?d a mse:IdentityDecision } }")
    assert graphs == [(f"{BASE}graph/identity",)]


def test_it_is_a_source_that_is_listed_and_forgotten(
    tmp_path: Path, both: Path, here: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    home = copytree(both, tmp_path / "home", symlinks=True)
    capsys.readouterr()
    assert run(["sources", "--home", str(home), "--json"]) == 0
    (source,) = json.loads(capsys.readouterr().out)
    assert source["formats"] == ["pulled"]
    assert (source["quarantined"], source["read"]) == (0, source["loaded"])
    assert run(["forget", source["sha256"][:12], "--home", str(home), "--data", str(here[0])]) == 0
    assert current(home).id == current(here[1]).id


def test_a_second_pull_changes_nothing(
    tmp_path: Path, both: Path, here: tuple[Path, Path], store_there: Server
) -> None:
    home = copytree(both, tmp_path / "home", symlinks=True)
    before = current(home).id
    assert pulled_into(tmp_path, here, store_there)[0] == 0
    assert current(home).id == before
    assert len(list((home / "sources").glob("*.json"))) == 1


def test_their_next_release_replaces_the_one_before(
    tmp_path: Path,
    here: tuple[Path, Path],
    there: tuple[Path, Path],
    oxigraph_server: Server,
    capsys: pytest.CaptureFixture[str],
) -> None:
    push_home(oxigraph_server, there[1])
    assert pulled_into(tmp_path, here, oxigraph_server, "--no-build")[0] == 0
    (first,) = (tmp_path / "home" / "sources").glob("*.json")
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    client_of(oxigraph_server).update(
        f"WITH <{BASE}graph/studies> DELETE {{ ?s {label} ?old }} INSERT {{ ?s {label} 'Another name'@en }}"
        f" WHERE {{ ?s {label} ?old }}"
    )
    held = tmp_path / "home" / "sources"
    old = {name: (held / name).read_bytes() for name in (first.name, first.stem)}
    capsys.readouterr()
    assert pulled_into(tmp_path, here, oxigraph_server, "--no-build")[0] == 0
    said = capsys.readouterr().out
    assert f"instead of 127.0.0.1 {current(there[1]).id[:12]}.nq, which was pulled from there before" in said
    (second,) = held.glob("*.json")
    assert first.name != second.name
    for name, content in old.items():  # as where the pull was killed before it let the old one go
        (held / name).write_bytes(content)
    assert pulled_into(tmp_path, here, oxigraph_server, "--no-build")[0] == 0
    assert list(held.glob("*.json")) == [second]


def test_there_and_back_again_changes_nothing(
    tmp_path: Path, here: tuple[Path, Path], there: tuple[Path, Path], oxigraph_server: Server
) -> None:
    """A pushes, B pulls and publishes, A pulls from B: what is A's comes back as A's, whatever B has done to it."""
    push_home(oxigraph_server, here[1])
    (tmp_path / "home").mkdir()  # without a release: what a build would state is ours, too
    code, home = pulled_into(tmp_path, here, oxigraph_server, "--no-build")
    assert code == 0
    assert not (home / "sources").exists() or not list((home / "sources").glob("*.json"))
    (tmp_path / "own").mkdir()
    assert pulled_into(tmp_path / "own", here, oxigraph_server)[0] == 0
    assert current(tmp_path / "own" / "home").id == current(here[1]).id
    other = tmp_path / "b"
    other.mkdir()
    assert pulled_into(other, there, oxigraph_server)[0] == 0
    with oxigraph() as theirs:
        push_home(theirs, other / "home")
        found = pull(client_of(theirs), [], "2026-11-29")
        passed_on = [g for g in found.origin.graphs if "/graph/pulled-" in g]
        assert passed_on
        back = tmp_path / "back"
        back.mkdir()
        assert pulled_into(back, here, theirs)[0] == 0
    own = f"<{BASE}document/agency-here>"
    graphs = rows(back / "home", f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s mse:inDocument {own} }} }}")
    assert not [graph for (graph,) in graphs if "pulled" in graph]
    assert rows(back / "home", "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a mse:Document }") == [("2",)]
    with taken_apart(current(back / "home").path) as after, taken_apart(current(here[1]).path) as before:
        hashes = {part.graph: part.sha256 for part in after.graphs}
        same = [part.graph for part in before.graphs if hashes[part.graph] == part.sha256]
    names = ("curation-agency-here", "document-agency-here", "publications", "registrations", "studies")
    assert set(same) >= {f"{BASE}graph/{name}" for name in names if f"{BASE}graph/{name}" in hashes}


BAD = f"""
<{BASE}study/one> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#Study> .
<{BASE}study/one> <{BASE}ontology#noSuchTerm> "x" .
<javascript:alert(1)> <http://www.w3.org/2000/01/rdf-schema#label> _:b .
"""


def test_what_breaks_a_shape_stays_in_quarantine_graph_by_graph(
    tmp_path: Path,
    here: tuple[Path, Path],
    there: tuple[Path, Path],
    oxigraph_server: Server,
    capsys: pytest.CaptureFixture[str],
) -> None:
    push_home(oxigraph_server, there[1])
    client = client_of(oxigraph_server, graph_store=True)
    bad = f"{BASE}graph/curation-agency-there"
    client.post_graph(bad, BAD.encode())
    capsys.readouterr()
    code, home = pulled_into(tmp_path, here, oxigraph_server, "--json")
    assert code == 1
    said = json.loads(capsys.readouterr().out)
    (report,) = said["pulled"]
    assert [q["graph"] for q in report["quarantine"]] == [bad]
    assert "study/one" in report["quarantine"][0]["reason"]
    assert "noSuchTerm" in report["quarantine"][0]["reason"]
    assert report["graphs"] == report["taken_in"] + 1
    assert not rows(home, f"SELECT ?o {{ <{BASE}study/one> ?p ?o }}")
    assert rows(home, f"SELECT ?t {{ <{BASE}document/agency-there> a ?t }}")
    assert run(["pull", "--recheck", "--home", str(home), "--data", str(here[0]), "--no-build"]) == 1
    assert "curation-agency-there" in capsys.readouterr().err


def test_blank_nodes_get_the_same_iris_each_time() -> None:
    one = [b"_:x <http://x/p> _:y .\n", b'_:y <http://x/p> "a _:z" .\n', b"<http://x/s> <http://x/p> _:x .\n"]
    other = [line.replace(b"_:x", b"_:q").replace(b"_:y", b"_:x") for line in one]
    named = without_blank_nodes(one)
    assert named == without_blank_nodes(other)
    assert b"_:" not in b"".join(named).replace(b'"a _:z"', b"")
    assert without_blank_nodes(named) == named


def test_a_file_that_was_touched_is_no_pull(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    origin = Origin("http://x.example/sparql", "2026-11-29", None, {"http://x/g": 1}, "0" * 64)
    file = tmp_path / "x.nq"
    file.write_bytes(origin.line() + b"<http://x/s> <http://x/p> <http://x/o> <http://x/g> .\n")
    assert file.read_bytes().startswith(MARK)
    assert Origin.of_line(origin.line()) == origin
    assert run(["load", str(file), "--home", str(tmp_path / "home"), "--no-build"]) == 1
    assert "not those that were pulled" in capsys.readouterr().err


def test_a_graph_that_is_asked_for_and_is_not_there(oxigraph_server: Server, tmp_path: Path) -> None:
    asked = ["pull", "--query", oxigraph_server.query, "--home", str(tmp_path), "--no-build"]
    assert run([*asked, "--graph", "http://x/none"]) == 3
    assert run(asked) == 3
    assert run(["pull"]) == 2


def test_a_build_that_fails_leaves_the_sources_as_they_were(
    tmp_path: Path, both: Path, here: tuple[Path, Path], store_there: Server
) -> None:
    home = copytree(both, tmp_path / "home", symlinks=True)
    before = sorted(path.name for path in (home / "sources").iterdir())
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    studies = f"<{BASE}graph/studies>"
    renamed = f"DELETE {{ ?s {label} ?a }} INSERT {{ ?s {label} 'New'@en }} WHERE {{ ?s {label} ?a }}"
    client_of(store_there).update(f"WITH {studies} {renamed}")
    broken = copytree(here[0], tmp_path / "data")
    (broken / "studies.yaml").write_text("studies: []\n", encoding="utf-8")
    assert pulled_into(tmp_path, (broken, here[1]), store_there)[0] == 1
    assert sorted(path.name for path in (home / "sources").iterdir()) == before
    assert current(home).id == current(both).id
    client_of(store_there).update(f"WITH {studies} {renamed.replace('New', 'MIST as agency-there names it')}")


def test_what_they_speak_of_may_be_described_in_a_graph_that_is_stated_here_too(there: tuple[Path, Path]) -> None:
    """Such a graph is left out, and what the others of their release say of its things conforms nevertheless."""
    document = ox.NamedNode(f"{BASE}document/agency-there")
    store = ox.Store.read_only(str(current(there[1]).store))
    already = list(store.quads_for_pattern(None, None, None, ox.NamedNode(f"{BASE}graph/document-agency-there")))
    name = f"{BASE}graph/curation-agency-there"
    cites = ox.NamedNode("http://purl.org/spar/cito/citesAsRelated")
    graphs = {name: [ox.Quad(document, cites, document, ox.NamedNode(name))]}
    assert checked(graphs, already)[0] == {}
    assert checked(graphs, already, already) == (graphs, {})
    nowhere = {name: [ox.Quad(document, cites, ox.NamedNode(f"{BASE}study/one"), ox.NamedNode(name))]}
    assert list(checked(nowhere, already, already)[1]) == [name]
