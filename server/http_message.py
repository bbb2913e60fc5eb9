"""A request as it was read, and an answer as it is written: HTTP/1.1 (RFC 9112) without any application."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade", "date", "server", "trailer"})
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
OFFER = frozenset({"connection", "upgrade", "http2-settings"})
EXPOSED = "ETag, Link, Location, Retry-After, Content-Disposition, Repr-Digest"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
}
"""Headers of every response: CORS without credentials, and what keeps a browser from guessing."""


@dataclass(eq=False, slots=True)
class Request:
    """One request, whole."""

    client: str
    """What the client is known by (``admission.network_of``)."""
    address: str
    method: str = ""
    target: bytes = b""
    version: str = "1.1"
    headers: list[tuple[str, str]] = field(default_factory=list)
    """Names in lower case, values as Latin-1."""
    body: bytes = b""
    raw: bytes | None = None
    """All its bytes, where it came alone and in one piece."""
    keep_alive: bool = True
    trusted: bool = False
    """It comes from the trusted proxy."""
    started: float = 0.0

    def header(self, name: str) -> str:
        """Return a header's value, several joined as RFC 9110 (section 5.3) has it; empty where there is none."""
        found = ""
        for key, value in self.headers:
            if key == name:
                found = f"{found}, {value}" if found else value
        return found

    @property
    def plain_path(self) -> bytes:
        """The path, undecoded."""
        return self.target.partition(b"?")[0]

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""
        return self.header_size + len(self.body)

    @property
    def header_size(self) -> int:
        """Bytes of the target and the headers, roughly."""
        return len(self.target) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    @property
    def path(self) -> str:
        """The path, undecoded; for logs."""
        return self.plain_path.decode("latin-1")


@dataclass(eq=False, slots=True)
class Answer:
    """One response; what of the body comes after `body` comes from `more`."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    more: Iterator[bytes] | None = None
    end: bool = False
    """Close the connection after it."""
    lines: str = ""
    """Headers that are the same for many answers, as they are written."""

    def header(self, name: str) -> str:
        """Return a header's value, empty where there is none."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), "")


def without_offer(request: Request) -> bytes:
    """Write the header of a request without its offer to go on in another protocol (RFC 9110, section 7.8)."""
    kept = [(name, value) for name, value in request.headers if name not in OFFER]
    options = [option.strip() for option in request.header("connection").split(",")]
    kept += [("connection", option) for option in options if option and option.lower() not in OFFER]
    written = "".join(f"{name}: {value}\r\n" for name, value in kept)
    first = request.method.encode("latin-1") + b" " + request.target
    return first + f" HTTP/{request.version}\r\n{written}\r\n".encode("latin-1")


def head(answer: Answer, *, keep_alive: bool, version: str, chunked: bool) -> tuple[bytes, bytes]:
    """Write a status line and headers, as what stands before the time of the `Date` and what after it."""
    end = "Transfer-Encoding: chunked\r\n" if chunked else ""
    if not keep_alive:
        end += "Connection: close\r\n"
    elif version == "1.0":
        end += "Connection: keep-alive\r\n"
    return _status_line(answer.status), f"\r\n{answer.lines}{lines(answer.headers)}{end}\r\n".encode("latin-1")


def lines(headers: Iterable[tuple[str, str]]) -> str:
    """Write headers, those of the connection apart."""
    return "".join(f"{name}: {_safe(value)}\r\n" for name, value in headers if name.lower() not in HOP_BY_HOP)


@lru_cache(maxsize=64)
def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nDate: ".encode("latin-1")


def _safe(value: str) -> str:
    """Return a header's value without line ends, which would begin another header."""
    return value.replace("\r", " ").replace("\n", " ") if "\r" in value or "\n" in value else value


class Clock:
    """The `Date` of answers (RFC 9110, section 5.6.7), made once a second."""

    def __init__(self) -> None:
        self._second, self._written = 0, b""

    def __call__(self) -> bytes:
        """Return it."""
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._written = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(second)).encode()
        return self._written


def lowered(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Return headers with names in lower case."""
    return [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]
