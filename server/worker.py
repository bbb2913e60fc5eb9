"""A worker process: one read-only store, one query at a time, on the main thread.

Forked from ``forkserver``, or started by ``spawner.Spawner`` as ``python -m msevidence.server.worker`` where the system
has no such thing; reads requests from one pipe and writes answers to another. It is confined (``sandbox``) after the
imports and before the store opens, its address space is limited once the store is open, and its result is complete in
memory before a byte of it is sent. The web process kills it at the deadline; the timer here is for the case that the
web process is gone.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from msevidence.server import excerpt, syntax_place, wire
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS
from msevidence.server.remote_errors import RemoteError
from msevidence.server.sandbox import confine, die_with_parent

REQUEST_LIMIT = 4 << 20
GZIP_LEVEL = 5
UNWRITABLE = ("JSON-LD does not support", "RDF/XML reserved syntax term")
"""How the engine's words begin where a format can not hold a result."""
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|<oxprefix: ")
GRACE = 2.0
SWIFT = 0.005
"""Seconds in which no query takes memory worth a look."""
NAME_LOOKUP = ("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/ssl", "/lib", "/usr/lib")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use: bytes beyond what it has with the store open, bytes of stack, and the network."""

    memory: int
    stack: int
    network: bool


class OverCapError(Exception):
    """The serialised result is longer than the cap."""


class UnwritableError(Exception):
    """The format has no way to write the result."""


class Capped(io.BytesIO):
    """A buffer that refuses to grow over a cap."""

    def __init__(self, cap: int) -> None:
        super().__init__()
        self._room = cap

    def write(self, data: Any, /) -> int:
        """Append, or raise OverCapError."""
        self._room -= len(data)
        if self._room < 0:
            raise OverCapError
        return super().write(data)


def embedded(folder: str) -> ox.Store:
    """Open a store of this machine."""
    return ox.Store.read_only(folder)


def main(arguments: list[str], opened: Callable[[str], Any] = embedded) -> None:
    """Serve requests until the pipe closes.

    Args:
        arguments: what is opened (a store's folder), request and answer descriptors, parent's process id, memory and
            stack limits, and 1 where the network is to stay open.
        opened: opens it; ``remote_worker`` has one for stores elsewhere.
    """
    place, parent = arguments[0], int(arguments[3])
    incoming, outgoing, memory, stack, network = (int(arguments[i]) for i in (1, 2, 4, 5, 6))
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the web process, which closes the pipes
    serve(place, incoming, outgoing, Limits(memory, stack, bool(network)), opened=opened)


def serve(place: str, incoming: int, outgoing: int, limits: Limits, *, opened: Callable[[str], Any]) -> None:
    """Confine this process, open the store and answer until the pipe closes.

    Args:
        place: what is opened: a store's folder, or where a store elsewhere is.
        incoming: descriptor of the requests.
        outgoing: descriptor of the answers.
        limits: what may be used.
        opened: opens the place; of a store that is in memory already, it returns that.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    stack = limits.stack if hard == resource.RLIM_INFINITY else min(limits.stack, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, hard))
    size = AddressSpace()
    readable = [Path(place)] if opened is embedded else []
    if limits.network:
        readable += [path for path in map(Path, NAME_LOOKUP) if path.exists()]
    confinement = confine(readable, network=limits.network)
    try:
        store = opened(place)
    except (OSError, RuntimeError, ValueError) as error:
        wire.send(outgoing, {"status": "store", "message": f"{type(error).__name__}: {error}"})
        return
    start = size.limit(limits.memory)
    wire.send(outgoing, {"status": "ready", "landlock": confinement.landlock, "seccomp": confinement.seccomp})
    linger = 0.0
    for number in count():
        wire.watch(incoming, linger)
        try:
            request, _ = wire.receive_blocking(incoming, limit=REQUEST_LIMIT)
        except wire.ClosedError:
            return
        signal.setitimer(signal.ITIMER_REAL, request["deadline"] + GRACE)
        begun = time.monotonic()
        header, body = answer(store, request)
        long = time.monotonic() - begun > SWIFT
        signal.setitimer(signal.ITIMER_REAL, 0)
        # What the allocator keeps counts against the next query: a worker that holds much of it makes room for another.
        # Nothing swift takes much, so then it is looked at now and then.
        large = (long or number % 64 == 0) and size.now() > start + limits.memory // 2
        header["retire"] = large or header["status"] == "memory"
        linger = request["linger"]
        wire.send(outgoing, header, body)
        if header["retire"]:
            return


class AddressSpace:
    """This process's address space; the file is opened before Landlock closes /proc."""

    def __init__(self) -> None:
        try:
            self._statm: int | None = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._statm = None

    def now(self) -> int:
        """Return its size in bytes, 0 where the system does not tell."""
        if self._statm is None:
            return 0
        return int(os.pread(self._statm, 128, 0).split()[0]) * resource.getpagesize()

    def limit(self, extra: int) -> int:
        """Let it grow by `extra` bytes and no more; return its size now."""
        start = self.now()
        if start:
            resource.setrlimit(resource.RLIMIT_AS, (start + extra, start + extra))
        return start


def answer(store: Any, request: wire.Header) -> tuple[wire.Header, bytes]:
    """Run one request and return the header and the whole body of its answer.

    Args:
        store: ``pyoxigraph.Store``, or ``remote_store.RemoteStore``, whose query takes the same.
        request: see ``pool.Worker.ask``.
    """
    try:
        results = store.query(
            request["query"],
            base_iri=request["base"],
            default_graph=_graphs(request["default_graphs"]),
            named_graphs=_graphs(request["named_graphs"]),
            substitutions=wire.unpack_terms(request["substitutions"]) or None,
        )
        if request["format"] == excerpt.NAME:
            body = page(results, store, request)
            return {"status": "ok"}, body  # to be made a page of, and compressed then
        body = serialise(results, request["format"], request["prefixes"], request["cap"])
        if request["gzip"]:
            # Without a time in it, so that the same answer has the same bytes, as its strong entity tag says.
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
    except SyntaxError as error:
        found = syntax_place.find(request["query"], request["base"])
        offset, message = found or (None, str(error))
        return {"status": "syntax", "message": message, "offset": offset}, b""
    except OverCapError:
        return {"status": "too large"}, b""
    except UnwritableError as error:
        return {"status": "unwritable", "message": str(error)}, b""
    except MemoryError:
        return {"status": "memory"}, b""
    except OSError as error:
        if str(error).startswith(UNWRITABLE):
            return {"status": "unwritable", "message": str(error)}, b""
        status = error.status if isinstance(error, RemoteError) else "store"
        return {"status": status, "message": str(error)}, b""
    except (RuntimeError, ValueError, TypeError) as error:
        return {"status": "evaluation", "message": str(error)}, b""
    return {"status": "ok"}, body


def serialise(
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, name: str, prefixes: dict[str, str], cap: int
) -> bytes:
    """Write a result in the named format.

    Raises:
        OverCapError: it is longer than `cap`.
        TypeError: the format is not one of this kind of result.
    """
    buffer = Capped(cap)
    output = cast(IO[bytes], buffer)
    if isinstance(results, ox.QueryTriples):
        if name not in RDF_FORMATS:
            raise TypeError(f"{name} is no format for triples")
        syntax = RDF_FORMATS[name].engine
        if prefixes and name in ("turtle", "trig"):
            ox.serialize(cast(Any, results), output, syntax, prefixes=prefixes)
        else:
            results.serialize(output, syntax)
    elif name in RESULT_FORMATS:
        results.serialize(output, RESULT_FORMATS[name].engine)
    else:
        raise TypeError(f"{name} is no format for solutions")
    return readable_xml(buffer.getvalue()) if name in ("xml", "rdfxml") else buffer.getvalue()


def readable_xml(body: bytes) -> bytes:
    """Return XML that gives back what was written: the engine leaves a carriage return to be read as a line feed.

    Raises:
        UnwritableError: XML has no character for one that the result has (XML 1.0, section 2.2), or no name for a
            predicate that does not end in one (RDF 1.1 XML Syntax, section 2.11).
    """
    if (found := _NOT_XML.search(body)) is not None:
        if found[0].startswith(b"<"):
            raise UnwritableError("a predicate does not end in a name, which XML needs")
        raise UnwritableError(f"it has U+{ord(found[0].decode()):04X}, a character that XML does not")
    return body.replace(b"\r", b"&#13;")


def page(results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, store: Any, request: wire.Header) -> bytes:
    """Write what a page shows of a result, which must be one that a file could hold.

    Raises:
        OverCapError: the whole result is longer than the cap.
    """
    if isinstance(results, ox.QueryBoolean):
        return excerpt.of_boolean(bool(results))
    triples = isinstance(results, ox.QueryTriples)
    body = serialise(results, "turtle" if triples else "tsv", request["prefixes"], request["cap"])
    if triples:
        return excerpt.of_triples(body)
    return excerpt.of_solutions(body, store, request["base"], request["names"])


def _graphs(names: list[str] | None) -> list[Any] | None:
    return None if names is None else [ox.NamedNode(name) for name in names]


if __name__ == "__main__":
    main(sys.argv[1:])
