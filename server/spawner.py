"""Starts worker processes.

All are started by one thread that lives as long as the server, because the signal that ends a worker with its parent
is tied to the thread that started it (prctl(2), PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import fcntl
import os
import queue
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import ExitStack, suppress

from msevidence.server import remote_place
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


class Spawner:
    """The one thread that starts worker processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._orders: queue.SimpleQueue[tuple[Release, bool, Future[Worker]] | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="worker-spawner", daemon=True)
        self._thread.start()

    def spawn(self, release: Release, *, network: bool = False) -> Worker:
        """Start a worker on a release; it opens the store while the caller goes on (see ``Worker.ready``).

        Raises:
            WorkerFailedError: the spawner is closed.
            OSError: the system has no process, memory or descriptor to give.
        """
        done: Future[Worker] = Future()
        with self._closing:
            if self._closed:
                raise WorkerFailedError("the server is stopping")
            self._orders.put((release, network, done))
        return done.result()

    def close(self) -> None:
        """Start no more."""
        with self._closing:
            self._closed = True
            self._orders.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            release, network, done = order
            try:
                done.set_result(self._start(release, network))
            except OSError as error:
                done.set_exception(error)

    def _start(self, release: Release, network: bool) -> Worker:
        with ExitStack() as ours, ExitStack() as theirs:
            theirs_in, to = os.pipe()
            theirs.callback(os.close, theirs_in)
            ours.callback(os.close, to)
            back, theirs_out = os.pipe()
            theirs.callback(os.close, theirs_out)
            ours.callback(os.close, back)
            if sys.platform == "linux":
                with suppress(OSError):  # a user's share of memory for pipes has an end; the usual 64 KiB do as well
                    fcntl.fcntl(back, F_SETPIPE_SZ, PIPE_SIZE)
            last_words, theirs_err = os.pipe()
            theirs.callback(os.close, theirs_err)
            ours.callback(os.close, last_words)
            for end in (to, back, last_words, theirs_err):  # nobody reads the last before the worker ends
                os.set_blocking(end, False)
            settings = self._settings
            module, place = "worker", str(release.store)
            names: tuple[str, ...] = ENVIRONMENT
            if settings.store is not None:
                held = Held.of(remote_place.place(settings.store), release, ROOM * settings.result_cap)
                module, place, network, names = "remote_worker", held.packed(), True, (*ENVIRONMENT, *CREDENTIALS)
            arguments = [place, theirs_in, theirs_out, os.getpid(), settings.memory, settings.stack, int(network)]
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"msevidence.server.{module}", *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=theirs_err,
                pass_fds=(theirs_in, theirs_out),
                env={name: os.environ[name] for name in names if name in os.environ},
            )
            ours.pop_all()
        return Worker(release, process, to, back, last_words)
