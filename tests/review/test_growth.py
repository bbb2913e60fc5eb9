"""What the review of a large graph must not do: go through everything once more for each document, and hold it."""

import gc
import random
import weakref
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS

from msevidence.loaders.review.between.neighbours import NEXT, neighbours
from msevidence.loaders.review.between.work_under_two_titles import Printed, _alike, _Titled
from msevidence.loaders.review.citations.support import _paragraphs
from msevidence.loaders.review.dates.study_names import study_names
from msevidence.loaders.review.dates.subjects import subjects_of
from msevidence.loaders.review.identifiers.known import works
from msevidence.loaders.review.outcome import Outcome, Rule, Severity
from msevidence.loaders.review.running import run_rules
from msevidence.loaders.review.things import FEW, Things
from msevidence.loaders.review.view import Document, View
from msevidence.ontology.namespaces import MSE
from tests.review.invented import BASE, DOCUMENT, text_view

WORDS = (
    *(
        "autologous",
        "stem",
        "cell",
        "transplantation",
        "multiple",
        "sclerosis",
        "trial",
        "cohort",
        "results",
        "relapse",
    ),
    *("therapy", "safety", "of", "in", "a"),
)


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + name)


def test_nothing_is_held_of_a_view_that_was_looked_at() -> None:
    view = text_view(("The trial MIST has ended.", "It was small."))
    [document] = view.documents
    works(view)
    subjects_of(document)
    _paragraphs(document)
    assert subjects_of(document) is subjects_of(document)
    held = [weakref.ref(one) for one in (view, document, view.things)]
    del view, document
    gc.collect()
    assert [one() for one in held] == [None, None, None]


def test_a_view_that_is_let_go_of_leaves_no_circles() -> None:
    view = text_view("The trial MIST has ended.")
    subjects_of(view.documents[0])
    works(view)
    things = weakref.ref(view.things)
    gc.collect()
    gc.disable()
    try:
        view.let_go()
        del view
        assert things() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("many", [3, FEW, 3 * FEW])
def test_a_statement_of_two_graphs_stands_once(many: int) -> None:
    quads = [
        ox.Quad(node("s"), node("p"), value, node(graph))
        for graph in ("one", "two")
        for value in [*(ox.Literal(n) for n in range(many)), *(node(f"o{n}") for n in range(many))]
    ]
    things = Things(quads)
    values = things.get(BASE + "s").properties[BASE + "p"]
    assert values == [quad.object for quad in quads[: 2 * many]]
    assert [thing.iri for thing in things.pointing(RDF.type, BASE + "o0")] == []
    assert {quad.object for quad in things.quads({BASE + "p"})} == set(values)
    assert len(list(things.quads({BASE + "p"}))) == len(values)


def test_studies_are_looked_up_by_the_first_word_of_their_names() -> None:
    quads = []
    for iri, label, acronym in (
        ("a", "A trial", "MIST"),
        ("b", "BEAT", "BEAT-MS"),
        ("c", "C", "MIST II"),
        ("d", "", "…"),
    ):
        quads.append(ox.Triple(node(iri), ox.NamedNode(str(RDF.type)), ox.NamedNode(str(MSE.Study))))
        quads.append(ox.Triple(node(iri), ox.NamedNode(str(RDFS.label)), ox.Literal(label)))
        quads.append(ox.Triple(node(iri), ox.NamedNode(str(MSE.acronym)), ox.Literal(acronym)))
    quads.append(ox.Triple(node("r"), ox.NamedNode(str(MSE.denotesStudy)), node("b")))
    names = study_names(Things(quads))
    assert list(names.beginning_with(["MIST"])) == [("MIST", BASE + "a"), ("MIST II", BASE + "c")]
    assert list(names.beginning_with(["BEAT-MS", "none"])) == [("BEAT-MS", BASE + "b")]
    assert [study.iri for study in names.labelled("BEAT")] == [BASE + "b"]
    assert names.labelled("A trial") == [], "it has no number"


@pytest.mark.parametrize("seed", range(5))
def test_a_quoted_title_is_found_as_if_held_against_each(seed: int) -> None:
    rng = random.Random(seed)
    view = View([])
    documents = [Document(view.things.get(f"{DOCUMENT}-{n}"), view.things) for n in range(3)]

    def title() -> str:
        return " ".join(rng.choices(WORDS, k=rng.randrange(2, 9)))

    def changed(words: str) -> str:
        return words.replace(rng.choice(words.split()), rng.choice(["sclerosi", "trail", "the", "studies"]), 1)

    entries = [Printed(rng.choice(documents), f"{n}", (), title()) for n in range(300)]
    asked = [e.title or "" for e in rng.sample(entries, 40)]
    quoted = [
        Printed(rng.choice(documents), "", (), t) for t in (*asked, *map(changed, asked), *(title() for _ in asked))
    ]
    titled = _Titled(entries)
    expected = [next((e for e in entries if e.document is not q.document and _alike(q, e)), None) for q in quoted]
    assert [titled.alike(q) for q in quoted] == expected
    assert 10 < sum(e is not None for e in expected) < len(expected)


def test_of_many_tellings_each_is_compared_with_some_and_of_few_all_are() -> None:
    assert list(neighbours(range(NEXT + 1))) == list(combinations(range(NEXT + 1), 2))
    compared = Counter(one for pair in neighbours(range(1_000)) for one in pair)
    assert (min(compared.values()), max(compared.values())) == (NEXT, 2 * NEXT)


def test_between_two_that_speak_of_a_thing_many_may_not() -> None:
    says = ["dose", *[""] * 20, "dose", *[""] * 20, "dose"]
    compared = list(neighbours(range(43), lambda place: filter(None, [says[place]])))
    assert {(0, 21), (0, 42), (21, 42)} <= set(compared)
    assert len(compared) == len(set(compared)) == 3 + len(list(neighbours(range(43))))
    assert compared == sorted(compared)


def test_what_was_in_order_is_counted_and_not_held() -> None:
    view = text_view("One.", "Two.", "Three.")

    def check(of: View) -> Iterator[Outcome]:
        for number, passage in enumerate(of.documents[0].passages):
            yield Outcome(DOCUMENT, number == 1, passage.iri, (passage.iri,))

    [run] = run_rules(view, [Rule("figure-stated-twice", Severity.NOTE, "", "", check)])
    assert (run.checked, len(run.broken), len(run.outcomes), run.state) == (3, 1, 1, "fired")
    [none] = run_rules(view, [Rule("figure-stated-twice", Severity.NOTE, "", "", lambda of: iter(list(check(of))[:1]))])
    assert (none.checked, none.outcomes, none.state, none.english) == (1, (), "passed", "")
