"""Entries of reference lists, in the styles of the Vancouver family, and the addresses and names in them."""

import doctest
import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from msevidence.loaders.addresses import find_addresses, mend_addresses
from msevidence.loaders.document import PartialDate
from msevidence.loaders.names import Names, is_group, is_personal, read_names
from msevidence.loaders.references import parse_reference

REPORT = Path(__file__).parents[1] / "data" / "reports" / "fhi-2021" / "source.txt"


@pytest.mark.parametrize(
    ("printed", "fields"),
    [
        (
            "Burt RK, Burman J, et al. A Myeloablative Trans-\nplantation Trial. JAMA 2019;321(2):165-\n74. ",
            {
                "authors": ("Burt RK", "Burman J"),
                "et_al": True,
                "title": "A Myeloablative Transplantation Trial",
                "container": "JAMA",
                "year": "2019",
                "volume": "321",
                "issue": "2",
                "pages": "165-74",
            },
        ),
        (
            "4. Hauser SL, Cree BAC. A Review. *Am J Med* 2020; 133: 1380–1390.e2. [PubMed][CrossRef]",
            {
                "authors": ("Hauser SL", "Cree BAC"),
                "title": "A Review",
                "container": "Am J Med",
                "year": "2020",
                "volume": "133",
                "pages": "1380-1390.e2",
            },
        ),
        (
            "Nabavi SM, Hamzeloo A. Preliminary report 1-safety issues. J Neurol \n2013;260:S130-S1. ",
            {
                "authors": ("Nabavi SM", "Hamzeloo A"),
                "title": "Preliminary report 1-safety issues",
                "container": "J Neurol",
                "year": "2013",
                "volume": "260",
                "pages": "S130-S1",
            },
        ),
        (
            "Fernández O. A study. PloS one \n2018;13(5):e0195891.  \nhttps://journals.plos.org/plosone/article?id=10.1",
            {
                "authors": ("Fernández O",),
                "title": "A study",
                "container": "PloS one",
                "year": "2018",
                "volume": "13",
                "issue": "5",
                "pages": "e0195891",
                "url": "https://journals.plos.org/plosone/article?id=10.1",
            },
        ),
        (
            "Stellmann JP, Ayuk Ayuketang F, et \nal. [Therapy : Hamburg]. Der Nervenarzt 2015;86(8):989-96.",
            {
                "authors": ("Stellmann JP", "Ayuk Ayuketang F"),
                "et_al": True,
                "title": "Therapy : Hamburg",
                "container": "Der Nervenarzt",
                "year": "2015",
                "volume": "86",
                "issue": "8",
                "pages": "989-96",
            },
        ),
        (
            "Autologous transplantation for previously treated multiple sclerosis. Health Technology Wales 2020.",
            {
                "title": "Autologous transplantation for previously treated multiple sclerosis",
                "container": "Health Technology Wales",
                "year": "2020",
            },
        ),
        (
            "MSBase Study Group. Effectiveness. *JAMA Neurol* 2023; 80: 702–13.",
            {
                "group_author": "MSBase Study Group",
                "title": "Effectiveness",
                "container": "JAMA Neurol",
                "year": "2023",
                "volume": "80",
                "pages": "702-13",
            },
        ),
        (
            "Smith JA, Doe B; MSBase Study Group. Works? Mult Scler. 2020 Mar;26(14):1889-97. doi: 10.1177/1. PMID: 1.",
            {
                "authors": ("Smith JA", "Doe B"),
                "group_author": "MSBase Study Group",
                "title": "Works?",
                "container": "Mult Scler",
                "year": "2020",
                "published": PartialDate("2020 Mar", "2020-03"),
                "volume": "26",
                "issue": "14",
                "pages": "1889-97",
                "doi": "10.1177/1",
            },
        ),
        (
            "Allanach JR. A systematic review. Mult Scler J 2021:13524585211008760.",
            {
                "authors": ("Allanach JR",),
                "title": "A systematic review",
                "container": "Mult Scler J",
                "year": "2021",
                "pages": "13524585211008760",
            },
        ),
        (
            "Zhou Y. A title with 2014 and 2015 in it. Stem Cells Int 2019;2019:8536785.",
            {
                "authors": ("Zhou Y",),
                "title": "A title with 2014 and 2015 in it",
                "container": "Stem Cells Int",
                "year": "2019",
                "volume": "2019",
                "pages": "8536785",
            },
        ),
        (
            "Smith J.A., Doe B. A review of things. N. Engl. J. Med. 2019;380(Suppl 2):1–9.",
            {
                "authors": ("Smith J.A.", "Doe B"),
                "title": "A review of things",
                "container": "N. Engl. J. Med.",
                "year": "2019",
                "volume": "380",
                "issue": "Suppl 2",
                "pages": "1-9",
            },
        ),
        (
            "Smith JA, Doe B (2019) Effect of things in MS. J Neurol 321:165–174",
            {
                "authors": ("Smith JA", "Doe B"),
                "title": "Effect of things in MS",
                "container": "J Neurol",
                "year": "2019",
                "volume": "321",
                "pages": "165-174",
            },
        ),
        (
            "Helsedirektoratet. Retningslinje. Multipel sklerose. <https://a.no/x> Lest 15.10.2023.",
            {
                "group_author": "Helsedirektoratet",
                "title": "Retningslinje. Multipel sklerose",
                "url": "https://a.no/x",
                "accessed": PartialDate("15.10.2023", "2023-10-15"),
            },
        ),
        (
            "Ystrøm T. To skjebner – én sykdom. NRK 11.11.2023. Available from: https://a.no/x. [cited 2023 Nov 23]",
            {
                "authors": ("Ystrøm T",),
                "title": "To skjebner – én sykdom",
                "container": "NRK",
                "year": "2023",
                "published": PartialDate("11.11.2023", "2023-11-11"),
                "url": "https://a.no/x",
                "accessed": PartialDate("2023 Nov 23", "2023-11-23"),
            },
        ),
        (
            "Doe J. A title. J Test 2020;1:2. https://doi.org/10.1000/xyz123",
            {
                "authors": ("Doe J",),
                "title": "A title",
                "container": "J Test",
                "year": "2020",
                "volume": "1",
                "pages": "2",
                "doi": "10.1000/xyz123",
                "url": "https://doi.org/10.1000/xyz123",
            },
        ),
        ("Something unheard of", {"title": "Something unheard of"}),
    ],
)
def test_every_field_that_is_printed_and_no_other(printed: str, fields: dict[str, Any]) -> None:
    reference = parse_reference(4, 7, printed)
    empty: tuple[object, ...] = (None, (), False)
    found = {k: v for k, v in vars(reference).items() if k not in ("number", "passage", "printed") and v not in empty}
    assert found == fields
    assert (reference.number, reference.passage, reference.printed) == (4, 7, printed.strip())


def test_the_systematic_reviews_of_the_report() -> None:
    """The 15 entries of its appendix 2, whose page breaks are cut out here."""
    text = REPORT.read_text(encoding="utf-8")
    start = text.index("1. Ramalingam S")
    listed = re.sub(r"\n\s*33\s*\n", "\n", text[start : text.index("Utgitt av Folkehelseinstituttet", start)])
    entries = re.split(r"\n\s*(?=\d{1,2}\. [A-Z])", "\n" + listed)[1:]
    references = [parse_reference(n, 0, entry) for n, entry in enumerate(entries, 1)]
    assert [(len(r.authors), r.et_al, r.container, r.year, r.volume, r.issue, r.pages) for r in references] == [
        (2, False, "Curr Allergy Rep", "2021", "21", "3", None),
        (4, False, "Mult Scler J", "2021", None, None, "13524585211008760"),
        (2, False, "Bone Marrow Transplant", "2020", "55", "10", "1928-34"),
        (3, False, "BioDrugs", "2020", "34", "3", "307-25"),
        (4, False, "J Neurol", "2020", "267", "12", "3489-98"),
        (0, False, "Health Technology Wales", "2020", None, None, None),
        (6, True, "Mult Scler Relat Disord", "2020", "45", None, "102404"),
        (6, False, "Stem Cells Int", "2019", "2019", None, "8536785"),
        (4, False, "Mult Scler Relat Disord", "2019", "38", None, "101860"),
        (4, False, "Neurol Sci", "2019", "40", "3", "479-87"),
        (6, True, "Biol Blood Marrow Transplant", "2019", "25", "5", "845-54"),
        (6, True, "Neurol", "2017", "88", "22", "2115-22"),
        (6, True, "Cochrane Database Syst Rev", "2017", "4", None, "CD012200"),
        (4, False, "Cell Mol Biol", "2016", "62", "4", "48-52"),
        (6, True, "Der Nervenarzt", "2015", "86", "8", "989-96"),
    ]
    assert [r.number for r in references if r.title is None] == []
    assert references[5].url == (
        "https://www.healthtechnology.wales/reports-guidance/autologous-haematopoietic-stem-cell-transplantation/"
    )


def test_a_date_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"31\.2\.2023"):
        parse_reference(1, 0, "Doe J. Title. NRK 11.11.2023. https://a.no Accessed 31.2.2023.")


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("<https://a.no/x>", "https://a.no/x"),
        ("see <https://a.no/x-\ny> so", "see https://a.no/x-y so"),
        ("<https://a.no/flesjaa->\n\n- har-ms Accessed", "https://a.no/flesjaa-har-ms Accessed"),
        ("haematopoietic https://a.no/haemato-\npoietic/", "haematopoietic https://a.no/haematopoietic/"),
        ("https://a.no/\nAccessed 1.1.2020", "https://a.no/\nAccessed 1.1.2020"),
        ("https://a.no/x_\ny=1\nz", "https://a.no/x_y=1\nz"),
        ("https://a.no/x.\nNext", "https://a.no/x.\nNext"),
    ],
)
def test_addresses_in_one_piece(raw: str, mended: str) -> None:
    assert mend_addresses(raw) == mended


def test_what_ends_a_sentence_does_not_belong_to_the_address() -> None:
    text = "(see https://a.no/x). Or https://a.no/y, https://a.no/z_(1)."
    found = find_addresses(text)
    assert [a.url for a in found] == ["https://a.no/x", "https://a.no/y", "https://a.no/z_(1)"]
    assert [text[a.span.start : a.span.end] for a in found] == [a.url for a in found]


@pytest.mark.parametrize(
    "name", ["Holmøy T", "Del Giovane C", "Ben-Shlomo Y", "O’Prov D", "von Holst A Jr", "N MN", "Kvistad SAS", "Li H"]
)
def test_personal_names(name: str) -> None:
    assert is_personal(name)


@pytest.mark.parametrize(
    "name", ["MSBase Study Group", "NRK", "Multiple sclerosis", "A", "World Health Organization", "in MS"]
)
def test_what_is_no_personal_name(name: str) -> None:
    assert not is_personal(name)


def test_names_with_a_group() -> None:
    assert read_names("Doe J, Roe R, for the XYZ Investigators.") == Names(
        ("Doe J", "Roe R"), False, "XYZ Investigators"
    )
    assert read_names("Effect of one thing on another.") is None
    assert is_group("Nasjonalt kunnskapssenter for helsetjenesten")
    assert not is_group("Is it a group?")


@pytest.mark.parametrize(
    "module",
    ["source", "printed_dates", "markers", "names", "addresses", "sentences", "article_words", "article_names"],
)
def test_the_examples_in_the_docstrings(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"msevidence.loaders.{module}"))
    assert result.attempted > 0 and result.failed == 0
