"""The vocabulary of a release for the query editor, and the form with and without that editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.server import form
from msevidence.server.labels import PREFIXES, RDF_TYPE, short
from tests.pages_site import client_of, page

CLAIM = PREFIXES["mse"] + "Claim"
VOID = {f"void:{name}" for name in ("class", "classes", "classPartition", "distinctSubjects", "entities", "properties")}
VOID |= {f"void:{name}" for name in ("property", "propertyPartition", "triples", "vocabulary")}
DESCRIBING = {
    "classes": {"void:Dataset", "sh:PrefixDeclaration"},
    "properties": {"sh:declare", "sh:prefix", "sh:namespace", *VOID},
}
"""What is used only by the statistics and the prefixes, which are written after the counting."""


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def terms(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/terms.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return dict(answer.get_json())


def test_every_class_and_property_that_is_used_is_there(real_store: ox.Store, terms: dict[str, Any]) -> None:
    classes = {one["iri"]: one for one in terms["classes"]}
    properties = {one["iri"]: one for one in terms["properties"]}
    typed = {short(q.object.value) for q in real_store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None)}
    assert len(classes) > 90 and typed - {one["name"] for one in classes.values()} <= DESCRIBING["classes"]
    used = {short(quad.predicate.value) for quad in real_store}
    assert len(properties) > 300 and used - {one["name"] for one in properties.values()} <= DESCRIBING["properties"]
    there = {q.subject for q in real_store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(CLAIM))}
    assert classes[CLAIM] == {
        "iri": CLAIM,
        "name": "mse:Claim",
        "label": {"en": "Claim", "nb": "Påstand"},
        "definition": {
            "en": "An assertion as the authors made it in one passage.",
            "nb": "En påstand slik forfatterne fremsetter den på ett tekststed.",
        },
        "count": len(there),
    }


def test_what_is_used_most_comes_first_and_what_is_only_declared_last(terms: dict[str, Any]) -> None:
    for kind in ("classes", "properties"):
        counts = [one["count"] for one in terms[kind]]
        assert counts == sorted(counts, reverse=True)
    assert terms["properties"][0]["name"] == "rdf:type"
    assert terms["prefixes"] == dict(PREFIXES)


def test_terms_are_asked_for_once_a_release(client: FlaskClient, terms: dict[str, Any]) -> None:
    tag = client.get("/terms.json").headers["ETag"]
    assert tag.startswith(f'"{terms["release"]}-')
    assert client.get("/terms.json", headers={"If-None-Match": tag}).status_code == 304


def test_without_the_files_of_the_editor_the_form_is_a_plain_one(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, tags = {}, set()
    for there in (False, True):
        monkeypatch.setattr(form, "editor", lambda there=there: there)
        for address in ("/sparql", "/sparql?query=ASK{}"):
            shown[there] = page(client, address)
            tags.add(client.get(address, headers={"Accept": "text/html"}).headers["ETag"])
            assert len(shown[there].all("textarea", name="query")) == 1
    assert len(tags) == 4
    assert shown[False].all("script") == [] and "data-terms" not in shown[False].html
    assert [e.get("src") for e in shown[True].all("script")] == ["/static/vendor/yasqe.min.js", "/static/editor.js"]
    assert shown[True].all("form", id="query-form")[0].get("data-terms") == "/terms.json"
