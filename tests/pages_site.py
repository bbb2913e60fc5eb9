"""The small graph of ``fixtures/pages.trig`` as a published release, and an application over it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
import pyoxigraph as ox
from flask.testing import FlaskClient

from msevidence.loaders.release import publish
from msevidence.loaders.release_manifest import Source
from msevidence.ontology.iris import BASE
from msevidence.server.app import create_app
from msevidence.server.settings import Settings

FOLDER = Path(__file__).parent
ONTOLOGY = FOLDER.parent / "ontology"
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MSE = BASE + "ontology#"
FILLERS = 130
"""Claims beyond those of the fixture, so that lists and inverse links have several pages."""


def quads(base: str = BASE) -> list[ox.Quad]:
    """Return the fixture, the ontology with one scheme, and claims enough for several pages."""
    text = (FOLDER / "fixtures" / "pages.trig").read_text(encoding="utf-8")
    found = list(ox.parse(text.replace(f"@base <{BASE}>", f"@base <{base}>"), ox.RdfFormat.TRIG))
    graph = ox.NamedNode(base + "graph/ontology")
    for file in (ONTOLOGY / "core.ttl", ONTOLOGY / "schemes" / "claim-support.ttl"):
        parsed = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
        found += [ox.Quad(q.subject, q.predicate, q.object, graph) for q in parsed]
    iri, into = ox.NamedNode, ox.NamedNode(base + "graph/document-to")
    for number in range(FILLERS):
        claim = iri(f"{base}claim/to.filler{number:04}.1.1")
        for predicate, value in (
            ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", iri(MSE + "Claim")),
            (MSE + "claimText", ox.Literal(f"Utfyllende påstand {number}.")),
            (MSE + "statedIn", iri(base + "passage/to.bbbbbbbbbb.1")),
            (MSE + "inDocument", iri(base + "document/to")),
        ):
            found.append(ox.Quad(claim, iri(predicate), value, into))
    return found


def publish_pages(home: Path, base: str = BASE, more: Iterable[ox.Quad] = ()) -> str:
    """Publish the small graph, and ``more``, and return the release's id."""
    return publish(
        [*quads(base), *more],
        home,
        base=base,
        version="0.1.0",
        sources=[Source("articles/one/curation.yaml", "4567abcd"), Source("articles/one/source.txt", "0123abcd")],
        validation_report="# conforms\n",
        built=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    ).id


@contextmanager
def client_of(home: Path, settings: Settings | None = None) -> Iterator[FlaskClient]:
    """Give a client of the application over a home, with real workers."""
    app = create_app(home, settings or Settings(deadline=2.0, page_deadline=2.0))
    try:
        yield app.test_client()
    finally:
        app.extensions["msevidence"].close()


class Page:
    """A page as a strict HTML parser reads it: a parse error fails the test that asked for it."""

    def __init__(self, html: str, address: str = "/") -> None:
        self.html, self.address = html, address
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root = parser.parse(html)

    def all(self, tag: str, **attributes: str) -> list[Any]:
        """Return the elements with this tag and these attributes."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [e for e in self.root.iter(tag) if all(e.get(name) == value for name, value in wanted.items())]

    def in_main(self, tag: str, **attributes: str) -> list[Any]:
        """Return those of :meth:`all` that are the page's own, not of the frame that all pages have."""
        inside = set(self.all("main")[0].iter(tag))
        return [e for e in self.all(tag, **attributes) if e in inside]

    def strange_scripts(self) -> list[Any]:
        """Return the scripts that are not a file of this site: there must be none."""
        return [e for e in self.all("script") if e.text or not str(e.get("src")).startswith("/static/")]

    def text(self, tag: str = "main") -> str:
        """Return the text of the first element with this tag, white space folded."""
        return " ".join("".join(self.all(tag)[0].itertext()).split())

    def section(self, id: str) -> str:
        """Return the text of the section with this heading."""
        found = [e for e in self.root.iter("section") if e.get("aria-labelledby") == id]
        assert len(found) == 1, f"{self.address}: {len(found)} sections {id}"
        return " ".join("".join(found[0].itertext()).split())

    def links(self) -> list[str]:
        """Return the addresses of all links and forms, as a browser resolves them against ``http://here``."""
        names = {"a": "href", "link": "href", "form": "action", "img": "src", "script": "src"}
        found = [e.get(name) for tag, name in names.items() for e in self.root.iter(tag) if e.get(name) is not None]
        return [urljoin(f"http://here{self.address}", link) for link in found]

    def local_links(self) -> list[str]:
        """Return the links on this server, as path and query."""
        parts = [urlsplit(link) for link in self.links()]
        return [p.path + (f"?{p.query}" if p.query else "") for p in parts if p.netloc == "here"]

    def figures(self) -> dict[str, int]:
        """Return the figures of the page, by what they count, in order."""
        found = [e for e in self.root.iter("div") if e.find("dt") is not None]
        return {"".join(e.find("dt").itertext()): int("".join(e.find("dd").itertext()).replace(",", "")) for e in found}

    def structured(self) -> dict[str, Any]:
        """Return the one schema.org data block."""
        blocks = self.all("script", type="application/ld+json")
        assert len(blocks) == 1, f"{self.address}: {len(blocks)} data blocks"
        return dict(json.loads(blocks[0].text))


def page(client: FlaskClient, address: str, status: int = 200, **headers: str) -> Page:
    """Open a page as a browser does, without following a redirect."""
    response = client.get(address, headers={**HTML, **headers})
    assert response.status_code == status, f"{address}: {response.status_code} {response.text[:300]}"
    return Page(response.text, address)
