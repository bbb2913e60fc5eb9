"""The lines that the server writes on standard error: when, how grave, from which part, for which request, and what.

As text for people, or as JSON, an object a line, for programs. A request is named by method and path: its query string
and the client's address are the client's own affair, and the address stands there only where the operator wants it.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from msevidence.server.http_message import Request

ACCESS = logging.getLogger("msevidence.access")
LINE = "%(asctime)s %(levelname)s %(name)s%(where)s: %(message)s"
TIME = "%Y-%m-%dT%H:%M:%SZ"
SHOWN = 200
"""Characters of a request's path that a line repeats."""
_REQUEST: ContextVar[Request | None] = ContextVar("request", default=None)


class Where(logging.Filter):
    """Adds the request that a line belongs to, if it belongs to one.

    Args:
        addresses: name the client's address as well.
    """

    def __init__(self, *, addresses: bool) -> None:
        super().__init__()
        self._addresses = addresses

    def filter(self, record: logging.LogRecord) -> bool:
        """Set `where` and `request` of the record; drop nothing."""
        request = _REQUEST.get()
        record.where, record.request = "", {}
        if request is not None:
            client = {"client": request.address} if self._addresses else {}
            record.request = {**client, "method": request.method[:SHOWN], "path": request.path[:SHOWN]}
            # repr: a path may hold line ends, and must not look like another line.
            named = [*client.values(), request.method[:SHOWN], repr(request.path[:SHOWN])]
            record.where = f" [{' '.join(named)}]"
        return True


class AsJson(logging.Formatter):
    """Writes a record as one object on one line: time, level, logger, message, and what the record has beside."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        said: dict[str, Any] = {
            "time": time.strftime(TIME, time.gmtime(record.created)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "request", {}),
            **getattr(record, "figures", {}),
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def configure(*, as_json: bool = False, addresses: bool = False) -> None:
    """Write the log of this process to standard error, times in UTC.

    Args:
        as_json: an object a line, else text.
        addresses: name the clients' addresses.
    """
    handler = logging.StreamHandler()
    if as_json:
        handler.setFormatter(AsJson())
    else:
        formatter = logging.Formatter(LINE, TIME)
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
    handler.addFilter(Where(addresses=addresses))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("msevidence").setLevel(logging.INFO)


def task_is_about(request: Request) -> None:
    """Have what is logged in this task, and in threads that do its work, name this request."""
    _REQUEST.set(request)


@contextmanager
def about(request: Request) -> Iterator[None]:
    """Have what is logged in the block name this request."""
    token = _REQUEST.set(request)
    try:
        yield
    finally:
        _REQUEST.reset(token)


def access(request: Request, status: int, size: int, took: float) -> None:
    """Write the line of one request."""
    with about(request):
        _answered(status, size, took, kept=False)


def access_kept(data: bytes, address: str, status: int, size: int) -> None:
    """Write the line of one request that was answered as before."""
    method, target, *_ = *data.split(b" ", 2), b"", b""
    with about(Request("", address, method.decode("latin-1"), target)):
        _answered(status, size, 0.0, kept=True)


def _answered(status: int, size: int, took: float, *, kept: bool) -> None:
    figures = {"status": status, "bytes": size, "ms": round(took * 1000, 1), "kept": kept}
    ACCESS.info(
        "%d, %d bytes, %.1f ms%s", status, size, took * 1000, ", kept" if kept else "", extra={"figures": figures}
    )
