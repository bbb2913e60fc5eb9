"""What the runs have found, each as small as it could be made; the comment names seed and case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from msevidence.loaders.errors import CurationError
from msevidence.loaders.exports.faults import LONGEST, ExportError
from msevidence.loaders.exports.nquads import web_address
from msevidence.loaders.stores.pull import MARK
from msevidence.loaders.yamlfile import read_yaml
from tests.exports.converting import converted
from tests.exports.test_hostile import content
from tests.fuzz.file_cases import FileCase
from tests.fuzz.file_formats import loader, pulled, signed
from tests.fuzz.running_files import Converter


@pytest.fixture(scope="module")
def converter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Converter]:
    """Give a process that reads; to start one takes as long as many files."""
    made = Converter(tmp_path_factory.mktemp("found"))
    yield made
    made.close()


def test_deep_json_in_the_first_line_of_a_pulled_file_is_a_fault(tmp_path: Path) -> None:
    """Seed 7, pulled 43: a RecursionError ended the process that reads."""
    with pytest.raises(ExportError, match="is no file that msevidence pull wrote"):
        converted(tmp_path, MARK + b"[" * 100_000 + b"\n")


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://a.example/\ufffd", "http://a.example/%zz", "http://ok.example/"]
)
def test_an_address_that_is_no_iri_is_left_out(address: str) -> None:
    """Seed 2024, sssom-tsv 9 and 18: the statements of the whole file did not parse, and nothing of it loaded."""
    assert (web_address(address) is not None) == (address == "http://ok.example/")


@pytest.mark.parametrize("key", ["article", "report", "tables-yaml"])
@pytest.mark.parametrize("brackets", [b"[" * 2_000, b"{a: " * 2_000, b"? " * 2_000, b"- " * 2_000])
def test_deeply_nested_yaml_is_a_fault(converter: Converter, key: str, brackets: bytes) -> None:
    """Seed 8, report 76 and tables-yaml 87: a RecursionError of the YAML reader; seed 7, article 73: six seconds."""
    part = "source" if key == "tables-yaml" else "metadata.yaml"
    outcome, faults, _ = converter.read(FileCase(key, b"title: x\ny:\n  " + brackets + b"\n", part=part))
    assert (outcome, faults) == ("refused", [])


@pytest.mark.parametrize("number", ["æ" * 3_000, "NCT1" + "x" * 70_000, "NCT1\x1b[31m\u202e", "a\u2028b\u0085c"])
def test_what_is_told_of_a_bad_number_is_one_line_of_bounded_length(tmp_path: Path, number: str) -> None:
    """Seed 7, ctgov-xml 31, ctgov-csv 44, nbib 32: the whole value, with its line breaks, stood in the report."""
    for key in ("ctgov-json", "ctgov-csv"):
        spelled = number.replace("\x1b", "\\u001b") if key == "ctgov-json" else number
        spoilt = content(key).replace(re.findall(rb"NCT\d{8}", content(key))[0], spelled.encode(), 1)
        report = converted(tmp_path / key, spoilt).report
        said = [str(q) for q in report.quarantined]
        assert said
        assert all(text.isprintable() and len(text) <= LONGEST + 300 for text in said)


@pytest.mark.parametrize("key", ["article", "report", "jats-xml", "tables-csv"])
@pytest.mark.parametrize("run", ["a", "a-", "1,", "( ", " "])
def test_a_very_long_word_is_read_in_bounded_time(converter: Converter, key: str, run: str) -> None:
    """Seed 7, article 23: a word of 70,000 letters took minutes, as patterns were tried from each of its letters."""
    data = loader(key).seeds()[0]
    at = data.index(b"<p>") + 3 if key == "jats-xml" else data.index(b" ", len(data) // 2)
    spoilt = data[:at] + run.encode() * (20_000 // len(run)) + data[at:]
    part = {"jats-xml": "", "tables-csv": "source"}.get(key, "source.txt")
    outcome, faults, _ = converter.read(FileCase(key, spoilt, part=part))
    assert faults == []
    assert outcome in ("read", "read for review", "refused", "loaded")


@pytest.mark.parametrize("key", ["article", "tables-yaml"])
def test_yaml_of_a_version_that_is_not_there_yet_is_a_fault(converter: Converter, key: str) -> None:
    """Seed 11, tables-yaml 92: a KeyError of the YAML reader."""
    part = "source" if key == "tables-yaml" else "metadata.yaml"
    outcome, faults, _ = converter.read(FileCase(key, b"%YAML 9.9\n---\ntitle: x\n", part=part))
    assert (outcome, faults) == ("refused", [])


def test_one_word_of_many_letters_before_a_full_stop_is_read_in_bounded_time(converter: Converter) -> None:
    """Seed 11, jats-xml 120: 70,000 letters took 14 seconds, four times as many sixteen times as long."""
    data = loader("jats-xml").seeds()[0]
    at = data.index(b"<p>") + 3
    outcome, faults, _ = converter.read(FileCase("jats-xml", data[:at] + b"a" * 280_000 + b". It ends. " + data[at:]))
    assert (outcome, faults) == ("loaded", [])


def test_many_markers_in_one_paragraph_are_read_in_bounded_time(converter: Converter) -> None:
    """Beside the one above: for each marker the whole paragraph was looked through."""
    data = loader("article").seeds()[0]
    at = data.index(b" ", len(data) // 2)
    spoilt = data[:at] + b"[1]" * 25_000 + data[at:]
    outcome, faults, _ = converter.read(FileCase("article", spoilt, part="source.txt", review=False))
    assert outcome in ("read", "read for review", "refused")
    assert faults == []


def test_columns_are_compared_in_bounded_time(tmp_path: Path) -> None:
    """Seed 11, ictrp-csv 77: each of two thousand columns was compared with each; of 20,000 it took minutes."""
    header = content("ictrp-csv").splitlines()[0]
    with pytest.raises(ExportError, match="a column twice"):
        converted(tmp_path, header + b"," + b",".join(b"x%d" % n for n in range(20_000)) + b",x1\n")


def test_a_control_character_in_the_name_of_a_field_is_replaced(tmp_path: Path) -> None:
    """Seed 2024, euctr-text 453: it stood in the label of a number, and the graph was not to be written as RDF/XML."""
    whole = loader("euctr-text").seeds()[1]
    spoilt = whole.replace(b"A.5.2 US NCT (Clinical", b"A.5.2 US NCT (Cli\x10nical")
    assert spoilt != whole
    made = converted(tmp_path, spoilt)
    assert made.report.loaded
    assert "\\u0010" not in made.statements
    assert "\x10" not in made.statements


def test_a_control_character_in_a_pulled_graph_keeps_it_out(tmp_path: Path) -> None:
    """Seed 2024, pulled 25 and 90: it stood in a label, and the graph was not to be written as RDF/XML."""
    statements = pulled().partition(b"\n")[2].replace(b"A study of", b"A st\x1audy of")
    report = converted(tmp_path, signed(statements.splitlines(keepends=True))).report
    assert (report.read, report.loaded) == (1, 0)
    assert "control characters" in report.quarantined[0].reason


def test_aliases_that_unfold_are_a_fault(tmp_path: Path) -> None:
    """Found beside seed 7, article 73: each line made the metadata ten times as long to read."""
    path = tmp_path / "metadata.yaml"
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(CurationError, match="an alias") as raised:
        read_yaml(path)
    assert raised.value.line == 2


def test_half_a_character_in_the_name_of_an_unknown_field_is_replaced(tmp_path: Path) -> None:
    """Seed 7, crossref-json 82: the report could not be written, and the load ended with a traceback."""
    spoilt = content("crossref-json").replace(b'"type"', b'"x\\ud800": 1, "type"', 1)
    report = converted(tmp_path, spoilt).report
    assert any("\ufffd" in name for name in report.unknown)


def test_a_criterion_without_a_name_is_refused_in_words(converter: Converter) -> None:
    """Seed 7, tables-yaml 66: an IndexError."""
    written = b"title: A report\ntext:\n  - heading: Methods\n    criteria:\n      : Adults\n"
    outcome, faults, _ = converter.read(FileCase("tables-yaml", written, part="source"))
    assert (outcome, faults) == ("refused", [])


def test_the_name_of_an_empty_field_has_no_character_that_xml_cannot_hold(converter: Converter) -> None:
    """Seed 7, ictrp-csv 810: a column whose name has one was stated as an empty field."""
    spoilt = content("ictrp-csv").replace(b"Study design", b"Study \x1adesign", 1)
    assert spoilt != content("ictrp-csv")
    outcome, faults, _ = converter.read(FileCase("ictrp-csv", spoilt))
    assert (outcome, faults) == ("loaded", [])


def test_an_address_that_is_none_fits_no_number(converter: Converter) -> None:
    """Seed 7, tables-csv 851: a ValueError."""
    seed = loader("tables-csv").seeds()[0]
    spoilt = re.sub(rb"https://www\.isrctn\.com/\w+", b"http://[::1", seed)
    assert spoilt != seed
    outcome, faults, _ = converter.read(FileCase("tables-csv", spoilt, part="source"))
    assert faults == [] and outcome in ("read", "refused")


def test_an_escape_of_half_a_character_is_refused_in_words(converter: Converter) -> None:
    """Seed 7, tables-yaml 1906: a UnicodeEncodeError."""
    written = b'title: A report\ntext:\n  - heading: "j\\ud83e\\uddec"\n    paragraphs: [Words.]\n'
    outcome, faults, _ = converter.read(FileCase("tables-yaml", written, part="source"))
    assert (outcome, faults) == ("refused", [])


@pytest.mark.parametrize("unseen", ["\ufeff", "\u200b \u00ad", "\ufeff\n\n\ufeff"])
def test_words_that_are_not_seen_are_none(converter: Converter, unseen: str) -> None:
    """Seed 7, tables-csv 1484: an IndexError, as a caption consisted of a byte-order mark."""
    seed = loader("tables-csv").seeds()[0].decode()
    for old in ("Methods", "Table 1: Criteria for inclusion", "Adults with chronic heart failure"):
        assert old in seed
        spoilt = seed.replace(old, f'"{unseen}"', 1).encode()
        outcome, faults, _ = converter.read(FileCase("tables-csv", spoilt, part="source"))
        assert faults == [] and outcome in ("read", "refused"), old


def test_countries_of_a_list_are_read_as_other_texts(converter: Converter) -> None:
    """Seed 7, ctis-json 3562: a character that XML cannot hold came into the graph."""
    seed = next(one for one in loader("ctis-json").seeds() if b'"trialCountries": [' in one)
    written = seed.replace(b'"trialCountries": [', b'"trialCountries": ["\\ufffe", 7, {}, ', 1)
    outcome, faults, _ = converter.read(FileCase("ctis-json", written))
    assert (outcome, faults) == ("loaded", [])


def test_a_line_of_a_report_that_is_not_seen_is_none(converter: Converter) -> None:
    """Seed 7, report 3858: an IndexError, as a line among those of a search held a byte-order mark alone."""
    seed = loader("report").seeds()[0]
    lines = seed.splitlines(keepends=True)
    for at in range(0, len(lines), 3):
        spoilt = b"".join([*lines[:at], "\ufeff\n".encode(), *lines[at:]])
        outcome, faults, _ = converter.read(FileCase("report", spoilt, part="source.txt", review=False))
        assert faults == [] and outcome in ("read", "refused"), at
