"""Articles in JATS XML: what is read of the text, and where it stands in the file."""

import html
from pathlib import Path

import pytest

from msevidence.loaders.document import ParsedDocument, PassageKind
from msevidence.loaders.jats import JatsDocument, jats_context, jats_faults, read_jats
from msevidence.loaders.text import squash
from tests.exports.jats_files import AUTHOR_YEAR, NUMBERED, article, cited, sentences


@pytest.fixture(scope="module")
def numbered() -> JatsDocument:
    return read_jats(NUMBERED)


@pytest.fixture(scope="module")
def parsed(numbered: JatsDocument) -> ParsedDocument:
    return numbered.parsed


def index_of(document: ParsedDocument, text: str) -> int:
    (found,) = [i for i, p in enumerate(document.passages) if p.text == text]
    return found


def test_metadata(numbered: JatsDocument) -> None:
    metadata = numbered.metadata
    assert numbered.key == "10-9999-jic-2031-17"
    assert metadata.title == "Cells & evidence: a made-up review"
    assert (metadata.language, metadata.type, metadata.published) == ("en", "review-article", "2031-03-05")
    assert metadata.container == "Journal of Invented Cells"
    assert [(i.scheme, i.value) for i in metadata.identifiers] == [
        ("doi", "10.9999/jic.2031.17"),
        ("pmcid", "PMC9900017"),
        ("pmid", "90000017"),
    ]
    assert metadata.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert metadata.rights == "© 2031 The Authors. Ask ******************. Free to use."
    dates = {name: (d.printed, d.value) for name, d in numbered.parsed.front.dates.items()}
    assert dates == {
        "received": ("30 11 2030", "2030-11-30"),
        "revised": ("1 2031", "2031-01"),
        "accepted": ("31 2 2031", "2031"),
        "published": ("5 Mar 2031", "2031-03-05"),
    }


def test_metadata_without_much() -> None:
    read = read_jats(AUTHOR_YEAR)
    assert read.key == "pmc9900021"
    assert (read.metadata.language, read.metadata.type, read.metadata.published) == ("nb", "opinion", "2030-06-01")
    assert (read.metadata.rights, read.metadata.licence) == ("No licence is recorded.", None)


def test_the_key_is_the_hash_where_there_is_no_identifier() -> None:
    read = article("<p>One.</p>", attributes='article-type="research-article"')
    assert read.key == read.sha256[:12] and len(read.sha256) == 64
    assert read.metadata.type == "journal-article"
    assert read.faults == ()


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("research-article", "journal-article"),
        ("systematic-review", "systematic-review"),
        ("letter", "journal-article"),
    ],
)
def test_kind_of_article(printed: str, kind: str) -> None:
    read = article("<p>One.</p>", attributes=f'article-type="{printed}"')
    assert (read.metadata.type, read.faults) == (kind, ())


def test_what_is_not_known_of_an_article_is_told() -> None:
    read = article("<p>One.</p>", attributes='article-type="sonnet" xml:lang="tlh"')
    assert (read.metadata.type, read.metadata.language) == ("journal-article", "en")
    assert len(read.faults) == 2 and "'sonnet'" in read.faults[0] and "'tlh'" in read.faults[1]


def test_authors_and_their_interests(parsed: ParsedDocument) -> None:
    assert [a.name for a in parsed.front.authors] == ["Åse M. Øvrebø", "The Fiction Group"]
    assert parsed.passages[parsed.front.authors[0].passages[0]].text == "Øvrebø Åse M. PhD"
    (declared,) = parsed.front.authors[0].interests
    assert parsed.passages[declared].text == "Åse M. Øvrebø has shares in a factory of fables."
    assert parsed.front.authors[1].interests == ()
    front = sentences(parsed, "front-matter")
    assert "Redder Ida Editor" in front
    assert "Institute of Fables, Bergen, Norway;" in front
    assert "Åse M. Øvrebø invents reviews." in front
    assert parsed.front.title == 0


def test_sections_have_levels_and_roles(parsed: ParsedDocument) -> None:
    found = [
        (s.title, s.level, None if s.parent is None else parsed.sections[s.parent].title, s.role)
        for s in parsed.sections
    ]
    assert found == [
        ("Abstract", 1, None, "abstract"),
        ("Background", 2, "Abstract", "introduction"),
        ("Registration", 2, "Abstract", None),
        ("Abstract", 1, None, "abstract"),
        ("1 Introduction", 1, None, "introduction"),
        ("Patients and methods", 1, None, "methods"),
        ("Design", 2, "Patients and methods", None),
        ("Results and discussion", 1, None, None),
        ("Acknowledgements", 1, None, None),
        ("References", 1, None, "references"),
    ]
    assert parsed.reference_heading == index_of(parsed, "References")
    assert [parsed.passages[i].text for i in parsed.front.summary][:3] == [
        "Abstract",
        "Background",
        "Cells were invented [1].",
    ]
    norwegian = parsed.passages[index_of(parsed, "Celler ble funnet opp for lenge siden.")]
    assert norwegian.language == "nb"


def test_sentences_of_the_text(parsed: ParsedDocument) -> None:
    found = sentences(parsed)
    start = found.index("A first line stands under no heading.")
    assert found[start : start + 16] == [
        "A first line stands under no heading.",
        "Cells cure fables [1,3-5].",
        "Others doubt it, as Holm et al. do [2]; write to or to <soon>.",
        "A <tag> is no tag, and m2 is an area.",
        "Ranges hide numbers [2]-[4].",
        "Raised marks follow the stop.1,4",
        "The next sentence begins here.2-4",
        "One mark holds a whole range [1-3].",
        "The twin entry [6] is two works.",
        "A mark without text counts, too.",
        "The study (EudraCT 2031-000123-45) is registered here.",
        "A figure stands in the middle of this sentence.",
        "We list:",
        "and go on.",
        "The sum is a+b, as known.",
        "Nothing else was found.",
    ]
    listed = parsed.passages[index_of(parsed, "We list:")], parsed.passages[index_of(parsed, "and go on.")]
    assert listed[0].paragraph == listed[1].paragraph != 0
    assert sentences(parsed, "list-item") == [
        "one fable [3]",
        "two fables:",
        "the second.",
        "CFA",
        "cell fable analysis",
    ]
    assert sentences(parsed, "sidebar") == ["Key points", "Fables are old.", "They stay [1]."]
    assert sentences(parsed, "pull-quote") == ["Nothing else was found."]
    assert "Fables [1] are fables." not in found


def test_citations(numbered: JatsDocument) -> None:
    nothing: frozenset[int] = frozenset()
    assert cited(numbered) == [
        ("[1]", (1,), nothing),
        ("[1,3-5]", (1, 3, 4, 5), frozenset({4})),
        ("[2]", (2,), nothing),
        ("[2]-[4]", (2, 3, 4), frozenset({3})),
        ("1,4", (1, 4), nothing),
        ("2-4", (2, 3, 4), frozenset({3})),
        ("[1-3]", (1, 2, 3), frozenset({2})),
        ("[6]", (6, 7), nothing),
        ("text", (5,), nothing),
        ("[3]", (3,), nothing),
        ("[2]", (2,), nothing),
        ("[4]", (4,), nothing),
        ("[5]", (5,), nothing),
        ("[1]", (1,), nothing),
        ("[1]", (1,), nothing),
    ]
    for marker in numbered.parsed.markers:
        assert numbered.parsed.passages[marker.passage].text[marker.begin : marker.end] == marker.printed


def test_citations_by_author_and_year() -> None:
    read = read_jats(AUTHOR_YEAR)
    assert [(m.printed, m.numbers, m.locator) for m in read.parsed.markers] == [
        ("(Holm, 2019; Ås og Vik, 2021)", (1, 3), None),
        ("Moe et al. (2020)", (2,), None),
        ("Holm 2019", (1,), "s. 3"),
    ]
    assert sentences(read.parsed) == [
        "Behandlingen virker hos de fleste (Holm, 2019; Ås og Vik, 2021).",
        "Andre er uenige, som Moe et al. (2020) skriver.",
        "Det er godt kjent. (Holm 2019, s. 3)",
        "Ingen vet mer om dette enn Lie (2022).",
    ]
    assert [(r.number, r.label) for r in read.parsed.references] == [(1, None), (2, "Moe 2020"), (3, None)]
    assert read.faults == ("line 8: a citation leads to 'B9', which no reference of the list has",)


X = '<xref ref-type="bibr" rid="{}">{}</xref>'


@pytest.mark.parametrize(
    ("marks", "numbers", "ranged"),
    [
        ("[" + X.format("R3", "3") + "–" + X.format("R7", "7") + "]", (3, 4, 5, 6, 7), {4, 5, 6}),
        (X.format("R3", "[3]") + "&#x2013;" + X.format("R7", "[7]"), (3, 4, 5, 6, 7), {4, 5, 6}),
        (X.format("R3", "3") + " - " + X.format("R4", "4"), (3, 4), set()),
        (X.format("R3 R4 R5", "[3–5]"), (3, 4, 5), {4}),
        (X.format("R3", "[3–5]"), (3, 4, 5), {4}),
        (X.format("R1 R2", "[1, 2]"), (1, 2), set()),
        (X.format("R1", "1") + ", " + X.format("R3", "3") + "-" + X.format("R5", "5") + ";" + X.format("R4", "4"),
         (1, 3, 4, 5), set()),
        ("<sup>" + X.format("R1", "1") + "," + X.format("R2", "2") + "</sup>", (1, 2), set()),
        (X.format("R1", "<sup>1</sup>") + X.format("R2", "<sup>,2</sup>"), (1, 2), set()),
        ("(" + X.format("R1", "Holm 2020") + " and " + X.format("R2", "Moe 2021") + ")", (1, 2), set()),
        ("(" + X.format("R1", "Holm 2020") + "–" + X.format("R4", "2021") + ")", (1, 4), set()),
        ("[" + X.format("R3", "3") + "–" + X.format("R4", "") + X.format("R5", "") + X.format("R6", "6") + "]",
         (3, 4, 5, 6), set()),
        ('<xref rid="R2">2</xref>', (2,), set()),
    ],
)  # fmt: skip
def test_citations_side_by_side_are_one_marker(marks: str, numbers: tuple[int, ...], ranged: set[int]) -> None:
    read = article(f"<p>It helps {marks}.</p>")
    assert [(m.numbers, set(m.from_range)) for m in read.parsed.markers] == [(numbers, ranged)]
    assert read.faults == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It ended.<sup>{1}</sup> Then it began.", ["It ended.1", "Then it began."]),
        ("It ended<sup>{1}</sup>. Then it began.", ["It ended1.", "Then it began."]),
        ("It ended. {[1]} Then it began.", ["It ended. [1]", "Then it began."]),
        ("It ended.{[1]} Then it began.", ["It ended.[1]", "Then it began."]),
        ("It ended. ({Holm 2020}) Then it began.", ["It ended. (Holm 2020)", "Then it began."]),
        ("It ended. {Holm 2020} showed it. So.", ["It ended.", "Holm 2020 showed it.", "So."]),
        ("It was by Holm et al.<sup>{1}</sup> Then it began.", ["It was by Holm et al.1 Then it began."]),
        ("It ended.{<sup>1</sup>}", ["It ended.1"]),
        ("{[1]} It ended. Then.", ["[1] It ended.", "Then."]),
        ("It was 3.5<sup>{1}</sup> units. Then.", ["It was 3.51 units.", "Then."]),
    ],
)
def test_a_citation_behind_a_stop_belongs_to_its_sentence(text: str, parts: list[str]) -> None:
    marked = text.replace("{", '<xref ref-type="bibr" rid="R1">').replace("}", "</xref>")
    read = article(f"<p>{marked}</p>")
    assert sentences(read.parsed) == parts
    (marker,) = read.parsed.markers
    assert "1" in marker.printed or "Holm" in marker.printed


def test_separate_citations_are_separate_markers() -> None:
    read = article(f"<p>One {X.format('R1', '[1]')} and another one {X.format('R2', '[2]')}.</p>")
    assert [m.numbers for m in read.parsed.markers] == [(1,), (2,)]


def test_a_range_that_runs_backwards_is_told() -> None:
    read = article(f"<p>It helps [{X.format('R5', '5')}–{X.format('R2', '2')}].</p>")
    assert [m.numbers for m in read.parsed.markers] == [(5, 2)]
    (fault,) = read.faults
    assert "backwards" in fault


def test_cross_references_cite_nothing() -> None:
    read = article(
        '<p>See <xref ref-type="fig" rid="F1">Figure 1</xref> (<xref ref-type="table" rid="T">2</xref>).</p>'
    )
    assert (read.parsed.markers, read.faults) == ([], ())
    assert sentences(read.parsed) == ["See Figure 1 (2)."]


def test_references(parsed: ParsedDocument) -> None:
    one, two, book, free, web, *twins = parsed.references
    assert (one.authors, one.et_al, one.title) == (("Æsop A", "La Fontaine J"), True, "The fox and the cells")
    assert (one.container, one.year, one.volume, one.issue, one.pages) == ("Fables J", "2029", "7", "2", "101-9")
    assert one.published and (one.published.printed, one.published.value) == ("3 Feb 2029", "2029-02-03")
    assert (one.doi, one.pmid, one.pmcid, one.label) == ("10.9999/FJ.2029.7", "90000001", "PMC9900001", None)
    assert (two.authors, two.group_author, two.title) == (("Holm B.",), "Fable Trial Group", "Doubts about cells")
    assert (two.container, two.year, two.pages, two.doi) == ("Doubt", "2030", "e12", "10.9999/doubt.12")
    assert two.printed.startswith("Holm, B., and Fable Trial Group (2030a).") and "@" not in two.printed
    assert (book.authors, book.title, book.container, book.year) == ((), "The book of fables", None, "2028")
    assert book.printed == "Redder I, ed. The book of fables. Fable Press; 2028."
    assert (free.authors, free.title, free.container) == (("Grimm J", "Grimm W"), "Cells in the wood", "Fables J")
    assert (free.year, free.volume, free.issue, free.pages) == ("2027", "5", "1", "11-19")
    assert (web.group_author, web.url, web.year, web.pmid) == (
        "Registry of Fables",
        "https://fables.example.org/1",
        "2033",
        None,
    )
    assert web.accessed and (web.accessed.printed, web.accessed.value) == ("2030 Jan 2", "2030-01-02")
    assert [(t.number, t.label, t.title) for t in twins] == [(6, "6a", "First twin"), (7, "6b", "Second twin")]


def test_a_part_of_an_entry_can_be_cited_alone() -> None:
    back = (
        '<ref-list><ref id="A"><label>1</label><mixed-citation>One. A. J. 2020;1:1.</mixed-citation>'
        '<mixed-citation id="Ab">Two. B. J. 2020;1:2.</mixed-citation></ref>'
        '<ref id="C"><label>2</label><mixed-citation>Three. C. J. 2020;1:3.</mixed-citation></ref></ref-list>'
    )
    body = "".join(f'<p>It helps [<xref ref-type="bibr" rid="{rid}">1</xref>].</p>' for rid in ("A", "Ab", "C"))
    read = article(body, back=back)
    assert [m.numbers for m in read.parsed.markers] == [(1, 3), (3,), (2,)]
    assert [r.number for r in read.parsed.references] == [1, 2, 3]


def test_a_second_list_that_begins_again_at_one() -> None:
    lists = "".join(
        "<ref-list>"
        + "".join(
            f'<ref id="{name}{n}"><label>{n}</label><mixed-citation>A B. {name}{n}. J. 2020.</mixed-citation></ref>'
            for n in range(1, 5)
        )
        + "</ref-list>"
        for name in "RS"
    )
    read = article(f"<p>It helps [{X.format('S1', '1')}–{X.format('S3', '3')}].</p>", back=lists)
    assert [(m.numbers, set(m.from_range)) for m in read.parsed.markers] == [((5, 6, 7), {6})]
    assert [r.label for r in read.parsed.references] == [None] * 4 + ["1", "2", "3", "4"]


def test_members_of_a_group_are_no_authors_of_their_own() -> None:
    member = "<contrib><name><surname>Holm</surname><given-names>B</given-names></name></contrib>"
    collab = f"<collab>The Group<contrib-group>{member}</contrib-group></collab>"
    read = article("<p>One.</p>", front=f"<contrib-group><contrib>{collab}</contrib></contrib-group>")
    assert [a.name for a in read.parsed.front.authors] == ["The Group"]
    assert sentences(read.parsed, "front-matter") == ["T", "The Group", "Holm B"]


def test_a_letter_without_a_title_and_a_book() -> None:
    refs = (
        '<ref><citation citation-type="journal"><source>Fables J</source><year>2020</year></citation></ref>'
        "<ref><mixed-citation><source>Fables J</source> <volume>2</volume></mixed-citation></ref>"
        '<ref><mixed-citation publication-type="book"><source>Fables</source> <volume>2</volume></mixed-citation></ref>'
        "<ref><note><p>Seen by nobody.</p></note></ref>"
    )
    read = article("<p>One.</p>", back=f"<ref-list>{refs}</ref-list>")
    found = [(r.title, r.container, r.printed) for r in read.parsed.references]
    assert found[:3] == [
        (None, "Fables J", "Fables J 2020"),
        (None, "Fables J", "Fables J 2"),
        ("Fables", None, "Fables 2"),
    ]
    assert found[3][2] == "Seen by nobody."


def test_tables(parsed: ParsedDocument) -> None:
    first, second = parsed.tables
    texts = [[[parsed.passages[p].text for p in cell] for cell in row] for row in first.rows]
    assert texts == [
        [["Fable"], ["Cells [4]", "n"], ["Cells [4]", "%"]],
        [["Fox [5]"], ["12"], ["40"]],
        [["Crow"], ["18"], ["60"]],
        [[], ["1"], []],
    ]
    assert first.label == "Table 1" and first.caption == index_of(parsed, "Table 1 Fables by cell.")
    assert (second.label, second.rows[0]) == ("Table 1 (2)", ((), ()))
    cell = parsed.passages[index_of(parsed, "60")]
    assert cell.place and (cell.place.table, cell.place.row, cell.place.column) == ("Table 1", 2, 2)
    assert cell.kind is PassageKind.TABLE_CELL
    assert sentences(parsed, "table-header") == ["Fable", "Cells [4]", "n", "%"]


def test_a_hostile_span_of_a_cell_makes_no_large_table() -> None:
    cells = '<td colspan="999999999">a</td><td rowspan="99999999999999">b</td><td colspan="x">c</td>'
    read = article(f"<table-wrap><table><tr>{cells}</tr><tr><td>d</td></tr></table></table-wrap>")
    assert sentences(read.parsed, "table-cell") == ["a", "b", "c", "d"]
    assert max(len(row) for row in read.parsed.tables[0].rows) < 1100


def test_figures_and_footnotes(parsed: ParsedDocument) -> None:
    (figure,) = parsed.figures
    assert figure.label == "Figure 1" and figure.caption is not None
    assert sentences(parsed, "figure-caption") == ["Figure 1. A flow of fables.", "Drawn after Holm [2].", "By hand."]
    assert sentences(parsed, "figure-text") == ["Picture: nobody"]
    notes = [
        (n.mark, parsed.passages[n.passage].text, n.anchor and parsed.passages[n.anchor].text, n.offset)
        for n in parsed.footnotes
    ]
    assert notes == [
        ("*", "Read at no meeting.", 0, 34),
        ("b", "Share of all.", "%", 1),
        ("a", "In arithmetic.", "The sum is a+b, as known.", 24),
    ]


def test_registry_numbers_and_their_links(parsed: ParsedDocument) -> None:
    found = [(n.scheme, n.normalised, parsed.passages[n.passage].kind.value, n.link) for n in parsed.numbers]
    assert found == [
        ("NCT", "NCT09990003", "link", "https://clinicaltrials.gov/study/NCT09990003"),
        ("NCT", "NCT09990001", "sentence", "https://clinicaltrials.gov/study/NCT09990001"),
        ("ISRCTN", "ISRCTN99900012", "front-matter", None),
        ("EudraCT", "2031-000123-45", "sentence", None),
        ("ISRCTN", "ISRCTN99900099", "link", "https://www.isrctn.com/ISRCTN99900099"),
    ]


def test_a_link_that_leads_to_another_number_is_kept_as_it_is() -> None:
    read = article(
        '<p>See <ext-link xlink:href="https://clinicaltrials.gov/study/NCT09990002">NCT09990001</ext-link>.</p>'
    )
    assert [(n.normalised, n.link) for n in read.parsed.numbers] == [
        ("NCT09990001", "https://clinicaltrials.gov/study/NCT09990002")
    ]


@pytest.mark.parametrize("path", [NUMBERED, AUTHOR_YEAR])
def test_every_passage_stands_at_its_place_letter_by_letter(path: Path) -> None:
    read = read_jats(path)
    source = path.read_bytes().decode()
    assert read.parsed.source == source
    for passage in read.parsed.passages:
        pieces = [source[s.start : s.end] for s in passage.spans]
        assert pieces and not any("<" in p or ">" in p for p in pieces)
        words = squash("".join(html.unescape(p) for p in pieces))
        assert [c for c in words if not c.isspace()] == [c for c in passage.text if not c.isspace()]
        content = passage.content
        for letter, start, end in zip(content.text, content.starts, content.ends, strict=True):
            spelled = html.unescape(source[start:end])
            assert spelled.isspace() or not spelled if letter == " " else squash(spelled) == letter
    assert read.parsed.leftover() == []


def test_a_sentence_is_cut_at_tags_only() -> None:
    read = article("<p>One <italic>two</italic>three &amp; <!-- no -->four &#x3b1;<![CDATA[ < five]]>.</p>")
    (passage,) = [p for p in read.parsed.passages if p.kind.value == "sentence"]
    assert passage.text == "One twothree & four α < five."
    source = read.parsed.source
    assert [source[s.start : s.end] for s in passage.spans] == [
        "One",
        "two",
        "three &amp;",
        "four &#x3b1;",
        "< five",
        ".",
    ]


def test_a_line_break_cuts_nothing_and_joins_no_words() -> None:
    read = article("<p>One B-\n    cell\n  and <b>\n two</b> \n <i> three</i>.</p>")
    (passage,) = [p for p in read.parsed.passages if p.kind.value == "sentence"]
    assert passage.text == "One B- cell and two three."
    pieces = [read.parsed.source[s.start : s.end] for s in passage.spans]
    assert pieces == ["One B-\n    cell\n  and", "two", "three", "."]


def test_letters_that_unicode_composes_are_one_and_dashes_fold() -> None:
    read = article("<p>E\u0301te\u0301 e<b>\u0301</b> 1&#x2013;2 so\u00adft.</p>")
    (passage,) = [p for p in read.parsed.passages if p.kind.value == "sentence"]
    assert passage.text == "Ét\u00e9 e\u0301 1-2 soft."


def test_windows_line_ends_and_a_byte_order_mark_keep_their_places(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + NUMBERED.read_bytes().replace(b"\n", b"\r\n")
    read, plain = read_jats(data, "windows.xml"), read_jats(NUMBERED)
    assert [p.text for p in read.parsed.passages] == [p.text for p in plain.parsed.passages]
    source = data.decode()
    passage = next(p for p in read.parsed.passages if p.text.startswith("Ranges hide"))
    assert source[passage.spans[0].start : passage.spans[0].end] == "Ranges hide numbers"


def test_contact_data_is_in_no_passage(numbered: JatsDocument) -> None:
    for passage in numbered.parsed.passages:
        assert "@" not in passage.text and "Fable Street" not in passage.text and "+47" not in passage.text
    context = jats_context(numbered, NUMBERED)
    hidden = [context.exact(s) for s in numbered.parsed.private]
    assert hidden and all(set(h) == {"*"} for h in hidden)


def test_an_address_spelled_with_entities_is_masked_too() -> None:
    read = article('<p>Write <ext-link xlink:href="mailto:x&#64;y.org">here</ext-link> or x&#64;y.org today.</p>')
    (passage,) = [p for p in read.parsed.passages if p.kind.value == "sentence"]
    assert passage.text == "Write here or today."
    from msevidence.loaders.text import Span

    whole = Span(passage.spans[0].start, passage.spans[-1].end)
    exact = jats_context(read, Path("a.xml")).exact(whole)
    assert len(exact) == whole.end - whole.start and "y.org" not in exact


def test_the_checks_tell_and_stop_nothing(numbered: JatsDocument) -> None:
    faults = jats_faults(numbered, jats_context(numbered, NUMBERED))
    assert faults[: len(numbered.faults)] == list(numbered.faults) and len(numbered.faults) == 3
    assert "31 2 2031" in faults[0] and "pmid" in faults[1] and "sub-article" in faults[2]
    (late,) = faults[3:]
    assert late.startswith("line 67: reference 5 is of 2033, the document of 2031-03-05")
    read = article("<p>The study NCT0999 was small.</p>")
    (malformed,) = jats_faults(read, jats_context(read, Path("a.xml")))
    assert malformed.startswith("line 1: registry number 'NCT0999'")


def test_words_where_none_belong_are_kept_and_told() -> None:
    read = article("<list>stray words<list-item><p>one</p></list-item></list>", front="stray&#160;title")
    assert [p.text for p in read.parsed.passages][-2:] == ["stray title", "stray words"]
    assert len(read.faults) == 2 and all("stray" in f for f in read.faults)


def test_elements_that_nobody_foresaw_are_text() -> None:
    read = article("<new-thing><p>One.</p><other>Two</other></new-thing><p>A <odd>three</odd> four.</p>")
    assert sentences(read.parsed) == ["One.", "Two", "A three four."]


def test_an_article_in_an_envelope_is_read() -> None:
    text = '<pmc-articleset xmlns:a="urn:a"><note>sent today</note>{}</pmc-articleset>'
    one = "<article><front><article-meta/></front><body><p>One.</p></body></article>"
    assert sentences(read_jats(text.format(one).encode(), "a.xml").parsed) == ["One."]
