"""The process that workers are forked from: it has their modules, and a small release, in memory once for all of them.

Started by ``spawner.Spawner`` as ``python -m msevidence.server.forkserver``, one a release. It runs no query and is not
confined; each worker confines itself after the fork (``worker.serve``). It talks over one socket, a message a time:
``{"fork": n}`` with the three descriptors of a worker makes one, and ``{"forked": n, "pid": …}`` comes back with a
descriptor of the process (pidfd_open(2)), by which alone it is killed, since a number may be another's by then. How a
worker ended is told as ``{"ended": pid, "status": …}``, since only its parent hears it.
``{"lower": pid}`` has one run at the lowest priority from now on, and ``{"raise": pid}`` as before: one that is killed.

Workers share what was there before the fork: a store in memory costs its size once, and a killed worker's replacement
takes the time of a fork, where a new Python takes some hundred times as long.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from msevidence.server import worker
from msevidence.server.sandbox import die_with_parent

MESSAGE = 4096
DESCRIPTORS = 3
NICEST = 19


def main(arguments: list[str]) -> None:
    """Make workers until the socket closes, and stay until the last of them has ended.

    Args:
        arguments: the store's folder, the socket's descriptor, the parent's process id, memory and stack limits of a
            worker, 1 where their network is to stay open, and the N-Quads of the release with their SHA-256 where they
            are to be held in memory, else two empty strings.
    """
    folder, parent = arguments[0], int(arguments[2])
    limits = worker.Limits(memory=int(arguments[3]), stack=int(arguments[4]), network=bool(int(arguments[5])))
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=int(arguments[1])) as control:
        wake, woken = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        try:
            store = in_memory(Path(arguments[6]), arguments[7]) if arguments[6] else None
        except (OSError, ValueError) as error:
            tell(control, {"failed": f"{type(error).__name__}: {error}"})
            return
        gc.collect()
        gc.freeze()  # the collector writes to what it looks at, and the pages would be shared no more
        tell(control, {"ready": "memory" if store is not None else "disk"})
        attend(control, wake, folder, store, limits, closed=(wake, woken))


def in_memory(nquads: Path, sha256: str) -> ox.Store | None:
    """Read a release into memory; None where the engine takes its store only as it is.

    Raises:
        ValueError: the file is not the one that was written.
        OSError: it can not be read.
    """
    with nquads.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise ValueError(
                f"{nquads}: not as written; `msevidence verify` says more, `msevidence build` makes it anew"
            )
    store = ox.Store()
    try:
        store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
    except SyntaxError:
        return None
    return store


def attend(
    control: socket.socket,
    wake: int,
    folder: str,
    store: ox.Store | None,
    limits: worker.Limits,
    *,
    closed: tuple[int, ...],
) -> None:
    """Fork what is ordered and tell what ended, until nobody orders and nobody is left."""
    alive: set[int] = set()
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    waiting.register(wake, select.POLLIN)
    listening = True
    while listening or alive:
        ready = dict(waiting.poll())
        if wake in ready:
            with suppress(BlockingIOError):
                while os.read(wake, 512):
                    pass
            reap(control, alive)
        if control.fileno() in ready:
            message, descriptors = heard(control)
            if message is None:
                waiting.unregister(control)
                listening = False
                continue
            if "lower" in message or "raise" in message:
                if may_raise():
                    (how, pid), *_ = message.items()
                    schedule(pid, os.SCHED_IDLE if how == "lower" else os.SCHED_OTHER, alive)
                continue
            pid = os.fork()
            if not pid:
                become_worker(control, closed, descriptors, folder, store, limits)
            alive.add(pid)
            for descriptor in descriptors:
                os.close(descriptor)
            process = os.pidfd_open(pid)
            try:
                tell(control, {"forked": message["fork"], "pid": pid}, process)
            finally:
                os.close(process)


def schedule(pid: int, policy: int, alive: set[int]) -> None:
    """Have a worker run as others do, or only where no other process of the system wants to (sched(7), SCHED_IDLE).

    Here it is known whose the number is: a child keeps it until :func:`reap` has heard of its end.
    """
    if pid in alive:
        with suppress(OSError):
            os.sched_setscheduler(pid, policy, os.sched_param(0))


@cache
def may_raise() -> bool:
    """Tell whether this process may undo what it does to a worker's priority, by trying it on a child (sched(7)).

    Where it may not, nobody's is lowered: on a busy machine, a killed worker would also die at the lowest priority, in
    seconds, and hold its memory as long. Niceness asks for the same right (RLIMIT_NICE, CAP_SYS_NICE), and a child that
    is one step nicer is not kept waiting.
    """
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    if nice >= NICEST:
        return False
    try:
        pid = os.fork()
    except OSError:  # at a limit of processes; the workers go on as they are
        return False
    if not pid:
        code = 1
        try:
            os.setpriority(os.PRIO_PROCESS, 0, nice + 1)
            os.setpriority(os.PRIO_PROCESS, 0, nice)
            code = 0
        finally:
            os._exit(code)  # nothing of the parent's is to be ended here
    return os.waitpid(pid, 0)[1] == 0


def become_worker(
    control: socket.socket,
    closed: tuple[int, ...],
    descriptors: list[int],
    folder: str,
    store: ox.Store | None,
    limits: worker.Limits,
) -> None:
    """Be a worker from here on, and never return."""
    code = 1
    try:
        parent = os.getppid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        for descriptor in closed:
            os.close(descriptor)
        incoming, outgoing, complaints = descriptors
        os.dup2(complaints, 2)
        os.close(complaints)
        die_with_parent(parent)
        worker.serve(folder, incoming, outgoing, limits, opened=worker.embedded if store is None else lambda _: store)
        code = 0
    finally:
        os._exit(code)  # nothing of the parent's is to be ended here


def heard(control: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Return one order with the descriptors that came with it; None when nobody orders any more."""
    try:
        data, descriptors, _, _ = socket.recv_fds(control, MESSAGE, DESCRIPTORS)
    except ConnectionError:
        return None, []
    return (json.loads(data), descriptors) if data else (None, [])


def tell(control: socket.socket, message: dict[str, Any], *descriptors: int) -> None:
    """Send one message; nobody may be there to hear it."""
    with suppress(BrokenPipeError, ConnectionError):
        socket.send_fds(control, [json.dumps(message).encode()], list(descriptors))


def reap(control: socket.socket, alive: set[int]) -> None:
    """Tell of every worker that has ended."""
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        alive.discard(pid)
        tell(control, {"ended": pid, "status": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main(sys.argv[1:])
