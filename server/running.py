"""From a question to a response: tag, conditional request, cache, worker. Shared by SPARQL and Graph Store reads."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from flask import Response, current_app

from msevidence.server import answers, errors, negotiation
from msevidence.server.cache import Cache
from msevidence.server.formats import Format
from msevidence.server.pool import Question
from msevidence.server.store import client, lanes

SWITCHES = 5
"""Releases that may be published while one request tries to get hold of one."""


def answer(question: Question, format: Format, *, volatile: bool = False) -> Response:  # type: ignore[type-arg]
    """Answer a question whole, from one release.

    Args:
        question: what to run; its format's name is `format.name`.
        volatile: the answer may differ from one run to the next, so it gets no tag and is not kept.

    Raises:
        errors.Problem: 413, 429, 5xx, or 400 for a syntax error.
    """
    all_lanes = lanes()
    lane = all_lanes.federated if question.federated and all_lanes.federated else all_lanes.sparql
    cache = cast(Cache, current_app.extensions["msevidence-cache"])
    question = replace(question, gzip=negotiation.gzip_wanted())
    for _ in range(SWITCHES):
        release = lane.release()
        tag = None
        body = None
        if not volatile:
            tag = answers.entity_tag(
                release,
                question.query,
                question.default_graphs,
                question.named_graphs,
                question.format,
                question.gzip,
            )
            if answers.already_has(tag):
                return answers.not_modified(tag)
            body = cache.get(tag)
        if body is None:
            body = lane.run(question, client(), release)
            if body is None:
                continue
            if tag is not None:
                cache.put(tag, body)
        return answers.complete(body, format.content_type, tag, gzipped=question.gzip)
    raise errors.Unavailable("releases follow each other too quickly")
