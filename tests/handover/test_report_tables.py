"""The report's own tables, composed from the graph, against the source text; and what changes when the graph does."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from lxml import html
from ruamel.yaml import YAML

from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import ExportError, Files, Handover
from msevidence.server.exports.report_tables_documents import KnownDocument, named
from msevidence.server.exports.report_tables_model import Piece, ReportTables, text_of
from msevidence.server.exports.report_tables_read import read
from msevidence.server.exports.scope import Scope, Selection, found
from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.local_lane import LocalLane

DATA = "https://w3id.org/msevidence/"
FIRST, LAST = 468, 982
EXPECTED = YAML(typ="safe").load((Path(__file__).parent / "expected_tables.yaml").read_text(encoding="utf-8"))
Lines = int | str | list[int | str]
Where = tuple[int, int, int]


@pytest.fixture(scope="module")
def source(pytestconfig: pytest.Config) -> list[str]:
    """Return the lines of the source text; the first is that of number 1."""
    path = pytestconfig.rootpath / "data" / "reports" / "fhi-2021" / "source.txt"
    return ["", *path.read_text(encoding="utf-8").split("\n")]


@pytest.fixture(scope="module")
def tables(handover: Callable[..., Handover]) -> ReportTables:
    """Return the tables of the report."""
    (document,) = read(handover(documents=["fhi-2021"]))
    return document


def ranges(lines: Lines) -> Iterator[int]:
    """Yield the numbers that ``5``, ``5-7`` or a list of such names."""
    for part in lines if isinstance(lines, list) else [lines]:
        first, _, last = str(part).partition("-")
        yield from range(int(first), int(last or first) + 1)


def pattern(lines: list[str]) -> str:
    """Return a pattern of printed lines: a hyphen at the end of a line may be of the layout, or of the word."""
    printed = " ".join(" ".join(line.split()) for line in lines if line.strip())
    return re.sub(r"-\\ ", "-?", re.escape(printed).replace(r"\-\ ", r"-\ ")).replace(r"\ ", " ")


def cells(tables: ReportTables) -> dict[Where, str]:
    """Return the words of every cell, by table, row and column, from 1, 1 and 0."""
    return {
        (t, row.number, column): text_of(cell)
        for t, table in enumerate(tables.tables, 1)
        for row in table.rows
        for column, cell in enumerate(row.cells)
    }


# --- Against the source ---------------------------------------------------------------------------------------------


def test_every_cell_is_what_the_source_prints(tables: ReportTables, source: list[str]) -> None:
    made = cells(tables)
    assert len(made) == sum(len(table["rows"]) for table in EXPECTED["tables"]) * 3 == 45
    for t, table in enumerate(EXPECTED["tables"], 1):
        for r, row in enumerate(table["rows"], 1):
            for c, lines in enumerate(row):
                printed = [source[n] for n in ranges(lines)]
                assert re.fullmatch(pattern(printed), made[t, r, c]), ((t, r, c), printed, made[t, r, c])


def test_captions_and_headings_are_those_of_the_source(tables: ReportTables, source: list[str]) -> None:
    assert [text_of((t.caption,)) for t in tables.tables] == [source[t["caption"]].strip() for t in EXPECTED["tables"]]
    for table, expected in zip(tables.tables, EXPECTED["tables"], strict=True):
        assert [text_of(heading) for heading in table.headings] == list(expected["headings"].values())
    printed = [
        " ".join(" ".join(source[n] for n in ranges(lines)).split()) for lines in EXPECTED["elsewhere"]["headings"]
    ]
    assert printed == [" ".join(expected["headings"].values()) for expected in EXPECTED["tables"]]


def test_a_footnote_of_a_row_stands_below_its_table(tables: ReportTables, source: list[str]) -> None:
    notes = [[f"{mark} {text_of((words,))}" for mark, words in table.footnotes] for table in tables.tables]
    assert notes == [[source[506].strip()], [], [], []]  # the mark 3 stands in the text above table 3


def test_no_line_of_the_tables_is_left_over(source: list[str]) -> None:
    of_cells = [n for t in EXPECTED["tables"] for row in t["rows"] for lines in row for n in ranges(lines)]
    others = [n for lines in EXPECTED["elsewhere"].values() for n in ranges(lines)]
    captions = [t["caption"] for t in EXPECTED["tables"]]
    printed = {n for n in range(FIRST, LAST + 1) if source[n].strip()}
    listed = [n for n in (*of_cells, *others, *captions) if source[n].strip()]
    assert len(listed) == len(set(listed))
    assert set(listed) == printed


def test_a_pattern_sees_a_letter_and_a_hyphen() -> None:
    assert re.fullmatch(pattern(["a syk-", "dom (2)"]), "a sykdom (2)")
    assert re.fullmatch(pattern(["165-", "74."]), "165-74.")
    assert not re.fullmatch(pattern(["a well-known"]), "a wellknown")
    assert not re.fullmatch(pattern(["110 personer"]), "120 personer")


# --- A change in the graph ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copy(release_store: ox.Store) -> ox.Store:
    """Return a copy of the release's store in memory, to be changed and changed back."""
    store = ox.Store()
    store.bulk_extend(release_store)
    return store


Changed = Callable[[str, str, str | None], ReportTables]


@pytest.fixture(scope="module")
def of_copy(copy: ox.Store, lane: LocalLane) -> Callable[[], ReportTables]:
    """Return what reads the report's tables from the copy."""
    own = LocalLane(lane.release, copy)
    scope = found(own, Selection(documents=["fhi-2021"]))
    made = Handover(own, Labels(own, "en"), "en", scope, "https://kg.example/")
    return lambda: read(made)[0]


@pytest.fixture
def changed(copy: ox.Store, of_copy: Callable[[], ReportTables]) -> Iterator[Changed]:
    """Return what changes the values of a thing's property in the copy, or takes them out, and reads the tables."""
    undone: list[tuple[list[ox.Quad], list[ox.Quad]]] = []

    def change(thing: str, property: str, value: str | None) -> ReportTables:
        prefix, _, name = property.partition(":")
        subject, predicate = ox.NamedNode(DATA + thing), ox.NamedNode(PREFIXES[prefix] + name)
        old = list(copy.quads_for_pattern(subject, predicate, None, None))
        assert old, f"the graph has no {property} of {thing}"
        new = [] if value is None else [_with(quad, value) for quad in old]
        undone.append((old, new))
        for quad in old:
            copy.remove(quad)
        copy.extend(new)
        return of_copy()

    yield change
    for old, new in reversed(undone):
        for quad in new:
            copy.remove(quad)
        copy.extend(old)


def _with(quad: ox.Quad, value: str) -> ox.Quad:
    literal = quad.object
    assert isinstance(literal, ox.Literal)
    kept = {"language": literal.language} if literal.language else {"datatype": literal.datatype}
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(value, **kept), quad.graph_name)


MIST, COAST, EMMES = (f"study-description/fhi-2021.{key}.1" for key in ("7d1036630f", "35851c6c10", "d906d46b5f"))
BURT = "listed-reference/fhi-2021.tabell-1.1.1"
FIRST_AUTHOR = "author-name/fhi-2021.tabell-1.1.1.listed-reference.1"
SALZBURG = "study-description/fhi-2021.93a972b2ca.1"

# thing, property, new value, the one cell that changes, words that go and words that come
CHANGES = [
    ("number-mention/fhi-2021.0eb241fdfa.1.5", "mse:printed", "NCT09999999", (1, 1, 0), "NCT00273364", "NCT09999999"),
    ("registration/NCT00273364", "mse:registrationNumber", "NCT08888888", (1, 1, 0), "NCT00273364", "NCT08888888"),
    (MIST, "mse:printedName", "MISTRAL", (1, 1, 0), "MIST", "MISTRAL"),
    (MIST, "mse:participants", "120", (1, 1, 1), "110 personer", "120 personer"),
    (MIST, "mse:printedParticipants", "112 pasienter", (1, 1, 1), "110 personer", "112 pasienter"),
    ("result/fhi-2021.f840e42846.1", "mse:value", "24", (1, 1, 1), "Kun 23 av", "Kun 24 av"),
    (MIST, "mse:ended", "2019-09", (1, 1, 1), "august 2019", "fullført september 2019"),
    (MIST, "mse:printedStatus", "avbrutt august 2019", (1, 1, 1), "fullført", "og avbrutt august 2019."),
    (EMMES, "mse:printedStatus", "terminated 2018", (3, 2, 1), "«completed 2018»", "«terminated 2018»"),
    (EMMES, "mse:ended", "2019", (3, 2, 1), "«completed 2018»", "«completed 2019»"),
    (COAST, "mse:plannedParticipants", "60", (2, 2, 1), "(nr. 50)", "(nr. 60)"),
    ("arm/fhi-2021.e9dd650bd2.1", "mse:followUp", "36", (2, 2, 1), "i 24 måneder", "i 36 måneder"),
    ("expectation/fhi-2021.7dc713a040.1", "mse:date", "2020-05", (2, 2, 1), "i mars 2020", "i mai 2020"),
    ("expectation/fhi-2021.9f2c1b3ed4.1", "mse:date", "2028", (2, 3, 1), "i 2024", "Forventet ferdigstilt i 2028"),
    ("expectation/fhi-2021.9f2c1b3ed4.1", "mse:printedDate", "i 2028", (2, 3, 1), "i 2024", "ferdigstilt i 2028"),
    ("expectation/fhi-2021.9f2c1b3ed4.1", "mse:date", None, (2, 3, 1), "i 2024", "Forventet ferdigstilt i […]"),
    ("publication/burt-2019", "dcterms:title", "Another title", (1, 1, 1), "Effect of", "al. Another title. JAMA"),
    (BURT, "dcterms:title", "Another title", (1, 1, 1), "Effect of", "et al. Another title. JAMA 2019"),
    ("publication/burt-2019", "mse:year", "2020", (1, 1, 1), "JAMA 2019;", "JAMA 2020;321(2):165-74."),
    (BURT, "mse:year", "2018", (1, 1, 1), "JAMA 2019;", "JAMA 2018;321(2):165-74."),
    (BURT, "prism:volume", "322", (1, 1, 1), "2019;321(2)", "2019;322(2)"),
    (BURT, "prism:pageRange", "166-74", (1, 1, 1), ":165-74.", ":166-74."),
    (BURT, "mse:container", "Lancet", (1, 1, 1), "JAMA", "clinical trial. Lancet 2019"),
    (BURT, "mse:printedUrl", "https://example.org/a", (1, 1, 1), "PMC6439765", "https://example.org/a"),
    (FIRST_AUTHOR, "mse:name", "Doe J", (1, 1, 1), "Burt RK", "Doe J, Balabanov R"),
    ("quotation/fhi-2021.af3f52e7db.1", "oa:exact", "relapses", (1, 1, 1), "“time to disease", "målt på “relapses”."),
    ("pointer/fhi-2021.1a3c142e89.1.1", "mse:number", "15", (1, 1, 1), "(14, s. 165)", "(15, s. 165)"),
    ("pointer/fhi-2021.1a3c142e89.1.1", "mse:locator", "s. 166", (1, 1, 1), "(14, s. 165)", "(14, s. 166)"),
    ("claim/fhi-2021.e1a8798133.1.1", "mse:claimText", "Nothing.", (1, 1, 1), "Alemtuzumab og", "“). Nothing. Pas"),
    (SALZBURG, "mse:place", "Graz", (3, 5, 1), "Salzburg:", "Graz: EudraCT 2015–000137-78"),
    (COAST, "mse:printedMsType", "SPMS", (2, 2, 2), "RRMS", "SPMS"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("thing", "property", "value", "where", "gone", "come"), CHANGES, ids=[f"{c[1]} of {c[0]}" for c in CHANGES]
)
def test_a_value_that_changes_in_the_graph_changes_its_cell_and_no_other(
    changed: Changed, tables: ReportTables, thing: str, property: str, value: str, where: Where, gone: str, come: str
) -> None:
    before, after = cells(tables), cells(changed(thing, property, value))
    assert [at for at in before if before[at] != after[at]] == [where]
    assert gone in before[where] and come in after[where]
    assert come == gone + "RAL" or gone not in after[where]


def test_the_text_of_cells_is_not_read(
    copy: ox.Store, of_copy: Callable[[], ReportTables], tables: ReportTables
) -> None:
    kind = ox.NamedNode(f"{DATA}scheme/passage-kind/table-cell")
    passages = {
        q.subject for q in copy.quads_for_pattern(None, ox.NamedNode(PREFIXES["mse"] + "passageKind"), kind, None)
    }
    words = {ox.NamedNode(PREFIXES["mse"] + "text"), ox.NamedNode(PREFIXES["oa"] + "exact")}
    old = [q for passage in passages for q in copy.quads_for_pattern(passage, None, None, None) if q.predicate in words]
    assert len(passages) > 80 and len(old) > 300
    new = [_with(quad, "elsewhere") for quad in old]
    try:
        for quad in old:
            copy.remove(quad)
        copy.extend(new)
        assert of_copy() == tables
    finally:
        for quad in new:
            copy.remove(quad)
        copy.extend(old)


def test_nothing_of_the_report_is_left_out(tables: ReportTables) -> None:
    assert [(list(table.empty), list(table.untold)) for table in tables.tables] == [([], [])] * 4


def test_a_claim_that_is_gone_takes_its_sentence_along(changed: Changed, tables: ReportTables) -> None:
    after = cells(changed("claim/fhi-2021.e1a8798133.1.1", "mse:claimText", None))
    whole = cells(tables)[1, 1, 1]
    assert after[1, 1, 1] == whole.replace(
        " Alemtuzumab og ocrelizumab var ikke behandlingsalternativer i denne studien.", ""
    )


# --- As a page ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(export: Callable[..., Files]) -> html.HtmlElement:
    """Return the page, as a parser that is not ours reads it."""
    ((name, content),) = export("html-tables", documents=["fhi-2021"]).items()
    assert name.endswith("-fhi-2021.html")
    return html.document_fromstring(content.decode())


def test_the_page_has_every_cell(page: html.HtmlElement, tables: ReportTables) -> None:
    read_back: dict[Where, str] = {}
    for t, table in enumerate(page.findall(".//table"), 1):
        for row in table.findall("tbody/tr"):
            number = int(row.get("id").rpartition("-")[2])
            shown = [cell for cell in row if cell.get("class") != "number"]
            for c, cell in enumerate(shown):
                read_back[t, number, c] = " ".join(" ".join(p.text_content() for p in cell.findall("p")).split())
    assert read_back == cells(tables)


def test_the_page_can_be_read_by_everybody(page: html.HtmlElement) -> None:
    assert page.get("lang") == "en"
    for table in page.findall(".//table"):
        assert table.get("lang") == "nb"
        assert table.find("caption").text_content().startswith("Tabell ")
        assert {th.get("scope") for th in table.findall("thead/tr/th")} == {"col"}
        assert all(len(row.findall("th[@scope='row']")) == 1 for row in table.findall("tbody/tr"))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href for href in page.xpath("//a/@href") if href.startswith("#")} <= {f"#{one}" for one in ids}
    english = page.xpath("//table//span[@lang='en']")
    assert [e.text for e in english if e.text.startswith("Effect of non")]
    assert [e.text for e in english if e.text == "time to disease progression"]
    assert not page.xpath("//script|//link|//img|//*[@src]")


def test_numbers_are_linked_as_the_report_links_them_and_errors_stay(page: html.HtmlElement) -> None:
    """What is wrong in the report stays as printed, and is told after the tables as found by us."""
    mesems = page.xpath("//tr[@id='table-1-3-row-5']")
    link = next(a for a in mesems[0].iter("a") if a.text == "2010-024081-21")
    assert link.get("href") == "https://www.clinicaltrialsregister.eu/ctr-search/search?query=2010-024381-21"
    notes = page.xpath("//section[h3]")
    assert [section.find("h3").text_content() for section in notes] == ["Tabell 1", "Tabell 2", "Tabell 3"]
    said = [li.text_content() for li in notes[2].iter("li")]
    assert any("the address under it leads to 2010-024381-21" in t and t.startswith("Row 5, error") for t in said)
    assert any(t.startswith("Rows 3, 4, 6, error") for t in said)


def test_tables_and_their_notes_lead_to_each_other(page: html.HtmlElement) -> None:
    (notes,) = page.xpath("//section[@class='notes']")
    assert not notes.xpath("following::table")
    there = page.xpath("//p[@class='to-notes']/a")
    assert [(a.get("href"), a.text_content().partition(":")[0]) for a in there] == [
        (f"#notes-1-{n}", f"What does not add up in “Tabell {n}”") for n in (1, 2, 3)
    ]
    back = [a for a in notes.iter("a") if a.get("href").startswith("#")]
    assert [(a.get("href"), a.text_content()) for a in back] == [
        (f"#table-1-{n}", f"Back to “Tabell {n}”") for n in (1, 2, 3)
    ]
    assert {span.get("lang") for a in (*there, *back) for span in a.iter("span")} == {"nb"}
    findings = [(a.get("href"), a.text_content()) for li in notes.iter("li") for a in li.iter("a")]
    assert len(findings) == len(notes.findall(".//li"))
    assert all(
        href.startswith("https://kg.example/finding/") and text == f"finding {href.rpartition('/')[2]}"
        for href, text in findings
    )


def test_levels_of_headings_are_in_order(page: html.HtmlElement) -> None:
    levels = [int(element.tag[1]) for element in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels == [1, 2, 3, 3, 3, 2]


def test_keys_of_documents_in_notes_are_explained(page: html.HtmlElement) -> None:
    said = page.xpath("//section[@class='notes']/p")
    assert "fhi-2021 stands for the document “Autolog stamcelletransplantasjon" in said[1].text_content()
    assert "nygaard-2024 stands for the document “Norwegian health service" in said[2].text_content()
    assert [p.find("span").get("lang") for p in said[1:3]] == ["nb", "en"]


def test_a_key_is_told_from_one_that_it_begins() -> None:
    first, second, third = (KnownDocument(DATA + f"document/{k}", Piece("T"), True) for k in ("a-1", "a-12", "b-2"))
    assert [d.key for d in named([first, second, third], ["a-12.odd", "the a-1-b and x.b-2"])] == ["a-12"]


def test_a_heading_has_the_lines_that_are_printed(page: html.HtmlElement) -> None:
    heads = [[p.text for p in table.findall("thead/tr/th[2]/p")] for table in page.iter("table")]
    assert heads == [["Studienavn", "ID-nummer"], *[["Studienavn (el. forf.)", "ID-nummer"]] * 3]


def test_every_cell_says_its_heading_where_rows_are_cards(page: html.HtmlElement) -> None:
    for table in page.iter("table"):
        heads = ["\n".join(th.itertext()) for th in table.findall("thead/tr/th")]
        for row in table.findall("tbody/tr"):
            assert [cell.get("data-heading") for cell in row] == heads
            assert row[0].text == row.get("id").rpartition("-")[2]


def test_the_page_says_where_it_comes_from_and_who_may_use_it(page: html.HtmlElement, lane: LocalLane) -> None:
    said = page.text_content()
    assert f"release {lane.release.id[:12]}" in said and lane.release.id in said and lane.release.built in said
    assert "Short quotations only." in said and "Apache-2.0" in said


def test_the_page_in_norwegian(handover: Callable[..., Handover]) -> None:
    (content,) = EXPORTS["html-tables"].write(handover(documents=["fhi-2021"], language="nb")).values()
    page = html.document_fromstring(content.decode())
    assert page.get("lang") == "nb"
    assert "Rad 5, feil" in page.text_content() and "Det som ikke stemmer i «Tabell 3»: 17" in page.text_content()


def test_the_same_release_gives_the_same_page(export: Callable[..., Files]) -> None:
    assert export("html-tables") == export("html-tables")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            r"its studies: “Norwegian .*” \(nygaard-2024\)\. Documents .*: “Autolog .*” \(fhi-2021\)\. Choose",
        ),
        (
            "nb",
            r"av studiene: «Norwegian .*» \(nygaard-2024\)\. Dokumenter .*: «Autolog .*» \(fhi-2021\)\. Velg",
        ),
    ],
)
def test_a_document_without_a_table_of_studies_is_refused(
    export: Callable[..., Files], language: str, said: str
) -> None:
    with pytest.raises(ExportError) as refused:
        export("html-tables", documents=["nygaard-2024"])
    assert re.search(said, refused.value.said.in_language(language))
    assert "--" not in str(refused.value)


def test_a_release_without_such_a_table_says_so(lane: LocalLane) -> None:
    """A store with nothing in it stands for a release whose documents have no tables."""
    own = LocalLane(lane.release, ox.Store())
    empty = Handover(own, Labels(own, "en"), "en", Scope(True, ()), "https://kg.example/")
    with pytest.raises(ExportError, match=r"has no document.*No document of this release has a table"):
        read(empty)


def test_a_part_of_the_release_has_the_rows_of_its_studies(handover: Callable[..., Handover]) -> None:
    (document,) = read(handover(studies=["mist", "ram-ms"]))
    rows = [(text_of((table.caption,))[:8], row.number) for table in document.tables for row in table.rows]
    assert rows == [("Tabell 1", 1), ("Tabell 2", 3)]
