"""From a claim to what supports it: the stored questions against the answers worked out by hand."""

from collections import defaultdict
from typing import Any

import pyoxigraph as ox
import pytest

from tests.graph import rows
from tests.questions import (
    ARTICLE,
    REPORT,
    Row,
    asked,
    expected,
    fold,
    local,
    once,
    publication,
    registration,
    same,
    study,
    unmarked,
)

LEVELS = ["Study", "Population", "Treatment", "Follow-up period", "Effect"]
"""Rows of Table 1 of the article, from the top."""


@pytest.fixture(scope="module")
def passages(real_store: ox.Store) -> dict[str, str]:
    """Return the passage of each row of the hand-made answer, by its id: by place for cells, else by its words."""
    found = rows(
        real_store,
        "SELECT ?passage ?text ?row ?column { ?passage oa:hasSource ?document ; mse:text ?text ; mse:passageKind ?kind"
        " OPTIONAL { ?passage mse:inTable ?t ; mse:row ?row ; mse:column ?column }"
        " FILTER(!STRENDS(STR(?kind), 'pull-quote')) }",
        document=ARTICLE,
    )
    assert len(found) > 100
    top = min(int(row) for _, _, row, _ in found if row)
    first = min(int(column) for _, _, _, column in found if column)
    result = {}
    for answer in expected("claim-to-support")["answer"]:
        words = unmarked(answer["text"])
        if "table" in answer:
            place = str(LEVELS.index(answer["row"]) + top), str(answer["column"] + first)
            match = [(p, t) for p, t, row, column in found if (row, column) == place]
        else:
            match = [(p, t) for p, t, row, _ in found if row is None and words in unmarked(str(t))]
        assert len(match) == 1, (answer["id"], match)
        passage, text = match[0]
        assert words in unmarked(str(text)), answer["id"]
        result[answer["id"]] = str(passage)
    return result


def test_each_claim_of_the_article_leads_to_its_references(real_store: ox.Store, passages: dict[str, str]) -> None:
    found = asked(real_store, "claim-to-support", document=ARTICLE)
    wanted = set()
    for row in expected("claim-to-support")["answer"]:
        for number in row["numbers"]:
            marker = row["marker"]
            if "second_marker" in row and number in row["parts"][1]["numbers"]:
                marker = row["second_marker"]
            wanted.add((passages[row["id"]], row["citation"] == "inherited", str(number), fold(marker)))
    same({(r["passage"], r["inherited"] == "true", r["number"], fold(r["marker"])) for r in found}, wanted)


def test_each_reference_leads_to_publication_studies_and_registrations(real_store: ox.Store) -> None:
    found = asked(real_store, "claim-to-support", document=ARTICLE)
    wanted: set[tuple[str | None, ...]] = set()
    for row in expected("claim-to-support")["references"]:
        head = (str(row["number"]), publication(row["refdata"]))
        for reported in row["studies"] or [None]:
            numbers = reported["registrations"] if reported else []
            name = study(reported["study"]) if reported else None
            wanted |= {(*head, name, registration(n)) for n in numbers} or {(*head, name, None)}
    same({tuple(map(local, t)) for t in once(found, "number", "publication", "study", "registration")}, wanted)


def test_a_sentence_of_two_claims_gives_each_its_own_citation(real_store: ox.Store, passages: dict[str, str]) -> None:
    found = asked(real_store, "claim-to-support", document=ARTICLE)
    row = next(r for r in expected("claim-to-support")["answer"] if "parts" in r)
    numbers: dict[str, set[str | None]] = defaultdict(set)
    for r in found:
        if r["passage"] == passages[row["id"]]:
            numbers[unmarked(r["claimText"] or "").strip(" ,.")].add(r["number"])
    same(
        ((text, frozenset(there)) for text, there in numbers.items()),
        ((unmarked(part["text"]), frozenset(map(str, part["numbers"]))) for part in row["parts"]),
    )


def test_one_claim_can_be_asked_for(real_store: ox.Store) -> None:
    every = asked(real_store, "claim-to-support")
    claim = every[0]["claim"]
    assert claim is not None
    same(
        (tuple(r.values()) for r in asked(real_store, "claim-to-support", claim=claim)),
        (tuple(r.values()) for r in every if r["claim"] == claim),
    )
    assert {r["document"] for r in every} == {ARTICLE, REPORT}


def test_each_citation_of_the_report_leads_to_the_missing_list(real_store: ox.Store) -> None:
    found = asked(real_store, "claim-to-support-report")
    assert {local(r["finding"]) for r in found} == {"fhi-2021.missing-reference-list"}
    kinds = {"sentence": "sentence", "table cell": "table-cell", "footnote": "footnote", "list item": "list-item"}
    wanted = {
        (_which(row, found), kinds[row["kind"]], str(n), row["marker"], row.get("locator"))
        for row in expected("claim-to-support-report")["answer"]
        for n in row["numbers"]
    }
    same(
        {
            (
                r["passage"],
                local(r["passageKind"]),
                r["number"],
                fold(r["marker"]),
                (r["locator"] or "").removeprefix("s. ") or None,
            )
            for r in found
        },
        wanted,
    )


def _which(row: dict[str, Any], found: list[Row]) -> str | None:
    match = {r["passage"] for r in found if unmarked(row["text"]) in unmarked(r["sentence"] or "")}
    assert len(match) == 1, (row["id"], match)
    return match.pop()


def test_what_may_be_inferred_stands_beside_it(real_store: ox.Store) -> None:
    found = asked(real_store, "claim-to-support-report")
    wanted = {
        (str(row["number"]), publication(row["refdata"]))
        for row in expected("unresolved-references")["answer"]
        if row["strength"] == "strong"
    }
    there = {(r["number"], local(r["inferredPublication"])) for r in found if r["inferredPublication"]}
    assert wanted <= there
    assert all(r["because"] for r in found if r["inferred"])


SENTENCES = [row for row in expected("claim-to-support")["answer"] if len(row["text"]) >= 20]
"""Those long enough to be pasted: a cell of a few words names no claim by itself, it is found by its place."""


@pytest.mark.parametrize("answer", SENTENCES, ids=lambda row: row["id"])
def test_any_sentence_can_be_pasted(real_store: ox.Store, passages: dict[str, str], answer: dict[str, Any]) -> None:
    """Also with the line breaks, hyphens, quotation marks and capitals of a page."""
    pasted = answer["text"].replace(" ", "\n  ").replace("treatment", "treat-\nment").replace("'", "’").upper()
    found = asked(real_store, "support-of-a-sentence", words=pasted)
    ours = [r for r in found if r["sentence"] == _text(real_store, passages[answer["id"]])]
    assert {r["number"] for r in ours} == set(map(str, answer["numbers"]))
    keys = {str(row["number"]): publication(row["refdata"]) for row in expected("claim-to-support")["references"]}
    assert {(r["number"], local(r["publication"])) for r in ours} == {(str(n), keys[str(n)]) for n in answer["numbers"]}


def _text(store: ox.Store, passage: str) -> str | None:
    return rows(store, "SELECT ?text { ?passage mse:text ?text }", passage=passage)[0][0]


def test_a_sentence_pasted_with_its_markers_is_found(real_store: ox.Store) -> None:
    found = asked(
        real_store,
        "support-of-a-sentence",
        words="documenting safety and efficacy have been published (Table 1) [\\(6, 9–12\\)](#).",
    )
    assert {r["number"] for r in found} == {"6", "9", "10", "11", "12"}
    assert {local(r["registration"]) for r in found if r["number"] == "10"} == {"EudraCT-2007-000064-24"}


def test_a_sentence_without_support_says_so(real_store: ox.Store) -> None:
    (found,) = asked(real_store, "support-of-a-sentence", words="Most experience hair loss")
    assert (local(found["support"]), found["number"], found["publication"]) == ("uncited", None, None)
    (found,) = asked(real_store, "support-of-a-sentence", words="but this was denied")
    assert local(found["support"]) == "personal-communication"


def test_the_default_sentence_is_asked_without_a_parameter(real_store: ox.Store) -> None:
    found = asked(real_store, "support-of-a-sentence")
    assert {(r["number"], local(r["publication"])) for r in found} == {("13", "kvistad-2020")}
