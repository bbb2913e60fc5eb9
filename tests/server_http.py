"""Requests to a real server with exactly the headers and bytes that a test names, and whole answers."""

from __future__ import annotations

import http.client
import json
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit


class Answer(NamedTuple):
    """A response, whole."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the body read as JSON."""
        return dict(json.loads(self.body))

    def type(self) -> str:
        """Return the media type without parameters."""
        return self.headers["Content-Type"].partition(";")[0]


def send(url: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """Send one request with exactly these headers to the server that ``url`` names."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def ask(url: str, query: str, *more: tuple[str, str], **headers: str) -> Answer:
    """Send a query by GET."""
    return send(url, "/sparql?" + urlencode([("query", query), *more]), **headers)
