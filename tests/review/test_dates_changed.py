"""Errors in dates and status, planted where nothing was wrong, and mended where something was."""

from pathlib import Path

import pytest

from msevidence.loaders.review.dates import (
    RULES,
    date_against_registry,
    expectation_passed,
    figure_against_registry,
    outside_window,
    result_before_end,
    search_after_end,
    status_against_registry,
    window_against_items,
)
from msevidence.loaders.review.outcome import Rule, Severity
from msevidence.loaders.review.sparql import sparql_rule
from msevidence.ontology.namespaces import FOLDER
from tests.review.reviewing import Reviewed, reviewed

ACCESS = sparql_rule(Path(FOLDER) / "review/access-date.rq")

PLANTED = {
    "nygaard-2024": [
        ("multipelsklerose> Accessed 15.10.2023", "multipelsklerose> Accessed 15.10.2024"),
        ("Accessed 23.11.2023", "Accessed 23.10.2023"),
        ("110 patients with relapsing", "120 patients with relapsing"),
        ("100 planned patients", "150 planned patients"),
        ("the second half of 2026", "the first half of 2023"),
    ],
    "fhi-2021": [
        ("Dato: 11.06.2021 \n\nSøketreff: 55", "Dato: 11.08.2021 \n\nSøketreff: 55"),
        ("FROM 2014 TO 2021", "FROM 2014 TO 2022"),
        ("MIST, er fullført med resultater", "MIST, er pågående uten resultater"),
        ("I 2018 initierte", "I 2015 initierte"),
        ("110 personer ble tilfeldig", "101 personer ble tilfeldig"),
        ("phase I/II safety and feasibility", "phase III safety and feasibility"),
        ("2014;9(12):e113936", "2012;9(12):e113936"),
        ("perioden 2024-2029", "perioden 2024-2027"),
        ("Planlagt ferdigstilt 2023", "Planlagt ferdigstilt 2020"),
        ("Planlagt ferdigstilt 2025", "Fullført i 2020"),
        ("2020;143(12):3574-88.", "2017;143(12):3574-88."),
    ],
}
MENDED = {
    "nygaard-2024": [
        ("University Hospital in 2017", "University Hospital in 2018"),
        ("phase 3 trial 2019", "phase 2 trial 2019"),
        ("JAMA* 2019; 321", "JAMA* 2020; 321"),
    ],
    "fhi-2021": [
        ("2. juli 2021", "2. juni 2021"),
        ("Between Jan 2014 and Jul \n2021", "Between Jan 2014 and Jun \n2021"),
        ("fullført august 2019", "fullført januar 2017"),
        ("avsluttet i 2019", "avsluttet i 2017"),
        ("Kun 23 av pasientene", "Alle 103 av de 103 pasientene"),
        ("«estimated completion date 2019»", "«completed 2019»"),
        ("«estimated \ncompletion date» i 2019", "«estimated \ncompletion date» i 2022"),
        ("NCT01228266 \nEudraCT", "NCT01056471 \nEudraCT"),
        ("2013;260:S130-S1", "2015;260:S130-S1"),
        ("mellom 2021 og 2025", "mellom 2023 og 2025"),
        ("Forventet ferdigstilt i 2024", "Forventet ferdigstilt i 2028"),
        ("Studien avsluttes etter planen i 2024", "Studien avsluttes etter planen i 2028"),
    ],
}


@pytest.fixture(scope="module")
def clean() -> Reviewed:
    return reviewed()


@pytest.fixture(scope="module")
def planted() -> Reviewed:
    return reviewed(PLANTED)


@pytest.fixture(scope="module")
def mended() -> Reviewed:
    return reviewed(MENDED)


def fires(review: Reviewed, rule: Rule, words: str) -> list[Severity]:
    """Return how grave the findings of a rule are that rest on a passage with the words."""
    return [o.severity or rule.severity for o in review.broken(rule) if any(words in text for text in review.texts(o))]


W, N = Severity.WARNING, Severity.NOTE
PLANTS = [
    (ACCESS, "Accessed 15.10.2023", "Accessed 15.10.2024", W),
    (ACCESS, "Accessed 23.11.2023", "Accessed 23.10.2023", W),
    (search_after_end.RULE, "Dato: 11.08.2021", "Dato: 11.08.2021", W),
    (search_after_end.RULE, "FROM 2014 TO 2021", "FROM 2014 TO 2022", N),
    (result_before_end.RULE, "143(12):3574-88", "2017;143(12):3574-88", W),
    (status_against_registry.RULE, "MIST, er", "MIST, er pågående", W),
    (status_against_registry.RULE, "SMART-MS NCT04749667", "Fullført i 2020", W),
    (date_against_registry.RULE, "I 2018 initierte", "I 2015 initierte", W),
    (date_against_registry.RULE, "Planlagt ferdigstilt 2023", "Planlagt ferdigstilt 2020", N),
    (figure_against_registry.RULE, "110 patients with relapsing", "120 patients with relapsing", W),
    (figure_against_registry.RULE, "100 planned patients", "150 planned patients", W),
    (figure_against_registry.RULE, "110 personer", "101 personer", W),
    (figure_against_registry.RULE, "phase I/II safety and", "phase III safety and", N),
    (outside_window.RULE, "2014;9(12):e113936", "2012;9(12):e113936", W),
    (window_against_items.RULE, "perioden 2024-2029", "perioden 2024-2027", W),
    (expectation_passed.RULE, "before the second half of 2026", "before the first half of 2023", W),
    (expectation_passed.RULE, "Planlagt ferdigstilt 2023", "Planlagt ferdigstilt 2020", W),
]


@pytest.mark.parametrize(("rule", "before", "after", "severity"), PLANTS, ids=[f"{p[0].name}: {p[2]}" for p in PLANTS])
def test_a_planted_error_is_found_where_it_was_planted(
    clean: Reviewed, planted: Reviewed, rule: Rule, before: str, after: str, severity: Severity
) -> None:
    assert fires(clean, rule, before) == []
    assert fires(planted, rule, after) == [severity]


MENDS = [
    (search_after_end.RULE, "2. juli 2021", "2. juni 2021", 1),
    (search_after_end.RULE, "and Jul 2021", "and Jun 2021", 1),
    (result_before_end.RULE, "fullført august 2019", "fullført januar 2017", 1),
    (result_before_end.RULE, "avsluttet i 2019", "avsluttet i 2017", 1),
    (result_before_end.RULE, "Kun 23 av", "Alle 103 av de 103", 1),
    (result_before_end.RULE, "JAMA 2019; 321", "JAMA 2020; 321", 1),
    (status_against_registry.RULE, "estimated completion date 2019", "completed 2019", 1),
    (status_against_registry.RULE, "Llufriu (forfatter) NCT", "Llufriu (forfatter) NCT", 1),
    (date_against_registry.RULE, "University Hospital in 2017", "University Hospital in 2018", 1),
    (date_against_registry.RULE, "Forventet ferdigstilt i 2024", "Forventet ferdigstilt i 2028", 1),
    (date_against_registry.RULE, "etter planen i 2024", "etter planen i 2028", 1),
    (figure_against_registry.RULE, "phase 3 trial 2019", "phase 2 trial 2019", 1),
    (outside_window.RULE, "260:S130-S1", "260:S130-S1", 1),
    (window_against_items.RULE, "mellom 2021 og 2025", "mellom 2023 og 2025", 1),
    (expectation_passed.RULE, "med status «estimated completion", "med status «completed 2019", 1),
    (expectation_passed.RULE, "completion date» i 2019", "completion date» i 2022", 1),
]


@pytest.mark.parametrize(("rule", "before", "after", "found"), MENDS, ids=[f"{m[0].name}: {m[1]}" for m in MENDS])
def test_a_mended_error_is_not_found(
    clean: Reviewed, mended: Reviewed, rule: Rule, before: str, after: str, found: int
) -> None:
    assert len(fires(clean, rule, before)) == found
    assert fires(mended, rule, after) == []


def test_the_search_rests_on_its_day_and_on_all_that_say_when_searching_ended(clean: Reviewed) -> None:
    (found,) = [o for o in clean.broken(search_after_end.RULE) if o.severity is None]
    assert clean.texts(found) == [
        "Når ble litteratursøket avsluttet?",
        "Juni, 2021",
        "Last search for studies: june, 2021.",
        "Bibliotekar Ingvild Kirkehei utførte et systematisk litteratursøk i juni 2021.",
        "Dato: 2. juli 2021",
    ]
    assert "2. juli 2021" in found.english and "Juni, 2021" in found.norwegian


def test_a_status_that_the_registry_got_later_is_a_note(clean: Reviewed) -> None:
    notes = {o.english for o in clean.broken(status_against_registry.RULE) if o.severity is Severity.NOTE}
    assert any("Sadiq as ongoing" in n and "later than the document" in n for n in notes)
    assert any("COAST as ongoing" in n and "NCT04971005 is registered as terminated" in n for n in notes)


def test_what_has_passed_by_now_is_a_note_and_tells_what_the_registry_has(clean: Reviewed) -> None:
    now = reviewed(as_of="2026-07-04")
    before = {p for o in clean.broken(expectation_passed.RULE) for p in o.passages}
    after = {o.passages[0]: o for o in now.broken(expectation_passed.RULE)}
    assert len(before) == 2 and before < set(after)
    new = {now.text(p): o for p, o in after.items() if p not in before}
    assert all(o.severity is Severity.NOTE for o in new.values())
    assert "NCT03477500 has completion 2028-03-21" in new["Kommentar: Forventet ferdigstilt i 2024"].english
    assert "Kommentar: Forventet ferdigstilt i 2029" not in new
    assert not any("second half of 2026" in text or "innen 2030" in text for text in new)


def test_every_rule_looked_at_something_and_speaks_both_languages(clean: Reviewed) -> None:
    for rule in (*RULES, ACCESS):
        assert clean.checked(rule) > 0
        for found in clean.broken(rule):
            assert found.english.endswith(".") and found.norwegian.endswith(".") and found.passages
