"""Works, decisions and translations that are told differently."""

from pathlib import Path

import pytest

from msevidence.loaders.review.between import decision_told_differently, translation_differs, work_under_two_titles
from msevidence.loaders.review.between.translation_differs import slips
from msevidence.loaders.review.outcome import DisagreementKind, Severity
from tests.review.reviewing import Reviewed, reviewed, reviewed_jats

WORKS = work_under_two_titles.RULE
DECISIONS = decision_told_differently.RULE
TRANSLATIONS = translation_differs.RULE
DECIDED = (
    "led the Decision Forum to conclude that there was insufficient documentation to introduce the method, and they "
    "recommended that a clinical trial be initiated (8)."
)
PLANTED = {
    "nygaard-2024": [
        (
            DECIDED,
            "led the Decision Forum to conclude in 2014 that the method be introduced, and they approved it (8).",
        ),
        ("*JAMA* 2019; 321: 165–74.", "*JAMA* 2018; 321: 175–84."),
    ],
    "fhi-2021": [
        ("We identified ten studies", "We identified twelve studies"),
        ("We did not perform a critical ap-\npraisal", "We performed a critical ap-\npraisal"),
        (
            "One of the studies, \nMIST, is completed and published",
            "One of the studies, \nMIST, is probably completed and published",
        ),
    ],
}
MENDED = {
    "nygaard-2024": [
        (
            DECIDED,
            "led the Decision Forum to decide in March 2016 that all patients be part of a clinical trial (8).",
        ),
        (
            "stamcelletransplantasjon ved multipel sklerose. https",
            "stamcelletransplantasjon ved multippel sklerose. https",
        ),
    ],
    "fhi-2021": [
        ("Syv studier er \nrapportert som fullførte, og fem", "Syv studier er \nfullførte, og fem"),
        ("Three studies are ongoing, so far with no reported \nresults.", "Three studies are ongoing."),
        ("publisert fra og med 2014, \nog valgte ut mulig relevante studier", "publisert fra og med 2014"),
    ],
}


def planted() -> Reviewed:
    return reviewed(PLANTED)


def mended() -> Reviewed:
    return reviewed(MENDED)


def test_a_title_in_quotation_marks_is_held_against_that_of_a_reference_elsewhere() -> None:
    (outcome,) = reviewed().broken(WORKS, "nygaard-2024")
    assert "multippel" in outcome.english and "multipel" in outcome.english
    assert outcome.severity is Severity.NOTE
    (other,) = reviewed().broken(WORKS, "fhi-2021")
    assert outcome.disagreement == other.disagreement and outcome.passages == other.passages
    assert len(outcome.passages) == 3


def test_other_years_and_pages_of_one_work_are_found_and_other_capitals_are_not() -> None:
    said = [o.disagreement for o in planted().broken(WORKS, "fhi-2021")]
    assert [(d.field, d.one_says, d.other_says) for d in said if d and d.field != "title"] == [
        ("year", "2019", "2018"),
        ("pages", "165-74", "175-84"),
    ]
    assert mended().broken(WORKS) == []
    assert mended().checked(WORKS, "nygaard-2024") == 2


def test_a_decision_told_with_another_force() -> None:
    (outcome,) = reviewed().broken(DECISIONS, "fhi-2021")
    assert "a condition that holds for every patient" in outcome.english
    assert "documentation is insufficient is said in one of them only" in outcome.english
    assert [t[:20] for t in reviewed().texts(outcome)] == ["Da Beslutningsforum ", "A subsequent methods"]
    assert outcome.disagreement and outcome.disagreement.kind is DisagreementKind.QUALIFIES


def test_a_decision_told_the_other_way_round_without_curation_of_it() -> None:
    fields = {
        o.disagreement.field: o.disagreement.kind for o in planted().broken(DECISIONS, "nygaard-2024") if o.disagreement
    }
    assert fields == {"date": DisagreementKind.CONTRADICTS, "outcome": DisagreementKind.CONTRADICTS}
    assert mended().broken(DECISIONS) == []
    assert mended().checked(DECISIONS) == 2


def test_translations_that_differ() -> None:
    outcomes = reviewed().broken(TRANSLATIONS)
    by_machine = [reviewed().texts(o)[1] for o in outcomes if o.severity is None]
    assert [t[:30] for t in sorted(by_machine)] == [
        "Seven studies are completed, o",
        "The Norwegian Instiute of Publ",
        "Three studies are ongoing, so ",
        "We performed a systematic lite",
    ]
    assert all("Whoever compared them writes" in o.english for o in outcomes)
    assert reviewed().checked(TRANSLATIONS) == 15


def test_planted_numbers_negations_and_reservations_of_translations() -> None:
    found = {planted().texts(o)[1]: o.english for o in planted().broken(TRANSLATIONS)}
    assert (
        "the Norwegian has 10, the English 12"
        in found["We identified twelve studies on mesenchymal stem cell transplantation (MSCT)."]
    )
    assert "has “probably”" in found["One of the studies, MIST, is probably completed and published."]
    assert (
        any("has “ikke”" in e or "“nor”" in e for t, e in found.items() if t.startswith("We performed a critical"))
        is False
    )


def test_mended_translations_are_silent_though_their_curation_is_gone() -> None:
    outcomes = [o for o in mended().broken(TRANSLATIONS) if o.severity is None]
    assert ["2021" in o.english for o in outcomes] == [True]  # the one that was not mended
    texts = [mended().texts(o)[1] for o in mended().outcomes(TRANSLATIONS)]
    assert "Three studies are ongoing." in texts
    assert len(texts) == 15


@pytest.mark.parametrize(
    ("norwegian", "english", "count"),
    [
        (
            "Vi fant 1 490 studier, 6,7 prosent uten resultater",
            "We found 1,490 studies, 6.7 per cent without results",
            0,
        ),
        ("Behandlingen kan ha effekt", "The treatment may have an effect", 0),
        ("Behandlingen kan ha effekt", "The treatment has an effect", 1),
        ("Vi vurderte ikke kvaliteten", "We appraised the quality", 1),
        ("En studie ble funnet", "One study was found", 0),
        ("Trolig er to av studiene avsluttet", "Two of the studies are completed", 1),
        ("Mellom 10 og 20 prosent", "Between 10 and 25 per cent", 1),
    ],
)
def test_slips_of_translations(norwegian: str, english: str, count: int) -> None:
    assert len(slips(norwegian, "nb", english, "en")) == count


def test_abstracts_of_a_loaded_article_in_two_languages_need_no_curation() -> None:
    path = Path(__file__).parents[1] / "fixtures" / "exports" / "jats" / "numbered.xml"
    changed = reviewed_jats(
        path,
        [
            ("Nobody looked.", "We found 12 cells. They may work."),
            (
                "<p>Celler ble funnet opp for lenge siden.</p>",
                "<p>Celler ble funnet opp (1). Vi fant 14 celler. De virker. Se posten.</p>",
            ),
        ],
    )
    texts = [changed.texts(o) for o in changed.broken(TRANSLATIONS) if "fhi-2021" not in o.document]
    assert texts == [["We found 12 cells.", "Vi fant 14 celler."], ["They may work.", "De virker."]]
