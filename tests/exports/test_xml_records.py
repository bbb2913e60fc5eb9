"""XML as a stream: entities are never resolved, no file or host is asked, memory stays flat."""

import contextlib
import io
import socket
import subprocess
import sys
import threading
import time
from typing import BinaryIO, cast

import pytest
from lxml import etree

from msevidence.loaders.exports import xml_records as module
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.records import Raw
from msevidence.loaders.exports.xml_records import all_text, entity_inside, local, texts_by_name, xml_records

RECORDS = b"".join(b"  <r n='%d'>\n<a>text %d</a><b/></r>\n" % (n, n) for n in range(7))
FILE = b"<?xml version='1.0'?>\n<list>\n" + RECORDS + b"</list>\n"


def outcome(content: bytes, names: tuple[str, ...] = ("r",)) -> list[str]:
    """Return the text of each record, or the fault in its place."""
    found = []
    for item in xml_records(io.BytesIO(content), names):
        found.append(f"! {item.message}" if isinstance(item, RecordError) else all_text(item.fields) or "")
    return found


def texts(content: bytes) -> list[str]:
    found = outcome(content)
    assert not [t for t in found if t.startswith("!")]
    return found


def test_records_come_one_after_another_with_their_lines():
    lines, found = [], []
    for item in xml_records(io.BytesIO(FILE), ("r",)):
        assert isinstance(item, Raw)
        lines.append(item.line)
        found.append((item.fields.get("n"), texts_by_name(item.fields)))
    assert lines == [3, 5, 7, 9, 11, 13, 15]
    assert found == [(str(n), {"a": [f"text {n}"], "b": [""]}) for n in range(7)]


def test_a_record_is_emptied_when_the_next_is_asked_for():
    stream = xml_records(io.BytesIO(FILE), ("r",))
    first = cast(Raw, next(stream)).fields
    assert all_text(first) == "text 0"
    next(stream)
    assert all_text(first) is None


def test_a_record_in_a_record_is_part_of_it():
    assert texts(b"<l><r>a<r>b</r>c</r><r>d</r></l>") == ["abc", "d"]


def test_namespaces_make_no_difference():
    assert texts(b'<x:l xmlns:x="urn:x"><x:r>a</x:r></x:l>') == ["a"]
    assert texts(b'<l xmlns="urn:x"><r>a</r></l>') == ["a"]
    assert local(etree.fromstring('<a xmlns="urn:x"/>')) == "a"
    assert local(etree.fromstring("<a><!--x--></a>")[0]) == ""


def test_comments_and_instructions_cut_no_text():
    assert texts(b"<l><r>a<!-- x -->b<?php x ?>c<![CDATA[<d>]]></r></l>") == ["abc<d>"]


def test_helpers():
    element = etree.fromstring("<r><a> x <i>y</i></a><a/><b>z</b></r>")
    assert texts_by_name(element) == {"a": ["x y", ""], "b": ["z"]}
    assert texts_by_name(element, empty=False) == {"a": ["x y"], "b": ["z"]}
    assert all_text(None) is None
    assert all_text(element) == "x yz"


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>"
)
QUADRATIC = b'<!DOCTYPE l [<!ENTITY e "' + b"A" * 100_000 + b'">]>'


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS + b"<l><r>&j;</r></l>",
        LAUGHS + b'<l><r x="&j;">text</r></l>',
        QUADRATIC + b"<l><r>" + b"&e;" * 20_000 + b"</r></l>",
        QUADRATIC + b'<l><r x="' + b"&e;" * 20_000 + b'">text</r></l>',
        b'<!DOCTYPE l [<!ENTITY % a "x"><!ENTITY % b "%a;%a;">%b;]><l><r>&b;</r></l>',
        b'<!DOCTYPE l [<!ENTITY a "&b;"><!ENTITY b "&a;">]><l><r>&a;</r></l>',
    ],
    ids=["laughs", "laughs-attribute", "quadratic", "quadratic-attribute", "parameter", "cycle"],
)
def test_bombs_end_in_a_fault_or_in_an_entity_that_is_told_and_at_once(content):
    begin = time.monotonic()
    for item in xml_records(io.BytesIO(content), ("r",)):
        if isinstance(item, Raw):
            assert entity_inside(item.fields)
            assert len("".join(map(str, item.fields.itertext()))) < 100_000
    assert time.monotonic() - begin < 2


def test_an_entity_of_a_file_is_not_read(tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    (tmp_path / "dtd").write_text('<!ENTITY x "SECRET"><!ATTLIST r y CDATA "SECRET">')
    url = (tmp_path / "secret").as_uri()
    dtd = (tmp_path / "dtd").as_uri()
    tried = [
        f'<!DOCTYPE l [<!ENTITY x SYSTEM "{url}">]><l><r>&x;</r></l>',
        f'<!DOCTYPE l [<!ENTITY x PUBLIC "p" "{url}">]><l><r>&x;</r></l>',
        f'<!DOCTYPE l SYSTEM "{dtd}"><l><r>&x;</r></l>',
        f'<!DOCTYPE l [<!ENTITY % d SYSTEM "{dtd}">%d;]><l><r>&x;</r></l>',
        '<l xmlns:xi="http://www.w3.org/2001/XInclude"><r><xi:include href="URL" parse="text"/></r></l>'.replace(
            "URL", url
        ),
        f'<?xml-stylesheet href="{url}"?><l><r>ok</r></l>',
    ]
    for content in tried:
        for item in xml_records(io.BytesIO(content.encode()), ("r",)):
            shown = item.message if isinstance(item, RecordError) else etree.tostring(item.fields).decode()
            assert "SECRET" not in shown, content
            if isinstance(item, Raw) and "&x;" in content:
                assert entity_inside(item.fields)


def test_no_host_is_asked():
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)

        def listen() -> None:
            with contextlib.suppress(TimeoutError):
                asked.append(server.accept()[1])

        thread = threading.Thread(target=listen)
        thread.start()
        host = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        for content in (
            f'<!DOCTYPE l SYSTEM "{host}"><l><r>&x;</r></l>',
            f'<!DOCTYPE l [<!ENTITY x SYSTEM "{host}">]><l><r>&x;</r></l>',
            f'<!DOCTYPE l [<!ENTITY % d SYSTEM "{host}">%d;]><l><r>y</r></l>',
            f'<l xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u {host}"><r>y</r></l>',
        ):
            assert list(xml_records(io.BytesIO(content.encode()), ("r",)))
        thread.join()
    assert asked == []


def test_an_entity_is_told_and_its_neighbours_are_whole():
    content = b'<!DOCTYPE l [<!ENTITY e "x">]><l><r>a</r><r>b &e; c</r><r>d &lt;&#233;</r></l>'
    found = [
        (entity_inside(i.fields), i.fields.text) for i in xml_records(io.BytesIO(content), ("r",)) if isinstance(i, Raw)
    ]
    assert found == [(False, "a"), (True, "b "), (False, "d <é")]


@pytest.mark.parametrize("end", sorted({len(FILE) * n // 41 for n in range(1, 41)}))
def test_a_file_that_breaks_off_gives_what_is_whole_and_one_fault(end):
    found = outcome(FILE[:end])
    whole = FILE[:end].count(b"</r>")
    assert found[:-1] == [f"text {n}" for n in range(whole)]
    assert found[-1].startswith("! the XML cannot be read here")


@pytest.mark.parametrize("at", sorted({len(FILE) * n // 21 for n in range(1, 21)}))
@pytest.mark.parametrize("insert", [b"\0", b"\xff\xfe", b"<", b"&", b"</r>", b"&nope;", b"]]>", b"\x01"])
def test_what_is_broken_inside_loses_nothing_before_it(at, insert):
    found = outcome(FILE[:at] + insert + FILE[at:])
    whole = FILE[:at].count(b"</r>")
    assert found[:whole] == [f"text {n}" for n in range(whole)]
    assert [t.startswith("!") for t in found[:-1]] == [False] * (len(found) - 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no element found"),
        (b"  \n", "Start tag expected"),
        (b"text", "Start tag expected"),
        (b'{"a": 1}', "Start tag expected"),
        (b"<l><r>" + b"<d>" * 300, "Excessive depth"),
        (b"<l><r>" + b"a" * 11_000_000 + b"</r></l>", "too long"),
        (b"<l><r " + b"a" * 11_000_000 + b"='1'/></l>", "cannot be read"),
        (b"<l><r>&#0;</r></l>", "xmlChar value 0"),
        (b"<l><r a='1' a='2'/></l>", "redefined"),
        (b"<l><x:r/></l><", "cannot be read"),
        (b'<?xml version="1.0" encoding="no-such-9"?><l/>', "Unsupported encoding"),
        (b"<!DOCTYPE html><html><body><p>Log in<br></body></html>", "mismatch"),
    ],
)
def test_what_is_no_xml(content, why):
    found = outcome(content)
    assert len([t for t in found if t.startswith("!")]) == 1
    assert why in found[-1]
    assert found[-1].endswith("get the file again")
    assert "\n" not in found[-1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "utf-8-sig", "windows-1252"])
def test_declared_encodings_are_read(encoding):
    name = encoding.removesuffix("-sig")
    content = f'<?xml version="1.0" encoding="{name}"?><l><r>Sjögren é</r></l>'.encode(encoding)
    assert texts(content) == ["Sjögren é"]


def test_an_encoding_that_is_not_the_declared_one_is_a_fault_after_what_is_whole():
    found = outcome(b'<?xml version="1.0" encoding="UTF-8"?><l><r>ok</r>\n<r>Sj\xf6gren</r></l>')
    assert found[0] == "ok"
    assert "encoding" in found[1]
    assert len(found) == 2


def test_a_record_that_never_ends_is_a_fault_in_bounded_memory(monkeypatch):
    monkeypatch.setattr(module, "RECORD_BYTES", 2**20)

    class Endless:
        read_so_far = 0

        def __init__(self, start: bytes, piece: bytes) -> None:
            self.start, self.piece = start, piece

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.read_so_far += size
            if self.start:
                data, self.start = self.start, b""
                return data
            return (self.piece * (size // len(self.piece) + 1))[: size // len(self.piece) * len(self.piece)]

    for start, piece in ((b"<l><r>ok</r><r>", b"<x/>"), (b"<l><r>ok</r>", b"<x>y</x>"), (b"<l><r>ok</r>", b"<!--x-->")):
        stream = Endless(start, piece)
        found = list(xml_records(cast(BinaryIO, stream), ("r",)))
        assert [type(i) for i in found] == [Raw, RecordError]
        assert "no record ends within 1048576 bytes" in str(found[1])
        assert stream.read_so_far < 2 * 2**20


def test_what_the_stream_itself_raises_passes():
    class Broken:
        def read(self, size: int = -1) -> bytes:
            raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        list(xml_records(cast(BinaryIO, Broken()), ("r",)))


MEASURE = """
import resource, sys
from msevidence.loaders.exports.xml_records import xml_records
count, opening, closing = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3].encode()
class Stream:
    def __init__(self):
        self.pieces, self.rest = self.make(), b""
    def make(self):
        yield b"<list>"
        for n in range(count):
            yield opening + b"<r><a>" + b"x" * 3000 + b"</a>" + b"<b>y</b>" * 40 + b"</r>" + closing
        yield b"</list>"
    def read(self, size=-1):
        while len(self.rest) < size:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.rest += piece
        data, self.rest = self.rest[:size], self.rest[size:]
        return data
read = sum(1 for item in xml_records(Stream(), ("r",)) if len(item.fields) == 41)
print(read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize(
    ("opening", "closing"), [("", ""), ("<w><h>head</h>", "<t/></w>"), ("<junk/>text<junk>x</junk>", "")]
)
def test_memory_is_flat_over_20_000_records(opening, closing):
    """In a process of its own: the elements lie in memory of libxml2, which tracemalloc does not see."""

    def measured(count: int) -> tuple[int, int]:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(count), opening, closing], capture_output=True, text=True, check=True
        )
        read, most = map(int, done.stdout.split())
        return read, most * (1 if sys.platform == "darwin" else 1024)

    few, many = measured(500), measured(20_000)
    assert (few[0], many[0]) == (500, 20_000)
    assert many[1] - few[1] < 3 * 2**20, "20,000 records have 66 MB"


def test_the_names_of_records_are_matched_whole():
    assert texts(b"<l><rr>a</rr><R>b</R><r>c</r></l>") == ["c"]
