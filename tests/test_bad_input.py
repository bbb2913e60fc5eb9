"""Faults of the input, planted one at a time in a copy of the real data: each stops the build with file, line and mend.

What was served before stays served, and nothing half-written stays behind.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from msevidence.loaders.build import build
from msevidence.loaders.errors import LoadError
from tests.graph import DATA

ARTICLE = "articles/nygaard-2024/"
REPORT = "reports/fhi-2021/"


def swap(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert content.count(old.encode()) >= 1, f"{old!r} is not in the file: the test plants nothing"
        return content.replace(old.encode(), new.encode(), 1)

    return change


def append(text: str) -> Callable[[bytes], bytes]:
    return lambda content: content.rstrip(b"\n") + b"\n" + text.encode()


def decided(subject: str, relation: str, obj: str) -> Callable[[bytes], bytes]:
    """Return what adds a decision to identity.yaml."""
    entry = f"subject: {subject}, relation: {relation}, object: {obj}"
    line = f"decisions:\n  - {{{entry}, because: a test, date: 2026-11-29, decided_by: a test}}"
    return swap("decisions: []", line)


FAULTS: dict[str, tuple[str, Callable[[bytes], bytes], str, str]] = {
    "quotation": (
        ARTICLE + "source.txt",
        swap("Most experience hair loss", "Many experience hair loss"),
        ARTICLE + "curation.yaml",
        "does not stand in the text",
    ),
    "unknown key of a curation": (
        ARTICLE + "curation.yaml",
        swap("    kind: recommendation", "    knid: recommendation"),
        ARTICLE + "curation.yaml",
        "knid is no key here; write kind",
    ),
    "unknown key of metadata": (
        REPORT + "metadata.yaml",
        append("colour: blue\n"),
        REPORT + "metadata.yaml",
        "unknown key",
    ),
    "misspelt key that is required": (
        ARTICLE + "metadata.yaml",
        swap("title:", "titel:"),
        ARTICLE + "metadata.yaml",
        "titel: unknown key: titel is no key here; write title, or remove it",
    ),
    "misspelt key that may be left out": (
        REPORT + "metadata.yaml",
        swap("publisher:", "publihser:"),
        REPORT + "metadata.yaml",
        "publihser is no key here; write publisher, or remove it",
    ),
    "identity of a study that is not there": (
        "identity.yaml",
        decided("study/mistt", "not-same", "study/mist"),
        "identity.yaml",
        "identity.yaml:15: decisions.0.subject: study/mistt: there is no such study; near: study/mist",
    ),
    "identity of a number that is nowhere": (
        "identity.yaml",
        decided("study/mist", "not-same", "registration/NCT01234567"),
        "identity.yaml",
        "identity.yaml:15: decisions.0.object: registration/NCT01234567: there is no such registration; ",
    ),
    "identity of a row that is not there": (
        "identity.yaml",
        decided("study/fhi-2021.nobody", "same-study", "study/mist"),
        "identity.yaml",
        "study/fhi-2021.nobody: there is no such study; ",
    ),
    "identity of a publication that is not there": (
        "identity.yaml",
        decided("publication/burt-2018", "same-publication", "publication/burt-2019"),
        "identity.yaml",
        "publication/burt-2018: there is no such publication; near: publication/burt-2019, publication/burt-2020",
    ),
    "unknown key of a catalogue": (
        "studies.yaml",
        swap("    acronym: MIST", "    acronyme: MIST"),
        "studies.yaml",
        "unknown key",
    ),
    "value outside its scheme": (
        ARTICLE + "curation.yaml",
        swap("    kind: recommendation", "    kind: recommandation"),
        ARTICLE + "curation.yaml",
        "recommendation",
    ),
    "study that is in no catalogue": (
        REPORT + "curation.yaml",
        swap("  - study: beat-ms", "  - study: beat-mss"),
        REPORT + "curation.yaml",
        "studies.yaml",
    ),
    "duplicate key": (ARTICLE + "curation.yaml", append("claims: []\n"), ARTICLE + "curation.yaml", "duplicate key"),
    "curation with a byte-order mark": (
        ARTICLE + "curation.yaml",
        lambda content: b"\xef\xbb\xbf" + content,
        ARTICLE + "curation.yaml",
        "byte-order mark",
    ),
    "date of a curation that does not exist": (
        ARTICLE + "curation.yaml",
        swap("date: 2023-11-01", "date: 2023-11-31"),
        ARTICLE + "curation.yaml",
        "does not exist",
    ),
    "article in Latin-1": (
        ARTICLE + "source.txt",
        lambda content: content.decode().replace("–", "-").encode("latin-1", "replace"),
        ARTICLE + "source.txt",
        "UTF-8",
    ),
    "article with a byte-order mark": (
        ARTICLE + "source.txt",
        lambda content: b"\xef\xbb\xbf" + content,
        ARTICLE + "source.txt",
        "byte-order mark",
    ),
    "report with CRLF": (
        REPORT + "source.txt",
        lambda content: content.replace(b"\n", b"\r\n"),
        REPORT + "source.txt",
        "carriage return",
    ),
    "empty report": (REPORT + "source.txt", lambda content: b"", REPORT + "source.txt", "empty"),
    "number without an entry": (
        ARTICLE + "source.txt",
        swap("increases with time (14)", "increases with time (41)"),
        ARTICLE + "source.txt",
        "41",
    ),
    "range that runs backwards": (
        ARTICLE + "source.txt",
        swap("(6, 9–12)", "(6, 12–9)"),
        ARTICLE + "source.txt",
        "backwards",
    ),
    "registry number that matches no pattern": (
        REPORT + "source.txt",
        swap("NCT04047628 \n", "NCT0404762 \n"),
        REPORT + "source.txt",
        "NCT",
    ),
    "registry number of a site that matches no pattern": (
        REPORT + "curation.yaml",
        swap("NCT02035514", "NCT0203551"),
        REPORT + "curation.yaml",
        "NCT",
    ),
    "access date that does not exist": (
        ARTICLE + "source.txt",
        swap("Accessed 23.11.2023", "Accessed 31.11.2023"),
        ARTICLE + "source.txt",
        "31.11.2023",
    ),
    "search date that does not exist": (
        REPORT + "source.txt",
        swap("Dato: 11.06.2021", "Dato: 31.06.2021"),
        REPORT + "source.txt",
        "31.06.2021",
    ),
    "reference to a later work": (
        ARTICLE + "source.txt",
        swap("*JAMA* 2019; 321", "*JAMA* 2029; 321"),
        ARTICLE + "source.txt",
        "later work",
    ),
    "reference number twice": (
        ARTICLE + "source.txt",
        swap("\n14. Luna", "\n13. Luna"),
        ARTICLE + "source.txt",
        "13",
    ),
    "declared count": (
        ARTICLE + "metadata.yaml",
        swap("references: 15", "references: 16"),
        ARTICLE + "metadata.yaml",
        "16",
    ),
    "status that no registry has": (
        "registrations.yaml",
        swap("value: ACTIVE_NOT_RECRUITING", "value: ACTIVE_NOT_RECRUTING"),
        "registrations.yaml",
        "ACTIVE_NOT_RECRUTING",
    ),
    "publication that reports on no study of the catalogue": (
        "publications.yaml",
        swap("- study: mist", "- study: misst"),
        "publications.yaml",
        "studies.yaml",
    ),
    "citation function for a number that is not printed there": (
        ARTICLE + "curation.yaml",
        swap("cites: {2: ", "cites: {12: "),
        ARTICLE + "curation.yaml",
        "(12)",
    ),
    "reference that the document does not have": (
        ARTICLE + "curation.yaml",
        swap("  15: {publication: das-2021", "  16: {publication: das-2021"),
        ARTICLE + "curation.yaml",
        "16",
    ),
    "row that no table has": (
        REPORT + "curation.yaml",
        swap("    row: COAST", "    row: COASTAL"),
        REPORT + "curation.yaml",
        "COASTAL",
    ),
    "arm that no description has": (
        ARTICLE + "curation.yaml",
        swap("    compared_with: [", "    compared_with: [placebo, "),
        ARTICLE + "curation.yaml",
        "placebo",
    ),
    "identity of nothing": (
        "identity.yaml",
        swap(
            "decisions: []",
            "decisions:\n  - {subject: registry/NCT00273364, relation: not-same, object: study/mist,"
            " because: a test, date: 2026-11-29, decided_by: a test}",
        ),
        "identity.yaml",
        "registry",
    ),
}
WITHOUT_LINE = {"report with CRLF", "empty report", "article in Latin-1"}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_stops_the_build_and_the_release_stays(name: str, release_home: Path, tmp_path: Path) -> None:
    file, change, blamed, words = FAULTS[name]
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    path = data / file
    before = path.read_bytes()
    path.write_bytes(change(before))
    assert path.read_bytes() != before
    served = (release_home / "current").resolve()
    inventory = sorted(p.relative_to(release_home) for p in release_home.rglob("*"))
    with pytest.raises(LoadError) as caught:
        build(data, release_home)
    message = str(caught.value)
    assert Path(caught.value.path) == data / blamed, message
    assert words in message
    if name not in WITHOUT_LINE:
        assert caught.value.line is not None, message
    if caught.value.line is not None and path == data / blamed:
        assert 1 <= caught.value.line <= path.read_bytes().count(b"\n") + 1
    assert (release_home / "current").resolve() == served
    assert sorted(p.relative_to(release_home) for p in release_home.rglob("*")) == inventory
