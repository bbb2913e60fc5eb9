"""The article loader on short invented texts, each of a form that real articles print and the two seeds do not."""

from pathlib import Path

import pytest

from msevidence.loaders.errors import SourceError
from tests.article_files import read_text, texts

LIST = "\n\nReferences\n\n1. Doe J. One. J Test 2019;1:1-9.\n2. Roe R. Two. J Test 2020;2:1-9.\n"
ENGLISH = """Journal of Tests
Original Article

A trial of nothing at all

Jane A. Doe¹, MD, PhD, Richard Roe², MSc, and Peter van der Test¹*

¹Department of Tests, Nowhere University Hospital, Nowhere
²Institute of Samples, Sampletown

*Correspondence: Peter van der Test, p@nowhere.invalid

Received: 12 January 2022; Accepted: 3 May 2022
DOI: https://doi.org/10.99999/test.2022.1

Abstract

Nothing was found.

Keywords: nothing; at all

Introduction

Nothing is known (1).

Conflicts of interest: none declared for JAD and RR. Peter van der Test has had fees.
"""


@pytest.mark.parametrize("title", ["A trial of nothing at all", "Journal of Tests"])
def test_front_matter_of_a_journal_page(tmp_path: Path, title: str) -> None:
    """Whether the metadata names the title or, as `msevidence new` writes it, the first line."""
    document = read_text(tmp_path, ENGLISH + LIST, title=title)
    assert document.leftover() == []
    assert [a.name for a in document.front.authors] == ["Jane A. Doe", "Richard Roe", "Peter van der Test"]
    assert {k: d.value for k, d in document.front.dates.items()} == {
        "received": "2022-01-12",
        "accepted": "2022-05-03",
    }
    assert document.front.doi == "10.99999/test.2022.1"
    assert [s.title for s in document.sections] == ["Abstract", "Introduction", "References"]
    declared = [[document.passages[i].text[:9] for i in a.interests] for a in document.front.authors]
    assert declared == [["Conflicts"], ["Conflicts"], ["Peter van"]]
    assert "sentence" not in {p.kind.value for p in document.passages[: document.sections[0].heading]}


def test_authors_with_posts_a_line_each(tmp_path: Path) -> None:
    text = (
        "Ett prov\n\nAnna Provsson, överläkare, Provkliniken, Ingenstad\n"
        "Bo Testström, professor, Institutionen för prov, Ingenstads universitet\n\nHuvudbudskap\n\nProv är bra (1).\n"
        "\nKällor\n\n(1) Prov A. Ett. Provtidn. 2018;1:E4.\n(2) Provverket. Riktlinjer. Ort: Provverket; 2016. Nr 3.\n"
    )
    document = read_text(tmp_path, text, language="sv", title="Ett prov")
    assert [a.name for a in document.front.authors] == ["Anna Provsson", "Bo Testström"]
    assert [(r.number, r.title, r.year) for r in document.references] == [(1, "Ett", "2018"), (2, "Riktlinjer", "2016")]
    assert [document.passages[i].text for i in document.front.summary] == ["Prov är bra (1)."]


def test_german_titles_sections_and_table_label(tmp_path: Path) -> None:
    text = (
        "Ein Test\n\nDr. med. Max Muster1, Prof. Dr. Erika Probe2\n\n"
        "1 Klinik für Tests, Nirgendwo\n2 Institut für Probe, X"
        "\n\nEinleitung\n\nText [1].\n\n1. Wirksamkeit\n\n1.1 Studien\n\nMehr Text [2].\n\n"
        "Autor\tJahr\nMuster [1]\t2015\n\nTab. 1 Studien ohne Inhalt\n\nLiteratur\n\n"
        "[1] Muster M (2018) Eins. Testarzt 89:1–3\n[2] Probe E. Zwei. Test 2019;2:1-9\n"
    )
    document = read_text(tmp_path, text, language="de", title="Ein Test")
    assert [a.name for a in document.front.authors] == ["Max Muster", "Erika Probe"]
    assert [(s.level, s.title) for s in document.sections] == [
        (1, "Einleitung"),
        (1, "1. Wirksamkeit"),
        (2, "1.1 Studien"),
        (1, "Literatur"),
    ]
    (table,) = document.tables
    assert table.label == "Tab. 1"
    assert texts(document, "table-caption") == ["Tab. 1 Studien ohne Inhalt"]


def test_a_line_with_a_date_that_cites_is_text(tmp_path: Path) -> None:
    text = "A test\n\nIntroduction\n\nPublished 3 May 2020, the trial was small (1).\n\nAccepted: 3 May 2021.\n"
    document = read_text(tmp_path, text + LIST)
    assert texts(document, "sentence") == ["Published 3 May 2020, the trial was small (1)."]
    assert document.front.dates["accepted"].value == "2021-05-03"


PAGES = """A test

Background
Tests have been used for many years in severe auto-
immune disorders, and treatment-
related harm is rare.[1] As many as half of all patients travel abroad, and few

{head}

the same treatment at home.[2] This is unfair.

Arguments for
It works, as has been shown in many trials.[2] Nobody doubts that it does so.
"""


def test_headings_and_running_heads_of_text_copied_from_a_pdf(tmp_path: Path) -> None:
    document = read_text(tmp_path, PAGES.format(head="Doe and Roe\nJournal of Tests\n\n35\n") + LIST)
    assert document.leftover() == []
    assert [s.title for s in document.sections] == ["Background", "Arguments for", "References"]
    assert texts(document, "sentence")[:3] == [
        "Tests have been used for many years in severe autoimmune disorders, and treatment-related harm is rare.[1]",
        "As many as half of all patients travel abroad, and few the same treatment at home.[2]",
        "This is unfair.",
    ]
    taken = {document.source[s.start : s.end] for s in document.furniture}
    assert {"Doe and Roe\nJournal of Tests", "35"} <= taken


def test_running_heads_beside_form_feeds(tmp_path: Path) -> None:
    head = "J Test 2019;1:35 | Doe and Roe"
    text = PAGES.format(head=f"2\n\f{head}") + "\n3\n\fJ Test 2019;1:36 | Doe and Roe" + LIST
    text = text.replace("2. Roe R. Two.", "4\n\fJ Test 2019;1:37 | Doe and Roe\n2. Roe R. Two.")
    document = read_text(tmp_path, text)
    assert document.leftover() == []
    assert not any("Doe and Roe" in p.text for p in document.passages)
    assert [r.pages for r in document.references] == ["1-9", "1-9"]
    assert "As many as half of all patients travel abroad, and few the same treatment at home.[2]" in texts(
        document, "sentence"
    )


def test_a_number_alone_is_kept_where_no_page_ends(tmp_path: Path) -> None:
    document = read_text(
        tmp_path, f"A test\n\nMethods\n\nThe number of patients was as follows.\n\n21\n\nText (1).{LIST}"
    )
    assert "21" in {p.text for p in document.passages}


LINKED = """Safety of nothing

Kommentar
Jane Doe, Richard Roe
About the authors

J Test 2020;12:34-8

Abstract

Background

Nothing is known.

Methods

We asked.

Background
The first test was done in 1995 [1], and others followed [2][3].

What should be done?
We propose the following:
1) Age of 18 years
2) Active disease [4]

References

1. Doe J. One. J Test. 1997;20:631–8.

Article
{space}
CAS
{space}
Google Scholar
{space}

2. Doe J. Two. J Test. 2001;1:1–2.
OpenUrlCrossRefPubMed
3. Doe J. Three. J Test. 2002;2:1. View Article PubMed Google Scholar
PubMed Abstract | CrossRef Full Text | Google Scholar
4. Doe J. Four. J Test. 2003;3:1. [DOI] [PubMed] [PMC free article]
Published: 3 March 2020

Download references

Author information

Department of Tests, Nowhere Hospital, Nowhere

Jane Doe & Richard Roe
"""


def test_a_web_page_with_links_between_its_references(tmp_path: Path) -> None:
    document = read_text(tmp_path, LINKED.format(space=" "), title="Safety of nothing")
    assert document.leftover() == []
    assert [(r.title, r.container, r.pages) for r in document.references] == [
        ("One", "J Test", "631-8"),
        ("Two", "J Test", "1-2"),
        ("Three", "J Test", "1"),
        ("Four", "J Test", "1"),
    ]
    assert [(s.level, s.title) for s in document.sections] == [
        (1, "Abstract"),
        (2, "Background"),
        (2, "Methods"),
        (1, "Background"),
        (1, "What should be done?"),
        (1, "References"),
        (1, "Author information"),
    ]
    assert [document.passages[i].text for i in document.front.summary] == ["Nothing is known.", "We asked."]
    assert [a.name for a in document.front.authors] == ["Jane Doe", "Richard Roe"]
    assert document.front.dates["published"].value == "2020-03-03"
    assert texts(document, "list-item") == ["Age of 18 years", "Active disease [4]"]
    assert [m.numbers for m in document.markers] == [(1,), (2,), (3,), (4,)]


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("Harm is rare.1,2", "'1' seems to be a raised number"),
        ("Harm is rare.¹˒²", "'¹' seems to be a raised number"),
        ("Harm is rare (Doe 2019).", "no citation of the 2 references was found"),
    ],
)
def test_raised_numbers_are_refused(tmp_path: Path, sentence: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read_text(tmp_path, f"A test\n\nIntroduction\n\n{sentence}{LIST}")
    assert caught.value.line == (9 if message.startswith("no") else 5)


def test_authors_with_letters_behind_their_names(tmp_path: Path) -> None:
    text = (
        "A test\n\nJ Doe MD a, R Roe PhD b,c\n\na Department of Tests, Test Hospital, X; b Institute of Tests, Y\n\n"
        f"Introduction\n\nText (1).\n\nInterests\n\nNone.{LIST}"
    )
    document = read_text(tmp_path, text)
    assert [a.name for a in document.front.authors] == ["J Doe", "R Roe"]
    assert texts(document, "sentence") == ["Text (1).", "None."]


def test_a_reference_list_under_a_heading_of_its_own(tmp_path: Path) -> None:
    entries = "1. Doe J. One. J Test 2019;1:1.\n2. Roe R. Two. J Test 2020;2:1.\n3. Poe P. Three. J Test 2021;3:1.\n"
    steps = "\n\nWhat to do\n\n1. Ask.\n2. Count.\n3. Write.\n"
    document = read_text(
        tmp_path, f"A test\n\nIntroduction\n\nText (1–3).{steps}\nFor those who want more\n\n{entries}"
    )
    assert [r.title for r in document.references] == ["One", "Two", "Three"]
    assert texts(document, "list-item") == ["Ask.", "Count.", "Write."]


def test_shares_and_spreads_in_cells_are_no_citations(tmp_path: Path) -> None:
    table = "Table 1. Patients\n\n\tAll\tDoe (2)\n"
    table += "Age, mean (SD)\t41 (2)\t38 (1)\nWomen, n (%)\t30 (1)\t22\nTrials\t7 (2)\t\n"
    document = read_text(tmp_path, f"A test\n\nIntroduction\n\nText (1).\n\n{table}{LIST}")
    cited = [document.passages[m.passage].text for m in document.markers]
    assert cited == ["Text (1).", "Doe (2)", "7 (2)"]
