"""Queries that are let through without being cut into tokens: what the tokens would say of them is the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from msevidence.queries import load_questions
from msevidence.server import errors, guard, harmless
from msevidence.server.harmless import head_of
from msevidence.server.settings import Settings
from tests.fuzz.query_cases import case

SETTINGS = Settings()
CASES = 20_000
PLAIN = "PREFIX a: <http://example.org/a#> # b\nPREFIX : <b>\nselect * WHERE { ?s a:b ?o ; :c 'x' }"


def by_tokens(text: str, monkeypatch: pytest.MonkeyPatch) -> guard.Guarded | str:
    """Return what the guard says by its tokens alone: the query that may run, or the kind of its refusal."""
    with monkeypatch.context() as patched:
        patched.setattr(harmless, "head_of", lambda text, settings: None)
        try:
            return guard.check(text, SETTINGS)
        except errors.Problem as problem:
            return problem.kind


def test_tokens_say_the_same_of_what_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    said: Counter[str] = Counter()
    for number in range(CASES):
        text = case(11, number)
        if any("\ud800" <= c <= "\udfff" for c in text) or head_of(text, SETTINGS) is None:
            said["read by tokens"] += 1
            continue
        told = by_tokens(text, monkeypatch)
        if isinstance(told, guard.Guarded):
            assert guard.check(text, SETTINGS) == told, text
            said["alike"] += 1
        else:  # what is no query the engine refuses as well
            assert told == "syntax-fault", text
            said[told] += 1
    assert said["alike"] > CASES / 10 and said["syntax-fault"] > 0 and said["read by tokens"] > CASES / 2, said


def test_nearly_all_stored_questions_are_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = load_questions()
    by_letters = {name for name, one in questions.items() if head_of(one.sparql, SETTINGS) is not None}
    assert len(by_letters) > 0.75 * len(questions), set(questions) - by_letters
    assert all(questions[name].form != "construct" for name in by_letters)
    for question in questions.values():
        assert guard.check(question.sparql, SETTINGS) == by_tokens(question.sparql, monkeypatch)


def test_the_head_is_the_form_and_the_prefixes() -> None:
    assert head_of(PLAIN, SETTINGS) == ("SELECT", [("a:", "http://example.org/a#"), (":", "b")])
    assert guard.check(PLAIN, SETTINGS).prefixes == {"a": "http://example.org/a#"}
    assert head_of("ASK{}", SETTINGS) == ("ASK", [])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://a.example/> {} }",
        "SELECT * { ?s ?p 'a sErViCe' }",
        "SELECT (now() AS ?n) {}",
        "SELECT (STRUUID() AS ?n) {}",
        "SELECT * { ?s ?p '\\u0053' }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "INSERT DATA {}",
        "SELECTA {}",
        "PREFIXa: <b> SELECT * {}",
        "PREFIX a:<b> PREFIX SELECT * {}",
        "BASE <http://a.example/> SELECT * {}",
        "PREFIX a: <b c> SELECT * {}",
        "'SELECT * {}'",
        "",
        "SELECT * " + "{" * 51 + "}" * 51 + "[" * 50,
        "SELECT * { ?s ?p " + "<<" * 51 + "}",
        "SELECT (" + "1+" * 51 + "1 AS ?n) {}",
        "SELECT (" + "1*" * 1_001 + "1 AS ?n) {}",
        "SELECT * {" + " UNION " * 1_001 + "}",
        "SELECT * {} #" + "x" * 20_000,
    ],
)
def test_whatever_is_not_plain_is_read_by_tokens(text: str) -> None:
    assert head_of(text, SETTINGS) is None


def test_limits_are_those_of_the_settings() -> None:
    assert head_of(PLAIN, replace(SETTINGS, max_depth=0)) is None
    assert head_of(PLAIN, replace(SETTINGS, max_operators=0)) is None
    assert head_of(PLAIN, replace(SETTINGS, max_tokens=10)) is None


CALLS = ("RAND()", "rand  ( )", "Now\n()", "STRUUID # c\n ()", "uuid#(\n()", "BNODE\t#\n#\n(1)")


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_differs_from_run_to_run_is_left_to_the_tokens(call: str) -> None:
    text = f"SELECT ({call} AS ?x) {{ }}"
    assert head_of(text, SETTINGS) is None and guard.check(text, SETTINGS).volatile


def test_the_same_letters_within_words_are_no_call() -> None:
    for text in ("SELECT ?randomised { ?s ?now 'randomised, by UUID' }", "ASK { ?bnode ?p ?uuid }"):
        assert head_of(text, SETTINGS) is not None
        assert not guard.check(text, SETTINGS).volatile
