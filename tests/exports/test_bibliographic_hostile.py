"""Damage at random, records without end, and heads made to slow a pattern down: faults, in bounded time and memory."""

import json
import random
import time
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, cast

import pytest

from msevidence.loaders.bibliographic import crossref_json, endnote_xml, nbib, pubmed_xml, ris, tagged
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import Raw
from tests.exports.reading import FIXTURES, load

FORMATS = {m.__name__.rpartition(".")[2]: m.FORMAT for m in (crossref_json, endnote_xml, nbib, pubmed_xml, ris)}
INSERTED = [b"\0", b"<", b">", b"&x;", b'"', b"[", b"{", b"\n", b"\r", b"9" * 30, b"-1", b"\xff", b"]]>", b"1e999"]


def fixture(name: str) -> bytes:
    [path] = (FIXTURES / name).iterdir()
    return path.read_bytes()


@pytest.mark.parametrize("name", FORMATS)
def test_damage_at_random_ends_in_records_and_faults(name: str) -> None:
    chance = random.Random(20)
    whole = fixture(name)
    faults = 0
    for _ in range(120):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(damaged))
            if chance.random() < 0.4:
                damaged[at] = chance.randrange(256)
            elif chance.random() < 0.5:
                del damaged[at : at + chance.randint(1, 40)]
            else:
                damaged[at:at] = chance.choice(INSERTED)
        FORMATS[name].recognise(bytes(damaged))
        try:
            faults += len(load(FORMATS[name], bytes(damaged)).faults)
        except ExportError:
            faults += 1
    assert faults > 20


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "head",
    [
        b" " * 65536 + b"x",
        b"<?a?>" * 13000 + b"x",
        b"<!---->" * 9000 + b"x",
        b"<!DOCTYPE [" * 6000,
        b"TY  - " * 10000,
        b"PMID - " * 9000,
        b'"date-parts":' * 5000,
        b"[" + b" " * 65000,
    ],
    ids=["space", "instructions", "comments", "doctypes", "TY", "PMID", "dates", "list"],
)
def test_no_head_slows_recognition_down(name: str, head: bytes) -> None:
    begin = time.perf_counter()
    assert not FORMATS[name].recognise(head)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    ("name", "begin", "line"),
    [("ris", b"TY  - JOUR\nAB  - x\n", b"y" * 98), ("nbib", b"PMID- 1\nAB  - x\n", b"      y")],
)
def test_a_record_without_end_is_one_fault(
    name: str, begin: bytes, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagged, "CHARACTERS", 10_000)
    end = b"\nER  -\n" if name == "ris" else b"SO  - x\n\n"
    good = fixture(name)
    outcome = load(FORMATS[name], begin + (line + b"\n") * 20_000 + end + good[good.index(begin[:5]) :])
    assert outcome.records == load(FORMATS[name], good).records
    assert ["more than 10000 characters" in str(f) for f in outcome.faults] == [True]


class _Repeated:
    """A stream that gives the same lines again and again, never all of them at once."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._left = b""

    def readline(self, size: int = -1) -> bytes:
        return next(self._lines, b"")

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (line := next(self._lines, b"")):
            self._left += line
        given, self._left = self._left[:size], self._left[size:]
        return given


def repeated(name: str, times: int) -> BinaryIO:
    content = fixture(name)
    if name == "crossref_json":
        content = json.dumps(json.loads(content)["message"]["items"][0]).encode() + b"\n"
    lines = content.splitlines(keepends=True)
    return cast(BinaryIO, _Repeated(line for _ in range(times) for line in lines))


def peak(known: Format, stream: BinaryIO) -> tuple[int, int]:
    """Return how many records were read, and the most memory that it took."""
    assert known.read is not None
    tracemalloc.start()
    try:
        read = sum(isinstance(raw, Raw) for raw in known.read(stream, "file"))
        return read, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("name", "each", "times"), [("ris", 4, 60), ("nbib", 3, 60), ("crossref_json", 1, 400)])
def test_memory_does_not_grow_with_the_file(name: str, each: int, times: int) -> None:
    few, small = peak(FORMATS[name], repeated(name, times))
    many, large = peak(FORMATS[name], repeated(name, times * 5))
    assert (few, many) == (each * times, each * times * 5)
    assert large < small * 1.5 + 2**16


def test_an_empty_file_has_no_records() -> None:
    for name, known in FORMATS.items():
        assert not known.recognise(b"")
        assert known.read is not None
        items = list(known.read(BytesIO(b""), "file"))
        assert len(items) == (1 if name.endswith("xml") else 0)  # XML without an element is broken


@pytest.mark.parametrize("module", [crossref_json, endnote_xml, nbib, pubmed_xml, ris])
def test_every_field_left_out_has_its_reason(module: object) -> None:
    ignored = getattr(module, "IGNORED")  # noqa: B009 (modules are objects here)
    assert len(ignored) > 20
    assert all(len(reason) > 10 or reason in ("not modelled", "the library") for reason in ignored.values())
