"""Files from strangers, in every format (contract 19 to 21): a clear error, good neighbours loaded, the counts balance.

Each format has a small file of ours; every one of them is cut, spoilt and wrapped in the same ways.
"""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.formats import formats, recognised
from tests.exports.converting import FIXTURES, converted

FILES = {
    "ctgov-json": "ctgov_json/page.json",
    "ctgov-xml": "ctgov_xml/studies.xml",
    "ctgov-csv": "ctgov_csv/site.csv",
    "euctr-text": "euctr_text/full.txt",
    "ctis-json": "ctis_json/new_layout.json",
    "isrctn-xml": "isrctn_xml/two_trials.xml",
    "ictrp-xml": "ictrp/portal.xml",
    "ictrp-csv": "ictrp/named.csv",
    "pubmed-xml": "pubmed_xml/three.xml",
    "nbib": "nbib/three.nbib",
    "crossref-json": "crossref_json/list.json",
    "endnote-xml": "endnote_xml/library.xml",
    "ris": "ris/mixed.ris",
}
XML = [key for key in FILES if key.endswith("-xml")]
JSON = [key for key in FILES if key.endswith("-json")]
CUTS = 20


def content(key: str) -> bytes:
    return (FIXTURES / FILES[key]).read_bytes()


def versions(tmp_path: Path, data: bytes) -> set[str]:
    """Return the versions that a file gives; a file that is refused gives none."""
    try:
        return converted(tmp_path, data).versions
    except ExportError:
        return set()


def test_every_format_of_records_has_a_file() -> None:
    assert {f.key for f in formats() if f.read is not None} - {"sssom-tsv"} == set(FILES)


@pytest.mark.parametrize("key", FILES)
def test_a_file_is_recognised_by_its_content_and_loads(key: str, tmp_path: Path) -> None:
    report = converted(tmp_path, content(key), "a-name-that-says-nothing", shapes=True).report
    assert report.formats == {key: 1}
    assert report.loaded >= 1
    assert report.read == report.loaded + report.duplicate + len(report.quarantined)


@pytest.mark.parametrize("key", FILES)
def test_the_first_bytes_are_of_one_format_only(key: str) -> None:
    head = content(key)
    assert [f.key for f in formats() if f.recognise(head)] == [key]
    assert recognised(head[: len(head) // 2], "half").key == key


@pytest.mark.parametrize("key", FILES)
def test_a_truncated_file_gives_its_whole_records_or_an_error(key: str, tmp_path: Path) -> None:
    data = content(key)
    whole = converted(tmp_path, data)
    refused = 0
    for n in range(1, CUTS + 1):
        cut = data[: len(data) * n // (CUTS + 1)]
        try:
            part = converted(tmp_path, cut)
        except ExportError as e:
            refused += 1
            assert str(e).startswith("export")
            continue
        assert part.report.read == part.report.loaded + part.report.duplicate + len(part.report.quarantined)
        # What a cut takes away is the last record; one more may be whole but for what stood behind the cut.
        assert len(part.versions - whole.versions) <= 1, n
        if part.report.quarantined:
            assert all(q.reason and q.place for q in part.report.quarantined)
    assert refused < CUTS or whole.report.read == 1


@pytest.mark.parametrize("key", FILES)
def test_a_byte_order_mark_changes_nothing(key: str, tmp_path: Path) -> None:
    data = content(key).removeprefix(b"\xef\xbb\xbf")
    assert versions(tmp_path, b"\xef\xbb\xbf" + data) == versions(tmp_path, data) != set()


@pytest.mark.parametrize("key", FILES)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "cp037"])
def test_another_encoding_is_refused_or_read_but_never_misread(key: str, encoding: str, tmp_path: Path) -> None:
    data = content(key).removeprefix(b"\xef\xbb\xbf").decode()
    found = versions(tmp_path, data.encode(encoding))
    assert found in (set(), versions(tmp_path, data.encode()))


@pytest.mark.parametrize("key", FILES)
@pytest.mark.parametrize("bad", [b"\0", b"\xff", b"\xed\xa0\x80"])
def test_a_bad_byte_spoils_its_own_record_at_most(key: str, bad: bytes, tmp_path: Path) -> None:
    data = content(key)
    good = versions(tmp_path, data)
    for n in range(1, 6):
        at = len(data) * n // 6
        spoilt = data[:at] + bad + data[at:]
        try:
            found = converted(tmp_path, spoilt)
        except ExportError:
            continue
        assert found.report.read == found.report.loaded + found.report.duplicate + len(found.report.quarantined)
        assert len(found.versions - good) <= 1
        assert "\0" not in found.statements


@pytest.mark.parametrize("key", FILES)
def test_gz_and_zip_are_looked_into_and_lead_nowhere(key: str, tmp_path: Path) -> None:
    data = content(key)
    plain = versions(tmp_path, data)
    assert versions(tmp_path, gzip.compress(data)) == plain
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../../../tmp/evil", data)
        archive.writestr("inner.gz", gzip.compress(data))
        archive.writestr(".hidden", b"nothing")
    found = converted(tmp_path, out.getvalue(), "export.zip")
    assert found.versions == plain
    assert found.report.formats == {key: 2}
    assert found.report.duplicate >= len(plain)
    assert not (tmp_path.parent / "evil").exists()
    assert not Path("/tmp/evil").exists()


def test_a_bad_file_in_an_archive_is_one_record_that_is_not_loaded(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.json", content("ctgov-json"))
        archive.writestr("readme.txt", b"These are the exports of Monday.")
        archive.writestr("z.xml", content("ctgov-xml"))
    report = converted(tmp_path, out.getvalue(), "export.zip").report
    assert set(report.formats) == {"ctgov-json", "ctgov-xml"}
    assert [q.place for q in report.quarantined if "readme" in q.place] == ["export.zip!readme.txt"]
    assert report.read == report.loaded + report.duplicate + len(report.quarantined)


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html>\n<html><body><form action='/login'>Please log in</form></body></html>",
        b"\n  <HTML><head><title>Sign in</title></head></HTML>",
        b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><p>403</p></html>",
    ],
)
def test_a_web_page_is_named_as_such(page: bytes, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"is a web page, not an export .*log in and export it again"):
        converted(tmp_path, page, "export.csv")


@pytest.mark.parametrize("data", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_named_as_such(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is empty"):
        converted(tmp_path, data)


@pytest.mark.parametrize("data", [b"hello world\n", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7 ...", b"{}", b"[]", b"a,b\n1,2\n"])
def test_a_file_of_no_known_format_is_told_which_are_known(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no format that can be loaded|holds no record"):
        converted(tmp_path, data)


@pytest.mark.parametrize("key", XML)
def test_entities_are_not_resolved(key: str, tmp_path: Path) -> None:
    data = content(key)
    start = data.index(b"?>") + 2 if data.lstrip().startswith(b"<?xml") else 0
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-OF-THE-HOST")
    root = data[start:].lstrip().removeprefix(b"<").split(b">")[0].split()[0].decode()
    while root.startswith("!"):  # a document type already
        data = data[:start] + data[start:].split(b">", 1)[1]
        root = data[start:].lstrip().removeprefix(b"<").split(b">")[0].split()[0].decode()
    inside = data.index(b">", data.index(f"<{root}".encode())) + 1
    bombs = {
        "laughs": "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)).replace("&a0;", "ha"),
        "file": f'<!ENTITY a11 SYSTEM "file://{secret}">',
        "host": '<!ENTITY a11 SYSTEM "http://127.0.0.1:9/x">',
        "parameter": f'<!ENTITY % p SYSTEM "file://{secret}"> %p; <!ENTITY a11 "x">',
    }
    for name, declarations in bombs.items():
        kind = f"<!DOCTYPE {root} [{declarations}]>".encode()
        for body in (data[:inside] + b"&a11;" + data[inside:], data.replace(b"</", b"&a11;</", 40)):
            spoilt = body[:start] + kind + body[start:]
            try:
                found = converted(tmp_path, spoilt + name.encode().join([b"<!--", b"-->"]))
            except ExportError:
                continue
            assert "SECRET" not in found.statements, name
            assert len(found.statements) < 20 * len(data) + 200_000, name


@pytest.mark.parametrize("key", JSON)
def test_deep_nesting_is_a_fault_and_not_the_end_of_the_process(key: str, tmp_path: Path) -> None:
    data = content(key)
    deep = b"[" * 100_000 + b"]" * 100_000
    assert versions(tmp_path, deep) == set()
    at = data.index(b":") + 1
    spoilt = data[:at] + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b',"x":' + data[at:]
    assert versions(tmp_path, spoilt) <= versions(tmp_path, data)


@pytest.mark.parametrize("key", XML)
def test_deep_elements_are_a_fault_and_not_the_end_of_the_process(key: str, tmp_path: Path) -> None:
    data = content(key)
    at = data.index(b"</")
    spoilt = data[:at] + b"<a>" * 30_000 + b"</a>" * 30_000 + data[at:]
    assert versions(tmp_path, spoilt) <= versions(tmp_path, data)


@pytest.mark.parametrize("key", FILES)
def test_hostile_text_stays_text(key: str, tmp_path: Path) -> None:
    """A title that looks like markup, a formula or N-Quads is a title; nothing breaks out of its literal."""
    data = content(key)
    found = converted(tmp_path, data)
    titles = [t for f in found.facts for t in ([f.title] if hasattr(f, "title") else [x[1] for x in f.titles])]
    word = max((w for t in titles for w in (t or "").split() if w.isalpha() and w.encode() in data), key=len)
    evil = 'x\\" <http://a> . <script>alert(1)</script>'
    spelled = {
        "json": evil.replace("\\", "\\\\").replace('"', '\\"'),
        "xml": evil.replace("<", "&lt;").replace('"', "&quot;"),
        "csv": evil.replace('"', ""),  # in a field without quotation marks there can be none
    }.get(key.rsplit("-", 1)[-1], evil)
    spoilt = data.replace(word.encode(), spelled.encode())
    again = converted(tmp_path, spoilt, shapes=True)
    assert again.report.loaded >= 1
    assert " <http://a> . <script>" in again.statements
    subjects = {line.split(" ", 1)[0] for line in again.statements.splitlines()}
    assert all(s.startswith("<https://w3id.org/msevidence/") for s in subjects)
