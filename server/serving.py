"""The command's server: takes an address, starts workers, and runs the event loop of ``listening`` until it is stopped.

SPARQL is answered as soon as there is a worker; the pages (``app``) are made ready meanwhile, and who asks for one
before waits for that.
"""

from __future__ import annotations

import ctypes
import gc
import ipaddress
import logging
import resource
import signal
import socket
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from flask import Flask

from msevidence.server import errors
from msevidence.server.listening import CONNECTIONS, Listener
from msevidence.server.parts import Parts
from msevidence.server.releases import current
from msevidence.server.sandbox import Confinement
from msevidence.server.settings import Settings
from msevidence.server.store import Lanes

M_ARENA_MAX = -8
SWITCH = 0.0005
"""Seconds after which a thread that computes lets another one have Python's lock: the event loop waits that long for
it each time it comes back from the kernel, and the usual 5 ms made it wait for several pages at once."""
OTHER_FILES, FEWEST = 200, 20
"""Files that are open beside the connections (some 50 at rest), and connections that there are in any case."""
LOG = logging.getLogger(__name__)


class ServeError(Exception):
    """The server can not start; the message says why and what to do."""


def serve(home: Path, host: str, port: int, settings: Settings, *, bound: socket.socket | None = None) -> None:
    """Serve a home folder until the process is told to stop; print the address once it listens.

    Args:
        home: folder with the link `current`.
        host: address or name to listen on.
        port: port to listen on, 0 for any free one.
        settings: limits; `unsandboxed` allows a host beyond this machine where workers can not be confined.
        bound: what :func:`bind` returned for this host and port, where the caller wanted to be sure of them before.

    Raises:
        NoReleaseError: nothing is published there.
        ServeError: the address is taken, the store does not open, or the workers can not be confined.
    """
    current(home)
    _keep_arenas_few()
    most = _connections()
    sys.setswitchinterval(SWITCH)
    listening = bound or bind(host, port)
    parts = Parts(home.absolute(), settings)
    site: Future[Flask] = Future()
    # The pages take longest to be there, and the workers another process: they get ready side by side.
    threading.Thread(target=_make_site, args=(home, settings, parts, site), name="site", daemon=True).start()
    try:
        accept_confinement(_start_workers(parts.lanes), host, settings)
        server = _listener(parts, site, listening, home.absolute(), settings)
        server.most = most
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda number, frame: server.stop())
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}"
        server.run_until_stopped(lambda: print(address, flush=True), parts.lanes.drain, parts.lanes.close)
        LOG.info("stopped")
    finally:
        listening.close()
        parts.lanes.close()


def bind(host: str, port: int) -> socket.socket:
    """Take an address, without listening yet: nobody else can have it, and no client waits there.

    Raises:
        ServeError: it can not be had.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if bound.family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise ServeError(_taken(host, port, error)) from error
    return bound


def _connections() -> int:
    """Return how many connections there may be, after asking the system for as many open files as they take.

    Each has one, and so have pipes, stores and indexes: a server that may open no more files can start no worker.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
            soft = more
    most = CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, max(soft - OTHER_FILES, FEWEST))
    if most < CONNECTIONS:
        LOG.warning("this process may open %d files, so it takes %d connections (ulimit -n %d)", soft, most, wanted)
    return most


def _keep_arenas_few() -> None:
    """Have glibc's allocator use two arenas for all threads: one for each grew by 150 MiB in 90,000 queries."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:  # other C libraries have no arenas
            mallopt(M_ARENA_MAX, 2)


def _make_site(home: Path, settings: Settings, parts: Parts, site: Future[Flask]) -> None:
    try:
        from msevidence.server.app import create_app

        made = create_app(home, settings, parts)
        gc.freeze()  # modules stay for good: to look through them for garbage stopped every thread for 50 ms
        site.set_result(made)
    except BaseException as error:
        site.set_exception(error)


def _listener(parts: Parts, site: Future[Flask], bound: socket.socket, home: Path, settings: Settings) -> Listener:
    """Listen there from now on."""
    try:
        return Listener(parts, site, bound, home, settings)
    except OSError as error:  # somebody else took the address too, and was faster to listen
        address = bound.getsockname()
        raise ServeError(_taken(address[0], address[1], error)) from error


def _taken(host: str, port: int, error: OSError) -> str:
    return f"{host}:{port}: can not listen there ({error.strerror}); choose another port"


def accept_confinement(confinement: Confinement, host: str, settings: Settings) -> None:
    """Refuse to serve other machines through workers that are not confined; warn where only this one is served.

    Raises:
        ServeError: something is missing, `host` is not this machine alone, and the settings do not allow it.
    """
    warning = confinement.warning()
    if warning is None:
        return
    if not _is_loopback(host) and not settings.unsandboxed:
        raise ServeError(f"{warning}. Bind 127.0.0.1, or say --unsandboxed if you accept that.")
    print(f"warning: {warning}", file=sys.stderr)


def _start_workers(lanes: Lanes) -> Confinement:
    """Start the first worker of every lane, and return what confines them."""
    try:
        for lane in lanes.all():
            lane.release()
    except errors.Problem as error:
        raise ServeError(error.detail) from error
    if lanes.sparql.confinement is None:
        raise ServeError("no worker came up; the log says why")
    return lanes.sparql.confinement


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
