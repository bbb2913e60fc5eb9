"""A sentence and the words of a source, compared alone: what is held against what, and what is left open."""

import pytest

from msevidence.loaders.review.outcome import VerdictKind
from msevidence.loaders.review.sources.claim_against_source import _items
from msevidence.loaders.review.sources.items import Passed
from msevidence.loaders.review.sources.known import KnownWork
from msevidence.loaders.review.view import SourceText

AGREES, DISAGREES = VerdictKind.AGREES, VerdictKind.DISAGREES
OTHER, NOT_READ = VerdictKind.OTHER_MEASURE, VerdictKind.NOT_IN_WHAT_WAS_READ
ABSTRACT = (
    "We enrolled 64 patients with primary progressive multiple sclerosis at six Danish and Swedish hospitals. "
    "Mean age was 41.5 years. Median follow-up was 36 months (range 6–60). At 2 years, 72 % were free from relapses. "
    "Infections occurred in 12 of 64 patients (19%), and mortality was 1.6%. "
    "The median EDSS score fell from 4.0 to 3.0. In women, 8% had thyroid disease."
)


def compared(
    text: str, source: str = ABSTRACT, basis: str = "abstract", language: str = "en", row: str = ""
) -> dict[str, VerdictKind]:
    """Return the verdict on each number, place or type of a sentence: by the number as printed, else by the words."""
    work = KnownWork("w", [SourceText("w", source, basis, "", "en")])
    items = _items(Passed.of(text, language, row), work)
    return {i.quantity.number.printed if i.quantity else i.words: i.kind for i in items}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In a study of 64 patients, 19 % had infections.", {"64": AGREES, "19 %": AGREES}),
        ("In a study of 46 patients, 91 % had infections.", {"46": DISAGREES, "91 %": DISAGREES}),
        ("In a study of about 60 patients, almost 20 % had infections.", {"60": AGREES, "20 %": AGREES}),
        ("More than 70 % were free from relapses after two years.", {"70 %": AGREES, "two": AGREES}),
        ("More than 80 % were free from relapses after two years.", {"80 %": DISAGREES, "two": AGREES}),
        ("After four years, 72 % were free from relapses.", {"four": DISAGREES, "72 %": AGREES}),
        ("Mean age was 42 years.", {"42": AGREES}),
        ("Mean age was 51 years.", {"51": DISAGREES}),
        ("Median follow-up was 3 years.", {"3": AGREES}),
        ("Median follow-up was 4 years.", {"4": DISAGREES}),
        ("Mortality was 1.6 %.", {"1.6 %": AGREES}),
        ("Mortality was 6.1 %.", {"6.1 %": DISAGREES}),
        ("Thyroid disease developed in 8 % of the women.", {"8 %": AGREES}),
        ("Six hospitals took part.", {"Six": AGREES}),
        ("Seven hospitals took part.", {"Seven": DISAGREES}),
        ("EDSS fell by 1 point.", {"1": AGREES}),
        ("EDSS fell by 25 %.", {"25 %": AGREES}),
        ("EDSS fell by 10 %.", {"10 %": OTHER}),
        ("EDSS fell by 2 points.", {"2": DISAGREES}),
    ],
)
def test_numbers(text: str, expected: dict[str, VerdictKind]) -> None:
    assert compared(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Thyroid disease developed in 14 % of the men.",  # other people
        "Thyroid disease developed in 14 % after alemtuzumab.",  # another treatment
        "Infections occurred in 31 patients.",  # may be some of them: the source counts no infected persons as such
        "Freedom from relapses was 91 % in relapsing-remitting MS: they remained relapse-free.",  # a part of the people
        "The risk of infections was reduced by 50 %.",  # a risk, and not how many had it
        "A trial of 500 patients is planned.",
        "MS affects 2.8 million people.",
        "Relapses occurred in 25 %.",  # the others than those that the source counts
        "No signs of disease activity were seen in 61 %.",  # another measure than freedom from relapses
        "The hazard ratio was 0.45 (95 % CI 0.31–0.62).",
        "Brain volume fell by 0.4 % a year.",
        "Maximum dose was 200 mg in 2015.",
    ],
)
def test_what_is_left_open(text: str) -> None:
    assert set(compared(text).values()) == {NOT_READ}


def test_a_table_of_a_full_text_is_not_held_against_each_of_its_numbers() -> None:
    words = ("In all, 64 patients were enrolled.", "A pilot study included 12 patients.", "Relapses: 20 %.")
    work = KnownWork("w", [SourceText("w", w, "full text", "", "en", passage=f"p{i}") for i, w in enumerate(words)])
    kinds = {i.kind for i in _items(Passed.of("The trial included 46 patients.", "en"), work)}
    assert kinds == {NOT_READ}  # which of the two totals is meant is not known


def test_norwegian_against_english() -> None:
    text = "I studien deltok 64 pasienter; 19 prosent fikk infeksjoner, og dødeligheten var 2,6 prosent."
    assert compared(text, language="nb") == {"64": AGREES, "19 prosent": AGREES, "2,6 prosent": DISAGREES}


def test_places() -> None:
    assert compared("A Scandinavian study was done.") == {"A Scandinavian study was done.": NOT_READ}
    assert compared("A Danish and Swedish study.") == {"Danish and Swedish study": AGREES}
    assert compared("A Danish study.") == {"Danish study": DISAGREES}
    assert compared("A European study.") == {"European study": AGREES}  # wider, and not wrong
    assert compared("A Norwegian study.") == {"Norwegian study": DISAGREES}


def test_types_of_the_people_of_a_study() -> None:
    population = {"row": "Population"}
    assert compared("64 patients with primary progressive MS", **population) == {
        "64": AGREES,
        "patients with primary progressive": AGREES,
    }
    found = compared("64 patients with relapsing-remitting MS", **population)
    assert found["patients with relapsing-remitting"] is DISAGREES
    most = compared("64 patients, most of them patients with relapsing-remitting MS", **population)
    assert most == {"64": AGREES}


def test_sizes_of_arms_are_added_up() -> None:
    assert compared("Drug (n = 30), placebo (n = 34)") == {"30": AGREES}
    assert compared("Drug (n = 30), placebo (n = 43)") == {"30": DISAGREES}
    assert compared("Drug (n = 30)") == {"30": NOT_READ}


def test_a_change_that_goes_the_other_way() -> None:
    source = "Treatment reduced new lesions by 40%."
    assert compared("It reduced new lesions by 40 %.", source) == {"40 %": AGREES}
    assert compared("It increased new lesions by 40 %.", source) == {"40 %": DISAGREES}


def test_words_without_a_number() -> None:
    source = "Rituximab was connected with the highest rate of infections."
    assert compared("It increases infections, and more with time.", source) == {"It increases infections": AGREES}
    assert set(compared("It reduces infections.", source).values()) == {NOT_READ}
