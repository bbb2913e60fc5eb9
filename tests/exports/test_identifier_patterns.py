"""Our patterns of registry numbers, DOI, PMID and PMCID beside those of bioregistry, where it has the prefix.

Bioregistry mostly says ``\\d+`` where a registry's numbers have one length; ours are stricter, because a number with a
digit too few is a fault that a librarian wants to hear of. Each difference stands here with its reason.
"""

import re

import bioregistry
import pytest

from msevidence.ontology.identifiers import (
    SCHEMES,
    InvalidNumberError,
    find_numbers,
    normalise_doi,
    outside_link,
    parse_number,
)

PREFIXES = {
    "NCT": "clinicaltrials",
    "CTIS": "ctis",
    "EudraCT": "euclinicaltrials",
    "ISRCTN": "isrctn",
    "IRCT": "irct",
    "ACTRN": "anzctr",
    "ChiCTR": "chictr",
    "CTRI": "ctri",
    "DRKS": "drks",
    "ITMCTR": "itmctr",
    "jRCT": "jrct",
    "UMIN": "uminctr",
    "KCT": "kcris",
    "LBCTR": "lbctr",
    "OMON": "omon",
    "PACTR": "pactr",
    "PER": "repec",
    "RBR": "rebec",
    "RPCEC": "rpcec",
    "SLCTR": "slctr",
    "TCTR": "tctr",
}
ABSENT = {"JapicCTI", "JMA", "NTR"}
"""Schemes of ours that bioregistry has no prefix for."""
BEFORE = {"PER": "PER-", "OMON": "NL-OMON"}
"""What stands before the numbers of a registry, and bioregistry leaves out."""
LENGTH = "bioregistry leaves the number of digits open; the registry gives all its numbers this many"
DIFFERENT = {
    "CTIS": LENGTH,
    "EudraCT": "the same numbers, written without needless escapes",
    "ISRCTN": LENGTH,
    "ACTRN": LENGTH,
    "DRKS": LENGTH,
    "ITMCTR": LENGTH,
    "jRCT": "bioregistry leaves the number of digits open, and takes any letter, digit or _ before them",
    "UMIN": "the same forms with nine digits each, in one group",
    "KCT": LENGTH,
    "LBCTR": LENGTH,
    "OMON": "bioregistry has the digits without the letters NL-OMON that WHO and the registry itself put before them",
    "PACTR": LENGTH,
    "PER": "bioregistry has the number without the letters PER- that WHO and the registry itself put before it",
    "RBR": "bioregistry leaves the number of signs open and takes capitals and _, which the registry does not give out",
    "RPCEC": LENGTH,
    "SLCTR": LENGTH,
    "TCTR": LENGTH,
}
OURS = {
    "NCT": ["NCT02495766"],
    "CTIS": ["2022-500123-12-00"],
    "EudraCT": ["2010-023560-40"],
    "ISRCTN": ["ISRCTN88667898"],
    "IRCT": ["IRCT20191004044975N1", "IRCT138706151058N1"],
    "ACTRN": ["ACTRN12605000123639"],
    "ChiCTR": ["ChiCTR2300070727", "ChiCTR-TRC-08000123", "ChiCTR-INR-17012345"],
    "CTRI": ["CTRI/2012/03/002400", "CTRI/2009/091/000123"],
    "DRKS": ["DRKS00003170"],
    "ITMCTR": ["ITMCTR2023000002"],
    "jRCT": ["jRCTs041200060", "jRCTa030190001", "jRCTb030190001", "jRCTc030190001", "jRCT2031230001"],
    "UMIN": ["UMIN000001234", "C000000123"],
    "KCT": ["KCT0008394"],
    "LBCTR": ["LBCTR2023015204"],
    "PACTR": ["PACTR202304525632216", "PACTR2010020001429343"],
    "PER": ["PER-046-19", "PER-002-99-A"],
    "RBR": ["RBR-6qvdftm", "RBR-4gmg94"],
    "RPCEC": ["RPCEC00000423"],
    "SLCTR": ["SLCTR/2023/010"],
    "TCTR": ["TCTR20230429001"],
    "JapicCTI": ["JapicCTI-132057"],
    "JMA": ["JMA-IIA00123"],
    "NTR": ["NTR1234", "NL9999"],
    "OMON": ["NL-OMON57760"],
}


def theirs(prefix: str) -> str:
    resource = bioregistry.get_resource(prefix)
    assert resource is not None, prefix
    pattern = resource.get_pattern()
    assert pattern, prefix
    return pattern


def test_how_many_are_compared():
    assert len(PREFIXES) == 21
    assert set(PREFIXES) | ABSENT == set(SCHEMES) == set(OURS)
    assert not set(PREFIXES) & ABSENT
    assert sum(len(numbers) for numbers in OURS.values()) == 37


def test_what_bioregistry_does_not_have_it_really_does_not_have():
    known = {str(r.get_name()).lower() for r in bioregistry.resources()}
    assert len(known) > 1000
    assert not [n for n in known if re.search(r"japic|jmacct|(netherlands|dutch).*trial", n)]


def test_the_differences_are_those_with_a_reason():
    assert {s for s, p in PREFIXES.items() if SCHEMES[s].pattern != theirs(p)} == set(DIFFERENT)


@pytest.mark.parametrize("scheme", PREFIXES)
def test_every_number_of_ours_is_one_for_bioregistry(scheme):
    for number in OURS[scheme]:
        assert re.search(theirs(PREFIXES[scheme]), number.removeprefix(BEFORE.get(scheme, ""))), number


@pytest.mark.parametrize("scheme", PREFIXES)
def test_every_example_of_bioregistry_is_a_number_of_ours(scheme):
    examples = bioregistry.get_resource(PREFIXES[scheme]).get_examples()
    assert examples
    for example in examples:
        printed = BEFORE.get(scheme, "") + example
        found = parse_number(printed)
        assert (found.scheme, found.normalised) == (scheme, printed)
        assert [n.normalised for n in find_numbers(f"see {printed}, and others")] == [printed]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_number_is_read_to_itself_and_one_with_a_digit_more_or_less_is_not(scheme):
    for number in OURS[scheme]:
        found = parse_number(number)
        assert (found.scheme, found.normalised) == (scheme, number)
        assert re.fullmatch(SCHEMES[scheme].pattern, number)
    shortest = {"NTR": "NTR", "IRCT": "IRCT1N", "ChiCTR": "ChiCTR-TRC-", "CTRI": "CTRI/2012/03/"}
    broken = shortest.get(scheme, OURS[scheme][0][:-1] if scheme != "RBR" else "RBR-4gmg")
    try:
        assert parse_number(broken).scheme != scheme
    except InvalidNumberError as e:
        assert "does not follow the pattern" in str(e)
    assert not [n for n in find_numbers(broken) if n.scheme == scheme]


@pytest.mark.parametrize(
    ("printed", "scheme", "normalised", "suffix"),
    [
        ("JPRN-UMIN000007004", "UMIN", "UMIN000007004", None),
        ("JPRN-C000000123", "UMIN", "C000000123", None),
        ("JPRN-jRCTs041200060", "jRCT", "jRCTs041200060", None),
        ("JPRN-JRCT2031230001", "jRCT", "jRCT2031230001", None),
        ("JPRN-JapicCTI-050001", "JapicCTI", "JapicCTI-050001", None),
        ("JAPICCTI-132057", "JapicCTI", "JapicCTI-132057", None),
        ("JPRN-JMA-IIA00123", "JMA", "JMA-IIA00123", None),
        ("CTIS2023-507106-13-00", "CTIS", "2023-507106-13-00", None),
        ("EUCT2023-507106-13-00", "CTIS", "2023-507106-13-00", None),
        ("EUCTR2012-000734-19-ES", "EudraCT", "2012-000734-19", "ES"),
        ("EUCTR2015-001234-11-Outside-EU/EEA", "EudraCT", "2015-001234-11", "Outside-EU/EEA"),
        ("EUCTR2004-000012-13-3rd", "EudraCT", "2004-000012-13", "3rd"),
        ("RBR-6QVDFTM", "RBR", "RBR-6qvdftm", None),
        ("per-046-19", "PER", "PER-046-19", None),
        ("ctri/2012/03/002400", "CTRI", "CTRI/2012/03/002400", None),
        ("nl-omon57760", "OMON", "NL-OMON57760", None),
        ("NTR 1234", "NTR", "NTR1234", None),
        ("itmctr2023000002", "ITMCTR", "ITMCTR2023000002", None),
    ],
)
def test_the_spellings_of_other_registers(printed, scheme, normalised, suffix):
    found = parse_number(printed)
    assert (found.scheme, found.normalised, found.suffix) == (scheme, normalised, suffix)
    assert re.fullmatch(SCHEMES[scheme].pattern, normalised)


@pytest.mark.parametrize("text", ["HCoV-NL63", "strain NL63", "NL1", "C00000012", "U1111-1234-5678", "perhaps 046-19"])
def test_what_only_looks_like_a_number_of_these(text):
    assert find_numbers(text) == []


PMID, PMC, DOI = (bioregistry.get_resource(p) for p in ("pubmed", "pmc", "doi"))


def test_pmid_and_pmcid_are_as_in_bioregistry():
    examples = {"PubMed": PMID.get_examples(), "PMC": PMC.get_examples()}
    assert {k: len(v) >= 1 for k, v in examples.items()} == {"PubMed": True, "PMC": True}
    assert [outside_link("PubMed", e) is not None for e in examples["PubMed"]] == [True] * len(examples["PubMed"])
    assert [outside_link("PMC", e) is not None for e in examples["PMC"]] == [True] * len(examples["PMC"])
    assert any("." in e for e in examples["PMC"]), "a version of an article is among the examples"
    assert theirs("pubmed") == r"^\d+$"
    assert outside_link("PubMed", "0123") is None, "bioregistry takes a leading zero, and PubMed has no such number"
    assert theirs("pmc") == r"^PMC\d+(\.\d+)?$"


def test_a_doi_is_one_for_bioregistry_too_and_its_examples_are_for_us_but_one():
    """``10.21/…`` is no DOI of ours: two digits and a slash stand in references for dates and amounts, too.

    Registrants have four digits or more in the DOI Handbook and in Crossref's own pattern.
    """
    examples = DOI.get_examples()
    assert len(examples) >= 5
    refused = [e for e in examples if normalise_doi(e) is None]
    assert refused == ["10.21/FQSQT4T3"]
    for example in examples:
        if example not in refused:
            assert normalise_doi(example) == example.lower()
            assert re.search(theirs("doi"), example)
            assert outside_link("DOI", example.lower()) is not None
