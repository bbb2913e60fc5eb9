"""Claims against sources in changed texts: numbers that agreed are made wrong, and wrong ones are mended."""

import pytest

from msevidence.loaders.review.outcome import Outcome, Severity, VerdictKind
from msevidence.loaders.review.sources.claim_against_source import RULE
from tests.review.reviewing import reviewed

CLEAN = reviewed()
PLANTED = reviewed(
    {
        "nygaard-2024": [
            ("21 patients with secondary", "31 patients with secondary"),
            ("110 patients with relapsing", "101 patients with relapsing"),
            ("50 studies/4831", "50 studies/4381"),
            ("conventional therapy (n = 55)", "conventional therapy (n = 45)"),
            ("fingolimod 2.8 years", "fingolimod 3.8 years"),
            ("Median 2 years, max. 5 years", "Median 3 years, max. 8 years"),
            ("lesions by 79 %", "lesions by 97 %"),
            ("73 % with preserved", "37 % with preserved"),
            ("81 % experienced no", "85 % experienced no"),
            ("10–20 % of patients develop", "20–30 % of patients develop"),
            ("the first 30 patients", "the first 50 patients"),
        ],
        "fhi-2021": [
            ("110 personer ble tilfeldig fordelt", "101 personer ble tilfeldig fordelt"),
            ("Kun 23 av pasientene", "Kun 32 av pasientene"),
        ],
    }
)
MENDED = reviewed(
    {
        "nygaard-2024": [
            ("A European observational study", "A European and North American observational study"),
            ("after one year in all 28 patients", "after a median of 30 months in all 20 patients"),
            ("with secondary progressive disease and", "with secondary progressive or relapsing-remitting disease and"),
            ("mitoxantrone (n = 21)", "mitoxantrone (n = 12)"),
            ("reduced by 10.0 % with", "reduced by 30 % with"),
            ("increased by 6.7 % with", "increased by 0.67 points with"),
            ("difference between the groups persisted five years after", "difference was there after"),
            ("up to 40 % of women", "up to 43 % of women"),
            ("(n = 167), fingolimod (n = 2 558)", "(n = 144), fingolimod (n = 769)"),
            (", natalizumab (n = 1 490), ocrelizumab (n = 700)", ""),
        ]
    }
)
WORSE = reviewed(
    {
        "nygaard-2024": [
            ("reduced the number of new MR lesions by 79 %", "increased the number of new MR lesions by 79 %"),
            ("81 % experienced no new attacks", "81 % experienced new attacks"),
            ("all 28 patients", "all 20 patients"),
        ],
        "fhi-2021": [("de planlagte fem år", "de planlagte ti år")],
    }
)


def found(outcomes: list[Outcome]) -> set[tuple[str, str, str]]:
    """Return the work, the words of the document, and what the source says, of outcomes."""
    verdicts = [o.verdict for o in outcomes if o.verdict]
    return {(v.publication.rsplit("/", 1)[1], v.words, v.source_words or "") for v in verdicts}


@pytest.mark.parametrize(
    ("document", "words", "told", "severity"),
    [
        ("nygaard-2024", "31 patients with secondary", "It is 31 here and 21 there.", Severity.ERROR),
        ("nygaard-2024", "101 patients with relapsing", "It is 101 here and 110 there.", Severity.ERROR),
        ("nygaard-2024", "50 studies/4381", "It is 4381 here and 4831 there.", Severity.ERROR),
        ("nygaard-2024", "(n = 45)", "The groups have 55 + 45 = 100", Severity.ERROR),
        ("nygaard-2024", "fingolimod 3.8 years", "3.8 years here and 2.84 there", None),
        ("nygaard-2024", "Median 3 years", "3 years here and 2 years there", None),
        ("nygaard-2024", "max. 8 years", "8 years here and 5 years there", None),
        ("nygaard-2024", "by 97 %", "It is 97 % here and 79% there.", None),
        ("nygaard-2024", "37 % with preserved", "It is 37 % here and 73% there.", None),
        ("nygaard-2024", "85 % experienced", "It is 85 % here and 81% there.", None),
        ("nygaard-2024", "20-30 % of patients", "It is 20-30 % here and 17% there.", None),
        ("nygaard-2024", "first 50 patients", "It is 50 here and 30 there.", Severity.ERROR),
        ("fhi-2021", "101 personer", "It is 101 here and 110 there.", Severity.ERROR),
        ("fhi-2021", "Kun 32 av", "It is 32 here and 23 there.", None),
    ],
)
def test_planted(document: str, words: str, told: str, severity: Severity | None) -> None:
    (outcome,) = [o for o in PLANTED.broken(RULE, document) if told in o.english]
    assert outcome.verdict is not None and words in outcome.verdict.words
    assert words in PLANTED.text(outcome.passages[0])
    assert outcome.severity is severity


def test_nothing_but_what_was_planted() -> None:
    new = found(PLANTED.broken(RULE)) - found(CLEAN.broken(RULE))
    assert len([n for n in new if "31 patients" not in n[1]]) == 13


def test_mended_nothing_is_left() -> None:
    assert found(MENDED.broken(RULE)) == set()
    assert MENDED.checked(RULE, "nygaard-2024") > 50
    agreeing = {o.verdict.words for o in MENDED.outcomes(RULE) if o.verdict and o.verdict.kind is VerdictKind.AGREES}
    for words in ("all 20 patients", "reduced by 30 %", "0.67 points", "(n = 12)", "up to 43 % of women"):
        assert any(words in said for said in agreeing), words


def test_the_number_is_right_but_not_what_is_said_of_it() -> None:
    told = {o.english.rsplit("”. ", 1)[1] for o in WORSE.broken(RULE)}
    assert "The number is the same, but it goes the other way." in told
    assert any(t.startswith("The number is the same, but one says it of those who had it") for t in told)
    assert "The time is ti år here and 5 years there." in told


def test_a_sentence_mended_in_part_keeps_what_is_left() -> None:
    das = {words: source for work, words, source in found(WORSE.broken(RULE)) if work == "das-2021"}
    assert len(das) == 2
    assert "Twenty patients were identified." not in das.values()
