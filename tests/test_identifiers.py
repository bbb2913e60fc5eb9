"""Registry numbers: found as printed, normalised, with the country suffix apart; placeholders refused."""

import re
from pathlib import Path

import pytest

from msevidence.ontology.identifiers import (
    SCHEMES,
    InvalidNumberError,
    find_numbers,
    normalise_doi,
    number_in_url,
    outside_link,
    parse_number,
    same_doi,
)

REPORT = Path(__file__).parent.parent / "data" / "reports" / "fhi-2021" / "source.txt"


@pytest.mark.parametrize(
    ("text", "scheme", "printed", "normalised", "suffix"),
    [
        ("(NCT03477500, RAM-MS)", "NCT", "NCT03477500", "NCT03477500", None),
        ("see NCT 00902941.", "NCT", "NCT 00902941", "NCT00902941", None),
        ("EudraCT No. 2007-000064-24).", "EudraCT", "2007-000064-24", "2007-000064-24", None),
        ("EudraCT \n2010-023560-40/SE)", "EudraCT", "2010-023560-40/SE", "2010-023560-40", "SE"),
        ("EudraCT 2012–000518-13 (COMSCIMS)", "EudraCT", "2012–000518-13", "2012-000518-13", None),
        ("EUCTR2012-000734-19-ES", "EudraCT", "EUCTR2012-000734-19-ES", "2012-000734-19", "ES"),
        ("2010-023560-40-SE", "EudraCT", "2010-023560-40-SE", "2010-023560-40", "SE"),
        ("trial/2010-024381-21/results", "EudraCT", "2010-024381-21", "2010-024381-21", None),
        ("2022-500123-12-00", "CTIS", "2022-500123-12-00", "2022-500123-12-00", None),
        ("ISRCTN88667898 ", "ISRCTN", "ISRCTN88667898", "ISRCTN88667898", None),
        ("IRCT20191004044975N1", "IRCT", "IRCT20191004044975N1", "IRCT20191004044975N1", None),
        ("actrn12605000123639", "ACTRN", "actrn12605000123639", "ACTRN12605000123639", None),
        ("ChiCTR-TRC-08000123", "ChiCTR", "ChiCTR-TRC-08000123", "ChiCTR-TRC-08000123", None),
        ("ChiCTR2300070727", "ChiCTR", "ChiCTR2300070727", "ChiCTR2300070727", None),
        ("CTRI/2012/03/002400", "CTRI", "CTRI/2012/03/002400", "CTRI/2012/03/002400", None),
        ("DRKS 00003170", "DRKS", "DRKS 00003170", "DRKS00003170", None),
        ("JPRN-UMIN000001234", "UMIN", "JPRN-UMIN000001234", "UMIN000001234", None),
        ("jRCTs041200060", "jRCT", "jRCTs041200060", "jRCTs041200060", None),
        ("RBR-4gmg94", "RBR", "RBR-4gmg94", "RBR-4gmg94", None),
        ("PACTR201234567890123", "PACTR", "PACTR201234567890123", "PACTR201234567890123", None),
    ],
)
def test_a_number_is_found_and_taken_apart(text, scheme, printed, normalised, suffix):
    number = find_numbers(text)[0]
    assert (number.scheme, number.printed, number.normalised, number.suffix) == (scheme, printed, normalised, suffix)
    assert text[number.begin : number.end] == printed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NCT0347750",
        "NCT034775001",
        "XNCT03477500",
        "NCT00000000",
        "ISRCTN11111111",
        "0000-000000-00",
        "10-2010-023560-40",
        "2010-023560-401",
        "2019;321(2):165-74",
        "2022-500123-12-000",
    ],
)
def test_what_is_no_number_is_not_found(text):
    assert find_numbers(text) == []


def test_a_ctis_number_is_not_also_a_eudract_number():
    assert [n.scheme for n in find_numbers("2022-500123-12-00 and 2010-023560-40")] == ["CTIS", "EudraCT"]


def test_the_numbers_of_the_report():
    """Read off the tables of the seed: 2010-024381-21 is the number in an address, printed 2010-024081-21 beside it."""
    numbers = find_numbers(REPORT.read_text(encoding="utf-8"))
    distinct = {n.normalised for n in numbers}
    assert {n.normalised for n in numbers if n.scheme == "ISRCTN"} == {"ISRCTN88667898", "ISRCTN27232902"}
    assert {n.normalised for n in numbers if n.scheme == "IRCT"} == {"IRCT20191004044975N1"}
    assert {n.suffix for n in numbers if n.scheme == "EudraCT"} == {None, "SE", "DE", "DK", "GB", "ES"}
    assert {"2010-024081-21", "2010-024381-21"} <= distinct
    assert "2007-000064-24" in distinct


@pytest.mark.parametrize("printed", ["EudraCT 2010-023560-40/SE", "EudraCT-nummer 2010-023560-40", "2010–023560–40"])
def test_a_label_before_a_number_is_no_part_of_it(printed):
    assert parse_number(printed).normalised == "2010-023560-40"
    assert parse_number(printed).printed == printed


def test_a_number_of_an_unknown_registry_stays_as_printed():
    number = parse_number("ABC 12/3")
    assert (number.scheme, number.normalised) == ("other", "ABC 12/3")


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("", "empty"),
        ("NCT1234", "pattern of NCT"),
        ("ISRCTN-1", "pattern of ISRCTN"),
        ("2010-02356-40", "pattern of EudraCT"),
        ("EudraCT 12", "pattern of EudraCT"),
        ("NCT00000000", "placeholder"),
        ("1111-111111-11", "placeholder"),
    ],
)
def test_a_number_that_breaks_its_pattern_is_refused_with_the_reason(printed, why):
    with pytest.raises(InvalidNumberError, match=why) as caught:
        parse_number(printed)
    assert "Copy the number" in str(caught.value)


def test_what_is_found_parses_to_the_same_number():
    for number in find_numbers(REPORT.read_text(encoding="utf-8")):
        parsed = parse_number(number.printed)
        assert (parsed.scheme, parsed.normalised, parsed.suffix) == (number.scheme, number.normalised, number.suffix)
        assert re.search(SCHEMES[number.scheme].pattern, number.normalised)


@pytest.mark.parametrize(
    ("url", "normalised"),
    [
        ("https://clinicaltrials.gov/ct2/show/NCT02495766", "NCT02495766"),
        ("https://www.clinicaltrialsregister.eu/ctr-search/trial/2016-001166-29/DE", "2016-001166-29"),
        ("https://www.clinicaltrialsregister.eu/ctr-search/search?query=2010-024081-21", "2010-024081-21"),
        ("https://www.isrctn.com/ISRCTN88667898?q=%4ECT", "ISRCTN88667898"),
        ("https://example.org/x%20NCT02495766", "NCT02495766"),
    ],
)
def test_a_number_in_an_address(url, normalised):
    found = number_in_url(url)
    assert found is not None
    assert found.normalised == normalised


def test_an_address_without_a_number():
    assert number_in_url("https://en.irct.ir/trial/44197") is None


@pytest.mark.parametrize(
    ("scheme", "value", "link"),
    [
        ("NCT", "NCT00273364", "https://identifiers.org/clinicaltrials:NCT00273364"),
        ("ISRCTN", "ISRCTN27232902", "https://bioregistry.io/isrctn:ISRCTN27232902"),
        ("EudraCT", "2010-023560-40", "https://identifiers.org/euclinicaltrials:2010-023560-40"),
        ("DOI", "10.4045/tidsskr.23.0770", "https://identifiers.org/doi:10.4045/tidsskr.23.0770"),
        ("PubMed", "32682869", "https://identifiers.org/pubmed:32682869"),
        ("PMC", "PMC7704606", "https://identifiers.org/pmc:PMC7704606"),
        ("IRCT", "IRCT20191004044975N1", None),
        ("NCT", 'NCT1"><script>', None),
        ("PubMed", "1 OR 1", None),
        ("NCT", "NCT00273364\n", None),
    ],
)
def test_outside_links_are_built_from_checked_values(scheme, value, link):
    assert outside_link(scheme, value) == link


def test_dois_compare_without_case():
    assert same_doi("https://doi.org/10.1016/J.AMJMED.2020.05.049", "10.1016/j.amjmed.2020.05.049")
    assert not same_doi("10.1/a", "10.1/a")
    assert normalise_doi("doi: 10.4045/Tidsskr.23.0770.") == "10.4045/tidsskr.23.0770"
    assert normalise_doi("https://example.org/") is None
