"""The server is asked all that its own OpenAPI description says can be asked, and much that it says can not.

schemathesis makes the requests from ``/openapi.json`` as a real server publishes it: the examples, the borders of each
schema, and random values, valid and not, always the same. It looks for answers that are 5xx, that have a status, type,
header or shape that is not described, that take what is to be refused or refuse what is allowed, and for methods that
are taken and not described. ``SCHEMATHESIS_EXAMPLES=100`` asks more of every operation, all stored questions and
exports among them; ``SCHEMATHESIS_HOME`` names a home to serve instead of the small one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from msevidence.server.settings import Settings
from tests.pages_site import publish_pages
from tests.server_fixtures import running
from tests.server_http import send

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "0"))
"""Random requests of an operation; none in the size of CI, which has the examples and the borders."""
ALIKE = r"^/(export|queries)/(?!ris$|trig$|xlsx$|treatment-abroad$|provenance-of-a-triple$|claim-to-support$)"
"""Stored questions and exports beyond some of each: they share their code, and each has its own tests."""


def test_what_is_described_is_so(tmp_path: Path) -> None:
    home = os.environ.get("SCHEMATHESIS_HOME")
    if home is None:
        publish_pages(tmp_path / "home")
    with running(Path(home or tmp_path / "home"), replace(Settings(), cache_bytes=0)) as endpoint:
        site = endpoint.removesuffix("/sparql")
        described = send(site, "/openapi.json").json()["paths"]
        said = _asked(site, tmp_path)
    selected, total, tested, generated = (int(found) for found in _counts(said))
    assert total > 100 and len(described) > 100  # that no route is missing is seen by test_openapi.py
    # Of some operations without parameters there is nothing to ask in a phase.
    assert tested > selected - 5 and selected > (total - 1 if EXAMPLES else 70)
    assert generated > 20 * tested, said[-5_000:]


def _counts(said: str) -> tuple[str, ...]:
    """Return how many operations were selected, are described, and were tested, and how many requests were made."""
    found = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+).*?(\d+) generated", said, re.DOTALL)
    assert found is not None, said[-5_000:]
    return found.groups()


def _asked(site: str, folder: Path) -> str:
    """Return what schemathesis prints; what it keeps goes into a folder of the test.

    Raises:
        AssertionError: it found a fault.
    """
    more = ["--phases=examples,coverage,fuzzing", f"--max-examples={EXAMPLES}"]
    less = ["--phases=examples,coverage", f"--exclude-path-regex={ALIKE}"]
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        f"--config-file={ROOT}/tests/schemathesis.toml",
        "run",
    ]
    command += [f"{site}/openapi.json", "--no-color", "--workers=1", *(more if EXAMPLES else less)]
    path = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))}
    done = subprocess.run(command, cwd=folder, env=path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    return done.stdout
