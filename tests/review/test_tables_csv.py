"""The tables of a report as CSV: every word at its place, and the same rules as for any document."""

import shutil
from pathlib import Path

import pytest

from msevidence.loaders.build import validate
from msevidence.loaders.document import ParsedDocument, PassageKind
from msevidence.loaders.errors import CurationError, SourceError
from msevidence.server.cli import run
from tests.graph import DATA
from tests.review.tables_files import (
    FIXTURES,
    KEY,
    fixture,
    found_in,
    lay_out,
    misplaced,
    parsed,
    reviewed_tables,
)

MENDS = (
    ("We found seven randomised", "We found six randomised"),
    ("(n = 58)", "(n = 60)"),
    ("NCT03456728", "NCT03456782"),
    ("2015–004321–26,", "2015-004321-26,"),
    ("2007;1:1-6", "2010;1:1-6"),
    ("NCT04567893,,", "NCT04567893,https://clinicaltrials.gov/study/NCT04567893,"),
    ("rehabilitaton", "rehabilitation"),
    ("Total,,395,", "Total,,390,"),
    (",13,Other training", ",14,Other training"),
)
STUDIES = ["Aasen 2012", "Brekke 2014", "Dokka 2016", "Egge 2018", "Fjeld 2007", "Grimstad 2020"]
PLANTED = {
    "arms-against-total": [["120", "Training at home (n = 58), usual care (n = 60)"]],
    "count-against-rows": [
        [
            "We found seven randomised studies of training at home (Table 2).",
            "Table 2: Included studies of training at home",
            *STUDIES,
        ]
    ],
    "flow-boxes": [["Full texts excluded", "24", "10", "13"]],
    "link-leads-to-other-number": [["NCT03456782"]],
    "link-missing": [["NCT04567893"]],
    "misspelt-search-term": [["(home adj3 (training or exercise or rehabilitaton)).tw."]],
    "odd-dash": [["2015-004321-26"]],
    "outside-window": [
        [
            "Publication year",
            "2010-2021",
            "Journal article: Fjeld G, Grande H. Steps at home. J Card Ex 2007;1:1-6.",
        ]
    ],
    "parts-against-sum": [["210", "140", "40", "395"]],
    "search-hits-against-total": [
        ["210", "140", "40", "395"],
        ["395", "Records identified through databases", "390"],
    ],
}


def test_the_rules_fire_on_the_planted_cells_and_on_nothing_else() -> None:
    assert found_in(reviewed_tables(".csv")) == PLANTED


def test_the_rules_are_silent_where_the_cells_are_mended() -> None:
    mended = reviewed_tables(".csv", MENDS)
    assert found_in(mended) == {}


def test_a_cell_that_is_changed_is_the_one_that_is_found() -> None:
    edits = (*MENDS, ("Records screened,330,", "Records screened,331,"), ("usual care (n = 39)", "usual care (n = 93)"))
    assert found_in(reviewed_tables(".csv", edits)) == {
        "arms-against-total": [["80", "Training at home (n = 41), usual care (n = 93)"]],
        "flow-boxes": [
            ["Records identified through databases", "390", "Duplicates removed", "60", "Records screened", "331"],
            ["Records screened", "331", "Records excluded", "300", "Full texts assessed", "30"],
        ],
    }


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> ParsedDocument:
    return parsed(tmp_path_factory.mktemp("csv"), ".csv", fixture(".csv"))


def test_every_passage_stands_at_its_offsets(document: ParsedDocument) -> None:
    assert len(document.passages) > 100
    assert misplaced(document) == []
    assert document.leftover() == []
    quoted = next(p for p in document.passages if "the watch" in p.text)
    assert quoted.text == 'The nurse called it "the watch".'
    (span,) = quoted.spans
    assert document.source[span.start : span.end] == 'The nurse called it ""the watch"".'


def test_rows_are_studies_with_numbers_links_and_publications(document: ParsedDocument) -> None:
    assert [row.name for row in document.study_rows] == STUDIES
    first = document.study_rows[0]
    assert [document.numbers[n].printed for n in first.numbers] == ["NCT01234587"]
    assert [document.passages[p].text for p in first.participants] == ["Reduced ejection fraction"]
    assert [document.passages[p].text for p in first.comments] == [
        "A sensor, worn on the wrist, counted the steps.",
        'The nurse called it "the watch".',
    ]
    assert [(e.label, e.title) for e in first.entries] == [("Journal article", "Training at home after heart failure")]
    links = {m.printed: m.link for m in document.numbers}
    assert links["NCT03456782"] == "https://clinicaltrials.gov/study/NCT03456728"
    assert links["2015–004321–26"] == "https://www.clinicaltrialsregister.eu/ctr-search/trial/2015-004321-26/NO"
    assert links["NCT04567893"] is None


def test_searches_flow_criteria_and_references(document: ParsedDocument) -> None:
    assert [(s.source, s.searched.value if s.searched else None, s.hits) for s in document.searches] == [
        ("MEDLINE", "2021-06-10", 210),
        ("Embase", "2021-06-11", 140),
        ("CINAHL", "2021-06-11", 40),
    ]
    assert [line.label for line in document.searches[0].lines] == ["1", "2", "3"]
    assert [(t.label, t.count) for t in document.search_totals] == [("Total", 395)]
    assert [(b.label, b.count) for b in document.flow][:2] == [
        ("Records identified through databases", 390),
        ("Duplicates removed", 60),
    ]
    assert [(reason, count) for reason, count, _ in document.flow[5].reasons] == [
        ("Other people", 10),
        ("Other training", 13),
    ]
    assert [c.element for c in document.criteria] == [
        "Population",
        "Intervention",
        "Comparison",
        "Outcome",
        "Publication year",
    ]
    assert [r.title for r in document.references] == [
        "Exercise for the failing heart",
        "Guides at home",
        "Walking with heart failure",
    ]
    assert [m.numbers for m in document.markers] == [(1, 2), (3,)]


SMALL = 'Study;NCT number;Note\nA 1, one;NCT01234567;"x; ""y""\nz"\nB;NCT01234568;1,5\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("semicolons", SMALL),
        ("tabs", SMALL.replace(";", "\t")),
        ("commas", SMALL.replace("A 1, one", '"A 1, one"').replace("1,5", '"1,5"').replace(";", ",")),
        ("line ends", SMALL.replace("\n", "\r\n")),
        ("byte-order mark", "\ufeff" + SMALL.replace("\n", "\r\n")),
        ("columns filled up", "".join(line + ";;\n" for line in SMALL.replace("\nz", " z").splitlines())),
        ("no last line end", SMALL.rstrip("\n")),
    ],
)
def test_spellings_of_csv(tmp_path: Path, name: str, content: str) -> None:
    document = parsed(tmp_path, ".csv", content)
    assert misplaced(document) == [] and document.leftover() == []
    cells = {(p.place.row, p.place.column): p.text for p in document.passages if p.place}
    assert cells[1, 0] == "A 1, one" and cells[2, 2] == "1,5", name
    assert cells[1, 2].endswith(' "y" z')
    assert [r.name for r in document.study_rows] == ["A 1, one", "B"]
    offset = document.source.index("NCT01234567")
    assert [p.spans[0].start for p in document.passages if p.text == "NCT01234567"] == [offset]


def test_headings_captions_and_text_between_tables(tmp_path: Path) -> None:
    content = (
        "Resultater\nVi fant to studier.\n\nTabell 3 Studier\n\nStudienavn;ID-nummer;Type MS;Referanser\n"
        "ALFA;NCT01234567;RRMS;Kommentar: Avsluttet.\n\nEn tabell uten nummer\nUtfall;n\nGange;12\n"
    )
    document = parsed(tmp_path, ".csv", content, "nb")
    assert [(p.kind, p.text) for p in document.passages][:3] == [
        (PassageKind.HEADING, "Resultater"),
        (PassageKind.SENTENCE, "Vi fant to studier."),
        (PassageKind.TABLE_CAPTION, "Tabell 3 Studier"),
    ]
    assert [(t.label, document.passages[t.caption or 0].text) for t in document.tables] == [
        ("Tabell 3", "Tabell 3 Studier"),
        ("[2]", "En tabell uten nummer"),
    ]
    assert [document.passages[p].text for p in document.study_rows[0].participants] == ["RRMS"]
    assert document.sections[0].role == "results"
    assert document.flow == [] and document.searches == []


def test_a_share_in_brackets_is_no_citation(tmp_path: Path) -> None:
    content = (
        "Group,n (%)\nA,21 (70)\nB,2 (1)\nC (1),3 (2)\n\n"
        "References\n1. Doe J. One. J 2001;1:1.\n2. Roe J. Two. J 2002;2:2.\n"
    )
    document = parsed(tmp_path, ".csv", content)
    assert [(document.passages[m.passage].text, m.numbers) for m in document.markers] == [("C (1)", (1,))]
    assert [(r.number, r.title) for r in document.references] == [(1, "One"), (2, "Two")]


FAULTS = {
    "mark never closed": ('a,b\n"c,d\n', 2, "never closed"),
    "text after a mark": ('a,b\n"c"d,e\n', 2, "follows the closing quotation mark"),
    "row too long": ("T\na,b\nc,d\ne,f,g\n", 4, "more cells than the header (2)"),
    "date": ("Database,Date,Hits\nMEDLINE,2021-02-30,5\n", 2, "2021-02-30"),
    "not UTF-8": (b"a,b\n\xe6,c\n", 2, "save the file as UTF-8"),
    "nothing": (",,\n,,\n", 1, "no words"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    content, line, message = FAULTS[name]
    with pytest.raises(SourceError) as caught:
        parsed(tmp_path, ".csv", content)
    assert caught.value.line == line
    assert message in caught.value.message


def test_a_folder_has_one_source(tmp_path: Path) -> None:
    from msevidence.loaders.documents import find_documents

    folder = lay_out(tmp_path / "reports", ".csv")
    assert [d.source.name for d in find_documents(tmp_path)] == ["source.csv"]
    (folder / "source.txt").write_text("x", encoding="utf-8")
    with pytest.raises(CurationError, match=r"source\.txt and source\.csv; keep one"):
        find_documents(tmp_path)


def test_laid_out_by_the_command_it_builds_and_conforms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    for suffix, language in ((".csv", "en"), (".yaml", "nb")):
        file = FIXTURES / f"report-tables{suffix}"
        arguments = ["new", "report", f"{KEY}-{language}", str(file), "--language", language, "--data", str(data)]
        assert run(arguments) == 0, capsys.readouterr().err
        assert (data / "reports" / f"{KEY}-{language}" / f"source{suffix}").read_bytes() == file.read_bytes()
    _, outcome = validate(data)
    assert outcome.conforms, outcome.summary()


def test_a_file_without_metadata_is_reviewed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "Heart tables.csv"
    shutil.copyfile(FIXTURES / "report-tables.csv", file)
    assert run(["review", str(file), "--data", str(DATA), "--kind", "odd-dash"]) == 0
    printed = capsys.readouterr().out
    assert "Training at home for people with chronic heart failure: a mapping of studies (heart-tables)" in printed
    assert "2015–004321–26" in printed
    file.write_text('a,b\n"c,d\n', encoding="utf-8")
    assert run(["review", str(file), "--data", str(DATA)]) == 1
    assert f"{file}:2: " in capsys.readouterr().err
