"""One work by what is printed of it: spellings that are one work, and near misses that are two."""

from dataclasses import replace
from itertools import combinations

import pytest

from msevidence.loaders.bibliographic import journal_names
from msevidence.loaders.bibliographic.fingerprint import (
    PrintedWork,
    blocking_key,
    fingerprint,
    first_page,
    printed_work,
    same_container,
    same_work_by_print,
)
from msevidence.loaders.bibliographic.journal_names import journal_key
from msevidence.loaders.exports.records import PublicationRecord

BURT = PrintedWork("Burt", "2019", ("JAMA",), "165-74", "321")
UCCELLI = PrintedWork("Uccelli", "2019", ("Multiple Scler J",), "759-60", "25")
ONE_JOURNAL = [
    ("JAMA Neurol", "JAMA Neurology", "JAMA neurology"),
    (
        "Mult Scler",
        "Mult Scler J",
        "Multiple Scler J",
        "Multiple Sclerosis Journal",
        "Mult. Scler.",
        "Multiple Sclerosis",
    ),
    (
        "N Engl J Med",
        "The New England journal of medicine",
        "N. Engl. J. Med.",
        "New England Journal of Medicine",
        "NEJM",
    ),
    ("Bone Marrow Transplant", "Bone Marrow Transplantation", "Bone marrow transplantation"),
    ("Neurol Ther", "Neurology and Therapy"),
    ("Am J Med", "The American Journal of Medicine"),
    ("J Neurol Neurosurg Psychiatry", "Journal of Neurology, Neurosurgery & Psychiatry"),
    ("Mult Scler Relat Disord", "Multiple Sclerosis and Related Disorders"),
    ("Mult Scler J Exp Transl Clin", "Multiple Sclerosis Journal - Experimental, Translational and Clinical"),
    ("Lancet", "The Lancet", "Lancet (London, England)"),
    ("Lancet Neurol", "The Lancet Neurology"),
    ("PLoS One", "PLOS ONE", "PLoS ONE"),
    ("Tidsskr Nor Legeforen", "Tidsskr Nor Laegeforen", "Tidsskrift for Den norske legeforening"),
    ("Proc Natl Acad Sci U S A", "Proceedings of the National Academy of Sciences of the United States of America"),
    ("J Gen Psychol", "The Journal of General Psychology"),
    ("J Genet Psychol", "Journal of Genetic Psychology"),
    ("J Phys", "Journal of Physics"),
    ("J Phys A", "Journal of Physics A"),
    ("J Physiol", "Journal of Physiology"),
    ("Biochem J", "The Biochemical Journal"),
    ("Biochemistry",),
    ("Neurology",),
    ("J Neurol", "Journal of Neurology"),
    ("J Neurol Sci", "Journal of the Neurological Sciences"),
    ("Neurol Sci", "Neurological Sciences"),
    ("Rev Neurol",),
    ("Rev Neurol (Paris)",),
    ("JAMA", "JAMA", "Journal of the American Medical Association"),
    ("BMJ", "BMJ (Clinical research ed.)", "Br Med J"),
    ("BMJ Open",),
    ("Stem Cells",),
    ("Stem Cells Transl Med", "Stem Cells Translational Medicine"),
    ("Cell Stem Cell",),
    ("Annu Rev Med", "Annual Review of Medicine"),
    ("Ann Med", "Annals of Medicine"),
    ("Ann Neurol", "Annals of Neurology"),
    ("Arch Neurol", "Archives of Neurology"),
    ("Nature", "Nature"),
    ("Nat Med", "Nature Medicine"),
]
"""Each line is one journal in its spellings; no two lines are."""


def test_every_spelling_of_a_journal_has_one_key_and_no_two_journals_share_one() -> None:
    keys = [{journal_key(name) for name in names} for names in ONE_JOURNAL]
    assert [names for names, found in zip(ONE_JOURNAL, keys, strict=True) if len(found) != 1] == []
    for one, other in combinations(keys, 2):
        assert one.isdisjoint(other)
    assert len(keys) >= 38


def test_an_abbreviation_has_the_letters_of_its_words_in_their_order() -> None:
    assert len(journal_names._SHORT) > 170
    for word, short in journal_names._SHORT.items():
        letters = iter(word)
        assert all(letter in letters for letter in short), (word, short)
        assert word[0] == short[0]


def test_names_that_say_nothing_have_no_key() -> None:
    assert [journal_key(n) for n in ("", " ", "...", "()")] == [None, None, None, None]
    assert not same_container(["", "..."], ["", "..."])


@pytest.mark.parametrize(
    "other",
    [
        replace(BURT, pages="165–174"),
        replace(BURT, pages="pp. 165-174"),
        replace(BURT, pages="165"),
        replace(BURT, family="BURT"),
        replace(BURT, containers=("Journal of the American Medical Association", "JAMA")),
        replace(BURT, volume=None),
        replace(BURT, volume="321(2)"),
    ],
)
def test_spellings_of_one_work(other: PrintedWork) -> None:
    assert same_work_by_print(BURT, other) and same_work_by_print(other, BURT)


@pytest.mark.parametrize(
    "other",
    [
        replace(BURT, family="Burtt"),
        replace(BURT, family=None),
        replace(BURT, year="2018"),
        replace(BURT, year=None),
        replace(BURT, containers=("JAMA Neurology",)),
        replace(BURT, containers=()),
        replace(BURT, pages="166-74"),
        replace(BURT, pages="e165"),
        replace(BURT, pages="S165-74"),
        replace(BURT, pages=None),
        replace(BURT, pages="in press"),
        replace(BURT, volume="322"),
    ],
)
def test_what_differs_in_one_of_them_or_lacks_it_is_not_one_work(other: PrintedWork) -> None:
    assert not same_work_by_print(BURT, other)
    assert not same_work_by_print(other, other) or other.pages or other.containers


def test_abstracts_of_one_meeting_stay_apart() -> None:
    assert not same_work_by_print(UCCELLI, replace(UCCELLI, pages="801"))
    assert same_work_by_print(UCCELLI, replace(UCCELLI, containers=("Multiple Sclerosis Journal",), pages="759"))
    assert not same_work_by_print(UCCELLI, replace(UCCELLI, containers=("Mult Scler Relat Disord",)))


@pytest.mark.parametrize(
    ("one", "other"), [("Holmøy", "Holmoy"), ("Ben-Shlomo", "Ben Shlomo"), ("O’Byrne", "O'Byrne"), ("Müller", "Muller")]
)
def test_names_are_compared_without_accents_and_signs(one: str, other: str) -> None:
    assert same_work_by_print(replace(BURT, family=one), replace(BURT, family=other))


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("165-74", "165"),
        ("165–174", "165"),
        ("e0195891", "e0195891"),
        ("E0195891", "e0195891"),
        ("S12-S15", "s12"),
        ("1380–1390.e2", "1380"),
        ("s. 12-15", "12"),
        ("12, 14", "12"),
        ("CD011897", "cd011897"),
        ("iv-vi", "iv"),
        ("13524585211008760", "13524585211008760"),
        ("mild", None),
        ("", None),
        (None, None),
    ],
)
def test_the_first_page(pages: str | None, expected: str | None) -> None:
    assert first_page(pages) == expected


def test_the_blocking_key_needs_all_three_and_leaves_the_container_out() -> None:
    assert blocking_key("Burt", "2019", "165-74") == "burt|2019|165"
    assert blocking_key("The MSBase Study Group", "2023", "702–13") == "msbase study group|2023|702"
    for family, year, pages in ((None, "2019", "1"), ("Burt", None, "1"), ("Burt", "2019", None), ("Burt", "19", "1")):
        assert blocking_key(family, year, pages) is None


def test_the_fingerprint_of_a_record() -> None:
    record = PublicationRecord(
        "A title",
        authors=["van der Lee JP Jr", "Burt RK"],
        container="Multiple sclerosis (Houndmills, Basingstoke, England)",
        container_short="Mult Scler",
        year="2024",
        pages="165-74",
        volume="30",
    )
    assert fingerprint(record) == "van der lee|2024|mult scler|165"
    assert printed_work(record).family == "van der Lee"
    crossref = replace(record, container="Multiple Sclerosis Journal", container_short=None, pages="165-174")
    assert fingerprint(crossref) == fingerprint(record)
    assert same_work_by_print(printed_work(record), printed_work(crossref))
    group = replace(record, authors=[], group_authors=["RESET Study Group"])
    assert fingerprint(group) == "reset study group|2024|mult scler|165"
    for name, nothing in (("authors", []), ("year", None), ("pages", None)):
        assert fingerprint(replace(record, **{name: nothing})) is None
    assert fingerprint(replace(record, container=None, container_short=None)) is None
