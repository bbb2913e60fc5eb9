"""What the web process and a worker say to each other: frames of a JSON header and a body of bytes.

Nothing is pickled: a worker runs strangers' queries, and what it sends is read as data only.
"""

from __future__ import annotations

import json
import os
import select
import struct
import time
from collections.abc import Callable, Mapping
from typing import Any

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Header = dict[str, Any]

SIZES = struct.Struct(">II")
HEADER_LIMIT = 4 << 20
"""Bytes of a header: a query, and graphs and prefixes, of a request of the greatest length, each character escaped."""
_encode = json.JSONEncoder(ensure_ascii=False).encode
CHUNK = 1 << 20
_OK: Header = {"status": "ok", "retire": False}
"""The header of nearly every answer."""
_ANSWERED = json.dumps(_OK).encode()
FIRST = 1 << 16
"""Bytes of the first piece of an answer: Python maps and unmaps memory for what may be longer than 128 KiB."""


let_others_run: Callable[[], None] = getattr(os, "sched_yield", lambda: time.sleep(0))
"""Leaves the processor to who waits for it: sched_yield(2), which not every system has."""


class ClosedError(ConnectionError):
    """The other side has gone."""


class LateError(TimeoutError):
    """The deadline passed before the frame was through."""


def send(descriptor: int, header: Header, body: bytes = b"", *, until: float | None = None) -> None:
    """Write one frame.

    Args:
        until: a time of ``time.monotonic``; the descriptor must be non-blocking where it is given.

    Raises:
        ClosedError: nobody reads any more.
        LateError: `until` has passed.
    """
    send_frame(descriptor, frame(header, body[:FIRST], len(body)), until=until)
    send_frame(descriptor, memoryview(body)[FIRST:], until=until)  # a long one is not copied for its header


def frame(header: Header, body: bytes = b"", size: int = 0) -> bytes:
    """Return one frame's bytes; of one whose body is `size` bytes long, the first."""
    head = _ANSWERED if header == _OK else _encode(header).encode(errors="surrogatepass")
    return SIZES.pack(len(head), max(size, len(body))) + head + body


def send_frame(descriptor: int, written: bytes | memoryview, *, until: float | None = None) -> None:
    """Write one frame; as :func:`send`."""
    rest = memoryview(written)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest[:CHUNK]) :]
        except BlockingIOError:
            _wait(descriptor, select.POLLOUT, until)
        except BrokenPipeError as error:
            raise ClosedError("the reader has gone") from error


class Reader:
    """Puts a frame together from pieces as they come.

    Args:
        limit: greatest length of the body that is believed.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._header: Header | None = None
        self._parts: list[bytes] = []
        self._missing = 0
        """Bytes of the body, once the header is there."""

    @property
    def piece(self) -> int:
        """How many bytes to read next, at most."""
        return CHUNK if self._parts else FIRST

    def feed(self, piece: bytes) -> tuple[Header, bytes] | None:
        """Take a piece; return the frame once it is whole.

        Raises:
            ClosedError: the piece is empty, as where the writer has gone, or what it wrote is no frame.
        """
        if not piece:
            raise ClosedError("the writer has gone")
        if self._header is None:
            data = b"".join([*self._parts, piece]) if self._parts else piece
            self._parts = [data]
            if len(data) < SIZES.size:
                return None
            head_size, body_size = SIZES.unpack_from(data)
            if head_size > HEADER_LIMIT or body_size > self._limit:
                raise ClosedError(f"a frame of {head_size} + {body_size} bytes is over the limit of {self._limit}")
            end = SIZES.size + head_size
            if len(data) < end:
                return None
            self._header = _header(data[SIZES.size : end])
            self._parts, self._missing = [], body_size
            piece = data[end:]
        self._parts.append(piece)
        self._missing -= len(piece)
        if self._missing > 0:
            return None
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        return self._header, body if not self._missing else body[: self._missing]


def receive_blocking(descriptor: int, *, limit: int) -> tuple[Header, bytes]:
    """Read one frame from a blocking descriptor whose writer waits for an answer before the next.

    Raises:
        ClosedError: as :func:`receive`.
    """
    reader = Reader(limit)
    while (whole := reader.feed(os.read(descriptor, reader.piece))) is None:
        pass
    return whole


def watch(descriptor: int, seconds: float) -> None:
    """Return once there is something to read, without sleep, or after so many seconds: to be woken takes a while."""
    if not seconds:
        return
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    until = time.monotonic() + seconds
    while not waiting.poll(0) and time.monotonic() < until:
        let_others_run()


def receive(descriptor: int, *, limit: int, until: float | None = None) -> tuple[Header, bytes]:
    """Read one frame whole.

    Args:
        limit: greatest length of the body that is believed.
        until: a time of ``time.monotonic``.

    Raises:
        ClosedError: the writer has gone, or what it wrote is no frame.
        LateError: `until` has passed.
    """
    head_size, body_size = SIZES.unpack(_read(descriptor, SIZES.size, until))
    if head_size > HEADER_LIMIT or body_size > limit:
        raise ClosedError(f"a frame of {head_size} + {body_size} bytes is over the limit of {limit}")
    header = _header(_read(descriptor, head_size, until))
    return header, _read(descriptor, body_size, until)


def _header(written: bytes) -> Header:
    if written == _ANSWERED:
        return dict(_OK)
    try:
        header: Header = json.loads(
            written.decode(errors="surrogatepass")
        )  # of bytes, json would find out the encoding
    except ValueError as error:
        raise ClosedError(f"a header is no JSON: {error}") from error
    return header


def _read(descriptor: int, size: int, until: float | None) -> bytes:
    parts: list[bytes] = []
    while size:
        _wait(descriptor, select.POLLIN, until)
        try:
            part = os.read(descriptor, min(size, CHUNK))
        except BlockingIOError:
            continue
        if not part:
            raise ClosedError("the writer has gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _wait(descriptor: int, event: int, until: float | None) -> None:
    if until is None:
        return
    waiting = select.poll()
    waiting.register(descriptor, event)
    left = until - time.monotonic()
    if left <= 0 or not waiting.poll(left * 1000):
        raise LateError("the deadline has passed")


def pack_terms(terms: Mapping[str, Term]) -> dict[str, dict[str, str | None]]:
    """Write the values bound to variables as JSON.

    Raises:
        TypeError: a value is neither an IRI nor a literal.
    """
    packed: dict[str, dict[str, str | None]] = {}
    for name, term in terms.items():
        if isinstance(term, ox.NamedNode):
            packed[name] = {"iri": term.value}
        elif isinstance(term, ox.Literal):
            packed[name] = {
                "value": term.value,
                "language": term.language,
                "datatype": None if term.language else term.datatype.value,
            }
        else:
            raise TypeError(f"?{name}: only IRIs and literals can be bound, not {type(term).__name__}")
    return packed


def unpack_terms(packed: Mapping[str, Mapping[str, Any]]) -> dict[ox.Variable, Term]:
    """Read what :func:`pack_terms` wrote."""
    terms: dict[ox.Variable, Term] = {}
    for name, value in packed.items():
        if "iri" in value:
            terms[ox.Variable(name)] = ox.NamedNode(value["iri"])
        elif value["language"]:
            terms[ox.Variable(name)] = ox.Literal(value["value"], language=value["language"])
        else:
            terms[ox.Variable(name)] = ox.Literal(value["value"], datatype=ox.NamedNode(value["datatype"]))
    return terms
