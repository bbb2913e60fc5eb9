"""The system under test for the shared runner of the query tests: the real server over HTTP, guard and worker too.

One server runs for all tests; each dataset becomes a release of its own that is published under it, so the run also
switches releases some hundred times.
"""

from __future__ import annotations

import atexit
import http.client
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.server_fixtures import publish, running

_HELD = ExitStack()
_STATE: dict[str, str] = {}


class Session:
    """Queries over one dataset."""

    def __init__(self, path: str) -> None:
        data = Path(path).read_bytes()
        if not _STATE:
            home = _HELD.enter_context(tempfile.TemporaryDirectory())
            publish(Path(home), data, merge=False, lenient=True)
            _STATE.update(home=home, url=_HELD.enter_context(running(Path(home))))
            atexit.register(_HELD.close)
        else:
            publish(Path(_STATE["home"]), data, merge=False, lenient=True)
        self._url = urlsplit(_STATE["url"])

    def query(self, text: str, accept: str) -> tuple[int, str, bytes]:
        """Send a query as a POST form; return status, content type and body."""
        connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=20)
        try:
            headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", self._url.path, "query=" + quote(text, safe=""), headers)
            response = connection.getresponse()
            return response.status, response.getheader("Content-Type") or "", response.read()
        finally:
            connection.close()

    def close(self) -> None:
        """Leave the server running for the next dataset."""


open_dataset = Session
