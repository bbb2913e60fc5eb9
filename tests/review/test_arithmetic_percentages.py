"""Percentages against their counts: planted, mended, and the many things that a count can be a share of."""

from pathlib import Path

import pytest

from msevidence.loaders.review.arithmetic.percentage_against_count import RULE
from msevidence.loaders.review.outcome import Severity
from tests.review.arithmetic_changes import clean, mended, planted
from tests.review.invented import broken, outcomes, table_view, text_view
from tests.review.reviewing import reviewed_jats

JATS = Path(__file__).parents[3] / "shared" / "samples" / "jats_xml" / "journal.pone.0026358.xml"


def test_planted_and_mended() -> None:
    """The documents have no percentage with count and denominator: one is put in, wrong and right."""
    assert clean().checked(RULE) == 0
    (found,) = planted().broken(RULE)
    assert found.english == "9 of 30 is 30 %; the text says 40 %."
    assert found.norwegian == "9 av 30 er 30 %; teksten sier 40 %."
    assert "9 of 30 patients (40 %)" in planted().texts(found)[0]
    assert (mended().broken(RULE), mended().checked(RULE)) == ([], 1)


@pytest.mark.shared
@pytest.mark.skipif(not JATS.exists(), reason="needs ../shared")
def test_planted_in_a_loaded_article() -> None:
    right = reviewed_jats(JATS)
    assert (right.broken(RULE), right.checked(RULE)) == ([], 28)
    wrong = reviewed_jats(
        JATS,
        [
            ("included (70%)", "included (60%)"),
            (">12 (80%)<", ">13 (80%)<"),
        ],
    )
    assert [o.english for o in wrong.broken(RULE)] == [
        "21 of 30 is 70 %; the text says 60 %.",
        "13 of 15 is 86.7 %; the table says 80 %.",
    ]
    assert wrong.texts(wrong.broken(RULE)[1]) == ["n = 15", "13 (80%)"]


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("5 of 30 patients (27 %) relapsed.", "en"),
        ("Relapse was seen in two out of 15 patients (23%).", "en"),
        ("It was 12/35 (43%, 95% CI 20 to 50).", "en"),
        ("67% (10 of 20 patients) improved.", "en"),
        ("88 657 of 98 942 tumours (98.6%) had a stage.", "en"),
        ("5 av 30 pasienter (27 prosent) fikk attakk.", "nb"),
        ("7,6 prosent (1 av 15) fikk attakk.", "nb"),
    ],
)
def test_sentences_that_are_wrong(sentence: str, language: str) -> None:
    assert len(broken(RULE, text_view(sentence, language=language))) == 1


@pytest.mark.parametrize(
    ("sentence", "checked"),
    [
        ("5 of 30 patients (16 %) or 5/30 (17%) or 5 of 30 (16.7 %) or 1/30 (3.33%)", 4),
        ("Grade 3/4 toxicity (10 %), blood pressure 120/80 (10 %), about 5 of 30 patients (20 %)", 0),
        ("In 2 of 4 studies the mean was 30 (20 %); of these (12 %) in 2015 (10 %)", 0),
        ("3 of the 28 included patients in the group (11 %)", 1),
        ("Improved by 10 % (5 of 12 items, range 3–8)", 1),
    ],
)
def test_sentences_that_are_right(sentence: str, checked: int) -> None:
    found = outcomes(RULE, text_view(sentence))
    assert len(found) == checked
    assert not any(o.broken for o in found if "items" not in sentence)


HEADER = ["Characteristic", "A (n = 40)", "B (n = 20)"]


def test_cells_against_the_header() -> None:
    view = table_view(HEADER, ["Women, n (%)", "30 (75)", "10 (50)"], ["Fever, n (%)", "4 (10)", "2 (20)"])
    assert broken(RULE, view) == ["2 of 20 is 10 %; the table says 20 %."]
    assert len(outcomes(RULE, view)) == 4


def test_one_cell_alone_is_a_warning() -> None:
    (found,) = outcomes(RULE, table_view(["", "A (n = 40)"], ["Women", "30 (85%)"]))
    assert (found.broken, found.severity) == (True, Severity.WARNING)


def test_other_statistics_are_not_shares() -> None:
    rows = (
        ["Age, mean (SD)", "40 (10)", "41 (9)"],
        ["Score (range)", "12 (3)", "9 (2)"],
        ["Change", "54% (46)", "9% (5)"],
    )
    assert outcomes(RULE, table_view(HEADER, *rows)) == []


def test_shares_of_something_else() -> None:
    """Missing values, a row about some, a count above, percentages of the row, and a count printed below."""
    women = ["Women, n (%)", "30 (75%)", "10 (50%)"]
    men = ["Men, n (%)", "10 (25%)", "10 (50%)"]
    missing = (["Stage", "", ""], ["I", "9 (25%)", ""], ["II", "27 (75%)", ""], ["Other", "", ""])
    assert broken(RULE, table_view(HEADER, women, men, *missing)) == []
    some = ["Pregnant (n = 30 women)", "3 (10%)", ""]
    assert broken(RULE, table_view(HEADER, women, men, some)) == []
    assert broken(RULE, table_view(HEADER, women, men, ["Events", "20 (50%)", ""], ["serious", "5 (25%)", ""])) == []
    across = ["Died", "6 (67%)", "3 (33%)"]
    assert broken(RULE, table_view(HEADER, women, men, across)) == []
    below = (["I", "7 (20%)", ""], ["II", "21 (60%)", ""], ["Known", "35", ""])
    assert broken(RULE, table_view(HEADER, women, men, *below)) == []


def test_a_column_of_percentages() -> None:
    rows = (
        ["Female", "345", "54", "15.7"],
        ["Male", "104", "3", "2.9"],
        ["Young", "128", "4", "3.1"],
        ["Old", "124", "8", "6.5"],
    )
    header = ["", "Sampled", "Positive", "Prevalence (%)"]
    assert [o.broken for o in outcomes(RULE, table_view(header, *rows))] == [False] * 4
    assert broken(RULE, table_view(header, *rows, ["Adult", "197", "45", "28.2"])) == [
        "45 of 197 is 22.8 %; the table says 28.2 %."
    ]
    unrelated = [[r[0], r[1], r[2], str(i)] for i, r in enumerate(rows)]
    assert outcomes(RULE, table_view(header, *unrelated)) == []
