"""From a question to a response: tag, conditional request, cache, worker. Shared by SPARQL and Graph Store reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response

from msevidence.server import answers, errors, negotiation
from msevidence.server.formats import Format
from msevidence.server.pool import Question
from msevidence.server.releases import Release
from msevidence.server.settings import Settings
from msevidence.server.store import client, lanes

SWITCHES = 5
"""Releases that may be published while one request tries to get hold of one."""
PAGE_VARY = "Accept, Accept-Language"

Write = Callable[[dict[str, Any], Release], str]
"""Makes a page of what ``excerpt`` wrote about a result from this release."""


def answer(question: Question, format: Format, *, volatile: bool = False) -> Response:  # type: ignore[type-arg]
    """Answer a question whole, from one release.

    Args:
        question: what to run; its format's name is `format.name`.
        volatile: the answer may differ from one run to the next, so it gets no tag and is not kept.

    Raises:
        errors.Problem: 413, 429, 5xx, or 400 for a syntax error.
    """
    return _answer(question, (), volatile, format.content_type, "Accept", lambda body, _: body)


def page(question: Question, write: Write, *parts: Any, volatile: bool = False) -> Response:
    """Answer a question with a page, from one release, by the same lane, limits, tags and cache.

    Args:
        question: what to run; its format is ``excerpt.NAME``.
        write: makes the page.
        parts: everything that decides the page's bytes beside the question and the release.
        volatile: as in :func:`answer`.

    Raises:
        errors.Problem: as :func:`answer`.
    """

    def finish(body: bytes, release: Release) -> bytes:
        return answers.coded(write(json.loads(body), release).encode())

    return _answer(question, parts, volatile, answers.PAGE_TYPE, PAGE_VARY, finish)


def tag_of(question: Question, release: Release, *parts: Any, settings: Settings | None = None) -> str:
    """Return the entity tag of a question's answer from this release."""
    # In one text: repr tells apart what differs, and writes it faster than JSON.
    said = repr((question.query, question.default_graphs, question.named_graphs, question.format, question.gzip))
    return answers.entity_tag(release, said, *parts, settings=settings)


def _answer(
    question: Question,
    parts: tuple[Any, ...],
    volatile: bool,
    content_type: str,
    vary: str,
    finish: Callable[[bytes, Release], bytes],
) -> Response:
    all_lanes = lanes()
    lane = all_lanes.federated if question.federated and all_lanes.federated else all_lanes.sparql
    question = replace(question, gzip=negotiation.gzip_wanted())
    for _ in range(SWITCHES):
        release = lane.release()
        tag = None
        if not volatile:
            tag = tag_of(question, release, *parts)
            if (known := answers.known(tag, content_type, vary=vary)) is not None:
                return known
        body = lane.run(question, client(), release)
        if body is None:
            continue
        body = finish(body, release)
        if tag is not None:
            answers.keep(tag, body)
        return answers.complete(body, content_type, tag, gzipped=question.gzip, vary=vary)
    raise errors.Unavailable("releases follow each other too quickly")
