"""What the rules on numbers must not find: shapes met in articles that they were not made on, in invented words."""

import re

from msevidence.loaders.review.arithmetic.arms_against_total import RULE as ARMS
from msevidence.loaders.review.arithmetic.count_against_rows import RULE as ROWS
from msevidence.loaders.review.arithmetic.figure_stated_twice import RULE as TWICE
from msevidence.loaders.review.arithmetic.parts_against_sum import RULE as PARTS
from msevidence.loaders.review.arithmetic.percentage_against_count import RULE as PERCENTAGES
from msevidence.loaders.review.citations.dating import told
from msevidence.loaders.review.citations.interests import products
from msevidence.loaders.review.citations.support_too_early import of_named_work
from msevidence.loaders.review.citations.uncited_number import about_the_world
from msevidence.loaders.review.citations.words import JUDGEMENT, NO_JUDGEMENT, RECOMMENDATION
from msevidence.loaders.review.identifiers.addresses import printed_addresses
from msevidence.loaders.review.identifiers.identifier_of_other_work import runs_on
from msevidence.loaders.review.outcome import Severity
from msevidence.loaders.review.view import View
from tests.review.invented import broken, outcomes, table_view, text_view

HEADER = ("Characteristic", "Yoga (n = 200)", "Walking (n = 200)")
RIGHT = [(f"Habit {n}", f"{10 + n} ({(10 + n) / 2:.1f}%)", f"{20 + n} ({(20 + n) / 2:.1f}%)") for n in range(8)]


def _with(*rows: tuple[str, str, str]) -> View:
    return table_view(HEADER, *RIGHT, *rows)


def test_shares_of_those_whose_values_are_known_are_let_go() -> None:
    missing = [("Smokes", "50 (26.3%)", "60 (31.6%)"), ("Married", "91 (47.2%)", "88 (45.1%)")]
    assert broken(PERCENTAGES, _with(*missing)) == []


def test_a_percentage_below_its_share_is_found_among_missing_values() -> None:
    missing = [("Smokes", "50 (26.3%)", "60 (31.6%)"), ("Married", "91 (47.2%)", "88 (45.1%)")]
    assert broken(PERCENTAGES, _with(*missing, ("Retired", "40 (20.0%)", "50 (22.0%)"))) == [
        "50 of 200 is 25 %; the table says 22 %."
    ]


def test_one_cell_that_is_right_of_a_few_less_is_a_warning_and_another_an_error() -> None:
    for cell, severity in (("50 (25.4%)", Severity.WARNING), ("50 (35.0%)", None)):
        (found,) = [o for o in outcomes(PERCENTAGES, _with(("Smokes", cell, "60 (30.0%)"))) if o.broken]
        assert found.severity == severity, cell


def test_columns_that_never_make_the_total_are_no_groups() -> None:
    header = ("Treatment stage", "All patients n", "Control n", "Earlier treatment n")
    rows = [("first", "300", "240", "12"), ("second", "250", "180", "20"), ("third", "100", "50", "30")]
    assert broken(ARMS, table_view(header, *rows)) == []
    adding = [("first", "252", "240", "12"), ("second", "200", "180", "20"), ("third", "90", "50", "30")]
    assert broken(ARMS, table_view(header, *adding)) == [
        "The groups have 50 + 30 = 80 participants; the table says 90."
    ]


def test_columns_for_some_of_all_are_no_groups() -> None:
    some = ("", "All cases (N = 47)", "Cirrhosis (N = 8)", "Diabetes (N = 21)")
    assert broken(ARMS, table_view(some, ("Men", "20", "4", "9"))) == []
    nearly = ("", "All cases (N = 30)", "Women (N = 18)", "Men (N = 11)")
    assert len(broken(ARMS, table_view(nearly, ("Smokers", "9", "5", "4")))) == 1


def test_studies_at_the_heads_of_columns_are_the_entries() -> None:
    header = ("", "Berg (2006) [4]", "Dahl (2008) [5]", "Lie (2011) [9]")
    rows = [("Place", "north", "south", "west"), ("Dose", "1", "2", "3"), ("Given by", "nurses", "doctors", "nurses")]
    document = table_view(header, *rows, caption="Table 1. Characteristics of the included studies")
    assert broken(ROWS, document) == []


def test_the_other_one_is_not_the_number_after_it() -> None:
    one = "Two studies found less pain, one in a small town and the other in four large cities."
    assert broken(PARTS, text_view(one)) == []
    far = "Two out of the three helpers worked there, one covering 45 while the other 60 homes had none."
    assert broken(PARTS, text_view(far)) == []
    planted = "Of 30 participants, 12 were women and 17 were men."
    assert broken(PARTS, text_view(planted)) == ["The parts listed make 12 + 17 = 29; the text says 30."]


def test_losses_for_two_reasons_are_not_all() -> None:
    losses = "Of 765 recordings, 39 were not used because of noise, and 105 were not used because of movement."
    assert broken(PARTS, text_view(losses)) == []
    planted = "Of 80 participants, 30 had pain and 45 had no pain."
    assert len(broken(PARTS, text_view(planted))) == 1


def _twice(one: str, other: str) -> list[str]:
    """Return what is found of two sentences, each in a chapter of its own."""
    return broken(TWICE, text_view(one, other, chapters=("Summary", "Results")))


def test_a_statistic_alone_does_not_make_two_numbers_one_quantity() -> None:
    assert not _twice(
        "Ever use of the pill was inversely associated with cancer risk (hazard ratio (HR), 0.92; 95% CI, 0.83-1.02), "
        "and more so among older women (HR, 0.84; 95% CI: 0.74-0.95).",
        "Ever use of the pill was associated with a lower cancer risk in older women (HR, 0.84; 95% CI: 0.74-0.95), "
        "but not among younger women (HR, 1.19; 95% CI: 0.96-1.48).",
    )


def test_a_standard_error_is_no_effect_and_thousands_are_set_apart_in_several_ways() -> None:
    assert not _twice(
        "Gout had the largest effect on quality of life, b = -12.29 (SE: 2.18), followed by arthritis.",
        "Gout had the largest effect on quality of life (-12.29), followed by arthritis (-5.56).",
    )
    assert not _twice(
        "Median viral load was 32,000 copies per ml (IQR: 11000-68000).",
        "The median cell count was 116 (IQR 54-189) and the viral load 32,000 copies per ml (IQR: 11.000-68.000).",
    )


def test_how_much_is_magnified_does_not_make_two_counts_one() -> None:
    assert not _twice(
        "Invaded cells were counted in five randomly selected high-power fields (× 400) per filter.",
        "Cell numbers were counted in 4 randomly selected high-power fields (× 400) per well as in the other assay.",
    )


def test_a_figure_that_differs_is_found_with_its_statistic_beside_it() -> None:
    assert _twice(
        "Walking lowered the risk of falls in the year after discharge (HR 0.72; 95% CI 0.60-0.86).",
        "Walking lowered the risk of falls in the year after discharge (HR 0.78; 95% CI 0.60-0.86).",
    ) == ["The document says 0.72 in one place and 0.78 in another for what reads as one quantity."]


def test_formulas_names_and_ages_are_no_numbers_about_the_world() -> None:
    for text in (
        "The odds are R/(R + 1), and power is 1 - β.",
        "With n studies the term is multiplied for i = 1 to n.",
        "Spiperone binds to 5-HT2A and [3H] is its label.",
        "Corollary 3: hot fields are less often right; items 6, 11 and 18 of the list say why.",
        "2) to test its effect on mice",
        "We ask 1) what it costs and 2) who pays; MDG 6 and version V.2.0 are names, and so is reference 40.",
        "Children under five years of age and adults aged 40 to 70 took part.",
    ):
        assert about_the_world(text, "en") == [], text
    about = about_the_world("Of all patients 40 had 3 attacks, 25% more than at 12 months.", "en")
    assert [n.printed for n in about] == ["40", "3", "25%", "12"]


def test_a_denominator_that_opens_the_clause_is_that_of_its_first_count() -> None:
    assert broken(PERCENTAGES, text_view("Of 120 participants in the last trial, 30 (25 %) withdrew.")) == []
    assert broken(PERCENTAGES, text_view("Of 120 participants in the last trial, 30 (35 %) withdrew.")) == [
        "30 of 120 is 25 %; the text says 35 %."
    ]
    other = "Of 120 participants, 90 (75 %) answered; of the women, 30 (60 %) agreed."
    assert broken(PERCENTAGES, text_view(other)) == []


def test_a_column_with_the_participants_of_each_row_is_what_its_counts_are_shares_of() -> None:
    rows = [(f"Trial {n}", str(50 + 10 * n), f"{5 + n} ({(5 + n) * 100 / (50 + 10 * n):.0f} %)") for n in range(6)]
    document = table_view(("Trial", "Participants", "Fell"), *rows, ("Trial 7", "120", "66 (50 %)"))
    assert broken(PERCENTAGES, document) == ["66 of 120 is 55 %; the table says 50 %."]


def test_years_of_named_works_and_of_nothing_are_no_points_in_time() -> None:
    for text in ("It was confirmed (Berg et al., 2004)", "Dahl (2010)", "as Lie, 2012"):
        assert of_named_work(text, re.search(r"\d{4}", text).start()), text  # type: ignore[union-attr]
    for text in ("In Norway in 2004", "In May, 2004", "It began (2004)"):
        assert not of_named_work(text, re.search(r"\d{4}", text).start()), text  # type: ignore[union-attr]
    assert told("No figures have been collected since 2008.", "en") == []
    assert [t[1] for t in told("It has been sold since 2008.", "en")] == ["2008"]


def test_a_judgement_is_of_a_treatment() -> None:
    for text in (
        "The committee set a safe exposure limit.",
        "There were considerable differences between studies in their methods.",
        "The chance that the intervention is effective is small.",
        "Investigators should consider what they expect.",
        "No observed effect level could be set.",
        "It will help the development of new and effective therapies.",
    ):
        assert not JUDGEMENT.search(NO_JUDGEMENT.sub("", text)), text
        assert not RECOMMENDATION.search(NO_JUDGEMENT.sub("", text)), text
    assert JUDGEMENT.search(NO_JUDGEMENT.sub("", "The treatment is safe and effective."))
    assert RECOMMENDATION.search(NO_JUDGEMENT.sub("", "The treatment should be offered to all."))


def test_a_grant_number_after_an_address_is_not_its_rest() -> None:
    address = "It was paid for by the office http://www.office.example.gov/ CAF/10/03."
    assert [p.faults for p in printed_addresses(address, address)] == [()]
    bracketed = "Report 2013 [http://www.office.example.gov/falls/2013.html]. Accessed 3 May 2014"
    assert [p.faults for p in printed_addresses(bracketed, bracketed)] == [()]
    broken_off = "See http://www.office.example.gov/ reports/falls/2012.html for more."
    assert [len(p.faults) for p in printed_addresses(broken_off, broken_off)] == [1]


def test_words_that_end_like_a_medicine_are_none() -> None:
    assert products("She has a grant from the agency to study the concept of burden.") == set()
    assert products("She received fees for work on etanercept.") == {"etanercept"}


def test_a_pmid_that_runs_on_after_a_doi_is_no_second_doi() -> None:
    for printed in ("10.1016/j.abc.2010.01.0202033494420334944", "10.1016/j.abc.2010.01.02020334944.20334944"):
        assert runs_on("10.1016/j.abc.2010.01.020", printed), printed
    assert not runs_on("10.1016/j.abc.2010.01.020", "10.1016/j.abc.2010.01.0201")
    assert not runs_on("10.1016/j.abc.2010.01.020", "10.1016/j.xyz.2010.01.020")
