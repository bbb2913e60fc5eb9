"""Parts that a text lists against their whole: planted, mended, and in sentences that only look like it."""

import pytest

from msevidence.loaders.review.arithmetic.parts_against_sum import RULE
from msevidence.loaders.review.outcome import Severity
from tests.review.arithmetic_changes import clean, mended, planted
from tests.review.invented import broken, outcomes, table_view, text_view


def test_originals_add_up() -> None:
    assert clean().broken(RULE) == []
    assert clean().checked(RULE, "nygaard-2024") == 1
    assert clean().checked(RULE, "fhi-2021") == 3


def test_planted() -> None:
    found = {o.english: o for o in planted().broken(RULE)}
    assert set(found) == {
        "The parts listed make 300 + 150 + 50 = 500; the text says approximately 400.",
        "The parts listed make 7 + 4 = 11; the text says ti.",
        "The parts listed make 8 + 3 = 11; the text says ten.",
        "The parts listed make 5 + 1 + 2 = 8; the text says syv.",
    }
    guess = found["The parts listed make 300 + 150 + 50 = 500; the text says approximately 400."]
    assert guess.severity is Severity.WARNING
    assert "300 in Russia" in planted().texts(guess)[0]
    assert [t[:17] for t in planted().texts(found["The parts listed make 7 + 4 = 11; the text says ti."])] == [
        "Vi idenifiserte t",
        "Syv studier er ra",
        "Fire studier er p",
    ]
    assert found["The parts listed make 7 + 4 = 11; the text says ti."].norwegian == (
        "Delene som listes opp, gir 7 + 4 = 11; teksten sier ti."
    )


def test_mended() -> None:
    assert mended().broken(RULE) == []
    assert mended().checked(RULE, "nygaard-2024") == 1


@pytest.mark.parametrize(
    "sentences",
    [
        "We included seven studies: four compared A with B, one compared A with C and three compared B with C.",
        "The review included 30 patients (12 women and 17 men).",
        "Of the 30 patients, 10 improved, 5 worsened and the remaining 14 were stable.",
        "In 2015, 50 articles were found: 20 in English, 10 in German and 21 in other languages.",
        "The study had 100 participants, 60 women and 41 men.",
        "Twelve patients died, seven in the intervention group and four in the control group.",
        "We included 30 patients; 10 improved, 5 worsened and the remaining 14 were stable.",
        "Of these, 111 were excluded: 14 audio only, 82 without results and 14 for other reasons.",
        "Screening excluded 24 records (6 outside the period, 2 letters, 17 off-topic).",
        "Only one out of 10 responders relapsed at 2 months, while the remaining eight relapsed later.",
        ("We included ten studies.", "Five were conducted in Europe, three in the USA and one in Asia."),
        (
            "We identified ten studies.",
            "Seven studies are completed, of which five have results.",
            "Two studies are ongoing.",
        ),
    ],
)
def test_sentences_that_do_not_add_up(sentences: str) -> None:
    assert len(broken(RULE, text_view(sentences))) == 1


@pytest.mark.parametrize(
    "sentences",
    [
        "Vi inkluderte sju studier: fire fra Europa, én fra USA og tre fra Asia.",
        "Studien hadde 100 deltakere, 60 kvinner og 41 menn.",
        "Vi fant fem studier, hvorav to er fullført og fire er pågående.",
        "Av 30 pasienter ble 10 bedre, 5 ble verre og de øvrige 14 var uendret.",
        (
            "Vi fant syv studier.",
            "Fem av studiene har resultater, en studie er publisert, og to studier har ingen resultater.",
        ),
    ],
)
def test_norwegian_sentences_that_do_not_add_up(sentences: str) -> None:
    assert len(broken(RULE, text_view(sentences, language="nb"))) == 1


@pytest.mark.parametrize(
    "sentences",
    [
        "60 patients had symptoms, with 30 having diabetes and 25 hypertension.",
        "Of 30 patients, 12 had fever and 8 had cough.",
        "Ten studies were completed and three studies were ongoing.",
        "We found 50 articles, including 20 in English and 10 in Norwegian.",
        "Four studies were conducted in Europe, two studies in the USA and one study in other countries.",
        "5 patients in the treatment group and 4 in the control group died, 2 in the first month and 1 in the second.",
        "259 patients were from Norway, 228 from Sweden and 130 from other countries.",
        "20 patients improved, 10 worsened and the remaining 5 were stable.",
        "A total of 20 patients had fever, 10 had cough and 5 had other symptoms.",
        "The scale has 4 categories: 0, 1, 2 and 3.",
        "It was amplified with 2 μg of RNA: 94°C for 2 min, 30 cycles of 50°C, and 72°C for 90 sec.",
        "The patients were assessed at two visits: 6 and 12 months.",
        "Four patients had responses, 32, 30, 28 and 23 months after treatment, respectively.",
        ("We included ten studies.", "Three reported mortality, four reported relapses, and six reported pain."),
    ],
)
def test_numbers_that_are_no_parts(sentences: str) -> None:
    assert outcomes(RULE, text_view(sentences)) == []


def test_rounded_wholes() -> None:
    sentence = "{} 400 patients travelled, with {} in Russia, 150 in Mexico and 50 in other countries."
    (near,) = outcomes(RULE, text_view(sentence.format("Approximately", "around 210")))
    assert (near.broken, near.severity) == (True, Severity.NOTE)
    assert broken(RULE, text_view(sentence.format("More than", "210"))) == []
    assert len(broken(RULE, text_view(sentence.format("More than", "150")))) == 1
    assert broken(RULE, text_view(sentence.format("Nearly", "190"))) == []


def test_total_row() -> None:
    rows = ["Place", "n", "Mean age"], ["A", "383", "40"], ["A1", "300", "40"], ["A2", "83", "40"], ["B", "66", "40"]
    assert broken(RULE, table_view(*rows, ["TOTAL", "449", "40"])) == []
    (wrong,) = outcomes(RULE, table_view(*rows, ["TOTAL", "439", "40"]))
    assert (wrong.broken, wrong.severity) == (True, Severity.WARNING)
    assert wrong.english.endswith("the table says 439.")


def test_total_row_beside_one_that_adds_up() -> None:
    view = table_view(["", "Men", "Women"], ["A", "10", "20"], ["B", "11", "21"], ["Total", "21", "42"])
    (right, wrong) = outcomes(RULE, view)
    assert (right.broken, wrong.broken, wrong.severity) == (False, True, None)
    assert wrong.english == "The parts listed make 20 + 21 = 41; the table says 42."


def test_rows_that_are_not_added() -> None:
    view = table_view(["", "Patients", "%"], ["Fever", "10", "33"], ["Cough", "12", "40"], ["Total", "30", "100"])
    assert outcomes(RULE, view) == []
