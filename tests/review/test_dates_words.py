"""What the rules on dates read in words: periods, windows, events, states; and a small review made for them."""

from pathlib import Path

import pytest

from msevidence.loaders.review.dates import (
    expectation_passed,
    outside_window,
    search_after_end,
    status_against_registry,
    window_against_items,
)
from msevidence.loaders.review.dates.events import Event, Modality, is_of_study, told
from msevidence.loaders.review.dates.figure_against_registry import phases
from msevidence.loaders.review.dates.periods import periods, windows
from msevidence.loaders.review.dates.result_before_end import followed
from msevidence.loaders.review.dates.status_words import State, state, told_states
from msevidence.loaders.review.dates.subjects import printed_name
from msevidence.loaders.review.outcome import Rule
from tests.review.reviewing import Reviewed, reviewed


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Dato: 11.06.2021", "2021-06-11", "2021-06-11"),
        ("2. juli 2021", "2021-07-02", "2021-07-02"),
        ("Juni, 2021", "2021-06-01", "2021-06-30"),
        ("the second half of 2026", "2026-07-01", "2026-12-31"),
        ("første halvår 2026", "2026-01-01", "2026-06-30"),
        ("Q3 2024", "2024-07-01", "2024-09-30"),
        ("fullført august 2019", "2019-08-01", "2019-08-31"),
        ("i perioden 2024-2029", "2024-01-01", "2029-12-31"),
        ("between 1 May 2005 and June 2010", "2005-05-01", "2010-06-30"),
        ("mellom 2021 og 2025", "2021-01-01", "2025-12-31"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    (period,) = periods(text)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "S = 2000 sets",
        "2000 patients",
        "EudraCT 2010-024381-21",
        "31.02.2021",
        "n 1998",
        "doi 10.1186/s13063-019-3346-z",
    ],
)
def test_what_is_no_time_is_not_read(text: str) -> None:
    assert periods(text) == []


def test_two_years_side_by_side_are_no_range() -> None:
    assert [p.printed for p in periods("published in 2015 and 2016")] == ["2015", "2016"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("published f.o.m. 2014", "2014-01-01", None),
        ("2014 eller senere", "2014-01-01", None),
        ("published after 2014", "2015-01-01", None),
        ("from inception until May 2014", None, "2014-05-31"),
        ("published before 2014", None, "2013-12-31"),
        ("FROM 2014 TO 2021", "2014-01-01", "2021-12-31"),
    ],
)
def test_a_window_may_be_open(text: str, first: str | None, last: str | None) -> None:
    (window,) = windows(text)
    assert (window.first, window.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "event", "modality"),
    [
        ("Forventet ferdigstilt i 2024", Event.END, Modality.EXPECTED),
        ("Studien avsluttes etter planen i 2024 (8).", Event.END, Modality.EXPECTED),
        ("estimated completion date 2019", Event.END, Modality.EXPECTED),
        ("Rekruttering av pasienter avsluttes i oktober 2021", Event.RECRUITMENT_END, Modality.EXPECTED),
        ("the results are unlikely to be available before the second half of 2026", Event.RESULTS, Modality.NOT_BEFORE),
        ("vi kan forvente resultater fra disse innen 2030", Event.RESULTS, Modality.BY),
        ("In 2024 the trial will be completed.", Event.END, Modality.EXPECTED),
        ("completed 2018", Event.END, Modality.PAST),
        ("I 2018 initierte sykehuset en studie", Event.START, Modality.PAST),
        ("The trial was started at the hospital in 2017.", Event.START, Modality.PAST),
    ],
)
def test_an_event_is_told_with_its_date(text: str, event: Event, modality: Modality) -> None:
    (one,) = told(text)
    assert (one.event, one.modality) == (event, modality)


@pytest.mark.parametrize(
    "text",
    [
        "The trial was originally expected to be completed in 2019, but is still recruiting.",
        "Studien var planlagt ferdigstilt i 2019.",
        "Når ble litteratursøket avsluttet? Juni, 2021",
        "The expected number of trials published in 2012 was small.",
        "As of November 2023, the trial has included 88 out of the 100 planned patients.",
        "The end of October, 2009",
    ],
)
def test_what_tells_no_event_of_a_study_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tabell 3: Fullførte randomiserte studier", State.FINISHED),
        ("Table 2: Ongoing trials", State.RUNNING),
        ("The trial was terminated.", State.STOPPED),
        ("The trial is expected to be completed in 2024.", State.RUNNING),
        ("pågående og ferdigstilte studier", None),
        ("As long as the clinical trial is ongoing, patients should be included.", None),
        ("det kan diskuteres om denne studien er fullført eller ikke", None),
        ("The trial was not completed.", None),
        ("The patients completed the questionnaire.", None),
        ("Two patients were withdrawn from the study.", None),
        ("One of the studies is completed and published.", State.FINISHED),
    ],
)
def test_a_text_tells_one_state_or_none(text: str, expected: State | None) -> None:
    assert state(text) is expected


def test_a_row_tells_a_state_by_a_dated_end_or_a_quoted_status() -> None:
    assert list(told_states("Studien er registrert med status «completed 2018».")) == [
        (State.FINISHED, "completed 2018"),
        (State.FINISHED, "completed 2018"),
    ]
    assert list(told_states("“Analysis of secondary outcomes is ongoing.”")) == []


@pytest.mark.parametrize(
    ("text", "of_study"),
    [
        ("The trial was started at the hospital in 2017.", True),
        ("MIST was completed in 2019.", True),
        ("Treatment was started in 2010 in most patients.", False),
        ("The clinic opened in 1999.", False),
    ],
)
def test_a_date_is_of_the_study_only_where_its_clause_names_one(text: str, of_study: bool) -> None:
    (one,) = told(text)
    assert is_of_study(one, "MIST") is of_study


@pytest.mark.parametrize(
    ("text", "some", "everybody"),
    [
        ("Only 22 of 110 patients had been followed for the planned five years.", "22", "110 "),
        ("At publication 22 of the 110 patients had completed the planned five years of follow-up.", "22", "110 "),
        ("Kun 23 av pasientene var fulgt opp de planlagte fem år.", "23", None),
    ],
)
def test_how_many_were_followed_as_planned_is_read(text: str, some: str, everybody: str | None) -> None:
    match = followed(text)
    assert match is not None and (match["some"], match["all"]) == (some, everybody)


def test_names_and_phases() -> None:
    assert printed_name("COAST EudraCT 2016-001166-29") == "COAST"
    assert printed_name("NCT01234567") is None
    assert phases("PHASE1|PHASE2") == {"1", "2"} and phases("Phase II/III") == {"2", "3"} and phases("NA") == set()


REVIEW = """<article article-type="review-article" xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="en">
<front><article-meta>
<article-id pub-id-type="doi">10.9999/made.up.dates</article-id>
<title-group><article-title>A review of trials</article-title></title-group>
<pub-date pub-type="epub"><day>1</day><month>5</month><year>2012</year></pub-date>
</article-meta></front><body>
<sec sec-type="methods"><title>Methods</title>
<p>We searched MEDLINE for articles published between 2005 and 2010. {search} The search was updated
in March 2011.</p></sec>
<sec sec-type="results"><title>Results</title>
<table-wrap id="t1"><label>Table 1</label><caption><p>Characteristics of included studies</p></caption><table>
<thead><tr><th>Study</th><th>Patients</th></tr></thead><tbody>
<tr><td>Smith 2009</td><td>20</td></tr><tr><td>{study}</td><td>30</td></tr></tbody></table></table-wrap>
<table-wrap id="t2"><label>Table 2</label><caption><p>Ongoing trials</p></caption><table>
<thead><tr><th>Trial</th><th>Comment</th></tr></thead><tbody>
<tr><td>ALPHA</td><td>Expected completion 2013</td></tr><tr><td>BETA</td><td>{beta}</td></tr>
</tbody></table></table-wrap>
<p>The ongoing trials are expected to be completed between 2013 and 2016.</p></sec></body></article>
"""
RIGHT = {
    "search": "The last search was run in March 2011.",
    "study": "Jones et al. 2007",
    "beta": "Planned to end in 2016",
}
WRONG = {"search": "The last search was run in May 2009.", "study": "Jones et al. 2003", "beta": "Completed in 2010"}
LATE = {**RIGHT, "beta": "Planned to end in 2018"}
PAST = {**RIGHT, "beta": "Planned to end in 2011"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review")


def reviewed_with(folder: Path, name: str, words: dict[str, str]) -> Reviewed:
    path = folder / f"{name}.xml"
    if not path.exists():
        path.write_text(REVIEW.format(**words), encoding="utf-8")
    return reviewed(loaded=[path])


CASES = [
    ("wrong", WRONG, outside_window.RULE, "Jones et al. 2003"),
    ("wrong", WRONG, status_against_registry.RULE, "Completed in 2010"),
    ("late", LATE, window_against_items.RULE, "Planned to end in 2018"),
    ("past", PAST, expectation_passed.RULE, "Planned to end in 2011"),
]


@pytest.mark.parametrize(("name", "words", "rule", "where"), CASES, ids=[c[2].name for c in CASES])
def test_a_review_without_curation(folder: Path, name: str, words: dict[str, str], rule: Rule, where: str) -> None:
    key = "10-9999-made-up-dates"
    right, changed = reviewed_with(folder, "right", RIGHT), reviewed_with(folder, name, words)
    assert right.broken(rule, key) == [] and right.checked(rule, key) > 0
    (found,) = changed.broken(rule, key)
    assert where in changed.texts(found)


def test_an_update_comes_after_the_first_search_by_right(folder: Path) -> None:
    right = reviewed_with(folder, "right", RIGHT)
    assert right.broken(search_after_end.RULE, "10-9999-made-up-dates") == []
