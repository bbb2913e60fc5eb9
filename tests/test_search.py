"""The search: numbers in any spelling, words without accents, sentences with noise, and texts meant to break it."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.loaders.index_words import asked_keys, fold, stored_key, tokens
from msevidence.loaders.release_index import INDEX
from msevidence.ontology.iris import BASE
from msevidence.server import search_sentences
from msevidence.server.index import Index
from msevidence.server.search import ORDER, Found, Search
from msevidence.server.search_text import WINDOW, Asked, distance, marked
from tests.pages_site import FILLERS, HTML, client_of, page, publish_pages


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home: Path = tmp_path_factory.mktemp("search")
    publish_pages(home)
    with client_of(home) as client:
        yield client


@pytest.fixture(scope="module")
def real(release_home: Path) -> Index:
    """Return the index of the real graph."""
    return Index((release_home / "current").resolve() / INDEX)


def found(index: Index, text: str, **more: Any) -> Found:
    return Search(index, BASE, "en", **more).run(text)


def opened(index: Index, text: str) -> str:
    """Return what a text opens."""
    one = found(index, text)
    assert one.opens is not None, f"{text}: {one}"
    return one.opens.removeprefix(BASE)


def names(index: Index, text: str, kind: str) -> list[str]:
    """Return the things of a kind that a text finds, in their order."""
    return [hit.iri.removeprefix(BASE) for group in found(index, text, kind=kind).groups for hit in group.hits]


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        (
            "registration/NCT00273364",
            (
                *("NCT00273364", "nct00273364", "NCT 0027 3364", "NCT-00273364", "NCT 00273364.", "(NCT00273364)"),
                *("ClinicalTrials.gov number, NCT00273364", "NCT\u200b00273364", "NCT0027\n3364", "trial NCT00273364"),
                "https://clinicaltrials.gov/ct2/show/NCT00273364?term=x",
            ),
        ),
        (
            "registration/EudraCT-2007-000064-24",
            (
                *("2007-000064-24", "EudraCT: 2007–000064–24", "eudract 2007‑000064‑24", "2007−000064−24"),
                *(
                    "EudraCT number 2007 - 000064 - 24",
                    "EUCTR2007-000064-24-GB",
                    "2007-000064-24/SE",
                    "2007﹣000064－24",
                ),
                "2007 000064 24",
                "https://www.clinicaltrialsregister.eu/ctr-search/search?query=2007-000064-24",
            ),
        ),
        (
            "registration/ISRCTN88667898",
            ("isrctn 88667898", "https://www.isrctn.com/ISRCTN88667898", "ISRCTN-88667898"),
        ),
        (
            "publication/burt-2019",
            (
                *("10.1001/jama.2018.18743", "doi:10.1001/JAMA.2018.18743.", "DOI: 10.1001/jama.2018.18743"),
                *("https://doi.org/10.1001/jama.2018.18743", "http://dx.doi.org/10.1001%2Fjama.2018.18743"),
                *("(doi:10.1001/jama.2018.18743)", "doi.org/10.1001/jama.2018.18743"),
            ),
        ),
    ],
)
def test_a_number_opens_its_record_in_every_spelling(real: Index, key: str, spellings: tuple[str, ...]) -> None:
    for spelling in spellings:
        assert opened(real, spelling) == key, spelling


def test_a_number_among_other_words_is_listed(real: Index) -> None:
    listed = found(real, "What became of the trial nct 00273364, and of 2007–000064–24?")
    assert listed.opens is None
    assert [hit.iri for group in listed.groups for hit in group.hits] == [
        f"{BASE}registration/{key}" for key in ("NCT00273364", "EudraCT-2007-000064-24")
    ]


def test_every_identifier_of_the_real_graph_opens_what_carries_it(real: Index) -> None:
    rows = real.rows("SELECT key, iri, value FROM identifier WHERE key NOT LIKE 'name %'")
    assert len(rows) > 60
    for key, iri, value in rows:
        shared = {other for k, other, _ in rows if k == key}
        for spelled in (value, value.lower(), value.replace("-", "\u2013"), f" {value}. "):
            one = found(real, spelled)
            assert {hit.iri for group in one.groups for hit in group.hits} >= shared, spelled
            assert one.opens == (iri if len(shared) == 1 else None), spelled


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("PMID: 12345678", ["pubmed 12345678"]),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", ["pubmed 12345678"]),
        ("https://www.ncbi.nlm.nih.gov/pubmed/12345678", ["pubmed 12345678"]),
        ("012345", ["pubmed 12345"]),
        ("PMC6942905", ["pmc 6942905"]),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6942905/", ["pmc 6942905"]),
        ("EUCT 2022-500123-12-00", ["CTIS 2022-500123-12-00"]),
        ("10.1016/S1474-4422(15)00245-X", ["doi 10.1016/s1474-4422(15)00245-x"]),
        ("(10.1016/S1474-4422(15)00245-X)", ["doi 10.1016/s1474-4422(15)00245-x"]),
        ("NCT00273364 and NCT03477500", ["NCT NCT00273364", "NCT NCT03477500"]),
        ("In 2019 the trial NCT00273364 compared two treatments of many patients", None),
        ("", []),
    ],
)
def test_what_a_text_is_the_identifier_of(text: str, keys: list[str] | None) -> None:
    asked = asked_keys(text)
    assert asked == keys if keys is not None else all(key.startswith("name ") or " " in key for key in asked)


def test_identifiers_of_no_known_form_have_no_key() -> None:
    assert stored_key("doi", "none") is None
    assert stored_key("pubmed", "12a") is None
    assert stored_key("name", "RAM-MS") == stored_key("name", "RAMMS") == "name ramms"


@pytest.mark.parametrize("text", ["Holmøy", "holmoy", "HOLMØY", "Holmo\u0308y", "Trygve Holmøy", "holm"])
def test_a_name_is_found_without_its_letters(real: Index, text: str) -> None:
    assert "person/trygve-holmoy" in names(real, text, "person")


def test_letters_meet_their_plain_ones() -> None:
    for one, other in (("Håkon", "hakon"), ("ÆRLIG", "aerlig"), ("Fernández", "fernandez"), ("Łódź", "lodz")):
        assert fold(one) == fold(other) == other
    assert tokens("A\u00adB\u200bC x²") == ["abc", "x2"]


@pytest.fixture(scope="module")
def sentence(real: Index) -> tuple[str, str]:
    """Return a long sentence of the real graph, and its claim."""
    rows = real.rows(
        "SELECT text, claim FROM sentence WHERE said = text AND length(text) > 120 AND text NOT LIKE '%(%'"
        " AND letters IN (SELECT letters FROM sentence GROUP BY letters HAVING count(*) = 1) ORDER BY id"
    )
    assert len(rows) > 20
    return rows[0][0], rows[0][1]


def test_a_pasted_sentence_opens_its_claim(real: Index, sentence: tuple[str, str]) -> None:
    text, claim = sentence
    words = text.split()
    long = max(words, key=len)
    for pasted in (
        text,
        text.upper(),
        "\n".join(words),
        f"“{text}”",
        f'"{text}" (6, 9–12)',
        text.replace(long, f"{long[:4]}-\r\n{long[4:]}"),
        " ".join(words[1:-1]),  # a part of it
        f"{text} {text}",
    ):
        assert found(real, pasted).opens == claim, pasted


def test_a_sentence_with_words_left_out_or_changed_lists_its_claim_first(
    real: Index, sentence: tuple[str, str]
) -> None:
    text, claim = sentence
    words = text.split()
    for pasted in ([*words[:3], *words[5:]], [*words[:4], "xyzzy", *words[5:]], [words[0], *words[3:-4]]):
        one = found(real, " ".join(pasted))
        assert one.opens is None and one.fit in ("words", "alike")
        hits = [hit.iri for group in one.groups if group.kind == "claim" for hit in group.hits]
        assert hits[0] == claim, pasted


def test_few_words_are_looked_for_and_do_not_open_a_cell_of_a_table(real: Index) -> None:
    """A cell of the article's table has just these words."""
    one = found(real, "stem cell therapy")
    assert one.opens is None and one.total > 20 and one.fit == "near"


def test_a_title_opens_its_publication(real: Index) -> None:
    sql = "SELECT iri, text FROM wording JOIN entry ON entry = id WHERE field = 'title' AND kind = 'publication'"
    titles = [(iri, text) for iri, text in real.rows(sql) if len(text.split()) > 5]
    assert len(titles) > 20
    whole = [iri for iri, text in titles if found(real, text.replace(" ", "\n").upper()).opens == iri]
    assert len(whole) > len(titles) // 2


def test_the_best_stands_first(real: Index) -> None:
    assert names(real, "RAM-MS", "study")[0] == "study/ram-ms"
    assert names(real, "nygaard", "person") == ["person/gro-owren-nygaard"]
    one = found(real, "stamcellebehandling av ms")
    assert [group.kind for group in one.groups] == [kind for kind in ORDER if kind in dict(one.counts)]
    assert one.total == sum(count for _, count in one.counts)


def test_the_last_word_may_be_a_beginning_and_the_others_if_need_be(real: Index) -> None:
    assert found(real, "multiple scler").total > 0
    assert found(real, "stamcelletr behandl").total > 0


def test_a_word_that_stands_nowhere_leads_to_the_one_that_does(real: Index) -> None:
    one = found(real, "transplantasjn")
    assert (one.fit, one.total, one.suggestion) == ("none", 0, "transplantasjon")
    assert found(real, one.suggestion or "").total > 0
    assert found(real, "qqqqqqq").suggestion is None
    assert distance("ab", "ba", 1) == 1 and distance("kitten", "sitting", 2) == 3


HOSTILE = [
    *(
        '"',
        '""',
        "'",
        "*",
        "-",
        "^",
        ":",
        "(",
        ")",
        "NEAR(a b)",
        "NEAR/2",
        "AND",
        "OR NOT",
        "a AND",
        "label:x",
        "{a b}:c",
    ),
    *(
        "a*",
        "-a",
        "+a",
        "\\",
        "\x00",
        "a\x00b",
        "\x01\x1f",
        "%",
        "_",
        "'; DROP TABLE label; --",
        "\ud7ff\ue000",
        "\U0010ffff",
    ),
    *("x" * 3_000, "a " * 1_500, '" ' * 1_000, "(" * 2_000, "-" * 2_000, "1" * 2_000, "10.1234/" + "a" * 1_900),
    *(
        "\u202eabc",
        "日本語",
        "½ ¾",
        "ﬁnding",
        "ß",
        "İ",
        "🙂",
        "e\u0301" * 500,
        "https://",
        "://",
        "<x://y>",
        "http://[x/y/z",
    ),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_typed_is_read_as_a_query_language(client: FlaskClient, text: str) -> None:
    shown = page(client, "/search?q=" + quote(text))
    assert shown.all("textarea")[0].text is not None or not text.strip("\x00 ")


def test_random_texts_are_searched_for(real: Index) -> None:
    drawn = random.Random(11)
    signs = "abø Æ19-–\"'*():^{}[]+<>\\/.,;%_\n\t\x00\x7f\u00ad\u0301\u200dNEAROT"
    for _ in range(300):
        text = "".join(drawn.choices(signs, k=drawn.randrange(1, 60)))
        assert found(real, text).fit in ("none", "exact", "near", "words", "alike")


def test_markup_in_a_text_is_shown_as_text(client: FlaskClient) -> None:
    shown = page(client, "/search?q=onmouseover")
    assert "</script><script>alert(1)</script>" in shown.text()
    assert [e.text for e in shown.all("mark")] == ["onmouseover"] * len(shown.all("mark")) != []
    assert not [e for e in shown.root.iter("main") for _ in e.iter("script")] and not shown.all("img")
    assert "Stem cells & <b>hope</b>" in page(client, "/search?q=hope").text()


def test_results_are_grouped_by_kind_with_counts_and_links(client: FlaskClient) -> None:
    shown = page(client, "/search?q=trial+first&kind=claim")
    assert "These hold all of the words, or are about" in shown.text()
    shown = page(client, "/search?q=følger")
    assert "Passages of the texts 1" in shown.text()
    shown = page(client, "/search?q=utfyllende&kind=passage")
    assert "None of the results is of this kind: Passages of the texts." in shown.text()
    assert f"Claims {FILLERS}" in shown.text()
    assert page(client, "/search?q=utfyllende&kind=nothing", 404)
    assert page(client, "/search?q=utfyllende&page=9", 404)
    assert page(client, "/search?q=two+treatments&page=2", 404)


def test_a_suggestion_is_a_link(client: FlaskClient) -> None:
    shown = page(client, "/search?q=utfylende+p%C3%A5stand&lang=nb")
    link = next(e for e in shown.root.iter("p") if e.get("class") == "meant").find("a")
    assert link.text == "utfyllende påstand"
    assert f"av {FILLERS}" in page(client, link.get("href")).text()


def test_results_as_graph(client: FlaskClient) -> None:
    assert "/search.ttl?q=trial" in page(client, "/search?q=trial").local_links()
    response = client.get("/search.ttl?q=trial")
    assert (response.status_code, response.mimetype) == (200, "text/turtle")
    found = {quad.subject.value for quad in ox.parse(response.data, ox.RdfFormat.TURTLE)}  # type: ignore[union-attr]
    hits = {row["iri"] for row in client.get("/search.json?q=trial").get_json()["results"]}
    assert hits and hits <= found


def test_results_as_files(client: FlaskClient) -> None:
    got = client.get("/search.json?q=two+treatments").get_json()
    assert (got["query"], got["fit"], got["opens"]) == ("two treatments", "words", None)
    assert got["kinds"] == {"publication": 1, "claim": 1, "passage": 2, "reference": 1}
    assert got["total"] == len(got["results"]) == 5
    one = next(row for row in got["results"] if row["kind"] == "publication")
    assert one["iri"] == BASE + "publication/first-2019"
    assert (one["label"], one["field"], one["text"]) == ("First 2019", "title", "Two treatments compared")
    answer = client.get("/search.csv?q=two+treatments&kind=passage")
    assert answer.content_type.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["kind"] for row in rows] == ["passage"] * 2
    again = client.get("/search.csv?q=two+treatments&kind=passage", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    named = client.get("/search.json?q=NCT01234567").get_json()
    assert named["opens"] == BASE + "registration/NCT01234567"
    assert len(client.get("/search.json?q=utfyllende").get_json()["results"]) == FILLERS
    assert client.get("/search?q=NCT01234567&kind=registration", headers=HTML).status_code == 200


def test_a_long_text_is_cut_around_what_was_found() -> None:
    text = "lorem " * 100 + "needle " + "ipsum " * 100
    parts = marked(text, Asked.of("needle"))
    shown = "".join(part.text for part in parts)
    assert [part.text for part in parts if part.marked] == ["needle"]
    assert shown.startswith("… ") and shown.endswith(" …") and len(shown) <= WINDOW + 4
    assert "".join(part.text for part in marked(text, Asked.of("needle"), whole=True)) == text
    assert "".join(part.text for part in marked("x" * 900, Asked.of("y"))) == "x" * WINDOW + " …"


def outcome(real: Index) -> tuple[str, set[str]]:
    """Return the Norwegian name of an outcome that English claims have, and these."""
    sql = (
        "SELECT c.text, e.iri FROM wording c JOIN entry e ON e.id = c.entry JOIN wording o ON o.entry = e.id"
        " WHERE e.kind = 'claim' AND c.field = 'concept' AND c.language = 'nb' AND c.text = 'dødelighet'"
        " AND o.field = 'quotation' AND o.language = 'en'"
    )
    rows = real.rows(sql)
    return rows[0][0], {iri for _, iri in rows}


def test_a_word_finds_what_is_about_it_in_another_language(real: Index) -> None:
    """Two claims and two results of the English article have mortality as their outcome."""
    name, claims = outcome(real)
    for asked in (name, "mortality"):
        one = found(real, asked)
        assert dict(one.counts)["result"] >= 2
        hits = {hit.iri: hit for group in one.groups if group.kind == "claim" for hit in group.hits}
        assert hits.keys() >= claims and len(claims) == 2
    hits_of = [hit for group in found(real, name, kind="claim").groups for hit in group.hits]
    for hit in hits_of:
        assert (hit.field, hit.parts, hit.about_language) == ("concept", (), "nb")
        assert [part.text for part in hit.about if part.marked] == [name]
    assert len(hits_of) == len(claims)
    # By the broader concept, by a word that is no label, and by its label.
    for asked in ("sikkerhet", "bivirkninger", "harms"):
        assert claims <= {f"{BASE}{iri}" for iri in names(real, asked, "claim")}, asked


def test_a_word_of_the_text_comes_before_one_of_its_concept(real: Index) -> None:
    hits = found(real, "mortality", kind="vocabulary").groups[0].hits
    assert hits[0].iri == f"{BASE}scheme/outcome/mortality" and hits[0].field == "label" and not hits[0].about


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://doi.org/10.1001/JAMA.2018.99999.", "10.1001/jama.2018.99999"),
        ("nct 0999 9999", "NCT09999999"),
        ("PMID: 99999999", "PMID 99999999"),
        ("99999999", "PMID 99999999"),
        ("PMC9999999", "PMC9999999"),
        ("2007–000064–99", "2007-000064-99"),
    ],
)
def test_a_number_that_is_not_here_is_said_to_be_so(real: Index, text: str, number: str) -> None:
    one = found(real, text)
    assert (one.missing, one.total, one.opens, one.suggestion) == ((number,), 0, None, None)


def test_a_number_that_is_here_is_listed_beside_one_that_is_not(real: Index) -> None:
    one = found(real, "NCT00273364, NCT09999999")
    assert (one.opens, one.missing, one.total) == (None, ("NCT09999999",), 1)
    one = found(real, "What became of NCT09999999 in the long run of years?")
    assert list(one.missing) == ["NCT09999999"]
    for text in ("2019", "stem cell therapy", "NCT00273364"):
        assert not found(real, text).missing, text


def test_a_name_is_found_without_its_dash(real: Index) -> None:
    one = found(real, "RAMMS")
    assert one.suggestion == "RAM-MS"
    assert one.groups[0].hits[0].iri == f"{BASE}study/ram-ms"
    assert opened(real, "star-ms") == "study/star-ms"


def test_a_missing_number_is_shown_first(client: FlaskClient) -> None:
    shown = page(client, "/search?q=10.1000%2Fnothing.here")
    assert "This number is not here: 10.1000/nothing.here" in shown.text()
    assert "Nothing here carries" not in shown.text()
    assert client.get("/search.json?q=NCT09999999").get_json()["notHere"] == ["NCT09999999"]


def test_the_empty_search_shows_what_to_search_for(client: FlaskClient) -> None:
    shown = page(client, "/search?lang=nb")
    tries = next(e for e in shown.root.iter("ul") if e.get("class") == "tries")
    links = [(e.text, e.get("href")) for e in tries.iter("a")]
    assert len(links) >= 2
    for text, href in links:
        answer = client.get(href, headers=HTML)
        assert answer.status_code == 303 or "<mark>" in answer.text, text
    assert [e.get("href") for e in shown.in_main("a") if e.text == "Listen over alle påstander"] == ["/claims?lang=nb"]
    assert f"Påstander {5 + FILLERS}" in shown.text()


FRAGMENTS = ("ien", "sjon", "tion")
"""Parts of words, which no word begins with."""


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_part_of_a_word_takes_as_many_statements_as_the_page_shows(
    real: Index, monkeypatch: pytest.MonkeyPatch, fragment: str
) -> None:
    asked: list[str] = []
    rows = Index.rows
    monkeypatch.setattr(Index, "rows", lambda self, sql, *values: asked.append(sql) or rows(self, sql, *values))
    for size in (1, 3):
        asked.clear()
        one = found(real, fragment, size=size)
        shown = sum(len(group.hits) for group in one.groups)
        assert one.fit == "near"
        assert one.total > 50
        assert len(asked) < 20 + 2 * shown, f"{len(asked)} statements for {shown} of {one.total}"


def test_what_few_letters_are_a_part_of_is_not_looked_for(real: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    rows = Index.rows
    monkeypatch.setattr(Index, "rows", lambda self, sql, *values: asked.append(sql) or rows(self, sql, *values))
    for text in ("e", "zq", "qx"):
        found(real, text)
    assert len(asked) > 10
    assert not [sql for sql in asked if "instr(said_letters" in sql or "instr(letters" in sql]


@pytest.mark.parametrize("most", [5, 40])
def test_where_not_all_sentences_are_read_the_first_are_found_and_it_is_said(
    real: Index, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    whole = {fragment: found(real, fragment, size=1_000) for fragment in FRAGMENTS}
    assert not any(one.cut for one in whole.values())
    monkeypatch.setattr(search_sentences, "MOST", most)
    for fragment, one in whole.items():
        some = found(real, fragment, size=1_000)
        assert (some.cut, some.fit, some.opens) == (most, one.fit, None)
        assert 0 < some.total < one.total
        for group in some.groups:
            of_all = [hit for other in one.groups if other.kind == group.kind for hit in other.hits]
            assert list(group.hits) == of_all[: group.total]
    assert found(real, "MIST").cut == 0


def test_the_page_says_that_there_may_be_more_and_no_file_hides_it(
    release_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client_of(release_home) as client:
        assert "sentences hold this" not in page(client, "/search?q=ien").text()
        assert client.get("/search.json?q=ien").json["atLeast"] is False
        assert client.get("/search.csv?q=ien").status_code == 200
    monkeypatch.setattr(search_sentences, "MOST", 110)
    with client_of(release_home) as client:
        whole = client.get("/search.json?q=ien").json
        assert whole["atLeast"] is True
        total, claims = whole["total"], whole["kinds"]["claim"]
        assert claims > 50
        shown = page(client, "/search?q=ien&kind=claim&page=2")
        assert "More than 110 sentences hold this. The first 110 are searched" in shown.text()
        assert f"at least {claims}" in shown.section("kind-claim")
        assert f"of at least {claims}" in shown.text()
        norwegian = page(client, "/search?q=ien&lang=nb").text()
        assert "Mer enn 110 setninger inneholder dette" in norwegian
        assert f"minst {total}" in norwegian
        links = {link.partition("?")[0] for link in shown.local_links()}
        assert "/search.json" in links and "/search.csv" not in links
        for suffix in ("csv", "ttl", "jsonld"):
            refused = client.get(f"/search.{suffix}?q=ien")
            assert (refused.status_code, "after 110 entries" in refused.text) == (413, True)


def test_a_value_that_names_nothing_is_refused_without_reading_all_that_has_it(
    release_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    rows = Index.rows
    with client_of(release_home) as client:
        client.get("/queries/harms?document=mist")  # what is read once for all answers
        monkeypatch.setattr(Index, "rows", lambda self, sql, *values: asked.append(sql) or rows(self, sql, *values))
        assert client.get("/queries/harms?document=ien").status_code == 400
    assert 0 < len(asked) < 400
