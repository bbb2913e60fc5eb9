"""From a request to the Flask application and back: the Web Server Gateway Interface (PEP 3333)."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any
from urllib.parse import unquote_to_bytes, urlsplit

from werkzeug.wsgi import FileWrapper

from msevidence.server.errors import BadRequest
from msevidence.server.http_message import Answer, Request

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
AT_ONCE, FIRST = 4 << 20, 64 << 10
"""Bytes of a body in several pieces that are put together; what is longer is sent piece by piece.

Of a body whose length is not known, or is above that, only the first are: a thread of the application would otherwise
make megabytes before anybody reads one.
"""
PROXY = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-forwarded-by", "forwarded")
NO_BODY = (204, 304)
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")


def respond(application: Application, request: Request, server: tuple[str, int], **more: Any) -> Answer:
    """Have the application answer one request.

    Args:
        application: what answers.
        request: what is asked.
        server: name and port that the server listens on.
        more: what stands in the environment beside, by name with `_` for `.`.
    """
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        started[:] = [int(status.split(" ", 1)[0]), headers]
        return lambda data: None  # the callable of PEP 3333 for old applications; Flask never writes with it

    result = application(environment(request, server) | more, start_response)
    rest = Rest(result)
    try:
        answer = Answer(started[0], started[1])
        length = answer.header("Content-Length")
        answer.body, done = _beginning(rest, length)
    except BaseException:
        rest.close()
        raise
    if done:
        rest.close()
        # Of what is streamed, HEAD has no length to tell: none is made (RFC 9110, section 8.6).
        if not length and answer.status not in NO_BODY and request.method != "HEAD":
            answer.headers.append(("Content-Length", str(len(answer.body))))
    else:
        answer.more = rest
    return answer


def _beginning(rest: Rest, length: str) -> tuple[bytes, bool]:
    """Return what is sent at once, and whether it is all."""
    most = AT_ONCE if length and int(length) <= AT_ONCE else FIRST
    parts: list[bytes] = []
    size = 0
    while size < most or length == str(size):
        piece = next(rest, None)
        if piece is None:
            return b"".join(parts), True
        if not piece and not length:  # it takes a while, which is not for this thread
            break
        parts.append(piece)
        size += len(piece)
    return b"".join(parts), False


class Rest(Iterator[bytes]):
    """What of a body is yet to be read; a generator could not be closed before it has begun."""

    def __init__(self, result: Iterable[bytes]) -> None:
        self._result, self._pieces = result, iter(result)

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Say that nobody reads any more, or that all was read."""
        close = getattr(self._result, "close", None)
        if close is not None:
            close()


def environment(request: Request, server: tuple[str, int]) -> dict[str, Any]:
    """Return a request as PEP 3333 has it; what a proxy says of the client only where it is the trusted one.

    Raises:
        errors.BadRequest: its target is no address.
    """
    scheme, host, target = "http", "", request.target
    if not target.startswith(b"/") and target != b"*":  # the absolute form, whose host goes before Host
        try:
            parts = urlsplit(target.decode("latin-1"))
        except ValueError as error:
            raise BadRequest(f"The target of the request is no address: {error}.") from error
        host = parts.netloc
        target = ((parts.path or "/") + ("?" + parts.query if parts.query else "")).encode("latin-1")
    path, _, query = target.partition(b"?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "REQUEST_URI": target.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": request.address,
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": _file,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": str(len(request.body)),
    }
    for name, value in request.headers:
        if "_" in name or name in PROXY or name in ("content-length", "transfer-encoding"):
            continue  # an underscore would pass for a hyphen
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        environ[key] = f"{environ[key]}, {value}" if key in environ else value
    if host:
        environ["HTTP_HOST"] = host
    if request.trusted:
        scheme = _last(request, "x-forwarded-proto") or scheme
        said = _last(request, "x-forwarded-host")
        if said:
            environ["HTTP_HOST"] = said
    environ["wsgi.url_scheme"] = scheme if scheme in ("http", "https") else "http"
    return environ


def _file(file: IO[bytes], _: int) -> FileWrapper:
    """Return a file in pieces of which each is worth a thread: the framework's own are of 8 KiB."""
    return FileWrapper(file, FIRST)


def host_of(request: Request) -> str:
    """Return the host that a request with a path for its target is for, empty where it names none."""
    said = _last(request, "x-forwarded-host") if request.trusted else ""
    return said or request.header("host")


def forwarded_for(request: Request) -> str:
    """Return the client's address as the nearest proxy saw it; empty where it does not say.

    Some write the port as well, which is another one with each connection.
    """
    said = _last(request, "x-forwarded-for").strip('"')
    found = _WITH_PORT.fullmatch(said)
    return said if found is None else found[1] or found[2]


def _last(request: Request, name: str) -> str:
    return request.header(name).rpartition(",")[2].strip()
