"""The article loader on the real article (data/articles/nygaard-2024): every count worked out by hand from its text."""

from collections import Counter

import pytest

from msevidence.loaders.document import ParsedDocument, PartialDate
from msevidence.loaders.text import normalise
from tests.article_files import REAL, read_folder, texts


@pytest.fixture(scope="module")
def article() -> ParsedDocument:
    return read_folder(REAL)


def test_every_visible_character_has_a_place(article: ParsedDocument) -> None:
    assert article.leftover() == []
    dropped = {article.source[s.start : s.end].strip() for s in article.furniture}
    numbers = {f"{n}." for n in range(1, 16)}
    markup = {"[", "\\", "](#)", "*", "<", ">", ">\n\n-", "[PubMed][CrossRef]", "uxgryg@ous-hf.no"}
    assert dropped == numbers | markup


def test_passages_by_kind(article: ParsedDocument) -> None:
    assert Counter(p.kind.value for p in article.passages) == {
        "front-matter": 21,  # title, rubric, 2 names, 6 + 3 + 3 sentences about the authors, 3 + 1 + 1 of the imprint
        "sentence": 63,
        "heading": 6,
        "table-caption": 1,
        "table-header": 5,
        "table-cell": 20,
        "figure-caption": 1,
        "pull-quote": 2,
        "reference-entry": 15,
    }


def test_passages_stand_in_reading_order_where_they_say(article: ParsedDocument) -> None:
    starts = [p.spans[0].start for p in article.passages]
    assert starts == sorted(starts)
    for passage in article.passages:
        assert len(passage.spans) == 1
        assert normalise(passage.text).text == passage.text != ""
        for character, start, end in zip(passage.text, passage.content.starts, passage.content.ends, strict=True):
            raw = article.source[start:end]
            assert raw == character or raw.isspace() or (character == "-" and raw == "–")


def test_sections(article: ParsedDocument) -> None:
    assert [(s.title, s.level, s.parent) for s in article.sections] == [
        ("Stem cell therapy changes the immune system", 1, None),
        ("Stem cell therapy in Norway", 1, None),
        ("Stem cell therapy is safe, but challenging", 1, None),
        ("Stem cell therapy is effective for some", 1, None),
        ("Stem cell therapy should be available in Norway", 1, None),
        ("LITERATURE", 1, None),
    ]
    counts = Counter(p.section for p in article.passages if p.kind.value == "sentence")
    assert counts == {None: 9, 0: 6, 1: 8, 2: 12, 3: 18, 4: 10}
    heading = article.passages[article.reference_heading or 0]
    assert (heading.text, heading.section) == ("LITERATURE", 5)


def test_a_sentence_that_the_page_cuts_is_one(article: ParsedDocument) -> None:
    assert (
        "He has assessed the scientific basis for stem cell therapy for the Multiple Sclerosis Association in Norway."
        in texts(article, "front-matter")
    )
    (cut,) = [t for t in texts(article, "sentence") if t.startswith("A recent registry study")]
    assert "compared to some of the most effective conventional MS medications, while" in cut
    assert cut.endswith("equally effective (12).")


def test_markers(article: ParsedDocument) -> None:
    assert [m.numbers for m in article.markers] == [
        *((1,), (2,), (3, 4), (5, 6), (7,), (8,), (6, 9, 10, 11, 12), (6,)),
        *((10,), (11,), (6,), (12,)),  # the header of table 1
        *((5,), (13,), (5, 13), (14,), (6,), (10,), (11,), (6,), (15,), (13,), (6,), (12,), (6,)),
    ]
    assert [m.printed for m in article.markers[:6]] == [
        *(r"[\(1\)](#)", r"[\(2\)](#)", r"[\(3, 4\)](#)", r"[\(5, 6\)](#)", r"[\(7\)](#)", "(8)")
    ]
    assert [m.from_range for m in article.markers if m.from_range] == [frozenset({10, 11})]
    for marker in article.markers:
        shown = article.passages[marker.passage].text[marker.begin : marker.end]
        assert shown == normalise(marker.printed.replace("\\", "").replace("[", "").replace("](#)", "")).text
    two = [p for p, n in Counter(m.passage for m in article.markers).items() if n > 1]
    assert [article.passages[p].text[:40] for p in two] == ["Although many patients in the control gr"]


def test_link_markup_is_left_out_of_the_text(article: ParsedDocument) -> None:
    assert (
        "This is effective for most patients, but some still experience relapses and disease progression (3, 4)."
        in texts(article, "sentence")
    )


def test_table_1(article: ParsedDocument) -> None:
    (table,) = article.tables
    assert table.label == "Table 1"
    assert table.caption is not None
    assert article.passages[table.caption].text == "Table 1 Effect of stem cell therapy in MS"
    rows = [[article.passages[cell].text for (cell,) in row] for row in table.rows]
    assert [len(row) for row in rows] == [5, 5, 5, 5, 5]
    assert rows[0] == [
        "Study",
        "Randomised clinical phase 2 trial 2015 (10)",
        "Randomised clinical phase 3 trial 2019 (11)",
        "Meta-analysis of observational studies 2022 (6)",
        "Registry study 2023 (12)",
    ]
    assert [row[0] for row in rows] == ["Study", "Population", "Treatment", "Follow-up period", "Effect"]
    assert rows[3][3] == "0.5-11.3 years"
    assert rows[4][4].count(". ") == 1  # two sentences, one cell, one passage
    for r, row in enumerate(table.rows):
        for c, (cell,) in enumerate(row):
            passage = article.passages[cell]
            assert passage.place is not None
            assert (passage.place.table, passage.place.row, passage.place.column) == ("Table 1", r, c)


def test_figure_and_pull_quotes(article: ParsedDocument) -> None:
    (figure,) = article.figures
    assert figure.label == "Figure 1"
    assert texts(article, "figure-caption") == ["Figure 1 Stem cell therapy in multiple sclerosis"]
    tied = [
        (article.passages[q.of or 0].text[:36], q.shortened, article.passages[q.passage].kind.value)
        for q in article.pull_quotes
    ]
    assert tied == [
        ("The goal of stem cell therapy is to ", False, "pull-quote"),
        ("Although more knowledge is still nee", True, "pull-quote"),
    ]


def test_authors_and_what_they_declare(article: ParsedDocument) -> None:
    told = [
        (a.name, len(a.passages), [article.passages[i].text[:30] for i in a.interests]) for a in article.front.authors
    ]
    assert told == [
        ("Gro Owren Nygaard", 7, ["The author has completed the I"]),
        (
            "Trygve Holmøy",
            7,
            ["The author has completed the I", "He has assessed the scientific", "He is involved in the RAM-MS s"],
        ),
    ]


def test_an_e_mail_address_is_in_no_passage(article: ParsedDocument) -> None:
    assert "uxgryg@ous-hf.no" in article.source
    at = article.source.index("uxgryg@ous-hf.no")
    assert not [p for p in article.passages for s in p.spans if s.start < at + 16 and s.end > at]


def test_title_standfirst_and_imprint(article: ParsedDocument) -> None:
    front = article.front
    assert front.title == 0
    assert [article.passages[i].text[:30] for i in front.summary] == [
        "Many Norwegian patients with m",
        "Based on the current knowledge",
    ]
    assert front.dates == {
        "published": PartialDate("12. February 2024", "2024-02-12"),
        "received": PartialDate("9.11.2023", "2023-11-09"),
        "revised": PartialDate("27.11.2023", "2023-11-27"),
        "accepted": PartialDate("5.12.2023", "2023-12-05"),
        "copied": PartialDate("4 July 2026", "2026-07-04"),
    }
    for key, date in front.dates.items():
        assert date.printed in article.passages[front.date_passages[key]].text
    assert front.doi == "10.4045/tidsskr.23.0770"


def test_the_reference_list(article: ParsedDocument) -> None:
    told = [(r.number, len(r.authors), r.et_al, r.container, r.year, r.volume, r.pages) for r in article.references]
    assert told == [
        (1, 1, False, "NRK", "2023", None, None),
        (2, 0, False, None, None, None, None),
        (3, 3, True, "Tidsskr Nor Legeforen", "2021", "141", None),
        (4, 2, False, "Am J Med", "2020", "133", "1380-1390.e2"),
        (5, 0, False, "Bone Marrow Transplant", "2020", "55", "283-306"),
        (6, 3, True, "Neurol Ther", "2022", "11", "1553-69"),
        (7, 1, False, "Science", "2023", "380", "470-1"),
        (8, 0, False, None, None, None, None),
        (9, 3, True, "Bone Marrow Transplant", "1997", "20", "631-8"),
        (10, 0, False, "Neurology", "2015", "84", "981-8"),
        (11, 3, True, "JAMA", "2019", "321", "165-74"),
        (12, 0, False, "JAMA Neurol", "2023", "80", "702-13"),
        (13, 3, True, "Mult Scler", "2020", "26", "1889-97"),
        (14, 3, True, "JAMA Neurol", "2020", "77", "184-91"),
        (15, 3, True, "Mult Scler", "2021", "27", "1198-204"),
    ]
    groups = {r.number: r.group_author.split()[0] for r in article.references if r.group_author}
    assert groups == {2: "Helsedirektoratet", 5: "European", 8: "Nasjonalt", 10: "ASTIMS", 12: "MSBase"}
    assert {r.number: r.doi for r in article.references if r.doi} == {3: "10.4045/tidsskr.21.0155"}
    assert {r.number: r.accessed.value for r in article.references if r.accessed} == {
        1: "2023-11-23",
        2: "2023-10-15",
        8: "2023-10-15",
    }
    assert all(r.title for r in article.references)


def test_entries_that_the_page_cuts(article: ParsedDocument) -> None:
    first, eleventh = article.references[0], article.references[10]
    address = (
        "https://www.nrk.no/rogaland/xl/bade-tommy-herredsvela-ogline-flesjaa-"
        "har-ms-_-men-line-har-tatt-stamcellebehandling-1.16610171"
    )
    assert first.url == address
    assert first.title == "Én sykdom – to helt forskjellige skjebner"
    assert first.published == PartialDate("11.11.2023", "2023-11-11")
    assert "flesjaa->\n\n- har-ms" in first.printed
    assert address in article.passages[first.passage].text
    assert eleventh.title is not None
    assert eleventh.title.endswith("With Relapsing-Remitting Multiple Sclerosis: A Randomized Clinical Trial")


def test_languages(article: ParsedDocument) -> None:
    norwegian = [r.number for r in article.references if article.passages[r.passage].language == "nb"]
    assert norwegian == [1, 2, 3, 8]
    assert Counter(p.language for p in article.passages) == {None: len(article.passages) - 4, "nb": 4}
