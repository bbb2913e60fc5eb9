"""The lines that the server writes on standard error: when, how grave, from which part, for which request, and what."""

from __future__ import annotations

import logging
import time

from flask import has_request_context, request

LINE = "%(asctime)s %(levelname)s %(name)s%(where)s: %(message)s"
SHOWN = 200
"""Characters of a request's path that a line repeats; never its query string, which is the client's own affair."""


class Where(logging.Filter):
    """Adds the request that a line belongs to, if it belongs to one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set `where` of the record; drop nothing."""
        record.where = ""
        if has_request_context():
            # repr: a path may hold line ends, and must not look like another line.
            record.where = f" [{request.remote_addr} {request.method} {request.path[:SHOWN]!r}]"
        return True


def configure() -> None:
    """Write the log of this process to standard error, times in UTC."""
    handler = logging.StreamHandler()
    formatter = logging.Formatter(LINE, "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(Where())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("msevidence").setLevel(logging.INFO)
    # A request that waits is no event: /health tells the queues, and a busy machine would fill the log with them.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
