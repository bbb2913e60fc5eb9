"""What a report prints in its own layout, in the graph: searches, sums of hits, flow, criteria, rows of tables.

Held against the answers worked out by hand (``expected/``).
"""

import shutil
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from ruamel.yaml import YAML

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.documents import DocumentFolder, read_document
from msevidence.loaders.errors import CurationError
from msevidence.loaders.triples_question import question_statements
from msevidence.loaders.triples_search import search_statements
from msevidence.ontology.namespaces import MSE
from tests.graph import DATA, ask, rows

REPORT = "https://w3id.org/msevidence/document/fhi-2021"
FOLDER = DATA / "reports" / "fhi-2021"
EXPECTED = Path(__file__).parent / "expected"
INVENTED = Path(__file__).parent / "fixtures" / "reports" / "sagobad-2023"


def expected(name: str) -> list[dict[str, object]]:
    answer = YAML(typ="safe").load((EXPECTED / f"{name}.yaml").read_text(encoding="utf-8"))["answer"]
    assert answer, f"{name} has no rows"
    return list(answer)


def local(iri: str | None) -> str:
    assert iri
    return iri.rsplit("/", 1)[1]


def test_each_search_has_source_purpose_date_hits_filter_and_interface(real_store: ox.Store) -> None:
    found = rows(
        real_store,
        "SELECT ?search ?label ?purpose ?date ?printed ?hits { ?search a mse:Search ; mse:inDocument ?d ;"
        " rdfs:label ?label ; mse:position ?n ; mse:purpose/skos:prefLabel ?purpose ; mse:date ?date ;"
        " mse:printedDate ?printed ; mse:hits ?hits . FILTER(LANG(?purpose) = 'en') } ORDER BY ?n",
        d=REPORT,
    )
    answer = expected("sources-searched")
    assert len(found) == len(answer) == 6
    for (search, label, *values), row in zip(found, answer, strict=True):
        assert search and label and str(row["source"]) in label
        assert values == [row["purpose"], row["date"], str(row["date_printed"]), str(row["hits"])]
        limits = rows(real_store, "SELECT ?l { ?s mse:limit ?l }", s=search)
        assert [x for (x,) in limits] == ([row["filter"]] if row["filter"] else [])
        interfaces = rows(real_store, "SELECT ?i { ?s mse:interface ?i }", s=search)
        assert {x for (x,) in interfaces} == set(row["interface"] or [])  # type: ignore[call-overload]


def test_the_second_search_in_a_source_amends_the_first(real_store: ox.Store) -> None:
    found = rows(real_store, "SELECT ?new ?old { ?a mse:amends ?b . ?a mse:position ?new . ?b mse:position ?old }")
    assert found == [("2", "1")]


def test_what_the_curator_says_of_a_search_is_in_the_curation_and_anchored(real_store: ox.Store) -> None:
    assert not ask(
        real_store,
        "ASK { GRAPH <https://w3id.org/msevidence/graph/document-fhi-2021>"
        " { ?s mse:purpose|mse:limit|mse:interface ?v } }",
    )
    found = rows(
        real_store,
        "SELECT ?exact { ?s a mse:Search ; mse:position 3 ; mse:hasAnchor/oa:exact ?exact }",
    )
    assert Counter(x for (x,) in found) == {
        "Søketreff: 55": 1,
        "Advanced search": 1,
        "Simple search": 1,
        "Interventional studies (clinical trials)": 2,
        "Søk etter primærstudier (RCT)": 1,
    }


def test_sums_of_hits_and_further_counts_of_a_box(real_store: ox.Store) -> None:
    totals = (
        "SELECT ?l ?n { ?t a mse:SearchTotal ; mse:inDocument ?d ; rdfs:label ?l ; mse:count ?n ; mse:position ?p }"
        " ORDER BY ?p"
    )
    assert rows(real_store, totals, d=REPORT) == [("Søketreff totalt", "424"), ("Søketreff uten dubletter", "345")]
    further = rows(
        real_store,
        "SELECT ?box ?n ?what ?m ?text { ?b rdfs:label ?box ; mse:count ?n ; mse:hasCount ?c ."
        " ?c rdfs:label ?what ; mse:count ?m ; mse:statedIn/mse:text ?text }",
    )
    assert further == [("inkluderte studier", "15", "referanser", "21", "(21 referanser)")]


def test_the_kind_of_each_entry_is_that_of_its_label(real_store: ox.Store) -> None:
    found = rows(
        real_store, "SELECT ?l ?k { ?e mse:entryLabel ?l ; mse:inDocument ?d . ?e mse:entryKind ?k }", d=REPORT
    )
    wanted = Counter((row["label"], str(row["kind"]).replace(" ", "-")) for row in expected("publications-of-a-study"))
    assert Counter((label, local(kind)) for label, kind in found) == wanted


def test_descriptions_and_conclusions_of_a_row_are_passages_and_quotations_hang_on_their_study(
    real_store: ox.Store,
) -> None:
    kinds = "SELECT ?p { ?d mse:printedName 'MIST' ; mse:inDocument ?doc ; mse:KIND/mse:text ?p }"
    descriptions = [p for (p,) in rows(real_store, kinds.replace("KIND", "description"), doc=REPORT)]
    assert len(descriptions) == 7
    assert any(p and p.startswith("Beskrivelse av studien: Multisenterstudie") for p in descriptions)
    ((conclusion,),) = rows(real_store, kinds.replace("KIND", "conclusion"), doc=REPORT)
    assert conclusion and conclusion.startswith("Forfatternes konklusjon:")
    quoted = rows(
        real_store,
        "SELECT ?name ?number { ?x mse:hasQuotation ?q ; mse:inDocument ?d ; mse:rowNumber ?row ;"
        " mse:printedName ?name ; mse:describes ?study ."
        " ?q mse:ofStudy ?study ; mse:inDocument ?d ; mse:number ?number }",
        d=REPORT,
    )
    assert {(str(n).split()[0], int(x or 0)) for n, x in quoted} == {
        ("MIST", 14),
        ("Fernandez", 16),
        ("Llufriu", 17),
        ("MESEMS", 18),
        ("Nabavi", 19),
        ("Petrou", 20),
    }


def test_curated_criteria_keep_the_word_that_is_printed_for_them(real_store: ox.Store) -> None:
    found = rows(
        real_store,
        "SELECT ?words ?element ?included { ?c a mse:Criterion ; mse:inDocument ?d ; mse:quotedText ?words ;"
        " mse:printedElement ?element ; mse:included ?included }",
        d=REPORT,
    )
    answer = expected("pico-of-the-review")
    assert Counter(str(w).rstrip(".") for w, _, _ in found) == Counter(str(row["text"]) for row in answer)
    assert {e for _, e, i in found if i == "false"} == {"Eksklusjonskriterier"}
    assert {e for w, e, _ in found if w == "Ingen avgrensinger"} == {"Land/Kontekst", "Språk"}


def test_without_a_curated_question_the_printed_criteria_are_stated() -> None:
    context = read_document(DocumentFolder(INVENTED, "reports"))
    assert not context.curation.question
    question_statements(context)
    store = ox.Store()
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in context.text)
    found = rows(
        store,
        "SELECT ?element ?included ?words { ?question mse:hasCriterion ?c . ?c mse:printedElement ?element ;"
        " mse:included ?included ; mse:quotedText ?words ; mse:statedIn ?p ; mse:hasAnchor ?a ."
        " ?a mse:inPassage ?p ; oa:exact ?exact FILTER(?exact = ?words || CONTAINS(?words, 'lätt')) }",
    )
    assert {
        ("Population", "true", "Vuxna med drömsjuka (lätt eller tung form)"),
        ("Intervention", "true", "Varma bad"),
        ("Kontroll", "true", "Alla jämförelser"),
        ("2.2 Exklusionskriterier", "false", "Studier utan bad"),
    } <= set(found)
    assert not ask(store, "ASK { ?c mse:element ?e }")
    assert not [q for q in context.curated if q.predicate.value == str(MSE.hasCriterion)]


def with_searches(tmp_path: Path, searches: str) -> DocumentContext:
    """Return the real report with other searches in its curation."""
    folder = tmp_path / "fhi-2021"
    shutil.copytree(FOLDER, folder)
    (folder / "curation.yaml").write_text("searches:\n" + searches, encoding="utf-8")
    return read_document(DocumentFolder(folder, "reports"))


PRIMARY = "    purpose: primary-studies\n    purpose_printed: "


@pytest.mark.parametrize(
    ("searches", "field", "words"),
    [
        ("  - quote: Hva vet vi fra før?\n", "searches.0", "does not stand in the text"),
        ("  - quote: Ikke-randomiserte studier\n", "searches.0.quote", "no search has all"),
        ("  - quote: ['Søketreff: 55', 'Søketreff: 34']\n", "searches.0.quote", "no search has all"),
        ("  - quote: Coch rane Trials (CENTRAL)\n", "searches.0.quote", "(22.06.2021)"),
        ("  - quote: 'Søketreff: 34'\n  - quote: Recruitment status is ALL\n", "searches.1", "two entries"),
        ("  - quote: 'Søketreff: 34'\n    limits: [FROM 2014 TO 2021]\n", "searches.0.limits.0", "is not printed in"),
        ("  - quote: 'Søketreff: 34'\n    interfaces: [Simple, Expert]\n", "searches.0.interfaces.1", "'Expert'"),
        ("  - quote: 'Søketreff: 34'\n" + PRIMARY + "INAHTA\n", "searches.0.purpose_printed", "is not printed in"),
        ("  - quote: 'Søketreff: 34'\n    purpose: primary-studies\n", "searches.0", "together"),
        (
            "  - quote: 'Søketreff: 34'\n" + PRIMARY.replace("primary", "all") + "Søk etter primærstudier (RCT)\n",
            "searches.0.purpose",
            "primary-studies",
        ),
    ],
)
def test_an_entry_that_is_not_of_one_search_stops_with_its_place(
    tmp_path: Path, searches: str, field: str, words: str
) -> None:
    with pytest.raises(CurationError) as caught:
        search_statements(with_searches(tmp_path, searches))
    message = str(caught.value)
    assert words in message
    assert field in message
    assert caught.value.line is not None and caught.value.line >= 2


def test_the_words_shared_by_two_searches_count_where_others_tell_them_apart(tmp_path: Path) -> None:
    quote = "  - quote: [Coch rane Trials (CENTRAL), Lagt til søkeord for MSC]\n    note: the second\n"
    context = with_searches(tmp_path, quote)
    search_statements(context)
    noted = [q.subject.value for q in context.curated if q.predicate.value == str(MSE.note)]
    assert [local(s) for s in noted] == ["fhi-2021.2"]
