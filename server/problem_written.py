"""An error as it is written for a client that wants no page: problem+json (RFC 9457), or text where it asks for that.

Of Flask nothing is needed here, so the event loop writes what it refuses itself: under a flood most answers are
refusals, and each would take a thread of Flask's, which keeps the loop waiting for the interpreter.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from msevidence.server import negotiation, parameters, planned
from msevidence.server.errors import Problem
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS
from msevidence.server.http_message import COMMON, Answer, Request

PROBLEM = "application/problem+json"
TEXT = "text/plain"
OFFERED = (PROBLEM, "application/json", TEXT, *negotiation.HTML)
NOT_KEPT = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
"""Headers of every error beside its own and those of every response."""


@lru_cache(maxsize=512)
def kind_for(accept: str) -> str:
    """Return in which of :data:`OFFERED` a client with this `Accept` header reads errors."""
    return negotiation.accepted_of(accept).best_match(OFFERED, PROBLEM) or PROBLEM


def document(error: Problem, language: str) -> str:
    """Write an error as problem+json."""
    body: dict[str, Any] = {
        "type": f"tag:msevidence,2024:problem/{error.kind}",
        "title": error.title.in_language(language),
        "status": error.status,
        "detail": error.said.in_language(language),
    }
    if error.advice:
        body["advice"] = error.advice.in_language(language)
    return json.dumps(body | error.extra, ensure_ascii=False, indent=1) + "\n"


def text(error: Problem, language: str) -> str:
    """Write an error as plain text."""
    advice = error.advice.in_language(language) if error.advice else None
    said = f"{error.status} {error.title.in_language(language)}", error.said.in_language(language)
    return "\n".join(line for line in (*said, error.extra.get("excerpt"), advice) if line) + "\n"


def written(error: Problem, kind: str, language: str) -> tuple[str, str]:
    """Return the content type and the text of an error in a kind that :func:`kind_for` gave and that is no page."""
    if kind == TEXT:
        return f"{TEXT}; charset=utf-8", text(error, language)
    return PROBLEM, document(error, language)


def answer(error: Problem, request: Request) -> Answer | None:
    """Return the answer to a query that failed, or None where that is Flask's to write.

    Args:
        error: why.
        request: the query's.
    """
    try:
        asked = parameters.decoded_at_once(request.target.partition(b"?")[2], "query string")
    except Problem:
        return None
    if asked is None:
        return None
    accept = request.header("accept")
    kind = kind_for(accept)
    if kind in negotiation.HTML or wants_page(accept):
        return None
    named = next((value for name, value in asked if name == "lang"), "")
    language = negotiation.language_of(named, request.header("accept-language"))
    content_type, body = written(error, kind, language)
    return _answer(error, body, {"Content-Type": content_type, **NOT_KEPT})


def refusal(error: Problem) -> Answer:
    """Return the answer to what reaches no application, after which the connection is closed."""
    answer = _answer(error, document(error, "en"), {"Content-Type": PROBLEM, "Cache-Control": "no-store"})
    answer.end = True
    return answer


def _answer(error: Problem, body: str, headers: dict[str, str]) -> Answer:
    data = body.encode()
    headers = {**COMMON, **headers, **error.headers, "Content-Length": str(len(data))}
    return Answer(error.status, list(headers.items()), data)


@lru_cache(maxsize=512)
def wants_page(accept: str) -> bool:
    """Tell whether who asks a query with this `Accept` header would rather have a page than any result."""
    return negotiation.prefers_html(planned.types(RESULT_FORMATS | RDF_FORMATS), negotiation.accepted_of(accept))
