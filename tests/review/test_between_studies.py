"""One study in two documents: planted and mended in the texts of both."""

from pathlib import Path

import pytest

from msevidence.loaders.review.between import study_told_differently
from msevidence.loaders.review.between.emphasis import emphasis
from msevidence.loaders.review.between.told_numbers import follow_up, participants
from msevidence.loaders.review.between.told_words import comparators, named, people, states
from msevidence.loaders.review.outcome import DisagreementKind, Outcome
from tests.review.reviewing import Reviewed, reviewed, reviewed_jats

RULE = study_told_differently.RULE
ARTICLE = Path(__file__).parents[1] / "fixtures" / "exports" / "jats" / "numbered.xml"
PLANTED = {
    "nygaard-2024": [
        ("110 patients with relapsing", "130 patients with relapsing"),
        ("either stem cell therapy or conventional therapy.", "either stem cell therapy or rituximab."),
        (
            "a large-scale randomised clinical trial of patients who",
            "an ongoing randomised clinical trial of patients who",
        ),
        ("started at Haukeland University Hospital in 2017", "started at Haukeland University Hospital in 2016"),
    ],
    "fhi-2021": [
        (
            "resultater som forelå i 2015 (1;13).",
            "resultater som forelå i 2015 (1;13). Studien viste 70 % færre MR-lesjoner.",
        ),
        ("hos personer med \nattakkpreget MS. 110", "hos personer med \nprimær progressiv MS. 110"),
    ],
}
MENDED = {
    "nygaard-2024": [
        ("started at Haukeland University Hospital in 2017", "started at Haukeland University Hospital in 2018"),
        ("before the second half of 2026", "before the second half of 2025"),
        ("either stem cell therapy or conventional therapy.", "either stem cell therapy or alemtuzumab."),
        (
            "The difference between the groups persisted five years after treatment.",
            "The groups differed after one year.",
        ),
        ("a large-scale randomised clinical trial of patients who", "a randomised clinical trial of patients who"),
        ("the trial confirmed that", "the trial suggests that"),
    ],
    "fhi-2021": [
        (
            "Alemtuzumab og ocrelizumab var ikke behandlingsalternativer i denne \nstudien",
            "Alle fikk samme oppfølging i denne \nstudien",
        )
    ],
}


def planted() -> Reviewed:
    return reviewed(PLANTED)


def fields(review: Reviewed, document: str = "nygaard-2024") -> dict[tuple[str, str], Outcome]:
    """Return the findings by study and field; of emphasis the words are the field."""
    found = {}
    for outcome in review.broken(RULE, document):
        said = outcome.disagreement
        assert said is not None
        field = said.field if said.field != "emphasis" else said.other_says
        found[(outcome.focus.rsplit("/", 1)[-1], field)] = outcome
    return found


def test_what_the_two_documents_say_differently_of_one_study() -> None:
    found = fields(reviewed())
    assert sorted(found) == [
        ("mist", "comparator"),
        ("mist", "confirmed"),
        ("mist", "follow-up"),
        ("mist", "large-scale randomised clinical trial"),
        ("mist", "persisted"),
        ("ram-ms", "comparator"),
        ("ram-ms", "end"),
        ("ram-ms", "start"),
    ]
    kinds = {key: o.disagreement.kind for key, o in found.items() if o.disagreement}
    assert kinds[("ram-ms", "start")] is DisagreementKind.CONTRADICTS
    assert kinds[("ram-ms", "end")] is DisagreementKind.OUTDATED_BY
    assert {kind for key, kind in kinds.items() if key[1] not in ("start", "end")} == {DisagreementKind.QUALIFIES}


def test_both_documents_have_the_finding_with_one_disagreement() -> None:
    here, there = fields(reviewed()), fields(reviewed(), "fhi-2021")
    assert here.keys() == there.keys()
    for key in here:
        assert here[key].disagreement == there[key].disagreement
        assert here[key].passages == there[key].passages
        documents = {p.rsplit("/", 1)[-1].split(".")[0] for p in here[key].passages}
        assert documents == {"nygaard-2024", "fhi-2021"}


def test_the_passages_are_those_that_say_it() -> None:
    outcome = fields(reviewed())[("ram-ms", "end")]
    texts = reviewed().texts(outcome)
    assert texts[:2] == ["Studien avsluttes etter planen i 2024 (8).", "Kommentar: Forventet ferdigstilt i 2024"]
    assert texts[2].endswith("before the second half of 2026.") and len(texts) == 3
    said = outcome.disagreement
    assert said is not None and reviewed().text(said.one).startswith("Studien avsluttes")


def test_planted_differences_are_found_without_curation_of_the_changed_words() -> None:
    found = fields(planted())
    participants = found[("mist", "participants")]
    assert "130 patients" in participants.english and "110 personer" in participants.english
    assert participants.disagreement and participants.disagreement.kind is DisagreementKind.CONTRADICTS
    comparator = found[("ram-ms", "comparator")]
    assert "alemtuzumab" in comparator.english and "rituximab" in comparator.english
    assert comparator.disagreement and comparator.disagreement.kind is DisagreementKind.CONTRADICTS
    start = found[("ram-ms", "start")]
    assert "in 2016" in start.english and "2018" in start.english
    effect = found[("astims", "effect")]
    assert "79 %" in effect.english and "70 %" in effect.english
    population = found[("mist", "population")]
    assert population.disagreement and population.disagreement.kind is DisagreementKind.OTHER_POPULATION


def test_mended_texts_are_silent() -> None:
    changed = reviewed(MENDED)
    assert [o.english for o in changed.broken(RULE)] == []
    assert changed.checked(RULE, "nygaard-2024") == changed.checked(RULE, "fhi-2021") > 5


@pytest.mark.parametrize(
    ("text", "language", "context", "found"),
    [
        ("We randomised 120 patients to two groups.", "en", "", [("participants", 120)]),
        ("A total of 120 participants were followed; 12 patients died.", "en", "", [("participants", 120)]),
        ("Only 23 patients were included at five years", "en", "", []),
        ("12 av pasientene ble inkludert", "nb", "", []),
        ("110 personer ble tilfeldig fordelt", "nb", "", [("participants", 110)]),
        ("50 studies/4831 patients, most with asthma", "en", "Population", [("participants", 4831)]),
        ("60 planlagte pasienter", "nb", "", [("planned participants", 60)]),
        ("Five centres in 2019", "en", "", []),
    ],
)
def test_numbers_of_participants(text: str, language: str, context: str, found: list[tuple[str, int]]) -> None:
    assert [(f.field, int(f.value)) for f in participants(text, language, "p", context)] == found


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Patients were followed for 24 months.", "en", [("", 24)]),
        ("Median follow-up was 2 years (max. 5 years)", "en", [("median", 24), ("max", 60)]),
        ("Only 8 of the patients had been followed for 3 years", "en", [("few", 36)]),
        ("Effekten vedvarte i fem år", "nb", [("lasted", 60)]),
        ("The patients will be followed for two years", "en", [("planned", 24)]),
        (
            "Disease lasted 5 years before inclusion of 40 patients, who were all older than 60 years",
            "en",
            [("lasted", 60)],
        ),
        ("The patients were 45 years old", "en", []),
    ],
)
def test_times_of_follow_up(text: str, language: str, found: list[tuple[str, int]]) -> None:
    assert [(f.role, int(f.value)) for f in follow_up(text, language, "p", "")] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "A trial of best available therapy versus autologous stem cell transplantation for MS",
            ["best available therapy"],
        ),
        ("Disability fell compared with baseline", []),
        ("Stem cell therapy (n = 9), mitoxantrone (n = 21)", ["mitoxantrone"]),
        ("sammenlignet med placebo hos voksne", ["placebo"]),
        ("120 patients were randomised to stem cell transplantation or placebo.", ["placebo"]),
        ("Alemtuzumab was not allowed", ["Alemtuzumab was not allowed"]),
    ],
)
def test_comparators(text: str, found: list[str]) -> None:
    assert [f.printed for f in comparators(text, "p")] == found


def test_what_is_no_praise_no_state_and_no_people() -> None:
    assert list(emphasis("It was not confirmed whether the trial was safe.", "p")) == []
    assert list(states("as long as the trial is ongoing", "p")) == []
    assert list(people("Relapsing-remitting MS is a disease.", "p", "")) == []
    assert named("conventional therapy") == frozenset() and named("mitoxantrone") == named("mitoksantron") | set()


def test_a_loaded_article_is_held_against_the_documents_by_the_number_that_it_prints() -> None:
    told = (
        "<p>The trial NCT00273364 randomised 145 patients with primary progressive disease to stem cell therapy or "
        "placebo. It was completed in 2015. We searched for fables.</p>"
    )
    changed = reviewed_jats(ARTICLE, [("<p>A first line stands under no heading.</p>", told)])
    found = {f for d in changed.view.documents for _, f in fields(changed, d.key) if d.loaded}
    assert found == {"participants", "population", "comparator", "end"}
    here = fields(changed, "10-9999-jic-2031-17")
    assert {o.focus.rsplit("/", 1)[-1] for o in here.values()} == {"mist"}
