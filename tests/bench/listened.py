"""One kept answer behind other listeners: as an application of WSGI and of ASGI, without anything of ours.

Runs in the environment of the peers. ``LISTENED_BODY`` names the file with the body; ``/large`` is twenty megabytes.
"""

import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

BODY = Path(os.environ["LISTENED_BODY"]).read_bytes() if "LISTENED_BODY" in os.environ else b"{}"
LARGE = 20_000_000
KIND = "application/sparql-results+json"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer by WSGI (PEP 3333)."""
    environ["wsgi.input"].read()
    body = bytes(LARGE) if environ["PATH_INFO"] == "/large" else BODY
    start_response("200 OK", [("Content-Type", KIND), ("Content-Length", str(len(body)))])
    return [body]


async def asgi(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answer by ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    body = bytes(LARGE) if scope["path"] == "/large" else BODY
    headers = [(b"content-type", KIND.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
