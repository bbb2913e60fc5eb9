"""Who we are to a store is told to that store alone, and stands in no message, log or list of processes."""

import base64
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from msevidence.loaders.stores.client import Client, Credentials, StoreError
from msevidence.server.cli import run
from tests.stores.servers import Server

CANARY = "canary-4711/å"


class _Echo(BaseHTTPRequestHandler):
    """Says in an error what it was sent, or points elsewhere, as careless servers do."""

    seen: list[tuple[str, str]] = []

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = self.headers.get("Authorization", "")
        _Echo.seen.append((self.path.partition("?")[0], sent))
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/elsewhere?with=" + CANARY.encode("ascii", "ignore").decode())
            self.end_headers()
            return
        body = f"you sent {sent} {base64.b64decode(sent.partition(' ')[2] or '').decode()}".encode()
        self.send_response(500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


for _method in ("GET", "POST", "PUT", "DELETE"):
    setattr(_Echo, f"do_{_method}", _Echo.answer)


@pytest.fixture
def echo() -> Iterator[str]:
    """Return the address of the server that says what it was sent."""
    _Echo.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def _faults(client: Client) -> Iterator[str]:
    for step in (
        lambda: client.select("SELECT * WHERE { ?s ?p ?o }"),
        lambda: client.update("DROP ALL"),
        lambda: client.get_graph("http://x/g"),
        lambda: client.put_graph("http://x/g", b""),
    ):
        with pytest.raises(StoreError) as raised:
            step()
        assert raised.value.__cause__ is None  # what it was raised from may hold what was sent
        yield str(raised.value)


def test_an_error_that_repeats_our_password_is_told_without_it(echo: str) -> None:
    client = Client(f"{echo}/q", f"{echo}/u", f"{echo}/g", credentials=Credentials("me", CANARY))
    for message in _faults(client):
        assert "500" in message
        assert "***" in message
        assert "canary" not in message
        assert base64.b64encode(f"me:{CANARY}".encode()).decode() not in message
    assert all(sent.startswith("Basic ") for _, sent in _Echo.seen)
    assert CANARY not in repr(client._credentials)


def test_a_redirect_is_told_and_not_followed(echo: str) -> None:
    client = Client(f"{echo}/moved", f"{echo}/moved", f"{echo}/moved", credentials=Credentials("me", CANARY))
    for message in _faults(client):
        assert "302" in message
        assert "name that address" in message
    assert {path for path, _ in _Echo.seen} == {"/moved"}


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_wrong_password_is_told_without_it(virtuoso_server: Server, scheme: str) -> None:
    client = Client(virtuoso_server.query, virtuoso_server.update, credentials=Credentials("dba", "canary", scheme))
    with pytest.raises(StoreError, match="401") as raised:
        client.update("DROP SILENT GRAPH <http://x/g>")
    assert "canary" not in str(raised.value)


def test_the_command_line_takes_no_password_and_says_how(
    release_home: Path, echo: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSEVIDENCE_STORE_USER", "me")
    monkeypatch.setenv("MSEVIDENCE_STORE_PASSWORD", CANARY)
    asked = ["push", "--home", str(release_home), "--update", f"{echo}/u", "--query"]
    for named in (f"http://me:{CANARY}@127.0.0.1/q", f"//me:{CANARY}@127.0.0.1/q", f"me:{CANARY}@127.0.0.1"):
        assert run([*asked, named]) == 2
    said = capsys.readouterr().err
    assert said.count("MSEVIDENCE_STORE_PASSWORD") == 3
    assert "canary" not in said
    assert run([*asked, "http://host:port/q"]) == 2
    assert run([*asked, f"{echo}/q"]) == 3
    assert run([*asked, "file:///etc/passwd"]) == 2
    assert run(["push", "--home", str(release_home), "--query", f"{echo}/q"]) == 2
    said = "".join(capsys.readouterr())
    assert "canary" not in said
