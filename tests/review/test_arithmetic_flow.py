"""Flow diagrams and searches: errors planted in the report are found where they are, and mended they are gone."""

import pytest

from msevidence.loaders.review.arithmetic.flow_boxes import RULE as FLOW
from msevidence.loaders.review.arithmetic.flow_reading import Box, part_of, steps
from msevidence.loaders.review.arithmetic.search_hits import RULE as HITS
from msevidence.loaders.review.outcome import Severity
from tests.review.reviewing import reviewed

CLEAN = reviewed()
PLANTED = reviewed(
    {
        "fhi-2021": [
            ("Eldre eller overlappende konferanse-\nbidrag: 13", "Eldre eller overlappende konferanse-\nbidrag: 14"),
            ("(n = 255)", "(n = 256)"),
            ("Databasesøket ga 424 treff", "Databasesøket ga 442 treff"),
            ("(21 referanser)", "(20 referanser)"),
            ("Søketreff totalt: 424", "Søketreff totalt: 434"),
        ]
    }
)
MENDED = reviewed(
    {
        "fhi-2021": [
            ("Søketreff totalt: 424", "Søketreff totalt: 339"),
            ("Søketreff uten dubletter: 345", "Søketreff uten dubletter: 338"),
            ("(n =424)", "(n =339)"),
            ("(n = 346)", "(n = 340)"),
            ("(n = 255)", "(n = 249)"),
            ("Databasesøket ga 424 treff", "Databasesøket ga 339 treff"),
            ("vi igjen med 346 referanser", "vi igjen med 340 referanser"),
            ("ekskluderte vi 255 referanser", "ekskluderte vi 249 referanser"),
        ]
    }
)


def test_the_diagram_of_the_report_adds_up() -> None:
    assert CLEAN.broken(FLOW) == []
    assert CLEAN.checked(FLOW, "fhi-2021") == 11


def test_planted_in_the_diagram() -> None:
    found = {o.english: PLANTED.texts(o) for o in PLANTED.broken(FLOW)}
    reasons, first, last, *prose = found
    assert reasons.endswith("= 71; the box says 70.")
    assert "Eldre eller overlappende konferansebidrag: 14" in found[reasons]
    assert first.startswith("346 − 256 = 90 are left") and first.endswith("says 91.")
    assert found[first] == [
        "Referanser etter at dubletter er fjernet (n = 346)",
        "Referanser ekskludert (n = 256)",
        "Mulig relevante referanser (n = 91)",
    ]
    assert last == (
        "91 − 70 = 21 are left when what was excluded is taken out; the next box, “inkluderte studier”, says 20."
    )
    assert prose == [
        "The text says 442 found by the search; the flow diagram says 424, 1.",
        "The text says 255 excluded; the flow diagram says 256, 70.",
    ]
    assert found[prose[0]][0] == "Databasesøket ga 442 treff (figur 1)."


def test_the_total_of_the_searches() -> None:
    (outcome,) = CLEAN.broken(HITS)
    assert outcome.severity is Severity.WARNING
    assert outcome.english == (
        "The total of 424 hits is not what the searches under “Søk etter primærstudier (RCT)” give: "
        "230 + 20 + 55 + 34 = 339. It is the sum of all 6 searches of the document: 230 + 20 + 55 + 34 + 6 + 79 = 424."
    )
    assert CLEAN.texts(outcome)[0] == "Søketreff totalt: 424"
    planted = PLANTED.broken(HITS)
    assert [o.severity for o in planted] == [None, None]
    assert [PLANTED.texts(o)[0] for o in planted] == [
        "Søketreff totalt: 434",
        "Referanser identifisert gjennom databasesøk (n =424)",
    ]


def test_mended_nothing_is_found() -> None:
    """Fewer hits without duplicates than with them is no error, nor is a step that says not what was taken out."""
    assert MENDED.broken(FLOW) == MENDED.broken(HITS) == []
    assert MENDED.checked(HITS) == CLEAN.checked(HITS) == 3


def diagram(*boxes: tuple[str, int]) -> list[bool]:
    made = [Box(f"box/{n}", label, part_of(label), count, (), (), (), ()) for n, (label, count) in enumerate(boxes)]
    return [s.adds_up for s in steps(made)]


@pytest.mark.parametrize("excluded", [(255, True), (256, False)])
def test_two_columns_read_one_after_the_other(excluded: tuple[int, bool]) -> None:
    count, right = excluded
    found = diagram(
        ("Records identified through database searching", 424),
        ("Records screened", 346),
        ("Full-text articles assessed for eligibility", 91),
        ("Reports included", 21),
        ("Records excluded", count),
        ("Full-text articles excluded, with reasons", 70),
        ("Duplicate records removed", 78),
    )
    assert all(found) is False  # duplicates printed last are in no order of the steps
    found = diagram(
        ("Records identified through database searching", 424),
        ("Records screened", 346),
        ("Full-text articles assessed for eligibility", 91),
        ("Reports included", 21),
        ("Duplicate records removed", 78),
        ("Records excluded", count),
        ("Full-text articles excluded, with reasons", 70),
    )
    assert all(found) is right


def test_a_second_column_and_a_meta_analysis() -> None:
    assert all(
        diagram(
            ("Records identified from databases", 100),
            ("Duplicates removed", 20),
            ("Records screened", 80),
            ("Records excluded", 70),
            ("Studies included in the review", 10),
            ("Studies included in quantitative synthesis", 7),
        )
    )
    assert all(
        diagram(
            ("Records identified from databases", 100),
            ("Records screened", 80),
            ("Records excluded", 70),
            ("Reports assessed for eligibility", 10),
            ("Records identified from citation searching", 5),
            ("Reports not retrieved", 1),
            ("Reports assessed for eligibility", 4),
            ("Studies included in review", 12),
        )
    )


def test_studies_after_reports_are_a_note() -> None:
    made = [
        Box(f"box/{label}", label, part_of(label), count, (), (), (), ())
        for label, count in (
            ("Full-text articles assessed", 91),
            ("Full-text articles excluded", 70),
            ("Studies included", 15),
        )
    ]
    (step,) = steps(made)
    assert (step.adds_up, step.other_unit) == (False, True)
