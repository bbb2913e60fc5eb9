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
        said = _asked(site)
    left_out = [path for path in described if re.search(ALIKE, path)]
    count = sum(len(methods) for path, methods in described.items() if EXAMPLES or path not in left_out)
    assert count > 60, "the description is not whole"
    assert f"Tested: {count}" in said, said[-5_000:]
    found = re.search(r"(\d+) generated", said)
    assert found is not None and int(found[1]) > 20 * count, said[-5_000:]


def _asked(site: str) -> str:
    """Return what schemathesis prints.

    Raises:
        AssertionError: it found a fault.
    """
    more = ["--phases=examples,coverage,fuzzing", f"--max-examples={EXAMPLES}"]
    less = ["--phases=examples,coverage", f"--exclude-path-regex={ALIKE}"]
    command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file=tests/schemathesis.toml", "run"]
    command += [f"{site}/openapi.json", "--no-color", "--workers=2", *(more if EXAMPLES else less)]
    path = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))}
    done = subprocess.run(command, cwd=ROOT, env=path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    return done.stdout
