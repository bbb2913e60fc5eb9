"""Stored questions on pages of their own, on the real release: fields, values, the answer, its files, its address."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.queries import Question, load_questions
from msevidence.server.binding import with_values
from msevidence.server.lexer import tokens
from msevidence.server.pages_question import OWN
from msevidence.server.question_fields import CHOSEN
from msevidence.server.wire import Term
from tests.pages_site import Page, client_of, page

QUESTIONS = load_questions()
ASKED = "/queries/claim-to-support"
DATED = "/queries/ongoing-trials-that-should-have-ended"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def shown_count(shown: Page) -> int:
    """Return how many rows the page says that the answer has."""
    (count,) = [e for e in shown.all("span") if e.get("class") == "count"]
    return int("".join(count.itertext()).split()[0].replace(",", "").replace("\u00a0", ""))


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("key", QUESTIONS)
def test_every_question_has_a_valid_page_in_both_languages(client: FlaskClient, key: str, language: str) -> None:
    question = QUESTIONS[key]
    shown = page(client, f"/queries/{key}", **{"Accept-Language": language})
    other = "nb" if language == "en" else "en"
    assert shown.text("h1") == " ".join(question.titles[language].split())
    assert "".join(shown.all("p", lang=other)[0].itertext()) == question.titles[other]
    ids = Counter(e.get("id") for e in shown.root.iter() if e.get("id") is not None)
    assert [id for id, times in ids.items() if times > 1] == []
    labels = [label.get("for") for label in shown.in_main("label")]
    assert labels == [f"value-{p.name}" for p in question.params] and set(labels) <= set(ids)
    abouts = ["".join(shown.all("p", id=f"about-{p.name}")[0].itertext()) for p in question.params]
    assert all(text.startswith(p.abouts[language]) for p, text in zip(question.params, abouts, strict=True))
    described = [e.get("aria-describedby") for e in shown.root.iter() if e.get("aria-describedby")]
    assert len(described) == len(labels) and set(described) <= set(ids)
    assert shown.all("script") == shown.all("style") == []
    assert [e.get("aria-labelledby") for e in shown.root.iter("section") if e.get("class") == "result"] == ["answer"]
    assert "".join(shown.all("pre")[-1].itertext()) == question.sparql.removesuffix("\n") + "\n"


def test_the_names_of_parameters_are_free() -> None:
    names = {p.name for question in QUESTIONS.values() for p in question.params}
    assert len(names) > 5
    assert names.isdisjoint({*OWN, "key"})


@pytest.mark.parametrize("format", ["csv", "json"])
def test_values_narrow_the_answer_on_the_page_and_in_its_files(client: FlaskClient, format: str) -> None:
    whole, one = page(client, ASKED), page(client, f"{ASKED}?document=document/nygaard-2024&claim=")
    assert 0 < shown_count(one) < shown_count(whole)
    (link,) = {link for link in one.local_links() if f"format={format}" in link}
    assert urlsplit(link).path == ASKED and "claim=" not in link
    file = client.get(link)
    assert file.status_code == 200
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(file.text)))
        assert {row["document"] for row in rows} == {BASE + "document/nygaard-2024"}
    else:
        rows = file.get_json(force=True)["results"]["bindings"]
    assert len(rows) == shown_count(one)
    (chosen,) = [e for e in one.all("option") if e.get("selected") is not None]
    assert chosen.get("value") == "document/nygaard-2024"


@pytest.mark.parametrize("value", ["document/nygaard-2024", BASE + "document/nygaard-2024"])
def test_every_way_to_write_an_iri_is_the_same_question(client: FlaskClient, value: str) -> None:
    for written in (value, f"<{value}>"):
        shown = page(client, f"{ASKED}?document={quote(written, safe='')}")
        assert shown_count(shown) == shown_count(page(client, f"{ASKED}?document=document/nygaard-2024"))
        assert [e.get("value") for e in shown.all("option") if e.get("selected") is not None] == [
            "document/nygaard-2024"
        ]


def test_the_default_stands_in_the_field_and_holds(client: FlaskClient) -> None:
    (field,) = page(client, DATED).in_main("input")
    assert (field.get("type"), field.get("value")) == ("date", "2024-12-31")
    then = [client.get(f"{DATED}?format=csv&date={date}").text.count(",true,") for date in ("2000-01-01", "2024-12-31")]
    assert then[0] == 0 < then[1]
    assert client.get(f"{DATED}?format=csv").text == client.get(f"{DATED}?format=csv&date=2024-12-31").text


@pytest.mark.parametrize(("language", "word"), [("en", "Example:"), ("nb", "Eksempel:")])
@pytest.mark.parametrize("view", ["table", "chart"])
def test_an_empty_form_says_that_its_answer_is_an_example(
    client: FlaskClient, language: str, word: str, view: str
) -> None:
    def told(address: str) -> list[str]:
        shown = page(client, f"/queries/{address}&view={view}&lang={language}")
        return [" ".join("".join(e.itertext()).split()) for e in shown.all("p") if e.get("class") == "example"]

    words = "The most common complications are lymphopenia with fever"
    (said,) = told("support-of-a-sentence?words=")
    assert said.startswith(f"{word} words = {words}. ")
    assert told("support-of-a-sentence?words=Some+patients+still+experience+relapses") == []
    (said,) = told("provenance-of-a-triple?subject=")
    assert said.startswith(f"{word} subject = study/mist, predicate = ontology#registeredAs. ")
    (said,) = told("provenance-of-a-triple?subject=study/ram-ms")
    assert said.startswith(f"{word} predicate = ontology#registeredAs. ")
    assert told("ongoing-trials-that-should-have-ended?date=") == []


def test_the_graph_of_any_study_can_be_asked_for(client: FlaskClient) -> None:
    shown = page(client, "/queries/graph-of-one-study?study=ram-ms")
    assert "<https://w3id.org/msevidence/study/ram-ms>" in shown.html.replace("&lt;", "<").replace("&gt;", ">")
    assert not [e for e in shown.all("p") if e.get("class") == "example"]
    assert [e.get("value") for e in shown.all("option") if e.get("selected") is not None] == ["study/ram-ms"]
    (edit,) = [link for link in shown.local_links() if link.startswith("/sparql?query=")]
    assert quote("PREFIX study: <https://w3id.org/msevidence/study/ram-ms>", safe="/:").replace("%20", "+") in edit
    file = client.get("/queries/graph-of-one-study?study=RAM-MS&format=nt").text
    assert f"<{BASE}study/ram-ms> <{BASE}ontology#registeredAs>" in file
    mist = client.get("/queries/graph-of-one-study?format=nt").text
    assert f"<{BASE}study/mist> <{BASE}ontology#registeredAs>" in mist and file != mist
    (said,) = [e for e in page(client, "/queries/graph-of-one-study").all("p") if e.get("class") == "example"]
    assert "study = study/mist" in " ".join("".join(said.itertext()).split())


def test_the_data_of_an_example_name_it(client: FlaskClient) -> None:
    answer = csv.DictReader(io.StringIO(client.get("/queries/support-of-a-sentence?format=csv").text))
    assert {row["words"] for row in answer} == {"The most common complications are lymphopenia with fever"}
    answer = csv.DictReader(io.StringIO(client.get("/queries/provenance-of-a-triple?format=csv").text))
    assert {(r["subject"], r["predicate"]) for r in answer} == {(BASE + "study/mist", BASE + "ontology#registeredAs")}


def test_the_links_keep_values_and_language_and_answer(client: FlaskClient) -> None:
    shown = page(client, f"{ASKED}?lang=nb&document=document/nygaard-2024")
    (bookmark,) = shown.all("a", rel="bookmark")
    again = page(client, bookmark.get("href"))
    assert again.text("table") == shown.text("table") and again.all("html")[0].get("lang") == "nb"
    (form,) = shown.in_main("form")
    assert form.get("action") == f"{ASKED}#answer" and form.get("method") == "get"
    assert [(e.get("name"), e.get("value")) for e in form.iter("input") if e.get("type") == "hidden"] == [
        ("lang", "nb")
    ]
    (edit,) = [link for link in shown.local_links() if link.startswith("/sparql?query=")]
    asked = page(client, edit)
    assert "VALUES (?document)" in "".join(asked.all("textarea")[0].itertext())
    assert asked.text("table") == shown.text("table")


def test_the_list_and_the_graph_lead_here(client: FlaskClient) -> None:
    links = set(page(client, "/queries").local_links())
    assert {f"/queries/{key}" for key in QUESTIONS} <= links
    named = page(client, "/query/claim-to-support.html")
    assert ASKED in named.local_links() and named.all("table") == []
    addresses = [e.text for e in ElementTree.fromstring(client.get("/sitemap.xml").text).iter() if e.text]
    assert {f"http://localhost/queries/{key}" for key in QUESTIONS} <= set(addresses)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"{DATED}?date=2024-13-01", "date=2024-13-01: not a value of type date"),
        (f"{DATED}?date={quote(HOSTILE)}", "not a value of type date"),
        (f"{ASKED}?document={quote('study/x> } #')}", "'study/x> } #' names nothing here."),
        (f"{ASKED}?document={quote(HOSTILE)}", "names nothing here."),
        (f"{ASKED}?documents=x", "has no such parameter (document, claim)"),
    ],
)
def test_a_wrong_value_is_refused_and_the_form_stays(client: FlaskClient, address: str, said: str) -> None:
    shown = page(client, address, 400)
    assert said in shown.section("answer")
    assert shown.all("script") == [] and len(shown.in_main("form")) == 1
    assert client.get(address + "&format=csv").mimetype == "application/problem+json"
    if "documents" not in address:
        given = {e.get("value") for tag in ("input", "option") for e in shown.in_main(tag)}
        assert {"2024-13-01", HOSTILE, "study/x> } #"} & given


def test_what_is_not_there_is_said(client: FlaskClient) -> None:
    assert "once is allowed" in page(client, f"{ASKED}?document=a&document=b", 400).text()
    assert "/queries lists" in page(client, "/queries/none", 404).text()
    assert client.get(f"{ASKED}?format=turtle").status_code == 406


def test_tags_name_values_language_and_format(client: FlaskClient) -> None:
    addresses = [ASKED, f"{ASKED}?document=document/nygaard-2024", f"{ASKED}?lang=nb"]
    addresses += [f"{ASKED}?format=csv", f"{ASKED}?format=json", f"{ASKED}?format=csv&document=document/nygaard-2024"]
    tags = [client.get(address).headers["ETag"] for address in addresses]
    assert len(set(tags)) == len(tags)
    for address, tag in zip(addresses, tags, strict=True):
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_things_to_choose_from_are_listed_or_suggested(client: FlaskClient) -> None:
    seen = {"select": 0, "datalist": 0}
    for key in ("claim-to-support", "claims-resting-on-publication", "numbers-of-a-study"):
        shown = page(client, f"/queries/{key}")
        for tag in seen:
            for element in shown.all(tag):
                options = [e for e in element.iter("option") if e.get("value")]
                assert options and (len(options) <= CHOSEN) == (tag == "select")
                assert all("".join(e.itertext()).strip() for e in options)
                seen[tag] += 1
    assert seen["select"] and seen["datalist"]


# ------------------------------------------------------------------ values written into the text


def solutions(store: ox.Store, sparql: str, bound: dict[str, Term] | None = None) -> list[str]:
    result = store.query(sparql, substitutions={ox.Variable(k): v for k, v in bound.items()} if bound else None)
    if isinstance(result, ox.QueryTriples):
        return sorted(str(triple) for triple in result)
    assert isinstance(result, ox.QuerySolutions)
    # The order of the members of one cell, a GROUP_CONCAT, is open.
    return sorted(str(["; ".join(sorted(str(v).strip('"').split("; "))) for v in row]) for row in result)


def value_of(store: ox.Store, question: Question, name: str) -> Term:
    """Return a value that the parameter has in the answer, or one of its type."""
    result = store.query(question.sparql)
    if isinstance(result, ox.QuerySolutions) and name in [v.value for v in result.variables]:
        for row in result:
            if row[name] is not None:
                return row[name]
    type_ = next(p.type for p in question.params if p.name == name)
    sample = {"IRI": "study/mist", "string": "stem cell treatment", "date": "2020-06-30", "boolean": "true"}
    return next(iter(question.bind({name: sample[type_]}).values()))


@pytest.mark.parametrize(
    ("key", "name"), [(key, p.name) for key, question in QUESTIONS.items() for p in question.params if not p.prefix]
)
def test_values_in_the_text_say_what_substitutions_say(real_store: ox.Store, key: str, name: str) -> None:
    question = QUESTIONS[key]
    bound = {name: value_of(real_store, question, name)}
    assert solutions(real_store, with_values(question.sparql, bound)) == solutions(real_store, question.sparql, bound)


@pytest.mark.parametrize(
    "text", ['"', "\\", '\\" } #', "a\nb\r\tc", "'", "\\u0022 } DROP ALL #", "{ } VALUES ?x", "æ\U0001f9ec\u0001"]
)
def test_hostile_values_stay_values(text: str) -> None:
    query = with_values("SELECT ?v WHERE { BIND(?v AS ?w) } # WHERE {", {"v": ox.Literal(text)})
    (row,) = ox.Store().query(query)  # type: ignore[misc,union-attr]
    assert row["v"] == ox.Literal(text)
    assert [t.text for t in tokens(query, max_tokens=100, max_depth=9) if t.kind == "word"].count("WHERE") == 1


def test_values_go_into_the_outermost_where() -> None:
    query = "SELECT (EXISTS { SELECT * WHERE { ?a ?b ?c } } AS ?e) ?v WHERE{ { SELECT ?x WHERE { } } }"
    written = with_values(query, {"v": ox.Literal("1")})
    assert written == query.replace("?v WHERE{", '?v WHERE{\n  VALUES (?v) { ("1") }')
    assert with_values(query, {}) == query
    made = with_values("SELECT ?v WHERE { BIND(1 AS ?v) } # end", {"v": ox.Literal("1"), "w": ox.Literal("2")})
    assert made == 'SELECT ?v WHERE {\n  VALUES (?w) { ("2") } BIND(1 AS ?v) } # end\nVALUES (?v) { ("1") }\n'
    with pytest.raises(ValueError, match="no WHERE"):
        with_values("ASK { }", {"v": ox.Literal("1")})
