"""What the report prints in its own layout: the stored questions against the answers worked out by hand."""

import re
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from msevidence.queries import load_questions
from tests.questions import EXPECTED, REPORT, Row, asked, expected, fold, local, numbers, publication, same

NOT_YET = {"changes-between-releases"}
"""Answers whose question needs two releases: no single graph holds it."""
MORE = {"support-of-a-sentence", "interests-of-authors"}
"""Questions without a hand-made answer of their own; they are held against those of others."""


def test_every_answer_has_its_question_and_every_question_its_answer() -> None:
    labels = {"identity-labels", "review-known", "review-precision"}  # what rules are measured against is no answer
    answers = {path.stem for path in EXPECTED.glob("*.yaml")} - labels
    assert len(answers) == 43
    assert set(load_questions()) == answers - NOT_YET | MORE


@pytest.mark.parametrize("name", sorted(set(load_questions()) - MORE))
def test_a_question_names_the_number_that_its_answer_names(name: str) -> None:
    assert expected(name)["asks"] in load_questions()[name].asks


def test_every_question_of_users_is_asked_but_the_one_that_needs_two_releases() -> None:
    assert {number for q in load_questions().values() for number in q.asks} == set(range(1, 25)) - {23}


@pytest.mark.parametrize("name", sorted(load_questions()))
def test_every_question_runs_anywhere(name: str) -> None:
    """Written out in full, in the words of the standard, with an order of the rows; another parser reads it too."""
    sparql = load_questions()[name].sparql
    assert prepareQuery(sparql)
    body = "\n".join(line for line in sparql.splitlines() if not line.startswith("#"))
    assert not re.search(r"\b(SERVICE|LOAD|INSERT|DELETE|FROM)\b\s*[<{:]", body)
    used = set(re.findall(r"(?<![\w<?:])([a-z][\w-]*):(?=[\w\s/|^*?]|$)", re.sub(r"\"[^\"]*\"|<[^>]*>", "", body)))
    declared = set(re.findall(r"PREFIX ([\w-]+):", body))
    assert used == declared, used ^ declared
    assert "ORDER BY" in body or load_questions()[name].form == "construct"
    assert set(load_questions()[name].descriptions) == {"en", "nb"}


SOURCES = {
    "Coch rane Trials (CENTRAL)": "CENTRAL",
    "International Clinical Trials Registry Platform (ICTRP)": "ICTRP",
}
"""Sources that the report prints in another way than their short names; the first with a blank in the word."""


def test_sources_searched(real_store: ox.Store) -> None:
    found = asked(real_store, "sources-searched", document=REPORT)
    reviews = "Søk etter systematiske oversikter og metodevurderinger"
    purposes = {
        "primary studies": "Søk etter primærstudier (RCT)",
        "systematic reviews and health technology assessments": reviews,
    }

    def key(r: Row) -> tuple[str | None, ...]:
        return SOURCES.get(str(r["source"]), r["source"]), r["date"]

    answer = expected("sources-searched")["answer"]
    same(
        {(*key(r), r["printedDate"], r["hits"], r["purpose"]) for r in found},
        {
            (row["source"], row["date"], row["date_printed"], str(row["hits"]), purposes[row["purpose"]])
            for row in answer
        },
    )
    for row in answer:
        (there,) = [r for r in found if key(r) == (row["source"], row["date"])]
        assert fold(row["filter"]) in fold(there["limits"]), row
        assert row["filter"] or not there["limits"], row
        interfaces = {name.rstrip(":") for name in numbers(there["interfaces"])}
        assert interfaces == set(row["interface"] or ()), row
        assert row.get("printed_hits", "") in str(there["printedHits"])


def test_search_strings(real_store: ox.Store) -> None:
    found = asked(real_store, "search-strings", document=REPORT)
    lines: dict[tuple[str, str | None, str | None], list[str]] = {}
    for r in found:
        labelled = str(r["label"] or "").startswith("Søk")
        place = SOURCES.get(str(r["source"]), str(r["source"])), r["label"], None if labelled else r["position"]
        lines.setdefault(place, []).append(fold(r["text"]))
    there = [(source, label, " ".join(texts)) for (source, label, _), texts in lines.items()]
    answer = expected("search-strings")["answer"]
    whole = {(row["source"], row["label"], fold(row["text"])) for row in answer if "text" in row}
    long = [row for row in answer if "starts" in row]
    assert len(there) == len(whole) + len(long)

    def is_long(row: dict[str, Any], source: str, text: str) -> bool:
        starts, ends = (fold(row[k]) for k in ("starts", "ends"))
        return source == row["source"] and text.startswith(starts) and text.endswith(ends)

    for row in long:
        assert sum(is_long(row, source, text) for source, _, text in there) == 1, row
    same({t for t in there if not any(is_long(row, t[0], t[2]) for row in long)}, whole)


def test_selection_flow(real_store: ox.Store) -> None:
    found = asked(real_store, "selection-flow", document=REPORT)
    answer = expected("selection-flow")["answer"]
    same(
        {(r["box"], r["count"]) for r in found},
        {(row["box"], None if row["count"] is None else str(row["count"])) for row in answer},
    )
    assert [r["box"] for r in found] == [row["box"] for row in answer]
    (included,) = [row for row in answer if "references" in row]
    assert f"{included['references']} referanser" in str(found[-1]["words"])


def test_the_flow_adds_up(real_store: ox.Store) -> None:
    """The steps of the hand-made answer that hold, on the figures of the graph."""
    found = asked(real_store, "selection-flow", document=REPORT)
    count = {r["box"]: int(str(r["count"])) for r in found if r["count"]}
    steps = {row["step"]: row["holds"] for row in expected("selection-flow")["sums"]}
    left = count["Referanser etter at dubletter er fjernet"] - count["Referanser ekskludert"]
    assert (left == count["Mulig relevante referanser"]) == steps["346 - 255 = 91"]
    second = count["Referanser ekskludert i andre gjennomgang"]
    assert (left - second == 21) == steps["91 - 70 = 21"]
    (reasons,) = [r for r in found if r["reasons"] != "0"]
    assert (int(str(reasons["reasonSum"])) == second) == steps["reasons of the second round = 70"]
    searched = asked(real_store, "sources-searched", document=REPORT)
    primary = [int(str(r["hits"])) for r in searched if "primær" in str(r["purpose"]) and r["date"] != "2021-06-22"]
    total = count["Referanser identifisert gjennom databasesøk"]
    assert (sum(primary) == total) == steps["230 + 55 + 34 = 424"]
    listed = asked(real_store, "publications-of-a-study")
    assert (len(listed) == 21) == steps["21 references listed in tables 1-4"]


def test_exclusion_reasons(real_store: ox.Store) -> None:
    found = asked(real_store, "exclusion-reasons", document=REPORT)
    answer = expected("exclusion-reasons")["answer"]
    same({(r["reason"], r["count"]) for r in found}, {(row["reason"], str(row["count"])) for row in answer})
    assert [r["reason"] for r in found] == [row["reason"] for row in answer]


ELEMENTS = {"study design": "design", "comparison": "comparator", "publication year": "publication-year"}


def test_pico_of_the_review(real_store: ox.Store) -> None:
    found = asked(real_store, "pico-of-the-review", document=REPORT)
    answer = expected("pico-of-the-review")["answer"]
    same(
        {(local(r["element"]), r["included"], fold(r["text"]).rstrip("."), r["fromYear"], r["toYear"]) for r in found},
        {
            (
                ELEMENTS.get(row["element"], row["element"]),
                str(row["included"]).lower(),
                fold(row["text"]),
                row.get("from"),
                row.get("to"),
            )
            for row in answer
        },
    )
    (population,) = [r for r in found if local(r["element"]) == "population"]
    assert len(numbers(population["concepts"])) == 1 + len(answer[1]["types"])
    kinds = {r["text"]: numbers(r["concepts"]) for r in found if local(r["element"]) == "intervention"}
    for row in answer:
        if "kind" in row:
            stem = {"HSCT": "haematopoietic", "MSCT": "mesenchymal"}[row["kind"]]
            assert any(concept.startswith(stem) for concept in kinds[row["text"]]), row


def test_systematic_reviews(real_store: ox.Store) -> None:
    found = asked(real_store, "systematic-reviews", document=REPORT)
    answer = expected("systematic-reviews")["answer"]

    def source(r: Row) -> str:
        volume = f";{r['volume'] or ''}" if r["volume"] else ""
        issue = f"({r['issue']})" if r["issue"] else ""
        pages = f":{r['pages']}" if r["pages"] else ""
        return fold(f"{r['container']} {r['year']}{volume}{issue}{pages}")

    same(
        {
            (r["number"], r["firstAuthor"], r["year"], fold(r["title"]), source(r), local(r["publication"]), r["link"])
            for r in found
        },
        {
            (
                str(row["number"]),
                row["first_author"],
                row["year"],
                fold(row["title"]).strip("[]"),
                fold(row["source"]),
                publication(row["refdata"]),
                row.get("link"),
            )
            for row in answer
        },
    )
    outside = {r["number"]: (r["doi"], r["pmcid"]) for r in found}
    for row in answer:
        assert outside[str(row["number"])] == (row["doi"].lower() if "doi" in row else None, row.get("pmcid")), row
    (translated,) = [row for row in answer if row["title"].startswith("[")]
    (there,) = [r for r in found if r["number"] == str(translated["number"])]
    assert "[Stem cell" in str(there["printed"])


def test_key_messages_and_their_translations(real_store: ox.Store) -> None:
    found = asked(real_store, "key-messages-translations", document=REPORT)
    answer = expected("key-messages-translations")["answer"]

    def which(r: Row) -> str | None:
        match = [row["en"] for row in answer if fold(row["en"]) in fold(r["translation"])]
        return match[0] if len(match) == 1 else r["translation"]

    same({(which(r), r["differs"] is not None) for r in found}, {(row["en"], bool(row["differs"])) for row in answer})
    for row in answer:
        (there,) = [r for r in found if which(r) == row["en"]]
        assert fold(row["nb"]) in fold(there["text"]), row
        assert (there["language"], there["translationLanguage"]) == ("nb", "en")
