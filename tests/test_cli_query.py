"""``msevidence query``: the text of a query as a person gives it, and what is said of one that cannot run."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from msevidence.server.cli import run
from tests.release_helper import publish_small

MARK = b"\xef\xbb\xbf"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
ASKED = f'ASK {{ ?s <{LABEL}> "MIST"@en }}'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a small release."""
    publish_small(tmp_path / "home")
    return tmp_path / "home"


def ask(home: Path, *arguments: str) -> int:
    return run(["query", "--home", str(home), *arguments])


@pytest.mark.parametrize("before", [b"", MARK])
def test_a_file_may_begin_with_a_byte_order_mark(
    home: Path, tmp_path: Path, before: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "q.rq"
    file.write_bytes(before + ASKED.encode())
    assert ask(home, "--file", str(file)) == 0
    assert capsys.readouterr().out == "yes\n"


@pytest.mark.parametrize("before", [b"", MARK])
def test_a_query_is_read_from_standard_input(
    home: Path, monkeypatch: pytest.MonkeyPatch, before: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(before + ASKED.encode())))
    assert ask(home, "--file", "-") == 0
    assert capsys.readouterr().out == "yes\n"


@pytest.mark.parametrize("content", ['ASK {\n ?s ?p "ø" }'.encode("latin-1"), "ASK {\n ?s ?p 1 }".encode("utf-16")])
def test_a_file_that_is_not_in_utf8_is_told_with_its_line(
    home: Path, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "q.rq"
    file.write_bytes(content)
    assert ask(home, "--file", str(file)) == 2
    line = 2 if b"\xf8" in content else 1
    assert f"{file}:{line}: not in UTF-8" in capsys.readouterr().err


def test_arguments_that_are_not_in_utf8_are_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(home, "--text", "ASK { ?s ?p '\udcff' }") == 2
    assert ask(home, "--text", "ASK { ?s ?p ?o }", "--param", "o=\udcff") == 2
    assert run(["show", "--home", str(home), "\udcff"]) == 2
    assert capsys.readouterr().err.count("is not in UTF-8") == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "SELECT ?s {\n  ?s a \n}",
            ["The query has a syntax error.", "Line 3, column 1: '}' is not what the grammar", "\n}\n^\n"],
        ),
        (
            "SELECT ?s { ?s nope:x ?o }",
            ["Line 1, column 16: the prefix nope: is not declared", "\nSELECT ?s { ?s nope:x ?o }\n", "^\n"],
        ),
        ("ASK { ?s ?p 'x }", ["Line 1, column 13: a string starts here that does not end"]),
        ("", ["Line 1, column 1: the query has no SELECT, ASK, CONSTRUCT or DESCRIBE"]),
        ("# nothing", ["the query has no SELECT, ASK, CONSTRUCT or DESCRIBE"]),
        ("LOAD <http://127.0.0.1/x>", ["Not allowed here.", "Line 1, column 1: LOAD is an update"]),
        ("INSERT DATA { <a:b> <a:c> 1 }", ["INSERT is an update"]),
        ("ASK { " + "{" * 5000 + "}" * 5000 + " }", ["The query is too complex.", "nested deeper than"]),
        ("SELECT (<http://no/f>(1) AS ?x) {}", ["The query calls an unknown function.", "<http://no/f>"]),
    ],
)
def test_a_query_that_cannot_run_is_told_as_the_server_tells_it(
    home: Path, text: str, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(home, "--text", text) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    for words in said:
        assert words in captured.err
    assert "expected one of" not in captured.err


@contextmanager
def other_endpoint(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Run an endpoint that answers every query with no rows; give its address and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            body = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
            self.send_response(status)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_other_endpoints_are_asked_only_where_they_are_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with other_endpoint() as (address, asked):
        text = f"SELECT ?x {{ SERVICE <{address}> {{ ?x ?y ?z }} }}"
        assert ask(home, "--text", text) == 2
        assert asked == []
        assert "--allow-service" in capsys.readouterr().err
        assert ask(home, "--text", text, "--allow-service", "http://127.0.0.1:1/other") == 2
        assert ask(home, "--text", "ASK { VALUES ?s { <a:b> } SERVICE ?s {} }", "--allow-service", "a:b") == 2
        assert asked == []
        capsys.readouterr()
        assert ask(home, "--text", text, "--allow-service", address, "--json") == 0
        assert json.loads(capsys.readouterr().out)["results"]["bindings"] == []
        assert len(asked) == 1
    with other_endpoint(500) as (address, asked):
        text = f"SELECT ?x {{ SERVICE <{address}> {{ ?x ?y ?z }} }}"
        assert ask(home, "--text", text, "--allow-service", address) == 3
        assert "another endpoint did not answer as it should" in capsys.readouterr().err


@pytest.mark.parametrize("text", [ASKED, f"SELECT ?s {{ ?s <{LABEL}> ?o }}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_every_format_ends_with_a_line_end(home: Path, text: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    tables = ("json", "xml", "csv", "tsv", "table")
    formats = ("turtle", "nt", "jsonld", "rdfxml", "trig", "nq") if text.startswith("CONSTRUCT") else tables
    for name in formats:
        assert ask(home, "--text", text, "--format", name) == 0, name
        out = capsysbinary.readouterr().out
        assert out.endswith(b"\n") and not out.endswith(b"\n\n"), name


def test_the_example_of_the_help_runs_at_an_endpoint_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["query", "--help"]) == 0
    assert "PREFIX mse: <https://w3id.org/msevidence/ontology#> SELECT" in capsys.readouterr().out


def test_an_answer_to_nothing_given_is_told_to_be_an_example(
    release_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "The most common complications are lymphopenia with fever"
    assert ask(release_home, "--name", "support-of-a-sentence", "--json") == 0
    captured = capsys.readouterr()
    assert captured.err == f"Example: words={words}; ask your own with --param words=…\n"
    assert {row["words"]["value"] for row in json.loads(captured.out)["results"]["bindings"]} == {words}
    assert ask(release_home, "--name", "support-of-a-sentence", "--param", "words=Some patients still experience") == 0
    assert capsys.readouterr().err == ""
    assert ask(release_home, "--name", "provenance-of-a-triple", "--param", "subject=ram-ms") == 0
    assert capsys.readouterr().err == (
        "Example: predicate=ontology#registeredAs; ask your own with --param predicate=…\n"
    )


def test_the_graph_of_any_study_is_had_by_its_name(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = "<https://w3id.org/msevidence/study/ram-ms> <https://w3id.org/msevidence/ontology#registeredAs>"
    assert ask(release_home, "--name", "graph-of-one-study", "--param", "study=RAM-MS", "--format", "nt") == 0
    captured = capsys.readouterr()
    assert study in captured.out and captured.err == ""
    assert ask(release_home, "--name", "graph-of-one-study", "--format", "nt") == 0
    captured = capsys.readouterr()
    assert study not in captured.out and captured.err.startswith("Example: study=study/mist; ")
