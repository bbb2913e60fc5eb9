"""Parts of the report loader one by one, and what it does with bad input."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from msevidence.loaders import report
from msevidence.loaders.document import ParsedDocument, PassageKind
from msevidence.loaders.errors import SourceError
from msevidence.loaders.labels import CHAPTERS, LABELS, chapter_role
from msevidence.loaders.metadata_schema import Layout, Metadata
from msevidence.loaders.report_pages import Pages, number_pages, read_pages
from msevidence.loaders.report_search import count_hits
from msevidence.loaders.report_tables import caption_pattern

MODULES = ("labels", "report_headings", "report_cells", "report_search", "quotations", "languages", "search_strings")
SEED = Path(__file__).parent.parent / "data" / "reports" / "fhi-2021" / "source.txt"


def read(folder: Path, text: str | bytes, language: str = "en", **layout: object) -> ParsedDocument:
    path = folder / "source.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    metadata = {"title": "Invented", "language": language, "type": "hta-report", "layout": layout}
    return report.read(path, Metadata.model_validate(metadata))


def kinds(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(p.kind.value, p.text) for p in document.passages]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_the_docstrings(name: str) -> None:
    result = doctest.testmod(import_module(f"msevidence.loaders.{name}"))
    assert result.attempted > 0
    assert result.failed == 0


# Bad input: each stops with file, line, what is wrong and how to mend it.


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (SEED.read_text("utf-8").encode("latin-1", "replace"), 5, "is not UTF-8"),
        (b"\xef\xbb\xbfText\n", 1, "byte-order mark"),
        (b"One line\r\nand another\r\n", 1, "carriage return"),
        (b"", 1, "empty"),
        (b" \n\n\x0c\n", 1, "empty"),
        ("Text\n\nA claim (9–6) of note.\n".encode(), 3, "runs backwards"),
        (b"Appendix 1: Search\n\nInvented database\nDate: 31.02.2021\nHits: 5\n", 4, "31.02.2021"),
        (b"Introduction\n\nText.\n\nPublished by Nobody\n31.04.2021\n", 6, "31.04.2021"),
        (b"References\n\n1. Doe J. Title. Journal 2019;1:2. Accessed 30.02.2020.\n", 3, "30.02.2020"),
    ],
)
def test_bad_input_stops(tmp_path: Path, raw: bytes, line: int, said: str) -> None:
    with pytest.raises(SourceError, match=said) as stopped:
        read(tmp_path, raw)
    assert stopped.value.line == line
    assert stopped.value.path == str(tmp_path / "source.txt")


def test_a_backwards_range_in_square_brackets_stops_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="runs backwards") as stopped:
        read(tmp_path, "Introduction\n\nFirst line of a sentence that\ngoes on [9–6] here.\n")
    assert stopped.value.line == 4


def test_a_missing_file_stops(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        report.read(tmp_path / "source.txt", Metadata(title="Invented", language="en", type="hta-report"))


def test_a_number_without_an_entry_is_still_a_marker(tmp_path: Path) -> None:
    document = read(tmp_path, "Introduction\n\nSaid (1, 7).\n\nReferences\n\n1. Doe J. Title. Journal 2019;1:2.\n")
    assert [m.numbers for m in document.markers] == [(1, 7)]
    assert [r.number for r in document.references] == [1]


# Layout


def test_text_without_any_layout(tmp_path: Path) -> None:
    document = read(tmp_path, "One sentence. Another one.\n")
    assert kinds(document) == [("sentence", "One sentence."), ("sentence", "Another one.")]
    assert [p.page for p in document.passages] == [None, None]
    assert document.leftover() == []


def test_lines_that_all_begin_with_a_space_are_not_pages() -> None:
    pages = read_pages("".join(f" Line {n} of an indented text.\n" for n in range(30)))
    assert not pages.breaks
    assert len(pages.printed) == 1


def test_pages_between_form_feeds_are_counted(tmp_path: Path) -> None:
    document = read(tmp_path, "First page ends in the\n\x0cmiddle of a sentence.\n\n\x0cThird page.\n")
    assert [(p.text, p.page) for p in document.passages] == [
        ("First page ends in the middle of a sentence.", "1"),
        ("Third page.", "3"),
    ]


@pytest.mark.parametrize(
    ("printed", "lost", "numbers"),
    [
        ([4, 5, None, 7], [], ["4", "5", "6", "7"]),
        ([None, 5, None], [], ["4", "5", "6"]),
        ([4, None, None, 9], [2], ["4", "5", "8", "9"]),
        ([4, None, None, 9], [], ["4", None, None, "9"]),
        ([4, None, None, 9], [1, 2], ["4", None, None, "9"]),
        ([None, None], [], ["1", "2"]),
    ],
)
def test_page_numbers_where_pages_are_missing(
    printed: list[int | None], lost: list[int], numbers: list[str | None]
) -> None:
    assert number_pages(Pages("", printed=printed, breaks=True), lost) == numbers


def test_a_changing_number_at_the_edge_is_the_page_and_a_constant_one_is_not() -> None:
    pages = read_pages("\x0c".join(f"Report 12\n\nText {w}.\n\n- {n} -\n" for n, w in ((7, "a"), (8, "b"), (9, "c"))))
    assert pages.printed == [7, 8, 9]
    assert [line.text for line in pages.lines] == ["Text a.", "Text b.", "Text c."]


def test_an_address_below_text_is_no_footer(tmp_path: Path) -> None:
    document = read(tmp_path, "See the page:\nhttps://example.org/a\n")
    assert document.links == []
    assert kinds(document) == [("sentence", "See the page: https://example.org/a")]


def test_a_table_whose_rows_cannot_be_told_keeps_its_text(tmp_path: Path) -> None:
    document = read(tmp_path, "Table 1: Costs\n\nDrug 10\nBath 20\n\nDiscussion\n\nIt is cheap.\n")
    assert [(t.label, t.rows) for t in document.tables] == [("Table 1", ())]
    assert kinds(document)[0] == ("table-caption", "Table 1: Costs")
    assert document.leftover() == []


def test_two_boxes_in_one_block(tmp_path: Path) -> None:
    text = "Title:\nInvented report\n-----------\nPublisher:\nNobody\n-----------\nText below the boxes.\n"
    document = read(tmp_path, text)
    assert [p.kind for p in document.passages] == [PassageKind.SIDEBAR] * 4 + [PassageKind.SENTENCE]
    assert document.front.title == 1
    assert document.leftover() == []


def test_words_of_the_metadata_extend_the_labels(tmp_path: Path) -> None:
    text = "Invented database\nQuando: 2 May 2023\nRisultati: 12\n\nbath*\n"
    assert read(tmp_path, text).searches == []
    (search,) = read(tmp_path, text, search_date=["Quando"], search_hits=["Risultati"]).searches
    assert (search.searched and search.searched.value, search.hits) == ("2023-05-02", 12)


def test_headings_and_lists_of_the_metadata(tmp_path: Path) -> None:
    text = (
        "Works that we found.\n\nWorks\n\n1. Doe J. One. Journal 2019;1:2.\n\n2. Doe J. Two. Journal 2019;1:3.\n\n"
        "3. Doe J. Three. Journal 2019;1:4.\n\n\n\nText after the list.\n"
    )
    document = read(tmp_path, text, headings=["Works"], listed_heading="Works")
    assert [r.title for r in document.listed] == ["One", "Two", "Three"]
    assert document.listed_heading == 1
    assert kinds(document)[-1] == ("sentence", "Text after the list.")


def test_unlisted_headings_of_one_look_stand_side_by_side(tmp_path: Path) -> None:
    outline = "\n\tKey messages\n\tForeword\n\tMethod\n\t\tSelection\n\n\tDiscussion\n"
    text = (
        "Key messages\n\nA summary of what we did in this report.\n\n"
        "Method\nWe searched databases, and sorted what we found.\n\n"
        "Costs\nWe counted what the baths cost in all the studies.\n\nForeword\n\nWe thank all the bathers.\n\n"
        "Method\n\nWe searched them all, and wrote it down.\n\nSelection\n\nTwo of us read the records.\n\n"
        "Criteria\nWe took what was about baths in tubs and in lakes.\n\nDiscussion\n\nIt is all invented.\n"
    )
    document = read(tmp_path, text + outline)
    assert [(s.level, s.title, s.parent) for s in document.sections] == [
        (1, "Key messages", None),
        (2, "Method", 0),
        (2, "Costs", 0),
        (1, "Foreword", None),
        (1, "Method", None),
        (2, "Selection", 4),
        (3, "Criteria", 5),
        (1, "Discussion", None),
    ]


def test_two_tables_without_caption_in_one_section(tmp_path: Path) -> None:
    table = "Population: Adults\nIntervention: Baths\nOutcome: All\n"
    document = read(tmp_path, f"Methods\n\nThese we took.\n\n{table}\nTable 1: Costs\n\n{table}")
    assert [(t.label, len(t.rows)) for t in document.tables] == [("Table 1", 0), ("[Methods]", 4), ("[Methods 2]", 4)]
    assert [p.place.table for p in document.passages if p.place] == ["[Methods]"] * 6 + ["[Methods 2]"] * 6


def test_a_passage_in_another_language_than_its_report(tmp_path: Path) -> None:
    text = "Methods\n\nWe searched for all studies of baths.\n\nVi søkte etter alle studier av bad.\nIkke mer.\n"
    document = read(tmp_path, text)
    assert [(p.text, p.language) for p in document.passages][-2:] == [
        ("Vi søkte etter alle studier av bad.", "nb"),
        ("Ikke mer.", None),
    ]


def test_the_metadata_says_what_a_section_speaks(tmp_path: Path) -> None:
    path = tmp_path / "source.txt"
    path.write_text("Kort\n\nBad.\n\nThis is an English sentence about baths.\n\nMethods\n\nMore.\n", encoding="utf-8")
    metadata = {"title": "Invented", "language": "en", "type": "hta-report", "layout": {"headings": ["Kort"]}}
    document = report.read(path, Metadata.model_validate(metadata | {"sections": {"Kort": {"language": "nb"}}}))
    assert [(p.text, p.language) for p in document.passages] == [
        ("Kort", "nb"),
        ("Bad.", "nb"),
        ("This is an English sentence about baths.", "en"),
        ("Methods", None),
        ("More.", None),
    ]


# Words and small parts


def test_every_label_has_the_built_in_languages() -> None:
    assert len(LABELS) == 18
    assert all(set(by_language) == {"en", "no", "sv", "da", "de"} for by_language in LABELS.values())
    assert all(set(by_language) == {"en", "nb", "nn", "sv", "da", "de"} for by_language in CHAPTERS.values())


@pytest.mark.parametrize("label", ["Table 1: Studies", "Tabell 12. Studier", "Tabelle 3", "Tabel 2 – Studier"])
def test_captions(label: str) -> None:
    assert caption_pattern("table", None).match(label)


@pytest.mark.parametrize("text", ["Table 1 shows the studies.", "Tables 1: x", "A table 1: x"])
def test_no_captions(text: str) -> None:
    assert caption_pattern("table", None).match(text) is None


def test_the_word_for_a_table_can_be_the_documents_own() -> None:
    layout = Layout(table_label="Taulukko")
    assert caption_pattern("table", layout.table_label).match("Taulukko 1: Tutkimukset")


@pytest.mark.parametrize(
    ("printed", "hits"),
    [("1,024", 1024), ("1.024 Treffer", 1024), ("12 records, after removal of duplicates", 12), ("none", None)],
)
def test_hits(printed: str, hits: int | None) -> None:
    assert count_hits(printed) == hits


def test_a_chapter_word_inside_a_title_makes_no_chapter() -> None:
    assert chapter_role("Resultater av litteratursøket") is None
    assert chapter_role("Anhang A: Suche") == "appendix"
