"""Dates and status in an article without curation, whose trial is in a registry export that is loaded beside it."""

from pathlib import Path

import pytest

from msevidence.loaders.review.dates import (
    RULES,
    date_against_registry,
    expectation_passed,
    figure_against_registry,
    outside_window,
    search_after_end,
    status_against_registry,
)
from msevidence.loaders.review.outcome import Rule, Severity
from tests.review.reviewing import Reviewed, reviewed_jats

pytestmark = pytest.mark.shared
KEY = "10-1371-journal-pone-0026358"
# NCT02210780 of the export: phase 2, start 2014-08-05, completed 2015-09-15, 194 participants.
OTHER_TRIAL = ("phase II study (NCT00848692), 30 CFS", "phase III study (NCT02210780), 30 CFS")
EDITS = [
    OTHER_TRIAL,
    ("ct2/show/NCT00848692", "ct2/show/NCT02210780"),
    (">NCT00848692</ext-link>", ">NCT02210780</ext-link>"),
    (
        "All patients gave written consent to participate in the study.",
        "All patients gave written consent to participate in the study. "
        "We searched PubMed for trials published between 1990 and 2005. "
        "PubMed was searched from inception until May 2008. "
        "The last search was run in March 2008. "
        "The trial NCT02210780 is ongoing. The results of NCT02210780 are expected in 2010.",
    ),
]


@pytest.fixture(scope="module")
def article(shared_dir: Path) -> Path:
    return shared_dir / "samples/jats_xml/journal.pone.0026358.xml"


@pytest.fixture(scope="module")
def export(shared_dir: Path) -> Path:
    return shared_dir / "samples/ctgov_v2_json/NCT02210780.json"


@pytest.fixture(scope="module")
def clean(article: Path, export: Path) -> Reviewed:
    return reviewed_jats(article, (), [export])


@pytest.fixture(scope="module")
def planted(article: Path, export: Path) -> Reviewed:
    return reviewed_jats(article, EDITS, [export])


def found(review: Reviewed, rule: Rule) -> list[tuple[Severity, list[str]]]:
    return [(o.severity or rule.severity, review.texts(o)) for o in review.broken(rule, KEY)]


def test_nothing_is_found_in_the_article_as_it_is(clean: Reviewed) -> None:
    assert {rule.name: found(clean, rule) for rule in RULES} == {rule.name: [] for rule in RULES}


def test_phase_participants_and_start_are_compared_with_the_export(planted: Reviewed) -> None:
    figures = found(planted, figure_against_registry.RULE)
    last = [t[-1][:45] for _, t in figures]
    assert last.count("In this double-blind, placebo-controlled phas") == 2  # the phase, and the participants
    assert last.count("Between June 2008 and June 2009, 30 patients ") == 1
    assert {s for s, _ in figures} == {Severity.WARNING}
    dates = [t for _, t in found(planted, date_against_registry.RULE) if "inclusion period was from June 2008" in t[-1]]
    assert len(dates) == 2  # the start, and the end of the follow-up


def test_a_status_long_past_and_an_expectation_that_has_passed(planted: Reviewed) -> None:
    # The trial of the export was completed in 2015, after the article of 2011: what was ongoing then is outdated now.
    assert found(planted, status_against_registry.RULE) == [(Severity.NOTE, ["The trial NCT02210780 is ongoing."])]
    assert found(planted, expectation_passed.RULE) == [
        (Severity.WARNING, ["The results of NCT02210780 are expected in 2010."])
    ]


def test_two_ends_of_searching_do_not_agree(planted: Reviewed) -> None:
    assert found(planted, search_after_end.RULE) == [
        (
            Severity.WARNING,
            ["PubMed was searched from inception until May 2008.", "The last search was run in March 2008."],
        )
    ]


def test_years_of_inclusion_without_a_list_of_what_is_included_find_nothing(planted: Reviewed) -> None:
    assert planted.checked(outside_window.RULE, KEY) == 0
