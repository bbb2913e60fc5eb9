"""SPARQL servers that tests start, and that end with the tests: Oxigraph's, and Virtuoso 7 where it is installed."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
import requests

from msevidence.loaders.exports.parent import end_with_parent

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = "virtuoso-t"
PASSWORD = "a-password-of-tests"
STARTS_IN = 60.0
"""Seconds that a server may take until it answers; Virtuoso makes its files first."""

INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 3
FileExtend = 200
MaxCheckpointRemap = 2000

[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CheckpointInterval = 0
SchedulerInterval = 10
ServerThreads = 10
ThreadCleanupInterval = 0
ResourcesCleanupInterval = 0

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
MaxKeepAlives = 5
KeepAliveTimeout = 10

[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 60
DefaultQuery = SELECT * WHERE {{ ?s ?p ?o }} LIMIT 1
"""


@dataclass(frozen=True)
class Server:
    """The addresses of one store, and who may write to it."""

    engine: str
    query: str
    update: str
    graph_store: str
    user: str = ""
    password: str = ""
    scheme: str = "basic"
    isql: str = ""
    """Virtuoso's SQL port: ``host:port``."""
    folder: Path | None = None
    """The folder that Virtuoso's bulk loader may read."""

    @property
    def environment(self) -> dict[str, str]:
        """What a client finds in its environment."""
        if not self.user:
            return {}
        return {
            "MSEVIDENCE_STORE_USER": self.user,
            "MSEVIDENCE_STORE_PASSWORD": self.password,
            "MSEVIDENCE_STORE_AUTH": self.scheme,
        }


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def oxigraph(folder: Path | None = None) -> Iterator[Server]:
    """Run Oxigraph's server, in memory or in a folder."""
    port = free_port()
    place = [] if folder is None else ["--location", str(folder)]
    with _running([str(OXIGRAPH), "serve", *place, "--bind", f"127.0.0.1:{port}"], f"http://127.0.0.1:{port}/query"):
        at = f"http://127.0.0.1:{port}"
        yield Server("oxigraph", f"{at}/query", f"{at}/update", f"{at}/store")


@contextmanager
def virtuoso(folder: Path, rows: int = 200_000) -> Iterator[Server]:
    """Run Virtuoso in a folder; who writes to it is ``dba``, with digest authentication.

    Args:
        folder: for its files.
        rows: of an answer, at most; more are left out without a word, as Virtuoso does.
    """
    if shutil.which(VIRTUOSO) is None:
        if os.environ.get("VIRTUOSO_REQUIRED"):
            pytest.fail("virtuoso-t is required here (VIRTUOSO_REQUIRED is set) and is not there")
        pytest.skip("virtuoso-t is not installed")
    sql, http = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(INI.format(folder=folder, sql=sql, http=http, rows=rows), encoding="ascii")
    at = f"http://127.0.0.1:{http}"
    command = [VIRTUOSO, "+foreground", "+configfile", str(ini)]
    # With both passwords Virtuoso makes its files, changes the password, and ends.
    passwords = ["+pwdold", "dba", "+pwddba", PASSWORD, "+pwddav", PASSWORD]
    subprocess.run([*command, *passwords], check=True, capture_output=True, timeout=STARTS_IN)
    with _running(command, f"{at}/sparql"):
        yield Server(
            "virtuoso",
            f"{at}/sparql",
            f"{at}/sparql-auth",
            f"{at}/sparql-graph-crud-auth",
            "dba",
            PASSWORD,
            "digest",
            f"127.0.0.1:{sql}",
            folder,
        )


@contextmanager
def _running(command: list[str], asked: str) -> Iterator[None]:
    """Run a server from when it answers; it ends with the block, and with this process whatever ends that."""
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, preexec_fn=end_with_parent
        )
        try:
            _wait(server, asked, said)
            yield
        finally:
            server.kill()  # nothing of it is kept
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", asked: str, said: IO[bytes]) -> None:
    last = time.monotonic() + STARTS_IN
    with requests.Session() as session:
        session.trust_env = False
        while server.poll() is None and time.monotonic() < last:
            try:
                if session.get(asked, params={"query": "ASK {}"}, timeout=5).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
    server.kill()
    said.seek(0)
    pytest.fail(f"{server.args}: does not answer: {said.read().decode(errors='replace')[-2000:]}")
