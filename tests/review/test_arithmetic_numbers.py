"""Numbers of a text: figures, words, ranges, percentages, what they count, and what is none."""

import pytest

from msevidence.loaders.review import number_words, numbers
from msevidence.loaders.review.number_words import noun_kind


def said(text: str, language: str = "en") -> list[str]:
    """Return the numbers of a text, each with its unit."""
    return [
        f"{n.value}{f'..{n.high}' if n.high is not None else ''}{'%' * n.percent} {n.unit or ''}".strip()
        for n in numbers.numbers(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 558 and 2,558 and 2\u2009558 and 1 000 000 patients", ["2558 patients"] * 3 + ["1000000 patients"]),
        ("6.7 %, 10–20 %, 10 %–20 %, 5 percent", ["6.7%", "10..20%", "10..20%", "5%"]),
        (
            "0.5–11.3 years; two to four weeks; from 40 to 60 patients",
            ["0.5..11.3 years", "2..4 weeks", "40", "60 patients"],
        ),
        ("twenty-one adult patients and Nineteen of the studies", ["21 patients", "19 studies"]),
        ("at 2, 4 and 12 months", ["2 months", "4 months", "12 months"]),
        ("21 patient series; 49-item versions; the 12 month study period", ["21 series", "49 item", "12 month"]),
        ("−0.5 and (–1.2)", ["-0.5", "-1.2"]),
        ("50 studies/4831 patients (n = 2000)", ["50 studies", "4831 patients", "2000"]),
        ("88 out of the 100 planned patients in 2015", ["88", "100 patients", "2015"]),
        ("94°C and 2 μg", ["94 °", "2 μg"]),
    ],
)
def test_english(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6,7 prosent av 1 490 deltakere", ["6.7%", "1490 deltakere"]),
        ("2.558 deltakere, 1.5 og 0,25 ml", ["2558 deltakere", "1.5 ml", "0.25 ml"]),
        ("Syv fullførte studier, én RCT og tjueto pasientserier", ["7 studier", "1 rct", "22 pasientserier"]),
        ("to til fire uker; fem av dem; to av de fullførte studiene", ["2..4 uker", "5", "2 studiene"]),
        ("10-20 % av personene", ["10..20% personene"]),
    ],
)
def test_norwegian(text: str, expected: list[str]) -> None:
    assert said(text, "nb") == expected


@pytest.mark.parametrize(
    "text",
    [
        "(6, 9–12) and [12] and (14, s. 165)",
        "NCT03477500, 2007-000064-24, 10.1371/journal.pone.0026358, https://example.org/12",
        "Table 2, Figures 1 and 2, phase 2 trial, grade 3/4, week 12, S1",
        "1 November 2023-01-01, 9.11.2023, 12/11/2023, 2:1, the 5th, IL-2, CD19, 95% CI, two thirds",
    ],
)
def test_no_numbers(text: str) -> None:
    assert [n for n in numbers.numbers(text) if not numbers.is_year(n)] == []


def test_marks() -> None:
    value, hedged, size, year = numbers.numbers("p = 0.003, around 200, n = 2000, in 2015")
    assert (value.p_value, hedged.hedge, size.size, numbers.is_year(year)) == (True, "around", True, True)
    assert [n.whole for n in (value, hedged, size, year)] == [False, True, True, False]
    text = "some 21 patients"
    (number,) = numbers.numbers(text)
    assert text[number.begin : number.end] == number.printed == "21"


def test_nouns() -> None:
    assert noun_kind("studies") == noun_kind("studiene", "nb") == "study"
    assert noun_kind("land", "nb") == "country"
    assert noun_kind("mitoxantrone") is None
    assert number_words.WORDS["nb"]["tjueen"] == number_words.WORDS["en"]["twenty-one"] == 21
