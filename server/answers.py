"""How answers are made: entity tags, conditional requests, the one shape of errors, headers of every response."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from functools import cache
from importlib.metadata import version
from typing import Any, cast

from flask import Response, current_app, render_template, request

from msevidence.server import i18n, negotiation, problem_written
from msevidence.server.cache import Cache
from msevidence.server.errors import Problem
from msevidence.server.http_message import COMMON
from msevidence.server.http_message import POLICY as POLICY  # of which pages with figures ask a little less
from msevidence.server.releases import Release
from msevidence.server.settings import Settings

PAGE_TYPE = "text/html; charset=utf-8"
KEPT = "public, no-cache"
"""May be kept, must be asked about: the tag says whether the release has changed."""
PREFLIGHT_AGE = "86400"
GZIP_LEVEL = 5
_SORTED = json.JSONEncoder(sort_keys=True).encode
# Control characters and noncharacters, of which each plane of Unicode has two at its end. Those beyond the first plane
# are looked for where a text has such characters at all: with them, the pattern takes ten times as long.
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_PLANE_ENDS = "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
_BEYOND = re.compile(f"[{_PLANE_ENDS}]")


def entity_tag(release: Release, *parts: Any, settings: Settings | None = None) -> str:
    """Return a strong entity tag: the release's id and a hash of everything else that decides the bytes.

    The versions of the program and of the engine, which write them, are among it without being named in `parts`, and so
    is where the release is held: memory, files and other stores give rows in other orders where none is asked for.

    Args:
        settings: of the server; None: of the application that answers.
    """
    chosen: Settings = settings or current_app.extensions["msevidence-settings"]
    held = chosen.store or release.quads <= chosen.in_memory
    said = parts[0] if len(parts) == 1 and isinstance(parts[0], str) else _SORTED(parts)
    digest = hashlib.sha256(f"{_writers()} {held} {said}".encode(errors="surrogatepass")).hexdigest()
    return f"{release.id}-{digest[:32]}"


def arguments() -> list[tuple[str, str]]:
    """Return the arguments of the address for its entity tag: by name, the values of each in the order they came.

    That order decides the answer: most pages take the first of several values.
    """
    return sorted(request.args.items(multi=True), key=lambda one: one[0])


def known(tag: str, content_type: str, *, vary: str = "Accept") -> Response | None:
    """Return the answer with this tag where nothing need run for it: the client has it (304), or the cache.

    `If-None-Match: *` does not count: it names no release.
    """
    if request.method in ("GET", "HEAD") and tag in request.if_none_match.as_set(include_weak=True):
        return _tagged(Response(status=304), tag, vary)
    body = _cache().get(tag)
    return None if body is None else complete(body, content_type, tag, gzipped=negotiation.gzip_wanted(), vary=vary)


def complete(
    body: bytes | str, content_type: str, tag: str | None, *, gzipped: bool = False, vary: str = "Accept"
) -> Response:
    """Make a whole answer; without a tag it is not to be stored anywhere."""
    response = Response(body, content_type=content_type)
    if gzipped:
        response.headers["Content-Encoding"] = "gzip"
    return _tagged(response, tag, vary)


def compressed(body: bytes, content_type: str, tag: str, *, vary: str = "Accept") -> Response:
    """Make a whole answer that was written in this process, in the coding that the client takes, and keep it."""
    written = coded(body)
    keep(tag, written)
    return complete(written, content_type, tag, gzipped=negotiation.gzip_wanted(), vary=vary)


def keep(tag: str, body: bytes) -> None:
    """Keep a body for those who ask for the same again."""
    _cache().put(tag, body)


def coded(body: bytes) -> bytes:
    """Return a body in the coding that the client takes."""
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if negotiation.gzip_wanted() else body


def allowed_in_html(text: str) -> str:
    """Replace what a literal or a query may hold and an HTML document may not."""
    text = _NOT_IN_HTML.sub("\ufffd", text)
    beyond = len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
    return _BEYOND.sub("\ufffd", text) if beyond else text


def see_other(location: str, *, vary: str = "Accept") -> Response:
    """Make a 303 to a place on this server, written relative."""
    response = Response(status=303)
    response.autocorrect_location_header = False
    response.headers["Location"] = location
    response.headers["Vary"] = vary
    return response


def in_language_asked() -> str:
    """Return the query of an address that a client is led on to: the language that it asked for, if it did."""
    asked = request.args.get("lang", "")
    return f"?lang={asked}" if asked in i18n.LANGUAGES else ""


def problem(error: Problem, template: str = "error.html", **values: Any) -> Response:
    """Write an error as problem+json, as text for a client that asks for text, or as a page for a browser.

    Args:
        error: what went wrong.
        template: of the page; one that has a form keeps it filled.
        values: what the template needs beside the error.
    """
    kind = problem_written.kind_for(request.headers.get("Accept", ""))
    language = negotiation.language()
    if kind in negotiation.HTML:
        title = error.title.in_language(language)
        advice = error.advice.in_language(language) if error.advice else None
        shown = {"error": error, "title": title, "advice": advice, "lang": language}
        page = allowed_in_html(render_template(template, **shown, **values))
        response = Response(page, status=error.status, content_type=PAGE_TYPE)
    else:
        content_type, text = problem_written.written(error, kind, language)
        response = Response(text, status=error.status, content_type=content_type)
    response.headers.update(error.headers)
    response.headers.update(problem_written.NOT_KEPT)
    return response


def head(content_type: str, *, gzipped: bool, kept: bool, vary: str = "Accept") -> dict[str, str]:
    """Return the headers of a whole answer, as :func:`complete` and :func:`finish` write them, without its tag."""
    headers = {"Content-Type": content_type} if content_type else {}
    if gzipped:
        headers["Content-Encoding"] = "gzip"
    headers["Vary"] = f"{vary}, Accept-Encoding"
    headers["Cache-Control"] = KEPT if kept else "no-store"
    return headers | COMMON


def finish(response: Response) -> Response:
    """Add what every response carries."""
    headers = response.headers
    for name, value in COMMON.items():
        headers.setdefault(name, value)
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match, Range"
        headers["Access-Control-Max-Age"] = PREFLIGHT_AGE
    return response


def _cache() -> Cache:
    return cast(Cache, current_app.extensions["msevidence-cache"])


@cache
def _writers() -> str:
    return f"msevidence {version('msevidence')} pyoxigraph {version('pyoxigraph')}"


def _tagged(response: Response, tag: str | None, vary: str) -> Response:
    response.headers["Vary"] = f"{vary}, Accept-Encoding"
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.set_etag(tag)
        response.headers["Cache-Control"] = KEPT
    return response
