"""Identity against the labels made by hand before its rules: exact figures, so that a change is seen."""

from functools import cache

import pytest

from msevidence.loaders.identity import Resolution
from msevidence.ontology.iris import BASE
from tests.graph import DATA
from tests.identity.measured import figures, found_relation, labels, resolution_of


@cache
def found() -> Resolution:
    return resolution_of(DATA)[0]


def test_precision_and_recall() -> None:
    got = {f.relation: (f.labelled, f.found, f.right, f.missed, f.wrong) for f in figures(found())}
    assert got == {
        "same-study": (52, 52, 52, (), ()),
        "part-of": (21, 21, 21, (), ()),
        "not-same": (62, 62, 62, (), ()),
    }
    assert all(f.precision == f.recall == 1 for f in figures(found()))


def test_the_printed_number_of_the_whole_is_that_of_a_site() -> None:
    badalona = BASE + "study/mesems-badalona"
    assert found().study_of[BASE + "registration/EudraCT-2010-024081-21"] == badalona
    assert found().study_of[BASE + "registration/NCT02035514"] == badalona
    (stopped,) = [d for d in found().decisions if d.outcome == "stopped"]
    assert stopped.assertion.rule == "printed-in-one-row"
    assert stopped.stopped_by is not None and stopped.stopped_by.kind == "part-and-whole"
    assert BASE + "study/mesems" not in found().study_of.values()


def test_the_link_beside_it_leads_to_another_number() -> None:
    apart = {(d.assertion.subject, d.assertion.object) for d in found().decisions if d.assertion.relation == "not-same"}
    wrong = BASE + "registration/EudraCT-2010-024381-21"
    assert (wrong, BASE + "registration/EudraCT-2010-024081-21") in apart
    assert (wrong, BASE + "study/mesems") in apart


@pytest.mark.parametrize(
    ("number", "study"),
    [
        ("NCT04971005", "coast"),
        ("NCT01544491", "everolimus-paediatric-renal-transplant"),
        ("EudraCT-2022-002654-95", "EudraCT-2022-002654-95"),
    ],
)
def test_numbers_that_no_document_prints(number: str, study: str) -> None:
    assert found().study_of[f"{BASE}registration/{number}"] == f"{BASE}study/{study}"


def test_what_is_undecided_is_not_joined() -> None:
    undecided = labels()["undecided"]
    assert len(undecided) == 5
    assert {found_relation(found(), u["subject"], u["object"])[0] for u in undecided} == {"not-same"}
