"""The files of a release and what describes them, over HTTP against the real server."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rdflib import Graph, URIRef

from tests.pages_site import HTML, Page, publish_pages
from tests.server_http import send

DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """Run the command ``msevidence serve`` in a folder, as ``make serve`` does; give its address."""
    code = "from msevidence.server.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--host", "127.0.0.1", "--port", "0", *arguments]
    given = {**os.environ, **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=given) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


@pytest.mark.parametrize(
    ("name", "arguments", "environment"),
    [
        ("build", [], {}),
        ("kept", ["--home", "kept"], {}),
        ("kept", ["--home", "./sub/../kept"], {}),
        ("kept", [], {"MSEVIDENCE_HOME": "kept"}),
    ],
)
def test_dumps_of_a_relative_home_are_found_at_every_address_that_names_them(
    tmp_path: Path, name: str, arguments: list[str], environment: dict[str, str]
) -> None:
    (tmp_path / "sub").mkdir()
    release = publish_pages(tmp_path / name)
    with serving(tmp_path, *arguments, **environment) as url:
        graph = Graph().parse(data=send(url, "/dataset", Accept="text/turtle").body, format="turtle")
        described = {str(o) for o in graph.objects(None, URIRef(DCAT + "downloadURL"))}
        page = Page(send(url, "/", Accept=HTML["Accept"]).body.decode()).structured()
        addresses = described | {page["distribution"]["contentUrl"]}
        # The base of the data is not the server's address: what is named by it answers at the same path here.
        paths = {urlsplit(address).path.removeprefix("/msevidence") for address in addresses}
        manifest = json.loads(send(url, f"/releases/{release}/manifest.json").body)
        assert paths == {f"/releases/{release}/{file}" for file in manifest["files"]}
        for path in sorted(paths):
            file = send(url, path)
            assert file.status == 200, path
            stated = manifest["files"][path.removeprefix(f"/releases/{release}/")]
            assert hashlib.sha256(file.body).hexdigest() == stated["sha256"], path
