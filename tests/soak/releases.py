"""Two releases in one home, what is right in each, and the hand that switches between them."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pyoxigraph as ox

from msevidence.loaders.release import publish
from msevidence.loaders.release_manifest import Source
from msevidence.ontology.iris import BASE
from tests.attacks.oracle import Oracle, oracle
from tests.attacks.serving import health
from tests.pages_site import quads

PATIENCE = 60.0


def make(home: Path, release: Path | None) -> dict[str, Oracle]:
    """Publish two releases that differ, and work out the right answers of both.

    Args:
        home: an empty folder.
        release: folder of a release to take the statements of; None: the small graph of the pages' tests.

    Returns:
        the oracles, by release; the last is the one that `current` names.
    """
    everything, files = quads(), {}
    sources = [Source("articles/one/curation.yaml", "4567abcd"), Source("articles/one/source.txt", "0123abcd")]
    if release is not None:
        parsed = ox.parse(path=str(release / "data.nq"), format=ox.RdfFormat.N_QUADS)
        # Publishing writes these two by itself.
        made = {ox.DefaultGraph(), ox.NamedNode(f"{BASE}graph/release")}
        everything = [quad for quad in parsed if quad.graph_name not in made]
        sources = [Source(**source) for source in json.loads((release / "manifest.json").read_bytes())["sources"]]
        held = [file for file in sorted((release / "ontology").rglob("*")) if file.is_file()]
        files = {str(file.relative_to(release)): file.read_bytes() for file in held}
    into = next(quad.graph_name for quad in everything if "graph/document-" in str(quad.graph_name))
    found = {}
    for number in range(2):
        label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        value = ox.Literal(f"Release {number}", language="en")
        mark = ox.Quad(ox.NamedNode(f"{BASE}claim/soak.0000000000.1"), label, value, into)
        id = publish(
            [*everything, mark],
            home,
            base=BASE,
            version=f"0.0.{number}",
            sources=sources,
            validation_report="# conforms\n",
            built=datetime(2026, 1, 2, 3, 4, number, tzinfo=UTC),
            extra_files=files,
        ).id
        found[id] = oracle(home / "releases" / id)
    return found


def switch(home: Path, release: str) -> None:
    """Let `current` point to a release, in one step."""
    link = home / "link"
    link.symlink_to(Path("releases") / release)
    link.replace(home / "current")


def serve(home: Path, release: str, url: str) -> None:
    """Switch, and wait until the server has followed.

    Raises:
        AssertionError: it does not follow.
    """
    switch(home, release)
    until = time.monotonic() + PATIENCE
    while health(url)["release"]["id"] != release:
        assert time.monotonic() < until, f"the server does not follow to {release}"
        time.sleep(0.05)


def switching(home: Path, releases: list[str], seed: int, stop: threading.Event) -> int:
    """Switch every few seconds until told to stop; return how often."""
    random, times = Random(seed), 0
    while not stop.wait(2 + 3 * random.random()):
        switch(home, releases[times % len(releases)])
        times += 1
    return times
