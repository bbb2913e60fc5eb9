"""The pages: what they show, valid HTML, languages, links that answer, hostile texts (contract 12 and 21)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server.jsonld import STUDIES
from msevidence.server.labels import RDF_TYPE
from tests.pages_site import FILLERS, HTML, MSE, ONTOLOGY, Page, client_of, page, publish_pages, quads

CLAIM = "/claim/one.bbbbbbbbbb.1.1.html"
HOSTILE = "/claim/one.dddddddddd.1.1.html"
ENDLESS = "/sparql?query=SELECT+(COUNT(*)+AS+?n)"
PAGES = [
    *("/", "/documents", "/studies", "/publications", "/claims", "/claims?page=2", "/registrations", "/queries"),
    *("/search", "/search?q=effect+lasted", "/search?q=" + quote('"><script>alert(1)</script>'), CLAIM, HOSTILE),
    *("/study/first.html", "/document/one.html", "/document/to.html", "/publication/first-2019.html"),
    *("/passage/one.dddddddddd.1.html", "/result/one.1.html", "/reference/one.1.html", "/graph/document-one.html"),
    *("/ontology.html", "/scheme/claim-support.html", "/scheme/claim-support/cited.html", "/datatype/nct.html"),
    *("/query/claims-of-a-study.html", "/source/0123abcd.html", "/registration/NCT01234567.html"),
    f"/document/to.html?inverse={quote(MSE)}inDocument&page=3",
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home: Path = tmp_path_factory.mktemp("pages")
    publish_pages(home)
    with client_of(home) as client:
        yield client


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_are_valid_and_marked_with_languages(client: FlaskClient, address: str, language: str) -> None:
    shown = page(client, address, **{"Accept-Language": language})
    assert shown.all("html")[0].get("lang") == language
    ids = Counter(e.get("id") for e in shown.root.iter() if e.get("id") is not None)
    assert [id for id, times in ids.items() if times > 1] == []
    fragments = {link.partition("#")[2] for link in (e.get("href", "") for e in shown.all("a")) if link.startswith("#")}
    assert fragments <= set(ids)
    assert len(shown.all("h1")) == len(shown.all("main")) == len(shown.all("title")) == 1
    for label in shown.all("label"):
        assert label.get("for") in ids
    first = next(iter(shown.all("body")[0]))
    assert (first.tag, first.get("href")) == ("a", "#main")
    assert shown.all("script", src="") == [] and shown.all("style") == []
    for element in shown.root.iter():
        names = [name for name in element.attrib if isinstance(name, str)]
        assert not [name for name in names if name.startswith("on") or name == "style"], element.attrib


def test_every_local_link_answers(client: FlaskClient) -> None:
    links = {link for address in PAGES for link in page(client, address).local_links()}
    assert len(links) > 150
    for link in sorted(links):
        status = client.get(link, headers=HTML).status_code
        assert status in ((504,) if link.startswith(ENDLESS) else (200, 303)), f"{link}: {status}"


def test_no_page_asks_another_host(client: FlaskClient) -> None:
    fetched = {"link": ("stylesheet", "icon"), "img": (), "script": (), "iframe": ()}
    for address in PAGES:
        response = client.get(address, headers=HTML)
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';") and "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        shown = Page(response.text, address)
        for tag, relations in fetched.items():
            for element in shown.root.iter(tag):
                source = element.get("src") or (element.get("href") if element.get("rel") in relations else None)
                assert source is None or (source.startswith("/") and not source.startswith("//")), source


def test_a_claim_shows_its_paragraph_and_what_it_rests_on(client: FlaskClient) -> None:
    shown = page(client, CLAIM)
    assert shown.text("h1") == "The first trial compared two treatments (1, 2)."
    assert shown.all("h1")[0].get("lang") == "en"
    assert shown.text("mark") == "The first trial compared two treatments (1, 2)."
    assert "(1, 2). Its effect lasted for five years." in shown.section("paragraph")
    support = shown.section("support")
    steps = ["Pointer (1, 2)", "Reference 1 Two treatments compared", "Publication First 2019", "Study FIRST"]
    steps += ["Registration EudraCT 2010-023560-40", "Registration NCT01234567"]
    places = [support.index(step) for step in steps]
    assert places == sorted(places)
    assert "The document prints no entry for this number." in support
    assert f"{BASE}claim/one.bbbbbbbbbb.1.1" in [e.text for e in shown.all("code")]


def test_only_the_words_of_a_claim_are_marked(client: FlaskClient) -> None:
    shown = page(client, "/claim/one.efababefab.1.1.html")
    (mark,) = shown.all("mark")
    assert mark.text == "it cost 2,"
    assert mark.tail == " which is less (1)."
    assert "It cost 2, <b>and</b> it cost 2, which is less (1)." in shown.section("paragraph")
    assert next(e for e in shown.all("span", lang="en") if mark in list(e)).text == "It cost 2, <b>and</b> "


def test_a_claim_without_support_says_so(client: FlaskClient) -> None:
    assert "No citation stands" in page(client, "/claim/one.cccccccccc.1.1.html").section("support")
    assert "Det står ingen" in page(client, "/claim/one.cccccccccc.1.1.html?lang=nb").section("support")


def test_a_study_shows_what_leads_to_it(client: FlaskClient) -> None:
    shown = page(client, "/study/first.html")
    registered = shown.section("registered-section")
    assert registered.startswith("Registrations 2") and "EudraCT 2010-023560-40" in registered
    assert "First 2019" in shown.section("reports-section")
    assert "FIRST in Norway" in shown.section("parts")
    assert shown.section("descriptions") == "Described in 1 Stem cells & <b>hope</b> FIRST"
    about = shown.section("claims")
    assert "Its effect lasted for five years." in about and "Studien er fullført." in about
    assert "The first trial compared two treatments" in shown.section("citing-claims")
    norwegian = [e for e in shown.all("span", lang="nb") if e.text == "Studien er fullført."]
    assert norwegian


def test_a_document_reads_in_order_with_its_claims(client: FlaskClient) -> None:
    shown = page(client, "/document/one.html")
    text = shown.section("text")
    order = ["Background", "The first trial", "Its effect", "</script>", "Table 1", "Trial", "Patients", "FIRST", "110"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert [len(list(row)) for row in shown.all("tr")] == [2, 2]
    assert ["".join(e.itertext()) for e in shown.all("th")] == ["Trial", "Patients"]
    marks = [e.get("href") for e in shown.all("a", class_="mark")]
    assert marks == [f"/claim/one.{key}.1.1" for key in ("bbbbbbbbbb", "cccccccccc", "dddddddddd", "efababefab")]
    assert "10 passages in reading order, with 4 claims" in text
    entry = next(e for e in shown.root.iter("li") if e.get("value") == "1")
    (printed,) = [e for e in entry.iter("span") if e.get("class") == "passage"]
    assert "".join(printed.itertext()) == "First A. Two treatments compared. 2019."


def test_properties_have_labels_and_their_graphs(client: FlaskClient) -> None:
    english, norwegian = page(client, "/result/one.1.html"), page(client, "/result/one.1.html?lang=nb")
    assert "is harm" in english.section("properties") or "harm" in english.section("properties")
    assert english.section("properties") != norwegian.section("properties")
    graphs = english.section("provenance")
    assert "Curation of one" in graphs and "articles/one/curation.yaml" in graphs and "4567abcd" in graphs
    claim = page(client, "/claim/one.cccccccccc.1.1.html")
    assert "by the loader article 0.1.0" in claim.section("provenance")
    assert "Copyright of the publisher." in claim.section("provenance")
    population = next(e for e in claim.all("dd") if "people with MS" in "".join(e.itertext()))
    number = next(e for e in population.iter("a")).get("href").removeprefix("#")
    stated = next(e for e in claim.all("li") if e.get("id") == number)
    assert "curation-one" in "".join(stated.itertext())


def test_a_graph_says_how_much_it_states(client: FlaskClient) -> None:
    studies = sum(quad.graph_name.value == BASE + "graph/studies" for quad in quads())
    assert f"A named graph of {studies} statements." in page(client, "/graph/studies.html").text()


def test_a_curated_value_shows_the_words_it_rests_on(client: FlaskClient) -> None:
    quoted = page(client, "/result/one.1.html").section("quoted")
    assert quoted == "The words it rests on 110 characters 301 to 304 of the source, in 110"


def test_inverse_links_are_counted_and_none_is_left_out(client: FlaskClient) -> None:
    first = page(client, "/document/to.html")
    total = FILLERS + 1
    assert f"in document {total}" in first.section("inverse")
    more = [link for link in first.local_links() if "inverse=" in link and link.endswith("inDocument")]
    seen: list[str] = []
    address: str | None = more[0]
    while address:
        shown = page(client, address)
        seen += [link for link in shown.local_links() if link.startswith("/claim/")]
        assert f"of {total}" in shown.text()
        following = shown.all("a", rel="next")
        address = following[0].get("href") if following else None
    assert len(seen) == len(set(seen)) == total
    assert page(client, f"{more[0]}&page=4", 404)
    assert client.get("/document/to.html?inverse=nothing", headers=HTML).status_code == 404
    assert client.get("/document/to.html?inverse=%3Cx%3E", headers=HTML).status_code == 404


def test_data_formats_are_linked(client: FlaskClient) -> None:
    shown = page(client, "/study/first.html?lang=nb")
    alternates = {e.get("type"): e.get("href") for e in shown.all("link", rel="alternate")}
    assert len(alternates) == 8  # six of RDF, and the tables as CSV and JSON
    for media_type, link in alternates.items():
        assert client.get(link).headers["Content-Type"].partition(";")[0] == media_type
    assert shown.all("link", rel="canonical")[0].get("href") == BASE + "study/first"
    visible = {e.get("href") for e in shown.all("a")}
    assert set(alternates.values()) <= visible
    said = client.get(f"{alternates['text/csv']}&table=statements").text.removeprefix("\ufeff")
    statements = csv.DictReader(io.StringIO(said))
    assert {row["property_iri"] for row in statements} >= {f"{BASE}ontology#registeredAs"}


def test_schema_org(client: FlaskClient) -> None:
    study = page(client, "/study/first.html").structured()
    assert (study["@context"], study["@type"], study["@id"]) == (
        "https://schema.org",
        "MedicalTrial",
        BASE + "study/first",
    )
    assert sorted(study["identifier"]) == ["EudraCT 2010-023560-40", "NCT01234567"]
    claim = page(client, CLAIM).structured()
    assert claim["@type"] == "Claim"
    assert (claim["text"], claim["inLanguage"]) == ("The first trial compared two treatments (1, 2).", "en")
    assert [cited["@id"] for cited in claim["citation"]] == [BASE + "publication/first-2019"]
    article = page(client, "/publication/first-2019.html").structured()
    assert (article["@type"], article["identifier"]) == ("ScholarlyArticle", ["doi:10.1000/first.2019"])
    assert article["headline"] == "Two treatments compared"
    assert (article["name"]["@value"], article["alternateName"]["@value"]) == ("Two treatments compared", "First 2019")
    document = page(client, "/document/one.html").structured()
    assert (document["@type"], document["inLanguage"]) == ("ScholarlyArticle", "en")
    assert [author["name"] for author in document["author"]] == ["B. Author", "A. Author", "C. Author"]
    assert {author["@type"] for author in document["author"]} == {"Person"}
    assert document["author"][0]["@id"] == BASE + "person/b-author"
    report = page(client, "/document/to.html").structured()
    assert (report["@type"], report["headline"]) == ("Report", "Stamceller ved MS")
    (publisher,) = report["publisher"]
    assert (publisher["@type"], publisher["name"]) == (
        "Organization",
        {"@value": "Instituttet", "@language": "nb"},
    )
    registration = page(client, "/registration/NCT01234567.html").structured()
    assert (registration["@type"], registration["identifier"]) == ("CreativeWork", ["NCT01234567"])
    assert [study["@id"] for study in registration["about"]] == [BASE + "study/first"]
    assert page(client, "/").structured()["@type"] == "Dataset"
    assert page(client, "/dataset/msevidence.html").structured()["@type"] == "Dataset"
    assert page(client, "/passage/one.aaaaaaaaaa.1.html").all("script") == []


KINDS_OF_STUDIES = [
    ((), "MedicalStudy"),
    (("multicentre", "open-label"), "MedicalStudy"),
    (("randomised-controlled-trial",), "MedicalTrial"),
    (("crossover", "double-blind"), "MedicalTrial"),
    (("registry-study", "matched-cohort"), "MedicalObservationalStudy"),
    (("retrospective", "case-series"), "MedicalObservationalStudy"),
    (("meta-analysis", "observational-study"), "MedicalStudy"),
    (("systematic-review", "randomised-controlled-trial"), "MedicalStudy"),
]


def test_schema_org_knows_a_trial_from_other_studies(tmp_path: Path) -> None:
    def stated(number: int, name: str, value: str) -> ox.Quad:
        subject, graph = ox.NamedNode(f"{BASE}study/s{number}"), ox.NamedNode(BASE + "graph/studies")
        return ox.Quad(subject, ox.NamedNode(name), ox.NamedNode(value), graph)

    more = [stated(number, RDF_TYPE, MSE + "Study") for number in range(len(KINDS_OF_STUDIES))]
    for number, (designs, _) in enumerate(KINDS_OF_STUDIES):
        more += [stated(number, MSE + "studyDesign", f"{BASE}scheme/study-design/{design}") for design in designs]
    publish_pages(tmp_path, more=more)
    with client_of(tmp_path) as own:
        for number, (designs, kind) in enumerate(KINDS_OF_STUDIES):
            assert page(own, f"/study/s{number}.html").structured()["@type"] == kind, designs


def test_designs_that_are_told_apart_are_of_the_scheme() -> None:
    scheme = (ONTOLOGY / "schemes" / "study-design.ttl").read_text(encoding="utf-8")
    designs = [design for _, those in STUDIES for design in those]
    assert len(designs) == len(set(designs)) > 10
    for design in designs:
        assert f"scheme:study-design\\/{design} a skos:Concept" in scheme, design


def test_hostile_texts_stay_texts(client: FlaskClient) -> None:
    wanted = '</script><script>alert(1)</script> " onmouseover="alert(1) \' <img src=x onerror=alert(1)> {{ 7*7 }} '
    wanted += "\u202eevil"
    shown = page(client, HOSTILE)
    assert shown.structured()["text"] == wanted
    assert "".join(shown.all("h1")[0].itertext()) == wanted
    assert shown.all("h1")[0].get("dir") == "auto"
    for address in (
        HOSTILE,
        "/document/one.html",
        "/passage/one.dddddddddd.1.html",
        "/claims?page=1",
        "/search?q=onmouseover",
    ):
        shown = page(client, address)
        assert all(e.get("type") == "application/ld+json" for e in shown.all("script")), address
        assert shown.all("img") == [], address
    for word in ("<script>", "\"'><img src=x>", "{{ 7*7 }}", "a\u0000b"):
        found = page(client, "/search?q=" + quote(word))
        assert found.all("img") == found.all("script") == []
        assert "49" not in "".join(found.all("textarea")[0].itertext())


def test_only_web_addresses_become_links(client: FlaskClient) -> None:
    shown = page(client, "/publication/first-2019.html")
    text = shown.section("properties")
    hrefs = [e.get("href") for e in shown.all("a")]
    for address in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example/x"):
        assert address in text
        assert not [href for href in hrefs if href.startswith(address)]
    outside = [e for e in shown.all("a") if e.get("href").startswith("http")]
    assert {e.get("href") for e in outside} == {
        "http://purl.org/spar/cito/cites",
        "http://purl.org/spar/fabio/JournalArticle",
        "https://doi.org/10.1000/first.2019",
        "https://example.org/record",
        "https://pubmed.ncbi.nlm.nih.gov/12345678",
        "https://w3id.org/msevidence//evil.example/x",
    }
    assert all("noreferrer" in e.get("rel") for e in outside)
    hrefs = [e.get("href") for e in page(client, "/reference/one.1.html").all("a", rel="external noreferrer nofollow")]
    printed = [href for href in hrefs if "purl.org" not in href]
    assert printed == ["https://example.org/first?a=1&b=2"]
    assert "year: 2019" in text


def test_the_language_is_kept_in_links(client: FlaskClient) -> None:
    for address in ("/?lang=nb", "/study/first.html?lang=nb", "/claims?lang=nb", "/nothing?lang=nb"):
        status = 404 if address.startswith("/nothing") else 200
        shown = page(client, address, status, **{"Accept-Language": "en"})
        assert shown.all("html")[0].get("lang") == "nb"
        links = [e.get("href") for e in shown.all("a") if e.get("href").startswith("/")]
        ours = [link for link in links if not link.startswith(("/releases", "/dataset"))]
        assert ours and all("lang=nb" in link for link in ours), address
    plain = page(client, "/study/first.html", **{"Accept-Language": "nb-NO, nb;q=0.9, en;q=0.5"})
    assert plain.all("html")[0].get("lang") == "nb"
    assert not [e for e in plain.all("a") if "lang=" in e.get("href") and not e.get("hreflang")]
    assert [e.get("hreflang") for e in plain.all("a") if e.get("hreflang")] == ["en", "nb"]


def test_an_error_in_a_browser_is_a_page(client: FlaskClient) -> None:
    shown = page(client, "/study/none.html", 404)
    assert f"{BASE}study/none" in shown.text()
    evil = page(client, "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 404)
    assert evil.all("script") == []
    other = page(client, "//evil.example", 404) if client.get("//evil.example").status_code == 404 else evil
    assert not [link for link in other.links() if "//evil.example" in link.removeprefix("http://here")]


def test_the_ontology_lists_its_terms(client: FlaskClient) -> None:
    shown = page(client, "/ontology.html?lang=nb")
    ids = {e.get("id") for e in shown.root.iter("div")}
    assert {"Claim", "statedIn", "registeredAs"} <= ids
    assert len([id for id in ids if id]) > 150
    claim = next(e for e in shown.root.iter("div") if e.get("id") == "Claim")
    assert "Påstand" in "".join(claim.itertext())
    used = page(client, CLAIM)
    assert "/ontology#statedIn" in [e.get("href") for e in used.all("a")]
