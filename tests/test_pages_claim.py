"""The page of a claim: whether it is supported, by what, whether that holds, and its nanopublication.

What is expected was read in the two sources of ``data/`` and in ``data/source-quotes.yaml``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server.labels import PREFIXES, RDF_TYPE
from msevidence.server.nanopublication import NP, PARTS
from tests.pages_site import Page, client_of, page, publish_pages

MORTALITY = "/claim/nygaard-2024.28ff2abf10.1.1.html"
SAFE = "/claim/nygaard-2024.e1e0f7495e.1.1.html"
ARMS = "/claim/nygaard-2024.eb3aea9e5c.1.1.html"
FIVE_STUDIES = "/claim/fhi-2021.0edb323ecf.1.1.html"
ONLY_RCT = "/claim/fhi-2021.aab25cc205.1.1.html"


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def answer(shown: Page) -> dict[str, str]:
    """Return the questions and answers that stand below the heading."""
    (box,) = shown.all("section", class_="answer")
    return {words(e.find("dt")): words(e.find("dd")) for e in box.iter("div") if e.find("dt") is not None}


def findings(shown: Page) -> list[str]:
    (section,) = shown.all("section", class_="badges")
    return [words(e) for e in section.iter("li")]


def pointers(shown: Page) -> list[tuple[str, str]]:
    return [(words(e), e.get("href")) for e in shown.all("a", class_="pointer")]


def test_the_sentence_on_mortality_has_no_reference_of_its_own(client: FlaskClient) -> None:
    shown = page(client, MORTALITY)
    said = answer(shown)
    verdict = "No reference of its own. The next sentence cites (5): EBMT 2020; nothing of it was read."
    assert said["Is it supported?"].startswith(verdict)
    assert "/publication/ebmt-2020" in [e.get("href") for e in shown.all("section", class_="answer")[0].iter("a")]
    assert "A reference would be expected here: number without reference." in said["Is it supported?"]
    assert "3000 patients, 1.3 %, 0.2 %; the next sentence cites (5)" in said["Is it supported?"]
    assert said["Compared with its source?"] == "There is nothing to compare it with."
    # what is found in its own sentence comes first, what is found in another one says so
    own, other = said["Does it add up?"].split(" About another sentence: ")
    assert own == "2 findings: note: number without reference."
    assert other.startswith("warning: summary does not follow from the studies: Recent research shows that stem cell")
    assert [told.count("about another sentence") for told in findings(shown)] == [0, 1]
    assert words(shown.all("mark")[0]).startswith("Data from just over 3000 patients")
    # the pointer of the next sentence is live, and leads to the publication
    ((number, href),) = pointers(shown)
    assert number == "5" and href == "/publication/ebmt-2020"
    norwegian = answer(page(client, f"{MORTALITY}?lang=nb"))
    assert norwegian["Er den støttet?"].startswith(
        "Ingen egen referanse. Den neste setningen siterer (5): EBMT 2020; ingenting av den er lest."
    )
    assert "Her ville en referanse være ventet: tall uten referanse." in norwegian["Er den støttet?"]


def test_a_method_of_ones_own_needs_no_reference(client: FlaskClient) -> None:
    said = answer(page(client, "/claim/fhi-2021.029a9a59b4.1.1.html"))
    assert "No rule of the review asks for one here." in said["Is it supported?"]
    assert "number without reference" in said["Is it supported?"]  # one of the rules that looked
    assert said["Does it add up?"] == "The review has no finding about it."


def test_a_cited_claim_names_its_references_and_what_they_are(client: FlaskClient) -> None:
    shown = page(client, SAFE)
    assert answer(shown)["Is it supported?"].startswith("It cites 2 references: 5 EBMT 2020, 6 Nabizadeh 2022.")
    own = {number: href for number, href in pointers(shown) if href.startswith("#")}
    assert set(own) == {"5", "6"}
    steps = {e.get("id"): words(e) for e in shown.all("li") if e.get("id")}
    assert "European Society for Blood and Marrow Transplantation (EBMT)" in steps[own["5"].removeprefix("#")]
    assert "Meta-analysis of observational studies 2022" in steps[own["6"].removeprefix("#")]
    assert "No registration of it is known." in steps[own["6"].removeprefix("#")]
    # the paragraph has the pointers of the other sentences too
    assert [number for number, _ in pointers(shown)] == ["2", "3", "4", "5", "6"]


def test_an_inherited_pointer_and_how_its_study_is_registered(client: FlaskClient) -> None:
    shown = page(client, ARMS)
    assert answer(shown)["Is it supported?"] == "By the reference in the head of its column: 10 ASTIMS 2015."
    support = shown.section("support")
    assert "inherited from the head of the column" in support
    assert "Head of the column Randomised clinical phase 2 trial 2015 (10)" in support
    assert "Study ASTIMS Registration EudraCT 2007-000064-24 EU Clinical Trials Register status not known" in support
    mist = page(client, "/claim/nygaard-2024.c32575834e.1.1.html").section("support")
    assert "Registration NCT00273364 ClinicalTrials.gov completed" in mist
    rows = list(csv.DictReader(io.StringIO(client.get(ARMS.replace(".html", ".csv?table=support")).text)))
    (row,) = rows
    assert (row["reference"], row["publication"], row["study"]) == ("10", "ASTIMS 2015", "ASTIMS")
    assert row["registration_iri"] == f"{BASE}registration/EudraCT-2007-000064-24"


def test_a_number_without_entry_can_not_be_followed(client: FlaskClient) -> None:
    shown = page(client, ONLY_RCT)
    said = answer(shown)["Is it supported?"]
    assert said.startswith("It cites 2 references: 1 (no entry is printed for it") and "13 (no entry" in said
    assert shown.section("support").count("The document prints no entry for this number.") == 2
    assert [number for number, href in pointers(shown) if href.startswith("#")] == ["1", "13"]


def test_a_personal_communication_is_told(client: FlaskClient) -> None:
    said = answer(page(client, "/claim/nygaard-2024.492662ab96.1.1.html"))["Is it supported?"]
    assert said.startswith("Only by a personal communication")
    assert "(Torstein Egeland, personal communication, 1 November 2023)" in said


def test_a_verdict_has_both_quotations_and_what_was_read(client: FlaskClient) -> None:
    shown = page(client, ARMS)
    assert "disagrees: ASTIMS 2015 (read: abstract)" in answer(shown)["Compared with its source?"]
    verdict = next(e for e in shown.all("article", class_="verdict disagrees"))
    quoted = [(words(e.find("figcaption")), words(e.find("blockquote"))) for e in verdict.iter("figure")]
    assert quoted[0] == ("The document says", "Stem cell therapy (n = 9), mitoxantrone (n = 21)")
    assert quoted[1][0] == "The source says"
    assert quoted[1][1].startswith("Twenty-one patients were randomized and 17 had postbaseline")
    assert "What was read: abstract" in words(verdict)
    silent = page(client, "/claim/nygaard-2024.25d4a02f81.1.1.html").section("verdicts")
    assert "not in what was read: MSBase 2023" in silent and "Nothing that was read speaks of it." in silent


def test_what_another_document_says_stands_beside_it(client: FlaskClient) -> None:
    told = page(client, "/claim/nygaard-2024.c32575834e.1.1.html").section("disagreements")
    assert "conventional therapy" in told
    assert "Alemtuzumab og ocrelizumab var ikke behandlingsalternativer" in told
    assert "Autolog stamcelletransplantasjon ved multippel sklerose" in told


def test_siblings_and_the_other_language(client: FlaskClient) -> None:
    sibling = page(client, "/claim/nygaard-2024.25d4a02f81.1.1.html").section("siblings")
    assert sibling.startswith("Claims on the same passage The relapse rate with stem cell therapy was the same")
    versions = page(client, FIVE_STUDIES).section("versions")
    assert "Vi identifiserte fem studier på hematopoietisk stamcelletransplantasjon (HSCT)." in versions
    assert "As a claim:" in versions


def test_interests_and_where_it_was_read(client: FlaskClient) -> None:
    shown = page(client, MORTALITY)
    assert "14 interests in other things" in shown.section("interests")
    told = shown.section("from")
    assert "section “Stem cell therapy is safe, but challenging”" in told and "Copyright: © Tidsskriftet 2026" in told
    # what is technical stands closed at the end, and what the page links to in itself is there
    (technical,) = shown.all("details", class_="technical")
    inside = {e.get("id") for e in technical.iter() if e.get("id")}
    assert {"read-from", "nanopublication", "properties", "provenance", "graph-1", "data"} <= inside
    assert technical.get("open") is None and f"{BASE}claim/" in words(technical)
    assert [e for e in shown.all("p", class_="iri") if e not in list(technical.iter())] == []
    read = shown.section("read-from")
    source = (Path(__file__).parent.parent / "data/articles/nygaard-2024/source.txt").read_text(encoding="utf-8")
    assert source[7497:7672].startswith("Data from just over 3000 patients")
    assert "characters 7497 to 7672 of the file" in read and "articles/nygaard-2024/source.txt" in read
    assert "ed80362bcc0eca82a81667d559e262635f1eab99a1ab94b927249526ac580e18" in read
    assert "Read by the loader" in read
    table = page(client, ARMS).section("from")
    assert "Table 1, row 2, column 1" in table


def iri(term: Any) -> str:
    """Return the IRI or the text of a node."""
    return str(term.value)


def nanopublication(shown: Page) -> list[ox.Quad]:
    """Return the quads of all graphs that a page shows as TriG."""
    blocks = [e for e in shown.all("pre") if (e.get("aria-label") or "").startswith("The graph as TriG")]
    assert len(blocks) == 4
    return [quad for block in blocks for quad in ox.parse("".join(block.itertext()), ox.RdfFormat.TRIG)]


def well_formed(quads: list[ox.Quad]) -> dict[str, list[ox.Quad]]:
    """Check the criteria of the guidelines, and return the graphs by part."""
    (typed,) = [q for q in quads if q.predicate.value == RDF_TYPE and q.object == ox.NamedNode(NP + "Nanopublication")]
    np, head = typed.subject, typed.graph_name
    named = {}
    for part, term in zip(PARTS, ("hasAssertion", "hasProvenance", "hasPublicationInfo"), strict=True):
        (link,) = [q for q in quads if q.predicate.value == NP + term]
        assert (link.subject, link.graph_name) == (np, head)
        named[part] = link.object
    graphs = {part: [q for q in quads if q.graph_name == graph] for part, graph in named.items()}
    assert len([q for q in quads if q.graph_name == head]) == 4
    assert len({head, *named.values()}) == 4 and all(graphs.values())
    assert sum(map(len, graphs.values())) + 4 == len(quads)
    assert any(q.subject == named["assertion"] for q in graphs["provenance"])
    assert any(q.subject == np for q in graphs["publication-info"])
    assert not any(isinstance(node, ox.BlankNode) for q in quads for node in (q.subject, q.object))
    return graphs


def test_the_nanopublication_is_well_formed_and_says_where_it_is_from(client: FlaskClient) -> None:
    for address in (MORTALITY, SAFE, ARMS, FIVE_STUDIES):
        shown = page(client, address)
        graphs = well_formed(nanopublication(shown))
        claim = ox.NamedNode(BASE.rstrip("/") + address.removesuffix(".html"))
        asserted = {q.predicate.value.removeprefix(PREFIXES["mse"]) for q in graphs["assertion"]}
        assert {"claimText", "claimKind"} <= asserted and {q.subject for q in graphs["assertion"]} == {claim}
        # neither where it stands nor what a review made of it is asserted
        assert not asserted & {"statedIn", "support", "note", PREFIXES["sepio"] + "0000006"}
        quoted = [q.object for q in graphs["provenance"] if q.predicate.value == PREFIXES["prov"] + "wasQuotedFrom"]
        assert [iri(one).startswith(f"{BASE}passage/") for one in quoted] == [True]
        info = {q.predicate.value.rpartition("/")[2]: q.object for q in graphs["publication-info"]}
        built = client.get("/releases/").text
        assert iri(info["created"])[:10] in built
        assert iri(info["isPartOf"]).startswith(f"{BASE}release/") and "rights" in info
        assert "not signed and not published" in shown.section("nanopublication")
    authors = {
        iri(q.object)
        for q in well_formed(nanopublication(page(client, MORTALITY)))["provenance"]
        if q.predicate.value == PREFIXES["prov"] + "wasAttributedTo"
    }
    assert authors == {f"{BASE}person/gro-owren-nygaard", f"{BASE}person/trygve-holmoy"}


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    publish_pages(tmp_path)
    with client_of(tmp_path) as own:
        shown = page(own, "/claim/one.dddddddddd.1.1.html")
        said = '</script><script>alert(1)</script> " onmouseover="alert(1)'
        assert shown.strange_scripts() == [e for e in shown.all("script") if e.get("type") == "application/ld+json"]
        assert said in words(shown.all("mark")[0]) and "{{ 7*7 }}" in shown.text() and not shown.in_main("img")
        graphs = well_formed(nanopublication(shown))
        assert any(said in iri(q.object) for q in graphs["assertion"])
        document = page(own, "/document/one.html")
        assert said in document.section("text") and not document.in_main("img")
        assert not any(e.get("onmouseover") for e in document.root.iter())
