"""The text and tables of a report as YAML: every word at its place, and the same rules as for any document."""

import re
from pathlib import Path

import pytest

from msevidence.loaders.document import ParsedDocument, PassageKind
from msevidence.loaders.errors import SourceError
from msevidence.loaders.yaml_words import Tree, read_tree
from tests.graph import DATA
from tests.review.tables_files import fixture, found_in, misplaced, parsed, reviewed_tables

MENDS = (
    ("Vi fant seks randomiserte", "Vi fant fem randomiserte"),
    ("clinicaltrials.gov/study/NCT02876534", "clinicaltrials.gov/study/NCT02876543"),
    ("2014—002345—31", "2014-002345-31"),
    ("Deltakere: 51", "Deltakere: 49"),
    ("2009;1:2-8", "2012;1:2-8"),
    ("rehabiltation", "rehabilitation"),
    ("count: 490}", "count: 500}"),
    ("fjernet, count: 90}", "fjernet, count: 80}"),
)
ROWS = ["Nilsen 2013", "Pettersen 2015", "Quist 2016", "Rud 2009", "Sund 2019"]
TOTAL = "Totalt 490"
FOUND = "Referanser identifisert gjennom databasesøk 500"
PLANTED = {
    "arms-against-total": [["51", "Pustetrening (n = 25), kontroll (n = 24)"]],
    "count-against-rows": [
        [
            "Vi fant seks randomiserte studier av pustetrening (tabell 1).",
            "Tabell 1 Inkluderte studier av pustetrening",
            *ROWS,
        ]
    ],
    "flow-boxes": [[FOUND, "Dubletter fjernet 90", "Referanser vurdert 420"]],
    "link-leads-to-other-number": [["NCT02876543"]],
    "misspelt-search-term": [["(breathing adj3 (training or exercise or rehabiltation)).tw."]],
    "odd-dash": [["2014-002345-31"]],
    "outside-window": [
        [
            "Vi inkluderte studier publisert fra 2012 til 2021 [1].",
            "Publikasjonsår",
            "2012-2021",
            "Rud S. Pust. Tidsskr Pust 2009;1:2-8.",
        ]
    ],
    "search-hits-against-total": [["310", "120", "70", TOTAL], [TOTAL, FOUND]],
}


def test_the_rules_fire_on_the_planted_fields_and_on_nothing_else() -> None:
    assert found_in(reviewed_tables(".yaml")) == PLANTED


def test_the_rules_are_silent_where_the_fields_are_mended() -> None:
    assert found_in(reviewed_tables(".yaml", MENDS)) == {}


def test_a_field_that_is_changed_is_the_one_that_is_found() -> None:
    edits = (*MENDS, ("Vi inkluderte fem studier.", "Vi inkluderte fire studier."), ("count: 12}", "count: 11}"))
    found = found_in(reviewed_tables(".yaml", edits))
    assert found.pop("flow-boxes") == [
        ["Fulltekster ekskludert 25", "Annen populasjon 11", "Annet tiltak 13"],
        ["Vi inkluderte fire studier.", "Inkluderte studier 5"],
    ]
    assert found.pop("count-against-rows") == [["Vi inkluderte fire studier.", *PLANTED_ROWS]]
    assert found == {}


PLANTED_ROWS = ("Tabell 1 Inkluderte studier av pustetrening", *ROWS)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> ParsedDocument:
    return parsed(tmp_path_factory.mktemp("yaml"), ".yaml", fixture(".yaml"), "nb")


def test_every_passage_stands_at_its_offsets(document: ParsedDocument) -> None:
    assert len(document.passages) > 80
    assert misplaced(document) == []
    assert document.leftover() == []


def test_the_parts_of_the_report(document: ParsedDocument) -> None:
    assert [s.title for s in document.sections] == ["Hovedbudskap", "Metode", "Resultat"]
    assert [s.role for s in document.sections] == ["key-messages", "methods", "results"]
    folded = "Bare én av dem målte livskvalitet, og ‘lang tid’ betyr her tolv uker."
    assert [p.text for p in document.passages if p.paragraph == 2] == ["Studiene er små.", folded]
    literal = [
        p for p in document.passages if p.text in ("Vi inkluderte fem studier.", "De er beskrevet i tabell 1 [2].")
    ]
    other = next(p for p in document.passages if p.text.startswith("Deltakerne var"))
    assert len({p.paragraph for p in literal}) == 1 and other.paragraph not in {p.paragraph for p in literal}
    assert [(s.source, s.searched.value if s.searched else None, s.hits) for s in document.searches] == [
        ("MEDLINE", "2021-06-14", 310),
        ("Embase", "2021-06-14", 120),
        ("CENTRAL", "2021-06-15", 70),
    ]
    assert [line.label for line in document.searches[1].lines] == ["#1", "#2", "#3"]
    assert [row.name for row in document.study_rows] == ROWS
    assert [document.passages[p].text for p in document.study_rows[2].participants] == ["Moderat"]
    assert {m.printed: m.link for m in document.numbers}[
        "NCT03765432"
    ] == "https://clinicaltrials.gov/study/NCT03765432"
    assert [len(c.values) for c in document.criteria] == [1, 2, 1, 1, 1]
    assert [(m.numbers, document.passages[m.passage].text) for m in document.markers] == [
        ((1,), "Vi inkluderte studier publisert fra 2012 til 2021 [1]."),
        ((2,), "De er beskrevet i tabell 1 [2]."),
    ]
    assert [(b.count, [n for _, n, _ in b.reasons]) for b in document.flow][-2:] == [(25, [12, 13]), (5, [])]


STYLES = """\
text:
  - plain text
    over lines # a comment
  - 'quoted ''once'', æ

    a new paragraph'
  - "twice \\"quoted\\" \\u00e5 and\\
    \\ joined 😀 tail"
  - >
    folded one
    two

    three

      more
  - |2-
      literal  kept
    two
  - !!str tagged
"""


def test_styles_of_scalars(tmp_path: Path) -> None:
    document = parsed(tmp_path, ".yaml", STYLES)
    assert [p.text for p in document.passages] == [
        "plain text over lines",
        "quoted 'once', æ",
        "a new paragraph",
        'twice "quoted" å and joined 😀 tail',
        "folded one two",
        "three",
        "more",
        "literal kept two",
        "tagged",
    ]
    assert document.leftover() == []
    for passage in document.passages:
        for c, a, b in zip(passage.text, passage.content.starts, passage.content.ends, strict=True):
            printed = document.source[a:b]
            assert printed[:1] == c or printed.isspace() or printed in ("''", '\\"', "\\u00e5") or "\\" in printed


def test_line_ends_of_two_characters(tmp_path: Path) -> None:
    one = parsed(tmp_path, ".yaml", fixture(".yaml"), "nb")
    two = parsed(tmp_path, ".yaml", fixture(".yaml").replace("\n", "\r\n"), "nb")
    assert [p.text for p in two.passages] == [p.text for p in one.passages]
    assert misplaced(two) == [] and two.leftover() == []


def test_rows_by_the_names_of_columns_and_a_label_alone(tmp_path: Path) -> None:
    content = (
        "tables:\n"
        "  - label: Table 2\n"
        "    rows:\n"
        "      - {Study: ALPHA, Registration: NCT01234567, Comments: One. Two.}\n"
        "      - {Study: BETA, Comments: No number.}\n"
    )
    document = parsed(tmp_path, ".yaml", content)
    assert [p.text for p in document.passages] == [
        *("Table 2", "Study", "Registration", "Comments", "ALPHA", "NCT01234567", "One.", "Two.", "BETA", "No number."),
    ]
    assert [r.name for r in document.study_rows] == ["ALPHA", "BETA"]
    assert document.passages[0].kind is PassageKind.TABLE_CAPTION
    assert misplaced(document) == [] and document.leftover() == []


FAULTS = {
    "unknown field": ("title: A\ntabels: []\n", 2, "tabels", "unknown field"),
    "unknown column": ("tables:\n- header: [a, b]\n  rows:\n  - {a: 1, c: 2}\n", 4, "tables.0.rows.0.c", "no column"),
    "row too long": ("tables:\n- header: [a, b]\n  rows:\n  - [1, 2, 3]\n", 4, "tables.0.rows.0.2", "more cells"),
    "no rows": ("tables:\n- header: [a, b]\n", 2, "tables.0", "'rows'"),
    "no count": ("flow:\n- {label: Found, count: many}\n", 2, "flow.0.count", "is no count"),
    "no hits": ("searches:\n- source: A\n  hits: many\n", 3, "searches.0.hits", "no number of hits"),
    "no source": ("searches:\n- hits: 3\n", 2, "searches.0", "'source'"),
    "date": ("searches:\n- source: A\n  date: 2021-02-30\n", 3, "searches.0.date", "2021-02-30"),
    "syntax": ("title: [A\ntext: B\n", 2, None, "is not YAML"),
    "twice": ("title: A\ntitle: B\n", 2, "", "twice"),
    "alias": ("text:\n- &a one\n- *a\n", None, "text.1", "alias"),
    "text for fields": ("flow: three boxes\n", 1, "flow", "fields with names"),
    "fields for text": ("title: {a: b}\n", 1, "title", "one text is wanted"),
    "two references": (
        "references: [1. Doe J. A. J 2001;1:1., '1. Roe J. B. J 2001;1:2.']\n",
        1,
        "references.1",
        "number 1",
    ),
    "nothing": ("title:\n", 1, None, "no words"),
    "byte-order mark": ("\ufefftitle: A\n", 1, None, "without BOM"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_field(tmp_path: Path, name: str) -> None:
    content, line, field, message = FAULTS[name]
    with pytest.raises(SourceError) as caught:
        parsed(tmp_path, ".yaml", content)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.field or None) == (line, field or None)


def test_words_of_a_tree_are_those_of_the_file() -> None:
    raw = "a: 'it''s'\nb: [x, \"\\u00e6 \\\n  y\"]\n"
    tree = read_tree(raw, Path("x.yaml"))

    def words(node: Tree) -> list[str]:
        own = [node.words.text] if node.words else []
        return [*own, *(w for child in (*node.items, *(v for _, v in node.fields)) for w in words(child))]

    assert words(tree) == ["it's", "x", "æ y"]


@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_the_example_of_the_readme_is_read(tmp_path: Path, kind: str) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("## The tables of a report") : readme.index("## curation.yaml")]
    examples = re.findall(rf"```{kind}\n(.*?)```", section, re.DOTALL)
    assert len(examples) == 1
    document = parsed(tmp_path, f".{kind}", examples[0].replace(", ...]", "]"))
    assert document.study_rows[0].name == "ALPHA"
    assert [(s.source, s.hits, len(s.lines)) for s in document.searches] == [("MEDLINE", 210, 2)]
    assert [
        (t.count, b.count, b.reasons[0][:2]) for t, b in zip(document.search_totals, document.flow, strict=True)
    ] == [(210, 12, ("Other population", 12))]
    assert (len(document.markers), len(document.references)) == (1, 1)
    assert misplaced(document) == [] and document.leftover() == []
