"""Starts worker processes.

On Linux a release's workers are forked from one process (``forkserver``), which ends with the server; elsewhere, and
over a store elsewhere, each is a program of its own. All programs are started by one thread that lives as long as the
server, because the signal that ends a process with its parent is tied to the thread that started it (prctl(2),
PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import fcntl
import os
import queue
import socket
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from typing import Any

from msevidence.server import remote_place
from msevidence.server.forked import ForkServer
from msevidence.server.pool import Worker, WorkerFailedError
from msevidence.server.releases import Release
from msevidence.server.remote_place import Held
from msevidence.server.settings import Settings

PIPE_SIZE = 1 << 20
F_SETPIPE_SZ = 1031
ROOM = 4
"""How many times as long as ours an answer of a store elsewhere may be: JSON is the longest of the formats."""
# What a worker needs of the environment: where Python and its libraries are. Nothing else reaches a stranger's query.
CREDENTIALS = tuple(f"MSEVIDENCE_STORE_{name}" for name in ("USER", "PASSWORD", "AUTH", "TOKEN"))
"""What a worker needs besides, over a store elsewhere."""
ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG")

MALLOC = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=2048"}
"""A query makes and drops thousands of small terms, and the C library keeps seven of each size at hand unless told
otherwise (GNU C Library manual, "Memory Allocation Tunables"): the engine then takes an eighth longer for the stored
questions (``python -m tests.bench.allocating``). Other C libraries do not look at it."""


FORKS = sys.platform == "linux"
SERVERS = 3
"""Fork servers that take orders at the same time: of this release, the one before, and this one's with network."""


class Spawner:
    """The one thread that starts processes, and the fork servers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._orders: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._servers: OrderedDict[tuple[Release, bool], ForkServer] = OrderedDict()
        self._choosing = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="worker-spawner", daemon=True)
        self._thread.start()

    def spawn(self, release: Release, *, network: bool = False) -> Worker:
        """Start a worker on a release; it opens the store while the caller goes on (see ``Worker.ready``).

        Raises:
            WorkerFailedError: the spawner is closed.
            OSError: the system has no process, memory or descriptor to give.
        """
        if FORKS and self._settings.store is None:
            return self._forked(release, network)
        worker: Worker = self._by_thread(lambda: self._started(release, network))
        return worker

    def kinds(self) -> dict[str, str]:
        """Return where the releases are that workers are forked for, `memory` or `disk`, by id."""
        with self._choosing:
            return {release.id: server.kind for (release, _), server in self._servers.items() if server.alive}

    def processes(self) -> list[int]:
        """Return the process ids of the fork servers."""
        with self._choosing:
            return [server.process.pid for server in self._servers.values() if server.alive]

    def close(self) -> None:
        """Start no more."""
        with self._closing:
            self._closed = True
            self._orders.put(None)
        self._thread.join()
        with self._choosing:
            servers, self._servers = list(self._servers.values()), OrderedDict()
        for server in servers:
            server.close()

    def _by_thread(self, start: Callable[[], Any]) -> Any:
        done: Future[Any] = Future()
        with self._closing:
            if self._closed:
                raise WorkerFailedError("the server is stopping")
            self._orders.put((start, done))
        return done.result()

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            start, done = order
            try:
                done.set_result(start())
            except OSError as error:
                done.set_exception(error)

    def _forked(self, release: Release, network: bool) -> Worker:
        with self._closing:
            if self._closed:
                raise WorkerFailedError("the server is stopping")
        server = self._server(release, network)
        with _Pipes() as pipes:
            process = server.fork([pipes.theirs_in, pipes.theirs_out, pipes.theirs_err])
            return Worker(release, process, *pipes.kept())

    def _server(self, release: Release, network: bool) -> ForkServer:
        """Return the fork server of a release; one that has ended is replaced."""
        with self._choosing:
            server = self._servers.get((release, network))
            if server is None or not server.alive:
                server = self._by_thread(lambda: self._fork_server(release, network))
                self._servers[release, network] = server
            self._servers.move_to_end((release, network))
            while len(self._servers) > SERVERS:
                self._servers.popitem(last=False)[1].close()
        return server

    def _fork_server(self, release: Release, network: bool) -> ForkServer:
        settings = self._settings
        nquads = sha256 = ""
        if release.quads <= settings.in_memory:
            nquads, sha256 = str(release.path / "data.nq"), str(release.files["data.nq"]["sha256"])
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            limits = (settings.memory, settings.stack, int(network))
            arguments = [release.store, theirs.fileno(), os.getpid(), *limits, nquads, sha256]
            try:
                process = _program("forkserver", arguments, (theirs.fileno(),), None, ENVIRONMENT)
            except OSError:
                ours.close()
                raise
        return ForkServer(process, ours)

    def _started(self, release: Release, network: bool) -> Worker:
        with _Pipes() as pipes:
            settings = self._settings
            module, place = "worker", str(release.store)
            names: tuple[str, ...] = ENVIRONMENT
            if settings.store is not None:
                held = Held.of(remote_place.place(settings.store), release, ROOM * settings.result_cap)
                module, place, network, names = "remote_worker", held.packed(), True, (*ENVIRONMENT, *CREDENTIALS)
            passed = (pipes.theirs_in, pipes.theirs_out)
            arguments = [place, *passed, os.getpid(), settings.memory, settings.stack, int(network)]
            process = _program(module, arguments, passed, pipes.theirs_err, names)
            return Worker(release, process, *pipes.kept())


class _Pipes:
    """The pipes between a worker and the server: theirs are closed here in any case, ours where there is no worker."""

    def __enter__(self) -> _Pipes:
        with ExitStack() as ours, ExitStack() as theirs:
            self.theirs_in, self._to = _pipe(theirs, ours)
            self._back, self.theirs_out = _pipe(ours, theirs)
            if sys.platform == "linux":
                with suppress(OSError):  # a user's share of memory for pipes has an end; the usual 64 KiB do as well
                    fcntl.fcntl(self._back, F_SETPIPE_SZ, PIPE_SIZE)
            self._last_words, self.theirs_err = _pipe(ours, theirs)
            # Nobody reads the last before the worker ends.
            for end in (self._to, self._back, self._last_words, self.theirs_err):
                os.set_blocking(end, False)
            self._ours, self._theirs = ours.pop_all(), theirs.pop_all()
        return self

    def kept(self) -> tuple[int, int, int]:
        """Return our three ends, which are the worker's to close from now on."""
        self._ours.pop_all()
        return self._to, self._back, self._last_words

    def __exit__(self, *_: object) -> None:
        self._ours.close()
        self._theirs.close()


def _pipe(reader: ExitStack, writer: ExitStack) -> tuple[int, int]:
    read, write = os.pipe()
    reader.callback(os.close, read)
    writer.callback(os.close, write)
    return read, write


def _program(
    module: str, arguments: list[Any], passed: tuple[int, ...], complaints: int | None, names: tuple[str, ...]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", f"msevidence.server.{module}", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        pass_fds=passed,
        env={**MALLOC, **{name: os.environ[name] for name in names if name in os.environ}},
    )
