"""JSON as a stream: pages, lists and lines of records, broken anywhere, in memory that does not grow with the file."""

import io
import json
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO, cast

import pytest

from msevidence.loaders.exports import json_records as module
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.json_records import CHUNK, json_records
from msevidence.loaders.exports.records import Raw

STUDIES = [{"id": n, "text": 'é\u2028\U0001f9ea \\ "q" ]}', "more": [1, 2.5, None, True, {"x": []}]} for n in range(7)]
PAGE = json.dumps({"studies": STUDIES, "nextPageToken": "t", "totalCount": 7}, ensure_ascii=False).encode()
SPELLED = [json.dumps(s, ensure_ascii=False).encode() for s in STUDIES]
ENDS = [PAGE.index(s) + len(s) for s in SPELLED]


class Generated:
    """A stream that makes its bytes when they are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.rest = b""
        self.most = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "a stream that does not end is never read in whole"
        while len(self.rest) < size and (piece := next(self.pieces, b"")):
            self.rest += piece
        data, self.rest = self.rest[:size], self.rest[size:]
        self.most = max(self.most, len(data))
        return data


def items(content: bytes, lists: tuple[str, ...] = ("studies",)) -> list[Raw | RecordError]:
    return list(json_records(io.BytesIO(content), "x.json", lists))


def values(content: bytes, lists: tuple[str, ...] = ("studies",)) -> list[Any]:
    return [i.fields if isinstance(i, Raw) else i.message for i in items(content, lists)]


def plain(found: list[Any]) -> Any:
    return json.loads(json.dumps(found, default=float))


def test_a_page_a_list_lines_and_one_record_alone():
    assert plain(values(PAGE)) == STUDIES
    assert plain(values(json.dumps(STUDIES).encode())) == STUDIES
    assert plain(values(b"\n".join(json.dumps(s).encode() for s in STUDIES))) == STUDIES
    assert plain(values(json.dumps(STUDIES[0], indent=2).encode())) == STUDIES[:1]
    assert values(b'{"studies": []}') == []
    assert values(b"[]") == []
    assert values(b"") == []


def test_a_list_inside_an_object_of_an_object():
    content = json.dumps({"status": "ok", "message": {"total": 2, "items": [{"a": 1}, {"a": 2}], "z": 1}}).encode()
    assert values(content, ("message.items",)) == [{"a": 1}, {"a": 2}]
    assert values(b'{"message": {"title": "x"}}', ("message.items",)) == [{"title": "x"}]
    assert len(values(content, ("items",))) == 1


def test_numbers_are_not_rounded():
    assert values(b'[{"a": 0.1, "b": 12345678901234567890, "c": 1e3}]') == [
        {"a": Decimal("0.1"), "b": 12345678901234567890, "c": Decimal("1E+3")}
    ]


def test_lines_are_those_of_the_file():
    content = json.dumps({"a": "x", "studies": STUDIES}, indent=1).encode()
    lines = content.decode().split("\n")
    found = items(content)
    assert len(found) == 7
    for item in found:
        assert lines[(item.line or 0) - 1] == "  {"
    assert [i.line for i in items(b'[{"a":1},\n\n{"a":2}\n,{"a":3}')] == [1, 3, 4, 4]


@pytest.mark.parametrize("end", sorted({len(PAGE) * n // 41 for n in range(1, 41)}))
def test_a_page_that_breaks_off_gives_what_is_whole_and_one_fault(end):
    found = items(PAGE[:end])
    assert isinstance(found[-1], RecordError)
    whole = [i.fields for i in found if isinstance(i, Raw)]
    assert len(whole) == len(found) - 1
    assert plain(whole) == STUDIES[: len(whole)]


@pytest.mark.parametrize("at", sorted({len(PAGE) * n // 41 for n in range(1, 41)}))
@pytest.mark.parametrize("insert", [b"\0", b"\xff", b"}", b"]", b'"', b"\n\t\x01"])
def test_a_page_that_is_broken_inside_gives_what_is_before(at, insert):
    """What comes after a fault is lost where the text cannot be followed any more, and never what comes before."""
    found = items(PAGE[:at] + insert + PAGE[at:])
    whole = sum(at >= end for end in ENDS)
    assert plain([i.fields for i in found[:whole] if isinstance(i, Raw)]) == STUDIES[:whole]
    same = plain([i.fields for i in found if isinstance(i, Raw)]) == STUDIES
    assert same or any(isinstance(i, RecordError) for i in found) or insert in (b"}", b"]", b'"')


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_where_the_stream_is_cut_makes_no_difference(size):
    class Trickle(io.BytesIO):
        def read(self, asked: int | None = -1) -> bytes:
            return super().read(size)

    assert plain([cast(Raw, i).fields for i in json_records(Trickle(PAGE), "x", ("studies",))]) == STUDIES


def test_memory_does_not_grow_with_the_page():
    record = b'{"id": 1, "text": "' + b"x" * 2_000 + b'"}'

    def peak(count: int) -> tuple[int, int]:
        def pieces() -> Iterator[bytes]:
            yield b'{"totalCount": 1, "studies": ['
            for n in range(count):
                yield (b"," if n else b"") + record
            yield b"]}"

        tracemalloc.start()
        read = sum(isinstance(i, Raw) for i in json_records(cast(BinaryIO, Generated(pieces())), "x", ("studies",)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return read, most

    few, many = peak(1_000), peak(20_000)
    assert (few[0], many[0]) == (1_000, 20_000)
    assert many[1] < 1.2 * few[1]
    assert many[1] < 12 * CHUNK


def test_one_line_of_a_gigabyte_is_a_fault_in_bounded_memory(monkeypatch):
    monkeypatch.setattr(module, "RECORD_CHARACTERS", 4 * 2**20)

    def pieces() -> Iterator[bytes]:
        yield b'[{"a": 1}, {"a": "'
        for _ in range(1024):
            yield b"x" * 2**20

    stream = Generated(pieces())
    tracemalloc.start()
    found = list(json_records(cast(BinaryIO, stream), "x", ()))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found[0], Raw)
    assert "more than 4194304 characters" in str(found[1])
    assert len(found) == 2
    assert most < 80 * 2**20
    assert next(stream.pieces), "the stream was not read to its end"


def test_a_gigabyte_of_names_beside_the_records_is_a_fault(monkeypatch):
    monkeypatch.setattr(module, "RECORD_CHARACTERS", 2**20)

    def pieces() -> Iterator[bytes]:
        yield b"{"
        for n in range(10_000_000):
            yield b'"name%d": "%s",' % (n, b"x" * 100)

    found = list(json_records(cast(BinaryIO, Generated(pieces())), "x", ("studies",)))
    assert [type(i) for i in found] == [RecordError]
    assert "more than 1048576 characters" in str(found[0])


def test_white_space_without_end_is_read_in_flat_memory():
    tracemalloc.start()
    found = list(json_records(cast(BinaryIO, Generated(b" \n" * 2**19 for _ in range(64))), "x", ()))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == []
    assert most < 16 * 2**20


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":', b'{"studies":[', b'{"message":'])
def test_deep_nesting_is_a_fault(opening):
    found = items(opening * 100_000)
    assert [type(i) for i in found] == [RecordError]


def test_good_neighbours_of_a_deep_record():
    deep = b'{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    found = items(b'[{"id":1},' + deep + b',{"id":2}]')
    assert isinstance(found[0], Raw)
    assert "nested too deeply" in str(found[1])


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"NaN", "NaN is no number"),
        (b"-Infinity", "-Infinity is no number"),
        (b"1e99999999999999999999", "larger than any number"),
        (b'{"x": 1, "x": 2}', "'x' stands there twice"),
        (b'{"y": {"x": 1, "x": [1]}}', "'x' stands there twice"),
    ],
)
def test_a_record_that_nobody_can_read_for_sure_is_a_fault_between_its_neighbours(value, why):
    found = values(b'{"studies": [{"id": 1}, {"id": 2, "a": ' + value + b'}, {"id": 3}]}')
    assert found[0] == {"id": 1}
    assert why in found[1]
    assert found[2:] == [{"id": 3}]
    alone = values(b'{"id": 2, "a": ' + value + b"}")
    assert len(alone) == 1
    assert why in alone[0]


def test_a_name_twice_with_one_value_is_one_value():
    assert values(b'[{"a": {"x": 1, "x": 1}}]') == [{"a": {"x": 1}}]
    assert values(b'{"a": 1, "a": 1}') == [{"a": 1}]
    assert "stands there twice" in values(b'{"a": 1, "a": 2}')[0]


def test_a_number_of_too_many_digits_is_a_fault():
    found = items(b'[{"id": 1}, {"a": ' + b"9" * 5_000 + b"}]")
    assert isinstance(found[0], Raw)
    assert "digits" in str(found[1])


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (b"true", 0),
        (b'"text"', 0),
        (b"12", 0),
        (b"]", 0),
        (b"{1: 2}", 0),
        (b'{"a" 1}', 0),
        (b'[{"a": 1} {"a": 2}]', 1),
        (b'[{"a": 1}', 1),
        (b'{"a": 1} x', 1),
        (b'[{"a": tru}]', 0),
        (b'[{"a": tru', 0),
        (b'[{"a": 1.', 0),
        (b'[{"a": "\\u12"}]', 0),
        (b"<html>", 0),
    ],
)
def test_what_is_no_json(content, count):
    found = items(content)
    assert [type(i) for i in found] == [Raw] * count + [RecordError]
    assert str(found[-1]).endswith("get the file again")


def test_a_comma_too_many_loses_nothing_and_is_let_through():
    assert values(b'[{"a": 1},]') == [{"a": 1}]


def test_scalars_in_a_list_are_handed_on_and_are_no_mapping():
    assert values(b'[1, "x", null, [2]]') == [1, "x", None, [2]]


def test_encodings():
    assert values(b'\xef\xbb\xbf[{"a": 1}]') == [{"a": 1}]
    assert values('[{"a": "é"}]'.encode()) == [{"a": "é"}]
    found = items('[{"a": 1}, {"b": "é"}]'.encode("latin-1"))
    assert "not in UTF-8" in str(found[-1])
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        with pytest.raises(ExportError, match="UTF-16 or UTF-32"):
            items('[{"a": 1}]'.encode(encoding))


def test_a_half_of_a_character_that_is_spelled_out_is_handed_on_and_one_in_the_bytes_is_a_fault():
    """What spells a half as an escape is told by :class:`Fields`, which knows the field."""
    assert values(b'[{"a": "\\ud83e\\uddea"}]') == [{"a": "\U0001f9ea"}]
    assert values(b'[{"a": "\\ud83e"}]') == [{"a": "\ud83e"}]
    assert "not in UTF-8" in str(items(b'[{"a": "\xed\xa0\x80"}]')[-1])
