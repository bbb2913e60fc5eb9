"""What the command ``serve`` says on its two outputs: the address; and one line an event, with time and request."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from msevidence.server.serving import ServeError, bind, serve
from msevidence.server.settings import MIB, Settings
from tests.server_fixtures import publish
from tests.server_http import ask, send
from tests.test_server_attacks import chain

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (WARNING|ERROR|INFO) msevidence\.server\.\w+( \[.*\])?: .+")
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
SMALL = (
    "from dataclasses import replace; from msevidence.server import cli, cli_serve; "
    f"cli_serve.DEFAULTS = replace(cli_serve.DEFAULTS, memory={64 * MIB}); cli.main()"
)
"""The command with little memory for a query."""
MAIN = "from msevidence.server.cli import main; main()"


@contextmanager
def serving(home: Path, said: list[str], *options: str, code: str = MAIN) -> Iterator[str]:
    """Run the command with options of its log; give its address, and collect what it says on standard error."""
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--home", str(home), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.send_signal(signal.SIGTERM)
            said += server.communicate(timeout=60)[1].splitlines()


def test_a_worker_out_of_memory_is_one_line_with_time_and_request(tmp_path: Path) -> None:
    publish(tmp_path, chain(3000))
    said: list[str] = []
    with serving(tmp_path, said, code=SMALL) as url:
        answer = ask(url, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c")
        assert answer.status == 503
        assert ask(url, "ASK {}").status == 200
    lines = [line for line in said if not line.startswith("warning: ")]  # what the kernel lacks here
    assert all(LINE.fullmatch(line) for line in lines), lines
    of_worker = [line for line in lines if "worker" in line]
    assert len(of_worker) <= 1  # none where Python saw the end of memory itself
    for line in of_worker:
        assert " [GET '/sparql']: " in line and "memory allocation" in line
    assert not any("note:" in line or "ORDER BY" in line for line in lines)
    assert lines[-1].endswith("stopped")


def test_a_taken_port_is_told_once_and_before_anything_is_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-c", MAIN, "serve", "--port", port, "--home", str(tmp_path / "home")]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.count(port) == 1 and ended.stderr.lower().count("in use") == 1
    assert not (tmp_path / "home").exists()


def test_who_is_slower_to_listen_is_told(tmp_path: Path) -> None:
    publish(tmp_path, chain(3))
    with bind("127.0.0.1", 0) as bound:
        host, port = bound.getsockname()
        with bind(host, port) as other:
            other.listen()
            with pytest.raises(ServeError, match="can not listen"):
                serve(tmp_path, host, port, Settings(), bound=bound)


def test_the_log_as_json_has_an_object_a_line_and_no_client_in_it(tmp_path: Path) -> None:
    publish(tmp_path, chain(3))
    said: list[str] = []
    with serving(tmp_path, said, "--log-format", "json", "--access-log") as url:
        for _ in range(2):
            assert ask(url, "ASK { <a:secret> ?p ?o }", Accept="text/csv").status == 200
        assert send(url, "/nothing%0Ahere").status == 404
    lines = [json.loads(line) for line in said if not line.startswith("warning: ")]
    asked = [line for line in lines if line["logger"] == "msevidence.access"]
    assert [(line["method"], line["path"], line["status"], line["kept"]) for line in asked] == [
        ("GET", "/sparql", 200, False), ("GET", "/sparql", 200, True), ("GET", "/nothing%0Ahere", 404, False)
    ]  # fmt: skip
    assert all(line["bytes"] > 0 and line["ms"] >= 0 and re.fullmatch(STAMP, line["time"]) for line in asked)
    assert lines[-1]["message"] == "stopped"
    assert not any("127.0.0.1" in line or "secret" in line for line in said)


def test_the_log_names_clients_where_the_operator_wants_it_and_no_request_unasked(tmp_path: Path) -> None:
    publish(tmp_path, chain(3))
    said: list[str] = []
    with serving(tmp_path, said, "--access-log", "--log-addresses") as url:
        assert ask(url, "ASK {}").status == 200
    assert sum(" [127.0.0.1 GET '/sparql']: 200, " in line for line in said) == 1
    said.clear()
    with serving(tmp_path, said) as url:
        assert ask(url, "ASK {}").status == 200
    assert [line.rpartition(": ")[2] for line in said if not line.startswith("warning: ")] == ["stopped"]


def test_a_proxy_is_believed_where_it_is_named_and_nobody_else(tmp_path: Path) -> None:
    publish(tmp_path, chain(3))
    forwarded = {
        "X_Forwarded_For": "10.0.0.1, 192.0.2.7",
        "X_Forwarded_Host": "kg.example",
        "X_Forwarded_Proto": "https",
    }
    for named in (True, False):
        said: list[str] = []
        proxy = ["--trusted-proxy", "127.0.0.1"] if named else []
        with serving(tmp_path, said, "--access-log", "--log-addresses", *proxy) as url:
            described = send(url, "/sparql", Accept="text/turtle", **forwarded)
            assert (b"https://kg.example/sparql" in described.body) is named
            assert (b"http://127.0.0.1" in described.body) is not named
            again = send(url, "/sparql", Accept="text/turtle", **forwarded)
            assert again.body == described.body
        client = "192.0.2.7" if named else "127.0.0.1"
        assert sum(f" [{client} GET '/sparql']: 200" in line for line in said) >= 1
