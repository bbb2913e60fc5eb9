"""Sends queries over connections that stay open, reads each answer to its end, and looks at its shape.

Written here, because an error of the server's framing must be seen and not mended by a library: a body that is short,
bytes that nobody asked for, a connection that is reset.
"""

from __future__ import annotations

import asyncio
import contextlib
from random import Random
from typing import NamedTuple
from urllib.parse import quote_from_bytes

WAIT = 60.0
"""Seconds for one answer; the server's own deadline is far below."""
LONGEST_URL = 100_000
RESULTS = (
    *("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"),
    *("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml", "application/trig"),
)
ACCEPT = "{}, */*;q=0.1"


class Answer(NamedTuple):
    """An answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes


class FramingError(Exception):
    """The answer is not whole, or is no HTTP."""


class Connection:
    """One connection from an address of its own, opened again when the server has closed it.

    The server knows clients by their address; every address of 127.0.0.0/8 is this machine.
    """

    def __init__(self, host: str, port: int, random: Random) -> None:
        self._host, self._port, self._random = host, port, random
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.opened = 0

    async def close(self) -> None:
        """Close the connection; the next request comes from another address."""
        if self._streams is not None:
            writer = self._streams[1]
            self._streams = None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def send(self, request: bytes) -> Answer:
        """Send a request and return the answer.

        Raises:
            FramingError: the answer is not whole, or the connection broke.
        """
        fresh = self._streams is None
        try:
            return await asyncio.wait_for(self._exchange(request), WAIT)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            await self.close()
            # A connection that rested may have been closed in the meantime (RFC 9112, 9.5); a new one may not.
            if fresh or not isinstance(error, ConnectionError | asyncio.IncompleteReadError):
                raise FramingError(f"{type(error).__name__}: {error}") from error
            return await self.send(request)

    async def _exchange(self, request: bytes) -> Answer:
        if self._streams is None:
            source = f"127.{self._random.randint(1, 254)}.{self._random.randint(1, 254)}.{self._random.randint(1, 254)}"
            self._streams = await asyncio.open_connection(self._host, self._port, local_addr=(source, 0), limit=1 << 20)
            self.opened += 1
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        version, status, *_ = head[0].split(" ")
        if version != "HTTP/1.1":
            raise ValueError(f"status line {head[0][:80]!r}")
        headers = {}
        for line in head[1:-2]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if "content-length" in headers:
            body = await reader.readexactly(int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            body = await _chunks(reader)
        else:
            raise ValueError("neither a length nor chunks")
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return Answer(int(status), headers, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        if await reader.readexactly(2) != b"\r\n":
            raise ValueError("a chunk that does not end")
    await reader.readuntil(b"\r\n")
    return b"".join(parts)


def request_for(query: bytes, host: str, random: Random) -> bytes:
    """Return a request that asks a query: by GET, by form or directly, for one of the formats."""
    accept = ACCEPT.format(random.choice(RESULTS)) if random.random() < 0.5 else "*/*"
    head = f"Host: {host}\r\nAccept: {accept}\r\n"
    if random.random() < 0.05:
        head += "Accept-Encoding: gzip\r\n"
    way = random.choice(("get", "form", "direct"))
    if way == "get":
        encoded = quote_from_bytes(query, safe="" if random.random() < 0.5 else "/?:@!$'()*,;")
        if len(encoded) < LONGEST_URL:
            return f"GET /sparql?query={encoded} HTTP/1.1\r\n{head}\r\n".encode()
        way = "form"
    if way == "form":
        body = b"query=" + quote_from_bytes(query, safe="").replace("%20", "+").encode()
        kind = "application/x-www-form-urlencoded"
    else:
        body = query
        kind = "application/sparql-query" + random.choice(("", "; charset=utf-8"))
    return f"POST /sparql HTTP/1.1\r\n{head}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
