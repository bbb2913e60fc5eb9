"""The sizes of the groups of a study against its total: planted, mended, and in tables and sentences of other kinds."""

import pytest

from msevidence.loaders.review.arithmetic.arms_against_total import RULE
from msevidence.loaders.review.outcome import Severity
from tests.review.arithmetic_changes import clean, mended, planted
from tests.review.invented import broken, outcomes, table_view, text_view


def test_original() -> None:
    """The two columns of table 1 of the article whose groups do not make the number of participants."""
    found = clean().broken(RULE)
    assert [o.english for o in found] == [
        "The groups have 9 + 21 = 30 participants; the table says 21.",
        "The groups have 167 + 2558 + 1490 + 700 = 4915 participants; the table says 3915.",
    ]
    assert found[0].norwegian == "Gruppene har 9 + 21 = 30 deltakere; tabellen sier 21."
    assert [t[:11] for t in clean().texts(found[0])] == ["21 patients", "Stem cell t"]
    assert clean().checked(RULE, "nygaard-2024") == 3


def test_planted() -> None:
    found = planted().broken(RULE, "nygaard-2024")
    assert [o.english for o in found][1] == "The groups have 55 + 50 = 105 participants; the table says 110."
    assert planted().texts(found[1])[1] == "Stem cell therapy (n = 55), conventional therapy (n = 50)"
    assert len(found) == 3
    (report,) = planted().broken(RULE, "fhi-2021")
    assert planted().texts(report)[0].startswith("110 personer ble tilfeldig fordelt, 55 til HSCT og 50 til DMT")


def test_mended() -> None:
    assert mended().broken(RULE) == []
    assert mended().checked(RULE, "nygaard-2024") == 3
    assert mended().checked(RULE, "fhi-2021") == 1


@pytest.mark.parametrize(
    "sentences",
    [
        "110 patients were randomised: 55 to stem cells and 50 to drugs.",
        "A total of 110 patients were randomly assigned to A (n = 55) or B (n = 54).",
        "Of 110 patients, 55 were randomised to A and 50 to B.",
        "Thirty patients were randomised to A (15 patients) or placebo (14 patients).",
        "We randomised 110 patients: 55 to A and 54 to B.",
        "4647 adults aged ≥18 years: 2371 were assigned to the face mask arm and 2267 to the control arm.",
        ("A total of 60 patients were randomised.", "Thirty patients received A and 29 received B."),
    ],
)
def test_sentences_that_do_not_add_up(sentences: str) -> None:
    assert len(broken(RULE, text_view(sentences))) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "110 personer ble tilfeldig fordelt til enten A (n = 55) eller B (n = 54).",
        "30 pasienter ble randomisert, 15 til A og 14 til B.",
        "Av 110 deltakere ble 55 randomisert til A og 50 til B.",
        "Totalt 110 pasienter ble randomisert: 55 fikk A, og 54 fikk B.",
        "Studien randomiserte 110 pasienter: 55 til A og 50 til B.",
    ],
)
def test_norwegian_sentences_that_do_not_add_up(sentence: str) -> None:
    assert len(broken(RULE, text_view(sentence, language="nb"))) == 1


@pytest.mark.parametrize(
    ("sentences", "checked"),
    [
        ("Of the 120 patients screened, 110 were randomised: 55 to A and 55 to B.", 1),
        ("90 patients were randomised: 30 to A, 30 to B and 30 to C, and 12 were lost to follow-up in year 1.", 1),
        ("110 patients were randomised to A 500 mg (n = 55) or B for 12 months (n = 55), and 103 completed.", 1),
        ("Twenty patients were randomised in a crossover design: 20 to A and 20 to B.", 0),
        ("100 patients were randomised 2:1 to A or B at 20 centres in 5 countries.", 0),
        (("60 patients were randomised.", "Three patients withdrew in the first month and 2 in the second."), 0),
    ],
)
def test_sentences_that_are_right(sentences: str, checked: int) -> None:
    view = text_view(sentences)
    assert broken(RULE, view) == []
    assert len(outcomes(RULE, view)) == checked


def test_a_row_a_study() -> None:
    rows = (
        ["Study", "Participants", "Groups"],
        ["One", "60", "A (n = 30), B (n = 31)"],
        ["Two", "40", "A (n = 20), B (n = 20)"],
    )
    assert broken(RULE, table_view(*rows)) == ["The groups have 30 + 31 = 61 participants; the table says 60."]


def test_a_cell_that_lists_the_total_too() -> None:
    view = table_view(
        ["Study", "One"], ["Participants", "21 patients"], ["Groups", "All (n = 21): A (n = 9), B (n = 12)"]
    )
    assert [o.broken for o in outcomes(RULE, view)] == [False]


def test_crossover_tables_are_not_added() -> None:
    view = table_view(["Study", "One (crossover)"], ["Population", "20 patients"], ["Arms", "A (n = 20), B (n = 20)"])
    assert outcomes(RULE, view) == []


def test_headers_against_the_column_of_all() -> None:
    row = ["Age", "40", "41", "40"]
    view = table_view(["", "Intervention (n = 60)", "Control (n = 58)", "All (n = 120)"], row)
    assert broken(RULE, view) == ["The groups have 60 + 58 = 118 participants; the table says 120."]
    several = ["", "Total (n = 100)", "Men (n = 40)", "Women (n = 60)", "Treated (n = 30)", "Control (n = 70)"]
    assert broken(RULE, table_view(several, [*row, "1", "1"])) == []
    (unsure,) = outcomes(RULE, table_view(["", "All (n = 100)", "Stage I (n = 40)", "Stage II (n = 50)"], row))
    assert (unsure.broken, unsure.severity) == (True, Severity.WARNING)


def test_headers_against_the_caption() -> None:
    header, row = ["", "Treatment group n = 15", "Placebo group n = 13"], ["Age", "40", "41"]
    assert len(broken(RULE, table_view(header, row, caption="Table 1 Characteristics of the 30 patients"))) == 1
    assert outcomes(RULE, table_view(header, row, caption="Table 1 Patients who relapsed within 12 months")) == []


def test_a_column_a_group() -> None:
    header = ["Study", "Intervention (n)", "Control (n)", "Total (n)"]
    view = table_view(header, ["One", "30", "30", "60"], ["Two", "25", "24", "50"])
    assert broken(RULE, view) == ["The groups have 25 + 24 = 49 participants; the table says 50."]
