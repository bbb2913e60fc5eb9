"""How names of records are compared, in the languages of registries."""

import pytest

from msevidence.loaders.identity.contradictions import other_condition
from msevidence.loaders.identity.follow_up import follow_up_mark
from msevidence.loaders.identity.names import MS, agree, same_sponsor, titles_agree, topic
from msevidence.loaders.identity.placeholders import is_placeholder
from msevidence.loaders.identity.records import Record


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("University Hospital of Toulouse", "Toulouse University Hospital"),
        ("University Hospital, Toulouse", "CHU de Toulouse"),
        ("Universitätsklinikum Hamburg-Eppendorf", "University Medical Centre Hamburg-Eppendorf"),
        ("North Bristol NHS Trust", "North Bristol NHS Trust (UK)"),
        ("Sheffield Teaching Hospitals", "Sheffield Teaching Hospitals NHS Foundation Trust"),
        ("Novartis Pharma Services AG", "Novartis Pharmaceuticals"),
        ("Fundación Pública Andaluza Progreso y Salud", "Fundacion Publica Andaluza Progreso y Salud"),
        ("Haukeland universitetssjukehus", "Haukeland University Hospital"),
        ("F. Hoffmann-La Roche Ltd", "Hoffmann-La Roche"),
    ],
)
def test_one_sponsor(one: str, other: str) -> None:
    assert same_sponsor(one, other) and same_sponsor(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haukeland University Hospital", "University of Bergen"),
        ("Karolinska Institutet", "Ottawa Hospital Research Institute"),
        ("Imperial College London", "Antonio Uccelli"),
        ("Northwestern University", "Uppsala University"),
    ],
)
def test_two_sponsors(one: str, other: str) -> None:
    assert not same_sponsor(one, other)


@pytest.mark.parametrize(
    ("title", "is_part"),
    [
        ("Long-term Follow-up of Patients in MIST", True),
        ("An Open-label Extension Study of Ocrelizumab", True),
        ("Imaging substudy of RAM-MS", True),
        ("A Rollover Study for Patients Treated Before", True),
        ("Ancillary study on biomarkers", True),
        ("Oppfølgingsstudie etter RAM-MS", True),
        ("A controlled study of everolimus with a 24-month additional safety follow-up", False),
        ("A randomised trial with an open-label extension", False),
        ("Cells in multiple sclerosis and five years of follow-up", False),
        ("Stem Cells in Rapidly Evolving Active Multiple Sclerosis", False),
    ],
)
def test_a_title_says_that_the_study_is_a_part(title: str, is_part: bool) -> None:
    assert (follow_up_mark(title) is not None) is is_part


@pytest.mark.parametrize(
    "name",
    [
        "Relapsing-Remitting Multiple Sclerosis",
        "RRMS",
        "Esclerosis múltiple",
        "Sclérose en plaques",
        "Multippel sklerose",
        "attakkpreget MS",
        "Multiple Sklerose",
    ],
)
def test_every_name_of_ms_is_one_word(name: str) -> None:
    assert MS in topic(name)


def test_no_other_sclerosis_is_ms() -> None:
    assert MS not in topic("Amyotrophic lateral sclerosis")
    assert MS not in topic("Systemic sclerosis")


def test_acronyms_compare_by_letters_and_digits() -> None:
    assert agree(["StarMS"], ["STAR-MS"]) and agree(["RAM"], ["RAM-MS"])
    assert not agree(["EMMES"], ["MESEMS"]) and not agree([], ["MESEMS"])


def test_titles_agree_by_most_of_their_words() -> None:
    one = "Best available therapy versus autologous hematopoietic stem cell transplant for multiple sclerosis"
    assert titles_agree([one], [f"A multicenter trial of {one.lower()} (ITN077AI)"])
    assert not titles_agree([one], ["Mesenchymal stem cells for progressive multiple sclerosis"])
    assert not titles_agree(
        ["Allogeneic Stem Cell Transplantation for the Treatment of Multiple Sclerosis"],
        ["Autologous Hematopoietic Stem Cell Transplantation for Refractory Multiple Sclerosis"],
    )


def record(*titles: str, conditions: tuple[str, ...] = (), language: str = "en") -> Record:
    return Record("", titles={("scientific", t, language) for t in titles}, conditions=set(conditions))


def test_another_condition() -> None:
    ms = record("Cells in relapsing MS", conditions=("Multiple Sclerosis",))
    assert other_condition(ms, record("Everolimus in children", conditions=("Renal transplantation",)))
    assert other_condition(ms, record("Cells in Crohn", conditions=("Crohn's Disease",)))
    assert other_condition(record("Everolimus early steroid elimination"), record("Mesenchymal stem cells, Italy"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (record("a", conditions=("RRMS",)), record("b", conditions=("Esclerosis múltiple",))),
        (record("a", conditions=("Autoimmune diseases",)), record("b", conditions=("Multiple sclerosis",))),
        (record("x", conditions=("AML",)), record("y", conditions=("Acute Myeloid Leukaemia",))),
        (record("x", conditions=("Renal failure",)), record("y", conditions=("Insuficiencia renal",))),
        (record("Trasplante de riñón", language="es"), record("Everolimus kidney graft", language="en")),
        (record("MESEMS"), record("Everolimus in renal transplantation")),
        (record(), record("Everolimus in renal transplantation", conditions=("Renal transplantation",))),
        (record("Cells in MS"), record("Cells in sclerosis", conditions=("Nervous System Diseases",))),
    ],
)
def test_synonyms_abbreviations_languages_and_silence_are_no_other_condition(one: Record, other: Record) -> None:
    assert not other_condition(one, other)


@pytest.mark.parametrize(
    "number", ["NCT00000000", "NCT99999999", "NCT12345678", "ISRCTN12345678", "0000-000000-00", "2012-123456-12"]
)
def test_placeholders(number: str) -> None:
    assert is_placeholder(number)


@pytest.mark.parametrize("number", ["NCT01234567", "NCT00273364", "2010-024081-21", "ISRCTN27232902", "DRKS00000001"])
def test_numbers_that_are_no_placeholders(number: str) -> None:
    assert not is_placeholder(number)
