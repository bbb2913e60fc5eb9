"""The command line: help with examples, exit codes, where output and messages go."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click
import pytest

from msevidence.server.cli import group, run
from tests.pages_site import client_of, page
from tests.release_helper import publish_small, quad

COMMANDS = (
    *("build", "validate", "load", "forget", "sources", "count", "review"),
    *("serve", "query", "show", "export", "sssom", "sign", "verify", "push", "pull", "diff", "new"),
)


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    code = "from msevidence.server.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_commands_are_those_of_the_design() -> None:
    listed = group.list_commands(click.Context(group))
    assert listed == sorted(COMMANDS)
    assert all(isinstance(group.get_command(click.Context(group), name), click.Command) for name in listed)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_that_the_command_reads(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"Examples?:\n  +msevidence " + name, text)
    examples = re.findall(r"^  +msevidence (.*)$", text, re.MULTILINE)
    assert examples
    command = group.get_command(click.Context(group), name)
    assert command is not None
    for example in examples:
        options = re.findall(r"--[a-z-]+", example)
        assert set(options) <= {option for p in command.params for option in p.opts}, example
    assert isinstance(command, click.Command)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["build", "--nonsense"],
        ["query"],
        ["show"],
        ["new", "article"],
        ["verify", "a", "b"],
        ["load", "--dask", "foo", __file__],
        ["push", "--query", "ftp://x", "--verify-only"],
        ["pull", "--query", "ftp://x"],
        ["push", "--query", "http://x", "--update", "x"],
        ["pull", "--query", "http://x", "--graph-store", "http:///y"],
    ],
)
def test_usage_errors_are_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Error" in capsys.readouterr().err


def test_what_may_be_left_out_is_in_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: msevidence diff [OPTIONS] [A] [B]\n")


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("msevidence 0.")
    assert run(["--help"]) == 0


@pytest.mark.parametrize("arguments", [["query", "--text", "ASK {}"], ["show", "mist"], ["verify"]])
def test_no_release_is_3(tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--home", str(tmp_path)]) == 3
    captured = capsys.readouterr()
    assert "msevidence build" in captured.err
    assert captured.out == ""


def test_full_disk_is_3(tmp_path: Path, data_dir: Path) -> None:
    code = (
        # The model of languages, which is unpacked into a file, is read before there is no more room.
        "from msevidence.loaders.languages import foreign_language; foreign_language('All of it is read.', 'nb');"
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000));"
        "from msevidence.server.cli import main; main()"
    )
    command = [sys.executable, "-c", code, "build", "--data", str(data_dir), "--home", str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3
    assert "could not be sorted" in done.stderr
    assert "Traceback" not in done.stderr


def test_fault_of_the_input_is_1_with_file_and_line(tmp_path: Path, data_dir: Path) -> None:
    publish_small(tmp_path / "home")
    before = (tmp_path / "home" / "current").readlink()
    shutil.copytree(data_dir, tmp_path / "data")
    metadata = tmp_path / "data" / "articles" / "nygaard-2024" / "metadata.yaml"
    with metadata.open("a") as file:
        file.write("nonsense: 1\n")
    line = len(metadata.read_text(encoding="utf-8").splitlines())
    for command in (["build", "--home", str(tmp_path / "home")], ["validate"]):
        done = process(*command, "--data", str(tmp_path / "data"))
        assert done.returncode == 1, done.stderr
        assert f"{metadata}:{line}: nonsense: unknown key" in done.stderr
        assert done.stdout == ""
    assert (tmp_path / "home" / "current").readlink() == before


def test_build_validate_verify_of_the_real_data(tmp_path: Path, data_dir: Path, release_home: Path) -> None:
    data, home = ["--data", str(data_dir)], ["--home", str(release_home)]
    built = process("build", *data, "--json", MSEVIDENCE_HOME=str(release_home))
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""  # no progress where there is no terminal
    outcome = json.loads(built.stdout)
    assert outcome["already_published"] is True
    assert outcome["counts"]["documents"] == 2
    with client_of(release_home) as client:
        shown = page(client, "/").figures()
        rows = client.get("/index.json").get_json()["tables"][0]["rows"]
    figures = {row["kind"].lower().replace(" ", "-"): row["count"] for row in rows}
    assert figures == outcome["counts"]
    assert len(shown) == 7 and all(figures[name.lower()] == count for name, count in shown.items())
    quads = outcome["quads"]
    assert quads["named_graphs"] + quads["default_graph"] == quads["data.nq"]
    assert quads["data.nq"] == len((Path(outcome["path"]) / "data.nq").read_text(encoding="utf-8").splitlines())
    validated = process("validate", *data, "--json")
    assert validated.returncode == 0
    assert json.loads(validated.stdout)["conforms"] is True
    verified = process("verify", *home, outcome["release"][:10], "--json")
    assert verified.returncode == 0
    assert json.loads(verified.stdout)["faults"] == []


def test_verify_prints_faults_and_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release = publish_small(tmp_path)
    assert run(["verify", "--home", str(tmp_path)]) == 0
    assert ": nothing wrong\nnot checked: the signature" in capsys.readouterr().out
    (release.path / "validation.ttl").unlink()
    assert run(["verify", "--home", str(tmp_path)]) == 1
    assert ": 1 fault\nvalidation.ttl: missing\n" in capsys.readouterr().out
    assert run(["verify", "--home", str(tmp_path), "ffff"]) == 2


def query(home: Path, *arguments: str) -> list[str]:
    return ["query", "--home", str(home), *arguments]


def test_query_formats(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    publish_small(tmp_path)
    sparql = "SELECT ?s ?label WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?label LIMIT 2"

    def ask(*arguments: str) -> str:
        assert run(query(tmp_path, "--text", sparql, *arguments)) == 0
        return capsysbinary.readouterr().out.decode()

    assert list(csv.reader(io.StringIO(ask("--format", "csv"))))[1] == [
        "https://w3id.org/msevidence/study/mist",
        "MIST",
    ]
    assert json.loads(ask("--json")) == json.loads(ask("--format", "json"))
    assert len(json.loads(ask("--json"))["results"]["bindings"]) == 2
    assert ask("--format", "tsv").startswith("?s\t?label\n<https://")
    assert "<sparql" in ask("--format", "xml")
    assert ask().startswith("s\tlabel\nhttps://w3id.org/msevidence/study/mist\tMIST\n")
    assert run(query(tmp_path, "--text", sparql, "--format", "turtle")) == 2
    assert run(query(tmp_path, "--text", sparql, "--format", "csv", "--json")) == 2
    capsysbinary.readouterr()
    assert run(query(tmp_path, "--text", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1")) == 0
    assert b"@prefix" in capsysbinary.readouterr().out
    assert run(query(tmp_path, "--text", "CONSTRUCT WHERE { ?s ?p ?o }", "--format", "csv")) == 2
    capsysbinary.readouterr()
    assert run(query(tmp_path, "--text", "ASK { ?s ?p ?o }")) == 0
    assert capsysbinary.readouterr().out == b"yes\n"


def test_query_from_file_with_parameters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish_small(tmp_path)
    file = tmp_path / "q.rq"
    file.write_text("PREFIX r: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?s ?label { ?s r:label ?label }")
    value = "s=<https://w3id.org/msevidence/study/mist>"
    assert run(query(tmp_path, "--file", str(file), "--param", value)) == 0
    assert capsys.readouterr().out == "s\tlabel\nhttps://w3id.org/msevidence/study/mist\tMIST\n"
    for bad in ("s", "s=<no iri>", "1=2", "unprojected=2"):
        assert run(query(tmp_path, "--file", str(file), "--param", bad)) == 2
    assert run(query(tmp_path, "--text", "SELECT nonsense")) == 2
    assert "Line 1, column " in capsys.readouterr().err
    assert run(query(tmp_path, "--name", "nonsense")) == 2


def test_queries_write_nothing(tmp_path: Path) -> None:
    release = publish_small(tmp_path)
    before = {p: p.stat().st_mtime_ns for p in release.path.rglob("*")}
    assert run(query(tmp_path, "--text", "ASK { ?s ?p ?o }")) == 0
    assert run(query(tmp_path, "--text", "INSERT DATA { <http://x/a> <http://x/b> 1 }")) == 2
    assert {p: p.stat().st_mtime_ns for p in release.path.rglob("*")} == before


def test_serve_answers_and_ends(tmp_path: Path) -> None:
    publish_small(tmp_path)
    code = "from msevidence.server.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--home", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            url = address + "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"
            with urllib.request.urlopen(url, timeout=30) as answer:
                assert json.load(answer)["boolean"] is True
            port = address.rpartition(":")[2]
            taken = process("serve", "--port", port, "--home", str(tmp_path))
            assert taken.returncode == 3, taken.stderr
        finally:
            server.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + 30
            while server.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
        assert server.poll() is not None


@pytest.mark.parametrize(
    "given", ["https://kg.example.org/base", "kg.example.org", "ftp://a.example", "http://a.example/?x"]
)
def test_serve_takes_the_top_of_a_site_only(tmp_path: Path, given: str, capsys: pytest.CaptureFixture[str]) -> None:
    publish_small(tmp_path)
    assert run(["serve", "--port", "0", "--home", str(tmp_path), "--public-url", given]) == 2
    assert f"--public-url {given}: give scheme and host alone" in capsys.readouterr().err


COMMANDS_THAT_PRINT = (
    ["--help"],
    ["show", "mist"],
    ["show", "mist", "--json"],
    ["verify"],
    ["query", "--list"],
    ["query", "--text", "ASK { ?s ?p ?o }"],
    ["query", "--text", "ASK { ?s ?p ?o }", "--format", "csv"],
    ["query", "--text", "SELECT * { ?a ?b ?c . ?d ?e ?f }"],
    ["query", "--text", "CONSTRUCT WHERE { ?s ?p ?o }"],
)


@pytest.mark.parametrize("arguments", COMMANDS_THAT_PRINT, ids=" ".join)
@pytest.mark.parametrize("lines", [0, 1])
def test_reader_that_goes_away_is_no_error(tmp_path: Path, arguments: list[str], lines: int) -> None:
    """As `msevidence … | head -1` does, and as a reader that had ended before anything came."""
    publish_small(tmp_path)
    code = "from msevidence.server.cli import main; main()"
    environment = {**os.environ, "MSEVIDENCE_HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        for _ in range(lines):
            assert running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == ""
        assert running.wait(60) == 0


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_output_that_cannot_be_encoded_is_no_fault(tmp_path: Path, encoding: str) -> None:
    publish_small(tmp_path, [quad("study/mist", "Ø → “ø”", "studies")])
    asked = "SELECT ?o { ?s ?p ?o . FILTER(CONTAINS(?o, 'ø')) }"
    home, given = ["--home", str(tmp_path)], {"PYTHONIOENCODING": encoding}
    table = process("query", "--text", asked, *home, **given)
    assert (table.returncode, table.stderr) == (0, "")
    assert "\\u2192" in table.stdout
    shown = process("show", "mist", "--json", *home, **given)
    assert json.loads(shown.stdout)["things"][0]["label"] == "Ø → “ø”"
