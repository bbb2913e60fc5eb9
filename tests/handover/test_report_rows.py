"""What the loader states to compose rows anew, and the rows of another report, invented and without curated claims."""

import io
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from docx import Document

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.documents import DocumentFolder, read_document, state_document
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import graph_iri
from msevidence.server import i18n
from msevidence.server.exports.docx_tables import write as write_docx
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.html_tables import write as write_html
from msevidence.server.exports.report_tables_claims import Place, Value, pieces, same, written
from msevidence.server.exports.report_tables_model import ReportTable, text_of
from msevidence.server.exports.report_tables_read import read
from msevidence.server.exports.report_tables_works import TITLE, YEAR, Entry, now
from msevidence.server.exports.scope import Scope
from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.local_lane import LocalLane
from tests.graph import DATA, rows

MSE = PREFIXES["mse"]
INVENTED = Path(__file__).parent.parent / "fixtures" / "reports" / "sagobad-2023"
DOCUMENT = "https://w3id.org/msevidence/document/sagobad-2023"


@pytest.fixture(scope="module")
def invented() -> ox.Store:
    """Return a store with the invented report alone."""
    context = read_document(DocumentFolder(INVENTED, "reports"))
    aside = Statements(graph_iri("identity")), Statements(graph_iri("review"))
    store = ox.Store()
    for graph in state_document(context, Catalogue(DATA), *aside):
        store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in graph)
    return store


@pytest.fixture(scope="module")
def of_invented(invented: ox.Store, lane: LocalLane) -> Handover:
    """Return what exports the invented report."""
    studies = tuple(sorted(str(row[0]) for row in rows(invented, "SELECT DISTINCT ?s { ?d mse:describes ?s }")))
    own = LocalLane(lane.release, invented)
    scope = Scope(True, (), documents=(DOCUMENT,), studies=studies)
    return Handover(own, Labels(own, "en"), "en", scope, "https://kg.example/")


@pytest.fixture(scope="module")
def table(of_invented: Handover) -> ReportTable:
    """Return its table."""
    (document,) = read(of_invented)
    assert (document.title.text, document.language) == ("Sagobad vid drömsjuka", "sv")
    (table,) = document.tables
    return table


def test_another_report_has_its_rows(table: ReportTable) -> None:
    assert text_of((table.caption,)) == "Tabell 1. Studier av sagobad"
    assert [[text_of(cell) for cell in row.cells] for row in table.rows] == [
        [
            "VITSIPPA NCT99990001 EudraCT 2099-900001-12/SE",
            "Tidskriftsartikel: Sagström A, Drömberg B, Tomte C, et al. Varma sagobad vid drömsjuka: en påhittad "
            "randomiserad studie. Tidskr Påhitt 2021;12(3):45-52. https://example.org/vitsippa "
            "Författarnas slutsats: ”Baden var behagliga. Fler sagor behövs.” [3, s. 45]",
            "Lätt form",
        ],
        [
            "BLÅKLINT NCT99990002 (ISRCTN99990003)",
            "Konferensbidrag: Tomte C. Kalla sagobad vid drömsjuka. Påhitt Konf 2022;1:S4.",
            "Lätt och tung form",
        ],
        [
            "Malmgren (författare) NCT99990004",
            "Studieregistrering: An invented study of lukewarm fairy-tale baths in adults with dream sickness "
            "https://clinicaltrials.gov/ct2/show/NCT99990004 "
            "Nord: NCT99990005 (NORDSAGA) Syd: NCT99990006, EudraCT 2099-900007-15",
            "Tung form",
        ],
    ]


def test_sentences_that_no_claim_states_are_left_out_and_counted(table: ReportTable, of_invented: Handover) -> None:
    """Three of the description of BLÅKLINT, and the comment of Malmgren."""
    assert list(table.untold) == [2, 2, 2, 3]
    said = "left out: 4 (rows: 2, 3)"
    (page,) = write_html(of_invented).values()
    assert said in page.decode()
    assert "Beskrivning av studien" not in page.decode()
    assert len(write_docx(of_invented)) == 1


def test_a_title_is_cut_where_a_property_of_a_word_file_holds_no_more(
    invented: ox.Store, of_invented: Handover, lane: LocalLane
) -> None:
    store, title = ox.Store(), ox.NamedNode(PREFIXES["dcterms"] + "title")
    of_document = (ox.NamedNode(DOCUMENT), title)
    store.extend(quad for quad in invented if (quad.subject, quad.predicate) != of_document)
    store.add(ox.Quad(*of_document, ox.Literal("sagobad " * 60, language="sv")))
    (content,) = write_docx(replace(of_invented, lane=LocalLane(lane.release, store))).values()
    made = Document(io.BytesIO(content))
    assert made.core_properties.title.startswith("Tables of “sagobad") and made.core_properties.title.endswith(" …")
    assert made.paragraphs[0].text.count("sagobad") == 60


def test_words_between_the_things_of_a_row_are_stated_of_the_thing_they_stand_with(invented: ox.Store) -> None:
    asked = "?m mse:printed ?n OPTIONAL { ?m mse:wordsBefore ?b } OPTIONAL { ?m mse:wordsAfter ?a }"
    found = rows(invented, f"SELECT ?n ?b ?a {{ {asked} }}")
    words = {number: (before, after) for number, before, after in found}
    assert words["ISRCTN99990003"] == (" (", ")")
    assert words["2099-900001-12/SE"] == (" EudraCT ", None)
    assert words["NCT99990004"] == (None, None)
    assert words["NCT99990005"] == ("Nord: ", " (NORDSAGA)")  # its part is in no curation, so place and name are words


def test_the_places_of_the_real_report_hold_what_they_say(release_store: ox.Store) -> None:
    asked = """SELECT ?text ?start ?end ?property ?value { ?c mse:claimText ?text ; mse:hasValuePlace ?p .
      ?p oa:start ?start ; oa:end ?end ; mse:valueOf ?of ; mse:valueProperty ?property . ?of ?property ?value }"""
    places = rows(release_store, asked)
    assert len(places) > 50
    for text, start, end, property, value in places:
        assert text is not None and value is not None and property is not None
        printed = text[int(start or 0) : int(end or 0)]
        assert same(value, printed) or (property == MSE + "mark" and not printed), (property, value, printed)


@pytest.mark.parametrize(
    ("value", "printed", "expected"),
    [
        ("2024", "i 2024", True),
        ("2024", "i 2025", False),
        ("2019-08", "august 2019", True),
        ("2019-08-30", "august 2019", False),
        ("3.5", "3,5", True),
        ("fulgt opp", "fulgt  opp", True),
        ("1e2", "1e3", False),
    ],
)
def test_a_value_is_compared_as_what_it_is(value: str, printed: str, expected: bool) -> None:
    assert same(value, printed) is expected


def test_values_inside_values() -> None:
    def told(inner: str, outer: str) -> str:
        places = [
            Place(4, 14, {("a", MSE + "printedParticipants"): Value(now={outer})}),
            Place(4, 7, {("a", MSE + "participants"): Value(now={inner}), ("b", MSE + "value"): Value(now={"110"})}),
        ]
        return "".join(piece.text for piece in pieces("The 110 persons.", places, "", "en"))

    assert told("110", "110 person") == "The 110 persons."
    assert told("120", "110 person") == "The 120 persons."
    assert told("120", "nobody") == "The nobodys."


def test_a_place_outside_the_text_is_passed_over() -> None:
    """A claim whose text was made shorter elsewhere is told without the values that it has no room for."""
    places = [Place(2, 99, {("a", MSE + "date"): Value(now={"2024"})})]
    assert [piece.text for piece in pieces("short", places, "", "en")] == ["short"]


def test_an_entry_follows_its_record_only_where_it_agreed_with_it() -> None:
    entry = Entry(
        "e", {TITLE: ["Baths for nothing"], YEAR: ["2020"], MSE + "printed": ["Doe J. Baths for\nnothing. J 2020."]}
    )
    assert (now(entry, TITLE), now(entry, YEAR)) == ("Baths for nothing", "2020")
    entry.record = {TITLE: ["Baths … nothing"], YEAR: ["2021"]}
    assert (now(entry, TITLE), now(entry, YEAR)) == ("Baths for nothing", "2021")
    entry.printed[YEAR] = ["2019"]  # changed itself: no word of what it prints
    assert now(entry, YEAR) == "2019"


def test_dates_in_a_language_without_months_stay_numbers() -> None:
    assert written("2021-10", "sv") == "2021-10"
    assert written("2021", "nb") == "2021"


def test_no_query_of_the_tables_asks_for_the_text_of_a_cell() -> None:
    """Text of passages is asked for headings, captions and footnotes alone."""
    folder = Path(i18n.__file__).parent / "queries"
    asking = {file.stem for file in folder.glob("export_report_*.rq") if "mse:text" in file.read_text(encoding="utf-8")}
    assert asking == {"export_report_tables", "export_report_columns", "export_report_notes"}
