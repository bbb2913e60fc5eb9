"""Articles in JATS that are broken, hostile or none: a clear error with a line, and no other exception."""

import random
import re
from pathlib import Path

import pytest

from msevidence.loaders.bibliographic.jats_xml import FORMAT, recognise
from msevidence.loaders.exports.containers import HEAD
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.jats import jats_context, jats_faults, read_jats
from msevidence.loaders.jats_tree import DEEPEST, LARGEST
from tests.exports.jats_files import AUTHOR_YEAR, NUMBERED, article

RAW = NUMBERED.read_bytes()
DOCTYPE = b'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS 1.2//EN" "JATS.dtd">'


def error_of(raw: bytes) -> ExportError:
    with pytest.raises(ExportError) as found:
        read_jats(raw, "a.xml")
    return found.value


@pytest.mark.parametrize("part", range(1, 40))
def test_a_file_that_breaks_off_is_told_with_its_line(part: int) -> None:
    cut = RAW[: len(RAW) * part // 40]
    error = error_of(cut)
    assert error.line is not None and error.line <= cut.count(b"\n") + 1
    assert str(error).startswith("a.xml:") and "get the file again" in str(error)


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b"", None, "is empty"),
        (b" \n ", None, "is empty"),
        (RAW.decode().encode("utf-16"), 1, "UTF-16"),
        (RAW.decode().encode("utf-16-le"), 1, "UTF-16"),
        (RAW.decode().encode("utf-32"), 1, "UTF-16 or UTF-32"),
        (RAW.replace("Øvrebø".encode(), "Øvrebø".encode("latin-1"), 1), 14, "is not UTF-8"),
        (RAW.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'), 1, "says that it is in ISO-8859-1"),
        (RAW.replace(b"<kwd>cells", b"<kwd>\0cells"), 31, "no well-formed XML"),
        (RAW.replace(b"<kwd>cells", b"<kwd>\x0bcells"), 31, "no well-formed XML"),
        (RAW.replace(b"<kwd>cells", b"<kwd>&alpha;cells"), 31, "does not define 'alpha'"),
        (RAW.replace(b'<kwd>cells', b'<kwd a="&alpha;">cells'), 31, "does not define 'alpha'"),
        (b"<article><body><p>&alpha;</p></body></article>", 1, "does not define 'alpha'"),
        (RAW.replace(b"</kwd-group>", b""), 35, "no well-formed XML"),
        (b'{"articles": []}', 1, "no well-formed XML"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", 1, "holds no article"),
        (b"<PubmedArticleSet><Article/></PubmedArticleSet>", 1, "holds no article"),
        (b"<pmc-articleset>\n<article/>\n<article/></pmc-articleset>", 3, "holds 2 articles"),
        (b"<x:article/>", 1, "no well-formed XML"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(raw: bytes, line: int | None, words: str) -> None:
    error = error_of(raw)
    assert (error.line, words in str(error)) == (line, True), str(error)


def bomb(kind: str) -> bytes:
    subset = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "general": f'<!DOCTYPE article [<!ENTITY a0 "x">{subset}]><article>&a9;</article>',
        "unused": '<!DOCTYPE article [<!ENTITY a "x">]><article/>',
        "external": '<!DOCTYPE article [<!ENTITY a SYSTEM "file:///etc/passwd">]><article>&a;</article>',
        "parameter": '<!DOCTYPE article [<!ENTITY % a SYSTEM "http://localhost/x"> %a;]><article/>',
        "undeclared parameter": "<!DOCTYPE article [%a;]><article/>",
        "external subset": '<!DOCTYPE article SYSTEM "http://localhost/x"><article>&a;</article>',
    }[kind].encode()


@pytest.mark.parametrize(
    "kind", ["general", "unused", "external", "parameter", "undeclared parameter", "external subset"]
)
def test_entities_are_not_expanded_and_nothing_is_fetched(kind: str) -> None:
    assert re.search(r"entity|does not define", str(error_of(bomb(kind))))


def test_a_document_type_is_no_fault() -> None:
    read = read_jats(DOCTYPE + b"<article><body><p>One.</p></body></article>", "a.xml")
    assert [p.text for p in read.parsed.passages] == ["One."]


@pytest.mark.parametrize(
    "name", ["sec", "p", "list", "italic", "xref", "x", "table-wrap", "boxed-text", "alternatives"]
)
def test_nesting_is_bounded(name: str) -> None:
    def nested(times: int) -> bytes:
        return f"<article><body>{f'<{name}>' * times}One.{f'</{name}>' * times}</body></article>".encode()

    assert "nested more than" in str(error_of(nested(DEEPEST)))
    assert "nested more than" in str(error_of(nested(100_000)))
    read = read_jats(nested(DEEPEST - 2), "a.xml")
    assert [p.text for p in read.parsed.passages] == ["One."]


def test_size_is_bounded() -> None:
    assert "split it" in str(error_of(b"<article>" + b" " * LARGEST + b"</article>"))


def test_a_long_line_is_read() -> None:
    read = article("<p>" + "word " * 200_000 + "</p>")
    assert len(read.parsed.passages[-10].text) > 999_000


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be read"):
        read_jats(tmp_path / "none.xml")


def test_files_changed_at_random_raise_nothing_else() -> None:
    """Tags are taken away, doubled, renamed and swapped: what is still well-formed is read, and nothing is lost."""
    chance = random.Random(3)
    text = RAW.decode()
    names = sorted(set(re.findall(r"<([a-z][a-z-]+)", text)))
    read = refused = 0
    for _ in range(250):
        changed = text
        for _ in range(chance.randrange(1, 6)):
            one, other = chance.choice(names), chance.choice(names)
            match chance.randrange(4):
                case 0:
                    changed = re.sub(rf"(</?){one}(?=[\s/>])", rf"\g<1>{other}", changed)
                case 1:
                    changed = re.sub(rf"</?{one}(?:\s[^<>]*)?/?>", "", changed)
                case 2:
                    found = list(re.finditer(rf"<{one}(?:\s[^<>]*)?>[^<>]*</{one}>", changed))
                    if found:
                        place = chance.choice(found)
                        changed = changed[: place.end()] + place.group() * 2 + changed[place.end() :]
                case _:
                    attribute = chance.choice(
                        ["rid", "ref-type", "id", "pub-id-type", "xml:lang", "fn-type", "sec-type"]
                    )
                    changed = re.sub(rf'\s{attribute}="[^"]*"', f' {attribute}="{one}"', changed, count=3)
        try:
            found_document = read_jats(changed.encode(), "a.xml")
        except ExportError:
            refused += 1
            continue
        read += 1
        assert found_document.parsed.leftover() == []
        context = jats_context(found_document, Path("a.xml"))
        assert isinstance(jats_faults(found_document, context), list)
        for marker in found_document.parsed.markers:
            assert 0 <= marker.begin < marker.end <= len(found_document.parsed.passages[marker.passage].text)
    assert read > 100 and read + refused == 250


@pytest.mark.parametrize("path", [NUMBERED, AUTHOR_YEAR])
def test_articles_are_recognised_wherever_their_head_is_cut(path: Path) -> None:
    raw = path.read_bytes()
    for cut in (HEAD, 2_000, 900):
        assert recognise(raw[:cut])
        assert recognise(b"\xef\xbb\xbf\n " + raw[:cut].removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>'))
    for cut in range(0, 900, 7):
        assert recognise(raw[:cut]) in (True, False)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<",
        b"<!DOCTYPE",
        b"<!-- <article article-type='x'>",
        b"<html><article article-type='x'/></html>",
        b"<article xmlns='http://docbook.org/ns/docbook'><info><title>A</title></info></article>",
        b"<PubmedArticleSet><PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>",
        b"<allTrials><fullTrial><trial/></fullTrial></allTrials>",
        b"<clinical_study><id_info/></clinical_study>",
        b"<xml><records><record/></records></xml>",
        b"<articles><article article-type='x'/></articles>",
        b"<OAI-PMH><record><dc/></record></OAI-PMH>",
        b'{"article": "<article article-type=1>"}',
        b"TY  - JOUR\n",
        NUMBERED.read_bytes().decode().encode("utf-16"),
    ],
)
def test_other_files_are_not_recognised(head: bytes) -> None:
    assert not recognise(head)


@pytest.mark.parametrize(
    "head",
    [
        b'<article dtd-version="1.2">',
        b"<article><front><journal-meta>",
        DOCTYPE + b"<article>",
        b"<!DOCTYPE article [ <!ATTLIST a b CDATA #IMPLIED> ] >\n<article article-type='x'>",
        b"<pmc-articleset><article article-type='x'>",
        b"<OAI-PMH xmlns='x'><GetRecord><metadata><article xmlns='https://jats.nlm.nih.gov/ns/archiving/1.3/'>",
        b"<!-- by hand --><?style x?><a:article xmlns:a='x'><a:front>",
    ],
)
def test_heads_of_articles(head: bytes) -> None:
    assert recognise(head)


def test_the_format_is_one_of_documents() -> None:
    assert (FORMAT.key, FORMAT.read, FORMAT.record) == ("jats-xml", None, None)


@pytest.mark.shared
def test_only_the_articles_of_the_samples_are_recognised(shared_dir: Path) -> None:
    files = [p for p in sorted((shared_dir / "samples").rglob("*")) if p.is_file()]
    assert len(files) > 20
    found = []
    for path in files:
        with path.open("rb") as file:
            if recognise(file.read(HEAD)):
                found.append(path.relative_to(shared_dir / "samples").as_posix())
    assert found == [
        "jats_xml/1472-6831-8-11.nxml",
        "jats_xml/journal.pone.0026358.xml",
        "jats_xml/journal.pone.0119074.xml",
    ]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["1472-6831-8-11.nxml", "journal.pone.0026358.xml", "journal.pone.0119074.xml"])
def test_samples_that_break_off_are_refused(shared_dir: Path, name: str) -> None:
    raw = (shared_dir / "samples" / "jats_xml" / name).read_bytes()
    for part in range(1, 21):
        assert "get the file again" in str(error_of(raw[: len(raw) * part // 21]))
