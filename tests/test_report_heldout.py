"""The report loader on short invented texts of other layouts: tabs, running heads of two lines, title pages, sums."""

from pathlib import Path

import pytest

from msevidence.loaders import report
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.errors import SourceError
from msevidence.loaders.metadata_schema import Metadata

HEAD = "Agency of Tests\nReport 2099:14\n\n"
PAGES = [
    "Baths for nothing\n\nCommissioned by: Forum of Tests\nDate: 15 June 2022\n\nContents\n\n"
    "1  Introduction ........ 3\n2  Results .... . ....... 4\n",
    HEAD + "1 Introduction\n\nHarm is seen in 1 %1 (2, p. 12).\n\n1 Within 100 days.\n\n2\n",
    HEAD + "2 Results\n\nTable 1. Trials of baths\n\nStudy\tNumber\tPeople\nALPHA (2)\tNCT01234567\t110\n"
    "BETA\tEudraCT 2015-004321-11\t50\n\n3\n",
    HEAD + "Table 1 (continued)\n\nStudy\tNumber\tPeople\nGAMMA\tISRCTN12345678\t21\n\nThe trials were small (1).\n\n"
    "Results by site\n\nSite\tPeople\nNorth\t12\nSouth\t9\n\n4\n",
    HEAD + "References\n\n1. Doe J. One. J Test 2019;1:1-9.\n2. Roe R. Two. J Test 2020;2:1-9.\n\n5\n",
    HEAD + "Appendix 1 Search strategies\n\nMEDLINE (Ovid)\nDate of search: 3 March 2022\nRecords: 1,150\n\n"
    "1. exp Baths/ (5000)\n2. tub/ (80)\n\nTotal: 1,150 records\n\n6\n",
]


def read(folder: Path, text: str) -> ParsedDocument:
    path = folder / "source.txt"
    path.write_text(text, encoding="utf-8")
    return report.read(path, Metadata(title="Baths for nothing", language="en", type="hta-report"))


@pytest.fixture
def document(tmp_path: Path) -> ParsedDocument:
    return read(tmp_path, "\f".join(PAGES))


def test_furniture_of_two_lines_and_the_table_of_contents(document: ParsedDocument) -> None:
    assert document.leftover() == []
    assert not any("2099:14" in p.text or "...." in p.text for p in document.passages)
    assert [r.pages for r in document.references] == ["1-9", "1-9"]
    assert {p.page for p in document.passages if p.text.startswith("The trials")} == {"4"}


def test_the_date_of_a_title_page_is_no_search(document: ParsedDocument) -> None:
    assert document.front.dates["published"].value == "2022-06-15"
    assert [(s.source, s.hits, len(s.lines)) for s in document.searches] == [("MEDLINE (Ovid)", 1150, 2)]
    assert [(t.label, t.count) for t in document.search_totals] == [("Total", 1150)]


def test_an_appendix_ends_the_reference_list(document: ParsedDocument) -> None:
    assert [s.title for s in document.sections if s.level == 1][-2:] == ["References", "Appendix 1 Search strategies"]
    assert [r.title for r in document.references] == ["One", "Two"]


def test_a_footnote_glued_to_a_percentage(document: ParsedDocument) -> None:
    (note,) = document.footnotes
    assert note.anchor is not None
    assert document.passages[note.anchor].text == "Harm is seen in 1 % (2, p. 12)."


def test_tables_with_tabs(document: ParsedDocument) -> None:
    assert [(t.label, [[len(c) for c in r] for r in t.rows]) for t in document.tables] == [
        ("Table 1", [[1, 1, 1]] * 4),
        ("[2 Results]", [[1, 1]] * 3),
    ]
    rows = [(r.name, [document.numbers[n].normalised for n in r.numbers]) for r in document.study_rows]
    assert rows == [
        ("ALPHA", ["NCT01234567"]),
        ("BETA", ["2015-004321-11"]),
        ("GAMMA", ["ISRCTN12345678"]),
    ]
    assert [m.numbers for m in document.markers] == [(2,), (2,), (1,)]


def test_a_row_with_too_many_cells(tmp_path: Path) -> None:
    pages = [p.replace("BETA\t", "BETA\tmore\t") for p in PAGES]
    with pytest.raises(SourceError, match=r"this row of Table 1 has 4 cells, its header 3; take out or add a tab"):
        read(tmp_path, "\f".join(pages))


def test_roman_pages_bulleted_criteria_and_reasons_in_brackets(tmp_path: Path) -> None:
    pages = [
        "Key messages\n\nBackground\nBaths are an option.1\n\n1 Of water.\n\nii\n",
        "1 Introduction\n\nIt is 3 per person-\nyears (1).\n\niii\n",
        "2 Methods\n\nInclusion criteria\n\n• Population: adults\n• Intervention: baths\n• Outcomes: any\n\n4\n",
        "Figure 1: Flow\n\nReports assessed (n = 20)\n\n"
        "Reports excluded (n = 18):\nNot RCT (n = 10)\nWrong bath (n = 8)\n\n5\n",
        "References\n\n1. Doe J. One. J Test 2019;1:1-9.\n\n6\n",
    ]
    document = read(tmp_path, "\f".join(pages))
    assert document.leftover() == []
    assert not {"ii", "iii"} & {p.text for p in document.passages}
    sentences = [p.text for p in document.passages if p.kind.value == "sentence"]
    assert sentences == ["Baths are an option.", "It is 3 per person-years (1)."]
    assert [document.passages[n.passage].text for n in document.footnotes] == ["Of water."]
    assert [(c.element, document.passages[c.values[0]].text) for c in document.criteria] == [
        ("Population", "adults"),
        ("Intervention", "baths"),
        ("Outcomes", "any"),
    ]
    assert [(b.label, b.count, [(r, n) for r, n, _ in b.reasons]) for b in document.flow] == [
        ("Reports assessed", 20, []),
        ("Reports excluded", 18, [("Not RCT", 10), ("Wrong bath", 8)]),
    ]
