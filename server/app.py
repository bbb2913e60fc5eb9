"""The web application and the server that runs it.

:func:`create_app` makes the Flask application over a home folder; :func:`serve` runs it behind the event loop of
``listening``.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import signal
import socket
import sys
import threading
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from msevidence.server import (
    answers,
    dumps,
    errors,
    gsp,
    metrics,
    pages,
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
from msevidence.server.cache import Cache
from msevidence.server.connection import BODY_LIMIT
from msevidence.server.listening import PROBLEM, Listener
from msevidence.server.metrics import Metrics
from msevidence.server.releases import current
from msevidence.server.sandbox import Confinement
from msevidence.server.settings import Settings
from msevidence.server.store import Lanes, release_page_lane

LOG = logging.getLogger(__name__)
MODULES = (
    *(protocol, gsp, dumps, pages, pages_queries, pages_question, pages_count, pages_review, pages_browse, pages_map),
    *(pages_timeline, pages_results, pages_compare, pages_flow, pages_searches, pages_vocabulary, pages_graphs),
    *(pages_nanopub, pages_export, pages_quality, pages_diff, terms, metrics),
)
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")


class ServeError(Exception):
    """The server can not start; the message says why and what to do."""


def create_app(home: Path, settings: Settings) -> Flask:
    """Make the application.

    Args:
        home: folder with the link `current` to the published release.
        settings: limits and addresses; where it listens is the business of :func:`serve`.

    Returns:
        the application; ``app.extensions["msevidence"]`` holds its lanes, whose ``close`` ends the workers.
    """
    # Absolute: Flask looks for a relative folder beside the program, and the program may change its directory.
    home = home.absolute()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.merge_slashes = False  # its redirects are absolute, by the Host that the client names
    app.extensions["msevidence"] = Lanes(home, settings)
    app.extensions["msevidence-settings"] = settings
    app.extensions["msevidence-metrics"] = Metrics(app.extensions["msevidence"], settings.metrics_for)
    app.extensions["msevidence-cache"] = Cache(settings.cache_bytes)
    for module in MODULES:
        app.register_blueprint(module.blueprint)
    app.before_request(_foreseen)
    app.before_request(_require_host)
    app.register_error_handler(errors.Problem, answers.problem)
    app.register_error_handler(HTTPException, _of_werkzeug)
    app.register_error_handler(500, _unforeseen)
    app.teardown_request(release_page_lane)
    app.after_request(answers.finish)
    return app


def serve(home: Path, host: str, port: int, settings: Settings, *, bound: socket.socket | None = None) -> None:
    """Serve a home folder until the process is told to stop; print the address once it listens.

    Args:
        home: folder with the link `current`.
        host: address or name to listen on.
        port: port to listen on, 0 for any free one.
        settings: limits; `unsandboxed` allows a host beyond this machine where workers can not be confined.
        bound: what :func:`bind` returned for this host and port, where the caller wanted to be sure of them before.

    Raises:
        NoReleaseError: nothing is published there.
        ServeError: the address is taken, the store does not open, or the workers can not be confined.
    """
    current(home)
    listening = bound or bind(host, port)
    app = create_app(home, settings)
    lanes: Lanes = app.extensions["msevidence"]
    try:
        accept_confinement(_start_workers(lanes), host, settings)
        server = _listener(app, listening, home, settings)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda number, frame: server.stop())
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}"
        server.run_until_stopped(lambda: print(address, flush=True), lanes.drain, lanes.close)
        LOG.info("stopped")
    finally:
        listening.close()
        lanes.close()


def bind(host: str, port: int) -> socket.socket:
    """Take an address, without listening yet: nobody else can have it, and no client waits there.

    Raises:
        ServeError: it can not be had.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if bound.family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise ServeError(_taken(host, port, error)) from error
    return bound


def _listener(app: Flask, bound: socket.socket, home: Path, settings: Settings) -> Listener:
    """Listen there from now on."""
    try:
        listener = Listener(app, bound, home, settings)
    except OSError as error:  # somebody else took the address too, and was faster to listen
        address = bound.getsockname()
        raise ServeError(_taken(address[0], address[1], error)) from error
    counts: Metrics = app.extensions["msevidence-metrics"]
    counts.connections, counts.kept_bytes = listener.connections, listener.kept_bytes
    return listener


def _taken(host: str, port: int, error: OSError) -> str:
    return f"{host}:{port}: can not listen there ({error.strerror}); choose another port"


def accept_confinement(confinement: Confinement, host: str, settings: Settings) -> None:
    """Refuse to serve other machines through workers that are not confined; warn where only this one is served.

    Raises:
        ServeError: something is missing, `host` is not this machine alone, and the settings do not allow it.
    """
    warning = confinement.warning()
    if warning is None:
        return
    if not _is_loopback(host) and not settings.unsandboxed:
        raise ServeError(f"{warning}. Bind 127.0.0.1, or say --unsandboxed if you accept that.")
    print(f"warning: {warning}", file=sys.stderr)


def _start_workers(lanes: Lanes) -> Confinement:
    """Start the first worker of every lane, and return what confines them."""
    try:
        for lane in lanes.all():
            lane.release()
    except errors.Problem as error:
        raise ServeError(error.detail) from error
    if lanes.sparql.confinement is None:
        raise ServeError("no worker came up; the log says why")
    return lanes.sparql.confinement


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _foreseen() -> None:
    """Raise what went wrong before Flask was asked, which it is to write."""
    problem = request.environ.get(PROBLEM)
    if problem is not None:
        raise problem


def _require_host() -> None:
    """Refuse a request that does not say properly which host it is for (RFC 9112, section 3.2).

    Raises:
        errors.BadRequest: `Host` is missing or none.
    """
    host = request.environ.get("HTTP_HOST")
    if host is None and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
        raise errors.BadRequest(errors.Words("The request has no Host header.", "Forespørselen mangler Host-hodet."))
    if host and _HOST.fullmatch(host) is None:
        said = errors.Words(
            "The Host header is no host name or address, with or without a port.",
            "Host-hodet er ikke et vertsnavn eller en adresse, med eller uten port.",
        )
        raise errors.BadRequest(said)


def _of_werkzeug(error: HTTPException) -> Response:
    """Give the errors of the framework (no such route, wrong method, body too large) the shape of ours."""
    return answers.problem(errors.of_http(error, request.method, request.path))


def _unforeseen(error: Exception) -> Response:
    LOG.error("unforeseen", exc_info=error)
    return answers.problem(errors.ServerFault("Something went wrong that was not foreseen; the log has more."))
