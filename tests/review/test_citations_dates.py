"""Works too old for what they are cited for, works later than the document, and pages outside the work."""

from pathlib import Path

import pytest

from msevidence.loaders.review.citations import later_work, locator, support_too_early
from msevidence.loaders.review.citations.dating import told
from msevidence.loaders.review.citations.locator import page_range
from msevidence.loaders.review.outcome import Severity
from tests.review.citation_texts import mended, planted, small
from tests.review.reviewing import reviewed

EARLY, LATER, LOCATOR = support_too_early.RULE, later_work.RULE, locator.RULE


def test_too_early_for_a_date_in_the_sentence() -> None:
    (outcome,) = [o for o in planted().broken(EARLY) if "As of November 2021" in planted().text(o.passages[0])]
    assert outcome.english == "The sentence tells of November 2021; what it cites for it, (13), is not newer than 2020."
    assert planted().texts(outcome)[1].startswith("Kvistad SAS")
    assert [c.printed for c in outcome.compared] == ["November 2021", "2020"]
    # the plan for 2030 is no event
    assert not [o for o in planted().broken(EARLY) if "by 2030" in planted().text(o.passages[0])]


def test_too_early_for_a_decision_that_another_document_dates() -> None:
    (outcome,) = reviewed().broken(EARLY)
    texts = reviewed().texts(outcome)
    assert texts[0].startswith("A subsequent methods assessment led the Decision Forum")
    assert texts[1].startswith("Nasjonalt kunnskapssenter")
    assert texts[2].startswith("Da Beslutningsforum i mars 2016")
    assert "(8), is not newer than 2015" in outcome.english
    assert not mended().broken(EARLY)
    assert reviewed().checked(EARLY) > 5


@pytest.mark.parametrize(
    ("sentence", "broken"),
    [
        ("In 2019 there were 12 cases [1].", True),
        ("In 2014 there were 12 cases [1].", False),
        ("In 2019 there were 12 cases [1, 2].", True),
        ("In 2016 there were 12 cases [1], [2].", False),
        ("In 2014 there were 12 cases [1], and in 2018 there were 20 [2].", False),
        ("In 2018 there were 12 cases [2], and in 2014 there were 20 [1].", False),
        ("In 2014 there were 12 cases [1], and in 2019 there were 20 [2].", True),
        ("The study is planned to end in 2019 [1].", False),
        ("It should be gone by 2019 [1].", False),
        ("In 2025 there may be 12 cases [1].", False),
        ("Of 2017 patients, 12 had asthma [1].", False),
        ("In 2019 there were 12 cases by the usual criteria [1].", False),
        ("I oktober 2016 var det 12 tilfeller [1].", True),
    ],
)
def test_small(sentence: str, broken: bool, tmp_path: Path) -> None:
    """The works are of 2015 and 2018, the document is of 2020."""
    review = small(tmp_path, f"<sec><title>A</title><p>{sentence}</p></sec>".replace("[1, 2]", "[1] [2]"))
    assert bool(review.broken(EARLY)) == broken


def test_own_method_may_be_older(tmp_path: Path) -> None:
    """What the authors did in 2019 rests on no work of theirs; in the introduction the same words would be a claim."""
    text = '<sec sec-type="{role}"><title>{role}</title><p>The search was run in 2019 [1].</p></sec>'
    results = '<sec sec-type="results"><title>Results</title><p>There were 12.</p></sec>'
    assert not small(tmp_path, text.format(role="methods") + results).broken(EARLY)
    assert small(tmp_path, text.format(role="intro") + results).broken(EARLY)


def test_undated_work_supports(tmp_path: Path) -> None:
    review = small(tmp_path, "<sec><title>A</title><p>In 2019 there were 12 cases [1].</p></sec>", works=[""])
    assert review.checked(EARLY) == 0


def test_dates_told() -> None:
    assert told("Between 2008 and March 2010, and in 2014–2021.", "en") == [
        ("2008", "2008", 8),
        ("2010-03", "March 2010", 17),
        ("2021", "2014–2021", 36),
    ]
    assert told("Den skal avsluttes i 2024.", "nb") == []


def test_later_work() -> None:
    by_work = {planted().texts(o)[0][:6]: o for o in planted().broken(LATER)}
    assert by_work.keys() == {"Muraro", "MSBase"}
    assert by_work["Muraro"].severity is None
    assert by_work["MSBase"].severity == Severity.NOTE
    assert by_work["Muraro"].english == ("Work 7 is of 2027, and the document that cites it was published 2024-02-12.")
    assert any("past 25 years" in t for t in planted().texts(by_work["Muraro"]))
    assert not reviewed().broken(LATER)
    assert reviewed().checked(LATER) > 35


def test_small_later_work(tmp_path: Path) -> None:
    body = "<sec><title>A</title><p>It is so [1] [2] [3].</p></sec>"
    years = ["<year>2020</year>", "<year>2022</year>", "<year>2023</year><comment>in press</comment>"]
    review = small(tmp_path, body, works=years)
    assert [(review.text(o.passages[0])[:6], o.severity) for o in review.broken(LATER)] == [
        ("Work 2", None),
        ("Work 3", Severity.NOTE),
    ]


def test_page_outside() -> None:
    found = {o.compared[0].printed: o for o in planted().broken(LOCATOR)}
    assert found.keys() == {"s. 265", "s. 801-2"}
    assert found["s. 265"].english == "(14, s. 265) cites s. 265, and the pages of the work are 165-74."
    assert planted().texts(found["s. 265"])[1].startswith("Tidsskriftsartikkel: Burt RK")
    # 165 of 165-74, 27 of 27, 801 of 801 and 3574 of 3574-88 are inside; the others cite article numbers
    assert reviewed().checked(LOCATOR) == 4
    assert not reviewed().broken(LOCATOR)


@pytest.mark.parametrize(
    ("printed", "pages"),
    [
        ("981–8", ("", 981, 988)),
        ("S33-38", ("s", 33, 38)),
        ("e10-e14", ("e", 10, 14)),
        ("801", ("", 801, 801)),
        ("e35564", None),
        ("CD012200", None),
        ("", None),
    ],
)
def test_page_range(printed: str, pages: tuple[str, int, int] | None) -> None:
    assert page_range(printed) == pages


@pytest.mark.parametrize(("place", "broken"), [("p. 12", False), ("p. 30", True), ("pp. 11-14", False), ("p. 5", True)])
def test_small_page(place: str, broken: bool, tmp_path: Path) -> None:
    work = "<year>2015</year><fpage>10</fpage><lpage>19</lpage>"
    cited = f'It is so (<xref ref-type="bibr" rid="R1">1</xref>, {place}).'
    review = small(tmp_path, f"<sec><title>A</title><p>{cited}</p></sec>", works=[work])
    assert review.checked(LOCATOR) == 1
    assert bool(review.broken(LOCATOR)) == broken
