"""The resolution as a whole: every registration has one study, in whatever order the assertions come."""

import random
from pathlib import Path

import pytest

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.errors import CurationError
from msevidence.loaders.identity import Records, Resolution, assertions_of, assertions_of_facts, resolve, state
from msevidence.loaders.identity.check import check_curated
from msevidence.loaders.identity.stated import decisions_in
from msevidence.loaders.identity.stating import decision_of
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import graph_iri
from msevidence.ontology.validation import validate
from tests.graph import DATA
from tests.identity.measured import resolution_of
from tests.identity.study_facts import CELLS, fact, iri, resolved, study, word

A, B, C = "NCT00273364", "2017-001362-25", "ISRCTN88667898"
ROW = "study/report-2021.ram-ms"


def test_a_number_without_a_record_denotes_a_study() -> None:
    found = resolved([], known=[A, B])
    assert found.study_of == {iri(A): iri(f"study/{A}"), iri(B): iri("study/EudraCT-2017-001362-25")}
    assert [(m.label, m.language) for m in found.minted] == [("EudraCT 2017-001362-25", "en"), (A, "en")]


def test_a_minted_study_is_named_by_its_first_registration_and_public_title() -> None:
    records = [fact(B, A, title=CELLS, acronym="RAM-MS"), fact(C, A, B), fact(A, B, title="Cells, publicly")]
    for order in (records, records[::-1]):
        (minted,) = resolved(order).minted
        assert (minted.iri, minted.label, minted.acronym) == (iri(f"study/{A}"), "Cells, publicly", "RAM-MS")


def test_a_study_of_a_row_is_replaced_by_that_of_the_catalogue() -> None:
    words = [word(A, "same-study", ROW), word(A, "same-study", "study/ram-ms", "curated")]
    found = resolved([], *words)
    assert found.study_of == {iri(A): iri("study/ram-ms")}
    assert found.replaced == {iri(ROW): iri("study/ram-ms")}
    assert found.final(iri(ROW)) == iri("study/ram-ms")


def test_rows_of_two_documents_are_one_study_by_their_number() -> None:
    found = resolved([fact(A, B)], word(A, "same-study", ROW), word(B, "same-study", "study/a-2020.cells"))
    assert set(found.study_of.values()) == {iri("study/a-2020.cells")}
    assert found.replaced == {iri(ROW): iri("study/a-2020.cells")}
    assert not found.minted


def test_a_minted_study_can_be_named_in_a_decision() -> None:
    found = resolved(
        [fact(A)],
        word(f"study/{A}", "same-study", "study/mist", "curated"),
        word("study/ISRCTN88667898", "part-of", f"study/{A}", "curated"),
    )
    assert found.study_of[iri(A)] == iri("study/mist")
    assert found.replaced == {iri(f"study/{A}"): iri("study/mist")}
    assert found.parts == ((iri("study/ISRCTN88667898"), iri("study/mist")),)


def test_the_order_of_facts_and_words_is_no_matter() -> None:
    whole, catalogue = resolution_of(DATA)
    rng = random.Random(3)
    strangers = [
        fact(A, B, title="Cells in multiple sclerosis", acronym="MIST", sponsor="Northwestern University"),
        fact(B, C, title="Cells in kidney failure of children", sponsor="Oslo"),
        fact(C, B, A, title="Extension study of cells in multiple sclerosis", sponsor="Bergen"),
        fact("NCT04971005", "2016-001166-29", title="Stem cells in high inflammatory MS", acronym="COAST"),
        fact("2016-001166-29", "NCT12345678", "NCT04971005", updated="2021"),
        fact("2016-001166-29", C, title="Later title", updated="2022"),
    ]
    assert len(whole.decisions) > 50
    outcomes: list[Resolution] = []
    for _ in range(8):
        rng.shuffle(strangers)
        outcomes.append(resolution_of(DATA, strangers, rng)[0])
    assert all(found == outcomes[0] for found in outcomes)
    assert outcomes[0].findings
    assert len(outcomes[0].decisions) > len(whole.decisions)
    assert catalogue


def test_nothing_is_lost_by_resolving() -> None:
    words = [word(A, "same-study", "study/mist"), word(A, "same-study", "study/ram-ms"), word(A, "not-same", C)]
    found = resolved([fact(A, B)], *words)
    assert {d.assertion for d in found.decisions} >= set(words)
    assert {iri(A), iri(B), iri(C)} == set(found.study_of)


def test_deleting_one_line_undoes_a_decision() -> None:
    line = word(A, "same-study", C, "curated", decided_by="a test")
    others = [word(A, "same-study", "study/mist")]
    records = [fact(A, B, title=CELLS)]
    joined, undone = resolved(records, *others, line), resolved(records, *others, known=[C])
    assert joined.study_of[iri(C)] == iri("study/mist")
    assert undone.study_of == {**joined.study_of, iri(C): iri("study/ISRCTN88667898")}


def test_a_curated_no_keeps_apart_what_a_record_joins() -> None:
    no = word(A, "not-same", B, "curated", decided_by="a test")
    found = resolved([fact(A, B), fact(B, A)], no)
    assert found.study_of[iri(A)] != found.study_of[iri(B)]
    assert resolved([fact(A, B), fact(B, A)]).study_of[iri(B)] == iri(f"study/{A}")


def test_what_people_decided_may_not_contradict_itself(tmp_path: Path) -> None:
    by_hand = {"rule": "curated", "decided_by": "a test"}
    joined = [word(A, "same-study", "study/mist", **by_hand), word(A, "same-study", "study/ram-ms", **by_hand)]  # type: ignore[arg-type]
    with pytest.raises(CurationError, match=r"study/mist and study/ram-ms are two studies.*registration/NCT00273364"):
        check_curated(joined, tmp_path)
    check_curated([joined[0], word(A, "same-study", "study/ram-ms")], tmp_path)


def test_stated_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    records = Records(
        [fact(A, B, title=CELLS, sponsor="Oslo"), fact(B, title="Kidneys and livers", sponsor="Bergen"), fact(C, A)],
        [study("mist", "MIST")],
    )
    passage, document = iri("passage/a-2020.0123456789.1"), iri("document/a-2020")
    row = word(A, "same-study", "study/mist", document=document, date="2020", passages=(passage,))  # type: ignore[arg-type]
    found = resolve([row, *assertions_of_facts(records)], records)
    identity, review = Statements(graph_iri("identity")), Statements(graph_iri("review"))
    state(found, identity, review)
    stated = len(identity), len(review)
    state(found, identity, review)
    assert (len(identity), len(review)) == stated
    again = {decision_of(a): a for a in assertions_of(identity)}
    assert {decision_of(d.assertion): d.assertion.confidence for d in found.decisions} == {
        node: a.confidence for node, a in again.items()
    }
    assert resolve(again.values(), records).study_of == found.study_of
    texts = list(identity.texts())
    denoted = [s for s, p, _ in texts if p.endswith("#denotesStudy")]
    assert sorted(denoted) == sorted(set(denoted)) == sorted(found.study_of)
    assert {p.rsplit("#", 1)[-1] for _, p, _ in texts} >= {"registeredAs", "outcomeOfDecision", "stoppedBy"}
    file = tmp_path / "graph.nq"
    file.write_text("".join(f"{q} .\n" for graph in (identity, review) for q in graph), encoding="utf-8")
    report = validate(file, rules=[])
    assert [(v.shape, v.focus) for v in report.violations] == []


def test_a_document_of_the_data_keeps_its_decisions() -> None:
    found, catalogue = resolution_of(DATA)
    assert isinstance(catalogue, Catalogue)
    assert len(found.study_of) >= 39
    assert {d.outcome for d in found.decisions} == {"applied", "stopped"}


def test_decisions_about_publications_are_not_heard_here() -> None:
    identity = Statements(graph_iri("identity"))
    found = resolved([], word(A, "same-study", "study/mist"))
    state(found, identity, Statements(graph_iri("review")))
    assert len(list(assertions_of(identity))) == len(list(decisions_in(identity))) == 1
