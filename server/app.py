"""The web application: :func:`create_app` makes it over a home folder; ``serving`` runs it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from msevidence.server import (
    answers,
    dumps,
    errors,
    errors_http,
    gsp,
    hosts,
    metrics,
    pages,
    pages_api,
    pages_browse,
    pages_compare,
    pages_count,
    pages_diff,
    pages_export,
    pages_flow,
    pages_graphs,
    pages_map,
    pages_nanopub,
    pages_quality,
    pages_queries,
    pages_question,
    pages_results,
    pages_review,
    pages_searches,
    pages_timeline,
    pages_vocabulary,
    protocol,
    terms,
)
from msevidence.server.listening import PROBLEM
from msevidence.server.parts import Parts
from msevidence.server.request_reader import BODY_LIMIT
from msevidence.server.settings import KIB, Settings
from msevidence.server.store import release_page_lane

LOG = logging.getLogger(__name__)
LONGEST_ADDRESS = 16 * KIB
TAKE_TEXTS = re.compile(r"/(?:(?:sparql|graph|export)/?|count(?:\.[a-z]*)?|export/[^/]*)")
"""Where queries, lists of numbers, names of graphs and choices stand in addresses."""
MODULES = (
    *(protocol, gsp, dumps, pages, pages_queries, pages_question, pages_count, pages_review, pages_browse, pages_map),
    *(pages_timeline, pages_results, pages_compare, pages_flow, pages_searches, pages_vocabulary, pages_graphs),
    *(pages_nanopub, pages_export, pages_quality, pages_diff, pages_api, terms, metrics),
)


class Site(Flask):
    """The application; whatever host a request names, it can make the addresses of a page that says what is wrong."""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; one for a word that is no host as if it named none, with what is wrong with it."""
        host = environ.get("HTTP_HOST")
        if host and not hosts.is_host(host):
            environ = {name: value for name, value in environ.items() if name != "HTTP_HOST"}
            environ[PROBLEM] = hosts.refusal()
        return super().wsgi_app(environ, start_response)


def create_app(home: Path, settings: Settings, parts: Parts | None = None) -> Flask:
    """Make the application.

    Args:
        home: folder with the link `current` to the published release.
        settings: limits and addresses; where it listens is the business of ``serving``.
        parts: what it shares with an event loop; None: it has its own.

    Returns:
        the application; ``app.extensions["msevidence"]`` holds its lanes, whose ``close`` ends the workers.
    """
    # Absolute: Flask looks for a relative folder beside the program, and the program may change its directory.
    home = home.absolute()
    app = Site(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.merge_slashes = False  # its redirects are absolute, by the Host that the client names
    parts = parts or Parts(home, settings)
    app.extensions["msevidence"] = parts.lanes
    app.extensions["msevidence-settings"] = settings
    app.extensions["msevidence-metrics"] = parts.metrics
    app.extensions["msevidence-cache"] = parts.cache
    for module in MODULES:
        app.register_blueprint(module.blueprint)
    app.before_request(_foreseen)
    app.before_request(_require_host)
    app.before_request(_require_short_address)
    app.register_error_handler(errors.Problem, answers.problem)
    app.register_error_handler(HTTPException, _of_werkzeug)
    app.register_error_handler(500, _unforeseen)
    app.teardown_request(release_page_lane)
    app.after_request(answers.finish)
    return app


def _foreseen() -> None:
    """Raise what went wrong before Flask was asked, which it is to write."""
    problem = request.environ.get(PROBLEM)
    if problem is not None:
        raise problem


def _require_short_address() -> None:
    """Refuse a long address where no long text is expected, or a long path anywhere: pages say it back in their links.

    Raises:
        errors_http.AddressTooLong: it is one.
    """
    address = request.environ.get("REQUEST_URI", "")
    if len(address) <= LONGEST_ADDRESS:
        return
    if len(address.partition("?")[0]) > LONGEST_ADDRESS or TAKE_TEXTS.fullmatch(request.path) is None:
        raise errors_http.AddressTooLong(LONGEST_ADDRESS)


def _require_host() -> None:
    """Refuse a request that does not say which host it is for (RFC 9112, section 3.2).

    Raises:
        errors.BadRequest: `Host` is missing.
    """
    host = request.environ.get("HTTP_HOST")
    if host is None and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
        raise errors.BadRequest(errors.Words("The request has no Host header.", "Forespørselen mangler Host-hodet."))


def _of_werkzeug(error: HTTPException) -> Response:
    """Give the errors of the framework (no such route, wrong method, body too large) the shape of ours."""
    return answers.problem(errors.of_http(error, request.method, request.path))


def _unforeseen(error: Exception) -> Response:
    LOG.error("unforeseen", exc_info=error)
    return answers.problem(errors.ServerFault("Something went wrong that was not foreseen; the log has more."))
