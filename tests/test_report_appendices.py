"""Flow diagram, search documentation and the list of reviews in the report of the project's own input."""

from msevidence.loaders.document import PassageKind
from tests.report_text import only, parsed, texts


def test_flow_boxes() -> None:
    assert [(b.label, b.count) for b in parsed().flow] == [
        ("Referanser identifisert gjennom databasesøk", 424),
        ("Referanser identifisert gjennom andre kilder", 1),
        ("Referanser etter at dubletter er fjernet", 346),
        ("Alle vurdert for relevans", None),
        ("Referanser ekskludert", 255),
        ("Mulig relevante referanser", 91),
        ("Referanser ekskludert i andre gjennomgang", 70),
        ("inkluderte studier", 15),
    ]
    assert [(what, count) for what, count, _ in parsed().flow[-1].further] == [("referanser", 21)]
    assert texts(*parsed().flow[0].passages) == ["Referanser identifisert gjennom databasesøk (n =424)"]
    assert all(parsed().passages[p].kind is PassageKind.FIGURE_TEXT for b in parsed().flow for p in b.passages)


def test_exclusion_reasons() -> None:
    boxes = [b for b in parsed().flow if b.reasons]
    assert len(boxes) == 1
    assert [(reason, count) for reason, count, _ in boxes[0].reasons] == [
        ("Allogen transplantasjon", 5),
        ("Studieregister for fullført studie", 7),
        ("Eldre eller overlappende konferansebidrag", 13),
        ("Ikke RCT", 5),
        ("Ikke effekt av transplantasjon", 7),
        ("Overlappende studieregistreringer MESEMS", 12),
        ("Dubletter", 4),
        ("Inkludert i metodevurdering 2015", 1),
        ("Systematiske oversikter", 15),
        ("Omtalt studie ikke gjenfunnet", 1),
    ]
    assert sum(count for _, count, _ in boxes[0].reasons) == boxes[0].count


def test_searches() -> None:
    central = "Coch rane Trials (CENTRAL)"
    found = [(s.source, s.searched.printed if s.searched else None, s.hits, len(s.lines)) for s in parsed().searches]
    assert found == [
        (central, "11.06.2021", 230, 12),
        (central, "22.06.2021", 20, 6),
        ("ClinicalTrials.gov", "11.06.2021", 55, 8),
        ("International Clinical Trials Registry Platform (ICTRP)", "2. juli 2021", 34, 7),
        ("INAHTA", "02.06.2021", 6, 1),
        ("Epistemonikos", "02.06.2021", 79, 4),
    ]
    assert [s.searched.value for s in parsed().searches if s.searched] == [
        *("2021-06-11", "2021-06-22", "2021-06-11", "2021-07-02", "2021-06-02", "2021-06-02"),
    ]
    assert [s.amends for s in parsed().searches] == [None, 0, None, None, None, None]
    assert parsed().searches[1].hits_printed == "20 nye referanser, ingen relevante"
    assert parsed().searches[5].hits_printed == ("74 systematic reviews, 4 structured summaries, 1 broad syntheses")


def test_totals_of_the_search() -> None:
    assert [(t.label, t.count) for t in parsed().search_totals] == [
        ("Søketreff totalt", 424),
        ("Søketreff uten dubletter", 345),
    ]


def test_search_lines() -> None:
    central, changed, registry, platform, _, epistemonikos = (
        [(x.label, *texts(x.passage)) for x in s.lines] for s in parsed().searches
    )
    assert central[0] == (None, "Søket avgrenset til publikasjonsår 2014 eller senere.")
    assert [label for label, _ in central[1:]] == [f"#{n}" for n in range(1, 12)]
    assert central[9][1] == (
        "(autotransplant* or ((auto or autologous) next transplant*) or autograft* or (bone next marrow next graft*) "
        "or HSCT or ASCT or AHSCT or SCT or HCT or HSC or BMT):ti,ab,kw"
    )
    assert central[11][1] == "#3 and #10 with Cochrane Library publication date Between Jan 2014 and Jul 2021"
    assert changed == [
        (None, "Lagt til søkeord for MSC"),
        ("#12", "MeSH Descriptor: Mesenchymal Stem Cell Transplantation"),
        ("#13", "(MSC or MSCT):ti,ab,kw"),
        ("#14", "#10 or #12 or #13"),
        ("#15", "#3 and #14"),
        ("#16", "#15 not #11"),
    ]
    assert registry[1] == ("Søk 1", "Condition or disease: multiple sclerosis")
    assert registry[7] == ("Søk 2", "Other terms: stem cell transplantation")
    assert platform[0] == ("Søk 1", "Advanced search")
    assert platform[6] == ("Søk 2", "mulitple sclerosis and stem cell transplantation")
    assert [text[:18] for _, text in epistemonikos] == [
        *("Title OR Abstract:", "AND", "Title OR Abstract:", "Publication year f"),
    ]
    assert epistemonikos[2][1].endswith("OR HSC OR BMT")


def test_languages_of_search_lines() -> None:
    document = parsed()
    spoken = [[document.passages[x.passage].language for x in s.lines] for s in document.searches]
    assert spoken == [
        [None, *["zxx"] * 11],
        [None, *["zxx"] * 5],
        ["en"] * 8,
        ["en", "en", "zxx", "en", "en", "en", "en"],
        ["zxx"],
        ["zxx", "zxx", "zxx", "en"],
    ]
    others = {i for s in document.searches for i in (s.date_passage, s.hits_passage) if i is not None}
    assert len(others) == 12
    assert {document.passages[i].language for i in others} == {None}


def test_a_long_string_is_one_line() -> None:
    (string,) = texts(*(x.passage for x in parsed().searches[4].lines))
    assert string.startswith('("Multiple Sclerosis"[mhe] OR (“multiple sclerosis”')
    assert string.endswith("BMT)[abs]) FROM 2014 TO 2021")


def test_listed_reviews() -> None:
    listed = parsed().listed
    assert [r.number for r in listed] == list(range(1, 16))
    assert [r.authors[0] if r.authors else None for r in listed] == [
        *("Ramalingam S", "Allanach JR", "Zhang P", "Mariottini A", "Li H", None, "Burt RK", "Zhou Y", "Oliveira AG"),
        *("Ge F", "Cohen JA", "Sormani MP", "Filippini G", "Li C", "Stellmann JP"),
    ]
    assert [r.year for r in listed] == [
        *("2021", "2021", "2020", "2020", "2020", "2020", "2020", "2019", "2019", "2019", "2019", "2017", "2017"),
        *("2016", "2015"),
    ]
    assert listed[5].url == (
        "https://www.healthtechnology.wales/reports-guidance/autologous-haematopoietic-stem-cell-transplantation/"
    )
    assert listed[14].pages == "989-96"
    entries = [parsed().passages[r.passage] for r in listed]
    assert {p.language for p in entries} == {"en"}
    assert entries[0].text.startswith("Ramalingam S, Shah A.")  # the number is furniture, as in an article
    assert all(p.text[0].isalpha() for p in entries)
    assert entries[9].text.startswith("Ge F") and listed[9].printed.startswith("Ge F")
    assert parsed().listed_heading == only("Vedlegg 2: Systematiske oversikter")


def test_the_imprint_ends_the_list() -> None:
    imprint = [p.text for p in parsed().passages if p.kind is PassageKind.FRONT_MATTER and p.section is None]
    assert imprint == [
        *("Utgitt av Folkehelseinstituttet", "September 2021", "Postboks 4404 Nydalen", "NO-0403 Oslo"),
        *("Telefon: 21 07 70 00", "Rapporten kan lastes ned gratis fra", "Folkehelseinstituttets nettsider"),
        "www.fhi.no",
    ]
