"""Errors as another reader would plant them: each is found in its passage, and near-misses beside them are not."""

import shutil
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDFS

from msevidence.loaders.assembly import assemble
from msevidence.loaders.review.arithmetic import count_against_rows
from msevidence.loaders.review.between import study_told_differently
from msevidence.loaders.review.citations import support_too_early, uncited_judgement
from msevidence.loaders.review.citations.words import JUDGEMENT
from msevidence.loaders.review.dates import result_before_end, status_against_registry
from msevidence.loaders.review.dates.status_words import State, told_states
from msevidence.loaders.review.identifiers import broken_address, title_of_other_record
from msevidence.loaders.review.identifiers.addresses import printed_addresses
from msevidence.loaders.review.outcome import Rule, Severity
from msevidence.loaders.review.running import all_rules
from msevidence.loaders.review.sources import claim_against_source
from msevidence.loaders.review.texts import misspelt, stray
from msevidence.loaders.review.texts.misspelt import Spelling
from msevidence.loaders.review.texts.stray import strays
from msevidence.loaders.review.view import View
from msevidence.ontology.namespaces import MSE
from tests.review.reviewing import DATA, Reviewed, reviewed

PLANTED: dict[str, list[tuple[str, str]]] = {
    "fhi-2021": [
        ("status «completed 2018»", "status «recruiting»"),
        ("Kommentar: Planlagt ferdigstilt 2023", "Kommentar: Studien er fullført"),
        ("Intervention/treatment: stem cell", "Intervention/treatment: stme cell"),
        ("SCT OR HCT OR HSC OR \nBMT)[abs])", "SCT OR HCT OR 12 HSC OR \nBMT)[abs])"),
        ("og fem publiserte studier", "og seks publiserte studier"),
        (
            "A multicenter randomized controlled trial of best available therapy versus autologous \nhematopoietic "
            "stem cell transplant for treatment-resistant relapsing multiple sclerosis (ITN077AI)",
            "Randomized autologous hematopoietic stem cell transplantation versus alemtuzumab for \npatients with "
            "relapsing remitting multiple sclerosis",
        ),
        (
            "Cellular Therapy in Progressive Multiple Sclerosis \n(ACT",
            "Cellular Therapy in Rheumatoid Arthritis \n(ACT",
        ),
    ],
    "nygaard-2024": [
        ("*Neurol Ther* 2022", "*Neurol Ther* 2019"),
        ("signs of active inflammation (6).", "signs of active inflammation."),
        ("Documents/Rapporter/Rapport_2015", "Documents/ Rapporter/Rapport_2015"),
        ("after one year in all 28 patients", "after 30 months in all 28 patients"),
    ],
}


def found(rule: Rule, words: str) -> list[str]:
    """Return the messages of what a rule finds in the planted copy in a passage with these words."""
    outcomes = reviewed(PLANTED).broken(rule)
    return [o.english for o in outcomes if any(words in t for t in reviewed(PLANTED).texts(o))]


def test_a_registry_status_and_a_plain_sentence_speak_against_the_table_they_stand_in() -> None:
    (emmes,) = found(status_against_registry.RULE, "recruiting")
    assert emmes == "The document counts EMMES as completed; its row says “recruiting”."
    (sadiq,) = found(status_against_registry.RULE, "Studien er fullført")
    assert sadiq.startswith("The document counts Sadiq as ongoing; its row says “Studien er fullført”; ")


def test_what_a_row_says_of_its_study() -> None:
    assert [s for s, _ in told_states("Registered with status «active, not recruiting».")] == [State.RUNNING]
    assert [s for s, _ in told_states("The trial was terminated early.")] == [State.STOPPED]
    assert not list(told_states("Studien er ikke fullført."))
    assert not list(told_states("The study was completed by 23 patients."))
    assert not list(told_states("Det kan diskuteres om studien er fullført eller ikke."))
    assert not list(told_states("As long as the trial is ongoing, patients should be included."))
    assert len(list(told_states("The study was completed in 2019."))) == 1


def test_two_letters_swapped_in_a_word_of_four() -> None:
    assert len(found(misspelt.RULE, "stme")) == 1
    often = Spelling(["stem cell"] * 12 + ["form a from"])
    assert (often.meant("stme"), often.meant("form"), often.meant("steam")) == ("stem", None, "stem")


def test_a_number_before_a_word_that_is_a_term_elsewhere() -> None:
    (said,) = [m for m in found(stray.RULE, "12 HSC") if "the number 12" in m]
    assert said.startswith("Something in the search string belongs to no term")
    assert [w for _, _, w in strays("HSC OR 12 HSC OR BMT")] == ["number"]
    assert strays("HSC OR 6 minute walk OR BMT") == []


def test_published_studies_are_counted_against_the_rows_with_results() -> None:
    (said,) = found(count_against_rows.RULE, "og seks publiserte studier")
    assert said.endswith("Tabell 3 has 5 such rows (Fernandez, Llufriu, MESEMS, Nabavi, Petrou).")
    rows = [
        o
        for o in reviewed().outcomes(count_against_rows.RULE, "fhi-2021")
        if any("publiserte stud" in text for text in reviewed().texts(o))
    ]
    assert len(rows) == 2 and not any(o.broken for o in rows)


def test_one_title_beside_the_numbers_of_two_studies() -> None:
    (said,) = found(title_of_other_record.RULE, "Randomized autologous hematopoietic")
    assert said.startswith("The number is printed as NCT04047628; ")
    assert said.endswith("is also printed with EudraCT 2017-001362-25, NCT03477500, which is another study.")
    assert not reviewed().broken(title_of_other_record.RULE, "nygaard-2024")


def test_the_title_of_the_record_with_another_condition() -> None:
    (said,) = found(title_of_other_record.RULE, "Rheumatoid Arthritis")
    assert "names “Rheumatoid Arthritis” and not “progressive Multiple Sclerosis”" in said


def test_an_entry_with_another_year_than_its_record() -> None:
    (said,) = found(support_too_early.RULE, "observational studies 2022 (6)")
    assert said == (
        "The sentence tells of 2022; what it cites for it, (6), is not newer than 2019 as printed; "
        "by its record it is of 2022."
    )


def test_a_year_too_few_is_a_note() -> None:
    close = reviewed({"nygaard-2024": [("*JAMA* 2019", "*JAMA* 2018")]})
    assert {o.severity for o in close.broken(support_too_early.RULE) if "2018" in o.english} <= {Severity.NOTE}


def test_how_convincing_an_effect_is_is_a_judgement() -> None:
    assert len(found(uncited_judgement.RULE, "The effect was most convincing")) == 1
    assert JUDGEMENT.search("Effekten var størst hos yngre pasienter.")
    assert not JUDGEMENT.search("The effect was measured after one year.")


def test_a_space_before_the_folders_of_an_address() -> None:
    (said,) = [m for m in found(broken_address.RULE, "nyemetoder.no") if "there is a space in it" in m]
    assert "before “Rapporter/Rapport_2015_23_MS_Stamceller.pdf”" in said
    text = "See https://nyemetoder.no/Documents/ and report.pdf elsewhere."
    assert printed_addresses(text, text)[0].faults == ()


def test_the_median_time_of_the_source_is_no_other_time() -> None:
    assert not [m for m in found(claim_against_source.RULE, "after 30 months") if "The time is" in m]


@cache
def without_curation(folder: Path) -> Reviewed:
    data = folder / "data"
    shutil.copytree(DATA, data)
    for path in data.glob("*/*/curation.yaml"):
        path.unlink()
    return Reviewed(View(list(assemble(data, lenient=True).quads())))


def test_without_any_curation_works_and_studies_are_known_by_what_is_printed(tmp_path_factory) -> None:
    bare = without_curation(tmp_path_factory.getbasetemp() / "bare")
    # Works by journal, year, volume and page, where the entry has the name of a group alone.
    messages = [o.english for o in bare.broken(claim_against_source.RULE)]
    assert messages == [o.english for o in reviewed().broken(claim_against_source.RULE)]
    # A study by the work that a row with its number lists, and by its name in a table of the other document.
    told = [o.english for o in bare.broken(study_told_differently.RULE, "nygaard-2024")]
    assert any(m.startswith("RAM-MS, start: fhi-2021") for m in told)
    assert any(m.startswith("MIST, comparator: fhi-2021") for m in told)
    ended = [o.english for o in bare.broken(result_before_end.RULE, "fhi-2021")]
    assert sum("MIST ended in" in m for m in ended) == 2


HOSTILE: dict[str, list[tuple[str, str]]] = {
    "nygaard-2024": [
        ("Accessed 23.11.2023", "Accessed 31.02.2023"),
        ("(n = 9)", "(n = ９)"),
        ("50 studies/4831 patients", "50 studies/99999999999999999999999999999999999999999 patients"),
        ("79 %", "7⁹ %"),
        ("around 200 in Russia", "around ②⓪⓪ in Russia"),
        ("increases with time (14)", "increases with time (99999999999999999999999)"),
        ("Stem cell therapy (n = 55), conventional therapy (n = 55)", ""),
    ],
    "fhi-2021": [
        ("Dato: 2. juli 2021", "Dato: 31.06.2021"),
        ("Søketreff: 55", "Søketreff: ٥٥"),
        ("(14, s. 165)", "(14, s. ¹⁶⁵)"),
        ("SCT OR HCT OR HSC OR \nBMT)[abs])", "SCT OR HCT OR ² HSC OR ٣ \nBMT)[abs])"),
    ],
}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_no_rule_fails_on_a_hostile_text(rule: Rule) -> None:
    for outcome in reviewed(HOSTILE).outcomes(rule):
        assert not outcome.broken or (outcome.passages and outcome.english and outcome.norwegian)


def test_a_date_that_the_calendar_does_not_have_is_told_where_it_stands() -> None:
    things = reviewed(HOSTILE).view.things
    faults = [t for t in things.of_class(MSE.Finding) if t.concept(MSE.findingKind) == "reading-fault"]
    told = {t.words(RDFS.label, "en"): [reviewed(HOSTILE).text(p) for p in t.values(MSE.statedIn)] for t in faults}
    assert any("there is no date '31.02.2023'" in m and "31.02.2023" in p[0] for m, p in told.items())
    assert any("there is no date '31.06.2021'" in m and "31.06.2021" in p[0] for m, p in told.items())
