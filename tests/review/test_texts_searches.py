"""Rules about search strings, on changed texts of the documents and on small ones."""

import pytest

from msevidence.loaders.review.outcome import Rule, Severity
from msevidence.loaders.review.texts import lines, misspelt, stray, unbalanced
from msevidence.loaders.review.texts.lines import combined
from msevidence.loaders.review.texts.misspelt import Spelling
from msevidence.loaders.review.texts.stray import strays
from msevidence.loaders.review.texts.unbalanced import faults
from msevidence.loaders.review.texts.vocabulary import is_slip
from tests.review.reviewing import Reviewed, reviewed

PLANTED = {
    "fhi-2021": [
        ("Other terms: stem cell transplantation", "Other terms: stem cell transpalntation"),
        ("near/2 transplant*)", "near/2 transplnat*)"),
        ("Epistemonikos \n\nDato", "Epistemoniks \n\nDato"),
        ("((stem next cell*)):ti,ab,kw", "((stem next cell*):ti,ab,kw"),
        ('OR "RRMS"  \nAND', 'OR "RRMS  \nAND'),
        ("#10 or #12 or #13", "#10 or or #12 or #13"),
        ("(MSC or MSCT):ti,ab,kw", "(MSC or ; MSCT):ti,ab,kw"),
        ("#15 not #11", "#15 not #21"),
        ("#6 or #7 or #8 or #9  ", "#6 or #7 or #9  "),
    ]
}
MENDED = {
    "fhi-2021": [
        ("mulitple sclerosis", "multiple sclerosis"),
        ("Coch rane Trials", "Cochrane Trials"),
        ("OR 89 “auto", "OR “auto"),
        ("Other terms: stem cell transplantation", "Other terms: haematopoietic stem cell transplantations"),
        ("#15 not #11", "(#15 not #11)"),
        ("(MSC or MSCT):ti,ab,kw", "(MSC or MSCT or “mesenchymal stromal” not (“bone marrow”)):ti,ab,kw"),
    ]
}


def planted() -> Reviewed:
    return reviewed(PLANTED)


def mended() -> Reviewed:
    return reviewed(MENDED)


def found(review: Reviewed, rule: Rule) -> list[str]:
    return [review.texts(o)[0] for o in review.broken(rule)]


def test_misspelt_words_that_were_planted_are_found_beside_those_of_the_original() -> None:
    assert sorted(found(planted(), misspelt.RULE)) == [
        "(bone next marrow near/2 transplnat*):ti,ab,kw",
        "Coch rane Trials (CENTRAL)",
        "Epistemoniks",
        "Other terms: stem cell transpalntation",
        "mulitple sclerosis and stem cell transplantation",
    ]


def test_a_misspelt_word_is_told_with_the_one_that_was_meant() -> None:
    outcome = next(o for o in reviewed().broken(misspelt.RULE) if "mulitple" in o.english)
    assert "“mulitple” for “multiple”" in outcome.english
    assert "«mulitple» for «multiple»" in outcome.norwegian
    assert [c.printed for c in outcome.compared] == ["mulitple", "multiple"]


def test_searches_without_a_fault_are_silent_in_every_rule() -> None:
    for rule in (misspelt.RULE, stray.RULE, unbalanced.RULE, lines.RULE):
        assert found(mended(), rule) == []
        assert mended().checked(rule, "fhi-2021") > 15


def test_brackets_and_quotation_marks_without_a_partner() -> None:
    texts = found(planted(), unbalanced.RULE)
    assert len(texts) == 2
    assert texts[0].startswith("((stem next cell*):ti,ab,kw")
    assert texts[1].startswith('Title OR Abstract: "multiple sclerosis"')
    assert found(reviewed(), unbalanced.RULE) == []


def test_what_belongs_to_no_term_of_a_search() -> None:
    texts = found(planted(), stray.RULE)
    assert texts[:2] == ["(MSC or ; MSCT):ti,ab,kw", "#10 or or #12 or #13"]
    assert len(texts) == 3
    assert "OR 89 “auto transplantations”" in texts[2]
    outcome = reviewed().broken(stray.RULE)[0]
    assert "the number 89 stands between two terms" in outcome.english


def test_lines_that_are_not_there_and_lines_used_nowhere() -> None:
    outcomes = planted().broken(lines.RULE)
    assert [(planted().texts(o)[0], o.severity) for o in outcomes] == [
        ("(bone next marrow near/2 transplnat*):ti,ab,kw", Severity.NOTE),
        ("#3 and #10 with Cochrane Library publication date Between Jan 2014 and Jul 2021", Severity.NOTE),
        ("#15 not #21", None),
    ]
    assert "21 is not there" in outcomes[2].english
    assert "The search has the lines 1 to 16" in outcomes[2].english
    assert reviewed().checked(lines.RULE) == 16


@pytest.mark.parametrize(
    ("word", "other", "slip"),
    [
        ("placbeo", "placebo", True),
        ("randomsed", "randomised", True),
        ("sclerosi", "sclerosis", True),
        ("patiens", "patients", True),
        ("sclreosis", "sclerosis", True),
        ("tumour", "tumor", False),
        ("haematopoietic", "hematopoietic", False),
        ("centre", "center", False),
        ("randomised", "randomized", False),
        ("labelled", "labeled", False),
        ("therapy", "therapie", False),
        ("transplant", "transplants", False),
        ("caused", "causes", False),
    ],
)
def test_slips_are_told_from_forms_and_spellings_of_a_word(word: str, other: str, slip: bool) -> None:
    assert is_slip(word, other) is slip


def test_a_word_that_stands_in_several_places_is_meant_so() -> None:
    texts = ["multiple sclerosis"] * 12 + [
        "sclerosis multiplex",
        "“sclerosis multiplex” or MS",
        "mulitple",
        "mulitple x",
    ]
    spelling = Spelling(texts)
    assert spelling.meant("multiplex") is None
    assert spelling.meant("mulitple") == "multiple"
    assert spelling.meant("Embsae") == "embase"
    assert spelling.meant("ASTIMS") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("(a or (b and c)", 1),
        ("(a] or b", 2),
        ("“a b” or “c d", 1),
        ("“a b or “c d”", 1),
        ('“a b" or c', 1),
        ("'a b'/exp or 'c d/exp", 1),
        ("'a b'/exp or ('c d' near/3 'e'):ti", 0),
        ("Crohn's disease and patients' wishes", 0),
        ('("a [b" or c)', 0),
        ("«a b» or (c)", 0),
    ],
)
def test_pairs(text: str, count: int) -> None:
    assert len(faults(text)) == count


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('"a b" OR 12 OR "c d"', ["number"]),
        ('"a b" 12 OR "c d"', ["number"]),
        ('"a b" OR . "c d"', ["sign"]),
        ('"a b" "c d" OR x', ["joined"]),
        ('(OR "a b")', ["open"]),
        ('("a b" OR)', ["close"]),
        ('AND "a b" OR c', ["start"]),
        ('"a b" AND AND "c d"', ["doubled"]),
        ('"a b" AND NOT "c d"', []),
        ('NOT ("a b" OR c)', []),
        ("#1 and 2014 or (a near/2 b)", []),
        ("exp Stroke/ or stroke.tw.", []),
        ("interferon beta 1a or 5 HT3 or (x adj3 y)", []),
        ("AND", []),
    ],
)
def test_strays(text: str, kinds: list[str]) -> None:
    assert [what for _, _, what in strays(text)] == kinds


@pytest.mark.parametrize(
    ("text", "style", "numbers"),
    [
        ("{OR #1-#3}", "#", [1, 2, 3]),
        ("S3 OR S4", "S", [3, 4]),
        ("and/2,5", "", [2, 5]),
        ("(1 or 2) and 7", "", [1, 2, 7]),
        ("3 not (animals not humans)", "", [3]),
        ("vitamin B12 and 25 hydroxy", "", []),
        ("beta 1 or beta 2 agonist", "", []),
    ],
)
def test_lines_that_a_line_combines(text: str, style: str, numbers: list[int]) -> None:
    assert combined(text, style) == numbers
