"""Bad articles: each is refused with file, line and mend. And small articles in other layouts."""

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest

from msevidence.loaders.article import read
from msevidence.loaders.errors import SourceError
from msevidence.loaders.metadata_schema import Layout
from tests.article_files import INVENTED, REAL, metadata_of, read_text, texts

FOLDERS = (REAL, INVENTED)
ENTRY = {REAL: r"(?m)^ ?{}\. (?=[A-Z])", INVENTED: r"(?m)^\[{}\] "}
COUNT = {REAL: 15, INVENTED: 7}


def refused(tmp_path: Path, folder: Path, source: str | bytes) -> SourceError:
    """Return the error with which a changed text of ``folder`` is refused."""
    path = tmp_path / "source.txt"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    with pytest.raises(SourceError) as caught:
        read(path, metadata_of(folder))
    assert caught.value.path == str(path)
    assert str(caught.value).startswith(str(path))
    return caught.value


def source_of(folder: Path) -> str:
    return (folder / "source.txt").read_text(encoding="utf-8")


def place(folder: Path, number: int) -> re.Match[str]:
    (match,) = re.finditer(ENTRY[folder].format(number), source_of(folder))
    return match


@pytest.mark.parametrize("folder", FOLDERS)
def test_bytes(tmp_path: Path, folder: Path) -> None:
    raw = (folder / "source.txt").read_bytes()
    assert refused(tmp_path, folder, b"\xef\xbb\xbf" + raw).line == 1
    assert refused(tmp_path, folder, raw.replace(b"\n", b"\r\n")).line == 1
    assert refused(tmp_path, folder, raw.decode().encode("utf-16")).line == 1
    assert refused(tmp_path, folder, b"").line == 1
    chosen = random.Random(2024)
    for _ in range(20):
        at = raw.index(b"\n", chosen.randrange(len(raw) - 200))
        fault = refused(tmp_path, folder, raw[:at] + b"\xe6" + raw[at:])
        assert fault.line == raw[:at].count(b"\n") + 1
        assert "save the file as UTF-8" in fault.message


@pytest.mark.parametrize(("folder", "number"), [(f, n) for f in FOLDERS for n in range(1, COUNT[f])])
def test_an_entry_left_out(tmp_path: Path, folder: Path, number: int) -> None:
    source = source_of(folder)
    here, following = place(folder, number), place(folder, number + 1)
    fault = refused(tmp_path, folder, source[: here.start()] + source[following.start() :])
    assert fault.line == source.count("\n", 0, here.start()) + 1
    assert f"{number} is missing" in fault.message and "correct the number" in fault.message


@pytest.mark.parametrize(("folder", "number"), [(f, n) for f in FOLDERS for n in range(2, COUNT[f] + 1)])
def test_a_number_that_stands_twice(tmp_path: Path, folder: Path, number: int) -> None:
    source = source_of(folder)
    here = place(folder, number)
    changed = here.group().replace(str(number), str(number - 1))
    fault = refused(tmp_path, folder, source[: here.start()] + changed + source[here.end() :])
    assert fault.line == source.count("\n", 0, here.start()) + 1
    assert f"reference number {number - 1} stands twice" in fault.message


@pytest.mark.parametrize(
    ("folder", "old", "new", "line"),
    [(REAL, "(6, 9–12)", "(6, 12–9)", 45), (INVENTED, "[2–4]", "[4–2]", 19)],
)
def test_a_range_that_runs_backwards(tmp_path: Path, folder: Path, old: str, new: str, line: int) -> None:
    source = source_of(folder)
    assert source.count(old) == 1
    fault = refused(tmp_path, folder, source.replace(old, new))
    assert fault.line == line
    assert "runs backwards" in fault.message and "write (" in fault.message


@pytest.mark.parametrize(
    ("folder", "old", "new"),
    [
        (REAL, "Accessed 23.11.2023", "Accessed 31.11.2023"),
        (REAL, "accepted 5.12.2023", "accepted 5.13.2023"),
        (REAL, "NRK 11.11.2023", "NRK 32.11.2023"),
        (INVENTED, "Publicerad 2 maj 2099", "Publicerad 31 april 2099"),
    ],
)
def test_a_date_that_does_not_exist(tmp_path: Path, folder: Path, old: str, new: str) -> None:
    source = source_of(folder)
    assert source.count(old) == 1
    fault = refused(tmp_path, folder, source.replace(old, new))
    assert "there is no date" in fault.message and "correct it" in fault.message
    assert fault.line is not None and fault.line <= source.count("\n", 0, source.index(old)) + 1


def test_a_row_with_too_many_cells(tmp_path: Path) -> None:
    source = source_of(REAL)
    fault = refused(tmp_path, REAL, source.replace("\t4 years\t", "\t4\tyears\t"))
    assert fault.line == 54
    assert "has 6 cells, its header 5" in fault.message


def test_a_label_that_two_tables_share(tmp_path: Path) -> None:
    table = "Table 1. Two rows\n\na\tb\nc\td\n\n"
    with pytest.raises(SourceError, match="Table 1 stands twice") as caught:
        read_text(tmp_path, f"A test\n\nMethods\n\nA text. {'It goes on. ' * 20}\n\n{table}{table}")
    assert caught.value.line == 12


def test_a_heading_without_numbered_entries(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no numbered entries under the heading 'References'") as caught:
        read_text(tmp_path, "A test\n\nMethods\n\nA text.\n\nReferences\n\nDoe J. A title. J Test 2020;1:2.\n")
    assert caught.value.line == 7


def test_a_declared_heading_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"layout\.reference_heading"):
        read_text(tmp_path, "A test\n\nA text.\n", layout=Layout(reference_heading="Quellen und mehr"))


def test_references_by_author_and_year_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "source.txt"
    path.write_text("A test\n\nA text.\n", encoding="utf-8")
    metadata = metadata_of(REAL).model_copy(update={"citation_style": "author-year"})
    with pytest.raises(SourceError, match="author-year"):
        read(path, metadata)


@pytest.mark.parametrize("label", ["1. ", "1) ", "[1] ", "(1) ", "1 ", "1\t"])
def test_the_ways_to_number_a_list(tmp_path: Path, label: str) -> None:
    lines = [label.replace("1", str(n)) + f"Doe J. Title {n}. J Test 20{n + 9};1:2." for n in range(1, 12)]
    document = read_text(tmp_path, "A test\n\nMethods\n\nA text (1–11).\n\nReferences:\n" + "\n".join(lines) + "\n")
    assert [r.number for r in document.references] == list(range(1, 12))
    assert [r.title for r in document.references] == [f"Title {n}" for n in range(1, 12)]
    assert [m.numbers for m in document.markers] == [tuple(range(1, 12))]
    assert document.leftover() == []


def test_a_heading_of_its_own_and_a_number_without_entry(tmp_path: Path) -> None:
    text = "A test\n\nMethods\n\nA text (3).\n\nWorks that we used\n\n1. Doe J. A title. J Test 2020;1:2.\n"
    document = read_text(tmp_path, text, layout=Layout(reference_heading="Works that we used"))
    assert [r.number for r in document.references] == [1]
    assert [m.numbers for m in document.markers] == [(3,)]


def test_an_article_without_references(tmp_path: Path) -> None:
    document = read_text(tmp_path, "A test\n\nMethods\n\nA text (1).\n\nPublished 1 May 2020.\n")
    assert document.references == [] and document.reference_heading is None
    assert [m.numbers for m in document.markers] == [(1,)]
    assert document.front.dates["published"].value == "2020-05-01"
    assert document.leftover() == []


def test_markdown_headings_and_a_wrapped_entry(tmp_path: Path) -> None:
    text = (
        "# A test\n\n## Is it so?\n\nIt is *so* [3](#r3), as **we** say.\n\n### Part\n\nYes.\n\n## References\n\n"
        "1. Doe J. A title that goes on and\n2019. Then a container. J Test 2020;1:2.\n"
        "2. Roe R. B. J Test 2020;1:3.\n3. Poe P. C. J Test 2020;1:4.\n"
    )
    document = read_text(tmp_path, text)
    assert [(s.title, s.level, s.parent) for s in document.sections] == [
        ("Is it so?", 1, None),
        ("Part", 2, 0),
        ("References", 1, None),
    ]
    assert texts(document, "sentence") == ["It is so [3], as we say.", "Yes."]
    assert [m.numbers for m in document.markers] == [(3,)]
    assert len(document.references) == 3
    assert document.leftover() == []


def test_headings_that_the_metadata_names(tmp_path: Path) -> None:
    text = "A test\n\nMethods\n\nA text.\n\nWhat we did, and why.\n\nAnother text.\n"
    assert len(read_text(tmp_path, text).sections) == 1
    document = read_text(tmp_path, text, layout=Layout(headings=["What we did, and why."]))
    assert [s.title for s in document.sections] == ["Methods", "What we did, and why."]


def test_a_table_cut_over_two_pages_is_one(tmp_path: Path) -> None:
    text = "A test\n\nResults\n\nA text.\n\nTable 1: Rows\n\na\tb\n1\t2\n\na\tb\n3\t4\n\nTable 2 shows that it is so.\n"
    document = read_text(tmp_path, text)
    (table,) = document.tables
    assert [[document.passages[i].text for (i,) in row] for row in table.rows] == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert texts(document, "sentence") == ["A text.", "Table 2 shows that it is so."]
    assert document.leftover() == []


def test_published_at_the_start_of_a_paragraph_is_no_imprint(tmp_path: Path) -> None:
    text = "A test\n\nResults\n\nPublished data of 2015 show it.\n\nReceived opinion is another thing.\n"
    document = read_text(tmp_path, text)
    assert len(texts(document, "sentence")) == 2
    assert document.front.dates == {}


SIGNS = ["\n\n", "(", "[", "*", "\t", "«", "- ", "1. ", "\\", "<", ".\n", "](#)", "\x0c", "\u2028"]


def changed(source: str, chosen: random.Random) -> str:
    """Return ``source`` with blocks left out or in another order, letters lost, or a sign of the layout put in."""
    blocks = source.split("\n\n")
    kind = chosen.randrange(4)
    if kind == 0:
        del blocks[chosen.randrange(len(blocks)) :]
    elif kind == 1:
        chosen.shuffle(blocks)
    elif kind == 2:
        blocks = ["".join(c for c in block if chosen.random() > 0.01) for block in blocks]
    else:
        at = chosen.randrange(len(source))
        return source[:at] + chosen.choice(SIGNS) + source[at:]
    return "\n\n".join(blocks)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_damaged_article_is_read_whole_or_refused(tmp_path: Path, folder: Path) -> None:
    chosen = random.Random(8)
    path = tmp_path / "source.txt"
    outcomes = {"read": 0, "refused": 0}
    for _ in range(40):
        path.write_bytes(changed(source_of(folder), chosen).encode())
        try:
            document = read(path, metadata_of(folder))
        except SourceError as e:
            assert str(e).startswith(str(path))
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        assert document.leftover() == []
        spans = sorted(s for p in document.passages for s in p.spans)
        assert all(a.end <= b.start for a, b in pairwise(spans)), "no two passages share a character"
        assert all(document.passages[m.passage].text[m.begin] in "([" for m in document.markers)
    assert min(outcomes.values()) > 0
