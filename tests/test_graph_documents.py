"""Both real documents in the graph: nothing lost, everything anchored, the path from claim to support whole."""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from ruamel.yaml import YAML

from msevidence.loaders.assembly import Graph
from msevidence.loaders.text import squash
from tests.graph import DATA, ask, rows

ARTICLE = "https://w3id.org/msevidence/document/nygaard-2024"
REPORT = "https://w3id.org/msevidence/document/fhi-2021"
SOURCES = {
    ARTICLE: DATA / "articles" / "nygaard-2024" / "source.txt",
    REPORT: DATA / "reports" / "fhi-2021" / "source.txt",
}
FOOTNOTES = {ARTICLE: 0, REPORT: 3}
EXPECTED = Path(__file__).parent / "expected"


def expected(name: str) -> dict[str, object]:
    content = YAML(typ="safe").load((EXPECTED / f"{name}.yaml").read_text(encoding="utf-8"))
    assert content["answer"], f"{name} has no rows"
    return content  # type: ignore[no-any-return]


def letters(text: str) -> str:
    """The letters and digits of a text: what no normalisation may change."""
    return "".join(c for c in text if c.isalnum())


def without_a_mark(printed: str, mark: str | None) -> set[str]:
    """What may be read of a printed passage: all of it, or where a footnote hangs on a word, all but its mark."""
    if mark is None:
        return {printed}
    places = (i for i in range(len(printed)) if printed.startswith(mark, i))
    return {printed[:i] + printed[i + len(mark) :] for i in places}


@pytest.mark.parametrize("document", sorted(SOURCES))
def test_every_passage_stands_where_it_says(real_store: ox.Store, document: str) -> None:
    source = SOURCES[document].read_text(encoding="utf-8")
    found = rows(
        real_store,
        "SELECT ?p ?text ?exact ?start ?end { ?p oa:hasSource ?document ; mse:text ?text ;"
        " oa:exact ?exact ; oa:start ?start ; oa:end ?end }",
        document=document,
    )
    pieces: dict[str | None, str] = {}
    for iri, piece in rows(
        real_store,
        "SELECT ?p ?exact { ?p oa:hasSource ?document ; oa:hasSelector ?s . ?s oa:exact ?exact ; mse:ordinal ?n }"
        " ORDER BY ?p ?n",
        document=document,
    ):
        pieces[iri] = pieces.get(iri, "") + (piece or "")
    marks = dict(
        rows(real_store, "SELECT ?p ?mark { ?n mse:mark ?mark ; mse:anchoredIn ?p . ?p oa:hasSource ?d }", d=document)
    )
    assert len(found) > 100
    for iri, text, exact, start, end in found:
        assert text and exact and start and end
        assert source[int(start) : int(end)] == exact, iri
        assert text == squash(text) and "\n" not in text, iri
        own = pieces.get(iri, exact).replace("[PubMed]", "").replace("[CrossRef]", "")
        assert letters(text) in without_a_mark(letters(squash(own)), marks.get(iri)), iri
    assert len(marks) == FOOTNOTES[document]


@pytest.mark.parametrize("document", sorted(SOURCES))
def test_every_quotation_of_the_curation_stands_at_its_offsets(real_store: ox.Store, document: str) -> None:
    source = SOURCES[document].read_text(encoding="utf-8")
    found = rows(
        real_store,
        "SELECT ?exact ?start ?end { ?node mse:inDocument ?document ; mse:hasAnchor ?a ."
        " ?a oa:exact ?exact ; oa:start ?start ; oa:end ?end }",
        document=document,
    )
    assert len(found) > 100
    for exact, start, end in found:
        assert exact and start and end
        assert source[int(start) : int(end)] == exact


def test_each_citing_passage_of_the_article_leads_to_its_references(real_store: ox.Store) -> None:
    found = rows(
        real_store,
        "SELECT ?text ?support ?number { ?c a mse:Claim ; mse:inDocument ?document ; mse:statedIn/mse:text ?text ;"
        " mse:support ?support ; mse:hasPointer/c4o:denotes ?r . ?r a biro:BibliographicReference ;"
        " mse:number ?number ;"
        " biro:references ?p . ?p a mse:Publication . ?c cito:cites ?p }",
        document=ARTICLE,
    )
    numbers: dict[str, set[int]] = {}
    supports: dict[str, str] = {}
    for text, support, number in found:
        assert text and support and number
        numbers.setdefault(text, set()).add(int(number))
        supports[text] = support.rsplit("/", 1)[1]
    answer = expected("claim-to-support")["answer"]
    assert isinstance(answer, list)
    unseen = Counter(numbers)
    for row in answer:
        words = squash(row["text"])
        kind = "inherited" if row["citation"] == "inherited" else "cited"
        holding = [t for t in numbers if words in t and supports[t] == kind]
        match = [t for t in holding if t == words] or holding
        assert len(match) == 1, (row["text"], match)
        assert numbers[match[0]] == set(row["numbers"]), row["text"]
        unseen.pop(match[0], None)
    assert not unseen, f"claims that the hand-made answer does not have: {sorted(unseen)}"


def test_each_citing_passage_of_the_report_leads_nowhere_and_says_so(real_store: ox.Store) -> None:
    found = rows(
        real_store,
        "SELECT DISTINCT ?text ?number ?locator { ?c a mse:Claim ; mse:inDocument ?document ;"
        " mse:statedIn/mse:text ?text ; mse:hasPointer ?x . ?x c4o:denotes ?r ; mse:number ?number ."
        " ?r a mse:MissingReference . OPTIONAL { ?x mse:locator ?locator } }",
        document=REPORT,
    )
    by_text: dict[str, set[tuple[int, str | None]]] = {}
    for text, number, locator in found:
        assert text and number
        by_text.setdefault(text, set()).add((int(number), locator))
    answer = expected("claim-to-support-report")["answer"]
    assert isinstance(answer, list)
    for row in answer:
        words = squash(row["text"])
        match = [t for t in by_text if words in t and {n for n, _ in by_text[t]} == set(row["numbers"])]
        assert match, (row["text"], [t for t in by_text if words in t])
    assert len({t for t in by_text}) == len(answer)


def test_no_citation_of_a_missing_reference_is_made_up(real_store: ox.Store) -> None:
    assert not ask(real_store, "ASK { ?r a mse:MissingReference ; biro:references ?p }")
    assert ask(real_store, "ASK { ?i a mse:Inference ; mse:about ?r ; mse:because ?why . ?r a mse:MissingReference }")


@pytest.mark.parametrize("document", sorted(SOURCES))
def test_no_sentence_is_overlooked(real_graph: Graph, real_store: ox.Store, document: str) -> None:
    """Each sentence of the text is a claim, or the curator says that it asserts nothing."""
    found = rows(
        real_store,
        "SELECT ?text { ?p oa:hasSource ?document ; mse:text ?text ; mse:passageKind ?kind ; mse:inSection ?section ."
        " FILTER(STRENDS(STR(?kind), '/sentence')) FILTER NOT EXISTS { ?c mse:statedIn ?p }"
        " FILTER NOT EXISTS { ?p mse:assertsNothing true } }",
        document=document,
    )
    assert not found
