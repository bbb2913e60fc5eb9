"""SIGTERM and SIGINT: nothing new is taken, what was asked is answered, and the process ends in order, with 0."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.server_fixtures import publish
from tests.server_http import ask, send
from tests.test_server_attacks import chain

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
NEVER = 600.0
SECONDS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"


@contextmanager
def serving(home: Path, *arguments: str, grace: float) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the command over a home, which lets queries end for so many seconds; give its address and the process."""
    code = f"from msevidence.server import cli, listening; listening.GRACE = {grace}; cli.main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--home", str(home), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip(), server
        finally:
            server.kill()


def ended(server: subprocess.Popen[str]) -> str:
    """Wait for the end, which must be orderly, and return what was said on standard error."""
    _, said = server.communicate(timeout=30)
    assert server.returncode == 0, said
    assert "Traceback" not in said and "Exception" not in said
    return said


def wait_for(url: str, running: int, waiting: int) -> list[int]:
    """Wait until the SPARQL lane is so busy, and return the process ids of all workers."""
    until = time.monotonic() + 20
    while True:
        lanes = json.loads(send(url, "/health").body)["lanes"]
        if (lanes["sparql"]["running"], lanes["sparql"]["waiting"]) == (running, waiting):
            return [pid for lane in lanes.values() for pid in lane["workers"]]
        assert time.monotonic() < until
        time.sleep(0.02)


def until_refused(url: str) -> None:
    """Wait until the server takes no more connections, which is once it has seen the signal."""
    until = time.monotonic() + 20
    address = urlsplit(url)
    while time.monotonic() < until:
        try:
            socket.create_connection((address.hostname, address.port), timeout=5).close()
        except OSError:
            return
        time.sleep(0.02)
    raise AssertionError("the server still takes connections")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_ends_at_once_also_with_open_connections(tmp_path: Path, number: int) -> None:
    publish(tmp_path, chain(10))
    with serving(tmp_path, grace=NEVER) as (url, server):
        kept = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        kept.request("GET", "/health")
        assert kept.getresponse().read()
        server.send_signal(number)
        ended(server)
        kept.close()
        until_refused(url)


def test_running_queries_are_answered_or_refused_and_waiting_ones_refused(tmp_path: Path) -> None:
    publish(tmp_path, chain(1500))
    with (
        serving(tmp_path, "--workers", "2", "--deadline", "60", grace=5.0) as (url, server),
        ThreadPoolExecutor(3) as threads,
    ):
        short = threads.submit(ask, url, SECONDS)
        wait_for(url, 1, 0)
        long = threads.submit(ask, url, ENDLESS)
        wait_for(url, 2, 0)
        queued = threads.submit(ask, url, "ASK {}")
        workers = wait_for(url, 2, 1)
        server.send_signal(signal.SIGTERM)
        answers = [future.result(30) for future in (short, long, queued)]
        ended(server)
    assert answers[0].status == 200, answers[0].body
    for answer in answers[1:]:
        assert (answer.status, answer.json()["type"].rpartition("/")[2]) == (503, "stopping")
        assert int(answer.headers["Retry-After"]) > 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists() and os.getpgid(pid) == server.pid]


def test_a_second_signal_waits_for_nobody(tmp_path: Path) -> None:
    publish(tmp_path, chain(1500))
    with serving(tmp_path, "--deadline", "600", grace=NEVER) as (url, server), ThreadPoolExecutor(1) as threads:
        long = threads.submit(ask, url, ENDLESS)
        wait_for(url, 1, 0)
        server.send_signal(signal.SIGINT)
        until_refused(url)
        server.send_signal(signal.SIGINT)
        assert long.result(30).status == 503
        ended(server)


def test_a_query_whose_client_has_gone_ends_with_the_server(tmp_path: Path) -> None:
    publish(tmp_path, chain(1500))
    with serving(tmp_path, "--deadline", "60", grace=5.0) as (url, server):
        address = urlsplit(url)
        with socket.create_connection((address.hostname, address.port), timeout=20) as gone:
            gone.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            workers = wait_for(url, 1, 0)
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # without a last word
        server.send_signal(signal.SIGTERM)
        said = ended(server)
    assert "ERROR" not in said, said
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists() and os.getpgid(pid) == server.pid]
