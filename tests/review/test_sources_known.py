"""Claims against the known words of their sources, in the texts as they are: what differs, agrees and is open."""

import pytest

from msevidence.loaders.review.outcome import Basis, Outcome, Severity, VerdictKind
from msevidence.loaders.review.sources.claim_against_source import RULE
from msevidence.ontology.namespaces import MSE
from tests.review.reviewing import reviewed

CLEAN = reviewed()
AGREES, DISAGREES = VerdictKind.AGREES, VerdictKind.DISAGREES
OTHER, NOT_READ = VerdictKind.OTHER_MEASURE, VerdictKind.NOT_IN_WHAT_WAS_READ


def said(document: str, work: str, words: str, source: str | None = None) -> list[Outcome]:
    """Return what the rule says of words of a document and a work, whose quotation holds ``source``."""
    found = [
        o
        for o in CLEAN.outcomes(RULE, document)
        if o.verdict and o.verdict.publication.endswith(f"/{work}") and words in o.verdict.words
    ]
    return [o for o in found if source is None or source in ((o.verdict and o.verdict.source_words) or "")]


@pytest.mark.parametrize(
    ("work", "words", "source", "kind", "severity", "told"),
    [
        (
            "das-2021",
            "all 28 patients",
            "Twenty patients were identified.",
            DISAGREES,
            Severity.ERROR,
            "28 here and 20",
        ),
        ("das-2021", "after one year", "median follow-up of 30 (12-118) months", OTHER, None, "one year here and 30"),
        ("das-2021", "European observational", "European and North American centres", DISAGREES, None, "Europe here"),
        ("astims-2015", "mitoxantrone (n = 21)", "Twenty-one patients", DISAGREES, Severity.ERROR, "9 + 21 = 30"),
        (
            "astims-2015",
            "secondary progressive",
            "or relapsing-remitting MS",
            DISAGREES,
            None,
            "secondary progressive MS",
        ),
        (
            "burt-2019",
            "reduced by 10.0 %",
            "from 3.38 to 2.36",
            OTHER,
            None,
            "1.02 points less on the scale EDSS of 0–10",
        ),
        ("burt-2019", "increased by 6.7 %", "from 3.31 to 3.98", OTHER, None, "it is 20 % more, not 6.7 %"),
        ("burt-2019", "persisted five years", "23 evaluated yearly for 5 years", OTHER, Severity.NOTE, "23 of 110"),
        ("msbase-2023", "fingolimod (n = 2 558)", "matched cohorts", OTHER, None, "167, 2 558, 1 490, 700 here"),
        ("kvistad-2020", "up to 40 % of women", "10 (43%) of the women", DISAGREES, None, "up to 40 % here and 43%"),
    ],
)
def test_what_differs(
    work: str, words: str, source: str, kind: VerdictKind, severity: Severity | None, told: str
) -> None:
    (found,) = [o for o in said("nygaard-2024", work, words, source) if o.broken]
    assert found.verdict is not None and found.verdict.kind is kind
    assert found.severity is severity
    assert told in found.english
    assert found.verdict.words in CLEAN.text(found.passages[0])
    assert [c.printed for c in found.compared] == [found.verdict.words, found.verdict.source_words]
    assert found.norwegian.startswith("Dokumentet sier «")


def test_nothing_else_differs() -> None:
    assert len(CLEAN.broken(RULE, "nygaard-2024")) == 10
    assert CLEAN.broken(RULE, "fhi-2021") == []
    assert CLEAN.checked(RULE, "nygaard-2024") > 50
    assert CLEAN.checked(RULE, "fhi-2021") == 8


@pytest.mark.parametrize(
    ("document", "work", "words", "source"),
    [
        ("nygaard-2024", "astims-2015", "21 patients with", "21 enrolled cases"),
        ("nygaard-2024", "astims-2015", "by 79 % compared with", "reduced by 79%"),
        ("nygaard-2024", "nabizadeh-2022", "50 studies/4831", "50 studies with a total of 4831"),
        ("nygaard-2024", "nabizadeh-2022", "73 % with preserved", "progression-free survival"),
        ("nygaard-2024", "nabizadeh-2022", "81 % experienced no new attacks", "relapse-free"),
        ("nygaard-2024", "nabizadeh-2022", "more than 50 observational studies", "50 studies"),
        ("nygaard-2024", "msbase-2023", "fingolimod 2.8 years", "4.01/2.84"),
        ("nygaard-2024", "msbase-2023", "ocrelizumab 1.5 years", "3.78/1.52"),
        ("nygaard-2024", "burt-2019", "Median 2 years", "median follow-up, 2 years"),
        ("nygaard-2024", "burt-2019", "max. 5 years", "yearly for 5 years"),
        ("nygaard-2024", "burt-2019", "conventional therapy (n = 55)", "110 randomized"),
        ("nygaard-2024", "burt-2019", "After one year, the trial", "98 evaluated at 1 year"),
        ("nygaard-2024", "kvistad-2020", "first 30 patients", "total of 30 patients"),
        ("nygaard-2024", "kvistad-2020", "10-20 % of patients", "Five patients (17%)"),
        ("nygaard-2024", "luna-2020", "increase the risk of infections", "highest rate of serious infections"),
        ("fhi-2021", "burt-2019", "110 personer ble tilfeldig fordelt", "110 randomized"),
        ("fhi-2021", "burt-2019", "Kun 23 av pasientene", "23 evaluated yearly for 5 years"),
    ],
)
def test_what_agrees_is_kept_as_a_verdict(document: str, work: str, words: str, source: str) -> None:
    found = said(document, work, words, source)
    assert [o.verdict.kind for o in found if o.verdict] == [AGREES]
    assert not found[0].broken


@pytest.mark.parametrize(
    ("work", "words"),
    [
        ("nabizadeh-2022", "68 % showed no signs of disease progression"),
        ("nabizadeh-2022", "0.5-11.3 years"),
        ("kvistad-2020", "lymphopenia with fever (30 %)"),
        ("kvistad-2020", "many need blood products (77 %)"),
        ("msbase-2023", "3915 patients"),
        ("astims-2015", "4 years"),
    ],
)
def test_what_was_read_does_not_tell(work: str, words: str) -> None:
    (found,) = said("nygaard-2024", work, words)
    assert found.verdict is not None and found.verdict.kind is NOT_READ
    assert found.verdict.source_words is None
    assert "does not tell" in found.verdict.english
    assert not found.broken


def test_verdicts_say_what_was_read_and_where() -> None:
    (table,) = said("nygaard-2024", "msbase-2023", "fingolimod (n = 2 558)")
    (summary,) = said("nygaard-2024", "luna-2020", "risk of infections")
    assert table.verdict is not None and table.verdict.basis is Basis.TABLE
    assert summary.verdict is not None and summary.verdict.basis is Basis.SUMMARY
    assert summary.verdict.address.startswith("https://m3india.in/")


def test_the_focus_is_the_claim_where_there_is_one() -> None:
    (found,) = [o for o in said("nygaard-2024", "das-2021", "all 28 patients") if o.severity is Severity.ERROR]
    assert CLEAN.view.things.get(found.focus).is_a(MSE.Claim)
    assert found.verdict is not None and found.verdict.claim == found.focus
