"""The server's side of ``forkserver``: the process that workers of a release are forked from, and one such worker."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from typing import Any

LOG = logging.getLogger(__name__)
START_LIMIT = 60.0
"""Seconds that reading a release into memory may take: half a million quads take two on a busy machine."""
MESSAGE = 4096


class ForkError(OSError):
    """The process that workers are forked from did not come up, or has ended."""


class Forked:
    """A worker's process, which is a child of the fork server; used as ``subprocess.Popen`` is."""

    def __init__(self, pid: int, descriptor: int, order: Callable[[str, int], None]) -> None:
        self.pid = pid
        self._order, self._low, self._killed = order, False, False
        self.returncode: int | None = None
        self._descriptor = descriptor
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """Of who has its priority changed: one that is being killed is not lowered any more."""

    def kill(self) -> None:
        """End it; no other process is meant, whoever has its number by now."""
        with self._turn:
            self._killed = True
            if self._low:
                self._low = False
                self._order("raise", self.pid)  # or it would take its time to die
        with self._lock, suppress(ProcessLookupError):
            if self._descriptor >= 0:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def lower(self) -> None:
        """Have it run only where no other process of the system wants to, where the fork server may undo that."""
        with self._turn:
            if not self._killed:
                self._low = True
                self._order("lower", self.pid)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit code, negative where a signal ended it.

        Raises:
            subprocess.TimeoutExpired: it has not ended by then.
        """
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired(f"worker {self.pid}", timeout or 0.0)
        assert self.returncode is not None
        return self.returncode

    def ended(self, code: int) -> None:
        """Note its exit code."""
        with self._lock:
            if self._descriptor < 0:
                return
            os.close(self._descriptor)
            self._descriptor, self.returncode = -1, code
        self._ended.set()


class ForkServer:
    """One release's fork server.

    Args:
        process: the started process.
        control: the socket to it.
    """

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self.process = process
        self.kind = ""
        """Where its workers have the release: `memory` or `disk`; empty until it is ready."""
        self._control = control
        self._orders: dict[int, Future[Forked]] = {}
        self._numbers = count()
        self._workers: dict[int, Forked] = {}
        self._lock = threading.Lock()
        self._ready: Future[str] = Future()
        self._gone = False
        self._reader = threading.Thread(target=self._read, name=f"forks-of-{process.pid}", daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Whether it takes orders."""
        return not self._gone

    def fork(self, descriptors: list[int]) -> Forked:
        """Make a worker with these three descriptors: requests, answers, complaints.

        Raises:
            ForkError: it can not be had.
        """
        try:
            self.kind = self._ready.result(START_LIMIT)
        except TimeoutError as error:
            self.process.kill()
            raise ForkError(f"the release was not read within {START_LIMIT:g} seconds") from error
        order: Future[Forked] = Future()
        with self._lock:
            if self._gone:
                raise ForkError("the process that workers are forked from has ended")
            number = next(self._numbers)
            self._orders[number] = order
            try:
                socket.send_fds(self._control, [json.dumps({"fork": number}).encode()], descriptors)
            except OSError as error:
                del self._orders[number]
                raise ForkError(f"the process that workers are forked from does not hear: {error}") from error
        try:
            return order.result(START_LIMIT)
        except TimeoutError as error:
            with self._lock:
                self._orders.pop(number, None)
            raise ForkError(f"no worker came within {START_LIMIT:g} seconds") from error

    def close(self) -> None:
        """Order no more; the process ends after its last worker."""
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)

    def _schedule(self, how: str, pid: int) -> None:
        with self._lock, suppress(OSError):  # a process that has ended, or does not hear: its workers end too
            if not self._gone:
                self._control.send(json.dumps({how: pid}).encode())

    def _read(self) -> None:
        """Hear of workers made and ended, until the process has gone; whatever happens here, nobody waits for more."""
        try:
            while True:
                try:
                    data, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
                except OSError:
                    data, descriptors = b"", []
                if not data:
                    break
                self._hear(json.loads(data), descriptors)
        except BaseException:
            self.process.kill()  # its workers die with it; others are forked from another one
            raise
        finally:
            self._end()

    def _end(self) -> None:
        self.process.wait()
        why = ForkError(f"the process that workers are forked from has ended (exit {self.process.returncode})")
        with self._lock:
            self._gone = True
            orders, self._orders = list(self._orders.values()), {}
            workers, self._workers = list(self._workers.values()), {}
            self._control.close()
        if not self._ready.done():
            self._ready.set_exception(why)
        for order in orders:
            order.set_exception(why)
        for worker in workers:  # they die with their parent
            worker.ended(-signal.SIGKILL)

    def _hear(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if "ready" in message:
            self._ready.set_result(message["ready"])
        elif "failed" in message:
            self._ready.set_exception(ForkError(message["failed"]))
        elif "forked" in message:
            with self._lock:
                order = self._orders.pop(message["forked"], None)
            if not descriptors:
                # The system passes on none where this process may have no more; the worker ends with its pipes.
                if order is not None:
                    order.set_exception(ForkError("this process may open no more files; raise its limit (ulimit -n)"))
                return
            worker = Forked(message["pid"], descriptors[0], self._schedule)
            with self._lock:
                self._workers[worker.pid] = worker
            if order is None:  # who ordered it waits no more, and its pipes are closed
                return
            order.set_result(worker)
        else:
            with self._lock:
                ended = self._workers.pop(message["ended"], None)
            if ended is not None:
                ended.ended(message["status"])
