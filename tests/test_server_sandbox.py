"""What a worker can not do any more, tried in a process of its own, and what the server says where it could."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from msevidence.server import serving, settings
from msevidence.server.sandbox import Confinement
from tests.server_fixtures import publish

ATTEMPTS = """
import ctypes, json, os, signal, socket, subprocess, sys, threading
from pathlib import Path
import pyoxigraph as ox
from msevidence.server.sandbox import confine

folder, outside = Path(sys.argv[1]), Path(sys.argv[2])
confinement = confine([folder], network=sys.argv[3] == "network")
report = {"landlock": confinement.landlock, "seccomp": confinement.seccomp}

def attempt(name, action):
    try:
        action()
        report[name] = "done"
    except (OSError, ValueError) as error:
        report[name] = type(error).__name__

started = threading.Thread(target=lambda: report.update(thread="done"))
started.start()
started.join()
attempt("read inside", lambda: (folder / "manifest.json").read_bytes())
attempt("list inside", lambda: os.listdir(folder))
attempt("open the store", lambda: len(list(ox.Store.read_only(str(folder / "store")))))
attempt("read outside", lambda: outside.read_bytes())
attempt("read a system file", lambda: Path("/etc/passwd").read_bytes())
attempt("read own memory map", lambda: Path("/proc/self/maps").read_bytes())
attempt("write inside", lambda: (folder / "new").write_bytes(b"x"))
attempt("write outside", lambda: outside.write_bytes(b"x"))
attempt("change a mode", lambda: os.chmod(folder / "manifest.json", 0o777))
attempt("remove", lambda: (folder / "manifest.json").unlink())
attempt("tcp socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close())
attempt("udp socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close())
attempt("unix socket", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close())
attempt("socket pair", lambda: [end.close() for end in socket.socketpair()])
attempt("run a program", lambda: os.execv("/bin/true", ["true"]))
attempt("fork", lambda: os.fork() or os._exit(0))
attempt("signal the parent", lambda: os.kill(os.getppid(), 0))
print(json.dumps(report))
"""
DONE = {"thread", "read inside", "list inside", "open the store"}
NETWORK = {"tcp socket", "udp socket", "unix socket", "socket pair"}


def attempts(tmp_path: Path, network: str) -> dict[str, object]:
    """Run the attempts over a release and return what came of each."""
    publish(tmp_path, b"<a:a> <a:b> <a:c> <a:g> .\n")
    outside = tmp_path / "outside"
    outside.write_bytes(b"secret")
    folder = (tmp_path / "current").resolve()
    command = [sys.executable, "-c", ATTEMPTS, str(folder), str(outside), network]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert outside.read_bytes() == b"secret" or not sandboxed(json.loads(done.stdout))
    return dict(json.loads(done.stdout))


def sandboxed(report: dict[str, object]) -> bool:
    """Tell whether this kernel offers both halves of the confinement."""
    return bool(report["landlock"] and report["seccomp"])


@pytest.mark.parametrize("network", ["none", "network"])
def test_a_worker_reads_its_store_and_does_nothing_else(tmp_path: Path, network: str) -> None:
    report = attempts(tmp_path, network)
    if not sandboxed(report):
        pytest.skip("this kernel has no Landlock or no seccomp")
    allowed = DONE | (NETWORK if network == "network" else set())
    tried = report.keys() - {"landlock", "seccomp"}
    assert {name for name in tried if report[name] == "done"} == allowed
    assert all(report[name] == "PermissionError" for name in tried - allowed)


@pytest.mark.parametrize(
    ("confinement", "missing"),
    [
        (Confinement(0, False), "Landlock and seccomp"),
        (Confinement(7, False), "without seccomp"),
        (Confinement(0, True), "without Landlock"),
    ],
)
def test_a_missing_half_is_said(confinement: Confinement, missing: str) -> None:
    assert not confinement.complete
    assert missing in str(confinement.warning())


def test_a_complete_confinement_has_no_warning() -> None:
    assert Confinement(1, True).complete
    assert Confinement(1, True).warning() is None


@pytest.mark.parametrize(
    ("host", "unsandboxed", "refused"),
    [("127.0.0.1", False, False), ("::1", False, False), ("localhost", False, False), ("0.0.0.0", False, True),
     ("192.0.2.1", False, True), ("0.0.0.0", True, False), ("host.example", False, True)],
)  # fmt: skip
def test_strangers_are_served_unconfined_only_on_demand(
    host: str, unsandboxed: bool, refused: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = settings.Settings(unsandboxed=unsandboxed)
    if refused:
        with pytest.raises(serving.ServeError, match="--unsandboxed"):
            serving.accept_confinement(Confinement(0, False), host, chosen)
    else:
        serving.accept_confinement(Confinement(0, False), host, chosen)
        assert "warning: " in capsys.readouterr().err


def test_confined_workers_serve_any_host_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    serving.accept_confinement(Confinement(3, True), "0.0.0.0", settings.Settings())
    assert capsys.readouterr().err == ""
