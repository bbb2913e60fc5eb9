"""A store that is not there, drips, holds another release, talks nonsense, sends elsewhere, or answers too much."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders.stores.journal import Journal
from msevidence.loaders.stores.parts import taken_apart
from msevidence.server import errors
from msevidence.server.cli import run
from msevidence.server.pool import Question, WorkerFailedError
from msevidence.server.releases import Release, current
from msevidence.server.remote_dataset import EMPTY, dataset_of
from msevidence.server.remote_errors import LongError, MovedError, RemoteError, UnreachableError
from msevidence.server.remote_place import Held, Place, place
from msevidence.server.remote_store import RemoteStore
from msevidence.server.settings import Settings
from msevidence.server.spawner import Spawner
from tests.release_helper import publish_small
from tests.stores.holding import Holding
from tests.stores.servers import Server
from tests.stores.test_push import client_of, fill, pushed

SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
Answer = Callable[[BaseHTTPRequestHandler, str], None]


@pytest.fixture
def release(release_home: Path) -> Release:
    """Return the release."""
    return current(release_home)


@contextmanager
def peer(answer: Answer) -> Iterator[str]:
    """Run a server that names the release it is asked for, and answers all else in its own way."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            give(self, b"{}")

        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/sparql"
        server.shutdown()


def give(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Send an answer."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def naming(release: Release, otherwise: Answer) -> Answer:
    """Return what names the release where it is asked for, and does otherwise what it is told."""
    row = {"id": {"type": "literal", "value": release.id}}
    named = json.dumps({"head": {"vars": ["graph", "id"]}, "results": {"bindings": [row]}}).encode()
    return lambda handler, text: give(handler, named) if "isVersionOf" in text else otherwise(handler, text)


def counted(counts: Mapping[str, int]) -> bytes:
    """Return the answer to how many triples graphs have."""
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    rows = [
        {
            "graph": {"type": "uri", "value": name or "http://e/none"},
            "triples": {"type": "literal", "value": str(count), "datatype": integer},
        }
        for name, count in counts.items()
    ]
    return json.dumps({"head": {"vars": ["graph", "triples"]}, "results": {"bindings": rows}}).encode()


def remote(url: str, release: Release, cap: int = 1 << 20) -> RemoteStore:
    """Return a store there, not checked."""
    return RemoteStore(Held.of(Place(url), release, cap), timeout=5)


def test_store_that_is_not_there_is_told(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"sparql+http://127.0.0.1:{taken.getsockname()[1]}/sparql"
        assert run(["count", "--home", str(release_home), "--store", address]) == 3
    assert "is the store running?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "body",
    [
        *(b"<html>hello</html>", b"", b"{}", b'{"head": {}, "boolean": true}', b"\xff"),
        b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "many"}}]}}',
        b'{"head": {"vars": ["g"]}, "results": {"bindings": [{"g": {"type": "none"}}]}}',
    ],
)
@pytest.mark.parametrize("command", ["pull", "push"])
def test_a_page_where_a_query_service_is_expected_is_told(
    command: str, body: bytes, release_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address that is not quite the right one answers, too, and often with 200."""
    with peer(lambda handler, text: give(handler, body)) as url:
        home = ["--home", str(release_home if command == "push" else tmp_path / "home")]
        more = ["--verify-only"] if command == "push" else ["--graph", "https://kg.example/graph/one", "--no-build"]
        assert run([command, "--query", url, *home, *more]) == 3
    said = capsys.readouterr().err
    assert url in said and "Traceback" not in said
    assert any(why in said for why in ("name the address of a SPARQL query service", "gives no count", "has no"))


@pytest.mark.parametrize(
    "address", ["http://x/sparql", "sparql+ftp://x/", "sparql+http://u:p@x/", "sparql+http://x/#y"]
)
def test_address_that_is_none_is_refused(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", "--store", address]) == 2
    assert "--store" in capsys.readouterr().err


def test_answers_that_are_none(release: Release) -> None:
    page = naming(release, lambda handler, text: give(handler, b"<html>no</html>"))
    with peer(page) as url, pytest.raises(RemoteError, match="no SPARQL result in JSON"):
        remote(url, release).query(SELECT)
    half = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"a:b"}},{"s'
    with peer(naming(release, lambda handler, text: give(handler, half))) as url:
        with pytest.raises(RemoteError, match="no SPARQL result in JSON"):
            remote(url, release).query(SELECT)
        with pytest.raises(SyntaxError):
            remote(url, release).query("SELECT")


def test_answer_over_the_cap(release: Release) -> None:
    with peer(naming(release, lambda handler, text: give(handler, b" " * 5000))) as url, pytest.raises(LongError):
        remote(url, release, cap=4000).query(SELECT)


def test_store_that_sends_elsewhere_is_not_followed(release: Release) -> None:
    def elsewhere(handler: BaseHTTPRequestHandler, text: str) -> None:
        handler.send_response(302)
        handler.send_header("Location", "http://elsewhere.example/sparql")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with peer(elsewhere) as url, pytest.raises(RemoteError, match="points to http://elsewhere"):
        remote(url, release).query(SELECT)


def test_store_without_rest_says_so(release: Release) -> None:
    def busy(handler: BaseHTTPRequestHandler, text: str) -> None:
        handler.send_error(503)

    with peer(busy) as url, pytest.raises(UnreachableError):
        remote(url, release).query(SELECT)


def test_answer_does_not_count_if_the_release_changes_meanwhile(release: Release) -> None:
    other = replace(release, id="0" * 64)
    asked: list[str] = []
    results = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'

    def changing(handler: BaseHTTPRequestHandler, text: str) -> None:
        asked.append(text)
        naming(release if len(asked) == 1 else other, lambda h, t: give(h, results))(handler, text)

    with peer(changing) as url, pytest.raises(MovedError, match="holds release 0000"):
        remote(url, release).query(SELECT)
    assert len(asked) == 3


def test_store_that_drips_ends_at_the_deadline(release: Release) -> None:
    """The worker is ended, so that each byte in time does not help."""

    def dripping(handler: BaseHTTPRequestHandler, text: str) -> None:
        if "COUNT" in text:
            counts = release.graphs if "GRAPH" in text else {"": release.default_graph_triples}
            give(handler, counted(counts))
            return
        handler.send_response(200)
        handler.end_headers()
        with suppress(OSError):
            for _ in range(200):
                handler.wfile.write(b" ")
                time.sleep(0.05)

    with peer(naming(release, dripping)) as url:
        spawner = Spawner(Settings(store=f"sparql+{url}"))
        worker = spawner.spawn(release)
        try:
            worker.ready()
            began = time.monotonic()
            with pytest.raises(errors.TimedOut):
                worker.ask(Question(SELECT, "json"), deadline=1.0, cap=1 << 20)
            assert time.monotonic() - began < 5
        finally:
            worker.close()
            spawner.close()


def test_store_that_holds_nothing_is_not_served(release: Release, oxigraph_server: Server) -> None:
    spawner = Spawner(Settings(store=f"sparql+{oxigraph_server.query}"))
    worker = spawner.spawn(release)
    try:
        with pytest.raises(WorkerFailedError, match=r"names no release.*msevidence push"):
            worker.ready()
    finally:
        worker.close()
        spawner.close()


def test_store_that_holds_another_release_or_not_all_of_it(release: Release, oxigraph_holding: Holding) -> None:
    url = oxigraph_holding.place.url
    oxigraph_holding.store.check()
    with pytest.raises(MovedError, match=f"holds release {release.id}"):
        remote(url, replace(release, id="0" * 64)).check()
    fewer = {name: count - 1 for name, count in release.graphs.items()}
    with pytest.raises(MovedError, match="does not hold the whole release"):
        remote(url, replace(release, graphs=fewer)).check()
    with pytest.raises(MovedError, match="name the graph behind a #"):
        remote(url, replace(release, default_graph_triples=7)).check()
    without = {name: count for name, count in release.graphs.items() if not name.endswith("/studies")}
    with pytest.raises(MovedError, match="holds other graphs too"):
        remote(url, replace(release, graphs=without)).check()


def test_store_that_a_push_has_written_is_one_to_run_on(oxigraph_server: Server, tmp_path: Path) -> None:
    """The journal that the push leaves there is no reason to refuse it."""
    publish_small(tmp_path)
    held = current(tmp_path)
    with taken_apart(held.path) as parts:
        pushed(oxigraph_server, parts).run()
    remote(oxigraph_server.query, held).check()
    journal, graph = Journal(client_of(oxigraph_server), held.base), f"{held.base}graph/release"
    assert journal.read().graphs.keys() == {*held.graphs, journal.default()}
    answer = remote(oxigraph_server.query, held).query(
        f"ASK {{ VALUES ?t {{ <{graph}> <{held.base}release/{held.id}> }} GRAPH <{journal.graph}>"
        " { { ?t ?p ?o } UNION { ?s ?p ?t } } }"
    )
    assert not answer
    fill(oxigraph_server, f"{held.base}graph/other")
    with pytest.raises(MovedError, match=r"other graphs too.*graph/other;"):
        remote(oxigraph_server.query, held).check()


def test_dataset_is_of_the_release_alone(release: Release) -> None:
    held = Held.of(place("sparql+http://x/sparql#http://e/merged"), release, 1)
    studies = f"{release.base}graph/studies"
    text, dataset = dataset_of(
        f"SELECT ?s FROM <{studies}> FROM NAMED <http://other/> {{ ?s ?p ?o }}", held, None, None, {}
    )
    assert "FROM" not in text
    assert (dataset.default, dataset.named) == ((studies,), (EMPTY,))
    _, dataset = dataset_of(SELECT, held, None, None, {})
    assert (dataset.default, dataset.named) == (("http://e/merged",), tuple(sorted(release.graphs)))
    _, dataset = dataset_of(SELECT, held, ("http://other/",), None, {})
    assert (dataset.default, dataset.named) == ((EMPTY,), (EMPTY,))


def test_graphs_that_a_query_names_count_alike(held: Holding, release: Release, release_home: Path) -> None:
    embedded = ox.Store.read_only(str(release.store))
    graph = f"{release.base}graph/studies"
    for text in (
        f"SELECT (COUNT(*) AS ?n) FROM <{graph}> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        "SELECT (COUNT(*) AS ?n) FROM <http://other/> { ?s ?p ?o }",
        "BASE <https://w3id.org/msevidence/> ASK { <study/mist> ?p ?o }",
    ):
        ours, theirs = embedded.query(text), held.store.query(text)
        if isinstance(ours, ox.QueryBoolean):
            assert bool(ours) == bool(theirs), text
        else:
            assert list(map(str, ours)) == list(map(str, theirs)), text  # type: ignore[arg-type]
