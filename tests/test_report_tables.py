"""Tables of studies, registry numbers and their links, in the report of the project's own input."""

import pytest

from msevidence.loaders.document import RowEntry, StudyRow
from tests.report_text import line, only, parsed, texts

REGISTER = "https://www.clinicaltrialsregister.eu/ctr-search/"
CT = "https://clinicaltrials.gov/ct2/show/"
COCHRANE = "https://www.cochranelibrary.com/central/doi/10.1002/central/"

# table, row, name, (number as printed, suffix), last column; worked out by hand
ROWS = [
    (1, 1, "MIST", ["NCT00273364", "NCT03133403", "2010-023560-40/SE"], "RRMS"),
    (2, 1, "BEAT-MS", ["NCT04047628"], "Highly active relapsing MS (RRMS, SPMS)"),
    (2, 2, "COAST", ["2016-001166-29"], "RRMS"),
    (2, 3, "RAM-MS", ["NCT03477500", "2017-001362-25"], "RRMS"),
    (2, 4, "StarMS", ["ISRCTN88667898", "2019-001549-42"], "RRMS"),
    (3, 1, "Actimus", ["NCT01815632", "ISRCTN27232902"], "Progressiv MS (SPMS, PPMS)"),
    (3, 2, "EMMES", ["NCT02495766", "2012-000734-19"], "RRMS, SPMS"),
    (3, 3, "Fernandez (forfatter)", ["NCT01056471", "2008-004015-35"], "SPMS"),
    (3, 4, "Llufriu (forfatter)", ["NCT01228266", "2009-016442-74"], "RRMS"),
    (3, 5, "MESEMS", ["2010-024081-21"], "RRMS, SPMS, PPMS"),
    (
        *(3, 6, "Nabavi (forfatter)", ["NCT01377870"]),
        "RRMS, SPMS with relapses or PPMS with inflammatory characters",
    ),
    (3, 7, "Petrou (forfatter)", ["NCT02166021"], "Progressiv MS, (PPMS, SPMS)"),
    (4, 1, "Bonan (forfatter)", ["IRCT20191004044975N1"], "RRMS"),
    (4, 2, "Sadiq (forfatter)", ["NCT03355365"], "PPMS, SPMS"),
    (4, 3, "SMART-MS", ["NCT04749667"], "PPMS, SPMS"),
]


def row(name: str) -> StudyRow:
    return next(r for r in parsed().study_rows if r.name == name)


def label_and_address(entry: RowEntry) -> tuple[str, str | None]:
    return entry.label, entry.url


def test_rows() -> None:
    found = [
        (
            int(r.table.removeprefix("Tabell ")),
            r.row,
            r.name,
            [parsed().numbers[n].printed for n in r.numbers],
            " ".join(texts(*r.participants)),
        )
        for r in parsed().study_rows
    ]
    assert found == ROWS


def test_tables() -> None:
    document = parsed()
    assert [(t.label, len(t.rows) - 1) for t in document.tables] == [
        *(("Tabell 1", 1), ("Tabell 2", 4), ("Tabell 3", 7), ("Tabell 4", 3)),
        ("[Inklusjonskriterier]", 8),  # without a caption: after those that the report counts
    ]
    assert [texts(*cell) for cell in document.tables[2].rows[0]] == [
        ["Studienavn (el. forf.) ID-nummer"],
        ["Referanser"],
        ["Type MS"],
    ]
    for table in document.tables:
        for r, cells in enumerate(table.rows):
            for c, cell in enumerate(cells):
                for passage in cell:
                    place = document.passages[passage].place
                    assert place is not None
                    assert (place.table, place.row, place.column) == (table.label, r, c)


def test_a_suffix_is_kept_apart() -> None:
    numbers = [parsed().numbers[n] for n in row("MIST").numbers]
    assert [(n.normalised, n.suffix) for n in numbers] == [
        *(("NCT00273364", None), ("NCT03133403", None), ("2010-023560-40", "SE")),
    ]


def test_entries_of_rows() -> None:
    labels = [[e.label for e in r.entries] for r in parsed().study_rows]
    assert sum(len(found) for found in labels) == 21
    assert labels[0] == ["Tidsskriftsartikkel"]
    assert labels[5] == ["Studieregistrering", "Tidsskriftsartikkel med studieprotokoll"]
    assert [label_and_address(e) for e in row("MESEMS").entries] == [
        ("Studieregistrering med resultater", REGISTER + "trial/2010-024381-21/results"),
        ("Konferansebidrag med resultater", COCHRANE + "CN-02160820/full"),
        ("Konferansebidrag", COCHRANE + "CN-02095965/full"),
        (
            "Tidsskriftsartikkel med studieprotokoll",
            "https://trialsjournal.biomedcentral.com/articles/10.1186/s13063-019-3346-z",
        ),
        ("Konferansebidrag med resultater fra STREAMS (London)", COCHRANE + "CN-02094858/full"),
    ]


def test_an_entry_goes_on_over_the_page_break() -> None:
    protocol = row("Actimus").entries[1]
    assert protocol.url == "https://pubmed.ncbi.nlm.nih.gov/26467901/"
    assert [parsed().passages[p].page for p in protocol.passages] == ["18", "19"]
    assert row("COAST").entries[0].url == REGISTER + "trial/2016-001166-29/DE"


def test_a_publication_is_parsed_and_a_registration_has_a_title() -> None:
    burt = row("MIST").entries[0].reference
    assert burt is not None
    assert (burt.authors[0], burt.et_al, burt.container, burt.year, burt.volume, burt.issue, burt.pages) == (
        *("Burt RK", True, "JAMA", "2019", "321", "2", "165-74"),
    )
    assert burt.printed.startswith("Burt RK, Balabanov R")
    registration = row("EMMES").entries[0]
    assert registration.reference is None
    assert registration.title == "Autologous mesenchymal stromal cells for multiple sclerosis"


def test_conclusions_comments_and_descriptions() -> None:
    concluded = {r.name: texts(*r.conclusions) for r in parsed().study_rows if r.conclusions}
    assert list(concluded) == [
        *("MIST", "Fernandez (forfatter)", "Llufriu (forfatter)", "MESEMS", "Nabavi (forfatter)"),
        "Petrou (forfatter)",
    ]
    assert all(len(found) == 1 for found in concluded.values())
    assert concluded["Petrou (forfatter)"][0].endswith("to confirm these findings.” (20, s. 3574)")
    assert texts(*row("COAST").comments) == [
        "Kommentar: Første pasient innrullert i mars 2020. Studien løper til siste innrullerte pasient (nr. 50) er "
        "fulgt opp i 24 måneder."
    ]
    assert texts(*row("EMMES").comments) == [
        "Studien er registrert med status «completed 2018».",
        "Vi har ikke funnet noen publikasjon og det foreligger ikke resultater i studieregisteret.",
    ]
    described = texts(*row("MIST").descriptions)
    assert described[0].startswith("Beskrivelse av studien: Multisenterstudie utført i USA")
    assert described[-1].startswith("Noen av studiens svakheter")


def test_sites_of_mesems() -> None:
    numbers = parsed().numbers
    assert [(s.place, [numbers[n].printed for n in s.numbers], s.name) for s in row("MESEMS").sites] == [
        ("Andalusia", ["NCT01745783"], None),
        ("Badalona", ["NCT02035514"], "CELLTRiMS"),
        ("Canada", ["NCT02239393"], "MESCAMS"),
        ("Copenhagen", ["2012–000518-13"], "COMSCIMS"),
        ("Italy", ["NCT01854957", "2011-001295-19"], None),
        ("Salzburg", ["2015–000137-78"], None),
        ("Stockholm", ["NCT01730547"], None),
        ("Toulouse", ["NCT02403947"], None),
        ("London", ["NCT01606215", "2012-002357-35"], "STREAMS"),
    ]
    assert [r.name for r in parsed().study_rows if r.sites] == ["MESEMS"]


def test_every_number_is_mentioned_once_for_each_place() -> None:
    numbers = parsed().numbers
    assert len(numbers) == 36
    assert len({n.normalised for n in numbers}) == 35  # NCT03477500 stands in the text and in table 2
    in_text = [n.normalised for n in numbers if parsed().passages[n.passage].place is None]
    assert in_text == ["NCT03477500", "2007-000064-24"]


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("NCT00273364", CT + "NCT00273364"),
        ("2010-023560-40", REGISTER + "trial/2010-023560-40/SE"),
        ("2016-001166-29", REGISTER + "trial/2016-001166-29/DE"),
        ("2017-001362-25", REGISTER + "trial/2017-001362-25/DK"),
        ("ISRCTN88667898", "https://www.isrctn.com/ISRCTN88667898"),
        ("2019-001549-42", REGISTER + "trial/2019-001549-42/GB"),
        ("2010-024081-21", REGISTER + "search?query=2010-024381-21"),  # another number: printed so
        ("2012-000518-13", REGISTER + "trial/2012-000518-13/DK"),
        ("2012-002357-35", REGISTER + "trial/2012-002357-35/GB"),
        ("IRCT20191004044975N1", "https://en.irct.ir/trial/44197"),
        ("NCT04749667", CT + "NCT04749667"),
    ],
)
def test_the_address_under_a_number(number: str, link: str) -> None:
    assert [n.link for n in parsed().numbers if n.normalised == number] == [link]


def test_numbers_without_an_address() -> None:
    unlinked = [(n.normalised, line(_start(n.passage, n.begin))) for n in parsed().numbers if n.link is None]
    assert unlinked == [
        ("NCT03477500", 215),
        ("2007-000064-24", 464),
        ("NCT03133403", 478),
        ("ISRCTN27232902", 666),
        ("2012-000734-19", 702),
        ("2011-001295-19", 831),
        ("2015-000137-78", 832),
    ]


def _start(passage: int, offset: int) -> int:
    return parsed().passages[passage].content.starts[offset]


def test_links_of_the_pages() -> None:
    links = parsed().links
    assert len(links) == 50
    assert next(x.url for x in links if x.page == "20") == REGISTER + "search?query=2010-024381-21"
    for link in links:
        assert parsed().source[link.span.start : link.span.end] == link.url


def test_text_between_tables_is_not_in_them() -> None:
    assert parsed().passages[only("Vi fant tre pågående studier på MSCT")].place is None
