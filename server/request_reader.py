"""Reading requests by llhttp (``httptools``), within bounds of size; a fault of one is kept until it can be told."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httptools

from msevidence.server import errors, errors_http
from msevidence.server.http_message import Request, without_offer
from msevidence.server.settings import KIB, MIB

BODY_LIMIT = 1 * MIB
"""A query of the greatest length with every byte percent-encoded, and its graphs."""
REFUSED_UNREAD = 16 * MIB
"""Up to here a body is read to its end, so that the client hears why it is refused."""
HEADER_LIMIT = 512 * KIB
"""The same as the body's limit in a URL."""
HEADERS = 200
"""Lines of a header."""
LINE_LIMIT = 16 * KIB
"""Bytes of one of them: a long query stands in the target, before them."""
CHOICES = frozenset({"accept", "accept-encoding", "accept-language"})
CHOICES_LIMIT, MOST_CHOICES = 4 * KIB, 100
"""Bytes of, and commas in, what a client would rather have: reading it takes 25 µs for each."""


class RequestReader:
    """What the parser calls for the requests of one connection, which answers them (``connection``)."""

    def __init__(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._request: Request | None = None
        self._data: bytes | None = None
        """What came, where it may be a whole request."""
        self._read = self._body_read = 0
        self._body = bytearray()
        self._in_body = False
        self._fault: errors.Problem | None = None
        self._offer: bytes | None = None
        """The header of a request that offers another protocol, without the offer."""

    def feed(self, data: bytes) -> None:
        """Have the parser read; a request that offers another protocol is read as if it did not.

        The parser takes such an offer as accepted, and what comes after the header for the other protocol's, also the
        body of a POST: Java's client offers HTTP/2 with every request.
        """
        rest: bytes | memoryview = data
        while True:
            try:
                self._parser.feed_data(rest)
            except httptools.HttpParserUpgrade as offered:
                if self._offer is None:  # CONNECT, which is refused
                    self.closing()
                    return
                header, self._offer = self._offer, None
                rest = memoryview(rest)[offered.args[0] :]
                self._parser, self._data = httptools.HttpRequestParser(self), None
                self._parser.feed_data(header)
            else:
                return

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._request = self.begun()
        self._body_read, self._in_body = 0, False
        self._body.clear()

    def on_url(self, url: bytes) -> None:
        """Take a piece of the target."""
        if self._request is not None:
            self._request.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        request = self._request
        if request is None or self._in_body:  # a trailer, which is no part of the header (RFC 9110, section 6.5.1)
            return
        if len(request.headers) >= HEADERS:
            self._fault = self._fault or errors.HeadersTooLarge(f"The header has more than {HEADERS} lines.")
            return
        if len(value) > LINE_LIMIT:
            said = f"A line of the header is over {LINE_LIMIT} bytes long."
            self._fault = self._fault or errors.HeadersTooLarge(said)
            return
        request.headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """Judge the header, before a body comes."""
        request = self._request
        if request is None:
            return
        self._in_body = True
        request.method = self._parser.get_method().decode("latin-1")
        request.version = self._parser.get_http_version()
        request.keep_alive = self._parser.should_keep_alive()
        if self._parser.should_upgrade() and request.method != "CONNECT":
            self._offer = without_offer(request)
            return
        choices = [value for name, value in request.headers if name in CHOICES]
        if sum(map(len, choices)) > CHOICES_LIMIT or sum(value.count(",") for value in choices) > MOST_CHOICES:
            said = f"What the client accepts has more than {CHOICES_LIMIT} bytes or {MOST_CHOICES} parts."
            self._fault = self._fault or errors.HeadersTooLarge(said)
        coding = request.header("transfer-encoding").strip().lower()
        if self._read >= HEADER_LIMIT and request.header_size >= HEADER_LIMIT:
            self._fault = self._fault or too_long_a_header()
        if coding not in ("", "chunked"):
            said = f"The transfer coding {coding[:100]!r} is not known here; send chunked, or a Content-Length."
            self._fault = self._fault or errors_http.UnknownTransferCoding(said)
        if request.version not in ("1.0", "1.1"):
            self._fault = self._fault or errors.BadRequest(f"HTTP/{request.version} is not spoken here; send HTTP/1.1.")
        length = request.header("content-length")
        if length.isdigit() and int(length) > REFUSED_UNREAD:
            self._fault = self._fault or too_long(length)
        elif request.header("expect").lower() == "100-continue" and request.version == "1.1":
            self.expected()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body; of a body that is too long, only its length."""
        request = self._request
        if request is None:
            return
        self._body_read += len(body)
        if self._body_read <= BODY_LIMIT:
            self._body += body
        elif self._body_read > REFUSED_UNREAD:
            self._fault = self._fault or too_long(f"more than {REFUSED_UNREAD}")

    def on_message_complete(self) -> None:
        """Hand the request over, unless it is to be read again without its offer."""
        request, self._request = self._request, None
        if self._offer is not None:
            return
        self._read = 0
        if request is not None:
            request.body = bytes(self._body)
        self._body.clear()
        if request is not None and self._body_read > BODY_LIMIT:
            self._fault = self._fault or too_long(str(self._body_read))
        self.read(request)

    # What a connection does about it

    def begun(self) -> Request:
        """Return the request that begins."""
        raise NotImplementedError

    def expected(self) -> None:
        """Tell a client that waits for it that its body will be read."""
        raise NotImplementedError

    def read(self, request: Request | None) -> None:
        """Take a request that was read to its end; None where it is of no interest any more."""
        raise NotImplementedError

    def closing(self) -> None:
        """Close after the answer: the parser reads nothing more."""
        raise NotImplementedError


def too_long_a_header() -> errors.Problem:
    """Return what is wrong with a request of too many bytes that are none of its body: header, chunk sizes, trailer."""
    return errors.HeadersTooLarge(f"The header is over {HEADER_LIMIT} bytes long, or what stands between chunks is.")


def too_long(length: str) -> errors.Problem:
    """Return what is wrong with a body of so many bytes."""
    return errors.of_status(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is {length} bytes long; {BODY_LIMIT} are taken."
    )


def said_by(error: Any) -> str:
    """Return llhttp's reason, in one line."""
    cause = error.__context__ or error
    return " ".join(str(cause).split())[:200] or type(error).__name__
