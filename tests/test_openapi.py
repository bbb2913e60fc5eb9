"""The OpenAPI description has every public route and no other, says what the code says, and is valid."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from msevidence.queries import load_questions
from msevidence.server import i18n, openapi, releases
from msevidence.server.app import create_app
from msevidence.server.exports.formats import EXPORTS
from msevidence.server.openapi_model import Choices
from msevidence.server.settings import Settings
from tests.pages_site import HTML, page, publish_pages

NO_OPERATIONS = {"graph_store.write", "graph_store.options"}
"""Routes that are there to say what is not allowed, and what is."""
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    home = tmp_path_factory.mktemp("openapi")
    publish_pages(home)
    app = create_app(home, Settings())
    yield app
    app.extensions["msevidence"].close()


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json or {})


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _endpoint(operation: dict[str, Any]) -> str:
    """Return the endpoint of an operation, whose id is that, with a number where a route has several."""
    return re.sub(r"\.\d+$", "", operation["operationId"])


def test_every_route_is_described_and_nothing_else(app: Flask, described: dict[str, Any]) -> None:
    """Each described path, filled in, leads to its route by its method; each route and method has such a path."""
    adapter = app.url_map.bind("localhost")
    reached: set[tuple[str, str, str]] = set()
    for path, method, operation in _operations(described):
        values = {}
        for one in operation["parameters"]:
            if one["in"] == "path":
                schema = _resolved(described, one["schema"])
                values[one["name"]] = one.get("example") or schema.get("enum", ["x1"])[0]
        assert set(values) == set(re.findall(r"{(\w+)}", path)), path
        rule, _ = adapter.match(path.format(**values), method, return_rule=True)
        assert rule.endpoint == _endpoint(operation), path
        reached.add((rule.rule, rule.endpoint, method))
    there = {
        (rule.rule, rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in METHODS & (rule.methods or set())
        if rule.endpoint not in NO_OPERATIONS
    }
    assert reached == there
    assert len(there) > 50


def _resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(described["components"]["schemas"][name]) if name else schema


def test_values_of_a_path_are_those_of_its_route(app: Flask, described: dict[str, Any]) -> None:
    """Where a route lists what a part of its path may be, the description lists the same."""
    adapter, checked = app.url_map.bind("localhost"), 0
    for path, method, operation in _operations(described):
        for one in operation["parameters"]:
            if one["in"] == "path" and one["name"] == "suffix":
                for value in one["schema"]["enum"]:
                    others = {name: "x1" for name in re.findall(r"{(\w+)}", path)}
                    rule, found = adapter.match(path.format(**{**others, "suffix": value}), method, return_rule=True)
                    assert rule.endpoint == _endpoint(operation), (path, value)
                    # `.csl.json` of a class arrives as a key with `.csl`, which the page takes apart.
                    assert found.get("suffix", value) in (value, value.rpartition(".")[2]), path
                    checked += 1
    assert checked > 100


def test_it_is_valid_openapi_and_its_references_lead_somewhere(described: dict[str, Any]) -> None:
    assert described["openapi"] == openapi.VERSION
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []
    for name in re.findall(r'"#/components/([a-z]+/[^"]+)"', json.dumps(described)):
        kind, _, key = name.partition("/")
        assert key in described["components"][kind], name
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    ids = [operation["operationId"] for *_, operation in _operations(described)]
    assert len(ids) == len(set(ids)) > 100


def test_stored_questions_and_exports_have_their_own_parameters(described: dict[str, Any]) -> None:
    for key, question in load_questions().items():
        operation = described["paths"][f"/queries/{key}"]["get"]
        names = [one["name"] for one in operation["parameters"]]
        assert names[: len(question.params)] == [one.name for one in question.params]
        assert operation["summary"] == question.titles["en"]
    for name, format in EXPORTS.items():
        assert format.media_type in described["paths"][f"/export/{name}"]["get"]["responses"]["200"]["content"]


def test_examples_are_answered(client: FlaskClient, described: dict[str, Any]) -> None:
    """What the description gives as an example is no error, and of a type that it names."""
    asked = 0
    for path, method, operation in _operations(described):
        parts = {one["name"]: one.get("example") for one in operation["parameters"] if one["in"] == "path"}
        if method != "GET" or None in parts.values() or path == "/graph" or path.startswith("/export/"):
            continue
        given = {o["name"]: o["example"] for o in operation["parameters"] if o["in"] == "query" and "example" in o}
        answer = client.get(path.format(**parts), query_string=given)
        expected = operation["responses"].get(str(answer.status_code))
        assert answer.status_code < 400 and expected is not None, (path, given, answer.text[:300])
        if answer.status_code == 200 and "*/*" not in expected["content"]:
            assert answer.mimetype in expected["content"], (path, answer.mimetype)
        asked += 1
    assert asked > 60


def test_it_is_served_as_the_other_descriptions_are(client: FlaskClient) -> None:
    answer = client.get("/openapi.json", headers={"Origin": "https://elsewhere.example"})
    assert answer.mimetype == "application/json" and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/openapi.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get("/openapi.json", headers={"Host": "other.example"}).headers["ETag"] != answer.headers["ETag"]


def test_every_answer_has_the_headers_of_safety_and_no_cookie(client: FlaskClient, described: dict[str, Any]) -> None:
    """Whatever is asked, refused or not; most parts of paths name nothing here, which is an answer too."""
    statuses = set()
    for path, method, operation in _operations(described):
        if method != "GET" or path.startswith(("/export/", "/queries/")):
            continue
        parts = {one["name"]: one.get("example", "x1") for one in operation["parameters"] if one["in"] == "path"}
        answer = client.get(path.format(**parts), headers=HTML)
        statuses.add(answer.status_code)
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin", path
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"):
            assert part in policy, path
        assert "script-src" not in policy and "unsafe-eval" not in policy and "Set-Cookie" not in headers, path
        assert headers["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in headers, path
    assert {200, 303, 404} <= statuses


def test_errors_are_as_described(client: FlaskClient, described: dict[str, Any]) -> None:
    problem = {**described["components"]["schemas"]["Problem"]}
    for address, status in (
        ("/map?x=1", 400),
        ("/study/none", 404),
        ("/map?format=none", 406),
        ("/sparql?update=x", 403),
    ):
        answer = client.get(address)
        assert answer.status_code == status and answer.mimetype == "application/problem+json"
        jsonschema.validate(answer.json, problem)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_people_have_the_same_as_a_page(client: FlaskClient, described: dict[str, Any], language: str) -> None:
    shown = page(client, f"/api?lang={language}")
    paths = ["".join(e.itertext()) for e in shown.all("summary")]
    for path, method, _ in _operations(described):
        assert any(one.startswith(f"{method} {path} ") for one in paths), path
    assert [link for link in shown.local_links() if link == "/openapi.json"]
    assert i18n.text("api-about", language) in shown.text()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_a_question_says_of_its_parameters_is_in_the_readers_language(client: FlaskClient, language: str) -> None:
    about = {p.abouts[language] for question in load_questions().values() for p in question.params}
    shown = page(client, f"/api?lang={language}")
    assert len(about) > 10 and all(text in shown.text() for text in about)
    others = {p.abouts["nb" if language == "en" else "en"] for q in load_questions().values() for p in q.params}
    assert not [text for text in others if text in shown.text()]


def _in(app: Flask, language: str) -> dict[str, Any]:
    """Return the description in a language."""
    home = app.extensions["msevidence"].home
    kept = [release.id for release in releases.all_releases(home)]
    return openapi.document(Choices(releases.current(home), kept, language), "http://localhost/", "0")


def _texts(part: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text for people in a part of the description, with its place; schemas and examples are data."""
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from _texts(one, f"{place}/{number}")
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in ("summary", "description") and isinstance(value, str):
                yield f"{place}/{key}", value
            elif key not in ("schemas", "schema", "example", "content"):
                yield from _texts(value, f"{place}/{key}")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_of_it_is_left_untold(app: Flask, language: str) -> None:
    """Every operation has a summary; parameters, answers, groups and headers a description; none has a gap in it."""
    said = _in(app, language)
    for path, method, operation in _operations(said):
        assert operation["summary"], (path, method)
        assert all(one["description"] for one in operation["parameters"]), (path, method)
        for status, answer in operation["responses"].items():
            told = (
                answer if "$ref" not in answer else said["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            )
            assert told["description"], (path, method, status)
    assert all(one["description"] for one in (*said["tags"], *said["components"]["headers"].values()))
    assert {one["name"] for one in said["tags"]} == {operation["tags"][0] for *_, operation in _operations(said)}
    texts = list(_texts(said))
    assert len(texts) > 800
    for place, text in texts:
        assert text.strip() == text != "", place
        assert not re.search(r"{\w*}", text), (place, text)


def test_it_says_the_same_in_both_languages_and_in_other_words(app: Flask) -> None:
    """A text that was left in the other language is found."""
    english, norsk = (dict(_texts(_in(app, language))) for language in ("en", "nb"))
    assert english.keys() == norsk.keys()
    same = {place: text for place, text in english.items() if norsk[place] == text}
    assert set(same.values()) <= {"Design"}
    assert len(english) - len(same) > 700


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_text_that_was_written_for_it_is_used(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """By the description, or by its page, which shows all of it."""
    known, heard = i18n.text, set()

    def hearing(name: str, language: str, **values: object) -> str:
        heard.add((name, language))
        return known(name, language, **values)

    monkeypatch.setattr(i18n, "text", hearing)
    _in(app, language)
    anew = {**HTML, "Host": "not-asked-before.example"}  # what was asked before comes from the cache, and uses no text
    assert client.get(f"/api?lang={language}", headers=anew).status_code == 200
    written = {name for name in i18n.texts() if name.startswith("api-")}
    assert len(written) > 90
    assert {name for name, of in heard if of == language and name.startswith("api-")} == written
    assert {of for name, of in heard if name.startswith("api-")} == {language}


def test_what_has_no_operation_says_what_there_is_instead(app: Flask, described: dict[str, Any]) -> None:
    """Such routes share their path with one that is described; nothing else of a path is hidden behind them."""
    hidden = [rule for rule in app.url_map.iter_rules() if rule.endpoint in NO_OPERATIONS]
    assert {rule.endpoint for rule in hidden} == NO_OPERATIONS
    open_ones = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint not in NO_OPERATIONS}
    client = app.test_client()
    for rule in hidden:
        assert rule.rule in open_ones and rule.rule in described["paths"]
        for method in (rule.methods or set()) & METHODS - {"GET"}:
            answer = client.open(rule.rule, method=method)
            assert answer.status_code == 405 and "GET" in answer.headers["Allow"], (rule.rule, method)


def test_head_and_options_answer_wherever_get_does(client: FlaskClient, described: dict[str, Any]) -> None:
    asked = 0
    for path, method, operation in _operations(described):
        parts = {one["name"]: one.get("example", "x1") for one in operation["parameters"] if one["in"] == "path"}
        address = path.format(**parts)
        options = client.open(address, method="OPTIONS")
        assert options.status_code in (200, 204) and method in options.headers["Allow"].split(", "), path
        if method == "GET" and not path.startswith(("/export/", "/queries/")):
            given = {o["name"]: o["example"] for o in operation["parameters"] if o["in"] == "query" and "example" in o}
            answers = [client.open(address, method=one, query_string=given) for one in ("GET", "HEAD")]
            assert len({answer.status_code for answer in answers}) == 1 and answers[1].data == b"", path
            asked += 1
    assert asked > 60


def test_pages_and_the_endpoint_lead_to_it(client: FlaskClient) -> None:
    home = page(client, "/")
    assert [e.get("href") for e in home.all("link", rel="service-desc")] == ["/openapi.json"]
    assert [e.get("href") for e in home.all("link", rel="service-doc")] == ["/api"]
    assert [e for e in home.all("a") if e.get("href") == "/api"]
    assert "openapi.json>" in client.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert client.get("/api", headers=HTML).status_code == 200
