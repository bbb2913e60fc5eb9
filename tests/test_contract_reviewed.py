"""What a reviewer found beside the contract: figures that disagreed, limits untold, answers cut without a word."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.ontology.namespaces import FRBR, MSE
from msevidence.queries import load_questions
from msevidence.server import page_reader, pages_count
from msevidence.server.pool import Worker
from msevidence.server.settings import Settings
from tests.pages_site import client_of, page
from tests.questions import asked, local

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_findings_without_those_set_aside_are_those_of_the_reviews(client: FlaskClient, real_store: ox.Store) -> None:
    found = {r["finding"]: r for r in asked(real_store, "what-does-not-add-up")}
    judged = Counter(local(r["judged"]) for r in found.values() if r["judged"])
    assert set(judged) == {"set-aside", "confirmed"} and judged["set-aside"] > 1
    assert all(bool(r["judged"]) == bool(r["judgedBecause"]) for r in found.values())
    counted = Counter(
        (local(r["document"]), local(r["severity"]))
        for r in found.values()
        if not r["judged"] or local(r["judged"]) != "set-aside"
    )
    of_pages = {
        (row["document_iri"].rpartition("/")[2], severity): int(row[severity])
        for row in rows(client.get("/index.csv?table=documents").text)
        for severity in ("error", "warning", "note")
    }
    assert of_pages == counted
    said = page(client, "/?lang=en").text()
    assert f"Of the findings, a person set {judged['set-aside']} aside" in said


def test_a_disagreement_that_was_set_aside_says_so(real_store: ox.Store) -> None:
    found = asked(real_store, "disagreements")
    assert len({r["disagreement"] for r in found}) == len(found)
    assert {local(r["judged"]) for r in found if r["judged"]} == {"set-aside", "confirmed"}


@pytest.mark.parametrize(("deadline", "told"), [(0.4, "0.4"), (2.5, "2.5"), (10.0, "10")])
def test_the_deadline_is_told_as_it_is(release_home: Path, deadline: float, told: str) -> None:
    with client_of(release_home, Settings(deadline=deadline)) as client:
        described = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
        assert f'#limit-deadline> <https://schema.org/maxValue> "{told}"^^' in described
        assert f"after {told} s," in page(client, "/sparql?lang=en").text()


def test_each_limit_that_refuses_a_query_is_told(release_home: Path) -> None:
    """A refusal has the number of its limit; the description has it too, with its name."""
    settings = Settings(max_tokens=300, max_operators=40, max_prefix_run=11, max_depth=23, max_query=4_000)
    over = {
        "tokens": "SELECT * { VALUES ?s { " + "1 " * 400 + "} }",
        "operators-in-a-row": "SELECT * { FILTER(" + " || ".join(["true"] * 60) + ") }",
        "signs-in-a-row": "SELECT * { FILTER(" + "!" * 20 + "true) }",
        "nesting": "SELECT * " + "{" * 40 + "}" * 40,
        "query-length": "SELECT * { } # " + "x" * 5_000,
    }
    with client_of(release_home, settings) as client:
        described = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
        for name, query in over.items():
            answer = client.post("/sparql", data={"query": query})
            assert answer.status_code in (400, 413), name
            limit = answer.get_json()["limit"]
            assert f'#limit-{name}> <https://schema.org/maxValue> "{limit}"^^' in described, name


@pytest.mark.parametrize("key", ["harms", "graph-of-one-study"])
def test_a_question_is_had_as_accept_says(client: FlaskClient, key: str) -> None:
    select = load_questions()[key].form == "select"
    own = ("text/csv", "application/sparql-results+json") if select else ("text/turtle", "application/ld+json")
    for type in own:
        answer = client.get(f"/queries/{key}", headers={"Accept": type})
        assert (answer.status_code, answer.mimetype) == (200, type)
        assert "Accept" in answer.headers["Vary"].split(", ")
    for none in ("image/png", "text/turtle" if select else "text/csv"):
        assert client.get(f"/queries/{key}", headers={"Accept": none}).status_code == 406, none
    for named in ("html", "text/html", "HTML"):
        assert client.get(f"/queries/{key}?format={named}").mimetype == "text/html", named
    for accept in (BROWSER, "*/*", ""):
        answer = client.get(f"/queries/{key}", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), accept


def test_a_refused_value_of_a_question_is_data_to_who_asks_for_data(client: FlaskClient) -> None:
    wrong = client.get("/queries/harms?document=nope", headers={"Accept": "text/csv"})
    assert (wrong.status_code, wrong.mimetype) == (400, "application/problem+json")
    wrong = client.get("/queries/harms?document=nope", headers={"Accept": BROWSER})
    assert (wrong.status_code, wrong.mimetype) == (400, "text/html")


def test_the_suffixes_of_the_readme_work_behind_a_question(client: FlaskClient) -> None:
    answer = client.get("/queries/harms.csv?document=fhi-2021")
    assert (
        answer.mimetype == "text/csv" and answer.data == client.get("/queries/harms?document=fhi-2021&format=csv").data
    )
    assert client.get("/queries/harms.json").mimetype == "application/sparql-results+json"
    for suffix in ("ttl", "jsonld"):
        led = client.get(f"/queries/harms.{suffix}?lang=nb")
        assert (led.status_code, led.headers["Location"]) == (303, f"../query/harms.{suffix}?lang=nb")
        assert client.get(f"/query/harms.{suffix}").status_code == 200


def test_csv_without_a_table_is_the_pages_main_one_and_the_page_says_so(client: FlaskClient) -> None:
    assert len(rows(client.get("/results.csv").text)) == len(rows(client.get("/results.csv?table=results").text)) > 30
    assert rows(client.get("/quality.csv").text)
    for address in ("/results", "/publication/burt-2019.html"):
        shown = page(client, f"{address}?lang=en")
        tables = (client.get(address.removesuffix(".html") + ".json").json or {})["tables"]
        assert f"one of {len(tables)} tables here" in shown.text(), address


def test_what_no_document_names_is_told_beside_the_count_of_everything(client: FlaskClient) -> None:
    figures = client.get("/count.json").json
    assert figures is not None
    counted = {row["kind"]: int(row["count"]) for row in rows(client.get("/index.csv?table=counts").text)}
    said = page(client, "/count?lang=en").text()
    studies = counted["Studies"] - figures["studies"] - figures["parts_count"]
    registrations = counted["Registrations"] - figures["registrations"]
    assert studies > 0 and registrations > 0
    assert f"by no document or loaded record: Studies {studies}, Registrations {registrations}" in said


def test_a_count_of_everything_asks_few_questions(release_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They have a deadline together, and a store elsewhere answers each in its time."""
    asked: list[Any] = []
    ask = Worker.ask

    def counted(worker: Worker, question: Any, **limits: Any) -> Any:
        asked.append(question)
        return ask(worker, question, **limits)

    monkeypatch.setattr(Worker, "ask", counted)
    for kept in (pages_count._kept, page_reader._kept):  # what other tests have asked
        kept.cache_clear()
    with client_of(release_home) as client:
        assert client.get("/count").status_code == 200
    assert 5 < len(asked) < 40


def test_the_words_of_a_source_have_their_language(client: FlaskClient, real_store: ox.Store) -> None:
    query = f"SELECT ?v {{ ?v <{MSE.sourceWords}> ?words FILTER NOT EXISTS {{ ?v <{MSE.sourceLanguage}> ?l }} }}"
    assert not list(real_store.query(query))
    for address in ("/results", "/claim/nygaard-2024.fedf78ead1.1.1.html", "/review/nygaard-2024"):
        shown = page(client, address)
        quoted = [e for tag in ("q", "blockquote") for e in shown.all(tag)]
        assert quoted and all(e.get("lang") for e in quoted), address


def test_a_protocol_is_no_publication_of_results(client: FlaskClient, real_store: ox.Store) -> None:
    path = f"<{FRBR.realizationOf}>/<{MSE.workKind}>"
    design = f"<{BASE}publication/nabavi-2013> {path} <{BASE}scheme/work-kind/clinical-trial-design>"
    assert real_store.query(f"ASK {{ {design} }}")
    shown = page(client, "/study/nabavi.html?lang=en").text()
    told = shown[shown.index("publication of results") :][:120]
    assert "Nabavi 2019" in told and "Nabavi 2013" not in told
