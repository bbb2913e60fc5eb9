"""Recall and precision are counted as their definitions say."""

from collections import Counter

from tests.review.known import Known, known
from tests.review.measured import Found, judgements, precision, recall

GROUP = {"odd-dash": "identifiers", "link-missing": "identifiers", "concentration": "citations"}


def entry(**fields: object) -> Known:
    given = {"id": "a", "document": "d", "kind": "odd-dash", "quote": ["2012"], "what": "W.", "sure": "yes"}
    return Known.model_validate({**given, "for": "machine", **fields})


def found(kind: str, text: str, document: str = "d") -> Found:
    return Found(f"{document}.{kind}.0", document, kind, "error", (text,), "M.")


def test_an_entry_is_found_by_a_passage_its_kind_and_its_document() -> None:
    entries = [entry(), entry(id="b", quote=["nowhere", "2013"])]
    there = [found("odd-dash", "EudraCT 2012-1"), found("concentration", "2013"), found("odd-dash", "2013", "e")]
    result = recall(entries, there, GROUP)
    assert [e.id for e in result.found] == ["a"]
    assert [e.id for e in result.missed] == ["b"]
    assert result.by_group == result.found


def test_another_kind_of_the_group_is_told_apart() -> None:
    result = recall([entry()], [found("link-missing", "EudraCT 2012-1")], GROUP)
    assert result.found == () and len(result.by_group) == 1


def test_precision_counts_what_was_judged() -> None:
    there = [found("odd-dash", ""), found("link-missing", ""), found("concentration", "")]
    count = precision(there, {"d.odd-dash.0": "right", "d.link-missing.0": "wrong", "gone": "right"})
    assert count == Counter({"right": 1, "wrong": 1, "not judged": 1})
    assert set(judgements().values()) <= {"right", "debatable", "wrong"}


def test_what_is_known_has_something_for_each_measure() -> None:
    entries = known()[0]
    assert sum(e.finder == "machine" and e.sure == "yes" for e in entries) > 80
    assert sum(e.trap for e in entries) > 80
