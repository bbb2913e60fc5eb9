"""Entries that are no plain journal articles: books, reports, web pages, works in press, DOIs cut by a line end."""

from typing import Any

import pytest

from msevidence.loaders.references import parse_reference

CASES: list[tuple[str, dict[str, Any]]] = [
    (
        "Doe J, for the St. Louis Group. Part. J Test 2014; 85 (suppl 1): A12 (abstr).",
        {"authors": ("Doe J",), "group_author": "St. Louis Group", "title": "Part", "issue": "suppl 1", "pages": "A12"},
    ),
    (
        "Doe J. Five. J Test 2015; published online Jan 12. DOI:10.99999/test.15.1.",
        {"title": "Five", "container": "J Test", "year": "2015", "doi": "10.99999/test.15.1"},
    ),
    (
        "Doe J. Seven. J Test. 2019;3(1):1-2 (Epub ahead of print).",
        {"title": "Seven", "container": "J Test", "volume": "3", "pages": "1-2"},
    ),
    (
        "Test Agency. Assessment: Inventumab. 2018. https://a.invalid/b.pdf (accessed Feb 1, 2019).",
        {"group_author": "Test Agency", "title": "Assessment: Inventumab", "container": None, "year": "2018"},
    ),
    (
        "Doe J. Harm. In: Roe R, Poe P, eds. Textbook of tests. 3rd ed. New York, NY: Test Press; 2018. p. 45–67.",
        {
            "authors": ("Doe J",),
            "title": "Harm",
            "container": "Textbook of tests",
            "year": "2018",
            "volume": None,
            "pages": "45-67",
        },
    ),
    (
        "Doe J, editor. Textbook of tests. 2nd ed. Oslo: Test Press; 2018.",
        {"authors": ("Doe J",), "title": "Textbook of tests", "container": None, "year": "2018"},
    ),
    (
        "Test Society. Guide. Oslo: TS; 2020. Report no. 7.",
        {"group_author": "Test Society", "title": "Guide", "container": None, "year": "2020"},
    ),
    (
        "Norsk prøveregister. Årsrapport for 2019. https://test.invalid/2019.pdf Lest 12.5.2020.",
        {"group_author": "Norsk prøveregister", "title": "Årsrapport for 2019", "container": None, "year": "2019"},
    ),
    (
        "Test Group (TG). Annual report 2020 [Internet]. Ort: TG; 2021 [cited 2021 May 3]. Available from: https://a.invalid/",
        {"group_author": "Test Group (TG)", "title": "Annual report 2020", "year": "2021", "url": "https://a.invalid/"},
    ),
    (
        "Bundesamt für Tests (2020) Zahlen. www.test.invalid/zahlen. Zugegriffen: 3. Mai 2021",
        {
            "group_author": "Bundesamt für Tests",
            "title": "Zahlen",
            "year": "2020",
            "url": "http://www.test.invalid/zahlen",
        },
    ),
    (
        "Doe J, Roe R, on behalf of the Test Working Party. Bias. J Test 2021; 89(4): 700–12.",
        {"authors": ("Doe J", "Roe R"), "group_author": "Test Working Party", "title": "Bias", "pages": "700-12"},
    ),
    (
        "Doe J. A trial. J Test. 2017;52:e1234. PMID: 12345678; PMCID: PMC1234567.",
        {"title": "A trial", "container": "J Test", "pages": "e1234"},
    ),
    ("Doe J. Waiting. J Test. In press 2020.", {"title": "Waiting", "container": "J Test", "year": "2020"}),
    ("Doe J. Fair. J Test 2014:23:55-60.", {"container": "J Test", "year": "2014", "volume": "23", "pages": "55-60"}),
    (
        "Doe J. Cut. J Test 2016;5:e10. doi:10.99999/test.2016.\n010",
        {"doi": "10.99999/test.2016.010", "container": "J Test", "pages": "e10"},
    ),
    (
        "Doe J. Whole. J Test 2016;5:e10. doi:10.99999/test.2016.\nAccessed 3 May 2021.",
        {"doi": "10.99999/test.2016", "container": "J Test"},
    ),
]


@pytest.mark.parametrize(("printed", "fields"), CASES, ids=[c[0][:30] for c in CASES])
def test_what_is_no_plain_article(printed: str, fields: dict[str, Any]) -> None:
    reference = parse_reference(1, 0, printed)
    assert {name: getattr(reference, name) for name in fields} == fields
