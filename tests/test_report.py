"""The report loader on the report of the project's own input: counts and contents worked out by hand from the text."""

from collections import Counter
from itertools import pairwise

import pytest

from msevidence.loaders.document import PassageKind, Place
from tests.report_text import only, parsed, texts


def test_every_visible_character_is_in_a_passage_a_link_or_furniture() -> None:
    assert parsed().leftover() == []


def test_a_passage_stands_in_the_source_where_it_says() -> None:
    document = parsed()
    assert len(document.passages) > 400
    for passage in document.passages:
        for c, start, end in zip(passage.text, passage.content.starts, passage.content.ends, strict=True):
            if c.isalnum():
                assert document.source[start:end] == c


def test_passages_are_in_reading_order_and_overlap_nowhere() -> None:
    spans = sorted(s for p in parsed().passages for s in p.spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_sections_follow_the_outline() -> None:
    sections = parsed().sections
    assert [s.title for s in sections if s.level == 1] == [
        *("Hovedbudskap", "Key messages", "Forord", "Innledning", "Metode", "Resultater", "Diskusjon", "Konklusjon"),
        *("Vedlegg 1: Søkestrategi", "Vedlegg 2: Systematiske oversikter"),
    ]

    def path(start: str) -> list[str]:
        section = parsed().passages[only(start)].section
        titles: list[str] = []
        while section is not None:
            titles.insert(0, sections[section].title)
            section = sections[section].parent
        return titles

    assert path("Vi utførte et systematisk litteratursøk etter") == ["Hovedbudskap", "Metode"]
    for start in (
        "Vi identifiserte fem studier",
        "Vi presenterer lenker til studieregistre samt",
        "Når ble litteratur",
    ):
        assert path(start) == ["Hovedbudskap", "Resultat"]
    assert path("We present links to study registries") == ["Key messages", "Result"]
    assert path("Den største andelen av personer") == ["Innledning", "Multippel sklerose (MS)", "Ulike typer MS"]
    assert path("Begge prosjektmedarbeiderne") == ["Metode", "Utvelgelse av relevante referanser", "Trinn 1"]
    assert path("Vi fant fire pågående studier.") == [
        *("Resultater", "Hematopoietisk stamcelletransplantasjon (HSCT)"),
        "Pågående randomiserte kontrollerte studier",
    ]
    assert path("Vi fant tre pågående studier på MSCT") == [
        *("Resultater", "Mesenkymal stamcelletransplantasjon (MSCT)"),
        "Pågående randomiserte kontrollerte studier",
    ]
    assert path('("Multiple Sclerosis"[mhe]') == [
        *("Vedlegg 1: Søkestrategi", "Søk etter systematiske oversikter og metodevurderinger", "INAHTA"),
    ]


@pytest.mark.parametrize(
    ("start", "page"),
    [
        ("Vi idenifiserte ti studier", "4"),
        ("Seven studies are completed", "5"),
        ("I 2015 utga", "6"),
        ("Stamcelletransplantasjon er en behandlingsmetode", "8"),
        ("Vi brukte det elektroniske verktøyet Rayyan", "10"),
        ("I første gjennomgang inkluderte vi", "11"),
        ("Mulig relevante referanser", "13"),
        ("Tabell 2: ", "16"),
        ("MESEMS EudraCT", "20"),
        ("Formålet med denne kartleggingen har vært", "13"),
        ("Vi har funnet en publisert studie", "26"),
        ("Søketreff totalt", "29"),  # the reference list, pages 27 and 28, is missing from the text
        ("Lagt til søkeord", "30"),
        ("Stellmann", "33"),
        ("Utgitt av", None),
    ],
)
def test_pages(start: str, page: str | None) -> None:
    assert parsed().passages[only(start)].page == page


def test_furniture_is_in_no_passage() -> None:
    document = parsed()
    taken = [document.source[s.start : s.end] for s in document.furniture]
    assert "4   Hovedbudskap" in taken
    assert "5   Key messages" in taken
    assert taken.count("32") == taken.count("33") == 1
    assert sum(t.startswith("-----") for t in taken) == 6
    assert not any(p.text in ("4 Hovedbudskap", "32", "Innhold", "Rapport Knut") for p in document.passages)


def test_line_end_hyphens() -> None:
    only("Område for helsetjenester i FHI fikk i mai 2021 i oppdrag av Bestillerforum for Nye metoder å kartlegge hva")
    assert "Adipose-derived mesenchymal" in texts(only("Tidsskriftsartikkel: Fernández O"))[0]
    assert "2019;321(2):165-74." in texts(only("Tidsskriftsartikkel: Burt RK"))[0]
    assert "assess long-term outcomes" in texts(only("Forfatternes konklusjon: “[…] HSCT"))[0]
    assert "hematopoietic stem-cell transplantation" in texts(only("Ge F"))[0]
    assert "studienavn og/eller ID-nummer." in texts(only("Vi har prøvd å gruppere"))[0]


def test_a_quotation_is_one_passage() -> None:
    helsenorge = texts(only("Helsenorge.no beskriver MS slik"))[0]
    assert helsenorge.endswith("Dette gjør at nervesignalene forstyrres eller blokkeres.» (2)")


def test_a_sentence_cut_by_a_page_has_a_selector_for_each_piece() -> None:
    document = parsed()
    passage = document.passages[only("Forfatternes konklusjon: “[…] HSCT")]
    assert passage.text.endswith("outcomes and safety.” (14, s. 165).")
    one, other = (document.source[s.start : s.end] for s in passage.spans)
    assert one.endswith("resulted in prolonged")
    assert other.startswith("time to disease progression. Further")


def test_languages() -> None:
    document = parsed()
    keys = [s for s, section in enumerate(document.sections) if section.title in ("Key messages", "Method", "Result")]
    assert len(keys) == 3
    assert {p.language for p in document.passages if p.section in keys} == {"en"}
    assert document.passages[only("Tidsskriftsartikkel: Petrou P")].language == "en"
    assert document.passages[only("Forfatternes konklusjon: “Treatment with MSCs")].language == "en"
    assert document.passages[only("Studieregistrering: Autologous mesenchymal stromal")].language == "en"
    assert document.passages[only("Highly active relapsing MS")].language == "en"
    assert document.passages[only("RRMS, SPMS with relapses")].language == "en"
    assert document.passages[only("110 personer ble tilfeldig fordelt til enten")].language is None
    assert document.passages[only("Vedlegg 2: Systematiske oversikter")].language is None
    cells = {p.language for p in document.passages if p.kind is PassageKind.TABLE_CELL and p.text == "RRMS"}
    assert cells == {None}
    assert document.passages[only("Multisenterstudie utført i forskjellige land")].language is None
    assert all(
        p.language is None for p in document.passages if p.kind is PassageKind.SENTENCE and p.section not in keys
    )


def test_key_messages_are_the_summary_with_a_box_beside_them() -> None:
    document = parsed()
    assert len(document.front.summary) == 24
    assert texts(document.front.summary[0])[0].startswith("Område for helsetjenester i FHI fikk i mai 2021")
    assert [p.text for p in document.passages if p.kind is PassageKind.SIDEBAR and p.language is None] == [
        "Tittel:",
        "Autolog stamcelletransplantasjon ved multippel sklerose. Forenklet metodevurdering: kartlegging",
        "Hvem står bak denne publikasjonen?",
        "Folkehelseinstituttet, på oppdrag fra Bestillerforum for Nye metoder",
        "Når ble litteratursøket avsluttet?",
        "Juni, 2021",
    ]
    assert document.front.title == only("Autolog stamcelletransplantasjon ved multippel sklerose. Forenklet")
    assert document.front.dates["published"].value == "2021-09"


def test_markers() -> None:
    document = parsed()
    assert [m.numbers for m in document.markers] == [
        *((1,), (2,), (2,), (2,), (3,), (2, 3), (4,), (5,), (6,), (7,), (8,), (9,), (10,), (11,), (12,), (1, 13)),
        *((14,), (1,), (15,), (1,), (16,), (17,), (18,), (19,), (20,)),
    ]
    assert len({m.passage for m in document.markers}) == 25
    assert {m.printed: m.locator for m in document.markers if m.locator} == {
        "(14, s. 165)": "s. 165",
        "(16, s. 2)": "s. 2",
        "(17, s. 2)": "s. 2",
        "(18, s. 27)": "s. 27",
        "(19, s. 801)": "s. 801",
        "(20, s. 3574)": "s. 3574",
    }


def test_the_reference_list_is_missing() -> None:
    assert parsed().references == []
    assert parsed().reference_heading is None


def test_footnotes_and_the_words_their_marks_are_glued_to() -> None:
    document = parsed()
    found = []
    for note in document.footnotes:
        assert note.anchor is not None
        assert note.offset is not None
        before = document.passages[note.anchor].text[: note.offset]
        found.append((note.mark, before.split()[-1], document.passages[note.passage].text[:21]))
    assert found == [
        ("1", "stamcelletransplantasjon", "Ved allogen stamcelle"),
        ("2", "non-myeloablativ", "Myeloablativ kondisjo"),
        ("3", "cross-over-studier", "En type klinisk forsø"),
    ]
    assert not any("transplantasjon1" in p.text or "studier3" in p.text for p in document.passages)


def test_criteria() -> None:
    criteria = [(c.element, c.included, texts(*c.values)) for c in parsed().criteria]
    assert [c[0] for c in criteria if c[1]] == [
        *("Studiedesign", "Populasjon", "Tiltak", "Sammenligning", "Utfall", "Publikasjonsår", "Land/Kontekst", "Språk")
    ]
    assert criteria[0][2][2].endswith("behandlings-/tiltaksgruppen og kontrollgruppen (9).")
    assert criteria[2][2] == [
        "Autolog stamcelletransplantasjon:",
        "Hematopoietisk stamcelletransplantasjon (HSCT)",
        "Mesenkymal stamcelletransplantasjon (MSCT)",
    ]
    assert [c[2] for c in criteria if not c[1]] == [
        ["Ikke-randomiserte studier"],
        ["Studier som ikke undersøkte effekten av autolog stamcelletransplantasjon"],
    ]


def test_the_criteria_stand_in_a_table_without_a_caption() -> None:
    document = parsed()
    table = document.tables[-1]
    assert (table.label, table.caption, table.rows[0]) == ("[Inklusjonskriterier]", None, ((), ()))
    included = [c for c in document.criteria if c.included]
    assert table.rows[1:] == tuple(((c.element_passage,), c.values) for c in included)
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row):
            assert all(document.passages[i].place == Place(table.label, r, c) for i in cell)
    assert [texts(*cell) for cell in table.rows[5]] == [["Utfall"], ["Alle utfall"]]
    excluded = [i for c in document.criteria if not c.included for i in c.values]
    assert len(excluded) == 2
    assert all(document.passages[i].place is None for i in excluded)


def test_list_items_run_over_empty_lines() -> None:
    assert texts(only("International Clinical Trials Registry Platform (ICTRP. ")) == [
        "International Clinical Trials Registry Platform (ICTRP. Inneholder studier fra flere studieregistre)"
    ]
    assert parsed().passages[only("CENTRAL inneholder")].kind is PassageKind.LIST_ITEM


def test_counts_of_passages_by_kind() -> None:
    kinds = Counter(p.kind for p in parsed().passages)
    assert kinds[PassageKind.FOOTNOTE] == 3
    assert kinds[PassageKind.TABLE_CAPTION] == 4
    assert kinds[PassageKind.FIGURE_CAPTION] == 1
    assert kinds[PassageKind.TABLE_HEADER] == 12
    assert kinds[PassageKind.REFERENCE] == 15
    assert kinds[PassageKind.LINK] == 21  # 72 lines of addresses: 50 at page feet, 1 in the list of reviews
    assert kinds[PassageKind.SIDEBAR] == 12
