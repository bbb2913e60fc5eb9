"""A second report, invented: Swedish, form feeds, numbered headings, no outline, ``[4]``, its own references."""

from functools import cache
from pathlib import Path

from msevidence.loaders import report
from msevidence.loaders.anchors import Anchors
from msevidence.loaders.document import ParsedDocument, PassageKind
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.schema import Curation
from msevidence.loaders.yamlfile import parse

FOLDER = Path(__file__).parent / "fixtures" / "reports" / "sagobad-2023"


@cache
def metadata() -> Metadata:
    return parse(FOLDER / "metadata.yaml", Metadata)[0]


@cache
def parsed() -> ParsedDocument:
    return report.read(FOLDER / "source.txt", metadata())


def texts(*passages: int) -> list[str]:
    return [parsed().passages[p].text for p in passages]


def only(start: str) -> int:
    found = [i for i, p in enumerate(parsed().passages) if p.text.startswith(start)]
    assert len(found) == 1, (start, found)
    return found[0]


def test_nothing_is_lost_and_furniture_is_no_content() -> None:
    document = parsed()
    assert document.leftover() == []
    taken = [document.source[s.start : s.end] for s in document.furniture]
    assert taken.count("Institutet för uppdiktade metoder · Rapport 7") == 8
    assert [t for t in taken if t.startswith("Sida")] == [f"Sida {n} av 8" for n in range(1, 9)]
    assert "Tabell 1 (fortsättning)" in taken
    assert not any("Rapport 7" in p.text or "fortsättning" in p.text for p in document.passages)


def test_expected_counts_of_the_metadata() -> None:
    document, expect = parsed(), metadata().expect
    assert (len(document.references), len(document.markers)) == (expect.references, expect.markers)
    assert (len(document.tables), len(document.study_rows)) == (expect.tables, expect.study_rows)
    assert len(document.searches) == expect.searches


def test_the_curation_is_anchored() -> None:
    curation, data = parse(FOLDER / "curation.yaml", Curation)
    anchors = Anchors(parsed(), FOLDER / "curation.yaml", data)
    assert len(curation.claims) == len(curation.definitions) == 1
    assert len(anchors.find(curation.claims[0], ("claims", 0))) == 1
    assert len(anchors.find(curation.definitions[0], ("definitions", 0))) == 1


def test_headings_are_told_by_number_and_chapter_word() -> None:
    assert [(s.level, s.title) for s in parsed().sections] == [
        (1, "Sammanfattning"),
        (1, "Summary"),
        (1, "1 Inledning"),
        (1, "2 Metod"),
        (2, "2.1 Urvalskriterier"),
        (2, "2.2 Exklusionskriterier"),
        (2, "2.3 Sökning"),
        (1, "3 Resultat"),
        (2, "3.1 Inkluderade studier"),
        (1, "4 Diskussion"),
        (1, "5 Slutsatser"),
        (1, "6 Referenser"),
        (1, "Bilaga 1. Sökstrategi"),
        (2, "Sagodatabasen (Påhittplattformen)"),
    ]


def test_title_summary_languages_and_pages() -> None:
    document = parsed()
    assert document.front.title == 0
    assert texts(*document.front.summary)[0].startswith("Institutet för uppdiktade metoder har kartlagt")
    assert {p.language for p in document.passages if p.page == "1"} == {None, "en"}
    assert document.passages[only("This is an invented report.")].language == "en"
    assert document.passages[only("VITSIPPA NCT99990001")].page == "4"
    assert document.front.dates["published"].value == "2023-05"


def test_markers_in_square_brackets_only() -> None:
    document = parsed()
    assert [(m.printed, m.numbers) for m in document.markers] == [
        ("[1]", (1,)),
        ("[2, 4–6]", (2, 4, 5, 6)),
        ("[2, s. 7]", (2,)),
        ("[3]", (3,)),
        ("[3, s. 45]", (3,)),
        ("[4]", (4,)),
        ("[5]", (5,)),
    ]
    assert document.markers[1].from_range == frozenset({5})
    assert document.markers[2].locator == "s. 7"
    cited = {n for m in document.markers for n in m.numbers}
    assert cited <= {r.number for r in document.references}


def test_reference_list() -> None:
    document = parsed()
    assert document.reference_heading == only("6 Referenser")
    assert [r.number for r in document.references] == [1, 2, 3, 4, 5, 6]
    assert [p.text[:9] for p in document.passages if p.kind is PassageKind.REFERENCE][:2] == ["Drömberg ", "Institute"]
    assert document.references[1].group_author == "Institutet för uppdiktade metoder"
    assert document.references[2].authors == ("Sagström A", "Drömberg B", "Tomte C")
    assert document.references[3].doi == "10.9999/pahitt.2020.20"
    assert document.listed == []


def test_criteria_with_colons() -> None:
    found = [(c.element, c.included, texts(*c.values)) for c in parsed().criteria]
    assert found == [
        ("Population", True, ["Vuxna med drömsjuka (lätt eller tung form)"]),
        ("Intervention", True, ["Sagobad", "Varma bad", "Kalla bad"]),
        ("Kontroll", True, ["Alla jämförelser"]),
        ("Utfall", True, ["Alla utfall"]),
        ("Språk", True, ["Svenska och engelska"]),
        ("2.2 Exklusionskriterier", False, ["Studier utan bad"]),
        ("2.2 Exklusionskriterier", False, ["Studier av andra sjukdomar"]),
    ]
    assert [(t.label, len(t.rows)) for t in parsed().tables] == [("Tabell 1", 4), ("[2.1 Urvalskriterier]", 6)]


def test_a_table_without_row_numbers_over_a_page_break() -> None:
    document = parsed()
    rows = document.study_rows
    assert [(r.name, [document.numbers[n].printed for n in r.numbers], texts(*r.participants)) for r in rows] == [
        ("VITSIPPA", ["NCT99990001", "2099-900001-12/SE"], ["Lätt form"]),
        ("BLÅKLINT", ["NCT99990002", "ISRCTN99990003"], ["Lätt och tung form"]),
        ("Malmgren (författare)", ["NCT99990004"], ["Tung form"]),
    ]
    cut = document.passages[rows[1].descriptions[-1]]
    assert cut.text == "Efter ett år mindes gruppen som badade fler sagor än den andra gruppen."
    assert len(cut.spans) == 2
    assert [e.label for r in rows for e in r.entries] == ["Tidskriftsartikel", "Konferensbidrag", "Studieregistrering"]
    assert texts(*rows[0].conclusions) == [
        "Författarnas slutsats: ”Baden var behagliga. Fler sagor behövs.” [3, s. 45]"
    ]
    assert [(s.place, s.name) for s in rows[2].sites] == [("Nord", "NORDSAGA"), ("Syd", None)]


def test_text_below_the_last_row_is_not_in_the_table() -> None:
    passage = parsed().passages[only("Ingen av studierna redovisade")]
    assert (passage.kind, passage.place) == (PassageKind.SENTENCE, None)


def test_numbers_and_links() -> None:
    links = {n.normalised: n.link for n in parsed().numbers if parsed().passages[n.passage].place}
    show = "https://clinicaltrials.gov/ct2/show/"
    assert links == {
        "NCT99990001": show + "NCT99990001",
        "2099-900001-12": "https://www.clinicaltrialsregister.eu/ctr-search/trial/2099-900001-12/SE",
        "NCT99990002": show + "NCT99990020",  # the address shows another number
        "ISRCTN99990003": None,
        "NCT99990004": show + "NCT99990004",
        "NCT99990005": None,
        "NCT99990006": show + "NCT99990006",
        "2099-900007-15": None,
    }


def test_flow() -> None:
    flow = parsed().flow
    assert [(b.label, b.count) for b in flow] == [
        ("Träffar i databasen", 1024),
        ("Uteslutna efter titel", 1014),
        ("Lästa i fulltext", 10),
        ("Uteslutna i fulltext", 6),
        ("inkluderade studier", 3),
    ]
    assert [(reason, n) for reason, n, _ in flow[3].reasons] == [("Fel sjukdom", 4), ("Badet var inte uppdiktat", 2)]
    assert [(what, n) for what, n, _ in flow[4].further] == [("referenser", 4)]


def test_search_with_plain_line_numbers() -> None:
    (search,) = parsed().searches
    assert (search.source, search.hits, search.hits_printed) == ("Sagodatabasen (Påhittplattformen)", 1024, "1 024")
    assert search.searched is not None
    assert search.searched.value == "2023-03-03"
    assert [(x.label, *texts(x.passage)) for x in search.lines] == [
        (None, "Begränsat till publiceringsår 2010 eller senare."),
        ("1", "exp Drömsjuka/"),
        ("2", "(drömsjuk* or sagoglömska).ti,ab."),
        ("3", "1 or 2"),
        ("4", "sagobad*.ti,ab."),
        ("5", "3 and 4"),
    ]
    assert [parsed().passages[x.passage].language for x in search.lines] == [None, *["zxx"] * 5]


def test_footnote() -> None:
    (note,) = parsed().footnotes
    assert note.anchor is not None
    assert texts(note.anchor) == ["Två personer läste alla träffar var för sig."]
    assert note.offset == len("Två personer läste alla träffar var för sig")
